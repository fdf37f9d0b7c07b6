//! Consecutive words in, a shard of the index out, and a file of their positions.
//!
//! A shard begins with the length of a text, in bytes, and that text: a line for each word without what it shares with
//! the one before (front coding), and then the words of other shards that are forms of it. Then, column by column: how
//! much each word shares, how many words back a form of the same word stands (0: none), how many pages it has; then all
//! page numbers as d-gaps, then all impacts. What is alike stands together, since gzip works best so: text, numbers and
//! impacts have a deflate block each. In the file of positions every word has its length in bytes, then for each of its
//! pages how often it stands there and the distances between its positions.

use super::merge::{DictionaryEntry, PostingsColumns};
use super::varint::write_varint;
use crate::source::slice;

/// A word, and the next words before and after it in the whole dictionary that are of its stem class.
pub(super) struct ShardEntry<'a> {
    pub(super) word: DictionaryEntry<'a>,
    pub(super) previous_form: Option<usize>,
    pub(super) next_form: Option<usize>,
}

/// Encodes the words from `first` on with their postings; `word_at` gives any word of the dictionary. The shard, and
/// the positions of its words. The shard comes in columns of which each is to be packed by itself.
pub(super) fn encode<'a>(
    first: usize,
    entries: &[ShardEntry<'a>],
    postings: PostingsColumns,
    word_at: impl Fn(usize) -> &'a str,
) -> ([Vec<u8>; 3], Vec<u8>) {
    let mut text = String::new();
    let all = first..first + entries.len();
    let mut columns: [Vec<u8>; 3] = Default::default();
    let (mut positions, mut before) = (Vec::with_capacity(postings.positions.len() + entries.len() * 2), "");
    let mut rest = &*postings.positions;
    for (at, entry) in entries.iter().enumerate() {
        let word = entry.word;
        let (bytes, units) = common_prefix(before, word.text);
        if at > 0 {
            text.push('\n');
        }
        text.push_str(slice(word.text, bytes..));
        for other in [entry.previous_form, entry.next_form].into_iter().flatten().filter(|other| !all.contains(other)) {
            text.push(' ');
            text.push_str(word_at(other));
        }
        let back = entry.previous_form.filter(|other| all.contains(other)).map_or(0, |other| first + at - other);
        for (column, value) in columns.iter_mut().zip([units, back, word.impacts]) {
            write_varint(column, u32::try_from(value).expect("a shard is smaller than four gigabytes"));
        }
        write_varint(&mut positions, u32::try_from(word.positions).expect("a shard is smaller than four gigabytes"));
        let (own, after) = rest.split_at(word.positions);
        positions.extend_from_slice(own);
        rest = after;
        before = word.text;
    }
    let mut lines = Vec::new();
    write_varint(&mut lines, u32::try_from(text.len()).expect("a shard is smaller than four gigabytes"));
    lines.extend_from_slice(text.as_bytes());
    let numbers = [columns.concat().as_slice(), &postings.gaps].concat();
    ([lines, numbers, postings.impacts], positions)
}

/// How much of the front of `word` stands in `before` already: in bytes, and in UTF-16 units as scripts count.
pub(super) fn common_prefix(before: &str, word: &str) -> (usize, usize) {
    let same = before.chars().zip(word.chars()).take_while(|(a, b)| a == b);
    same.fold((0, 0), |(bytes, units), (c, _)| (bytes + c.len_utf8(), units + c.len_utf16()))
}

#[cfg(test)]
mod tests {
    use super::super::inverter::Inverter;
    use super::super::varint::read_varint;
    use super::super::{IndexPage, IndexSection, merge, stem};
    use super::*;
    use crate::spill::InMemory;

    const TAKES_ALL: &str = "memory takes all";

    /// Reads a shard back: a line for each word, with how far back a form of it stands, its pages, and its forms
    /// elsewhere.
    fn read(mut rest: &[u8]) -> String {
        let size = read_varint(&mut rest) as usize;
        let text = std::str::from_utf8(&rest[..size]).expect("words are text").to_owned();
        rest = &rest[size..];
        let lines: Vec<&str> = text.split('\n').collect();
        let mut column = || lines.iter().map(|_| read_varint(&mut rest) as usize).collect::<Vec<_>>();
        let [shares, back, count] = [column(), column(), column()];
        let mut word = String::new();
        let mut shown = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let (front, far) = line.split_once(' ').unwrap_or((line, ""));
            word = format!("{}{front}", word.chars().take(shares[at]).collect::<String>());
            let mut page = 0;
            let pages = (0..count[at]).map(|_| {
                page += read_varint(&mut rest);
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
            let sections = vec![IndexSection { text: (*text).to_owned(), ..IndexSection::default() }];
            IndexPage { sections, ..IndexPage::default() }
        };
        let pages: Vec<IndexPage> = texts.iter().map(page).collect();
        let spill = InMemory::default();
        let segment = Inverter::default().segment(&pages, String::new(), &spill).expect(TAKES_ALL);
        let partitions = merge::partitions(&[segment], stem::stemmer("en").as_ref(), &spill).expect(TAKES_ALL);
        let order: Vec<(usize, usize)> = partitions
            .iter()
            .enumerate()
            .flat_map(|(partition, words)| (0..words.len()).map(move |at| (partition, at)))
            .collect();
        let words: Vec<_> = order
            .iter()
            .map(|&(partition, at)| (partitions[partition].word(at), &*partitions[partition].stems[at]))
            .collect();
        let entries: Vec<ShardEntry<'_>> = (0..words.len())
            .map(|at| ShardEntry {
                word: words[at].0,
                previous_form: (0..at).rev().find(|&other| words[other].1 == words[at].1),
                next_form: (at + 1..words.len()).find(|&other| words[other].1 == words[at].1),
            })
            .collect();
        let postings = merge::read_columns(&partitions, &order[cut.0..cut.1], &spill).expect(TAKES_ALL);
        let (shard, _) = encode(cut.0, &entries[cut.0..cut.1], postings, |at| words[at].0.text);
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
    fn a_form_in_another_shard_is_named() {
        check(&["bake baked", "baking"], (1, 3), "baked -0 0 [bake]\nbaking -1 1 []");
    }

    #[test]
    fn the_common_prefix_ends_between_letters() {
        assert_eq!(common_prefix("größe", "größer"), (7, 5));
        assert_eq!(common_prefix("𝒜b", "𝒜c"), (4, 2));
        assert_eq!(common_prefix("é", "è"), (0, 0));
    }
}
