//! For tests of this room: a few texts in, a finished view out, as the build would make it but without the theme that
//! is inside the program.

use super::view::{Scene, View};
use crate::incremental::{KeyTable, Recorder};
use std::sync::Arc;

use crate::output::{Body, Output};
use crate::parse;
use crate::source::{Inputs, Source, SourceKind};
use crate::{config, link, model, theme};

/// Shows `look` the site that these files are, each a path and its text.
pub(super) fn with_view<T>(files: &[(&str, &str)], look: impl FnOnce(&View<'_>) -> T) -> T {
    let mut inputs = Inputs::new("Sample");
    for &(path, text) in files {
        inputs.add(Source { path: path.to_owned(), text: text.to_owned(), kind: kind(path) });
    }
    let config = Arc::new(config::parse(&inputs, None).value);
    let theme = theme::overlay(&inputs, &config).value;
    let documents: Arc<[_]> = inputs
        .iter()
        .filter(|(_, file)| file.kind == SourceKind::Content && !parse::is_data(&file.path))
        .map(|(id, _)| Arc::new(parse::document(&inputs, id, &config).value))
        .collect();
    let parts = model::Parts {
        inputs: &inputs,
        config: &config,
        documents: &documents,
        evidence: &parse::evidence(&inputs).value,
        glossary: &parse::glossary(&inputs).value,
        drafts: false,
    };
    let site = model::assemble(&parts).value;
    let links = link::resolve(&site, &inputs);
    let scene = Scene::new(&site, &links, &theme, &inputs, &mut KeyTable::default());
    look(&scene.view(&Recorder::default()))
}

fn kind(path: &str) -> SourceKind {
    if path.starts_with("themes/") {
        SourceKind::Theme
    } else if path.rsplit('.').next() == Some("md") || parse::is_data(path) {
        SourceKind::Content
    } else {
        SourceKind::Asset
    }
}

/// The text of an output that is one.
#[track_caller]
pub(super) fn text(output: Output) -> String {
    match output.body {
        Body::Bytes(bytes) => String::from_utf8(bytes).expect("outputs of text are UTF-8"),
        Body::Copy(path) => panic!("{} is a copy of {path}", output.path),
    }
}
