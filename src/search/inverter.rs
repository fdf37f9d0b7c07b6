//! A run of pages in, a segment out, most of it into the spill.
//!
//! Inversion in memory: the occurrences of all words are brought into the order of words by a counting sort, which
//! keeps them in the order of pages and positions that they come in.
#![expect(
    clippy::indexing_slicing,
    reason = "words and pages are named by their numbers, and the lists that count them have an entry for each"
)]

use super::impact::{Field, LengthNorm};
use super::interner::Interner;
use super::segment::{BITMAP_FROM, Block, Segment, TERM_MARK, TITLE_MARK, range};
use super::tokenizer::{FRONT, PositionIncrement, Token, Tokenizer};
use super::varint::write_varint;
use super::{IndexPage, SEGMENT};
use crate::failure::Failure;
use crate::spill::Spill;

/// Between two texts of a page positions have a gap, so that no phrase spans them.
const POSITION_GAP: u32 = 2;

/// After how many bytes another block begins.
const BLOCK_SIZE: usize = 1024;

/// Makes segments of pages, one after the other in the same memory.
#[derive(Debug, Default)]
pub(super) struct Inverter {
    tokenizer: Tokenizer,
    interner: Interner,
    /// Every occurrence on the pages in their order: the number of its word, and beside it where it is.
    words: Vec<u32>,
    occurrences: Vec<Occurrence>,
    pages: Vec<PageImpacts>,
    /// The occurrences in the order of words.
    by_word: Vec<Occurrence>,
    writer: BlockWriter,
}

/// A page that was read.
#[derive(Debug)]
struct PageImpacts {
    norm: LengthNorm,
    /// The impact of a word that stands a few times in plain text and nowhere else.
    plain: [u8; 8],
}

/// Where a word occurs: page, position and field in one number, whose order is that of pages and positions.
#[derive(Debug, Clone, Copy, Default)]
struct Occurrence(u32);

impl Occurrence {
    /// How many bits the field has, and the position. Positions past the four millionth of a page are one.
    const FIELD_BITS: u32 = 4;
    const POSITION_BITS: u32 = 22;
    /// In place of a field: the page belongs to this word without a position, with an impact of its own.
    const NO_FIELD: u32 = 15;

    fn new(page: u32, position: u32, field: Field) -> Self {
        Self(
            page << (Self::POSITION_BITS + Self::FIELD_BITS)
                | position.min((1 << Self::POSITION_BITS) - 1) << Self::FIELD_BITS
                | field as u32,
        )
    }

    fn unpositioned(page: u32, impact: u8) -> Self {
        Self(page << (Self::POSITION_BITS + Self::FIELD_BITS) | u32::from(impact) << Self::FIELD_BITS | Self::NO_FIELD)
    }

    fn page(self) -> u8 {
        u8::try_from(self.0 >> (Self::POSITION_BITS + Self::FIELD_BITS)).expect("six bits")
    }

    /// The position or the impact.
    fn value(self) -> u32 {
        self.0 >> Self::FIELD_BITS & ((1 << Self::POSITION_BITS) - 1)
    }

    /// None without a position.
    fn field(self) -> Option<Field> {
        Field::ALL.get(self.0 as usize & 15).copied()
    }
}

const _: () = assert!(
    Field::ALL.len() <= Occurrence::NO_FIELD as usize
        && SEGMENT <= 1 << (32 - Occurrence::POSITION_BITS - Occurrence::FIELD_BITS)
);

impl Inverter {
    /// Inverts `pages`, whose texts lie in files that are called `texts`.
    ///
    /// # Errors
    /// If the spill will not take what was found.
    pub(super) fn segment(
        &mut self,
        pages: &[IndexPage],
        texts: String,
        spill: &dyn Spill,
    ) -> Result<Segment, Failure> {
        self.interner.clear();
        self.words.clear();
        self.occurrences.clear();
        self.pages.clear();
        for (page, at) in pages.iter().zip(0..) {
            self.page(at, page);
        }
        self.write_blocks();
        let start = spill.append(&self.writer.bytes)?;
        let titles = pages.iter().map(|page| page.title.to_lowercase()).collect();
        let (blocks, length) = self.writer.finish();
        Ok(Segment { texts, titles, blocks, start, length })
    }

