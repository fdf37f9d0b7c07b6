//! The answers of each question, as they are written: whether they can be told apart (FP0505, FP0508), and whether there
//! are enough, not too many and not too long ones (FP0512 to FP0514).

use std::collections::BTreeMap;

use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::model::folded;
use crate::parse::{self, Question};
use crate::source::{At, Span};

/// Answers among which a reader chooses at a glance.
const MAX_ANSWERS: usize = 5;

/// Characters of a label that fit beside a line of the chart.
const MAX_LABEL: usize = 32;

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for decision in &subject.site.decisions {
        let written = subject.site.document(decision.page).and_then(|document| document.front.decision.as_ref());
        for question in written.into_iter().flat_map(|written| &written.questions) {
            ids(question, findings);
            labels(question, findings);
            findings.extend(number(question));
        }
    }
}

/// An id, also a former one, means one answer and can stand in a link.
fn ids(question: &Question, findings: &mut Findings) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut taken = |id: &At<String>| match seen.get(&folded(&id.value)) {
        Some(&first) => {
            let message = format!("`{}` means two answers of `{}`", id.value, question.id.value);
            let finding = Diagnostic::new(&code::SAME_ANSWER, id.span, message).also(first, "the other one");
            Some(finding.help("give one of them another `id`: shared links are made of them"))
        }
        None => {
            seen.insert(folded(&id.value), id.span);
            None
        }
    };
    for answer in &question.answers {
        let id = &answer.id;
        if parse::slug(&id.value) != id.value || id.value.is_empty() {
            let message = match id.value.as_str() {
                "" => format!("no id can be made of `{}`", answer.label.value),
                id => format!("`{id}` cannot be an id"),
            };
            let finding = Diagnostic::new(&code::BAD_NODE_ID, id.span, message);
            findings.push(finding.help("give the answer an `id` of small letters, digits and hyphens"));
        }
        let former = answer.aliases.iter().filter(|alias| folded(&alias.value) != folded(&id.value));
        findings.extend([id].into_iter().filter(|id| !id.value.is_empty()).chain(former).filter_map(&mut taken));
    }
}

/// A label says one thing; two of one id have been reported.
fn labels(question: &Question, findings: &mut Findings) {
    let mut seen: BTreeMap<String, &parse::Answer> = BTreeMap::new();
    for answer in &question.answers {
        let label = &answer.label;
        match seen.get(&folded(&label.value)) {
            Some(first) if folded(&first.id.value) != folded(&answer.id.value) => {
                let message = format!("two answers of `{}` are called `{}`", question.id.value, label.value);
                let finding = Diagnostic::new(&code::SAME_ANSWER, label.span, message);
                findings.push(finding.also(first.label.span, "the other one").help("say in each how it differs"));
            }
            Some(_) => {}
            None => {
                seen.insert(folded(&label.value), answer);
            }
        }
        let length = label.value.chars().count();
        if length > MAX_LABEL {
            let message = format!("a label of {length} characters, where {MAX_LABEL} fit into a chart");
            let finding = Diagnostic::new(&code::LONG_LABEL, label.span, message);
            findings.push(finding.help("say it in fewer words, and the rest under `hint`"));
        }
    }
}

/// A choice has two answers, and few more.
fn number(question: &Question) -> Option<Diagnostic> {
    let (id, count) = (&question.id, question.answers.len());
    if count > MAX_ANSWERS {
        let message = format!("`{}` has {count} answers, where {MAX_ANSWERS} are taken in at a glance", id.value);
        let finding = Diagnostic::new(&code::MANY_ANSWERS, id.span, message);
        return Some(finding.help("put some together, and tell them apart with a further question"));
    }
    // What could not be read has been said, and a question that leads nowhere is said to.
    let few = count < 2 && question.whole && (count == 1 || question.unsure.is_some());
    few.then(|| {
        let has = if count == 1 { "one answer" } else { "no answer but to be unsure" };
        let finding = Diagnostic::new(&code::FEW_ANSWERS, id.span, format!("`{}` has {has}", id.value));
        finding.help("give it another answer, or remove the question")
    })
}
