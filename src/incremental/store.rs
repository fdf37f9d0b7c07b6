//! A cache as bytes, so that one run of the program can pass it to the next, and back.
//!
//! Postcard's encoding of a [`Cache`], compressed by DEFLATE (RFC 1951), behind a title with the program's version and
//! before a checksum. Bytes that are not exactly so, from another version or cut short, are no cache at all; believing
//! half of one would publish a page that is out of date.

use std::io::{BufWriter, Read as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::Cache;
use crate::hash::Hash;

const TITLE: &[u8] = concat!("fingerpost trace ", env!("CARGO_PKG_VERSION"), "\n").as_bytes();

/// How many times its size a cache may have when it is decompressed. Those of real sites have some four times; DEFLATE
/// could make a thousand of a file that is none of ours.
const MAX_EXPANSION: usize = 64;

impl Cache {
    /// The cache as bytes; the same cache gives the same bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        const INFALLIBLE: &str = "a vector takes all that is written to it";
        let encoder = BufWriter::new(DeflateEncoder::new(TITLE.to_vec(), Compression::fast()));
        let encoder = postcard::to_io(self, encoder).expect(INFALLIBLE).into_inner().expect(INFALLIBLE);
        let mut bytes = encoder.finish().expect(INFALLIBLE);
        let checksum = Hash::of(&bytes).value();
        bytes.extend(checksum.to_le_bytes());
        bytes
    }

    /// The cache that [`Self::to_bytes`] wrote; none where a byte of it is wrong.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (body, checksum) = bytes.split_last_chunk::<8>()?;
        if Hash::of(body).value() != u64::from_le_bytes(*checksum) {
            return None;
        }
        let compressed = body.strip_prefix(TITLE)?;
        let most = u64::try_from(compressed.len().saturating_mul(MAX_EXPANSION)).ok()?;
        let mut encoded = Vec::new();
        DeflateDecoder::new(compressed).take(most).read_to_end(&mut encoded).ok()?;
        let (cache, rest): (Self, _) = postcard::take_from_bytes(&encoded).ok()?;
        (rest.is_empty() && cache.is_sound()).then_some(cache)
    }
}

