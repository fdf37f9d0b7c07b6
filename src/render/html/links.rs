//! Links, citations and pictures: what their targets become in HTML.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, TagEnd};

use super::{Writer, plain_text};
use crate::link::Target;
use crate::render::escape::{attribute, fragment, href};
use crate::strings::key;

impl<'a> Writer<'a, '_> {
    pub(super) fn start_link(
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
            Target::Page { page, anchor, word } => {
                let fragment = anchor.as_ref().map_or(String::new(), |id| format!("#{}", fragment(id)));
                self.open_link(&format!("{}{fragment}", self.view.url(*page)), "", title);
                if unnamed {
                    let word = word.as_ref().map(|word| self.view.config().typography.set(word).into_owned());
                    self.replace_text(word.unwrap_or_else(|| self.view.site[*page].title.clone()), rest);
                }
            }
            Target::File { path, rest } => {
                let url = format!("{}{rest}", self.view.config().base.link(&crate::model::encode_path(path)));
                self.open_link(&url, "", title);
            }
            Target::Glossary(entry) => self.glossary_link(*entry),
            Target::Here(id) => self.open_link(&format!("#{}", fragment(id)), "", title),
            Target::External => {
                let outside = written.starts_with("//") || written.to_ascii_lowercase().starts_with("http");
                self.open_link(written, if outside { " class=\"external\" rel=\"noopener\"" } else { "" }, title);
            }
            Target::Citations(_) => self.citations(range, rest),
            Target::Wrong(_) => {
                self.raw("<span class=\"broken\">");
                self.closers.push("</span>");
            }
        }
    }

    /// Begins a link; of an address that may not be one, the words stay without it.
    pub(super) fn open_link(&mut self, url: &str, attributes: &str, title: &str) {
        let Some(url) = href(url) else {
            self.closers.push("");
            return;
        };
        let mut tag = format!("<a href=\"{url}\"");
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

    #[expect(clippy::indexing_slicing, reason = "a link names an entry by its position, which the model gave")]
    fn glossary_link(&mut self, at: usize) {
        let entry = &self.view.site.glossary()[at];
        let url = format!("{}#{}", self.view.config().base.link("/glossary/"), fragment(&entry.anchor));
        self.raw(format!("<a class=\"term\" href=\"{}\">", attribute(&url)));
        self.closers.push("</a>");
    }

    pub(super) fn citations(
        &mut self,
        range: &Range<usize>,
        rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) {
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
        for (at, cited) in keys.iter().filter_map(|(_, cited)| *cited).enumerate() {
            let number = self.references.cite(cited);
            let label = attribute(&self.view.strings().fill(key!("reference"), &[("number", &number)]));
            // Two that touch are hard to hit.
            let space = if at == 0 { "" } else { " " };
            self.raw(format!("{space}<a class=\"cite\" href=\"#ref:{number}\" aria-label=\"{label}\">[{number}]</a>"));
        }
    }

    pub(super) fn image(
        &mut self,
        written: &str,
        title: &str,
        range: &Range<usize>,
        rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) {
        let alt = plain_text(rest, |event| matches!(event, Event::End(TagEnd::Image)));
        let url = match self.view.links.target(self.at, range.start) {
            Some(Target::File { path, rest }) => {
                format!("{}{rest}", self.view.config().base.link(&crate::model::encode_path(path)))
            }
            Some(Target::External) => written.to_owned(),
            _ => String::new(),
        };
        let Some(url) = href(&url).filter(|url| !url.is_empty()) else {
            self.out.push(Event::Text(alt.into()));
            return;
        };
        let mut tag = format!("<img src=\"{url}\" alt=\"{}\"", attribute(&alt));
        if !title.is_empty() {
            write!(tag, " title=\"{}\"", attribute(title)).expect("writing to a string cannot fail");
        }
        tag.push_str(" loading=\"lazy\">");
        self.raw(tag);
    }
}
