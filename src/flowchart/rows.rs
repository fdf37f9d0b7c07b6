//! The graph with every long edge cut at the rows it passes, so that each piece joins neighbouring rows.
//!
//! Nodes stand in even rows. The odd rows between them hold the answers' labels: the first point of every edge below
//! its question carries its label, so all answers of a question stand in one line right under it.

use super::Graph;
use super::measure::Sizes;
use super::rank::{Course, Ranks};

/// Vertices in rows, and the pieces of edges between neighbouring rows. The first vertices are the nodes.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) nodes: usize,
    /// How many rows there are.
    pub(super) count: usize,
    /// The row of each vertex, its width and its height.
    pub(super) row: Vec<usize>,
    pub(super) width: Vec<i32>,
    pub(super) height: Vec<i32>,
    /// How far from its sides a node's straight upper or lower edge begins.
    pub(super) corner: Vec<i32>,
    /// The neighbours in the row above and in the row below.
    pub(super) above: Vec<Vec<usize>>,
    pub(super) below: Vec<Vec<usize>>,
    /// For each edge of the graph, the vertices it passes.
    pub(super) chains: Vec<Chain>,
}

/// An edge from its upper to its lower node.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) upper: usize,
    /// None for a loop, which ends at its label.
    pub(super) lower: Option<usize>,
    /// The vertices between, from the top; at least the one that carries the label.
    pub(super) links: Vec<usize>,
    pub(super) label: usize,
    pub(super) course: Course,
}

/// The width kept free for a line that passes a row.
const LINE: i32 = 2;

pub(super) fn build(graph: &Graph, ranks: &Ranks, sizes: &Sizes) -> Rows {
    let nodes = graph.nodes.len();
    let mut rows = Rows {
        nodes,
        count: 0,
        row: ranks.nodes.iter().map(|rank| 2 * rank).collect(),
        width: sizes.nodes.iter().map(|size| size.width).collect(),
        height: sizes.nodes.iter().map(|size| size.height).collect(),
        corner: graph.nodes.iter().zip(&sizes.nodes).map(|(node, size)| size.corner(node.kind)).collect(),
        above: vec![Vec::new(); nodes],
        below: vec![Vec::new(); nodes],
        chains: Vec::new(),
    };
    for ((edge, &course), label) in graph.edges.iter().zip(&ranks.edges).zip(&sizes.labels) {
        let (upper, lower) = match course {
            Course::Down => (edge.from, Some(edge.to)),
            Course::Up => (edge.to, Some(edge.from)),
            Course::Loop => (edge.from, None),
        };
        let first = rows.row[upper] + 1;
        let end = lower.map_or(first + 1, |lower| rows.row[lower]);
        let labelled = if course == Course::Up { end - 1 } else { first };
        let links: Vec<usize> = (first..end)
            .map(|row| if row == labelled { rows.add(row, label.width, label.height) } else { rows.add(row, LINE, 0) })
            .collect();
        let label = links[labelled - first];
        let stops: Vec<usize> = [upper].into_iter().chain(links.iter().copied()).chain(lower).collect();
        for pair in stops.windows(2) {
            rows.below[pair[0]].push(pair[1]);
            rows.above[pair[1]].push(pair[0]);
        }
        rows.chains.push(Chain { upper, lower, links, label, course });
    }
    rows.count = rows.row.iter().max().map_or(0, |last| last + 1);
    rows
}

impl Rows {
    fn add(&mut self, row: usize, width: i32, height: i32) -> usize {
        self.row.push(row);
        self.width.push(width);
        self.height.push(height);
        self.above.push(Vec::new());
        self.below.push(Vec::new());
        self.row.len() - 1
    }

    /// Between which places a line can end at the upper or the lower side of a node.
    pub(super) fn straight_side(&self, node: usize, middle: i32) -> (i32, i32) {
        let half = self.width[node] / 2 - self.corner[node];
        (middle - half, middle + half)
    }

    pub(super) fn vertices(&self) -> usize {
        self.row.len()
    }
}
