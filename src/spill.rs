//! A temporary store: bytes are appended, and read back by where they begin.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Mutex;

use crate::failure::{Failure, NO_PANIC};

/// A store for bytes that are many, and are not needed until later: a file, where memory is to stay free.
pub trait Spill: Debug + Sync {
    /// Appends bytes; gives where they begin. May be called from many threads.
    ///
    /// # Errors
    /// If the store will not have them.
    fn append(&self, bytes: &[u8]) -> Result<u64, Failure>;

    /// Fills `into` with the bytes from `start` on, all of them appended by one call. May be called from many threads.
    ///
    /// # Errors
    /// If they cannot be had.
    fn read_at(&self, start: u64, into: &mut [u8]) -> Result<(), Failure>;
}

/// Memory, for whoever has enough of it.
#[derive(Debug, Default)]
pub struct InMemory {
    /// By where they begin; the last ends where the next will begin.
    kept: Mutex<BTreeMap<u64, Box<[u8]>>>,
}

impl Spill for InMemory {
    fn append(&self, bytes: &[u8]) -> Result<u64, Failure> {
        let bytes: Box<[u8]> = Box::from(bytes);
        let mut kept = self.kept.lock().expect(NO_PANIC);
        let start = kept.last_key_value().map_or(0, |(start, bytes)| start + bytes.len() as u64);
        if !bytes.is_empty() {
            kept.insert(start, bytes);
        }
        Ok(start)
    }

    fn read_at(&self, start: u64, into: &mut [u8]) -> Result<(), Failure> {
        if into.is_empty() {
            return Ok(());
        }
        let kept = self.kept.lock().expect(NO_PANIC);
        let found = kept.range(..=start).next_back().and_then(|(first, bytes)| {
            let offset = usize::try_from(start - first).ok()?;
            bytes.get(offset..offset + into.len())
        });
        into.copy_from_slice(found.expect("what is read was kept"));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let spill = InMemory::default();
        let starts = ["rye", "", "bread"].map(|bytes| spill.append(bytes.as_bytes()).expect("memory takes all"));
        let read = |start, length| {
            let mut bytes = vec![0; length];
            spill.read_at(start, &mut bytes).expect("it was kept");
            String::from_utf8(bytes).expect("it was text")
        };
        assert_eq!(
            (read(starts[0], 3), read(starts[1], 0), read(starts[2], 5)),
            ("rye".into(), String::new(), "bread".into())
        );
        assert_eq!(read(starts[2] + 2, 3), "ead");
    }
}
