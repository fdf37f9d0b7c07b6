//! Findings for people at a terminal, in the manner of rustc: the sentence, the place, the line, the way out.
//!
//! The drawing is annotate-snippets'; this file decides what is drawn. It hands over only the lines around a place,
//! so that thousands of findings in a large file cost no more than their own lines, and only text that went through
//! `printable`, so that nothing in a file can steer the terminal of whoever checks it. Places that no snippet can
//! show (a whole file, a place far along an endless line) are named without one.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet};

use super::json::{Location, Locator, advice};
use super::{Diagnostic, Fix, Report, Severity};
use crate::source::{Inputs, Span, floor_char_boundary, slice};

/// Columns of a snippet; the crate cuts longer lines to the place.
const WIDTH: usize = 100;
/// Bytes of a line that are looked at; a place beyond is named without a snippet.
const MAX_LINE_BYTES: usize = 4_000;
/// Lines of a place that are shown; of a longer one, only its first line is.
const MAX_SPAN_LINES: usize = 6;
/// Places at most so many lines apart share a snippet.
const MERGE_DISTANCE: usize = 10;
/// Second places that are shown; the rest are counted.
const MAX_RELATED: usize = 8;
/// Characters kept on either side of a suggested patch.
const PATCH_CONTEXT: usize = 36;

/// Renders every finding, each followed by an empty line; nothing at all where there are none.
#[must_use]
pub fn render(report: &Report, inputs: &Inputs, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let mut locator = Locator::new(inputs);
    let mut out = String::new();
    for finding in report.findings() {
        out.push_str(&renderer.render(&groups(finding, inputs, &mut locator)));
        out.push_str("\n\n");
    }
    out
}

/// "2 errors, 1 warning", and on a second line where to read more; "no findings" where there are none.
#[must_use]
pub fn summary(report: &Report) -> String {
    let Some(first) = report.findings().first() else { return "no findings".to_owned() };
    let counted = |severity, name| match report.count(severity) {
        0 => None,
        1 => Some(format!("1 {name}")),
        count => Some(format!("{count} {name}s")),
    };
    let counts = [counted(Severity::Error, "error"), counted(Severity::Warning, "warning")];
    let counts: Vec<_> = counts.into_iter().flatten().collect();
    format!("{}\nfingerpost check --explain {} says more", counts.join(", "), first.code.id)
}

/// The text with all that could steer a terminal made visible: control characters, and the marks that reorder a line.
/// Characters stay one for one, so that columns stay right; only the CR of a line's end is dropped.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| !c.is_control() && !is_reordering(c) || c == '\n' || c == '\t';
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let visible = |c: char| match c {
        c if harmless(c) => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '␡',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.replace("\r\n", "\n").chars().map(visible).collect())
}

/// [`printable`] text that stays on one line.
pub(super) fn one_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}

fn is_reordering(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The finding with its places; then, in a group of its own, the patch that is suggested.
fn groups(finding: &Diagnostic, inputs: &Inputs, locator: &mut Locator) -> Vec<Group<'static>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(printable(&finding.message).into_owned()).id(finding.code.id);
    let mut group = Group::with_title(title).elements(annotations(finding, inputs, locator));
    let patch = finding.fix.as_ref().and_then(|fix| patch(fix, inputs, locator));
    let Some(patch) = patch else {
        if let Some(help) = advice(finding) {
            group = group.element(Level::HELP.message(printable(&help).into_owned()));
        }
        return vec![group];
    };
    let mut help = finding.help.clone().unwrap_or_else(|| "this would put it right".to_owned());
    if let Some(fix) = finding.fix.as_ref().filter(|fix| fix.span.source != finding.span.source) {
        help = format!("{help} ({})", place_in_words(fix.span, inputs, locator));
    }
    vec![group, Level::HELP.secondary_title(printable(&help).into_owned()).element(patch)]
}

