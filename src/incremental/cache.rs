//! What is remembered from one build to the next: for each output, the answers that it was made from.
#![expect(
    clippy::indexing_slicing,
    reason = "keys and answers are named by their numbers, and a cache that is read is held to them (`is_sound`)"
)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Mutex;

use ahash::AHashSet;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::dependency::Interner;
use super::{Dependency, JobKey, Key, KeyTable};
use crate::diagnostic::Diagnostic;
use crate::failure::NO_PANIC;
use crate::output::Counts;

/// Records what is read while one job is done. Not shared between threads: each job has its own.
#[derive(Debug, Default)]
pub(crate) struct Recorder(RefCell<AHashSet<Dependency>>);

impl Recorder {
    /// Remembers that an answer was looked at.
    pub(crate) fn record(&self, dependency: Dependency) {
        self.0.borrow_mut().insert(dependency);
    }

    /// All that was asked, in order.
    pub(crate) fn into_dependencies(self) -> Vec<Dependency> {
        let mut dependencies: Vec<Dependency> = self.0.into_inner().into_iter().collect();
        dependencies.sort_unstable();
        dependencies
    }
}

/// Who can answer the questions of a trace.
pub(crate) trait Answers {
    /// A fingerprint of today's answer; "there is no such page" is an answer too.
    fn fingerprint(&self, dependency: Dependency) -> u64;
}

/// What the outputs of one job were made from, and where those outputs are. The answers themselves are the cache's:
/// whoever asked in the same build was answered the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trace {
    /// Numbers, for they are many: a page depends on every page that its navigation lists.
    #[serde(with = "super::store::delta_encoded")]
    pub(super) dependencies: Box<[u32]>,
    /// Paths below the output folder.
    pub(crate) outputs: Vec<String>,
}

/// What the cache has of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CacheStatus<'a> {
    /// All answers hold: its outputs would come out the same.
    Fresh(&'a Trace),
    /// This answer is another now.
    Stale(Dependency),
    /// It was never done, or is not worth remembering.
    Missing,
}

/// What became of a job.
#[derive(Debug)]
pub(crate) enum JobOutcome {
    /// Its outputs would come out the same, and stay.
    Reused,
    /// They were made.
    Rebuilt {
        /// None where they are not worth remembering.
        trace: Option<Trace>,
        /// The answer that was another, if the job was known.
        changed: Option<Dependency>,
    },
}

/// A build as a whole: where nothing at all has changed, the next is just the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastBuild {
    /// Fingerprint of all that it was made from.
    pub(crate) inputs: u64,
    /// What it found.
    pub(crate) findings: Vec<Diagnostic>,
    /// How much there was.
    pub(crate) counts: Counts,
    /// Outputs of jobs that are not remembered.
    pub(crate) untraced: Vec<Untraced>,
}

/// An output that has no trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Untraced {
    /// Path below the output folder.
    pub(crate) path: String,
    /// The file that it is a copy of, if it is one.
    pub(crate) copy_of: Option<String>,
}

/// The memory of a site's builds.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Cache {
    /// Fingerprint of all that every output depends on: settings, theme, program.
    pub(super) key: u64,
    pub(super) last: Option<LastBuild>,
    pub(crate) keys: KeyTable,
    /// What the traces depend on, by number, with a fingerprint of the last build's answer.
    pub(super) answers: Vec<(Dependency, u64)>,
    pub(super) traces: BTreeMap<JobKey, Trace>,
}

/// The answers of one build beside those of the last.
#[derive(Debug)]
pub(crate) struct Revision {
    /// For each dependency of the cache, a fingerprint of today's answer.
    current: Vec<u64>,
    /// Those of the cache, then those that this build met first.
    dependencies: Mutex<Interner<Dependency>>,
}

/// Questions that one thread asks before another is worth its while.
const MIN_DEPENDENCIES_PER_TASK: usize = 1024;

impl Cache {
    /// Begins anew unless it is of this cache key; gives what it was until now where it is not.
    pub(crate) fn restart_unless(&mut self, key: u64) -> Option<Self> {
        (self.key != key).then(|| std::mem::replace(self, Self { key, ..Self::default() }))
    }

