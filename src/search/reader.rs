//! A run of pages in, a segment out, most of it into the spill.
//!
//! What was met on the pages is brought into the order of words by counting; it is in the order of pages and places
//! already.

use super::code::number;
use super::impact::{Field, Measure};
use super::intern::Interner;
use super::segment::{Block, MANY, Segment, TERM, TITLE, range};
use super::words::{Cut, FRONT, Place, Words};
use super::{Page, SEGMENT};
use crate::failure::Failure;
use crate::spill::Spill;

/// Between two texts of a page lies a gap, so that no phrase spans them.
const GAP: u32 = 2;

/// After how many bytes another block begins.
const BLOCK: usize = 1024;

/// Makes segments, one after the other in the same memory.
#[derive(Debug, Default)]
pub(super) struct Reader {
    cutter: Words,
    interner: Interner,
    /// What was met on the pages: the numbers of words, and beside them [`Met`].
    words: Vec<u32>,
    met: Vec<Met>,
    pages: Vec<Measured>,
    /// What was met, in the order of words.
    by_word: Vec<Met>,
    writer: Writer,
}

/// A page that was read.
#[derive(Debug)]
struct Measured {
    measure: Measure,
    /// The impact of a word that stands a few times in plain text and nowhere else.
    plain: [u8; 8],
}

/// How a word was met: the page, the place and the field in one number, whose order is that of pages and places.
#[derive(Debug, Clone, Copy, Default)]
struct Met(u32);

impl Met {
    /// How many bits the field has, and the place. Places past the eight millionth of a page are one.
    const FIELD: u32 = 3;
    const PLACE: u32 = 23;
    /// In place of a field: the page belongs to this word without a place, with an impact of its own.
    const MARK: u32 = 7;

    fn new(page: u32, place: u32, field: Field) -> Self {
        Self(page << (Self::PLACE + Self::FIELD) | place.min((1 << Self::PLACE) - 1) << Self::FIELD | field as u32)
    }

    fn mark(page: u32, impact: u8) -> Self {
        Self(page << (Self::PLACE + Self::FIELD) | u32::from(impact) << Self::FIELD | Self::MARK)
    }

    fn page(self) -> u8 {
        u8::try_from(self.0 >> (Self::PLACE + Self::FIELD)).expect("six bits")
    }

    /// The place or the impact.
    fn value(self) -> u32 {
        self.0 >> Self::FIELD & ((1 << Self::PLACE) - 1)
    }

    /// None for a mark.
    fn field(self) -> Option<Field> {
        Field::ALL.get(self.0 as usize & 7).copied()
    }
}

const _: () = assert!(Field::ALL.len() <= Met::MARK as usize && SEGMENT <= 1 << (32 - Met::PLACE - Met::FIELD));

impl Reader {
    /// Inverts `pages`, whose texts lie in files that are called `texts`.
    ///
    /// # Errors
    /// If the spill will not take what was found.
    pub(super) fn segment(&mut self, pages: &[Page], texts: String, spill: &dyn Spill) -> Result<Segment, Failure> {
        self.interner.clear();
        self.words.clear();
        self.met.clear();
        self.pages.clear();
        for (page, at) in pages.iter().zip(0..) {
            self.page(at, page);
        }
        self.write();
        let start = spill.keep(&self.writer.bytes)?;
        let titles = pages.iter().map(|page| page.title.to_lowercase()).collect();
        let (blocks, length) = self.writer.finish();
        Ok(Segment { texts, titles, blocks, start, length })
    }

    fn page(&mut self, at: u32, page: &Page) {
        let start = self.words.len();
        let mut place = 0;
        let title = self.title(at, &page.title, &mut place);
        for name in &page.names {
            self.text(at, name, Field::Name, &mut place);
        }
        self.text(at, &page.summary, Field::Summary, &mut place);
        for (_, title) in &page.terms {
            self.text(at, title, Field::Term, &mut place);
        }
        for section in &page.sections {
            self.text(at, &section.title, Field::Heading, &mut place);
            self.text(at, &section.text, Field::Body, &mut place);
        }
        // The title of a minor page counts as a longer one, of which a query covers less.
        let measure = Measure::of(title + if page.minor { 2 } else { 0 }, self.words.len() - start);
        let plain = std::array::from_fn(|count| measure.impact(std::iter::repeat_n(Field::Body, count)));
        self.pages.push(Measured { measure, plain });
        for (key, _) in &page.terms {
            self.mark(Cut::of(format!("{TERM}{key}").as_bytes()), Met::mark(at, 0));
        }
        self.beginnings(at, &page.title, measure);
    }

    /// Reads a title and gives the number of its words.
    fn title(&mut self, page: u32, title: &str, place: &mut u32) -> usize {
        let start = *place;
        let Self { cutter, interner, words, met, .. } = self;
        cutter.each(title, |word, how| {
            *place += u32::from(how == Place::Next);
            let field = if *place == start + 1 { Field::TitleStart } else { Field::Title };
            words.push(interner.number(word));
            met.push(Met::new(page, *place, field));
        });
        let words = *place - start;
        *place += GAP;
        words as usize
    }

