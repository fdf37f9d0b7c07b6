//! Documents in, one typed [`Site`] out: pages with addresses, sections, terms, relations, decisions, tracks,
//! evidence.
//!
//! Names are settled here, once: which page a slug, a title or an alias means, which term a tag names, which claim a
//! relation rests on. Later rooms never compare strings. Every address that a reader can visit is a [`Page`], whether
//! a file stands behind it or not, so that links, navigation and lists treat all of them alike.
//! Invariant: nothing here reads Markdown; if text is needed, `parse` should have said it.
#![expect(
    clippy::indexing_slicing,
    reason = "ids are positions in the lists of a `Site`, which only grow while it is made"
)]

mod decision;
mod evidence;
mod kind;
mod names;
mod outputs;
mod page;
mod reference;
mod related;
mod relation;
mod term;
mod track;
mod tree;

use std::collections::{BTreeMap, HashMap};
use std::ops::Index;
use std::sync::Arc;

use crate::config::{Config, Keys};
use crate::diagnostic::Reported;
use crate::parse::{Document, Entry, Evidence as Written};
use crate::source::{Inputs, SourceId};
use crate::strings::Strings;
use reference::Resolution;

pub(crate) use crate::address::{Address, encode_path, percent_decoded};
pub(crate) use decision::{Choice, DECISION_PREFIX, Decision, Edge, Effect, Node as DecisionNode, NodeIndex, NodeKind};
pub(crate) use evidence::{Cited, Claim, Evidence};
pub use evidence::{ClaimId, WorkId};
pub(crate) use kind::{Indexed, PageKind, Single, reserved_folders};
pub(crate) use names::{NameLookup, Names, folded, title_order};
pub use outputs::{DecisionFormat, HashedFolder, OutputKind, Outputs, SiteFile};
pub(crate) use outputs::{
    SITE_BUNDLE, bundled_name, hashed_path, is_copied_of_theme, is_source_of_theme, theme_file_path, twin_path,
};
pub(crate) use page::Day;
pub use page::{Page, PageId};
pub use reference::{Definition, Reference, ReferenceForm, References};
pub(crate) use reference::{NamedInData, UnknownName, Wanted};
pub(crate) use relation::{Relation, RelationTarget};
pub use term::{Term, TermId};
pub(crate) use track::{Track, TrackStep};
pub use tree::{Section, SectionId};

/// Everything that is known of a site before its links are followed.
#[derive(Debug)]
pub struct Site {
    pub(crate) config: Arc<Config>,
    pub(crate) strings: Arc<Strings>,
    pub(crate) documents: Arc<[Arc<Document>]>,
    pub(crate) pages: Vec<Page>,
    pub(crate) sections: Vec<Section>,
    /// All articles in reading order, for previous and next.
    pub(crate) reading_order: Vec<PageId>,
    pub(crate) terms: Vec<Term>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) decisions: Vec<Decision>,
    /// The page of each decision, known before the decisions are.
    decision_pages: Vec<PageId>,
    pub(crate) tracks: Vec<Track>,
    pub(crate) evidence: Evidence,
    pub(crate) glossary: Vec<GlossaryEntry>,
    pub(crate) names: Names,
    /// Old addresses and the pages they lead to.
    pub(crate) aliases: BTreeMap<Address, PageId>,
    /// Assets with the path at which each is published.
    pub(crate) assets: BTreeMap<SourceId, String>,
    /// Files that are drafts and left out of this build.
    pub(crate) drafts: Vec<SourceId>,
    by_source: HashMap<SourceId, PageId>,
    by_address: HashMap<Address, PageId>,
    /// The pages of those kinds that a site has once, facets among them.
    once: Vec<PageId>,
}

/// A word of the glossary with what it names settled.
#[derive(Debug, Hash)]
pub(crate) struct GlossaryEntry {
    /// The fragment of its place on the glossary's page.
    pub(crate) anchor: String,
    pub(crate) term: String,
    pub(crate) also: Vec<String>,
    pub(crate) definition: String,
    pub(crate) source: Option<WorkId>,
    pub(crate) page: Option<PageId>,
}

impl Site {
    /// The page that the file `source` became.
    pub(crate) fn page_of(&self, source: SourceId) -> Option<PageId> {
        self.by_source.get(&source).copied()
    }

    /// Whether a page has its address to itself; one that lost it to another is not rendered.
    pub(crate) fn is_published(&self, page: PageId) -> bool {
        self[page].kind == PageKind::Single(Single::NotFound) || self.page_at(&self[page].address) == Some(page)
    }

