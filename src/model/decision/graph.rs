//! What follows from a decision's graph: what is reached, how many paths there are, the longest, the shortest, and
//! which terms are met on the way.
//!
//! Nothing is enumerated. Numbers are summed over the nodes in topological order (Kahn 1962, "Topological sorting of
//! large networks"), so that a graph of a thousand questions with more paths than atoms costs no more than its edges;
//! a number too large for 128 bits stays at the largest. In a graph with a cycle that can be reached, what lies on or
//! behind the cycle has no numbers: `check` reports the cycle and nothing that depends on them.

use std::collections::{BTreeSet, VecDeque};

use super::{Decision, Edge, NodeIndex};
use crate::model::{PageId, TermId};

/// What follows from the graph of a decision; every list is by node.
#[derive(Debug, Default, Hash)]
pub(crate) struct GraphSummary {
    /// Whether any path from the start leads there.
    pub(crate) reached: Vec<bool>,
    /// How many paths from the start lead there; of an outcome, how many end in it.
    pub(crate) paths: Vec<u128>,
    /// The terms that some path from the start meets before it is there.
    pub(crate) terms_met: Vec<BTreeSet<TermId>>,
    /// The shortest cycle, as the steps around it; empty where there is none.
    pub(crate) cycle: Vec<Edge>,
    /// How many paths lead from the start to any outcome.
    pub(crate) all_paths: u128,
    /// The same as `paths` without each "not sure" that leads where an answer leads: what a reader would count.
    pub(crate) distinct_paths: Vec<u128>,
    /// How many such paths lead from the start to any outcome.
    pub(crate) all_distinct_paths: u128,
    /// The most steps that are left from there to an outcome.
    pub(crate) left: Vec<usize>,
    /// A path of most questions; the first of them in the order written.
    pub(crate) longest: Vec<Edge>,
    /// The last step of a shortest path there.
    last_steps: Vec<Option<Edge>>,
}

impl GraphSummary {
    /// Surveys a decision; `terms` says what a page carries.
    pub(super) fn of<'a>(decision: &Decision, terms: impl Fn(PageId) -> &'a [TermId]) -> Self {
        let count = decision.nodes.len();
        let last_steps = breadth_first(decision, decision.start);
        let reached: Vec<bool> =
            (0..count).map(|node| decision.start == Some(node) || last_steps[node].is_some()).collect();
        let order = topological(decision, &reached);
        let mut summary = Self {
            paths: vec![0; count],
            terms_met: vec![BTreeSet::new(); count],
            cycle: shortest_cycle(decision),
            all_paths: 0,
            distinct_paths: vec![0; count],
            all_distinct_paths: 0,
            left: vec![0; count],
            longest: Vec::new(),
            last_steps,
            reached,
        };
        if let Some(start) = decision.start {
            summary.paths[start] = 1;
            summary.distinct_paths[start] = 1;
        }
        for &node in &order {
            let mut terms_met = summary.terms_met[node].clone();
            if let Some(page) = decision.nodes[node].explains {
                terms_met.extend(terms(page));
            }
            for edge in decision.edges_from(node) {
                summary.paths[edge.to] = summary.paths[edge.to].saturating_add(summary.paths[node]);
                if decision.is_distinct(edge) {
                    summary.distinct_paths[edge.to] =
                        summary.distinct_paths[edge.to].saturating_add(summary.distinct_paths[node]);
                }
                summary.terms_met[edge.to].extend(&terms_met);
                summary.terms_met[edge.to].extend(decision.answer(edge).into_iter().flat_map(|answer| &answer.tags));
            }
        }
        for &node in order.iter().rev() {
            let left = decision.edges_from(node).map(|edge| summary.left[edge.to] + 1);
            summary.left[node] = left.max().unwrap_or(0);
        }
        for node in (0..count).filter(|&node| decision.outcome(node).is_some()) {
            summary.all_paths = summary.all_paths.saturating_add(summary.paths[node]);
            summary.all_distinct_paths = summary.all_distinct_paths.saturating_add(summary.distinct_paths[node]);
        }
        let mut at = decision.start;
        while let Some(node) = at {
            let far = |edge: &Edge| summary.left[edge.to] + 1 == summary.left[node];
            let next = decision.edges_from(node).find(far);
            summary.longest.extend(next);
            at = next.map(|edge| edge.to);
        }
        summary
    }

    /// A path of fewest questions to a node, from the start; the first of them in the order written.
    pub(crate) fn shortest(&self, node: NodeIndex) -> Vec<Edge> {
        path(node, |node| self.last_steps[node])
    }
}

