//! Answers as written, where crossings allow: "Yes" left of "No" throughout is easier to read.
//!
//! Two kinds of moves keep most crossings as they are, since they move whole subtrees of the dominator tree: all that a
//! node dominates is mirrored; or two answers of a question are exchanged together with all that each of them
//! dominates.

use super::layered::LayeredGraph;
use super::local_search::LocalSearch;
use super::order::{Cost, Order};

/// The most passes over all questions.
const MAX_ROUNDS: usize = 3;

/// The order with more answers as written and no more crossings.
pub(super) fn restore(layered: &LayeredGraph, search: &mut LocalSearch, order: Order) -> (Cost, Order) {
    let mut best = (search.cost(&order), order);
    let dominators = DominatorTree::new(layered);
    for _ in 0..MAX_ROUNDS {
        let before = best.0;
        for node in (0..layered.node_count).filter(|&node| layered.below[node].len() > 1) {
            if best.0.1 == 0 {
                return best;
            }
            take_if_better(search, &mut best, |order| dominators.mirror(layered, order, node));
            for right in 1..layered.below[node].len() {
                let mut labels = layered.below[node].clone();
                labels.sort_unstable_by_key(|&label| best.1.position[label]);
                let (left, right) = (labels[right - 1], labels[right]);
                if left > right {
                    take_if_better(search, &mut best, |order| dominators.exchange(layered, order, left, right));
                }
            }
        }
        if best.0 == before {
            break;
        }
    }
    best
}

fn take_if_better(search: &mut LocalSearch, best: &mut (Cost, Order), change: impl Fn(&mut Order)) {
    let mut order = best.1.clone();
    change(&mut order);
    let cost = search.cost(&order);
    if cost < best.0 {
        *best = (cost, order);
    }
}

/// The dominator tree, as an interval of a preorder numbering for every vertex and all that it dominates.
struct DominatorTree {
    first: Vec<usize>,
    last: Vec<usize>,
}

impl DominatorTree {
    /// The immediate dominator of a vertex is the nearest common ancestor of its predecessors in the tree. In an
    /// acyclic graph all of them come before it in topological order, so one pass does, where Cooper, Harvey and
    /// Kennedy ("A simple, fast dominance algorithm", Rice University, TR-06-33870) iterate.
    fn new(layered: &LayeredGraph) -> Self {
        let count = layered.vertex_count();
        let mut topological: Vec<usize> = (0..count).collect();
        topological.sort_by_key(|&vertex| layered.layer[vertex]);
        // The vertex after the last stands for a virtual root above all.
        let root = count;
        let (mut parent, mut depth) = (vec![root; count + 1], vec![0_usize; count + 1]);
        for &vertex in &topological {
            let mut common = layered.above[vertex].first().copied().unwrap_or(root);
            for &other in &layered.above[vertex] {
                let mut other = other;
                while common != other {
                    if depth[common] >= depth[other] {
                        common = parent[common];
                    } else {
                        other = parent[other];
                    }
                }
            }
            parent[vertex] = common;
            depth[vertex] = depth[common] + 1;
        }
        let mut size = vec![1; count + 1];
        for &vertex in topological.iter().rev() {
            size[parent[vertex]] += size[vertex];
        }
        // Parents come before children in this order, so each takes the next free numbers of its parent.
        let mut free = vec![1; count + 1];
        let (mut first, mut last) = (vec![0; count], vec![0; count]);
        for &vertex in &topological {
            let above = parent[vertex];
            first[vertex] = free[above];
            free[above] += size[vertex];
            last[vertex] = first[vertex] + size[vertex];
            free[vertex] = first[vertex] + 1;
        }
        Self { first, last }
    }

    fn dominates(&self, top: usize, vertex: usize) -> bool {
        (self.first[top]..self.last[top]).contains(&self.first[vertex])
    }

    /// Reverses, in every layer, the vertices that a node dominates.
    fn mirror(&self, layered: &LayeredGraph, order: &mut Order, node: usize) {
        for layer in layered.layer[node] + 1..layered.layer_count {
            let own: Vec<usize> =
                order.layers[layer].iter().copied().filter(|&vertex| self.dominates(node, vertex)).collect();
            refill(&mut order.layers[layer], own.into_iter().rev(), |vertex| self.dominates(node, vertex));
            order.update_positions(layer);
        }
    }

    /// Puts, in every layer, what the right one of two labels dominates before what the left one does.
    fn exchange(&self, layered: &LayeredGraph, order: &mut Order, left: usize, right: usize) {
        for layer in layered.layer[left]..layered.layer_count {
            let of =
                |top: usize| order.layers[layer].iter().copied().filter(move |&vertex| self.dominates(top, vertex));
            let own: Vec<usize> = of(right).chain(of(left)).collect();
            refill(&mut order.layers[layer], own.into_iter(), |vertex| {
                self.dominates(left, vertex) || self.dominates(right, vertex)
            });
            order.update_positions(layer);
        }
    }
}

/// Puts some of a layer's vertices into their positions in a new order.
fn refill(layer: &mut [usize], mut new: impl Iterator<Item = usize>, moves: impl Fn(usize) -> bool) {
    for vertex in layer.iter_mut().filter(|vertex| moves(**vertex)) {
        *vertex = new.next().expect("as many vertices come back as were taken out");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowchart::tests::graph;
    use crate::flowchart::{layered, measure, rank};

    #[track_caller]
    fn check(nodes: usize, edges: &[(usize, usize)], top: usize, expected: &[usize]) {
        let graph = graph(nodes, edges);
        let layered = layered::build(&graph, &rank::assign(&graph), &measure::sizes(&graph));
        let dominators = DominatorTree::new(&layered);
        let held: Vec<usize> = (0..nodes).filter(|&node| dominators.dominates(top, node)).collect();
        assert_eq!(held, expected, "what {top} dominates in {edges:?} differs");
    }

    #[test]
    fn what_is_reached_in_two_ways_belongs_to_the_node_before_both() {
        let diamond = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (2, 5)];
        check(6, &diamond, 0, &[0, 1, 2, 3, 4, 5]);
        check(6, &diamond, 2, &[2, 5]);
        check(6, &diamond, 3, &[3, 4]);
    }
}
