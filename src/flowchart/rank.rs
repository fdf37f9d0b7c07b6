//! Which row each node stands in: as few rows as possible between a question and what its answers lead to.
//!
//! That sum is made smallest by the network simplex method, as Gansner, Koutsofios, North and Vo propose for dot ("A
//! technique for drawing directed graphs", 1993, section 2). The method needs a graph without cycles, so an edge that
//! closes one is turned round while ranking, and drawn upwards in the end.

use super::{Graph, simplex};

/// The rank of every node, 0 at the top, and what every edge does between ranks.
#[derive(Debug)]
pub(super) struct Ranks {
    pub(super) nodes: Vec<usize>,
    pub(super) edges: Vec<Course>,
}

/// The way an edge takes between ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    Down,
    /// It closes a cycle: its target stands above its question.
    Up,
    /// It leads from a node to itself.
    Loop,
}

pub(super) fn assign(graph: &Graph) -> Ranks {
    let edges = courses(graph);
    let spans: Vec<_> = graph
        .edges
        .iter()
        .zip(&edges)
        .filter_map(|(edge, course)| match course {
            Course::Down => Some(simplex::Span { from: edge.from, to: edge.to, length: 1, weight: 1 }),
            Course::Up => Some(simplex::Span { from: edge.to, to: edge.from, length: 1, weight: 1 }),
            Course::Loop => None,
        })
        .collect();
    let ranks = simplex::solve(graph.nodes.len(), &spans);
    let nodes = ranks.into_iter().map(|rank| usize::try_from(rank).expect("ranks begin at 0")).collect();
    Ranks { nodes, edges }
}

/// Walks from the start as a reader would, then from whatever was not reached: an edge that leads back to a node the
/// walk has come through closes a cycle.
fn courses(graph: &Graph) -> Vec<Course> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Unseen,
        OnTheWay,
        Done,
    }
    let mut leaving = vec![Vec::new(); graph.nodes.len()];
    for (index, edge) in graph.edges.iter().enumerate() {
        leaving[edge.from].push(index);
    }
    let mut state = vec![State::Unseen; graph.nodes.len()];
    let mut courses = vec![Course::Down; graph.edges.len()];
    let start = (graph.start < graph.nodes.len()).then_some(graph.start);
    for root in start.into_iter().chain(0..graph.nodes.len()) {
        if state[root] != State::Unseen {
            continue;
        }
        state[root] = State::OnTheWay;
        let mut way = vec![(root, 0)];
        while let Some((node, next)) = way.pop() {
            let Some(&edge) = leaving[node].get(next) else {
                state[node] = State::Done;
                continue;
            };
            way.push((node, next + 1));
            let to = graph.edges[edge].to;
            match state[to] {
                State::Unseen => {
                    state[to] = State::OnTheWay;
                    way.push((to, 0));
                }
                State::OnTheWay if to == node => courses[edge] = Course::Loop,
                State::OnTheWay => courses[edge] = Course::Up,
                State::Done => {}
            }
        }
    }
    courses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowchart::tests::graph;

    #[track_caller]
    fn check(edges: &[(usize, usize)], expected: &[usize]) {
        assert_eq!(assign(&graph(expected.len(), edges)).nodes, expected, "the rows of {edges:?} differ");
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
    fn a_loop_takes_part_in_no_ranking() {
        check(&[(0, 0), (0, 1)], &[0, 1]);
    }
}
