//! Segments in, one table of all words out: each with all its pages in order.
//!
//! The alphabet is cut into ranges, which are merged at the same time. In a range the words of all segments are
//! numbered and brought into order by counting, so that hardly any two texts are ever compared.

use pagefind_stem::Stemmer;
use rayon::prelude::*;

use super::SEGMENT;
use super::code::number;
use super::impact::coarse;
use super::intern::Interner;
use super::segment::{Segment, TERM, range};

/// Consecutive words with their postings, in flat arrays.
#[derive(Default)]
pub(super) struct Table {
    words: String,
    word_ends: Vec<u32>,
    /// What words have in common that are forms of each other.
    pub(super) stems: Vec<Box<str>>,
    /// The distances between the pages of each word, then their impacts.
    docs: Vec<u8>,
    doc_ends: Vec<u32>,
    impacts: Vec<u8>,
    impact_ends: Vec<u32>,
    places: Vec<u8>,
    place_ends: Vec<u32>,
}

/// One word of a table.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) docs: &'a [u8],
    /// As many as the word has pages.
    pub(super) impacts: &'a [u8],
    /// Empty for a word that is too common to be sought by its place.
    pub(super) places: &'a [u8],
}

/// How many ranges are merged at the same time.
const RANGES: usize = 64;

/// A word in more than a quarter of the pages, on a site with more pages than this, has coarse impacts.
const FEW: usize = 1000;

/// Such a word has no places if they took more bytes than this.
const MANY_PLACES: usize = 32 * 1024;

/// Merges segments; the tables together hold all words in order.
pub(super) fn tables(segments: &[Segment], stemmer: Option<&Stemmer>) -> Vec<Table> {
    let bounds = bounds(segments);
    (0..=bounds.len())
        .into_par_iter()
        .map(|at| {
            let low = at.checked_sub(1).map_or("", |before| bounds[before]);
            table(segments, low, bounds.get(at).copied(), stemmer)
        })
        .collect()
}

/// Words that cut the alphabet into ranges of about one size, as the richest segment has it.
fn bounds(segments: &[Segment]) -> Vec<&str> {
    let Some(richest) = segments.iter().max_by_key(|segment| segment.len()) else { return Vec::new() };
    let mut bounds: Vec<&str> =
        (1..RANGES).map(|at| at * richest.len() / RANGES).filter(|&at| at > 0).map(|at| richest.word(at)).collect();
    bounds.dedup();
    bounds
}

/// Merges the words from `low` up to `high`.
fn table(segments: &[Segment], low: &str, high: Option<&str>, stemmer: Option<&Stemmer>) -> Table {
    let mut interner = Interner::default();
    // For each word of each segment: its number here, the segment, its position there.
    let mut found: Vec<(u32, u32, u32)> = Vec::new();
    for (segment, at) in (0..).zip(segments) {
        let start = first_from(at, low);
        let end = high.map_or(at.len(), |high| first_from(at, high));
        for word in start..end {
            let position = u32::try_from(word).expect("a segment has fewer words");
            found.push((interner.number(at.word(word)), segment, position));
        }
    }
    let words = interner.sorted();
    let mut rank = vec![0_usize; words.len()];
    for (at, (_, number)) in words.iter().enumerate() {
        rank[*number as usize] = at;
    }
    let mut ends = vec![0_usize; words.len() + 1];
    for &(number, ..) in &found {
        ends[rank[number as usize] + 1] += 1;
    }
    for at in 1..ends.len() {
        ends[at] += ends[at - 1];
    }
    let (starts, mut next) = (ends.clone(), ends);
    let mut by_word = vec![(0, 0); found.len()];
    for &(number, segment, position) in &found {
        let slot = &mut next[rank[number as usize]];
        by_word[*slot] = (segment as usize, position as usize);
        *slot += 1;
    }
    let pages = segments.iter().map(|segment| segment.titles.len()).sum();
    let mut table = Table::default();
    for (at, (word, _)) in words.iter().enumerate() {
        table.add(word, segments, &by_word[starts[at]..starts[at + 1]], pages);
        let is_word = word.chars().next().is_some_and(|first| first > TERM);
        let stem = stemmer.filter(|_| is_word).map(|stemmer| stemmer.stem(word).into());
        table.stems.push(stem.unwrap_or_default());
    }
    table
}

/// The position of the first word of a segment that is not before `bound`.
fn first_from(segment: &Segment, bound: &str) -> usize {
    let (mut low, mut high) = (0, segment.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if segment.word(middle) < bound { low = middle + 1 } else { high = middle }
    }
    low
}

impl Table {
    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.word_ends.len()
    }

    /// The word at a position.
    pub(super) fn word(&self, at: usize) -> Word<'_> {
        Word {
            text: &self.words[range(&self.word_ends, at)],
            docs: &self.docs[range(&self.doc_ends, at)],
            impacts: &self.impacts[range(&self.impact_ends, at)],
            places: &self.places[range(&self.place_ends, at)],
        }
    }

    /// Adds a word that stands at these positions of these segments.
    fn add(&mut self, word: &str, segments: &[Segment], found: &[(usize, usize)], pages: usize) {
        let (first_impact, first_place) = (self.impacts.len(), self.places.len());
        let mut before = 0;
        for &(segment, at) in found {
            let postings = segments[segment].postings(at);
            for &page in postings.pages {
                // Numbers begin at one, so that no distance is zero.
                let doc = segment * SEGMENT + usize::from(page) + 1;
                number(&mut self.docs, u32::try_from(doc - before).expect("fewer pages than numbers"));
                before = doc;
            }
            self.impacts.extend_from_slice(postings.impacts);
            self.places.extend_from_slice(postings.places);
        }
        if (self.impacts.len() - first_impact) * 4 > pages {
            if pages > FEW {
                self.impacts[first_impact..].iter_mut().for_each(|impact| *impact = coarse(*impact));
            }
            if self.places.len() - first_place > MANY_PLACES {
                self.places.truncate(first_place);
            }
        }
        self.push(word);
    }

    /// Ends a word.
    fn push(&mut self, word: &str) {
        let length = |length: usize| u32::try_from(length).expect("a range is smaller than four gigabytes");
        self.words.push_str(word);
        self.word_ends.push(length(self.words.len()));
        self.doc_ends.push(length(self.docs.len()));
        self.impact_ends.push(length(self.impacts.len()));
        self.place_ends.push(length(self.places.len()));
    }

    /// A table of words that have all pages, each with an impact for every page.
    pub(super) fn of_all<'a>(words: impl Iterator<Item = (&'a str, Vec<u8>)>) -> Self {
        let mut table = Self::default();
        for (word, impacts) in words {
            table.docs.resize(table.docs.len() + impacts.len(), 1);
            table.impacts.extend_from_slice(&impacts);
            table.push(word);
            table.stems.push(Box::default());
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::super::Page;
    use super::*;

    #[test]
    fn pages_are_counted_through_all_segments() {
        let page = |title: &str| Page { title: title.to_owned(), ..Page::default() };
        let full: Vec<Page> = (0..SEGMENT).map(|at| page(if at == 3 { "rye" } else { "oat" })).collect();
        let segments = [Segment::of(&full, String::new()), Segment::of(&[page("oat"), page("rye")], String::new())];
        let tables = tables(&segments, None);
        let words = tables.iter().flat_map(|table| (0..table.len()).map(|at| table.word(at)));
        let rye = words.into_iter().find(|word| word.text == "rye").expect("the word is there");
        assert_eq!((rye.docs, rye.impacts.len(), rye.places), (&[4, 62][..], 2, &[1, 1, 1, 1][..]));
    }
}
