//! The result of a layout: every coordinate, in CSS pixels from the top left corner.

/// A chart with all coordinates assigned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Drawing {
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// A box for each node of the graph.
    pub(crate) nodes: Vec<TextBox>,
    /// A path for each edge of the graph.
    pub(crate) edges: Vec<EdgePath>,
    /// The nodes layer by layer from the top, each layer from the left: the order in which a reader meets them.
    pub(crate) reading_order: Vec<usize>,
}

/// A rectangle and the lines of text in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TextBox {
    pub(crate) left: i32,
    pub(crate) top: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) lines: Vec<String>,
}

/// The orthogonal polyline of an edge, and its label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct EdgePath {
    /// The port at the source, the bends, and the port at the target.
    pub(crate) points: Vec<(i32, i32)>,
    pub(crate) label: TextBox,
}
