//! Small jogs taken out of placed lines: a step aside of a few pixels looks like a mistake.
//!
//! They come about where a label is a little wider than its share of the question's side, or a long line passes just
//! beside the box that it ends at. The label or the line is moved over, if its neighbours leave room and it does not
//! step aside elsewhere for it.

use super::order::Order;
use super::place::distance;
use super::rows::{Chain, Rows};

/// Steps to the side up to this are worth moving something for.
const SMALL: i32 = 16;
/// How much nearer than usual labels may come to each other for it; their boxes have more than this to spare.
const SQUEEZE: i32 = 6;

pub(super) fn straighten(rows: &Rows, order: &Order, block: &[usize], middle: &mut [i32]) {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); rows.vertices()];
    for vertex in 0..rows.vertices() {
        members[block[vertex]].push(vertex);
    }
    let mut placed = Placed { rows, order, middle };
    // What moved may have made room for another.
    for chain in rows.chains.iter().chain(&rows.chains) {
        placed.move_label(chain);
        placed.move_line(chain, block, &members);
    }
}

struct Placed<'a> {
    rows: &'a Rows,
    order: &'a Order,
    middle: &'a mut [i32],
}

impl Placed<'_> {
    /// Moves a label to where its line is straight above and below it; or on one side, when it is on neither.
    fn move_label(&mut self, chain: &Chain) {
        let label = chain.links.iter().position(|&link| link == chain.label).expect("a chain holds its label");
        let before = if label == 0 { chain.upper } else { chain.links[label - 1] };
        let Some(after) = chain.links.get(label + 1).copied().or(chain.lower) else { return };
        let at = self.middle[chain.label];
        let (above, below) = (self.straight(before), self.straight(after));
        let both = (above.0.max(below.0), above.1.min(below.1));
        let to = if both.0 <= both.1 {
            at.clamp(both.0, both.1)
        } else {
            let (to_above, to_below) = (at.clamp(above.0, above.1), at.clamp(below.0, below.1));
            if (to_above - at).abs() < (to_below - at).abs() { to_above } else { to_below }
        };
        self.step(&[chain.label], to - at);
    }

    /// Moves the upright part of a long line, from below its label, to above the box that it ends at.
    fn move_line(&mut self, chain: &Chain, block: &[usize], members: &[Vec<usize>]) {
        let (Some(lower), [label, first, ..]) = (chain.lower, chain.links.as_slice()) else { return };
        let in_one = *label == chain.label && chain.links[1..].iter().all(|&link| block[link] == block[*first]);
        let at = self.middle[*first];
        if in_one && self.middle[*label] != at {
            let (from, to) = self.straight(lower);
            self.step(&members[block[*first]], at.clamp(from, to) - at);
        }
    }

    /// Where a line that goes straight down from or to a vertex can be.
    fn straight(&self, vertex: usize) -> (i32, i32) {
        let at = self.middle[vertex];
        if vertex < self.rows.nodes { self.rows.straight_side(vertex, at) } else { (at, at) }
    }

    /// Moves some vertices together, if it is not far and all have room.
    fn step(&mut self, vertices: &[usize], step: i32) {
        if step != 0 && step.abs() <= SMALL && vertices.iter().all(|&vertex| self.has_room(vertex, step)) {
            for &vertex in vertices {
                self.middle[vertex] += step;
            }
        }
    }

    fn has_room(&self, vertex: usize, step: i32) -> bool {
        let (row, place) = (&self.order.rows[self.rows.row[vertex]], self.order.place[vertex]);
        let to = self.middle[vertex] + step;
        let apart = |left: usize, right: usize| {
            let labels = left >= self.rows.nodes && right >= self.rows.nodes;
            distance(self.rows, left, right) - if labels { SQUEEZE } else { 0 }
        };
        let left = place.checked_sub(1).map(|place| row[place]);
        let right = row.get(place + 1).copied();
        left.is_none_or(|left| to - self.middle[left] >= apart(left, vertex))
            && right.is_none_or(|right| self.middle[right] - to >= apart(vertex, right))
    }
}
