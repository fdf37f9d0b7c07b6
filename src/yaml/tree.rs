//! The tree from the parser's events, and how reading goes on after a mistake.
//!
//! A text is read in one go. At a mistake, what was read up to the key or entry of the first column in which it stands
//! is kept; that one is read again alone, since there the parser errs nearest to the mistake (a quotation mark that is
//! never closed cannot reach into the next key), and the rest is read as a text of its own. Such a key or entry is found
//! by looking at the beginnings of lines ([`Shape`]).

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Place;
use std::ops::Range;

use serde_yaml::granit_parser::{self, Event, Parser, ScalarStyle, StructureStyle, Tag};

use super::mistake::{Mistake, NO_ANCHORS, NO_MERGE_KEYS, NO_TAGS, Stop};
use super::{DEPTH, Kind, Limits, Node};
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::source::{At, SourceId, Span, cannot_be_shown, slice};

/// So many mistakes of one text are looked for: each costs at most a look through the rest of it.
const MISTAKES: usize = 20;

/// The tags that say what a value is read as without them, or that it is a text (YAML 1.2, section 10.3).
const READ_TAGS: [&str; 7] = ["str", "map", "seq", "int", "float", "bool", "null"];

/// A key and its value.
type Entry = (At<String>, Node);

/// A text to be read, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) source: SourceId,
    pub(super) text: &'a str,
    pub(super) offset: usize,
    pub(super) limits: Limits,
}

impl Input<'_> {
    /// Reads all of it; mistakes are among `findings`.
    pub(super) fn read(self, findings: &mut Findings) -> Option<Node> {
        let end = self.text.len();
        let mut part = self.build(0..end);
        let Some(mut stop) = part.stop.take() else {
            findings.extend(part.findings);
            return part.root.or_else(|| Some(Node { span: self.span(0..0), kind: Kind::Null, whole: true }));
        };
        let shape = Shape::of(self.text);
        let mut read = Read { input: self, root: None, findings, last: None };
        let mut from = 0;
        for _ in 0..MISTAKES {
            let Some(shape) = shape.filter(|_| !stop.is_final() && from < end) else {
                read.keep(part);
                read.report(stop);
                return read.finish();
            };
            let entry = self.entry_around(shape, from, part.entry);
            let before = self.span(entry.clone()).start;
            part.cut(before);
            part.findings.retain(|finding| finding.span.start < before);
            read.keep(part);
            let mut alone = self.build(entry.clone());
            let own = alone.stop.take();
            read.keep(alone);
            // One that is right alone leaves the mistake to what follows it.
            let is_own = own.is_some();
            if let Some(own) = own {
                read.report(own);
            }
            from = entry.end;
            part = self.build(from..end);
            let Some(next) = part.stop.take() else {
                read.keep(part);
                if !is_own {
                    read.report(stop);
                }
                return read.finish();
            };
            stop = next;
        }
        if read.last.is_none() {
            read.report(stop);
        }
        read.finish()
    }

    fn span(self, range: Range<usize>) -> Span {
        Span::new(self.source, self.offset + range.start..self.offset + range.end)
    }

    /// Whether `span` begins on the line of the byte `at` of this text, and not after it.
    fn on_one_line(self, span: Span, at: usize) -> bool {
        let start = span.range().start.checked_sub(self.offset);
        span.source == self.source
            && start.and_then(|start| self.text.get(start..at)).is_some_and(|between| !between.contains('\n'))
    }

    fn finding(self, mistake: &Mistake) -> Diagnostic {
        let Mistake { code, at, message, help } = mistake;
        let end =
            slice(self.text, *at..).chars().next().filter(|c| !matches!(c, '\r' | '\n')).map_or(0, char::len_utf8);
        Diagnostic::new(code, self.span(*at..at + end), message.as_ref()).help(*help)
    }

    /// The lines of the key or entry of the first column that begins at or before `entry`, and not before `from`.
    fn entry_around(self, shape: Shape, from: usize, entry: usize) -> Range<usize> {
        let mut start = from;
        let mut at = from;
        for line in slice(self.text, from..).split_inclusive('\n') {
            if at > start && shape.begins(line) {
                if at > entry {
                    return start..at;
                }
                start = at;
            }
            at += line.len();
        }
        start..self.text.len()
    }

    /// The tree of the bytes in `range`.
    fn build(self, range: Range<usize>) -> Part {
        let options = granit_parser::options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            emit_comments: false,
        };
        let mut builder = Builder {
            input: self,
            open: Vec::new(),
            nodes: 0,
            documents: 0,
            part: Part { root: None, findings: Findings::default(), stop: None, entry: range.start },
        };
        for event in Parser::new_from_str_with_options(slice(self.text, range.clone()), options) {
            let done = match event {
                Ok((event, span)) => {
                    let bytes = span.byte_range().expect("a text in memory has offsets of bytes");
                    builder.event(event, range.start + bytes.start..range.start + bytes.end, range.start)
                }
                Err(error) => {
                    let at = range.start + error.marker().byte_offset().unwrap_or(0);
                    Err(Stop::syntax(at.min(self.text.len()), error.kind().clone()))
                }
            };
            if let Err(stop) = done {
                builder.part.stop = Some(stop);
                break;
            }
        }
        builder.finish()
    }
}

