//! Pieces of texts at positions that are right already.

use std::ops::{Bound, Range, RangeBounds};
use std::slice::SliceIndex;

/// The piece of `text` in `range`, for positions of which the caller knows that characters begin or end there: they
/// were found in this text, or a parser of it told them. Positions of any other origin are for [`str::get`].
///
/// It never panics. A position that is wrong all the same is a fault of this program or of a parser, and stops a debug
/// build, so that tests and fuzzing find it; a release goes on with the nearest piece.
#[inline]
pub(crate) fn slice<R>(text: &str, range: R) -> &str
where
    R: RangeBounds<usize> + SliceIndex<str, Output = str> + Clone,
{
    text.get(range.clone()).unwrap_or_else(|| wrong_piece(text, limits(&range, text.len())))
}

#[cold]
fn wrong_piece(text: &str, range: Range<usize>) -> &str {
    debug_assert!(false, "{range:?} is no piece of a text of {} bytes", text.len());
    nearest(text, range)
}

fn nearest(text: &str, Range { start, end }: Range<usize>) -> &str {
    let end = floor_char_boundary(text, end);
    text.get(floor_char_boundary(text, start.min(end))..end).unwrap_or_default()
}

fn limits(range: &impl RangeBounds<usize>, length: usize) -> Range<usize> {
    let start = match range.start_bound() {
        Bound::Included(&start) => start,
        Bound::Excluded(&before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match range.end_bound() {
        Bound::Included(&last) => last.saturating_add(1),
        Bound::Excluded(&end) => end,
        Bound::Unbounded => length,
    };
    start..end
}

/// The last position at or before `at` where a character begins or the text ends.
pub(crate) fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_what_the_language_itself_would_give() {
        let text = "aäb";
        assert_eq!([slice(text, ..1), slice(text, 1..3), slice(text, 1..=2), slice(text, 4..)], ["a", "ä", "ä", ""]);
        assert_eq!(slice(text, ..), text);
    }

    #[test]
    fn the_nearest_piece_is_one_whatever_the_positions() {
        let text = "aäb";
        for (start, end) in (0..6).flat_map(|start| (0..6).map(move |end| (start, end))) {
            let found = nearest(text, start..end);
            assert!(text.contains(found), "{start}..{end}");
            assert!(text.get(start..end).is_none_or(|piece| piece == found), "{start}..{end}");
        }
        assert_eq!([nearest(text, 0..2), nearest(text, 2..9)], ["a", "äb"]);
        assert_eq!(nearest(text, usize::MAX..usize::MAX), "");
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "1..2 is no piece of a text of 4 bytes")]
    fn a_wrong_position_stops_a_debug_build() {
        slice("aäb", 1..2);
    }
}
