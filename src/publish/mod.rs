//! An analysis in, the files of the finished site out, and what is remembered of them for the next time.
//!
//! [`Publisher::build`] is the whole build in the order in which it happens. What is wrong with a site is known before
//! anything is made of it, but for mistakes in templates. A build of a site with known errors makes nothing: it tries the
//! templates on one page of each kind and shape (`try_templates`), which is all that `check` does beyond analysis and
//! theme. A mistake in a template of a site without other errors is met while pages are rendered; nothing of that build is
//! published.

mod fingerprint;
mod jobs;
mod plan;

use std::sync::Mutex;

use rayon::prelude::*;

use crate::analysis::{self, Analysis, OutputKind, analyse};
use crate::diagnostic::{Diagnostic, Report};
use crate::failure::Failure;
use crate::incremental::{Cache, KeyTable, LastBuild, Recorder};
use crate::output::{Body, Output};
use crate::render;
use crate::source::Inputs;
use crate::spill::{InMemory, Spill};
use crate::theme::{self, Theme};
use crate::view::{Scene, View};
use jobs::{JobResults, JobRunner};
pub(crate) use plan::make_output;

pub use crate::output::Counts;

/// What the caller wants of a build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What the site is, besides its texts.
    pub site: analysis::Options,
    /// Whether warnings count as errors.
    pub strict: bool,
    /// What was found while the inputs were read.
    pub reading: Vec<Diagnostic>,
    /// The address of a page of which to say why it was made anew.
    pub why: Option<String>,
    /// A hash of the executable; part of the cache key.
    pub program: u64,
}

/// What a build found and made.
#[derive(Debug)]
pub struct Build {
    /// All findings, sorted.
    pub report: Report,
    /// How much there was.
    pub counts: Counts,
    /// The answer to [`Options::why`].
    pub why: Option<Why>,
    /// Whether nothing at all had changed since the last build, and what is remembered of it still holds.
    pub up_to_date: bool,
}

/// Why a page was made anew, or was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// In one sentence.
    Because(String),
    /// The site has no page at that address.
    NoSuchPage,
}

/// Takes an output as soon as it is made, from any thread.
pub type Sink<'a> = dyn Fn(Output) -> Result<(), Failure> + Sync + 'a;

/// Asked whether outputs of an earlier build, by their paths, are still there and can stay; all of them or none.
pub type Keep<'a> = dyn Fn(&[String]) -> Result<bool, Failure> + Sync + 'a;

/// Builds the site that `inputs` hold and hands every output to `sink`, in no particular order; none where the site has
/// errors that are known before anything is made. Whoever publishes looks at the report first.
///
/// # Errors
/// The first failure of the sink.
pub fn build(inputs: &Inputs, options: &Options, sink: &Sink<'_>) -> Result<Build, Failure> {
    Publisher::default().build(inputs, options, sink, &|_| Ok(false), &InMemory::default())
}

/// What is wrong with a site: what a build would say, with templates tried on one page of each kind and shape alone.
#[must_use]
pub fn check(inputs: &Inputs, options: &Options) -> (Report, Counts) {
    let mut analysis = analyse(inputs, &options.site);
    analysis.release();
    let theme = theme::overlay(inputs, &analysis.site.config, &analysis.site.strings);
    let mut report = Report::default();
    report.extend(options.reading.iter().cloned());
    report.extend(analysis.findings.iter().cloned());
    let theme = report.take(theme);
    report.extend(try_templates(&analysis, &theme, inputs));
    report.finish(inputs, options.strict);
    (report, counts(&analysis, 0))
}

/// What is wrong with templates, as far as one page of each kind and shape shows it.
pub(crate) fn try_templates(analysis: &Analysis, theme: &Theme, inputs: &Inputs) -> Vec<Diagnostic> {
    let mut findings = render::try_templates(&Scene::untracked(analysis, theme, inputs));
    jobs::deduplicate(&mut findings);
    findings
}