    fn page(&mut self, at: u32, page: &IndexPage) {
        let start = self.words.len();
        let mut position = 0;
        let title = self.title(at, &page.title, &mut position);
        for name in &page.also {
            let mut words = 0;
            self.tokenizer.each(name, |_, increment| words += usize::from(increment == PositionIncrement::One));
            self.text(at, name, Field::also(if page.minor { words + 2 } else { words }), &mut position);
        }
        for name in &page.names {
            self.text(at, name, Field::Name, &mut position);
        }
        self.text(at, &page.summary, Field::Summary, &mut position);
        for (_, title) in &page.terms {
            self.text(at, title, Field::Term, &mut position);
        }
        for section in &page.sections {
            self.text(at, &section.title, Field::Heading, &mut position);
            self.text(at, &section.text, Field::Body, &mut position);
        }
        // The title of a minor page counts as a longer one, of which a query covers less.
        let norm = LengthNorm::of(title + if page.minor { 2 } else { 0 }, self.words.len() - start);
        let plain = std::array::from_fn(|count| norm.impact(std::iter::repeat_n(Field::Body, count)));
        self.pages.push(PageImpacts { norm, plain });
        for (key, _) in &page.terms {
            self.add_unpositioned(Token::of(format!("{TERM_MARK}{key}").as_bytes()), Occurrence::unpositioned(at, 0));
        }
        // A facet as a whole is a term without a name.
        let mut facets: Vec<&str> = page.terms.iter().filter_map(|(key, _)| key.split('/').next()).collect();
        facets.dedup();
        for facet in facets {
            let key = format!("{TERM_MARK}{facet}/");
            self.add_unpositioned(Token::of(key.as_bytes()), Occurrence::unpositioned(at, 0));
        }
        for kind in &page.kinds {
            let impact = Occurrence::unpositioned(at, page.weight);
            self.add_unpositioned(Token::of(format!("{TERM_MARK}{kind}").as_bytes()), impact);
        }
        self.title_prefixes(at, &page.title, norm);
    }

    /// Reads a title and gives the number of its words.
    fn title(&mut self, page: u32, title: &str, position: &mut u32) -> usize {
        let start = *position;
        let Self { tokenizer, interner, words, occurrences, .. } = self;
        tokenizer.each(title, |word, increment| {
            *position += u32::from(increment == PositionIncrement::One);
            let field = if *position == start + 1 { Field::TitleStart } else { Field::Title };
            words.push(interner.intern(word));
            occurrences.push(Occurrence::new(page, *position, field));
        });
        let words = *position - start;
        *position += POSITION_GAP;
        words as usize
    }

    fn text(&mut self, page: u32, text: &str, field: Field, position: &mut u32) {
        let Self { tokenizer, interner, words, occurrences, .. } = self;
        tokenizer.each(text, |word, increment| {
            *position += u32::from(increment == PositionIncrement::One);
            words.push(interner.intern(word));
            occurrences.push(Occurrence::new(page, *position, field));
        });
        *position += POSITION_GAP;
    }