/// What was read of a text.
struct Part {
    /// Nothing where the text is blank; the entries of the first column before `entry` where reading stopped.
    root: Option<Node>,
    findings: Findings,
    stop: Option<Stop>,
    /// Where the last entry of the first column begins.
    entry: usize,
}

impl Part {
    /// Leaves out the entries that begin at the byte `at` of the file or later.
    fn cut(&mut self, at: u32) {
        match self.root.as_mut().map(|root| &mut root.kind) {
            Some(Kind::List(items)) => items.retain(|item| item.span.start < at),
            Some(Kind::Map(entries)) => entries.retain(|(key, _)| key.span.start < at),
            Some(Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_)) | None => {}
        }
    }
}

/// What was read of a text with mistakes, part by part.
struct Read<'a, 'f> {
    input: Input<'a>,
    root: Option<Node>,
    findings: &'f mut Findings,
    /// The last mistake that was reported.
    last: Option<Stop>,
}

impl Read<'_, '_> {
    fn keep(&mut self, part: Part) {
        self.findings.extend(part.findings);
        self.root = match (self.root.take(), part.root) {
            (Some(mut root), Some(rest)) => {
                match (&mut root.kind, rest.kind) {
                    (Kind::Map(entries), Kind::Map(more)) => entries.extend(more),
                    (Kind::List(items), Kind::List(more)) => items.extend(more),
                    _ => {}
                }
                Some(root)
            }
            (root, rest) => root.or(rest),
        };
    }

    /// One slip has one finding: nothing is said of what follows a refused sign on its line, or closes a bracket that
    /// was left open.
    fn report(&mut self, stop: Stop) {
        let said = self.findings.iter().any(|finding| self.input.on_one_line(finding.span, stop.at));
        let closes = stop.closes_nothing() && self.last.as_ref().is_some_and(Stop::leaves_a_bracket_open);
        if !said && !closes {
            self.findings.push(self.input.finding(&stop.mistake(self.input.text)));
        }
        self.last = Some(stop);
    }

    fn finish(self) -> Option<Node> {
        let mut root = self.root?;
        root.whole = false;
        if let Kind::Map(entries) = &mut root.kind {
            without_repeats(entries, self.findings);
        }
        Some(root)
    }
}

/// Lists and mappings that have begun and not ended, and what is complete.
struct Builder<'a> {
    input: Input<'a>,
    open: Vec<Open>,
    nodes: usize,
    documents: usize,
    part: Part,
}

