//! A text in YAML in, a tree of values with their places out. This is the one file that names the YAML crate.
//!
//! A tree, not a struct for serde to fill: serde stops at the first mistake, and we promise to report all of them at
//! their exact places. [`Fields`] reads a mapping key by key, says what is wrong with each value, and finally names
//! the keys that nobody asked for. Merge keys, aliases and anchors are refused, and sizes are bounded
//! ([`Limits`]), so that no front matter costs more time than its length.

mod fields;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;
use serde_yaml::{DuplicateKeyPolicy, MergeKeyPolicy};

use crate::diagnostic::{Diagnostic, code};
use crate::source::{At, LineIndex, SourceId, Span};

pub(crate) use fields::{Fields, is_date, list, texts, wrong_value};

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
