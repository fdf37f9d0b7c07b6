//! What a build depends on besides the texts of pages, and the fingerprints of that.

use std::sync::Arc;

use rayon::prelude::*;

use super::Options;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Reported};
use crate::hash::{Hash, fingerprint};
use crate::model::Parts;
use crate::parse::{self, Document, Entry, Evidence};
use crate::source::{Inputs, Source, SourceId, SourceKind};
use crate::theme::{self, Theme};

/// What a build begins with: all that comes from other files than pages.
#[derive(Debug)]
pub(super) struct Frame {
    /// Of all that it was made from, and of which files there are.
    pub(super) print: u64,
    /// A fingerprint of what every output depends on.
    pub(super) cache_key: u64,
    pub(super) config: Arc<Config>,
    pub(super) theme: Theme,
    evidence: Evidence,
    glossary: Vec<Entry>,
    pub(super) findings: Vec<Diagnostic>,
}

impl Frame {
    /// Reads it; `print` is what [`print`] gives.
    pub(super) fn of(inputs: &Inputs, options: &Options, print: u64) -> Self {
        let mut findings = Vec::new();
        let config = take(config::parse(inputs, options.base_url.as_deref()), &mut findings);
        let theme = take(theme::overlay(inputs, &config), &mut findings);
        let evidence = take(parse::evidence(inputs), &mut findings);
        let glossary = take(parse::glossary(inputs), &mut findings);
        let cache_key = cache_key(inputs, options);
        Self { print, cache_key, config: Arc::new(config), theme, evidence, glossary, findings }
    }

    /// What a site is assembled from.
    pub(super) fn parts<'a>(
        &'a self,
        inputs: &'a Inputs,
        documents: &'a Arc<[Arc<Document>]>,
        options: &Options,
    ) -> Parts<'a> {
        Parts {
            inputs,
            config: &self.config,
            documents,
            evidence: &self.evidence,
            glossary: &self.glossary,
            drafts: options.drafts,
        }
    }
}

fn take<T>(reported: Reported<T>, findings: &mut Vec<Diagnostic>) -> T {
    findings.extend(reported.findings);
    reported.value
}

/// A fingerprint of all that a build is made from, and of how its findings name files.
pub(super) fn whole(inputs: &Inputs, options: &Options) -> u64 {
    let files: Vec<SourceId> = inputs.iter().map(|(id, _)| id).collect();
    let files: Vec<_> = files.par_iter().map(|&id| (id, file(inputs, id))).collect();
    fingerprint(&(surroundings(inputs, options), options.strict, &options.today, files, &inputs.dates))
}

/// A fingerprint of all that a build is made from but for the texts of pages: of them, of which there are.
pub(super) fn print(inputs: &Inputs, options: &Options) -> u64 {
    let is_page = |source: &Source| source.kind == SourceKind::Content && parse::is_markdown(&source.path);
    let files: Vec<_> = inputs
        .iter()
        .map(|(id, source)| if is_page(source) { (id, Ok(&source.path)) } else { (id, Err(file(inputs, id))) })
        .collect();
    fingerprint(&(surroundings(inputs, options), files, &inputs.dates))
}

/// A fingerprint of all that every output depends on, and that seldom changes: the program, settings and theme.
fn cache_key(inputs: &Inputs, options: &Options) -> u64 {
    let is_seldom = |source: &Source| match source.kind {
        SourceKind::Theme | SourceKind::Embedded => true,
        SourceKind::Content => source.path == config::PATH,
        SourceKind::Asset | SourceKind::LeftOut => false,
    };
    let seldom = inputs.iter().filter(|(_, source)| is_seldom(source));
    fingerprint(&(surroundings(inputs, options), seldom.map(|(id, _)| file(inputs, id)).collect::<Vec<_>>()))
}

/// What a build depends on that is in no file, but for how its findings are judged.
fn surroundings<'a>(inputs: &'a Inputs, options: &'a Options) -> impl std::hash::Hash + use<'a> {
    let Options { base_url, drafts, strict: _, today: _, why: _, program } = options;
    (env!("CARGO_PKG_VERSION"), &inputs.name, &inputs.prefix, base_url, drafts, program)
}

fn file(inputs: &Inputs, id: SourceId) -> (&str, SourceKind, Hash) {
    let Source { path, text: _, kind } = inputs.get(id);
    (path, *kind, inputs.hash(id))
}
