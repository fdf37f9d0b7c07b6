//! Pages: everything that has an address and a title.

use std::hash::Hash;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Address, PageKind, Parts, SectionId, Single, Site, TermId};
use crate::config::{self, Config, Dates};
use crate::parse::{CONTENT, Document, Role, Work};
use crate::source::{CommitDates, Inputs, SourceId};
use crate::strings::{StringKey, Strings, key};

/// A page of the site, by its position in `Site::pages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub(crate) usize);

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    pub(crate) kind: PageKind,
    /// The file behind it, if there is one, and its position among the documents.
    pub(crate) source: Option<SourceId>,
    pub(crate) document: Option<usize>,
    pub(crate) address: Address,
    pub(crate) title: String,
    pub(crate) summary: Option<String>,
    /// The section that it lies in.
    pub(crate) section: Option<SectionId>,
    /// The terms that it carries, in the order of facets and then as written.
    pub(crate) terms: Vec<TermId>,
    pub(crate) date: Option<Day>,
    pub(crate) updated: Option<Day>,
    pub(crate) reviewed: Option<Day>,
    /// Minutes of reading, at least one where there is text.
    pub(crate) minutes: usize,
    /// What its last change was.
    pub(crate) change: Option<Change>,
    /// Other words for what it is about.
    pub(crate) also: Vec<String>,
    /// Whether its author keeps it out of the search.
    pub(crate) unlisted: bool,
}

/// What was changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Change {
    pub(crate) text: String,
    /// Whether the page says so; else it is the subject of its last commit.
    pub(crate) is_for_readers: bool,
}

/// A calendar day, `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(pub(crate) String);

impl Day {
    /// "14 Nov 2026".
    pub(crate) fn text(&self, strings: &Strings) -> String {
        const MONTHS: [StringKey; 12] = [
            key!("month-1"),
            key!("month-2"),
            key!("month-3"),
            key!("month-4"),
            key!("month-5"),
            key!("month-6"),
            key!("month-7"),
            key!("month-8"),
            key!("month-9"),
            key!("month-10"),
            key!("month-11"),
            key!("month-12"),
        ];
        let mut parts = self.0.split('-').map(|part| part.parse::<usize>().unwrap_or(0));
        let (year, month, day) = (parts.next().unwrap_or(0), parts.next(), parts.next().unwrap_or(0));
        let month = month.and_then(|month| MONTHS.get(month.wrapping_sub(1))).map_or("", |&month| strings.say(month));
        strings.fill(key!("date"), &[("day", &day), ("month", &month), ("year", &year)])
    }
}

/// Words a minute: the mean of silent reading of English non-fiction (Brysbaert 2019, "How many words do we read per
/// minute?", Journal of Memory and Language 109).
const WORDS_A_MINUTE: usize = 238;

impl Page {
    /// What it says of itself, and which of that is there; apart from what it is, where it stands, and what it names by
    /// position.
    #[rustfmt::skip] // What is passed over stands on one line.
    pub(crate) fn said(&self) -> (impl Hash + use<'_>, impl Hash + use<>) {
        let Self {
            kind: _, source: _, document: _, address: _, section: _, terms: _,
            title, summary, date, updated, reviewed, minutes, change, also, unlisted,
        } = self;
        let days = [date, updated, reviewed];
        ((title, summary, days, minutes, change, also, unlisted), (summary.is_some(), days.map(Option::is_some), *minutes > 0))
    }

    /// A page without a file.
    pub(super) fn listing(kind: PageKind, address: Address, title: &str) -> Self {
        Self {
            kind,
            source: None,
            document: None,
            address,
            title: title.to_owned(),
            summary: None,
            section: None,
            terms: Vec::new(),
            date: None,
            updated: None,
            reviewed: None,
            minutes: 0,
            change: None,
            also: Vec::new(),
            unlisted: false,
        }
    }

    /// The page that a document is.
    fn of_document(kind: PageKind, at: usize, document: &Document, inputs: &Inputs, config: &Config) -> Self {
        let path = &inputs.get(document.source).path;
        let front = &document.front;
        let set = |text: &str| config.typography.set(text).into_owned();
        let is_index = document.role == Role::Index;
        let address = match &document.role {
            Role::Term { facet, slug } => Address::of_parts([facet.as_str(), slug.as_str()]),
            _ => Address::of_file(path, is_index),
        };
        let git = inputs.dates.get(path).filter(|_| config.dates == Dates::Git);
        let day = |written: &Option<crate::source::At<String>>, git: Option<&String>| {
            written.as_ref().map(|day| &day.value).or(git).map(|day| Day(day.clone()))
        };
        Self {
            kind,
            source: Some(document.source),
            document: Some(at),
            title: document.title().map_or_else(|| title_of_path(path, is_index, config), set),
            summary: document.summary().map(set),
            section: None,
            terms: Vec::new(),
            date: day(&front.date, git.map(|dates| &dates.first)),
            updated: day(&front.updated, git.map(|dates| &dates.last)),
            reviewed: day(&front.reviewed, None),
            minutes: minutes(document),
            also: front.also.iter().map(|word| word.value.clone()).collect(),
            change: change(front.change.as_ref().map(|change| set(&change.value)), git),
            unlisted: front.search == Some(false),
            address,
        }
    }
}

