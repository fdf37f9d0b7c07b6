//! A site as rendering sees it. Every question is answered and recorded, so that an output's dependencies are what was
//! looked at while it was made, no more and no less (see `incremental`).
//!
//! There is no way around it: [`super::View`] holds the site only behind these types.

use std::ops::Index;

use super::answers::SiteKeys;
use crate::config::Config;
use crate::incremental::{Dependency, FileQuestion, PageQuestion, Recorder, SiteQuestion};
use crate::link::{Links, NamedPicture, Related, Target};
use crate::model::{
    Address, ClaimId, Decision, Evidence, GlossaryEntry, Page, PageId, Relation, RelationTarget, Section, SectionId,
    Single, Site, Term, TermId, Track,
};
use crate::parse::Document;
use crate::source::SourceId;
use crate::strings::Strings;

/// The site, as one job sees it.
#[derive(Clone, Copy)]
pub(crate) struct TrackedSite<'a> {
    site: &'a Site,
    reads: Reads<'a>,
    pub(crate) config: &'a Config,
    pub(crate) strings: &'a Strings,
}

/// The links of the site, as one job sees them.
#[derive(Clone, Copy)]
pub(crate) struct TrackedLinks<'a> {
    links: &'a Links,
    reads: Reads<'a>,
}

/// Records what one job reads, by the keys of what it reads.
#[derive(Clone, Copy)]
pub(crate) struct Reads<'a> {
    pub(crate) recorder: &'a Recorder,
    pub(crate) keys: &'a SiteKeys,
}

impl Reads<'_> {
    pub(crate) fn record_site(self, question: SiteQuestion) {
        self.recorder.record(Dependency::Site(question));
    }

    pub(crate) fn record_page(self, question: PageQuestion, page: PageId) {
        self.recorder.record(Dependency::Page(question, self.keys.page(page)));
    }

    fn record_file(self, question: FileQuestion, document: usize) {
        self.recorder.record(Dependency::File(question, self.keys.document(document)));
    }
}

impl<'a> TrackedSite<'a> {
    pub(crate) fn new(site: &'a Site, reads: Reads<'a>) -> Self {
        Self { site, reads, config: &site.config, strings: &site.strings }
    }

