//! Counting crossings between neighbouring rows.

use super::order::Order;
use super::rows::Rows;

/// The crossings between a row and the one above, counted as inversions: the lower ends are added to a tree of
/// counts from left to right, each crossing all that were added before and end further right (Barth, Mutzel and
/// Jünger, "Simple and efficient bilayer cross counting", 2002; here with a Fenwick tree).
pub(super) fn between(rows: &Rows, order: &Order, row: usize, tree: &mut Vec<usize>) -> usize {
    let size = order.rows[row].len();
    tree.clear();
    tree.resize(size + 1, 0);
    let (mut crossings, mut added) = (0, 0);
    let mut ends = Vec::new();
    for &vertex in &order.rows[row - 1] {
        ends.clear();
        ends.extend(rows.below[vertex].iter().map(|&other| order.place[other] + 1));
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

/// The sorted places of the neighbours of each vertex of a row: `above[..]` then `below[..]`.
#[derive(Default)]
pub(super) struct Places {
    list: Vec<usize>,
    /// Begin, middle and end in the list.
    parts: Vec<(usize, usize, usize)>,
}

impl Places {
    pub(super) fn above(&self, place: usize) -> &[usize] {
        let (begin, middle, _) = self.parts[place];
        &self.list[begin..middle]
    }

    pub(super) fn below(&self, place: usize) -> &[usize] {
        let (_, middle, end) = self.parts[place];
        &self.list[middle..end]
    }

    /// Notes that two neighbours changed places.
    pub(super) fn swap(&mut self, left: usize, right: usize) {
        self.parts.swap(left, right);
    }

    /// Notes that a vertex moved within its row.
    pub(super) fn shift(&mut self, from: usize, to: usize) {
        let part = self.parts.remove(from);
        self.parts.insert(to, part);
    }

    /// Reads the neighbours of a row.
    pub(super) fn read(&mut self, rows: &Rows, order: &Order, row: usize) {
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

    /// The crossings between the edges of two vertices of the row read last, as they stand and the other way round.
    pub(super) fn of_pair(&self, left: usize, right: usize) -> (usize, usize) {
        let (now_above, then_above) = self.of_pair_above(left, right);
        let (now_below, then_below) = both_ways(self.below(left), self.below(right));
        (now_above + now_below, then_above + then_below)
    }

    /// The same of the edges above alone.
    pub(super) fn of_pair_above(&self, left: usize, right: usize) -> (usize, usize) {
        both_ways(self.above(left), self.above(right))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: &[usize], right: &[usize], expected: (usize, usize)) {
        assert_eq!(both_ways(left, right), expected, "{left:?} and {right:?} cross otherwise");
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
