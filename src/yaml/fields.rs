//! Reading a mapping key by key: each value of the kind that is wanted, what is wrong with the others, and at the end the
//! keys that nobody asked for.

use super::{Kind, Node};
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::source::{At, Span, slice};

/// A text has at most so many characters: a definition is shown wherever its word is named, and advice on every page that
/// leads to it.
pub(crate) const MAX_TEXT: usize = 2_000;

/// A title, or another name of something, has at most so many: it is said at every link.
pub(crate) const MAX_NAME: usize = 300;

/// A list has at most so many entries.
pub(crate) const MAX_ENTRIES: usize = 1_000;

/// A text cut to `most` characters; that it was longer is reported.
pub(crate) fn within(text: At<String>, most: usize, what: &str, findings: &mut Findings) -> At<String> {
    // A character has at least one byte.
    let Some((end, _)) = text.value.char_indices().nth(most) else { return text };
    let message = format!("{what} has {} characters, where at most {most} are read", text.value.chars().count());
    findings.push(Diagnostic::new(&code::TOO_LARGE, text.span, message).help("make it shorter"));
    At::new(slice(&text.value, ..end).to_owned(), text.span)
}

/// A finding that `what` should be `expected` and is something else.
pub(crate) fn wrong_value(what: &str, expected: &str, node: &Node) -> Diagnostic {
    let message = format!("`{what}` takes {expected}, not {}", node.noun());
    Diagnostic::new(&code::WRONG_VALUE, node.span, message)
}

/// A mapping that is read key by key.
pub(crate) struct Fields<'a, 'f> {
    span: Span,
    whole: bool,
    entries: &'a [(At<String>, Node)],
    asked: Vec<&'static str>,
    pub(crate) findings: &'f mut Findings,
}

impl<'a, 'f> Fields<'a, 'f> {
    /// Begins reading `node`; a value that is no mapping is reported as `what` and gives nothing.
    pub(crate) fn new(node: &'a Node, what: &str, findings: &'f mut Findings) -> Option<Self> {
        match &node.kind {
            Kind::Map(entries) => {
                Some(Self { span: node.span, whole: node.whole, entries, asked: Vec::new(), findings })
            }
            _ => {
                let message = format!("{what} takes a mapping (`key: value`), not {}", node.noun());
                findings.push(Diagnostic::new(&code::WRONG_VALUE, node.span, message));
                None
            }
        }
    }

    /// The value of `key`; an empty value counts as none.
    pub(crate) fn get(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        let (_, node) = self.entries.iter().find(|(name, _)| name.value == key)?;
        (node.kind != Kind::Null).then_some(node)
    }

    /// The value of `key`, which must be there. Of a mapping that lost an entry to a mistake it is not said that it is
    /// missing.
    pub(crate) fn require(&mut self, key: &'static str, what: &str) -> Option<&'a Node> {
        let node = self.get(key);
        if node.is_none() && self.whole {
            let message = format!("{what} needs the key `{key}`");
            let finding = Diagnostic::new(&code::MISSING_KEY, self.span, message);
            self.findings.push(finding.help(format!("add a line `{key}: …`")));
        }
        node
    }

    /// A text on one or more lines.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<At<String>> {
        let node = self.get(key)?;
        self.as_text(node, key, MAX_TEXT)
    }

    /// A text that must be there.
    pub(crate) fn required_text(&mut self, key: &'static str, what: &str) -> Option<At<String>> {
        let node = self.require(key, what)?;
        let text = self.as_text(node, key, MAX_TEXT)?;
        if text.value.is_empty() {
            let message = format!("{what} needs a text under `{key}`");
            self.findings.push(Diagnostic::new(&code::MISSING_KEY, node.span, message).help("write one"));
            return None;
        }
        Some(text)
    }

    fn as_text(&mut self, node: &Node, key: &str, most: usize) -> Option<At<String>> {
        let Some(text) = node.as_text() else {
            self.findings.push(wrong_value(key, "a text", node));
            return None;
        };
        let text = At::new(text.trim().to_owned(), node.span);
        Some(within(text, most, &format!("`{key}`"), self.findings))
    }

    /// A text that is said wherever its page or entry is linked to.
    pub(crate) fn title(&mut self, key: &'static str) -> Option<At<String>> {
        let node = self.get(key)?;
        self.as_text(node, key, MAX_NAME)
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let node = self.get(key)?;
        if let Kind::Bool(value) = node.kind {
            return Some(value);
        }
        let finding = wrong_value(key, "`true` or `false`", node);
        let right = match node.as_text().map(str::to_lowercase).as_deref() {
            Some("yes" | "on" | "1") => Some("true"),
            Some("no" | "off" | "0") => Some("false"),
            _ => None,
        };
        self.findings.push(match right {
            Some(right) => finding.fix("write", node.span, right),
            None => finding,
        });
        None
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, key: &'static str) -> Option<i64> {
        let node = self.get(key)?;
        if let Kind::Number(text) = &node.kind
            && let Ok(value) = text.parse()
        {
            return Some(value);
        }
        let noun = if matches!(node.kind, Kind::Number(_)) { "a fraction" } else { node.noun() };
        let message = format!("`{key}` takes a whole number, not {noun}");
        self.findings.push(Diagnostic::new(&code::WRONG_VALUE, node.span, message));
        None
    }

