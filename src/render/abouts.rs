//! What the pages and files of one build are called in notes, and the fingerprints of today's answers.
//!
//! A fingerprint is made of names, never of positions: a page that comes or goes moves the positions of all others.
//! Where an answer is a collection too intricate for that, the list of all addresses is part of it.

use std::fmt::Debug;
use std::sync::OnceLock;

use super::context::Shared;
use crate::hash::Hashing;
use crate::incremental::{About, Answers, Fact, Question, Subjects};
use crate::link::{Links, Target};
use crate::model::{Cited, PageId, PageKind, SectionId, Site, TermId};
use crate::source::Inputs;

/// The numbers of a build's pages and files, and back.
pub(crate) struct Abouts {
    pub(super) pages: Vec<About>,
    pub(super) documents: Vec<About>,
    page_of: Vec<Option<PageId>>,
    document_of: Vec<Option<usize>>,
}

impl Abouts {
    /// Numbers what `subjects` does not know yet.
    pub(super) fn of(site: &Site, inputs: &Inputs, subjects: &mut Subjects) -> Self {
        let pages: Vec<About> = site.pages().map(|(_, page)| subjects.number(page.address.as_str())).collect();
        let documents: Vec<About> =
            site.documents.iter().map(|document| subjects.number(&inputs.get(document.source).path)).collect();
        let mut page_of = vec![None; subjects.len()];
        for (at, about) in pages.iter().enumerate().rev() {
            page_of[about.0 as usize] = Some(PageId(at));
        }
        let mut document_of = vec![None; subjects.len()];
        for (at, about) in documents.iter().enumerate() {
            document_of[about.0 as usize] = Some(at);
        }
        Self { pages, documents, page_of, document_of }
    }
}

/// An edit of texts alone: no page has another face.
#[derive(Debug)]
pub(crate) struct Edit {
    /// The positions of the documents with another text, in order.
    pub(crate) documents: Vec<usize>,
    /// Whether links lead elsewhere, or others lead there.
    pub(crate) links: bool,
}

/// Today's answers. Each fingerprint is made when it is first asked for.
pub(crate) struct Today<'a> {
    pub(super) site: &'a Site,
    pub(super) links: &'a Links,
    pub(super) inputs: &'a Inputs,
    pub(super) shared: &'a Shared<'a>,
    pub(super) abouts: &'a Abouts,
    /// All that may be different from the build before; none where anything may.
    edit: Option<&'a Edit>,
    pages: Vec<OnceLock<u64>>,
    sections: Vec<OnceLock<u64>>,
    inner: Vec<OnceLock<u64>>,
    documents: Vec<[OnceLock<u64>; 2]>,
    terms: Vec<OnceLock<u64>>,
    whole: [OnceLock<u64>; 13],
    addresses: OnceLock<u64>,
}

/// No answer.
const NOTHING: u64 = 0;

impl<'a> Today<'a> {
    pub(super) fn new(
        site: &'a Site,
        links: &'a Links,
        inputs: &'a Inputs,
        shared: &'a Shared<'a>,
        abouts: &'a Abouts,
        edit: Option<&'a Edit>,
    ) -> Self {
        Self {
            edit,
            site,
            links,
            inputs,
            shared,
            abouts,
            pages: empty(site.pages.len()),
            sections: empty(site.pages.len()),
            inner: empty(site.pages.len()),
            documents: (0..site.documents.len()).map(|_| [OnceLock::new(), OnceLock::new()]).collect(),
            terms: empty(site.terms.len()),
            whole: std::array::from_fn(|_| OnceLock::new()),
            addresses: OnceLock::new(),
        }
    }

    fn page(&self, id: PageId) -> u64 {
        *self.pages[id.0].get_or_init(|| {
            let page = &self.site[id];
            let mut print = Print::new();
            print.text(page.address.as_str()).text(&page.title).optional(page.summary.as_deref());
            self.kind(&page.kind, &mut print);
            print.number(page.minutes);
            print.optional(page.source.map(|source| self.inputs.get(source).path.as_str()));
            print.optional(page.section.map(|section| self.address(self.site[section].page)));
            for &term in &page.terms {
                let term = &self.site[term];
                print.text(&self.site.config.facets[term.facet].slug).text(&term.slug);
            }
            for day in [&page.date, &page.updated, &page.reviewed] {
                print.optional(day.as_ref().map(|day| day.0.as_str()));
            }
            print.number(usize::from(self.site.is_published(id))).number(usize::from(page.unlisted));
            print.done()
        })
    }

    /// The kind of a page, without positions that move.
    fn kind(&self, kind: &PageKind, print: &mut Print) {
        match kind {
            PageKind::Article => _ = print.text("article"),
            PageKind::Section(_) => _ = print.text("section"),
            PageKind::Term(term) => _ = print.text(&self.site.term_name(*term)),
            other => _ = print.debug(other),
        }
    }

    fn address(&self, page: PageId) -> &str {
        self.site[page].address.as_str()
    }

