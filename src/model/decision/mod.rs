//! Decisions: a graph of questions and outcomes, whose nodes are pages of their own.
//!
//! Every name that a decision uses is settled here: targets, pages, terms, claims. An answer whose target is not there
//! is reported and left out, so that an [`Edge`] always leads to a node; [`Question::lost`] remembers that there was
//! one, and `check` draws no conclusions from its absence. What can be said of the graph as a whole is in [`graph`],
//! and what is wrong with it for `check` to say.

mod draft;
mod graph;

use std::sync::Arc;

use super::reference::{Definition, Resolution, Use, Wanted};
use super::{ClaimId, NameLookup, PageId, PageKind, Site, TermId, folded, title_order};
use crate::parse::{self, DecisionTest, Role, Verdict};
use crate::source::{At, Span};

use draft::Draft;
pub(crate) use graph::GraphSummary;

/// A node, by its position in [`Decision::nodes`].
pub(crate) type NodeIndex = usize;

/// A decision, which the answers lead through from `start` to an outcome.
#[derive(Debug, Hash)]
pub(crate) struct Decision {
    pub(crate) page: PageId,
    pub(crate) audience: Option<String>,
    /// The first question; none where it is not there.
    pub(crate) start: Option<NodeIndex>,
    /// The page that shows the disagreement behind it.
    pub(crate) debate: Option<PageId>,
    /// Questions, then outcomes, in the order written.
    pub(crate) nodes: Vec<Node>,
    /// Whether each id means one node; if not, nothing follows from the graph.
    pub(crate) distinct: bool,
    /// As written; `check` runs them.
    pub(crate) tests: Vec<DecisionTest>,
    /// What follows from the graph.
    pub(crate) summary: GraphSummary,
}

/// A question or an outcome.
#[derive(Debug, Hash)]
pub(crate) struct Node {
    /// Unique in its decision, and part of shared links.
    pub(crate) id: String,
    /// Where the id is written.
    pub(crate) span: Span,
    /// Its own page.
    pub(crate) page: PageId,
    /// The page that explains it.
    pub(crate) explains: Option<PageId>,
    /// What it rests on; of an outcome, what speaks for it.
    pub(crate) claims: Vec<ClaimId>,
    pub(crate) kind: NodeKind,
}

/// What a node is.
#[derive(Debug, Hash)]
pub(crate) enum NodeKind {
    Question(Question),
    Outcome(Outcome),
}

/// What makes a node a question.
#[derive(Debug, Hash)]
pub(crate) struct Question {
    pub(crate) ask: String,
    pub(crate) why: Option<String>,
    pub(crate) answers: Vec<Answer>,
    pub(crate) unsure: Option<Unsure>,
    /// Whether an answer was left out because it, or what it leads to, could not be made out.
    pub(crate) lost: bool,
}

/// An answer.
#[derive(Debug, Hash)]
pub(crate) struct Answer {
    /// Unique in its question, and part of shared links.
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) hint: Option<String>,
    pub(crate) to: NodeIndex,
    /// Where its target is written.
    pub(crate) span: Span,
    /// Terms that are met with it.
    pub(crate) tags: Vec<TermId>,
    /// Former ids.
    pub(crate) aliases: Vec<String>,
}

/// What helps a reader who does not know the answer.
#[derive(Debug, Hash)]
pub(crate) struct Unsure {
    pub(crate) guidance: Option<String>,
    pub(crate) to: NodeIndex,
    /// Where its target is written.
    pub(crate) span: Span,
}

/// What makes a node an outcome.
#[derive(Debug, Hash)]
pub(crate) struct Outcome {
    pub(crate) title: String,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) advice: Option<String>,
    /// What speaks against it.
    pub(crate) against: Vec<ClaimId>,
    pub(crate) benefits: Vec<Effect>,
    pub(crate) risks: Vec<Effect>,
    /// Where to go on: pages, and other decisions by theirs.
    pub(crate) next: Vec<PageId>,
}

/// A benefit or a risk of an outcome.
#[derive(Debug, Hash)]
pub(crate) struct Effect {
    /// It counts when this term was met, with the place that says so; always where there is none.
    pub(crate) term: Option<At<TermId>>,
    pub(crate) text: String,
    /// The page that says what can be done about a risk.
    pub(crate) mitigate: Option<PageId>,
}

/// One step through a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Edge {
    pub(crate) from: NodeIndex,
    pub(crate) choice: Choice,
    pub(crate) to: NodeIndex,
}

/// How a reader goes on from a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Choice {
    /// By the answer at this position.
    Answer(usize),
    /// Without knowing the answer.
    Unsure,
}

/// What stands for [`Choice::Unsure`] in links, where an answer's id stands otherwise; no id can be this.
pub(crate) const UNSURE: &str = "~";

impl Decision {
    /// The node with this id.
    pub(crate) fn node(&self, id: &str) -> Option<NodeIndex> {
        self.nodes.iter().position(|node| node.id == id)
    }

    /// What makes the node a question, if it is one.
    pub(crate) fn question(&self, node: NodeIndex) -> Option<&Question> {
        match &self.nodes[node].kind {
            NodeKind::Question(question) => Some(question),
            NodeKind::Outcome(_) => None,
        }
    }

    /// What makes the node an outcome, if it is one.
    pub(crate) fn outcome(&self, node: NodeIndex) -> Option<&Outcome> {
        match &self.nodes[node].kind {
            NodeKind::Question(_) => None,
            NodeKind::Outcome(outcome) => Some(outcome),
        }
    }

