//! A page's Markdown as HTML.
//!
//! The parser's events are rewritten and handed to its own HTML writer: links get their addresses, headings their ids,
//! code its colours, tables a frame to scroll in. What a browser could run never passes: raw HTML follows the site's
//! policy, attributes come from us alone, and a scheme that is not on the list becomes plain text.

mod footnotes;
mod links;
mod notes;
mod raw;
mod tables;
mod typeset;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd, html};

use super::escape::{attribute, fragment};
use super::highlight::{self, Code};
use super::references::References;
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::model::PageId;
use crate::parse::{Document, events};
use crate::source::{Span, slice};
use crate::strings::key;
use crate::view::View;
use footnotes::Footnotes;
use tables::Table;

/// A page's text, ready for its template.
pub(crate) struct Rendered {
    pub(crate) html: String,
    pub(crate) references: References,
    pub(crate) findings: Findings,
}

/// Is shown each event of a page's Markdown, with its place in the file, but those of the title that opens it.
pub(crate) type EventObserver<'s> = &'s mut dyn FnMut(&Event<'_>, Range<usize>);

/// Hands the events of `document` to `observe`, when nothing is to be made of them.
pub(crate) fn read(view: &View<'_>, document: &Document, text: &str, observe: EventObserver<'_>) {
    for (event, range) in shown_events(view, document, text) {
        observe(&event, range);
    }
}

/// The events of the Markdown in `text` as they are shown, with their places in the file.
fn shown_events<'a>(
    view: &View<'_>,
    document: &Document,
    text: &'a str,
) -> impl Iterator<Item = (Event<'a>, Range<usize>)> {
    let events = notes::without_markers(text, below_opening_title(document, text));
    typeset::typeset(view.config().typography, text, events)
}

/// The events of the Markdown in `text` with their places in the file, without the heading that opens it: the title,
/// which the template shows.
fn below_opening_title<'a>(document: &Document, text: &'a str) -> impl Iterator<Item = (Event<'a>, Range<usize>)> {
    let offset = document.body;
    let mut events =
        events(slice(text, offset..)).map(move |(event, range)| (event, offset + range.start..offset + range.end));
    if document.outline.title.is_some() {
        events.by_ref().find(|(event, _)| matches!(event, Event::End(TagEnd::Heading(HeadingLevel::H1))));
    }
    events
}

/// Renders the Markdown behind `page`, nothing where it has none, and lets `observe` look on.
pub(crate) fn body(view: &View<'_>, page: PageId, observe: EventObserver<'_>) -> Rendered {
    let (mut references, mut findings) = (References::default(), Findings::default());
    let Some(at) = view.site[page].document else { return Rendered { html: String::new(), references, findings } };
    let document = &view.site.document_at(at);
    let text = &view.inputs.get(document.source).text;
    let mut writer = Writer {
        view,
        document,
        at,
        references: &mut references,
        findings: &mut findings,
        out: Vec::new(),
        closers: Vec::new(),
        heading: 0,
        tables: Table::default(),
        quotes: Vec::new(),
        notes: Footnotes::default(),
        open_tags: Vec::new(),
        depth: 0,
    };
    let mut stream = shown_events(view, document, text).inspect(|(event, range)| observe(event, range.clone()));
    while let Some((event, range)) = stream.next() {
        writer.event(event, range, &mut stream);
    }
    let mut out = String::with_capacity(text.len() * 3 / 2);
    writer.finish(&mut out);
    Rendered { html: out, references, findings }
}

struct Writer<'a, 'r> {
    view: &'a View<'a>,
    document: &'a Document,
    /// The document's position.
    at: usize,
    references: &'r mut References,
    findings: &'r mut Findings,
    out: Vec<Event<'a>>,
    /// What ends each link that is open.
    closers: Vec<&'static str>,
    /// Headings begun so far.
    heading: usize,
    tables: Table,
    /// What ends each quotation that is open, where it is a note.
    quotes: Vec<Option<&'static str>>,
    notes: Footnotes<'a>,
    /// Harmless raw tags that are open, with the number of blocks around each.
    open_tags: Vec<(&'static str, usize)>,
    /// Blocks that are open.
    depth: usize,
}

impl<'a> Writer<'a, '_> {
    fn raw(&mut self, html: impl Into<CowStr<'a>>) {
        self.out.push(Event::InlineHtml(html.into()));
    }

