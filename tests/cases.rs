//! One small site and what is expected of it per file: the files below `tests/cases/`, each a test of its own.
//!
//! A case begins with a sentence and goes on with parts between marker lines:
//!
//! ```text
//! What the case shows, in a sentence or two.
//! -- content/index.md --
//! the file's text
//! -- options: drafts strict base-url=/kb/ today=2026-11-22 --
//! -- expect: messages --
//! what a terminal shows
//! -- expect: text of index.html --
//! the article's HTML alone
//! -- expect: shared of index.html --
//! the lines for those who share or index the page
//! -- expect: feed.xml --
//! an output in full
//! -- expect: outputs --
//! the paths of all outputs but those that every site has
//! -- expect: found --
//! what the search index holds of each page: `[url, title, kind, label, terms, summary, [[id, heading, text]…]]`
//! ```
//!
//! Hashes in the names of assets are written as `HASH`, in the paths of outputs too. `FINGERPOST_BLESS=1 cargo test --test cases` writes what is true now into the files; read the diff.
#![expect(clippy::disallowed_methods, reason = "tests read the project's own files")]
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use fingerpost::analysis::{OutputKind, SiteFile};
use fingerpost::publish::Options;
use libtest_mimic::{Arguments, Failed, Trial};
use support::Built;

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let trials = files.into_iter().map(|path| {
        let name = path.strip_prefix(&root).expect("a file below the root").with_extension("");
        Trial::test(name.to_string_lossy().replace('\\', "/"), move || run(&path))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder of cases").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            files.push(path);
        }
    }
}

/// A marker line and the text below it.
struct Part {
    name: String,
    text: String,
}

fn run(path: &Path) -> Result<(), Failed> {
    let case = fs::read_to_string(path)?;
    let (sentence, parts) = parse(&case);
    let files = parts.iter().filter(|part| part.name.contains('/') && !is_instruction(&part.name));
    let options = options(&parts)?;
    let built = support::build(support::inputs(files.map(|part| (part.name.as_str(), part.text.as_str()))), &options);
    let mut actual = sentence;
    for part in &parts {
        let text = match part.name.strip_prefix("expect: ") {
            Some(what) => expected(&built, what, &options)?,
            None => part.text.clone(),
        };
        write!(actual, "-- {} --\n{text}", part.name)?;
    }
    if std::env::var_os("FINGERPOST_BLESS").is_some() {
        fs::write(path, &actual)?;
        return Ok(());
    }
    if actual == case {
        return Ok(());
    }
    Err(Failed::from(difference(&case, &actual)))
}

fn is_instruction(name: &str) -> bool {
    name.starts_with("expect: ") || name.starts_with("options: ")
}

fn parse(case: &str) -> (String, Vec<Part>) {
    let mut sentence = String::new();
    let mut parts: Vec<Part> = Vec::new();
    for line in case.split_inclusive('\n') {
        let marker = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (marker, parts.last_mut()) {
            (Some(name), _) => parts.push(Part { name: name.to_owned(), text: String::new() }),
            (None, Some(part)) => part.text.push_str(line),
            (None, None) => sentence.push_str(line),
        }
    }
    (sentence, parts)
}

fn options(parts: &[Part]) -> Result<Options, Failed> {
    let mut options = Options::default();
    for word in parts.iter().filter_map(|part| part.name.strip_prefix("options: ")).flat_map(str::split_whitespace) {
        match word.split_once('=') {
            Some(("base-url", url)) => options.site.base_url = Some(url.to_owned()),
            Some(("today", day)) => options.site.today = Some(day.to_owned()),
            None if word == "drafts" => options.site.drafts = true,
            None if word == "strict" => options.strict = true,
            _ => return Err(format!("no option `{word}`").into()),
        }
    }
    Ok(options)
}

