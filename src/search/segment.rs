//! The postings of a run of pages: every word with the pages that have it, its impact on each and its positions there.
//!
//! They wait in a spill until all pages are read, so words are written as tightly as merging them allows. In memory
//! stays where each block of them begins, by which a range of words is found.
//!
//! A block is a run of words. Of each it says how many bytes it shares with the word before in the block, and the rest
//! with its length (front coding); the number of its pages; these, in one byte each or, if they are many, as one bit
//! each; an impact for each page; and the positions with their length. The positions of a word on a page are a count
//! and the distances between them.
#![expect(clippy::indexing_slicing, reason = "lengths stand before what they are of, in bytes that this build wrote")]

use super::varint::read_varint;

/// The postings of consecutive pages.
#[derive(Debug, Default)]
pub(crate) struct Segment {
    /// What the names of its text files begin with.
    pub(super) texts: String,
    /// The title of each page in the form by which titles are sorted.
    pub(super) titles: Vec<String>,
    pub(super) blocks: Vec<Block>,
    /// Where the first block begins in the spill, and how long all of them are together.
    pub(super) start: u64,
    pub(super) length: u32,
}

/// A run of words.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) first_word: Box<[u8]>,
    /// Where it begins among all blocks.
    pub(super) start: u32,
}

/// The postings of one word in a segment.
#[derive(Clone, Copy)]
pub(super) struct Postings<'a> {
    /// A bit for each page, counted from the first of the segment.
    pub(super) pages: u64,
    pub(super) impacts: &'a [u8],
    pub(super) positions: &'a [u8],
}

/// After this mark stand the prefixes, of one to three letters, of the words of titles.
pub(super) const TITLE_MARK: char = '\u{1}';
/// A term's pages stand under its key after this mark.
pub(super) const TERM_MARK: char = '\u{2}';
/// All pages stand under this, the high and the low byte of each one's rank by title in place of impacts.
pub(super) const RANK_WORDS: [&str; 2] = ["\u{3}0", "\u{3}1"];

/// So many pages of a word take fewer bytes as bits.
pub(super) const BITMAP_FROM: usize = 8;

impl Segment {
    /// How many pages there are.
    pub(super) fn pages(&self) -> usize {
        self.titles.len()
    }

    /// The first word of each block.
    pub(super) fn first_words(&self) -> impl Iterator<Item = &[u8]> {
        self.blocks.iter().map(|block| &*block.first_word)
    }

    /// Where the blocks that have words from `low` up to `high` lie in the spill, or all to the end: start and length.
    pub(super) fn blocks_between(&self, low: &[u8], high: Option<&[u8]>) -> (u64, usize) {
        let first = self.blocks.partition_point(|block| *block.first_word <= *low).saturating_sub(1);
        let end = high.map_or(self.blocks.len(), |high| self.blocks.partition_point(|block| *block.first_word < *high));
        let start_of = |at: usize| self.blocks.get(at).map_or(self.length, |block| block.start);
        let start = start_of(first);
        (self.start + u64::from(start), start_of(end.max(first)).saturating_sub(start) as usize)
    }
}

/// Hands over the words from `low` up to `high`, or to the end, of consecutive blocks, each with what
/// [`Postings::parse`] reads.
pub(super) fn for_each_word<'a>(
    mut blocks: &'a [u8],
    low: &[u8],
    high: Option<&[u8]>,
    mut take: impl FnMut(&[u8], &'a [u8]),
) {
    let mut word = Vec::new();
    let mut below = true;
    while !blocks.is_empty() {
        let shared = read_varint(&mut blocks) as usize;
        let length = read_varint(&mut blocks) as usize;
        word.truncate(shared);
        let (letters, postings) = blocks.split_at(length);
        word.extend_from_slice(letters);
        if high.is_some_and(|high| *word >= *high) {
            return;
        }
        blocks = postings;
        Postings::skip(&mut blocks);
        below = below && *word < *low;
        if !below {
            take(&word, postings);
        }
    }
}

impl<'a> Postings<'a> {
    /// Takes postings off the front of `bytes` unread.
    fn skip(bytes: &mut &'a [u8]) {
        let count = read_varint(bytes) as usize;
        *bytes = &bytes[count.min(BITMAP_FROM) + count..];
        let positions = read_varint(bytes) as usize;
        *bytes = &bytes[positions..];
    }

    /// The postings that `bytes` begin with.
    pub(super) fn parse(mut bytes: &'a [u8]) -> Self {
        let count = read_varint(&mut bytes) as usize;
        let (pages, bytes) = bytes.split_at(count.min(BITMAP_FROM));
        let pages = match pages.try_into() {
            Ok(bits) => u64::from_le_bytes(bits),
            Err(_) => pages.iter().fold(0, |pages, &page| pages | 1 << page),
        };
        let (impacts, mut bytes) = bytes.split_at(count);
        let length = read_varint(&mut bytes) as usize;
        Self { pages, impacts, positions: &bytes[..length] }
    }
}

/// The range that ends at the entry `at` of `ends`, where the one before it ends.
pub(super) fn range(ends: &[u32], at: usize) -> std::ops::Range<usize> {
    let start = at.checked_sub(1).map_or(0, |before| ends[before]);
    start as usize..ends[at] as usize
}
