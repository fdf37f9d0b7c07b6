//! Small jogs taken out of placed edges: a step aside of a few pixels looks like a mistake.
//!
//! They come about where a label is a little wider than its share of the question's side, or a long edge passes just
//! beside the box that it ends at. The label or the block of dummy vertices is moved over, if its neighbours leave room
//! and it does not step aside elsewhere for it.

use super::layered::{Chain, LayeredGraph};
use super::metrics::{LABEL_SQUEEZE, MAX_JOG};
use super::order::Order;

/// Changes the centres `x` of labels and blocks.
pub(super) fn straighten(layered: &LayeredGraph, order: &Order, block: &[usize], x: &mut [i32]) {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); layered.vertex_count()];
    for vertex in 0..layered.vertex_count() {
        members[block[vertex]].push(vertex);
    }
    let mut straightener = Straightener { layered, order, x };
    // What moved may have made room for another.
    for chain in layered.chains.iter().chain(&layered.chains) {
        straightener.move_label(chain);
        straightener.move_block(chain, block, &members);
    }
}

struct Straightener<'a> {
    layered: &'a LayeredGraph,
    order: &'a Order,
    x: &'a mut [i32],
}

impl Straightener<'_> {
    /// Moves a label to where its edge is straight above and below it; or on one side, when it is on neither.
    fn move_label(&mut self, chain: &Chain) {
        let label = chain.dummies.iter().position(|&dummy| dummy == chain.label).expect("a chain holds its label");
        let before = if label == 0 { chain.upper } else { chain.dummies[label - 1] };
        let Some(after) = chain.dummies.get(label + 1).copied().or(chain.lower) else { return };
        let from = self.x[chain.label];
        let (above, below) = (self.straight_range(before), self.straight_range(after));
        let both = (above.0.max(below.0), above.1.min(below.1));
        let to = if both.0 <= both.1 {
            from.clamp(both.0, both.1)
        } else {
            let (to_above, to_below) = (from.clamp(above.0, above.1), from.clamp(below.0, below.1));
            if (to_above - from).abs() < (to_below - from).abs() { to_above } else { to_below }
        };
        self.shift(&[chain.label], to - from);
    }

    /// Moves the vertical part of a long edge, from below its label, to above the box that it ends at.
    fn move_block(&mut self, chain: &Chain, block: &[usize], members: &[Vec<usize>]) {
        let (Some(lower), [label, first, ..]) = (chain.lower, chain.dummies.as_slice()) else { return };
        let is_one_block =
            *label == chain.label && chain.dummies[1..].iter().all(|&dummy| block[dummy] == block[*first]);
        let from = self.x[*first];
        if is_one_block && self.x[*label] != from {
            let (least, most) = self.straight_range(lower);
            self.shift(&members[block[*first]], from.clamp(least, most) - from);
        }
    }

    /// The x that a vertical line from or to a vertex can have.
    fn straight_range(&self, vertex: usize) -> (i32, i32) {
        let x = self.x[vertex];
        if vertex < self.layered.node_count { self.layered.port_range(vertex, x) } else { (x, x) }
    }

    /// Moves some vertices together, if it is not far and all have room.
    fn shift(&mut self, vertices: &[usize], distance: i32) {
        let is_jog = distance != 0 && distance.abs() <= MAX_JOG;
        if is_jog && vertices.iter().all(|&vertex| self.has_room(vertex, distance)) {
            for &vertex in vertices {
                self.x[vertex] += distance;
            }
        }
    }

    fn has_room(&self, vertex: usize, distance: i32) -> bool {
        let (layer, position) = (&self.order.layers[self.layered.layer[vertex]], self.order.position[vertex]);
        let to = self.x[vertex] + distance;
        let separation = |left: usize, right: usize| {
            let labels = left >= self.layered.node_count && right >= self.layered.node_count;
            self.layered.separation(left, right) - if labels { LABEL_SQUEEZE } else { 0 }
        };
        let left = position.checked_sub(1).map(|position| layer[position]);
        let right = layer.get(position + 1).copied();
        left.is_none_or(|left| to - self.x[left] >= separation(left, vertex))
            && right.is_none_or(|right| self.x[right] - to >= separation(vertex, right))
    }
}
