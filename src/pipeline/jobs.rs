//! Every job of a build, done or found to need no doing: pages and what lies beside them, then the search index.

use std::sync::Mutex;

use rayon::prelude::*;

use super::{Keep, Options, Sink, Why};
use crate::diagnostic::Diagnostic;
use crate::failure::Failure;
use crate::incremental::{Fact, Kept, Memo, Notes, Trace};
use crate::render::{self, IndexPlan, Job, Scene, Today};

/// What the search index is called among the jobs.
const INDEX: &str = "search index";

/// What was done.
pub(super) struct Made {
    /// Files made or kept.
    pub(super) outputs: usize,
    pub(super) findings: Vec<Diagnostic>,
    pub(super) jobs: Vec<Done>,
    /// Whether something was left as it was, though it would come out otherwise.
    pub(super) waits: bool,
}

/// A job that was done, or that needed no doing.
pub(super) struct Done {
    /// None where it is not worth remembering.
    pub(super) name: Option<String>,
    /// Where it was done anew and came out well.
    pub(super) trace: Option<Trace>,
    /// The answer that was another.
    stale: Option<Fact>,
    outputs: usize,
    /// Whether it was left for another build.
    waits: bool,
}

/// One build's jobs.
pub(super) struct Run<'a> {
    scene: &'a Scene<'a>,
    memo: &'a Memo,
    today: Today<'a>,
    sink: &'a Sink<'a>,
    keep: &'a Keep<'a>,
    findings: Mutex<Vec<Diagnostic>>,
}

const NO_PANIC: &str = "no thread panics while it holds the lock";

impl<'a> Run<'a> {
    pub(super) fn new(scene: &'a Scene<'a>, memo: &'a Memo, sink: &'a Sink<'a>, keep: &'a Keep<'a>) -> Self {
        Self { scene, memo, today: scene.today(), sink, keep, findings: Mutex::default() }
    }

    /// Does every job whose outputs could come out otherwise than before, in parallel.
    pub(super) fn all(self, options: &Options) -> Result<Made, Failure> {
        let unread = Notes::default();
        let view = self.scene.view(&unread);
        let jobs: Vec<(Option<String>, Job)> =
            render::plan(&view).into_iter().map(|job| (job.name(&view), job)).collect();
        let pages =
            || jobs.into_par_iter().map(|(name, job)| self.job(name, &job, options)).collect::<Result<Vec<Done>, _>>();
        let (pages, index) = rayon::join(pages, || self.index(options));
        let (mut jobs, index) = (pages?, index?);
        jobs.push(index);
        let waits = jobs.iter().any(|job| job.waits);
        let mut findings = self.findings.into_inner().expect(NO_PANIC);
        // One mistake in a template is met on many pages; it is said once, with the same page on every run.
        findings
            .sort_by(|a, b| (a.code.id, a.span, &a.message, &a.help).cmp(&(b.code.id, b.span, &b.message, &b.help)));
        findings.dedup_by(|later, first| {
            (later.code, later.span, &later.message) == (first.code, first.span, &first.message)
        });
        Ok(Made { outputs: jobs.iter().map(|job| job.outputs).sum(), findings, jobs, waits })
    }

    /// Does one job, if it must be done.
    fn job(&self, name: Option<String>, job: &Job, options: &Options) -> Result<Done, Failure> {
        let stale = match self.kept(name.as_deref())? {
            Ok(outputs) => return Ok(Done { name, trace: None, stale: None, outputs, waits: false }),
            Err(stale) => stale,
        };
        if let Some(outputs) = self.left(name.as_deref(), options.pages_first && job.is_seldom_seen())? {
            return Ok(Done { name, trace: None, stale, outputs, waits: true });
        }
        let notes = Notes::default();
        let made = render::output(&self.scene.view(&notes), job);
        let paths: Vec<String> = made.value.iter().map(|output| output.path.clone()).collect();
        let (outputs, clean) = (paths.len(), made.findings.is_empty());
        if !clean {
            self.findings.lock().expect(NO_PANIC).extend(made.findings);
        }
        made.value.into_iter().try_for_each(self.sink)?;
        let trace = (clean && name.is_some()).then(|| Trace::of(notes.into_facts(), &self.today, paths));
        Ok(Done { name, trace, stale, outputs, waits: false })
    }

