//! Every job of a build, done or found to need no doing: pages and what lies beside them, then the search index.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use rayon::prelude::*;

use super::{Keep, Options, Sink, Why};
use crate::diagnostic::Diagnostic;
use crate::failure::{Failure, NO_PANIC};
use crate::incremental::{Changes, Fact, Fate, Kept, Memo, Notes, Trace};
use crate::model::PageId;
use crate::output::{Body, Output};
use crate::render::{self, IndexPlan, Job, Reader, Scene};
use crate::search::Segment;
use crate::spill::Spill;

/// What the search index is called among the jobs.
const INDEX: &str = "search index";

/// A job and what it is called from one build to the next.
type Named = (Option<String>, Job);

/// What was done.
pub(super) struct Made {
    /// Files made or kept.
    pub(super) outputs: usize,
    pub(super) findings: Vec<Diagnostic>,
    pub(super) jobs: Vec<Done>,
}

/// A job that was done, or that needed no doing.
pub(super) struct Done {
    /// None where it is not worth remembering.
    pub(super) name: Option<String>,
    pub(super) fate: Fate,
    /// The answer that was another.
    stale: Option<Fact>,
    outputs: usize,
    /// Outputs that are not remembered, each with the file that it is a copy of, if it is one.
    pub(super) others: Vec<(String, Option<String>)>,
}

impl Done {
    /// A job whose outputs stay.
    fn nothing(name: Option<String>, fate: Fate, stale: Option<Fact>, outputs: usize) -> Self {
        Self { name, fate, stale, outputs, others: Vec::new() }
    }
}