    fn ask(&self, question: SiteQuestion) -> &'a Site {
        self.reads.record_site(question);
        self.site
    }

    fn ask_page(&self, question: PageQuestion, page: PageId) -> &'a Site {
        self.reads.record_page(question, page);
        self.site
    }

    /// The site and its links themselves, for a view that has recorded the whole question.
    pub(crate) fn untracked(&self, links: TrackedLinks<'a>) -> (&'a Site, &'a Links) {
        (self.site, links.links)
    }

    /// A page: what it says about itself in lists.
    pub(crate) fn page(&self, id: PageId) -> &'a Page {
        &self.ask_page(PageQuestion::Page, id)[id]
    }

    /// A term, with the articles that carry it.
    pub(crate) fn term(&self, id: TermId) -> &'a Term {
        self.record_term(id);
        &self.site[id]
    }

    fn record_term(&self, id: TermId) {
        self.reads.record_page(PageQuestion::Term, self.site[id].page);
    }

    /// A section, with what is directly in it.
    pub(crate) fn section(&self, id: SectionId) -> &'a Section {
        self.record_section(id);
        &self.site[id]
    }

    fn record_section(&self, id: SectionId) {
        self.reads.record_page(PageQuestion::Section, self.site[id].page);
    }

    /// All pages, whatever they are.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (PageId, &'a Page)> + use<'a> {
        self.ask(SiteQuestion::Pages).pages()
    }

    /// All terms.
    pub(crate) fn terms(&self) -> impl Iterator<Item = (TermId, &'a Term)> + use<'a> {
        self.ask(SiteQuestion::Terms).terms()
    }

    /// All articles, in reading order.
    pub(crate) fn reading_order(&self) -> &'a [PageId] {
        &self.ask(SiteQuestion::Order).reading_order
    }

    /// The typed links between terms.
    pub(crate) fn relations(&self) -> &'a [Relation] {
        &self.ask(SiteQuestion::Relations).relations
    }

    /// Works and claims.
    pub(crate) fn evidence(&self) -> &'a Evidence {
        &self.ask(SiteQuestion::Evidence).evidence
    }

    /// The glossary, in the order of its page.
    pub(crate) fn glossary(&self) -> &'a [GlossaryEntry] {
        &self.ask(SiteQuestion::Glossary).glossary
    }

    /// All decisions.
    pub(crate) fn decisions(&self) -> &'a [Decision] {
        &self.ask(SiteQuestion::Decisions).decisions
    }

    /// All tracks.
    pub(crate) fn tracks(&self) -> &'a [Track] {
        &self.ask(SiteQuestion::Tracks).tracks
    }

    /// Old addresses and where they lead.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = (&'a Address, PageId)> + use<'a> {
        self.ask(SiteQuestion::Aliases).aliases.iter().map(|(alias, &page)| (alias, page))
    }

    /// Where each copied file goes.
    pub(crate) fn assets(&self) -> impl Iterator<Item = (SourceId, &'a str)> + use<'a> {
        self.ask(SiteQuestion::Assets).assets.iter().map(|(&id, path)| (id, path.as_str()))
    }

    /// The path of one copied file.
    pub(crate) fn asset(&self, id: SourceId) -> &'a str {
        &self.ask(SiteQuestion::Assets).assets[&id]
    }

    /// Whether square brackets with an at sign are citations here.
    pub(crate) fn cites(&self) -> bool {
        self.ask(SiteQuestion::Evidence).cites()
    }

    /// The page that a site has once.
    pub(crate) fn only(&self, single: Single) -> Option<PageId> {
        self.ask(SiteQuestion::Layout).only(single)
    }

    /// The page of a facet, by its position in the configuration.
    pub(crate) fn facet_page(&self, facet: usize) -> Option<PageId> {
        self.ask(SiteQuestion::Layout).facet_page(facet)
    }

    /// The file behind a page.
    pub(crate) fn document(&self, page: PageId) -> Option<&'a Document> {
        self.site[page].document.map(|at| self.document_at(at))
    }

    /// A file by its position.
    pub(crate) fn document_at(&self, at: usize) -> &'a Document {
        self.reads.record_file(FileQuestion::Text, at);
        &self.site.documents[at]
    }

    /// Whether a page stands at its address.
    pub(crate) fn is_published(&self, page: PageId) -> bool {
        self.ask_page(PageQuestion::Page, page).is_published(page)
    }

    /// The articles before and after one in reading order.
    pub(crate) fn neighbours(&self, page: PageId, at: usize) -> (Option<PageId>, Option<PageId>) {
        self.reads.record_page(PageQuestion::Neighbours, page);
        let order = &self.site.reading_order;
        (at.checked_sub(1).and_then(|before| order.get(before)).copied(), order.get(at + 1).copied())
    }

    /// The sections directly in one, with their titles.
    pub(crate) fn inner(&self, section: SectionId) -> &'a [SectionId] {
        &self.ask_page(PageQuestion::Inner, self.site[section].page)[section].sections
    }

    /// The page of a section that [`Self::inner`] or [`Self::path_to`] gave.
    pub(crate) fn page_of(&self, section: SectionId) -> PageId {
        self.site[section].page
    }

    /// The sections above and including one, outermost first.
    pub(crate) fn path_to(&self, section: SectionId) -> Vec<SectionId> {
        let path = self.site.path_to(section);
        for &section in &path {
            self.record_section(section);
        }
        path
    }

    /// How many articles a section and those within it hold.
    pub(crate) fn articles_below(&self, section: SectionId) -> usize {
        self.ask_page(PageQuestion::Below, self.site[section].page).articles_below(section)
    }

    /// The articles that carry both terms.
    pub(crate) fn articles_with_both(&self, one: TermId, other: TermId) -> Vec<PageId> {
        self.record_term(one);
        self.record_term(other);
        self.site.articles_with_both(one, other)
    }

    /// The page that a relation leads to.
    pub(crate) fn target_page(&self, target: RelationTarget) -> PageId {
        self.ask(SiteQuestion::Relations).target_page(target)
    }

    /// The page of a term. Whoever asks for the term itself sees its articles, and depends on all of them.
    pub(crate) fn page_of_term(&self, term: TermId) -> PageId {
        self.record_page_of_term(term);
        self.site[term].page
    }

    pub(crate) fn record_page_of_term(&self, term: TermId) {
        self.reads.record_page(PageQuestion::Page, self.site[term].page);
    }

    /// The facet of a term.
    pub(crate) fn facet_of(&self, term: TermId) -> usize {
        // What kind of page it has says so.
        self.record_page_of_term(term);
        self.site[term].facet
    }

    /// `facet/slug`
    pub(crate) fn term_name(&self, term: TermId) -> String {
        self.record_page_of_term(term);
        self.site.term_name(term)
    }

    /// The term of such a name.
    #[cfg(test)]
    pub(crate) fn term_named(&self, name: &str) -> Option<TermId> {
        self.ask(SiteQuestion::Terms).term_named(name)
    }

    /// The name of a decision in addresses.
    pub(crate) fn decision_slug(&self, page: PageId) -> &'a str {
        self.ask_page(PageQuestion::Page, page).decision_slug(page)
    }

    /// The sum of reading times of a track.
    pub(crate) fn minutes(&self, track: &Track) -> usize {
        for step in &track.steps {
            self.reads.record_page(PageQuestion::Page, step.page);
        }
        self.site.minutes(track)
    }

    /// The tracks that have a page among their steps, each with the step's position.
    pub(crate) fn tracks_through(&self, page: PageId) -> impl Iterator<Item = (&'a Track, usize)> + use<'a> {
        self.ask(SiteQuestion::Tracks).tracks_through(page)
    }
}

