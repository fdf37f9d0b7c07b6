//! Bytes of a file as text.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _};
use std::path::Path;

use crate::check::assets::begins_like_a_document;
use crate::failure::Failure;
use crate::source::PictureSize;

/// Bytes that most texts of a site fit in.
const INITIAL_CAPACITY: usize = 16 * 1024;

/// A text, decoded as far as it can be, and why not further.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DecodedText {
    pub(super) text: String,
    pub(super) problem: Option<TextProblem>,
    /// Of a picture that is no text, its size.
    pub(super) picture: Option<PictureSize>,
}

/// Why a text could not be read as it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TextProblem {
    /// It has more bytes than the limit.
    TooLarge { size: u64, limit: u64 },
    /// It is in the encoding that Windows calls Unicode.
    Utf16,
    /// The first byte that is wrong, and its place in the text as it is given.
    NotUtf8 { at: usize, byte: u8 },
}

impl DecodedText {
    /// Reads a file of at most `limit` bytes; of a larger one, nothing.
    pub(super) fn read(path: &Path, limit: u64) -> Result<Self, Failure> {
        let cannot = |error: std::io::Error| Failure::io("read", path, &error);
        let file = File::open(path).map_err(cannot)?;
        // Its size would be one more question to the system, and only a hint: the file may grow while it is read.
        let mut bytes = Vec::with_capacity(INITIAL_CAPACITY);
        (&file).take(limit + 1).read_to_end(&mut bytes).map_err(cannot)?;
        if bytes.len() as u64 > limit {
            let size = file.metadata().map_err(cannot)?.len();
            let problem = TextProblem::TooLarge { size: size.max(limit + 1), limit };
            return Ok(Self { problem: Some(problem), ..Self::default() });
        }
        bytes.shrink_to_fit();
        Ok(Self::decode(bytes))
    }

    /// Reads the first bytes of a file, if they are those of a document in HTML or XML; of all others, nothing. That
    /// they are no text is no problem.
    pub(super) fn read_beginning(path: &Path, length: u64) -> Result<Self, Failure> {
        let cannot = |error: std::io::Error| Failure::io("read", path, &error);
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(cannot)?;
        (&file).take(length).read_to_end(&mut bytes).map_err(cannot)?;
        let picture = imagesize::image_type(&bytes).ok().and_then(|_| picture_size(file));
        let text = Self::decode(bytes).text;
        let text = if begins_like_a_document(&text) { text } else { String::new() };
        Ok(Self { text, problem: None, picture })
    }

    /// Drops the byte-order mark. Line ends stay as they are, so that places are right.
    fn decode(mut bytes: Vec<u8>) -> Self {
        match bytes.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => {
                bytes.drain(..3);
            }
            [0xFF, 0xFE, rest @ ..] => return Self::utf16(rest, u16::from_le_bytes),
            [0xFE, 0xFF, rest @ ..] => return Self::utf16(rest, u16::from_be_bytes),
            _ => {}
        }
        String::from_utf8(bytes).map_or_else(
            |error| {
                let at = error.utf8_error().valid_up_to();
                let problem = error.as_bytes().get(at).map(|&byte| TextProblem::NotUtf8 { at, byte });
                Self { text: String::from_utf8_lossy(error.as_bytes()).into_owned(), problem, picture: None }
            },
            |text| Self { text, problem: None, picture: None },
        )
    }

    fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Self {
        let (pairs, _) = bytes.as_chunks();
        let units: Vec<u16> = pairs.iter().map(|&pair| unit(pair)).collect();
        Self { text: String::from_utf16_lossy(&units), problem: Some(TextProblem::Utf16), picture: None }
    }
}

/// The size of a picture, read from what stands before its pixels; none where that is broken.
fn picture_size(mut file: File) -> Option<PictureSize> {
    file.rewind().ok()?;
    let size = imagesize::reader_size(BufReader::new(file)).ok()?;
    Some(PictureSize { width: size.width, height: size.height })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, problem: Option<TextProblem>) {
        assert_eq!(DecodedText::decode(bytes.to_vec()), DecodedText { text: text.to_owned(), problem, picture: None });
    }

    #[test]
    fn a_mark_is_dropped_and_line_ends_stay() {
        check(b"\xef\xbb\xbfa\r\nb\n", "a\r\nb\n", None);
        check(b"", "", None);
    }

    #[test]
    fn both_orders_of_utf16_are_known_by_their_mark() {
        check(b"\xff\xfea\0", "a", Some(TextProblem::Utf16));
        check(b"\xfe\xff\0a\0", "a", Some(TextProblem::Utf16));
    }

    #[test]
    fn the_first_wrong_byte_is_found_in_the_text_as_given() {
        check(b"\xef\xbb\xbf\xc3\xa9\xe9!", "é\u{fffd}!", Some(TextProblem::NotUtf8 { at: 2, byte: 0xE9 }));
        check(b"a\xe2\x82", "a\u{fffd}", Some(TextProblem::NotUtf8 { at: 1, byte: 0xE2 }));
    }
}
