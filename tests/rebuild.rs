//! A build that remembers equals a build that does not, byte for byte, whatever was edited in between; and what was
//! not touched by an edit is not made again.
//!
//! The property runs 24 times with up to 16 edits each; `PROPTEST_CASES=1000 cargo test --test rebuild` tries harder.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use fingerpost::output::{Body, Output};
use fingerpost::publish::{Options, Publisher, Why};
use fingerpost::spill::InMemory;
use proptest::prelude::*;
use proptest::sample::{Index, select};

type Files = BTreeMap<String, String>;
type Outputs = BTreeMap<String, Vec<u8>>;

/// What a server holds: a builder and the outputs that it has made so far.
#[derive(Default)]
struct Remembering {
    builder: Publisher,
    outputs: Outputs,
}

/// What one build did.
struct Step {
    errors: bool,
    /// Paths that were made, not kept.
    made: BTreeSet<String>,
    why: Option<Why>,
    /// Whether it is the last build once more.
    up_to_date: bool,
}

impl Remembering {
    fn build(&mut self, files: &Files, why: Option<&str>) -> Step {
        self.build_with(files, &Options { why: why.map(str::to_owned), ..Options::default() })
    }

    fn build_with(&mut self, files: &Files, options: &Options) -> Step {
        let inputs = support::inputs(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let (made, kept) = (Mutex::new(Outputs::new()), Mutex::new(BTreeSet::new()));
        let build = self.builder.build(
            &inputs,
            options,
            &|output: Output| {
                made.lock().unwrap().insert(output.path, bytes(output.body));
                Ok(())
            },
            &|paths| {
                kept.lock().unwrap().extend(paths.iter().cloned());
                Ok(true)
            },
            &InMemory::default(),
        );
        let build = build.expect("a sink in memory cannot fail");
        let (made, kept) = (made.into_inner().unwrap(), kept.into_inner().unwrap());
        let (errors, paths) = (build.report.has_errors(), made.keys().cloned().collect());
        if !errors {
            self.outputs.retain(|path, _| kept.contains(path));
            self.outputs.extend(made);
            let known: BTreeSet<&str> = self.builder.outputs().collect();
            assert!(known.into_iter().eq(self.outputs.keys()), "the builder knows its outputs");
        }
        Step { errors, made: paths, why: build.why, up_to_date: build.up_to_date }
    }

    /// What another run of the program would remember.
    fn restart(&mut self) {
        self.builder = Publisher::remembering(&self.builder.remember());
    }
}

/// What an output holds; of a copy, what it is a copy of.
fn bytes(body: Body) -> Vec<u8> {
    match body {
        Body::Bytes(bytes) => bytes,
        Body::Copy(path) => format!("copy of {path}").into_bytes(),
    }
}

/// Builds `files` with and without a memory and holds that nothing tells them apart.
#[track_caller]
fn same(remembering: &mut Remembering, files: &Files, after: &str) {
    let step = remembering.build(files, None);
    let mut clean = Remembering::default();
    assert_eq!(step.errors, clean.build(files, None).errors, "errors after {after}");
    if step.errors {
        return;
    }
    let paths = |outputs: &Outputs| outputs.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&remembering.outputs), paths(&clean.outputs), "the files after {after}");
    for (path, bytes) in &clean.outputs {
        let remembered = &remembering.outputs[path];
        let (text, other) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(remembered));
        assert!(bytes == remembered, "{path} after {after}\nwas\n{other}\nis\n{text}");
    }
}