    /// The page at an address.
    pub(crate) fn page_at(&self, address: &Address) -> Option<PageId> {
        self.by_address.get(address).copied()
    }

    /// All pages with their ids.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (PageId, &Page)> {
        self.pages.iter().enumerate().map(|(i, page)| (PageId(i), page))
    }

    /// All terms with their ids.
    pub(crate) fn terms(&self) -> impl Iterator<Item = (TermId, &Term)> {
        self.terms.iter().enumerate().map(|(i, term)| (TermId(i), term))
    }

    /// Whether `[@name]` is a citation here. In a folder of notes without evidence it is text: change logs are full of it.
    pub(crate) fn cites(&self) -> bool {
        !self.evidence.is_empty() || self.config.keys == Keys::Closed
    }

    /// The page that a site has once.
    pub(crate) fn only(&self, single: Single) -> Option<PageId> {
        self.once.iter().copied().find(|&id| self[id].kind == PageKind::Single(single))
    }

    /// The facets that have a page, by their positions in the configuration.
    pub(crate) fn facets(&self) -> impl Iterator<Item = (usize, PageId)> {
        self.once
            .iter()
            .filter_map(|&id| if let PageKind::Facet(facet) = self[id].kind { Some((facet, id)) } else { None })
    }

    /// The page of a facet, by its position in the configuration.
    pub(crate) fn facet_page(&self, facet: usize) -> Option<PageId> {
        self.facets().find(|&(at, _)| at == facet).map(|(_, page)| page)
    }

    /// The document behind a page.
    pub(crate) fn document(&self, page: PageId) -> Option<&Document> {
        self[page].document.map(|at| &*self.documents[at])
    }
}

impl Site {
    /// Takes over documents whose interfaces are those of the present ones (see [`Document::has_interface_of`]), and gives the
    /// positions of those with another text. None where one has another face: the site must be assembled anew.
    pub(crate) fn replace_bodies(&mut self, documents: &Arc<[Arc<Document>]>) -> Option<Vec<usize>> {
        if documents.len() != self.documents.len() {
            return None;
        }
        let pairs = documents.iter().zip(self.documents.iter()).enumerate();
        let others: Vec<_> = pairs.filter(|(_, (now, then))| !Arc::ptr_eq(now, then)).collect();
        if others.iter().any(|(_, (now, then))| !now.has_interface_of(then)) {
            return None;
        }
        let changed: Vec<usize> = others.into_iter().map(|(at, _)| at).collect();
        for &at in &changed {
            let document = &documents[at];
            if let Some(page) = self.page_of(document.source) {
                self.pages[page.0].minutes = page::minutes(document);
            }
        }
        self.documents = Arc::clone(documents);
        Some(changed)
    }
}

impl Site {
    /// Whether every page, section and draft has the place and the kind that it has in `other`, so that whatever leads
    /// to a place leads to the same.
    fn has_places_of(&self, other: &Self) -> bool {
        let page = |page: &Page| (page.kind, page.source, page.document, page.unlisted);
        let same_page = |(now, then): (&Page, &Page)| page(now) == page(then) && now.address == then.address;
        let same_section = |(now, then): (&Section, &Section)| now.page == then.page && now.folder == then.folder;
        let sources = |site: &Self| site.documents.iter().map(|document| document.source).collect::<Vec<_>>();
        self.pages.len() == other.pages.len()
            && self.sections.len() == other.sections.len()
            && self.drafts == other.drafts
            && sources(self) == sources(other)
            && self.pages.iter().zip(&other.pages).all(same_page)
            && self.sections.iter().zip(&other.sections).all(same_section)
    }

    /// Which documents are others than in `former`, by their positions.
    fn edited_since(&self, former: &Self) -> Vec<bool> {
        let pairs = self.documents.iter().zip(former.documents.iter());
        pairs.map(|(now, then)| !Arc::ptr_eq(now, then)).collect()
    }
}

impl Index<PageId> for Site {
    type Output = Page;
    fn index(&self, id: PageId) -> &Page {
        &self.pages[id.0]
    }
}

impl Index<TermId> for Site {
    type Output = Term;
    fn index(&self, id: TermId) -> &Term {
        &self.terms[id.0]
    }
}

impl Index<SectionId> for Site {
    type Output = Section;
    fn index(&self, id: SectionId) -> &Section {
        &self.sections[id.0]
    }
}

