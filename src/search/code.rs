//! Numbers, names and compression: the alphabet of the index files.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::hash::Hash;
use crate::output::{Body, Output};

/// Writes a number in seven-bit groups, the lowest first.
pub(super) fn number(into: &mut Vec<u8>, mut value: u32) {
    while value > 127 {
        #[expect(clippy::cast_possible_truncation, reason = "seven bits and a mark")]
        into.push(value as u8 | 128);
        value >>= 7;
    }
    into.push(u8::try_from(value).expect("at most seven bits are left"));
}

/// Reads such a number off the front of `bytes`.
pub(super) fn take_number(bytes: &mut &[u8]) -> u32 {
    let (mut value, mut shift) = (0, 0);
    while let [first, rest @ ..] = bytes {
        *bytes = rest;
        value |= u32::from(first & 127) << shift;
        if *first < 128 {
            break;
        }
        shift += 7;
    }
    value
}

/// The bytes in gzip form, the same for the same bytes.
pub(super) fn gzip(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2 + 64), Compression::new(level));
    encoder.write_all(bytes).expect("writing to memory cannot fail");
    encoder.finish().expect("writing to memory cannot fail")
}

/// A part of the index in JSON, named after its content, and its path from the root.
pub(super) fn part(data: &impl Serialize) -> (String, Output) {
    let bytes = json(data);
    let name = format!("parts/{}.json", Hash::of(&bytes).short());
    let output = Output { path: format!("search/{name}"), body: Body::Bytes(bytes) };
    (name, output)
}

/// What scripts read without more ado. Hosts compress it by themselves, as they do pages.
pub(super) fn json(data: &impl Serialize) -> Vec<u8> {
    // Most parts are a page or a list, and fit.
    let mut bytes = Vec::with_capacity(16 * 1024);
    serde_json::to_writer(&mut bytes, data).expect("texts and numbers have a JSON form");
    bytes.shrink_to_fit();
    bytes
}

/// How much of the front of `word` stands in `before` already: in bytes, and in UTF-16 units as scripts count.
pub(super) fn shared(before: &str, word: &str) -> (usize, usize) {
    let same = before.chars().zip(word.chars()).take_while(|(a, b)| a == b);
    same.fold((0, 0), |(bytes, units), (c, _)| (bytes + c.len_utf8(), units + c.len_utf16()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let numbers = [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX];
        let mut bytes = Vec::new();
        for value in numbers {
            number(&mut bytes, value);
        }
        let mut rest = bytes.as_slice();
        assert_eq!(numbers.map(|_| take_number(&mut rest)), numbers);
        assert!(rest.is_empty());
    }

    #[test]
    fn the_shared_front_ends_between_letters() {
        assert_eq!(shared("größe", "größer"), (7, 5));
        assert_eq!(shared("𝒜b", "𝒜c"), (4, 2));
        assert_eq!(shared("é", "è"), (0, 0));
    }
}
