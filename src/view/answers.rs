//! The keys of one build's pages and files, and fingerprints of what the site answers today.
//!
//! A fingerprint is made of names, never of positions: a page that comes or goes moves the positions of all others.
//! Where an answer is a collection too intricate for that, the list of all addresses is part of it. What is made of
//! chosen fields takes its value apart, so that a new field that is forgotten does not compile.

use std::hash::Hash;
use std::mem::{Discriminant, discriminant};

use rayon::prelude::*;

use super::shared::Shared;
use crate::hash::fingerprint;
use crate::incremental::{Answers, Dependency, FileQuestion, Key, KeyTable, PageQuestion, SiteQuestion};
use crate::link::{Links, NamedPicture, Related, Resolved, Target};
use crate::model::{Cited, PageId, PageKind, Relation, Section, SectionId, Single, Site, Term, TermId};
use crate::source::Inputs;

/// The keys of a build's pages and files, and back.
pub(crate) struct SiteKeys {
    pages: Vec<Key>,
    documents: Vec<Key>,
    /// In the order of [`Site::aliases`].
    aliases: Vec<Key>,
    page_of: Vec<Option<PageId>>,
    document_of: Vec<Option<usize>>,
}

impl SiteKeys {
    /// Gives keys to what has none yet.
    pub(crate) fn of(site: &Site, inputs: &Inputs, keys: &mut KeyTable) -> Self {
        let pages: Vec<Key> = site.pages().map(|(_, page)| keys.intern(page.address.as_str())).collect();
        let paths = site.documents.iter().map(|document| &inputs.get(document.source).path);
        let documents: Vec<Key> = paths.map(|path| keys.intern(path)).collect();
        let aliases = site.aliases.keys().map(|alias| keys.intern(alias.as_str())).collect();
        let mut page_of = vec![None; keys.len()];
        for (at, key) in pages.iter().enumerate().rev() {
            page_of[key.index()] = Some(PageId(at));
        }
        let mut document_of = vec![None; keys.len()];
        for (at, key) in documents.iter().enumerate() {
            document_of[key.index()] = Some(at);
        }
        Self { pages, documents, aliases, page_of, document_of }
    }

    /// Keys for who records what it reads in vain: numbers, which mean nothing from one build to the next.
    pub(crate) fn untracked(site: &Site) -> Self {
        let numbers = |count: usize| (0..count).map(Key::from_index).collect();
        let (pages, documents) = (numbers(site.pages.len()), numbers(site.documents.len()));
        Self { pages, documents, aliases: Vec::new(), page_of: Vec::new(), document_of: Vec::new() }
    }

    pub(crate) fn page(&self, page: PageId) -> Key {
        self.pages[page.0]
    }

    pub(crate) fn document(&self, document: usize) -> Key {
        self.documents[document]
    }

    pub(crate) fn aliases(&self) -> &[Key] {
        &self.aliases
    }
}

/// Today's answers.
pub(crate) struct SiteAnswers<'a> {
    site: &'a Site,
    links: &'a Links,
    inputs: &'a Inputs,
    shared: &'a Shared<'a>,
    keys: &'a SiteKeys,
    /// A fingerprint of each page.
    pages: Vec<u64>,
    /// A fingerprint of all positions that mean a page or a term.
    positions: u64,
}

/// No answer.
const ABSENT: u64 = 0;

impl<'a> SiteAnswers<'a> {
    pub(crate) fn new(
        site: &'a Site,
        links: &'a Links,
        inputs: &'a Inputs,
        shared: &'a Shared<'a>,
        keys: &'a SiteKeys,
    ) -> Self {
        let mut answers = Self { site, links, inputs, shared, keys, pages: Vec::new(), positions: ABSENT };
        answers.pages = (0..site.pages.len()).into_par_iter().map(|at| answers.page(PageId(at))).collect();
        let terms: Vec<String> = site.terms().map(|(id, _)| site.term_name(id)).collect();
        answers.positions = fingerprint(&(answers.addresses((0..site.pages.len()).map(PageId)), terms));
        answers
    }

