//! Decisions: the page of one with its chart, outline and table, and the walk, a page for each question and outcome.
//!
//! The walk works by plain links: an answer leads to the page of the next node. What a reader has answered on the way
//! is kept by a script alone, from the same graph as JSON (`export/decision_json.rs`).
#![expect(
    clippy::indexing_slicing,
    reason = "nodes and kinds of relation are named by positions of the model, and a summary has an entry for each node"
)]

use std::collections::BTreeSet;

use tera::{Context, Value};

use super::conditions::{Condition, with_conditions};
use super::references;
use crate::flowchart;
use crate::model::{
    Choice, ClaimId, Decision, DecisionNode, Edge, Effect, NodeIndex, NodeKind, PageId, RelationTarget, TermId,
};
use crate::parse::Verdict;
use crate::strings::{StringKey, key};
use crate::view::View;
use crate::view::object;

/// The most paths that the table shows one by one.
const ROWS: usize = 500;

/// All decisions, as they are listed.
pub(crate) fn listed(view: &View<'_>) -> Vec<Value> {
    view.site.decisions().iter().map(|decision| summary(view, decision)).collect()
}

pub(crate) fn list(view: &View<'_>, context: &mut Context) {
    context.insert_value("decisions", Value::from(listed(view)));
}

/// What every page of a decision shows of it.
fn summary(view: &View<'_>, decision: &Decision) -> Value {
    let outcomes = outcomes(decision).count();
    object! {
        "title" => view.site[decision.page].title.as_str(),
        "url" => view.url(decision.page),
        "summary" => view.site[decision.page].summary.as_deref(),
        "audience" => decision.audience.as_deref(),
        "start" => begin(decision).map(|start| node_link(view, decision, start)),
        "questions" => decision.nodes.len() - outcomes,
        "outcomes" => outcomes,
        "ways" => decision.summary.all_distinct_paths,
        "longest" => decision.summary.longest.len(),
        "debate" => decision.debate.map(|page| view.link(page)),
    }
}

/// Where the walk begins; where `start` names nothing, which `check` reports, the first question.
fn begin(decision: &Decision) -> Option<NodeIndex> {
    decision.start.or((!decision.nodes.is_empty()).then_some(0))
}

fn outcomes(decision: &Decision) -> impl Iterator<Item = NodeIndex> {
    (0..decision.nodes.len()).filter(|&node| decision.outcome(node).is_some())
}

/// What a node is called: the question as it is asked, or the outcome's title.
pub(crate) fn title(node: &DecisionNode) -> &str {
    match &node.kind {
        NodeKind::Question(question) => &question.ask,
        NodeKind::Outcome(outcome) => &outcome.title,
    }
}

/// What an answer says on a step.
pub(crate) fn label<'a>(view: &View<'a>, decision: &'a Decision, edge: Edge) -> &'a str {
    decision.answer(edge).map_or_else(|| view.say(key!("not-sure")), |answer| &answer.label)
}

fn node_link(view: &View<'_>, decision: &Decision, at: NodeIndex) -> Value {
    let node = &decision.nodes[at];
    let outcome = decision.outcome(at);
    object! {
        "id" => node.id.as_str(),
        "kind" => if outcome.is_some() { "outcome" } else { "question" },
        "title" => title(node),
        "url" => view.url(node.page),
        "verdict" => outcome.and_then(|outcome| outcome.verdict).map(Verdict::word),
    }
}

// The page of a decision.

pub(crate) fn decision(view: &View<'_>, decision: &Decision, context: &mut Context) {
    context.insert_value("decision", summary(view, decision));
    let graph = graph(view, decision, |page| view.url(page));
    let title = &view.site[decision.page].title;
    let chart = flowchart::svg(&graph, &flowchart::layout(&graph), title);
    context.insert_value("chart", Value::safe_string(&chart));
    context.insert_value("outline", Value::from(outline(view, decision)));
    context.insert_value("table", table(view, decision));
    let ends = outcomes(decision).map(|node| {
        object! {
            "node" => node_link(view, decision, node),
            "ways" => decision.summary.distinct_paths[node],
            "shortest" => steps(view, decision, &decision.summary.shortest(node)),
        }
    });
    context.insert_value("ends", Value::from(ends.collect::<Vec<_>>()));
    context.insert_value("downloads", Value::from(downloads(view, decision)));
}

