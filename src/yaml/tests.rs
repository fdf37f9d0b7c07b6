//! Places of keys and values, and what is said of several mistakes in one text.

use crate::diagnostic::Findings;
use proptest::prelude::*;

use super::{Kind, Limits, Node, parse};
use crate::source::{Inputs, LineIndex, Source, SourceId, SourceKind, Span, slice};

fn source() -> SourceId {
    let source = Source { path: "content/a.yaml".to_owned(), text: String::new(), kind: SourceKind::Content };
    Inputs::new("a site").add(source)
}

/// The tree of `text`, read as front matter that begins at the byte `offset` of its file, and the findings as
/// `line:column message`.
fn read(text: &str, offset: usize) -> (Option<Node>, Vec<String>) {
    let mut findings = Findings::default();
    let node = parse(source(), text, offset, Limits::FrontMatter, &mut findings);
    let lines = LineIndex::new(text);
    let said = findings.iter().map(|finding| {
        let place = lines.position(finding.span.range().start - offset);
        format!("{}:{} {}", place.line, place.column, finding.message)
    });
    (node, said.collect())
}

/// What is written at the place of each key and each value, in the order of the text.
fn written<'a>(node: &Node, text: &'a str, offset: usize, into: &mut Vec<&'a str>) {
    let slice = |span: Span| slice(text, span.range().start - offset..span.range().end - offset);
    into.push(slice(node.span));
    match &node.kind {
        Kind::List(items) => items.iter().for_each(|item| written(item, text, offset, into)),
        Kind::Map(entries) => {
            for (key, value) in entries {
                into.push(slice(key.span));
                written(value, text, offset, into);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {}
    }
}

#[track_caller]
fn check_places(text: &str, expected: &[&str]) {
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let expected: Vec<String> = if text.contains('\r') {
            expected.iter().map(|slice| slice.replace('\n', "\r\n")).collect()
        } else {
            expected.iter().map(|&slice| slice.to_owned()).collect()
        };
        let (node, findings) = read(&text, 7);
        assert_eq!(findings, [""; 0]);
        let mut slices = Vec::new();
        written(&node.expect("it is YAML"), &text, 7, &mut slices);
        // The root in block style is an empty range.
        assert_eq!(slices[1..], expected, "{text:?}");
    }
}

#[track_caller]
fn check_findings(text: &str, expected: &[&str]) {
    assert_eq!(read(text, 5).1, expected);
}

#[track_caller]
fn check_value(value: &str, expected: &Kind) {
    let (node, findings) = read(&format!("a: {value}\n"), 0);
    let Some(Node { kind: Kind::Map(entries), .. }) = node else { panic!("{value}: {findings:?}") };
    assert_eq!(&entries[0].1.kind, expected);
}

#[test]
fn plain_and_quoted_scalars_have_the_place_of_what_is_written() {
    check_places("größe: a b # c\n'it''s' : \"é\\n😀\" # d\n", &["größe", "a b", "'it''s'", "\"é\\n😀\""]);
    check_places("a: one\n  two\nb: \"one\n  two\"\n", &["a", "one\n  two", "b", "\"one\n  two\""]);
    check_places("? a b\n: c\nd:\ne: ~\n", &["a b", "c", "d", "", "e", "~"]);
}

#[test]
fn block_scalars_have_the_place_of_their_lines() {
    check_places("a: |\n  é\n    two\n\n\nb: >-2 # c\n    x\n", &["a", "é\n    two", "b", "  x"]);
    check_places("- |+\n  one \n\n- two\n", &["one ", "two"]);
}

#[test]
fn collections_between_brackets_have_the_place_of_all_between_them() {
    check_places(
        "a: [ü, {b: 1, 'c': [ ]} ] # d\n",
        &["a", "[ü, {b: 1, 'c': [ ]} ]", "ü", "{b: 1, 'c': [ ]}", "b", "1", "'c'", "[ ]"],
    );
    check_places("a: [\n  x, # y\n  z: 1\n]\n", &["a", "[\n  x, # y\n  z: 1\n]", "x", "z: 1", "z", "1"]);
    check_places("- a\n-\n  - b: c\n", &["a", "", "", "b", "c"]);
}

