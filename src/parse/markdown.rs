//! Markdown as events with their places, and what one pass over them tells of a page.
//!
//! `CommonMark` 0.31 by pulldown-cmark with the extensions of our contract. Citations need no syntax of their own: the
//! parser asks what an undefined reference such as `[@key]` means, and we answer with a link of the scheme `cite:`.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::heading::{Heading, Ids};
use super::link::{LinkForm, LinkUse, scheme_allowed, target_span};
use super::raw_html::{self, OpenTags};
use super::scripts::with_scripts;
use crate::config::HtmlPolicy;
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::source::{At, SourceId, Span, slice};
use crate::yaml;

/// How deeply block quotes, lists and the like may nest.
const DEPTH: usize = 100;

/// A heading has at most so many characters: it is said at every link to it.
pub(crate) const MAX_HEADING: usize = 500;

/// A page has at most so many headings.
pub(crate) const MAX_HEADINGS: usize = 2_000;

/// A page has at most so many links.
pub(crate) const MAX_LINKS: usize = 10_000;

/// A text has at most so many of the signs of which Markdown is made. The parser keeps some two hundred bytes for each, and
/// prose of the longest text that is read has a tenth of them.
pub(crate) const MAX_SIGNS: usize = 500_000;

/// How much of the first paragraph is kept at least, in bytes: enough for the line that describes a page.
const LEAD: usize = 400;

/// What one pass over a page's Markdown tells.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outline {
    /// All headings in order, without the one that is the page's title.
    pub(crate) headings: Vec<Heading>,
    /// The first heading where it opens the text and is of level 1: the title, unless front matter has another.
    pub(crate) title: Option<String>,
    /// Positions of the headings in the order of their ids.
    pub(crate) by_id: Vec<u32>,
    /// Ids that raw HTML sets, where it is allowed, in order.
    pub(crate) anchors: Vec<String>,
    /// Comments in raw HTML, by their bytes in the file.
    pub(crate) comments: Vec<Range<usize>>,
    /// Links, images and citations, by the byte at which they begin.
    pub(crate) links: Vec<LinkUse>,
    /// The words that the first paragraph begins with.
    pub(crate) lead: String,
    /// Words of text, for the reading time.
    pub(crate) words: usize,
}

impl Outline {
    /// The position of the heading with this id.
    pub(crate) fn heading(&self, id: &str) -> Option<usize> {
        let id_of = |at: &u32| self.headings.get(*at as usize).map(|heading| heading.id.as_str());
        let first = self.by_id.partition_point(|at| id_of(at) < Some(id));
        self.by_id.get(first).filter(|at| id_of(at) == Some(id)).map(|&at| at as usize)
    }
}

/// The events of the Markdown in `text`, with byte ranges in it.
pub(crate) fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT
        | Options::ENABLE_GFM
        | Options::ENABLE_WIKILINKS;
    let parser = Parser::new_with_broken_link_callback(text, options, Some(undefined_reference));
    with_scripts(text, parser.into_offset_iter())
}

#[expect(clippy::needless_pass_by_value, reason = "the parser hands it over so")]
fn undefined_reference(link: BrokenLink<'_>) -> Option<(CowStr<'_>, CowStr<'_>)> {
    let citation = link.link_type == LinkType::Shortcut && link.reference.strip_prefix('@').is_some_and(is_citation);
    citation.then(|| (CowStr::from(format!("cite:{}", link.reference)), CowStr::from("")))
}

/// `key`, or `key; @other`.
fn is_citation(rest: &str) -> bool {
    let key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_.:".contains(c));
    let mut keys = rest.split(';');
    keys.next().is_some_and(|first| key(first.trim()))
        && keys.all(|other| other.trim().strip_prefix('@').is_some_and(key))
}

/// Reads the Markdown that begins at the byte `body`.
pub(super) fn outline(source: SourceId, text: &str, body: usize, html: HtmlPolicy, findings: &mut Findings) -> Outline {
    let mut builder = OutlineBuilder {
        source,
        text,
        html,
        has_references: text.contains("&#"),
        findings,
        outline: Outline::default(),
        ids: Ids::default(),
        heading: None,
        lead: Lead::Ahead,
        depth: 0,
        blocks: 0,
        in_code: false,
        open_tags: OpenTags::default(),
        inline_tags: OpenTags::default(),
    };
    for (event, range) in events(slice(text, body..)) {
        if !builder.event(&event, body + range.start..body + range.end) {
            break;
        }
    }
    let open = std::mem::take(&mut builder.open_tags);
    builder.unclosed_tags(open);
    let mut outline = builder.outline;
    outline.headings.shrink_to_fit();
    let mut by_id: Vec<(&Heading, u32)> = outline.headings.iter().zip(0..).collect();
    by_id.sort_by_key(|(heading, _)| &heading.id);
    outline.by_id = by_id.into_iter().map(|(_, at)| at).collect();
    outline.anchors.sort_unstable();
    outline.links.shrink_to_fit();
    outline.lead.shrink_to_fit();
    outline
}

