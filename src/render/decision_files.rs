//! The files of a decision beside its page: the table as CSV, the graph as JSON, the chart as SVG, Mermaid and DOT.

use std::collections::BTreeMap;

use serde::Serialize;

use super::decisions::{graph, label, paths, title};
use super::view::View;
use crate::flowchart;
use crate::model::{Decision, NodeIndex, NodeKind, PageId, TermId};
use crate::output::{Body, Output};
use crate::parse::Verdict;

/// All of them.
pub(super) fn outputs(view: &View<'_>, decision: &Decision) -> Vec<Output> {
    let page = view.site[decision.page].address.file();
    let stem = page.strip_suffix("/index.html").unwrap_or(&page).to_owned();
    let file = |extension: &str, text: String| Output {
        path: format!("{stem}.{extension}"),
        body: Body::Bytes(text.into_bytes()),
    };
    let mut files = vec![file("csv", csv(decision)), file("json", json(view, decision))];
    let graph = graph(decision, |page| view.absolute(page));
    let title = &view.site[decision.page].title;
    files.push(file("svg", flowchart::standalone(&graph, &flowchart::layout(&graph), title)));
    files.push(file("mmd", flowchart::mermaid(&graph)));
    files.push(file("dot", flowchart::dot(&graph)));
    files
}

/// A row for each path, a column for each question (RFC 4180, with its line ends).
fn csv(decision: &Decision) -> String {
    let questions: Vec<NodeIndex> =
        (0..decision.nodes.len()).filter(|&node| decision.question(node).is_some()).collect();
    let mut head: Vec<&str> = questions.iter().map(|&node| title(&decision.nodes[node])).collect();
    head.extend(["Outcome", "Verdict"]);
    let mut csv = row(&head);
    for path in paths(decision).0 {
        let given = questions
            .iter()
            .map(|&question| path.iter().find(|edge| edge.from == question).map_or("", |&edge| label(decision, edge)));
        let mut cells: Vec<&str> = given.collect();
        if let Some(end) = path.last() {
            let verdict = decision.outcome(end.to).and_then(|outcome| outcome.verdict);
            cells.extend([title(&decision.nodes[end.to]), verdict.map_or("", Verdict::word)]);
        }
        csv.push_str(&row(&cells));
    }
    csv
}

fn row(cells: &[&str]) -> String {
    let cell = |text: &&str| {
        // A spreadsheet runs what begins with these signs; an apostrophe keeps it text.
        let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{guard}{}\"", text.replace('"', "\"\""))
        } else {
            format!("{guard}{text}")
        }
    };
    cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n"
}

#[derive(Serialize)]
struct Graph<'a> {
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
    to: &'a str,
}

#[derive(Serialize)]
struct Term<'a> {
    title: &'a str,
    url: String,
    look: &'static str,
}

fn json(view: &View<'_>, decision: &Decision) -> String {
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
                None => unsure = Some(Unsure { to }),
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
        let look = view.config().facets[view.site[term].facet].look.word();
        let page = view.site[term].page;
        (view.site.term_name(term), Term { title: &view.site[page].title, url: view.url(page), look })
    });
    let graph = Graph {
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
