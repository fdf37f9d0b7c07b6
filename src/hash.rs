//! Bytes in, a short stable name for them out: XXH64 with seed 0, the same on every machine and in every version.
//!
//! It names assets and tells the writer which files cannot be the same. It is not cryptographic and need not be: no
//! one gains by making two files of their own site collide.

use std::hash::{self, Hasher as _};

use twox_hash::XxHash64;

/// A hash, complete or in the making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Hash(u64);

impl Hash {
    /// The hash of a whole text.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(XxHash64::oneshot(0, bytes))
    }

    /// The number.
    pub(crate) fn value(self) -> u64 {
        self.0
    }

    /// Ten hexadecimal digits, enough to tell versions of a file apart.
    pub(crate) fn short(self) -> String {
        format!("{:010x}", self.0 >> 24)
    }

    /// Whether a text could be what [`Self::short`] gives.
    pub(crate) fn is_short(text: &str) -> bool {
        text.len() == 10 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    }
}

/// A hash of what comes in pieces; where the pieces are cut makes no difference.
#[derive(Debug)]
pub(crate) struct Hashing(XxHash64);

impl Hashing {
    /// The hash of nothing so far.
    pub(crate) fn new() -> Self {
        Self(XxHash64::with_seed(0))
    }

    /// Adds the next piece.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    /// The hash of all pieces.
    pub(crate) fn finish(&self) -> Hash {
        Hash(self.0.finish())
    }
}

/// A fingerprint of a value, made of all that its type counts to it. Only the same program on the same machine gives the
/// same: numbers go in as they lie in memory.
pub(crate) fn fingerprint(value: &(impl hash::Hash + ?Sized)) -> u64 {
    let mut hasher = XxHash64::with_seed(0);
    value.hash(&mut hasher);
    hasher.finish()
}
