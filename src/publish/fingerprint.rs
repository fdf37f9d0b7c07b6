//! What a build depends on, as fingerprints: all of it, and what every output depends on.

use rayon::prelude::*;

use super::Options;
use crate::analysis;
use crate::config;
use crate::hash::{Hash, fingerprint};
use crate::source::{Inputs, Source, SourceId, SourceKind};

/// A fingerprint of all that a build is made from, and of how its findings name files.
pub(super) fn whole(inputs: &Inputs, options: &Options) -> u64 {
    let files: Vec<SourceId> = inputs.iter().map(|(id, _)| id).collect();
    let files: Vec<_> = files.par_iter().map(|&id| (id, file(inputs, id))).collect();
    let Options { strict, site, reading, .. } = options;
    // Of what could not be read, only these findings tell.
    let reading: Vec<_> = reading.iter().map(|found| (found.code.id, found.span, &found.message)).collect();
    fingerprint(&(surroundings(inputs, options), strict, &site.today, reading, files, &inputs.dates, &inputs.pictures))
}

/// A fingerprint of all that every output depends on, and that seldom changes: the program, settings and theme.
pub(super) fn cache_key(inputs: &Inputs, options: &Options) -> u64 {
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
    let Options { site, strict: _, reading: _, why: _, program } = options;
    let analysis::Options { base_url, origin, drafts, today: _ } = site;
    (env!("CARGO_PKG_VERSION"), &inputs.name, &inputs.prefix, base_url, origin, drafts, program)
}

fn file(inputs: &Inputs, id: SourceId) -> (&str, SourceKind, Hash) {
    let Source { path, text: _, kind } = inputs.get(id);
    (path, *kind, inputs.hash(id))
}
