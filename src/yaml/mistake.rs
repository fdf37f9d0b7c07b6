//! Why reading stops, put for somebody who edits a page rather than writes a parser: the message, what to do, and the
//! place of the sign itself, which the parser often notices later.

use std::borrow::Cow;

use serde_yaml::granit_parser::ErrorKind;

use super::DEPTH;
use crate::diagnostic::{Code, code};
use crate::source::slice;

/// What is wrong at a byte of the text.
pub(super) struct Mistake {
    pub(super) code: &'static Code,
    pub(super) at: usize,
    pub(super) message: Cow<'static, str>,
    pub(super) help: &'static str,
}

/// Where reading stopped, as a byte of the text, and why.
pub(super) struct Stop {
    pub(super) at: usize,
    why: Why,
}

enum Why {
    Syntax(ErrorKind),
    OpenBracket,
    TooDeep,
    SecondDocument,
    TooMany(usize),
}

pub(super) const NO_ANCHORS: (&str, &str) = (
    "anchors and aliases (`&`, `*`) are not read",
    "write the value out, or put it between quotes where the sign is part of it",
);

pub(super) const NO_MERGE_KEYS: (&str, &str) = ("merge keys (`<<`) are not read", "write the keys out");

pub(super) const NO_TAGS: (&str, &str) =
    ("tags (`!name`) are not read", "take the tag away, or put the value between quotes where the sign is part of it");

const TAB: (&str, &str) = ("a tab where YAML wants spaces", "indent with spaces");

const TOO_DEEP: (&str, &str) = ("nested too deeply", "make it flatter: at most 32 levels are read");
const _: () = assert!(DEPTH == 32, "the help says how many");

const OPEN_QUOTE: (&str, &str) = ("a quotation mark that is never closed", "close it at the end of the value");

const OPEN_BRACKET: (&str, &str) = ("a bracket that is never closed", "close it at the end of the list or mapping");

const SECOND_COLON: (&str, &str) = ("a second `: ` in one value", "put the whole value between quotes");

const NO_COLON: (&str, &str) = ("a key without its `:`", "write `key: value`");

const INDENTATION: (&str, &str) =
    ("a line whose indentation fits no line above it", "begin the keys, or the entries, of one level in one column");

const SIGN: (&str, &str) = ("a value that begins with a sign of YAML's own", QUOTE);

const QUOTE: &str = "a value that holds `: ` or begins with a sign such as `@`, `*`, `[` or `\"` goes between quotes";

impl Stop {
    /// The parser can read no further than `at`.
    pub(super) fn syntax(at: usize, kind: ErrorKind) -> Self {
        Self { at, why: Why::Syntax(kind) }
    }

    /// What the parser met is the consequence of a bracket at `at` that is never closed.
    pub(super) fn for_open_bracket(self, at: usize) -> Self {
        match self.why {
            Why::Syntax(_) => Self { at, why: Why::OpenBracket },
            Why::OpenBracket | Why::TooDeep | Why::SecondDocument | Why::TooMany(_) => self,
        }
    }

    /// One list or mapping more than [`DEPTH`] in each other.
    pub(super) fn too_deep(at: usize) -> Self {
        Self { at, why: Why::TooDeep }
    }

    /// A document after the first.
    pub(super) fn second_document(at: usize) -> Self {
        Self { at, why: Why::SecondDocument }
    }

    /// More than `limit` nodes.
    pub(super) fn too_many(at: usize, limit: usize) -> Self {
        Self { at, why: Why::TooMany(limit) }
    }

    /// Whether what follows is not to be read.
    pub(super) fn is_final(&self) -> bool {
        match self.why {
            Why::SecondDocument | Why::TooMany(_) => true,
            Why::TooDeep | Why::OpenBracket | Why::Syntax(_) => false,
        }
    }

    pub(super) fn leaves_a_bracket_open(&self) -> bool {
        matches!(self.why, Why::OpenBracket | Why::Syntax(ErrorKind::UnclosedFlowCollection { .. }))
    }

    pub(super) fn closes_nothing(&self) -> bool {
        matches!(self.why, Why::Syntax(ErrorKind::MisplacedFlowCollectionEnd))
    }

