//! The whole build, in the order it happens, as one function from texts to outputs.

mod frame;
mod jobs;
mod middle;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::check::{self, Subject};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Report, Reported};
use crate::failure::Failure;
use crate::incremental::{Cache, LastBuild};
use crate::output::{Body, Output};
use crate::parse::{self, Document};
use crate::render::Scene;
use crate::source::{Inputs, SourceId, SourceKind};
use crate::spill::{InMemory, Spill};
use frame::Frame;
use jobs::{Made, Run};
use middle::Middle;

pub use crate::output::Counts;

/// What the caller wants of a build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Stands in for the `base-url` of `site.yaml`.
    pub base_url: Option<String>,
    /// Whether drafts are pages too.
    pub drafts: bool,
    /// Whether warnings count as errors.
    pub strict: bool,
    /// The day by which freshness is judged, `YYYY-MM-DD`; none where the result may not depend on it.
    pub today: Option<String>,
    /// The address of a page of which to say why it was made anew.
    pub why: Option<String>,
    /// A fingerprint of the program, for a memory that outlives it.
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

/// Builds the site that `inputs` hold and hands every output to `sink`.
///
/// Outputs come in no particular order, and come even while errors stand, so that a run reports all of them: whoever
/// publishes looks at the report first.
///
/// # Errors
/// The first failure of the sink.
pub fn build(inputs: &Inputs, options: &Options, sink: &Sink<'_>) -> Result<Build, Failure> {
    Builder::default().build(inputs, options, sink, &|_| Ok(false), &InMemory::default())
}

/// Builds a site again and again, and does only what a change asks for.
#[derive(Debug, Default)]
pub struct Builder {
    cache: Cache,
    /// What the last build began with.
    frame: Option<Frame>,
    /// The files of the last build, parsed.
    documents: HashMap<SourceId, Parsed>,
    /// What the last build made of them, before rendering.
    middle: Option<Middle>,
}

/// A file as it was parsed last.
#[derive(Debug)]
struct Parsed {
    path: String,
    /// Whether it was the page of its folder, which other files have a say in.
    index: bool,
    document: Arc<Document>,
    findings: Vec<Diagnostic>,
}

impl Builder {
    /// A builder that remembers what another run of the program did, from what its [`Self::remember`] gave; one that
    /// remembers nothing where these bytes are anything else.
    pub fn remembering(bytes: &[u8]) -> Self {
        Self { cache: Cache::from_bytes(bytes).unwrap_or_default(), ..Self::default() }
    }

    /// What is remembered of the last build that had no errors; the same site gives the same bytes.
    pub fn remember(&self) -> Vec<u8> {
        self.cache.to_bytes()
    }

    /// The paths of all outputs of the last build that had no errors, in no order.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.cache.all_outputs().map(String::as_str)
    }

    /// Builds the site that `inputs` hold. Every output goes to `sink`, but those of earlier builds by this builder
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
        let whole = frame::whole(inputs, options);
        if let Some(build) = self.up_to_date(whole, inputs, options, sink, keep)? {
            return Ok(build);
        }
        let mut report = Report::default();
        let print = frame::print(inputs, options);
        let known = self.frame.take().filter(|frame| frame.print == print);
        let middle = self.middle.take().filter(|_| known.is_some());
        let frame = known.unwrap_or_else(|| Frame::of(inputs, options, print));
        report.extend(frame.findings.iter().cloned());
        let known = self.cache.invalidate_unless(frame.cache_key);
        if !known {
            self.documents.clear();
        }
        let documents = report.take(self.documents(inputs, &frame.config)).into();
        let middle = middle.and_then(|middle| middle.renewed(&documents, inputs));
        let middle = middle.unwrap_or_else(|| Middle::of(&frame.parts(inputs, &documents, options)));
        let Middle { site, links, findings } = &middle;
        report.extend(findings.iter().cloned());
        let subject = Subject { site, links, inputs };
        report.extend(check::run(&subject));
        if let Some(today) = &options.today {
            report.extend(check::freshness(&subject, today));
        }
        let scene = Scene::new(site, links, &frame.theme, inputs, &mut self.cache.keys);
        let answers = scene.answers();
        let revision = self.cache.revise(&answers);
        let (cache, findings) = (&self.cache, Mutex::default());
        let run = Run { scene: &scene, cache, revision: &revision, sink, keep, spill, findings };
        let Made { outputs, findings, mut jobs } = run.all()?;
        let why = options.why.as_deref().map(|page| jobs::why(page, &jobs, &self.cache.keys, known));
        report.extend(findings);
        report.finish(inputs, options.strict);
        let counts = Counts {
            articles: site.reading_order.len(),
            pages: site.pages.len(),
            terms: site.terms.len(),
            links: links.resolved.iter().map(Vec::len).sum(),
            outputs,
        };
        if !report.has_errors() {
            let untraced = jobs.iter_mut().flat_map(|job| std::mem::take(&mut job.untraced)).collect();
            let last = LastBuild { inputs: whole, findings: report.findings().to_vec(), counts, untraced };
            let jobs = jobs.into_iter().filter_map(|job| Some((job.key?, job.outcome)));
            self.cache.commit(jobs, last, revision, &answers);
            // Only beside a memory of the same build do they tell what has changed since.
            (self.frame, self.middle) = (Some(frame), Some(middle));
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

    /// Parses the Markdown files that are not as they were, in parallel; the result is in the order of paths.
    fn documents(&mut self, inputs: &Inputs, config: &Config) -> Reported<Vec<Arc<Document>>> {
        let pages: Vec<SourceId> = inputs
            .iter()
            .filter(|(_, file)| file.kind == SourceKind::Content && parse::is_markdown(&file.path))
            .map(|(id, _)| id)
            .collect();
        let before = &self.documents;
        let parsed: Vec<Option<Parsed>> = pages
            .par_iter()
            .map(|&id| {
                let file = inputs.get(id);
                let (text, index) = (inputs.hash(id), parse::is_index_of_folder(inputs, id));
                let known = before.get(&id);
                if known
                    .is_some_and(|known| known.path == file.path && known.document.text == text && known.index == index)
                {
                    return None;
                }
                let Reported { value, findings } = parse::document(inputs, id, config);
                Some(Parsed { path: file.path.clone(), index, document: Arc::new(value), findings })
            })
            .collect();
        let mut documents = Reported::clean(Vec::with_capacity(pages.len()));
        for (&id, parsed) in pages.iter().zip(parsed) {
            if let Some(parsed) = parsed {
                self.documents.insert(id, parsed);
            }
            let known = self.documents.get(&id).expect("what is not parsed anew is known");
            documents.value.push(Arc::clone(&known.document));
            documents.findings.extend(known.findings.iter().cloned());
        }
        if self.documents.len() > pages.len() {
            let pages: HashSet<SourceId> = pages.into_iter().collect();
            self.documents.retain(|id, _| pages.contains(id));
        }
        documents
    }
}
