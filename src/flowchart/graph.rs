//! What is drawn: a directed graph of questions and outcomes, whose edges are the answers.

/// Questions and outcomes in the order written, and the answers between them. Cycles, self-loops, parallel edges and
/// unreachable nodes are allowed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// The answers, those of one question in the order written.
    pub(crate) edges: Vec<Edge>,
    /// The root: the question that a reader is asked first; it stands in the first layer.
    pub(crate) start: usize,
}

/// A question or an outcome.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Unique among the nodes.
    pub(crate) id: String,
    pub(crate) kind: Kind,
    /// The words in the box.
    pub(crate) title: String,
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
    /// The word beside the icon.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
            Self::Partly => "Partly",
            Self::Later => "Later",
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
    /// Whether this is the answer of those who cannot say; drawn dashed.
    pub(crate) unsure: bool,
}