/// A small site with something of everything that pages show of one another.
fn site() -> Files {
    let files: &[(&str, &str)] = &[
        (
            "content/site.yaml",
            "title: Bread\nbase-url: https://example.org/\ndates: front-matter\nfacets:\n  benefit: {name: Benefit, plural: Benefits}\n  risk: {name: Risk, plural: Risks, terms: open}\nrelations:\n  offset-by: {from: benefit, to: risk, label: Offset by, inverse: Offsets}\n",
        ),
        (
            "content/index.md",
            "---\ntitle: Home\nsummary: All about bread.\npromise: Good bread.\nlead: Begin.\n---\nRead [[dough]] first.\n",
        ),
        (
            "content/basics/index.md",
            "---\ntitle: Basics\norder: 1\nbegin: {page: dough, why: It comes first.}\n---\nWhere to begin.\n",
        ),
        (
            "content/basics/dough.md",
            "---\ntitle: Dough\nsummary: Flour and water.\ntags: {benefit: [taste], risk: [mess]}\nupdated: 2026-01-02\nreviewed: 2026-01-03\n---\nSee [[oven]] and [the crust](../baking/crust.md#colour). It rests on [@miller-1]. A word: [[proof]].\n",
        ),
        (
            "content/basics/flour.md",
            "---\ntitle: Flour\ntags: {benefit: [taste]}\nupdated: 2026-01-04\nchange: Grain is new.\nrelated: [dough]\naliases: [/old/flour/]\ndate: 2026-01-01\n---\nSome text.\n\n## Grain\n\nMore of it, with `code`.\n",
        ),
        (
            "content/baking/oven.md",
            "---\ntitle: Oven\ntags: {risk: [mess, heat]}\n---\nHot. ![A picture](oven.svg)\n\n```rust\nfn bake() {}\n```\n",
        ),
        ("content/baking/oven.svg", ""),
        ("content/baking/loaf.png", ""),
        (
            "content/baking/crust.md",
            "---\ntitle: Crust\nsummary: The best of it.\ntags: {benefit: [taste]}\n---\n## Colour\n\nBrown. Back to [[dough]].\n",
        ),
        (
            "content/tags/benefit/taste.md",
            "---\ntitle: Taste\nsummary: What it is for.\nalso: [savour]\nrelations: {offset-by: [{to: risk/mess, why: It splashes., claims: [miller-1], basis: stated}]}\n---\nGood.\n",
        ),
        ("content/tags/risk/mess.md", "---\ntitle: Mess\nsummary: Flour everywhere.\n---\nSweep.\n"),
        (
            "content/sources.yaml",
            "- {key: miller, title: On Flour, author: A. Miller, year: 2020, url: https://example.org/flour, kind: book}\n",
        ),
        (
            "content/claims.yaml",
            "- {id: miller-1, claim: Flour matters., source: miller, facets: [benefit/taste], contested-by: [miller-2]}\n- {id: miller-2, claim: It does not., source: miller, kind: opinion, facets: [risk/mess], contested-by: [miller-1]}\n",
        ),
        (
            "content/glossary.yaml",
            "- {term: Proof, also: [proving], definition: The last rise., source: miller, page: dough}\n- {term: Crumb, definition: The inside.}\n",
        ),
        // A site's own theme, and its words.
        ("themes/default/strings/en.yaml", "home: Start\nsee-also: Close by\n"),
        ("themes/default/css/99-own.css", "p{color:red}"),
        ("themes/default/templates/404.html", "<p>Not here: {{ page.title }}</p>\n"),
        (
            "content/tracks/start.md",
            "---\ntitle: Start\naudience: Beginners\nreader: beginner\ngoal: A loaf.\nsteps:\n  - {page: dough, why: It begins here.}\n  - {page: oven, why: It ends here.}\ndecision: which\n---\n",
        ),
        (
            "content/decisions/which.md",
            "---\ntitle: Which bread?\nstart: time\nquestions:\n  time:\n    ask: Is there time?\n    page: dough\n    answers:\n      - {label: 'Yes', to: sour, tags: [benefit/taste]}\n      - {label: 'No', to: flat, tags: [risk/mess]}\noutcomes:\n  sour: {title: Sourdough, verdict: 'yes', advice: Wait., page: crust, benefits: [{term: benefit/taste, text: Good}], against: [miller-1]}\n  flat: {title: Flatbread, verdict: 'no', advice: Go., risks: [{term: risk/mess, text: Quick, mitigate: flour}]}\n---\n",
        ),
    ];
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// An edit that somebody might make: a file, and what becomes of its text; none removes it.
#[derive(Debug, Clone)]
enum Edit {
    /// A new article in this section, with this number.
    Create(&'static str, u8),
    /// A word more in the text of some file.
    Body(Index, u8),
    /// A piece of text put in place of another, wherever some file has it.
    Replace(Index, &'static str, &'static str),
    Rename(Index, u8),
    Delete(Index),
    /// A file as it was at the start, whatever became of it.
    Mend(Index),
    /// No edit, but a new run of the program.
    Restart,
}

/// What may be put in place of what.
const REPLACEMENTS: &[(&str, &str)] = &[
    ("title: Dough", "title: The dough"),
    ("promise: Good bread.", "promise: Better bread."),
    ("lead: Begin.\n", ""),
    ("begin: {page: dough", "begin: {page: flour"),
    ("why: It comes first.", "why: It is the first."),
    ("change: Grain is new.", "change: Grain is better."),
    ("updated: 2026-01-04", "updated: 2026-01-02"),
    ("also: [savour]", "also: [relish, zest]"),
    ("why: It splashes.", "why: It spills."),
    ("reader: beginner", "reader: newcomer"),
    ("title: Taste", "title: Taste 10"),
    ("title: Oven", "title: Furnace\naliases: [/oven/]"),
    ("title: Basics", "title: First steps"),
    ("title: Taste", "title: Flavour"),
    ("title: Crust", "title: Crust\norder: -1"),
    ("title: Flour", "title: Flour\ndraft: true"),
    ("title: Flour", "title: Flour\nsearch: false"),
    ("title: Mess", "title: Mess\ntemplate: missing.html"),
    ("title: Start", "title: Begin"),
    ("title: Bread", "title: Loaves"),
    ("title: Bread", "title: Bread\nimage: baking/loaf.png"),
    ("title: Oven", "title: Oven\nimage: loaf.png\nalso: [hearth]"),
    ("title: Oven", "title: Oven\nimage: oven.svg"),
    ("title: Taste", "title: Taste\nalso: [savour]"),
    ("basis: stated}", "basis: stated, why: Taste makes up for it.}"),
    ("base-url: https://example.org/", "base-url: https://example.org/kb/"),
    ("benefit: [taste]", "benefit: [taste], risk: [heat]"),
    ("benefit: [taste]", "risk: [cold]"),
    ("risk: [mess]", "risk: []"),
    ("related: [dough]", "related: [oven, crust]"),
    ("related: [dough]", "related: [nothing-like-it]"),
    ("aliases: [/old/flour/]", "aliases: [/older/flour/]"),
    ("updated: 2026-01-02", "updated: 2026-05-06"),
    ("{to: risk/mess, why: It splashes., claims: [miller-1], basis: stated}", "{to: risk/mess, basis: editorial}"),
    ("claim: Flour matters.", "claim: Flour matters much."),
    ("title: On Flour", "title: On Grain"),
    ("definition: The last rise.", "definition: The very last rise."),
    ("term: Proof", "term: Proofing, page: oven"),
    ("- {page: oven, why: It ends here.}", "- {page: crust, why: It ends well.}"),
    ("label: 'No', to: flat", "label: 'Never', to: flat"),
    ("page: crust, benefits", "page: oven, benefits"),
    ("title: Flatbread", "title: Pancake"),
    ("## Grain", "## Grains"),
    ("## Colour", "## Hue"),
    ("[[oven]]", "[[crust|the end]]"),
    ("[[proof]]", "[[flour#grain]]"),
    ("[[proof]]", "![Proof](https://pictures.example/proof.png)"),
    ("updated: 2026-01-02", "search: false"),
    ("reviewed: 2026-01-03", "reviewed: 2026-02-03"),
    ("reviewed: 2026-01-03\n", ""),
    ("to: risk/mess, why", "to: risk/heat, why"),
    ("claims: [miller-1], basis: stated", "claims: [miller-1, miller-2], basis: inferred"),
    ("label: Offset by", "label: Made good by"),
    ("inverse: Offsets", "inverse: Makes good"),
    ("kind: opinion", "kind: measurement"),
    ("facets: [risk/mess]", "facets: [risk/mess, benefit/taste]"),
    (", contested-by: [miller-1]", ""),
    ("claims: [miller-1]", "claims: [miller-2]"),
    ("[@miller-1]", "[@miller-2]"),
    ("author: A. Miller", "author: B. Miller"),
    ("year: 2020", "year: 2021"),
    ("kind: book", "stance: critical"),
    ("- {key: miller", "- {key: first, title: Before, author: Z}\n- {key: miller"),
    ("also: [proving]", "also: [rising]"),
    ("source: miller, page: dough", "page: oven"),
    ("- {term: Proof", "- {term: Ash, definition: What is left.}\n- {term: Proof"),
    ("definition: The inside.", "definition: The inside., page: crust"),
    ("color:red", "color:blue"),
    ("Not here", "Nothing here"),
    ("home: Start", "home: Beginning"),
    ("home: Start\n", ""),
    ("fn bake()", "fn cool()"),
    ("---\n", "--\n"),
];

fn edit() -> impl Strategy<Value = Edit> {
    let sections = select(vec!["basics", "baking", "new", "baking/deep"]);
    prop_oneof![
        1 => (sections, 0..4_u8).prop_map(|(section, number)| Edit::Create(section, number)),
        2 => (any::<Index>(), 0..4_u8).prop_map(|(file, word)| Edit::Body(file, word)),
        6 => (any::<Index>(), select(REPLACEMENTS.to_vec()))
            .prop_map(|(file, (from, to))| Edit::Replace(file, from, to)),
        1 => (any::<Index>(), 0..4_u8).prop_map(|(file, name)| Edit::Rename(file, name)),
        1 => any::<Index>().prop_map(Edit::Delete),
        4 => any::<Index>().prop_map(Edit::Mend),
        1 => Just(Edit::Restart),
    ]
}

/// Does an edit, and gives it in words.
fn apply(edit: &Edit, files: &mut Files) -> String {
    let original = site();
    let pick = |index: &Index, files: &Files| files.keys().nth(index.index(files.len())).cloned().expect("in range");
    match edit {
        Edit::Create(section, number) => {
            let text = format!("---\ntitle: New {number}\ntags: {{benefit: [taste]}}\n---\nSee [[dough]].\n");
            files.insert(format!("content/{section}/new-{number}.md"), text);
        }
        Edit::Restart => {}
        Edit::Body(file, word) => {
            let path = pick(file, files);
            if path.ends_with(".md") {
                files.entry(path).and_modify(|text| *text = format!("{text}Word {word}.\n"));
            }
        }
        Edit::Replace(file, from, to) => {
            let with: Vec<String> =
                files.iter().filter(|(_, text)| text.contains(from)).map(|(path, _)| path.clone()).collect();
            if !with.is_empty() {
                let path = with[file.index(with.len())].clone();
                files.entry(path).and_modify(|text| *text = text.replacen(from, to, 1));
            }
        }
        Edit::Rename(file, name) => {
            let path = pick(file, files);
            if path.ends_with(".md") {
                let text = files.remove(&path).expect("it was picked among them");
                let folder = path.rsplit_once('/').map_or("content", |(folder, _)| folder);
                files.insert(format!("{folder}/renamed-{name}.md"), text);
            }
        }
        Edit::Delete(file) => {
            let path = pick(file, files);
            files.remove(&path);
        }
        Edit::Mend(file) => {
            let (path, text) = original.iter().nth(file.index(original.len())).expect("in range");
            files.insert(path.clone(), text.clone());
        }
    }
    if files.is_empty() {
        *files = original;
    }
    format!("{edit:?}")
}

#[expect(clippy::disallowed_methods, reason = "a variable may ask for more cases")]
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24);
    let kept = proptest::test_runner::FileFailurePersistence::Direct("tests/regressions/rebuild.txt");
    ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(kept)),
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_build_that_remembers_equals_one_that_does_not(edits in proptest::collection::vec(edit(), 1..16)) {
        let (mut files, mut remembering) = (site(), Remembering::default());
        same(&mut remembering, &files, "nothing");
        let mut history = String::new();
        for one in &edits {
            history.push_str(&apply(one, &mut files));
            history.push('\n');
            if let Edit::Restart = one {
                remembering.restart();
            }
            same(&mut remembering, &files, &history);
        }
        // Whatever was broken meanwhile is mended in the end.
        same(&mut remembering, &site(), "all was mended");
    }
}

