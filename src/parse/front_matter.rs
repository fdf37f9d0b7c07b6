//! Front matter: the keys of a page, read with their places.
//!
//! Unknown keys are an error on a closed site and kept under `extra` on an open one. Names are not looked up here:
//! whether a term or a related page exists is for `model` and `check`.

use super::Role;
use super::decision::{self, Decision};
use super::track::{self, Steps};
use crate::config::{Config, Keys};
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::source::{At, Span};
use crate::yaml::{self, Fields, Kind, Node};

/// An article carries at most so many terms: the page of each term lists them all.
pub(crate) const MAX_TERMS: usize = 100;

/// All that front matter can say about a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct FrontMatter {
    pub(crate) title: Option<At<String>>,
    pub(crate) summary: Option<At<String>>,
    pub(crate) tags: Vec<TagUse>,
    /// Other words for what the page is about.
    pub(crate) also: Vec<At<String>>,
    pub(crate) related: Vec<PageUse>,
    /// The one page to go on to.
    pub(crate) next: Option<PageUse>,
    /// Of a section: the page to begin with.
    pub(crate) begin: Option<PageUse>,
    /// What the last change was, for readers.
    pub(crate) change: Option<At<String>>,
    /// The picture that is shown where the page is shared, as a path from its file.
    pub(crate) image: Option<At<String>>,
    /// Of the home page: what readers get here, in a line, and what they can do.
    pub(crate) promise: Option<At<String>>,
    pub(crate) lead: Option<At<String>>,
    pub(crate) relations: Vec<RelationUse>,
    pub(crate) aliases: Vec<At<String>>,
    pub(crate) order: Option<i64>,
    pub(crate) date: Option<At<String>>,
    pub(crate) updated: Option<At<String>>,
    pub(crate) reviewed: Option<At<String>>,
    pub(crate) draft: bool,
    pub(crate) search: Option<bool>,
    pub(crate) template: Option<At<String>>,
    pub(crate) decision: Option<Box<Decision>>,
    pub(crate) steps: Option<Box<Steps>>,
    /// `extra:`, and on an open site every key that nothing else reads.
    pub(crate) extra: Vec<(At<String>, Node)>,
}

/// A term that a page carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TagUse {
    /// The facet, with its place where it is written out.
    pub(crate) facet: At<String>,
    pub(crate) term: At<String>,
    /// The facet's position in the configuration.
    pub(crate) index: Option<usize>,
    /// The slug of the term that it names: of a closed facet as written, else made of the words.
    pub(crate) slug: String,
}

impl TagUse {
    fn of(facet: At<String>, term: At<String>, config: &Config) -> Self {
        let index = config.facet_index(&facet.value);
        let closed = config.facet(&facet.value).is_some_and(|facet| facet.closed);
        let slug = if closed { term.value.clone() } else { super::slug(&term.value) };
        Self { facet, term, index, slug }
    }
}

/// A page named by another, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageUse {
    pub(crate) page: At<String>,
    pub(crate) why: Option<String>,
}

/// A reason has at most so many words: it is read at a glance, beneath a link.
pub(crate) const MAX_REASON_WORDS: usize = 14;

/// A relation as it is written on its `from` side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RelationUse {
    pub(crate) kind: At<String>,
    pub(crate) to: At<String>,
    pub(crate) why: Option<String>,
    pub(crate) claims: Vec<At<String>>,
    pub(crate) basis: Option<Basis>,
}

/// How firmly a relation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Basis {
    /// A source says so.
    Stated,
    /// It follows from the claims named.
    Inferred,
    /// The editors say so.
    Editorial,
}

impl Basis {
    const WORDS: [(&'static str, Self); 3] =
        [("stated", Self::Stated), ("inferred", Self::Inferred), ("editorial", Self::Editorial)];

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Inferred => "inferred",
            Self::Editorial => "editorial",
        }
    }
}

