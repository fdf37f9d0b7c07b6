//! Orthogonal edge routing between placed vertices, as channel routing with a track for every horizontal segment.
//!
//! An edge runs straight down through every layer, at the x its vertex has there, and sideways only in the channels
//! between layers. Which segment is above which decides whether two edges cross or lie on each other, so tracks are
//! assigned by vertical constraints, in topological order of their graph:
//!
//! - of two segments in the same direction whose edges need not cross, the one that is ahead lies above;
//! - where one edge comes down at the x at which another one goes on downwards, the first turns off above the other.
//!
//! The second kind is the vertical constraint graph of channel routing in circuits, and every segment takes the first
//! track that is free, as in its left-edge method (both are summed up in Preas, "An algorithm to resolve cyclic vertical
//! constraints in channel routing", Xerox PARC). A cycle of constraints is broken, not resolved by doglegs.

use super::coordinates::Coordinates;
use super::drawing::{Drawing, EdgePath, TextBox};
use super::layered::{Chain, LayeredGraph};
use super::measure::{Size, Sizes};
use super::metrics::{
    ABOVE_TRACKS, MARGIN, SEGMENT_SEPARATION, TRACK_SEPARATION, TRACKS_TO_BOX, TRACKS_TO_LABEL, VERTICAL_SEPARATION,
    coordinate,
};
use super::order::Order;
use super::rank::Orientation;

/// Routes all edges, and stacks the layers with as much room between them as the tracks need.
pub(super) fn draw(layered: &LayeredGraph, order: &Order, coordinates: &Coordinates, sizes: Sizes) -> Drawing {
    let waypoints: Vec<_> =
        layered.chains.iter().enumerate().map(|(edge, chain)| waypoints(layered, coordinates, edge, chain)).collect();
    let (tracks, track_counts) = assign_tracks(layered, &waypoints);
    let extents = layer_extents(layered, order, &track_counts);
    let mut drawing = Drawing::default();
    for (node, size) in sizes.nodes.into_iter().enumerate() {
        drawing.nodes.push(text_box(size, coordinates.x[node], extents[layered.layer[node]].0));
    }
    for (index, size) in sizes.labels.into_iter().enumerate() {
        let chain = &layered.chains[index];
        let mut points = Vec::new();
        let upper = &drawing.nodes[chain.upper];
        points.push((waypoints[index][0].1, upper.top + upper.height));
        for (pair, track) in waypoints[index].windows(2).zip(&tracks[index]) {
            if let Some(track) = track {
                let (top, height) = extents[pair[0].0];
                let y = top + height + ABOVE_TRACKS + coordinate(*track) * TRACK_SEPARATION;
                points.push((pair[0].1, y));
                points.push((pair[1].1, y));
            }
        }
        let (top, height) = extents[layered.layer[chain.label]];
        let label = text_box(size, coordinates.x[chain.label], top);
        let end = chain.lower.map_or(top + height, |lower| drawing.nodes[lower].top);
        points.push((waypoints[index][waypoints[index].len() - 1].1, end));
        if chain.orientation == Orientation::Reversed {
            points.reverse();
        }
        drawing.edges.push(EdgePath { points, label });
    }
    drawing.reading_order =
        order.layers.iter().flatten().copied().filter(|&vertex| vertex < layered.node_count).collect();
    normalise(&mut drawing);
    drawing
}

fn text_box(size: Size, x: i32, top: i32) -> TextBox {
    TextBox { left: x - size.width / 2, top, width: size.width, height: size.height, lines: size.lines }
}

/// The layer and the x of every vertex of an edge, with those of its ports at the nodes.
fn waypoints(layered: &LayeredGraph, coordinates: &Coordinates, edge: usize, chain: &Chain) -> Vec<(usize, i32)> {
    let mut waypoints = vec![(layered.layer[chain.upper], coordinates.upper_port[edge])];
    waypoints.extend(chain.dummies.iter().map(|&dummy| (layered.layer[dummy], coordinates.x[dummy])));
    waypoints.extend(chain.lower.map(|lower| (layered.layer[lower], coordinates.lower_port[edge])));
    waypoints
}

/// A horizontal segment in a channel: the x at which its edge comes from above, and the one at which it goes on below.
#[derive(Debug, Clone, Copy)]
struct HorizontalSegment {
    from: i32,
    to: i32,
    edge: usize,
    /// Which part of its edge this is.
    index: usize,
}

impl HorizontalSegment {
    fn extent(&self) -> (i32, i32) {
        (self.from.min(self.to), self.from.max(self.to))
    }

    /// Whether both cannot be on one track.
    fn overlaps(&self, other: &Self) -> bool {
        let ((left, right), (other_left, other_right)) = (self.extent(), other.extent());
        left < other_right + SEGMENT_SEPARATION && other_left < right + SEGMENT_SEPARATION
    }

    fn goes_right(&self) -> bool {
        self.to > self.from
    }

    /// Whether this segment must lie above another so that their edges do not cross.
    fn crosses_unless_above(&self, other: &Self) -> bool {
        self.goes_right() == other.goes_right()
            && self.overlaps(other)
            && if self.goes_right() {
                self.from > other.from && self.to > other.to
            } else {
                self.from < other.from && self.to < other.to
            }
    }

