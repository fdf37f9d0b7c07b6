//! A graph of questions and outcomes in, its drawing out: a chart as SVG, and the same graph as Mermaid, DOT and text.
//!
//! [`layout`] draws in layers from top to bottom, after Sugiyama, Tagawa and Toda ("Methods for visual understanding of
//! hierarchical system structures", 1981), one file for each step:
//!
//! 1. `measure`: how large a box has to be for its words;
//! 2. `rank`: which row a node stands in;
//! 3. `rows`: every long edge becomes a chain of points, one in each row it passes. Below every row of nodes lies a **row
//!    of labels**, and the first point of an edge carries its label there, so a label can neither cover anything nor
//!    be far from its question;
//! 4. `order`, with `search`, `crossing` and `tidy`: who stands left of whom, so that few edges cross;
//! 5. `place`, with `straighten`: where exactly, so that edges are short and long ones straight;
//! 6. `route`: right-angled lines. Their horizontal parts run between the rows, each on a track of its own, so no line
//!    can pass through a box or lie on another.
//!
//! The faults a chart can have are thus excluded by how it is built rather than repaired afterwards.
//!
//! All arithmetic is on whole numbers and all effort is counted in rounds, never in time, so that a graph has one
//! drawing, the same bytes on every machine. Nothing here knows the site: what a question means, where its page is and
//! whether the graph is sound is said by the caller. Cycles, loops and unreachable nodes, which a site with errors may
//! hold, are drawn as well as they can be.

mod crossing;
mod export;
mod measure;
mod order;
mod place;
mod rank;
mod route;
mod rows;
mod search;
mod simplex;
mod straighten;
mod svg;
#[cfg(test)]
mod tests;
mod tidy;

pub(crate) use export::{dot, mermaid, text};
pub(crate) use svg::{standalone, svg};

/// What is drawn: questions and outcomes in the order written, and the answers between them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// The answers, those of one question in the order written.
    pub(crate) edges: Vec<Edge>,
    /// The node where the walk begins; it stands at the top.
    pub(crate) start: usize,
    pub(crate) words: Words,
}

/// What a drawing says beside the words of its nodes and edges.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    pub(crate) yes: String,
    pub(crate) no: String,
    pub(crate) partly: String,
    pub(crate) later: String,
    /// Beside the first question of the outline.
    pub(crate) start: String,
    /// How the outline names a question: `question {number}`.
    pub(crate) question: String,
}

impl Words {
    /// The word beside the icon.
    fn verdict(&self, verdict: Verdict) -> &str {
        match verdict {
            Verdict::Yes => &self.yes,
            Verdict::No => &self.no,
            Verdict::Partly => &self.partly,
            Verdict::Later => &self.later,
        }
    }
}

/// A question or an outcome.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Unique among the nodes.
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// The words in the box.
    pub(crate) title: String,
    /// What it is called where it is read aloud; it begins with the words that are seen.
    pub(crate) name: String,
    /// Where the box leads; empty for nowhere.
    pub(crate) url: String,
}

/// What a node is, which decides its silhouette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Question,
    Outcome(Verdict),
}

/// What an outcome says to the question that the decision asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Yes,
    No,
    Partly,
    Later,
}

impl Verdict {
    /// What style sheets know it by.
    fn id(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Partly => "partly",
            Self::Later => "later",
        }
    }
}

/// An answer, from a question to what it leads to.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    /// `question=answer`, as in the links that a reader shares.
    pub(crate) id: String,
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: String,
    /// Whether this is the way of those who cannot say; drawn dashed.
    pub(crate) unsure: bool,
}

/// A chart with every place settled, in CSS pixels from the top left corner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Drawing {
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// A box for each node of the graph.
    pub(crate) nodes: Vec<Area>,
    /// A line for each edge of the graph.
    pub(crate) edges: Vec<Line>,
    /// The nodes row by row from the top, each row from the left: the order in which a reader meets them.
    pub(crate) reading: Vec<usize>,
}

/// A box and the lines of words in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) left: i32,
    pub(crate) top: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) lines: Vec<String>,
}

/// An edge: the corners of its line from the question to the target, and its label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) corners: Vec<(i32, i32)>,
    pub(crate) label: Area,
}

/// Draws a graph. Ends on any graph, and draws the same graph the same way every time.
pub(crate) fn layout(graph: &Graph) -> Drawing {
    let sizes = measure::sizes(graph);
    let ranks = rank::assign(graph);
    let rows = rows::build(graph, &ranks, &sizes);
    let order = order::arrange(&rows);
    let columns = place::columns(&rows, &order);
    route::draw(graph, &rows, &order, &columns, sizes)
}

/// A count as a coordinate.
fn whole(count: usize) -> i32 {
    i32::try_from(count).expect("a chart has fewer than two thousand million parts")
}
