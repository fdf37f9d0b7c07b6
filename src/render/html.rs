//! A page's Markdown as HTML.
//!
//! The parser's events are rewritten and handed to its own HTML writer: links get their addresses, headings their ids,
//! code its colours, tables a frame to scroll in. What a browser could run never passes: raw HTML follows the site's
//! policy, attributes come from us alone, and a scheme that is not on the list becomes plain text.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd, html,
};
use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};

use super::highlight;
use super::references::References;
use super::view::View;
use crate::config::HtmlPolicy;
use crate::link::Target;
use crate::model::PageId;
use crate::parse::{Document, events, raw_html, scheme_allowed};

/// A page's text, ready for its template.
pub(super) struct Rendered {
    pub(super) html: String,
    pub(super) references: References,
}

/// Renders the Markdown behind `page`; nothing where it has none.
pub(super) fn body(view: &View<'_>, page: PageId) -> Rendered {
    let mut references = References::default();
    let Some(at) = view.site[page].document else { return Rendered { html: String::new(), references } };
    let document = &view.site.documents[at];
    let text = &view.inputs.get(document.source).text;
    let mut writer = Writer {
        view,
        document,
        at,
        references: &mut references,
        out: Vec::new(),
        closers: Vec::new(),
        heading: 0,
        tables: Table::default(),
        notes: Footnotes::default(),
        open_tags: Vec::new(),
        depth: 0,
    };
    let offset = document.body;
    let mut stream = events(&text[offset..]).map(|(event, range)| (event, offset + range.start..offset + range.end));
    if document.outline.title.is_some() {
        // The heading that opens the text is the page's title, which the template shows.
        stream.by_ref().find(|(event, _)| matches!(event, Event::End(TagEnd::Heading(HeadingLevel::H1))));
    }
    while let Some((event, range)) = stream.next() {
        writer.event(event, range, &mut stream);
    }
    let mut out = String::with_capacity(text.len() * 3 / 2);
    writer.finish(&mut out);
    Rendered { html: out, references }
}