/// The decision as it is drawn, its boxes leading to where `url` says.
pub(crate) fn graph(view: &View<'_>, decision: &Decision, url: impl Fn(PageId) -> String) -> flowchart::Graph {
    let kind = |at: NodeIndex| match decision.outcome(at) {
        None => flowchart::Kind::Question,
        Some(outcome) => flowchart::Kind::Outcome(match outcome.verdict {
            Some(Verdict::Yes) => flowchart::Verdict::Yes,
            Some(Verdict::No) => flowchart::Verdict::No,
            Some(Verdict::Later) => flowchart::Verdict::Later,
            Some(Verdict::Partly) | None => flowchart::Verdict::Partly,
        }),
    };
    let nodes = decision.nodes.iter().enumerate().map(|(at, node)| flowchart::Node {
        id: node.id.clone(),
        kind: kind(at),
        title: title(node).to_owned(),
        name: name(view, decision, at),
        url: url(node.page),
    });
    let edges = decision.edges().map(|edge| flowchart::Edge {
        id: decision.edge_id(edge),
        from: edge.from,
        to: edge.to,
        label: label(view, decision, edge).to_owned(),
        unsure: edge.choice == Choice::Unsure,
    });
    let words = flowchart::Words {
        yes: verdict_word(view, Verdict::Yes).to_owned(),
        no: verdict_word(view, Verdict::No).to_owned(),
        partly: verdict_word(view, Verdict::Partly).to_owned(),
        later: verdict_word(view, Verdict::Later).to_owned(),
        start: view.say(key!("outline-start")).to_owned(),
        question: view.say(key!("outline-question")).to_owned(),
    };
    let (nodes, edges) = (nodes.collect(), edges.collect());
    flowchart::Graph { nodes, edges, start: decision.start.unwrap_or(0), words }
}

/// What readers call a verdict.
pub(crate) fn verdict_word<'a>(view: &View<'a>, verdict: Verdict) -> &'a str {
    view.say(match verdict {
        Verdict::Yes => key!("verdict-yes"),
        Verdict::No => key!("verdict-no"),
        Verdict::Partly => key!("verdict-partly"),
        Verdict::Later => key!("verdict-later"),
    })
}

/// What a box of the chart is called where it is read aloud. It begins with the words that are seen, for those who speak
/// what they see (WCAG 2.5.3).
fn name(view: &View<'_>, decision: &Decision, at: NodeIndex) -> String {
    let title = title(&decision.nodes[at]);
    let Some(outcome) = decision.outcome(at) else {
        return view.strings().fill(key!("chart-question"), &[("title", &title)]);
    };
    let verdict = verdict_word(view, outcome.verdict.unwrap_or(Verdict::Partly));
    view.strings().fill(key!("chart-outcome"), &[("verdict", &verdict), ("title", &title)])
}

fn downloads(view: &View<'_>, decision: &Decision) -> Vec<Value> {
    let base = view.url(decision.page);
    let file = |name: &str, extension: &str, what: StringKey| {
        let url = format!("{}.{extension}", base.trim_end_matches('/'));
        object! { "name" => name, "url" => url, "what" => view.say(what) }
    };
    vec![
        file("SVG", "svg", key!("file-svg")),
        file("CSV", "csv", key!("file-csv")),
        file("JSON", "json", key!("file-json")),
        file("Mermaid", "mmd", key!("file-mermaid")),
        file("DOT", "dot", key!("file-dot")),
    ]
}

