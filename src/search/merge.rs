//! Segments in, one table of all words out: each with all its pages in order.
//!
//! The alphabet is cut into ranges, of which some are merged at the same time; what of the segments lies before the next
//! ones is let go, so that postings are never held twice. In a range the words of all segments are numbered and brought
//! into order by counting, so that hardly any two texts are ever compared.

use pagefind_stem::Stemmer;
use rayon::prelude::*;

use super::SEGMENT;
use super::code::number;
use super::impact::coarse;
use super::intern::Interner;
use super::segment::{Postings, Segment, TERM, range};
use super::words::Cut;

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

/// Into how many ranges the alphabet is cut at the most, and how many are merged before their postings are let go.
const RANGES: usize = 64;
const AT_ONCE: usize = 8;

/// A word in more than a quarter of the pages, on a site with more pages than this, has coarse impacts.
const FEW: usize = 1000;

/// Such a word has no places if they took more bytes than this.
const MANY_PLACES: usize = 32 * 1024;

/// Merges segments; the tables together hold all words in order.
pub(super) fn tables(mut segments: Vec<Segment>, stemmer: Option<&Stemmer>) -> Vec<Table> {
    let bounds = bounds(&segments);
    let ranges: Vec<(&[u8], Option<&[u8]>)> = (0..=bounds.len())
        .map(|at| (at.checked_sub(1).map_or(&[][..], |before| &*bounds[before]), bounds.get(at).map(|bound| &**bound)))
        .collect();
    let mut tables = Vec::with_capacity(ranges.len());
    for ranges in ranges.chunks(AT_ONCE) {
        tables.par_extend(ranges.par_iter().map(|&(low, high)| table(&segments, low, high, stemmer)));
        if let Some((_, Some(high))) = ranges.last() {
            segments.par_iter_mut().for_each(|segment| segment.forget(high));
        }
    }
    tables
}

/// Words that cut the alphabet into ranges of about one size, as the richest segment has it.
fn bounds(segments: &[Segment]) -> Vec<Vec<u8>> {
    let Some(richest) = segments.iter().max_by_key(|segment| segment.first_words().count()) else { return Vec::new() };
    let blocks = richest.first_words().count();
    let mut bounds: Vec<Vec<u8>> =
        richest.first_words().skip(1).step_by(blocks.div_ceil(RANGES).max(1)).map(<[u8]>::to_vec).collect();
    bounds.dedup();
    bounds
}

/// A word of a range, by its number there, in a segment, by its position, with its postings.
#[derive(Clone, Copy)]
struct Found<'a> {
    word: u32,
    segment: u32,
    postings: &'a [u8],
}

/// Merges the words from `low` up to `high`.
fn table(segments: &[Segment], low: &[u8], high: Option<&[u8]>, stemmer: Option<&Stemmer>) -> Table {
    let mut interner = Interner::default();
    let mut found: Vec<Found<'_>> = Vec::new();
    for (segment, at) in (0..).zip(segments) {
        at.each(low, high, |word, postings| {
            found.push(Found { word: interner.number(Cut::of(word)), segment, postings });
        });
    }
    let order = interner.sorted();
    let mut next = vec![0_u32; order.len() + 1];
    for found in &found {
        next[found.word as usize + 1] += 1;
    }
    for at in 1..next.len() {
        next[at] += next[at - 1];
    }
    let none = Found { word: 0, segment: 0, postings: &[] };
    let mut by_word = vec![none; found.len()];
    for found in found {
        let slot = &mut next[found.word as usize];
        by_word[*slot as usize] = found;
        *slot += 1;
    }
    let pages = segments.iter().map(Segment::pages).sum();
    let (mut table, mut word) = (Table::default(), Vec::new());
    for number in order {
        word.clear();
        interner.write(number, &mut word);
        let word = str::from_utf8(&word).expect("words are whole in their blocks");
        table.add(word, &by_word[range(&next, number as usize)], pages);
        let is_word = word.chars().next().is_some_and(|first| first > TERM);
        let stem = stemmer.filter(|_| is_word).map(|stemmer| stemmer.stem(word).into());
        table.stems.push(stem.unwrap_or_default());
    }
    table.shrink();
    table
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

    /// Adds a word that was found in these segments.
    fn add(&mut self, word: &str, found: &[Found<'_>], pages: usize) {
        let (first_impact, first_place) = (self.impacts.len(), self.places.len());
        let mut before = 0;
        for found in found {
            let Postings { pages: mut rest, impacts, places } = Postings::of(found.postings);
            while rest > 0 {
                let page = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                // Numbers begin at one, so that no distance is zero.
                let doc = found.segment as usize * SEGMENT + page + 1;
                number(&mut self.docs, u32::try_from(doc - before).expect("fewer pages than numbers"));
                before = doc;
            }
            self.impacts.extend_from_slice(impacts);
            self.places.extend_from_slice(places);
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

    /// Gives back memory that no word has taken.
    fn shrink(&mut self) {
        self.words.shrink_to_fit();
        self.docs.shrink_to_fit();
        self.impacts.shrink_to_fit();
        self.places.shrink_to_fit();
        for ends in [&mut self.word_ends, &mut self.doc_ends, &mut self.impact_ends, &mut self.place_ends] {
            ends.shrink_to_fit();
        }
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
    use super::super::segment::Reader;
    use super::*;

    #[test]
    fn pages_are_counted_through_all_segments() {
        let page = |title: &str| Page { title: title.to_owned(), ..Page::default() };
        let full: Vec<Page> = (0..SEGMENT).map(|at| page(if at == 3 { "rye" } else { "oat" })).collect();
        let segments = [&full[..], &[page("oat"), page("rye")]];
        let segments = segments.map(|pages| Reader::default().segment(pages, String::new()));
        let tables = tables(segments.into(), None);
        let words = tables.iter().flat_map(|table| (0..table.len()).map(|at| table.word(at)));
        let rye = words.into_iter().find(|word| word.text == "rye").expect("the word is there");
        assert_eq!((rye.docs, rye.impacts.len(), rye.places), (&[4, 62][..], 2, &[1, 1, 1, 1][..]));
    }
}
