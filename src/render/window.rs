//! The window through which rendering looks at a site. It answers every question and notes that it was asked, so that
//! an output's dependencies are what was looked at while it was made, no more and no less (see `incremental`).
//!
//! There is no way around it: [`super::View`] holds the site only behind these types.

use std::ops::Index;

use super::abouts::Abouts;
use crate::config::Config;
use crate::incremental::{About, Fact, Notes, Question, Subjects};
use crate::link::{Links, Target};
use crate::model::{
    Address, ClaimId, Decision, Evidence, GlossaryEntry, Page, PageId, PageKind, Relation, RelationTarget, Section,
    SectionId, Site, Term, TermId, Track,
};
use crate::parse::Document;
use crate::source::SourceId;
use crate::strings::Strings;

/// The site, as one job sees it.
#[derive(Clone, Copy)]
pub(crate) struct Window<'a> {
    site: &'a Site,
    notes: Noting<'a>,
    pub(crate) config: &'a Config,
    pub(crate) strings: &'a Strings,
}

/// The links of the site, as one job sees them.
#[derive(Clone, Copy)]
pub(crate) struct LinksWindow<'a> {
    links: &'a Links,
    notes: Noting<'a>,
}

/// Where notes go, and what things are called in them.
#[derive(Clone, Copy)]
pub(super) struct Noting<'a> {
    pub(super) notes: &'a Notes,
    pub(super) abouts: &'a Abouts,
}

impl Noting<'_> {
    fn note(self, question: Question, about: About) {
        self.notes.note(Fact::new(question, about));
    }

    /// A question about the site as a whole.
    pub(super) fn whole(self, question: Question) {
        self.note(question, Subjects::SITE);
    }

    /// A question about a page.
    pub(super) fn page(self, question: Question, page: PageId) {
        self.note(question, self.abouts.pages[page.0]);
    }

    fn document(self, question: Question, document: usize) {
        self.note(question, self.abouts.documents[document]);
    }
}

impl<'a> Window<'a> {
    pub(super) fn new(site: &'a Site, notes: Noting<'a>) -> Self {
        Self { site, notes, config: &site.config, strings: &site.strings }
    }

    /// The site and its links themselves, for a view that has noted the whole question.
    pub(super) fn unnoted(&self, links: LinksWindow<'a>) -> (&'a Site, &'a Links) {
        (self.site, links.links)
    }

