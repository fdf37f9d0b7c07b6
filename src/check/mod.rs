//! Judgements over the whole site: what `model` and `link` state as facts is said here as findings.
//!
//! One function for each rule, in a table; a rule sees the site and its links and nothing else. What concerns one file
//! alone has been said by `parse`, what could not be put together by `model`.

pub(crate) mod assets;
mod rules;

use crate::diagnostic::{Diagnostic, Findings};
use crate::failure::caught;
use crate::link::Links;
use crate::model::{References, Site};
use crate::source::{Inputs, Span};

/// What a rule looks at.
pub(crate) struct Subject<'a> {
    pub(crate) site: &'a Site,
    pub(crate) links: &'a Links,
    pub(crate) references: &'a References,
    pub(crate) inputs: &'a Inputs,
}

type Rule = fn(&Subject<'_>, &mut Findings);

/// All rules, in the order of their codes' areas.
const RULES: [Rule; 10] = [
    rules::links::check,
    rules::pictures::check,
    rules::unknown_names::check,
    rules::file_names::check,
    assets::check,
    rules::answers::check,
    rules::decisions::check,
    rules::decision_tests::check,
    rules::contests::check,
    rules::citations::check,
];

/// Runs every rule.
pub(crate) fn run(subject: &Subject<'_>) -> Findings {
    let mut findings = Findings::default();
    for rule in RULES {
        if let Err(said) = caught(|| rule(subject, &mut findings)) {
            let first = subject.inputs.iter().next();
            findings.extend(first.map(|(id, _)| Diagnostic::fault(Span::file(id), "checking the site", &said)));
        }
    }
    findings
}

/// Which pages are due for review on the day `today` (`YYYY-MM-DD`); said by `check` alone, since it depends on the day.
pub(crate) fn freshness(subject: &Subject<'_>, today: &str) -> Vec<Diagnostic> {
    rules::freshness::check(subject, today)
}
