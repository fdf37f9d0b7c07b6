//! The moves of crossing reduction: layer sweeps, transposition and sifting.
//!
//! Layer sweeps go down and up, moving each vertex to the barycentre of its neighbours (Sugiyama, Tagawa and Toda 1981)
//! or to their weighted median (Gansner, Koutsofios, North and Vo 1993). Neighbours are transposed where that helps
//! (dot's `transpose`), and single vertices are sifted to their best position in the layer (Matuszewski, Schönfeld and
//! Molitor, "Using sifting for k-layer straightline crossing minimization", 1999). In every other pair of rounds
//! sideways moves are allowed, transpositions that win nothing: that leaves plateaus, and on decisions it is worth more
//! than anything else here.

use super::crossing::{self, NeighbourPositions};
use super::layered::LayeredGraph;
use super::order::{Cost, Order};

/// The most rounds of each kind of move; they end before when nothing improves.
const MAX_SWEEPS: usize = 60;
const MAX_TRANSPOSITION_PASSES: usize = 40;
const MAX_SIFTING_PASSES: usize = 12;

/// The graph, and scratch space that the moves share.
pub(super) struct LocalSearch<'a> {
    layered: &'a LayeredGraph,
    /// For each question, the labels of its answers in the order written.
    answers: Vec<Vec<usize>>,
    neighbours: NeighbourPositions,
    /// For counting crossings, and for the positions of one vertex's neighbours.
    numbers: Vec<usize>,
    /// Of a layer's vertices: barycentre or median, position as the tie-break, and the vertex.
    keys: Vec<(usize, usize, usize)>,
}

impl<'a> LocalSearch<'a> {
    pub(super) fn new(layered: &'a LayeredGraph) -> Self {
        let mut answers = vec![Vec::new(); layered.node_count];
        for chain in &layered.chains {
            if layered.below[chain.upper].contains(&chain.label) {
                answers[chain.upper].push(chain.label);
            }
        }
        Self { layered, answers, neighbours: NeighbourPositions::default(), numbers: Vec::new(), keys: Vec::new() }
    }

    pub(super) fn cost(&mut self, order: &Order) -> Cost {
        (self.crossings(order), self.inverted_answers(order))
    }

    fn crossings(&mut self, order: &Order) -> usize {
        (1..self.layered.layer_count).map(|layer| crossing::count(self.layered, order, layer, &mut self.numbers)).sum()
    }

    /// Pairs of answers to one question that do not stand as written.
    fn inverted_answers(&self, order: &Order) -> usize {
        let inverted = |labels: &Vec<usize>| {
            let pairs = (0..labels.len()).flat_map(|a| (a + 1..labels.len()).map(move |b| (a, b)));
            pairs.filter(|&(a, b)| order.position[labels[a]] > order.position[labels[b]]).count()
        };
        self.answers.iter().map(inverted).sum()
    }

