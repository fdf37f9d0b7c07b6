//! Every job of a build, done or found to need no doing: pages and what lies beside them, then the search index.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use rayon::prelude::*;

use super::{Keep, Options, Sink, Why};
use crate::diagnostic::Diagnostic;
use crate::failure::Failure;
use crate::incremental::{Fact, Kept, Memo, Notes, Trace};
use crate::model::PageId;
use crate::render::{self, IndexPlan, Job, Reader, Scene, Today};
use crate::search::Segment;

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
        let jobs = render::plan(&view).into_iter().map(|job| (job.name(&view), job)).collect();
        let jobs = match self.index_stays(options)? {
            Ok(index) => {
                let mut done = self.each(jobs, options)?;
                done.push(index);
                done
            }
            Err(stale) => self.with_index(jobs, stale, options)?,
        };
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
            Ok(outputs) => return Ok((Done { name, trace: None, stale: None, outputs, waits: false }, false)),
            Err(stale) => stale,
        };
        if let Some(outputs) = self.left(name.as_deref(), options.pages_first && job.is_seldom_seen())? {
            return Ok((Done { name, trace: None, stale, outputs, waits: true }, false));
        }
        let notes = Notes::default();
        let made = render::output(&self.scene.view(&notes), job, reader);
        let paths: Vec<String> = made.value.iter().map(|output| output.path.clone()).collect();
        let (outputs, clean) = (paths.len(), made.findings.is_empty());
        if !clean {
            self.findings.lock().expect(NO_PANIC).extend(made.findings);
        }
        made.value.into_iter().try_for_each(self.sink)?;
        let trace = (clean && name.is_some()).then(|| Trace::of(notes.into_facts(), &self.today, paths));
        Ok((Done { name, trace, stale, outputs, waits: false }, true))
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

    /// The search index where it stays, else the answer that is another now, if one is known.
    fn index_stays(&self, options: &Options) -> Result<Result<Done, Option<Fact>>, Failure> {
        let done = |stale, outputs, waits| Done { name: Some(INDEX.to_owned()), trace: None, stale, outputs, waits };
        let stale = match self.kept(Some(INDEX))? {
            Ok(outputs) => return Ok(Ok(done(None, outputs, false))),
            Err(stale) => stale,
        };
        let left = self.left(Some(INDEX), options.pages_first)?;
        Ok(left.map_or(Err(stale), |outputs| Ok(done(stale, outputs, true))))
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
        let files = plan.files(&view, segments);
        paths.extend(files.iter().map(|output| output.path.clone()));
        files.into_par_iter().try_for_each(self.sink)?;
        facts.extend(notes.into_facts());
        facts.sort_unstable();
        facts.dedup();
        let outputs = paths.len();
        let (name, trace) = (Some(INDEX.to_owned()), Some(Trace::of(facts, &self.today, paths)));
        done.push(Done { name, trace, stale, outputs, waits: false });
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
        let (texts, segment) = plan.pack(&found);
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