/// One build's jobs.
pub(super) struct Run<'a> {
    scene: &'a Scene<'a>,
    memo: &'a Memo,
    changes: &'a Changes,
    sink: &'a Sink<'a>,
    keep: &'a Keep<'a>,
    spill: &'a dyn Spill,
    findings: Mutex<Vec<Diagnostic>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        scene: &'a Scene<'a>,
        memo: &'a Memo,
        changes: &'a Changes,
        sink: &'a Sink<'a>,
        keep: &'a Keep<'a>,
        spill: &'a dyn Spill,
    ) -> Self {
        Self { scene, memo, changes, sink, keep, spill, findings: Mutex::default() }
    }

    /// Does every job whose outputs could come out otherwise than before, in parallel.
    pub(super) fn all(self, options: &Options) -> Result<Made, Failure> {
        let unread = Notes::default();
        let view = self.scene.view(&unread);
        let jobs = render::plan(&view).into_iter().map(|job| (job.name(&view), job)).collect();
        let jobs = match self.index_stays(options)? {
            Ok(index) => {
                let mut done = self.each(jobs, options)?;
                done.push(index);
                done
            }
            Err(stale) => self.with_index(jobs, stale, options)?,
        };
        let mut findings = self.findings.into_inner().expect(NO_PANIC);
        // One mistake in a template is met on many pages; it is said once, with the same page on every run.
        findings
            .sort_by(|a, b| (a.code.id, a.span, &a.message, &a.help).cmp(&(b.code.id, b.span, &b.message, &b.help)));
        findings.dedup_by(|later, first| {
            (later.code, later.span, &later.message) == (first.code, first.span, &first.message)
        });
        Ok(Made { outputs: jobs.iter().map(|job| job.outputs).sum(), findings, jobs })
    }

    fn each(&self, jobs: Vec<Named>, options: &Options) -> Result<Vec<Done>, Failure> {
        jobs.into_par_iter().map(|(name, job)| Ok(self.job(name, &job, options, None)?.0)).collect()
    }

    /// Does one job, if it must be done; says whether `reader` was shown the text of the page.
    fn job(
        &self,
        name: Option<String>,
        job: &Job,
        options: &Options,
        reader: Option<&mut Reader<'_>>,
    ) -> Result<(Done, bool), Failure> {
        let stale = match self.kept(name.as_deref())? {
            Ok(outputs) => return Ok((Done::nothing(name, Fate::Kept, None, outputs), false)),
            Err(stale) => stale,
        };
        if let Some(fact) = stale.filter(|_| options.pages_first && job.is_seldom_seen())
            && let Some(outputs) = self.left(name.as_deref())?
        {
            return Ok((Done::nothing(name, Fate::Left(fact), stale, outputs), false));
        }
        let notes = Notes::default();
        let made = render::output(&self.scene.view(&notes), job, reader);
        let outputs = made.value.len();
        let (paths, others) = match name {
            Some(_) => (made.value.iter().map(|output| output.path.clone()).collect(), Vec::new()),
            None => (Vec::new(), made.value.iter().map(unremembered).collect()),
        };
        let clean = made.findings.is_empty();
        if !clean {
            self.findings.lock().expect(NO_PANIC).extend(made.findings);
        }
        made.value.into_iter().try_for_each(self.sink)?;
        let trace = (clean && name.is_some()).then(|| Trace::of(notes.into_facts(), paths));
        Ok((Done { name, fate: Fate::Made(trace), stale, outputs, others }, true))
    }

    /// The number of a job's outputs where it can wait for another build: they stay, and are remembered as what they
    /// are, out of date. None where there is nothing to stay.
    fn left(&self, name: Option<&str>) -> Result<Option<usize>, Failure> {
        Ok(match name.and_then(|name| self.memo.outputs(name)) {
            Some(there) if (self.keep)(there)? => Some(there.len()),
            _ => None,
        })
    }

    /// The number of a job's outputs where they can stay, else the answer that is another now, if one is known.
    fn kept(&self, name: Option<&str>) -> Result<Result<usize, Option<Fact>>, Failure> {
        match name.map_or(Kept::New, |name| self.memo.kept(name, self.changes)) {
            Kept::Same(trace) if (self.keep)(&trace.outputs)? => Ok(Ok(trace.outputs.len())),
            Kept::Stale(fact) => Ok(Err(Some(fact))),
            Kept::Same(_) | Kept::New => Ok(Err(None)),
        }
    }

    /// The search index where it stays, else the answer that is another now, if one is known.
    fn index_stays(&self, options: &Options) -> Result<Result<Done, Option<Fact>>, Failure> {
        let done = |fate, stale, outputs| Done::nothing(Some(INDEX.to_owned()), fate, stale, outputs);
        let stale = match self.kept(Some(INDEX))? {
            Ok(outputs) => return Ok(Ok(done(Fate::Kept, None, outputs))),
            Err(stale) => stale,
        };
        if let Some(fact) = stale.filter(|_| options.pages_first)
            && let Some(outputs) = self.left(Some(INDEX))?
        {
            return Ok(Ok(done(Fate::Left(fact), stale, outputs)));
        }
        Ok(Err(stale))
    }

    /// Does all jobs and makes the search index. Its pages are rendered by the segment, so that one pass over the
    /// text of each serves both.
    fn with_index(&self, jobs: Vec<Named>, stale: Option<Fact>, options: &Options) -> Result<Vec<Done>, Failure> {
        let notes = Notes::default();
        let view = self.scene.view(&notes);
        let plan = IndexPlan::of(&view);
        let found: HashSet<PageId> = plan.pages().collect();
        let (pages, others): (Vec<Named>, Vec<Named>) =
            jobs.into_iter().partition(|(_, job)| matches!(job, Job::Page(id) if found.contains(id)));
        let pages: HashMap<PageId, Named> = pages
            .into_iter()
            .filter_map(|named| match named.1 {
                Job::Page(id) => Some((id, named)),
                _ => None,
            })
            .collect();
        let segments = || {
            let each = (0..plan.segments()).into_par_iter().map(|at| self.segment(&plan, at, &pages, options));
            each.collect::<Result<Vec<_>, Failure>>()
        };
        let (others, made) = rayon::join(|| self.each(others, options), segments);
        let (mut done, made) = (others?, made?);
        let (mut paths, mut facts, mut segments) = (Vec::new(), Vec::new(), Vec::with_capacity(made.len()));
        for made in made {
            done.extend(made.pages);
            paths.extend(made.paths);
            facts.extend(made.facts);
            segments.push(made.segment);
        }
        let (files, findings) = plan.files(&view, &segments, self.spill, &self.sink)?;
        paths.extend(files);
        let clean = findings.is_empty();
        if !clean {
            self.findings.lock().expect(NO_PANIC).extend(findings);
        }
        facts.extend(notes.into_facts());
        facts.sort_unstable();
        facts.dedup();
        let outputs = paths.len();
        let fate = Fate::Made(clean.then(|| Trace::of(facts, paths)));
        done.push(Done { name: Some(INDEX.to_owned()), fate, stale, outputs, others: Vec::new() });
        Ok(done)
    }

    /// Renders the pages of one segment and makes its part of the index.
    fn segment(
        &self,
        plan: &IndexPlan,
        at: usize,
        jobs: &HashMap<PageId, Named>,
        options: &Options,
    ) -> Result<OfSegment, Failure> {
        let each = plan.items_of(at).into_par_iter().map(|item| {
            let (notes, mut done) = (Notes::default(), None);
            let found = plan.item(&self.scene.view(&notes), item, |page, reader| {
                let Some((name, job)) = jobs.get(&page) else { return Ok(false) };
                let (job, read) = self.job(name.clone(), job, options, reader)?;
                done = Some(job);
                Ok::<_, Failure>(read)
            });
            Ok((found?, done, notes.into_facts()))
        });
        let (mut found, mut pages, mut facts) = (Vec::new(), Vec::new(), Vec::new());
        for (page, done, asked) in each.collect::<Result<Vec<_>, Failure>>()? {
            found.push(page);
            pages.extend(done);
            facts.extend(asked);
        }
        facts.sort_unstable();
        facts.dedup();
        let (texts, segment) = plan.pack(&found, self.spill)?;
        let paths: Vec<String> = texts.iter().map(|output| output.path.clone()).collect();
        texts.into_iter().try_for_each(self.sink)?;
        Ok(OfSegment { pages, paths, facts, segment })
    }
}