    /// Asks the questions of all traces again, each once.
    pub(crate) fn revise(&self, answers: &(impl Answers + Sync)) -> Revision {
        let ask = |(dependency, _): &(Dependency, u64)| answers.fingerprint(*dependency);
        let current: Vec<u64> = self.answers.par_iter().with_min_len(MIN_DEPENDENCIES_PER_TASK).map(ask).collect();
        let dependencies = self.answers.iter().map(|(dependency, _)| *dependency).collect();
        Revision { current, dependencies: Mutex::new(dependencies) }
    }

    /// The last build, where it was made from just these inputs.
    pub(crate) fn last(&self, inputs: u64) -> Option<&LastBuild> {
        self.last.as_ref().filter(|last| last.inputs == inputs)
    }

    /// What the cache has of a job.
    pub(crate) fn status(&self, job: JobKey, revision: &Revision) -> CacheStatus<'_> {
        let Some(trace) = self.traces.get(&job) else { return CacheStatus::Missing };
        let numbers = trace.dependencies.iter().map(|&number| number as usize);
        let stale = numbers.map(|at| (self.answers[at], revision.current[at])).find(|((_, then), now)| then != now);
        stale.map_or(CacheStatus::Fresh(trace), |((dependency, _), _)| CacheStatus::Stale(dependency))
    }

    /// Whether a job is remembered.
    pub(crate) fn has(&self, job: JobKey) -> bool {
        self.traces.contains_key(&job)
    }

    /// The outputs of the last build that have a trace, in no order.
    pub(crate) fn traced_outputs(&self) -> impl Iterator<Item = &String> {
        self.traces.values().flat_map(|trace| &trace.outputs)
    }

    /// All outputs of the last build, in no order.
    pub(crate) fn all_outputs(&self) -> impl Iterator<Item = &String> {
        let untraced = self.last.iter().flat_map(|last| &last.untraced);
        self.traced_outputs().chain(untraced.map(|output| &output.path))
    }

    /// Takes over a build in which these jobs came out so; other jobs are forgotten.
    pub(crate) fn commit(
        &mut self,
        jobs: impl IntoIterator<Item = (JobKey, JobOutcome)>,
        last: LastBuild,
        revision: Revision,
        answers: &(impl Answers + Sync),
    ) {
        self.last = Some(last);
        let mut before = std::mem::take(&mut self.traces);
        let trace = |(job, outcome)| {
            let trace = match outcome {
                JobOutcome::Reused => before.remove(&job),
                JobOutcome::Rebuilt { trace, changed: _ } => trace,
            };
            Some((job, trace?))
        };
        self.traces = jobs.into_iter().filter_map(trace).collect();
        let Revision { current, dependencies } = revision;
        let dependencies = dependencies.into_inner().expect(NO_PANIC);
        let (known, new) = dependencies.all().split_at(current.len());
        self.answers = known.iter().copied().zip(current).collect();
        let ask = |&dependency| (dependency, answers.fingerprint(dependency));
        self.answers.par_extend(new.par_iter().with_min_len(MIN_DEPENDENCIES_PER_TASK).map(ask));
        self.normalise();
    }

    /// Puts keys and dependencies in order and forgets those that no trace needs, so that the same builds leave the
    /// same cache, whatever was built before them.
    fn normalise(&mut self) {
        let mut used = vec![false; self.answers.len()];
        self.traces.values().flat_map(|trace| &trace.dependencies).for_each(|&number| used[number as usize] = true);
        let mut needed = vec![false; self.keys.len()];
        let mut need = |key: Key| {
            needed[key.index()] = true;
            key
        };
        self.traces.keys().for_each(|job| _ = job.map_key(&mut need));
        let mut answers: Vec<(Dependency, u64, usize)> = Vec::new();
        for (at, &(dependency, fingerprint)) in self.answers.iter().enumerate().filter(|(at, _)| used[*at]) {
            answers.push((dependency.map_key(&mut need), fingerprint, at));
        }
        let (names, keys) = self.keys.in_order(&needed);
        let renamed = |key: Key| keys[key.index()];
        for (dependency, ..) in &mut answers {
            *dependency = dependency.map_key(renamed);
        }
        answers.sort_unstable();
        let mut numbers = vec![0; self.answers.len()];
        for (number, (.., at)) in (0..).zip(&answers) {
            numbers[*at] = number;
        }
        let traces = std::mem::take(&mut self.traces).into_iter().map(|(job, mut trace)| {
            trace.dependencies.iter_mut().for_each(|number| *number = numbers[*number as usize]);
            trace.dependencies.sort_unstable();
            (job.map_key(renamed), trace)
        });
        self.traces = traces.collect();
        self.answers = answers.into_iter().map(|(dependency, fingerprint, _)| (dependency, fingerprint)).collect();
        self.keys = names;
    }

    /// Whether all numbers are of something that is there, and dependencies stand in order, once each.
    pub(super) fn is_sound(&self) -> bool {
        let mut sound = true;
        let mut check = |key: Key| {
            sound &= key.index() < self.keys.len();
            key
        };
        self.traces.keys().for_each(|job| _ = job.map_key(&mut check));
        self.answers.iter().for_each(|(dependency, _)| _ = dependency.map_key(&mut check));
        let in_order = self.answers.is_sorted_by(|(one, _), (next, _)| one < next);
        let mut numbers = self.traces.values().flat_map(|trace| &trace.dependencies);
        sound && in_order && numbers.all(|&number| (number as usize) < self.answers.len())
    }
}

