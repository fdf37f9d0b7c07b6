//! The examples of the `CommonMark` specification, through the renderer that readers get.
//!
//! Each example is a page of one site; what the renderer adds on purpose is undone, and the rest is compared with the
//! specification token by token, as a browser would read both. What differs on purpose is listed, with the reason, in
//! `tests/commonmark/different.txt`; `tests/commonmark/README.md` says what is undone and where the examples come from.
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "these files have lower-case names")]
#![expect(clippy::disallowed_methods, reason = "reads the examples and says how many conform")]
#![expect(clippy::indexing_slicing, clippy::string_slice, reason = "what fails in a test ends it")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::{fs, iter};

use fingerpost::publish::Options;
use fingerpost::source::{Source, SourceKind};
use html5gum::{Token, Tokenizer};
use support::Built;

/// As many as version 0.31.2 has.
const COUNT: usize = 652;

const SITE: &str = "title: Examples\nhtml: allow\ntheme: bare\nsmart-quotes: false\n";

/// Nothing but the text of a page, so that no template has to be undone.
const TEMPLATE: (&str, &str) = ("themes/bare/templates/page.html", "{{ page.content }}");

/// The folder of the pages: a relative destination lies below it and a rooted one does not, so neither is taken for
/// the other.
const FOLDER: &str = "examples/";

/// Ends what is put before each example, so that a first heading is no title and fragments lead somewhere.
const LEAD: &str = "The example begins.";

/// One example of the specification.
struct Example {
    number: usize,
    section: String,
    markdown: String,
    html: String,
}

#[test]
fn the_specification_is_kept_but_for_what_differs_on_purpose() {
    let examples = examples(&specification());
    assert_eq!(examples.len(), COUNT, "the specification has another number of examples");
    let list = fs::read_to_string(here("different.txt")).expect("the list of what differs");
    let different = different(&list);
    let built = build(&examples);
    let published = published(&built);

    let mut conforming = 0;
    let mut wrong = String::new();
    for example in &examples {
        let expected = expected(&example.html);
        let actual = actual(text_of(&built, example.number), &published);
        let (same, listed) = (expected == actual, different.get(&example.number));
        conforming += usize::from(same);
        match (same, listed) {
            (false, None) => report(&mut wrong, example, &expected, &actual),
            (true, Some(reason)) => {
                writeln!(wrong, "\n{} conforms and is listed: {reason}", example.number)
                    .expect("writing to a string cannot fail");
            }
            _ => {}
        }
    }
    // Past the test harness, which would swallow it.
    let line = format!("CommonMark: {conforming} of {COUNT} conform; {} differ on purpose\n", different.len());
    std::io::stderr().write_all(line.as_bytes()).expect("standard error can be written to");
    assert!(wrong.is_empty(), "{conforming} of {COUNT} conform\n{wrong}");
}

fn here(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commonmark").join(name)
}

/// The text of the specification, which is fetched and not part of the repository.
fn specification() -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the folder of temporary files is in target");
    let path = target.join("commonmark/spec.txt");
    match fs::read_to_string(&path) {
        Ok(text) => text.replace("\r\n", "\n"),
        Err(error) => panic!(
            "the CommonMark specification is not at {}: {error}\nrun `tests/commonmark/fetch.sh` first (it needs npm)",
            path.display()
        ),
    }
}

/// Cuts the examples out of the specification, where an arrow stands for a tab.
fn examples(specification: &str) -> Vec<Example> {
    let fence = "`".repeat(32);
    let opening = format!("{fence} example");
    let mut section = String::new();
    let mut examples = Vec::new();
    let mut lines = specification.lines().take_while(|line| *line != "<!-- END TESTS -->");
    while let Some(line) = lines.next() {
        if line == opening {
            let mut part = |end: &str| {
                let lines = lines.by_ref().take_while(|line| *line != end);
                lines.fold(String::new(), |text, line| text + &line.replace('→', "\t") + "\n")
            };
            let (markdown, html) = (part("."), part(&fence));
            examples.push(Example { number: examples.len() + 1, section: section.clone(), markdown, html });
        } else if let Some(heading) = line.strip_prefix('#') {
            heading.trim_start_matches('#').trim().clone_into(&mut section);
        }
    }
    examples
}

/// The numbers and reasons of `different.txt`: `12 reason`, or `12, 13 reason`; `#` begins a comment.
fn different(list: &str) -> BTreeMap<usize, &str> {
    let mut different = BTreeMap::new();
    for line in list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let (numbers, reason) = line.split_once(": ").expect("`numbers: reason`");
        for number in numbers.split(", ") {
            let number = number.parse().expect("the number of an example");
            assert!(different.insert(number, reason).is_none(), "{number} is listed twice");
        }
    }
    different
}