/// Excerpts for the places that can be shown, then notes for those that cannot.
fn annotations(finding: &Diagnostic, inputs: &Inputs, locator: &mut Locator) -> Vec<Element<'static>> {
    let mut elements = Vec::new();
    let mut notes = Vec::new();
    let mut snippets = Vec::new();
    if let Some(highlight) = Highlight::new(finding.span, AnnotationKind::Primary, inputs, locator) {
        snippets.push(SnippetBuilder::of(highlight.labelled(finding.label.as_deref())));
    } else {
        elements.push(Element::from(origin(finding.span, inputs, locator)));
        notes.extend(finding.label.as_deref().map(one_line));
    }
    for label in finding.related.iter().take(MAX_RELATED) {
        if let Some(highlight) = Highlight::new(label.span, AnnotationKind::Context, inputs, locator) {
            let highlight = highlight.labelled(Some(&label.message));
            match snippets.iter_mut().find(|snippet| snippet.is_near(&highlight)) {
                Some(snippet) => snippet.add(highlight),
                None => snippets.push(SnippetBuilder::of(highlight)),
            }
        } else {
            let place = place_in_words(label.span, inputs, locator);
            notes.push(one_line(&format!("{}: {place}", label.message)));
        }
    }
    match finding.related.len().saturating_sub(MAX_RELATED) {
        0 => {}
        1 => notes.push("and 1 more place".to_owned()),
        more => notes.push(format!("and {more} more places")),
    }
    elements.extend(snippets.into_iter().map(|snippet| Element::from(snippet.snippet())));
    elements.extend(notes.into_iter().map(|note| Element::from(Level::NOTE.message(note))));
    elements
}

/// Whether a span speaks of its file as a whole, or of a file whose text nobody has read.
fn is_whole_file(span: Span, inputs: &Inputs) -> bool {
    span == Span::file(span.source) || inputs.get(span.source).text.is_empty()
}

fn origin(span: Span, inputs: &Inputs, locator: &mut Locator) -> Origin<'static> {
    let Location { file, line, column, .. } = locator.of(span);
    let origin = Origin::path(one_line(file));
    if is_whole_file(span, inputs) { origin } else { origin.line(line).char_column(column) }
}

fn place_in_words(span: Span, inputs: &Inputs, locator: &mut Locator) -> String {
    let Location { file, line, column, .. } = locator.of(span);
    if is_whole_file(span, inputs) { file.to_owned() } else { format!("{file}:{line}:{column}") }
}

/// A place that a snippet can show, held within bounds that any text allows.
struct Highlight<'a> {
    file: &'a str,
    text: &'a str,
    range: Range<usize>,
    line: usize,
    kind: AnnotationKind,
    label: Option<String>,
}

impl<'a> Highlight<'a> {
    fn new(span: Span, kind: AnnotationKind, inputs: &'a Inputs, locator: &mut Locator) -> Option<Self> {
        if is_whole_file(span, inputs) {
            return None;
        }
        let source = inputs.get(span.source);
        let text = source.text.as_str();
        let mut range = within(text, span);
        if range.start - line_start(text, range.start) > MAX_LINE_BYTES {
            return None;
        }
        range.end = range.start + slice(text, range.clone()).trim_end_matches(['\r', '\n']).len();
        if slice(text, range.clone()).matches('\n').count() >= MAX_SPAN_LINES {
            range.end = line_end(text, range.start);
        }
        Some(Self { file: &source.path, text, range, line: locator.of(span).line, kind, label: None })
    }

    fn labelled(self, text: Option<&str>) -> Self {
        Self { label: text.map(one_line), ..self }
    }

    fn last_line(&self) -> usize {
        self.line + slice(self.text, self.range.clone()).matches('\n').count()
    }
}

/// Some lines of one file and the places in them.
struct SnippetBuilder<'a> {
    file: &'a str,
    text: &'a str,
    highlights: Vec<Highlight<'a>>,
    first_line: usize,
    last_line: usize,
}

