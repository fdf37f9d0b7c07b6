//! Coordinate assignment: the x of every vertex and port, so that edges are short and long ones straight.
//!
//! The dummy vertices of a long edge become one block that moves as a whole; blocks are those of Brandes and Köpf ("Fast
//! and simple horizontal coordinate assignment", 2002), who align other vertices too. Of two segments that cross, only
//! one can be part of a block, and then the blocks have an order from left to right. The blocks are placed by network simplex as in dot (Gansner, Koutsofios,
//! North and Vo 1993, section 4.2), which minimises the weighted sum of all horizontal distances.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::layered::{Chain, LayeredGraph};
use super::metrics::{LOWER_PORT_DISTANCE, PORT_SEPARATION, UPPER_PORT_DISTANCE, coordinate};
use super::order::Order;
use super::rank::Orientation;
use super::simplex::{self, Constraint};
use super::straighten;

/// The horizontal coordinates of a chart.
#[derive(Debug)]
pub(super) struct Coordinates {
    /// The centre of every vertex.
    pub(super) x: Vec<i32>,
    /// The port of every edge on the lower side of its upper node, and on the upper side of its lower node.
    pub(super) upper_port: Vec<i32>,
    pub(super) lower_port: Vec<i32>,
}

/// What a unit of horizontal distance costs: between a question and a label, which should be near; at the end of an
/// edge; between its dummy vertices.
const WEIGHT_TO_LABEL: i32 = 4;
const WEIGHT_AT_END: i32 = 2;
const WEIGHT_INSIDE: i32 = 8;

/// Places all vertices, then the ports.
pub(super) fn assign(layered: &LayeredGraph, order: &Order) -> Coordinates {
    let ports = Ports::new(layered, order);
    let offsets = ports.preferred_offsets(layered);
    let (block, block_count) = blocks(layered, order);
    let mut x = place(layered, order, &offsets, &block, block_count);
    straighten::straighten(layered, order, &block, &mut x);
    let (upper_port, lower_port) = ports.assign(layered, &x);
    Coordinates { x, upper_port, lower_port }
}

/// The x of every vertex, by those of its block.
fn place(
    layered: &LayeredGraph,
    order: &Order,
    (upper_offset, lower_offset): &(Vec<i32>, Vec<i32>),
    block: &[usize],
    block_count: usize,
) -> Vec<i32> {
    let mut separations: BTreeMap<(usize, usize), i32> = BTreeMap::new();
    for layer in &order.layers {
        for pair in layer.windows(2) {
            let least = layered.separation(pair[0], pair[1]);
            let known = separations.entry((block[pair[0]], block[pair[1]])).or_insert(0);
            *known = least.max(*known);
        }
    }
    let mut constraints: Vec<Constraint> = separations
        .into_iter()
        .map(|((from, to), min_length)| Constraint { from, to, min_length, weight: 0 })
        .collect();
    // The distance of two blocks costs the same whichever is further left: it is the sum of the distances from an
    // auxiliary vertex that stands left of both (dot's auxiliary graph).
    let mut count = block_count;
    let mut prefer = |left: usize, right: usize, offset: i32, weight: i32| {
        if left != right {
            constraints.push(Constraint { from: count, to: left, min_length: (-offset).max(0), weight });
            constraints.push(Constraint { from: count, to: right, min_length: offset.max(0), weight });
            count += 1;
        }
    };
    for (index, chain) in layered.chains.iter().enumerate() {
        let dummies = &chain.dummies;
        let weight = |vertex: usize, other: i32| if vertex == chain.label { other } else { WEIGHT_AT_END };
        prefer(block[chain.upper], block[dummies[0]], upper_offset[index], weight(dummies[0], WEIGHT_TO_LABEL));
        for pair in dummies.windows(2) {
            let inside = pair.iter().all(|&vertex| vertex != chain.label);
            prefer(block[pair[0]], block[pair[1]], 0, if inside { WEIGHT_INSIDE } else { WEIGHT_AT_END });
        }
        if let Some(lower) = chain.lower {
            let reversed = chain.orientation == Orientation::Reversed;
            let weight = if reversed { WEIGHT_TO_LABEL } else { WEIGHT_AT_END };
            prefer(block[dummies[dummies.len() - 1]], block[lower], -lower_offset[index], weight);
        }
    }
    let positions = simplex::solve(count, &constraints);
    block.iter().map(|&block| positions[block]).collect()
}

/// The block of each vertex, and how many blocks there are.
fn blocks(layered: &LayeredGraph, order: &Order) -> (Vec<usize>, usize) {
    // For each vertex the next one of its edge, when the segment between them is kept vertical.
    let mut next = vec![None; layered.vertex_count()];
    let mut vertical: Vec<Vec<(usize, usize)>> = vec![Vec::new(); layered.layer_count];
    for chain in by_length(layered) {
        let label = layered.chains[chain].label;
        for pair in layered.chains[chain].dummies.windows(2).filter(|pair| !pair.contains(&label)) {
            let kept = &mut vertical[layered.layer[pair[0]]];
            let segment = (order.position[pair[0]], order.position[pair[1]]);
            if kept.iter().all(|other| (other.0 < segment.0) == (other.1 < segment.1)) {
                kept.push(segment);
                next[pair[0]] = Some(pair[1]);
            }
        }
    }
    let mut block = vec![usize::MAX; layered.vertex_count()];
    let mut count = 0;
    for vertex in order.layers.iter().flatten().copied() {
        if block[vertex] == usize::MAX {
            block[vertex] = count;
            count += 1;
        }
        if let Some(next) = next[vertex] {
            block[next] = block[vertex];
        }
    }
    (block, count)
}

