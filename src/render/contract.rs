//! Holds what `docs/themes.md` promises to the authors of themes against what the templates get: neither more nor less.
//!
//! The lists of that page are read by a small grammar: `name`, `name: shape`; a shape is the name of a value that is
//! listed there, `{fields}`, `{any}`, `[shape]`, `shape and shape` for the keys of both, `shape or shape`.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;

use serde_json::Value;
use tera::{Kwargs, State, Tera};

use super::page::{self, PageContext};
use crate::model::{PageId, PageKind};
use crate::view::{View, sample};

const PAGE: &str = include_str!("../../docs/themes.md");

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    /// Text, a number, a yes or no, or a list of them.
    Plain,
    /// A mapping whose keys are not ours.
    Any,
    Named(String),
    Keys(Fields),
    List(Box<Shape>),
    /// The keys of both.
    Both(Box<Shape>, Box<Shape>),
    /// One of two values with names.
    Either(String, String),
}

type Fields = BTreeMap<String, Shape>;

/// The lists of the page.
struct Contract {
    every: Fields,
    named: Fields,
    /// By the word of each kind: its template and what it sees besides.
    kinds: BTreeMap<String, (String, Fields)>,
}

impl Contract {
    fn read(page: &str) -> Self {
        let kind = |lines: &[&str]| {
            let (template, word) = lines[0].split_once(", ").expect("a kind begins with its template and its word");
            (word.to_owned(), (template.to_owned(), fields(&lines[1..].join("\n"))))
        };
        let kinds = list(page, "What each kind of page sees besides");
        let lines: Vec<&str> = kinds.lines().collect();
        Self {
            every: fields(list(page, "What every template sees")),
            named: fields(list(page, "Values with names")),
            kinds: lines.chunk_by(|_, next| next.starts_with(' ')).map(kind).collect(),
        }
    }
}

/// The block of code under a heading.
fn list<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, section) = page.split_once(&format!("## {heading}\n")).expect("the heading is there");
    let (_, block) = section.split_once("```text\n").expect("a list follows");
    block.split_once("```").expect("the list ends").0
}

fn fields(text: &str) -> Fields {
    let spaced = ["{", "}", "[", "]", ":"].iter().fold(text.replace(',', " "), |text, mark| {
        let spaced = format!(" {mark} ");
        text.replace(mark, &spaced)
    });
    let mut tokens = spaced.split_whitespace().peekable();
    let fields = parse_fields(&mut tokens);
    assert_eq!(tokens.next(), None, "the list goes on");
    fields
}

fn parse_fields<'a>(tokens: &mut Peekable<impl Iterator<Item = &'a str>>) -> Fields {
    let mut fields = Fields::new();
    while let Some(name) = tokens.next_if(|&token| token != "}") {
        let shape = if tokens.next_if_eq(&":").is_some() { parse_shape(tokens) } else { Shape::Plain };
        assert_eq!(fields.insert(name.to_owned(), shape), None, "`{name}` is listed twice");
    }
    fields
}

fn parse_shape<'a>(tokens: &mut Peekable<impl Iterator<Item = &'a str>>) -> Shape {
    let shape = match tokens.next().expect("a shape follows a colon") {
        "{" => {
            let fields = parse_fields(tokens);
            assert_eq!(tokens.next(), Some("}"));
            if fields.keys().eq(["any"]) { Shape::Any } else { Shape::Keys(fields) }
        }
        "[" => {
            let items = parse_shape(tokens);
            assert_eq!(tokens.next(), Some("]"));
            Shape::List(Box::new(items))
        }
        name => Shape::Named(name.to_owned()),
    };
    let Some(word) = tokens.next_if(|token| ["and", "or"].contains(token)) else { return shape };
    match (shape, word, parse_shape(tokens)) {
        (shape, "and", other) => Shape::Both(Box::new(shape), Box::new(other)),
        (Shape::Named(one), _, Shape::Named(other)) => Shape::Either(one, other),
        (shape, _, other) => panic!("`{shape:?} or {other:?}` are not both values with names"),
    }
}