    /// The number of a job's outputs where it `waits` for another build: they stay, and are remembered as what they
    /// are, out of date. None where there is nothing to stay.
    fn left(&self, name: Option<&str>, waits: bool) -> Result<Option<usize>, Failure> {
        let there = name.filter(|_| waits).and_then(|name| self.memo.outputs(name));
        Ok(match there {
            Some(there) if (self.keep)(there)? => Some(there.len()),
            _ => None,
        })
    }

    /// The number of a job's outputs where they can stay, else the answer that is another now, if one is known.
    fn kept(&self, name: Option<&str>) -> Result<Result<usize, Option<Fact>>, Failure> {
        match name.map_or(Kept::New, |name| self.memo.kept(name, &self.today)) {
            Kept::Same(trace) if (self.keep)(&trace.outputs)? => Ok(Ok(trace.outputs.len())),
            Kept::Stale(fact) => Ok(Err(Some(fact))),
            Kept::Same(_) | Kept::New => Ok(Err(None)),
        }
    }

    /// Makes the search index, if it would come out otherwise.
    fn index(&self, options: &Options) -> Result<Done, Failure> {
        let name = Some(INDEX.to_owned());
        let stale = match self.kept(Some(INDEX))? {
            Ok(outputs) => return Ok(Done { name, trace: None, stale: None, outputs, waits: false }),
            Err(stale) => stale,
        };
        if let Some(outputs) = self.left(Some(INDEX), options.pages_first)? {
            return Ok(Done { name, trace: None, stale, outputs, waits: true });
        }
        let notes = Notes::default();
        let view = self.scene.view(&notes);
        let plan = IndexPlan::of(&view);
        let made = (0..plan.segments())
            .into_par_iter()
            .map(|at| {
                let notes = Notes::default();
                let (texts, segment) = plan.segment(&self.scene.view(&notes), at);
                let paths: Vec<String> = texts.iter().map(|output| output.path.clone()).collect();
                texts.into_iter().try_for_each(self.sink)?;
                Ok((paths, notes.into_facts(), segment))
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        let (mut paths, mut facts, mut segments) = (Vec::new(), Vec::new(), Vec::with_capacity(made.len()));
        for (of_segment, asked, segment) in made {
            paths.extend(of_segment);
            facts.extend(asked);
            segments.push(segment);
        }
        let files = plan.files(&view, segments);
        let clean = files.findings.is_empty();
        if !clean {
            self.findings.lock().expect(NO_PANIC).extend(files.findings);
        }
        paths.extend(files.value.iter().map(|output| output.path.clone()));
        files.value.into_par_iter().try_for_each(self.sink)?;
        facts.extend(notes.into_facts());
        facts.sort_unstable();
        facts.dedup();
        let outputs = paths.len();
        let trace = clean.then(|| Trace::of(facts, &self.today, paths));
        Ok(Done { name, trace, stale, outputs, waits: false })
    }
}

/// Why the page at an address was made anew, or was not.
pub(super) fn why(page: &str, jobs: &[Done], memo: &Memo, same_world: bool) -> Why {
    let name = format!("page /{}", page.trim_start_matches('/'));
    let (with, without) = (format!("{}/", name.trim_end_matches('/')), name.trim_end_matches('/'));
    let job = jobs.iter().find(|job| job.name.as_deref().is_some_and(|known| known == with || known == without));
    let Some(job) = job else { return Why::NoSuchPage };
    Why::Because(match (&job.trace, job.stale) {
        (None, _) => "kept: nothing that it was made from changed".to_owned(),
        (_, Some(fact)) => format!("made anew: {} changed", memo.subjects.words(fact)),
        _ if !same_world => "made anew: settings, theme or program changed, or no trace was kept".to_owned(),
        _ => "made anew: nothing was known of it".to_owned(),
    })
}
