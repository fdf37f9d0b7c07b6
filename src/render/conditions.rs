//! When an outcome's benefit or risk applies, in terms of the walk: which answers or questions on the way to the outcome
//! bring its term in. Where every way does, or the effect names no term, there is no condition.
#![expect(
    clippy::indexing_slicing,
    reason = "a node's number is its position in `Decision::nodes`, and the lists of a summary have an entry for each"
)]

use crate::model::{Decision, Edge, Effect, NodeIndex, PageId, TermId};
use crate::view::View;

/// What meets a term; any one is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    /// To be asked a question whose article carries the term.
    Asked(NodeIndex),
    /// To give an answer that carries it.
    Answered(Edge),
}

/// The effects of an outcome that a walk can meet, each with its conditions.
pub(crate) fn with_conditions<'a>(
    view: &View<'_>,
    decision: &Decision,
    outcome: NodeIndex,
    effects: &'a [Effect],
) -> Vec<(&'a Effect, Vec<Condition>)> {
    let of = |effect: &Effect| match &effect.term {
        Some(term) => conditions(decision, outcome, term.value, |page| view.site[page].terms.contains(&term.value)),
        None => Some(Vec::new()),
    };
    effects.iter().filter_map(|effect| Some((effect, of(effect)?))).collect()
}

/// What on the ways to `outcome` meets `term`; empty where every way does, none where no way does. `carries` says which
/// articles have the term.
fn conditions(
    decision: &Decision,
    outcome: NodeIndex,
    term: TermId,
    carries: impl Fn(PageId) -> bool,
) -> Option<Vec<Condition>> {
    let leads = decision.leading_to([outcome]);
    let mut conditions = Vec::new();
    for node in (0..leads.len()).filter(|&node| leads[node] && decision.summary.reached[node] && node != outcome) {
        if decision.nodes[node].explains.is_some_and(&carries) {
            conditions.push(Condition::Asked(node));
        } else {
            let met = |edge: &Edge| decision.answer(*edge).is_some_and(|answer| answer.tags.contains(&term));
            let on_the_way = decision.edges_from(node).filter(|edge| leads[edge.to]);
            conditions.extend(on_the_way.filter(met).map(Condition::Answered));
        }
    }
    // What a walk can reach that meets nothing of it; where it cannot reach the outcome, there is no condition.
    let mut without = vec![false; leads.len()];
    let mut waiting = Vec::from_iter(decision.start);
    while let Some(node) = waiting.pop() {
        if std::mem::replace(&mut without[node], true) || conditions.contains(&Condition::Asked(node)) {
            continue;
        }
        let open = decision.edges_from(node).filter(|&edge| !conditions.contains(&Condition::Answered(edge)));
        waiting.extend(open.map(|edge| edge.to));
    }
    match (without[outcome], conditions.is_empty()) {
        (true, true) => None,
        (true, false) => Some(conditions),
        (false, _) => Some(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample;

    /// Holds the conditions of the risks of the outcome `end`, written as `question` or `question=answer`.
    #[track_caller]
    fn check(risks: &str, expected: &[&[&str]]) {
        let decision = format!(
            "---\ntitle: A\nstart: one\nquestions:\n\
             \x20 one: {{ask: One?, page: hot, answers: [{{label: Yes, to: two, tags: [risk/rain]}}, {{label: No, to: three}}]}}\n\
             \x20 two: {{ask: Two?, answers: [{{label: Yes, to: end, tags: [risk/snow]}}, {{label: No, to: three}}]}}\n\
             \x20 three: {{ask: Three?, page: ice, answers: [{{label: Yes, to: end, tags: [risk/cold]}}, {{label: No, to: other, tags: [risk/snow]}}]}}\n\
             outcomes: {{other: {{title: Other}}, end: {{title: End, risks: [{risks}]}}}}\n---\n"
        );
        let files = [
            ("content/hot.md", "---\ntags: {risk: [heat]}\n---\n# Hot\n"),
            ("content/ice.md", "---\ntags: {risk: [cold]}\n---\n# Ice\n"),
            ("content/decisions/a.md", decision.as_str()),
            ("content/site.yaml", "title: A\nfacets: {risk: }\n"),
            ("content/tags/risk/cold.md", "# Cold\n"),
            ("content/tags/risk/fog.md", "# Fog\n"),
            ("content/tags/risk/heat.md", "# Heat\n"),
            ("content/tags/risk/rain.md", "# Rain\n"),
            ("content/tags/risk/snow.md", "# Snow\n"),
        ];
        let found = sample::with_view(&files, |view| {
            let decision = &view.site.decisions()[0];
            let end = decision.node("end").expect("it is there");
            let risks = &decision.outcome(end).expect("it is an outcome").risks;
            let name = |condition: &Condition| match condition {
                Condition::Asked(node) => decision.nodes[*node].id.clone(),
                Condition::Answered(edge) => decision.edge_id(*edge),
            };
            let all = with_conditions(view, decision, end, risks);
            all.iter().map(|(_, conditions)| conditions.iter().map(name).collect()).collect::<Vec<Vec<String>>>()
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn an_answer_on_the_way_is_a_condition_and_one_elsewhere_is_none() {
        check("{term: risk/rain, text: Wet}", &[&["one=yes"]]);
        check("{term: risk/snow, text: White}", &[&["two=yes"]]);
    }

    #[test]
    fn a_question_whose_article_carries_the_term_stands_for_its_answers() {
        check("{term: risk/cold, text: Shiver}", &[&["three"]]);
    }

    #[test]
    fn what_every_way_meets_or_names_no_term_has_no_condition() {
        check("{term: risk/heat, text: Sweat}, {text: Tired}", &[&[], &[]]);
    }

    #[test]
    fn what_no_way_meets_is_left_out() {
        check("{term: risk/fog, text: Blind}", &[]);
    }
}
