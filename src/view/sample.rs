//! For tests of this room: a few texts in, a finished view out, as the build would make it but without the theme that
//! is inside the program.

use super::{Scene, View};
use crate::incremental::{KeyTable, Recorder};

use crate::analysis::{Options, analyse};
use crate::output::{Body, Output};
use crate::parse;
use crate::source::{Inputs, Source, SourceKind};
use crate::theme;

/// Shows `look` the site that these files are, each a path and its text.
pub(crate) fn with_view<T>(files: &[(&str, &str)], look: impl FnOnce(&View<'_>) -> T) -> T {
    let mut inputs = Inputs::new("Sample");
    for &(path, text) in files {
        inputs.add(Source { path: path.to_owned(), text: text.to_owned(), kind: kind(path) });
    }
    let analysis = analyse(&inputs, &Options::default());
    let theme = theme::overlay(&inputs, &analysis.site.config, &analysis.site.strings).value;
    let scene = Scene::new(&analysis, &theme, &inputs, &mut KeyTable::default());
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
pub(crate) fn text(output: Output) -> String {
    match output.body {
        Body::Bytes(bytes) => String::from_utf8(bytes).expect("outputs of text are UTF-8"),
        Body::Copy(path) => panic!("{} is a copy of {path}", output.path),
    }
}