/// Every node and every answer as nested lists, line by line, since templates nest only so deep: each line, and the ends
/// of the lists that it is the last of. A node that several answers lead to is shown in full once.
fn outline(view: &View<'_>, decision: &Decision) -> Vec<Value> {
    let mut lines = Vec::new();
    if let Some(start) = decision.start {
        outline_from(view, decision, start, None, &mut BTreeSet::new(), &mut lines);
    }
    let line = |(line, ends): (Value, usize)| {
        object! { "line" => line, "ends" => Value::safe_string(&"</ul></li>".repeat(ends)) }
    };
    lines.into_iter().map(line).collect()
}

fn outline_from(
    view: &View<'_>,
    decision: &Decision,
    at: NodeIndex,
    by: Option<Edge>,
    shown: &mut BTreeSet<NodeIndex>,
    lines: &mut Vec<(Value, usize)>,
) {
    let again = !shown.insert(at);
    let answer = by.and_then(|edge| decision.answer(edge));
    let next: Vec<Edge> = if again { Vec::new() } else { decision.edges_from(at).collect() };
    let line = object! {
        "label" => by.map(|edge| label(view, decision, edge)),
        "hint" => answer.and_then(|answer| answer.hint.as_deref()),
        "unsure" => by.is_some_and(|edge| edge.choice == Choice::Unsure),
        "node" => node_link(view, decision, at),
        "anchor" => format!("node:{}", decision.nodes[at].id),
        "why" => decision.question(at).and_then(|question| question.why.as_deref()),
        "advice" => decision.outcome(at).and_then(|outcome| outcome.advice.as_deref()),
        "again" => again,
        "opens" => !next.is_empty(),
    };
    lines.push((line, 0));
    for &edge in &next {
        outline_from(view, decision, edge.to, Some(edge), shown, lines);
    }
    if let (false, Some((_, ends))) = (next.is_empty(), lines.last_mut()) {
        *ends += 1;
    }
}

fn table(view: &View<'_>, decision: &Decision) -> Value {
    let columns: Vec<NodeIndex> = (0..decision.nodes.len()).filter(|&node| decision.question(node).is_some()).collect();
    let (paths, complete) = paths(decision);
    let rows = paths.iter().filter_map(|path| {
        let end = path.last()?.to;
        let cells = columns
            .iter()
            .map(|&question| path.iter().find(|edge| edge.from == question))
            .map(|edge| edge.map_or("", |&edge| label(view, decision, edge)));
        let cells: Vec<Value> = cells.map(Value::from).collect();
        Some(object! { "cells" => cells, "outcome" => node_link(view, decision, end) })
    });
    object! {
        "rows" => rows.collect::<Vec<_>>(),
        "columns" => columns.iter().map(|&node| title(&decision.nodes[node])).collect::<Vec<_>>(),
        "complete" => complete,
        "unsure" => decision.edges().any(|edge| !decision.is_distinct(edge)),
        "total" => if complete { Value::from(paths.len()) } else { Value::from(decision.summary.all_distinct_paths) },
    }
}

/// Every way, or a shortest one to each outcome where there are too many; and whether it is every one. A "not sure" that
/// leads where an answer leads too would say nothing new.
pub(crate) fn paths(decision: &Decision) -> (Vec<Vec<Edge>>, bool) {
    let mut paths = Vec::new();
    if let Some(start) = decision.start.filter(|_| decision.summary.cycle.is_empty()) {
        follow(decision, start, &mut Vec::new(), &mut paths);
    }
    let complete = paths.len() <= ROWS;
    if !complete || paths.is_empty() {
        let shortest = outcomes(decision).map(|node| decision.summary.shortest(node));
        paths = shortest.filter(|path| !path.is_empty()).collect();
    }
    (paths, complete)
}

