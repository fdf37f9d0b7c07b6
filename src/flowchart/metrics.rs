//! The distances that make up a chart, in CSS pixels; and a conversion from counts to them.
//!
//! Change how wide, high or airy charts are here. All of them are whole numbers, as all arithmetic of the layout is.

// Boxes of nodes.

/// Where a title is broken into lines, and how many lines it may have.
pub(super) const TITLE_WIDTH: i32 = 200;
pub(super) const TITLE_LINES: usize = 6;
/// Between the text of a box and its left and right sides.
pub(super) const BOX_PADDING_X: i32 = 16;
/// Between the text of a box and its upper and lower sides.
pub(super) const BOX_PADDING_Y: i32 = 12;
/// The width of a box is at least the first, and a multiple of the second, so that a small change of its title moves
/// nothing.
pub(super) const BOX_MIN_WIDTH: i32 = 120;
pub(super) const BOX_WIDTH_STEP: i32 = 24;
/// From the corner of a question's box to the first place where a port can be.
pub(super) const QUESTION_CORNER: i32 = 8;
/// The side of a verdict's icon, and the distance to its word.
pub(super) const ICON_SIZE: i32 = 14;
pub(super) const ICON_GAP: i32 = 6;

// Labels of edges.

/// Where a label is broken into lines, and how many lines it may have.
pub(super) const LABEL_WIDTH: i32 = 140;
pub(super) const LABEL_LINES: usize = 3;
/// Between the text of a label and its sides.
pub(super) const LABEL_PADDING_X: i32 = 6;
pub(super) const LABEL_PADDING_Y: i32 = 2;
/// As for boxes.
pub(super) const LABEL_MIN_WIDTH: i32 = 48;
pub(super) const LABEL_WIDTH_STEP: i32 = 12;

// Across a layer.

/// The separation of two nodes; of a node from a label or a line; of labels and lines.
pub(super) const NODE_SEPARATION: i32 = 28;
pub(super) const MIXED_SEPARATION: i32 = 20;
pub(super) const EDGE_SEPARATION: i32 = 14;
/// The width reserved for a line that passes a layer.
pub(super) const LINE_WIDTH: i32 = 2;
/// The least distance of two ports on one side of a node.
pub(super) const PORT_SEPARATION: i32 = 12;
/// The distance of two ports that the placing of nodes aims at: at the upper node of edges, whose labels hang there,
/// and at the lower one.
pub(super) const UPPER_PORT_DISTANCE: i32 = 44;
pub(super) const LOWER_PORT_DISTANCE: i32 = 22;
/// The longest jog that is taken out after placing.
pub(super) const MAX_JOG: i32 = 16;
/// How much of [`EDGE_SEPARATION`] two labels may give up for that; the padding in their boxes is more.
pub(super) const LABEL_SQUEEZE: i32 = 6;

// In the channel between two layers.

/// The distance of two tracks.
pub(super) const TRACK_SEPARATION: i32 = 10;
/// From the layer above to the first track.
pub(super) const ABOVE_TRACKS: i32 = 10;
/// From the last track to a layer of labels; to a layer of boxes, with the arrowhead between.
pub(super) const TRACKS_TO_LABEL: i32 = 8;
pub(super) const TRACKS_TO_BOX: i32 = 18;
/// The least distance of two segments on one track.
pub(super) const SEGMENT_SEPARATION: i32 = 12;
/// Vertical parts of two lines that are nearer than this must not run beside each other.
pub(super) const VERTICAL_SEPARATION: i32 = 6;

// The drawing.

/// Around the whole chart, for the outlines of focused boxes.
pub(super) const MARGIN: i32 = 12;
pub(super) const ARROWHEAD_LENGTH: i32 = 8;
pub(super) const ARROWHEAD_HALF_WIDTH: i32 = 4;
/// The radius of a line's bends.
pub(super) const BEND_RADIUS: i32 = 8;
/// The radius of the corners of questions and labels.
pub(super) const CORNER_RADIUS: i32 = 4;

/// A count as a coordinate.
pub(super) fn coordinate(count: usize) -> i32 {
    i32::try_from(count).expect("a chart has fewer than two thousand million parts")
}
