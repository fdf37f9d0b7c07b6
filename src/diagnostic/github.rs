//! Findings as workflow commands, which GitHub shows beside the lines of a pull request.
//!
//! GitHub drops annotations after the tenth of each severity without a word. So the errors go first, what is cut is
//! counted in a notice, and the log holds every finding as plain text. Any line of a log that looks like a command
//! is one, in the form `::name::` at its start and in the older form `##[name]` anywhere in it: text of authors is
//! escaped, kept on one line, and never left in either form.

use std::fmt::Write as _;

use super::json::{self, Location, Locator};
use super::terminal::{one_line, printable};
use super::{Diagnostic, Report, Severity};
use crate::source::Inputs;

/// How many annotations of each severity GitHub takes from one step.
const ANNOTATIONS: usize = 10;

/// Renders annotations for the first findings and a log of all of them; nothing at all where there are none.
#[must_use]
pub fn render(report: &Report, inputs: &Inputs) -> String {
    if report.findings().is_empty() {
        return String::new();
    }
    let mut locator = Locator::new(inputs);
    let mut out = String::new();
    let mut annotated = 0;
    for severity in [Severity::Error, Severity::Warning] {
        for finding in report.findings().iter().filter(|d| d.severity == severity).take(ANNOTATIONS) {
            annotate(finding, &locator.of(finding.span), &mut out);
            annotated += 1;
        }
    }
    match report.findings().len() - annotated {
        0 => {}
        1 => out.push_str("::notice::and 1 more finding; all of them are in the log below\n"),
        more => line(&mut out, format_args!("::notice::and {more} more findings; all of them are in the log below")),
    }
    out.push_str("::group::All findings\n");
    for finding in report.findings() {
        log(finding, &locator.of(finding.span), &mut out);
    }
    out.push_str("::endgroup::\n");
    out
}

/// One command. Columns go along on a single line only: over several lines, GitHub takes them for a mistake.
fn annotate(finding: &Diagnostic, place: &Location, out: &mut String) {
    let Location { line, column, end_line, end_column, .. } = *place;
    let level = json::severity(finding.severity);
    let file = property(&printable(place.file));
    let columns = if line == end_line { format!("col={column},endColumn={end_column},") } else { String::new() };
    let help = json::advice(finding).map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let text = data(&printable(&format!("{}{help}", finding.message)));
    let code = finding.code.id;
    self::line(out, format_args!("::{level} file={file},line={line},endLine={end_line},{columns}title={code}::{text}"));
}

/// One line of the log.
fn log(finding: &Diagnostic, place: &Location, out: &mut String) {
    let Location { file, line, column, .. } = place;
    let (level, code, message) = (json::severity(finding.severity), finding.code.id, &finding.message);
    let text = one_line(&format!("{file}:{line}:{column}: {level}[{code}]: {message}")).replace("##[", "## [");
    let guard = if text.trim_start().starts_with("::") { "./" } else { "" };
    self::line(out, format_args!("{guard}{text}"));
}

fn line(out: &mut String, text: std::fmt::Arguments) {
    writeln!(out, "{text}").expect("writing to a string cannot fail");
}

/// Escapes what follows the second `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::code;
    use super::*;
    use crate::source::{Source, SourceId, SourceKind, Span};

    #[track_caller]
    fn check(path: &str, text: &str, make: impl FnOnce(SourceId) -> Vec<Diagnostic>, expected: &[&str]) {
        let mut inputs = Inputs::new("site");
        let id = inputs.add(Source { path: path.to_owned(), text: text.to_owned(), kind: SourceKind::Content });
        let mut report = Report::default();
        report.extend(make(id));
        assert_eq!(render(&report, &inputs).lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn errors_come_first_and_the_log_keeps_the_order_of_places() {
        check(
            "content/index.md",
            "<b>x</b>\n[[Deploymnt]]\n",
            |id| {
                vec![
                    Diagnostic::new(&code::RAW_HTML, Span::new(id, 0..3), "raw HTML is shown as text"),
                    Diagnostic::new(&code::UNKNOWN_PAGE, Span::new(id, 11..20), "no page named `Deploymnt`").fix(
                        "a similar name exists",
                        Span::new(id, 11..20),
                        "Deployment",
                    ),
                ]
            },
            &[
                "::error file=content/index.md,line=2,endLine=2,col=3,endColumn=12,title=FP0301::no page named \
                 `Deploymnt`%0Ahelp: a similar name exists: `Deployment`",
                "::warning file=content/index.md,line=1,endLine=1,col=1,endColumn=4,title=FP0201::raw HTML is shown as \
                 text",
                "::group::All findings",
                "content/index.md:1:1: warning[FP0201]: raw HTML is shown as text",
                "content/index.md:2:3: error[FP0301]: no page named `Deploymnt`",
                "::endgroup::",
            ],
        );
    }

    #[test]
    fn authors_text_never_becomes_a_command() {
        check(
            "::error::, a.md",
            "",
            |id| {
                let message = "`100%\n::add-mask::x ##[add-mask]y\u{1b}[2J`";
                vec![Diagnostic::new(&code::UNKNOWN_PAGE, Span::file(id), message)]
            },
            &[
                "::error file=%3A%3Aerror%3A%3A%2C a.md,line=1,endLine=1,col=1,endColumn=1,title=FP0301::`100%25%0A\
                 ::add-mask::x ##[add-mask]y␛[2J`",
                "::group::All findings",
                "./::error::, a.md:1:1: error[FP0301]: `100% ::add-mask::x ## [add-mask]y␛[2J`",
                "::endgroup::",
            ],
        );
    }

    #[test]
    fn a_place_over_several_lines_has_no_columns() {
        check(
            "content/a.md",
            "---\ntitle: A\n",
            |id| {
                vec![Diagnostic::new(&code::UNCLOSED_FRONT_MATTER, Span::new(id, 0..12), "the front matter has no end")]
            },
            &[
                "::error file=content/a.md,line=1,endLine=2,title=FP0106::the front matter has no end",
                "::group::All findings",
                "content/a.md:1:1: error[FP0106]: the front matter has no end",
                "::endgroup::",
            ],
        );
    }

    #[test]
    fn what_github_would_drop_is_counted() {
        let mut inputs = Inputs::new("site");
        let source = Source { path: "content/a.md".to_owned(), text: String::new(), kind: SourceKind::Content };
        let id = inputs.add(source);
        let mut report = Report::default();
        report.extend((0..33).map(|n| Diagnostic::new(&code::UNKNOWN_PAGE, Span::file(id), format!("no {n}"))));
        let text = render(&report, &inputs);
        let commands: Vec<_> = text.lines().skip(9).take(3).collect();
        assert_eq!(
            commands,
            [
                "::error file=content/a.md,line=1,endLine=1,col=1,endColumn=1,title=FP0301::no 9",
                "::notice::and 23 more findings; all of them are in the log below",
                "::group::All findings",
            ]
        );
        assert_eq!(text.lines().filter(|line| line.starts_with("content/a.md:1:1: error[FP0301]: no ")).count(), 33);
    }
}