/// `site[id]` is [`TrackedSite::page`], and is recorded as that.
impl Index<PageId> for TrackedSite<'_> {
    type Output = Page;

    fn index(&self, id: PageId) -> &Page {
        self.page(id)
    }
}

/// [`TrackedSite::term`]
impl Index<TermId> for TrackedSite<'_> {
    type Output = Term;

    fn index(&self, id: TermId) -> &Term {
        self.term(id)
    }
}

/// [`TrackedSite::section`]
impl Index<SectionId> for TrackedSite<'_> {
    type Output = Section;

    fn index(&self, id: SectionId) -> &Section {
        self.section(id)
    }
}

impl<'a> TrackedLinks<'a> {
    pub(crate) fn new(links: &'a Links, reads: Reads<'a>) -> Self {
        Self { links, reads }
    }

    /// What the link of a document that begins at the byte `at` leads to.
    pub(crate) fn target(&self, document: usize, at: usize) -> Option<&'a Target> {
        self.reads.record_file(FileQuestion::Targets, document);
        self.links.target(document, at)
    }

    /// The pages whose text links to a page.
    pub(crate) fn backlinks(&self, page: PageId) -> &'a [PageId] {
        self.reads.record_page(PageQuestion::Backlinks, page);
        &self.links.backlinks[page.0]
    }

    /// The pages that are related to a page.
    pub(crate) fn related(&self, page: PageId) -> &'a [Related] {
        self.reads.record_page(PageQuestion::Related, page);
        &self.links.related[page.0]
    }

    /// The page that a page says to go on to, or a section to begin with.
    pub(crate) fn onward(&self, page: PageId) -> Option<&'a Related> {
        self.reads.record_page(PageQuestion::Related, page);
        self.links.onward[page.0].as_ref()
    }

    /// The picture that a page is shown with where it is shared.
    pub(crate) fn picture(&self, page: PageId) -> Option<&'a NamedPicture> {
        self.reads.record_page(PageQuestion::Picture, page);
        self.links.pictures.of_page(page)
    }

    /// The pages that rest on a claim.
    pub(crate) fn users_of_claim(&self, claim: ClaimId) -> impl Iterator<Item = PageId> + use<'a> {
        self.reads.record_site(SiteQuestion::Users);
        self.links.users_of_claim(claim)
    }
}