    fn section(&self, page: PageId) -> u64 {
        *self.sections[page.0].get_or_init(|| self.section_print(page))
    }

    /// The section that a page is the page of.
    fn section_of(&self, page: PageId) -> Option<SectionId> {
        Some(match self.site[page].kind {
            PageKind::Section(at) => at,
            PageKind::Home => SectionId(0),
            // A section whose page is a list that the site makes.
            _ => SectionId(self.site.sections.iter().position(|section| section.page == page)?),
        })
    }

    fn inner(&self, page: PageId) -> u64 {
        *self.inner[page.0].get_or_init(|| {
            let Some(at) = self.section_of(page) else { return NOTHING };
            let mut print = Print::new();
            for &inner in &self.site[at].sections {
                print.number64(self.page(self.site[inner].page));
            }
            print.done()
        })
    }

    fn section_print(&self, page: PageId) -> u64 {
        let Some(at) = self.section_of(page) else { return NOTHING };
        let section = &self.site[at];
        let mut print = Print::new();
        print.text(&section.folder);
        print.optional(section.parent.map(|parent| self.address(self.site[parent].page)));
        print.texts(section.articles.iter().map(|&article| self.address(article)));
        print.number(section.articles.len());
        print.texts(section.sections.iter().map(|&inner| self.address(self.site[inner].page)));
        print.done()
    }

    fn term(&self, page: PageId) -> u64 {
        let PageKind::Term(id) = self.site[page].kind else { return NOTHING };
        self.term_print(id)
    }

    fn term_print(&self, id: TermId) -> u64 {
        *self.terms[id.0].get_or_init(|| {
            let term = &self.site[id];
            let mut print = Print::new();
            print.text(&self.site.term_name(id)).text(self.address(term.page));
            print.texts(term.articles.iter().map(|&article| self.address(article)));
            print.done()
        })
    }

    fn text(&self, document: usize) -> u64 {
        *self.documents[document][0].get_or_init(|| {
            let document = &self.site.documents[document];
            let mut print = Print::new();
            print.number64(document.text.value()).debug(&document.role);
            print.done()
        })
    }

    fn targets(&self, document: usize) -> u64 {
        *self.documents[document][1].get_or_init(|| {
            let mut print = Print::new();
            for link in &self.links.resolved[document] {
                print.number(link.at);
                self.target(&link.target, &mut print);
            }
            print.done()
        })
    }

    fn target(&self, target: &Target, print: &mut Print) {
        match target {
            Target::Page { page, anchor } => {
                print.text("page").text(self.address(*page)).optional(anchor.as_deref());
            }
            Target::File { path, rest } => _ = print.text("asset").text(path).text(rest),
            Target::Glossary(at) => _ = print.text("glossary").text(&self.site.glossary[*at].anchor).number(*at),
            Target::Citations(keys) => {
                print.text("citations");
                for (key, cited) in keys {
                    print.text(key).debug(cited);
                    if let Some(Cited::Claim(claim)) = cited {
                        print.text(&self.site.evidence.claim(*claim).id);
                    }
                }
            }
            Target::Here(anchor) => _ = print.text("here").text(anchor),
            Target::External => _ = print.text("external"),
            Target::Wrong(_) => _ = print.text("wrong"),
        }
    }

    fn pages(&self, pages: &[PageId]) -> u64 {
        let mut print = Print::new();
        print.texts(pages.iter().map(|&page| self.address(page)));
        print.done()
    }

    fn neighbours(&self, page: PageId) -> u64 {
        let Some(at) = self.shared.position[page.0] else { return NOTHING };
        let order = &self.site.reading_order;
        let mut print = Print::new();
        for near in [at.checked_sub(1).and_then(|before| order.get(before)), order.get(at + 1)] {
            print.optional(near.map(|&page| self.address(page)));
        }
        print.done()
    }

    /// The addresses of all pages, by position.
    fn addresses(&self) -> u64 {
        *self.addresses.get_or_init(|| {
            let mut print = Print::new();
            print.texts(self.site.pages().map(|(_, page)| page.address.as_str()));
            for (id, _) in self.site.terms() {
                print.text(&self.site.term_name(id));
            }
            print.done()
        })
    }

    /// A collection that names pages and terms by their positions.
    fn intricate<T: Debug>(&self, items: &[T]) -> u64 {
        if items.is_empty() {
            return NOTHING;
        }
        let mut print = Print::new();
        for item in items {
            print.debug(item);
        }
        print.number64(self.addresses());
        print.done()
    }

    fn whole_of(&self, question: Question) -> u64 {
        *self.whole[question as usize - Question::Frame as usize].get_or_init(|| self.whole(question))
    }