/// A finding where the Markdown that begins at the byte `body` has more than [`MAX_SIGNS`]. Counted are the signs that begin
/// or end a part of a text, and the ends of lines.
pub(super) fn too_many_signs(source: SourceId, text: &str, body: usize) -> Option<Diagnostic> {
    let is_end = |byte: u8| matches!(byte, b'\n' | b'\r');
    let is_sign = |byte: u8| is_end(byte) || byte.is_ascii_punctuation() && !b".,;'?%$/@".contains(&byte);
    if text.len() <= MAX_SIGNS {
        return None;
    }
    let before = std::iter::once(b' ').chain(text.bytes());
    // `1.` begins an item.
    let is_number = |byte: u8, before: u8| byte == b'.' && before.is_ascii_digit();
    let pairs = text.bytes().zip(before).enumerate().skip(body);
    let mut signs = pairs.filter(|&(_, (byte, before))| is_sign(byte) || is_number(byte, before));
    let (at, _) = signs.nth(MAX_SIGNS)?;
    let message = format!("more than {MAX_SIGNS} signs of Markdown in one file");
    Some(Diagnostic::new(&code::TOO_LARGE, Span::new(source, at..at + 1), message).help("divide it into several files"))
}

/// Whether the first paragraph is still to come, being read, or read.
#[derive(PartialEq)]
enum Lead {
    Ahead,
    Inside,
    Read,
}

/// Builds the outline from the events of the parser.
struct OutlineBuilder<'a, 'f> {
    source: SourceId,
    text: &'a str,
    html: HtmlPolicy,
    /// Whether any character may be written as a number.
    has_references: bool,
    findings: &'f mut Findings,
    outline: Outline,
    ids: Ids,
    heading: Option<OpenHeading>,
    lead: Lead,
    depth: usize,
    /// Blocks begun at the top level.
    blocks: usize,
    in_code: bool,
    /// Raw tags that are open on the page, and in the paragraph.
    open_tags: OpenTags,
    inline_tags: OpenTags,
}

struct OpenHeading {
    level: u8,
    id: Option<String>,
    text: String,
    range: Range<usize>,
    is_title: bool,
}

