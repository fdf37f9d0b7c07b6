//! The words that a typing mistake may have been meant for, in lists by their endings.
//!
//! A mistake leaves the beginning of a word as it was, or its end: words of the same beginning lie in the shard that a
//! browser has loaded already, and those of the same last two letters in one list, which it loads when a word was not
//! found. In a list each word is a text: how much it shares with the one before, how common it is (both one sign in
//! base 36), and the rest.

use super::code::{part, shared};
use crate::output::Output;

/// How many words are worth offering; the commonest are kept.
const MOST: usize = 20_000;

/// About how many words share a list.
const LIST: usize = 700;

/// Makes the lists from words in order, each with the number of its pages: the names of all, then the files.
pub(super) fn lists<'a>(words: impl Iterator<Item = (&'a str, usize)>) -> (Vec<String>, Vec<Output>) {
    let offered =
        |(word, _): &(&str, usize)| (3..=20).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic);
    let mut words: Vec<(&str, usize)> = words.filter(offered).collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    words.truncate(MOST);
    words.sort_unstable();
    let mut lists: Vec<(Vec<String>, &str)> = vec![Default::default(); words.len().div_ceil(LIST)];
    let count = lists.len();
    for (word, pages) in words {
        let (list, before) = &mut lists[ending(word) % count];
        let (bytes, units) = shared(before, word);
        let level = pages.ilog2() as usize;
        let signs = [units, level].map(|value| char::from_digit(u32::try_from(value.min(35)).unwrap_or(0), 36));
        let mut line: String = signs.into_iter().flatten().collect();
        line.push_str(&word[bytes..]);
        list.push(line);
        *before = word;
    }
    lists.into_iter().map(|(list, _)| part(&list)).unzip()
}

/// A number for the last two letters of a word, as scripts count letters.
fn ending(word: &str) -> usize {
    word.encode_utf16().collect::<Vec<_>>().iter().rev().take(2).fold(0, |sum, &unit| sum * 31 + usize::from(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_ending_share_a_list() {
        assert_eq!(ending("zebra"), ending("xebra"));
        assert_ne!(ending("bread"), ending("breda"));
    }
}