struct Writer<'a, 'r> {
    view: &'a View<'a>,
    document: &'a Document,
    /// The document's position.
    at: usize,
    references: &'r mut References,
    out: Vec<Event<'a>>,
    /// What ends each link that is open.
    closers: Vec<&'static str>,
    /// Headings begun so far.
    heading: usize,
    tables: Table,
    notes: Footnotes<'a>,
    /// Harmless raw tags that are open, with the number of blocks around each.
    open_tags: Vec<(&'static str, usize)>,
    /// Blocks that are open.
    depth: usize,
}

#[derive(Default)]
struct Table {
    count: usize,
    alignments: Vec<Alignment>,
    cell: usize,
    head: bool,
}

/// Footnotes in the order in which the text first refers to them.
#[derive(Default)]
struct Footnotes<'a> {
    numbers: HashMap<String, (usize, usize)>,
    /// What each definition says.
    texts: HashMap<String, Vec<Event<'a>>>,
    order: Vec<String>,
    /// The text that was interrupted by a definition, and the definition's name.
    outer: Option<(Vec<Event<'a>>, String)>,
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
                let (checked, label) = if done { (" checked", "Done") } else { ("", "To do") };
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
            Tag::CodeBlock(kind) => self.code_block(&kind, rest),
            Tag::HtmlBlock => self.html_block(rest),
            Tag::BlockQuote(Some(kind)) => self.start_note(kind),
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => {
                self.tables.head = true;
                self.tables.cell = 0;
                self.raw("<thead><tr>");
            }
            Tag::TableRow => {
                self.tables.cell = 0;
                self.raw("<tr>");
            }
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
            TagEnd::BlockQuote(Some(_)) => self.raw("</aside>\n"),
            TagEnd::Table => self.raw("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.tables.head = false;
                self.raw("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.raw("</tr>\n"),
            TagEnd::TableCell => {
                self.tables.cell += 1;
                self.raw(if self.tables.head { "</th>" } else { "</td>" });
            }
            TagEnd::FootnoteDefinition => {
                if let Some((outer, name)) = self.notes.outer.take() {
                    let text = std::mem::replace(&mut self.out, outer);
                    self.notes.texts.entry(name).or_insert(text);
                }
            }
            other => self.out.push(Event::End(other)),
        }
    }

    // Headings. A page has one `h1`, its title; any other of level 1 becomes a section.

    fn start_heading(&mut self, level: HeadingLevel) {
        let id = self.document.outline.headings.get(self.heading).map_or("", |heading| heading.id.as_str());
        self.raw(format!("<{} id=\"{}\">", below_title(level), attribute(id)));
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        if let Some(heading) = self.document.outline.headings.get(self.heading) {
            let (id, text) = (attribute(&heading.id), attribute(&heading.text));
            let href = fragment(&heading.id);
            let label = format!("aria-label=\"Link to this section: {text}\"");
            debug_assert!(!id.contains('"'));
            self.raw(format!(" <a class=\"anchor\" href=\"#{href}\" {label}>#</a>"));
        }
        self.heading += 1;
        self.raw(format!("</{}>\n", below_title(level)));
    }

    // Links.

    fn start_link(
        &mut self,
        link_type: LinkType,
        written: &str,
        title: &str,
        range: &Range<usize>,
        rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) {
        if link_type == LinkType::Email {
            self.open_link(&format!("mailto:{written}"), "", title);
            return;
        }
        let Some(target) = self.view.links.target(self.at, range.start) else {
            // A scheme that is not allowed was reported; the text stays, the link does not.
            self.closers.push("");
            return;
        };
        let unnamed = matches!(link_type, LinkType::WikiLink { has_pothole: false });
        match target {
            Target::Page { page, anchor } => {
                let fragment = anchor.as_ref().map_or(String::new(), |id| format!("#{}", fragment(id)));
                self.open_link(&format!("{}{fragment}", self.view.url(*page)), "", title);
                if unnamed {
                    self.replace_text(self.view.site[*page].title.clone(), rest);
                }
            }
            Target::Asset { path, rest } => {
                let url = format!("{}{rest}", self.view.config().base.link(&crate::model::encode_path(path)));
                self.open_link(&url, "", title);
            }
            Target::Glossary(entry) => self.glossary_link(*entry),
            Target::Here(id) => self.open_link(&format!("#{}", fragment(id)), "", title),
            Target::External if scheme_allowed(written) => {
                let outside = written.starts_with("//") || written.to_ascii_lowercase().starts_with("http");
                self.open_link(written, if outside { " class=\"external\" rel=\"noopener\"" } else { "" }, title);
            }
            Target::Citations(_) => self.citations(range, rest),
            Target::External | Target::Wrong(_) => {
                self.raw("<span class=\"broken\">");
                self.closers.push("</span>");
            }
        }
    }

    fn open_link(&mut self, url: &str, attributes: &str, title: &str) {
        let mut tag = String::from("<a href=\"");
        escape_href(&mut tag, url).expect("writing to a string cannot fail");
        tag.push('"');
        if !title.is_empty() {
            write!(tag, " title=\"{}\"", attribute(title)).expect("writing to a string cannot fail");
        }
        tag.push_str(attributes);
        tag.push('>');
        self.raw(tag);
        self.closers.push("</a>");
    }

    /// Writes `text` in place of what the link says, up to its end.
    fn replace_text(&mut self, text: String, rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) {
        rest.find(|(event, _)| matches!(event, Event::End(TagEnd::Link)));
        self.out.push(Event::Text(text.into()));
        self.end(TagEnd::Link);
    }

    fn glossary_link(&mut self, at: usize) {
        let entry = &self.view.site.glossary[at];
        let url = format!("{}#{}", self.view.config().base.link("/glossary/"), fragment(&entry.anchor));
        let definition = attribute(&entry.definition);
        self.raw(format!("<a class=\"term\" href=\"{}\" data-definition=\"{definition}\">", attribute(&url)));
        self.closers.push("</a>");
    }

    fn citations(&mut self, range: &Range<usize>, rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) {
        let inside: Vec<Event<'a>> =
            rest.map(|(event, _)| event).take_while(|event| !matches!(event, Event::End(TagEnd::Link))).collect();
        let site = self.view.site;
        let Some(Target::Citations(keys)) = self.view.links.target(self.at, range.start) else { return };
        if !site.cites() {
            self.out.push(Event::Text("[".into()));
            self.out.extend(inside);
            self.out.push(Event::Text("]".into()));
            return;
        }
        for cited in keys.iter().filter_map(|(_, cited)| *cited) {
            let (number, anchor) = self.references.cite(cited);
            self.raw(format!(
                "<a class=\"cite\" id=\"{anchor}\" href=\"#ref:{number}\" aria-label=\"Reference {number}\">[{number}]</a>"
            ));
        }
    }

    fn image(
        &mut self,
        written: &str,
        title: &str,
        range: &Range<usize>,
        rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) {
        let alt = plain_text(rest, |event| matches!(event, Event::End(TagEnd::Image)));
        let url = match self.view.links.target(self.at, range.start) {
            Some(Target::Asset { path, rest }) => {
                format!("{}{rest}", self.view.config().base.link(&crate::model::encode_path(path)))
            }
            Some(Target::External) if scheme_allowed(written) => written.to_owned(),
            _ => {
                self.out.push(Event::Text(alt.into()));
                return;
            }
        };
        let mut tag = String::from("<img src=\"");
        escape_href(&mut tag, &url).expect("writing to a string cannot fail");
        write!(tag, "\" alt=\"{}\"", attribute(&alt)).expect("writing to a string cannot fail");
        if !title.is_empty() {
            write!(tag, " title=\"{}\"", attribute(title)).expect("writing to a string cannot fail");
        }
        tag.push_str(" loading=\"lazy\">");
        self.raw(tag);
    }

    // Blocks.

    fn code_block(&mut self, kind: &CodeBlockKind<'_>, rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) {
        let code = plain_text(rest, |event| matches!(event, Event::End(TagEnd::CodeBlock)));
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default().to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        let class =
            if language.is_empty() { String::new() } else { format!(" class=\"language-{}\"", attribute(&language)) };
        let html = highlight::code(&language, &code);
        self.raw(format!("<div class=\"code\"><pre tabindex=\"0\"><code{class}>{html}</code></pre></div>\n"));
    }

    fn start_note(&mut self, kind: BlockQuoteKind) {
        let (class, word) = match kind {
            BlockQuoteKind::Note => ("note", "Note"),
            BlockQuoteKind::Tip => ("tip", "Tip"),
            BlockQuoteKind::Important => ("important", "Important"),
            BlockQuoteKind::Warning => ("warning", "Warning"),
            BlockQuoteKind::Caution => ("caution", "Caution"),
        };
        self.raw(format!("<aside role=\"note\" class=\"note note-{class}\" aria-label=\"{word}\"><p class=\"note-title\">{word}</p>\n"));
    }

    fn start_table(&mut self, alignments: Vec<Alignment>) {
        self.tables.count += 1;
        self.tables.alignments = alignments;
        let label = format!("Table {}", self.tables.count);
        self.raw(format!("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\"><table>"));
    }

    fn start_cell(&mut self) {
        let class = match self.tables.alignments.get(self.tables.cell) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            _ => "",
        };
        let tag = if self.tables.head { format!("<th scope=\"col\"{class}>") } else { format!("<td{class}>") };
        self.raw(tag);
    }

