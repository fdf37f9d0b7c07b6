//! The whole build, in the order it happens, as one function from texts to outputs.

mod jobs;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{self, Subject};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Report, Reported};
use crate::failure::Failure;
use crate::hash::{Hash, Hashing};
use crate::incremental::Memo;
use crate::link;
use crate::model::{self, Parts};
use crate::output::Output;
use crate::parse::{self, Document};
use crate::render::Scene;
use crate::source::{Inputs, SourceId, SourceKind};
use crate::theme;
use jobs::{Made, Run};

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
    /// Whether what no reader looks at, the search index and lists for programs, may wait for another build, since
    /// somebody is waiting for the pages of this one.
    pub pages_first: bool,
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
    /// Whether some of it is of an earlier build (see [`Options::pages_first`]).
    pub waits: bool,
}

/// Why a page was made anew, or was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// In one sentence.
    Because(String),
    /// The site has no page at that address.
    NoSuchPage,
}

/// How much a site holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Articles.
    pub articles: usize,
    /// Pages of every kind.
    pub pages: usize,
    /// Terms in all facets.
    pub terms: usize,
    /// Links followed.
    pub links: usize,
    /// Files handed to the sink.
    pub outputs: usize,
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
    Builder::default().build(inputs, options, sink, &|_| Ok(false))
}

/// Builds a site again and again, and does only what a change asks for.
#[derive(Debug, Default)]
pub struct Builder {
    memo: Memo,
    /// The files of the last build, parsed.
    documents: HashMap<SourceId, Parsed>,
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
        Self { memo: Memo::from_bytes(bytes).unwrap_or_default(), documents: HashMap::new() }
    }

    /// What is remembered of the last build that had no errors; the same site gives the same bytes.
    pub fn remember(&self) -> Vec<u8> {
        self.memo.to_bytes()
    }

    /// Builds the site that `inputs` hold. Every output goes to `sink`, but those of earlier builds by this builder
    /// that would come out the same and that `keep` vouches for. After a build with errors, the outputs of the last one
    /// without are those that count.
    ///
    /// # Errors
    /// The first failure of the sink.
    pub fn build(
        &mut self,
        inputs: &Inputs,
        options: &Options,
        sink: &Sink<'_>,
        keep: &Keep<'_>,
    ) -> Result<Build, Failure> {
        let mut report = Report::default();
        let config = report.take(config::parse(inputs, options.base_url.as_deref()));
        let theme = report.take(theme::overlay(inputs, &config));
        let world = world(inputs, options);
        let same_world = self.memo.enter(world);
        if !same_world {
            self.documents.clear();
        }
        let documents = report.take(self.documents(inputs, &config));
        let evidence = report.take(parse::evidence(inputs));
        let glossary = report.take(parse::glossary(inputs));
        let parts = Parts {
            inputs,
            config: &config,
            documents: &documents,
            evidence: &evidence,
            glossary: &glossary,
            drafts: options.drafts,
        };
        let site = report.take(model::assemble(&parts));
        let links = link::resolve(&site, inputs);
        let subject = Subject { site: &site, links: &links, inputs };
        report.extend(check::run(&subject));
        if let Some(today) = &options.today {
            report.extend(check::freshness(&subject, today));
        }
        let scene = Scene::new(&site, &links, &theme, inputs, &mut self.memo.subjects);
        let Made { outputs, findings, jobs, waits } = Run::new(&scene, &self.memo, sink, keep).all(options)?;
        let why = options.why.as_deref().map(|page| jobs::why(page, &jobs, &self.memo, same_world));
        report.extend(findings);
        report.finish(inputs, options.strict);
        if !report.has_errors() {
            self.memo.settle(jobs.into_iter().filter_map(|job| Some((job.name?, job.trace))).collect());
        }
        let counts = Counts {
            articles: site.reading_order.len(),
            pages: site.pages.len(),
            terms: site.terms.len(),
            links: links.resolved.iter().map(Vec::len).sum(),
            outputs,
        };
        Ok(Build { report, counts, why, waits })
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
                let (text, index) = (Hash::of(file.text.as_bytes()), parse::is_index_of_folder(inputs, id));
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

/// A fingerprint of all that every output depends on, and that seldom changes: the program, settings and theme.
fn world(inputs: &Inputs, options: &Options) -> u64 {
    let mut hashing = Hashing::new();
    let mut add = |text: &str| {
        hashing.update(&text.len().to_le_bytes());
        hashing.update(text.as_bytes());
    };
    add(env!("CARGO_PKG_VERSION"));
    add(&inputs.name);
    add(&inputs.prefix);
    add(options.base_url.as_deref().unwrap_or("\0"));
    add(if options.drafts { "drafts" } else { "" });
    for (_, file) in inputs.iter() {
        let seldom = matches!(file.kind, SourceKind::Theme | SourceKind::Embedded) || file.path == config::PATH;
        if seldom {
            add(&file.path);
            add(&file.text);
        }
    }
    hashing.update(&options.program.to_le_bytes());
    hashing.finish().value()
}