#[test]
fn numbers_keep_their_spelling_and_only_true_and_false_are_booleans() {
    for number in ["1", "-0", "007", "1.10", ".5", "1e3", "+3", "0x1F", "0o17", "0b1", "1_000"] {
        check_value(number, &Kind::Number(number.to_owned()));
    }
    for text in ["yes", "on", "n", "tRue", "1.2.3", "2026-11-29", "1_", "0x", ".", ".inf", "nan", "1e999", "=", "12:30"]
    {
        check_value(text, &Kind::Text(text.to_owned()));
    }
    check_value("True", &Kind::Bool(true));
    check_value("FALSE", &Kind::Bool(false));
    check_value("NULL", &Kind::Null);
    check_value("'1'", &Kind::Text("1".to_owned()));
    check_value("\"\"", &Kind::Text(String::new()));
    check_value("!!str 1", &Kind::Text("1".to_owned()));
}

#[test]
fn every_mistake_of_a_text_is_found_where_it_stands() {
    check_findings(
        "title: Agile: a history\nsummary: \"open\naliases: [a, b\nrelated: [c]\norder: @1\n",
        &[
            "1:13 a second `: ` in one value",
            "2:10 a quotation mark that is never closed",
            "3:10 a bracket that is never closed",
            "5:8 a value that begins with a sign of YAML's own",
        ],
    );
    check_findings(
        "- {id: a, text: \"b}\n- id: c\n\ttext: d\n- [e: f: g]\n- h\n",
        &[
            "1:17 a quotation mark that is never closed",
            "3:1 a tab where YAML wants spaces",
            "4:8 a second `: ` in one value",
        ],
    );
}

#[test]
fn one_slip_is_one_finding() {
    check_findings("a: *Everything* that you need\n", &["1:4 anchors and aliases (`&`, `*`) are not read"]);
    check_findings("a: [b\nc: d]\ne: f\n", &["1:4 a bracket that is never closed"]);
    check_findings("a: \"b\nc: \"d\"\n", &["1:4 a quotation mark that is never closed"]);
    check_findings("a: b\nc\nd: e\n", &["2:1 a key without its `:`"]);
    check_findings("{a: b, c\nd: e\n", &["1:1 a bracket that is never closed"]);
}

#[test]
fn where_no_key_of_the_first_column_follows_reading_ends() {
    check_findings(" a: b: c\n d: e: f\n", &["1:6 a second `: ` in one value"]);
    check_findings("a: b\n---\nc: d\n---\n", &["2:1 a second `---` inside the data"]);
}

#[test]
fn what_stands_beside_a_mistake_is_read() {
    let text = "a: 1\nb: c: d\ne: [2]\nf: &g 3\nh: *g\n";
    let (node, findings) = read(text, 0);
    assert_eq!(findings.len(), 3, "{findings:?}");
    let node = node.expect("it is a mapping");
    assert!(!node.whole);
    let mut slices = Vec::new();
    written(&node, text, 0, &mut slices);
    assert_eq!(slices, ["", "a", "1", "e", "[2]", "2", "f", "3"]);
}

#[test]
fn keys_are_given_once_however_the_text_is_read() {
    check_findings("a: {b: 1, b: 2}\na: 3\n", &["1:11 `b` is given twice", "2:1 `a` is given twice"]);
    check_findings("a: 1\nb: c: d\na: 3\n", &["2:5 a second `: ` in one value", "3:1 `a` is given twice"]);
}

#[test]
fn each_limit_has_its_message() {
    let deep = |levels| format!("a: {}{}\n", "[".repeat(levels), "]".repeat(levels));
    check_findings(&deep(31), &[]);
    check_findings(&deep(32), &["1:35 nested too deeply"]);
    check_findings(&deep(300), &["1:259 nested too deeply"]);
    let many = |values| format!("a: [{}]\n", "0,".repeat(values));
    check_findings(&many(9_997), &[]);
    check_findings(&many(9_998), &["1:19999 more than 10000 keys and values of YAML, which is as many as are read"]);
    check_findings(&"a".repeat(65_537), &["1:1 65537 bytes of YAML, where at most 65536 are read"]);
}