pub(super) fn read(
    node: Option<&Node>,
    role: &Role,
    is_home: bool,
    config: &Config,
    findings: &mut Findings,
) -> FrontMatter {
    let Some(node) = node.filter(|node| node.kind != Kind::Null) else { return FrontMatter::default() };
    let Some(mut fields) = Fields::new(node, "front matter", findings) else { return FrontMatter::default() };
    let mut front = FrontMatter {
        title: fields.title("title"),
        summary: fields.text("summary"),
        aliases: fields.texts("aliases"),
        order: fields.integer("order"),
        date: fields.date("date"),
        updated: fields.date("updated"),
        reviewed: fields.date("reviewed"),
        draft: fields.boolean("draft").unwrap_or(false),
        search: fields.boolean("search"),
        template: fields.text("template"),
        also: fields.texts("also"),
        change: fields.title("change"),
        image: fields.text("image"),
        ..FrontMatter::default()
    };
    if let Some(title) = front.title.as_ref().filter(|title| title.value.is_empty()) {
        let finding = Diagnostic::new(&code::BLANK_TITLE, title.span, "a title without words");
        fields.findings.push(finding.help("write one, or take the line away: the first heading stands in"));
    }
    if let Some(node) = fields.get("related") {
        front.related = page_uses(node, "related", fields.findings);
    }
    if let Some(node) = fields.get("next") {
        front.next = page_use(node, "next", fields.findings);
    }
    if let Some(node) = fields.get("tags") {
        front.tags = tags(node, config, fields.findings);
        if let Some(next) = front.tags.get(MAX_TERMS) {
            let message = format!("more than {MAX_TERMS} terms, which is as many as an article carries");
            let finding = Diagnostic::new(&code::TOO_LARGE, next.term.span, message);
            fields.findings.push(finding.help("keep those by which somebody would look for it"));
        }
        front.tags.truncate(MAX_TERMS);
        front.tags.shrink_to_fit();
    }
    match role {
        Role::Term { .. } => {
            if let Some(node) = fields.get("relations") {
                front.relations = relations(node, fields.findings);
            }
        }
        Role::Decision => {
            // One that lost an entry to a mistake would only be judged for what it lacks.
            front.decision = Some(decision::read(&mut fields)).filter(|_| node.whole).map(Box::new);
        }
        Role::Track => front.steps = track::read(&mut fields).map(Box::new),
        Role::Index if is_home => {
            front.promise = fields.title("promise");
            front.lead = fields.text("lead");
        }
        Role::Index => {
            if let Some(node) = fields.get("begin") {
                front.begin = page_use(node, "begin", fields.findings);
            }
        }
        Role::Article => {}
    }
    if let Some(node) = fields.get("extra") {
        match &node.kind {
            Kind::Map(entries) => front.extra.clone_from(entries),
            _ => fields.findings.push(yaml::wrong_value("extra", "a mapping", node)),
        }
    }
    match config.keys {
        Keys::Closed => fields.close("front matter"),
        Keys::Open => front.extra.extend(fields.rest().cloned()),
    }
    front
}

/// `facet: [term, …]` or a plain list, whose terms belong to the site's only facet, or to `tag`.
fn tags(node: &Node, config: &Config, findings: &mut Findings) -> Vec<TagUse> {
    let Kind::Map(entries) = &node.kind else {
        let facet = match config.facets.as_slice() {
            [only] => only.slug.as_str(),
            facets if facets.iter().any(|facet| facet.slug == "tag") => "tag",
            facets => {
                let message = "a plain list of tags, where the site has several facets";
                let finding = Diagnostic::new(&code::UNKNOWN_FACET, node.span, message);
                let facet = facets.first().map_or("facet", |facet| facet.slug.as_str());
                findings.push(finding.help(format!("say which facet they belong to: `{facet}: [a, b]`")));
                return Vec::new();
            }
        };
        let use_of = |term: At<String>| TagUse::of(At::new(facet.to_owned(), term.span), term, config);
        return yaml::texts(node, "tags", findings).into_iter().map(use_of).collect();
    };
    let mut tags = Vec::new();
    for (facet, terms) in entries {
        for term in yaml::texts(terms, &facet.value, findings) {
            tags.push(TagUse::of(facet.clone(), term, config));
        }
    }
    tags
}

