//! The moves that take crossings out of an order.
//!
//! Rows are swept down and up, each vertex moving to the middle of its neighbours (Sugiyama, Tagawa and Toda 1981; the
//! median of Gansner, Koutsofios, North and Vo 1993). Neighbours are exchanged where that helps, and single vertices are
//! sifted to their best place in the row (Matuszewski, Schönfeld and Molitor, "Using sifting for k-layer straightline
//! crossing minimization", 1999). In every other pair of rounds neighbours are exchanged also when nothing is won: that
//! leaves plateaus, and on decisions it is worth more than anything else here.

use super::crossing::{self, Places};
use super::order::{Cost, Order};
use super::rows::Rows;

const SWEEPS: usize = 60;
const EXCHANGES: usize = 40;
const SIFTS: usize = 12;

/// The graph and the scratch space of the search.
pub(super) struct Search<'a> {
    rows: &'a Rows,
    /// For each question, its labels in the order written.
    answers: Vec<Vec<usize>>,
    places: Places,
    tree: Vec<usize>,
    keys: Vec<(usize, usize, usize)>,
}

impl<'a> Search<'a> {
    pub(super) fn new(rows: &'a Rows) -> Self {
        let mut answers = vec![Vec::new(); rows.nodes];
        for chain in &rows.chains {
            if rows.below[chain.upper].contains(&chain.label) {
                answers[chain.upper].push(chain.label);
            }
        }
        Self { rows, answers, places: Places::default(), tree: Vec::new(), keys: Vec::new() }
    }

    pub(super) fn cost(&mut self, order: &Order) -> Cost {
        (self.crossings(order), self.out_of_order(order))
    }

    fn crossings(&mut self, order: &Order) -> usize {
        (1..self.rows.count).map(|row| crossing::between(self.rows, order, row, &mut self.tree)).sum()
    }

    /// Pairs of answers to one question that do not stand as written.
    fn out_of_order(&self, order: &Order) -> usize {
        let inverted = |labels: &Vec<usize>| {
            let pairs = (0..labels.len()).flat_map(|a| (a + 1..labels.len()).map(move |b| (a, b)));
            pairs.filter(|&(a, b)| order.place[labels[a]] > order.place[labels[b]]).count()
        };
        self.answers.iter().map(inverted).sum()
    }

    /// Sweeps until nothing improves, and leaves the best order met.
    pub(super) fn sweep_to_rest(&mut self, order: &mut Order, start: usize, patience: usize) -> Cost {
        let mut best = (self.cost(order), order.clone());
        let mut idle = 0;
        for round in 0..SWEEPS {
            if best.0.0 == 0 || idle > patience {
                break;
            }
            self.sweep(order, round.is_multiple_of(2), start % 4 < 2, round % 4 < 2);
            self.exchange(order, round % 4 >= 2, vec![true; self.rows.count]);
            let cost = self.cost(order);
            idle += 1;
            if cost < best.0 {
                if cost.0 < best.0.0 {
                    idle = 0;
                }
                best = (cost, order.clone());
            }
        }
        *order = best.1;
        best.0
    }

    /// Moves every vertex to the middle of its neighbours in the row before, row by row.
    fn sweep(&mut self, order: &mut Order, down: bool, median: bool, turn_ties: bool) {
        for step in 1..self.rows.count {
            let row = if down { step } else { self.rows.count - 1 - step };
            let sides = if down { &self.rows.above } else { &self.rows.below };
            self.keys.clear();
            let mut places = std::mem::take(&mut self.tree);
            for (place, &vertex) in order.rows[row].iter().enumerate() {
                if sides[vertex].is_empty() {
                    continue;
                }
                places.clear();
                places.extend(sides[vertex].iter().map(|&other| order.place[other]));
                places.sort_unstable();
                let key = if median { weighted_median(&places) } else { barycentre(&places) };
                self.keys.push((key, if turn_ties { usize::MAX - place } else { place }, vertex));
            }
            self.tree = places;
            self.keys.sort_unstable();
            // Vertices without neighbours keep their places; the others fill the rest.
            let mut sorted = self.keys.iter();
            for vertex in &mut order.rows[row] {
                if !sides[*vertex].is_empty() {
                    *vertex = sorted.next().expect("as many vertices as keys").2;
                }
            }
            order.number(row);
        }
    }

    /// Exchanges neighbours in the given rows and around them where that saves crossings, until it nowhere does; with
    /// `level`, also where it neither saves nor costs any. Says which rows it looked at.
    fn exchange(&mut self, order: &mut Order, level: bool, mut stale: Vec<bool>) -> Vec<bool> {
        let mut seen = stale.clone();
        for _ in 0..EXCHANGES {
            let mut improved = false;
            for row in 0..self.rows.count {
                if !std::mem::take(&mut stale[row]) || order.rows[row].len() < 2 {
                    continue;
                }
                seen[row] = true;
                self.places.read(self.rows, order, row);
                let (mut better, mut moved) = (false, false);
                for place in 1..order.rows[row].len() {
                    let (now, then) = self.places.of_pair(place - 1, place);
                    if then < now || (level && now > 0 && then == now) {
                        order.rows[row].swap(place - 1, place);
                        self.places.swap(place - 1, place);
                        moved = true;
                        better |= then < now;
                    }
                }
                if moved {
                    order.number(row);
                }
                if better {
                    improved = true;
                    mark(&mut stale, row);
                }
            }
            if !improved {
                break;
            }
        }
        seen
    }