/// The chains by their priority to be straight: long ones first.
fn by_length(layered: &LayeredGraph) -> Vec<usize> {
    let mut chains: Vec<usize> = (0..layered.chains.len()).collect();
    chains.sort_by_key(|&chain| (Reverse(layered.chains[chain].dummies.len()), chain));
    chains
}

/// The edges with a port on the lower and on the upper side of each node, from the left.
struct Ports {
    lower_side: Vec<Vec<usize>>,
    upper_side: Vec<Vec<usize>>,
}

impl Ports {
    fn new(layered: &LayeredGraph, order: &Order) -> Self {
        let sides = || vec![Vec::new(); layered.node_count];
        let mut ports = Self { lower_side: sides(), upper_side: sides() };
        for (index, chain) in layered.chains.iter().enumerate() {
            ports.lower_side[chain.upper].push(index);
            if let Some(lower) = chain.lower {
                ports.upper_side[lower].push(index);
            }
        }
        for node in 0..layered.node_count {
            ports.lower_side[node].sort_by_key(|&edge| order.position[first(&layered.chains[edge])]);
            ports.upper_side[node].sort_by_key(|&edge| order.position[last(&layered.chains[edge])]);
        }
        ports
    }

    /// Where the ports of every edge would be while nodes are not placed yet, from the centre of the node: spread
    /// evenly.
    fn preferred_offsets(&self, layered: &LayeredGraph) -> (Vec<i32>, Vec<i32>) {
        let spread = |sides: &[Vec<usize>], most: i32| {
            let mut offsets = vec![0; layered.chains.len()];
            for (node, edges) in sides.iter().enumerate() {
                let count = coordinate(edges.len());
                let gap = ((layered.width[node] - 2 * layered.corner[node]) / count.max(1)).min(most);
                for (index, &edge) in (0..).zip(edges) {
                    offsets[edge] = (2 * index - count + 1) * gap / 2;
                }
            }
            offsets
        };
        (spread(&self.lower_side, UPPER_PORT_DISTANCE), spread(&self.upper_side, LOWER_PORT_DISTANCE))
    }

    /// The ports once the nodes are placed: right above or below where the edge comes from, if the node is there, so
    /// that most answers hang straight under their question.
    fn assign(&self, layered: &LayeredGraph, x: &[i32]) -> (Vec<i32>, Vec<i32>) {
        let assign = |sides: &[Vec<usize>], neighbour: fn(&Chain) -> usize| {
            let mut ports = vec![0; layered.chains.len()];
            for (node, edges) in sides.iter().enumerate() {
                let (least, most) = layered.port_range(node, x[node]);
                let preferred: Vec<i32> = edges.iter().map(|&edge| x[neighbour(&layered.chains[edge])]).collect();
                for (&edge, port) in edges.iter().zip(spread(&preferred, least, most)) {
                    ports[edge] = port;
                }
            }
            ports
        };
        (assign(&self.lower_side, first), assign(&self.upper_side, last))
    }
}

fn first(chain: &Chain) -> usize {
    chain.dummies[0]
}

fn last(chain: &Chain) -> usize {
    chain.dummies[chain.dummies.len() - 1]
}

/// Coordinates in ascending order between two bounds, each as near to the preferred one as the others' separation
/// allows.
fn spread(preferred: &[i32], least: i32, most: i32) -> Vec<i32> {
    let gap = ((most - least) / coordinate(preferred.len()).max(1)).min(PORT_SEPARATION);
    let mut spread = Vec::with_capacity(preferred.len());
    let mut lowest = least;
    for &x in preferred {
        let x = x.max(lowest).min(most.max(lowest));
        spread.push(x);
        lowest = x + gap;
    }
    let mut highest = most;
    for x in spread.iter_mut().rev() {
        *x = (*x).min(highest);
        highest = *x - gap;
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(preferred: &[i32], expected: &[i32]) {
        assert_eq!(spread(preferred, 0, 100), expected, "the ports of {preferred:?} differ");
    }

    #[test]
    fn an_edge_ends_where_it_comes_from() {
        check(&[20, 70], &[20, 70]);
    }

    #[test]
    fn an_edge_from_beside_the_box_ends_at_its_side() {
        check(&[-300, 50, 900], &[0, 50, 100]);
    }

    #[test]
    fn edges_from_one_side_do_not_end_on_each_other() {
        check(&[200, 210, 220], &[100 - 2 * PORT_SEPARATION, 100 - PORT_SEPARATION, 100]);
        check(&[-9, -8, -7], &[0, PORT_SEPARATION, 2 * PORT_SEPARATION]);
    }
}
