//! Segments in, the dictionary out: all words in order, each with its postings on all pages.
//!
//! Sort-based inversion ends in a merge of runs; here the dictionary is cut into partitions by the alphabet, each
//! merged by itself, so that only the postings of a few are in memory at a time; before and after they wait in the
//! spill. In a partition the words of all segments are interned and their postings brought into order by a counting
//! sort, so that hardly any two texts are ever compared.
#![expect(
    clippy::indexing_slicing,
    reason = "words and partitions are named by their positions, and what is read back is what this build wrote"
)]

use pagefind_stem::Stemmer;
use rayon::prelude::*;

use super::SEGMENT;
use super::impact::coarse;
use super::interner::Interner;
use super::segment::{Postings, Segment, TERM_MARK, for_each_word, range};
use super::tokenizer::Token;
use super::varint::write_varint;
use crate::failure::Failure;
use crate::source::slice;
use crate::spill::Spill;

/// Consecutive words of the dictionary; their postings are in the spill.
pub(super) struct Partition {
    words: String,
    word_ends: Vec<u32>,
    /// The stem of each word, which all forms of its stem class share; empty where there is none.
    pub(super) stems: Vec<Box<str>>,
    columns: [StoredColumn; 3],
}

/// One kind of postings of all words of a partition: where they begin, and where those of each word end.
struct StoredColumn {
    start: u64,
    ends: Box<[u32]>,
}

/// The postings of consecutive words, in three columns.
#[derive(Debug, Default)]
pub(super) struct PostingsColumns {
    /// The distances between the numbers of the pages of each word, as varints (d-gaps).
    pub(super) gaps: Vec<u8>,
    /// An impact for each page.
    pub(super) impacts: Vec<u8>,
    /// Where each word stands on its pages; nothing of a word that is too common to be sought by its positions.
    pub(super) positions: Vec<u8>,
}

/// One word of the dictionary, and how many bytes it has in each of the [`PostingsColumns`].
#[derive(Clone, Copy)]
pub(super) struct DictionaryEntry<'a> {
    pub(super) text: &'a str,
    pub(super) gaps: usize,
    /// As many as the word has pages.
    pub(super) impacts: usize,
    pub(super) positions: usize,
}

/// Into how many partitions the dictionary is cut at the most.
const PARTITIONS: usize = 64;

/// A word in more than a quarter of the pages, on a site with more pages than this, has coarse impacts.
const COARSE_ABOVE: usize = 1000;

/// Such a word has no positions if they took more bytes than this.
const MAX_COMMON_POSITIONS: usize = 32 * 1024;

/// Merges segments; the partitions together hold all words in order.
pub(super) fn partitions(
    segments: &[Segment],
    stemmer: Option<&Stemmer>,
    spill: &dyn Spill,
) -> Result<Vec<Partition>, Failure> {
    let bounds = bounds(segments);
    (0..bounds.len() + 1)
        .into_par_iter()
        .with_min_len(PARTITIONS / 8)
        .map_init(Merger::default, |merger, at| {
            let low = at.checked_sub(1).map_or(&[][..], |before| &*bounds[before]);
            let high = bounds.get(at).map(|bound| &**bound);
            merger.read(segments, low, high, spill)?;
            merger.partition(segments.iter().map(Segment::pages).sum(), stemmer, spill)
        })
        .collect()
}

/// The postings of these words, each given by its partition and its index there.
pub(super) fn read_columns(
    partitions: &[Partition],
    words: &[(usize, usize)],
    spill: &dyn Spill,
) -> Result<PostingsColumns, Failure> {
    let mut columns = PostingsColumns::default();
    for run in words.chunk_by(|a, b| (a.0, a.1 + 1) == *b) {
        let (partition, first, last) = (&partitions[run[0].0], run[0].1, run[run.len() - 1].1);
        for (column, into) in
            partition.columns.iter().zip([&mut columns.gaps, &mut columns.impacts, &mut columns.positions])
        {
            let (start, end) = (range(&column.ends, first).start, range(&column.ends, last).end);
            let there = into.len();
            into.resize(there + end - start, 0);
            spill.read_at(column.start + start as u64, &mut into[there..])?;
        }
    }
    Ok(columns)
}

