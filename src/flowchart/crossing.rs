//! Counting edge crossings between neighbouring layers.

use super::layered::LayeredGraph;
use super::order::Order;

/// The crossings between a layer and the one above, counted as inversions: the lower ends are added to a tree of
/// counts from left to right, each crossing all that were added before and end further right (Barth, Jünger and
/// Mutzel, "Simple and efficient bilayer cross counting", 2002). `tree` is scratch space for a Fenwick tree, which stands
/// for their accumulator tree.
pub(super) fn count(layered: &LayeredGraph, order: &Order, layer: usize, tree: &mut Vec<usize>) -> usize {
    let size = order.layers[layer].len();
    tree.clear();
    tree.resize(size + 1, 0);
    let (mut crossings, mut added) = (0, 0);
    let mut ends = Vec::new();
    for &vertex in &order.layers[layer - 1] {
        ends.clear();
        ends.extend(layered.below[vertex].iter().map(|&other| order.position[other] + 1));
        for &end in &ends {
            let (mut at, mut before) = (end, 0);
            while at > 0 {
                before += tree[at];
                at &= at - 1;
            }
            crossings += added - before;
        }
        added += ends.len();
        for &end in &ends {
            let mut at = end;
            while at <= size {
                tree[at] += 1;
                at += at & at.wrapping_neg();
            }
        }
    }
    crossings
}

/// The sorted positions of the neighbours of each vertex of one layer: those above, then those below.
#[derive(Default)]
pub(super) struct NeighbourPositions {
    list: Vec<usize>,
    /// Begin, middle and end in the list, for each position in the layer.
    ranges: Vec<(usize, usize, usize)>,
}

impl NeighbourPositions {
    pub(super) fn above(&self, position: usize) -> &[usize] {
        let (begin, middle, _) = self.ranges[position];
        &self.list[begin..middle]
    }

    pub(super) fn below(&self, position: usize) -> &[usize] {
        let (_, middle, end) = self.ranges[position];
        &self.list[middle..end]
    }

    /// Follows a transposition of two neighbours.
    pub(super) fn swap(&mut self, left: usize, right: usize) {
        self.ranges.swap(left, right);
    }

    /// Follows a vertex that moved within its layer.
    pub(super) fn shift(&mut self, from: usize, to: usize) {
        let range = self.ranges.remove(from);
        self.ranges.insert(to, range);
    }

    /// Reads the neighbours of a layer.
    pub(super) fn load(&mut self, layered: &LayeredGraph, order: &Order, layer: usize) {
        self.list.clear();
        self.ranges.clear();
        for &vertex in &order.layers[layer] {
            let begin = self.list.len();
            self.list.extend(layered.above[vertex].iter().map(|&other| order.position[other]));
            let middle = self.list.len();
            self.list.extend(layered.below[vertex].iter().map(|&other| order.position[other]));
            let end = self.list.len();
            self.list[begin..middle].sort_unstable();
            self.list[middle..end].sort_unstable();
            self.ranges.push((begin, middle, end));
        }
    }

    /// The crossing numbers of two vertices of the layer loaded last: the crossings between their edges with the first
    /// left of the second, and the other way round.
    pub(super) fn crossing_numbers(&self, left: usize, right: usize) -> (usize, usize) {
        let (now_above, then_above) = self.crossing_numbers_above(left, right);
        let (now_below, then_below) = crossing_numbers(self.below(left), self.below(right));
        (now_above + now_below, then_above + then_below)
    }

    /// The same of the edges above alone.
    pub(super) fn crossing_numbers_above(&self, left: usize, right: usize) -> (usize, usize) {
        crossing_numbers(self.above(left), self.above(right))
    }
}

/// How many pairs of two sorted lists are inverted, and how many would be if the lists changed places.
fn crossing_numbers(left: &[usize], right: &[usize]) -> (usize, usize) {
    if let ([one], [other]) = (left, right) {
        return (usize::from(one > other), usize::from(other > one));
    }
    let (mut now, mut then) = (0, 0);
    let (mut smaller, mut not_larger) = (0, 0);
    for position in left {
        while smaller < right.len() && right[smaller] < *position {
            smaller += 1;
        }
        while not_larger < right.len() && right[not_larger] <= *position {
            not_larger += 1;
        }
        now += smaller;
        then += right.len() - not_larger;
    }
    (now, then)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: &[usize], right: &[usize], expected: (usize, usize)) {
        assert_eq!(crossing_numbers(left, right), expected, "{left:?} and {right:?} cross otherwise");
    }

    #[test]
    fn edges_that_spread_cross_only_the_other_way_round() {
        check(&[0, 1], &[2, 3], (0, 4));
        check(&[3], &[1], (1, 0));
    }

    #[test]
    fn edges_to_one_vertex_do_not_cross() {
        check(&[0, 2, 2], &[1, 2], (2, 2));
    }
}
