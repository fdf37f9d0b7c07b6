//! Where every vertex stands from left to right, so that lines are short and long ones straight.
//!
//! The pieces of a long edge become one block that moves as a whole, as in Brandes and Köpf ("Fast and simple horizontal
//! coordinate assignment", 2002): of two pieces that cross, only one can be part of a block, and then the blocks have an
//! order from left to right. The blocks are placed by the network simplex method of Gansner, Koutsofios, North and Vo
//! (1993, section 4.2), which makes the weighted sum of all sideways distances smallest.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::order::Order;
use super::rank::Course;
use super::route::PORT_GAP;
use super::rows::{Chain, Rows};
use super::simplex::{self, Span};
use super::{straighten, whole};

/// The middle of every vertex, and where every edge leaves its upper node and reaches its lower one.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) middle: Vec<i32>,
    pub(super) leave: Vec<i32>,
    pub(super) reach: Vec<i32>,
}

/// The room between two nodes, between a node and a line, between labels or lines.
const NODE_GAP: i32 = 28;
const MIXED_GAP: i32 = 20;
const GAP: i32 = 14;

/// How much a sideways step costs: between a question and a label, which should be near; at the end of an edge; inside.
const TO_LABEL: i32 = 4;
const AT_END: i32 = 2;
const IN_EDGE: i32 = 8;

/// How far from the middle of its box an edge would like to end, from one edge to the next.
const LEAVE_GAP: i32 = 44;
const REACH_GAP: i32 = 22;

pub(super) fn columns(rows: &Rows, order: &Order) -> Columns {
    let sides = Sides::new(rows, order);
    let wanted = sides.wanted(rows);
    let (block, count) = blocks(rows, order);
    let mut middle = positions(rows, order, &wanted, &block, count);
    straighten::straighten(rows, order, &block, &mut middle);
    let (leave, reach) = sides.settle(rows, &middle);
    Columns { middle, leave, reach }
}

fn positions(
    rows: &Rows,
    order: &Order,
    (leave, reach): &(Vec<i32>, Vec<i32>),
    block: &[usize],
    blocks: usize,
) -> Vec<i32> {
    let mut apart: BTreeMap<(usize, usize), i32> = BTreeMap::new();
    for row in &order.rows {
        for pair in row.windows(2) {
            let least = distance(rows, pair[0], pair[1]);
            let known = apart.entry((block[pair[0]], block[pair[1]])).or_insert(0);
            *known = least.max(*known);
        }
    }
    let mut spans: Vec<Span> =
        apart.into_iter().map(|((from, to), length)| Span { from, to, length, weight: 0 }).collect();
    // A wish costs the distance between two places whichever is further left: the sum of the distances from a third
    // vertex that stands left of both.
    let mut count = blocks;
    let mut wish = |left: usize, right: usize, offset: i32, weight: i32| {
        if left != right {
            spans.push(Span { from: count, to: left, length: (-offset).max(0), weight });
            spans.push(Span { from: count, to: right, length: offset.max(0), weight });
            count += 1;
        }
    };
    for (index, chain) in rows.chains.iter().enumerate() {
        let links = &chain.links;
        let cost = |vertex: usize, other: i32| if vertex == chain.label { other } else { AT_END };
        wish(block[chain.upper], block[links[0]], leave[index], cost(links[0], TO_LABEL));
        for pair in links.windows(2) {
            let inside = pair.iter().all(|&vertex| vertex != chain.label);
            wish(block[pair[0]], block[pair[1]], 0, if inside { IN_EDGE } else { AT_END });
        }
        if let Some(lower) = chain.lower {
            let up = chain.course == Course::Up;
            wish(block[links[links.len() - 1]], block[lower], -reach[index], if up { TO_LABEL } else { AT_END });
        }
    }
    let places = simplex::solve(count, &spans);
    block.iter().map(|&block| places[block]).collect()
}

/// How far apart the middles of two neighbours in a row are at least.
pub(super) fn distance(rows: &Rows, left: usize, right: usize) -> i32 {
    let gap = match (left < rows.nodes, right < rows.nodes) {
        (true, true) => NODE_GAP,
        (false, false) => GAP,
        _ => MIXED_GAP,
    };
    (rows.width[left] + rows.width[right] + 1) / 2 + gap
}

