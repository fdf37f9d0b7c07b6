//! Words in, small numbers out.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The words met so far, numbered in the order in which they came.
#[derive(Default)]
pub(super) struct Interner {
    numbers: HashMap<Box<str>, u32, BuildHasherDefault<Mixer>>,
}

impl Interner {
    /// The number of `word`.
    pub(super) fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = u32::try_from(self.numbers.len()).expect("fewer words than numbers");
        self.numbers.insert(word.into(), number);
        number
    }

    /// All words in the order of the alphabet, each with its number.
    pub(super) fn sorted(self) -> Vec<(Box<str>, u32)> {
        let mut words: Vec<(Box<str>, u32)> = self.numbers.into_iter().collect();
        words.sort_unstable();
        words
    }
}

/// A quick hash for short words. Whoever chose words that collide would slow down the build of their own site.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.mix(u64::from_le_bytes(chunk.try_into().expect("eight bytes")));
        }
        let rest = chunks.remainder().iter().fold(0, |rest, &byte| rest << 8 | u64::from(byte));
        self.mix(rest);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Mixer {
    fn mix(&mut self, value: u64) {
        let wide = u128::from(self.0.rotate_left(5) ^ value) * 0x9e37_79b9_7f4a_7c15;
        #[expect(clippy::cast_possible_truncation, reason = "both halves are folded into one")]
        let folded = (wide >> 64) as u64 ^ wide as u64;
        self.0 = folded;
    }
}
