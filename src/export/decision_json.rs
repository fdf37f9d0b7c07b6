//! A decision as data, `/decisions/<slug>.json`: what the walk's script and other programs read. Beside the decisions
//! lies the schema of such a file, the same for every site; a test holds the two together.
//!
//! Nodes are named by their ids, terms as `facet/term`. The edges are those of the chart, Mermaid and DOT: the answers of
//! each question in the order shown, then `unsure`.
#![expect(
    clippy::indexing_slicing,
    reason = "facets and the nodes of a decision are named by their positions, which the model gave"
)]

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Decision, NodeKind, PageId, SiteFile, TermId};
use crate::output::{Body, Output};
use crate::parse::Verdict;
use crate::render::decisions::{label, title};
use crate::view::View;

/// Grows when a program that reads the file has to change.
const VERSION: u32 = 1;

/// The schema, where the site has a decision.
pub(crate) fn schema(view: &View<'_>) -> Option<Output> {
    let published = view.site.decisions().iter().any(|decision| view.site.is_published(decision.page));
    let body = Body::Bytes(include_bytes!("decision.schema.json").to_vec());
    published.then(|| Output { path: SiteFile::DecisionSchema.path().to_owned(), body })
}

#[derive(Serialize)]
struct Graph<'a> {
    #[serde(rename = "$schema")]
    schema: String,
    version: u32,
    slug: &'a str,
    title: &'a str,
    url: String,
    start: Option<&'a str>,
    nodes: BTreeMap<&'a str, Node<'a>>,
    /// The terms that a walk can meet.
    terms: BTreeMap<String, Term<'a>>,
}

#[derive(Serialize)]
struct Node<'a> {
    kind: &'static str,
    title: &'a str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'static str>,
    /// Met by passing the node.
    terms: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answers: Vec<Answer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsure: Option<Unsure<'a>>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    label: &'a str,
    to: &'a str,
    /// Met by giving the answer.
    terms: Vec<String>,
    aliases: &'a [String],
}

#[derive(Serialize)]
struct Unsure<'a> {
    label: &'a str,
    to: &'a str,
}

#[derive(Serialize)]
struct Term<'a> {
    title: &'a str,
    /// What its facet is called.
    kind: &'a str,
    url: String,
    look: &'static str,
}

/// The graph of a decision.
pub(crate) fn json(view: &View<'_>, decision: &Decision) -> String {
    let mut met: Vec<TermId> = Vec::new();
    let mut names = |terms: &[TermId]| -> Vec<String> {
        met.extend(terms);
        terms.iter().map(|&term| view.site.term_name(term)).collect()
    };
    let terms_of = |page: Option<PageId>| page.map_or(&[][..], |page| view.site[page].terms.as_slice());
    let mut nodes = BTreeMap::new();
    for (at, node) in decision.nodes.iter().enumerate() {
        let mut unsure = None;
        let mut answers = Vec::new();
        for edge in decision.edges_from(at) {
            let to = decision.nodes[edge.to].id.as_str();
            match decision.answer(edge) {
                Some(answer) => answers.push(Answer {
                    id: &answer.id,
                    label: &answer.label,
                    to,
                    terms: names(&answer.tags),
                    aliases: &answer.aliases,
                }),
                None => unsure = Some(Unsure { label: label(view, decision, edge), to }),
            }
        }
        let (kind, verdict) = match &node.kind {
            NodeKind::Question(_) => ("question", None),
            NodeKind::Outcome(outcome) => ("outcome", outcome.verdict.map(Verdict::word)),
        };
        // An outcome is where a walk ends: its page is read, not passed.
        let passed = if kind == "question" { terms_of(node.explains) } else { &[] };
        let url = view.url(node.page);
        nodes.insert(
            node.id.as_str(),
            Node { kind, title: title(node), url, verdict, terms: names(passed), answers, unsure },
        );
    }
    let terms = met.into_iter().map(|term| {
        let (facet, page) = (&view.config().facets[view.site.facet_of(term)], view.site.page_of_term(term));
        let (title, kind, look) = (&view.site[page].title, &facet.name, facet.look.word());
        (view.site.term_name(term), Term { title, kind, url: view.url(page), look })
    });
    let graph = Graph {
        schema: view.config().base.absolute(&format!("/{}", SiteFile::DecisionSchema.path())),
        version: VERSION,
        slug: view.site.decision_slug(decision.page),
        title: &view.site[decision.page].title,
        url: view.url(decision.page),
        start: decision.start.map(|start| decision.nodes[start].id.as_str()),
        terms: terms.collect(),
        nodes,
    };
    let mut json = serde_json::to_string_pretty(&graph).expect("keys are texts");
    json.push('\n');
    json
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::schema::complaints;
    use super::*;
    use crate::view::sample;

    const FILES: [(&str, &str); 4] = [
        ("content/bread/rye.md", "---\ntags: {risk: [heat]}\n---\n# Rye\n"),
        (
            "content/decisions/bake.md",
            "---\ntitle: Bake or buy?\nstart: oven\n\
             questions: {oven: {ask: Have you an oven?, page: rye, unsure: {to: buy},\n\
             \x20 answers: [{label: Yes, to: bake, tags: [risk/heat], aliases: [aye]}, {label: No, to: buy}]}}\n\
             outcomes: {bake: {title: Bake, verdict: yes}, buy: {title: Buy}}\n---\n",
        ),
        ("content/site.yaml", "title: Baking\nbase-url: https://example.org/kb/\nfacets: {risk: }\n"),
        ("content/tags/risk/heat.md", "# Heat\n"),
    ];

    fn bake() -> Value {
        let text = sample::with_view(&FILES, |view| json(view, &view.site.decisions()[0]));
        serde_json::from_str(&text).expect("it is JSON")
    }

    fn rules() -> Value {
        serde_json::from_str(include_str!("decision.schema.json")).expect("the schema is JSON")
    }

    #[test]
    fn what_is_written_is_what_the_schema_allows() {
        assert_eq!(complaints(&rules(), &bake()), Vec::<String>::new());
        assert_eq!(bake()["$schema"], "https://example.org/kb/decision.schema.json");
        assert_eq!(bake()["version"], rules()["properties"]["version"]["const"]);
    }

    #[test]
    fn the_schema_refuses_what_is_no_decision() {
        let mut decision = bake();
        decision["version"] = 2.into();
        decision["nodes"]["oven"]["kind"] = "poster".into();
        decision["nodes"]["oven"]["answers"][0]["to"] = 7.into();
        decision["nodes"]["buy"]["colour"] = "red".into();
        decision["terms"]["risk/heat"]["url"].take();
        assert_eq!(complaints(&rules(), &decision).len(), 5);
    }

    #[test]
    fn without_a_decision_there_is_no_schema() {
        assert!(sample::with_view(&FILES, |view| schema(view).is_some()));
        assert!(sample::with_view(&FILES[2..], |view| schema(view).is_none()));
    }
}