    fn address(&self, page: PageId) -> &'a str {
        self.site[page].address.as_str()
    }

    fn addresses(&self, pages: impl IntoIterator<Item = PageId>) -> Vec<&'a str> {
        pages.into_iter().map(|page| self.address(page)).collect()
    }

    fn page(&self, id: PageId) -> u64 {
        let site = self.site;
        let page = &site[id];
        let source = page.source.map(|source| self.inputs.get(source).path.as_str());
        let section = page.section.map(|section| self.address(site[section].page));
        let terms: Vec<String> = page.terms.iter().map(|&term| site.term_name(term)).collect();
        let names = (self.kind(page.kind), source, &page.address, section, terms);
        fingerprint(&(names, page.said().0, site.is_published(id)))
    }

    /// The kind of a page. Positions move; whoever looks at what they mean asks another question.
    fn kind(&self, kind: PageKind) -> (&'static str, Option<String>) {
        let name = match kind {
            PageKind::Term(term) => Some(self.site.term_name(term)),
            PageKind::Facet(facet) => Some(self.site.config.facets[facet].slug.clone()),
            PageKind::Work(work) => Some(self.site.evidence.work(work).key.value.clone()),
            PageKind::Article
            | PageKind::Section(_)
            | PageKind::Decision(_)
            | PageKind::Question { decision: _, node: _ }
            | PageKind::Outcome { decision: _, node: _ }
            | PageKind::Track(_)
            | PageKind::Single(_) => None,
        };
        (kind.facts().word, name)
    }

    /// The section that a page is the page of.
    fn section_id_of(&self, page: PageId) -> Option<SectionId> {
        let site = self.site;
        match site[page].kind {
            PageKind::Section(at) => Some(at),
            PageKind::Single(Single::Home) => Some(SectionId(0)),
            // A section whose page is something else too.
            PageKind::Article
            | PageKind::Facet(_)
            | PageKind::Term(_)
            | PageKind::Decision(_)
            | PageKind::Question { .. }
            | PageKind::Outcome { .. }
            | PageKind::Track(_)
            | PageKind::Work(_)
            | PageKind::Single(_) => site.sections.iter().position(|section| section.page == page).map(SectionId),
        }
    }

    fn section_of(&self, page: PageId) -> Option<&'a Section> {
        let site = self.site;
        self.section_id_of(page).map(|section| &site[section])
    }

    fn section(&self, section: &Section) -> u64 {
        let Section { folder, page: _, parent, sections, articles } = section; // the page is the key
        let page_of = |section: SectionId| self.site[section].page;
        let parent = parent.map(|parent| self.address(page_of(parent)));
        let sections = self.addresses(sections.iter().map(|&inner| page_of(inner)));
        fingerprint(&(folder, parent, self.addresses(articles.iter().copied()), sections))
    }

    fn inner(&self, section: &Section) -> u64 {
        let pages = section.sections.iter().map(|&inner| self.pages[self.site[inner].page.0]);
        fingerprint(&pages.collect::<Vec<_>>())
    }

    fn term(&self, id: TermId) -> u64 {
        let Term { facet: _, slug: _, page, articles } = &self.site[id]; // its name is made of both
        let articles = self.addresses(articles.iter().copied());
        fingerprint(&(self.site.term_name(id), self.address(*page), articles))
    }

    fn neighbours(&self, page: PageId) -> u64 {
        let Some(at) = self.shared.position[page.0] else { return ABSENT };
        let order = &self.site.reading_order;
        let near = [at.checked_sub(1).and_then(|before| order.get(before)), order.get(at + 1)];
        fingerprint(&near.map(|near| near.map(|&page| self.address(page))))
    }

    fn related(&self, page: PageId) -> u64 {
        let named = |Related { page, why }: &'a Related| (self.address(*page), why);
        let related: Vec<_> = self.links.related[page.0].iter().map(named).collect();
        let onward: Vec<_> = self.links.onward[page.0].iter().map(named).collect();
        fingerprint(&(related, onward))
    }

    fn text(&self, document: usize) -> u64 {
        let document = &self.site.documents[document];
        fingerprint(&(document.text, &document.role))
    }

    fn targets(&self, document: usize) -> u64 {
        let links = self.links.resolved[document].iter();
        let targets = links.map(|Resolved { link: _, at, target }| (at, self.target(target)));
        fingerprint(&targets.collect::<Vec<_>>())
    }

    fn target(&self, target: &Target) -> (Discriminant<Target>, u64) {
        let to = match target {
            Target::Page { page, anchor, word } => fingerprint(&(self.address(*page), anchor, word)),
            Target::File { path, rest } => fingerprint(&(path, rest)),
            Target::Glossary(at) => fingerprint(&(&self.site.glossary[*at].anchor, at)),
            Target::Citations(keys) => {
                let keys = keys.iter().map(|(key, cited)| (key, cited.map(|cited| (cited, self.cited(cited)))));
                fingerprint(&keys.collect::<Vec<_>>())
            }
            Target::Here(anchor) => fingerprint(anchor),
            // Of what is wrong, the page shows the text alone.
            Target::External | Target::Wrong(_) => ABSENT,
        };
        (discriminant(target), to)
    }

    /// What is cited, by its name.
    fn cited(&self, cited: Cited) -> &'a str {
        match cited {
            Cited::Work(work) => &self.site.evidence.work(work).key.value,
            Cited::Claim(claim) => &self.site.evidence.claim(claim).id,
        }
    }

    fn relation(&self, relation: &Relation) -> u64 {
        let Relation { kind, from, to, why, claims, basis } = relation;
        let claims: Vec<&str> = claims.iter().map(|&claim| self.cited(Cited::Claim(claim))).collect();
        let ends = (self.site.term_name(*from), self.address(self.site.target_page(*to)));
        fingerprint(&(kind, ends, why, claims, basis))
    }

    /// A collection that names pages and terms by their positions.
    fn with_positions(&self, items: &(impl Hash + ?Sized)) -> u64 {
        fingerprint(&(items, self.positions))
    }

    fn of_site(&self, question: SiteQuestion) -> u64 {
        let site = self.site;
        match question {
            SiteQuestion::Layout => fingerprint(&self.shared.layout()),
            SiteQuestion::Pages => fingerprint(&self.pages),
            SiteQuestion::Order => fingerprint(&self.addresses(site.reading_order.iter().copied())),
            SiteQuestion::Terms => fingerprint(&site.terms().map(|(id, _)| self.term(id)).collect::<Vec<_>>()),
            SiteQuestion::Pictures => fingerprint(&self.links.pictures_from_elsewhere(site).collect::<Vec<_>>()),
            SiteQuestion::Relations => {
                fingerprint(&site.relations.iter().map(|relation| self.relation(relation)).collect::<Vec<_>>())
            }
            SiteQuestion::Evidence => self.with_positions(&(&site.evidence, site.cites())),
            SiteQuestion::Users => self.with_positions(&(&self.links.resting_on, &site.evidence)),
            SiteQuestion::Glossary => self.with_positions(&site.glossary),
            SiteQuestion::Decisions => self.with_positions(&site.decisions),
            SiteQuestion::Tracks => self.with_positions(&site.tracks),
            SiteQuestion::Aliases => {
                let aliases = site.aliases.iter().map(|(alias, &page)| (alias, self.address(page)));
                fingerprint(&aliases.collect::<Vec<_>>())
            }
            SiteQuestion::Assets => {
                let assets = site.assets.iter().map(|(&id, path)| (&self.inputs.get(id).path, path));
                fingerprint(&assets.collect::<Vec<_>>())
            }
        }
    }

    fn of_page(&self, question: PageQuestion, id: PageId) -> u64 {
        match question {
            PageQuestion::Page => self.pages[id.0],
            PageQuestion::Section => self.section_of(id).map_or(ABSENT, |section| self.section(section)),
            PageQuestion::Inner => self.section_of(id).map_or(ABSENT, |section| self.inner(section)),
            PageQuestion::Below => {
                self.section_id_of(id).map_or(ABSENT, |section| fingerprint(&self.site.articles_below(section)))
            }
            PageQuestion::Term => {
                if let PageKind::Term(term) = self.site[id].kind {
                    self.term(term)
                } else {
                    ABSENT
                }
            }
            PageQuestion::Backlinks => fingerprint(&self.addresses(self.links.backlinks[id.0].iter().copied())),
            PageQuestion::Related => self.related(id),
            PageQuestion::Neighbours => self.neighbours(id),
            PageQuestion::Picture => {
                let picture = self.links.pictures.of_page(id);
                fingerprint(&picture.map(|NamedPicture { written: _, target, size }| (self.target(target), size)))
            }
        }
    }

    fn of_file(&self, question: FileQuestion, document: usize) -> u64 {
        match question {
            FileQuestion::Text => self.text(document),
            FileQuestion::Targets => self.targets(document),
        }
    }
}

impl Answers for SiteAnswers<'_> {
    fn fingerprint(&self, dependency: Dependency) -> u64 {
        match dependency {
            Dependency::Site(question) => self.of_site(question),
            Dependency::Page(question, key) => {
                self.keys.page_of[key.index()].map_or(ABSENT, |id| self.of_page(question, id))
            }
            Dependency::File(question, key) => {
                self.keys.document_of[key.index()].map_or(ABSENT, |at| self.of_file(question, at))
            }
        }
    }
}
