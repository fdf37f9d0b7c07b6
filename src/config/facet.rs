//! The facet schema: which kinds of tag a site has, and which typed relations hold between them.

use crate::diagnostic::{Diagnostic, Findings, code};
use crate::source::At;
use crate::yaml::{self, Fields, Kind, Node};

/// One kind of tag.
#[derive(Debug, Clone)]
pub(crate) struct Facet {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) plural: String,
    pub(crate) summary: String,
    /// Whether only terms with a page in `tags/<facet>/` may be used.
    pub(crate) closed: bool,
    pub(crate) look: Look,
}

/// The shipped looks of a facet: colour, icon and silhouette together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Benefit,
    Risk,
    Context,
    Career,
    Tag,
}

impl Look {
    const WORDS: [(&'static str, Self); 5] = [
        ("benefit", Self::Benefit),
        ("risk", Self::Risk),
        ("context", Self::Context),
        ("career", Self::Career),
        ("tag", Self::Tag),
    ];

    /// The word that templates and style sheets know it by.
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, look)| *look == self).map_or("tag", |(word, _)| word)
    }

    /// A facet named like a shipped look gets it; any other is neutral.
    fn of_facet(slug: &str) -> Self {
        let slug = if slug == "career-path" { "career" } else { slug };
        Self::WORDS.iter().find(|(word, _)| *word == slug).map_or(Self::Tag, |(_, look)| *look)
    }
}

impl Facet {
    /// The one facet of a site without a configuration.
    pub(super) fn tag() -> Self {
        Self {
            slug: "tag".to_owned(),
            name: "Tag".to_owned(),
            plural: "Tags".to_owned(),
            summary: String::new(),
            closed: false,
            look: Look::Tag,
        }
    }
}

/// A kind of typed link, from a term to a term or a page.
#[derive(Debug, Clone)]
pub(crate) struct RelationKind {
    pub(crate) slug: String,
    pub(crate) from: String,
    pub(crate) to: RelationEnd,
    pub(crate) label: String,
    pub(crate) inverse: String,
}

/// What a relation leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RelationEnd {
    /// A term of this facet.
    Facet(String),
    /// Any page.
    Page,
}

pub(super) fn facets(node: &Node, reserved: &[&str], findings: &mut Findings) -> Vec<Facet> {
    let Kind::Map(entries) = &node.kind else {
        findings.push(yaml::wrong_value("facets", "a mapping from facet to its settings", node));
        return Vec::new();
    };
    entries.iter().filter_map(|(slug, node)| facet(slug, node, reserved, findings)).collect()
}

/// A facet, which lives at `/<facet>/`, beside the reserved folders.
fn facet(slug: &At<String>, node: &Node, reserved: &[&str], findings: &mut Findings) -> Option<Facet> {
    if !is_slug(&slug.value) || reserved.contains(&slug.value.as_str()) {
        let message = format!("`{}` cannot name a facet", slug.value);
        let help = format!("use small letters, digits and hyphens, and none of {}", yaml::list(reserved));
        findings.push(Diagnostic::new(&code::WRONG_VALUE, slug.span, message).help(help));
        return None;
    }
    let title = title_case(&slug.value);
    let mut facet = Facet {
        slug: slug.value.clone(),
        plural: format!("{title}s"),
        name: title,
        summary: String::new(),
        closed: true,
        look: Look::of_facet(&slug.value),
    };
    if node.kind == Kind::Null {
        return Some(facet);
    }
    let mut fields = Fields::new(node, &format!("`{}`", slug.value), findings)?;
    if let Some(name) = fields.text("name") {
        facet.plural = format!("{}s", name.value);
        facet.name = name.value;
    }
    if let Some(plural) = fields.text("plural") {
        facet.plural = plural.value;
    }
    if let Some(summary) = fields.text("summary") {
        facet.summary = summary.value;
    }
    if let Some(closed) = fields.choice("terms", &[("closed", true), ("open", false)]) {
        facet.closed = closed;
    }
    if let Some(look) = fields.choice("look", &Look::WORDS) {
        facet.look = look;
    }
    fields.close("a facet");
    Some(facet)
}

pub(super) fn relations(node: &Node, facets: &[Facet], findings: &mut Findings) -> Vec<RelationKind> {
    let Kind::Map(entries) = &node.kind else {
        findings.push(yaml::wrong_value("relations", "a mapping from relation to its settings", node));
        return Vec::new();
    };
    entries.iter().filter_map(|(slug, node)| relation(slug, node, facets, findings)).collect()
}

fn relation(slug: &At<String>, node: &Node, facets: &[Facet], findings: &mut Findings) -> Option<RelationKind> {
    let mut fields = Fields::new(node, &format!("`{}`", slug.value), findings)?;
    let from = fields.required_text("from", "a relation");
    let to = fields.required_text("to", "a relation");
    let label = fields.text("label").map_or_else(|| title_case(&slug.value), |label| label.value);
    let inverse = fields.text("inverse").map_or_else(|| format!("{label} (the other way)"), |inverse| inverse.value);
    let mut known = |name: Option<At<String>>, page: bool| {
        let name = name?;
        if (page && name.value == "page") || facets.iter().any(|facet| facet.slug == name.value) {
            return Some(name.value);
        }
        let message = format!("no facet named `{}`", name.value);
        let names = facets.iter().map(|facet| facet.slug.as_str()).chain(page.then_some("page"));
        let finding = Diagnostic::new(&code::UNKNOWN_FACET, name.span, message);
        fields.findings.push(finding.suggest(&name.value, name.span, names, "declare it under `facets`"));
        None
    };
    let (from, to) = (known(from, false), known(to, true));
    fields.close("a relation");
    let to = to?;
    let to = if to == "page" { RelationEnd::Page } else { RelationEnd::Facet(to) };
    Some(RelationKind { slug: slug.value.clone(), from: from?, to, label, inverse })
}

/// Small letters of any script, digits and hyphens.
fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| (c.is_alphanumeric() && !c.is_uppercase()) || c == '-' || c == '_')
}

/// `career-path` as `Career path`.
pub(crate) fn title_case(slug: &str) -> String {
    let words = slug.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
