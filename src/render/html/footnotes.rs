//! Footnotes: gathered at the end, in the order of their first reference, each with links back. Ids that we make hold a
//! colon, which no heading's id does.

use std::collections::HashMap;
use std::fmt::Write as _;

use pulldown_cmark::{Event, html};

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
            html::push_html(into, self.notes.texts.remove(name).unwrap_or_default().into_iter());
            for again in 1..=uses {
                let place = if again == 1 { String::new() } else { format!("-{again}") };
                let label = match uses {
                    1 => strings.fill(key!("back-to-footnote"), &[("number", &number)]),
                    _ => strings.fill(key!("back-to-footnote-place"), &[("number", &number), ("place", &again)]),
                };
                let label = attribute(&label);
                write!(into, "<a class=\"back\" href=\"#fnref:{number}{place}\" aria-label=\"{label}\">↩</a> ")
                    .expect("writing to a string cannot fail");
            }
            into.push_str("</li>\n");
        }
        into.push_str("</ol></section>\n");
    }
}
