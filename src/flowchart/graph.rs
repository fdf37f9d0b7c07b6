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
    /// What the drawing says besides.
    pub(crate) words: Words,
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
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Partly => "partly",
            Self::Later => "later",
        }
    }
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
    pub(super) fn verdict(&self, verdict: Verdict) -> &str {
        match verdict {
            Verdict::Yes => &self.yes,
            Verdict::No => &self.no,
            Verdict::Partly => &self.partly,
            Verdict::Later => &self.later,
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