/// Gathers the paths from a node on, and stops when there are more than a table shows.
fn follow(decision: &Decision, at: NodeIndex, path: &mut Vec<Edge>, paths: &mut Vec<Vec<Edge>>) {
    if decision.outcome(at).is_some() {
        paths.push(path.clone());
    }
    for edge in decision.edges_from(at).filter(|&edge| decision.is_distinct(edge)) {
        if paths.len() > ROWS {
            return;
        }
        path.push(edge);
        follow(decision, edge.to, path, paths);
        path.pop();
    }
}

/// A path as the questions asked and the answers given.
fn steps(view: &View<'_>, decision: &Decision, path: &[Edge]) -> Vec<Value> {
    let step = |&edge: &Edge| {
        let node = &decision.nodes[edge.from];
        object! { "ask" => title(node), "label" => label(view, decision, edge), "url" => view.url(node.page) }
    };
    path.iter().map(step).collect()
}

// The walk.

pub(super) fn question(view: &View<'_>, decision: &Decision, at: NodeIndex, context: &mut Context) {
    context.insert_value("decision", summary(view, decision));
    let node = &decision.nodes[at];
    let question = decision.question(at);
    let answers = decision.edges_from(at).filter_map(|edge| {
        let answer = decision.answer(edge)?;
        Some(object! {
            "id" => answer.id.as_str(),
            "label" => answer.label.as_str(),
            "hint" => answer.hint.as_deref(),
            "url" => view.url(decision.nodes[edge.to].page),
            "to" => node_link(view, decision, edge.to),
        })
    });
    let unsure = question.and_then(|question| question.unsure.as_ref()).map(|unsure| {
        object! {
            "guidance" => unsure.guidance.as_deref(),
            "url" => view.url(decision.nodes[unsure.to].page),
            "to" => node_link(view, decision, unsure.to),
        }
    });
    let value = object! {
        "id" => node.id.as_str(),
        "ask" => title(node),
        "why" => question.and_then(|question| question.why.as_deref()),
        "explains" => node.explains.map(|page| view.link(page)),
        "claims" => claims(view, &node.claims),
        "answers" => answers.collect::<Vec<_>>(),
        "unsure" => unsure,
        "left" => decision.summary.left.get(at).map_or(0, |left| left.saturating_sub(1)),
        "arrive" => arrivals(view, decision, at),
    };
    context.insert_value("question", value);
}

/// The first question of a decision, to be answered wherever it is shown; none where the decision begins with no question.
pub(super) fn first_question(view: &View<'_>, decision: &Decision) -> Option<Value> {
    let at = begin(decision)?;
    let question = decision.question(at)?;
    // As the walk keeps the answers in its addresses.
    let url = |to: NodeIndex, answer: &str| {
        let given = [decision.nodes[at].id.as_str(), answer].map(super::escape::fragment).join("=");
        format!("{}#{given}", view.url(decision.nodes[to].page))
    };
    let answers = decision.edges_from(at).filter_map(|edge| {
        let answer = decision.answer(edge)?;
        let (label, hint) = (answer.label.as_str(), answer.hint.as_deref());
        Some(object! { "label" => label, "hint" => hint, "url" => url(edge.to, &answer.id) })
    });
    let unsure = question.unsure.as_ref().map(|unsure| {
        let (label, hint) = (view.say(key!("not-sure")), unsure.guidance.as_deref());
        object! { "label" => label, "hint" => hint, "url" => url(unsure.to, "~") }
    });
    let answers: Vec<Value> = answers.chain(unsure).collect();
    Some(object! { "ask" => question.ask.as_str(), "answers" => answers })
}

/// Which answers of which questions lead to a node.
fn arrivals(view: &View<'_>, decision: &Decision, at: NodeIndex) -> Vec<Value> {
    steps(view, decision, &decision.edges().filter(|edge| edge.to == at).collect::<Vec<_>>())
}

