//! What follows from a file that could not be read whole: the names that it gives are missing elsewhere, which is no
//! second mistake, and the advice to write other names there would spoil what is right.

use crate::config;
use crate::diagnostic::{Code, Diagnostic, code};
use crate::parse;
use crate::source::Inputs;

/// What may be wrong only because the settings of the site were not read whole.
const OF_SETTINGS: [&Code; 4] =
    [&code::UNKNOWN_FACET, &code::UNKNOWN_TERM, &code::UNKNOWN_RELATION, &code::WRONG_RELATION_END];

/// What may be wrong only because works or claims were not read whole.
const OF_EVIDENCE: [&Code; 4] =
    [&code::UNKNOWN_CITATION, &code::ONE_SIDED_CONTEST, &code::NEVER_CITED, &code::NOTHING_CITED];

/// Takes out what may be a mere consequence of YAML that could not be read.
pub(super) fn take_out(findings: &mut Vec<Diagnostic>, inputs: &Inputs) {
    let unread = findings.iter().filter(|finding| *finding.code == code::YAML_SYNTAX);
    let unread: Vec<&str> = unread.map(|finding| inputs.get(finding.span.source).path.as_str()).collect();
    let (settings, evidence) = (unread.contains(&config::PATH), unread.iter().any(|path| parse::is_evidence(path)));
    let is_consequence =
        |code: &Code| settings && OF_SETTINGS.contains(&code) || evidence && OF_EVIDENCE.contains(&code);
    if settings || evidence {
        findings.retain(|finding| !is_consequence(finding.code));
    }
}