    /// The steps from a node: its answers in order, then the one of who is unsure; none from an outcome.
    pub(crate) fn edges_from(&self, from: NodeIndex) -> impl Iterator<Item = Edge> {
        let question = self.question(from);
        let answers = question.into_iter().flat_map(|question| question.answers.iter().enumerate());
        let unsure = question.and_then(|question| question.unsure.as_ref());
        let unsure = unsure.map(|unsure| Edge { from, choice: Choice::Unsure, to: unsure.to });
        answers.map(move |(at, answer)| Edge { from, choice: Choice::Answer(at), to: answer.to }).chain(unsure)
    }

    /// All steps, in the order written.
    pub(crate) fn edges(&self) -> impl Iterator<Item = Edge> {
        (0..self.nodes.len()).flat_map(|node| self.edges_from(node))
    }

    /// The answer that is given on a step; none where the reader is unsure.
    pub(crate) fn answer(&self, edge: Edge) -> Option<&Answer> {
        match edge.choice {
            Choice::Answer(at) => self.question(edge.from)?.answers.get(at),
            Choice::Unsure => None,
        }
    }

    /// Whether a step makes a path of its own: an answer, or "not sure" where no answer leads to the same node.
    pub(crate) fn is_distinct(&self, edge: Edge) -> bool {
        let answers = self.question(edge.from).map_or(&[][..], |question| &question.answers);
        edge.choice != Choice::Unsure || answers.iter().all(|answer| answer.to != edge.to)
    }

    /// What helps a reader who is unsure, on the step without an answer.
    pub(crate) fn guidance(&self, edge: Edge) -> Option<&str> {
        let unsure = self.question(edge.from)?.unsure.as_ref().filter(|_| edge.choice == Choice::Unsure);
        unsure.and_then(|unsure| unsure.guidance.as_deref())
    }

    /// The name of a step, which shared links are made of: `question=answer`.
    pub(crate) fn edge_id(&self, edge: Edge) -> String {
        let answer = self.answer(edge).map_or(UNSURE, |answer| &answer.id);
        format!("{}={answer}", self.nodes[edge.from].id)
    }

    /// Where the target of a step is written.
    pub(crate) fn span(&self, edge: Edge) -> Span {
        let unsure = || self.question(edge.from).and_then(|question| question.unsure.as_ref());
        let span = self.answer(edge).map(|answer| answer.span).or_else(|| unsure().map(|unsure| unsure.span));
        span.unwrap_or(self.nodes[edge.from].span)
    }

    /// Whether an answer was left out, so that less is reached than its author meant.
    pub(crate) fn lost(&self) -> bool {
        (0..self.nodes.len()).any(|node| self.question(node).is_some_and(|question| question.lost))
    }
}

impl Question {
    /// The choice that `name` means: an answer by its id, a former id or its label; `~`, or `unsure`: none of them.
    pub(crate) fn choice(&self, name: &str) -> Option<Choice> {
        let name = folded(name);
        let by = |matches: &dyn Fn(&Answer) -> bool| self.answers.iter().position(matches).map(Choice::Answer);
        let unsure = || self.unsure.is_some() && [UNSURE, "unsure"].contains(&name.as_str());
        by(&|answer| folded(&answer.id) == name)
            .or_else(|| by(&|answer| answer.aliases.iter().any(|alias| folded(alias) == name)))
            .or_else(|| by(&|answer| folded(&answer.label) == name))
            .or_else(|| unsure().then_some(Choice::Unsure))
    }
}

impl Site {
    /// The last part of a decision's address, which its other files are named after.
    pub(crate) fn decision_slug(&self, page: PageId) -> &str {
        self[page].address.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }

    /// The decision called `slug`.
    pub(crate) fn decision_named(&self, slug: &str) -> Option<usize> {
        let slug = folded(slug);
        self.decision_pages.iter().position(|&page| self.decision_slug(page) == slug)
    }
}

/// The decision that `name` means: by its slug, or as any page is named.
pub(super) fn named(site: &Site, name: &At<String>, of: Use, into: &mut Resolution) -> Option<usize> {
    let slug = name.value.strip_prefix(DECISION_PREFIX).map_or(name.value.as_str(), str::trim);
    let page = |page: PageId| if let PageKind::Decision(at) = site[page].kind { Some(at) } else { None };
    let found = site.names.find(slug);
    let by_name = || if let NameLookup::One(id) = found { page(id) } else { None };
    let decision = site.decision_named(slug).or_else(by_name).ok_or(Wanted::Decision(found));
    into.record(name, of, decision, |&at| Definition::Page(site.decision_pages[at]))
}

/// What tells the name of a decision from that of a page, under `next`.
pub(crate) const DECISION_PREFIX: &str = "decision:";

/// Makes the decisions, in the order of `order` and then of their titles.
pub(super) fn build(site: &mut Site, into: &mut Resolution) {
    let mut pages: Vec<PageId> = site
        .pages()
        .filter(|(_, page)| page.document.is_some_and(|at| site.documents[at].role == Role::Decision))
        .map(|(id, _)| id)
        .collect();
    pages.sort_by_cached_key(|&id| {
        let order = site.document(id).and_then(|document| document.front.order).unwrap_or(i64::MAX);
        (order, title_order(&site[id].title))
    });
    // All of them first, since an outcome may lead on to any.
    for (at, page) in pages.iter().enumerate() {
        site.pages[page.0].kind = PageKind::Decision(at);
    }
    site.decision_pages.clone_from(&pages);
    let nothing = parse::Decision::default();
    for page in pages {
        let documents = Arc::clone(&site.documents);
        let written = site[page].document.and_then(|at| documents[at].front.decision.as_deref()).unwrap_or(&nothing);
        let (decision, pages) = Draft::new(site, page, written, into).finish();
        site.pages.extend(pages);
        site.decisions.push(decision);
    }
}