#[test]
fn every_edit_alone_and_taken_back() {
    let mut remembering = Remembering::default();
    same(&mut remembering, &site(), "nothing");
    for (path, text) in site() {
        for (from, to) in REPLACEMENTS.iter().filter(|(from, _)| text.contains(from)) {
            let mut files = site();
            files.insert(path.clone(), text.replacen(from, to, 1));
            same(&mut remembering, &files, &format!("{from:?} became {to:?} in {path}"));
            same(&mut remembering, &site(), &format!("{from:?} came back in {path}"));
        }
        let mut files = site();
        files.remove(&path);
        same(&mut remembering, &files, &format!("{path} was removed"));
        same(&mut remembering, &site(), &format!("{path} came back"));
    }
}

#[test]
fn the_site_of_these_tests_has_no_errors() {
    let files = site();
    let built =
        support::build(support::inputs(files.iter().map(|(p, t)| (p.as_str(), t.as_str()))), &Options::default());
    assert!(!built.build.report.has_errors(), "{}", built.messages());
}

/// Edits one file and gives what was made because of it.
#[track_caller]
fn after(path: &str, from: &str, to: &str) -> (Remembering, Files, BTreeSet<String>) {
    let (mut files, mut remembering) = (site(), Remembering::default());
    assert!(!remembering.build(&files, None).errors);
    let text = files.get_mut(path).expect("a file of the site");
    assert!(text.contains(from), "{path} has no {from}");
    *text = text.replace(from, to);
    let step = remembering.build(&files, None);
    assert!(!step.errors);
    (remembering, files, step.made)
}

