//! The tests that a decision brings along: the answers of each lead to the outcome that it names (FP0507).

#![expect(
    clippy::indexing_slicing,
    reason = "a node's number is its position in `Decision::nodes`, and the lists of a summary have an entry for each"
)]

use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::model::{Decision, Edge, NodeIndex};
use crate::parse::DecisionTest;
use crate::source::At;

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for decision in subject.site.decisions.iter().filter(|decision| decision.distinct) {
        for test in &decision.tests {
            let before = findings.len();
            names(decision, test, findings);
            if findings.len() == before {
                findings.extend(run(decision, test));
            }
        }
    }
}

/// Every question, answer and outcome that a test names is there.
fn names(decision: &Decision, test: &DecisionTest, findings: &mut Findings) {
    let mut unknown = |what: &str, name: &At<String>, known: Vec<&str>| {
        let message = format!("no {what} named `{}`", name.value);
        let finding = Diagnostic::new(&code::FAILED_TEST, name.span, message);
        let help = format!("in the test `{}`", test.name.value);
        findings.push(finding.suggest(&name.value, name.span, known, help));
    };
    let ids = |wanted: fn(&Decision, NodeIndex) -> bool| {
        let nodes = (0..decision.nodes.len()).filter(move |&node| wanted(decision, node));
        nodes.map(|node| decision.nodes[node].id.as_str()).collect::<Vec<_>>()
    };
    for (question, answer) in &test.answers {
        match decision.node(&question.value).and_then(|node| decision.question(node)) {
            Some(found) if found.choice(&answer.value).is_none() && !found.lost => {
                let known = found.answers.iter().map(|answer| answer.id.as_str()).collect();
                unknown(&format!("answer of `{}`", question.value), answer, known);
            }
            Some(_) => {}
            None => unknown("question", question, ids(|decision, node| decision.question(node).is_some())),
        }
    }
    match decision.node(&test.outcome.value) {
        Some(node) if decision.outcome(node).is_none() => {
            let message = format!("`{}` is a question, where a test ends at an outcome", test.outcome.value);
            findings.push(Diagnostic::new(&code::FAILED_TEST, test.outcome.span, message));
        }
        Some(_) => {}
        None => unknown("outcome", &test.outcome, ids(|decision, node| decision.outcome(node).is_some())),
    }
}

/// How a run through a decision stops.
enum Stop {
    At(NodeIndex),
    /// Something that is reported already stands in the way.
    Barred,
}

/// Gives the answers of a test from the start on, and reports where they end if it is elsewhere.
fn run(decision: &Decision, test: &DecisionTest) -> Option<Diagnostic> {
    let wanted = decision.node(&test.outcome.value)?;
    let (path, stop) = run_path(decision, test);
    let Stop::At(end) = stop else { return None };
    if end == wanted {
        return None;
    }
    let id = |node: NodeIndex| decision.nodes[node].id.as_str();
    let (name, wanted_id) = (&test.name.value, id(wanted));
    if decision.question(end).is_some() {
        let message = format!("the test `{name}` stops at `{}`, which it does not answer", id(end));
        let finding = Diagnostic::new(&code::FAILED_TEST, test.name.span, message);
        let finding = finding.also(decision.nodes[end].span, "this question");
        return Some(finding.help(format!("add `{}: …` to its answers", id(end))));
    }
    let message = format!("the test `{name}` ends at `{}`, not at `{wanted_id}`", id(end));
    let finding = Diagnostic::new(&code::FAILED_TEST, test.outcome.span, message);
    let leads = decision.leading_to([wanted]);
    // The first step after which the outcome cannot be reached any more.
    let Some(&first) = path.iter().find(|step| leads[step.from] && !leads[step.to]) else {
        return Some(finding.help(format!("no answer at all leads to `{wanted_id}`")));
    };
    let answer = decision.answer(first).map_or("unsure", |answer| answer.label.as_str());
    let led = format!("at `{}` the answer `{answer}` leads to `{}`", id(first.from), id(first.to));
    let right: Vec<&str> = decision
        .edges_from(first.from)
        .filter(|edge| leads[edge.to])
        .filter_map(|edge| Some(decision.answer(edge)?.label.as_str()))
        .collect();
    let help = match right.as_slice() {
        [] => format!("correct the outcome, or where `{answer}` leads"),
        _ => format!("`{wanted_id}` is reached from there with {}", crate::yaml::list(&right)),
    };
    Some(finding.also(decision.span(first), led).help(help))
}

/// The steps that the answers of a test take.
fn run_path(decision: &Decision, test: &DecisionTest) -> (Vec<Edge>, Stop) {
    let mut path: Vec<Edge> = Vec::new();
    let Some(mut at) = decision.start else { return (path, Stop::Barred) };
    while let Some(question) = decision.question(at) {
        // In a cycle, which is reported, the answers never end.
        if path.len() > decision.nodes.len() {
            return (path, Stop::Barred);
        }
        let given = test.answers.iter().find(|(id, _)| id.value == decision.nodes[at].id);
        let Some((_, answer)) = given else { return (path, Stop::At(at)) };
        let choice = question.choice(&answer.value);
        let Some(edge) = decision.edges_from(at).find(|edge| Some(edge.choice) == choice) else {
            return (path, Stop::Barred);
        };
        path.push(edge);
        at = edge.to;
    }
    (path, Stop::At(at))
}
