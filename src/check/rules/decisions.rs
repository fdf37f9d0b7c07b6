//! The graph of a decision: whether every path leads from the start to an outcome (FP0502 to FP0504), and what readers
//! would stumble over on the way (FP0509 to FP0511).
//!
//! A rule is silent where another finding is the cause: what an answer with a wrong target would have reached is not
//! reported as never reached, and behind a cycle nothing is counted.

#![expect(
    clippy::indexing_slicing,
    reason = "a node's number is its position in `Decision::nodes`, and the lists of a summary have an entry for each"
)]

use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::model::{Choice, Decision, Edge, NodeIndex, Site};

/// Questions on one path that a reader bears.
const MAX_PATH: usize = 10;

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for decision in subject.site.decisions.iter().filter(|decision| decision.distinct) {
        findings.extend(cycle(decision));
        dead_ends(decision, findings);
        findings.extend(same_way(decision));
        if decision.start.is_some() && !decision.lost() {
            never_reached(decision, findings);
            if decision.summary.cycle.is_empty() {
                not_met(subject.site, decision, findings);
                findings.extend(long_path(decision));
            }
        }
    }
}

/// The shortest cycle with all its steps (FP0504).
fn cycle(decision: &Decision) -> Option<Diagnostic> {
    let (back, others) = decision.summary.cycle.split_last()?;
    let id = |node: NodeIndex| decision.nodes[node].id.as_str();
    let round: Vec<String> = decision.summary.cycle.iter().map(|edge| format!("`{}`", id(edge.from))).collect();
    let message = match others {
        [] => format!("`{}` leads back to itself", id(back.from)),
        _ => format!("answers go round in a circle: {}, `{}`", round.join(", "), id(back.to)),
    };
    let finding = Diagnostic::new(&code::CYCLE, decision.span(*back), message).label(step(decision, *back));
    let finding = others.iter().fold(finding, |finding, &edge| finding.also(decision.span(edge), step(decision, edge)));
    Some(finding.help("lead one of these answers to an outcome, or to a question that is not asked before"))
}

/// "from `a` with `Yes` to `b`".
fn step(decision: &Decision, edge: Edge) -> String {
    let (from, to) = (&decision.nodes[edge.from].id, &decision.nodes[edge.to].id);
    match decision.answer(edge) {
        Some(answer) => format!("from `{from}` with `{}` to `{to}`", answer.label),
        None => format!("from `{from}` without an answer to `{to}`"),
    }
}

/// Questions from which no path ends in an outcome (FP0503): each that has no answers, and in one finding those whose
/// answers only lead round.
fn dead_ends(decision: &Decision, findings: &mut Findings) {
    let nodes = || 0..decision.nodes.len();
    if nodes().all(|node| decision.outcome(node).is_none()) {
        return; // that there is none has been said
    }
    let help = "let an answer lead to an outcome";
    let lost = |node: NodeIndex| decision.question(node).is_some_and(|question| question.lost);
    let mut open: Vec<NodeIndex> = Vec::new();
    for at in nodes().filter(|&node| decision.edges_from(node).next().is_none()) {
        let node = &decision.nodes[at];
        if decision.outcome(at).is_none() && !lost(at) {
            let message = format!("`{}` has no answers, and so leads to no outcome", node.id);
            findings.push(Diagnostic::new(&code::NO_OUTCOME, node.span, message).help(help));
        }
        open.push(at); // what leads there is not reported too
    }
    // An answer that was left out may have led to an outcome.
    let leads = decision.leading_to(open.into_iter().chain(nodes().filter(|&node| lost(node))));
    let mut stuck = nodes().filter(|&node| !leads[node]).map(|node| &decision.nodes[node]);
    if let Some(first) = stuck.next() {
        let message = format!("`{}` leads to no outcome, whatever is answered", first.id);
        let finding = Diagnostic::new(&code::NO_OUTCOME, first.span, message).help(help);
        findings.push(stuck.fold(finding, |finding, node| finding.also(node.span, "nor does this one")));
    }
}

/// Nodes that nothing leads to; those behind them are not reported too (FP0502).
fn never_reached(decision: &Decision, findings: &mut Findings) {
    let mut known = decision.summary.reached.clone();
    let mut targeted = vec![false; known.len()];
    for edge in decision.edges().filter(|edge| edge.from != edge.to) {
        targeted[edge.to] = true;
    }
    // First those that no answer leads to, then those that only lead to one another.
    let roots = (0..known.len()).filter(|&node| !targeted[node]).chain(0..known.len());
    for root in roots {
        if known[root] {
            continue;
        }
        let node = &decision.nodes[root];
        let noun = if decision.outcome(root).is_some() { "outcome" } else { "question" };
        let message = format!("the {noun} `{}` is never reached", node.id);
        let finding = Diagnostic::new(&code::NEVER_REACHED, node.span, message);
        findings.push(finding.help("let an answer lead to it, or remove it"));
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            if !std::mem::replace(&mut known[node], true) {
                waiting.extend(decision.edges_from(node).map(|edge| edge.to));
            }
        }
    }
}

/// Questions whose answers all lead to one node (FP0509).
fn same_way(decision: &Decision) -> Vec<Diagnostic> {
    let same = |node: NodeIndex| {
        let question = decision.question(node)?;
        let first = question.answers.first()?;
        let all = question.answers.len() > 1 && question.answers.iter().all(|answer| answer.to == first.to);
        (all && !question.lost).then(|| {
            let message =
                format!("all answers of `{}` lead to `{}`", decision.nodes[node].id, decision.nodes[first.to].id);
            let finding = Diagnostic::new(&code::ONE_WAY, decision.nodes[node].span, message);
            finding.help("lead one of them elsewhere, or remove the question")
        })
    };
    (0..decision.nodes.len()).filter_map(same).collect()
}

/// Benefits and risks whose term no path to their outcome meets (FP0510).
fn not_met(site: &Site, decision: &Decision, findings: &mut Findings) {
    for (at, node) in decision.nodes.iter().enumerate().filter(|&(at, _)| decision.summary.reached[at]) {
        let Some(outcome) = decision.outcome(at) else { continue };
        for term in outcome.benefits.iter().chain(&outcome.risks).filter_map(|effect| effect.term.as_ref()) {
            if !decision.summary.terms_met[at].contains(&term.value) {
                let name = site.term_name(term.value);
                let message = format!("no path to `{}` meets `{name}`, so this never shows", node.id);
                let finding = Diagnostic::new(&code::TERM_NOT_MET, term.span, message);
                let help =
                    format!("add `tags: [{name}]` to an answer that leads here, or leave `term` out to show it always");
                findings.push(finding.help(help));
            }
        }
    }
}

/// The longest path, where it asks too much (FP0511).
fn long_path(decision: &Decision) -> Option<Diagnostic> {
    let path = &decision.summary.longest;
    let last = path.last().filter(|_| path.len() > MAX_PATH)?;
    let message = format!("a path asks {} questions before `{}`", path.len(), decision.nodes[last.to].id);
    let finding = Diagnostic::new(&code::LONG_PATH, decision.nodes[last.from].span, message);
    let by = if last.choice == Choice::Unsure { "reached by those who are unsure" } else { "the last of them" };
    let help = format!("up to {MAX_PATH} are read to the end: let some answers lead to an outcome sooner");
    Some(finding.label(by).help(help))
}