    fn event(
        &mut self,
        event: Event<'a>,
        range: Range<usize>,
        rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) {
        match event {
            Event::Start(tag) => {
                self.depth += usize::from(is_block(tag.to_end()));
                self.start(tag, &range, rest);
            }
            Event::End(tag) => {
                if is_block(tag) {
                    // A raw tag never outlives the block that it was opened in.
                    let here = self.depth;
                    self.close_tags(|&(_, depth)| depth >= here);
                    self.depth -= 1;
                }
                self.end(tag);
            }
            Event::InlineHtml(html) => self.raw_html(&html),
            Event::FootnoteReference(name) => self.footnote_reference(&name),
            Event::TaskListMarker(done) => {
                let (checked, label) = if done { (" checked", key!("task-done")) } else { ("", key!("task-open")) };
                let label = attribute(self.view.say(label));
                self.raw(format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> "));
            }
            other => self.out.push(other),
        }
    }

    fn start(
        &mut self,
        tag: Tag<'a>,
        range: &Range<usize>,
        rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) {
        match tag {
            Tag::Heading { level, .. } => self.start_heading(level),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title, range, rest),
            Tag::Image { dest_url, title, .. } => self.image(&dest_url, &title, range, rest),
            Tag::CodeBlock(kind) => self.code_block(&kind, range, rest),
            Tag::HtmlBlock => self.html_block(rest),
            Tag::BlockQuote(kind) => self.start_quote(kind, range, rest),
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_row(true),
            Tag::TableRow => self.start_row(false),
            Tag::TableCell => self.start_cell(),
            Tag::FootnoteDefinition(name) => {
                let text = std::mem::take(&mut self.out);
                self.notes.outer = Some((text, name.to_string()));
            }
            other => self.out.push(Event::Start(other)),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::Link => {
                let closer = self.closers.pop().unwrap_or_default();
                self.raw(closer);
            }
            TagEnd::BlockQuote(_) => self.end_quote(),
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead => self.raw("</tr></thead>\n<tbody>\n"),
            TagEnd::TableRow => self.raw("</tr>\n"),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::FootnoteDefinition => {
                if let Some((outer, name)) = self.notes.outer.take() {
                    let text = std::mem::replace(&mut self.out, outer);
                    self.notes.texts.entry(name).or_insert(text);
                }
            }
            other => self.out.push(Event::End(other)),
        }
    }

    // Headings. A page has one `h1`, its title; any other of level 1 becomes a section. The link to one stands beside it, so
    // that it is not read as a part of the heading.

    fn start_heading(&mut self, level: HeadingLevel) {
        let id = self.document.outline.headings.get(self.heading).map_or("", |heading| heading.id.as_str());
        self.raw(format!("<div class=\"head\"><{} id=\"{}\">", below_title(level), attribute(id)));
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        self.raw(format!("</{}>", below_title(level)));
        if let Some(heading) = self.document.outline.headings.get(self.heading) {
            let (href, id) = (fragment(&heading.id), attribute(&heading.id));
            let label = attribute(self.view.say(key!("link-to-section")));
            self.raw(format!(
                "<a class=\"anchor\" href=\"#{href}\" aria-label=\"{label}\" aria-describedby=\"{id}\">#</a>"
            ));
        }
        self.heading += 1;
        self.raw("</div>\n");
    }

    // Blocks.

    fn code_block(
        &mut self,
        kind: &CodeBlockKind<'_>,
        range: &Range<usize>,
        rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) {
        let code = plain_text(rest, |event| matches!(event, Event::End(TagEnd::CodeBlock)));
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default().to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        let class =
            if language.is_empty() { String::new() } else { format!(" class=\"language-{}\"", attribute(&language)) };
        let Code { html, is_too_deep } = highlight::code(&language, &code);
        if is_too_deep {
            let text = &self.view.inputs.get(self.document.source).text;
            let first_line = slice(text, range.clone()).lines().next().map_or(0, str::len);
            let span = Span::new(self.document.source, range.start..range.start + first_line);
            let finding =
                Diagnostic::new(&code::CODE_TOO_DEEP, span, "code nested too deeply is shown without colours");
            self.findings.push(finding.help("show a part of it, or call its language `text`"));
        }
        self.raw(format!("<div class=\"code\"><pre tabindex=\"0\"><code{class}>{html}</code></pre></div>\n"));
    }

    fn finish(mut self, into: &mut String) {
        self.close_tags_from(0);
        html::push_html(into, std::mem::take(&mut self.out).into_iter());
        self.write_footnotes(into);
    }
}

/// The words of the events up to the one that `ends` them.
fn plain_text<'a>(
    rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ends: impl Fn(&Event<'a>) -> bool,
) -> String {
    let mut text = String::new();
    for (event, _) in rest {
        if ends(&event) {
            break;
        }
        match event {
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                text.push_str(&words);
            }
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// Whether an element holds text or blocks, so that a raw tag inside must end with it.
fn is_block(tag: TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
    )
}

fn below_title(level: HeadingLevel) -> HeadingLevel {
    if level == HeadingLevel::H1 { HeadingLevel::H2 } else { level }
}
