//! Who stands left of whom in every row, so that few edges cross.
//!
//! Finding the fewest crossings is NP-hard, so good orders are searched: from several starting orders, rows are swept
//! down and up, each vertex moving to the middle of its neighbours (Sugiyama, Tagawa and Toda 1981; the median of
//! Gansner, Koutsofios, North and Vo 1993), neighbours are exchanged where that helps, and single vertices are sifted to
//! their best place in the row (Matuszewski, Schönfeld and Molitor, "Using sifting for k-layer straightline crossing
//! minimization", 1999). Two habits matter most on decisions: walking the graph breadth first for the starting
//! orders, and exchanging neighbours also when nothing is won, in every other pair of rounds, which leaves plateaus.
//!
//! Among orders with equally many crossings, the one that keeps more answers as written wins.

use std::cmp::Reverse;
use std::collections::VecDeque;

use super::rows::Rows;

/// The vertices of every row from the left, and the place of each vertex in its row.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) rows: Vec<Vec<usize>>,
    pub(super) place: Vec<usize>,
}

/// How good an order is: crossings, then pairs of answers that stand in another order than written.
pub(super) type Cost = (usize, usize);

/// Sweeps without progress after which a start is left.
const PATIENCE: usize = 6;
const SWEEPS: usize = 40;
const SIFTS: usize = 8;

/// The best order found.
pub(super) fn arrange(rows: &Rows) -> Order {
    let mut search = Search::new(rows);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut best: Option<(Cost, Order)> = None;
    for start in 0..starts(rows.vertices()) {
        let mut order = first_order(rows, start, &mut random);
        let mut cost = search.sweep_to_rest(&mut order, start);
        let promising = best.as_ref().is_none_or(|((least, _), _)| cost.0 < least + least / 8 + 2);
        if promising && cost.0 > 0 {
            search.sift_to_rest(&mut order);
            cost = search.cost(&order);
        }
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, order));
        }
        if best.as_ref().is_some_and(|(least, _)| *least == (0, 0)) {
            break;
        }
    }
    best.expect("there is at least one start").1
}

