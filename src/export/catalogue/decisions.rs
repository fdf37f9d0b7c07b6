//! Decisions as data: their questions and outcomes, and the edges between them.
#![expect(
    clippy::indexing_slicing,
    reason = "a node's number is its position in `Decision::nodes`, and the lists of a summary have an entry for each"
)]

use serde::Serialize;

use super::{claim_ids, term_names};
use crate::model::{Decision, DecisionNode as Node, Edge, Effect, NodeKind};
use crate::view::View;

#[derive(Serialize)]
pub(super) struct DecisionData<'a> {
    address: String,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    debate: Option<String>,
    questions: Vec<QuestionData<'a>>,
    outcomes: Vec<OutcomeData<'a>>,
    edges: Vec<EdgeData<'a>>,
    paths: u128,
    longest: Vec<String>,
}

#[derive(Serialize)]
struct QuestionData<'a> {
    id: &'a str,
    address: String,
    ask: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    claims: Vec<&'a str>,
}

#[derive(Serialize)]
struct OutcomeData<'a> {
    id: &'a str,
    address: String,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    claims: Vec<&'a str>,
    against: Vec<&'a str>,
    benefits: Vec<EffectData<'a>>,
    risks: Vec<EffectData<'a>>,
    next: Vec<String>,
    paths: u128,
    shortest: Vec<String>,
}

#[derive(Serialize)]
struct EffectData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    term: Option<String>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mitigate: Option<String>,
}

#[derive(Serialize)]
struct EdgeData<'a> {
    id: String,
    from: &'a str,
    to: &'a str,
    /// None where the reader is unsure.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance: Option<&'a str>,
    terms: Vec<String>,
}

pub(super) fn decision<'a>(view: &'a View<'_>, decision: &'a Decision) -> DecisionData<'a> {
    let page = |page| view.absolute(page);
    let (mut questions, mut outcomes) = (Vec::new(), Vec::new());
    let steps = |path: Vec<Edge>| path.into_iter().map(|edge| decision.edge_id(edge)).collect();
    for (at, Node { id, page: own, explains, claims, kind, .. }) in decision.nodes.iter().enumerate() {
        let (address, explains) = (page(*own), explains.map(page));
        let claims = claim_ids(view, claims.iter().copied());
        match kind {
            NodeKind::Question(question) => {
                let (ask, why) = (question.ask.as_str(), question.why.as_deref());
                questions.push(QuestionData { id, address, ask, why, page: explains, claims });
            }
            NodeKind::Outcome(outcome) => outcomes.push(OutcomeData {
                id,
                address,
                title: &outcome.title,
                verdict: outcome.verdict.map(crate::parse::Verdict::word),
                advice: outcome.advice.as_deref(),
                page: explains,
                claims,
                against: claim_ids(view, outcome.against.iter().copied()),
                benefits: outcome.benefits.iter().map(|one| effect(view, one)).collect(),
                risks: outcome.risks.iter().map(|one| effect(view, one)).collect(),
                next: outcome.next.iter().copied().map(page).collect(),
                paths: decision.summary.paths[at],
                shortest: steps(decision.summary.shortest(at)),
            }),
        }
    }
    DecisionData {
        address: page(decision.page),
        title: &view.site[decision.page].title,
        audience: decision.audience.as_deref(),
        start: decision.start.map(|at| decision.nodes[at].id.as_str()),
        debate: decision.debate.map(page),
        questions,
        outcomes,
        edges: decision.edges().map(|one| edge(view, decision, one)).collect(),
        paths: decision.summary.all_paths,
        longest: steps(decision.summary.longest.clone()),
    }
}

fn effect<'a>(view: &'a View<'_>, effect: &'a Effect) -> EffectData<'a> {
    EffectData {
        term: effect.term.as_ref().map(|term| view.site.term_name(term.value)),
        text: &effect.text,
        mitigate: effect.mitigate.map(|page| view.absolute(page)),
    }
}

fn edge<'a>(view: &'a View<'_>, decision: &'a Decision, edge: Edge) -> EdgeData<'a> {
    let answer = decision.answer(edge);
    EdgeData {
        id: decision.edge_id(edge),
        from: &decision.nodes[edge.from].id,
        to: &decision.nodes[edge.to].id,
        label: answer.map(|answer| answer.label.as_str()),
        hint: answer.and_then(|answer| answer.hint.as_deref()),
        guidance: decision.guidance(edge),
        terms: answer.map_or_else(Vec::new, |answer| term_names(view, &answer.tags)),
    }
}
