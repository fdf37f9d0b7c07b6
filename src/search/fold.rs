//! A word as it is compared: in small letters, without diacritics, and no longer than it need be.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization as _;

use crate::source::slice;

/// What a longer word is cut to, in UTF-16 units.
pub(super) const MAX_UNITS: usize = 40;

/// Puts `word` into `folded` in small letters, without diacritics, at most [`MAX_UNITS`] UTF-16 units of it.
pub(super) fn fold(word: &str, folded: &mut String) {
    folded.clear();
    if word.is_ascii() {
        folded.push_str(slice(word, ..word.len().min(MAX_UNITS)));
        folded.make_ascii_lowercase();
        return;
    }
    // A word may be megabytes of letters: only its beginning counts.
    let mut bare = String::with_capacity(word.len().min(4 * MAX_UNITS));
    for c in truncate_utf16(word.chars(), 4 * MAX_UNITS).nfkd() {
        // й is a letter of its own.
        if !is_diacritic(c) || (c == '\u{306}' && bare.ends_with(['и', 'И'])) {
            bare.push(c);
        }
    }
    let mut letters = String::with_capacity(bare.len());
    for c in bare.to_lowercase().chars() {
        match LETTERS_ALIKE.iter().find(|&&(letter, _)| letter == c) {
            Some((_, alike)) => letters.push_str(alike),
            None => letters.push(c),
        }
    }
    folded.extend(truncate_utf16(letters.nfc(), MAX_UNITS));
}

/// The characters of a text that lie within so many of its UTF-16 units, in which JavaScript counts.
fn truncate_utf16(text: impl Iterator<Item = char>, most: usize) -> impl Iterator<Item = char> {
    text.scan(0, move |length, c| {
        *length += c.len_utf16();
        (*length <= most).then_some(c)
    })
}

/// Letters that no decomposition makes plain, with what is typed for them.
const LETTERS_ALIKE: [(char, &str); 8] =
    [('ß', "ss"), ('æ', "ae"), ('œ', "oe"), ('ø', "o"), ('ł', "l"), ('đ', "d"), ('ı', "i"), ('ς', "σ")];

/// [`LETTERS_ALIKE`] for the engine.
pub(super) fn letters_alike() -> BTreeMap<char, &'static str> {
    LETTERS_ALIKE.into_iter().collect()
}

/// Marks without which a word is still the same word to somebody who types it: soft hyphens, accents, Hebrew points,
/// Arabic vowels.
/// The vowel signs of Indic scripts are not among them. The first is no mark but the space, into which some letters come
/// apart, such as ﷺ: a word has none, as that ends a word in a shard.
const DIACRITICS: [RangeInclusive<char>; 7] = [
    ' '..=' ',
    '\u{ad}'..='\u{ad}',
    '\u{300}'..='\u{36f}',
    '\u{591}'..='\u{5c7}',
    '\u{610}'..='\u{61a}',
    '\u{64b}'..='\u{65f}',
    '\u{670}'..='\u{670}',
];

fn is_diacritic(c: char) -> bool {
    DIACRITICS.iter().any(|range| range.contains(&c))
}

/// [`DIACRITICS`] as a regular expression of JavaScript, with the flags `gv`. Its group is what stays.
pub(super) fn diacritics() -> String {
    let ranges = DIACRITICS.map(|range| format!(r"\u{:04x}-\u{:04x}", *range.start() as u32, *range.end() as u32));
    format!(r"([иИ]\u0306)|[{}]", ranges.concat())
}