    /// A calendar day, `YYYY-MM-DD`; a time after it is cut off.
    pub(crate) fn date(&mut self, key: &'static str) -> Option<At<String>> {
        let node = self.get(key)?;
        let Some(text) = node.as_text() else {
            self.findings.push(wrong_value(key, "a date", node));
            return None;
        };
        let text = At::new(text.trim().to_owned(), node.span);
        let (day, rest) = text.value.split_at_checked(10).unwrap_or((&text.value, ""));
        let rest_is_time = rest.is_empty() || rest.starts_with(['T', ' ']);
        if is_date(day) && rest_is_time {
            return Some(At::new(day.to_owned(), text.span));
        }
        let message = format!("`{}` is not a date", text.value);
        let parts: Vec<usize> = text.value.split('-').map(str::len).collect();
        let shaped = parts == [4, 2, 2] && text.value.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let help = if shaped { "the calendar has no such day" } else { "write year, month and day: 2026-11-21" };
        self.findings.push(
            Diagnostic::new(&code::NOT_A_DATE, text.span, message).label(format!("the value of `{key}`")).help(help),
        );
        None
    }

    /// A list of texts; one text alone counts as a list of one.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<At<String>> {
        let Some(node) = self.get(key) else { return Vec::new() };
        texts(node, key, self.findings)
    }

    /// What one of the `allowed` words stands for.
    pub(crate) fn choice<T: Copy>(&mut self, key: &'static str, allowed: &[(&str, T)]) -> Option<T> {
        self.choice_at(key, allowed).map(|found| found.value)
    }

    /// The same with its place.
    pub(crate) fn choice_at<T: Copy>(&mut self, key: &'static str, allowed: &[(&str, T)]) -> Option<At<T>> {
        let text = self.text(key)?;
        let found = allowed.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let words: Vec<&str> = allowed.iter().map(|&(word, _)| word).collect();
            let message = format!("`{key}` is one of {}, not `{}`", list(&words), text.value);
            let finding = Diagnostic::new(&code::WRONG_VALUE, text.span, message);
            self.findings.push(finding.suggest(&text.value, text.span, words, ""));
        }
        found.map(|&(_, value)| At { value, span: text.span })
    }

    /// The entries that nobody has asked for.
    pub(crate) fn rest(&self) -> impl Iterator<Item = &'a (At<String>, Node)> {
        self.entries.iter().filter(|(name, _)| !self.asked.contains(&name.value.as_str()))
    }

    /// Ends the reading: every key that nobody asked for is an error, with the nearest right one.
    pub(crate) fn close(self, what: &str) {
        let unknown: Vec<_> = self.rest().map(|(name, _)| name.clone()).collect();
        for name in unknown {
            let message = format!("{what} has no key `{}`", name.value);
            let known = format!("the keys are {}", list(&self.asked));
            self.findings.push(Diagnostic::new(&code::UNKNOWN_KEY, name.span, message).suggest(
                &name.value,
                name.span,
                self.asked.iter().copied(),
                known,
            ));
        }
    }
}

/// A node as a list of texts; one text alone counts as a list of one.
pub(crate) fn texts(node: &Node, key: &str, findings: &mut Findings) -> Vec<At<String>> {
    let items = match &node.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Null => &[],
        Kind::Map(_) => {
            findings.push(wrong_value(key, "a list", node));
            &[]
        }
        _ => std::slice::from_ref(node),
    };
    first_entries(items, key, findings)
        .iter()
        .filter_map(|item| match item.as_text() {
            Some(text) => {
                let name = At::new(text.trim().to_owned(), item.span);
                Some(within(name, MAX_NAME, &format!("an entry of `{key}`"), findings))
            }
            None => {
                findings.push(wrong_value(key, "a list of texts", item));
                None
            }
        })
        .collect()
}

/// As many entries of a list as are read; that there are more is reported.
pub(crate) fn first_entries<'a>(items: &'a [Node], key: &str, findings: &mut Findings) -> &'a [Node] {
    let Some(next) = items.get(MAX_ENTRIES) else { return items };
    let message = format!("more than {MAX_ENTRIES} entries under `{key}`, which is as many as are read");
    findings.push(Diagnostic::new(&code::TOO_LARGE, next.span, message).help("take some out"));
    items.get(..MAX_ENTRIES).unwrap_or(items)
}

/// Words in backticks with commas: `` `a`, `b`, `c` ``.
pub(crate) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Whether `text` is a day of the Gregorian calendar written `YYYY-MM-DD` (ISO 8601).
pub(crate) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    if [year.len(), month.len(), day.len()] != [4, 2, 2] || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return false;
    }
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(year), number(month), number(day));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_that_exist() {
        for day in ["2024-02-29", "2026-11-21", "2000-02-29"] {
            assert!(is_date(day), "{day}");
        }
        for text in ["2026-02-29", "2026-13-01", "21.11.2026", "2026-1-1", "tomorrow", "1900-02-29", "+026-01-01"] {
            assert!(!is_date(text), "{text}");
        }
    }
}
