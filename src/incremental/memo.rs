//! What is remembered from one build to the next: for each output, the answers that it was made from.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::fact::Facts;
use super::{Fact, Subjects};
use crate::diagnostic::Diagnostic;

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

    /// Whether the answer may be another than in the last build; where it cannot be, nobody asks.
    fn may_differ(&self, fact: Fact) -> bool;
}

/// What the outputs of one job were made from, and where those outputs are. The answers themselves are the memory's:
/// whoever asked in the same build was answered the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trace {
    /// In order, once each.
    pub(super) facts: Box<[Fact]>,
    /// Paths below the output folder.
    pub(crate) outputs: Vec<String>,
    /// An answer that has changed since, where the outputs were left as they were.
    pub(super) stale: Option<Fact>,
}

impl Trace {
    /// The trace of outputs that were made from the answers about these facts.
    pub(crate) fn of(facts: Vec<Fact>, outputs: Vec<String>) -> Self {
        Self { facts: facts.into(), outputs, stale: None }
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

/// What became of a job.
#[derive(Debug)]
pub(crate) enum Fate {
    /// Its outputs would come out the same.
    Kept,
    /// They would not, for this answer is another, and were left as they were.
    Left(Fact),
    /// They were made; without a trace they are not worth remembering.
    Made(Option<Trace>),
}

/// What is different from the last build.
#[derive(Debug)]
pub(crate) struct Changes {
    /// The facts with other answers, of those that a job asked about.
    facts: Facts,
    /// Whether there are any.
    any: bool,
    /// Today's answers, in the order of the memory's.
    today: Vec<u64>,
}

/// A build as a whole: where nothing at all has changed, the next is just the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Last {
    /// Fingerprint of all that it was made from; none where it left something as it was.
    pub(crate) inputs: Option<u64>,
    /// What it found.
    pub(crate) findings: Vec<Diagnostic>,
    /// How much there was.
    pub(crate) counts: [usize; Self::COUNTS],
    /// Outputs of jobs that are not remembered, each with the file that it is a copy of, if it is one.
    pub(crate) others: Vec<(String, Option<String>)>,
}

impl Last {
    pub(super) const COUNTS: usize = 5;
}

/// Questions that one thread asks before another is worth its while.
const AT_ONCE: usize = 1024;

/// The memory of a site's builds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memo {
    /// Fingerprint of all that every output depends on: settings, theme, program.
    pub(super) world: u64,
    pub(super) last: Last,
    pub(crate) subjects: Subjects,
    /// The last build's answer about each fact in a trace, in the order of facts.
    pub(super) answers: Vec<(Fact, u64)>,
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

    /// Asks the questions of all traces again, each once.
    pub(crate) fn changes(&self, answers: &(impl Answers + Sync)) -> Changes {
        let ask = |&(fact, then): &(Fact, u64)| if answers.may_differ(fact) { answers.fingerprint(fact) } else { then };
        let today: Vec<u64> = self.answers.par_iter().with_min_len(AT_ONCE).map(ask).collect();
        let mut changes = Changes { facts: Facts::default(), any: false, today };
        for ((fact, then), now) in self.answers.iter().zip(&changes.today) {
            if then != now {
                changes.facts.insert(*fact);
                changes.any = true;
            }
        }
        changes
    }

    /// The last build, where it was made from just these inputs.
    pub(crate) fn last(&self, inputs: u64) -> Option<&Last> {
        Some(&self.last).filter(|last| last.inputs == Some(inputs))
    }