    /// Puts the page under the first letters of the words of its title, by which results come from the first key on.
    fn title_prefixes(&mut self, page: u32, title: &str, norm: LengthNorm) {
        let mut found: Vec<(Token<'_>, Field)> = Vec::new();
        let mut first = true;
        self.tokenizer.each(title, |word, _| {
            let field = if first { Field::TitleStart } else { Field::Title };
            first = false;
            // Three letters take twelve bytes at the most, so the front has them and the mark.
            let letters = word.front.to_be_bytes();
            let starts = (1..=word.length.min(13)).filter(|&end| letters[end] & 0xc0 != 0x80);
            for length in starts.take(3) {
                let mut prefix = [0; FRONT];
                prefix[0] = TITLE_MARK as u8;
                prefix[1..=length].copy_from_slice(&letters[..length]);
                let prefix = Token { front: u128::from_be_bytes(prefix), length: length + 1, long: &[] };
                if !found.iter().any(|(before, _)| before.front == prefix.front) {
                    found.push((prefix, field));
                }
            }
        });
        for (prefix, field) in found {
            self.add_unpositioned(prefix, Occurrence::unpositioned(page, norm.impact(std::iter::once(field))));
        }
    }

    /// Adds a posting without positions.
    fn add_unpositioned(&mut self, word: Token<'_>, occurrence: Occurrence) {
        self.words.push(self.interner.intern(word));
        self.occurrences.push(occurrence);
    }

    /// Brings the occurrences from the order of pages into that of words, those of one word in their order, by a
    /// counting sort; gives where those of each word end.
    fn sort_by_word(&mut self) -> Vec<u32> {
        let mut next = vec![0_u32; self.interner.len() + 1];
        for &word in &self.words {
            next[word as usize + 1] += 1;
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        self.by_word.clear();
        self.by_word.resize(self.occurrences.len(), Occurrence::default());
        for (&word, &occurrence) in self.words.iter().zip(&self.occurrences) {
            let slot = &mut next[word as usize];
            self.by_word[*slot as usize] = occurrence;
            *slot += 1;
        }
        next.pop();
        next
    }

    /// Writes all words in order, with their postings.
    fn write_blocks(&mut self) {
        let ends = self.sort_by_word();
        for word in self.interner.sorted() {
            self.writer.begin(|into| self.interner.write(word, into));
            let mut occurrences = &self.by_word[range(&ends, word as usize)];
            while let Some(first) = occurrences.first() {
                let count = occurrences.iter().take_while(|occurrence| occurrence.page() == first.page()).count();
                let (same, after) = occurrences.split_at(count);
                occurrences = after;
                self.writer.posting(same, &self.pages[usize::from(first.page())]);
            }
            self.writer.end();
        }
    }
}

/// Writes blocks.
#[derive(Debug, Default)]
struct BlockWriter {
    bytes: Vec<u8>,
    blocks: Vec<Block>,
    /// The word before and the word being written.
    before: Vec<u8>,
    word: Vec<u8>,
    /// Of the word being written.
    pages: Vec<u8>,
    impacts: Vec<u8>,
    positions: Vec<u8>,
}

impl BlockWriter {
    /// Begins a word.
    fn begin(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        std::mem::swap(&mut self.before, &mut self.word);
        self.word.clear();
        write(&mut self.word);
        self.pages.clear();
        self.impacts.clear();
        self.positions.clear();
    }

    /// Adds the occurrences of the word on a page.
    fn posting(&mut self, occurrences: &[Occurrence], page: &PageImpacts) {
        self.pages.push(occurrences[0].page());
        if occurrences[0].field().is_none() {
            self.impacts.push(u8::try_from(occurrences[0].value()).expect("an impact is one byte"));
            return;
        }
        let is_plain = occurrences.len() < page.plain.len()
            && occurrences.iter().all(|occurrence| occurrence.field() == Some(Field::Body));
        self.impacts.push(if is_plain {
            page.plain[occurrences.len()]
        } else {
            page.norm.impact(occurrences.iter().filter_map(|occurrence| occurrence.field()))
        });
        write_varint(&mut self.positions, length(occurrences.len()));
        let mut before = 0;
        for &occurrence in occurrences {
            write_varint(&mut self.positions, occurrence.value() - before);
            before = occurrence.value();
        }
    }

    /// Ends a word.
    fn end(&mut self) {
        let is_full = self.blocks.last().is_none_or(|block| self.bytes.len() > block.start as usize + BLOCK_SIZE);
        if is_full {
            self.blocks.push(Block { first_word: self.word.as_slice().into(), start: length(self.bytes.len()) });
        }
        let before = if is_full { &[][..] } else { &self.before };
        let shared = before.iter().zip(&self.word).take_while(|(before, byte)| before == byte).count();
        write_varint(&mut self.bytes, length(shared));
        write_varint(&mut self.bytes, length(self.word.len() - shared));
        self.bytes.extend_from_slice(&self.word[shared..]);
        write_varint(&mut self.bytes, length(self.pages.len()));
        if self.pages.len() < BITMAP_FROM {
            self.bytes.extend_from_slice(&self.pages);
        } else {
            let bits = self.pages.iter().fold(0_u64, |bits, &page| bits | 1 << page);
            self.bytes.extend_from_slice(&bits.to_le_bytes());
        }
        self.bytes.extend_from_slice(&self.impacts);
        write_varint(&mut self.bytes, length(self.positions.len()));
        self.bytes.extend_from_slice(&self.positions);
    }

    /// All blocks, and how long they are; the next is the first again.
    fn finish(&mut self) -> (Vec<Block>, u32) {
        let length = length(self.bytes.len());
        self.bytes.clear();
        (std::mem::take(&mut self.blocks), length)
    }
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("a segment is smaller than four gigabytes")
}

#[cfg(test)]
mod tests {
    use super::super::IndexSection;
    use super::super::segment::{Postings, for_each_word};
    use super::*;
    use crate::spill::InMemory;

    fn page(title: &str, text: &str) -> IndexPage {
        let sections = vec![IndexSection { text: text.to_owned(), ..IndexSection::default() }];
        IndexPage { title: title.to_owned(), sections, ..IndexPage::default() }
    }

    /// A segment, and all its blocks.
    fn segment(inverter: &mut Inverter, pages: &[IndexPage]) -> (Segment, Vec<u8>) {
        let spill = InMemory::default();
        let segment = inverter.segment(pages, String::new(), &spill).expect("memory takes all");
        let mut blocks = vec![0; segment.length as usize];
        spill.read_at(segment.start, &mut blocks).expect("it was kept");
        (segment, blocks)
    }

    #[track_caller]
    fn check(pages: &[IndexPage], word: &str, expected: &[(u8, &[u8])]) {
        let (_, blocks) = segment(&mut Inverter::default(), pages);
        let mut found = None;
        for_each_word(&blocks, word.as_bytes(), None, |there, postings| {
            if there == word.as_bytes() {
                found = Some(Postings::parse(postings));
            }
        });
        let found = found.expect("the word is there");
        let pages = expected.iter().fold(0, |pages, (page, _)| pages | 1 << page);
        let positions: Vec<u8> = expected.iter().flat_map(|(_, positions)| positions.to_vec()).collect();
        assert_eq!((found.pages, found.positions), (pages, positions.as_slice()));
        assert_eq!(found.impacts.len(), expected.len());
    }

    #[test]
    fn a_word_knows_its_pages_and_positions() {
        let pages = [page("Rye bread", "Rye and e-mail."), page("Wheat", "No rye.")];
        check(&pages, "rye", &[(0, &[2, 1, 8]), (1, &[1, 9])]);
        check(&pages, "mail", &[(0, &[1, 12])]);
        check(&pages, "email", &[(0, &[1, 12])]);
    }

    #[test]
    fn a_word_on_all_pages_is_as_good_as_one_on_few() {
        let pages: Vec<IndexPage> = (0..SEGMENT).map(|_| page("", "rye")).collect();
        let expected: Vec<(u8, &[u8])> = (0..64).map(|page| (page, &[1, 7][..])).collect();
        check(&pages, "rye", &expected);
        check(&pages[..7], "rye", &expected[..7]);
        check(&pages[..8], "rye", &expected[..8]);
    }

    fn words((segment, blocks): &(Segment, Vec<u8>), low: &str, high: Option<&str>) -> Vec<String> {
        let (low, high) = (low.as_bytes(), high.map(str::as_bytes));
        let (start, length) = segment.blocks_between(low, high);
        let start = usize::try_from(start).expect("it is the only one");
        let mut words = Vec::new();
        for_each_word(&blocks[start..start + length], low, high, |word, _| {
            words.push(String::from_utf8_lossy(word).into_owned());
        });
        words
    }

    #[test]
    fn words_come_in_order_and_titles_by_their_beginnings() {
        let mut inverter = Inverter::default();
        let segment = self::segment(&mut inverter, &[page("Rye", "a")]);
        assert_eq!(words(&segment, "", None), ["\u{1}r", "\u{1}ry", "\u{1}rye", "a", "rye"]);
        // It has nothing of the one before.
        let segment = self::segment(&mut inverter, &[page("Größe 検索する", "")]);
        let prefixes = ["g", "gr", "gro", "検", "検索", "索", "索す", "す", "する"];
        let mut expected: Vec<String> = prefixes.iter().map(|letters| format!("{TITLE_MARK}{letters}")).collect();
        expected.sort_unstable();
        assert_eq!(words(&segment, "\u{1}", Some("\u{2}")), expected);
    }

    #[test]
    fn words_are_found_in_any_block() {
        let text = |at: usize| (0..500).map(|n| format!("w{}", at * 500 + n)).collect::<Vec<_>>().join(" ");
        let pages: Vec<IndexPage> = (0..SEGMENT).map(|at| page("", &text(at))).collect();
        let segment = segment(&mut Inverter::default(), &pages);
        assert!(segment.0.blocks.len() > 10);
        let all = words(&segment, "", None);
        assert!(all.len() == 500 * SEGMENT && all.is_sorted());
        let (low, high) = (&all[5000], &all[9000]);
        assert_eq!(words(&segment, low, Some(high)), all[5000..9000]);
        assert_eq!(words(&segment, low, None), all[5000..]);
        assert_eq!(words(&segment, "x", None), [""; 0]);
        let (_, some) = segment.0.blocks_between(low.as_bytes(), Some(high.as_bytes()));
        assert!(some < segment.1.len() / 2, "only the blocks of the range are read");
    }
}