    /// All pages, whatever they are.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (PageId, &'a Page)> + use<'a> {
        self.notes.whole(Question::Pages);
        self.site.pages()
    }

    /// All terms.
    pub(crate) fn terms(&self) -> impl Iterator<Item = (TermId, &'a Term)> + use<'a> {
        self.notes.whole(Question::Terms);
        self.site.terms()
    }

    /// All articles, in reading order.
    pub(crate) fn reading_order(&self) -> &'a [PageId] {
        self.notes.whole(Question::Order);
        &self.site.reading_order
    }

    /// The typed links between terms.
    pub(crate) fn relations(&self) -> &'a [Relation] {
        self.notes.whole(Question::Relations);
        &self.site.relations
    }

    /// Works and claims.
    pub(crate) fn evidence(&self) -> &'a Evidence {
        self.notes.whole(Question::Evidence);
        &self.site.evidence
    }

    /// The glossary, in the order of its page.
    pub(crate) fn glossary(&self) -> &'a [GlossaryEntry] {
        self.notes.whole(Question::Glossary);
        &self.site.glossary
    }

    /// All decisions.
    pub(crate) fn decisions(&self) -> &'a [Decision] {
        self.notes.whole(Question::Decisions);
        &self.site.decisions
    }

    /// All tracks.
    pub(crate) fn tracks(&self) -> &'a [Track] {
        self.notes.whole(Question::Tracks);
        &self.site.tracks
    }

    /// Old addresses and where they lead.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = (&'a Address, PageId)> + use<'a> {
        self.notes.whole(Question::Aliases);
        self.site.aliases.iter().map(|(alias, &page)| (alias, page))
    }

    /// Where each copied file goes.
    pub(crate) fn assets(&self) -> impl Iterator<Item = (SourceId, &'a str)> + use<'a> {
        self.notes.whole(Question::Assets);
        self.site.assets.iter().map(|(&id, path)| (id, path.as_str()))
    }

    /// The path of one copied file.
    pub(crate) fn asset(&self, id: SourceId) -> &'a str {
        self.notes.whole(Question::Assets);
        &self.site.assets[&id]
    }

    /// Whether square brackets with an at sign are citations here.
    pub(crate) fn cites(&self) -> bool {
        self.notes.whole(Question::Evidence);
        self.site.cites()
    }

    /// The one page of a kind that a site has once.
    pub(crate) fn only(&self, kind: &PageKind) -> Option<PageId> {
        self.notes.whole(Question::Frame);
        self.site.only(kind)
    }

    /// The file behind a page.
    pub(crate) fn document(&self, page: PageId) -> Option<&'a Document> {
        self.site[page].document.map(|at| self.document_at(at))
    }

    /// A file by its position.
    pub(crate) fn document_at(&self, at: usize) -> &'a Document {
        self.notes.document(Question::Text, at);
        &self.site.documents[at]
    }

    /// Whether a page stands at its address.
    pub(crate) fn is_published(&self, page: PageId) -> bool {
        self.notes.page(Question::Page, page);
        self.site.is_published(page)
    }

    /// The articles before and after one in reading order.
    pub(crate) fn neighbours(&self, page: PageId, at: usize) -> (Option<PageId>, Option<PageId>) {
        self.notes.page(Question::Neighbours, page);
        let order = &self.site.reading_order;
        (at.checked_sub(1).and_then(|before| order.get(before)).copied(), order.get(at + 1).copied())
    }

    /// The sections directly in one, with their titles.
    pub(crate) fn inner(&self, section: SectionId) -> &'a [SectionId] {
        self.notes.page(Question::Inner, self.site[section].page);
        &self.site[section].sections
    }

    /// The page of a section that [`Self::inner`] or [`Self::path_to`] gave.
    pub(crate) fn page_of(&self, section: SectionId) -> PageId {
        self.site[section].page
    }

    /// The sections above and including one, outermost first.
    pub(crate) fn path_to(&self, section: SectionId) -> Vec<SectionId> {
        let path = self.site.path_to(section);
        for &section in &path {
            _ = &self[section];
        }
        path
    }

    /// How many articles a section and those within it hold.
    pub(crate) fn articles_below(&self, section: SectionId) -> usize {
        self.notes.whole(Question::Order);
        self.site.articles_below(section)
    }

    /// The articles that carry both terms.
    pub(crate) fn articles_with_both(&self, one: TermId, other: TermId) -> Vec<PageId> {
        (_, _) = (&self[one], &self[other]);
        self.site.articles_with_both(one, other)
    }

    /// The page that a relation leads to.
    pub(crate) fn target_page(&self, target: RelationTarget) -> PageId {
        self.notes.whole(Question::Relations);
        self.site.target_page(target)
    }

    /// The page of a term. Whoever asks for the term itself sees its articles, and depends on all of them.
    pub(crate) fn page_of_term(&self, term: TermId) -> PageId {
        let page = self.site[term].page;
        self.notes.page(Question::Page, page);
        page
    }

    /// The facet of a term.
    pub(crate) fn facet_of(&self, term: TermId) -> usize {
        // What kind of page it has says so.
        self.page_of_term(term);
        self.site[term].facet
    }

    /// `facet/slug`
    pub(crate) fn term_name(&self, term: TermId) -> String {
        self.page_of_term(term);
        self.site.term_name(term)
    }

    /// The term of such a name.
    #[cfg(test)]
    pub(crate) fn term_named(&self, name: &str) -> Option<TermId> {
        self.notes.whole(Question::Terms);
        self.site.term_named(name)
    }

    /// The name of a decision in addresses.
    pub(crate) fn decision_slug(&self, page: PageId) -> &'a str {
        self.notes.page(Question::Page, page);
        self.site.decision_slug(page)
    }

    /// The sum of reading times of a track.
    pub(crate) fn minutes(&self, track: &Track) -> usize {
        for step in &track.steps {
            self.notes.page(Question::Page, step.page);
        }
        self.site.minutes(track)
    }

    /// The tracks that have a page among their steps, each with the step's position.
    pub(crate) fn tracks_through(&self, page: PageId) -> impl Iterator<Item = (&'a Track, usize)> + use<'a> {
        self.notes.whole(Question::Tracks);
        self.site.tracks_through(page)
    }
}

impl Index<PageId> for Window<'_> {
    type Output = Page;

    fn index(&self, id: PageId) -> &Page {
        self.notes.page(Question::Page, id);
        &self.site[id]
    }
}

impl Index<TermId> for Window<'_> {
    type Output = Term;

    fn index(&self, id: TermId) -> &Term {
        self.notes.page(Question::Term, self.site[id].page);
        &self.site[id]
    }
}

impl Index<SectionId> for Window<'_> {
    type Output = Section;

    fn index(&self, id: SectionId) -> &Section {
        self.notes.page(Question::Section, self.site[id].page);
        &self.site[id]
    }
}

impl<'a> LinksWindow<'a> {
    pub(super) fn new(links: &'a Links, notes: Noting<'a>) -> Self {
        Self { links, notes }
    }

    /// What the link of a document that begins at the byte `at` leads to.
    pub(crate) fn target(&self, document: usize, at: usize) -> Option<&'a Target> {
        self.notes.document(Question::Targets, document);
        self.links.target(document, at)
    }

    /// The pages whose text links to a page.
    pub(crate) fn backlinks(&self, page: PageId) -> &'a [PageId] {
        self.notes.page(Question::Backlinks, page);
        &self.links.backlinks[page.0]
    }

    /// The pages that are related to a page.
    pub(crate) fn related(&self, page: PageId) -> &'a [PageId] {
        self.notes.page(Question::Related, page);
        &self.links.related[page.0]
    }

    /// The pages that rest on a claim.
    pub(crate) fn users_of_claim(&self, claim: ClaimId) -> impl Iterator<Item = PageId> + use<'a> {
        self.notes.whole(Question::Users);
        self.links.users_of_claim(claim)
    }
}