impl Decision {
    /// Which nodes have a path to one of these `ends`, themselves among them.
    pub(crate) fn leading_to(&self, ends: impl IntoIterator<Item = NodeIndex>) -> Vec<bool> {
        let mut before: Vec<Vec<NodeIndex>> = vec![Vec::new(); self.nodes.len()];
        for edge in self.edges() {
            before[edge.to].push(edge.from);
        }
        let mut leads = vec![false; self.nodes.len()];
        let mut queue = Vec::from_iter(ends);
        while let Some(node) = queue.pop() {
            if !std::mem::replace(&mut leads[node], true) {
                queue.extend(&before[node]);
            }
        }
        leads
    }
}

/// The steps to `end`, by the last step to each node.
fn path(end: NodeIndex, last: impl Fn(NodeIndex) -> Option<Edge>) -> Vec<Edge> {
    let mut path: Vec<Edge> = std::iter::successors(last(end), |edge| last(edge.from)).collect();
    path.reverse();
    path
}

/// For each node, the last step of a shortest path from `start`; none for `start` itself and what it does not reach.
fn breadth_first(decision: &Decision, start: Option<NodeIndex>) -> Vec<Option<Edge>> {
    let mut last = vec![None; decision.nodes.len()];
    let mut queue = VecDeque::from_iter(start);
    while let Some(node) = queue.pop_front() {
        for edge in decision.edges_from(node) {
            if last[edge.to].is_none() && start != Some(edge.to) {
                last[edge.to] = Some(edge);
                queue.push_back(edge.to);
            }
        }
    }
    last
}

/// The reached nodes, each before those that it leads to; without those on and behind a cycle.
fn topological(decision: &Decision, reached: &[bool]) -> Vec<NodeIndex> {
    let mut in_degree = vec![0_usize; decision.nodes.len()];
    for edge in decision.edges().filter(|edge| reached[edge.from]) {
        in_degree[edge.to] += 1;
    }
    let mut order: Vec<NodeIndex> =
        (0..in_degree.len()).filter(|&node| reached[node] && in_degree[node] == 0).collect();
    let mut at = 0;
    while let Some(&node) = order.get(at) {
        for edge in decision.edges_from(node) {
            in_degree[edge.to] -= 1;
            if in_degree[edge.to] == 0 {
                order.push(edge.to);
            }
        }
        at += 1;
    }
    order
}