impl<'a> SnippetBuilder<'a> {
    fn of(highlight: Highlight<'a>) -> Self {
        Self {
            file: highlight.file,
            text: highlight.text,
            first_line: highlight.line,
            last_line: highlight.last_line(),
            highlights: vec![highlight],
        }
    }

    fn is_near(&self, highlight: &Highlight) -> bool {
        self.file == highlight.file
            && highlight.line <= self.last_line + MERGE_DISTANCE
            && highlight.last_line() + MERGE_DISTANCE >= self.first_line
    }

    fn add(&mut self, highlight: Highlight<'a>) {
        self.first_line = self.first_line.min(highlight.line);
        self.last_line = self.last_line.max(highlight.last_line());
        self.highlights.push(highlight);
    }

    fn snippet(self) -> Snippet<'static, Annotation<'static>> {
        let start = self.highlights.iter().map(|highlight| highlight.range.start).min().unwrap_or_default();
        let end = self.highlights.iter().map(|highlight| highlight.range.end).max().unwrap_or_default();
        let lines = Lines::new(self.text, line_start(self.text, start)..line_end(self.text, end));
        let annotations = self.highlights.iter().map(|highlight| {
            highlight
                .kind
                .span(lines.shown(highlight.range.start)..lines.shown(highlight.range.end))
                .label(highlight.label.clone())
        });
        let annotations: Vec<_> = annotations.collect();
        Snippet::source(lines.text).line_start(self.first_line).path(one_line(self.file)).annotations(annotations)
    }
}

/// Whole lines made printable, each cut to [`MAX_LINE_BYTES`], which knows where the bytes of the original have gone.
struct Lines<'a> {
    original: &'a str,
    text: String,
    starts: Vec<(usize, Range<usize>)>,
}

impl<'a> Lines<'a> {
    fn new(original: &'a str, range: Range<usize>) -> Self {
        let mut lines = Self { original, text: String::new(), starts: Vec::new() };
        let mut start = range.start;
        for line in slice(original, range).split('\n') {
            if !lines.starts.is_empty() {
                lines.text.push('\n');
            }
            let shown = lines.text.len();
            let line_text = line.trim_end_matches('\r');
            lines.text.push_str(&printable(cut(line_text)));
            lines.starts.push((start, shown..lines.text.len()));
            start += line.len() + 1;
        }
        lines
    }

    /// Where in `text` the byte at `offset` of the original is seen; one before these lines at their beginning.
    fn shown(&self, offset: usize) -> usize {
        let lines = self.starts.partition_point(|&(start, _)| start <= offset);
        let Some((start, shown)) = lines.checked_sub(1).and_then(|line| self.starts.get(line)) else { return 0 };
        let before = cut(slice(self.original, *start..offset));
        (shown.start + printable(before).len()).min(shown.end)
    }
}

/// The suggested text in its line, or nothing where it is too large to be looked over.
fn patch(fix: &Fix, inputs: &Inputs, locator: &mut Locator) -> Option<Snippet<'static, Patch<'static>>> {
    let text = inputs.get(fix.span.source).text.as_str();
    let range = within(text, fix.span);
    let (old, new) = (slice(text, range.clone()), fix.replacement.as_str());
    let is_large = |part: &str| part.len() > 500 || part.matches('\n').count() >= MAX_SPAN_LINES;
    if text.is_empty() || is_large(old) || is_large(new) {
        return None;
    }
    let before = slice(text, line_start(text, range.start)..range.start);
    let after = slice(text, range.end..line_end(text, range.end));
    let mut shown = match before.char_indices().rev().nth(PATCH_CONTEXT) {
        Some((cut, _)) => format!("...{}", printable(slice(before, cut..))),
        None => printable(before).into_owned(),
    };
    let start = shown.len();
    shown.push_str(&printable(old));
    let end = shown.len();
    match after.char_indices().nth(PATCH_CONTEXT) {
        Some((cut, _)) => shown.extend([&printable(slice(after, ..cut)), "..."]),
        None => shown.push_str(&printable(after)),
    }
    let line = locator.of(fix.span).line;
    Some(Snippet::source(shown).line_start(line).patch(Patch::new(start..end, printable(new).into_owned())))
}

