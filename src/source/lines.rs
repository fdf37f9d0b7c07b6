//! From byte offsets to the lines and columns that people and editors count in, and back.

use std::cell::Cell;

use super::slice::{floor_char_boundary, slice};

/// A place as a person names it; both numbers begin at 1. A column counts characters where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The place in the line.
    pub column: usize,
}

/// What a column counts, named as the position encodings of the Language Server Protocol are, whose numbers begin at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionEncoding {
    /// `utf-8`: bytes.
    Utf8,
    /// `utf-16`: code units of UTF-16, two for a character beyond the basic plane.
    Utf16,
    /// `utf-32`: characters, which are Unicode scalar values.
    Utf32,
}

impl PositionEncoding {
    /// How many columns a character takes.
    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// Where the lines of one text begin; made once for a text, asked often. A line ends at `\n` or `\r\n`.
#[derive(Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// The last byte whose column was asked for, and what it was. Places of one line are asked for in order, as a rule, and
    /// a line may be a megabyte long.
    last: Cell<(usize, PositionEncoding, usize)>,
}

impl<'a> LineIndex<'a> {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Self { text, starts, last: Cell::new((0, PositionEncoding::Utf8, 1)) }
    }

    /// The place of the byte at `offset`, with its column in characters.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.position_in(offset, PositionEncoding::Utf32)
    }

    /// The byte at a one-based line and column in characters.
    #[must_use]
    pub fn offset(&self, line: usize, column: usize) -> usize {
        self.offset_in(Position { line, column }, PositionEncoding::Utf32)
    }

    /// The place of the byte at `offset`, with its column in `encoding`. An offset inside a character counts as its
    /// first byte, and one past the end as the end.
    #[must_use]
    pub fn position_in(&self, offset: usize, encoding: PositionEncoding) -> Position {
        let offset = floor_char_boundary(self.text, offset);
        let line = self.starts.partition_point(|&start| start <= offset);
        // The first line begins at 0, which is no more than any offset.
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let (at, asked, column) = self.last.get();
        let (from, known) = if asked == encoding && (start..=offset).contains(&at) { (at, column) } else { (start, 1) };
        let between = slice(self.text, from..offset);
        let column = known
            + match encoding {
                PositionEncoding::Utf8 => between.len(),
                PositionEncoding::Utf16 | PositionEncoding::Utf32 => between.chars().map(|c| encoding.width(c)).sum(),
            };
        self.last.set((offset, encoding, column));
        Position { line, column }
    }

    /// The byte at `position`, whose column is in `encoding`. A column inside a character counts as its first, one past
    /// the line as the line's end, before what ends it; a line past the last is the end of the text.
    #[must_use]
    pub fn offset_in(&self, position: Position, encoding: PositionEncoding) -> usize {
        let line = position.line.max(1) - 1;
        let Some(&start) = self.starts.get(line) else { return self.text.len() };
        let text = match self.starts.get(line + 1) {
            Some(&next) => slice(self.text, start..next - 1).trim_end_matches('\r'),
            None => slice(self.text, start..),
        };
        let mut left = position.column.max(1) - 1;
        let found = text.char_indices().find(|&(_, character)| {
            let width = encoding.width(character);
            let is_here = left < width;
            left = left.saturating_sub(width);
            is_here
        });
        start + found.map_or(text.len(), |(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::PositionEncoding::{Utf8, Utf16, Utf32};
    use super::*;

    /// The byte at `offset` lies on `line`, in these columns in bytes, in units of UTF-16 and in characters; and back.
    #[track_caller]
    fn check(text: &str, offset: usize, line: usize, columns: [usize; 3]) {
        let lines = LineIndex::new(text);
        for (encoding, column) in [Utf8, Utf16, Utf32].into_iter().zip(columns) {
            let position = Position { line, column };
            assert_eq!(lines.position_in(offset, encoding), position, "{encoding:?}");
            assert_eq!(lines.offset_in(position, encoding), offset, "{encoding:?}");
        }
        assert_eq!(lines.position(offset), Position { line, column: columns[2] });
        assert_eq!(lines.offset(line, columns[2]), offset);
    }

    #[track_caller]
    fn check_offset(text: &str, line: usize, column: usize, encoding: PositionEncoding, expected: usize) {
        assert_eq!(LineIndex::new(text).offset_in(Position { line, column }, encoding), expected);
    }

    #[test]
    fn columns_are_counted_in_bytes_units_or_characters() {
        check("é\nbär!", 7, 2, [5, 4, 4]);
        check("a😀b", 5, 1, [6, 4, 3]);
        // Three characters that are shown as one: a letter and a combining accent, then a modified emoji.
        check("e\u{301}x", 3, 1, [4, 3, 3]);
        check("👍🏽x", 8, 1, [9, 5, 3]);
    }

    #[test]
    fn the_end_of_a_text_is_a_place_too() {
        check("one\n", 4, 2, [1, 1, 1]);
        check("", 0, 1, [1, 1, 1]);
        check("\r\n", 2, 2, [1, 1, 1]);
        check("a\r", 2, 1, [3, 3, 3]);
    }

    #[test]
    fn what_lies_past_the_end_counts_as_the_end() {
        check_offset("one\ntwo", 1, 99, Utf8, 3);
        check_offset("one\r\ntwo", 1, 99, Utf16, 3);
        check_offset("one\r\ntwo", 2, 99, Utf16, 8);
        check_offset("one\ntwo", 9, 1, Utf32, 7);
        check_offset("one", 0, 0, Utf32, 0);
        assert_eq!(LineIndex::new("é").position(99), Position { line: 1, column: 2 });
    }

    #[test]
    fn what_lies_inside_a_character_counts_as_its_beginning() {
        check_offset("a😀b", 1, 3, Utf16, 1);
        check_offset("a😀b", 1, 5, Utf8, 1);
        assert_eq!(LineIndex::new("a😀b").position_in(3, Utf16), Position { line: 1, column: 2 });
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn each_character_has_a_place_that_leads_back_to_it(text in "([a-zé😀\u{301}\u{200d}\t]|\r?\n){0,40}") {
            let lines = LineIndex::new(&text);
            for (at, character) in text.char_indices() {
                // The sign between `\r` and `\n` has a place that no editor asks for.
                if character == '\n' && slice(&text, ..at).ends_with('\r') {
                    continue;
                }
                for encoding in [Utf8, Utf16, Utf32] {
                    prop_assert_eq!(lines.offset_in(lines.position_in(at, encoding), encoding), at);
                }
            }
        }
    }
}
