//! Every job of a build, done or found to need no doing: pages and what lies beside them, then the search index.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use rayon::prelude::*;

use super::plan::{self, Job, Task};
use super::{Keep, Sink, Why};
use crate::diagnostic::Diagnostic;
use crate::export::search::{IndexPlan, TextExtractor};
use crate::failure::{Failure, NO_PANIC};
use crate::incremental::{
    Cache, CacheStatus, Dependency, JobKey, JobOutcome, KeyTable, Recorder, Revision, Trace, Untraced,
};
use crate::model::{PageId, SiteFile};
use crate::output::{Body, Output};
use crate::search::Segment;
use crate::spill::Spill;
use crate::view::Scene;

const INDEX: JobKey = JobKey::SiteFile(SiteFile::SearchRoot);

/// What was done.
pub(super) struct JobResults {
    /// Files made or reused.
    pub(super) outputs: usize,
    pub(super) findings: Vec<Diagnostic>,
    pub(super) jobs: Vec<JobResult>,
}

/// A job that was done, or that needed no doing.
pub(super) struct JobResult {
    /// None where it is not worth remembering.
    pub(super) key: Option<JobKey>,
    pub(super) outcome: JobOutcome,
    outputs: usize,
    pub(super) untraced: Vec<Untraced>,
}

impl JobResult {
    fn reused(key: Option<JobKey>, outputs: usize) -> Self {
        Self { key, outcome: JobOutcome::Reused, outputs, untraced: Vec::new() }
    }
}

/// Whether a job needs doing.
enum Action {
    /// This many outputs of an earlier build are there and can stay.
    Reuse(usize),
    /// The outputs must be made, for this answer is another, if one is known.
    Rebuild(Option<Dependency>),
}

/// One build's jobs.
pub(super) struct JobRunner<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) cache: &'a Cache,
    pub(super) revision: &'a Revision,
    pub(super) sink: &'a Sink<'a>,
    pub(super) keep: &'a Keep<'a>,
    pub(super) spill: &'a dyn Spill,
    pub(super) findings: Mutex<Vec<Diagnostic>>,
}

impl JobRunner<'_> {
    /// Does every job whose outputs could come out otherwise than before, in parallel.
    pub(super) fn all(self) -> Result<JobResults, Failure> {
        let unread = Recorder::default();
        let jobs = plan::plan(&self.scene.view(&unread));
        let jobs = match self.action(Some(INDEX))? {
            Action::Reuse(outputs) => {
                let mut done = self.each(&jobs)?;
                done.push(JobResult::reused(Some(INDEX), outputs));
                done
            }
            Action::Rebuild(changed) => self.with_index(jobs, changed)?,
        };
        let mut findings = self.findings.into_inner().expect(NO_PANIC);
        deduplicate(&mut findings);
        Ok(JobResults { outputs: jobs.iter().map(|job| job.outputs).sum(), findings, jobs })
    }

    /// Makes the search index alone.
    pub(super) fn search_index(self) -> Result<(), Failure> {
        self.with_index(Vec::new(), None).map(drop)
    }

    fn each(&self, jobs: &[Job]) -> Result<Vec<JobResult>, Failure> {
        jobs.par_iter().map(|job| Ok(self.job(job, None)?.0)).collect()
    }

    /// Does one job, if it must be done; says whether `reader` was shown the text of the page.
    fn job(&self, job: &Job, reader: Option<&mut TextExtractor<'_>>) -> Result<(JobResult, bool), Failure> {
        let changed = match self.action(job.key)? {
            Action::Reuse(outputs) => return Ok((JobResult::reused(job.key, outputs), false)),
            Action::Rebuild(changed) => changed,
        };
        let recorder = Recorder::default();
        let made = plan::output(&self.scene.view(&recorder), &job.task, reader);
        let outputs = made.value.len();
        let (paths, untraced) = match job.key {
            Some(_) => (made.value.iter().map(|output| output.path.clone()).collect(), Vec::new()),
            None => (Vec::new(), made.value.iter().map(untraced).collect()),
        };
        let worth_a_trace = made.findings.is_empty() && job.key.is_some();
        self.report(made.findings);
        made.value.into_iter().try_for_each(self.sink)?;
        let trace = worth_a_trace.then(|| self.revision.trace(&recorder.into_dependencies(), paths));
        Ok((JobResult { key: job.key, outcome: JobOutcome::Rebuilt { trace, changed }, outputs, untraced }, true))
    }

    fn report(&self, findings: Vec<Diagnostic>) {
        if !findings.is_empty() {
            self.findings.lock().expect(NO_PANIC).extend(findings);
        }
    }

    fn action(&self, key: Option<JobKey>) -> Result<Action, Failure> {
        Ok(match key.map_or(CacheStatus::Missing, |key| self.cache.status(key, self.revision)) {
            CacheStatus::Fresh(Trace { outputs, .. }) if (self.keep)(outputs)? => Action::Reuse(outputs.len()),
            CacheStatus::Stale(dependency) => Action::Rebuild(Some(dependency)),
            CacheStatus::Fresh(_) | CacheStatus::Missing => Action::Rebuild(None),
        })
    }

    /// Does all jobs and makes the search index. Its pages are rendered by the segment, so that one pass over the
    /// text of each serves both.
    fn with_index(&self, jobs: Vec<Job>, changed: Option<Dependency>) -> Result<Vec<JobResult>, Failure> {
        let recorder = Recorder::default();
        let view = self.scene.view(&recorder);
        let plan = IndexPlan::of(&view);
        let found: HashSet<PageId> = plan.pages().collect();
        let (mut pages, mut others) = (HashMap::with_capacity(found.len()), Vec::new());
        for job in jobs {
            match job.task {
                Task::Page(id) if found.contains(&id) => _ = pages.insert(id, job),
                _ => others.push(job),
            }
        }
        let segments = || {
            let each = (0..plan.segments()).into_par_iter().map(|at| self.segment(&plan, at, &pages));
            each.collect::<Result<Vec<_>, Failure>>()
        };
        let (others, made) = rayon::join(|| self.each(&others), segments);
        let (mut done, made) = (others?, made?);
        let (mut paths, mut dependencies, mut segments) = (Vec::new(), Vec::new(), Vec::with_capacity(made.len()));
        for made in made {
            done.extend(made.pages);
            paths.extend(made.paths);
            dependencies.extend(made.dependencies);
            segments.push(made.segment);
        }
        let files = plan.files(&view, &segments, self.spill, &self.sink)?;
        paths.extend(files);
        dependencies.extend(recorder.into_dependencies());
        dependencies.sort_unstable();
        dependencies.dedup();
        let outputs = paths.len();
        let trace = Some(self.revision.trace(&dependencies, paths));
        let (key, outcome) = (Some(INDEX), JobOutcome::Rebuilt { trace, changed });
        done.push(JobResult { key, outcome, outputs, untraced: Vec::new() });
        Ok(done)
    }

    /// Renders the pages of one segment and makes its part of the index.
    fn segment(&self, plan: &IndexPlan, at: usize, jobs: &HashMap<PageId, Job>) -> Result<SegmentResult, Failure> {
        let each = plan.items_of(at).into_par_iter().map(|item| {
            let (recorder, mut done) = (Recorder::default(), None);
            let found = plan.item(&self.scene.view(&recorder), item, |page, reader| {
                let Some(job) = jobs.get(&page) else { return Ok(false) };
                let (job, read) = self.job(job, reader)?;
                done = Some(job);
                Ok::<_, Failure>(read)
            });
            Ok((found?, done, recorder.into_dependencies()))
        });
        let (mut found, mut pages, mut dependencies) = (Vec::new(), Vec::new(), Vec::new());
        for (page, done, read) in each.collect::<Result<Vec<_>, Failure>>()? {
            found.push(page);
            pages.extend(done);
            dependencies.extend(read);
        }
        dependencies.sort_unstable();
        dependencies.dedup();
        let (texts, segment) = plan.pack(&found, self.spill)?;
        let paths: Vec<String> = texts.iter().map(|output| output.path.clone()).collect();
        texts.into_iter().try_for_each(self.sink)?;
        Ok(SegmentResult { pages, paths, dependencies, segment })
    }
}

