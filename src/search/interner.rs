//! Words in, small numbers out.
//!
//! Most words are short: their bytes are one number, so that to know a word again takes one comparison and no text.
//! Only what goes beyond [`FRONT`] bytes is kept as text, all of it in one piece. A table that is cleared keeps its
//! memory, since one is filled anew for every few pages.
#![expect(
    clippy::indexing_slicing,
    reason = "a slot is masked by the size of the table, and a number is a position among the words"
)]

use super::tokenizer::{FRONT, Token};

/// The words met so far, numbered in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Interner {
    /// By hash, the numbers of words plus one; half of them at least are free.
    slots: Vec<u32>,
    words: Vec<InternedWord>,
    /// The words that are longer than their fronts.
    long: Vec<u8>,
}

#[derive(Debug)]
struct InternedWord {
    front: [u64; 2],
    length: u32,
    /// Where it begins among the long ones.
    long: u32,
}

impl Interner {
    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Forgets all words.
    pub(super) fn clear(&mut self) {
        self.slots.fill(0);
        self.words.clear();
        self.long.clear();
    }

    /// The number of a word.
    pub(super) fn intern(&mut self, token: Token<'_>) -> u32 {
        if self.words.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let front = halves(token.front);
        let mut slot = self.slot(front, token.length, token.long);
        while let Some(number) = self.slots[slot].checked_sub(1) {
            let word = &self.words[number as usize];
            // A short word is known by its front.
            let is_same = word.front == front && word.length as usize == token.length;
            if is_same && (token.length <= FRONT || self.long(word) == token.long) {
                return number;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        let small = |number: usize| u32::try_from(number).expect("words take less than four gigabytes");
        self.words.push(InternedWord { front, length: small(token.length), long: small(self.long.len()) });
        self.long.extend_from_slice(token.long);
        self.slots[slot] = small(self.words.len());
        self.slots[slot] - 1
    }

    /// Writes the word of a number to the end of `into`.
    pub(super) fn write(&self, number: u32, into: &mut Vec<u8>) {
        let word = &self.words[number as usize];
        match self.long(word) {
            [] => into.extend_from_slice(&whole(word.front).to_be_bytes()[..word.length as usize]),
            long => into.extend_from_slice(long),
        }
    }

    /// The numbers of all words in the order of the alphabet, of their bytes that is.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let mut order: Vec<(u64, u32)> = self.words.iter().map(|word| word.front[0]).zip(0..).collect();
        let rest = |number: u32| {
            let word = &self.words[number as usize];
            (word.front[1], (word.length as usize).min(FRONT + 1), self.long(word))
        };
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| rest(a.1).cmp(&rest(b.1))));
        order.into_iter().map(|(_, number)| number).collect()
    }

    fn long(&self, word: &InternedWord) -> &[u8] {
        let (start, length) = (word.long as usize, word.length as usize);
        if length > FRONT { &self.long[start..start + length] } else { &[] }
    }

    /// Where a word is looked for first.
    fn slot(&self, front: [u64; 2], length: usize, long: &[u8]) -> usize {
        let mut hash = folded_multiply(front[0] ^ 0x9e37_79b9_7f4a_7c15, front[1] ^ 0xd1b5_4a32_d192_ed03);
        if length > FRONT {
            for bytes in long[FRONT..].chunks(8) {
                let bytes = bytes.iter().fold(0, |bytes, &byte| bytes << 8 | u64::from(byte));
                hash = folded_multiply(hash ^ bytes, 0x9e37_79b9_7f4a_7c15);
            }
        }
        usize::try_from(hash & (self.slots.len() as u64 - 1)).expect("there are so many slots")
    }

    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(1024);
        self.slots.clear();
        self.slots.resize(slots, 0);
        for (word, number) in self.words.iter().zip(1..) {
            let mut slot = self.slot(word.front, word.length as usize, self.long(word));
            while self.slots[slot] > 0 {
                slot = (slot + 1) & (slots - 1);
            }
            self.slots[slot] = number;
        }
    }
}

/// A quick hash for short words. Whoever chose words that collide would slow down the build of their own site.
fn folded_multiply(a: u64, b: u64) -> u64 {
    let [high, low] = halves(u128::from(a) * u128::from(b));
    high ^ low
}

#[expect(clippy::cast_possible_truncation, reason = "the halves of a number")]
fn halves(number: u128) -> [u64; 2] {
    [(number >> 64) as u64, number as u64]
}

fn whole([high, low]: [u64; 2]) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::slice;

    #[test]
    fn words_keep_their_numbers_and_come_in_order() {
        let letters = "abcdefghijklmnopqrstuvwxyzé".repeat(3);
        let mut words: Vec<&str> = letters.char_indices().map(|(end, _)| slice(&letters, ..end)).skip(1).collect();
        words.extend(["b", "ab\u{1}", "\u{2}term", "検索", "abcdefghijklmnop\u{1}", "abcdefghijklmnoq"]);
        let many: Vec<String> = (0..5000).map(|at| format!("w{}", at * 7919 % 5000)).collect();
        words.extend(many.iter().map(String::as_str));
        let mut interner = Interner::default();
        for _ in 0..2 {
            interner.clear();
            for _ in 0..2 {
                for (word, number) in words.iter().zip(0..) {
                    assert_eq!(interner.intern(Token::of(word.as_bytes())), number, "{word}");
                }
            }
        }
        let mut sorted = Vec::new();
        for number in interner.sorted() {
            let start = sorted.len();
            interner.write(number, &mut sorted);
            assert_eq!(&sorted[start..], words[number as usize].as_bytes());
            sorted.push(0);
        }
        words.sort_unstable();
        assert_eq!(sorted, words.iter().flat_map(|word| [word.as_bytes(), &[0]].concat()).collect::<Vec<u8>>());
    }
}