/// What `assemble` puts together.
pub(crate) struct Parts<'a> {
    pub(crate) inputs: &'a Inputs,
    pub(crate) config: &'a Arc<Config>,
    pub(crate) strings: &'a Arc<Strings>,
    pub(crate) documents: &'a Arc<[Arc<Document>]>,
    pub(crate) evidence: &'a Written,
    pub(crate) glossary: &'a [Entry],
    /// Whether drafts are pages too.
    pub(crate) drafts: bool,
}

/// What comes of it.
#[derive(Debug)]
pub(crate) struct Assembled {
    pub(crate) site: Site,
    /// Every file that a build of it writes.
    pub(crate) outputs: Outputs,
    pub(crate) named: NamedInData,
    /// Which documents are others than before an edit, by their positions, where everything has the place that it had.
    pub(crate) edited: Option<Vec<bool>>,
}

/// Puts documents and data together into a site. `former` is what it was before an edit of pages alone, of which the
/// outputs are taken over where all are what they were.
pub(crate) fn assemble(parts: &Parts<'_>, former: Option<(&mut Site, &mut Outputs)>) -> Reported<Assembled> {
    let mut resolution = Resolution::default();
    let mut site = Site {
        config: Arc::clone(parts.config),
        strings: Arc::clone(parts.strings),
        documents: Arc::clone(parts.documents),
        pages: Vec::new(),
        sections: Vec::new(),
        reading_order: Vec::new(),
        terms: Vec::new(),
        relations: Vec::new(),
        decisions: Vec::new(),
        decision_pages: Vec::new(),
        tracks: Vec::new(),
        evidence: Evidence::default(),
        glossary: Vec::new(),
        names: Names::default(),
        aliases: BTreeMap::new(),
        assets: BTreeMap::new(),
        drafts: Vec::new(),
        by_source: HashMap::new(),
        by_address: HashMap::new(),
        once: Vec::new(),
    };
    let into = &mut resolution;
    page::from_documents(&mut site, parts);
    tree::build(&mut site, parts, into);
    term::build(&mut site, parts, into);
    site.names = names::index(&site, parts.inputs);
    site.evidence = evidence::build(&site, parts.evidence, into);
    relation::build(&mut site, into);
    decision::build(&mut site, into);
    track::build(&mut site, into);
    related::resolve(&site, into);
    site.glossary = glossary(&site, parts.glossary, into);
    page::add_listings(&mut site);
    site.once = site
        .pages()
        .filter(|(_, page)| matches!(page.kind, PageKind::Single(_) | PageKind::Facet(_)))
        .map(|(id, _)| id)
        .collect();
    let mut edited = None;
    let taken_over = former.and_then(|(former, outputs)| {
        edited = Some(site.edited_since(former));
        outputs::take_over(&mut site, former, outputs, into)
    });
    let (outputs, edited) = match taken_over {
        Some(outputs) => (outputs, edited),
        None => (outputs::allocate(&mut site, parts.inputs, into), None),
    };
    let Resolution { named, findings } = resolution;
    Reported { value: Assembled { site, outputs, named, edited }, findings: findings.into_vec() }
}

fn glossary(site: &Site, written: &[Entry], into: &mut Resolution) -> Vec<GlossaryEntry> {
    let typography = site.config.typography;
    let (source, page) = (ReferenceForm::GlossarySource.in_data(), ReferenceForm::GlossaryPage.in_data());
    crate::parse::repeated_ids(written.iter().map(|entry| &entry.term), "glossary entry", &mut into.findings);
    let mut entries: Vec<GlossaryEntry> = written
        .iter()
        .map(|entry| GlossaryEntry {
            anchor: String::new(), // in the order of the page, below
            term: entry.term.value.clone(),
            also: entry.also.iter().map(|form| form.value.clone()).collect(),
            definition: typography.set(&entry.definition).into_owned(),
            source: entry.source.as_ref().and_then(|key| site.evidence.work_named(key, source, into)),
            page: entry.page.as_ref().and_then(|name| site.names.page(name, page, into)),
        })
        .collect();
    entries.sort_by_cached_key(|entry| names::title_order(&entry.term));
    let mut ids = crate::parse::Ids::default();
    for entry in &mut entries {
        entry.anchor = ids.of(&entry.term);
        entry.term = typography.set(&entry.term).into_owned();
    }
    entries
}