/// A list or mapping that has begun.
struct Open {
    start: usize,
    style: StructureStyle,
    values: Values,
    whole: bool,
}

enum Values {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<Key> },
}

/// A key whose value is still to come.
enum Key {
    Name(At<String>),
    /// One that is refused, so that its value goes as well.
    Refused,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, bytes: Range<usize>, from: usize) -> Result<(), Stop> {
        match event {
            Event::DocumentStart(explicit, _) => {
                self.documents += 1;
                if self.documents > 1 || explicit && from > 0 {
                    return Err(Stop::second_document(bytes.start));
                }
            }
            Event::Anchor(..) => self.refuse(&bytes, &NO_ANCHORS),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.begin(bytes.start)?;
                self.refuse(&bytes, &NO_ANCHORS);
                self.lost();
            }
            Event::Scalar(value, style, _, tag) => {
                self.begin(bytes.start)?;
                self.check_tag(tag.as_deref(), bytes.start);
                let is_key = self.open.last().is_some_and(Open::wants_key);
                let plain = style == ScalarStyle::Plain && tag.is_none();
                if is_key && plain && value == "<<" {
                    self.refuse(&bytes, &NO_MERGE_KEYS);
                    self.lost();
                    return Ok(());
                }
                let bytes = self.exact(bytes, style);
                if value.contains(cannot_be_shown) {
                    let message = "a control character in a value, which cannot be shown";
                    let finding = Diagnostic::new(&code::CONTROL_CHARACTER, self.input.span(bytes.clone()), message);
                    self.part.findings.push(finding.help("take it out"));
                }
                let is_text =
                    is_key || style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                // The value of a plain scalar that is left out is `~`; nobody has written it.
                let value = if bytes.is_empty() && plain { Cow::Borrowed("") } else { value };
                let kind = if is_text { Kind::Text(value.into_owned()) } else { plain_kind(value) };
                self.complete(Node { span: self.input.span(bytes), kind, whole: true });
            }
            Event::SequenceStart(style, _, tag) => {
                self.begin(bytes.start)?;
                self.check_tag(tag.as_deref(), bytes.start);
                self.enter(bytes.start, style, Values::List(Vec::new()))?;
            }
            Event::MappingStart(style, _, tag) => {
                self.begin(bytes.start)?;
                self.check_tag(tag.as_deref(), bytes.start);
                self.enter(bytes.start, style, Values::Map { entries: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let open = self.open.pop().expect("the parser ends only what has begun");
                let node = self.close(open, bytes);
                self.complete(node);
            }
            // Comments are not asked for, and the enum may grow by what is no node.
            _ => {}
        }
        Ok(())
    }

    /// Counts a node, and notes where it begins if it is a key or entry of the first column.
    fn begin(&mut self, at: usize) -> Result<(), Stop> {
        self.nodes += 1;
        if self.nodes > self.input.limits.nodes() {
            return Err(Stop::too_many(at, self.input.limits.nodes()));
        }
        if let [root] = self.open.as_slice()
            && (root.wants_key() || matches!(root.values, Values::List(_)))
        {
            self.part.entry = at;
        }
        Ok(())
    }

    fn enter(&mut self, start: usize, style: StructureStyle, values: Values) -> Result<(), Stop> {
        if self.open.len() == DEPTH {
            return Err(Stop::too_deep(start));
        }
        self.open.push(Open { start, style, values, whole: true });
        Ok(())
    }

    /// The node of a list or mapping that ends at `bytes`: its closing bracket, or nothing.
    fn close(&mut self, open: Open, bytes: Range<usize>) -> Node {
        let end = match (open.style, &open.values) {
            (StructureStyle::Block, _) => open.start,
            // One pair in a list between brackets is a mapping without brackets of its own.
            (StructureStyle::Flow, Values::Map { entries, .. }) if bytes.is_empty() => {
                entries.last().map_or(open.start, |(_, value)| value.span.range().end - self.input.offset)
            }
            (StructureStyle::Flow, _) => bytes.end,
        };
        let kind = match open.values {
            Values::List(items) => Kind::List(items),
            Values::Map { mut entries, .. } => {
                without_repeats(&mut entries, &mut self.part.findings);
                Kind::Map(entries)
            }
        };
        Node { span: self.input.span(open.start..end), kind, whole: open.whole }
    }

    /// Puts a node that is read to the end where it belongs.
    fn complete(&mut self, node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.part.root = Some(node);
            return;
        };
        open.whole &= node.whole;
        match &mut open.values {
            Values::List(items) => items.push(node),
            Values::Map { entries, key } => match key.take() {
                Some(Key::Name(name)) => entries.push((name, node)),
                Some(Key::Refused) => {}
                None => *key = Some(Key::Name(self.input.name(node))),
            },
        }
    }

    /// Leaves out a node that is refused; a key goes with its value, and a value with its key.
    fn lost(&mut self) {
        let Some(open) = self.open.last_mut() else { return };
        open.whole = false;
        if let Values::Map { key, .. } = &mut open.values {
            *key = if key.take().is_none() { Some(Key::Refused) } else { None };
        }
    }

    fn refuse(&mut self, bytes: &Range<usize>, (message, help): &(&'static str, &'static str)) {
        let mistake = Mistake { code: &code::YAML_SYNTAX, at: bytes.start, message: Cow::Borrowed(message), help };
        self.part.findings.push(self.input.finding(&mistake));
    }

    /// Refuses a tag that says something else than what a value is read as anyway; `at` is where its value begins.
    fn check_tag(&mut self, tag: Option<&Tag>, at: usize) {
        let is_read = |tag: &Tag| READ_TAGS.iter().any(|name| tag.is_yaml_core_schema_tag(name));
        if tag.is_some_and(|tag| !is_read(tag)) {
            // The parser gives the place of the value alone; the tag stands before it, or there where the value is empty.
            let end = at + usize::from(slice(self.input.text, at..).starts_with('!'));
            let sign = slice(self.input.text, ..end).trim_end_matches(|c| c != '!').trim_end_matches('!').len();
            self.refuse(&(sign..sign + 1), &NO_TAGS);
        }
    }

    /// Where the outermost bracket opens that was left open on a line above the byte `at`: text between brackets stands
    /// further right than the key or entry that they belong to (YAML 1.2, section 7.4), and here a line does not.
    fn left_open(&self, at: usize) -> Option<usize> {
        let open = self.open.iter().find(|open| open.style == StructureStyle::Flow)?;
        let text = self.input.text;
        let line = slice(text, ..open.start).rfind('\n').map_or(0, |end| end + 1);
        let indentation = |line: &str| line.len() - line.trim_start().len();
        let of_line = indentation(slice(text, line..open.start));
        let below = slice(text, open.start..at).matches('\n').count();
        let is_outside = |line: &str| {
            indentation(line) <= of_line && line.trim_start().starts_with(|c: char| !matches!(c, ']' | '}' | ',' | '#'))
        };
        slice(text, open.start..).lines().skip(1).take(below).any(is_outside).then_some(open.start)
    }

    /// The place of a scalar. The parser's own holds the blank lines after a block scalar too.
    fn exact(&self, bytes: Range<usize>, style: ScalarStyle) -> Range<usize> {
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return bytes;
        }
        let written = slice(self.input.text, bytes.clone());
        let said = written.trim_end().len();
        let blanks = slice(written, said..).find(['\r', '\n']).unwrap_or(written.len() - said);
        bytes.start..bytes.start + said + blanks
    }

    fn finish(mut self) -> Part {
        self.part.stop = self.part.stop.take().map(|stop| match self.left_open(stop.at) {
            Some(bracket) => stop.for_open_bracket(bracket),
            None => stop,
        });
        if self.part.stop.is_some() && !self.open.is_empty() {
            let root = self.open.swap_remove(0);
            let at = self.part.entry;
            self.part.root = Some(self.close(root, at..at));
            self.part.cut(self.input.span(at..at).start);
        }
        self.part
    }
}