/// What the site really gives for an `expect:` part.
fn expected(built: &Built, what: &str, options: &Options) -> Result<String, Failed> {
    let mut text = match what.split_once(" of ") {
        Some(("text", path)) => between(&output(built, path, options)?, "<div class=\"text\">\n", "\n</div>")?,
        Some(("main", path)) => {
            between(&output(built, path, options)?, "<main id=\"fp-main\" tabindex=\"-1\">\n", "</main>")?
        }
        Some(("shared", path)) => shared(&output(built, path, options)?),
        _ if what == "messages" => built.messages(),
        _ if what == "outputs" => outputs(built),
        _ if what == "found" => found(built),
        _ => output(built, what, options)?,
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(without_hashes(&text))
}

/// The text with the changing part of asset names as `HASH`: `/assets/site.HASH.css`.
fn without_hashes(text: &str) -> String {
    let mut parts = text.split("/assets/");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        whole.push_str("/assets/");
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && !".-_".contains(c)).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let is_hash = |word: &str| word.len() == 10 && word.bytes().all(|b| b.is_ascii_hexdigit());
        let name: Vec<&str> = name.split('.').map(|word| if is_hash(word) { "HASH" } else { word }).collect();
        whole.push_str(&name.join("."));
        whole.push_str(rest);
    }
    whole
}

/// An output of the build; while the content has errors, as `serve` shows it.
fn output(built: &Built, path: &str, options: &Options) -> Result<String, Failed> {
    let named = |(known, _): &(&String, &String)| *known == path || without_hashes(&format!("/{known}"))[1..] == *path;
    let found = built.outputs.iter().find(named).map(|(_, text)| text.clone());
    let found = found.or_else(|| built.shown(path, options).filter(|_| built.outputs.is_empty()));
    found.ok_or_else(|| format!("no output `{path}`\n{}{}", outputs(built), built.messages()).into())
}

/// The paths of all outputs but those that every site has, and of those whose names hold a hash.
fn outputs(built: &Built) -> String {
    let is_own = |kind: &OutputKind| !matches!(kind, OutputKind::SiteFile(file) if *file != SiteFile::DecisionSchema);
    let own =
        built.known.iter().filter(|(path, kind)| is_own(kind) && *path != "404.html" && !path.starts_with("search/"));
    let own = own.map(|(path, _)| path);
    own.fold(String::new(), |list, path| list + path + "\n")
}

/// What a page says of itself to who shares it: its pictures and cards, and its data.
fn shared(html: &str) -> String {
    let is_shared = |line: &&str| ["og:image", "twitter:", "ld+json"].iter().any(|word| line.contains(word));
    html.lines().filter(is_shared).fold(String::new(), |list, line| list + line + "\n")
}

/// The texts of the search index, a line for each page.
fn found(built: &Built) -> String {
    let is_text =
        |path: &str| path.starts_with("search/parts/") && path.matches('/').count() == 3 && path.ends_with(".json");
    let texts = built.outputs.iter().filter(|(path, _)| is_text(path));
    let mut lines: Vec<String> = Vec::new();
    for (_, text) in texts {
        let pages: Vec<serde_json::Value> = serde_json::from_str(text).expect("texts are JSON");
        lines.extend(pages.iter().map(|page| format!("{page}\n")));
    }
    lines.sort();
    lines.concat()
}

fn between(text: &str, start: &str, end: &str) -> Result<String, Failed> {
    let from = text.find(start).ok_or("the page has no such part")? + start.len();
    let to = text[from..].find(end).ok_or("the part does not end")?;
    Ok(text[from..from + to].to_owned())
}

/// The first line that differs, with what stands around it.
fn difference(expected: &str, actual: &str) -> String {
    let (expected, actual): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let same = expected.iter().zip(&actual).take_while(|(a, b)| a == b).count();
    let mut text = format!("differs from line {}; FINGERPOST_BLESS=1 rewrites the file\n", same + 1);
    for line in &expected[same.saturating_sub(3)..same] {
        writeln!(text, "  {line}").expect("writing to a string cannot fail");
    }
    for (sign, lines) in [("-", &expected), ("+", &actual)] {
        for line in lines.iter().skip(same).take(12) {
            writeln!(text, "{sign} {line}").expect("writing to a string cannot fail");
        }
    }
    text
}
