//! What is tried with a text, and what must hold of it. A check panics where something does not, and gives back which
//! kinds of findings there were: a text with kinds that no other had is worth being changed further.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Mutex;

use fingerpost::analysis::{Analysis, Options as SiteOptions, OutputKind, analyse};
use fingerpost::diagnostic::{Diagnostic, Report, Severity, github, json, sarif, terminal};
use fingerpost::output::{Body, Output};
use fingerpost::publish::{self, Options};
use fingerpost::source::{Inputs, Source, SourceKind};

use crate::mutator::Random;
use crate::picture::check_picture;
use crate::reader::{check_data, check_harmless, check_path, check_sound, decoded};

/// The kinds of findings, and [`SOUND`] where the site is built.
pub type Kinds = BTreeSet<&'static str>;

type Files = Vec<(String, String)>;

/// The pages and data that a text may name.
const AROUND: &[(&str, &str)] = &[
    ("content/index.md", "# Home\n"),
    ("content/other.md", "# Other\n\nRests on [@said].\n\n## Part\n"),
    ("content/tags/benefit/trust.md", "---\ntitle: Trust\nsummary: What it is.\n---\n"),
    ("content/tags/risk/burnout.md", "---\ntitle: Burnout\nsummary: Too much.\n---\n"),
    ("content/sources.yaml", "- {key: work, title: A work, url: https://e.example/, kind: book}\n"),
    ("content/claims.yaml", "- {id: said, source: work, claim: It is so.}\n"),
    ("content/glossary.yaml", "- {term: Proof, also: [proving], definition: The last rise., page: other}\n"),
    ("content/picture.png", ""),
];

const BASE: &str = "https://site.example/";

fn settings(html: &str) -> (String, String) {
    let text = format!(
        "title: Fuzz\nbase-url: {BASE}\nhtml: {html}\nrepository: https://github.com/o/r\nfacets:\n  \
         benefit: {{name: Benefit, plural: Benefits, terms: open}}\n  risk: {{name: Risk, plural: Risks}}\n\
         relations:\n  offset-by: {{from: benefit, to: risk, label: Offset by, inverse: Offsets}}\n"
    );
    ("content/site.yaml".to_owned(), text)
}

