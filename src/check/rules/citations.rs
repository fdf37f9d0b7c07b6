//! Evidence that nothing cites (FP0904), and articles that cite nothing (FP0905); only where a site has evidence.

use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::link::Target;
use crate::model::{Cited, ClaimId, WorkId};
use crate::source::Span;

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let evidence = &subject.site.evidence;
    if evidence.is_empty() {
        return;
    }
    for (at, claim) in evidence.claims.iter().enumerate() {
        let shadowed = evidence.find(&claim.id) != Some(Cited::Claim(ClaimId(at)));
        if !shadowed && subject.links.users_of_claim(ClaimId(at)).next().is_none() {
            let message = format!("nothing cites the claim `{}`", claim.id);
            let finding = Diagnostic::new(&code::NEVER_CITED, claim.span, message);
            findings.push(finding.help(format!("cite it where a sentence stands on it: `[@{}]`", claim.id)));
        }
    }
    for (at, work) in evidence.works.iter().enumerate() {
        let claimed = evidence.claims_of(WorkId(at)).next().is_some();
        let shadowed = evidence.find(&work.key.value) != Some(Cited::Work(WorkId(at)));
        if !claimed && !shadowed && !subject.links.cites_work(WorkId(at)) {
            let message = format!("nothing cites the source `{}`", work.key.value);
            let finding = Diagnostic::new(&code::NEVER_CITED, work.key.span, message);
            findings.push(finding.help(format!("cite it, `[@{}]`, or remove it", work.key.value)));
        }
    }
    for &page in &subject.site.reading_order {
        let Some((at, document)) = subject.site[page].document.zip(subject.site.document(page)) else { continue };
        let cites =
            subject.links.of_document(subject.site, at).any(|(_, target)| matches!(target, Target::Citations(_)));
        if !cites {
            let span = Span::file(document.source);
            let message = format!("\"{}\" cites no source", subject.site[page].title);
            let finding = Diagnostic::new(&code::NOTHING_CITED, span, message);
            findings.push(finding.help("cite a source or a claim, `[@key]`, where a sentence stands on it"));
        }
    }
}