#[test]
fn where_nothing_changed_no_page_is_made() {
    let (mut files, mut remembering) = (site(), Remembering::default());
    remembering.build(&files, None);
    files.insert("content/baking/oven.svg".to_owned(), String::new());
    let made = remembering.build(&files, None).made;
    let pages: Vec<&String> = made.iter().filter(|path| path.ends_with(".html") || path.ends_with(".md")).collect();
    assert_eq!(pages, Vec::<&String>::new());
}

#[test]
fn where_nothing_at_all_changed_the_last_build_is_given_again() {
    let (mut files, mut remembering) = (site(), Remembering::default());
    assert!(!remembering.build(&files, None).up_to_date);
    for _ in 0..2 {
        let step = remembering.build(&files, None);
        assert!(step.up_to_date && !step.errors);
        assert_eq!(
            step.made,
            BTreeSet::from(["baking/loaf.png", "baking/oven.svg"].map(str::to_owned)),
            "copies are for their taker to compare"
        );
        remembering.restart();
    }
    same(&mut remembering, &files, "nothing");
    let site = fingerpost::analysis::Options { drafts: true, ..Default::default() };
    let drafts = Options { site, ..Options::default() };
    assert!(!remembering.build_with(&files, &drafts).up_to_date, "with drafts it may be another");
    files.entry("content/baking/oven.md".to_owned()).and_modify(|text| text.push_str("More.\n"));
    assert!(!remembering.build(&files, None).up_to_date);
    assert!(remembering.build(&files, None).up_to_date);
}