/// Shows `look` an analysed site as it is rendered, for who makes nothing that is kept.
pub(crate) fn with_view<T>(
    analysis: &Analysis,
    theme: &Theme,
    inputs: &Inputs,
    look: impl FnOnce(&View<'_>) -> T,
) -> T {
    let recorder = Recorder::default();
    let scene = Scene::untracked(analysis, theme, inputs);
    look(&scene.view(&recorder))
}

/// Makes some outputs of an analysed site, whatever is wrong with it, and those that are made together with them.
#[must_use]
pub fn outputs(analysis: &Analysis, inputs: &Inputs, kinds: impl IntoIterator<Item = OutputKind>) -> Vec<Output> {
    let theme = theme::overlay(inputs, &analysis.site.config, &analysis.site.strings).value;
    let make = |view: &View<'_>| kinds.into_iter().flat_map(|kind| plan::make_output(view, kind).value).collect();
    with_view(analysis, &theme, inputs, make)
}

/// Makes the search index of an analysed site, and hands its files to `sink`.
///
/// # Errors
/// The first failure of the sink or of the spill.
pub(crate) fn search_index(
    analysis: &Analysis,
    theme: &Theme,
    inputs: &Inputs,
    sink: &Sink<'_>,
    spill: &dyn Spill,
) -> Result<(), Failure> {
    let mut keys = KeyTable::default();
    let scene = Scene::new(analysis, theme, inputs, &mut keys);
    let answers = scene.answers();
    let cache = Cache::default();
    let revision = cache.revise(&answers);
    let (keep, findings) = (|_: &[String]| Ok(false), Mutex::default());
    let run = JobRunner { scene: &scene, cache: &cache, revision: &revision, sink, keep: &keep, spill, findings };
    run.search_index()
}

/// Builds a site, and remembers what it made for the next time.
#[derive(Debug, Default)]
pub struct Publisher {
    cache: Cache,
}

impl Publisher {
    /// A publisher that remembers what another run of the program did, from what its [`Self::remember`] gave; one that
    /// remembers nothing where these bytes are anything else.
    #[must_use]
    pub fn remembering(bytes: &[u8]) -> Self {
        Self { cache: Cache::from_bytes(bytes).unwrap_or_default() }
    }

    /// What is remembered of the last build that had no errors; the same site gives the same bytes.
    #[must_use]
    pub fn remember(&self) -> Vec<u8> {
        self.cache.to_bytes()
    }

    /// The paths of all outputs of the last build that had no errors, in no order.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.cache.all_outputs().map(String::as_str)
    }

    /// Builds the site that `inputs` hold. Every output goes to `sink`, but those of earlier builds by this publisher
    /// that would come out the same and that `keep` vouches for; what the search index is made from waits in `spill`.
    /// After a build with errors, the outputs of the last one without are those that count.
    ///
    /// # Errors
    /// The first failure of the sink, of `keep` or of `spill`.
    pub fn build(
        &mut self,
        inputs: &Inputs,
        options: &Options,
        sink: &Sink<'_>,
        keep: &Keep<'_>,
        spill: &dyn Spill,
    ) -> Result<Build, Failure> {
        let whole = fingerprint::whole(inputs, options);
        if let Some(build) = self.up_to_date(whole, inputs, options, sink, keep)? {
            return Ok(build);
        }
        let mut analysis = analyse(inputs, &options.site);
        analysis.release();
        let mut report = Report::default();
        report.extend(options.reading.iter().cloned());
        report.extend(analysis.findings.iter().cloned());
        let theme = report.take(theme::overlay(inputs, &analysis.site.config, &analysis.site.strings));
        report.finish(inputs, options.strict);
        if report.has_errors() {
            report.extend(try_templates(&analysis, &theme, inputs));
            report.finish(inputs, options.strict);
            return Ok(Build { report, counts: counts(&analysis, 0), why: None, up_to_date: false });
        }
        let former = self.cache.restart_unless(fingerprint::cache_key(inputs, options));
        let scene = Scene::new(&analysis, &theme, inputs, &mut self.cache.keys);
        let answers = scene.answers();
        let revision = self.cache.revise(&answers);
        let (cache, findings) = (&self.cache, Mutex::default());
        let run = JobRunner { scene: &scene, cache, revision: &revision, sink, keep, spill, findings };
        let JobResults { outputs, findings, mut jobs } = run.all()?;
        let why = options.why.as_deref().map(|page| jobs::why(page, &jobs, &self.cache.keys, former.is_none()));
        report.extend(findings);
        report.finish(inputs, options.strict);
        let counts = counts(&analysis, outputs);
        if !report.has_errors() {
            let untraced = jobs.iter_mut().flat_map(|job| std::mem::take(&mut job.untraced)).collect();
            let last = LastBuild { inputs: whole, findings: report.findings().to_vec(), counts, untraced };
            let jobs = jobs.into_iter().filter_map(|job| Some((job.key?, job.outcome)));
            self.cache.commit(jobs, last, revision, &answers);
        } else if let Some(former) = former {
            self.cache = former;
        }
        Ok(Build { report, counts, why, up_to_date: false })
    }

    /// The last build once more, if it was made from just this; none where one of its outputs is not there any more.
    /// Copies are compared by whoever takes them: what they hold is no part of the inputs.
    fn up_to_date(
        &self,
        whole: u64,
        inputs: &Inputs,
        options: &Options,
        sink: &Sink<'_>,
        keep: &Keep<'_>,
    ) -> Result<Option<Build>, Failure> {
        let Some(last) = self.cache.last(whole) else { return Ok(None) };
        if !last.findings.iter().flat_map(Diagnostic::spans).all(|span| inputs.has(span)) {
            return Ok(None); // It is not of this program, whatever it says.
        }
        let (copies, made): (Vec<_>, Vec<_>) = last.untraced.iter().partition(|output| output.copy_of.is_some());
        let made = made.into_iter().map(|output| &output.path).chain(self.cache.traced_outputs());
        if !keep(&made.cloned().collect::<Vec<_>>())? {
            return Ok(None);
        }
        copies.par_iter().try_for_each(|output| match &output.copy_of {
            Some(from) => sink(Output { path: output.path.clone(), body: Body::Copy(from.clone()) }),
            None => Ok(()),
        })?;
        let why = options.why.as_deref().map(|page| jobs::why_kept(page, &self.cache));
        let mut report = Report::default();
        report.extend(last.findings.iter().cloned());
        report.finish(inputs, options.strict);
        Ok(Some(Build { report, counts: last.counts, why, up_to_date: true }))
    }
}

/// How much an analysed site holds, of which so many files were made.
pub(crate) fn counts(analysis: &Analysis, outputs: usize) -> Counts {
    Counts {
        articles: analysis.site.reading_order.len(),
        pages: analysis.site.pages.len(),
        terms: analysis.site.terms.len(),
        links: analysis.links.resolved.iter().map(Vec::len).sum(),
        outputs,
    }
}
