//! Crossing reduction: the order of the vertices within every layer, so that few edges cross.
//!
//! Finding the fewest crossings is NP-hard, so good orders are searched. From several initial orders, layer sweeps lead
//! to a first good one (see `local_search`). Iterated local search then perturbs it and improves it again, many times
//! over (Lourenço, Martin and Stützle, "Iterated local search", 2003), which finds more than further starts would.
//! Among orders with equally many crossings, the one that keeps more answers as written wins.

use std::collections::VecDeque;

use super::answer_order;
use super::layered::LayeredGraph;
use super::local_search::{LocalSearch, mark_dirty};
use super::order::{Cost, Order};

/// The best order found.
pub(super) fn reduce(layered: &LayeredGraph) -> Order {
    let mut search = LocalSearch::new(layered);
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    let mut best: Option<(Cost, Order)> = None;
    let effort = Effort::for_size(layered.vertex_count());
    for start in 0..effort.starts {
        let mut order = initial_order(layered, start, &mut random);
        let mut cost = search.sweep_until_stable(&mut order, start, effort.patience);
        let promising = best.as_ref().is_none_or(|((least, _), _)| cost.0 < least + least / 8 + 2);
        if promising && cost.0 > 0 {
            search.improve(&mut order, false, vec![true; layered.layer_count]);
            order = iterate(layered, &mut search, order, effort.perturbations_each, &mut random);
            cost = search.cost(&order);
        }
        if effort.restore_answers && best.as_ref().is_none_or(|((least, _), _)| cost.0 <= least + least / 8) {
            (cost, order) = answer_order::restore(layered, &mut search, order);
        }
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, order));
        }
        if best.as_ref().is_some_and(|(least, _)| *least == (0, 0)) {
            break;
        }
    }
    let (_, order) = best.expect("there is at least one start");
    let order = iterate(layered, &mut search, order, effort.perturbations, &mut random);
    let mut order = if effort.restore_answers { answer_order::restore(layered, &mut search, order).1 } else { order };
    search.move_crossings_below_labels(&mut order);
    order
}

/// How much is tried, in counts and not in time, so that every machine finds the same order: much where that is cheap.
struct Effort {
    /// Initial orders.
    starts: usize,
    /// Sweeps without progress after which a start is left.
    patience: usize,
    /// Perturbations of the order that each promising start led to, and of the best of all in the end.
    perturbations_each: usize,
    perturbations: usize,
    /// Whether the order of answers is restored for each promising start.
    restore_answers: bool,
}

impl Effort {
    fn for_size(vertices: usize) -> Self {
        match vertices {
            0..100 => {
                Self { starts: 12, patience: 3, perturbations_each: 10, perturbations: 50, restore_answers: true }
            }
            100..176 => {
                Self { starts: 6, patience: 3, perturbations_each: 4, perturbations: 48, restore_answers: true }
            }
            176..400 => {
                Self { starts: 7, patience: 8, perturbations_each: 40, perturbations: 480, restore_answers: true }
            }
            400..700 => {
                Self { starts: 4, patience: 8, perturbations_each: 10, perturbations: 200, restore_answers: true }
            }
            700..1500 => {
                Self { starts: 2, patience: 12, perturbations_each: 0, perturbations: 150, restore_answers: false }
            }
            _ => Self { starts: 2, patience: 6, perturbations_each: 0, perturbations: 10, restore_answers: false },
        }
    }
}

/// A pseudorandom number generator with a fixed seed (Marsaglia, "Xorshift RNGs", 2003).
struct Xorshift(u64);