    /// The mistake in `text` for which reading stopped.
    pub(super) fn mistake(&self, text: &str) -> Mistake {
        let syntax = |at, (message, help): (&'static str, &'static str)| Mistake {
            code: &code::YAML_SYNTAX,
            at,
            message: Cow::Borrowed(message),
            help,
        };
        match &self.why {
            Why::Syntax(kind) => {
                let (message, help) = words(kind, text, self.at);
                let mut mistake = syntax(sign(kind, text, self.at), (message, help));
                if let ErrorKind::MismatchedFlowCollectionEnd { open, close } = kind {
                    mistake.message = format!("`{open}` is closed by `{close}`").into();
                }
                mistake
            }
            Why::OpenBracket => syntax(self.at, OPEN_BRACKET),
            Why::TooDeep => syntax(self.at, TOO_DEEP),
            Why::SecondDocument => syntax(self.at, ("a second `---` inside the data", "keep one document in the file")),
            Why::TooMany(limit) => Mistake {
                code: &code::TOO_LARGE,
                at: self.at,
                message: format!("more than {limit} keys and values of YAML, which is as many as are read").into(),
                help: "split it into several files",
            },
        }
    }
}

/// The place of the sign itself, near the byte `at` where the parser met the mistake.
fn sign(kind: &ErrorKind, text: &str, at: usize) -> usize {
    use ErrorKind as E;

    match kind {
        _ if is_tab(kind, text, at) => {
            let line = line_start(text, at);
            let before = slice(text, line..at).find('\t').map(|i| line + i);
            before.or_else(|| slice(text, at..).find('\t').map(|i| at + i)).unwrap_or(at)
        }
        E::InvalidQuotedScalarIndent | E::DocumentIndicatorInQuotedScalar => {
            slice(text, ..at).rfind(['"', '\'']).unwrap_or(at)
        }
        _ if is_escape(kind) => bad_escape(text, at),
        _ => at,
    }
}

fn line_start(text: &str, at: usize) -> usize {
    slice(text, ..at).rfind('\n').map_or(0, |i| i + 1)
}