// The site.

/// All examples as pages of one site in which every destination exists.
fn build(examples: &[Example]) -> Built {
    let mut files = vec![("content/site.yaml".to_owned(), SITE.to_owned()), (TEMPLATE.0.into(), TEMPLATE.1.into())];
    let mut assets = BTreeSet::new();
    for example in examples {
        let mut page = format!("---\ntitle: Example {}\n---\n", example.number);
        for destination in destinations(&example.html) {
            let (path, fragment) = destination.split_once('#').map_or((&*destination, None), |(p, f)| (p, Some(f)));
            let path = decoded(path.split('?').next().unwrap_or_default());
            if let Some(id) = fragment.filter(|_| path.is_empty()) {
                write!(page, "## A place {{#{id}}}\n\n").expect("writing to a string cannot fail");
            } else if !path.is_empty() {
                assets.insert(source_of(&path));
            }
        }
        write!(page, "{LEAD}\n\n{}", example.markdown).expect("writing to a string cannot fail");
        files.push((format!("content/{FOLDER}{}.md", example.number), page));
    }
    let mut inputs = support::inputs(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    for path in assets {
        let kind = if path.ends_with(".md") { SourceKind::Content } else { SourceKind::Asset };
        inputs.add(Source { path, text: String::new(), kind });
    }
    // The examples link to what is not there, so that nothing is built.
    let options = Options::default();
    let mut built = support::build(inputs, &options);
    built.outputs = built.all_shown(&options);
    built
}

/// The file to which an author's destination leads.
fn source_of(destination: &str) -> String {
    match destination.strip_prefix('/') {
        Some(rooted) => format!("content/{rooted}"),
        None => format!("content/{FOLDER}{}", destination.trim_start_matches("./")),
    }
}

/// Where the links and images of an expected result lead, as far as that is on the site itself.
fn destinations(html: &str) -> Vec<String> {
    let tokens = tokens(html);
    let tags = tokens.iter().filter_map(|token| match token {
        Piece::Open(name, attributes) if name == "a" || name == "img" => Some(attributes),
        _ => None,
    });
    let urls = tags.filter_map(|attributes| attributes.get("href").or_else(|| attributes.get("src")));
    urls.filter(|url| !url.contains(':') && !url.starts_with("//")).cloned().collect()
}

/// Where each file is published, and the path that its author gave it, below `content/`.
fn published(built: &Built) -> BTreeMap<String, String> {
    let copies = built.outputs.iter().filter_map(|(path, text)| {
        let source = text.strip_prefix("copy of content/")?;
        Some((format!("/{path}"), source.to_owned()))
    });
    let pages = built.inputs.iter().filter_map(|(_, file)| {
        let stem = file.path.strip_prefix("content/")?.strip_suffix(".md")?;
        Some((format!("/{stem}/"), format!("{stem}.md")))
    });
    copies.chain(pages).collect()
}

/// What the renderer made of an example, without what was put before it.
fn text_of(built: &Built, number: usize) -> &str {
    let page = built.output(&format!("{FOLDER}{number}/index.html"));
    let lead = format!("<p>{LEAD}</p>\n");
    let start = page.find(&lead).expect("every page begins with the lead") + lead.len();
    &page[start..]
}

// Comparing.

/// HTML as a browser's tokenizer gives it, attributes in alphabetical order and texts decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Open(String, BTreeMap<String, String>),
    Close(String),
    Text(String),
    /// A comment, a declaration and the like.
    Other(String),
}

fn tokens(html: &str) -> Vec<Piece> {
    let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("HTML is UTF-8");
    let pieces = Tokenizer::new(html).filter_map(|token| match token.expect("a string can always be read") {
        Token::StartTag(tag) => {
            let attributes = tag.attributes.iter().map(|(name, value)| (string(name), string(value)));
            Some(Piece::Open(string(&tag.name), attributes.collect()))
        }
        Token::EndTag(tag) => Some(Piece::Close(string(&tag.name))),
        Token::String(text) => Some(Piece::Text(string(&text))),
        Token::Comment(text) => Some(Piece::Other(string(&text))),
        Token::Doctype(doctype) => Some(Piece::Other(format!("doctype {}", string(&doctype.name)))),
        Token::Error(_) => None,
    });
    joined(pieces)
}

/// Texts that stand side by side become one.
fn joined(pieces: impl Iterator<Item = Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (piece, joined.last_mut()) {
            (Piece::Text(text), Some(Piece::Text(before))) => before.push_str(&text),
            (piece, _) => joined.push(piece),
        }
    }
    joined
}

