//! Who stands left of whom in every row, so that few edges cross.
//!
//! Finding the fewest crossings is NP-hard, so good orders are searched. From several starting orders, rows are swept
//! down and up and single vertices are moved (see `search`); what that leads to is shaken and left to settle again, many
//! times over, which finds more than further starts would (iterated local search; Lourenço, Martin and Stützle 2003). Among
//! orders with equally many crossings, the one that keeps more answers as written wins.

use std::collections::VecDeque;

use super::rows::Rows;
use super::search::{Search, mark};
use super::tidy;

/// The vertices of every row from the left, and the place of each vertex in its row.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) rows: Vec<Vec<usize>>,
    pub(super) place: Vec<usize>,
}

/// How good an order is: crossings, then pairs of answers that stand in another order than written.
pub(super) type Cost = (usize, usize);

/// The best order found.
pub(super) fn arrange(rows: &Rows) -> Order {
    let mut search = Search::new(rows);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut best: Option<(Cost, Order)> = None;
    let effort = Effort::on(rows.vertices());
    for start in 0..effort.starts {
        let mut order = first_order(rows, start, &mut random);
        let mut cost = search.sweep_to_rest(&mut order, start, effort.patience);
        let promising = best.as_ref().is_none_or(|((least, _), _)| cost.0 < least + least / 8 + 2);
        if promising && cost.0 > 0 {
            search.settle(&mut order, false, vec![true; rows.count]);
            order = shake(rows, &mut search, order, effort.each, &mut random);
            cost = search.cost(&order);
        }
        if effort.tidy && best.as_ref().is_none_or(|((least, _), _)| cost.0 <= least + least / 8) {
            (cost, order) = tidy::tidy(rows, &mut search, order);
        }
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, order));
        }
        if best.as_ref().is_some_and(|(least, _)| *least == (0, 0)) {
            break;
        }
    }
    let (_, order) = best.expect("there is at least one start");
    let order = shake(rows, &mut search, order, effort.shakes, &mut random);
    let mut order = if effort.tidy { tidy::tidy(rows, &mut search, order).1 } else { order };
    search.draw_labels_near(&mut order);
    order
}

/// How much is tried: much where that is cheap, less where it is dear.
struct Effort {
    starts: usize,
    /// Sweeps without progress after which a start is left.
    patience: usize,
    /// How often the order that every promising start led to is shaken, and the best of all in the end.
    each: usize,
    shakes: usize,
    /// Whether answers are tidied for every promising start.
    tidy: bool,
}

impl Effort {
    fn on(vertices: usize) -> Self {
        match vertices {
            0..100 => Self { starts: 12, patience: 3, each: 10, shakes: 50, tidy: true },
            100..176 => Self { starts: 6, patience: 3, each: 4, shakes: 48, tidy: true },
            176..400 => Self { starts: 7, patience: 8, each: 40, shakes: 480, tidy: true },
            400..700 => Self { starts: 4, patience: 8, each: 10, shakes: 200, tidy: true },
            700..1500 => Self { starts: 2, patience: 12, each: 0, shakes: 150, tidy: false },
            _ => Self { starts: 2, patience: 6, each: 0, shakes: 10, tidy: false },
        }
    }
}

/// A small source of numbers that look random and are always the same (xorshift; Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits fit") % end
    }

    fn shuffle(&mut self, items: &mut [usize]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// A starting order: vertices in the order in which a walk meets them, from the top or from the bottom, breadth or
/// depth first, with the answers as written in the first ones and shuffled in later ones.
fn first_order(rows: &Rows, start: usize, random: &mut Random) -> Order {
    let down = start.is_multiple_of(2);
    let (next, back) = if down { (&rows.below, &rows.above) } else { (&rows.above, &rows.below) };
    let breadth = start.is_multiple_of(2) || start.is_multiple_of(3);
    let mut roots: Vec<usize> = (0..rows.nodes).filter(|&node| back[node].is_empty()).collect();
    if start >= 4 {
        random.shuffle(&mut roots);
    }
    let mut order = Order { rows: vec![Vec::new(); rows.count], place: vec![0; rows.vertices()] };
    let mut seen = vec![false; rows.vertices()];
    for root in roots.into_iter().chain(0..rows.vertices()) {
        let mut waiting = VecDeque::from([root]);
        while let Some(vertex) = if breadth { waiting.pop_front() } else { waiting.pop_back() } {
            if seen[vertex] {
                continue;
            }
            seen[vertex] = true;
            order.rows[rows.row[vertex]].push(vertex);
            let mut more = next[vertex].clone();
            if start >= 2 {
                random.shuffle(&mut more);
            } else if !breadth {
                more.reverse();
            }
            waiting.extend(more);
        }
    }
    for row in 0..rows.count {
        order.number(row);
    }
    order
}

impl Order {
    /// Notes the places of a row's vertices after they moved.
    pub(super) fn number(&mut self, row: usize) {
        for (place, &vertex) in self.rows[row].iter().enumerate() {
            self.place[vertex] = place;
        }
    }
}

/// Leaves small hollows: a few vertices are moved anywhere in their rows and the order is left to settle; what is no
/// worse than before is kept (iterated local search; Lourenço, Martin and Stützle 2003).
fn shake(rows: &Rows, search: &mut Search, order: Order, shakes: usize, random: &mut Random) -> Order {
    let (mut best, mut least) = (order.clone(), search.cost(&order));
    let (mut current, mut level) = (order, least.0);
    for shake in 0..shakes {
        if least.0 == 0 {
            break;
        }
        let mut order = current.clone();
        let mut stale = vec![false; rows.count];
        for _ in 0..2 + shake % 4 {
            let row = rows.row[random.below(rows.vertices())];
            let line = &mut order.rows[row];
            let vertex = line.remove(random.below(line.len()));
            line.insert(random.below(line.len() + 1), vertex);
            order.number(row);
            mark(&mut stale, row);
        }
        search.settle(&mut order, shake.is_multiple_of(2), stale);
        let cost = search.cost(&order);
        if cost < least {
            (best, least) = (order.clone(), cost);
        }
        if cost.0 <= level {
            (current, level) = (order, cost.0);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowchart::tests::graph;
    use crate::flowchart::{measure, rank, rows};

    #[track_caller]
    fn check(nodes: usize, edges: &[(usize, usize)], expected: Cost) {
        let graph = graph(nodes, edges);
        let rows = rows::build(&graph, &rank::assign(&graph), &measure::sizes(&graph));
        let order = arrange(&rows);
        assert_eq!(Search::new(&rows).cost(&order), expected, "{edges:?} is ordered {:?}", order.rows);
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
