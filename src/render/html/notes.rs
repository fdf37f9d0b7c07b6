//! Notes: the five callouts of GitHub and our made-up example, with a title of their own and folded where they ask for it.
//!
//! GitHub reads `> [!TIP]` alone on its line. Behind it we take `-` for a folded note, `+` for one that can be folded, and a
//! title; where the parser sees a plain quotation, the file says what it is.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CowStr, Event, Tag, TagEnd, html};
use tera::Value;

use super::Writer;
use crate::render::escape::attribute;
use crate::source::slice;
use crate::strings::{StringKey, key};

/// What a quotation begins with that makes a note of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marker {
    kind: NoteKind,
    /// Whether it can be folded, and is then open.
    fold: Option<bool>,
    /// The byte behind it and the spaces that follow.
    end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NoteKind {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
    Example,
}

impl NoteKind {
    const MARKS: [(&'static str, Self); 6] = [
        ("NOTE", Self::Note),
        ("TIP", Self::Tip),
        ("IMPORTANT", Self::Important),
        ("WARNING", Self::Warning),
        ("CAUTION", Self::Caution),
        ("EXAMPLE", Self::Example),
    ];

    /// Its class and icon, and what readers call it.
    fn word(self) -> (&'static str, StringKey) {
        match self {
            Self::Note => ("note", key!("note")),
            Self::Tip => ("tip", key!("tip")),
            Self::Important => ("important", key!("important")),
            Self::Warning => ("warning", key!("warning")),
            Self::Caution => ("caution", key!("caution-note")),
            Self::Example => ("example", key!("example")),
        }
    }
}

/// The marker of the quotation that begins at the byte `at`.
fn marker(text: &str, at: usize) -> Option<Marker> {
    let inside = slice(text, at..).strip_prefix('>')?.trim_start_matches([' ', '\t']).strip_prefix("[!")?;
    let (word, rest) = inside.split_once(']')?;
    let &(_, kind) = NoteKind::MARKS.iter().find(|(mark, _)| mark.eq_ignore_ascii_case(word))?;
    let fold = match rest.bytes().next() {
        Some(b'-') => Some(false),
        Some(b'+') => Some(true),
        _ => None,
    };
    let rest = slice(rest, usize::from(fold.is_some())..);
    let title = rest.trim_start_matches([' ', '\t']);
    // `[!TIP](…)` is a link.
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
    ends.then(|| Marker { kind, fold, end: text.len() - title.len() })
}

/// The events without the markers of notes, which are no text.
pub(super) fn without_markers<'a>(
    text: &'a str,
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
) -> impl Iterator<Item = (Event<'a>, Range<usize>)> {
    let mut end = 0;
    events.filter_map(move |(event, range)| {
        if let Event::Start(Tag::BlockQuote(None)) = event {
            end = marker(text, range.start).map_or(end, |marker| marker.end);
        }
        match event {
            Event::Text(_) if range.end <= end => None,
            Event::Text(_) if range.start < end => {
                Some((Event::Text(CowStr::Borrowed(slice(text, end..range.end))), end..range.end))
            }
            event => Some((event, range)),
        }
    })
}

impl<'a> Writer<'a, '_> {
    /// Begins a quotation, which is a note if it says so.
    pub(super) fn start_quote(
        &mut self,
        known: Option<BlockQuoteKind>,
        range: &Range<usize>,
        rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) {
        let text = &self.view.inputs.get(self.document.source).text;
        let Some(Marker { kind, fold, .. }) = marker(text, range.start) else {
            self.quotes.push(None);
            return self.out.push(Event::Start(Tag::BlockQuote(None)));
        };
        let title = if known.is_none() { self.title(rest) } else { Title::default() };
        let (class, key) = kind.word();
        let word = attribute(self.view.say(key));
        let named = |title: &str| {
            let filled =
                self.view.strings().fill(key!("note-titled"), &[("kind", &self.view.say(key)), ("title", &'\0')]);
            attribute(&filled).replace('\0', title)
        };
        // That something is made up is always said.
        let (shown, label) = match (kind, title.html.is_empty()) {
            (_, true) => (word.clone(), word.clone()),
            (NoteKind::Example, false) => (named(&title.html), named(&attribute(&title.text))),
            (_, false) => (title.html.clone(), named(&attribute(&title.text))),
        };
        let icon = if kind == NoteKind::Warning { "risk" } else { class };
        let icon = self.view.layout().draw("icon", "name", &Value::from(icon));
        let icon = icon.as_str().unwrap_or_default().trim();
        match fold {
            None => {
                self.quotes.push(Some("</aside>\n"));
                self.raw(format!("<aside role=\"note\" class=\"note note-{class}\" aria-label=\"{label}\"><p class=\"note-title\">{icon}{shown}</p>\n"));
            }
            Some(open) => {
                // A title has the icon alone beside it, which readers of screens do not see.
                let said = if title.html.is_empty() || kind == NoteKind::Example {
                    String::new()
                } else {
                    format!("<span class=\"sr\">{word}: </span>")
                };
                self.quotes.push(Some("</details>\n"));
                let open = if open { " open" } else { "" };
                self.raw(format!("<details class=\"note note-{class}\"{open}><summary class=\"note-title\">{icon}{said}{shown}</summary>\n"));
            }
        }
        if title.goes_on {
            self.depth += 1;
            self.out.push(Event::Start(Tag::Paragraph));
        }
    }

    pub(super) fn end_quote(&mut self) {
        match self.quotes.pop().flatten() {
            Some(closer) => self.raw(closer),
            None => self.out.push(Event::End(TagEnd::BlockQuote(None))),
        }
    }

    /// Takes the rest of a note's first line.
    fn title(&mut self, rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) -> Title {
        let outer = std::mem::take(&mut self.out);
        let links = self.closers.len();
        let mut goes_on = false;
        // It begins with that of the paragraph.
        while let Some((event, range)) = rest.find(|(event, _)| *event != Event::Start(Tag::Paragraph)) {
            match event {
                Event::End(TagEnd::Paragraph) => break,
                // An emphasis or a link may go on below.
                Event::SoftBreak | Event::HardBreak if self.closers.len() == links && open(&self.out) == 0 => {
                    goes_on = true;
                    break;
                }
                _ => {}
            }
            self.event(event, range, rest);
        }
        let events = std::mem::replace(&mut self.out, outer);
        let mut text = String::new();
        for event in &events {
            match event {
                Event::Text(words) | Event::Code(words) => text.push_str(words),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                _ => {}
            }
        }
        let mut shown = String::new();
        html::push_html(&mut shown, events.into_iter());
        Title { html: shown.trim().to_owned(), text, goes_on }
    }
}

/// How many elements are open.
fn open(events: &[Event<'_>]) -> usize {
    let started = events.iter().filter(|event| matches!(event, Event::Start(_))).count();
    started.saturating_sub(events.iter().filter(|event| matches!(event, Event::End(_))).count())
}

/// What stands behind the marker of a note.
#[derive(Default)]
struct Title {
    html: String,
    /// The words alone.
    text: String,
    /// Whether the paragraph goes on below it.
    goes_on: bool,
}
