//! Pages in, the files that results are shown from: title, link, terms, and the text that excerpts are cut from.
//!
//! Where several pages share a file of texts, such a file is large: there the first results are shown from cards, which
//! say the same of more pages but without their texts.

use serde::Serialize;

use super::code::json;
use super::{PARTS, Page};
use crate::hash::Hashing;
use crate::output::{Body, Output};

/// Excerpts come from so many bytes of a page; what follows can be found, but a reader should not have to fetch it.
const LONGEST: usize = 20_000;

/// How many pages share a file of cards.
pub(super) const CARDS: usize = 16;

/// A page as the engine reads it: `[url, title, look, label, terms, summary, [[id, heading, text]…]]`.
#[derive(Serialize)]
struct Text<'a>(&'a str, &'a str, &'a str, &'a str, Vec<&'a str>, &'a str, Vec<(&'a str, &'a str, &'a str)>);

/// The files of consecutive pages, and what their names begin with: all are called after the content of all of them,
/// so that the root has one name for many files.
pub(super) fn files(pages: &[Page], per_file: usize) -> (Vec<Output>, String) {
    let mut hash = Hashing::new();
    let files: Vec<Vec<u8>> = pages
        .chunks(per_file)
        .map(|pages| json(&pages.iter().map(text).collect::<Vec<Text<'_>>>()))
        .inspect(|json| hash.update(json))
        .collect();
    let name = hash.finish().short();
    let output = |at: usize, what: &str, json: Vec<u8>| Output {
        path: format!("{PARTS}{name}/{at}{what}.json"),
        body: Body::Bytes(json),
    };
    let cards =
        pages.chunks(CARDS).filter(|_| per_file > 1).map(|pages| json(&pages.iter().map(card).collect::<Vec<_>>()));
    let cards = cards.enumerate().map(|(at, json)| output(at, "c", json));
    let outputs = files.into_iter().enumerate().map(|(at, json)| output(at, "", json)).chain(cards).collect();
    (outputs, name)
}

fn card(page: &Page) -> Text<'_> {
    let terms = page.terms.iter().map(|(key, _)| key.as_str()).collect();
    Text(&page.url, &page.title, page.look, &page.label, terms, &page.summary, Vec::new())
}

fn text(page: &Page) -> Text<'_> {
    let mut left = LONGEST;
    let sections = page.sections.iter().map(|section| {
        let text = front(&section.text, left);
        left -= text.len();
        (section.id.as_str(), section.title.as_str(), text)
    });
    let mut text = card(page);
    text.6 = sections.collect();
    text
}

/// The front of a text, at most so many bytes of it.
fn front(text: &str, longest: usize) -> &str {
    let end = (0..=longest.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_letters() {
        assert_eq!(front("größe", 3), "gr");
        assert_eq!(front("größe", 4), "grö");
        assert_eq!(front("", 4), "");
    }

    #[test]
    fn names_change_with_any_text_of_the_segment() {
        let page = |title: &str| Page { title: title.to_owned(), ..Page::default() };
        let (one, name) = files(&[page("a"), page("b"), page("c")], 2);
        let (other, changed) = files(&[page("a"), page("b"), page("d")], 2);
        assert_eq!((one.len(), other.len()), (3, 3), "two files of texts, one of cards");
        assert_ne!(name, changed);
        assert_eq!(one[0].body, other[0].body);
        assert_eq!(one[1].path, format!("{PARTS}{name}/1.json"));
    }
}