/// Growing numbers, each as how far it is from the one before it: neighbours resemble each other in that.
pub(super) mod delta_encoded {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(numbers: &[u32], serializer: S) -> Result<S::Ok, S::Error> {
        let before = std::iter::once(&0).chain(numbers);
        serializer.collect_seq(numbers.iter().zip(before).map(|(number, before)| number.wrapping_sub(*before)))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<[u32]>, D::Error> {
        let mut numbers = Vec::<u32>::deserialize(deserializer)?;
        let mut before = 0_u32;
        for number in &mut numbers {
            before = before.checked_add(*number).ok_or_else(|| D::Error::custom("a number that is too large"))?;
            *number = before;
        }
        Ok(numbers.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cache::{LastBuild, Trace, Untraced};
    use super::super::{Dependency, FileQuestion, JobKey, KeyTable, PageQuestion, SiteQuestion};
    use super::*;
    use crate::diagnostic::{Diagnostic, code};
    use crate::model::SiteFile;
    use crate::output::Counts;
    use crate::source::{SourceId, Span};

    fn cache() -> Cache {
        let mut keys = KeyTable::default();
        let [a, aa, other] = ["/a/", "/aa/", "/ä/"].map(|name| keys.intern(name));
        let trace = |dependencies: &[u32], outputs: &[&str]| {
            let outputs = outputs.iter().map(|path| (*path).to_owned()).collect();
            Trace { dependencies: dependencies.into(), outputs }
        };
        let traces = [
            (JobKey::Page(a), trace(&[0, 1, 3], &["a/index.html", "a/index.md"])),
            (JobKey::Alias(aa), trace(&[1, 2], &["aa/index.html"])),
            (JobKey::SiteFile(SiteFile::LlmsFull), trace(&[], &[])),
        ];
        let answers = [
            (Dependency::Site(SiteQuestion::Assets), 1),
            (Dependency::Page(PageQuestion::Page, a), u64::MAX),
            (Dependency::Page(PageQuestion::Neighbours, other), 3),
            (Dependency::File(FileQuestion::Targets, aa), 0),
        ];
        let untraced = [("a.css", None), ("a.png", Some("content/a.png"))];
        let untraced =
            untraced.map(|(path, from)| Untraced { path: path.to_owned(), copy_of: from.map(str::to_owned) });
        let span = |at: usize| Span::new(SourceId::new(7), at..at + 3);
        let findings = vec![
            Diagnostic::new(&code::RAW_HTML, span(1), "raw").label("here").also(span(5), "and here"),
            Diagnostic::new(&code::DUPLICATE_ANCHOR, span(300), "two").fix("take another", span(300), "b"),
        ];
        let counts = Counts { articles: 1, pages: 2, terms: 3, links: 400, outputs: 5 };
        let last = LastBuild { inputs: 43, findings, counts, untraced: untraced.into() };
        Cache { key: 42, last: Some(last), keys, answers: answers.into(), traces: traces.into() }
    }

    /// An envelope as [`Cache::to_bytes`] makes it, around any bytes.
    fn sealed(encoded: &[u8]) -> Vec<u8> {
        let mut deflate = DeflateEncoder::new(TITLE.to_vec(), Compression::fast());
        std::io::Write::write_all(&mut deflate, encoded).unwrap();
        let mut bytes = deflate.finish().unwrap();
        let checksum = Hash::of(&bytes).value();
        bytes.extend(checksum.to_le_bytes());
        bytes
    }

    #[test]
    fn a_cache_comes_back_as_it_was() {
        let (was, back) = (cache(), Cache::from_bytes(&cache().to_bytes()).unwrap());
        assert_eq!((back.key, &back.last), (was.key, &was.last));
        assert_eq!((&back.answers, &back.traces), (&was.answers, &was.traces));
        assert_eq!(
            ["/a/", "/aa/", "/ä/"].map(|name| back.keys.find(name)),
            ["/a/", "/aa/", "/ä/"].map(|name| was.keys.find(name))
        );
        assert_eq!(back.to_bytes(), was.to_bytes());
        assert!(Cache::from_bytes(&sealed(&postcard::to_stdvec(&was).unwrap())).is_some());
    }

    #[test]
    fn bytes_with_any_fault_are_no_cache() {
        let bytes = cache().to_bytes();
        for at in 0..bytes.len() {
            assert!(Cache::from_bytes(&bytes[..at]).is_none(), "cut at {at}");
            let mut wrong = bytes.clone();
            wrong[at] ^= 1;
            assert!(Cache::from_bytes(&wrong).is_none(), "byte {at} is wrong");
        }
        assert!(Cache::from_bytes(&[bytes, vec![0]].concat()).is_none(), "a byte too many");
    }

    #[test]
    fn a_number_of_nothing_is_not_believed() {
        let mut wrong = cache();
        wrong.keys = KeyTable::default();
        assert!(Cache::from_bytes(&wrong.to_bytes()).is_none(), "keys without a name");
        let mut wrong = cache();
        wrong.answers.pop();
        assert!(Cache::from_bytes(&wrong.to_bytes()).is_none(), "a dependency without an answer");
    }

    #[test]
    fn a_file_that_expands_without_measure_is_refused() {
        let mut large = cache();
        large.last.as_mut().unwrap().untraced[0].path = "a".repeat(10_000_000);
        assert!(large.to_bytes().len() < 100_000);
        assert!(Cache::from_bytes(&large.to_bytes()).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// With a checksum that holds, as somebody might make it who means harm.
        #[test]
        fn no_bytes_make_it_panic_and_what_is_believed_is_sound(
            edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
            cut in any::<prop::sample::Index>(),
            more in proptest::collection::vec(any::<u8>(), 0..64),
        ) {
            let mut encoded = postcard::to_stdvec(&cache()).unwrap();
            for (at, byte) in edits {
                let at = at.index(encoded.len());
                encoded[at] = byte;
            }
            for encoded in [&encoded[..], &encoded[..cut.index(encoded.len())], &more] {
                if let Some(cache) = Cache::from_bytes(&sealed(encoded)) {
                    prop_assert!(cache.is_sound());
                    prop_assert!(Cache::from_bytes(&cache.to_bytes()).is_some());
                }
            }
            prop_assert!(Cache::from_bytes(&more).is_none());
        }
    }
}
