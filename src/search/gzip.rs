//! Columns of bytes in, one gzip file out (RFC 1952) with a deflate block for each column (RFC 1951).
//!
//! Postings and positions hardly repeat anything but single bytes, so matches are looked for at distance one alone
//! (zlib's strategy RLE). What does help is that words, distances between pages and impacts each have common bytes of
//! their own: a block of its own gives each column Huffman codes of its own. On the articles of `benches/corpus.py`
//! (1,000 and 10,000), shards are 11 and 12 % smaller than in one block, and 8 and 10 % smaller than where level 9
//! looks for matches. A coder that began a block wherever new codes paid for themselves wrote shards 5 % larger at
//! 1,000 articles, 1 % smaller at 10,000 and 2 % smaller at 30,000, and positions up to 0.3 % smaller: not worth its
//! 450 lines.
#![expect(clippy::indexing_slicing, reason = "the compressor counts what it has read and written of just these bytes")]

use std::io::Write as _;

use flate2::write::GzEncoder;
use flate2::{Compression, Crc};
use zlib_rs::{Deflate, DeflateConfig, DeflateFlush, Status, Strategy};

/// The gzip form of a text, in which repetitions are looked for; the same for the same text.
pub(super) fn with_matches(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 2 + 64), Compression::best());
    encoder.write_all(text).expect("writing to memory cannot fail");
    encoder.finish().expect("writing to memory cannot fail")
}

/// The header of a gzip member: deflate, no name, no time, an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// So many bytes of room are given to the compressor at least, which holds for a header of codes.
const MIN_ROOM: usize = 512;

/// Compresses columns, one file after the other in the same memory.
pub(super) struct Gzip(Deflate);

impl Gzip {
    /// A compressor that has seen nothing.
    pub(super) fn new() -> Self {
        let default = DeflateConfig::default();
        // A negative window is zlib's way to ask for deflate alone, without a header of its own.
        let window_bits = -default.window_bits;
        Self(Deflate::new_with_config(DeflateConfig { window_bits, strategy: Strategy::Rle, ..default }))
    }

    /// The gzip form of the columns behind each other, the same for the same columns.
    pub(super) fn compress(&mut self, columns: &[&[u8]]) -> Vec<u8> {
        self.0.reset();
        let mut packed = HEADER.to_vec();
        let mut crc = Crc::new();
        for (at, &column) in (1..).zip(columns) {
            crc.update(column);
            // `Block` ends a block and adds no empty one, by which the output would be brought to a whole byte.
            let flush = if at == columns.len() { DeflateFlush::Finish } else { DeflateFlush::Block };
            self.append(column, flush, &mut packed);
        }
        packed.extend_from_slice(&crc.sum().to_le_bytes());
        packed.extend_from_slice(&crc.amount().to_le_bytes());
        packed
    }

    /// Compresses a column onto the end of `packed`.
    fn append(&mut self, column: &[u8], flush: DeflateFlush, packed: &mut Vec<u8>) {
        let start = self.0.total_in();
        loop {
            let read = usize::try_from(self.0.total_in() - start).expect("no more than the column");
            let (written, before) = (packed.len(), self.0.total_out());
            packed.resize(written + (column.len() - read).max(MIN_ROOM), 0);
            let status = self.0.compress(&column[read..], &mut packed[written..], flush).expect("the state is sound");
            let new = usize::try_from(self.0.total_out() - before).expect("no more than there was room for");
            let is_full = written + new == packed.len();
            packed.truncate(written + new);
            if status == Status::StreamEnd || flush != DeflateFlush::Finish && !is_full {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    /// Compresses columns, checks that they come back, and gives how many bytes they took.
    #[track_caller]
    fn check(gzip: &mut Gzip, columns: &[&[u8]]) -> usize {
        let packed = gzip.compress(columns);
        assert_eq!(packed, Gzip::new().compress(columns), "what was compressed before leaves no trace");
        let mut unpacked = Vec::new();
        GzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked).expect("it is gzip");
        assert!(unpacked == columns.concat(), "{} bytes come back", unpacked.len());
        packed.len()
    }

    /// Numbers without a pattern.
    fn noise(count: usize) -> impl Iterator<Item = u8> {
        let next = |seed: &u32| Some(seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        std::iter::successors(Some(1), next).map(|seed| seed.to_be_bytes()[0]).take(count)
    }

    #[test]
    fn columns_of_any_size_come_back() {
        let gzip = &mut Gzip::new();
        let long: Vec<u8> = noise(300_000).collect();
        check(gzip, &[b""]);
        check(gzip, &[b"", b"a", b"", b"aaaa"]);
        check(gzip, &[&long, b"the owner of the bakery", &long[7..70_000], b""]);
        for run in (0..600).chain([100_000]) {
            check(gzip, &[&vec![b'a'; run], b"bc", &vec![b'c'; run / 2]]);
        }
        assert!(check(gzip, &[&[0; 10_000]]) < 100);
    }

    #[test]
    fn columns_have_codes_of_their_own() {
        let columns = [0, 32, 64, 96].map(|first| noise(5000).map(|byte| first + byte % 4).collect::<Vec<u8>>());
        // Little more than two bits a byte, where one code for all would take four.
        assert!(check(&mut Gzip::new(), &columns.each_ref().map(Vec::as_slice)) < 20_000 * 5 / 16);
    }
}
