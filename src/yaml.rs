//! The one file that names the YAML crate: a text in, a tree of values with their places out.
//!
//! A tree, not a struct for serde to fill: serde stops at the first mistake, and we promise to report all of them at
//! their exact places. [`Fields`] reads a mapping key by key, says what is wrong with each value, and finally names
//! the keys that nobody asked for. Merge keys, aliases and anchors are refused, and sizes are bounded
//! ([`Limits`]), so that no front matter costs more time than its length.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;
use serde_yaml::{DuplicateKeyPolicy, MergeKeyPolicy};

use crate::diagnostic::{Diagnostic, code};
use crate::source::{At, LineIndex, SourceId, Span};

/// A value and the place where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

/// What a value is. Numbers keep the author's spelling, so that `title: 1.10` stays `1.10`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(At<String>, Node)>),
}

/// How large a text may be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Limits {
    /// 64 KiB and 10,000 values.
    FrontMatter,
    /// 5 MB and a million values, for `claims.yaml` and the like.
    Data,
}

/// The deepest nesting that is read.
const DEPTH: usize = 32;

impl Limits {
    fn bytes(self) -> usize {
        match self {
            Self::FrontMatter => 64 * 1024,
            Self::Data => 5_000_000,
        }
    }

    fn nodes(self) -> usize {
        match self {
            Self::FrontMatter => 10_000,
            Self::Data => 1_000_000,
        }
    }
}

/// Reads the YAML in `text`, which stands in `source` from the byte `offset`; duplicate keys are among `findings`.
///
/// # Errors
/// One finding where the text is no YAML or breaks a limit.
pub(crate) fn parse(
    source: SourceId,
    text: &str,
    offset: usize,
    limits: Limits,
    findings: &mut Vec<Diagnostic>,
) -> Option<Node> {
    if text.len() > limits.bytes() {
        let message = format!("{} bytes of YAML, where at most {} are read", text.len(), limits.bytes());
        let span = Span::new(source, offset..offset);
        findings.push(Diagnostic::new(&code::TOO_LARGE, span, message).help("split it into several files"));
        return None;
    }
    let options = serde_yaml::options! {
        strict_booleans: true,
        with_snippet: false,
        duplicate_keys: DuplicateKeyPolicy::LastWins, // all of them reach us, and `convert` reports them
        merge_keys: MergeKeyPolicy::Error,
        budget: serde_yaml::budget! {
            max_aliases: 0,
            max_anchors: 0,
            max_depth: DEPTH,
            max_nodes: limits.nodes(),
            max_events: limits.nodes() * 3,
            max_total_scalar_bytes: limits.bytes(),
            max_documents: 2,
        },
    };
    match serde_yaml::from_str_with_options::<Spanned<Raw>>(text, options) {
        Ok(raw) => Some(Tree { source, text, offset }.convert(raw, findings)),
        Err(error) => {
            findings.push(syntax_error(&error, source, text, offset));
            None
        }
    }
}

fn syntax_error(error: &serde_yaml::Error, source: SourceId, text: &str, offset: usize) -> Diagnostic {
    let error = error.without_snippet();
    let (line, column) = error.location().map_or((1, 1), |l| (l.line(), l.column()));
    let lines = LineIndex::new(text);
    let mut at = lines.offset(usize::try_from(line).unwrap_or(1), usize::try_from(column).unwrap_or(1));
    let full = error.to_string();
    let said = full.rsplit_once(" at line ").map_or(full.as_str(), |(head, _)| head);
    let (message, help) = reworded(said);
    // Some mistakes are noticed after their place; point at the sign itself.
    let line_start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    match message {
        TAB => {
            let before = text[line_start..at].find('\t').map(|i| line_start + i);
            at = before.or_else(|| text[at..].find('\t').map(|i| at + i)).unwrap_or(at);
        }
        NO_ANCHORS => at = text[line_start..at].rfind(['&', '*']).map_or(at, |i| line_start + i),
        SECOND => at = text[..at].rfind("---").unwrap_or(at),
        OPEN_QUOTE => at = text[..at].rfind(['"', '\'']).unwrap_or(at),
        _ => {}
    }
    let end = text[at..].chars().next().filter(|c| *c != '\n').map_or(at, |c| at + c.len_utf8());
    Diagnostic::new(&code::YAML_SYNTAX, Span::new(source, offset + at..offset + end), message).help(help)
}