/// What the specification asks for, with headings of level 1 one lower: a page has one, its title.
fn expected(html: &str) -> Vec<Piece> {
    finished(tokens(html).into_iter().map(lowered).collect())
}

fn lowered(piece: Piece) -> Piece {
    match piece {
        Piece::Open(name, attributes) if name == "h1" => Piece::Open("h2".to_owned(), attributes),
        Piece::Close(name) if name == "h1" => Piece::Close("h2".to_owned()),
        other => other,
    }
}

/// What the renderer made, without what it adds on purpose.
fn actual(html: &str, published: &BTreeMap<String, String>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut all = tokens(html).into_iter().map(lowered).peekable();
    while let Some(piece) = all.next() {
        match piece {
            Piece::Open(name, attributes) if name == "a" && attributes.get("class").is_some_and(|c| c == "anchor") => {
                // The link beside a heading, and the end of their frame.
                all.by_ref().find(|piece| *piece == Piece::Close("div".to_owned()));
            }
            Piece::Open(name, attributes) if name == "div" && attributes.get("class").is_some_and(|c| c == "head") => {}
            Piece::Open(name, attributes) if name == "div" && attributes.get("class").is_some_and(|c| c == "code") => {
                code(&mut all, &mut pieces);
            }
            Piece::Open(name, mut attributes) => {
                if matches!(name.as_str(), "h2" | "h3" | "h4" | "h5" | "h6") {
                    attributes.remove("id");
                } else if name == "a" && attributes.get("class").is_some_and(|class| class == "external") {
                    attributes.remove("class");
                    attributes.remove("rel");
                } else if name == "img" {
                    attributes.remove("loading");
                }
                for (_, url) in attributes.iter_mut().filter(|(name, _)| *name == "href" || *name == "src") {
                    *url = as_written(url, published);
                }
                pieces.push(Piece::Open(name, attributes));
            }
            other => pieces.push(other),
        }
    }
    finished(joined(pieces.into_iter().filter(|piece| *piece != Piece::Text(String::new()))))
}

/// A block of code without its frame and its colours.
fn code(all: &mut impl Iterator<Item = Piece>, pieces: &mut Vec<Piece>) {
    for piece in all {
        match piece {
            Piece::Open(name, _) if name == "span" => {}
            Piece::Close(name) if name == "span" => {}
            Piece::Close(name) if name == "div" => return,
            Piece::Open(name, mut attributes) => {
                attributes.remove("tabindex");
                pieces.push(Piece::Open(name, attributes));
            }
            other => pieces.push(other),
        }
    }
}

/// The destination that the author wrote, for one that the renderer gives.
fn as_written(url: &str, published: &BTreeMap<String, String>) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (path, rest) = url.split_at(end);
    match published.get(&decoded(path)) {
        Some(source) => match source.strip_prefix(FOLDER) {
            Some(relative) => format!("{relative}{rest}"),
            None => format!("/{source}{rest}"),
        },
        None => url.to_owned(),
    }
}

/// Drops what no reader can see: how a destination is encoded, a `./` before it, a line end before the first block of
/// an item and at the end.
fn finished(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::new();
    for mut piece in pieces {
        match &mut piece {
            Piece::Open(_, attributes) => {
                for (_, url) in attributes.iter_mut().filter(|(name, _)| *name == "href" || *name == "src") {
                    *url = decoded(url.trim_start_matches("./"));
                }
            }
            Piece::Text(text) if text == "\n" && matches!(kept.last(), Some(Piece::Open(name, _)) if name == "li") => {
                continue;
            }
            _ => {}
        }
        kept.push(piece);
    }
    if let Some(Piece::Text(text)) = kept.last_mut() {
        text.truncate(text.trim_end().len());
    }
    kept.retain(|piece| *piece != Piece::Text(String::new()));
    kept
}

/// Undoes percent-encoding.
fn decoded(url: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = url.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| url.to_owned())
}

fn report(into: &mut String, example: &Example, expected: &[Piece], actual: &[Piece]) {
    let list = |pieces: &[Piece]| pieces.iter().fold(String::new(), |text, piece| format!("{text}    {piece:?}\n"));
    let same = iter::zip(expected, actual).take_while(|(a, b)| a == b).count();
    write!(
        into,
        "\n{} ({}) differs and is not listed:\n{}  expected from token {same}:\n{}  actual:\n{}",
        example.number,
        example.section,
        example.markdown,
        list(&expected[same..]),
        list(&actual[same..])
    )
    .expect("writing to a string cannot fail");
}
