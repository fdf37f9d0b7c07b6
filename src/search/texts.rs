//! Pages in, the files that results are shown from: title, link, terms, and the text that excerpts are cut from.
//!
//! Where several pages share a file of texts, such a file is large: there the first results are shown from cards, which
//! say the same of more pages but without their texts.

use serde::Serialize;

use super::json::json;
use super::{IndexPage, PARTS};
use crate::hash::Hashing;
use crate::output::{Body, Output};
use crate::source::{floor_char_boundary, slice};

/// Excerpts come from so many bytes of a page; what follows can be found, but a reader should not have to fetch it.
const EXCERPT_BYTES: usize = 20_000;

/// How many pages share a file of cards.
pub(super) const PAGES_PER_CARDS: usize = 16;

/// A page as the engine reads it: `[url, title, look, label, terms, summary, [[id, heading, text]…], also]`.
#[derive(Serialize)]
struct PageText<'a>(
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    Vec<&'a str>,
    &'a str,
    Vec<(&'a str, &'a str, &'a str)>,
    &'a [String],
);

/// The files of consecutive pages, and what their names begin with: all are called after the content of all of them,
/// so that the root has one name for many files.
pub(super) fn files(pages: &[IndexPage], per_file: usize) -> (Vec<Output>, String) {
    let mut hash = Hashing::new();
    let files: Vec<Vec<u8>> = pages
        .chunks(per_file)
        .map(|pages| json(&pages.iter().map(text).collect::<Vec<PageText<'_>>>()))
        .inspect(|json| hash.update(json))
        .collect();
    let name = hash.finish().short();
    let output = |at: usize, what: &str, json: Vec<u8>| Output {
        path: format!("{PARTS}{name}/{at}{what}.json"),
        body: Body::Bytes(json),
    };
    let cards = pages
        .chunks(PAGES_PER_CARDS)
        .filter(|_| per_file > 1)
        .map(|pages| json(&pages.iter().map(card).collect::<Vec<_>>()));
    let cards = cards.enumerate().map(|(at, json)| output(at, "c", json));
    let outputs = files.into_iter().enumerate().map(|(at, json)| output(at, "", json)).chain(cards).collect();
    (outputs, name)
}

fn card(page: &IndexPage) -> PageText<'_> {
    let terms = page.terms.iter().map(|(key, _)| key.as_str()).collect();
    PageText(&page.url, &page.title, page.look, &page.label, terms, &page.summary, Vec::new(), &page.also)
}

fn text(page: &IndexPage) -> PageText<'_> {
    let mut left = EXCERPT_BYTES;
    let sections = page.sections.iter().map(|section| {
        let text = prefix(&section.text, left);
        left -= text.len();
        (section.id.as_str(), section.title.as_str(), text)
    });
    let mut text = card(page);
    text.6 = sections.collect();
    text
}

/// The front of a text, at most so many bytes of it.
fn prefix(text: &str, longest: usize) -> &str {
    slice(text, ..floor_char_boundary(text, longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_letters() {
        assert_eq!(prefix("größe", 3), "gr");
        assert_eq!(prefix("größe", 4), "grö");
        assert_eq!(prefix("", 4), "");
    }

    #[test]
    fn names_change_with_any_text_of_the_segment() {
        let page = |title: &str| IndexPage { title: title.to_owned(), ..IndexPage::default() };
        let (one, name) = files(&[page("a"), page("b"), page("c")], 2);
        let (other, changed) = files(&[page("a"), page("b"), page("d")], 2);
        assert_eq!((one.len(), other.len()), (3, 3), "two files of texts, one of cards");
        assert_ne!(name, changed);
        assert_eq!(one[0].body, other[0].body);
        assert_eq!(one[1].path, format!("{PARTS}{name}/1.json"));
    }
}