    // Raw HTML.

    fn html_block(&mut self, rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) {
        let html = plain_text(rest, |event| matches!(event, Event::End(TagEnd::HtmlBlock)));
        match self.view.config().html {
            HtmlPolicy::Allow => self.out.push(Event::Html(html.into())),
            _ if raw_html::is_comment(&html) => {}
            HtmlPolicy::Sanitise => self.harmless(&html),
            HtmlPolicy::Escape => self.paragraph(&html),
        }
    }

    fn raw_html(&mut self, html: &CowStr<'a>) {
        match self.view.config().html {
            HtmlPolicy::Allow => self.out.push(Event::InlineHtml(html.clone())),
            _ if raw_html::is_comment(html) => {}
            HtmlPolicy::Sanitise => self.harmless(html),
            HtmlPolicy::Escape => self.out.push(Event::Text(html.clone())),
        }
    }

    /// Lets harmless tags through, in pairs; whatever has no partner is text.
    fn harmless(&mut self, html: &str) {
        for piece in raw_html::pieces(html) {
            match piece {
                raw_html::Piece::Text(text) if self.depth == 0 && self.open_tags.is_empty() => self.paragraph(text),
                raw_html::Piece::Text(text) => self.out.push(Event::Text(text.to_owned().into())),
                raw_html::Piece::Open("br") => self.raw("<br>"),
                raw_html::Piece::Open(name) => {
                    self.open_tags.push((name, self.depth));
                    self.raw(format!("<{name}>"));
                }
                raw_html::Piece::Close(name) => {
                    let here = self.depth;
                    match self.open_tags.iter().rposition(|&tag| tag == (name, here)) {
                        Some(at) => self.close_tags_from(at),
                        None => self.out.push(Event::Text(format!("</{name}>").into())),
                    }
                }
            }
        }
    }

    fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.raw("<p>");
            self.out.push(Event::Text(text.trim_end().to_owned().into()));
            self.raw("</p>\n");
        }
    }

    fn close_tags(&mut self, ends: impl Fn(&(&'static str, usize)) -> bool) {
        let at = self.open_tags.iter().position(ends).unwrap_or(self.open_tags.len());
        self.close_tags_from(at);
    }

    fn close_tags_from(&mut self, at: usize) {
        for (name, _) in self.open_tags.split_off(at).into_iter().rev() {
            self.raw(format!("</{name}>"));
        }
    }

    // Footnotes: gathered at the end, in the order of their first reference, each with links back. Ids that we make hold a
    // colon, which no heading's id does.

    fn footnote_reference(&mut self, name: &str) {
        let next = self.notes.order.len() + 1;
        let (number, uses) = self.notes.numbers.entry(name.to_owned()).or_insert((next, 0));
        *uses += 1;
        let (number, uses) = (*number, *uses);
        if uses == 1 {
            self.notes.order.push(name.to_owned());
        }
        let again = if uses == 1 { String::new() } else { format!("-{uses}") };
        self.raw(format!(
            "<sup><a class=\"footnote-ref\" href=\"#fn:{number}\" id=\"fnref:{number}{again}\" aria-label=\"Footnote {number}\">{number}</a></sup>"
        ));
    }

    fn finish(mut self, into: &mut String) {
        self.close_tags_from(0);
        html::push_html(into, std::mem::take(&mut self.out).into_iter());
        if self.notes.order.is_empty() {
            return;
        }
        into.push_str("<section class=\"footnotes\" aria-label=\"Footnotes\"><ol>\n");
        for name in &self.notes.order {
            let (number, uses) = self.notes.numbers[name];
            write!(into, "<li id=\"fn:{number}\">").expect("writing to a string cannot fail");
            html::push_html(into, self.notes.texts.remove(name).unwrap_or_default().into_iter());
            for again in 1..=uses {
                let place = if again == 1 { String::new() } else { format!("-{again}") };
                let nth = if uses == 1 { String::new() } else { format!(", place {again}") };
                write!(
                    into,
                    "<a class=\"back\" href=\"#fnref:{number}{place}\" aria-label=\"Back to footnote {number} in the text{nth}\">↩</a> "
                )
                .expect("writing to a string cannot fail");
            }
            into.push_str("</li>\n");
        }
        into.push_str("</ol></section>\n");
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

/// Text for an attribute between double quotes.
pub(super) fn attribute(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape_html(&mut escaped, text).expect("writing to a string cannot fail");
    escaped
}

/// Text for an element.
pub(super) fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape_html_body_text(&mut escaped, text).expect("writing to a string cannot fail");
    escaped
}

/// An id as a link's fragment: percent-encoded, safe in an attribute.
pub(super) fn fragment(id: &str) -> String {
    let mut encoded = String::with_capacity(id.len());
    escape_href(&mut encoded, id).expect("writing to a string cannot fail");
    encoded.replace('#', "%23")
}
