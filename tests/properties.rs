//! What holds for any text, and so for texts that nobody thought of: addresses stay inside the site and never replace
//! one another, nothing that a text holds can run in a browser, and the same site gives the same bytes.
//!
//! Each property runs 256 times; `PROPTEST_CASES=10000 cargo test --test properties` runs it more often.
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "these files have lower-case names")]

#[path = "support/reader.rs"]
mod reader;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Mutex;

use fingerpost::diagnostic::Report;
use fingerpost::output::{Body, Output};
use fingerpost::publish::{self, Options};
use fingerpost::source::{Inputs, Source, SourceKind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence;
use reader::{Page, check_data, check_harmless, check_path, check_sound, decoded, words};
use unicode_normalization::UnicodeNormalization as _;

/// How often each property runs, unless `PROPTEST_CASES` says otherwise; seeds of failures are kept and tried first.
fn config() -> ProptestConfig {
    let kept = FileFailurePersistence::Direct("tests/regressions/properties.txt");
    ProptestConfig { failure_persistence: Some(Box::new(kept)), ..ProptestConfig::default() }
}

// Building.

/// A built site: its findings and every output, also where two have one path.
#[derive(Debug)]
struct Site {
    report: Report,
    outputs: Vec<(String, String)>,
}

impl Site {
    fn has(&self, id: &str) -> bool {
        self.report.findings().iter().any(|finding| finding.code.id == id)
    }

    fn paths(&self) -> BTreeSet<&str> {
        self.outputs.iter().map(|(path, _)| path.as_str()).collect()
    }

    fn pages(&self) -> impl Iterator<Item = (&str, &str)> {
        let pages = self.outputs.iter().filter(|(path, _)| path.ends_with(".html"));
        pages.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    fn page(&self, path: &str) -> Page {
        let found = self.outputs.iter().find(|(other, _)| other == path);
        Page::read(&found.unwrap_or_else(|| panic!("no {path} among {:?}", self.paths())).1)
    }
}

/// Builds the site of these files, added in this order.
fn site(files: &[(String, String)]) -> Site {
    let mut inputs = Inputs::new("site");
    for (path, text) in files {
        let is_content = path.ends_with(".md") || path.ends_with(".yaml");
        let kind = if is_content { SourceKind::Content } else { SourceKind::Asset };
        inputs.add(Source { path: path.clone(), text: text.clone(), kind });
    }
    fingerpost::theme::add_embedded(&mut inputs);
    let outputs = Mutex::new(Vec::new());
    let build = publish::build(&inputs, &Options::default(), &|output: Output| {
        let text = match output.body {
            // Compressed, or a picture: a character for each byte.
            Body::Bytes(bytes) if output.path.ends_with(".bin") || output.path.ends_with(".png") => {
                bytes.into_iter().map(char::from).collect()
            }
            Body::Bytes(bytes) => String::from_utf8(bytes).expect("every text output is UTF-8"),
            Body::Copy(path) => format!("copy of {path}"),
        };
        outputs.lock().expect("no thread panics while it holds the lock").push((output.path, text));
        Ok(())
    });
    let report = build.expect("a sink in memory cannot fail").report;
    let mut outputs = outputs.into_inner().expect("no thread panics while it holds the lock");
    outputs.sort();
    Site { report, outputs }
}

/// A text as a scalar of YAML, whatever it holds.
fn yaml(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(quoted, "\\{c}").expect("writing to a string cannot fail"),
            ' '..='~' => quoted.push(c),
            _ => write!(quoted, "\\U{:08X}", u32::from(c)).expect("writing to a string cannot fail"),
        }
    }
    quoted + "\""
}

/// A text as Markdown that means just this text, on one line.
fn markdown(text: &str) -> String {
    let mut escaped = String::new();
    for c in words(text).chars() {
        if c.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

// Texts.

/// What has a meaning in HTML, Markdown, YAML, templates or addresses.
const HOSTILE: [&str; 67] = [
    "x",
    "<script>alert(1)</script>",
    "</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='x",
    "<b onclick=x>",
    "<svg onload=x>",
    "<b>",
    "</b>",
    "<details>",
    "<dl>",
    "</div>",
    "</title>",
    "<!--",
    "-->",
    "<!doctype",
    "<![CDATA[",
    "]]>",
    "<?",
    "javascript:alert(1)",
    "[a](javascript:x)",
    "[a](JaVa&Tab;Script&colon;x \"t\")",
    "[a](&#1;javascript:x)",
    "![a](data:text/html,x)",
    "<javascript:x>",
    "[a]: javascript:x\n",
    "[a]",
    "[[",
    "]]",
    "[[javascript:x|y]]",
    "[@a]",
    "[^a]",
    "\n[^a]: ",
    "](",
    "![",
    "{#x onclick=y}",
    "{.a href=javascript:x}",
    "{{ page.title }}",
    "{% raw %}",
    "{# a #}",
    "&lt;",
    "&#x6a;",
    "&",
    "\\",
    "`",
    "```",
    "\n```html\n",
    "~~~",
    "^",
    "~",
    "*",
    "_",
    "|",
    "\n|a|b|\n|-|-|\n|",
    "\n# ",
    "\n===\n",
    "\n> [!NOTE]\n> ",
    "\n- [ ] ",
    "\n: ",
    "\n---\n",
    "\n\n",
    "\r",
    "\t",
    "\0",
    "\u{202E}",
    "\u{85}",
    "\u{FEFF}",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&HOSTILE[..]).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9 ]{1,8}",
        1 => "\\PC{0,8}",
        1 => any::<String>(),
    ]
}