/// What became of a segment: its pages, the files of its texts, and what they were made from.
struct SegmentResult {
    pages: Vec<JobResult>,
    paths: Vec<String>,
    dependencies: Vec<Dependency>,
    segment: Segment,
}

/// One mistake in a template is met on many pages; it is said once, with the same page on every run.
pub(super) fn deduplicate(findings: &mut Vec<Diagnostic>) {
    findings.sort_by(|a, b| (a.code.id, a.span, &a.message, &a.help).cmp(&(b.code.id, b.span, &b.message, &b.help)));
    findings
        .dedup_by(|later, first| (later.code, later.span, &later.message) == (first.code, first.span, &first.message));
}

fn untraced(output: &Output) -> Untraced {
    let copy_of = match &output.body {
        Body::Bytes(_) => None,
        Body::Copy(from) => Some(from.clone()),
    };
    Untraced { path: output.path.clone(), copy_of }
}

/// Why the page at an address was made anew, or was not; `known` is whether the cache was of the same cache key.
pub(super) fn why(page: &str, jobs: &[JobResult], keys: &KeyTable, known: bool) -> Why {
    let pages = page_jobs(page, keys);
    let Some(job) = jobs.iter().find(|job| job.key.is_some_and(|key| pages.contains(&key))) else {
        return Why::NoSuchPage;
    };
    match job.outcome {
        JobOutcome::Reused => kept(),
        JobOutcome::Rebuilt { changed: Some(dependency), .. } => {
            Why::Because(format!("made anew: {} changed", dependency.words(keys)))
        }
        JobOutcome::Rebuilt { changed: None, .. } if known => {
            Why::Because("made anew: nothing was known of it".to_owned())
        }
        JobOutcome::Rebuilt { changed: None, .. } => {
            Why::Because("made anew: settings, theme or program changed, or no trace was kept".to_owned())
        }
    }
}

/// The same where nothing was made.
pub(super) fn why_kept(page: &str, cache: &Cache) -> Why {
    if page_jobs(page, &cache.keys).iter().any(|&job| cache.has(job)) { kept() } else { Why::NoSuchPage }
}

fn kept() -> Why {
    Why::Because("kept: nothing that it was made from changed".to_owned())
}

/// What the job of the page at an address may be called, be the address written with a slash at its end or without.
fn page_jobs(page: &str, keys: &KeyTable) -> Vec<JobKey> {
    let address = format!("/{}", page.trim_matches('/'));
    let names = [format!("{}/", address.trim_end_matches('/')), address];
    names.iter().filter_map(|name| keys.find(name)).map(JobKey::Page).collect()
}