const TAB: &str = "a tab where YAML wants spaces";

/// The parser's words, put for somebody who edits a page rather than writes a parser, and what to do.
fn reworded(said: &str) -> (&str, &'static str) {
    let known = [
        ("tab", TAB, "indent with spaces"),
        ("multiple YAML documents", SECOND, "keep one document in the file"),
        ("alias", NO_ANCHORS, "write the value out, or put it between quotes where the sign is part of it"),
        ("anchor", NO_ANCHORS, "write the value out, or put it between quotes where the sign is part of it"),
        ("merge key", "merge keys (`<<`) are not read", "write the keys out"),
        ("depth", "nested too deeply", "make it flatter: at most 32 levels are read"),
        ("nesting", "nested too deeply", "make it flatter: at most 32 levels are read"),
        ("mapping values are not allowed", "a second `: ` in one value", "put the whole value between quotes"),
        ("unclosed quote", OPEN_QUOTE, "close it at the end of the value"),
        ("quoted scalar", OPEN_QUOTE, "close it at the end of the value"),
        ("unexpected character", "a value that begins with a sign of YAML's own", QUOTE),
        ("simple key", "a key without its `:`", "write `key: value`"),
        ("unclosed bracket", "a bracket that is never closed", "close it at the end of the list or mapping"),
    ];
    let lower = said.to_lowercase();
    let found = known.iter().find(|(part, ..)| lower.contains(&part.to_lowercase()));
    found.map_or((said, QUOTE), |&(_, message, help)| (message, help))
}

const SECOND: &str = "a second `---` inside the data";

const OPEN_QUOTE: &str = "a quotation mark that is never closed";

const NO_ANCHORS: &str = "anchors and aliases (`&`, `*`) are not read";

const QUOTE: &str = "a value that holds `: ` or begins with a sign such as `@`, `*`, `[` or `\"` goes between quotes";

enum Raw {
    Null,
    Bool(bool),
    Number,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a YAML value")
    }
    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }
    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Number)
    }
    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Number)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }
    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

/// The text that a tree is read from, to give its values their places and spellings.
struct Tree<'a> {
    source: SourceId,
    text: &'a str,
    offset: usize,
}

impl Tree<'_> {
    fn span(&self, raw: &Spanned<Raw>) -> Span {
        let span = raw.referenced.span();
        let start = usize::try_from(span.byte_offset().unwrap_or(0)).unwrap_or(0);
        let length = usize::try_from(span.byte_len().unwrap_or(0)).unwrap_or(0);
        Span::new(self.source, self.offset + start..self.offset + start + length)
    }

    fn spelling(&self, span: Span) -> String {
        let range = span.range();
        self.text.get(range.start - self.offset..range.end - self.offset).unwrap_or_default().trim().to_owned()
    }

    fn convert(&self, raw: Spanned<Raw>, findings: &mut Vec<Diagnostic>) -> Node {
        let span = self.span(&raw);
        let kind = match raw.value {
            Raw::Null => Kind::Null,
            Raw::Bool(value) => Kind::Bool(value),
            Raw::Number => Kind::Number(self.spelling(span)),
            Raw::Text(text) => Kind::Text(text),
            Raw::List(items) => Kind::List(items.into_iter().map(|item| self.convert(item, findings)).collect()),
            Raw::Map(entries) => Kind::Map(self.entries(entries, findings)),
        };
        Node { span, kind }
    }

    fn entries(
        &self,
        raw: Vec<(Spanned<Raw>, Spanned<Raw>)>,
        findings: &mut Vec<Diagnostic>,
    ) -> Vec<(At<String>, Node)> {
        let mut seen = std::collections::HashMap::new();
        let mut entries: Vec<(At<String>, Node)> = Vec::with_capacity(raw.len());
        for (key, value) in raw {
            let span = self.span(&key);
            let name = match key.value {
                Raw::Text(text) => text,
                _ => self.spelling(span),
            };
            if let Some(&first) = seen.get(&name) {
                findings.push(
                    Diagnostic::new(&code::DUPLICATE_KEY, span, format!("`{name}` is given twice"))
                        .also(first, "first given here")
                        .help("keep one of the two"),
                );
                continue;
            }
            seen.insert(name.clone(), span);
            entries.push((At::new(name, span), self.convert(value, findings)));
        }
        entries
    }
}

