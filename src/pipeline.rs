//! The whole build, in the order it happens, as one function from texts to outputs.

use std::sync::Mutex;

use rayon::prelude::*;

use crate::check::{self, Subject};
use crate::config;
use crate::diagnostic::{Diagnostic, Report, Reported};
use crate::failure::Failure;
use crate::link;
use crate::model::{self, Parts};
use crate::output::Output;
use crate::parse::{self, Document};
use crate::render::{self, IndexPlan, View};
use crate::source::{Inputs, SourceKind};
use crate::theme;

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
}

/// What a build found and made.
#[derive(Debug)]
pub struct Build {
    /// All findings, sorted.
    pub report: Report,
    /// How much there was.
    pub counts: Counts,
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

/// Builds the site that `inputs` hold and hands every output to `sink`.
///
/// Outputs come in no particular order, and come even while errors stand, so that a run reports all of them: whoever
/// publishes looks at the report first.
///
/// # Errors
/// The first failure of the sink.
pub fn build(inputs: &Inputs, options: &Options, sink: &Sink<'_>) -> Result<Build, Failure> {
    let mut report = Report::default();
    let config = report.take(config::parse(inputs, options.base_url.as_deref()));
    let theme = report.take(theme::overlay(inputs, &config));
    let documents = report.take(documents(inputs, &config));
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
    let view = View::new(&site, &links, &theme, inputs);
    let outputs = outputs(&view, &mut report, sink)? + search(&view, sink)?;
    report.finish(inputs, options.strict);
    let counts = Counts {
        articles: site.reading_order.len(),
        pages: site.pages.len(),
        terms: site.terms.len(),
        links: links.resolved.iter().map(Vec::len).sum(),
        outputs,
    };
    Ok(Build { report, counts })
}

/// Parses every Markdown file, in parallel; the result is in the order of paths.
fn documents(inputs: &Inputs, config: &config::Config) -> Reported<Vec<Document>> {
    let pages: Vec<_> = inputs
        .iter()
        .filter(|(_, file)| file.kind == SourceKind::Content && parse::is_markdown(&file.path))
        .map(|(id, _)| id)
        .collect();
    let parsed: Vec<Reported<Document>> = pages.par_iter().map(|&id| parse::document(inputs, id, config)).collect();
    let mut documents = Reported::clean(Vec::with_capacity(parsed.len()));
    for one in parsed {
        documents.value.push(one.value);
        documents.findings.extend(one.findings);
    }
    documents
}

/// Renders every job, in parallel, and gives the number of outputs.
fn outputs(view: &View<'_>, report: &mut Report, sink: &Sink<'_>) -> Result<usize, Failure> {
    let findings = Mutex::new(Vec::new());
    let made = render::plan(view)
        .into_par_iter()
        .map(|job| {
            let made = render::output(view, &job);
            if !made.findings.is_empty() {
                findings.lock().expect("no thread panics while it holds the lock").extend(made.findings);
            }
            let count = made.value.len();
            made.value.into_iter().try_for_each(sink).map(|()| count)
        })
        .collect::<Result<Vec<usize>, Failure>>()?;
    let mut findings: Vec<Diagnostic> = findings.into_inner().expect("no thread panics while it holds the lock");
    // One mistake in a template is met on many pages; it is said once, with the same page on every run.
    findings.sort_by(|a, b| (a.code.id, a.span, &a.message, &a.help).cmp(&(b.code.id, b.span, &b.message, &b.help)));
    findings
        .dedup_by(|later, first| (later.code, later.span, &later.message) == (first.code, first.span, &first.message));
    report.extend(findings);
    Ok(made.into_iter().sum())
}

/// Makes the search index, in parallel, and gives the number of its files.
fn search(view: &View<'_>, sink: &Sink<'_>) -> Result<usize, Failure> {
    let plan = IndexPlan::of(view);
    let made = (0..plan.segments())
        .into_par_iter()
        .map(|at| {
            let (texts, segment) = plan.segment(view, at);
            let count = texts.len();
            texts.into_iter().try_for_each(sink).map(|()| (count, segment))
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let (counts, segments): (Vec<usize>, Vec<_>) = made.into_iter().unzip();
    let files = plan.files(view, segments);
    let count = files.len();
    files.into_par_iter().try_for_each(sink)?;
    Ok(counts.into_iter().sum::<usize>() + count)
}
