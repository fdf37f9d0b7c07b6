//! Every limit of `docs/limits.md`: what lies at it is taken, and one more is an error of its own, with a place.

use fingerpost::analysis::{Options, analyse};
use fingerpost::source::{Inputs, Source, SourceKind};

/// The messages about limits in a site of one home page and these files.
fn messages(files: &[(&str, String)]) -> Vec<String> {
    let mut inputs = Inputs::new("site");
    let home = ("content/index.md", "# Home\n".to_owned());
    for (path, text) in files.iter().chain([&home]) {
        inputs.add(Source { path: (*path).to_owned(), text: text.clone(), kind: SourceKind::Content });
    }
    let analysis = analyse(&inputs, &Options::default());
    let large = analysis.findings.iter().filter(|finding| finding.code.id == "FP0107" || finding.code.id == "FP0203");
    large.map(|finding| finding.message.clone()).collect()
}

/// Holds that a site made for the number at the limit has no finding about it, and for one more has just this.
#[track_caller]
fn limit(number: usize, said_in_docs: &str, make: impl Fn(usize) -> Vec<(&'static str, String)>, message: &str) {
    let docs = include_str!("../docs/limits.md");
    assert!(docs.contains(said_in_docs), "docs/limits.md says {said_in_docs}");
    assert_eq!(messages(&make(number)), Vec::<String>::new(), "at the limit");
    assert_eq!(messages(&make(number + 1)), [message], "above it");
}

fn page(text: String) -> Vec<(&'static str, String)> {
    vec![("content/a.md", text)]
}

#[test]
fn titles_and_names() {
    let said = "| a title, a topic, an alias, the name of a page, a word of the glossary | 300 characters |";
    let title = |length: usize| page(format!("---\ntitle: {}\n---\n", "ü".repeat(length)));
    limit(300, said, title, "`title` has 301 characters, where at most 300 are read");
    let heading = |length: usize| page(format!("# {}\n", "a".repeat(length)));
    limit(300, said, heading, "the heading has 301 characters, where at most 300 are read");
    let tag =
        |length: usize| page(format!("---\ntags: [{}]\n---\n# A\n", "é ".repeat(length / 2) + &"x".repeat(length % 2)));
    // A tag is a part of an address too, which is counted in bytes.
    assert_eq!(messages(&tag(300)), ["a part of its address has 449 bytes, where at most 240 are taken"]);
    let word =
        |length: usize| vec![("content/glossary.yaml", format!("- term: {}\n  definition: d\n", "a".repeat(length)))];
    limit(300, said, word, "`term` has 301 characters, where at most 300 are read");
}

#[test]
fn texts_in_front_matter_and_data() {
    let said =
        "| any other text in front matter or data: a summary, a definition, a claim, advice | 2,000 characters |";
    let summary = |length: usize| page(format!("---\nsummary: {}\n---\n# A\n", "a".repeat(length)));
    limit(2_000, said, summary, "`summary` has 2001 characters, where at most 2000 are read");
    let definition =
        |length: usize| vec![("content/glossary.yaml", format!("- term: a\n  definition: {}\n", "d".repeat(length)))];
    limit(2_000, said, definition, "`definition` has 2001 characters, where at most 2000 are read");
}

#[test]
fn headings_and_levels() {
    let heading = |length: usize| page(format!("# A\n\n## {}\n", "a".repeat(length)));
    limit(500, "| a heading | 500 characters |", heading, "the heading has 501 characters, where at most 500 are read");
    let quotations = |levels: usize| page(format!("# A\n\n{} deep\n", ">".repeat(levels - 1)));
    let said = "| levels of quotations, lists and marks in each other | 100 |";
    limit(100, said, quotations, "Markdown nested deeper than 100 levels");
}

#[test]
fn numbers_of_things() {
    let list = |count: usize, name: &str| (0..count).map(|at| format!("{name}{at}")).collect::<Vec<_>>().join(", ");
    let terms = |count: usize| page(format!("---\ntags: [{}]\n---\n# A\n", list(count, "t")));
    limit(
        100,
        "| topics of one article | 100; a list shows 3 of them |",
        terms,
        "more than 100 terms, which is as many as an article carries",
    );
    let aliases = |count: usize| page(format!("---\naliases: [{}]\n---\n# A\n", list(count, "/old/")));
    let said = "| entries of one list in front matter | 1,000 |";
    limit(1_000, said, aliases, "more than 1000 entries under `aliases`, which is as many as are read");
    let links = |count: usize| page(format!("# A\n\n{}", "[[A]]\n".repeat(count)));
    let message = "more than 10000 links, which is as many as are followed on one page";
    limit(10_000, "| links on one page | 10,000 |", links, message);
    let signs = |count: usize| page("a".to_owned() + &"~".repeat(count));
    let said = "| signs of Markdown, and ends of lines, in one file | 500,000 |";
    limit(500_000, said, signs, "more than 500000 signs of Markdown in one file");
    assert_eq!(messages(&page("1. ".repeat(500_001))), ["more than 500000 signs of Markdown in one file"]);
    let headings = |count: usize| page("# A\n\n".to_owned() + &"## B\n".repeat(count));
    let message = "more than 2000 headings, which is as many as a page takes";
    limit(2_000, "| headings on one page | 2,000 |", headings, message);
    let contests = |count: usize| {
        let claim = format!("- {{id: a, claim: A., source: s, contested-by: [{}]}}\n", list(count, "b"));
        vec![("content/claims.yaml", claim), ("content/sources.yaml", "- {key: s, title: S}\n".to_owned())]
    };
    let message = "more than 100 claims contest this one, which is as many as are read";
    limit(100, "| claims that contest one | 100 |", contests, message);
}

#[test]
fn steps_of_a_track() {
    let track = |count: usize| {
        let mut files: Vec<(&'static str, String)> = Vec::new();
        let steps = (0..count).map(|at| format!("  - p{at}")).collect::<Vec<_>>().join("\n");
        files.push(("content/tracks/t.md", format!("---\ntitle: T\nsteps:\n{steps}\n---\n")));
        files.extend((0..count).map(|at| (&*format!("content/p{at}.md").leak(), format!("# P{at}\n"))));
        files
    };
    limit(200, "| steps of a track | 200 |", track, "more than 200 steps, which is as many as a track has");
}

#[test]
fn parts_of_addresses() {
    let alias = |length: usize| page(format!("---\naliases: [\"/{}/\"]\n---\n# A\n", "a".repeat(length)));
    let message = "a part of its address has 241 bytes, where at most 240 are taken";
    limit(240, "| one part of an address | 240 bytes |", alias, message);
    let name = |length: usize| vec![(&*format!("content/{}.md", "a".repeat(length - 3)).leak(), "# A\n".to_owned())];
    limit(200, "| the name of a file | 200 bytes |", name, "a name of 201 bytes, where at most 200 are taken");
    // In lower case and composed, a name may be longer than it was.
    let grows = vec![(&*format!("content/{}.md", "İ".repeat(98)).leak(), "# A\n".to_owned())];
    assert_eq!(messages(&grows), ["a part of its address has 294 bytes, where at most 240 are taken"]);
}

#[test]
fn folders() {
    let deep = |depth: usize| vec![(&*format!("content/{}a.md", "f/".repeat(depth)).leak(), "# A\n".to_owned())];
    let message = "51 folders in each other, where at most 50 are taken";
    limit(50, "| folders in each other | 50 |", deep, message);
}

/// Holds that of one kind in the file at `path` the first findings are named, and that there are more.
#[track_caller]
fn named_in_part(path: &str, text: String, code: &str) {
    let mut inputs = Inputs::new("site");
    inputs.add(Source { path: path.to_owned(), text, kind: SourceKind::Content });
    inputs.add(Source { path: "content/z.md".to_owned(), text: "# Z\n".to_owned(), kind: SourceKind::Content });
    let analysis = analyse(&inputs, &Options::default());
    let found: Vec<_> = analysis.findings.iter().filter(|finding| finding.code.id == code).collect();
    assert_eq!(found.len(), 501, "{code}");
    let more = "there are more of this kind in this file; the first 500 are named";
    assert_eq!(found.iter().filter(|finding| finding.message == more).count(), 1, "{code}");
}

#[test]
fn findings_of_one_kind() {
    assert!(include_str!("../docs/limits.md").contains("| findings of one kind that are named in one file | 500 |"));
    let home = "# Home\n\n".to_owned() + &"[[nowhere]] <b>x</b>\n".repeat(2_000);
    for code in ["FP0301", "FP0201"] {
        named_in_part("content/index.md", home.clone(), code);
    }
    let lines = |line: fn(usize) -> String| (0..2_000).map(line).collect::<Vec<_>>().join("\n");
    named_in_part("content/sources.yaml", "k: v\n".repeat(2_000), "FP0104");
    named_in_part("content/sources.yaml", lines(|at| format!("- {{key: k{at}, title: t}}")), "FP0904");
    named_in_part("content/sources.yaml", lines(|at| format!("- {{key: k{at}, title: t, no: x}}")), "FP0102");
    named_in_part("content/glossary.yaml", "- {}\n".repeat(2_000), "FP0109");
    named_in_part("content/glossary.yaml", "- {term: t, definition: d}\n".repeat(2_000), "FP0902");
    named_in_part("content/claims.yaml", "- {id: [], claim: c, source: s}\n".repeat(2_000), "FP0103");
    named_in_part("content/site.yaml", lines(|at| format!("key{at}: v")), "FP0102");
    named_in_part("content/a.md", format!("---\naliases: [{}]\n---\n# A\n", "a\\b, ".repeat(900)), "FP0703");
}

#[test]
fn repeated_keys_cost_no_more_than_their_text() {
    let unique = (0..200_000).map(|at| format!("k{at}: v")).collect::<Vec<_>>().join("\n");
    named_in_part("content/sources.yaml", "k: v\n".repeat(200_000) + &unique, "FP0104");
}

#[test]
fn what_a_finding_says() {
    let docs = include_str!("../docs/limits.md");
    assert!(docs.contains("| what a finding quotes of a text | 120 characters"), "docs/limits.md says so");
    assert!(docs.contains("| what a finding says in all | 1,000 characters |"), "docs/limits.md says so");
    let long = "x".repeat(300_000);
    let links = ["[[W]]", "[a](W.md)", "[a](#W)", "[a](/W/)", "[a](foo:W)", "[@W]", "[[W]", "[^W]", "![](W.png)"];
    let body: String = links.map(|link| link.replace('W', &long) + "\n\n").concat();
    let (short, key) = ("x".repeat(2_000), "x".repeat(1_000));
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><{long} {long}=\"\"/></svg>");
    let decision = format!(
        "---\ntitle: D\nstart: q\nquestions: {{q: {{ask: A?, answers: [{{label: Y, to: {short}}}, \
         {{label: N, to: o}}]}}}}\n\
         outcomes: {{o: {{title: O}}}}\ntests: [{{name: {short}, answers: {{q: n}}, outcome: {short}}}]\n---\n"
    );
    let files = [
        ("content/a.md", format!("---\ndate: {short}\n{key}: x\ntags: {{{key}: [{key}]}}\n---\n# A\n\n{body}")),
        ("content/site.yaml", format!("title: T\nhtml: {short}\n{key}: x\n")),
        ("content/sources.yaml", format!("- {{key: {short}, title: t}}\n- {{key: {short}, title: t}}\n")),
        ("content/decisions/d.md", decision),
        ("content/a.svg", svg),
    ];
    let mut inputs = Inputs::new("site");
    for (path, text) in files {
        let kind = if path.ends_with(".svg") { SourceKind::Asset } else { SourceKind::Content };
        inputs.add(Source { path: path.to_owned(), text, kind });
    }
    let findings = analyse(&inputs, &Options::default()).findings;
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.id).collect();
    for code in ["FP0102", "FP0105", "FP0202", "FP0205", "FP0301", "FP0303", "FP0304", "FP0306", "FP0308", "FP0901"] {
        assert!(codes.contains(&code), "{code} is among {codes:?}");
    }
    for finding in findings {
        let others = finding.related.iter().map(|label| &label.message).chain(&finding.label).chain(&finding.help);
        let fix = finding.fix.iter().map(|fix| &fix.replacement);
        for said in others.chain(fix).chain([&finding.message]) {
            assert!(said.chars().count() <= 1_000, "{} says {} bytes", finding.code.id, said.len());
        }
        assert!(!finding.message.contains(&"x".repeat(121)), "{}: {}", finding.code.id, finding.message);
    }
}
