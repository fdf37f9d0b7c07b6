//! Names under `related:` and templates that are asked for.

use crate::check::Subject;
use crate::diagnostic::Diagnostic;
use crate::parse::repeated;

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, page) in subject.site.pages() {
        let Some(document) = page.document.map(|at| &subject.site.documents[at]) else { continue };
        let related = &document.front.related;
        repeated(related.iter().map(|name| (name.value.as_str(), name.span)), "related pages", findings);
        for name in related {
            subject.site.names.page(subject.site, name, findings);
        }
    }
}
