//! All findings of a run: gathered, sorted by place, each said once, counted.

use super::{Diagnostic, Reported, Severity};
use crate::source::Inputs;

/// The findings of one run.
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Diagnostic>,
}

impl Report {
    /// Keeps the findings of a stage and hands on its value.
    pub fn take<T>(&mut self, reported: Reported<T>) -> T {
        self.findings.extend(reported.findings);
        reported.value
    }

    /// Adds findings.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Diagnostic>) {
        self.findings.extend(findings);
    }

    /// Sorts by path and place and drops what is said twice; with `strict`, raises warnings to errors.
    pub fn finish(&mut self, inputs: &Inputs, strict: bool) {
        if strict {
            for finding in &mut self.findings {
                finding.severity = Severity::Error;
            }
        }
        self.findings.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.span.start, d.severity, d.code.id, d.span.end);
            let path = |d: &Diagnostic| &inputs.get(d.span.source).path;
            path(a).cmp(path(b)).then_with(|| key(a).cmp(&key(b))).then_with(|| a.message.cmp(&b.message))
        });
        self.findings.dedup();
    }

    /// The findings, in order once [`Report::finish`] has run.
    #[must_use]
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// How many of them are of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|d| d.severity == severity).count()
    }

    /// Whether an error stands, so that nothing may be written.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}
