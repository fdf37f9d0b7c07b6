//! Charts of many graphs, judged by their geometry.

use super::*;

/// A graph of questions and outcomes: a node without answers is an outcome.
pub(super) fn graph(nodes: usize, edges: &[(usize, usize)]) -> Graph {
    let words = ["Is it so?", "Who depends on what the team builds and how often?", "Does an engineer want the role?"];
    let node = |index: usize| {
        let verdict = [Verdict::Yes, Verdict::No, Verdict::Partly, Verdict::Later][index % 4];
        let asks = edges.iter().any(|edge| edge.0 == index);
        let kind = if asks { Kind::Question } else { Kind::Outcome(verdict) };
        Node { id: format!("n{index}"), kind, title: words[index % 3].into(), url: format!("/n{index}/") }
    };
    let edge = |(index, &(from, to)): (usize, &(usize, usize))| {
        let label = ["Yes", "No", "Only once a month or so"][index % 3].into();
        Edge { id: format!("n{from}=a{index}"), from, to, label, unsure: index % 5 == 4 }
    };
    Graph { nodes: (0..nodes).map(node).collect(), edges: edges.iter().enumerate().map(edge).collect(), start: 0 }
}