/// `[page, {page: …, why: …}, …]`; one alone counts as a list of one.
fn page_uses(node: &Node, key: &'static str, findings: &mut Findings) -> Vec<PageUse> {
    let items = match &node.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let items = yaml::first_entries(items, key, findings);
    items.iter().filter_map(|item| page_use(item, key, findings)).collect()
}

/// A page by its name, or `{page: …, why: …}`.
fn page_use(node: &Node, key: &'static str, findings: &mut Findings) -> Option<PageUse> {
    if node.as_text().is_some() {
        let page = yaml::texts(node, key, findings).pop()?;
        return Some(PageUse { page, why: None });
    }
    if !matches!(node.kind, Kind::Map(_)) {
        findings.push(yaml::wrong_value(key, "names of pages, or `page` and `why` of each", node));
        return None;
    }
    let mut fields = Fields::new(node, &format!("`{key}`"), findings)?;
    let page = fields.required_text("page", "a page that is named");
    let why = reason(&mut fields);
    fields.close("a page that is named");
    Some(PageUse { page: page?, why })
}

/// `why`: a sentence that is short enough to be read beneath a link.
fn reason(fields: &mut Fields<'_, '_>) -> Option<String> {
    let why = fields.text("why").filter(|why| !why.value.is_empty())?;
    let words = why.value.split_whitespace().count();
    if words > MAX_REASON_WORDS {
        let message = format!("a reason of {words} words, where {MAX_REASON_WORDS} are read at a glance");
        let help = "say it in one short sentence; what needs more belongs into the text";
        fields.findings.push(Diagnostic::new(&code::LONG_REASON, why.span, message).help(help));
    }
    Some(why.value)
}

/// `kind: [facet/term, {to: facet/term, why: …, claims: […], basis: …}, …]`
fn relations(node: &Node, findings: &mut Findings) -> Vec<RelationUse> {
    let Kind::Map(entries) = &node.kind else {
        findings.push(yaml::wrong_value("relations", "a mapping from relation to a list of targets", node));
        return Vec::new();
    };
    let mut relations = Vec::new();
    for (kind, targets) in entries {
        let targets = match &targets.kind {
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(targets),
        };
        relations.extend(targets.iter().filter_map(|target| relation(kind, target, findings)));
    }
    relations
}

fn relation(kind: &At<String>, target: &Node, findings: &mut Findings) -> Option<RelationUse> {
    if let Some(to) = target.as_text() {
        let to = At::new(to.to_owned(), target.span);
        return Some(RelationUse { kind: kind.clone(), to, why: None, claims: Vec::new(), basis: None });
    }
    let mut fields = Fields::new(target, &format!("`{}`", kind.value), findings)?;
    let to = fields.required_text("to", "a relation");
    let why = reason(&mut fields);
    let claims = fields.texts("claims");
    let basis = fields.choice("basis", &Basis::WORDS);
    fields.close("a relation");
    Some(RelationUse { kind: kind.clone(), to: to?, why, claims, basis })
}

/// Reports every text of `names` that stands in it before.
pub(crate) fn repeated<'a>(names: impl IntoIterator<Item = (&'a str, Span)>, what: &str, findings: &mut Findings) {
    let mut seen = std::collections::HashMap::new();
    for (name, span) in names {
        if let Some(first) = seen.insert(name, span) {
            let message = format!("`{name}` stands twice among the {what}");
            findings.push(Diagnostic::new(&code::REPEATED_TERM, span, message).also(first, "first here"));
        }
    }
}

/// Reports every id that an earlier entry has.
pub(crate) fn repeated_ids<'a>(ids: impl Iterator<Item = &'a At<String>>, what: &str, findings: &mut Findings) {
    let mut seen = std::collections::HashMap::new();
    for id in ids {
        if let Some(&first) = seen.get(&id.value) {
            let message = format!("a {what} named `{}` exists already", id.value);
            let finding = Diagnostic::new(&code::DUPLICATE_ID, id.span, message).also(first, "the first one");
            findings.push(finding.help("give one of them another id, or remove it"));
        } else {
            seen.insert(&id.value, id.span);
        }
    }
}