    /// Sweeps and transposes until nothing improves, and leaves the best order met. `start` chooses between median and
    /// barycentre, `patience` is the number of rounds without progress that are borne.
    pub(super) fn sweep_until_stable(&mut self, order: &mut Order, start: usize, patience: usize) -> Cost {
        let mut best = (self.cost(order), order.clone());
        let mut idle = 0;
        for round in 0..MAX_SWEEPS {
            if best.0.0 == 0 || idle > patience {
                break;
            }
            self.sweep(order, round.is_multiple_of(2), start % 4 < 2, round % 4 < 2);
            self.transpose(order, round % 4 >= 2, vec![true; self.layered.layer_count]);
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

    /// One layer sweep: moves every vertex to the median or barycentre of its neighbours in the layer before.
    fn sweep(&mut self, order: &mut Order, down: bool, median: bool, reverse_ties: bool) {
        for step in 1..self.layered.layer_count {
            let layer = if down { step } else { self.layered.layer_count - 1 - step };
            let sides = if down { &self.layered.above } else { &self.layered.below };
            self.keys.clear();
            let mut positions = std::mem::take(&mut self.numbers);
            for (position, &vertex) in order.layers[layer].iter().enumerate() {
                if sides[vertex].is_empty() {
                    continue;
                }
                positions.clear();
                positions.extend(sides[vertex].iter().map(|&other| order.position[other]));
                positions.sort_unstable();
                let key = if median { weighted_median(&positions) } else { barycentre(&positions) };
                self.keys.push((key, if reverse_ties { usize::MAX - position } else { position }, vertex));
            }
            self.numbers = positions;
            self.keys.sort_unstable();
            // Vertices without neighbours keep their positions; the others fill the rest.
            let mut sorted = self.keys.iter();
            for vertex in &mut order.layers[layer] {
                if !sides[*vertex].is_empty() {
                    *vertex = sorted.next().expect("as many vertices as keys").2;
                }
            }
            order.update_positions(layer);
        }
    }

    /// Transposes neighbours in the dirty layers, and around those that improve, where that saves crossings; with
    /// `sideways`, also where it neither saves nor costs any. Returns the layers that it looked at.
    fn transpose(&mut self, order: &mut Order, sideways: bool, mut dirty: Vec<bool>) -> Vec<bool> {
        let mut seen = dirty.clone();
        for _ in 0..MAX_TRANSPOSITION_PASSES {
            let mut improved = false;
            for layer in 0..self.layered.layer_count {
                if !std::mem::take(&mut dirty[layer]) || order.layers[layer].len() < 2 {
                    continue;
                }
                seen[layer] = true;
                self.neighbours.load(self.layered, order, layer);
                let (mut better, mut moved) = (false, false);
                for right in 1..order.layers[layer].len() {
                    let (now, then) = self.neighbours.crossing_numbers(right - 1, right);
                    if then < now || (sideways && now > 0 && then == now) {
                        order.layers[layer].swap(right - 1, right);
                        self.neighbours.swap(right - 1, right);
                        moved = true;
                        better |= then < now;
                    }
                }
                if moved {
                    order.update_positions(layer);
                }
                if better {
                    improved = true;
                    mark_dirty(&mut dirty, layer);
                }
            }
            if !improved {
                break;
            }
        }
        seen
    }

    /// Local search: transposes and sifts in the dirty layers, and around those that change, until nothing improves.
    pub(super) fn improve(&mut self, order: &mut Order, sideways: bool, mut dirty: Vec<bool>) {
        for round in 0..MAX_SIFTING_PASSES {
            let seen = self.transpose(order, sideways && round == 0, dirty);
            dirty = self.sift(order, &seen);
            if !dirty.contains(&true) {
                break;
            }
        }
    }

    /// Moves every vertex of the given layers to the position where its edges cross fewest others. Returns the layers
    /// that this made dirty.
    fn sift(&mut self, order: &mut Order, wanted: &[bool]) -> Vec<bool> {
        let mut dirty = vec![false; wanted.len()];
        for (layer, _) in wanted.iter().enumerate().filter(|(_, wanted)| **wanted) {
            if order.layers[layer].len() < 3 {
                continue;
            }
            self.neighbours.load(self.layered, order, layer);
            let mut moved = false;
            for vertex in order.layers[layer].clone() {
                let vertices = &mut order.layers[layer];
                let from = vertices.iter().position(|&other| other == vertex).expect("the layer holds its vertices");
                let to = self.best_position(from, vertices.len());
                if to != from {
                    let vertex = vertices.remove(from);
                    vertices.insert(to, vertex);
                    self.neighbours.shift(from, to);
                    moved = true;
                }
            }
            if moved {
                order.update_positions(layer);
                mark_dirty(&mut dirty, layer);
            }
        }
        dirty
    }

    /// Where two lines have to cross above or below their labels, lets them cross below, so that the labels stay near
    /// their questions.
    pub(super) fn move_crossings_below_labels(&mut self, order: &mut Order) {
        for layer in (1..self.layered.layer_count).step_by(2) {
            self.neighbours.load(self.layered, order, layer);
            // Every transposition saves a crossing above the layer, so this ends.
            let mut moved = true;
            while std::mem::take(&mut moved) {
                for right in 1..order.layers[layer].len() {
                    let (now, then) = self.neighbours.crossing_numbers(right - 1, right);
                    let (now_above, then_above) = self.neighbours.crossing_numbers_above(right - 1, right);
                    if then == now && then_above < now_above {
                        order.layers[layer].swap(right - 1, right);
                        self.neighbours.swap(right - 1, right);
                        moved = true;
                    }
                }
            }
            order.update_positions(layer);
        }
    }

    /// The position in its layer at which a vertex has the fewest crossings; its own, unless another is better.
    fn best_position(&self, from: usize, size: usize) -> usize {
        // What has been lost and won so far on the way: better when `won` leads by more.
        let (mut best, mut to) = (0, from);
        let (mut won, mut lost) = (0, 0);
        for position in from + 1..size {
            let (now, then) = self.neighbours.crossing_numbers(from, position);
            (won, lost) = (won + now, lost + then);
            if won > lost + best {
                (best, to) = (won - lost, position);
            }
        }
        (won, lost) = (0, 0);
        for position in (0..from).rev() {
            let (now, then) = self.neighbours.crossing_numbers(position, from);
            (won, lost) = (won + now, lost + then);
            if won > lost + best {
                (best, to) = (won - lost, position);
            }
        }
        to
    }
}

/// Marks a layer that changed, and its neighbours, to be looked at again.
pub(super) fn mark_dirty(dirty: &mut [bool], layer: usize) {
    let end = (layer + 2).min(dirty.len());
    dirty[layer.saturating_sub(1)..end].fill(true);
}

/// Barycentres and medians are fixed-point numbers: units in a position.
const FIXED_POINT: usize = 1 << 12;

/// The mean of some positions.
fn barycentre(positions: &[usize]) -> usize {
    positions.iter().sum::<usize>() * FIXED_POINT / positions.len()
}

/// The median of sorted positions; between two, nearer to the side where they lie closer together.
fn weighted_median(positions: &[usize]) -> usize {
    let middle = positions.len() / 2;
    match positions {
        [one] => one * FIXED_POINT,
        [one, other] => (one + other) * FIXED_POINT / 2,
        _ if positions.len() % 2 == 1 => positions[middle] * FIXED_POINT,
        _ => {
            let left = positions[middle - 1] - positions[0];
            let right = positions[positions.len() - 1] - positions[middle];
            match left + right {
                0 => positions[middle] * FIXED_POINT,
                both => (positions[middle - 1] * right + positions[middle] * left) * FIXED_POINT / both,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(positions: &[usize], mean: usize, median: usize) {
        let found = (barycentre(positions), weighted_median(positions));
        assert_eq!(
            found,
            (mean * FIXED_POINT / 10, median * FIXED_POINT / 10),
            "the middle of {positions:?} is elsewhere"
        );
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
        assert!(weighted_median(&[0, 4, 6, 7]) > 5 * FIXED_POINT);
    }
}
