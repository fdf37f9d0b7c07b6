//! What the links of a text name, with the places of the names themselves.

use super::{Resolved, Target, Wrong};
use crate::model::{Definition, OutputKind, PageId, Reference, ReferenceForm, Site};
use crate::parse::{Document, LinkForm, LinkUse};

use super::target::Files;

/// The references that the links of a document are; those to other sites name nothing of this one.
pub(super) fn of_text(site: &Site, files: &Files<'_>, document: &Document, resolved: &[Resolved]) -> Vec<Reference> {
    let mut references = Vec::with_capacity(resolved.len());
    let Some(page) = site.page_of(document.source) else { return references };
    for Resolved { link, target, .. } in resolved {
        let Some(link) = document.outline.links.get(*link) else { continue };
        let text = Text { site, files, page, link };
        text.references(target, &mut references);
    }
    references
}

/// One link.
struct Text<'a> {
    site: &'a Site,
    files: &'a Files<'a>,
    page: PageId,
    link: &'a LinkUse,
}

impl Text<'_> {
    fn references(&self, target: &Target, into: &mut Vec<Reference>) {
        let form = match self.link.form {
            LinkForm::Markdown => ReferenceForm::Link,
            LinkForm::Image => ReferenceForm::Image,
            LinkForm::Wiki => ReferenceForm::Wiki,
            LinkForm::Citation => ReferenceForm::Citation,
        };
        let (name, fragment) = match self.link.target.split_once('#') {
            Some((name, fragment)) => (name, Some(fragment)),
            None => (self.link.target.as_str(), None),
        };
        let name = name.split('?').next().unwrap_or(name);
        let mut add = |name: &str, form, target| {
            into.push(Reference { span: self.link.place(name), form, from: Some(self.page), target });
        };
        match target {
            Target::Citations(keys) => {
                for (key, cited) in keys {
                    add(key, form, cited.map(Definition::from));
                }
            }
            Target::Page { page, anchor, .. } => {
                add(name, form, Some(Definition::Page(*page)));
                if let (Some(fragment), Some(anchor)) = (fragment, anchor) {
                    add(fragment, ReferenceForm::Fragment, Some(self.heading(*page, anchor)));
                }
            }
            Target::Here(anchor) => {
                if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
                    add(fragment, ReferenceForm::Fragment, Some(self.heading(self.page, anchor)));
                }
            }
            Target::Glossary(entry) => add(name, form, Some(Definition::Entry(*entry))),
            Target::File { path, .. } => add(name, form, self.file(path)),
            Target::External => {}
            Target::Wrong(Wrong::Anchor { page, .. }) => {
                add(name, form, Some(Definition::Page(*page)));
                add(fragment.unwrap_or_default(), ReferenceForm::Fragment, None);
            }
            Target::Wrong(Wrong::AnchorHere(_)) => add(fragment.unwrap_or_default(), ReferenceForm::Fragment, None),
            Target::Wrong(Wrong::Name { .. } | Wrong::File(_) | Wrong::Draft | Wrong::Outside | Wrong::Address) => {
                add(name, form, None);
            }
        }
    }

    /// The heading of a page with this id; the page itself where it is another anchor.
    fn heading(&self, page: PageId, id: &str) -> Definition {
        let at = self.site.document(page).and_then(|document| document.outline.heading(id));
        let at = at.and_then(|at| u32::try_from(at).ok());
        at.map_or(Definition::Page(page), |at| Definition::Heading(page, at))
    }

    /// A file of `content/` that is published at this path; none for files that the build makes.
    fn file(&self, path: &str) -> Option<Definition> {
        match self.files.outputs.get(path.strip_prefix('/')?)? {
            OutputKind::Asset(source) => Some(Definition::File(source)),
            _ => None,
        }
    }
}