#[test]
fn a_change_of_the_text_makes_that_page_alone() {
    let (_, _, made) = after("content/baking/oven.md", "Hot.", "Hotter.");
    let pages: Vec<&str> = made.iter().map(String::as_str).filter(|path| path.ends_with(".html")).collect();
    assert_eq!(pages, ["baking/oven/index.html"]);
    assert!(!made.contains("llms.txt") && !made.contains("_headers"), "neither shows a text: {made:#?}");
}

#[test]
fn a_change_of_the_title_makes_the_pages_that_show_it() {
    let (_, _, made) = after("content/baking/oven.md", "title: Oven", "title: Furnace");
    for path in ["baking/oven/index.html", "baking/index.html", "risk/mess/index.html", "basics/dough/index.html"] {
        assert!(made.contains(path), "{path} shows the title, but only these were made: {made:#?}");
    }
}

#[test]
fn a_page_says_why_it_was_made_anew() {
    let (mut remembering, mut files, _) = after("content/baking/oven.md", "Hot.", "Hotter.");
    let mut why = |files: &Files, page: &str| remembering.build(files, Some(page)).why;
    let said = |text: &str| Some(Why::Because(text.to_owned()));
    assert_eq!(why(&files, "/baking/oven/"), said("kept: nothing that it was made from changed"));
    files.entry("content/baking/oven.md".to_owned()).and_modify(|text| *text = text.replace("Hotter", "Hottest"));
    assert_eq!(why(&files, "baking/oven"), said("made anew: the text of content/baking/oven.md changed"));
    files
        .entry("content/baking/oven.md".to_owned())
        .and_modify(|text| *text = text.replace("title: Oven", "title: Furnace"));
    let title = "made anew: the title, address, summary, terms or dates of /baking/oven/ changed";
    assert_eq!(why(&files, "/risk/heat/"), said(title));
    assert_eq!(why(&files, "/no/such/page/"), Some(Why::NoSuchPage));
    files.entry("content/site.yaml".to_owned()).and_modify(|text| text.push_str("language: de\n"));
    let world = "made anew: settings, theme or program changed, or no trace was kept";
    assert_eq!(why(&files, "/risk/heat/"), said(world));
}
