//! A run of pages in, their postings out: every word with the pages that have it, its impact on each and its places.
//!
//! All of a segment lies in a few flat arrays, words in the order of the alphabet and pages in their own, so that
//! merging segments is mostly copying. The places of a word on a page are a count and the distances between them.

use super::Page;
use super::code::number;
use super::impact::{Field, Measure};
use super::intern::Interner;
use super::words::{Place, Words};

/// The postings of consecutive pages.
#[derive(Debug, Default)]
pub(crate) struct Segment {
    /// What the names of its text files begin with.
    pub(super) texts: String,
    /// The title of each page in the form by which titles are sorted.
    pub(super) titles: Vec<String>,
    /// All words, one after the other, and where each ends.
    words: String,
    word_ends: Vec<u32>,
    /// Where the postings of each word end.
    posting_ends: Vec<u32>,
    /// For each posting the page, counted from the first of the segment, and the impact.
    pages: Vec<u8>,
    impacts: Vec<u8>,
    /// The places of all postings, and where those of each word end.
    places: Vec<u8>,
    place_ends: Vec<u32>,
}

/// The postings of one word in a segment.
pub(super) struct Postings<'a> {
    pub(super) pages: &'a [u8],
    pub(super) impacts: &'a [u8],
    pub(super) places: &'a [u8],
}

/// A word on a page, while a segment is made.
struct Posting {
    word: u32,
    page: u8,
    impact: u8,
    /// Where its places begin among those of the page run.
    places: u32,
    places_end: u32,
}

/// Words of one or two, or three, letters' beginnings of titles stand in the index under these, after the mark.
pub(super) const TITLE: char = '\u{1}';
/// A term's pages stand under its key after this mark.
pub(super) const TERM: char = '\u{2}';
/// All pages stand under this, the high and the low byte of each one's rank by title in place of impacts.
pub(super) const RANK: [&str; 2] = ["\u{3}0", "\u{3}1"];

/// Between two texts of a page lies a gap, so that no phrase spans them.
const GAP: u32 = 2;

impl Segment {
    /// Inverts `pages`, whose texts lie in files that are called `texts`.
    pub(super) fn of(pages: &[Page], texts: String) -> Self {
        let mut reader = Reader::default();
        for (at, page) in pages.iter().enumerate() {
            reader.page(u8::try_from(at).expect("a segment has few pages"), page);
        }
        let titles = pages.iter().map(|page| page.title.to_lowercase()).collect();
        reader.finish(texts, titles)
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.word_ends.len()
    }

    /// The word at a position.
    pub(super) fn word(&self, at: usize) -> &str {
        let range = range(&self.word_ends, at);
        &self.words[range]
    }

    /// The postings of the word at a position.
    pub(super) fn postings(&self, at: usize) -> Postings<'_> {
        let postings = range(&self.posting_ends, at);
        Postings {
            pages: &self.pages[postings.clone()],
            impacts: &self.impacts[postings],
            places: &self.places[range(&self.place_ends, at)],
        }
    }
}

/// The range that ends at the entry `at` of `ends`, where the one before it ends.
pub(super) fn range(ends: &[u32], at: usize) -> std::ops::Range<usize> {
    let start = at.checked_sub(1).map_or(0, |before| ends[before]);
    start as usize..ends[at] as usize
}

/// Pages being read.
#[derive(Default)]
struct Reader {
    cutter: Words,
    interner: Interner,
    /// The words of the page being read: number, place and field in one, so that they sort quickly.
    met: Vec<u64>,
    postings: Vec<Posting>,
    places: Vec<u8>,
    beginnings: String,
}

impl Reader {
    fn page(&mut self, at: u8, page: &Page) {
        self.met.clear();
        let mut place = 0;
        let title = self.title(&page.title, &mut place);
        for name in &page.names {
            self.text(name, Field::Name, &mut place);
        }
        self.text(&page.summary, Field::Summary, &mut place);
        for (key, title) in &page.terms {
            self.text(title, Field::Term, &mut place);
            self.mark(at, &format!("{TERM}{key}"), 0);
        }
        for section in &page.sections {
            self.text(&section.title, Field::Heading, &mut place);
            self.text(&section.text, Field::Body, &mut place);
        }
        // The title of a minor page counts as a longer one, of which a query covers less.
        let measure = Measure::of(title + if page.minor { 2 } else { 0 }, self.met.len());
        self.met.sort_unstable();
        let mut rest = self.met.as_slice();
        while let Some(&first) = rest.first() {
            let word = first >> WORD;
            let count = rest.iter().take_while(|&&met| met >> WORD == word).count();
            let (same, after) = rest.split_at(count);
            rest = after;
            let places = length(&self.places);
            number(&mut self.places, u32::try_from(count).unwrap_or(u32::MAX));
            let mut before = 0;
            for met in same {
                let place = place_of(*met);
                number(&mut self.places, place - before);
                before = place;
            }
            self.postings.push(Posting {
                word: u32::try_from(word).expect("words are numbered in 32 bits"),
                page: at,
                impact: measure.impact(same.iter().map(|&met| field_of(met))),
                places,
                places_end: length(&self.places),
            });
        }
        self.beginnings(at, &page.title, measure);
    }

