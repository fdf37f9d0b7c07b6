//! What lies between texts and outputs: the site and its links.
//!
//! It is computed anew whenever a page has another face: another title, term, heading, anything that is not its text
//! alone. Where only texts are others, as after most edits, the site stays, and the links of those texts are followed
//! again. Which parts of a document are its face is said by [`Document::has_face_of`].

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Reported};
use crate::link::{self, Links};
use crate::model::{self, Parts, Site};
use crate::parse::Document;
use crate::source::Inputs;

/// A site with its links, and what was found while it was put together.
#[derive(Debug)]
pub(super) struct Middle {
    pub(super) site: Site,
    pub(super) links: Links,
    pub(super) findings: Vec<Diagnostic>,
}

impl Middle {
    /// Computes it.
    pub(super) fn of(parts: &Parts<'_>) -> Self {
        let Reported { value: site, findings } = model::assemble(parts);
        let links = link::resolve(&site, parts.inputs);
        Self { site, links, findings }
    }

    /// What it is with these documents, if they differ from the present ones in their texts alone, and all other inputs
    /// are the same.
    pub(super) fn renewed(mut self, documents: &Arc<[Arc<Document>]>, inputs: &Inputs) -> Option<Self> {
        let Some(documents) = self.site.take_texts(documents) else {
            // Somebody waits for what comes instead.
            rayon::spawn(move || drop(self));
            return None;
        };
        if !documents.is_empty() {
            link::follow_again(&mut self.links, &self.site, inputs, &documents);
        }
        Some(self)
    }
}
