//! Right-angled lines between placed vertices.
//!
//! A line runs straight down through every row, at the place its vertex has there, and sideways only in the gaps between
//! rows. In a gap, every sideways run has a track of its own height. Which run is above which decides whether two
//! lines cross or lie on each other, so runs are sorted by these rules:
//!
//! - of two runs in the same direction whose lines need not cross, the one that is ahead lies above;
//! - where one line comes down at the place at which another one goes on downwards, the first turns off above the other.

use super::measure::{Size, Sizes};
use super::order::Order;
use super::place::Columns;
use super::rank::Course;
use super::rows::Rows;
use super::{Area, Drawing, Graph, Line, whole};

/// The least distance of two lines that end at one box.
pub(super) const PORT_GAP: i32 = 12;

/// The distance of two tracks.
const TRACK: i32 = 10;
/// The room above the first track and below the last one: to a label below, or to a box, where an arrowhead stands.
const OVER: i32 = 10;
const UNDER_TO_LABEL: i32 = 8;
const UNDER_TO_BOX: i32 = 18;
/// Runs on one track keep this distance; lines that come nearer than this are told apart by their tracks.
const CLEAR: i32 = 12;
const NEAR: i32 = 6;
/// The room around the chart, for outlines of focused boxes.
const MARGIN: i32 = 12;

pub(super) fn draw(graph: &Graph, rows: &Rows, order: &Order, columns: &Columns, sizes: Sizes) -> Drawing {
    let stops = stops(rows, columns);
    let (tracks, most) = tracks(rows, &stops);
    let tops = tops(rows, order, &most);
    let mut drawing = Drawing::default();
    for (node, size) in sizes.nodes.into_iter().enumerate() {
        drawing.nodes.push(area(size, columns.middle[node], tops[rows.row[node]].0));
    }
    for (index, size) in sizes.labels.into_iter().enumerate() {
        let chain = &rows.chains[index];
        let mut corners = Vec::new();
        let upper = &drawing.nodes[chain.upper];
        corners.push((stops[index][0].1, upper.top + upper.height));
        for (pair, track) in stops[index].windows(2).zip(&tracks[index]) {
            if let Some(track) = track {
                let (top, height) = tops[pair[0].0];
                let across = top + height + OVER + whole(*track) * TRACK;
                corners.push((pair[0].1, across));
                corners.push((pair[1].1, across));
            }
        }
        let (top, height) = tops[rows.row[chain.label]];
        let label = area(size, columns.middle[chain.label], top);
        let end = chain.lower.map_or(top + height, |lower| drawing.nodes[lower].top);
        corners.push((stops[index][stops[index].len() - 1].1, end));
        if chain.course == Course::Up {
            corners.reverse();
        }
        drawing.edges.push(Line { corners, label });
    }
    drawing.reading = order.rows.iter().flatten().copied().filter(|&vertex| vertex < graph.nodes.len()).collect();
    fit(&mut drawing);
    drawing
}

fn area(size: Size, middle: i32, top: i32) -> Area {
    Area { left: middle - size.width / 2, top, width: size.width, height: size.height, lines: size.lines }
}

/// The row and the place of every stop of every edge, from its upper to its lower node.
fn stops(rows: &Rows, columns: &Columns) -> Vec<Vec<(usize, i32)>> {
    let of_chain = |(index, chain): (usize, &super::rows::Chain)| {
        let mut stops = vec![(rows.row[chain.upper], columns.leave[index])];
        stops.extend(chain.links.iter().map(|&link| (rows.row[link], columns.middle[link])));
        stops.extend(chain.lower.map(|lower| (rows.row[lower], columns.reach[index])));
        stops
    };
    rows.chains.iter().enumerate().map(of_chain).collect()
}

/// A sideways run in a gap: where its line comes from above and where it goes on below.
#[derive(Debug, Clone, Copy)]
struct Run {
    from: i32,
    to: i32,
    edge: usize,
    piece: usize,
}

impl Run {
    fn span(&self) -> (i32, i32) {
        (self.from.min(self.to), self.from.max(self.to))
    }

    fn meets(&self, other: &Self) -> bool {
        let ((left, right), (other_left, other_right)) = (self.span(), other.span());
        left < other_right + CLEAR && other_left < right + CLEAR
    }

    fn goes_right(&self) -> bool {
        self.to > self.from
    }

    /// Whether this run must lie above another so that their lines do not cross.
    fn is_ahead_of(&self, other: &Self) -> bool {
        self.goes_right() == other.goes_right()
            && self.meets(other)
            && if self.goes_right() {
                self.from > other.from && self.to > other.to
            } else {
                self.from < other.from && self.to < other.to
            }
    }

