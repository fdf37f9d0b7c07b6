//! Cycle removal and layer assignment: the rank of every node, so that the edges span as few ranks as possible in
//! total.
//!
//! The total is minimised by network simplex, as in dot (Gansner, Koutsofios, North and Vo, "A technique for drawing
//! directed graphs", 1993, section 2). That needs a graph without cycles, so the back edges of a depth-first search are
//! reversed while ranking, and drawn upwards in the end.

use super::graph::Graph;
use super::simplex::{self, Constraint};

/// The rank of every node, 0 at the top, and the orientation of every edge.
#[derive(Debug)]
pub(super) struct Ranks {
    pub(super) nodes: Vec<usize>,
    pub(super) edges: Vec<Orientation>,
}

/// How an edge takes part in ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Orientation {
    /// As it is: its target has a higher rank.
    Forward,
    /// Turned round, being a back edge: its target has a lower rank.
    Reversed,
    /// Not at all: it leads from a node to itself.
    SelfLoop,
}

/// Ranks all nodes.
pub(super) fn assign(graph: &Graph) -> Ranks {
    let edges = orientations(graph);
    let constraints: Vec<_> = graph
        .edges
        .iter()
        .zip(&edges)
        .filter_map(|(edge, orientation)| match orientation {
            Orientation::Forward => Some(Constraint { from: edge.from, to: edge.to, min_length: 1, weight: 1 }),
            Orientation::Reversed => Some(Constraint { from: edge.to, to: edge.from, min_length: 1, weight: 1 }),
            Orientation::SelfLoop => None,
        })
        .collect();
    let ranks = simplex::solve(graph.nodes.len(), &constraints);
    let nodes = ranks.into_iter().map(|rank| usize::try_from(rank).expect("ranks begin at 0")).collect();
    Ranks { nodes, edges }
}

/// Depth-first search from the start, as a reader would go, then from whatever was not reached. An edge to a node that
/// is still on the stack is a back edge, and closes a cycle.
fn orientations(graph: &Graph) -> Vec<Orientation> {
    #[derive(Clone, Copy, PartialEq)]
    enum Visit {
        Unvisited,
        OnStack,
        Finished,
    }
    let mut outgoing = vec![Vec::new(); graph.nodes.len()];
    for (index, edge) in graph.edges.iter().enumerate() {
        outgoing[edge.from].push(index);
    }
    let mut visit = vec![Visit::Unvisited; graph.nodes.len()];
    let mut orientations = vec![Orientation::Forward; graph.edges.len()];
    let start = (graph.start < graph.nodes.len()).then_some(graph.start);
    for root in start.into_iter().chain(0..graph.nodes.len()) {
        if visit[root] != Visit::Unvisited {
            continue;
        }
        visit[root] = Visit::OnStack;
        let mut stack = vec![(root, 0)];
        while let Some((node, next)) = stack.pop() {
            let Some(&edge) = outgoing[node].get(next) else {
                visit[node] = Visit::Finished;
                continue;
            };
            stack.push((node, next + 1));
            let to = graph.edges[edge].to;
            match visit[to] {
                Visit::Unvisited => {
                    visit[to] = Visit::OnStack;
                    stack.push((to, 0));
                }
                Visit::OnStack if to == node => orientations[edge] = Orientation::SelfLoop,
                Visit::OnStack => orientations[edge] = Orientation::Reversed,
                Visit::Finished => {}
            }
        }
    }
    orientations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowchart::tests::graph;

    #[track_caller]
    fn check(edges: &[(usize, usize)], expected: &[usize]) {
        assert_eq!(assign(&graph(expected.len(), edges)).nodes, expected, "the ranks of {edges:?} differ");
    }

    #[test]
    fn a_node_stands_below_all_that_lead_to_it() {
        check(&[(0, 1), (0, 2), (1, 3), (2, 3), (0, 3)], &[0, 1, 1, 2]);
    }

    #[test]
    fn an_outcome_stands_next_to_its_question() {
        check(&[(0, 1), (1, 2), (2, 3), (2, 4), (1, 5)], &[0, 1, 2, 3, 3, 2]);
    }

    #[test]
    fn an_edge_back_to_the_start_does_not_move_the_start() {
        check(&[(0, 1), (1, 2), (2, 0)], &[0, 1, 2]);
    }

    #[test]
    fn a_self_loop_takes_part_in_no_ranking() {
        check(&[(0, 0), (0, 1)], &[0, 1]);
    }
}
