//! Sections: the folders of `content/`, nested, in the order of the navigation.

use std::collections::BTreeMap;

use super::names::title_order;
use super::reference::{Definition, ReferenceForm, Resolution, Wanted};
use super::{Address, Page, PageId, PageKind, Parts, Single, Site};
use crate::parse::{CONTENT, Role};

/// A section, by its position in `Site::sections`; the first is the root, whose page is the home page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionId(pub(crate) usize);

/// A folder of articles.
#[derive(Debug, Clone)]
pub struct Section {
    /// The folder below `content/`, without slashes at its ends; empty for the root.
    pub(crate) folder: String,
    pub(crate) page: PageId,
    pub(crate) parent: Option<SectionId>,
    /// Sections in it, in order.
    pub(crate) sections: Vec<SectionId>,
    /// Articles in it, in order.
    pub(crate) articles: Vec<PageId>,
}

impl Site {
    /// The sections from the root's child down to `section` itself; empty for the root.
    pub(crate) fn path_to(&self, section: SectionId) -> Vec<SectionId> {
        let mut path = Vec::new();
        let mut at = Some(section);
        while let Some(id) = at.filter(|id| id.0 != 0) {
            path.push(id);
            at = self[id].parent;
        }
        path.reverse();
        path
    }

    /// How many articles lie in a section and all that it holds.
    pub(crate) fn articles_below(&self, section: SectionId) -> usize {
        let section = &self[section];
        section.articles.len() + section.sections.iter().map(|&id| self.articles_below(id)).sum::<usize>()
    }
}

pub(super) fn build(site: &mut Site, parts: &Parts<'_>, into: &mut Resolution) {
    let mut by_folder: BTreeMap<String, SectionId> = BTreeMap::new();
    let files: Vec<(PageId, String, Role)> = site
        .pages()
        .filter_map(|(id, page)| {
            let document = &site.documents[page.document?];
            let path = parts.inputs.get(document.source).path.strip_prefix(CONTENT)?;
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            Some((id, folder.to_owned(), document.role.clone()))
        })
        .collect();
    let index_of: BTreeMap<&str, PageId> = files
        .iter()
        .filter(|(_, _, role)| *role == Role::Index)
        .map(|(id, folder, _)| (folder.as_str(), *id))
        .collect();
    section(site, &mut by_folder, &index_of, "");
    for (id, folder, role) in &files {
        match role {
            Role::Article => {
                let at = section(site, &mut by_folder, &index_of, folder);
                site.sections[at.0].articles.push(*id);
                site.pages[id.0].section = Some(at);
            }
            // An index alone makes a section, except where it introduces a list that the site makes anyway.
            Role::Index if !is_listing(folder, site, parts) => {
                section(site, &mut by_folder, &index_of, folder);
            }
            Role::Index | Role::Term { .. } | Role::Decision | Role::Track => {}
        }
    }
    order(site, parts, into);
}

/// Whether the index of a folder introduces a list that the site makes, rather than a section. In the folder of a list
/// may be folders too: `tags/risk/` is the facet's.
fn is_listing(folder: &str, site: &Site, parts: &Parts<'_>) -> bool {
    let name = folder.split('/').next().unwrap_or_default();
    let is_of = |single: Single| single.folders().any(|folder| folder == name);
    Single::LISTINGS.into_iter().any(|single| is_of(single) && single.is_asked_for(site, parts))
}

/// The section of a folder, made together with those above it where it is new.
fn section(
    site: &mut Site,
    by_folder: &mut BTreeMap<String, SectionId>,
    index_of: &BTreeMap<&str, PageId>,
    folder: &str,
) -> SectionId {
    if let Some(&id) = by_folder.get(folder) {
        return id;
    }
    let parent = (!folder.is_empty()).then(|| {
        let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
        section(site, by_folder, index_of, above)
    });
    let id = SectionId(site.sections.len());
    let kind = if folder.is_empty() { PageKind::Single(Single::Home) } else { PageKind::Section(id) };
    let page = match index_of.get(folder) {
        Some(&page) => {
            site.pages[page.0].kind = kind;
            page
        }
        None => {
            let title = match folder.rsplit('/').next() {
                Some(name) if !name.is_empty() => crate::config::title_case(name),
                _ => site.config.title.clone(),
            };
            site.pages.push(Page::listing(kind, Address::of_parts(folder.split('/')), &title));
            PageId(site.pages.len() - 1)
        }
    };
    site.pages[page.0].section = Some(parent.unwrap_or(id));
    site.sections.push(Section { folder: folder.to_owned(), page, parent, sections: Vec::new(), articles: Vec::new() });
    if let Some(parent) = parent {
        site.sections[parent.0].sections.push(id);
    }
    by_folder.insert(folder.to_owned(), id);
    id
}

fn order(site: &mut Site, parts: &Parts<'_>, into: &mut Resolution) {
    for name in &parts.config.sections {
        let found = site.sections.iter().find(|section| section.folder == name.value).map(|section| section.page);
        let found = found.ok_or(Wanted::Section);
        into.record(name, ReferenceForm::Section.in_data(), found, |&page| Definition::Page(page));
    }
    let wanted = |folder: &str| {
        let position = parts.config.sections.iter().position(|name| name.value == folder);
        position.unwrap_or(usize::MAX)
    };
    for at in 0..site.sections.len() {
        let mut articles = std::mem::take(&mut site.sections[at].articles);
        articles.sort_by_cached_key(|&id| key(site, id));
        site.sections[at].articles = articles;
        let mut inner = std::mem::take(&mut site.sections[at].sections);
        inner.sort_by_cached_key(|&id| (wanted(&site[id].folder), key(site, site[id].page)));
        site.sections[at].sections = inner;
    }
    let mut reading_order = Vec::new();
    collect(site, SectionId(0), &mut reading_order);
    site.reading_order = reading_order;
}

/// Position, then title, then address, so that the order is the same on every machine.
fn key(site: &Site, page: PageId) -> (i64, String, Address) {
    let order = site.document(page).and_then(|document| document.front.order).unwrap_or(i64::MAX);
    (order, title_order(&site[page].title), site[page].address.clone())
}

fn collect(site: &Site, section: SectionId, into: &mut Vec<PageId>) {
    into.extend(&site[section].articles);
    for &inner in &site[section].sections {
        collect(site, inner, into);
    }
}