impl Open {
    fn wants_key(&self) -> bool {
        matches!(self.values, Values::Map { key: None, .. })
    }
}

impl Input<'_> {
    /// The name that a key gives; a list or mapping between brackets as it is written.
    fn name(self, key: Node) -> At<String> {
        let name = match key.kind {
            Kind::Text(text) => text,
            _ => {
                let Range { start, end } = key.span.range();
                slice(self.text, start - self.offset..end - self.offset).to_owned()
            }
        };
        At::new(name, key.span)
    }
}

/// What the root of a text is, so far as the beginnings of its lines tell it.
#[derive(Clone, Copy)]
enum Shape {
    /// `key: value` in the first column.
    Map,
    /// `- entry` in the first column.
    List,
}

impl Shape {
    /// Decided by the first line that says something; none where it begins further right, or otherwise.
    fn of(text: &str) -> Option<Self> {
        let first = text
            .lines()
            .map(str::trim_end)
            .find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---")?;
        [Self::Map, Self::List].into_iter().find(|shape| shape.begins(first))
    }

    /// Whether a key or entry of the first column begins on the line, or the text ends before it.
    fn begins(self, line: &str) -> bool {
        let line = line.trim_end();
        let begins = match self {
            Self::Map => match line.chars().next() {
                None | Some(' ' | '\t' | '#' | '%' | '-' | '[' | ']' | '{' | '}' | ',') => false,
                Some(quote @ ('"' | '\'')) => {
                    line.strip_prefix(quote).is_some_and(|rest| rest.contains(&format!("{quote}:")))
                }
                Some(_) => line.ends_with(':') || line.contains(": ") || line.contains(":\t"),
            },
            Self::List => line == "-" || line.starts_with("- "),
        };
        begins || line == "---"
    }
}

