//! Raw HTML by the site's policy: shown as text, cut down to harmless tags in pairs, or passed through.

use std::ops::Range;

use pulldown_cmark::{Event, TagEnd};

use super::{Writer, plain_text};
use crate::config::HtmlPolicy;
use crate::parse::raw_html;

/// Raw tags in each other beyond this are text: every end is looked for among all that are open.
const MAX_OPEN_TAGS: usize = 100;

impl<'a> Writer<'a, '_> {
    pub(super) fn html_block(&mut self, rest: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) {
        let html = plain_text(rest, |event| matches!(event, Event::End(TagEnd::HtmlBlock)));
        let html = raw_html::without_comments(&html);
        match self.view.config().html {
            HtmlPolicy::Allow => self.out.push(Event::Html(html.into_owned().into())),
            HtmlPolicy::Sanitise => self.harmless(&html),
            HtmlPolicy::Escape => self.paragraph(&html),
        }
    }

    pub(super) fn raw_html(&mut self, html: &str) {
        let html = raw_html::without_comments(html);
        match self.view.config().html {
            HtmlPolicy::Allow => self.out.push(Event::InlineHtml(html.into_owned().into())),
            HtmlPolicy::Sanitise => self.harmless(&html),
            HtmlPolicy::Escape => self.out.push(Event::Text(html.into_owned().into())),
        }
    }

    /// Lets harmless tags through, in pairs; whatever has no partner is text.
    fn harmless(&mut self, html: &str) {
        for piece in raw_html::pieces(html) {
            match piece {
                raw_html::Piece::Text(text) if self.depth == 0 && self.open_tags.is_empty() => self.paragraph(text),
                raw_html::Piece::Text(text) => self.out.push(Event::Text(text.to_owned().into())),
                raw_html::Piece::Open("br") => self.raw("<br>"),
                raw_html::Piece::Open(name) if self.open_tags.len() == MAX_OPEN_TAGS => {
                    self.out.push(Event::Text(format!("<{name}>").into()));
                }
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

    pub(super) fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.raw("<p>");
            self.out.push(Event::Text(text.trim_end().to_owned().into()));
            self.raw("</p>\n");
        }
    }

    pub(super) fn close_tags(&mut self, ends: impl Fn(&(&'static str, usize)) -> bool) {
        let at = self.open_tags.iter().position(ends).unwrap_or(self.open_tags.len());
        self.close_tags_from(at);
    }

    pub(super) fn close_tags_from(&mut self, at: usize) {
        for (name, _) in self.open_tags.split_off(at).into_iter().rev() {
            self.raw(format!("</{name}>"));
        }
    }
}
