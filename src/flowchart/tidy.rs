//! Answers as written, where crossings allow: "Yes" left of "No" throughout is easier to read.
//!
//! Two kinds of moves keep most crossings as they are, since they move whole parts of the chart: everything that is
//! reached through one node alone is mirrored; or two answers of a question change places together with everything
//! that is reached through each of them alone. What is reached through a vertex alone is what it dominates.

use super::order::{Cost, Order};
use super::rows::Rows;
use super::search::Search;

const ROUNDS: usize = 3;

/// The order with more answers as written and no more crossings.
pub(super) fn tidy(rows: &Rows, search: &mut Search, order: Order) -> (Cost, Order) {
    let mut best = (search.cost(&order), order);
    let within = Dominated::new(rows);
    for _ in 0..ROUNDS {
        let before = best.0;
        for node in (0..rows.nodes).filter(|&node| rows.below[node].len() > 1) {
            if best.0.1 == 0 {
                return best;
            }
            take_if_better(search, &mut best, |order| within.mirror(rows, order, node));
            for place in 1..rows.below[node].len() {
                let mut labels = rows.below[node].clone();
                labels.sort_unstable_by_key(|&label| best.1.place[label]);
                let (left, right) = (labels[place - 1], labels[place]);
                if left > right {
                    take_if_better(search, &mut best, |order| within.exchange(rows, order, left, right));
                }
            }
        }
        if best.0 == before {
            break;
        }
    }
    best
}

fn take_if_better(search: &mut Search, best: &mut (Cost, Order), change: impl Fn(&mut Order)) {
    let mut order = best.1.clone();
    change(&mut order);
    let cost = search.cost(&order);
    if cost < best.0 {
        *best = (cost, order);
    }
}

/// What every vertex dominates, as an interval of a numbering of the tree of dominators.
struct Dominated {
    first: Vec<usize>,
    last: Vec<usize>,
}

impl Dominated {
    /// The tree of dominators of an acyclic graph, from the top: a vertex hangs below the nearest common ancestor of
    /// all its predecessors.
    fn new(rows: &Rows) -> Self {
        let count = rows.vertices();
        let mut by_row: Vec<usize> = (0..count).collect();
        by_row.sort_by_key(|&vertex| rows.row[vertex]);
        // The vertex after the last stands for a root above all.
        let root = count;
        let (mut parent, mut depth) = (vec![root; count + 1], vec![0_usize; count + 1]);
        for &vertex in &by_row {
            let mut common = rows.above[vertex].first().copied().unwrap_or(root);
            for &other in &rows.above[vertex] {
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
        for &vertex in by_row.iter().rev() {
            size[parent[vertex]] += size[vertex];
        }
        // Parents come before children in this order, so each takes the next free numbers of its parent.
        let mut free = vec![1; count + 1];
        let (mut first, mut last) = (vec![0; count], vec![0; count]);
        for &vertex in &by_row {
            let above = parent[vertex];
            first[vertex] = free[above];
            free[above] += size[vertex];
            last[vertex] = first[vertex] + size[vertex];
            free[vertex] = first[vertex] + 1;
        }
        Self { first, last }
    }

    fn holds(&self, top: usize, vertex: usize) -> bool {
        (self.first[top]..self.last[top]).contains(&self.first[vertex])
    }

    /// Turns round, in every row, the vertices that a node dominates.
    fn mirror(&self, rows: &Rows, order: &mut Order, node: usize) {
        for row in rows.row[node] + 1..rows.count {
            let own: Vec<usize> = order.rows[row].iter().copied().filter(|&vertex| self.holds(node, vertex)).collect();
            refill(&mut order.rows[row], own.into_iter().rev(), |vertex| self.holds(node, vertex));
            order.number(row);
        }
    }

    /// Puts, in every row, what the right one of two labels dominates before what the left one does.
    fn exchange(&self, rows: &Rows, order: &mut Order, left: usize, right: usize) {
        for row in rows.row[left]..rows.count {
            let of = |top: usize| order.rows[row].iter().copied().filter(move |&vertex| self.holds(top, vertex));
            let own: Vec<usize> = of(right).chain(of(left)).collect();
            refill(&mut order.rows[row], own.into_iter(), |vertex| {
                self.holds(left, vertex) || self.holds(right, vertex)
            });
            order.number(row);
        }
    }
}

/// Puts some of a row's vertices into their places in a new order.
fn refill(row: &mut [usize], mut new: impl Iterator<Item = usize>, moves: impl Fn(usize) -> bool) {
    for vertex in row.iter_mut().filter(|vertex| moves(**vertex)) {
        *vertex = new.next().expect("as many vertices come back as were taken out");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowchart::tests::graph;
    use crate::flowchart::{measure, rank, rows};

    #[track_caller]
    fn check(nodes: usize, edges: &[(usize, usize)], top: usize, expected: &[usize]) {
        let graph = graph(nodes, edges);
        let rows = rows::build(&graph, &rank::assign(&graph), &measure::sizes(&graph));
        let within = Dominated::new(&rows);
        let held: Vec<usize> = (0..nodes).filter(|&node| within.holds(top, node)).collect();
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