/// What became of a segment: its pages, the files of its texts, and what they were made from.
struct OfSegment {
    pages: Vec<Done>,
    paths: Vec<String>,
    facts: Vec<Fact>,
    segment: Segment,
}

/// The path of an output, and what it is a copy of.
fn unremembered(output: &Output) -> (String, Option<String>) {
    let copy = match &output.body {
        Body::Bytes(_) => None,
        Body::Copy(from) => Some(from.clone()),
    };
    (output.path.clone(), copy)
}

/// Why the page at an address was made anew, or was not.
pub(super) fn why(page: &str, jobs: &[Done], memo: &Memo, same_world: bool) -> Why {
    let names = names_of(page);
    let job = jobs.iter().find(|job| job.name.as_ref().is_some_and(|name| names.contains(name)));
    let Some(job) = job else { return Why::NoSuchPage };
    match (&job.fate, job.stale) {
        (Fate::Kept, _) => kept(),
        (_, Some(fact)) => Why::Because(format!("made anew: {} changed", memo.subjects.words(fact))),
        _ if !same_world => {
            Why::Because("made anew: settings, theme or program changed, or no trace was kept".to_owned())
        }
        _ => Why::Because("made anew: nothing was known of it".to_owned()),
    }
}

/// The same where nothing was made.
pub(super) fn why_kept(page: &str, memo: &Memo) -> Why {
    if names_of(page).iter().any(|name| memo.outputs(name).is_some()) { kept() } else { Why::NoSuchPage }
}

fn kept() -> Why {
    Why::Because("kept: nothing that it was made from changed".to_owned())
}

/// What the job of the page at an address may be called, be the address written with a slash at its end or without.
fn names_of(page: &str) -> [String; 2] {
    let name = format!("page /{}", page.trim_start_matches('/'));
    let without = name.trim_end_matches('/');
    [format!("{without}/"), without.to_owned()]
}