    fn text(&mut self, page: u32, text: &str, field: Field, place: &mut u32) {
        let Self { cutter, interner, words, met, .. } = self;
        cutter.each(text, |word, how| {
            *place += u32::from(how == Place::Next);
            words.push(interner.number(word));
            met.push(Met::new(page, *place, field));
        });
        *place += GAP;
    }

    /// Puts the page under the first letters of the words of its title, by which results come from the first key on.
    fn beginnings(&mut self, page: u32, title: &str, measure: Measure) {
        let mut found: Vec<(Cut<'_>, Field)> = Vec::new();
        let mut first = true;
        self.cutter.each(title, |word, _| {
            let field = if first { Field::TitleStart } else { Field::Title };
            first = false;
            // Three letters take twelve bytes at the most, so the front has them and the mark.
            let letters = word.front.to_be_bytes();
            let starts = (1..=word.length.min(13)).filter(|&end| letters[end] & 0xc0 != 0x80);
            for length in starts.take(3) {
                let mut beginning = [0; FRONT];
                beginning[0] = TITLE as u8;
                beginning[1..=length].copy_from_slice(&letters[..length]);
                let beginning = Cut { front: u128::from_be_bytes(beginning), length: length + 1, long: &[] };
                if !found.iter().any(|(before, _)| before.front == beginning.front) {
                    found.push((beginning, field));
                }
            }
        });
        for (beginning, field) in found {
            self.mark(beginning, Met::mark(page, measure.impact(std::iter::once(field))));
        }
    }

    /// A posting without places.
    fn mark(&mut self, word: Cut<'_>, mark: Met) {
        self.words.push(self.interner.number(word));
        self.met.push(mark);
    }

    /// Brings what was met from the order of pages into that of words, those of one word in their order, by counting;
    /// gives where those of each word end.
    fn sort(&mut self) -> Vec<u32> {
        let mut next = vec![0_u32; self.interner.len() + 1];
        for &word in &self.words {
            next[word as usize + 1] += 1;
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        self.by_word.clear();
        self.by_word.resize(self.met.len(), Met::default());
        for (&word, &met) in self.words.iter().zip(&self.met) {
            let slot = &mut next[word as usize];
            self.by_word[*slot as usize] = met;
            *slot += 1;
        }
        next.pop();
        next
    }

    /// Writes down all words in order.
    fn write(&mut self) {
        let ends = self.sort();
        for word in self.interner.sorted() {
            self.writer.begin(|into| self.interner.write(word, into));
            let mut met = &self.by_word[range(&ends, word as usize)];
            while let Some(first) = met.first() {
                let count = met.iter().take_while(|met| met.page() == first.page()).count();
                let (same, after) = met.split_at(count);
                met = after;
                self.writer.posting(same, &self.pages[usize::from(first.page())]);
            }
            self.writer.end();
        }
    }
}

/// Writes blocks.
#[derive(Debug, Default)]
struct Writer {
    bytes: Vec<u8>,
    blocks: Vec<Block>,
    /// The word before and the word being written.
    before: Vec<u8>,
    word: Vec<u8>,
    /// Of the word being written.
    pages: Vec<u8>,
    impacts: Vec<u8>,
    places: Vec<u8>,
}

impl Writer {
    /// Begins a word.
    fn begin(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        std::mem::swap(&mut self.before, &mut self.word);
        self.word.clear();
        write(&mut self.word);
        self.pages.clear();
        self.impacts.clear();
        self.places.clear();
    }

    /// Adds how the word was met on a page.
    fn posting(&mut self, met: &[Met], page: &Measured) {
        self.pages.push(met[0].page());
        if met[0].field().is_none() {
            self.impacts.push(u8::try_from(met[0].value()).expect("an impact is one byte"));
            return;
        }
        let is_plain = met.len() < page.plain.len() && met.iter().all(|met| met.field() == Some(Field::Body));
        self.impacts.push(if is_plain {
            page.plain[met.len()]
        } else {
            page.measure.impact(met.iter().filter_map(|met| met.field()))
        });
        number(&mut self.places, length(met.len()));
        let mut before = 0;
        for met in met {
            number(&mut self.places, met.value() - before);
            before = met.value();
        }
    }

    /// Ends a word.
    fn end(&mut self) {
        let is_full = self.blocks.last().is_none_or(|block| self.bytes.len() > block.start as usize + BLOCK);
        if is_full {
            self.blocks.push(Block { first: self.word.as_slice().into(), start: length(self.bytes.len()) });
        }
        let before = if is_full { &[][..] } else { &self.before };
        let shared = before.iter().zip(&self.word).take_while(|(before, byte)| before == byte).count();
        number(&mut self.bytes, length(shared));
        number(&mut self.bytes, length(self.word.len() - shared));
        self.bytes.extend_from_slice(&self.word[shared..]);
        number(&mut self.bytes, length(self.pages.len()));
        if self.pages.len() < MANY {
            self.bytes.extend_from_slice(&self.pages);
        } else {
            let bits = self.pages.iter().fold(0_u64, |bits, &page| bits | 1 << page);
            self.bytes.extend_from_slice(&bits.to_le_bytes());
        }
        self.bytes.extend_from_slice(&self.impacts);
        number(&mut self.bytes, length(self.places.len()));
        self.bytes.extend_from_slice(&self.places);
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
    use super::super::Section;
    use super::super::segment::{Postings, each};
    use super::*;
    use crate::spill::InMemory;

    fn page(title: &str, text: &str) -> Page {
        let sections = vec![Section { text: text.to_owned(), ..Section::default() }];
        Page { title: title.to_owned(), sections, ..Page::default() }
    }

    /// A segment, and all its blocks.
    fn segment(reader: &mut Reader, pages: &[Page]) -> (Segment, Vec<u8>) {
        let spill = InMemory::default();
        let segment = reader.segment(pages, String::new(), &spill).expect("memory takes all");
        let mut blocks = vec![0; segment.length as usize];
        spill.read(segment.start, &mut blocks).expect("it was kept");
        (segment, blocks)
    }

    #[track_caller]
    fn check(pages: &[Page], word: &str, expected: &[(u8, &[u8])]) {
        let (_, blocks) = segment(&mut Reader::default(), pages);
        let mut found = None;
        each(&blocks, word.as_bytes(), None, |there, postings| {
            if there == word.as_bytes() {
                found = Some(Postings::of(postings));
            }
        });
        let found = found.expect("the word is there");
        let pages = expected.iter().fold(0, |pages, (page, _)| pages | 1 << page);
        let places: Vec<u8> = expected.iter().flat_map(|(_, places)| places.to_vec()).collect();
        assert_eq!((found.pages, found.places), (pages, places.as_slice()));
        assert_eq!(found.impacts.len(), expected.len());
    }

    #[test]
    fn a_word_knows_its_pages_and_places() {
        let pages = [page("Rye bread", "Rye and e-mail."), page("Wheat", "No rye.")];
        check(&pages, "rye", &[(0, &[2, 1, 8]), (1, &[1, 9])]);
        check(&pages, "mail", &[(0, &[1, 12])]);
        check(&pages, "email", &[(0, &[1, 12])]);
    }

    #[test]
    fn a_word_on_all_pages_is_as_good_as_one_on_few() {
        let pages: Vec<Page> = (0..SEGMENT).map(|_| page("", "rye")).collect();
        let expected: Vec<(u8, &[u8])> = (0..64).map(|page| (page, &[1, 7][..])).collect();
        check(&pages, "rye", &expected);
        check(&pages[..7], "rye", &expected[..7]);
        check(&pages[..8], "rye", &expected[..8]);
    }

    fn words((segment, blocks): &(Segment, Vec<u8>), low: &str, high: Option<&str>) -> Vec<String> {
        let (low, high) = (low.as_bytes(), high.map(str::as_bytes));
        let (start, length) = segment.blocks_of(low, high);
        let start = usize::try_from(start).expect("it is the only one");
        let mut words = Vec::new();
        each(&blocks[start..start + length], low, high, |word, _| {
            words.push(String::from_utf8_lossy(word).into_owned());
        });
        words
    }

    #[test]
    fn words_come_in_order_and_titles_by_their_beginnings() {
        let mut reader = Reader::default();
        let segment = self::segment(&mut reader, &[page("Rye", "a")]);
        assert_eq!(words(&segment, "", None), ["\u{1}r", "\u{1}ry", "\u{1}rye", "a", "rye"]);
        // It has nothing of the one before.
        let segment = self::segment(&mut reader, &[page("Größe 検索する", "")]);
        let beginnings = ["g", "gr", "gro", "検", "検索", "索", "索す", "す", "する"];
        let mut expected: Vec<String> = beginnings.iter().map(|letters| format!("{TITLE}{letters}")).collect();
        expected.sort_unstable();
        assert_eq!(words(&segment, "\u{1}", Some("\u{2}")), expected);
    }

    #[test]
    fn words_are_found_in_any_block() {
        let text = |at: usize| (0..500).map(|n| format!("w{}", at * 500 + n)).collect::<Vec<_>>().join(" ");
        let pages: Vec<Page> = (0..SEGMENT).map(|at| page("", &text(at))).collect();
        let segment = segment(&mut Reader::default(), &pages);
        assert!(segment.0.blocks.len() > 10);
        let all = words(&segment, "", None);
        assert!(all.len() == 500 * SEGMENT && all.is_sorted());
        let (low, high) = (&all[5000], &all[9000]);
        assert_eq!(words(&segment, low, Some(high)), all[5000..9000]);
        assert_eq!(words(&segment, low, None), all[5000..]);
        assert_eq!(words(&segment, "x", None), [""; 0]);
        let (_, some) = segment.0.blocks_of(low.as_bytes(), Some(high.as_bytes()));
        assert!(some < segment.1.len() / 2, "only the blocks of the range are read");
    }
}