/// What its author says that was changed, or else whoever committed it.
fn change(written: Option<String>, git: Option<&CommitDates>) -> Option<Change> {
    let committed = || git.map(|commits| commits.subject.clone()).filter(|subject| !subject.is_empty());
    let for_readers = written.map(|text| Change { text, is_for_readers: true });
    for_readers.or_else(|| Some(Change { text: committed()?, is_for_readers: false }))
}

/// How long it takes to read a document.
pub(super) fn minutes(document: &Document) -> usize {
    document.outline.words.div_ceil(WORDS_A_MINUTE)
}

/// A title for a file that gives none: its name, or its folder's, as words; of the home page, that of the site.
fn title_of_path(path: &str, is_index: bool, config: &Config) -> String {
    let is_home = is_index && path.strip_prefix(CONTENT).is_some_and(|path| !path.contains('/'));
    if is_home && !config.title.is_empty() {
        return config.title.clone();
    }
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let name = if is_index { parts.next().unwrap_or(name) } else { name };
    config::title_case(name.strip_suffix(".md").unwrap_or(name))
}

/// Makes a page of every document that is not a draft; kinds that depend on other pages are settled later.
pub(super) fn from_documents(site: &mut Site, parts: &Parts<'_>) {
    let is_draft = |document: &Document| document.front.draft && !parts.drafts;
    let page = |(at, document): (usize, &Arc<Document>)| {
        Page::of_document(PageKind::Article, at, document, parts.inputs, parts.config)
    };
    let documents = parts.documents.par_iter().enumerate();
    site.pages = documents.filter(|(_, document)| !is_draft(document)).map(page).collect();
    site.by_source = site.pages().filter_map(|(id, page)| Some((page.source?, id))).collect();
    site.drafts =
        parts.documents.iter().filter(|document| is_draft(document)).map(|document| document.source).collect();
}

/// Adds the pages that list what others hold, where there is something to list.
pub(super) fn add_listings(site: &mut Site) {
    let used = |facet: usize| site.terms.iter().any(|term| term.facet == facet);
    let facets: Vec<usize> = (0..site.config.facets.len()).filter(|&facet| used(facet)).collect();
    for facet in facets {
        let schema = &site.config.facets[facet];
        let address = Address::of_parts([schema.slug.as_str()]);
        let intro = Address::of_parts(["tags", schema.slug.as_str()]);
        let (title, summary) = (site.facet_title(facet), schema.summary.clone());
        let id = listing(site, PageKind::Facet(facet), address, &title, &[&intro]);
        if site[id].summary.is_none() && !summary.is_empty() {
            site.pages[id.0].summary = Some(summary);
        }
    }
    for single in Single::LISTINGS {
        if !single.has_content(site) {
            continue;
        }
        let (path, title) = single.place();
        let address = Address::parse(path).expect("a plain path");
        let title = site.strings.say(title).to_owned();
        let old = single.old_place().and_then(Address::parse);
        let intros: Vec<&Address> = old.iter().chain([&address]).collect();
        listing(site, PageKind::Single(single), address.clone(), &title, &intros);
    }
    add_works(site);
}

/// Adds a page for each work, below the list of all.
fn add_works(site: &mut Site) {
    let Site { evidence, pages, .. } = site;
    for work in evidence.without_pages() {
        let Work { key, title, .. } = evidence.work(work);
        let address = Address::of_parts(["sources", key.value.as_str()]);
        pages.push(Page::listing(PageKind::Work(work), address, title));
        evidence.set_page(work, PageId(pages.len() - 1));
    }
}

/// A listing, introduced by the index file that would stand at one of `intros` where there is one: then that page becomes
/// it. So does the page that a folder without an index has, because there are articles in it too.
fn listing(site: &mut Site, kind: PageKind, address: Address, title: &str, intros: &[&Address]) -> PageId {
    let index = site.pages().find(|(_, page)| {
        intros.contains(&&page.address)
            && match page.document {
                Some(at) => site.documents[at].role == Role::Index,
                None => matches!(page.kind, PageKind::Section(_)),
            }
    });
    if let Some((id, _)) = index {
        site.pages[id.0].kind = kind;
        site.pages[id.0].address = address;
        return id;
    }
    site.pages.push(Page::listing(kind, address, title));
    PageId(site.pages.len() - 1)
}