/// Takes out, and reports, the entries whose key is given already.
fn without_repeats(entries: &mut Vec<Entry>, findings: &mut Findings) {
    let mut first = HashMap::with_capacity(entries.len());
    let mut is_first = Vec::with_capacity(entries.len());
    for (key, _) in entries.iter() {
        let place = first.entry(key.value.as_str());
        is_first.push(matches!(place, Place::Vacant(_)));
        match place {
            Place::Vacant(place) => _ = place.insert(key.span),
            Place::Occupied(place) => {
                findings.push(
                    Diagnostic::new(&code::DUPLICATE_KEY, key.span, format!("`{}` is given twice", key.value))
                        .also(*place.get(), "first given here")
                        .help("keep one of the two"),
                );
            }
        }
    }
    let mut is_first = is_first.into_iter();
    entries.retain(|_| is_first.next() == Some(true));
}

/// What a plain scalar is, by the core schema of YAML 1.2 (section 10.3.2), with numbers also as `0b1` and `1_000`; what
/// is too large for a number of 64 bits, or none, stays a text.
fn plain_kind(value: Cow<'_, str>) -> Kind {
    match value.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        text if is_number(text) => Kind::Number(value.into_owned()),
        _ => Kind::Text(value.into_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    let (digits, radix) = match unsigned.split_at_checked(2) {
        Some(("0x" | "0X", digits)) => (digits, 16),
        Some(("0o" | "0O", digits)) => (digits, 8),
        Some(("0b" | "0B", digits)) => (digits, 2),
        _ => (unsigned, 10),
    };
    let grouped = digits.split('_').all(|group| !group.is_empty() && group.chars().all(|c| c.is_digit(radix)));
    let whole = grouped
        && !(radix == 10 && digits.starts_with('0'))
        && u64::from_str_radix(&digits.replace('_', ""), radix).is_ok();
    whole || unsigned.parse::<f64>().is_ok_and(f64::is_finite)
}
