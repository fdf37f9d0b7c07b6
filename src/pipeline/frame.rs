//! What a build depends on besides the texts of pages, and the fingerprints of that.

use std::sync::Arc;

use rayon::prelude::*;

use super::Options;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Reported};
use crate::hash::Hashing;
use crate::model::Parts;
use crate::parse::{self, Document, Entry, Evidence};
use crate::source::{Inputs, SourceId, SourceKind};
use crate::strings::{self, Strings, key};
use crate::theme::{self, Theme};

/// What a build begins with: all that comes from other files than pages.
#[derive(Debug)]
pub(super) struct Frame {
    /// Of all that it was made from, and of which files there are.
    pub(super) print: u64,
    /// Of what every output depends on.
    pub(super) world: u64,
    pub(super) config: Arc<Config>,
    strings: Arc<Strings>,
    pub(super) theme: Theme,
    evidence: Evidence,
    glossary: Vec<Entry>,
    pub(super) findings: Vec<Diagnostic>,
}

impl Frame {
    /// Reads it; `print` is what [`print`] gives.
    pub(super) fn of(inputs: &Inputs, options: &Options, print: u64) -> Self {
        let mut findings = Vec::new();
        let mut config = take(config::parse(inputs, options.base_url.as_deref()), &mut findings);
        let strings = take(strings::of(inputs, &config.language, config.theme_name()), &mut findings);
        config.name_default_facet(strings.say(key!("tag-name")), strings.say(key!("tags")));
        let strings = Arc::new(strings);
        let theme = take(theme::overlay(inputs, &config, &strings), &mut findings);
        let evidence = take(parse::evidence(inputs), &mut findings);
        let glossary = take(parse::glossary(inputs), &mut findings);
        let world = world(inputs, options);
        Self { print, world, config: Arc::new(config), strings, theme, evidence, glossary, findings }
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
            strings: &self.strings,
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
    files.par_iter().for_each(|&id| _ = inputs.hash(id));
    let mut print = surroundings(inputs, options);
    print.update(&[u8::from(options.strict)]);
    add(&mut print, options.today.as_deref().unwrap_or("\0"));
    for id in files {
        print.update(&id.index().to_le_bytes());
        add_file(&mut print, inputs, id);
    }
    add_dates(&mut print, inputs);
    print.finish().value()
}

/// A fingerprint of all that a build is made from but for the texts of pages: of them, of which there are.
pub(super) fn print(inputs: &Inputs, options: &Options) -> u64 {
    let mut print = surroundings(inputs, options);
    for (id, file) in inputs.iter() {
        print.update(&id.index().to_le_bytes());
        if file.kind == SourceKind::Content && parse::is_markdown(&file.path) {
            add(&mut print, &file.path);
        } else {
            add_file(&mut print, inputs, id);
        }
    }
    add_dates(&mut print, inputs);
    print.finish().value()
}

/// A fingerprint of all that every output depends on, and that seldom changes: the program, settings and theme.
fn world(inputs: &Inputs, options: &Options) -> u64 {
    let mut print = surroundings(inputs, options);
    for (id, file) in inputs.iter() {
        let seldom = matches!(file.kind, SourceKind::Theme | SourceKind::Embedded) || file.path == config::PATH;
        if seldom {
            add_file(&mut print, inputs, id);
        }
    }
    print.finish().value()
}

/// What a build depends on that is in no file.
fn surroundings(inputs: &Inputs, options: &Options) -> Hashing {
    let mut print = Hashing::new();
    add(&mut print, env!("CARGO_PKG_VERSION"));
    add(&mut print, &inputs.name);
    add(&mut print, &inputs.prefix);
    add(&mut print, options.base_url.as_deref().unwrap_or("\0"));
    print.update(&[u8::from(options.drafts)]);
    print.update(&options.program.to_le_bytes());
    print
}

fn add_file(print: &mut Hashing, inputs: &Inputs, id: SourceId) {
    let file = inputs.get(id);
    add(print, &file.path);
    print.update(&[file.kind as u8]);
    print.update(&inputs.hash(id).value().to_le_bytes());
}

fn add_dates(print: &mut Hashing, inputs: &Inputs) {
    for (path, dates) in &inputs.dates {
        add(print, path);
        add(print, &dates.first);
        add(print, &dates.last);
    }
}

/// A text that is kept apart from those around it.
fn add(print: &mut Hashing, text: &str) {
    print.update(&text.len().to_le_bytes());
    print.update(text.as_bytes());
}