/// Looks at values by the contract.
struct Inspection<'a> {
    contract: &'a Contract,
    faults: BTreeSet<String>,
    /// The shapes that some value had, by their places on the page.
    met: BTreeSet<String>,
}

impl<'a> Inspection<'a> {
    /// The keys of a shape, each with its place on the page.
    fn keys(&self, shape: &'a Shape, at: &str) -> BTreeMap<&'a str, (String, &'a Shape)> {
        match shape {
            Shape::Keys(fields) => {
                fields.iter().map(|(key, shape)| (key.as_str(), (format!("{at}.{key}"), shape))).collect()
            }
            Shape::Named(name) => match self.contract.named.get(name) {
                Some(shape) => self.keys(shape, name),
                None => panic!("{at} is a `{name}`, which is not listed"),
            },
            Shape::Both(one, other) => self.keys(one, at).into_iter().chain(self.keys(other, at)).collect(),
            Shape::Plain | Shape::Any | Shape::List(_) | Shape::Either(..) => panic!("{at} has no keys of its own"),
        }
    }

    fn look(&mut self, shape: &'a Shape, value: &Value, at: &str) {
        if value.is_null() {
            return;
        }
        match shape {
            Shape::Plain => {
                let plain = |value: &Value| !value.is_object() && !value.is_array();
                if !plain(value) && !value.as_array().is_some_and(|items| items.iter().all(plain)) {
                    self.faults.insert(format!("{at}: what is inside it is not listed"));
                }
            }
            Shape::Any => self.demand(value.is_object(), at, "is no mapping"),
            Shape::List(items) => {
                self.demand(value.is_array(), at, "is no list");
                value.as_array().into_iter().flatten().for_each(|item| self.look(items, item, at));
            }
            Shape::Either(one, other) => {
                let named = &self.contract.named;
                let is_one = value.as_object().is_some_and(|map| self.keys(&named[one], one).keys().eq(map.keys()));
                let name = if is_one { one } else { other };
                self.look(&named[name], value, name);
                self.met.insert(format!("{at} as {name}"));
            }
            Shape::Named(_) | Shape::Keys(_) | Shape::Both(..) => {
                let Some(map) = value.as_object() else { return self.demand(false, at, "is no mapping") };
                let keys = self.keys(shape, at);
                for key in map.keys().filter(|key| !keys.contains_key(key.as_str())) {
                    self.faults.insert(format!("{at}: `{key}` is there and not listed"));
                }
                for (key, (place, shape)) in keys {
                    match map.get(key) {
                        Some(value) => self.look(shape, value, &place),
                        None => self.demand(false, at, &format!("`{key}` is listed and not there")),
                    }
                }
                self.met.insert(at.to_owned());
            }
        }
    }

    fn demand(&mut self, holds: bool, at: &str, fault: &str) {
        if !holds {
            self.faults.insert(format!("{at}: {fault}"));
        }
    }

    /// Finds what is listed and was never met: nothing of it was held.
    fn demand_met(&mut self, shape: &Shape, at: &str) {
        match shape {
            Shape::Plain | Shape::Any => {}
            Shape::List(items) => self.demand_met(items, at),
            Shape::Either(one, other) => {
                for name in [one, other] {
                    let is_met = self.met.contains(&format!("{at} as {name}"));
                    self.demand(is_met, at, &format!("the sample never has it as a `{name}`"));
                }
            }
            Shape::Named(_) => self.demand(self.met.contains(at), at, "the sample never has it"),
            Shape::Both(one, other) => [one, other].into_iter().for_each(|half| self.demand_met(half, at)),
            Shape::Keys(fields) => {
                self.demand(self.met.contains(at), at, "the sample never has it");
                self.demand_fields_met(fields, at);
            }
        }
    }

    fn demand_fields_met(&mut self, fields: &Fields, at: &str) {
        for (key, shape) in fields {
            self.demand_met(shape, &format!("{at}.{key}"));
        }
    }
}

/// The template of a page, and what it sees as JSON.
fn seen_by(view: &View<'_>, page: PageId, shown: &Tera) -> (&'static str, Value) {
    let PageContext { template, context, size: _, findings: _ } = page::page_context(view, page, "", &mut |_, _| {});
    let json = shown.render("all.txt", &context).expect("a context can be shown");
    (template, serde_json::from_str(&json).expect("it is shown as JSON"))
}

/// A template that shows all it sees: tera lists the names of a context in no other way.
fn shown() -> Tera {
    let json =
        |value: tera::Value, _: Kwargs, _: &State<'_>| serde_json::to_string(&value).expect("it has keys of text");
    let mut tera = Tera::default();
    tera.register_filter("json", json);
    tera.add_raw_template("all.txt", "{{ __tera_context | json }}").expect("it is a template");
    tera
}

/// A site that has every kind of page, and every value of each.
fn files() -> Vec<(String, String)> {
    let files = [
        ("index.md", "---\npromise: Good bread.\nlead: Read on.\n---\n# Baking\n"),
        ("loaf.png", ""),
        ("about.md", "---\nchange: It says more.\nupdated: 2026-11-22\n---\n# About\n"),
        ("bread/index.md", "---\nbegin: {page: rye, why: It is easy.}\n---\n# Risks\n"),
        (
            "site.yaml",
            "title: Baking\nbase-url: https://example.org/kb/\nimage: loaf.png\nrepository: https://github.com/a/b\n\
             facets: {risk: , aid: {summary: What helps.}, grain: }\n\
             relations: {offset-by: {from: aid, to: risk, label: Offset by, inverse: Offsets},\n\
             \x20 met-in: {from: risk, to: page, label: Met in, inverse: Meets},\n\
             \x20 goes-with: {from: aid, to: grain, label: Goes with, inverse: Goes with it},\n\
             \x20 used-in: {from: aid, to: page, label: Used in, inverse: Uses}}\n",
        ),
        (
            "claims.yaml",
            "- {id: hot, claim: Heat burns., source: doe, kind: statement, facets: [risk/heat], contested-by: [cold]}\n\
             - {id: cold, claim: It does not., source: doe, contested-by: [hot]}\n",
        ),
        ("sources.yaml", "- {key: doe, title: Ovens, author: J. Doe, year: 2020, url: \"https://doe.example/\"}\n"),
        ("glossary.yaml", "- {term: Crumb, also: [crumbs], definition: The soft part., source: doe, page: rye}\n"),
        (
            "bread/rye.md",
            "---\nsummary: Dense.\ntags: {risk: [heat], grain: [whole]}\nrelated: [wheat]\nextra: {mood: warm}\n\
             date: 2026-11-20\nupdated: 2026-11-21\nreviewed: 2026-11-21\n---\n# Rye\n\nIt burns [@hot].\n\n\
             ## Dough\n\n### Water\n\n[[wheat]]\n",
        ),
        (
            "bread/wheat.md",
            "---\ntags: {risk: [dust], aid: [water], grain: [whole]}\n---\n# Wheat\n\nIt does not [@cold].\n",
        ),
        ("bread/sweet/bun.md", "---\ntags: {aid: [water]}\n---\n# Bun\n\n[[rye]]\n"),
        (
            "decisions/bake.md",
            "---\ntitle: Bake or buy?\naudience: All\nstart: oven\ndebate: rye\n\
             questions: {oven: {ask: Have you an oven?, why: Bread needs heat., page: rye, claims: [hot],\n\
             \x20 answers: [{label: Yes, hint: Any will do., to: time, tags: [risk/smoke]}, {label: No, to: buy}],\n\
             \x20 unsure: {guidance: Look., to: time}},\n\
             \x20 time: {ask: Have you time?, page: wheat, answers: [{label: Yes, to: bake}, {label: No, to: buy}]}}\n\
             outcomes: {bake: {title: Bake, verdict: yes, advice: Begin with rye., page: rye, claims: [cold],\n\
             \x20 against: [hot], benefits: [{term: aid/water, text: Fresh}],\n\
             \x20 risks: [{term: risk/heat, text: Burns, mitigate: rye}], next: [rye]},\n\
             \x20 buy: {title: Buy, risks: [{term: risk/smoke, text: Smells}, {term: risk/dust, text: Itches}]}}\n---\n",
        ),
        (
            "tags/aid/water.md",
            "---\nalso: [ice]\n\
             relations: {offset-by: [{to: risk/heat, claims: [hot], basis: inferred, why: It cools.}, risk/dust, risk/smoke, risk/mess],\n\
             \x20 goes-with: [grain/whole], used-in: [{to: rye, why: It needs much of it.}]}\n---\n# Water\n",
        ),
        ("tags/grain/whole.md", "# Whole\n"),
        ("tags/risk/dust.md", "# Dust\n"),
        ("tags/risk/mess.md", "# Mess\n"),
        ("tags/risk/smoke.md", "# Smoke\n"),
        ("tags/risk/heat.md", "---\nsummary: It burns.\nrelations: {met-in: [rye]}\n---\n# Heat\n\n[@cold]\n"),
        (
            "tracks/first.md",
            "---\ntitle: First loaf\nsteps: [wheat, {page: rye, why: It is easy.}, risk/heat, bun]\n\
             decision: bake\n---\n",
        ),
    ];
    let mut files: Vec<(String, String)> =
        files.map(|(path, text)| (format!("content/{path}"), text.to_owned())).into();
    // More than a list describes.
    files.extend((0..=super::listing::DESCRIBED).flat_map(|at| {
        let text = format!("---\ntags: {{risk: [heat], aid: [water]}}\n---\n# Loaf {at}\n");
        [(format!("content/loaves/loaf-{at}.md"), text), (format!("content/slice-{at}.md"), format!("# Slice {at}\n"))]
    }));
    files
}

#[test]
fn templates_get_what_the_page_on_themes_lists() {
    let contract = Contract::read(PAGE);
    let all = |(_, besides): &(String, Fields)| {
        Shape::Keys(contract.every.clone().into_iter().chain(besides.clone()).collect())
    };
    let lists: BTreeMap<&str, Shape> = contract.kinds.iter().map(|(kind, list)| (kind.as_str(), all(list))).collect();
    let mut inspection = Inspection { contract: &contract, faults: BTreeSet::new(), met: BTreeSet::new() };
    let (files, shown) = (files(), shown());
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    sample::with_view(&files, |view| {
        for (id, _) in view.site.pages() {
            let (template, context) = seen_by(view, id, &shown);
            let kind = context["page"]["kind"].as_str().expect("a page has a kind");
            let Some((listed, _)) = contract.kinds.get(kind) else { panic!("the kind `{kind}` is not listed") };
            assert_eq!(listed, template, "the template of the kind `{kind}`");
            inspection.look(&lists[kind], &context, kind);
        }
    });
    let kinds: BTreeSet<&str> = PageKind::each().map(|kind| kind.facts().word).collect();
    assert!(contract.kinds.keys().eq(kinds), "the kinds listed are those that there are");
    for (kind, (_, besides)) in &contract.kinds {
        inspection.demand(inspection.met.contains(kind), kind, "no page of the sample is of this kind");
        inspection.demand_fields_met(besides, kind);
    }
    inspection.demand_fields_met(&contract.every, "article");
    for (name, shape) in &contract.named {
        let Shape::Keys(fields) = shape else { panic!("`{name}` is no mapping") };
        inspection.demand_fields_met(fields, name);
    }
    assert!(inspection.faults.is_empty(), "{:#?}", inspection.faults);
}
