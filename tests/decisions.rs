//! What holds for any decision: a sound one has no error, and of one fault just its code is reported.
//!
//! Each property runs 256 times; `PROPTEST_CASES=10000 cargo test --test decisions` runs it more often.
#![expect(clippy::indexing_slicing, reason = "what fails in a test ends it")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use fingerpost::diagnostic::Severity;
use fingerpost::publish::Options;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A decision to be written down: each question with its answers, each a label and a target.
#[derive(Debug, Clone)]
struct Decision {
    start: String,
    questions: Vec<(String, Vec<(String, String)>)>,
    outcomes: Vec<String>,
    /// Answers by question, and the outcome that they must lead to.
    test: (Vec<(String, String)>, String),
}

impl Decision {
    /// A sound decision: `numbers` say how many answers there are and where they lead, always on to a later node, and
    /// each node has an answer of an earlier question that leads to it.
    fn sound(questions: usize, outcomes: usize, numbers: &[usize]) -> Self {
        let mut numbers = numbers.iter().cycle().copied();
        let mut below = |bound: usize| numbers.next().expect("a cycle has no end") % bound;
        let count = questions + outcomes;
        let name = |node: usize| if node < questions { format!("q{node}") } else { format!("end{node}") };
        let mut targets: Vec<Vec<usize>> = (0..questions)
            .map(|from| (0..2 + below(2)).map(|_| from + 1 + below(count - from - 1)).collect())
            .collect();
        for node in 1..count {
            if !targets.iter().flatten().any(|&to| to == node) {
                targets[below(node.min(questions))].push(node);
            }
        }
        let mut given = Vec::new();
        let mut at = 0;
        while at < questions {
            let answer = below(targets[at].len());
            given.push((name(at), format!("a{answer}")));
            at = targets[at][answer];
        }
        let answers = |from: &Vec<usize>| {
            from.iter().enumerate().map(|(at, &to)| (format!("A{at}"), name(to))).collect::<Vec<_>>()
        };
        Self {
            start: name(0),
            questions: targets.iter().enumerate().map(|(at, from)| (name(at), answers(from))).collect(),
            outcomes: (questions..count).map(name).collect(),
            test: (given, name(at)),
        }
    }

    /// The question that `number` falls on.
    fn question(&mut self, number: usize) -> &mut (String, Vec<(String, String)>) {
        let at = number % self.questions.len();
        &mut self.questions[at]
    }

    fn add_answer(&mut self, number: usize, to: &str) {
        self.question(number).1.push(("Another".to_owned(), to.to_owned()));
    }

    fn add_question(&mut self, id: &str, targets: &[&str]) {
        let answers = targets.iter().enumerate().map(|(at, to)| (format!("A{at}"), (*to).to_owned())).collect();
        self.questions.push((id.to_owned(), answers));
    }

    fn text(&self, backwards: bool) -> String {
        let mut questions: Vec<String> = Vec::new();
        for (id, answers) in &self.questions {
            let mut text = format!(
                "  {id}:\n    ask: What of {id}?\n    answers:{}\n",
                if answers.is_empty() { " []" } else { "" }
            );
            for (label, to) in answers {
                writeln!(text, "      - {{label: {label}, to: {to}}}").expect("writing to a string cannot fail");
            }
            questions.push(text);
        }
        if backwards {
            questions.reverse();
        }
        let outcomes: Vec<String> =
            self.outcomes.iter().map(|id| format!("  {id}: {{title: The end of {id}}}\n")).collect();
        let given: Vec<String> = self.test.0.iter().map(|(question, answer)| format!("{question}: {answer}")).collect();
        format!(
            "---\ntitle: A decision\nstart: {}\nquestions:\n{}outcomes:\n{}tests:\n  - {{name: A test, answers: {{{}}}, outcome: {}}}\n---\n",
            self.start,
            questions.concat(),
            outcomes.concat(),
            given.join(", "),
            self.test.1,
        )
    }
}

/// Something that is wrong with a decision.
#[derive(Debug, Clone, Copy)]
enum Fault {
    UnknownTarget,
    Orphan,
    Island,
    NoAnswers,
    Cycle,
    Trap,
    SameLabel,
    NoStart,
    StartAtEnd,
    FailedTest,
    TestOfNothing,
    SameId,
    OneAnswer,
}

impl Fault {
    const ALL: [Self; 13] = [
        Self::UnknownTarget,
        Self::Orphan,
        Self::Island,
        Self::NoAnswers,
        Self::Cycle,
        Self::Trap,
        Self::SameLabel,
        Self::NoStart,
        Self::StartAtEnd,
        Self::FailedTest,
        Self::TestOfNothing,
        Self::SameId,
        Self::OneAnswer,
    ];