/// Words that cut the dictionary into partitions of about one size, as the richest segment has it.
fn bounds(segments: &[Segment]) -> Vec<Vec<u8>> {
    let Some(richest) = segments.iter().max_by_key(|segment| segment.first_words().count()) else { return Vec::new() };
    let blocks = richest.first_words().count();
    let mut bounds: Vec<Vec<u8>> =
        richest.first_words().skip(1).step_by(blocks.div_ceil(PARTITIONS).max(1)).map(<[u8]>::to_vec).collect();
    bounds.dedup();
    bounds
}

/// Where the postings of a word in a segment begin: the word by its number in the partition, the segment by its index.
#[derive(Clone, Copy, Default)]
struct PostingsRef {
    word: u32,
    segment: u32,
    postings: u32,
}

/// Merges partitions, one after the other in the same memory.
#[derive(Default)]
struct Merger {
    interner: Interner,
    bytes: Vec<u8>,
    found: Vec<PostingsRef>,
    by_word: Vec<PostingsRef>,
    columns: PostingsColumns,
}

impl Merger {
    /// Reads the words from `low` up to `high`, and finds their postings.
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
            let ((start, length), before) = (at.blocks_between(low, high), bytes.len());
            bytes.resize(before + length, 0);
            spill.read_at(start, &mut bytes[before..])?;
            for_each_word(&bytes[before..], low, high, |word, postings| {
                let postings = self::length(bytes.len() - postings.len());
                found.push(PostingsRef { word: interner.intern(Token::of(word)), segment, postings });
            });
        }
        Ok(())
    }

    /// Makes a partition of what was found, on so many pages.
    fn partition(&mut self, pages: usize, stemmer: Option<&Stemmer>, spill: &dyn Spill) -> Result<Partition, Failure> {
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
        by_word.resize(found.len(), PostingsRef::default());
        for &found in &*found {
            let slot = &mut next[found.word as usize];
            by_word[*slot as usize] = found;
            *slot += 1;
        }
        let (mut partition, mut word) = (PartitionWriter::new(columns), Vec::new());
        for number in order {
            word.clear();
            interner.write(number, &mut word);
            let word = str::from_utf8(&word).expect("words are whole in their blocks");
            partition.add(word, &by_word[range(&next, number as usize)], bytes, pages);
            let is_word = word.chars().next().is_some_and(|first| first > TERM_MARK);
            let stem = stemmer.filter(|_| is_word).map(|stemmer| stemmer.stem(word).into());
            partition.stems.push(stem.unwrap_or_default());
        }
        partition.finish(spill)
    }
}

impl Partition {
    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.word_ends.len()
    }

    /// The word at an index.
    pub(super) fn word(&self, at: usize) -> DictionaryEntry<'_> {
        let [gaps, impacts, positions] = &self.columns;
        DictionaryEntry {
            text: slice(&self.words, range(&self.word_ends, at)),
            gaps: range(&gaps.ends, at).len(),
            impacts: range(&impacts.ends, at).len(),
            positions: range(&positions.ends, at).len(),
        }
    }

    /// A partition of words that have all pages, each with an impact for every page.
    ///
    /// # Errors
    /// If the spill will not have them.
    pub(super) fn of_all<'a>(
        words: impl Iterator<Item = (&'a str, Vec<u8>)>,
        spill: &dyn Spill,
    ) -> Result<Self, Failure> {
        let mut columns = PostingsColumns::default();
        let mut partition = PartitionWriter::new(&mut columns);
        for (word, impacts) in words {
            let PostingsColumns { gaps, impacts: all, .. } = &mut *partition.columns;
            gaps.resize(gaps.len() + impacts.len(), 1);
            all.extend_from_slice(&impacts);
            partition.push(word);
            partition.stems.push(Box::default());
        }
        partition.finish(spill)
    }
}

/// Writes a partition.
struct PartitionWriter<'a> {
    words: String,
    word_ends: Vec<u32>,
    stems: Vec<Box<str>>,
    columns: &'a mut PostingsColumns,
    ends: [Vec<u32>; 3],
}

