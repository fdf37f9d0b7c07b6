//! Which page a name means: file stem, path, title, alias, other word (`also:`) or term.

use std::collections::HashSet;
use std::collections::hash_map::{Entry, HashMap};

use unicode_normalization::UnicodeNormalization as _;

use rayon::prelude::*;

use super::reference::{Definition, Resolution, Use, Wanted};
use super::{Page, PageId, PageKind, Site};
use crate::parse::{CONTENT, Role};
use crate::source::{At, Inputs, SourceId};
use crate::typography::as_typed;

/// All names of all pages.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Whole paths (`risks/burnout`) and whole terms (`risk/burnout`): one page each.
    exact: HashMap<String, PageId>,
    /// Stems, titles, aliases, other words and slugs of terms, which several pages may share, in the order of pages.
    shared: HashMap<String, Pages>,
    /// What people call pages, for "did you mean".
    suggestions: Vec<String>,
    /// Paths, stems, titles and aliases of drafts that are left out.
    drafts: HashSet<String>,
}

/// Pages of one name, of which there is hardly ever more than one.
#[derive(Debug)]
enum Pages {
    One(PageId),
    Many(Vec<PageId>),
}

/// What a name was found to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NameLookup {
    One(PageId),
    Many(Vec<PageId>),
    Draft,
    Nothing,
}

/// A name as it is compared: composed, in lower case, with hyphens for spaces, and with the marks of a keyboard for those
/// that it is set with.
pub(crate) fn folded(name: &str) -> String {
    let name = name.trim();
    let plain = |c: char| match c {
        '"' => '\'',
        '_' => '-',
        c if c.is_whitespace() => '-',
        c => c,
    };
    if name.is_ascii() {
        let mut folded = String::with_capacity(name.len());
        folded.extend(name.chars().map(|c| plain(c.to_ascii_lowercase())));
        return folded;
    }
    let mut folded = String::with_capacity(name.len());
    for c in name.nfc() {
        match as_typed(c) {
            Some(typed) => folded.push_str(typed),
            None => folded.extend(c.to_lowercase().map(plain)),
        }
    }
    folded
}

/// What titles are sorted by: case aside, and numbers by their size, so that "Page 2" comes before "Page 10".
pub(crate) fn title_order(title: &str) -> String {
    let title = folded(title);
    let (mut order, mut rest) = (String::with_capacity(title.len()), &*title);
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let (number, after) = number.split_at(number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len()));
        let digits = number.trim_start_matches('0');
        order.push_str(before);
        // The number with more digits is the larger one.
        order.extend(char::from_u32(u32::from('0') + u32::try_from(digits.len()).unwrap_or(0)));
        order.push_str(digits);
        rest = after;
    }
    order.push_str(rest);
    order
}

/// The names of one page.
#[derive(Default)]
struct PageNames {
    /// Those that are its alone, and whether an earlier page that has one loses it.
    exact: Vec<(String, bool)>,
    shared: Vec<String>,
    suggestion: Option<String>,
}

impl PageNames {
    fn of(site: &Site, page: &Page, inputs: &Inputs) -> Self {
        let mut own = Self::default();
        if let PageKind::Term(term) = page.kind {
            let name = site.term_name(term);
            own.exact.push((folded(&name), true));
            own.shared.push(folded(&site[term].slug));
            own.suggestion = Some(name);
        }
        own.shared.push(folded(&page.title));
        let Some(document) = page.document.map(|at| &site.documents[at]) else { return own };
        let path = path_below(&inputs.get(document.source).path);
        own.exact.push((folded(path), true));
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let whole = if document.role == Role::Index { folder } else { path };
        if document.role == Role::Index {
            own.exact.push((folded(whole), false));
        }
        let stem = whole.rsplit('/').next().unwrap_or(whole);
        if !stem.is_empty() && !matches!(document.role, Role::Term { .. }) {
            own.shared.push(folded(stem));
            own.suggestion = Some(stem.to_owned());
        }
        let words = document.front.aliases.iter().chain(&document.front.also);
        own.shared.extend(words.map(|word| folded(&word.value)));
        own
    }
}

/// The path of a file without what all have.
fn path_below(path: &str) -> &str {
    let path = path.strip_prefix(CONTENT).unwrap_or(path);
    path.strip_suffix(".md").unwrap_or(path)
}