/// Any text, and more often than chance would have it one that means harm.
fn text() -> impl Strategy<Value = String> {
    vec(piece(), 1..5).prop_map(|pieces| shown(&pieces.concat()))
}

/// A text without the characters that are refused (FP0110).
fn shown(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}'), "")
}

/// A long text of the same kind.
fn long_text() -> impl Strategy<Value = String> {
    vec(piece(), 0..24).prop_map(|pieces| shown(&pieces.concat()))
}

/// Names that file systems, servers or the build itself take for something else.
const NAMES: [&str; 48] = [
    "..",
    ".",
    "...",
    ". .",
    "a..",
    ".a",
    "-",
    "_",
    "_headers",
    " ",
    "a ",
    "a.",
    "con",
    "NUL",
    "aux.txt",
    "com1",
    "a:b",
    "a\\b",
    "..\\..",
    "%2e%2e",
    "%2F",
    "%",
    "#",
    "?",
    "*",
    "<b>",
    "\"",
    "|",
    "\0",
    "\u{7F}",
    "\u{85}",
    "\n",
    "\u{E9}",
    "e\u{301}",
    "\u{130}",
    "\u{DF}",
    "\u{1E9E}",
    "\u{212A}",
    "\u{3C2}",
    "\u{3A3}",
    "\u{202E}x",
    "👩\u{200D}👧",
    "index",
    "README",
    "404",
    "tags",
    "assets",
    "feed.xml",
];

/// A file's or folder's name, without the slash that would make it two.
fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => select(&NAMES[..]).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9 .-]{1,4}",
        1 => any::<String>(),
    ];
    vec(piece, 1..3).prop_map(|pieces| pieces.concat().replace('/', "")).prop_filter("a name", |name| !name.is_empty())
}

/// The path of a page or of an asset.
fn path() -> impl Strategy<Value = String> {
    let ending = select(&[".md", ".md", ".md", ".png", ".html", ""][..]);
    (vec(name(), 1..4), ending).prop_map(|(names, ending)| format!("content/{}{ending}", names.join("/")))
}

/// The same path as another person might have typed it.
fn respelt(path: &str, how: u8) -> String {
    let Some(name) = path.strip_prefix("content/").and_then(|path| path.strip_suffix(".md")) else {
        return path.to_owned();
    };
    let name = match how {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => name.nfd().collect(),
        3 => name.replace(' ', "-"),
        _ => format!("{name}/index"),
    };
    format!("content/{name}.md")
}

// Addresses.

/// Paths that a file system could take for one, and folders where a file is.
fn collisions(site: &Site) -> Vec<String> {
    let plain = |path: &str| path.nfc().flat_map(char::to_lowercase).nfc().collect::<String>();
    // Windows drops dots at the end of a name.
    let fold = |path: &str| plain(path).split('/').map(|part| part.trim_end_matches('.')).collect::<Vec<_>>().join("/");
    let mut seen = BTreeSet::new();
    let mut twice: Vec<String> =
        site.outputs.iter().map(|(path, _)| fold(path)).filter(|path| !seen.insert(path.clone())).collect();
    let folder =
        |path: &String| seen.range(format!("{path}/")..).next().is_some_and(|p| p.starts_with(&format!("{path}/")));
    twice.extend(seen.iter().filter(|path| folder(path)).cloned());
    twice
}

