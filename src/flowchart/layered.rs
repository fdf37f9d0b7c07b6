//! The proper layered graph: every long edge is a chain of dummy vertices (virtual nodes, in dot), so that each segment
//! joins neighbouring layers.
//!
//! Nodes stand in even layers. The odd layers between them hold the labels: the first dummy of every edge below its
//! question carries its label, so all answers of a question stand in one line right under it.

use super::graph::Graph;
use super::measure::Sizes;
use super::metrics::{EDGE_SEPARATION, LINE_WIDTH, MIXED_SEPARATION, NODE_SEPARATION};
use super::rank::{Orientation, Ranks};

/// Vertices in layers, and the segments of edges between neighbouring layers. The first vertices are the nodes, all
/// others are dummies.
#[derive(Debug)]
pub(super) struct LayeredGraph {
    pub(super) node_count: usize,
    pub(super) layer_count: usize,
    /// The layer of each vertex, its width and its height.
    pub(super) layer: Vec<usize>,
    pub(super) width: Vec<i32>,
    pub(super) height: Vec<i32>,
    /// How far from its sides a node's straight upper or lower edge begins.
    pub(super) corner: Vec<i32>,
    /// The neighbours in the layer above and in the layer below.
    pub(super) above: Vec<Vec<usize>>,
    pub(super) below: Vec<Vec<usize>>,
    /// One for each edge of the graph.
    pub(super) chains: Vec<Chain>,
}

/// An edge as a chain of vertices, from its upper to its lower node.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) upper: usize,
    /// None for a self-loop, which ends at its label.
    pub(super) lower: Option<usize>,
    /// The dummy vertices between, from the top; at least the one that carries the label.
    pub(super) dummies: Vec<usize>,
    /// The dummy that carries the label.
    pub(super) label: usize,
    pub(super) orientation: Orientation,
}

/// Puts the nodes into layers by their ranks, and dummy vertices between them.
pub(super) fn build(graph: &Graph, ranks: &Ranks, sizes: &Sizes) -> LayeredGraph {
    let node_count = graph.nodes.len();
    let mut layered = LayeredGraph {
        node_count,
        layer_count: 0,
        layer: ranks.nodes.iter().map(|rank| 2 * rank).collect(),
        width: sizes.nodes.iter().map(|size| size.width).collect(),
        height: sizes.nodes.iter().map(|size| size.height).collect(),
        corner: graph.nodes.iter().zip(&sizes.nodes).map(|(node, size)| size.corner(node.kind)).collect(),
        above: vec![Vec::new(); node_count],
        below: vec![Vec::new(); node_count],
        chains: Vec::new(),
    };
    for ((edge, &orientation), label) in graph.edges.iter().zip(&ranks.edges).zip(&sizes.labels) {
        let (upper, lower) = match orientation {
            Orientation::Forward => (edge.from, Some(edge.to)),
            Orientation::Reversed => (edge.to, Some(edge.from)),
            Orientation::SelfLoop => (edge.from, None),
        };
        let first = layered.layer[upper] + 1;
        let end = lower.map_or(first + 1, |lower| layered.layer[lower]);
        let labelled = if orientation == Orientation::Reversed { end - 1 } else { first };
        let dummies: Vec<usize> = (first..end)
            .map(|layer| {
                let (width, height) = if layer == labelled { (label.width, label.height) } else { (LINE_WIDTH, 0) };
                layered.add_dummy(layer, width, height)
            })
            .collect();
        let label = dummies[labelled - first];
        let stops: Vec<usize> = [upper].into_iter().chain(dummies.iter().copied()).chain(lower).collect();
        for pair in stops.windows(2) {
            layered.below[pair[0]].push(pair[1]);
            layered.above[pair[1]].push(pair[0]);
        }
        layered.chains.push(Chain { upper, lower, dummies, label, orientation });
    }
    layered.layer_count = layered.layer.iter().max().map_or(0, |last| last + 1);
    layered
}

impl LayeredGraph {
    fn add_dummy(&mut self, layer: usize, width: i32, height: i32) -> usize {
        self.layer.push(layer);
        self.width.push(width);
        self.height.push(height);
        self.above.push(Vec::new());
        self.below.push(Vec::new());
        self.layer.len() - 1
    }

    /// The least and the greatest x of a port on the upper or the lower side of a node whose centre is at `x`.
    pub(super) fn port_range(&self, node: usize, x: i32) -> (i32, i32) {
        let half = self.width[node] / 2 - self.corner[node];
        (x - half, x + half)
    }

    /// The least distance of the centres of two neighbours in a layer.
    pub(super) fn separation(&self, left: usize, right: usize) -> i32 {
        let gap = match (left < self.node_count, right < self.node_count) {
            (true, true) => NODE_SEPARATION,
            (false, false) => EDGE_SEPARATION,
            _ => MIXED_SEPARATION,
        };
        (self.width[left] + self.width[right] + 1) / 2 + gap
    }

    pub(super) fn vertex_count(&self) -> usize {
        self.layer.len()
    }
}