/// The block of each vertex, and how many blocks there are.
fn blocks(rows: &Rows, order: &Order) -> (Vec<usize>, usize) {
    // For each vertex the next one of its edge, when the piece between them is kept straight.
    let mut next = vec![None; rows.vertices()];
    let mut straight: Vec<Vec<(usize, usize)>> = vec![Vec::new(); rows.count];
    for chain in by_length(rows) {
        let label = rows.chains[chain].label;
        for pair in rows.chains[chain].links.windows(2).filter(|pair| !pair.contains(&label)) {
            let kept = &mut straight[rows.row[pair[0]]];
            let piece = (order.place[pair[0]], order.place[pair[1]]);
            if kept.iter().all(|other| (other.0 < piece.0) == (other.1 < piece.1)) {
                kept.push(piece);
                next[pair[0]] = Some(pair[1]);
            }
        }
    }
    let mut block = vec![usize::MAX; rows.vertices()];
    let mut count = 0;
    for vertex in order.rows.iter().flatten().copied() {
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

/// The chains in the order in which they deserve to be straight: long ones first.
fn by_length(rows: &Rows) -> Vec<usize> {
    let mut chains: Vec<usize> = (0..rows.chains.len()).collect();
    chains.sort_by_key(|&chain| (Reverse(rows.chains[chain].links.len()), chain));
    chains
}

/// The edges at the lower and at the upper side of each node, from the left.
struct Sides {
    leaving: Vec<Vec<usize>>,
    reaching: Vec<Vec<usize>>,
}

impl Sides {
    fn new(rows: &Rows, order: &Order) -> Self {
        let mut sides = Self { leaving: vec![Vec::new(); rows.nodes], reaching: vec![Vec::new(); rows.nodes] };
        for (index, chain) in rows.chains.iter().enumerate() {
            sides.leaving[chain.upper].push(index);
            if let Some(lower) = chain.lower {
                sides.reaching[lower].push(index);
            }
        }
        for node in 0..rows.nodes {
            sides.leaving[node].sort_by_key(|&edge| order.place[first(&rows.chains[edge])]);
            sides.reaching[node].sort_by_key(|&edge| order.place[last(&rows.chains[edge])]);
        }
        sides
    }

    /// Where edges would end on boxes that they can be placed freely around: spread about the middle.
    fn wanted(&self, rows: &Rows) -> (Vec<i32>, Vec<i32>) {
        let spread = |sides: &[Vec<usize>], most: i32| {
            let mut offsets = vec![0; rows.chains.len()];
            for (node, edges) in sides.iter().enumerate() {
                let count = whole(edges.len());
                let gap = ((rows.width[node] - 2 * rows.corner[node]) / count.max(1)).min(most);
                for (place, &edge) in (0..).zip(edges) {
                    offsets[edge] = (2 * place - count + 1) * gap / 2;
                }
            }
            offsets
        };
        (spread(&self.leaving, LEAVE_GAP), spread(&self.reaching, REACH_GAP))
    }

    /// Where edges end once the boxes are placed: right above or below where they come from, if the box is there, so
    /// that most answers hang straight under their question.
    fn settle(&self, rows: &Rows, middle: &[i32]) -> (Vec<i32>, Vec<i32>) {
        let ends = |sides: &[Vec<usize>], other: fn(&Chain) -> usize| {
            let mut ends = vec![0; rows.chains.len()];
            for (node, edges) in sides.iter().enumerate() {
                let (from, to) = rows.straight_side(node, middle[node]);
                let wishes: Vec<i32> = edges.iter().map(|&edge| middle[other(&rows.chains[edge])]).collect();
                let places = keep_apart(&wishes, from, to);
                for (&edge, place) in edges.iter().zip(places) {
                    ends[edge] = place;
                }
            }
            ends
        };
        (ends(&self.leaving, first), ends(&self.reaching, last))
    }
}

fn first(chain: &Chain) -> usize {
    chain.links[0]
}

fn last(chain: &Chain) -> usize {
    chain.links[chain.links.len() - 1]
}

/// Places in ascending order between two ends, each as near to its wish as the others' distance allows.
fn keep_apart(wishes: &[i32], from: i32, to: i32) -> Vec<i32> {
    let gap = ((to - from) / whole(wishes.len()).max(1)).min(PORT_GAP);
    let mut places = Vec::with_capacity(wishes.len());
    let mut least = from;
    for &wish in wishes {
        let place = wish.max(least).min(to.max(least));
        places.push(place);
        least = place + gap;
    }
    let mut most = to;
    for place in places.iter_mut().rev() {
        *place = (*place).min(most);
        most = *place - gap;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wishes: &[i32], expected: &[i32]) {
        assert_eq!(keep_apart(wishes, 0, 100), expected, "the ends of {wishes:?} differ");
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
        check(&[200, 210, 220], &[100 - 2 * PORT_GAP, 100 - PORT_GAP, 100]);
        check(&[-9, -8, -7], &[0, PORT_GAP, 2 * PORT_GAP]);
    }
}
