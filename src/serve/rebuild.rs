//! The one place where `serve` builds: inputs and what is served in, what becomes different out.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;

use super::site::{Changes, Content, Outputs};
use crate::config;
use crate::diagnostic::{Diagnostic, Report};
use crate::failure::{Failure, NO_PANIC};
use crate::output::Output;
use crate::pipeline::{Builder, Counts, Options};
use crate::source::Inputs;
use crate::spill::InMemory;

/// What a build found and made.
#[derive(Debug)]
pub(super) struct Rebuilt {
    pub(super) report: Report,
    pub(super) counts: Counts,
    /// What is different from what is served. Of no use while the report has errors.
    pub(super) changes: Changes,
    /// The path that all addresses begin with.
    pub(super) base: String,
    /// Whether the search index and what is for programs are of an earlier build.
    pub(super) waits: bool,
}

/// When the search index is made, and what is for programs. It takes longer than a page, and seldom is it what an edit is
/// about.
pub(super) enum Rest<'a> {
    Now,
    Later,
    /// Now, unless this comes true: then the build fails, and nothing is remembered of it.
    Unless(&'a (dyn Fn() -> bool + Sync)),
}

/// Builds the site to be served at `origin`, with its drafts, and compares it with what is `served`: what `builder` made
/// in its last build without errors. `findings` are those of reading the inputs.
pub(super) fn rebuild(
    builder: &mut Builder,
    inputs: &Inputs,
    findings: Vec<Diagnostic>,
    origin: &str,
    served: &Outputs,
    rest: &Rest<'_>,
) -> Result<Rebuilt, Failure> {
    let base = config::parse(inputs, None).value.base.path().to_owned();
    let options = Options {
        base_url: Some(format!("{origin}{base}")),
        drafts: true,
        pages_first: matches!(rest, Rest::Later),
        ..Options::default()
    };
    let made: Mutex<BTreeMap<String, Content>> = Mutex::default();
    let put = |Output { path, body }| {
        if let Rest::Unless(interrupted) = rest
            && interrupted()
        {
            return Err(Failure::new("the build was interrupted"));
        }
        let content = Content::from(body);
        if served.get(&path) != Some(&content) {
            made.lock().expect(NO_PANIC).insert(path, content);
        }
        Ok(())
    };
    let keep = |paths: &[String]| Ok(paths.iter().all(|path| served.contains_key(path)));
    let mut built = builder.build(inputs, &options, &put, &keep, &InMemory::default())?;
    built.report.extend(findings);
    built.report.finish(inputs, false);
    let put = made.into_inner().expect(NO_PANIC);
    let gone = if built.report.has_errors() { Vec::new() } else { gone(builder, served, &put, built.counts.outputs) };
    Ok(Rebuilt { report: built.report, counts: built.counts, changes: Changes { put, gone }, base, waits: built.waits })
}

/// The paths that are served and no longer of the site, which has `outputs` outputs.
fn gone(builder: &Builder, served: &Outputs, put: &BTreeMap<String, Content>, outputs: usize) -> Vec<String> {
    // No two outputs have one path, so that counting them tells whether there is anything to look for.
    let new = put.keys().filter(|path| !served.contains_key(*path)).count();
    if outputs == served.len() + new {
        return Vec::new();
    }
    let all: HashSet<&str> = builder.outputs().collect();
    let mut gone: Vec<String> = served.keys().filter(|path| !all.contains(path.as_str())).cloned().collect();
    gone.sort();
    gone
}
