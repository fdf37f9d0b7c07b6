//! The front matter of a decision: questions with their answers, and the outcomes that they lead to, as written.
//!
//! A question or an outcome that lacks something is kept, so that what leads to it is not reported too. Whether a
//! target, a page or a term exists is for `model`, and whether the whole holds together for `check`.

use super::slug;
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::source::{At, Span};
use crate::yaml::{self, Fields, Kind, Node};

/// What makes a page a decision.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decision {
    pub(crate) audience: Option<String>,
    /// The id of the first question.
    pub(crate) start: Option<At<String>>,
    /// A page that shows the disagreement behind it.
    pub(crate) debate: Option<At<String>>,
    pub(crate) questions: Vec<Question>,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) tests: Vec<DecisionTest>,
}

/// A question with its answers.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) id: At<String>,
    pub(crate) ask: Option<String>,
    pub(crate) why: Option<String>,
    pub(crate) page: Option<At<String>>,
    pub(crate) claims: Vec<At<String>>,
    pub(crate) answers: Vec<Answer>,
    pub(crate) unsure: Option<Unsure>,
    /// Whether every answer could be read.
    pub(crate) whole: bool,
}

/// An answer and the node that it leads to.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// As given, or the label in slug form.
    pub(crate) id: At<String>,
    pub(crate) label: At<String>,
    pub(crate) hint: Option<String>,
    pub(crate) to: At<String>,
    /// Terms that are met with this answer, as `facet/term`.
    pub(crate) tags: Vec<At<String>>,
    /// Former ids, for links that were shared.
    pub(crate) aliases: Vec<At<String>>,
}

/// What helps a reader who does not know the answer.
#[derive(Debug, Clone)]
pub(crate) struct Unsure {
    pub(crate) guidance: Option<String>,
    pub(crate) to: At<String>,
}

/// An end of the decision.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) id: At<String>,
    pub(crate) title: Option<String>,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) advice: Option<String>,
    pub(crate) page: Option<At<String>>,
    pub(crate) claims: Vec<At<String>>,
    pub(crate) against: Vec<At<String>>,
    pub(crate) benefits: Vec<Effect>,
    pub(crate) risks: Vec<Effect>,
    /// Pages to go on with, or `decision:<slug>`.
    pub(crate) next: Vec<At<String>>,
}

/// A benefit or a risk of an outcome; only a risk is mitigated.
#[derive(Debug, Clone)]
pub(crate) struct Effect {
    /// The term, as `facet/term`, with which it counts; none: it always does.
    pub(crate) term: Option<At<String>>,
    pub(crate) text: String,
    pub(crate) mitigate: Option<At<String>>,
}

/// What an outcome says in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Verdict {
    Yes,
    No,
    Partly,
    Later,
}

impl Verdict {
    const ALL: [Self; 4] = [Self::Yes, Self::No, Self::Partly, Self::Later];

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Partly => "partly",
            Self::Later => "later",
        }
    }
}

/// Answers, by the questions that they are given to, and where they must end.
#[derive(Debug, Clone, Hash)]
pub(crate) struct DecisionTest {
    pub(crate) name: At<String>,
    pub(crate) answers: Vec<(At<String>, At<String>)>,
    pub(crate) outcome: At<String>,
}

pub(super) fn read(fields: &mut Fields<'_, '_>) -> Decision {
    Decision {
        audience: words(fields, "audience"),
        start: fields.required_text("start", "a decision"),
        debate: fields.text("debate"),
        questions: nodes(fields, "questions", "a question", question),
        outcomes: nodes(fields, "outcomes", "an outcome", outcome),
        tests: match fields.get("tests") {
            Some(node) => list(node, "tests", "a test", fields.findings, test),
            None => Vec::new(),
        },
    }
}

