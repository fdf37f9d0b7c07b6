//! The words that a typing mistake may have been meant for, in lists by their endings.
//!
//! A mistake leaves the beginning of a word as it was, or its end: words of the same beginning lie in the shard that a
//! browser has loaded already, and those of the same last two letters in one list, which it loads when a word was not
//! found. In a list each word is a text, behind a digit in base 36 that says how common it is.
#![expect(clippy::indexing_slicing, reason = "a remainder is a position among as many lists")]

use super::json::part;
use crate::output::Output;

/// How many words are worth offering; the commonest are kept.
const MAX_WORDS: usize = 20_000;

/// About how many words share a list.
const LIST_SIZE: usize = 500;

/// Makes the lists from words in order, each with the number of its pages: the paths of all, then the files.
pub(super) fn lists<'a>(words: impl Iterator<Item = (&'a str, usize)>) -> (Vec<String>, Vec<Output>) {
    let offered =
        |(word, _): &(&str, usize)| (3..=20).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic);
    let mut words: Vec<(&str, usize)> = words.filter(offered).collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    words.truncate(MAX_WORDS);
    words.sort_unstable();
    let mut lists: Vec<Vec<String>> = vec![Vec::new(); words.len().div_ceil(LIST_SIZE)];
    let count = lists.len();
    for (word, pages) in words {
        let level = char::from_digit(pages.ilog2(), 36).expect("fewer pages than a number of 32 bits can tell");
        lists[ending(word) % count].push(format!("{level}{word}"));
    }
    lists.into_iter().map(|list| part(&list)).unzip()
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
