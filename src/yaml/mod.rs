//! A text in YAML in, a tree of values with their places out.
//!
//! A tree, not a struct for serde to fill: serde stops at the first mistake, and we promise to report all of them at
//! their exact places. [`tree`] builds it from the parser's events, and after a mistake goes on with the next key or
//! entry of the first column; [`mistake`] says what is wrong, from the typed error and the text at its place. These two
//! are the files that name the YAML crate. [`Fields`] reads a mapping key by key, says what is wrong with each value,
//! and finally names the keys that nobody asked for. Merge keys, aliases and anchors are refused, and sizes are bounded
//! ([`Limits`]), so that no front matter costs more time than its length.

mod fields;
mod mistake;
mod tree;

use crate::diagnostic::{Diagnostic, Findings, code};
use crate::source::{At, SourceId, Span};

pub(crate) use fields::{Fields, MAX_NAME, first_entries, is_date, list, texts, within, wrong_value};

/// A value and the place where it stands, in the bytes of the file as its author wrote them:
///
/// - a plain scalar: its text, over several lines where it is folded;
/// - a quoted scalar: its text with both quotation marks;
/// - a block scalar: its lines, from the first character after the indentation to the end of the last line that is not
///   blank, without the `|` or `>` before them;
/// - a list or mapping between brackets: both brackets and all between them;
/// - a list or mapping in block style: an empty range where its first entry begins;
/// - a value left out: an empty range at the end of what stands before it.
///
/// Keys of mappings have places by the same rules, so quotation marks are part of a key's place too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
    /// Whether all that its author wrote is in it. Where a mistake has cost an entry, here or below, it must not be said
    /// that something is missing.
    pub(crate) whole: bool,
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

/// Reads the YAML in `text`, which stands in `source` from the byte `offset`. Mistakes are among `findings`, each at its
/// place; what could be read beside them is given. Nothing is given where the text breaks a limit of size, or where its
/// mistake leaves no key or entry of the first column to go on with.
pub(crate) fn parse(
    source: SourceId,
    text: &str,
    offset: usize,
    limits: Limits,
    findings: &mut Findings,
) -> Option<Node> {
    if text.len() > limits.bytes() {
        let message = format!("{} bytes of YAML, where at most {} are read", text.len(), limits.bytes());
        let span = Span::new(source, offset..offset);
        findings.push(Diagnostic::new(&code::TOO_LARGE, span, message).help("split it into several files"));
        return None;
    }
    tree::Input { source, text, offset, limits }.read(findings)
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

#[cfg(test)]
mod tests;