/// How many starting orders are tried: many where that is cheap, few where it is dear.
fn starts(vertices: usize) -> usize {
    match vertices {
        0..200 => 16,
        200..400 => 24,
        400..1500 => 8,
        _ => 4,
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

/// The graph and the scratch space of the search.
pub(super) struct Search<'a> {
    rows: &'a Rows,
    /// For each question, its labels in the order written.
    answers: Vec<Vec<usize>>,
    places: Places,
    tree: Vec<usize>,
    keys: Vec<(usize, usize, usize)>,
}

/// The sorted places of the neighbours of each vertex of a row: `above[..]` then `below[..]`.
#[derive(Default)]
struct Places {
    list: Vec<usize>,
    /// Begin, middle and end in the list.
    parts: Vec<(usize, usize, usize)>,
}

impl Places {
    fn above(&self, place: usize) -> &[usize] {
        let (begin, middle, _) = self.parts[place];
        &self.list[begin..middle]
    }

    fn below(&self, place: usize) -> &[usize] {
        let (_, middle, end) = self.parts[place];
        &self.list[middle..end]
    }

    fn read(&mut self, rows: &Rows, order: &Order, row: usize) {
        self.list.clear();
        self.parts.clear();
        for &vertex in &order.rows[row] {
            let begin = self.list.len();
            self.list.extend(rows.above[vertex].iter().map(|&other| order.place[other]));
            let middle = self.list.len();
            self.list.extend(rows.below[vertex].iter().map(|&other| order.place[other]));
            let end = self.list.len();
            self.list[begin..middle].sort_unstable();
            self.list[middle..end].sort_unstable();
            self.parts.push((begin, middle, end));
        }
    }
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
        (1..self.rows.count).map(|row| self.crossings_above(order, row)).sum()
    }

    /// The crossings between a row and the one above, counted as inversions: the lower ends are added to a tree of
    /// counts from left to right, each crossing all that were added before and end further right (Barth, Mutzel and
    /// Jünger, "Simple and efficient bilayer cross counting", 2002; here with a Fenwick tree).
    pub(super) fn crossings_above(&mut self, order: &Order, row: usize) -> usize {
        let size = order.rows[row].len();
        self.tree.clear();
        self.tree.resize(size + 1, 0);
        let (mut crossings, mut added) = (0, 0);
        let mut ends = Vec::new();
        for &vertex in &order.rows[row - 1] {
            ends.clear();
            ends.extend(self.rows.below[vertex].iter().map(|&other| order.place[other] + 1));
            for &end in &ends {
                let (mut at, mut before) = (end, 0);
                while at > 0 {
                    before += self.tree[at];
                    at &= at - 1;
                }
                crossings += added - before;
            }
            added += ends.len();
            for &end in &ends {
                let mut at = end;
                while at <= size {
                    self.tree[at] += 1;
                    at += at & at.wrapping_neg();
                }
            }
        }
        crossings
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
    fn sweep_to_rest(&mut self, order: &mut Order, start: usize) -> Cost {
        let mut best = (self.cost(order), order.clone());
        let mut idle = 0;
        for round in 0..SWEEPS {
            if best.0.0 == 0 || idle > PATIENCE {
                break;
            }
            self.sweep(order, round.is_multiple_of(2), start % 4 < 2, round % 4 < 2);
            self.exchange(order, round % 4 >= 2);
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

    /// Exchanges neighbours in a row where that saves crossings, until it nowhere does; with `level`, also where it
    /// neither saves nor costs any.
    fn exchange(&mut self, order: &mut Order, level: bool) {
        let mut stale = vec![true; self.rows.count];
        for _ in 0..40 {
            let mut improved = false;
            for row in 0..self.rows.count {
                if !std::mem::take(&mut stale[row]) || order.rows[row].len() < 2 {
                    continue;
                }
                self.places.read(self.rows, order, row);
                let (mut better, mut moved) = (false, false);
                for place in 1..order.rows[row].len() {
                    let (now, then) = self.crossings_of_pair(place - 1, place);
                    if then < now || (level && now > 0 && then == now) {
                        order.rows[row].swap(place - 1, place);
                        self.places.parts.swap(place - 1, place);
                        moved = true;
                        better |= then < now;
                    }
                }
                if moved {
                    order.number(row);
                }
                if better {
                    improved = true;
                    stale[row.saturating_sub(1)..(row + 2).min(self.rows.count)].fill(true);
                }
            }
            if !improved {
                break;
            }
        }
    }

    /// The crossings between the edges of two vertices of the row read last, as they stand and the other way round.
    fn crossings_of_pair(&self, left: usize, right: usize) -> (usize, usize) {
        let (now_above, then_above) = both_ways(self.places.above(left), self.places.above(right));
        let (now_below, then_below) = both_ways(self.places.below(left), self.places.below(right));
        (now_above + now_below, then_above + then_below)
    }

    /// Sifts and exchanges until nothing improves.
    fn sift_to_rest(&mut self, order: &mut Order) {
        for _ in 0..SIFTS {
            if !self.sift(order) {
                break;
            }
            self.exchange(order, false);
        }
    }

    /// Moves every vertex to the place in its row where its edges cross fewest others. Says whether one moved.
    fn sift(&mut self, order: &mut Order) -> bool {
        let mut any = false;
        for row in 0..self.rows.count {
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
                    let part = self.places.parts.remove(from);
                    self.places.parts.insert(to, part);
                    moved = true;
                }
            }
            if moved {
                order.number(row);
                any = true;
            }
        }
        any
    }

    /// Where in its row a vertex has the fewest crossings; where it stands, unless another place is better.
    fn best_place(&self, from: usize, size: usize) -> usize {
        // What has been lost and won so far on the way: better when `won` leads by more.
        let (mut best, mut to) = (0, from);
        let (mut won, mut lost) = (0, 0);
        for place in from + 1..size {
            let (now, then) = self.crossings_of_pair(from, place);
            (won, lost) = (won + now, lost + then);
            if won > lost + best {
                (best, to) = (won - lost, place);
            }
        }
        (won, lost) = (0, 0);
        for place in (0..from).rev() {
            let (now, then) = self.crossings_of_pair(place, from);
            (won, lost) = (won + now, lost + then);
            if won > lost + best {
                (best, to) = (won - lost, place);
            }
        }
        to
    }
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

/// How many pairs of two sorted lists are inverted, and how many would be if the lists changed places.
fn both_ways(left: &[usize], right: &[usize]) -> (usize, usize) {
    if let ([one], [other]) = (left, right) {
        return (usize::from(one > other), usize::from(other > one));
    }
    let (mut now, mut then) = (0, 0);
    let (mut smaller, mut not_larger) = (0, 0);
    for place in left {
        while smaller < right.len() && right[smaller] < *place {
            smaller += 1;
        }
        while not_larger < right.len() && right[not_larger] <= *place {
            not_larger += 1;
        }
        now += smaller;
        then += right.len() - not_larger;
    }
    (now, then)
}

/// The chains in the order in which they deserve to be straight: long ones first.
pub(super) fn by_length(rows: &Rows) -> Vec<usize> {
    let mut chains: Vec<usize> = (0..rows.chains.len()).collect();
    chains.sort_by_key(|&chain| (Reverse(rows.chains[chain].links.len()), chain));
    chains
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

    #[test]
    fn inversions_are_counted_both_ways() {
        assert_eq!(both_ways(&[0, 2, 2], &[1, 2]), (2, 2));
    }
}
