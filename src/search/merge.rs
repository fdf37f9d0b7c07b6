//! Segments in, one table of all words out: each with all its pages in order.
//!
//! The alphabet is cut into ranges, each merged by itself, so that only the postings of a few are in memory at a time;
//! before and after they wait in the spill. In a range the words of all segments are numbered and brought into order by
//! counting, so that hardly any two texts are ever compared.

use pagefind_stem::Stemmer;
use rayon::prelude::*;

use super::SEGMENT;
use super::code::number;
use super::impact::coarse;
use super::intern::Interner;
use super::segment::{Postings, Segment, TERM, each, range};
use super::words::Cut;
use crate::failure::Failure;
use crate::spill::Spill;

/// Consecutive words; their postings are in the spill.
pub(super) struct Table {
    words: String,
    word_ends: Vec<u32>,
    /// What words have in common that are forms of each other.
    pub(super) stems: Vec<Box<str>>,
    columns: [Column; 3],
}

/// One kind of postings of all words of a table: where they begin, and where those of each word end.
struct Column {
    start: u64,
    ends: Box<[u32]>,
}

/// The postings of consecutive words, in three columns.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// The distances between the pages of each word.
    pub(super) docs: Vec<u8>,
    /// An impact for each page.
    pub(super) impacts: Vec<u8>,
    /// Where each word stands on its pages; nothing of a word that is too common to be sought by its place.
    pub(super) places: Vec<u8>,
}

/// One word of a table, and how many bytes it has in each of the [`Columns`].
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) docs: usize,
    /// As many as the word has pages.
    pub(super) impacts: usize,
    pub(super) places: usize,
}

/// Into how many ranges the alphabet is cut at the most.
const RANGES: usize = 64;

/// A word in more than a quarter of the pages, on a site with more pages than this, has coarse impacts.
const FEW: usize = 1000;

/// Such a word has no places if they took more bytes than this.
const MANY_PLACES: usize = 32 * 1024;

/// Merges segments; the tables together hold all words in order.
pub(super) fn tables(
    segments: &[Segment],
    stemmer: Option<&Stemmer>,
    spill: &dyn Spill,
) -> Result<Vec<Table>, Failure> {
    let bounds = bounds(segments);
    (0..bounds.len() + 1)
        .into_par_iter()
        .with_min_len(RANGES / 8)
        .map_init(Merger::default, |merger, at| {
            let low = at.checked_sub(1).map_or(&[][..], |before| &*bounds[before]);
            let high = bounds.get(at).map(|bound| &**bound);
            merger.read(segments, low, high, spill)?;
            merger.table(segments.iter().map(Segment::pages).sum(), stemmer, spill)
        })
        .collect()
}

/// The postings of words that stand, table by table and word by word, at these places.
pub(super) fn columns(tables: &[Table], words: &[(usize, usize)], spill: &dyn Spill) -> Result<Columns, Failure> {
    let mut columns = Columns::default();
    for run in words.chunk_by(|a, b| (a.0, a.1 + 1) == *b) {
        let (table, first, last) = (&tables[run[0].0], run[0].1, run[run.len() - 1].1);
        for (column, into) in table.columns.iter().zip([&mut columns.docs, &mut columns.impacts, &mut columns.places]) {
            let (start, end) = (range(&column.ends, first).start, range(&column.ends, last).end);
            let there = into.len();
            into.resize(there + end - start, 0);
            spill.read(column.start + start as u64, &mut into[there..])?;
        }
    }
    Ok(columns)
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

/// A word of a range, by its number there, in a segment, by its position, and where its postings begin.
#[derive(Clone, Copy, Default)]
struct Found {
    word: u32,
    segment: u32,
    postings: u32,
}

/// Merges ranges of words, one after the other in the same memory.
#[derive(Default)]
struct Merger {
    interner: Interner,
    bytes: Vec<u8>,
    found: Vec<Found>,
    by_word: Vec<Found>,
    columns: Columns,
}

impl Merger {
    /// Finds the words from `low` up to `high`.
    fn read(
        &mut self,
        segments: &[Segment],
        low: &[u8],
        high: Option<&[u8]>,
        spill: &dyn Spill,
    ) -> Result<(), Failure> {
        let Self { interner, bytes, found, .. } = self;
        interner.clear();
        bytes.clear();
        found.clear();
        for (segment, at) in (0..).zip(segments) {
            let ((start, length), before) = (at.blocks_of(low, high), bytes.len());
            bytes.resize(before + length, 0);
            spill.read(start, &mut bytes[before..])?;
            each(&bytes[before..], low, high, |word, postings| {
                let postings = self::length(bytes.len() - postings.len());
                found.push(Found { word: interner.number(Cut::of(word)), segment, postings });
            });
        }
        Ok(())
    }

    /// Makes a table of what was found, on so many pages.
    fn table(&mut self, pages: usize, stemmer: Option<&Stemmer>, spill: &dyn Spill) -> Result<Table, Failure> {
        let Self { interner, bytes, found, by_word, columns } = self;
        let order = interner.sorted();
        let mut next = vec![0_u32; order.len() + 1];
        for found in &*found {
            next[found.word as usize + 1] += 1;
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        by_word.clear();
        by_word.resize(found.len(), Found::default());
        for &found in &*found {
            let slot = &mut next[found.word as usize];
            by_word[*slot as usize] = found;
            *slot += 1;
        }
        let (mut table, mut word) = (Writer::new(columns), Vec::new());
        for number in order {
            word.clear();
            interner.write(number, &mut word);
            let word = str::from_utf8(&word).expect("words are whole in their blocks");
            table.add(word, &by_word[range(&next, number as usize)], bytes, pages);
            let is_word = word.chars().next().is_some_and(|first| first > TERM);
            let stem = stemmer.filter(|_| is_word).map(|stemmer| stemmer.stem(word).into());
            table.stems.push(stem.unwrap_or_default());
        }
        table.finish(spill)
    }
}

impl Table {
    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.word_ends.len()
    }

    /// The word at a position.
    pub(super) fn word(&self, at: usize) -> Word<'_> {
        let [docs, impacts, places] = &self.columns;
        Word {
            text: &self.words[range(&self.word_ends, at)],
            docs: range(&docs.ends, at).len(),
            impacts: range(&impacts.ends, at).len(),
            places: range(&places.ends, at).len(),
        }
    }

    /// A table of words that have all pages, each with an impact for every page.
    ///
    /// # Errors
    /// If the spill will not have them.
    pub(super) fn of_all<'a>(
        words: impl Iterator<Item = (&'a str, Vec<u8>)>,
        spill: &dyn Spill,
    ) -> Result<Self, Failure> {
        let mut columns = Columns::default();
        let mut table = Writer::new(&mut columns);
        for (word, impacts) in words {
            let Columns { docs, impacts: all, .. } = &mut *table.columns;
            docs.resize(docs.len() + impacts.len(), 1);
            all.extend_from_slice(&impacts);
            table.push(word);
            table.stems.push(Box::default());
        }
        table.finish(spill)
    }
}