fn words(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<String> {
    fields.text(key).map(|text| text.value)
}

/// The mapping from id to node under `key`, which must hold one.
fn nodes<T>(
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    what: &str,
    read: fn(At<String>, Fields<'_, '_>) -> T,
) -> Vec<T> {
    let Some(node) = fields.require(key, "a decision") else { return Vec::new() };
    let Kind::Map(entries) = &node.kind else {
        fields.findings.push(yaml::wrong_value(key, &format!("a mapping from id to {what}"), node));
        return Vec::new();
    };
    if entries.is_empty() {
        let finding = Diagnostic::new(&code::MISSING_KEY, node.span, format!("a decision needs {what} under `{key}`"));
        fields.findings.push(finding.help("write one: its id, and below it what it says"));
    }
    let mut nodes = Vec::new();
    for (id, node) in entries {
        let empty = Node { span: id.span, kind: Kind::Map(Vec::new()), whole: true };
        // What is no mapping has been said once, and the node is kept without a word about each of its keys.
        let (node, mut silence) = match &node.kind {
            Kind::Map(_) => (node, None),
            Kind::Null => (&empty, None),
            _ => {
                fields.findings.push(yaml::wrong_value(&id.value, "a mapping (`key: value`)", node));
                (&empty, Some(Findings::default()))
            }
        };
        let findings = silence.as_mut().unwrap_or(fields.findings);
        nodes.extend(Fields::new(node, what, findings).map(|fields| read(id.clone(), fields)));
    }
    nodes
}

/// The entries of the list `key`, each a mapping, without those that cannot be read.
fn list<T>(
    node: &Node,
    key: &str,
    what: &str,
    findings: &mut Findings,
    read: fn(Fields<'_, '_>) -> Option<T>,
) -> Vec<T> {
    let Kind::List(items) = &node.kind else {
        findings.push(yaml::wrong_value(key, "a list", node));
        return Vec::new();
    };
    items.iter().filter_map(|item| Fields::new(item, what, findings).and_then(read)).collect()
}

fn question(id: At<String>, mut fields: Fields<'_, '_>) -> Question {
    let ask = fields.required_text("ask", "a question").map(|text| text.value);
    let why = words(&mut fields, "why");
    let page = fields.text("page");
    let claims = fields.texts("claims");
    let (answers, all) = match fields.require("answers", "a question") {
        Some(node) => {
            let answers = list(node, "answers", "an answer", fields.findings, answer);
            let all = matches!(&node.kind, Kind::List(items) if items.len() == answers.len());
            (answers, all)
        }
        None => (Vec::new(), false),
    };
    let node = fields.get("unsure");
    let unsure = node.and_then(|node| Fields::new(node, "`unsure`", fields.findings)).and_then(unsure);
    let whole = all && node.is_some() == unsure.is_some();
    fields.close("a question");
    Question { id, ask, why, page, claims, answers, unsure, whole }
}

fn answer(mut fields: Fields<'_, '_>) -> Option<Answer> {
    let id = fields.text("id");
    let label = fields.required_text("label", "an answer");
    let hint = words(&mut fields, "hint");
    let to = fields.required_text("to", "an answer");
    let tags = fields.texts("tags");
    let aliases = fields.texts("aliases");
    fields.close("an answer");
    let label = label?;
    let id = id.unwrap_or_else(|| At::new(slug(&label.value), label.span));
    Some(Answer { id, label, hint, to: to?, tags, aliases })
}

fn unsure(mut fields: Fields<'_, '_>) -> Option<Unsure> {
    let guidance = words(&mut fields, "guidance");
    let to = fields.required_text("to", "`unsure`");
    fields.close("`unsure`");
    Some(Unsure { guidance, to: to? })
}

fn outcome(id: At<String>, mut fields: Fields<'_, '_>) -> Outcome {
    let outcome = Outcome {
        id,
        title: fields.required_text("title", "an outcome").map(|text| text.value),
        verdict: fields.choice("verdict", &Verdict::ALL.map(|verdict| (verdict.word(), verdict))),
        advice: words(&mut fields, "advice"),
        page: fields.text("page"),
        claims: fields.texts("claims"),
        against: fields.texts("against"),
        benefits: match fields.get("benefits") {
            Some(node) => list(node, "benefits", "a benefit", fields.findings, benefit),
            None => Vec::new(),
        },
        risks: match fields.get("risks") {
            Some(node) => list(node, "risks", "a risk", fields.findings, risk),
            None => Vec::new(),
        },
        next: fields.texts("next"),
    };
    fields.close("an outcome");
    outcome
}

fn benefit(mut fields: Fields<'_, '_>) -> Option<Effect> {
    let term = fields.text("term");
    let text = fields.required_text("text", "a benefit");
    fields.close("a benefit");
    Some(Effect { term, text: text?.value, mitigate: None })
}

fn risk(mut fields: Fields<'_, '_>) -> Option<Effect> {
    let term = fields.text("term");
    let text = fields.required_text("text", "a risk");
    let mitigate = fields.text("mitigate");
    fields.close("a risk");
    Some(Effect { term, text: text?.value, mitigate })
}

fn test(mut fields: Fields<'_, '_>) -> Option<DecisionTest> {
    let name = fields.required_text("name", "a test");
    let answers = fields.require("answers", "a test").map(|node| given(node, fields.findings));
    let outcome = fields.required_text("outcome", "a test");
    fields.close("a test");
    Some(DecisionTest { name: name?, answers: answers?, outcome: outcome? })
}

/// `question: answer`, as often as questions are answered.
fn given(node: &Node, findings: &mut Findings) -> Vec<(At<String>, At<String>)> {
    let Kind::Map(entries) = &node.kind else {
        findings.push(yaml::wrong_value("answers", "a mapping from question to answer", node));
        return Vec::new();
    };
    let mut given = Vec::new();
    for (question, answer) in entries {
        match answer.as_text() {
            Some(text) => given.push((question.clone(), At::new(text.trim().to_owned(), answer.span))),
            None => findings.push(yaml::wrong_value(&question.value, "the id of an answer", answer)),
        }
    }
    given
}

impl Decision {
    /// The ids of all nodes with their places: questions, then outcomes.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (&str, Span)> {
        let questions = self.questions.iter().map(|question| &question.id);
        let ids = questions.chain(self.outcomes.iter().map(|outcome| &outcome.id));
        ids.map(|id| (id.value.as_str(), id.span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Inputs, Source, SourceKind};
    use crate::yaml::Limits;

    /// Reads `text` as the front matter of a decision and shows what was understood and what was said.
    fn decision(text: &str) -> (Decision, Vec<String>) {
        let mut inputs = Inputs::default();
        let path = "content/decisions/a.md".to_owned();
        let id = inputs.add(Source { path, text: text.to_owned(), kind: SourceKind::Content });
        let mut findings = Findings::default();
        let node = yaml::parse(id, text, 0, Limits::FrontMatter, &mut findings).expect("the test is in YAML");
        let mut fields = Fields::new(&node, "front matter", &mut findings).expect("the test is a mapping");
        let decision = read(&mut fields);
        fields.close("front matter");
        (decision, findings.into_iter().map(|finding| finding.message).collect())
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(decision(text).1, expected);
    }

    const WHOLE: &str = "start: a\nquestions: {a: {ask: A?, answers: [{label: Yes, to: x}, {id: n, label: No, to: x}]}}\n\
        outcomes: {x: {title: X, verdict: no, risks: [{text: T, mitigate: p}]}}\n\
        tests: [{name: One, answers: {a: yes}, outcome: x}]\n";

    #[test]
    fn what_is_written_is_read() {
        let (decision, said) = decision(WHOLE);
        assert_eq!(said, Vec::<String>::new());
        let answers: Vec<&str> = decision.questions[0].answers.iter().map(|answer| answer.id.value.as_str()).collect();
        assert_eq!(answers, ["yes", "n"], "an id is the label in slug form unless it is given");
        assert_eq!(decision.outcomes[0].verdict, Some(Verdict::No), "`no` is a word");
        assert_eq!(decision.tests[0].answers[0].1.value, "yes");
        assert!(decision.questions[0].whole);
    }

    #[test]
    fn what_is_missing_is_said_and_the_node_is_kept() {
        check(
            "start: a\nquestions: {a: }\noutcomes: {}\n",
            &[
                "a question needs the key `ask`",
                "a question needs the key `answers`",
                "a decision needs an outcome under `outcomes`",
            ],
        );
        let (decision, _) = decision("questions: {a: {ask: A?, answers: [{label: Yes}, {label: No, to: x}]}}");
        assert_eq!((decision.questions[0].answers.len(), decision.questions[0].whole), (1, false));
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_said() {
        check(
            "start: a\nquestions: [a]\noutcomes: {x: {title: X, verdict: maybe, benefits: [{text: T, mitigate: p}]}}\n\
             tests: [{name: N, answers: [a], outcome: x}]\n",
            &[
                "`questions` takes a mapping from id to a question, not a list",
                "`verdict` is one of `yes`, `no`, `partly`, `later`, not `maybe`",
                "a benefit has no key `mitigate`",
                "`answers` takes a mapping from question to answer, not a list",
            ],
        );
    }
}
