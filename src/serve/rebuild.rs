//! The one place where `serve` builds: inputs and what is served in, what becomes different out.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;

use super::site::{Changes, Content, Outputs};
use crate::config;
use crate::diagnostic::{Diagnostic, Report};
use crate::failure::Failure;
use crate::output::Output;
use crate::pipeline::{self, Counts, Options};
use crate::source::Inputs;

/// What a build found and made.
#[derive(Debug)]
pub(super) struct Rebuilt {
    pub(super) report: Report,
    pub(super) counts: Counts,
    /// What is different from what is served. Of no use while the report has errors.
    pub(super) changes: Changes,
    /// The path that all addresses begin with.
    pub(super) base: String,
}

/// Builds the site to be served at `origin`, with its drafts, and compares it with what is `served`. `findings` are
/// those of reading the inputs.
pub(super) fn rebuild(
    inputs: &Inputs,
    findings: Vec<Diagnostic>,
    origin: &str,
    served: &Outputs,
) -> Result<Rebuilt, Failure> {
    let base = config::parse(inputs, None).value.base.path().to_owned();
    let options = Options { base_url: Some(format!("{origin}{base}")), drafts: true, ..Options::default() };
    let made: Mutex<(BTreeMap<String, Content>, HashSet<String>)> = Mutex::default();
    let mut built = pipeline::build(inputs, &options, &|Output { path, body }| {
        let content = Content::from(body);
        let same = served.get(&path) == Some(&content);
        let mut made = made.lock().expect("no thread panics while it holds the lock");
        if !same {
            made.0.insert(path.clone(), content);
        }
        made.1.insert(path);
        Ok(())
    })?;
    built.report.extend(findings);
    built.report.finish(inputs, false);
    let (put, all) = made.into_inner().expect("no thread panics while it holds the lock");
    let mut gone: Vec<String> = served.keys().filter(|path| !all.contains(*path)).cloned().collect();
    gone.sort();
    Ok(Rebuilt { report: built.report, counts: built.counts, changes: Changes { put, gone }, base })
}