/// Writes a table.
struct Writer<'a> {
    words: String,
    word_ends: Vec<u32>,
    stems: Vec<Box<str>>,
    columns: &'a mut Columns,
    ends: [Vec<u32>; 3],
}

impl<'a> Writer<'a> {
    /// A writer that uses these columns' memory.
    fn new(columns: &'a mut Columns) -> Self {
        for column in [&mut columns.docs, &mut columns.impacts, &mut columns.places] {
            column.clear();
        }
        Self { words: String::new(), word_ends: Vec::new(), stems: Vec::new(), columns, ends: Default::default() }
    }

    /// Adds a word that was found in these segments, with its postings among the bytes.
    fn add(&mut self, word: &str, found: &[Found], bytes: &[u8], pages: usize) {
        let Columns { docs, impacts: all_impacts, places: all_places } = &mut *self.columns;
        let (first_impact, first_place) = (all_impacts.len(), all_places.len());
        let mut before = 0;
        for found in found {
            let Postings { pages: mut rest, impacts, places } = Postings::of(&bytes[found.postings as usize..]);
            while rest > 0 {
                let page = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                // Numbers begin at one, so that no distance is zero.
                let doc = found.segment as usize * SEGMENT + page + 1;
                number(docs, u32::try_from(doc - before).expect("fewer pages than numbers"));
                before = doc;
            }
            all_impacts.extend_from_slice(impacts);
            all_places.extend_from_slice(places);
        }
        if (all_impacts.len() - first_impact) * 4 > pages {
            if pages > FEW {
                all_impacts[first_impact..].iter_mut().for_each(|impact| *impact = coarse(*impact));
            }
            if all_places.len() - first_place > MANY_PLACES {
                all_places.truncate(first_place);
            }
        }
        self.push(word);
    }

    /// Ends a word.
    fn push(&mut self, word: &str) {
        self.words.push_str(word);
        self.word_ends.push(length(self.words.len()));
        let Columns { docs, impacts, places } = &*self.columns;
        for (ends, column) in self.ends.iter_mut().zip([docs, impacts, places]) {
            ends.push(length(column.len()));
        }
    }

    /// Leaves the postings to the spill.
    fn finish(self, spill: &dyn Spill) -> Result<Table, Failure> {
        let Columns { docs, impacts, places } = &*self.columns;
        let [docs, impacts, places] = [docs, impacts, places].map(|column| spill.keep(column));
        let starts = [docs?, impacts?, places?];
        let mut ends = self.ends.into_iter().map(Vec::into_boxed_slice);
        let columns = starts.map(|start| Column { start, ends: ends.next().unwrap_or_default() });
        let (mut words, mut word_ends) = (self.words, self.word_ends);
        words.shrink_to_fit();
        word_ends.shrink_to_fit();
        Ok(Table { words, word_ends, stems: self.stems, columns })
    }
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("a range is smaller than four gigabytes")
}

#[cfg(test)]
mod tests {
    use super::super::Page;
    use super::super::reader::Reader;
    use super::*;
    use crate::spill::InMemory;

    const TAKES_ALL: &str = "memory takes all";

    #[test]
    fn pages_are_counted_through_all_segments() {
        let page = |title: &str| Page { title: title.to_owned(), ..Page::default() };
        let full: Vec<Page> = (0..SEGMENT).map(|at| page(if at == 3 { "rye" } else { "oat" })).collect();
        let segments = [&full[..], &[page("oat"), page("rye")]];
        let spill = InMemory::default();
        let segments = segments.map(|pages| Reader::default().segment(pages, String::new(), &spill).expect(TAKES_ALL));
        let tables = tables(&segments, None, &spill).expect(TAKES_ALL);
        let mut words =
            tables.iter().enumerate().flat_map(|(table, words)| (0..words.len()).map(move |at| (table, at)));
        let rye = words.find(|&(table, at)| tables[table].word(at).text == "rye").expect("the word is there");
        let Columns { docs, impacts, places } = columns(&tables, &[rye], &spill).expect(TAKES_ALL);
        assert_eq!((docs, impacts.len(), places), (vec![4, 62], 2, vec![1, 1, 1, 1]));
        let Word { docs, impacts, places, .. } = tables[rye.0].word(rye.1);
        assert_eq!((docs, impacts, places), (2, 2, 4));
    }
}