impl<'a> PartitionWriter<'a> {
    /// A writer that uses these columns' memory.
    fn new(columns: &'a mut PostingsColumns) -> Self {
        for column in [&mut columns.gaps, &mut columns.impacts, &mut columns.positions] {
            column.clear();
        }
        Self { words: String::new(), word_ends: Vec::new(), stems: Vec::new(), columns, ends: Default::default() }
    }

    /// Adds a word that was found in these segments, with its postings among the bytes.
    fn add(&mut self, word: &str, found: &[PostingsRef], bytes: &[u8], pages: usize) {
        let PostingsColumns { gaps, impacts: all_impacts, positions: all_positions } = &mut *self.columns;
        let (first_impact, first_position) = (all_impacts.len(), all_positions.len());
        let mut before = 0;
        for found in found {
            let Postings { pages: mut rest, impacts, positions } = Postings::parse(&bytes[found.postings as usize..]);
            while rest > 0 {
                let page = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                // Numbers begin at one, so that no distance is zero.
                let id = found.segment as usize * SEGMENT + page + 1;
                write_varint(gaps, u32::try_from(id - before).expect("fewer pages than numbers"));
                before = id;
            }
            all_impacts.extend_from_slice(impacts);
            all_positions.extend_from_slice(positions);
        }
        if (all_impacts.len() - first_impact) * 4 > pages {
            if pages > COARSE_ABOVE {
                all_impacts[first_impact..].iter_mut().for_each(|impact| *impact = coarse(*impact));
            }
            if all_positions.len() - first_position > MAX_COMMON_POSITIONS {
                all_positions.truncate(first_position);
            }
        }
        self.push(word);
    }

    /// Ends a word.
    fn push(&mut self, word: &str) {
        self.words.push_str(word);
        self.word_ends.push(length(self.words.len()));
        let PostingsColumns { gaps, impacts, positions } = &*self.columns;
        for (ends, column) in self.ends.iter_mut().zip([gaps, impacts, positions]) {
            ends.push(length(column.len()));
        }
    }

    /// Leaves the postings to the spill.
    fn finish(self, spill: &dyn Spill) -> Result<Partition, Failure> {
        let PostingsColumns { gaps, impacts, positions } = &*self.columns;
        let [gaps, impacts, positions] = [gaps, impacts, positions].map(|column| spill.append(column));
        let starts = [gaps?, impacts?, positions?];
        let mut ends = self.ends.into_iter().map(Vec::into_boxed_slice);
        let columns = starts.map(|start| StoredColumn { start, ends: ends.next().unwrap_or_default() });
        let (mut words, mut word_ends) = (self.words, self.word_ends);
        words.shrink_to_fit();
        word_ends.shrink_to_fit();
        Ok(Partition { words, word_ends, stems: self.stems, columns })
    }
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("a partition is smaller than four gigabytes")
}

#[cfg(test)]
mod tests {
    use super::super::IndexPage;
    use super::super::inverter::Inverter;
    use super::*;
    use crate::spill::InMemory;

    const TAKES_ALL: &str = "memory takes all";

    #[test]
    fn pages_are_counted_through_all_segments() {
        let page = |title: &str| IndexPage { title: title.to_owned(), ..IndexPage::default() };
        let full: Vec<IndexPage> = (0..SEGMENT).map(|at| page(if at == 3 { "rye" } else { "oat" })).collect();
        let segments = [&full[..], &[page("oat"), page("rye")]];
        let spill = InMemory::default();
        let segments =
            segments.map(|pages| Inverter::default().segment(pages, String::new(), &spill).expect(TAKES_ALL));
        let partitions = partitions(&segments, None, &spill).expect(TAKES_ALL);
        let mut words = partitions
            .iter()
            .enumerate()
            .flat_map(|(partition, words)| (0..words.len()).map(move |at| (partition, at)));
        let rye =
            words.find(|&(partition, at)| partitions[partition].word(at).text == "rye").expect("the word is there");
        let PostingsColumns { gaps, impacts, positions } = read_columns(&partitions, &[rye], &spill).expect(TAKES_ALL);
        assert_eq!((gaps, impacts.len(), positions), (vec![4, 62], 2, vec![1, 1, 1, 1]));
        let DictionaryEntry { gaps, impacts, positions, .. } = partitions[rye.0].word(rye.1);
        assert_eq!((gaps, impacts, positions), (2, 2, 4));
    }
}
