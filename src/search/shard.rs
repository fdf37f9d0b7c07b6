//! Consecutive words in, one file of the index out, and one of their places.
//!
//! A shard begins with the length of a text, in bytes, and that text: a line for each word, without what it shares with
//! the one before, and then the words of other shards that are forms of it. Then, column by column: how much each word
//! shares, how many words back a form of the same word stands (0: none), how many pages it has; then all page numbers
//! as distances, then all impacts. What is alike stands together, since gzip works best so: text, numbers and impacts have
//! a deflate block each.
//! In the file of places every word has its length in bytes, then for each of its pages how often it stands there and
//! the distances between its places.

use super::code::{number, shared};
use super::merge::{Columns, Word};

/// A word and its kin: the next words before and after it, in the whole index, that have its stem.
pub(super) struct Entry<'a> {
    pub(super) word: Word<'a>,
    pub(super) before: Option<usize>,
    pub(super) after: Option<usize>,
}

/// Writes the words from `first` on with their postings; `word_at` gives any word of the index. The shard, and the places
/// of its words. The shard comes in columns of which each is to be packed by itself.
pub(super) fn write<'a>(
    first: usize,
    entries: &[Entry<'a>],
    postings: Columns,
    word_at: impl Fn(usize) -> &'a str,
) -> ([Vec<u8>; 3], Vec<u8>) {
    let mut text = String::new();
    let all = first..first + entries.len();
    let mut columns: [Vec<u8>; 3] = Default::default();
    let (mut places, mut before) = (Vec::with_capacity(postings.places.len() + entries.len() * 2), "");
    let mut rest = &*postings.places;
    for (at, entry) in entries.iter().enumerate() {
        let word = entry.word;
        let (bytes, units) = shared(before, word.text);
        if at > 0 {
            text.push('\n');
        }
        text.push_str(&word.text[bytes..]);
        for other in [entry.before, entry.after].into_iter().flatten().filter(|other| !all.contains(other)) {
            text.push(' ');
            text.push_str(word_at(other));
        }
        let back = entry.before.filter(|other| all.contains(other)).map_or(0, |other| first + at - other);
        for (column, value) in columns.iter_mut().zip([units, back, word.impacts]) {
            number(column, u32::try_from(value).expect("a shard is smaller than four gigabytes"));
        }
        number(&mut places, u32::try_from(word.places).expect("a shard is smaller than four gigabytes"));
        let (own, after) = rest.split_at(word.places);
        places.extend_from_slice(own);
        rest = after;
        before = word.text;
    }
    let mut lines = Vec::new();
    number(&mut lines, u32::try_from(text.len()).expect("a shard is smaller than four gigabytes"));
    lines.extend_from_slice(text.as_bytes());
    let distances = [columns.concat().as_slice(), &postings.docs].concat();
    ([lines, distances, postings.impacts], places)
}

#[cfg(test)]
mod tests {
    use super::super::code::take_number;
    use super::super::reader::Reader;
    use super::super::{Page, Section, merge, stem};
    use super::*;
    use crate::spill::InMemory;

    const TAKES_ALL: &str = "memory takes all";

    /// Reads a shard back: a line for each word, with how far back its kin stands, its pages, and its kin elsewhere.
    fn read(mut rest: &[u8]) -> String {
        let size = take_number(&mut rest) as usize;
        let text = std::str::from_utf8(&rest[..size]).expect("words are text").to_owned();
        rest = &rest[size..];
        let lines: Vec<&str> = text.split('\n').collect();
        let mut column = || lines.iter().map(|_| take_number(&mut rest) as usize).collect::<Vec<_>>();
        let [shares, back, count] = [column(), column(), column()];
        let mut word = String::new();
        let mut shown = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let (front, far) = line.split_once(' ').unwrap_or((line, ""));
            word = format!("{}{front}", word.chars().take(shares[at]).collect::<String>());
            let mut page = 0;
            let pages = (0..count[at]).map(|_| {
                page += take_number(&mut rest);
                (page - 1).to_string()
            });
            shown.push(format!("{word} -{} {} [{far}]", back[at], pages.collect::<Vec<_>>().join(" ")));
        }
        assert_eq!(rest.len(), count.iter().sum::<usize>(), "an impact for every posting is left");
        shown.join("\n")
    }

    #[track_caller]
    fn check(texts: &[&str], cut: (usize, usize), expected: &str) {
        let page = |text: &&str| {
            let sections = vec![Section { text: (*text).to_owned(), ..Section::default() }];
            Page { sections, ..Page::default() }
        };
        let pages: Vec<Page> = texts.iter().map(page).collect();
        let spill = InMemory::default();
        let segment = Reader::default().segment(&pages, String::new(), &spill).expect(TAKES_ALL);
        let tables = merge::tables(&[segment], stem::stemmer("en").as_ref(), &spill).expect(TAKES_ALL);
        let order: Vec<(usize, usize)> =
            tables.iter().enumerate().flat_map(|(table, words)| (0..words.len()).map(move |at| (table, at))).collect();
        let words: Vec<_> =
            order.iter().map(|&(table, at)| (tables[table].word(at), &*tables[table].stems[at])).collect();
        let entries: Vec<Entry<'_>> = (0..words.len())
            .map(|at| Entry {
                word: words[at].0,
                before: (0..at).rev().find(|&other| words[other].1 == words[at].1),
                after: (at + 1..words.len()).find(|&other| words[other].1 == words[at].1),
            })
            .collect();
        let postings = merge::columns(&tables, &order[cut.0..cut.1], &spill).expect(TAKES_ALL);
        let (shard, _) = write(cut.0, &entries[cut.0..cut.1], postings, |at| words[at].0.text);
        assert_eq!(read(&shard.concat()), expected);
    }

    #[test]
    fn a_shard_comes_back_as_it_was() {
        check(
            &["bake baked", "rye", "baked größe"],
            (0, 4),
            "bake -0 0 []\nbaked -1 0 2 []\ngrosse -0 2 []\nrye -0 1 []",
        );
    }

    #[test]
    fn kin_in_another_shard_is_named() {
        check(&["bake baked", "baking"], (1, 3), "baked -0 0 [bake]\nbaking -1 1 []");
    }
}
