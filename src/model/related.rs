//! Pages that a page names as its neighbours: under `related`, `next` and `begin`.

use super::Site;
use super::reference::{ReferenceForm, Resolution};
use crate::parse::repeated;

pub(super) fn resolve(site: &Site, into: &mut Resolution) {
    for (id, page) in site.pages() {
        let Some(document) = page.document.map(|at| &site.documents[at]) else { continue };
        let related = &document.front.related;
        let names = related.iter().map(|related| (related.page.value.as_str(), related.page.span));
        repeated(names, "related pages", &mut into.findings);
        for related in related {
            site.names.page(&related.page, ReferenceForm::Related.on(id), into);
        }
        for next in document.front.next.iter().chain(&document.front.begin) {
            site.names.page(&next.page, ReferenceForm::Onward.on(id), into);
        }
    }
}
