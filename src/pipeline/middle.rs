//! What lies between texts and outputs: the site and its links.
//!
//! It is computed anew whenever a page has another face: another title, term, heading, anything that is not its text
//! alone. Where only texts are others, as after most edits, the site stays, and the links of those texts are followed
//! again. Which parts of a document are its face is said by [`Document::has_face_of`].

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Reported};
use crate::link::{self, Links};
use crate::model::{self, Assembled, Outputs, Parts, References, Site};
use crate::parse::Document;
use crate::render::Edit;
use crate::source::Inputs;

/// A site with its links, and what was found while it was put together.
#[derive(Debug)]
pub(super) struct Middle {
    pub(super) site: Site,
    pub(super) links: Links,
    outputs: Outputs,
    references: References,
    pub(super) findings: Vec<Diagnostic>,
    /// How it differs from that of the build before, where that is known.
    pub(super) edit: Option<Edit>,
}

impl Middle {
    /// Computes it.
    pub(super) fn of(parts: &Parts<'_>) -> Self {
        let Reported { value: Assembled { site, outputs, references }, findings } = model::assemble(parts);
        let (links, references) = link::resolve(&site, &outputs, parts.inputs, references);
        Self { site, links, outputs, references, findings, edit: None }
    }

    /// What it is with these documents, if they differ from the present ones in their texts alone, and all other inputs
    /// are the same.
    pub(super) fn renewed(mut self, documents: &Arc<[Arc<Document>]>, inputs: &Inputs) -> Option<Self> {
        let Some(documents) = self.site.take_texts(documents) else {
            // Somebody waits for what comes instead.
            rayon::spawn(move || drop(self));
            return None;
        };
        let edited = !documents.is_empty();
        if edited {
            let Self { site, links, references, outputs, .. } = &mut self;
            link::follow_again(links, references, site, outputs, inputs, &documents);
        }
        self.edit = Some(Edit { documents, links: edited });
        Some(self)
    }
}
