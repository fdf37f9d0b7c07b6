//! What is remembered from one build to the next: for each output, the answers that it was made from.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::{Fact, Subjects};

/// Takes notes while one job is done. Not shared between threads: each job has its own.
#[derive(Debug, Default)]
pub(crate) struct Notes(RefCell<Vec<Fact>>);

impl Notes {
    /// Remembers that an answer was looked at.
    pub(crate) fn note(&self, fact: Fact) {
        let mut facts = self.0.borrow_mut();
        // Loops ask the same question again and again.
        if facts.last() != Some(&fact) {
            facts.push(fact);
        }
    }

    /// All that was asked, once each.
    pub(crate) fn into_facts(self) -> Vec<Fact> {
        let mut facts = self.0.into_inner();
        facts.sort_unstable();
        facts.dedup();
        facts
    }
}

/// Who can answer the questions of a trace.
pub(crate) trait Answers {
    /// A fingerprint of today's answer; "there is no such page" is an answer too.
    fn fingerprint(&self, fact: Fact) -> u64;
}

/// The answers that the outputs of one job were made from, and where those outputs are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trace {
    pub(super) facts: Vec<(Fact, u64)>,
    /// Paths below the output folder.
    pub(crate) outputs: Vec<String>,
}

impl Trace {
    /// The trace of outputs that were made from the answers about these facts.
    pub(crate) fn of(facts: Vec<Fact>, answers: &impl Answers, outputs: Vec<String>) -> Self {
        let facts = facts.into_iter().map(|fact| (fact, answers.fingerprint(fact))).collect();
        Self { facts, outputs }
    }

    /// The first answer that is another today; none while all hold.
    pub(crate) fn stale(&self, answers: &impl Answers) -> Option<Fact> {
        self.facts.iter().find(|(fact, print)| answers.fingerprint(*fact) != *print).map(|(fact, _)| *fact)
    }
}

/// What is known of a job from the build before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept<'a> {
    /// All answers hold: its outputs would come out the same.
    Same(&'a Trace),
    /// This answer is another now.
    Stale(Fact),
    /// It was never done, or is not worth remembering.
    New,
}

/// The memory of a site's builds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memo {
    /// Fingerprint of all that every output depends on: settings, theme, program.
    pub(super) world: u64,
    pub(crate) subjects: Subjects,
    /// By the name of the job.
    pub(super) traces: HashMap<String, Trace>,
}

impl Memo {
    /// Enters a build: where the world has changed, nothing of the past holds. Says whether it is the same world.
    pub(crate) fn enter(&mut self, world: u64) -> bool {
        let same = self.world == world;
        if !same {
            *self = Self { world, ..Self::default() };
        }
        same
    }

    /// What is known of a job.
    pub(crate) fn kept(&self, job: &str, answers: &impl Answers) -> Kept<'_> {
        let Some(trace) = self.traces.get(job) else { return Kept::New };
        trace.stale(answers).map_or(Kept::Same(trace), Kept::Stale)
    }

    /// The outputs of a job when it was last done.
    pub(crate) fn outputs(&self, job: &str) -> Option<&[String]> {
        self.traces.get(job).map(|trace| trace.outputs.as_slice())
    }

    /// Ends a build: of `jobs`, those with a trace were done anew, the others kept; what is not among them is
    /// forgotten.
    pub(crate) fn settle(&mut self, jobs: Vec<(String, Option<Trace>)>) {
        let mut current = 0;
        let mut names = Vec::with_capacity(jobs.len());
        for (job, trace) in jobs {
            if let Some(trace) = trace {
                self.traces.insert(job.clone(), trace);
            }
            current += usize::from(self.traces.contains_key(&job));
            names.push(job);
        }
        if current != self.traces.len() {
            let names: HashSet<String> = names.into_iter().collect();
            self.traces.retain(|job, _| names.contains(job));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{About, Question};
    use super::*;

    struct Table(HashMap<Fact, u64>);

    impl Answers for Table {
        fn fingerprint(&self, fact: Fact) -> u64 {
            self.0.get(&fact).copied().unwrap_or(0)
        }
    }

    fn fact(about: u32) -> Fact {
        Fact { question: Question::Page, about: About(about) }
    }

    #[test]
    fn a_job_is_kept_while_every_answer_holds() {
        let mut answers = Table([(fact(1), 10), (fact(2), 20)].into());
        let notes = Notes::default();
        notes.note(fact(2));
        notes.note(fact(1));
        notes.note(fact(2));
        notes.note(fact(3)); // there is no such page
        let trace = Trace::of(notes.into_facts(), &answers, vec!["a/index.html".to_owned()]);
        let mut memo = Memo::default();
        memo.enter(7);
        memo.settle(vec![("a".to_owned(), Some(trace.clone()))]);
        assert_eq!(memo.kept("a", &answers), Kept::Same(&trace));
        assert_eq!(memo.kept("b", &answers), Kept::New);

        answers.0.insert(fact(2), 21);
        assert_eq!(memo.kept("a", &answers), Kept::Stale(fact(2)));
        answers.0.insert(fact(2), 20);
        answers.0.insert(fact(3), 30);
        assert_eq!(memo.kept("a", &answers), Kept::Stale(fact(3)), "a page that came is a change");
    }

    #[test]
    fn in_another_world_nothing_is_kept() {
        let mut memo = Memo::default();
        memo.enter(7);
        let trace = Trace { facts: Vec::new(), outputs: Vec::new() };
        memo.settle(vec![("a".to_owned(), Some(trace))]);
        assert!(memo.enter(7));
        assert!(matches!(memo.kept("a", &Table(HashMap::new())), Kept::Same(_)));
        assert!(!memo.enter(8));
        assert_eq!(memo.kept("a", &Table(HashMap::new())), Kept::New);
    }

    #[test]
    fn a_job_that_is_gone_is_forgotten() {
        let mut memo = Memo::default();
        let trace = Trace { facts: Vec::new(), outputs: Vec::new() };
        memo.settle(vec![("a".to_owned(), Some(trace.clone())), ("b".to_owned(), Some(trace))]);
        memo.settle(vec![("b".to_owned(), None)]);
        assert_eq!(memo.traces.keys().collect::<Vec<_>>(), ["b"]);
    }
}
