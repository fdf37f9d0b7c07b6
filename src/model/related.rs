//! Names under `related:`.

use super::Site;
use super::reference::{ReferenceForm, Resolution};
use crate::parse::repeated;

pub(super) fn resolve(site: &Site, into: &mut Resolution) {
    for (id, page) in site.pages() {
        let Some(document) = page.document.map(|at| &site.documents[at]) else { continue };
        let related = &document.front.related;
        repeated(related.iter().map(|name| (name.value.as_str(), name.span)), "related pages", &mut into.findings);
        for name in related {
            site.names.page(name, ReferenceForm::Related.on(id), into);
        }
    }
}