    /// Reads a title and gives the number of its words.
    fn title(&mut self, title: &str, place: &mut u32) -> usize {
        let start = *place;
        let Self { cutter, interner, met, .. } = self;
        cutter.each(title, |word, how| {
            *place += u32::from(how == Place::Next);
            let field = if *place == start + 1 { Field::TitleStart } else { Field::Title };
            met.push(entry(interner.number(word), *place, field));
        });
        let words = *place - start;
        *place += GAP;
        words as usize
    }

    fn text(&mut self, text: &str, field: Field, place: &mut u32) {
        let Self { cutter, interner, met, .. } = self;
        cutter.each(text, |word, how| {
            *place += u32::from(how == Place::Next);
            met.push(entry(interner.number(word), *place, field));
        });
        *place += GAP;
    }

    /// Puts the page under the first letters of the words of its title, by which results come from the first key on.
    fn beginnings(&mut self, at: u8, title: &str, measure: Measure) {
        let mut found: Vec<(String, Field)> = Vec::new();
        let (mut first, beginnings) = (true, &mut self.beginnings);
        self.cutter.each(title, |word, _| {
            let field = if first { Field::TitleStart } else { Field::Title };
            first = false;
            beginnings.clear();
            beginnings.push(TITLE);
            for c in word.chars().take(3) {
                beginnings.push(c);
                if !found.iter().any(|(before, _)| before == beginnings) {
                    found.push((beginnings.clone(), field));
                }
            }
        });
        for (beginning, field) in found {
            self.mark(at, &beginning, measure.impact(std::iter::once(field)));
        }
    }

    /// A posting without places.
    fn mark(&mut self, page: u8, word: &str, impact: u8) {
        let (word, places) = (self.interner.number(word), length(&self.places));
        self.postings.push(Posting { word, page, impact, places, places_end: places });
    }

    /// Brings the postings from the order of pages into that of words.
    fn finish(self, texts: String, titles: Vec<String>) -> Segment {
        let sorted = self.interner.sorted();
        let mut starts = vec![0_u32; sorted.len() + 1];
        for posting in &self.postings {
            starts[posting.word as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut by_word = vec![0_u32; self.postings.len()];
        for (at, posting) in (0..).zip(&self.postings) {
            let slot = &mut next[posting.word as usize];
            by_word[*slot as usize] = at;
            *slot += 1;
        }
        let mut segment = Segment { texts, titles, ..Segment::default() };
        segment.places.reserve_exact(self.places.len());
        segment.pages.reserve_exact(self.postings.len());
        segment.impacts.reserve_exact(self.postings.len());
        for (word, number) in sorted {
            let number = number as usize;
            for &at in &by_word[starts[number] as usize..starts[number + 1] as usize] {
                let posting = &self.postings[at as usize];
                segment.pages.push(posting.page);
                segment.impacts.push(posting.impact);
                let places = &self.places[posting.places as usize..posting.places_end as usize];
                segment.places.extend_from_slice(places);
            }
            segment.words.push_str(&word);
            segment.word_ends.push(length(segment.words.as_bytes()));
            segment.posting_ends.push(length(&segment.pages));
            segment.place_ends.push(length(&segment.places));
        }
        segment.words.shrink_to_fit();
        segment
    }
}

/// Where the number of the word begins in an entry, and the place; the field lies below.
const WORD: u32 = 36;
const PLACE: u32 = 4;

fn entry(word: u32, place: u32, field: Field) -> u64 {
    // Words beyond the two hundred millionth of a segment cannot be: their texts alone would fill the memory.
    u64::from(word) << WORD | u64::from(place) << PLACE | field as u64
}

fn place_of(entry: u64) -> u32 {
    u32::try_from(entry >> PLACE & u64::from(u32::MAX)).expect("the lower 32 bits")
}

fn field_of(entry: u64) -> Field {
    Field::ALL[usize::try_from(entry & 15).expect("a small number")]
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("a segment is smaller than four gigabytes")
}

#[cfg(test)]
mod tests {
    use super::super::Section;
    use super::*;

    fn page(title: &str, text: &str) -> Page {
        let sections = vec![Section { text: text.to_owned(), ..Section::default() }];
        Page { title: title.to_owned(), sections, ..Page::default() }
    }

    #[track_caller]
    fn check(pages: &[Page], word: &str, expected: &[(u8, &[u8])]) {
        let segment = Segment::of(pages, String::new());
        let at = (0..segment.len()).find(|&at| segment.word(at) == word).expect("the word is there");
        let found = segment.postings(at);
        let pages: Vec<u8> = expected.iter().map(|(page, _)| *page).collect();
        let places: Vec<u8> = expected.iter().flat_map(|(_, places)| places.to_vec()).collect();
        assert_eq!((found.pages, found.places), (pages.as_slice(), places.as_slice()));
    }

    #[test]
    fn a_word_knows_its_pages_and_places() {
        let pages = [page("Rye bread", "Rye and e-mail."), page("Wheat", "No rye.")];
        check(&pages, "rye", &[(0, &[2, 1, 8]), (1, &[1, 9])]);
        check(&pages, "mail", &[(0, &[1, 12])]);
        check(&pages, "email", &[(0, &[1, 12])]);
    }

    #[test]
    fn words_come_in_order_and_titles_by_their_beginnings() {
        let segment = Segment::of(&[page("Rye", "a")], String::new());
        let words: Vec<&str> = (0..segment.len()).map(|at| segment.word(at)).collect();
        assert_eq!(words, ["\u{1}r", "\u{1}ry", "\u{1}rye", "a", "rye"]);
    }
}