/// The code for outputs that want one place.
const SAME_ADDRESS: &str = "FP0702";

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_output_lies_below_the_site_and_none_replaces_another(
        paths in vec((path(), 0..8_u8), 1..4),
        alias in prop_oneof![name(), path().prop_map(|path| path.replacen("content", "", 1))],
        tag in name(),
    ) {
        let mut files = BTreeMap::new();
        for (path, how) in &paths {
            let front = format!("---\naliases: [{}]\ntags: [{}]\n---\n", yaml(&format!("/{alias}")), yaml(&tag));
            files.insert(respelt(path, *how), String::new());
            files.insert(path.clone(), if files.len() == 1 { front } else { String::new() });
        }
        let built = site(&files.into_iter().collect::<Vec<_>>());
        built.outputs.iter().for_each(|(path, _)| check_path(path));
        let collisions = collisions(&built);
        prop_assert!(collisions.is_empty() || built.has(SAME_ADDRESS), "nobody said that {collisions:?} stand twice");
    }

    #[test]
    fn a_page_named_by_its_address_keeps_it(names in vec(name(), 1..4)) {
        let address = |path: String| {
            let built = site(&[(path, String::new())]);
            let mut pages = built.outputs.iter().map(|(path, _)| path.clone());
            pages.find(|path| path != "index.html" && path.ends_with("/index.html"))
        };
        if let Some(first) = address(format!("content/{}/index.md", names.join("/"))) {
            let folder = first.strip_suffix("index.html").expect("a page is the index of its folder");
            let again = address(format!("content/{folder}index.md"));
            prop_assert_eq!(Some(&first), again.as_ref());
        }
    }
}

// Texts in pages.

/// A page without a mistake of its author has each id once, and its links to places on itself lead there.
fn check_anchors(path: &str, html: &str) {
    let page = Page::read(html);
    let mut ids = BTreeSet::new();
    for id in page.tags.iter().filter_map(|(_, attributes)| attributes.get("id")) {
        assert!(!id.is_empty() && ids.insert(id.clone()), "{path}: the id {id:?} is empty or there twice in\n{html}");
    }
    let links = page.tags.iter().filter(|(name, _)| name == "a").filter_map(|(_, attributes)| attributes.get("href"));
    for fragment in links.filter_map(|href| href.strip_prefix('#')).filter(|fragment| !matches!(*fragment, "" | "top"))
    {
        assert!(ids.contains(&decoded(fragment)), "{path}: nothing has the id of the link #{fragment} in\n{html}");
    }
}

/// The texts of one site, each in a place of its own.
#[derive(Debug, Clone)]
struct Texts {
    site: String,
    title: String,
    summary: String,
    heading: String,
    link: String,
    link_title: String,
    alt: String,
    cell: String,
    info: String,
    code: String,
    tag: String,
    term: String,
    definition: String,
    work: String,
    claim: String,
}

fn texts() -> impl Strategy<Value = Texts> {
    vec(text(), 15).prop_map(|texts| {
        let mut texts = texts.into_iter();
        // Some of these may not be empty, nor nothing but white space.
        let mut next = || format!("x{}", texts.next().expect("as many texts as places"));
        Texts {
            site: next(),
            title: next(),
            summary: next(),
            heading: next(),
            link: next(),
            link_title: next(),
            alt: next(),
            cell: next(),
            info: next(),
            code: next(),
            tag: next(),
            term: next(),
            definition: next(),
            work: next(),
            claim: next(),
        }
    })
}