    fn whole(&self, question: Question) -> u64 {
        let (site, mut print) = (self.site, Print::new());
        match question {
            Question::Frame => _ = print.debug(&self.shared.frame()),
            Question::Pages => {
                for (id, _) in site.pages() {
                    print.number64(self.page(id));
                }
            }
            Question::Order => _ = print.texts(site.reading_order.iter().map(|&id| self.address(id))),
            Question::Terms => {
                for (id, _) in site.terms() {
                    print.number64(self.term_print(id));
                }
            }
            Question::Pictures => _ = print.texts(self.links.pictures_from_elsewhere(site)),
            Question::Relations => {
                for relation in &site.relations {
                    print.number(relation.kind).text(&site.term_name(relation.from));
                    print.text(self.address(site.target_page(relation.to)));
                    print.debug(&relation.basis);
                    print.texts(relation.claims.iter().map(|&claim| site.evidence.claim(claim).id.as_str()));
                }
            }
            Question::Evidence => {
                print.number64(self.intricate(&site.evidence.works)).number64(self.intricate(&site.evidence.claims));
                print.number(usize::from(site.cites()));
            }
            Question::Users => {
                for (cited, pages) in &self.links.resting_on {
                    print.debug(cited);
                    print.texts(pages.iter().map(|&page| self.address(page)));
                }
                print.number64(self.intricate(&site.evidence.claims));
            }
            Question::Glossary => _ = print.number64(self.intricate(&site.glossary)),
            Question::Decisions => _ = print.number64(self.intricate(&site.decisions)),
            Question::Tracks => _ = print.number64(self.intricate(&site.tracks)),
            Question::Aliases => {
                for (alias, &to) in &site.aliases {
                    print.text(alias.as_str()).text(self.address(to));
                }
            }
            Question::Assets => {
                for (&id, path) in &site.assets {
                    print.text(&self.inputs.get(id).path).text(path);
                }
            }
            Question::Text
            | Question::Page
            | Question::Section
            | Question::Inner
            | Question::Term
            | Question::Targets
            | Question::Backlinks
            | Question::Related
            | Question::Neighbours => return NOTHING,
        }
        print.done()
    }
}

impl Answers for Today<'_> {
    fn may_differ(&self, fact: Fact) -> bool {
        let Some(edit) = self.edit else { return true };
        let about = fact.about().0 as usize;
        let edited = |document: Option<usize>| document.is_some_and(|at| edit.documents.binary_search(&at).is_ok());
        match fact.question() {
            Question::Text | Question::Targets => edited(self.abouts.document_of.get(about).copied().flatten()),
            // The reading time is part of it.
            Question::Page => {
                let page = self.abouts.page_of.get(about).copied().flatten();
                edited(page.and_then(|page| self.site[page].document))
            }
            Question::Section | Question::Term | Question::Related | Question::Neighbours => false,
            Question::Backlinks => edit.links,
            Question::Inner
            | Question::Frame
            | Question::Pages
            | Question::Order
            | Question::Terms
            | Question::Pictures
            | Question::Relations
            | Question::Evidence
            | Question::Users
            | Question::Glossary
            | Question::Decisions
            | Question::Tracks
            | Question::Aliases
            | Question::Assets => true,
        }
    }

    fn fingerprint(&self, fact: Fact) -> u64 {
        let about = fact.about().0 as usize;
        let page = || self.abouts.page_of.get(about).copied().flatten();
        let document = || self.abouts.document_of.get(about).copied().flatten();
        let answer = match fact.question() {
            Question::Text => document().map(|at| self.text(at)),
            Question::Targets => document().map(|at| self.targets(at)),
            Question::Page => page().map(|id| self.page(id)),
            Question::Section => page().map(|id| self.section(id)),
            Question::Inner => page().map(|id| self.inner(id)),
            Question::Term => page().map(|id| self.term(id)),
            Question::Backlinks => page().map(|id| self.pages(&self.links.backlinks[id.0])),
            Question::Related => page().map(|id| self.pages(&self.links.related[id.0])),
            Question::Neighbours => page().map(|id| self.neighbours(id)),
            question => return self.whole_of(question),
        };
        answer.unwrap_or(NOTHING)
    }
}

fn empty(count: usize) -> Vec<OnceLock<u64>> {
    (0..count).map(|_| OnceLock::new()).collect()
}

/// A fingerprint in the making; pieces are kept apart, so that `ab` `c` is not `a` `bc`.
struct Print(Hashing);

impl Print {
    fn new() -> Self {
        Self(Hashing::new())
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.0.update(&text.len().to_le_bytes());
        self.0.update(text.as_bytes());
        self
    }

    fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> &mut Self {
        for text in texts {
            self.text(text);
        }
        self
    }

    fn optional(&mut self, text: Option<&str>) -> &mut Self {
        self.0.update(&[u8::from(text.is_some())]);
        self.text(text.unwrap_or_default())
    }

    fn number(&mut self, number: usize) -> &mut Self {
        self.number64(number as u64)
    }

    fn number64(&mut self, number: u64) -> &mut Self {
        self.0.update(&number.to_le_bytes());
        self
    }

    /// A value that says all that it is in its `Debug` form.
    fn debug(&mut self, value: &impl Debug) -> &mut Self {
        self.text(&format!("{value:?}"))
    }

    fn done(&self) -> u64 {
        // Zero is "nothing there".
        self.0.finish().value().max(1)
    }
}