/// What is wrong, and what to do.
fn words(kind: &ErrorKind, text: &str, at: usize) -> (&'static str, &'static str) {
    use ErrorKind as E;

    let begins_line = slice(text, line_start(text, at)..at).trim().is_empty();
    match kind {
        _ if is_tab(kind, text, at) => TAB,
        _ if is_escape(kind) => {
            ("a backslash that begins no escape of YAML's", "write `\\\\`, or put the value between single quotes")
        }
        E::UnknownAnchor | E::MissingAnchorOrAliasName => NO_ANCHORS,
        E::RecursionLimitExceeded => TOO_DEEP,
        E::MappingValueNotAllowed => SECOND_COLON,
        E::ExpectedFlowMappingSeparator | E::ExpectedFlowSequenceSeparator if slice(text, at..).starts_with(':') => {
            SECOND_COLON
        }
        E::UnclosedQuotedScalar | E::InvalidQuotedScalarIndent | E::DocumentIndicatorInQuotedScalar => OPEN_QUOTE,
        E::InvalidTrailingSingleQuotedScalar => (
            "text after the closing quotation mark",
            "put the whole value between quotes, and write a quotation mark inside it twice: `''`",
        ),
        E::InvalidTrailingDoubleQuotedScalar => (
            "text after the closing quotation mark",
            "put the whole value between quotes, and write a quotation mark inside it as `\\\"`",
        ),
        E::UnexpectedEofFlowSequence | E::UnexpectedEofFlowMapping | E::UnexpectedEofImplicitFlowMapping
            if slice(text, at..).starts_with(',') =>
        {
            SIGN
        }
        E::UnexpectedCharacter { .. }
        | E::ExpectedNodeContent
        | E::UnexpectedEof
        | E::UnexpectedEofBlockMapping
        | E::UnexpectedEofBlockSequence
        | E::MissingDirectiveName
        | E::DirectiveByteLimitExceeded { .. }
        | E::TooManyReservedDirectiveParams { .. }
        | E::InvalidDirectiveName
        | E::MissingDocumentEndBeforeDirective => SIGN,
        E::SimpleKeyExpected | E::InvalidSimpleKey => NO_COLON,
        E::ExpectedBlockMappingKey | E::ExpectedBlockSequenceEntry if !begins_line => {
            ("text after the end of a value", QUOTE)
        }
        E::ExpectedBlockMappingKey
        | E::ExpectedBlockSequenceEntry
        | E::ExpectedDocumentStart
        | E::InvalidIndentation
        | E::InvalidFlowScalarIndent
        | E::InvalidBlockScalarIndent => INDENTATION,
        E::UnclosedFlowCollection { .. }
        | E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping => OPEN_BRACKET,
        E::MismatchedFlowCollectionEnd { .. } => {
            ("a bracket closed by another kind", "close each bracket by its own kind")
        }
        E::MisplacedFlowCollectionEnd => ("a bracket that closes nothing", QUOTE),
        E::ExpectedFlowMappingSeparator | E::ExpectedFlowSequenceSeparator => {
            ("no comma between two entries", "put a `,` between them, or quotes around what is one value")
        }
        E::BlockSequenceEntryNotAllowed => {
            ("a list that begins on the line of its key", "begin each entry on a line of its own, or write `[a, b]`")
        }
        E::BlockEntryInFlowCollection | E::PlainScalarStartsWithDashFlowIndicator => {
            ("a `-` between brackets", "separate the entries by commas alone: `[a, b]`")
        }
        E::InvalidColonPlacement | E::MappingKeyNotAllowed | E::FlowMappingValueAdjacentCollection => {
            ("a `:` or `?` where no key can stand", QUOTE)
        }
        E::CommentInterceptedScalar | E::CommentNotSeparated => {
            ("a comment inside a value", "put the comment on a line of its own, or the value between quotes")
        }
        E::InvalidBlockScalarHeader | E::ZeroBlockScalarIndent => {
            ("text on the line of `|` or `>`", "begin the text on the next line")
        }
        E::ExpectedTagBang
        | E::UndeclaredTagHandle
        | E::InvalidGlobalTagCharacter
        | E::InvalidTagTerminator
        | E::MissingTagUri
        | E::UnclosedVerbatimTag
        | E::InvalidTagEscape
        | E::InvalidTagUtf8LeadingByte
        | E::InvalidTagUtf8TrailingByte
        | E::InvalidTagUtf8 => ("a value that begins with `!`", "put it between quotes"),
        // The enum may grow; the rest concerns `%YAML`, `%TAG` and streams.
        _ => ("something that is no YAML", QUOTE),
    }
}

/// Whether a tab is what the parser met: it says so, or it wants a space and a tab stands there.
fn is_tab(kind: &ErrorKind, text: &str, at: usize) -> bool {
    use ErrorKind as E;
    match kind {
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabAtBlockScalarStart
        | E::TabInIndentation
        | E::TabInPlainScalar => true,
        E::InvalidBlockEntryWhitespace | E::InvalidMappingValueWhitespace | E::ExpectedWhitespace => {
            slice(text, at..).chars().take(2).any(|c| c == '\t')
        }
        _ => false,
    }
}

/// Whether a quoted scalar holds an escape that the parser cannot read.
fn is_escape(kind: &ErrorKind) -> bool {
    use ErrorKind as E;
    matches!(
        kind,
        E::UnknownQuotedScalarEscape
            | E::InvalidQuotedScalarHexEscape
            | E::InvalidLowSurrogateHexEscape
            | E::InvalidLowSurrogate
            | E::MissingLowSurrogate
            | E::UnpairedLowSurrogate
            | E::InvalidUnicodeEscape
    )
}

/// The first backslash, from the quotation mark at `at`, that begins no escape (YAML 1.2, section 5.7).
fn bad_escape(text: &str, at: usize) -> usize {
    let mut rest = slice(text, at..).char_indices();
    while let Some((place, sign)) = rest.next() {
        if sign != '\\' {
            continue;
        }
        let digits = match rest.next().map(|(_, escaped)| escaped) {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some(escaped) if "0abt\tnvfre \"/\\N_LP\r\n".contains(escaped) => 0,
            Some(_) | None => return at + place,
        };
        let written: String = rest.clone().take(digits).map(|(_, digit)| digit).collect();
        let names_a_character = u32::from_str_radix(&written, 16).is_ok_and(|number| char::from_u32(number).is_some());
        if digits > 0 && (written.len() < digits || !names_a_character) {
            return at + place;
        }
    }
    at
}