    /// Whether this run must lie above another so that their upright parts do not lie on each other.
    fn comes_down_on(&self, other: &Self) -> bool {
        (self.from - other.to).abs() < NEAR
    }
}

/// The track of every piece of every edge, `None` where it is straight, and how many tracks the gap below each row has.
fn tracks(rows: &Rows, stops: &[Vec<(usize, i32)>]) -> (Vec<Vec<Option<usize>>>, Vec<usize>) {
    let mut gaps: Vec<Vec<Run>> = vec![Vec::new(); rows.count];
    let mut tracks = Vec::with_capacity(stops.len());
    for (edge, stops) in stops.iter().enumerate() {
        tracks.push(vec![None; stops.len() - 1]);
        for (piece, pair) in stops.windows(2).enumerate() {
            if pair[0].1 != pair[1].1 {
                gaps[pair[0].0].push(Run { from: pair[0].1, to: pair[1].1, edge, piece });
            }
        }
    }
    let mut most = vec![0; rows.count];
    for (gap, mut runs) in gaps.into_iter().enumerate() {
        runs.sort_unstable_by_key(|run| (run.from, run.to, run.edge));
        for (run, track) in runs.iter().zip(stack(&runs)) {
            tracks[run.edge][run.piece] = Some(track);
            most[gap] = most[gap].max(track + 1);
        }
    }
    (tracks, most)
}

/// The tracks of the runs of one gap, counted from above.
fn stack(runs: &[Run]) -> Vec<usize> {
    let count = runs.len();
    // Which runs have to lie below a run, and how many have to lie above it.
    let mut under: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut waiting = vec![0; count];
    for upper in 0..count {
        for lower in 0..count {
            let (a, b) = (&runs[upper], &runs[lower]);
            if upper != lower && (a.is_ahead_of(b) || (a.comes_down_on(b) && !b.is_ahead_of(a))) {
                under[upper].push(lower);
                waiting[lower] += 1;
            }
        }
    }
    let mut tracks = vec![0; count];
    let mut placed: Vec<usize> = Vec::with_capacity(count);
    let mut done = vec![false; count];
    while placed.len() < count {
        // The rules can contradict each other; then the run with the fewest against it goes first.
        let next = (0..count).filter(|&run| !done[run]).min_by_key(|&run| (waiting[run], tracks[run]));
        let next = next.expect("a run is left");
        let taken =
            |track| placed.iter().any(|&other: &usize| tracks[other] == track && runs[other].meets(&runs[next]));
        let free = (tracks[next]..=tracks[next] + count).find(|&track| !taken(track));
        tracks[next] = free.expect("there are more tracks than runs");
        done[next] = true;
        placed.push(next);
        for &lower in &under[next] {
            waiting[lower] -= 1;
            if !done[lower] {
                tracks[lower] = tracks[lower].max(tracks[next] + 1);
            }
        }
    }
    tracks
}

/// The upper end and the height of every row.
fn tops(rows: &Rows, order: &Order, tracks: &[usize]) -> Vec<(i32, i32)> {
    let mut tops = Vec::with_capacity(rows.count);
    let mut next = 0;
    for (row, vertices) in order.rows.iter().enumerate() {
        let height = vertices.iter().map(|&vertex| rows.height[vertex]).max().unwrap_or(0);
        tops.push((next, height));
        let to_label = row.is_multiple_of(2);
        let between = match tracks[row] {
            0 if to_label => OVER,
            0 => UNDER_TO_BOX,
            count => OVER + whole(count - 1) * TRACK + if to_label { UNDER_TO_LABEL } else { UNDER_TO_BOX },
        };
        next += height + between;
    }
    tops
}

/// Moves the drawing to the corner and measures it.
fn fit(drawing: &mut Drawing) {
    let boxes = || drawing.nodes.iter().chain(drawing.edges.iter().map(|edge| &edge.label));
    let corners = || drawing.edges.iter().flat_map(|edge| edge.corners.iter().copied());
    let left = boxes().map(|area| area.left).chain(corners().map(|(x, _)| x)).min().unwrap_or(0) - MARGIN;
    let right = boxes().map(|area| area.left + area.width).chain(corners().map(|(x, _)| x)).max().unwrap_or(0);
    let bottom = boxes().map(|area| area.top + area.height).chain(corners().map(|(_, y)| y)).max().unwrap_or(0);
    drawing.width = right + MARGIN - left;
    drawing.height = bottom + 2 * MARGIN;
    for edge in &mut drawing.edges {
        for corner in &mut edge.corners {
            *corner = (corner.0 - left, corner.1 + MARGIN);
        }
    }
    let labels = drawing.edges.iter_mut().map(|edge| &mut edge.label);
    for area in drawing.nodes.iter_mut().chain(labels) {
        area.left -= left;
        area.top += MARGIN;
    }
}
