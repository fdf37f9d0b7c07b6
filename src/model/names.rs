//! Which page a name means: file stem, path, title, alias or term.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use super::{PageId, PageKind, Site};
use crate::diagnostic::{Diagnostic, code, nearest};
use crate::parse::{CONTENT, Role};
use crate::source::{At, Inputs};

/// All names of all pages.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Whole paths (`risks/burnout`) and whole terms (`risk/burnout`): one page each.
    exact: BTreeMap<String, PageId>,
    /// Stems, titles, aliases and slugs of terms, which several pages may share.
    loose: BTreeMap<String, BTreeSet<PageId>>,
    /// What people call pages, for "did you mean".
    spoken: BTreeSet<String>,
    /// Paths, stems, titles and aliases of drafts that are left out.
    drafts: BTreeSet<String>,
}

/// What a name was found to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    One(PageId),
    Many(Vec<PageId>),
    Draft,
    Nothing,
}

/// A name as it is compared: composed, in lower case, with hyphens for spaces.
pub(crate) fn folded(name: &str) -> String {
    let name = name.trim();
    let hyphen = |c: char| if c.is_whitespace() || c == '_' { '-' } else { c };
    if name.is_ascii() {
        return name.chars().map(|c| hyphen(c.to_ascii_lowercase())).collect();
    }
    name.nfc().flat_map(char::to_lowercase).map(hyphen).collect()
}

pub(super) fn index(site: &Site<'_>, inputs: &Inputs) -> Names {
    let mut names = Names::default();
    for (id, page) in site.pages() {
        if let PageKind::Term(term) = page.kind {
            let name = site.term_name(term);
            names.exact.insert(folded(&name), id);
            names.loose.entry(folded(&site[term].slug)).or_default().insert(id);
            names.spoken.insert(name);
        }
        names.loose.entry(folded(&page.title)).or_default().insert(id);
        let Some(document) = page.document.map(|at| &site.documents[at]) else { continue };
        let path = &inputs.get(document.source).path;
        let path = path.strip_prefix(CONTENT).unwrap_or(path);
        let path = path.strip_suffix(".md").unwrap_or(path);
        names.exact.insert(folded(path), id);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let whole = if document.role == Role::Index { folder } else { path };
        names.exact.entry(folded(whole)).or_insert(id);
        let stem = whole.rsplit('/').next().unwrap_or(whole);
        if !stem.is_empty() && !matches!(document.role, Role::Term { .. }) {
            names.loose.entry(folded(stem)).or_default().insert(id);
            names.spoken.insert(stem.to_owned());
        }
        for alias in &document.front.aliases {
            names.loose.entry(folded(&alias.value)).or_default().insert(id);
        }
    }
    for document in site.documents.iter().filter(|document| site.drafts.contains(&document.source)) {
        let path = &inputs.get(document.source).path;
        let path = path.strip_prefix(CONTENT).unwrap_or(path);
        let path = path.strip_suffix(".md").unwrap_or(path);
        let title = document.front.title.as_ref().map(|title| &title.value).or(document.outline.title.as_ref());
        let aliases = document.front.aliases.iter().map(|alias| alias.value.as_str());
        let stem = path.rsplit('/').next().unwrap_or(path);
        names.drafts.extend([path, stem].into_iter().chain(title.map(String::as_str)).chain(aliases).map(folded));
    }
    names
}

/// A page's path as an author may write it.
fn path_of<'a>(site: &'a Site<'_>, page: PageId) -> &'a str {
    match site[page].address.as_str().trim_matches('/') {
        "" => "index",
        path => path,
    }
}

impl Names {
    /// What `name` means; a path may end in `.md` or begin with a slash.
    pub(crate) fn find(&self, name: &str) -> Found {
        let key = folded(name);
        let path = key.trim_start_matches('/');
        let path = path.strip_suffix(".md").unwrap_or(path);
        if let Some(&id) = self.exact.get(path).filter(|_| path.contains('/')) {
            return Found::One(id);
        }
        let pages = self.loose.get(&key).or_else(|| self.loose.get(path));
        match pages.map(|pages| pages.iter().copied().collect::<Vec<_>>()).as_deref() {
            Some([one]) => Found::One(*one),
            Some(many) if !many.is_empty() => Found::Many(many.to_vec()),
            _ => match self.exact.get(path) {
                Some(&id) => Found::One(id),
                None if self.drafts.contains(path) || self.drafts.contains(&key) => Found::Draft,
                None => Found::Nothing,
            },
        }
    }

    /// A name that is near to a wrong one.
    pub(crate) fn nearest(&self, wrong: &str) -> Option<&str> {
        nearest(wrong, self.spoken.iter().map(String::as_str))
    }

    /// The page that `name` means; anything but one page is reported.
    pub(crate) fn page(&self, site: &Site<'_>, name: &At<String>, findings: &mut Vec<Diagnostic>) -> Option<PageId> {
        match self.find(&name.value) {
            Found::One(id) => Some(id),
            other => {
                findings.extend(self.complaint(site, name, &other));
                None
            }
        }
    }

    /// What is wrong with a name that does not mean one page.
    pub(crate) fn complaint(&self, site: &Site<'_>, name: &At<String>, found: &Found) -> Option<Diagnostic> {
        let wrong = &name.value;
        match found {
            Found::One(_) => None,
            Found::Draft => Some(
                Diagnostic::new(&code::LINK_TO_DRAFT, name.span, format!("`{wrong}` is a draft"))
                    .help("take `draft: true` away from it, or this link"),
            ),
            Found::Many(pages) => {
                let mut finding = Diagnostic::new(
                    &code::AMBIGUOUS_NAME,
                    name.span,
                    format!("`{wrong}` may mean {} pages", pages.len()),
                );
                let addresses: Vec<String> = pages.iter().map(|&id| format!("`{}`", path_of(site, id))).collect();
                for &id in pages.iter().take(4) {
                    if let Some(source) = site[id].source {
                        finding = finding.also(crate::source::Span::file(source), "one of them");
                    }
                }
                Some(finding.help(format!("write which: {}", addresses.join(" or "))))
            }
            Found::Nothing => {
                let finding = Diagnostic::new(&code::UNKNOWN_PAGE, name.span, format!("no page named `{wrong}`"));
                Some(match self.nearest(wrong) {
                    Some(near) => finding.fix("a page with a similar name exists", name.span, near),
                    None => finding.help("name a page by its file, its title or its path below content/"),
                })
            }
        }
    }
}
