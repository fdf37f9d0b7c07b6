//! The words that a typing mistake may have been meant for, in one small list for each length.
//!
//! A browser loads the lists of about the length that was typed, and only when a word was not found. In a list each
//! word is a line: how much it shares with the one before, how common it is (both one sign in base 36), and the rest.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::code::{part, shared};
use crate::output::Output;

/// How many words are worth offering; the commonest are kept.
const MOST: usize = 20_000;

/// Makes the lists from words in order, each with the number of its pages: the name of each by length, then the files.
pub(super) fn lists<'a>(words: impl Iterator<Item = (&'a str, usize)>) -> (BTreeMap<usize, String>, Vec<Output>) {
    let offered =
        |(word, _): &(&str, usize)| (3..=20).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic);
    let mut words: Vec<(&str, usize)> = words.filter(offered).collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    words.truncate(MOST);
    words.sort_unstable();
    let mut lists: BTreeMap<usize, (String, &str)> = BTreeMap::new();
    for (word, pages) in words {
        let (list, before) = lists.entry(word.chars().count()).or_default();
        let (bytes, units) = shared(before, word);
        let level = (pages.ilog2() as usize).min(35);
        let line = [units.min(35), level].map(|value| char::from_digit(u32::try_from(value).unwrap_or(0), 36));
        let line: String = line.into_iter().flatten().collect();
        writeln!(list, "{line}{}", &word[bytes..]).expect("writing to a string cannot fail");
        *before = word;
    }
    let mut outputs = Vec::new();
    let names = lists.into_iter().map(|(length, (list, _))| {
        let (name, output) = part(list.as_bytes(), 9);
        outputs.push(output);
        (length, name)
    });
    (names.collect(), outputs)
}