impl Revision {
    /// The trace of outputs that were made from the answers to these questions.
    pub(crate) fn trace(&self, dependencies: &[Dependency], outputs: Vec<String>) -> Trace {
        let mut interner = self.dependencies.lock().expect(NO_PANIC);
        let dependencies = dependencies.iter().map(|&dependency| interner.intern(dependency)).collect();
        Trace { dependencies, outputs }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::PageQuestion;
    use super::*;

    struct Table(HashMap<Dependency, u64>);

    impl Answers for Table {
        fn fingerprint(&self, dependency: Dependency) -> u64 {
            self.0.get(&dependency).copied().unwrap_or(0)
        }
    }

    /// What the site says of its pages.
    type Site<'a> = &'a [(&'a str, u64)];

    fn page(cache: &mut Cache, name: &str) -> Dependency {
        Dependency::Page(PageQuestion::Page, cache.keys.intern(name))
    }

    fn table(cache: &mut Cache, site: Site<'_>) -> Table {
        Table(site.iter().map(|(name, answer)| (page(cache, name), *answer)).collect())
    }

    /// What a job came to.
    enum Job<'a> {
        Reused,
        /// Made from what these pages say.
        Made(&'a [&'a str]),
        /// Made, and not worth remembering.
        Untraced,
    }

    fn commit(cache: &mut Cache, site: Site<'_>, jobs: &[(&str, Job<'_>)]) {
        let answers = table(cache, site);
        let revision = cache.revise(&answers);
        let mut outcomes = Vec::new();
        for (name, job) in jobs {
            let outcome = match job {
                Job::Reused => JobOutcome::Reused,
                Job::Made(pages) => {
                    let pages: Vec<Dependency> = pages.iter().map(|name| page(cache, name)).collect();
                    JobOutcome::Rebuilt { trace: Some(revision.trace(&pages, Vec::new())), changed: None }
                }
                Job::Untraced => JobOutcome::Rebuilt { trace: None, changed: None },
            };
            outcomes.push((JobKey::Page(cache.keys.intern(name)), outcome));
        }
        let last = LastBuild { inputs: 1, findings: Vec::new(), counts: Counts::default(), untraced: Vec::new() };
        cache.commit(outcomes, last, revision, &answers);
    }

    /// Holds what the cache has of a job, in words.
    #[track_caller]
    fn check(cache: &mut Cache, site: Site<'_>, job: &str, expected: &str) {
        let (job, answers) = (JobKey::Page(cache.keys.intern(job)), table(cache, site));
        let found = match cache.status(job, &cache.revise(&answers)) {
            CacheStatus::Fresh(_) => "fresh".to_owned(),
            CacheStatus::Stale(dependency) => dependency.words(&cache.keys),
            CacheStatus::Missing => "missing".to_owned(),
        };
        assert!(found.ends_with(expected), "{found}, not {expected}");
    }

    #[test]
    fn a_recorder_gives_each_dependency_once() {
        let (recorder, cache) = (Recorder::default(), &mut Cache::default());
        let pages = ["1", "2", "3"].map(|name| page(cache, name));
        for at in [1, 0, 1, 1, 2] {
            recorder.record(pages[at]);
        }
        assert_eq!(recorder.into_dependencies(), pages);
    }

    #[test]
    fn a_job_is_fresh_while_every_answer_holds() {
        let mut cache = Cache::default();
        let site: Site<'_> = &[("1", 10), ("2", 20)];
        commit(&mut cache, site, &[("a", Job::Made(&["3", "2", "1"]))]);
        check(&mut cache, site, "a", "fresh");
        check(&mut cache, site, "b", "missing");
        check(&mut cache, &[("1", 10), ("2", 21)], "a", "of 2");
        check(&mut cache, &[("1", 10)], "a", "of 2"); // a page that went is a change
        check(&mut cache, &[("1", 10), ("2", 20), ("3", 30)], "a", "of 3"); // and so is one that came
    }

    #[test]
    fn a_job_that_is_reused_keeps_its_trace_and_one_made_again_has_another() {
        let mut cache = Cache::default();
        commit(&mut cache, &[("1", 10), ("2", 20)], &[("a", Job::Made(&["1"])), ("b", Job::Made(&["1", "2"]))]);
        commit(&mut cache, &[("1", 10), ("2", 21)], &[("a", Job::Reused), ("b", Job::Made(&["3"]))]);
        check(&mut cache, &[("1", 10), ("2", 22)], "a", "fresh");
        check(&mut cache, &[("1", 10), ("2", 22)], "b", "fresh");
        check(&mut cache, &[("1", 11)], "a", "of 1");
        check(&mut cache, &[("3", 30)], "b", "of 3");
    }

    #[test]
    fn what_cannot_be_remembered_or_is_gone_is_forgotten() {
        let mut cache = Cache::default();
        commit(&mut cache, &[], &[("a", Job::Made(&["1"])), ("b", Job::Made(&["2"]))]);
        commit(&mut cache, &[], &[("a", Job::Untraced)]);
        check(&mut cache, &[], "a", "missing");
        check(&mut cache, &[], "b", "missing");
    }

    #[test]
    fn with_another_cache_key_nothing_is_known() {
        let mut cache = Cache::default();
        assert!(cache.restart_unless(7).is_some());
        commit(&mut cache, &[], &[("a", Job::Made(&[]))]);
        assert!(cache.restart_unless(7).is_none());
        check(&mut cache, &[], "a", "fresh");
        let former = cache.restart_unless(8);
        check(&mut cache, &[], "a", "missing");
        assert_eq!(cache.last(1), None);
        cache = former.expect("it was of another key");
        check(&mut cache, &[], "a", "fresh");
    }

    #[test]
    fn what_was_built_before_leaves_nothing_behind() {
        let (mut cold, mut warm) = (Cache::default(), Cache::default());
        let site: Site<'_> = &[("z", 1), ("y", 2)];
        commit(&mut warm, &[("x", 3), ("y", 4)], &[("b", Job::Made(&["y", "x"])), ("gone", Job::Made(&["x"]))]);
        commit(&mut warm, site, &[("b", Job::Made(&["y"])), ("a", Job::Made(&["z", "y"]))]);
        commit(&mut cold, site, &[("a", Job::Made(&["y", "z"])), ("b", Job::Made(&["y"]))]);
        assert_eq!(warm.to_bytes(), cold.to_bytes());
    }
}