#[test]
fn the_first_bad_escape_is_shown() {
    let message = "a backslash that begins no escape of YAML's";
    check_findings(r#"a: "é \n C:\Users""#, &[&format!("1:12 {message}")]);
    check_findings(r#"a: "\x41 \u12g4""#, &[&format!("1:10 {message}")]);
    check_findings(r#"a: "b" "c""#, &["1:8 text after the closing quotation mark"]);
}

/// A value, how it is written, and what its place holds.
#[derive(Debug, Clone)]
enum Written {
    Scalar(&'static str),
    Lines(&'static str, Vec<&'static str>),
    Flow(Vec<&'static str>),
    Map(Vec<(&'static str, Written)>),
}

impl Written {
    /// Writes it after a key or hyphen that stands `indent` deep.
    fn write(&self, indent: usize, text: &mut String, slices: &mut Vec<String>) {
        let pad = " ".repeat(indent);
        match self {
            Self::Scalar(scalar) => {
                text.extend([format!(" {scalar} # said\n")]);
                slices.push((*scalar).to_owned());
            }
            Self::Lines(header, lines) => {
                let block = lines.join(&format!("\n{pad}  "));
                text.extend([format!(" {header}\n{pad}  {block}\n\n")]);
                slices.push(block);
            }
            Self::Flow(items) => {
                let list = format!("[{}]", items.join(" , "));
                text.extend([format!("  {list}\n")]);
                slices.push(list);
                slices.extend(items.iter().map(|&item| item.to_owned()));
            }
            Self::Map(entries) => {
                *text += "\n# between\n";
                slices.push(String::new());
                for (at, (key, value)) in entries.iter().enumerate() {
                    let (open, name, close) = key_of(key, at);
                    text.extend([format!("{pad}  {open}{name}{close}:")]);
                    slices.push(format!("{open}{name}{close}"));
                    value.write(indent + 2, text, slices);
                }
            }
        }
    }
}

/// A key that no other of its mapping has, in quotation marks now and then.
fn key_of(word: &str, at: usize) -> (&'static str, String, &'static str) {
    let quote = ["", "\"", "'"][at % 3];
    (quote, format!("{word}{at}"), quote)
}

fn any_value() -> impl Strategy<Value = Written> {
    let scalar =
        prop::sample::select(vec!["plain", "1.10", "größer", "'e''s 😀'", "\"a: b # c\\n\"", "e\u{301}", "true"]);
    let line = prop::sample::select(vec!["one", "zwei: ü", "- drei", "# vier", "\"", "😀"]);
    let leaf = prop_oneof![
        scalar.clone().prop_map(Written::Scalar),
        (prop::sample::select(vec!["|", ">", "|-", ">+"]), prop::collection::vec(line, 1..4))
            .prop_map(|(header, lines)| Written::Lines(header, lines)),
        prop::collection::vec(scalar, 1..4).prop_map(Written::Flow),
    ];
    let key = prop::sample::select(vec!["key", "schlüssel", "ключ", "😀"]);
    let map = move |inner| prop::collection::vec((key.clone(), inner), 1..4).prop_map(Written::Map);
    map.clone()(leaf.prop_recursive(3, 12, 3, map).boxed())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_key_and_value_has_the_place_where_it_was_written(value in any_value(), crlf: bool) {
        let Written::Map(entries) = value else { unreachable!("the strategy gives mappings") };
        let (mut text, mut slices) = (String::new(), Vec::new());
        for (at, (key, value)) in entries.iter().enumerate() {
            let (open, name, close) = key_of(key, at);
            text.extend([format!("{open}{name}{close}:")]);
            slices.push(format!("{open}{name}{close}"));
            value.write(0, &mut text, &mut slices);
        }
        if crlf {
            text = text.replace('\n', "\r\n");
            slices = slices.into_iter().map(|slice| slice.replace('\n', "\r\n")).collect();
        }
        let (node, findings) = read(&text, 3);
        prop_assert_eq!(findings, Vec::<String>::new(), "{}", text);
        let mut found = Vec::new();
        written(&node.expect("it is YAML"), &text, 3, &mut found);
        prop_assert_eq!(&found[1..], slices, "{}", text);
    }

    #[test]
    fn a_tree_is_whole_unless_a_finding_says_why(
        edits in prop::collection::vec((any::<prop::sample::Index>(), "[:'\"\\[\\]{}\n\t &*#|>@%?,!-]|---\n"), 1..4),
    ) {
        let mut text = "title: \"Größe\"\nsummary: >\n  a 😀\ntags:\n  facet: [a, {b: c}]\nlist:\n- d\n- e: f\n".to_owned();
        for (at, edit) in edits {
            let at = (0..=at.index(text.len() + 1)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            text.insert_str(at, &edit);
        }
        let (node, findings) = read(&text, 9);
        // A key given twice, an anchor and a tag cost nothing of what is read.
        let free = ["given twice", "anchors and aliases", "tags ("];
        let costs = |said: &String| !free.iter().any(|words| said.contains(words));
        if node.is_some_and(|node| node.whole) {
            prop_assert!(!findings.iter().any(costs), "{:?} {}", findings, text);
        } else {
            prop_assert_ne!(findings.len(), 0, "{}", text);
        }
    }
}