/// The span as a range that `text` can be sliced by.
fn within(text: &str, span: Span) -> Range<usize> {
    let start = floor_char_boundary(text, span.range().start);
    start..floor_char_boundary(text, span.range().end).max(start)
}

/// The beginning of a line, as far as it is shown.
fn cut(line: &str) -> &str {
    slice(line, ..floor_char_boundary(line, MAX_LINE_BYTES))
}

fn line_start(text: &str, offset: usize) -> usize {
    slice(text, ..offset).rfind('\n').map_or(0, |newline| newline + 1)
}

fn line_end(text: &str, offset: usize) -> usize {
    let end = slice(text, offset..).find('\n').map_or(text.len(), |newline| offset + newline);
    if slice(text, offset..end).ends_with('\r') { end - 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::super::code;
    use super::*;
    use crate::source::{Source, SourceId, SourceKind};

    #[track_caller]
    fn check(files: &[(&str, &str)], make: impl FnOnce(&[SourceId]) -> Diagnostic, expected: &[&str]) {
        let mut inputs = Inputs::new("site");
        let add = |&(path, text): &(&str, &str)| {
            inputs.add(Source { path: path.to_owned(), text: text.to_owned(), kind: SourceKind::Content })
        };
        let ids: Vec<_> = files.iter().map(add).collect();
        let mut report = Report::default();
        report.extend([make(&ids)]);
        let text = render(&report, &inputs, false);
        assert_eq!(text.lines().collect::<Vec<_>>(), [expected, &[""]].concat(), "\n{text}");
    }

    #[test]
    fn a_place_is_shown_in_its_line_with_the_suggested_patch() {
        check(
            &[("content/index.md", "# Home\r\n\r\nRead [[Deploymet]] next.\r\n")],
            |id| {
                Diagnostic::new(&code::UNKNOWN_PAGE, Span::new(id[0], 17..26), "no page named `Deploymet`")
                    .label("linked from here")
                    .fix("a page with a similar title exists", Span::new(id[0], 17..26), "Design")
            },
            &[
                "error[FP0301]: no page named `Deploymet`",
                " --> content/index.md:3:8",
                "  |",
                "3 | Read [[Deploymet]] next.",
                "  |        ^^^^^^^^^ linked from here",
                "  |",
                "help: a page with a similar title exists",
                "  |",
                "3 - Read [[Deploymet]] next.",
                "3 + Read [[Design]] next.",
                "  |",
            ],
        );
    }

    #[test]
    fn second_places_are_shown_near_or_in_their_own_files() {
        check(
            &[("content/a.md", "tags: [a, b, a]\n"), ("content/b.md", "\naliases: [/a/]\n"), ("content/c.svg", "")],
            |id| {
                Diagnostic::new(&code::REPEATED_TERM, Span::new(id[0], 13..14), "`a` is listed twice")
                    .help("leave one of them out")
                    .also(Span::new(id[0], 7..8), "first here")
                    .also(Span::new(id[1], 11..14), "an alias, too")
                    .also(Span::file(id[2]), "and a picture")
            },
            &[
                "warning[FP0405]: `a` is listed twice",
                " --> content/a.md:1:14",
                "  |",
                "1 | tags: [a, b, a]",
                "  |        -     ^",
                "  |        |",
                "  |        first here",
                "  |",
                " ::: content/b.md:2:11",
                "  |",
                "2 | aliases: [/a/]",
                "  |           --- an alias, too",
                "  |",
                "  = note: and a picture: content/c.svg",
                "  = help: leave one of them out",
            ],
        );
    }

    #[test]
    fn a_finding_about_a_whole_file_names_it_without_an_excerpt() {
        check(
            &[("content/logo.svg", "")],
            |id| {
                Diagnostic::new(&code::ACTIVE_ASSET, Span::file(id[0]), "this picture holds a script")
                    .help("save it without the script")
            },
            &[
                "error[FP0205]: this picture holds a script",
                "--> content/logo.svg",
                " = help: save it without the script",
            ],
        );
    }

    #[test]
    fn a_long_line_is_cut_to_the_place() {
        let text = format!("{}[[here]]{}", "before ".repeat(90), " after".repeat(90));
        check(
            &[("content/a.md", &text)],
            |id| {
                Diagnostic::new(&code::UNKNOWN_PAGE, Span::new(id[0], 632..636), "no page named `here`").fix(
                    "another page exists",
                    Span::new(id[0], 632..636),
                    "away",
                )
            },
            &[
                "error[FP0301]: no page named `here`",
                " --> content/a.md:1:633",
                "  |",
                "1 | ...efore before before before before before [[here]] after after after after after after afte...",
                "  |                                               ^^^^",
                "  |",
                "help: another page exists",
                "  |",
                "1 - ...before before before before before [[here]] after after after after after aft...",
                "1 + ...before before before before before [[away]] after after after after after aft...",
                "  |",
            ],
        );
    }

    #[test]
    fn a_place_far_along_a_line_is_named_without_an_excerpt() {
        check(
            &[("content/a.md", &"x".repeat(9_000))],
            |id| Diagnostic::new(&code::TOO_DEEP, Span::new(id[0], 8_000..8_001), "too deep").label("from here on"),
            &["error[FP0203]: too deep", "--> content/a.md:1:8001", " = note: from here on"],
        );
    }

    #[test]
    fn nothing_in_a_text_can_steer_the_terminal() {
        check(
            &[("content/\u{1b}[31m.md", "a \u{1b}]0;title\u{7}\u{9b}31m\u{202e} b")],
            |id| {
                Diagnostic::new(&code::UNKNOWN_PAGE, Span::new(id[0], 21..22), "no \u{1b}[2J").label("\u{8}\nb").fix(
                    "a bell: \u{7}",
                    Span::new(id[0], 21..22),
                    "\u{1b}c",
                )
            },
            &[
                "error[FP0301]: no ␛[2J",
                " --> content/␛[31m.md:1:19",
                "  |",
                "1 | a ␛]0;title␇�31m� b",
                "  |                   ^ ␈ b",
                "  |",
                "help: a bell: ␇",
                "  |",
                "1 - a ␛]0;title␇�31m� b",
                "1 + a ␛]0;title␇�31m� ␛c",
                "  |",
            ],
        );
    }

    #[test]
    fn colour_comes_from_here_alone() {
        let mut inputs = Inputs::new("site");
        let (path, text) = ("content/a.md".to_owned(), "\u{1b}[5m".to_owned());
        let id = inputs.add(Source { path, text, kind: SourceKind::Content });
        let mut report = Report::default();
        report.extend([Diagnostic::new(&code::RAW_HTML, Span::new(id, 0..4), "blink")]);
        let text = render(&report, &inputs, true);
        assert!(text.starts_with("\u{1b}["), "{text:?}");
        assert!(!text.contains("\u{1b}[5m"), "{text:?}");
    }

    #[test]
    fn the_summary_counts_and_says_where_to_read_on() {
        let mut inputs = Inputs::new("site");
        let (path, text) = ("content/a.md".to_owned(), String::new());
        let id = inputs.add(Source { path, text, kind: SourceKind::Content });
        let mut report = Report::default();
        assert_eq!(summary(&report), "no findings");
        let codes = [&code::UNKNOWN_PAGE, &code::RAW_HTML, &code::UNKNOWN_PAGE];
        report.extend(codes.map(|code| Diagnostic::new(code, Span::file(id), "found")));
        assert_eq!(summary(&report), "2 errors, 1 warning\nfingerpost check --explain FP0301 says more");
    }
}