    /// What is known of a job.
    pub(crate) fn kept(&self, job: &str, changes: &Changes) -> Kept<'_> {
        let Some(trace) = self.traces.get(job) else { return Kept::New };
        let facts = if changes.any { &*trace.facts } else { &[] };
        let other = || facts.iter().find(|fact| changes.facts.has(**fact)).copied();
        trace.stale.or_else(other).map_or(Kept::Same(trace), Kept::Stale)
    }

    /// The outputs of a job when it was last done.
    pub(crate) fn outputs(&self, job: &str) -> Option<&[String]> {
        self.traces.get(job).map(|trace| trace.outputs.as_slice())
    }

    /// All outputs of the last build, in no order, each with the file that it is known to be a copy of.
    pub(crate) fn all_outputs(&self) -> impl Iterator<Item = (&String, Option<&String>)> {
        let remembered = self.traces.values().flat_map(|trace| &trace.outputs).map(|path| (path, None));
        remembered.chain(self.last.others.iter().map(|(path, copy)| (path, copy.as_ref())))
    }

    /// Ends a build, in which `changes` were found and these jobs met their fates: other jobs are forgotten.
    pub(crate) fn settle(&mut self, jobs: Vec<(String, Fate)>, last: Last, changes: &Changes, answers: &impl Answers) {
        self.last = last;
        let mut current = 0;
        let mut names = Vec::with_capacity(jobs.len());
        for (job, fate) in jobs {
            match fate {
                Fate::Kept => {}
                Fate::Left(fact) => {
                    if let Some(trace) = self.traces.get_mut(&job) {
                        trace.stale = Some(fact);
                    }
                }
                Fate::Made(Some(trace)) => _ = self.traces.insert(job.clone(), trace),
                Fate::Made(None) => _ = self.traces.remove(&job),
            }
            current += usize::from(self.traces.contains_key(&job));
            names.push(job);
        }
        if current != self.traces.len() {
            let names: HashSet<String> = names.into_iter().collect();
            self.traces.retain(|job, _| names.contains(job));
        }
        let mut asked = Facts::default();
        self.traces.values().flat_map(|trace| &trace.facts).for_each(|&fact| asked.insert(fact));
        let mut known = self.answers.iter().zip(&changes.today).map(|((fact, _), &now)| (*fact, now)).peekable();
        let answer = |fact: Fact| {
            while known.next_if(|(known, _)| *known < fact).is_some() {}
            let known = known.next_if(|(known, _)| *known == fact);
            known.unwrap_or_else(|| (fact, answers.fingerprint(fact)))
        };
        self.answers = asked.iter().map(answer).collect();
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

        fn may_differ(&self, _: Fact) -> bool {
            true
        }
    }

    fn fact(about: u32) -> Fact {
        Fact::new(Question::Page, About(about))
    }

    /// Ends a build of these jobs.
    fn settle(memo: &mut Memo, answers: &Table, jobs: Vec<(&str, Fate)>) {
        let changes = memo.changes(answers);
        memo.settle(
            jobs.into_iter().map(|(job, fate)| (job.to_owned(), fate)).collect(),
            Last::default(),
            &changes,
            answers,
        );
    }

    fn kept<'a>(memo: &'a Memo, job: &str, answers: &Table) -> Kept<'a> {
        memo.kept(job, &memo.changes(answers))
    }

    fn made(facts: &[Fact]) -> Fate {
        Fate::Made(Some(Trace::of(facts.to_vec(), Vec::new())))
    }

    #[test]
    fn a_job_is_kept_while_every_answer_holds() {
        let mut answers = Table([(fact(1), 10), (fact(2), 20)].into());
        let notes = Notes::default();
        notes.note(fact(2));
        notes.note(fact(1));
        notes.note(fact(2));
        notes.note(fact(3)); // there is no such page
        let trace = Trace::of(notes.into_facts(), vec!["a/index.html".to_owned()]);
        let mut memo = Memo::default();
        memo.enter(7);
        settle(&mut memo, &answers, vec![("a", Fate::Made(Some(trace.clone())))]);
        assert_eq!(kept(&memo, "a", &answers), Kept::Same(&trace));
        assert_eq!(kept(&memo, "b", &answers), Kept::New);

        answers.0.insert(fact(2), 21);
        assert_eq!(kept(&memo, "a", &answers), Kept::Stale(fact(2)));
        answers.0.insert(fact(2), 20);
        answers.0.insert(fact(3), 30);
        assert_eq!(kept(&memo, "a", &answers), Kept::Stale(fact(3)), "a page that came is a change");
    }

    #[test]
    fn what_was_left_is_out_of_date_until_it_is_made() {
        let mut answers = Table([(fact(1), 10), (fact(2), 20)].into());
        let mut memo = Memo::default();
        settle(&mut memo, &answers, vec![("a", made(&[fact(1)])), ("b", made(&[fact(1), fact(2)]))]);
        answers.0.insert(fact(1), 11);
        settle(&mut memo, &answers, vec![("a", made(&[fact(1)])), ("b", Fate::Left(fact(1)))]);
        assert!(matches!(kept(&memo, "a", &answers), Kept::Same(_)), "it was made from this answer");
        assert_eq!(kept(&memo, "b", &answers), Kept::Stale(fact(1)));
        settle(&mut memo, &answers, vec![("a", Fate::Kept), ("b", made(&[fact(2)]))]);
        assert!(matches!(kept(&memo, "b", &answers), Kept::Same(_)));
    }

    #[test]
    fn what_was_made_and_cannot_be_remembered_is_forgotten() {
        let answers = Table([(fact(1), 10)].into());
        let mut memo = Memo::default();
        settle(&mut memo, &answers, vec![("a", made(&[fact(1)]))]);
        settle(&mut memo, &answers, vec![("a", Fate::Made(None))]);
        assert_eq!(kept(&memo, "a", &answers), Kept::New);
    }

    #[test]
    fn answers_are_those_of_the_facts_that_a_job_asked_about() {
        let answers = Table([(fact(1), 10), (fact(2), 20), (fact(3), 30)].into());
        let mut memo = Memo::default();
        settle(&mut memo, &answers, vec![("a", made(&[fact(1), fact(3)])), ("b", made(&[fact(1), fact(2)]))]);
        assert_eq!(memo.answers, [(fact(1), 10), (fact(2), 20), (fact(3), 30)]);
        settle(&mut memo, &answers, vec![("b", Fate::Kept), ("c", made(&[fact(4)]))]);
        assert_eq!(memo.answers, [(fact(1), 10), (fact(2), 20), (fact(4), 0)]);
    }

    #[test]
    fn in_another_world_nothing_is_kept() {
        let (mut memo, answers) = (Memo::default(), Table(HashMap::new()));
        memo.enter(7);
        settle(&mut memo, &answers, vec![("a", made(&[]))]);
        assert!(memo.enter(7));
        assert!(matches!(kept(&memo, "a", &answers), Kept::Same(_)));
        assert!(!memo.enter(8));
        assert_eq!(kept(&memo, "a", &answers), Kept::New);
    }

    #[test]
    fn a_job_that_is_gone_is_forgotten() {
        let (mut memo, answers) = (Memo::default(), Table(HashMap::new()));
        settle(&mut memo, &answers, vec![("a", made(&[])), ("b", made(&[]))]);
        settle(&mut memo, &answers, vec![("b", Fate::Kept)]);
        assert_eq!(memo.traces.keys().collect::<Vec<_>>(), ["b"]);
    }
}
