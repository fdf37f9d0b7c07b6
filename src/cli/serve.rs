//! `serve`: the site in a browser while it is written. What the server tells becomes lines here.

use std::fmt::Write as _;

use super::console::Console;
use super::{ExitStatus, args, summary};
use crate::diagnostic::terminal;
use crate::failure::Failure;
use crate::read::ChangeSet;
use crate::serve::{self, Analysed, Note, Settings};

/// Names of edited files in one line; more are counted.
const MAX_NAMES: usize = 3;

pub(super) fn run(args: &args::Serve, console: &Console) -> Result<ExitStatus, Failure> {
    let settings = Settings { root: args.root.clone(), host: args.host.clone(), port: args.port, open: args.open };
    serve::run(&settings, &|note| match note {
        Note::Serving(address) => console.note(&format!("Serving {address} until Ctrl-C\n")),
        Note::Analysed(analysed) => console.note(&text(analysed, console.colour_notes)),
        Note::Failed(failure) => console.failure(failure),
    })?;
    Ok(ExitStatus::Done)
}

/// What was found, if that is news, and what became of it.
fn text(analysed: &Analysed<'_>, colour: bool) -> String {
    let mut text = String::new();
    if !analysed.repeated && !analysed.report.findings().is_empty() {
        text += &terminal::render(analysed.report, analysed.inputs, colour);
        text += &terminal::summary(analysed.report);
        text.push('\n');
    }
    text + &line(analysed)
}

/// "content/a.md: 3 files changed in 0.02 s".
fn line(analysed: &Analysed<'_>) -> String {
    let took = summary::seconds(analysed.took);
    let cause = analysed.changed.map(cause);
    let mut line = cause.as_ref().map_or_else(String::new, |cause| format!("{cause}: "));
    if analysed.report.has_errors() {
        let known = if analysed.repeated { "the same errors" } else { "errors" };
        let _ = writeln!(line, "{known} in {took}; pages show them"); // writing to a text cannot fail
    } else if cause.is_some() {
        let fixed = if analysed.fixed { "fixed; " } else { "" };
        let what = match analysed.pages {
            0 => "no open page changed".to_owned(),
            count => format!("{} changed", summary::counted(count, "open page")),
        };
        let _ = writeln!(line, "{fixed}{what} in {took}"); // writing to a text cannot fail
    } else {
        let (articles, pages) = (analysed.counts.articles, analysed.counts.pages);
        let (articles, pages) = (summary::counted(articles, "article"), summary::counted(pages, "page"));
        let _ = writeln!(line, "Analysed {articles}, {pages} in {took}, drafts too"); // writing to a text cannot fail
    }
    line
}

/// What was edited, in a few words.
fn cause(changed: &ChangeSet) -> String {
    if changed.all {
        return "everything read again".to_owned();
    }
    let mut names: Vec<String> =
        changed.files.iter().take(MAX_NAMES).map(|path| path.escape_debug().to_string()).collect();
    match changed.files.len().saturating_sub(MAX_NAMES) {
        0 => {}
        more => names.push(format!("{} more", summary::number(more))),
    }
    if changed.dates {
        names.push("new commits".to_owned());
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::diagnostic::{Diagnostic, Report, code};
    use crate::output::Counts;
    use crate::source::{Inputs, Source, SourceKind, Span};

    /// The last line about a build after these files changed, with or without an error.
    #[track_caller]
    fn check(files: Option<&[&str]>, wrong: bool, fixed: bool, pages: usize, expected: &str) {
        let mut inputs = Inputs::new("a");
        let file = Source { path: "content/a.md".to_owned(), text: String::new(), kind: SourceKind::Content };
        let id = inputs.add(file);
        let mut report = Report::default();
        report.extend(wrong.then(|| Diagnostic::new(&code::TOO_LARGE, Span::file(id), "large")));
        let changed = files.map(|files| ChangeSet {
            files: files.iter().map(|&path| path.to_owned()).collect(),
            ..ChangeSet::default()
        });
        let counts = Counts { articles: 1, pages: 2, ..Counts::default() };
        let took = Duration::from_millis(12);
        let changed = changed.as_ref();
        let (inputs, report, repeated) = (&inputs, &report, false);
        assert_eq!(line(&Analysed { inputs, report, repeated, fixed, counts, changed, pages, took }), expected);
    }

    #[test]
    fn an_analysis_is_one_line_that_says_what_was_edited() {
        check(None, false, false, 0, "Analysed 1 article, 2 pages in 0.01 s, drafts too\n");
        check(None, true, false, 0, "errors in 0.01 s; pages show them\n");
        check(Some(&["content/a.md"]), false, false, 1, "content/a.md: 1 open page changed in 0.01 s\n");
        check(Some(&["content/a.md"]), false, false, 0, "content/a.md: no open page changed in 0.01 s\n");
        check(Some(&["content/a.md"]), true, false, 0, "content/a.md: errors in 0.01 s; pages show them\n");
        check(Some(&["content/a.md"]), false, true, 2, "content/a.md: fixed; 2 open pages changed in 0.01 s\n");
        check(Some(&["a", "b", "c", "d", "e"]), false, false, 0, "a, b, c, 2 more: no open page changed in 0.01 s\n");
    }
}