pub(super) fn index(site: &Site, inputs: &Inputs) -> Names {
    let mut names = Names::default();
    let own: Vec<PageNames> = site.pages.par_iter().map(|page| PageNames::of(site, page, inputs)).collect();
    names.exact.reserve(own.len());
    names.shared.reserve(own.len() * 2);
    for (id, own) in own.into_iter().enumerate().map(|(at, own)| (PageId(at), own)) {
        for (name, wins) in own.exact {
            match names.exact.entry(name) {
                Entry::Occupied(mut known) if wins => _ = known.insert(id),
                Entry::Occupied(_) => {}
                Entry::Vacant(free) => _ = free.insert(id),
            }
        }
        for name in own.shared {
            match names.shared.entry(name) {
                Entry::Occupied(mut known) => known.get_mut().add(id),
                Entry::Vacant(free) => _ = free.insert(Pages::One(id)),
            }
        }
        names.suggestions.extend(own.suggestion);
    }
    // Of a page and terms that share a name, the page has it.
    #[expect(clippy::iter_over_hash_type, reason = "what becomes of a name depends on no other")]
    for pages in names.shared.values_mut() {
        let Pages::Many(many) = pages else { continue };
        let mut others = many.iter().filter(|&&id| !matches!(site[id].kind, PageKind::Term(_)));
        if let (Some(&page), None) = (others.next(), others.next()) {
            *pages = Pages::One(page);
        }
    }
    let drafts: HashSet<SourceId> = site.drafts.iter().copied().collect();
    for document in site.documents.iter().filter(|document| drafts.contains(&document.source)) {
        let path = path_below(&inputs.get(document.source).path);
        let title = document.front.title.as_ref().map(|title| &title.value).or(document.outline.title.as_ref());
        let aliases = document.front.aliases.iter().map(|alias| alias.value.as_str());
        let stem = path.rsplit('/').next().unwrap_or(path);
        names.drafts.extend([path, stem].into_iter().chain(title.map(String::as_str)).chain(aliases).map(folded));
    }
    names
}

impl Pages {
    /// Adds a page that comes after all others.
    fn add(&mut self, page: PageId) {
        match self {
            Self::One(one) if *one == page => {}
            Self::One(one) => *self = Self::Many(vec![*one, page]),
            Self::Many(many) if many.last() == Some(&page) => {}
            Self::Many(many) => many.push(page),
        }
    }
}

impl Names {
    /// What `name` means; a path may end in `.md` or begin with a slash.
    pub(crate) fn find(&self, name: &str) -> NameLookup {
        let key = folded(name);
        let path = key.trim_start_matches('/');
        let path = path.strip_suffix(".md").unwrap_or(path);
        if let Some(&id) = self.exact.get(path).filter(|_| path.contains('/')) {
            return NameLookup::One(id);
        }
        let pages = self.shared.get(&key).or_else(|| self.shared.get(path));
        match pages {
            Some(Pages::One(one)) => NameLookup::One(*one),
            Some(Pages::Many(many)) => NameLookup::Many(many.clone()),
            None => match self.exact.get(path) {
                Some(&id) => NameLookup::One(id),
                None if self.drafts.contains(path) || self.drafts.contains(&key) => NameLookup::Draft,
                None => NameLookup::Nothing,
            },
        }
    }

    /// What people call pages, for "did you mean".
    pub(crate) fn suggestions(&self) -> impl Iterator<Item = &str> {
        self.suggestions.iter().map(String::as_str)
    }

    /// The page that `name` means.
    pub(super) fn page(&self, name: &At<String>, of: Use, into: &mut Resolution) -> Option<PageId> {
        let found = match self.find(&name.value) {
            NameLookup::One(id) => Ok(id),
            other => Err(Wanted::Page(other)),
        };
        into.record(name, of, found, |&page| Definition::Page(page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(titles: &[&str]) {
        let mut sorted = titles.to_vec();
        sorted.reverse();
        sorted.sort_by_key(|title| title_order(title));
        assert_eq!(sorted, titles);
    }

    #[test]
    fn numbers_in_titles_are_ordered_by_their_size() {
        check(&["Page", "Page 0", "page 1", "Page 2", "Page 010", "Page 11", "Page 100", "Pages"]);
        check(&["2 men", "10 men", "Men 1.9", "Men 1.10", "Men 1.10 b"]);
        check(&["Über 9", "über 10"]);
    }

    #[test]
    fn a_number_of_any_length_is_one() {
        let long = "9".repeat(70_000);
        check(&["a 1", &format!("a {long}"), &format!("a {long}0")]);
    }
}