fn around(html: &str, own: impl IntoIterator<Item = (&'static str, String)>) -> Files {
    let around = AROUND.iter().map(|&(path, text)| (path.to_owned(), text.to_owned()));
    let own = own.into_iter().map(|(path, text)| (path.to_owned(), text));
    std::iter::once(settings(html)).chain(around).chain(own).collect()
}

fn inputs(files: &Files) -> Inputs {
    let mut inputs = Inputs::new("site");
    for (path, text) in files {
        let kind =
            if path.ends_with(".md") || path.ends_with(".yaml") { SourceKind::Content } else { SourceKind::Asset };
        inputs.put(Source { path: path.clone(), text: text.clone(), kind });
    }
    inputs
}

// What holds of every site.

/// Nothing panicked, every finding has a place in its file, and every form in which findings are shown can be made.
fn check_findings(inputs: &Inputs, findings: &[Diagnostic]) {
    for finding in findings {
        assert!(finding.code.id != "FP1101", "a panic was caught: {}", finding.message);
        let others = finding.related.iter().map(|label| label.span).chain(finding.fix.iter().map(|fix| fix.span));
        for span in others.chain([finding.span]) {
            let text = &inputs.get(span.source).text;
            assert!(text.get(span.range()).is_some(), "{span:?} is no place in {text:?}: {finding:?}");
        }
    }
    let mut report = Report::default();
    report.extend(findings.iter().cloned());
    report.finish(inputs, false);
    let shown = terminal::render(&report, inputs, false);
    let acts = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    assert!(!shown.contains(acts), "a terminal would act on {:?} in\n{shown}", shown.chars().find(|&c| acts(c)));
    // A line for each finding, and one whole file.
    let (lines, file) = (json::render(&report, inputs), sarif::render(&report, inputs));
    for json in lines.lines().chain([file.as_str()]) {
        serde_json::from_str::<serde_json::Value>(json).unwrap_or_else(|error| panic!("{error} in {json}"));
    }
    drop(github::render(&report, inputs));
}

/// All outputs: of a site without errors those of a build, else its pages as `serve` shows them.
fn outputs(inputs: &Inputs, analysis: &Analysis) -> BTreeMap<String, Vec<u8>> {
    let bytes = |body: Body| match body {
        Body::Bytes(bytes) => bytes,
        Body::Copy(from) => format!("copy of {from}").into_bytes(),
    };
    let made = Mutex::new(BTreeMap::new());
    if !has_errors(analysis) {
        let build = publish::build(inputs, &Options::default(), &|output: Output| {
            made.lock().expect("no sink panics").insert(output.path, bytes(output.body));
            Ok(())
        });
        let report = build.expect("a sink in memory cannot fail").report;
        check_findings(inputs, report.findings());
        assert!(!report.has_errors(), "only the build finds {:?}", report.findings());
        return made.into_inner().expect("no sink panics");
    }
    let known = analysis.outputs.all();
    let is_made_of_content = |kind: &OutputKind| {
        !matches!(
            kind,
            OutputKind::Hashed(_) | OutputKind::SiteFile(_) | OutputKind::ThemeFile(_) | OutputKind::Asset(_)
        )
    };
    let asked: Vec<(&String, OutputKind)> =
        known.iter().filter(|(_, kind)| is_made_of_content(kind)).map(|(path, kind)| (path, *kind)).collect();
    let made = publish::outputs(analysis, inputs, asked.iter().map(|(_, kind)| *kind));
    let made: BTreeMap<String, Vec<u8>> = made.into_iter().map(|output| (output.path, bytes(output.body))).collect();
    for (path, kind) in asked {
        // A panic while a page is made leaves it out.
        assert!(!matches!(kind, OutputKind::Page(_)) || made.contains_key(path), "{path} was not made");
    }
    made
}

fn check_output(path: &str, bytes: &[u8], sound: bool) {
    check_path(path);
    let Ok(text) = std::str::from_utf8(bytes) else {
        let is_picture = path.ends_with(".png") && bytes.starts_with(b"\x89PNG\r\n\x1a\n");
        assert!(is_picture || path.ends_with(".bin"), "{path} is no UTF-8");
        return;
    };
    if path.ends_with(".html") {
        if sound { check_sound(path, text) } else { drop(check_harmless(path, text)) }
    } else if path.ends_with(".svg") && !path.starts_with("assets/") && !text.starts_with("copy of ") {
        check_picture(text, Some(BASE));
    } else {
        check_data(path, text);
    }
}

/// Holds all that must hold of a site of these files.
fn check_site(files: &Files, sound: bool) -> Kinds {
    let mut inputs = inputs(files);
    fingerpost::theme::add_embedded(&mut inputs);
    let analysis = analyse(&inputs, &SiteOptions::default());
    check_findings(&inputs, &analysis.findings);
    // Nobody asks for the page at `/404.html`, and where two want one address, an error says so.
    for page in analysis.pages().filter(|page| page.address != "/404.html" && !has_errors(&analysis)) {
        assert_eq!(analysis.page_at(page.address), Some(page.id), "{} is the address of another page", page.address);
    }
    let made = outputs(&inputs, &analysis);
    for (path, bytes) in &made {
        check_output(path, bytes, sound);
    }
    kinds(&analysis)
}

fn kinds(analysis: &Analysis) -> Kinds {
    let sound = (!has_errors(analysis)).then_some(SOUND);
    analysis.findings.iter().map(|finding| finding.code.id).chain(sound).collect()
}

/// Stands among the kinds of findings for a site that is built.
const SOUND: &str = "no errors";

fn has_errors(analysis: &Analysis) -> bool {
    analysis.findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// A number that a text always has.
fn number_of(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// One of the two policies under which nothing of a text may run; a text has always the same.
fn policy(text: &str) -> &'static str {
    if text.len().is_multiple_of(2) { "escape" } else { "sanitise" }
}

// Targets.

/// A file with front matter, in the place of some kind of page.
pub fn front_matter(text: &str) -> Kinds {
    let places = ["content/input.md", "content/tags/benefit/input.md", "content/tracks/input.md", "content/a/index.md"];
    let own = [(*Random::new(number_of(text), 0).pick(&places), text.to_owned())];
    check_site(&around(policy(text), own), policy(text) == "escape")
}

/// The Markdown of an article, and of the home page.
pub fn markdown(text: &str) -> Kinds {
    let own = [("content/input.md", text.to_owned()), ("content/README.md", format!("---\ntitle: Home\n---\n{text}"))];
    check_site(&around(policy(text), own), policy(text) == "escape")
}

/// A decision, with its chart and its other files.
pub fn decision(text: &str) -> Kinds {
    let own = [("content/decisions/input.md", text.to_owned())];
    check_site(&around("escape", own), true)
}

/// A file that is called a picture: if it may be published, it is one.
pub fn svg(text: &str) -> Kinds {
    let inputs = inputs(&around("escape", [("content/input.svg", text.to_owned())]));
    let analysis = analyse(&inputs, &SiteOptions::default());
    check_findings(&inputs, &analysis.findings);
    let kinds = kinds(&analysis);
    if !kinds.contains("FP0205") && !text.is_empty() {
        check_picture(text, None);
    }
    kinds
}

/// An address as its author may write it: as an alias, as a link, and as the name of a file.
pub fn address(text: &str) -> Kinds {
    let mut quoted = String::new();
    for c in text.chars() {
        write!(quoted, "\\U{:08X}", u32::from(c)).expect("writing to a string cannot fail");
    }
    let target: String = text.chars().filter(|c| !"<>\r\n".contains(*c)).collect();
    let page =
        format!("---\ntitle: Page\naliases: [\"{quoted}\"]\n---\n[a](<{target}>) ![b](<{target}>) [[{target}]]\n");
    let mut files = around("escape", [("content/page.md", page)]);
    let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    // Far deeper folders are no question of addresses, but of how long a build may take.
    if (1..=20).contains(&parts.len()) {
        files.push((format!("content/{}.md", parts.join("/")), "# Named\n".to_owned()));
        files.push((format!("content/{}.png", parts.join("/")), String::new()));
    }
    let kinds = check_site(&files, true);
    if kinds.contains(SOUND) {
        check_links(&files);
    }
    kinds
}

/// In a site without errors, each link to the site leads to one of its files.
fn check_links(files: &Files) {
    let mut inputs = inputs(files);
    fingerpost::theme::add_embedded(&mut inputs);
    let analysis = analyse(&inputs, &SiteOptions::default());
    let made = outputs(&inputs, &analysis);
    for (path, bytes) in made.iter().filter(|(path, _)| path.ends_with(".html")) {
        let text = std::str::from_utf8(bytes).expect("a page is UTF-8");
        let page = check_harmless(path, text);
        for href in page.tags.iter().filter_map(|(_, attributes)| attributes.get("href")) {
            let Some(below) = href.strip_prefix('/').map(|below| below.split(['?', '#']).next().unwrap_or_default())
            else {
                continue;
            };
            let file = decoded(below);
            let found = [file.clone(), format!("{file}index.html"), format!("{file}/index.html")]
                .iter()
                .any(|file| made.contains_key(file) || analysis.outputs.get(file).is_some());
            assert!(found, "{path} links to {href}, where nothing is");
        }
    }
}

/// A site of some texts of all corpora, by one thread and by many, with its files added in one order and in another:
/// all of it comes out the same. The text decides which they are.
pub fn same_bytes(text: &str, corpora: &[(&'static str, String)]) -> Kinds {
    let mut random = Random::new(number_of(text), 0);
    let mut files = around(policy(text), [("content/input.md", text.to_owned())]);
    for at in 0..4 + random.below(12) {
        let (target, text) = random.pick(corpora);
        let path = match *target {
            "decision" => format!("content/decisions/d{at}.md"),
            "svg" => format!("content/pictures/p{at}.svg"),
            "front_matter" => format!("content/{}/f{at}.md", random.pick(&["notes", "tracks", "tags/benefit", "tags"])),
            _ => format!("content/{}/m{at}.md", random.pick(&["a", "b", "b/c"])),
        };
        files.push((path, text.clone()));
    }
    let one = built(&files, 1);
    for at in (1..files.len()).rev() {
        files.swap(at, random.below(at + 1));
    }
    let many = built(&files, 4);
    assert!(one.1 == many.1, "the findings differ:\n{}\n{}", one.1, many.1);
    assert!(one.0.keys().eq(many.0.keys()), "other outputs: {:?} {:?}", one.0.keys(), many.0.keys());
    for (path, bytes) in &one.0 {
        assert!(*bytes == many.0[path], "{path} has other bytes in another order or with more threads");
    }
    one.2
}

/// The outputs of a site, and what is said of it, by so many threads.
fn built(files: &Files, threads: usize) -> (BTreeMap<String, Vec<u8>>, String, Kinds) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    pool.install(|| {
        let mut inputs = inputs(files);
        fingerpost::theme::add_embedded(&mut inputs);
        let analysis = analyse(&inputs, &SiteOptions::default());
        let mut report = Report::default();
        report.extend(analysis.findings.iter().cloned());
        report.finish(&inputs, false);
        (outputs(&inputs, &analysis), json::render(&report, &inputs), kinds(&analysis))
    })
}