    /// Puts the fault into a sound decision, somewhere that `number` chooses, and gives the codes that it has.
    fn plant(self, decision: &mut Decision, number: usize) -> &'static [&'static str] {
        let first = decision.outcomes[0].clone();
        match self {
            Self::UnknownTarget => {
                let (_, answers) = decision.question(number);
                let at = number % answers.len();
                "zzz".clone_into(&mut answers[at].1);
                &["FP0501"]
            }
            Self::Orphan => {
                decision.outcomes.push("orphan".to_owned());
                &["FP0502"]
            }
            Self::Island => {
                decision.add_question("island", &[&first, "islet"]);
                decision.add_question("islet", &[&first, &first]);
                &["FP0502"]
            }
            Self::NoAnswers => {
                decision.add_answer(number, "mute");
                decision.add_question("mute", &[]);
                &["FP0503"]
            }
            Self::Cycle => {
                // Everything is reached from the first question, and every question leads to an outcome.
                decision.add_answer(number, "q0");
                &["FP0504"]
            }
            Self::Trap => {
                decision.add_answer(number, "trap");
                decision.add_question("trap", &["trapped", "trapped"]);
                decision.add_question("trapped", &["trap", "trap"]);
                &["FP0503", "FP0504"]
            }
            Self::SameLabel => {
                let (_, answers) = decision.question(number);
                let (label, to) = answers[number % answers.len()].clone();
                answers.push((label.to_lowercase(), to));
                &["FP0505"]
            }
            Self::NoStart => {
                "zzz".clone_into(&mut decision.start);
                &["FP0506"]
            }
            Self::StartAtEnd => {
                decision.start = first;
                &["FP0506"]
            }
            Self::FailedTest => {
                decision.add_answer(number, "another-end");
                decision.outcomes.push("another-end".to_owned());
                "another-end".clone_into(&mut decision.test.1);
                &["FP0507"]
            }
            Self::TestOfNothing => {
                let at = number % decision.test.0.len();
                "zzz".clone_into(&mut decision.test.0[at].1);
                &["FP0507"]
            }
            Self::SameId => {
                let id = decision.question(number).0.clone();
                decision.outcomes.push(id);
                &["FP0508"]
            }
            Self::OneAnswer => {
                decision.add_answer(number, "forced");
                decision.add_question("forced", &[&first]);
                &["FP0514"]
            }
        }
    }
}

/// The codes of all errors, and what they say.
fn errors(text: &str) -> (BTreeSet<&'static str>, String) {
    let files = [("content/site.yaml", "title: A site\n"), ("content/decisions/a.md", text)];
    let built = support::build(support::inputs(files), &Options::default());
    let findings = built.build.report.findings().iter();
    let errors = findings.filter(|finding| finding.severity == Severity::Error);
    (errors.map(|finding| finding.code.id).collect(), built.messages())
}

fn decisions() -> impl Strategy<Value = Decision> {
    (1..9_usize, 1..5_usize, vec(0..1000_usize, 64))
        .prop_map(|(questions, outcomes, numbers)| Decision::sound(questions, outcomes, &numbers))
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(proptest::test_runner::FileFailurePersistence::Direct("tests/regressions/decisions.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_sound_decision_has_no_error(decision in decisions(), backwards in any::<bool>()) {
        let text = decision.text(backwards);
        let (codes, messages) = errors(&text);
        prop_assert!(codes.is_empty(), "{text}\n{messages}");
    }

    #[test]
    fn of_one_fault_just_its_code_is_reported(
        mut decision in decisions(),
        fault in select(&Fault::ALL[..]),
        number in 0..1000_usize,
        backwards in any::<bool>(),
    ) {
        let expected: BTreeSet<&str> = fault.plant(&mut decision, number).iter().copied().collect();
        let text = decision.text(backwards);
        let (codes, messages) = errors(&text);
        prop_assert_eq!(codes, expected, "{:?}\n{}\n{}", fault, text, messages);
    }
}

#[test]
fn a_decision_may_be_deeper_than_templates_nest() {
    let depth = 300;
    let mut decision = String::from("---\ntitle: A long way\nstart: q0\nquestions:\n");
    for at in 0..depth {
        let next = if at + 1 < depth { format!("q{}", at + 1) } else { "end".to_owned() };
        writeln!(
            decision,
            "  q{at}: {{ask: \"Is it {at}?\", answers: [{{label: Yes, to: {next}}}, {{label: No, to: end}}]}}"
        )
        .expect("writing to a string cannot fail");
    }
    decision.push_str("outcomes: {end: {title: The end}}\n---\n");
    let files = [("content/index.md", "# Home\n"), ("content/decisions/long.md", decision.as_str())];
    let built = support::build(support::inputs(files), &Options::default());
    let page = built.output("decisions/long/index.html");
    assert_eq!(page.matches("id=\"node:q").count(), depth, "{}", built.messages());
    let outline = page.split("class=\"outline\"").nth(1).and_then(|rest| rest.split("</section>").next());
    let outline = outline.expect("the page has an outline");
    assert_eq!(outline.matches("<li").count(), 1 + 2 * depth);
    assert_eq!(outline.matches("</li>").count(), 1 + 2 * depth);
    assert_eq!(outline.matches("<ul").count() + 1, outline.matches("</ul>").count());
}