impl OutlineBuilder<'_, '_> {
    /// Takes one event; false ends the reading.
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) -> bool {
        match event {
            Event::Start(tag) => return self.start(tag, range),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => {
                if !self.in_code {
                    self.referred(text, &range);
                }
                self.unknown_footnote(text, &range);
                self.unclosed_wiki_link(&range);
                self.words(text);
            }
            Event::Code(text) => self.words(text),
            Event::SoftBreak | Event::HardBreak => self.words(" "),
            Event::InlineHtml(html) => self.raw_html(html, range.start, false),
            _ => {}
        }
        true
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) -> bool {
        if self.depth == 0 {
            self.blocks += 1;
        }
        self.depth += 1;
        if self.depth > DEPTH {
            let span = Span::new(self.source, range.start..range.start);
            let message = format!("Markdown nested deeper than {DEPTH} levels");
            self.findings.push(Diagnostic::new(&code::TOO_DEEP, span, message).help("use fewer levels"));
            return false;
        }
        match tag {
            Tag::Heading { level, id, .. } => {
                let is_title = *level == HeadingLevel::H1 && self.blocks == 1 && self.depth == 1;
                let id = id.as_ref().map(ToString::to_string);
                self.heading = Some(OpenHeading { level: *level as u8, id, text: String::new(), range, is_title });
            }
            Tag::Paragraph if self.depth == 1 && self.lead == Lead::Ahead => self.lead = Lead::Inside,
            Tag::Link { link_type, dest_url, title, .. } => {
                self.referred(dest_url, &range);
                self.referred(title, &range);
                self.link(*link_type, dest_url, &range, LinkForm::Markdown);
            }
            Tag::Image { link_type, dest_url, title, .. } => {
                self.referred(dest_url, &range);
                self.referred(title, &range);
                self.link(*link_type, dest_url, &range, LinkForm::Image);
            }
            Tag::HtmlBlock => self.raw_html(slice(self.text, range.clone()), range.start, true),
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                if let CodeBlockKind::Fenced(info) = kind {
                    let line = slice(self.text, range.clone()).find('\n').map_or(range.end, |end| range.start + end);
                    self.referred(info, &(range.start..line));
                }
            }
            _ => {}
        }
        true
    }

    fn end(&mut self, tag: TagEnd) {
        self.depth -= 1;
        if self.depth == 0 {
            let open = std::mem::take(&mut self.inline_tags);
            self.unclosed_tags(open);
        }
        match tag {
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::Paragraph if self.depth == 0 && self.lead == Lead::Inside => self.lead = Lead::Read,
            _ => {}
        }
    }

    fn end_heading(&mut self) {
        let Some(open) = self.heading.take() else { return };
        let span = Span::new(self.source, open.range.clone());
        let text = At::new(open.text.trim().to_owned(), span);
        let most = if open.is_title { yaml::MAX_NAME } else { MAX_HEADING };
        let text = yaml::within(text, most, "the heading", self.findings).value;
        if open.is_title {
            self.outline.title = Some(text);
            return;
        }
        if self.outline.headings.len() == MAX_HEADINGS {
            let message = format!("more than {MAX_HEADINGS} headings, which is as many as a page takes");
            self.findings.push(Diagnostic::new(&code::TOO_LARGE, span, message).help("divide it into several pages"));
        }
        if self.outline.headings.len() > MAX_HEADINGS {
            return;
        }
        let id = match open.id {
            Some(id) => {
                if !self.ids.claim(&id) {
                    let message = format!("the id `{id}` is taken by an earlier heading");
                    let finding = Diagnostic::new(&code::DUPLICATE_ANCHOR, span, message);
                    self.findings.push(finding.help("choose another id, or leave it out"));
                }
                id
            }
            None => self.ids.of(&text),
        };
        self.outline.headings.push(Heading { level: open.level, id, text, span });
    }

    fn words(&mut self, text: &str) {
        self.outline.words += count_words(text);
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
        if self.lead == Lead::Inside && self.outline.lead.len() < LEAD && !text.starts_with('@') {
            self.outline.lead.push_str(text);
        }
    }

    /// Reports references to what cannot be shown, where `said` is what these bytes say.
    fn referred(&mut self, said: &str, range: &Range<usize>) {
        if self.has_references {
            super::control::referred(self.source, self.text, range.clone(), said, self.findings);
        }
    }

    /// A reference without its note reaches us as text: `[`, `^name`, `]`.
    fn unknown_footnote(&mut self, text: &str, range: &Range<usize>) {
        let before = slice(self.text, ..range.start);
        let around = (before.ends_with('['), slice(self.text, range.end..).starts_with(']'));
        let Some(name) = text.strip_prefix('^').filter(|name| !name.is_empty() && around == (true, true)) else {
            return;
        };
        if !name.contains(char::is_whitespace) && !before.ends_with("\\[") {
            let span = Span::new(self.source, range.start - 1..range.end + 1);
            let message = format!("the footnote `{name}` is not written");
            let finding = Diagnostic::new(&code::UNKNOWN_FOOTNOTE, span, message);
            self.findings.push(finding.help(format!("write it on a line of its own: `[^{name}]: …`")));
        }
    }

    /// Reports raw tags that are still open.
    fn unclosed_tags(&mut self, open: OpenTags) {
        for (name, at) in open.unclosed() {
            let span = Span::new(self.source, at..at + name.len() + 1);
            let finding = Diagnostic::new(&code::UNCLOSED_TAG, span, format!("`<{name}>` is never closed"));
            self.findings.push(finding.help(format!("write `</{name}>` where it ends")));
        }
    }

    /// `[[name]`, which the parser hands over as text.
    fn unclosed_wiki_link(&mut self, range: &Range<usize>) {
        let Some(rest) = slice(self.text, range.start..).strip_prefix("[[") else { return };
        let is_code = slice(self.text, ..range.start).ends_with(['[', '\\', '`']);
        let end = rest.find(['[', ']', '\n', '"', '=', '$']);
        let Some((name, after)) = end.and_then(|end| rest.split_at_checked(end)) else { return };
        let closes = after.starts_with(']') && !after.starts_with("]]") && !after.starts_with("](");
        if closes && !is_code && name.starts_with(char::is_alphanumeric) && !self.in_code {
            let span = Span::new(self.source, range.start..range.start + name.len() + 3);
            let message = format!("`[[{name}]` is shown as text: a wiki link ends with two brackets");
            let finding = Diagnostic::new(&code::UNCLOSED_WIKI_LINK, span, message);
            self.findings.push(finding.fix("close it", span, format!("[[{name}]]")));
        }
    }

    fn link(&mut self, link_type: LinkType, target: &CowStr<'_>, range: &Range<usize>, form: LinkForm) {
        let (form, target) = match link_type {
            // In a table the bar between name and label is written `\|`.
            LinkType::WikiLink { .. } if form == LinkForm::Markdown => {
                (LinkForm::Wiki, target.trim_end_matches('\\').trim_end())
            }
            LinkType::ShortcutUnknown => (LinkForm::Citation, target.strip_prefix("cite:").unwrap_or(target)),
            LinkType::Email => return,
            _ => (form, target.as_ref()),
        };
        let span = target_span(self.source, self.text, range, form, target);
        if matches!(form, LinkForm::Markdown | LinkForm::Image) && !scheme_allowed(target) {
            let message = format!("`{target}` has a scheme that is not allowed");
            let finding = Diagnostic::new(&code::UNSAFE_LINK, span, message);
            self.findings.push(finding.help("link to http, https, mailto, tel or a file of this site"));
            return;
        }
        if self.outline.links.len() == MAX_LINKS {
            let message = format!("more than {MAX_LINKS} links, which is as many as are followed on one page");
            self.findings.push(Diagnostic::new(&code::TOO_LARGE, span, message).help("divide the page into several"));
        }
        if self.outline.links.len() > MAX_LINKS {
            return;
        }
        self.outline.links.push(LinkUse { at: range.start, end: range.end, span, form, target: target.to_owned() });
    }

    fn raw_html(&mut self, html: &str, start: usize, is_block: bool) {
        let comments = raw_html::comments(html);
        self.outline.comments.extend(comments.iter().map(|comment| start + comment.start..start + comment.end));
        let last = comments.last().filter(|comment| comment.end == html.len() && !html.ends_with("-->"));
        if let Some(comment) = last {
            let span = Span::new(self.source, start + comment.start..start + comment.start + 4);
            let finding = Diagnostic::new(&code::UNCLOSED_TAG, span, "a comment that is never closed");
            self.findings.push(finding.help("write `-->` where it ends; what follows in the block is not shown"));
        }
        let said = raw_html::without_comments(html);
        let shown = match self.html {
            HtmlPolicy::Allow => {
                self.outline.anchors.extend(raw_html::ids(&said));
                false
            }
            HtmlPolicy::Escape => said.contains('<'),
            HtmlPolicy::Sanitise => !raw_html::is_harmless(&said),
        };
        match self.html {
            HtmlPolicy::Allow => self.open_tags.read(html, start),
            // What opens inside a paragraph ends with it.
            HtmlPolicy::Sanitise if raw_html::is_harmless(&said) && is_block => self.open_tags.read(html, start),
            HtmlPolicy::Sanitise if raw_html::is_harmless(&said) => self.inline_tags.read(html, start),
            HtmlPolicy::Sanitise | HtmlPolicy::Escape => {}
        }
        // Only what opens is reported: a `</b>` belongs to a `<b>` that has been.
        if !shown || said.trim_start().starts_with("</") {
            return;
        }
        let first_line = html.lines().next().unwrap_or_default().trim_end();
        let span = Span::new(self.source, start..start + first_line.len());
        let finding = Diagnostic::new(&code::RAW_HTML, span, "raw HTML is shown as text");
        self.findings.push(finding.help("write it in Markdown, or see `html` in site.yaml: `sanitise` or `allow`"));
    }
}

/// How many runs of anything but white space a text has.
fn count_words(text: &str) -> usize {
    if !text.is_ascii() {
        return text.split_whitespace().count();
    }
    let (mut count, mut inside) = (0, false);
    for byte in text.bytes() {
        // With the vertical tab, which is white space to Unicode and not to `is_ascii_whitespace`.
        let letter = !matches!(byte, b' ' | b'\t'..=b'\r');
        count += usize::from(letter && !inside);
        inside = letter;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::count_words;

    #[test]
    fn words_are_counted_alike_in_every_script() {
        for text in ["", " ", "a", " two words ", "a\tb\u{b}c\r\nd  e", "x\u{1c}y", "größe und\u{a0}länge"] {
            assert_eq!(count_words(text), text.split_whitespace().count(), "{text:?}");
        }
    }
}
