//! Findings for editors and scripts: one JSON object a line, its keys in a fixed order.
//!
//! Here bytes become the lines and columns that people count in (`Locator`), once for every format: whoever reads
//! this output, GitHub's or SARIF's is told the same place in the same numbers. Ends are exclusive, as in editors:
//! `end_column` is the column after the last character.

use std::collections::HashMap;

use serde::Serialize;

use super::{Diagnostic, Report, Severity};
use crate::source::{Inputs, LineIndex, SourceId, Span};

/// Renders every finding as a line of JSON; nothing at all where there are none.
///
/// # Panics
/// Never: text and numbers are all that is serialised.
#[must_use]
pub fn render(report: &Report, inputs: &Inputs) -> String {
    let mut locator = Locator::new(inputs);
    let mut out = String::new();
    for finding in report.findings() {
        let record = Record::new(finding, &mut locator);
        out.push_str(&serde_json::to_string(&record).expect("text and numbers always have a JSON form"));
        out.push('\n');
    }
    out
}

#[derive(Serialize)]
struct Record<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    help: Option<String>,
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
}

impl<'a> Record<'a> {
    fn new(finding: &'a Diagnostic, locator: &mut Locator<'a>) -> Self {
        let Location { file, line, column, end_line, end_column } = locator.of(finding.span);
        let related = finding.related.iter().map(|label| {
            let Location { file, line, column, .. } = locator.of(label.span);
            Related { message: &label.message, file, line, column }
        });
        Self {
            code: finding.code.id,
            severity: severity(finding.severity),
            message: &finding.message,
            file,
            line,
            column,
            end_line,
            end_column,
            help: advice(finding),
            related: related.collect(),
        }
    }
}

/// The severity's name, the same in every format.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// The help in one sentence, with the suggested text behind it where that is short enough to be read in a line;
/// "a similar name exists" alone would help nobody who cannot see the patch.
pub(super) fn advice(finding: &Diagnostic) -> Option<String> {
    let help = finding.help.as_deref()?;
    let text = finding.fix.as_ref().map(|fix| fix.replacement.as_str()).unwrap_or_default();
    let readable = !text.trim().is_empty() && text.len() <= 200 && !text.contains('\n');
    Some(if readable { format!("{help}: `{text}`") } else { help.to_owned() })
}

/// A location as people name it: the path below the site's root, and both ends in lines and characters from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Location<'a> {
    pub(super) file: &'a str,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

/// Turns spans into locations; reads each file once, however many findings it has.
pub(super) struct Locator<'a> {
    inputs: &'a Inputs,
    lines: HashMap<SourceId, LineIndex<'a>>,
}

impl<'a> Locator<'a> {
    pub(super) fn new(inputs: &'a Inputs) -> Self {
        Self { inputs, lines: HashMap::new() }
    }

    pub(super) fn of(&mut self, span: Span) -> Location<'a> {
        let source = self.inputs.get(span.source);
        let lines = self.lines.entry(span.source).or_insert_with(|| LineIndex::new(&source.text));
        let range = span.range();
        let start = lines.position(range.start);
        let end = lines.position(range.end).max(start);
        Location {
            file: &source.path,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reported, code};
    use super::*;
    use crate::source::{Source, SourceKind};

    #[track_caller]
    fn check(text: &str, make: impl FnOnce(SourceId) -> Diagnostic, expected: &str) {
        let mut inputs = Inputs::new("site");
        let source = Source { path: "content/index.md".to_owned(), text: text.to_owned(), kind: SourceKind::Content };
        let id = inputs.add(source);
        let mut report = Report::default();
        report.take(Reported { value: (), findings: vec![make(id)] });
        assert_eq!(render(&report, &inputs), format!("{expected}\n"));
    }

    #[test]
    fn a_finding_without_extras_has_every_key_all_the_same() {
        check(
            "Grüße, [[Deploymnt]]!",
            |id| Diagnostic::new(&code::UNKNOWN_PAGE, Span::new(id, 11..20), "no page named `Deploymnt`"),
            concat!(
                r#"{"code":"FP0301","severity":"error","message":"no page named `Deploymnt`","#,
                r#""file":"content/index.md","line":1,"column":10,"end_line":1,"end_column":19,"help":null,"related":[]}"#,
            ),
        );
    }

    #[test]
    fn the_suggested_text_stands_in_the_help() {
        check(
            "tags: [a, a]",
            |id| {
                Diagnostic::new(&code::REPEATED_TERM, Span::new(id, 10..11), "`a` is listed twice")
                    .fix("perhaps another term", Span::new(id, 10..11), "b")
                    .also(Span::new(id, 7..8), "first listed here")
            },
            concat!(
                r#"{"code":"FP0405","severity":"warning","message":"`a` is listed twice","#,
                r#""file":"content/index.md","line":1,"column":11,"end_line":1,"end_column":12,"#,
                r#""help":"perhaps another term: `b`","#,
                r#""related":[{"message":"first listed here","file":"content/index.md","line":1,"column":8}]}"#,
            ),
        );
    }

    #[test]
    fn a_place_past_the_end_counts_as_the_end() {
        check(
            "one\n",
            |id| Diagnostic::new(&code::YAML_SYNTAX, Span::new(id, 9..99), "a \"quote\""),
            concat!(
                r#"{"code":"FP0101","severity":"error","message":"a \"quote\"","file":"content/index.md","#,
                r#""line":2,"column":1,"end_line":2,"end_column":1,"help":null,"related":[]}"#,
            ),
        );
    }
}