    /// Exchanges and sifts in the given rows and around them until nothing improves.
    pub(super) fn settle(&mut self, order: &mut Order, level: bool, mut stale: Vec<bool>) {
        for round in 0..SIFTS {
            let seen = self.exchange(order, level && round == 0, stale);
            stale = self.sift(order, &seen);
            if !stale.contains(&true) {
                break;
            }
        }
    }

    /// Moves every vertex of the given rows to the place where its edges cross fewest others. Says around which rows that
    /// changed something.
    fn sift(&mut self, order: &mut Order, rows: &[bool]) -> Vec<bool> {
        let mut stale = vec![false; rows.len()];
        for (row, _) in rows.iter().enumerate().filter(|(_, wanted)| **wanted) {
            if order.rows[row].len() < 3 {
                continue;
            }
            self.places.read(self.rows, order, row);
            let mut moved = false;
            for vertex in order.rows[row].clone() {
                let line = &mut order.rows[row];
                let from = line.iter().position(|&other| other == vertex).expect("the row holds its vertices");
                let to = self.best_place(from, line.len());
                if to != from {
                    let vertex = line.remove(from);
                    line.insert(to, vertex);
                    self.places.shift(from, to);
                    moved = true;
                }
            }
            if moved {
                order.number(row);
                mark(&mut stale, row);
            }
        }
        stale
    }

    /// Where two lines have to cross above or below their labels, lets them cross below, so that the labels stay near their
    /// questions.
    pub(super) fn draw_labels_near(&mut self, order: &mut Order) {
        for row in (1..self.rows.count).step_by(2) {
            self.places.read(self.rows, order, row);
            // Every exchange saves a crossing above the row, so this ends.
            let mut moved = true;
            while std::mem::take(&mut moved) {
                for place in 1..order.rows[row].len() {
                    let (now, then) = self.places.of_pair(place - 1, place);
                    let (now_above, then_above) = self.places.of_pair_above(place - 1, place);
                    if then == now && then_above < now_above {
                        order.rows[row].swap(place - 1, place);
                        self.places.swap(place - 1, place);
                        moved = true;
                    }
                }
            }
            order.number(row);
        }
    }

    /// Where in its row a vertex has the fewest crossings; where it stands, unless another place is better.
    fn best_place(&self, from: usize, size: usize) -> usize {
        // What has been lost and won so far on the way: better when `won` leads by more.
        let (mut best, mut to) = (0, from);
        let (mut won, mut lost) = (0, 0);
        for place in from + 1..size {
            let (now, then) = self.places.of_pair(from, place);
            (won, lost) = (won + now, lost + then);
            if won > lost + best {
                (best, to) = (won - lost, place);
            }
        }
        (won, lost) = (0, 0);
        for place in (0..from).rev() {
            let (now, then) = self.places.of_pair(place, from);
            (won, lost) = (won + now, lost + then);
            if won > lost + best {
                (best, to) = (won - lost, place);
            }
        }
        to
    }
}

/// Marks a row and its neighbours.
pub(super) fn mark(rows: &mut [bool], row: usize) {
    let end = (row + 2).min(rows.len());
    rows[row.saturating_sub(1)..end].fill(true);
}

/// Middles are compared as whole numbers.
const FINE: usize = 1 << 12;

/// The mean of some places.
fn barycentre(places: &[usize]) -> usize {
    places.iter().sum::<usize>() * FINE / places.len()
}

/// The middle one of sorted places; between two, nearer to the side where places lie closer together.
fn weighted_median(places: &[usize]) -> usize {
    let middle = places.len() / 2;
    match places {
        [one] => one * FINE,
        [one, other] => (one + other) * FINE / 2,
        _ if places.len() % 2 == 1 => places[middle] * FINE,
        _ => {
            let left = places[middle - 1] - places[0];
            let right = places[places.len() - 1] - places[middle];
            match left + right {
                0 => places[middle] * FINE,
                both => (places[middle - 1] * right + places[middle] * left) * FINE / both,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(places: &[usize], mean: usize, median: usize) {
        let found = (barycentre(places), weighted_median(places));
        assert_eq!(found, (mean * FINE / 10, median * FINE / 10), "the middle of {places:?} is elsewhere");
    }

    #[test]
    fn the_middle_of_few_places_is_between_them() {
        check(&[3], 30, 30);
        check(&[3, 6], 45, 45);
        check(&[0, 1, 8], 30, 10);
    }

    #[test]
    fn the_median_leans_to_the_denser_side() {
        check(&[0, 1, 5, 6], 30, 30);
        check(&[0, 4, 5, 5], 35, 50);
        assert!(weighted_median(&[0, 4, 6, 7]) > 5 * FINE);
    }
}