/// A cycle of fewest steps, wherever it lies; the first of them in the order written, begun at its first node.
fn shortest_cycle(decision: &Decision) -> Vec<Edge> {
    let mut shortest: Vec<Edge> = Vec::new();
    let count = decision.nodes.len();
    if topological(decision, &vec![true; count]).len() == count {
        return shortest;
    }
    for start in 0..count {
        let last = breadth_first(decision, Some(start));
        let back =
            decision.edges().filter(|edge| edge.to == start && (edge.from == start || last[edge.from].is_some()));
        for edge in back {
            let mut cycle = path(edge.from, |node| last[node]);
            cycle.push(edge);
            if shortest.is_empty() || cycle.len() < shortest.len() {
                shortest = cycle;
            }
        }
    }
    shortest
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, Node, NodeKind, Outcome, Question, Unsure};
    use super::*;
    use crate::source::{Inputs, Source, SourceKind, Span};

    /// A graph from lines such as `a: b/1 x`: the question `a`, whose answers lead to `b`, with the term 1, and to `x`.
    /// `~x` is where "not sure" leads. What no line begins with is an outcome; the first line is the start.
    fn decision(text: &str) -> Decision {
        let source = Source { path: "a.md".into(), text: String::new(), kind: SourceKind::Content };
        let span = Span::file(Inputs::default().add(source));
        let lines: Vec<(&str, &str)> = text.lines().map(|line| line.split_once(':').expect("a colon")).collect();
        let mut ids: Vec<&str> = lines.iter().map(|(id, _)| id.trim()).collect();
        for target in lines.iter().flat_map(|(_, targets)| targets.split_whitespace()) {
            let id = target.trim_start_matches('~').split('/').next().expect("a split has a first part");
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let answer = |target: &str| {
            let (to, term) = target.split_once('/').map_or((target, None), |(to, term)| (to, Some(term)));
            let tags = term.map(|term| TermId(term.parse().expect("a number"))).into_iter().collect();
            let to = ids.iter().position(|id| *id == to).expect("all targets are there");
            let (id, label) = (String::new(), String::new());
            Answer { id, label, hint: None, to, span, tags, aliases: Vec::new() }
        };
        let kind = |at: usize| match lines.get(at) {
            Some((id, targets)) => NodeKind::Question(Question {
                ask: (*id).to_owned(),
                why: None,
                answers: targets.split_whitespace().filter(|target| !target.starts_with('~')).map(answer).collect(),
                unsure: targets.split_once('~').map(|(_, target)| Unsure {
                    guidance: None,
                    to: answer(target).to,
                    span,
                }),
                lost: false,
            }),
            None => NodeKind::Outcome(Outcome {
                title: ids[at].to_owned(),
                verdict: None,
                advice: None,
                against: Vec::new(),
                benefits: Vec::new(),
                risks: Vec::new(),
                next: Vec::new(),
            }),
        };
        let node = |at: usize| Node {
            id: ids[at].to_owned(),
            span,
            page: PageId(at),
            explains: None,
            claims: Vec::new(),
            kind: kind(at),
        };
        let mut decision = Decision {
            page: PageId(0),
            audience: None,
            start: Some(0),
            debate: None,
            nodes: (0..ids.len()).map(node).collect(),
            distinct: true,
            tests: Vec::new(),
            summary: GraphSummary::default(),
        };
        decision.summary = GraphSummary::of(&decision, |_| &[]);
        decision
    }

    /// `a b x`: the nodes that a path passes.
    fn shown(decision: &Decision, path: &[Edge]) -> String {
        let ends = path.last().map(|edge| edge.to);
        let nodes = path.iter().map(|edge| edge.from).chain(ends);
        nodes.map(|node| decision.nodes[node].id.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Holds what is surveyed: all paths and the longest; for each outcome its paths, the shortest and the terms; the
    /// shortest cycle.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let decision = decision(text);
        let summary = &decision.summary;
        let mut said = vec![format!("{} paths, longest {}", summary.all_paths, shown(&decision, &summary.longest))];
        for node in (0..decision.nodes.len()).filter(|&node| decision.outcome(node).is_some()) {
            let shortest = shown(&decision, &summary.shortest(node));
            let terms_met: Vec<usize> = summary.terms_met[node].iter().map(|term| term.0).collect();
            said.push(format!(
                "{}: {}, shortest {shortest}, met {terms_met:?}",
                decision.nodes[node].id, summary.paths[node]
            ));
        }
        said.extend((!summary.cycle.is_empty()).then(|| format!("cycle {}", shown(&decision, &summary.cycle))));
        assert_eq!(said, expected);
    }

    #[test]
    fn paths_are_counted_and_the_first_longest_and_shortest_are_found() {
        check(
            "a: b/1 c\nb: c/2 x\nc: x/3 y",
            &["5 paths, longest a b c x", "x: 3, shortest a b x, met [1, 2, 3]", "y: 2, shortest a c y, met [1, 2]"],
        );
    }

    #[test]
    fn two_answers_to_one_node_are_two_paths() {
        check("a: x x/7", &["2 paths, longest a x", "x: 2, shortest a x, met [7]"]);
    }

    #[test]
    fn to_be_unsure_is_a_way_of_its_own_only_where_no_answer_leads() {
        let summary = decision("a: b x ~b\nb: x y ~z").summary;
        assert_eq!((summary.all_paths, summary.all_distinct_paths), (7, 4));
        assert_eq!((&summary.paths[2..], &summary.distinct_paths[2..]), (&[3, 2, 2][..], &[2, 1, 1][..]));
    }

    #[test]
    fn the_shortest_cycle_is_found_also_where_nothing_leads() {
        check(
            "a: b x\nb: c x\nc: a x\nd: e x\ne: d x",
            &["0 paths, longest ", "x: 0, shortest a x, met []", "cycle d e d"],
        );
        check("a: a x", &["0 paths, longest ", "x: 0, shortest a x, met []", "cycle a a"]);
    }

    #[test]
    fn what_nothing_leads_to_counts_for_nothing() {
        check("a: x x\nb: x/1 y", &["2 paths, longest a x", "x: 2, shortest a x, met []", "y: 0, shortest , met []"]);
        assert_eq!(decision("a: x x\nb: x y").summary.reached, [true, false, true, false]);
    }

    #[test]
    fn a_question_in_a_dead_end_leads_to_no_outcome() {
        assert_eq!(decision("a: x b\nb: c c\nc: b b").leading_to([3]), [true, false, false, true]);
    }

    #[test]
    fn more_paths_than_a_number_holds_stay_at_the_largest() {
        let lines: Vec<String> = (0..200).map(|at| format!("q{at}: q{} q{}", at + 1, at + 1)).collect();
        let decision = decision(&lines.join("\n"));
        assert_eq!(decision.summary.all_paths, u128::MAX);
        assert_eq!(decision.summary.longest.len(), 200);
    }

    /// All paths to each node, one by one.
    fn enumerate(decision: &Decision, node: NodeIndex, length: usize, found: &mut [Vec<usize>]) {
        found[node].push(length);
        for edge in decision.edges_from(node) {
            enumerate(decision, edge.to, length + 1, found);
        }
    }

    #[test]
    fn the_numbers_are_those_of_enumerating() {
        let mut seed = 1_u64;
        let mut drawn = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 40).expect("24 bits") % below
        };
        for _ in 0..200 {
            let questions = 1 + drawn(7);
            let lines: Vec<String> = (0..questions)
                .map(|at| {
                    let targets: Vec<String> =
                        (0..2 + drawn(2)).map(|_| format!("n{}", at + 1 + drawn(questions + 2 - at))).collect();
                    format!("n{at}: {}", targets.join(" "))
                })
                .collect();
            let decision = decision(&lines.join("\n"));
            let summary = &decision.summary;
            let mut found = vec![Vec::new(); decision.nodes.len()];
            enumerate(&decision, 0, 0, &mut found);
            let mut longest = 0;
            for (node, lengths) in found.iter().enumerate() {
                assert_eq!(summary.paths[node], lengths.len() as u128, "{lines:?}");
                assert_eq!(summary.reached[node], !lengths.is_empty(), "{lines:?}");
                assert_eq!(summary.shortest(node).len(), lengths.iter().copied().min().unwrap_or(0), "{lines:?}");
                if decision.outcome(node).is_some() {
                    longest = longest.max(lengths.iter().copied().max().unwrap_or(0));
                }
            }
            assert_eq!(summary.longest.len(), longest, "{lines:?}");
            assert!(summary.cycle.is_empty(), "{lines:?}");
        }
    }
}
