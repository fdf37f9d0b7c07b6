//! `serve`: the site in a browser while it is written. What the server tells becomes lines here.

use std::fmt::Write as _;

use super::console::Console;
use super::{ExitStatus, args, summary};
use crate::diagnostic::terminal;
use crate::failure::Failure;
use crate::read::ChangeSet;
use crate::serve::{self, Built, Note, Settings};

/// Names of edited files in one line; more are counted.
const MAX_NAMES: usize = 3;

pub(super) fn run(args: &args::Serve, console: &Console) -> Result<ExitStatus, Failure> {
    let settings = Settings { root: args.root.clone(), host: args.host.clone(), port: args.port, open: args.open };
    serve::run(&settings, &|note| match note {
        Note::Serving(address) => console.note(&format!("Serving {address} until Ctrl-C\n")),
        Note::Built(built) => console.note(&text(built, console.colour_notes)),
        Note::Failed(failure) => console.failure(failure),
    })?;
    Ok(ExitStatus::Done)
}

/// What was found, if that is news, and what became of it.
fn text(built: &Built<'_>, colour: bool) -> String {
    let mut text = String::new();
    if !built.repeated && !built.report.findings().is_empty() {
        text += &terminal::render(built.report, built.inputs, colour);
        text += &terminal::summary(built.report);
        text.push('\n');
    }
    text + &line(built)
}

/// "content/a.md: 3 files changed in 0.02 s".
fn line(built: &Built<'_>) -> String {
    let took = summary::seconds(built.took);
    let cause = built.changed.map(cause);
    let mut line = cause.as_ref().map_or_else(String::new, |cause| format!("{cause}: "));
    if built.report.has_errors() {
        let known = if built.repeated { "the same errors" } else { "errors" };
        let stays = if cause.is_some() { "the last good site stays" } else { "every page shows them" };
        let _ = writeln!(line, "{known} in {took}; {stays}"); // writing to a text cannot fail
    } else if cause.is_some() {
        let what = match built.outputs {
            0 if built.mended => "mended".to_owned(),
            0 => "nothing changed".to_owned(),
            count => format!("{} changed", summary::counted(count, "file")),
        };
        let _ = writeln!(line, "{what} in {took}"); // writing to a text cannot fail
    } else {
        let (articles, pages) = (built.counts.articles, built.counts.pages);
        let (articles, pages) = (summary::counted(articles, "article"), summary::counted(pages, "page"));
        let _ = writeln!(line, "Built {articles}, {pages} in {took}, drafts too"); // writing to a text cannot fail
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
    use crate::pipeline::Counts;
    use crate::source::{Inputs, Source, SourceKind, Span};

    /// The last line about a build after these files changed, with or without an error.
    #[track_caller]
    fn check(files: Option<&[&str]>, wrong: bool, outputs: usize, expected: &str) {
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
        let built =
            Built { inputs: &inputs, report: &report, repeated: false, mended: false, counts, changed, outputs, took };
        assert_eq!(line(&built), expected);
    }

    #[test]
    fn a_build_is_one_line_that_says_what_was_edited() {
        check(None, false, 9, "Built 1 article, 2 pages in 0.01 s, drafts too\n");
        check(None, true, 0, "errors in 0.01 s; every page shows them\n");
        check(Some(&["content/a.md"]), false, 1, "content/a.md: 1 file changed in 0.01 s\n");
        check(Some(&["content/a.md"]), false, 0, "content/a.md: nothing changed in 0.01 s\n");
        check(Some(&["content/a.md"]), true, 0, "content/a.md: errors in 0.01 s; the last good site stays\n");
        check(Some(&["a", "b", "c", "d", "e"]), false, 2, "a, b, c, 2 more: 2 files changed in 0.01 s\n");
    }
}