pub(super) fn outcome(view: &View<'_>, decision: &Decision, at: NodeIndex, context: &mut Context) {
    context.insert_value("decision", summary(view, decision));
    let node = &decision.nodes[at];
    let Some(outcome) = decision.outcome(at) else { return };
    let effects = |effects: &[Effect]| {
        let effects = with_conditions(view, decision, at, effects).into_iter();
        effects.map(|(effect, when)| effect_value(view, decision, effect, &when)).collect::<Vec<_>>()
    };
    let value = object! {
        "id" => node.id.as_str(),
        "title" => outcome.title.as_str(),
        "verdict" => outcome.verdict.map(Verdict::word),
        "advice" => outcome.advice.as_deref(),
        "explains" => node.explains.map(|page| view.link(page)),
        "claims" => claims(view, &node.claims),
        "against" => claims(view, &outcome.against),
        "benefits" => effects(&outcome.benefits),
        "risks" => effects(&outcome.risks),
        "next" => outcome.next.iter().map(|&page| view.link(page)).collect::<Vec<_>>(),
        "ways" => decision.summary.distinct_paths[at],
        "shortest" => steps(view, decision, &decision.summary.shortest(at)),
        "arrive" => arrivals(view, decision, at),
    };
    context.insert_value("outcome", value);
}

/// A benefit with what offsets it, or a risk with what mitigates it: as the outcome says, else as the relations do.
fn effect_value(view: &View<'_>, decision: &Decision, effect: &Effect, when: &[Condition]) -> Value {
    let term = effect.term.as_ref().map(|term| term.value);
    let chip = |term: TermId| view.chip(term);
    let offset: Vec<Value> = view
        .site
        .relations()
        .iter()
        .filter(|relation| Some(relation.from) == term && view.config().relations[relation.kind].slug == "offset-by")
        .filter_map(|relation| match relation.to {
            RelationTarget::Term(term) => Some(chip(term)),
            RelationTarget::Page(_) => None,
        })
        .collect();
    let page_relation = view.site.relations().iter().find_map(|relation| match relation.to {
        RelationTarget::Page(page) if Some(relation.from) == term => Some(page),
        _ => None,
    });
    let mitigate = effect.mitigate.or(page_relation);
    let when = when.iter().map(|condition| match condition {
        Condition::Asked(node) => node_link(view, decision, *node),
        Condition::Answered(edge) => steps(view, decision, &[*edge]).remove(0),
    });
    object! {
        "term" => term.map(chip),
        "when" => when.collect::<Vec<_>>(),
        "text" => effect.text.as_str(),
        "offset" => offset,
        "mitigate" => mitigate.map(|page| view.link(page)),
    }
}

fn claims(view: &View<'_>, claims: &[ClaimId]) -> Vec<Value> {
    claims.iter().map(|&id| references::claim_value(view, id)).collect()
}

// Links from other pages into the walk.

/// The pages of the decisions of which an article explains a question or an outcome.
pub(crate) fn explained_by(view: &View<'_>, page: PageId) -> impl Iterator<Item = PageId> {
    let explains = move |decision: &&Decision| decision.nodes.iter().any(|node| node.explains == Some(page));
    view.site.decisions().iter().filter(explains).map(|decision| decision.page)
}

/// The decisions in which a term counts: for how many outcomes it speaks, and against how many.
pub(crate) fn weighing(view: &View<'_>, term: TermId) -> Vec<Value> {
    let weighs =
        |effects: &[Effect]| effects.iter().any(|effect| effect.term.as_ref().is_some_and(|at| at.value == term));
    let decision = |decision: &Decision| {
        let outcomes = || outcomes(decision).filter_map(|node| decision.outcome(node));
        let gains = outcomes().filter(|outcome| weighs(&outcome.benefits)).count();
        let risks = outcomes().filter(|outcome| weighs(&outcome.risks)).count();
        let weighed = || object! { "decision" => view.link(decision.page), "gains" => gains, "risks" => risks };
        (gains + risks > 0).then(weighed)
    };
    view.site.decisions().iter().filter_map(decision).collect()
}