impl Node {
    /// A scalar as its author spelt it; none for a list, a mapping or nothing.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) | Kind::Number(text) => Some(text),
            Kind::Bool(true) => Some("true"),
            Kind::Bool(false) => Some("false"),
            Kind::Null | Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// What the value is, for a message: "a list".
    pub(crate) fn noun(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "nothing",
            Kind::Bool(_) => "true or false",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a mapping",
        }
    }
}

/// A finding that `what` should be `expected` and is something else.
pub(crate) fn wrong_value(what: &str, expected: &str, node: &Node) -> Diagnostic {
    let message = format!("`{what}` takes {expected}, not {}", node.noun());
    Diagnostic::new(&code::WRONG_VALUE, node.span, message)
}

/// A mapping that is read key by key.
pub(crate) struct Fields<'a, 'f> {
    span: Span,
    entries: &'a [(At<String>, Node)],
    asked: Vec<&'static str>,
    pub(crate) findings: &'f mut Vec<Diagnostic>,
}

impl<'a, 'f> Fields<'a, 'f> {
    /// Begins reading `node`; a value that is no mapping is reported as `what` and gives nothing.
    pub(crate) fn new(node: &'a Node, what: &str, findings: &'f mut Vec<Diagnostic>) -> Option<Self> {
        match &node.kind {
            Kind::Map(entries) => Some(Self { span: node.span, entries, asked: Vec::new(), findings }),
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

    /// The value of `key`, which must be there.
    pub(crate) fn require(&mut self, key: &'static str, what: &str) -> Option<&'a Node> {
        let node = self.get(key);
        if node.is_none() {
            let message = format!("{what} needs the key `{key}`");
            let finding = Diagnostic::new(&code::MISSING_KEY, self.span, message);
            self.findings.push(finding.help(format!("add a line `{key}: …`")));
        }
        node
    }

    /// A text on one or more lines.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<At<String>> {
        let node = self.get(key)?;
        self.as_text(node, key)
    }

    /// A text that must be there.
    pub(crate) fn required_text(&mut self, key: &'static str, what: &str) -> Option<At<String>> {
        let node = self.require(key, what)?;
        let text = self.as_text(node, key)?;
        if text.value.is_empty() {
            let message = format!("{what} needs a text under `{key}`");
            self.findings.push(Diagnostic::new(&code::MISSING_KEY, node.span, message).help("write one"));
            return None;
        }
        Some(text)
    }

    fn as_text(&mut self, node: &Node, key: &str) -> Option<At<String>> {
        let Some(text) = node.as_text() else {
            self.findings.push(wrong_value(key, "a text", node));
            return None;
        };
        Some(At::new(text.trim().to_owned(), node.span))
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
        let day = text.value.get(..10).unwrap_or(&text.value);
        let rest_is_time = text.value[day.len()..].chars().next().is_none_or(|c| c == 'T' || c == ' ');
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

    /// One of the `allowed` words, by position.
    pub(crate) fn choice(&mut self, key: &'static str, allowed: &[&str]) -> Option<usize> {
        let text = self.text(key)?;
        let found = allowed.iter().position(|word| *word == text.value);
        if found.is_none() {
            let message = format!("`{key}` is one of {}, not `{}`", list(allowed), text.value);
            let finding = Diagnostic::new(&code::WRONG_VALUE, text.span, message);
            self.findings.push(finding.suggest(&text.value, text.span, allowed.iter().copied(), ""));
        }
        found
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
pub(crate) fn texts(node: &Node, key: &str, findings: &mut Vec<Diagnostic>) -> Vec<At<String>> {
    let items = match &node.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Null => &[],
        Kind::Map(_) => {
            findings.push(wrong_value(key, "a list", node));
            &[]
        }
        _ => std::slice::from_ref(node),
    };
    items
        .iter()
        .filter_map(|item| match item.as_text() {
            Some(text) => Some(At::new(text.trim().to_owned(), item.span)),
            None => {
                findings.push(wrong_value(key, "a list of texts", item));
                None
            }
        })
        .collect()
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
