//! Sub- and superscript inside words, `H~2~O` and `x^2^`: the parser knows them only where a word begins.

use std::collections::VecDeque;
use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::source::slice;

/// An event with its bytes in the text.
type Placed<'a> = (Event<'a>, Range<usize>);

/// The same events, in which text with sub- and superscript is parted.
pub(super) fn with_scripts<'a, I: Iterator<Item = Placed<'a>>>(text: &'a str, events: I) -> Scripts<'a, I> {
    Scripts { text, events: events.peekable(), ready: VecDeque::new(), in_code: false }
}

pub(super) struct Scripts<'a, I: Iterator<Item = Placed<'a>>> {
    text: &'a str,
    events: Peekable<I>,
    ready: VecDeque<Placed<'a>>,
    in_code: bool,
}

impl<'a, I: Iterator<Item = Placed<'a>>> Iterator for Scripts<'a, I> {
    type Item = Placed<'a>;

    fn next(&mut self) -> Option<Placed<'a>> {
        if let Some(ready) = self.ready.pop_front() {
            return Some(ready);
        }
        let (event, range) = self.events.next()?;
        match &event {
            Event::Start(Tag::CodeBlock(_)) => self.in_code = true,
            Event::End(TagEnd::CodeBlock) => self.in_code = false,
            Event::Text(words)
                if !self.in_code && words.contains(['~', '^']) && is_written(self.text, words, &range) =>
            {
                return Some(self.part(range));
            }
            _ => {}
        }
        Some((event, range))
    }
}

impl<'a, I: Iterator<Item = Placed<'a>>> Scripts<'a, I> {
    /// Parts the text at `range`, of which the parser hands over the signs alone; gives its first part.
    fn part(&mut self, mut range: Range<usize>) -> Placed<'a> {
        let start = range.start;
        while let Some((Event::Text(more), place)) = self.events.peek() {
            if place.start != range.end || !is_written(self.text, more, place) {
                break;
            }
            range.end = place.end;
            self.events.next();
        }
        let words = slice(self.text, range.clone());
        let mut from = 0;
        while let Some((sign, inside)) = script(words, from) {
            let (start_tag, end_tag) = match sign {
                '~' => (Tag::Subscript, TagEnd::Subscript),
                _ => (Tag::Superscript, TagEnd::Superscript),
            };
            self.push_text(start + from..start + inside.start - 1);
            let whole = start + inside.start - 1..start + inside.end + 1;
            self.ready.push_back((Event::Start(start_tag), whole.clone()));
            self.push_text(start + inside.start..start + inside.end);
            self.ready.push_back((Event::End(end_tag), whole));
            from = inside.end + 1;
        }
        match self.ready.pop_front() {
            Some(first) => {
                self.push_text(start + from..range.end);
                first
            }
            None => (Event::Text(CowStr::Borrowed(words)), range),
        }
    }

    fn push_text(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            let text = CowStr::Borrowed(slice(self.text, range.clone()));
            self.ready.push_back((Event::Text(text), range));
        }
    }
}

/// Whether a text stands in the file as it is, without entities.
fn is_written(text: &str, words: &str, range: &Range<usize>) -> bool {
    slice(text, range.clone()) == words
}

/// The first sub- or superscript from `from` on: its sign, and what stands between the two signs. One begins behind a letter,
/// a digit or a bracket, and has no space in it.
fn script(words: &str, from: usize) -> Option<(char, Range<usize>)> {
    let mut before = slice(words, ..from).chars().next_back();
    for (at, c) in slice(words, from..).char_indices().map(|(at, c)| (from + at, c)) {
        let begins = before.is_some_and(|before| before.is_alphanumeric() || matches!(before, ')' | ']'));
        if matches!(c, '~' | '^') && begins {
            let rest = slice(words, at + 1..);
            let end = rest.find(|other: char| other == c || other.is_whitespace()).filter(|&end| end > 0);
            let doubled = |end: usize| slice(rest, end + 1..).starts_with(c);
            if let Some(end) = end.filter(|&end| slice(rest, end..).starts_with(c) && !doubled(end)) {
                return Some((c, at + 1..at + 1 + end));
            }
        }
        before = Some(c);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{script, slice};

    #[track_caller]
    fn check(words: &str, expected: &[(char, &str)]) {
        let (mut from, mut found) = (0, Vec::new());
        while let Some((sign, inside)) = script(words, from) {
            from = inside.end + 1;
            found.push((sign, slice(words, inside)));
        }
        assert_eq!(found, expected, "{words}");
    }

    #[test]
    fn signs_inside_words_lower_and_raise() {
        check("H~2~O and x^2^, C~6~H~12~O~6~", &[('~', "2"), ('^', "2"), ('~', "6"), ('~', "12"), ('~', "6")]);
        check("(a+b)^n-1^", &[('^', "n-1")]);
    }

    #[test]
    fn signs_alone_do_not() {
        for words in ["x^2", "~2~", "a ~ b ~ c", "1~2 or 3~4", "x^^2^^", "x~~", "a~~b~~", "^", ""] {
            check(words, &[]);
        }
    }
}
