//! Footnotes: gathered at the end, in the order of their first reference, each with links back. Ids that we make hold a
//! colon, which no heading's id does.

use std::collections::HashMap;
use std::fmt::Write as _;

use pulldown_cmark::{Event, TagEnd, html};

use super::Writer;
use crate::render::escape::attribute;
use crate::strings::key;

/// Footnotes in the order in which the text first refers to them.
#[derive(Default)]
pub(super) struct Footnotes<'a> {
    pub(super) numbers: HashMap<String, (usize, usize)>,
    /// What each definition says.
    pub(super) texts: HashMap<String, Vec<Event<'a>>>,
    pub(super) order: Vec<String>,
    /// The text that was interrupted by a definition, and the definition's name.
    pub(super) outer: Option<(Vec<Event<'a>>, String)>,
}

impl Writer<'_, '_> {
    pub(super) fn footnote_reference(&mut self, name: &str) {
        let next = self.notes.order.len() + 1;
        let (number, uses) = self.notes.numbers.entry(name.to_owned()).or_insert((next, 0));
        *uses += 1;
        let (number, uses) = (*number, *uses);
        if uses == 1 {
            self.notes.order.push(name.to_owned());
        }
        let again = if uses == 1 { String::new() } else { format!("-{uses}") };
        let label = attribute(&self.view.strings().fill(key!("footnote"), &[("number", &number)]));
        self.raw(format!(
            "<sup><a class=\"footnote-ref\" href=\"#fn:{number}\" id=\"fnref:{number}{again}\" aria-label=\"{label}\">{number}</a></sup>"
        ));
    }

    /// Writes the notes that the text refers to.
    pub(super) fn write_footnotes(&mut self, into: &mut String) {
        if self.notes.order.is_empty() {
            return;
        }
        let strings = self.view.strings();
        let title = attribute(strings.say(key!("footnotes")));
        writeln!(into, "<section class=\"footnotes\" aria-label=\"{title}\"><ol>")
            .expect("writing to a string cannot fail");
        for name in &self.notes.order {
            let Some(&(number, uses)) = self.notes.numbers.get(name) else { continue };
            write!(into, "<li id=\"fn:{number}\">").expect("writing to a string cannot fail");
            let mut text = self.notes.texts.remove(name).unwrap_or_default();
            // The arrows stand at the end of its last line.
            let end = text.pop_if(|event| *event == Event::End(TagEnd::Paragraph)).map_or("</li>\n", |_| "</p></li>\n");
            html::push_html(into, text.into_iter());
            for again in 1..=uses {
                let place = if again == 1 { String::new() } else { format!("-{again}") };
                let label = match uses {
                    1 => strings.fill(key!("back-to-footnote"), &[("number", &number)]),
                    _ => strings.fill(key!("back-to-footnote-place"), &[("number", &number), ("place", &again)]),
                };
                let label = attribute(&label);
                write!(into, " <a class=\"back\" href=\"#fnref:{number}{place}\" aria-label=\"{label}\">↩</a>")
                    .expect("writing to a string cannot fail");
            }
            into.push_str(end);
        }
        into.push_str("</ol></section>\n");
    }
}