impl Xorshift {
    /// A number less than `end`.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits fit") % end
    }

    /// Fisher and Yates' shuffle.
    fn shuffle(&mut self, items: &mut [usize]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// An initial order: vertices in the order of a breadth-first or depth-first search from the top or from the bottom,
/// with the answers as written for the first starts and shuffled for later ones.
fn initial_order(layered: &LayeredGraph, start: usize, random: &mut Xorshift) -> Order {
    let down = start.is_multiple_of(2);
    let (next, back) = if down { (&layered.below, &layered.above) } else { (&layered.above, &layered.below) };
    let breadth = start.is_multiple_of(2) || start.is_multiple_of(3);
    let mut roots: Vec<usize> = (0..layered.node_count).filter(|&node| back[node].is_empty()).collect();
    if start >= 4 {
        random.shuffle(&mut roots);
    }
    let mut order = Order { layers: vec![Vec::new(); layered.layer_count], position: vec![0; layered.vertex_count()] };
    let mut seen = vec![false; layered.vertex_count()];
    for root in roots.into_iter().chain(0..layered.vertex_count()) {
        let mut queue = VecDeque::from([root]);
        while let Some(vertex) = if breadth { queue.pop_front() } else { queue.pop_back() } {
            if seen[vertex] {
                continue;
            }
            seen[vertex] = true;
            order.layers[layered.layer[vertex]].push(vertex);
            let mut more = next[vertex].clone();
            if start >= 2 {
                random.shuffle(&mut more);
            } else if !breadth {
                more.reverse();
            }
            queue.extend(more);
        }
    }
    for layer in 0..layered.layer_count {
        order.update_positions(layer);
    }
    order
}

/// Iterated local search: perturbs the order, moving a few vertices anywhere in their layers, and improves it again.
/// What has no more crossings than before is the next to be perturbed; the best order met is returned.
fn iterate(
    layered: &LayeredGraph,
    search: &mut LocalSearch,
    order: Order,
    perturbations: usize,
    random: &mut Xorshift,
) -> Order {
    let (mut best, mut least) = (order.clone(), search.cost(&order));
    let (mut current, mut current_crossings) = (order, least.0);
    for round in 0..perturbations {
        if least.0 == 0 {
            break;
        }
        let mut order = current.clone();
        let mut dirty = vec![false; layered.layer_count];
        for _ in 0..2 + round % 4 {
            let layer = layered.layer[random.below(layered.vertex_count())];
            let vertices = &mut order.layers[layer];
            let vertex = vertices.remove(random.below(vertices.len()));
            vertices.insert(random.below(vertices.len() + 1), vertex);
            order.update_positions(layer);
            mark_dirty(&mut dirty, layer);
        }
        search.improve(&mut order, round.is_multiple_of(2), dirty);
        let cost = search.cost(&order);
        if cost < least {
            (best, least) = (order.clone(), cost);
        }
        if cost.0 <= current_crossings {
            (current, current_crossings) = (order, cost.0);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowchart::tests::graph;
    use crate::flowchart::{layered, measure, rank};

    #[track_caller]
    fn check(nodes: usize, edges: &[(usize, usize)], expected: Cost) {
        let graph = graph(nodes, edges);
        let layered = layered::build(&graph, &rank::assign(&graph), &measure::sizes(&graph));
        let order = reduce(&layered);
        assert_eq!(LocalSearch::new(&layered).cost(&order), expected, "{edges:?} is ordered {:?}", order.layers);
    }

    #[test]
    fn a_tree_keeps_every_answer_as_written() {
        check(7, &[(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)], (0, 0));
    }

    #[test]
    fn answers_change_places_where_that_saves_a_crossing() {
        check(5, &[(0, 1), (0, 2), (1, 3), (1, 4), (2, 4), (2, 3)], (1, 1));
        check(6, &[(0, 1), (0, 2), (1, 3), (2, 4), (2, 3), (2, 5)], (0, 1));
    }

    #[test]
    fn three_questions_on_three_outcomes_cross_as_often_as_they_must() {
        let all = [(1, 4), (1, 5), (1, 6), (2, 4), (2, 5), (2, 6), (3, 4), (3, 5), (3, 6)];
        let edges: Vec<_> = [(0, 1), (0, 2), (0, 3)].into_iter().chain(all).collect();
        check(7, &edges, (9, 0));
    }
}