/// A site that says each text once, as an author who knows Markdown and YAML would write it, its marks left as they are.
fn saying(texts: &Texts, policy: &str) -> Vec<(String, String)> {
    let site = format!(
        "title: {}\ndescription: {}\nbase-url: https://e.example/kb/\nrepository: https://github.com/o/r\nsmart-quotes: false\nhtml: {policy}\n\
         facets: {{topic: {{name: {}, terms: open}}}}\n",
        yaml(&texts.site),
        yaml(&texts.summary),
        yaml(&texts.term),
    );
    // References are read in it too, and some are to control characters, which are an error.
    let info: String = texts.info.chars().filter(|c| !matches!(c, '`' | '\n' | '\r' | '&')).collect();
    let article = format!(
        "---\ntitle: {}\nsummary: {}\ntags: {{topic: [{}]}}\naliases: [/old/]\n---\n\n## x{}\n\nA [x{}](other.md \"{}\") and [@claim].\n\n\
         ![{}](picture.png)\n\n| a | b |\n|---|---|\n| {} | x |\n\n````````{info}\n{}\n````````\n",
        yaml(&texts.title),
        yaml(&texts.summary),
        yaml(&texts.tag),
        markdown(&texts.heading),
        markdown(&texts.link),
        markdown(&texts.link_title),
        markdown(&texts.alt),
        markdown(&texts.cell),
        texts.code.replace('\r', "\n"),
    );
    let entry = |term: &str| format!("- {{term: {}, definition: {}}}\n", yaml(term), yaml(&texts.definition));
    let glossary =
        [texts.term.clone(), format!("{}!", texts.term), format!("1{}", texts.term)].map(|term| entry(&term));
    let work = yaml(&texts.work);
    let sources =
        format!("- {{key: work, title: {work}, author: {work}, caution: {work}, url: 'https://e.example/'}}\n");
    let claims = format!("- {{id: claim, source: work, claim: {}}}\n", yaml(&texts.claim));
    [
        ("content/site.yaml", site),
        ("content/index.md", "# Home\n".to_owned()),
        ("content/article.md", article),
        ("content/other.md", "# Other\n".to_owned()),
        ("content/picture.png", String::new()),
        ("content/glossary.yaml", glossary.concat()),
        ("content/sources.yaml", sources),
        ("content/claims.yaml", claims),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .to_vec()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_text_comes_out_as_it_went_in(texts in texts(), policy in select(&["escape", "sanitise", "allow"][..])) {
        let built = site(&saying(&texts, policy));
        for (path, html) in built.pages() {
            check_sound(path, html);
            check_anchors(path, html);
        }
        built.outputs.iter().for_each(|(path, text)| check_data(path, text));
        let article = built.page("article/index.html");
        let findings = built.report.findings();
        for (place, text) in [
            ("title", &texts.title),
            ("summary", &texts.summary),
            ("heading", &texts.heading),
            ("link", &texts.link),
            ("cell", &texts.cell),
            ("code", &texts.code),
        ] {
            prop_assert!(article.says(text), "the {place} is not in {:?}; {findings:?}", article.text);
        }
        prop_assert!(words(&texts.link_title).is_empty() || article.has("a", "title", &texts.link_title));
        prop_assert!(article.has("img", "alt", &texts.alt));
        let glossary = built.page("glossary/index.html");
        prop_assert!(glossary.says(&texts.term) && glossary.says(&texts.definition), "{:?}", glossary.text);
        prop_assert!(built.page("sources/index.html").says(&texts.work));
        // An article leads to the claims that it rests on; what they say stands on the page of their source.
        prop_assert!(article.has("a", "href", "/kb/sources/work/#claim-claim"));
        let source = built.page("sources/work/index.html");
        prop_assert!(source.says(&texts.work) && source.says(&texts.claim), "{:?}", source.text);
        prop_assert!(built.page("index.html").says(&texts.site));
    }

    #[test]
    fn nothing_that_a_text_holds_can_run(
        front in text(),
        body in long_text(),
        policy in select(&["escape", "sanitise"][..]),
        data in long_text(),
    ) {
        let built = site(&[
            ("content/site.yaml".to_owned(), format!("html: {policy}\n")),
            ("content/index.md".to_owned(), body.clone()),
            ("content/a.md".to_owned(), format!("---\ntitle: {front}\n---\n{body}")),
            ("content/b.md".to_owned(), format!("---\nsummary: {}\n---\n# {front}\n{body}", yaml(&front))),
            ("content/glossary.yaml".to_owned(), data.clone()),
            ("content/sources.yaml".to_owned(), data),
        ]);
        for (path, html) in built.pages() {
            if policy == "escape" { check_sound(path, html); } else { check_harmless(path, html); }
        }
        built.outputs.iter().for_each(|(path, text)| check_data(path, text));
    }

    #[test]
    fn the_same_site_gives_the_same_bytes_in_any_order(
        texts in texts(),
        paths in vec(path(), 0..6),
        body in long_text(),
        seed in any::<u64>(),
    ) {
        let mut files: BTreeMap<String, String> = saying(&texts, "sanitise").into_iter().collect();
        for (at, path) in paths.into_iter().enumerate() {
            files.entry(path).or_insert_with(|| format!("---\norder: {}\ntags: {{topic: [a, b]}}\n---\n{body}", at / 2));
        }
        let ordered: Vec<(String, String)> = files.into_iter().collect();
        let first = site(&ordered);
        check_equal(&first, &site(&ordered));
        let mut shuffled = ordered;
        shuffled.sort_by_key(|(path, _)| twisted(path, seed));
        check_equal(&first, &site(&shuffled));
    }
}

/// Two builds with the same outputs and findings; only the first difference is shown.
fn check_equal(one: &Site, other: &Site) {
    assert_eq!(one.paths(), other.paths());
    for ((path, text), (_, again)) in one.outputs.iter().zip(&other.outputs) {
        let differs = text.lines().zip(again.lines()).find(|(a, b)| a != b);
        assert!(text == again, "{path} differs: {differs:?}");
    }
    let messages = |site: &Site| site.report.findings().iter().map(|f| f.message.clone()).collect::<Vec<_>>();
    assert_eq!(messages(one), messages(other));
}

/// A number that looks as if drawn by lot, for an order that differs with `seed`.
fn twisted(path: &str, seed: u64) -> u64 {
    path.bytes().fold(seed, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}