    /// Whether this segment must lie above another so that the vertical parts of their edges do not lie on each other.
    fn collides_unless_above(&self, other: &Self) -> bool {
        (self.from - other.to).abs() < VERTICAL_SEPARATION
    }
}

/// The track of every part of every edge, `None` where it is straight, and how many tracks the channel below each layer
/// has.
fn assign_tracks(layered: &LayeredGraph, waypoints: &[Vec<(usize, i32)>]) -> (Vec<Vec<Option<usize>>>, Vec<usize>) {
    let mut channels: Vec<Vec<HorizontalSegment>> = vec![Vec::new(); layered.layer_count];
    let mut tracks = Vec::with_capacity(waypoints.len());
    for (edge, waypoints) in waypoints.iter().enumerate() {
        tracks.push(vec![None; waypoints.len() - 1]);
        for (index, pair) in waypoints.windows(2).enumerate() {
            if pair[0].1 != pair[1].1 {
                channels[pair[0].0].push(HorizontalSegment { from: pair[0].1, to: pair[1].1, edge, index });
            }
        }
    }
    let mut track_counts = vec![0; layered.layer_count];
    for (channel, mut segments) in channels.into_iter().enumerate() {
        segments.sort_unstable_by_key(|segment| (segment.from, segment.to, segment.edge));
        for (segment, track) in segments.iter().zip(route_channel(&segments)) {
            tracks[segment.edge][segment.index] = Some(track);
            track_counts[channel] = track_counts[channel].max(track + 1);
        }
    }
    (tracks, track_counts)
}

/// The tracks of the segments of one channel, counted from above.
fn route_channel(segments: &[HorizontalSegment]) -> Vec<usize> {
    let count = segments.len();
    // The vertical constraint graph: which segments have to lie below one, and how many have to lie above it.
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut in_degree = vec![0; count];
    for upper in 0..count {
        for lower in 0..count {
            let (a, b) = (&segments[upper], &segments[lower]);
            let collides = || a.collides_unless_above(b) && !b.crosses_unless_above(a);
            if upper != lower && (a.crosses_unless_above(b) || collides()) {
                below[upper].push(lower);
                in_degree[lower] += 1;
            }
        }
    }
    let mut tracks = vec![0; count];
    let mut placed: Vec<usize> = Vec::with_capacity(count);
    let mut is_placed = vec![false; count];
    while placed.len() < count {
        // The constraints can form a cycle; then the segment with the fewest against it goes first.
        let left = (0..count).filter(|&segment| !is_placed[segment]);
        let next = left.min_by_key(|&segment| (in_degree[segment], tracks[segment]));
        let next = next.expect("a segment is left");
        let is_taken = |track| {
            placed.iter().any(|&other: &usize| tracks[other] == track && segments[other].overlaps(&segments[next]))
        };
        let free = (tracks[next]..=tracks[next] + count).find(|&track| !is_taken(track));
        tracks[next] = free.expect("there are more tracks than segments");
        is_placed[next] = true;
        placed.push(next);
        for &lower in &below[next] {
            in_degree[lower] -= 1;
            if !is_placed[lower] {
                tracks[lower] = tracks[lower].max(tracks[next] + 1);
            }
        }
    }
    tracks
}

/// The upper end and the height of every layer.
fn layer_extents(layered: &LayeredGraph, order: &Order, track_counts: &[usize]) -> Vec<(i32, i32)> {
    let mut extents = Vec::with_capacity(layered.layer_count);
    let mut next = 0;
    for (layer, vertices) in order.layers.iter().enumerate() {
        let height = vertices.iter().map(|&vertex| layered.height[vertex]).max().unwrap_or(0);
        extents.push((next, height));
        let is_label_next = layer.is_multiple_of(2);
        let channel = match track_counts[layer] {
            0 if is_label_next => ABOVE_TRACKS,
            0 => TRACKS_TO_BOX,
            count => {
                let below_tracks = if is_label_next { TRACKS_TO_LABEL } else { TRACKS_TO_BOX };
                ABOVE_TRACKS + coordinate(count - 1) * TRACK_SEPARATION + below_tracks
            }
        };
        next += height + channel;
    }
    extents
}

/// Moves the drawing to the origin and measures it.
fn normalise(drawing: &mut Drawing) {
    let boxes = || drawing.nodes.iter().chain(drawing.edges.iter().map(|edge| &edge.label));
    let points = || drawing.edges.iter().flat_map(|edge| edge.points.iter().copied());
    let left = boxes().map(|text_box| text_box.left).chain(points().map(|(x, _)| x)).min().unwrap_or(0) - MARGIN;
    let right = boxes().map(|text_box| text_box.left + text_box.width).chain(points().map(|(x, _)| x)).max();
    let bottom = boxes().map(|text_box| text_box.top + text_box.height).chain(points().map(|(_, y)| y)).max();
    drawing.width = right.unwrap_or(0) + MARGIN - left;
    drawing.height = bottom.unwrap_or(0) + 2 * MARGIN;
    for edge in &mut drawing.edges {
        for point in &mut edge.points {
            *point = (point.0 - left, point.1 + MARGIN);
        }
    }
    let labels = drawing.edges.iter_mut().map(|edge| &mut edge.label);
    for text_box in drawing.nodes.iter_mut().chain(labels) {
        text_box.left -= left;
        text_box.top += MARGIN;
    }
}
