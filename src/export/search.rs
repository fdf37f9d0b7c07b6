//! What of the site can be found, in the order that the index wants: pages with their words.
//!
//! Articles, terms, decisions with their questions and outcomes, tracks, sections that say something of their own, and
//! the words of the glossary. What its author keeps out with `search: false` stays out. Pages stand in the order of
//! their terms, so that those of a term lie close together.
#![expect(
    clippy::indexing_slicing,
    reason = "facets, tracks, decisions and their nodes are named by their positions, which the model gave"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::failure::Failure;
use crate::link::Target;
use crate::model::{
    Address, Decision, DecisionNode, GlossaryEntry, Indexed, NodeKind, PageId, PageKind, Single, Track,
};
use crate::output::Output;
use crate::parse::Document;
use crate::parse::raw_html::without_comments;
use crate::render::escape::fragment;
use crate::render::html;
use crate::search::{self, IndexFacet, IndexPage, IndexSection, Indexer, Language, Segment};
use crate::spill::Spill;
use crate::strings::key;
use crate::view::View;

/// Everything that can be found, in order.
pub(crate) struct IndexPlan {
    items: Vec<Item>,
    names: BTreeMap<PageId, Vec<String>>,
    indexer: Indexer,
}

/// One thing that can be found.
#[derive(Debug, Clone, Copy)]
enum Item {
    Page(PageId),
    /// A word of the glossary, by its position.
    Word(usize),
}

/// What something that can be found is: keys like those of terms, of a facet without a slug.
const ARTICLE: &str = "/article";
const TOPIC: &str = "/topic";
const DECISION: &str = "/decision";
const TRACK: &str = "/track";
const WORD: &str = "/word";
/// An article whose headings are questions.
const ANSWERS: &str = "/answers";

/// What a page is, if readers are to choose by that.
fn kind_of(kind: PageKind) -> Option<&'static str> {
    match kind {
        PageKind::Article => Some(ARTICLE),
        PageKind::Term(_) => Some(TOPIC),
        PageKind::Decision(_) | PageKind::Question { .. } | PageKind::Outcome { .. } => Some(DECISION),
        PageKind::Track(_) => Some(TRACK),
        PageKind::Section(_) | PageKind::Facet(_) | PageKind::Work(_) | PageKind::Single(_) => None,
    }
}

/// Whether most headings of a page are questions, and there are some.
fn answers(sections: &[IndexSection]) -> bool {
    let headings = || sections.iter().filter(|section| !section.id.is_empty());
    let questions = headings().filter(|section| section.title.trim_end().ends_with(['?', '？', '؟', ';'])).count();
    questions >= 3 && questions * 2 > headings().count()
}

impl IndexPlan {
    /// Decides what can be found.
    pub(crate) fn of(view: &View<'_>) -> Self {
        let site = &view.site;
        let open = |id: PageId| site.is_published(id) && is_open(view, id);
        let mut pages: Vec<PageId> =
            site.pages().map(|(id, _)| id).filter(|&id| is_found(view, id) && open(id)).collect();
        pages.sort_by(|&a, &b| site[a].terms.cmp(&site[b].terms));
        let glossary = site.only(Single::Glossary).is_some_and(open);
        let words = (0..site.glossary().len()).filter(|_| glossary);
        let items = pages.into_iter().map(Item::Page).chain(words.map(Item::Word)).collect();
        Self { items, names: names(view), indexer: Indexer::default() }
    }

    /// How many segments there are.
    pub(crate) fn segments(&self) -> usize {
        self.items.len().div_ceil(search::SEGMENT)
    }

    /// The pages that can be found.
    pub(crate) fn pages(&self) -> impl Iterator<Item = PageId> {
        self.items.iter().filter_map(|item| match item {
            Item::Page(id) => Some(*id),
            Item::Word(_) => None,
        })
    }

    /// The items of one segment, by their positions.
    pub(crate) fn items_of(&self, segment: usize) -> Range<usize> {
        let first = segment * search::SEGMENT;
        first..self.items.len().min(first + search::SEGMENT)
    }

    /// One thing that can be found, with its words. A page is offered to `make` before it is read, so that one pass
    /// over its Markdown serves both; whether the reader was shown all of it is what that gives.
    pub(crate) fn item<E>(
        &self,
        view: &View<'_>,
        at: usize,
        make: impl FnOnce(PageId, Option<&mut TextExtractor<'_>>) -> Result<bool, E>,
    ) -> Result<IndexPage, E> {
        match self.items[at] {
            Item::Page(id) => {
                let mut reader = view.site[id].document.map(|at| TextExtractor::new(view, at));
                let read = make(id, reader.as_mut())?;
                let sections = reader.map(|reader| if read { reader.finish() } else { reader.alone() });
                Ok(page(view, self, id, sections.unwrap_or_default()))
            }
            Item::Word(at) => Ok(word(view, &view.site.glossary()[at])),
        }
    }

    /// What there is to be found, as a facet without a slug, which no facet of a site has.
    fn kinds(&self, view: &View<'_>) -> Option<IndexFacet> {
        let kind = |item: &Item| match item {
            Item::Page(id) => kind_of(view.site[*id].kind),
            Item::Word(_) => Some(WORD),
        };
        let there: BTreeSet<&str> = self.items.iter().filter_map(kind).collect();
        let titles = [
            (ARTICLE, key!("articles-heading")),
            (TOPIC, key!("topics")),
            (DECISION, key!("decisions")),
            (TRACK, key!("tracks")),
            (WORD, key!("glossary")),
        ];
        let terms = titles.into_iter().filter(|(kind, _)| there.contains(kind));
        let terms: Vec<_> = terms.map(|(kind, title)| (kind.to_owned(), view.say(title).to_owned())).collect();
        (terms.len() > 1).then(|| IndexFacet {
            slug: String::new(),
            name: view.say(key!("kind-of-page")).to_owned(),
            look: "page",
            terms,
        })
    }

    /// The texts of the items of one segment, and its part of the index.
    ///
    /// # Errors
    /// If the spill will not have it.
    pub(crate) fn pack(&self, pages: &[IndexPage], spill: &dyn Spill) -> Result<(Vec<Output>, Segment), Failure> {
        self.indexer.index(pages, search::pages_per_file(self.items.len()), spill)
    }

    /// Makes the rest of the index, when all segments are done; gives the paths of its files.
    ///
    /// # Errors
    /// The first of `put`, or of the spill in which the segments wait.
    pub(crate) fn files(
        &self,
        view: &View<'_>,
        segments: &[Segment],
        spill: &dyn Spill,
        put: &(impl Fn(Output) -> Result<(), Failure> + Sync),
    ) -> Result<Vec<String>, Failure> {
        let site = &view.site;
        let of_facet = |facet: usize| {
            let terms = site.terms().filter(move |(_, term)| term.facet == facet);
            terms.map(|(id, term)| (site.term_name(id), site[term.page].title.clone())).collect()
        };
        let facets: Vec<IndexFacet> = (0..)
            .zip(&view.config().facets)
            .map(|(at, facet)| IndexFacet {
                slug: facet.slug.clone(),
                name: facet.name.clone(),
                look: facet.look.word(),
                terms: of_facet(at),
            })
            .collect();
        let facets: Vec<IndexFacet> = self.kinds(view).into_iter().chain(facets).collect();
        let per_file = search::pages_per_file(self.items.len());
        let words = |key| view.say(key).split_whitespace().map(str::to_owned).collect();
        let language = Language {
            tag: &view.config().language,
            asking: words(key!("question-words")),
            small: words(key!("small-words")),
        };
        search::assemble(segments, &facets, &language, per_file, spill, put)
    }
}

/// Whether its author lets a page be found.
fn is_open(view: &View<'_>, page: PageId) -> bool {
    view.site.document(page).is_none_or(|document| document.front.search != Some(false))
}

/// Whether a page is to be found.
fn is_found(view: &View<'_>, id: PageId) -> bool {
    let page = &view.site[id];
    match page.kind.facts().indexed {
        Indexed::Always => true,
        Indexed::WithText => page.document.is_some() || page.summary.is_some(),
        Indexed::Never => false,
    }
}

fn page(view: &View<'_>, plan: &IndexPlan, id: PageId, sections: Vec<IndexSection>) -> IndexPage {
    let site = &view.site;
    let data = &site[id];
    let (look, label) = look_and_label(view, id);
    let also = site.document(id).map(|document| &document.front.also);
    let also: Vec<String> = also.into_iter().flatten().map(|word| word.value.clone()).collect();
    let faq = answers(&sections).then_some(ANSWERS);
    let carried = match data.kind {
        PageKind::Term(term) => site[term].articles.len(),
        _ => 0,
    };
    let mut page = IndexPage {
        url: view.url(id),
        title: data.title.clone(),
        look,
        minor: false,
        label,
        summary: data.summary.clone().unwrap_or_default(),
        also,
        names: plan.names.get(&id).cloned().unwrap_or_default(),
        kinds: kind_of(data.kind).into_iter().chain(faq).collect(),
        weight: u8::try_from(carried + view.links.backlinks(id).len()).unwrap_or(u8::MAX),
        terms: data
            .terms
            .iter()
            .map(|&term| (site.term_name(term), site[site.page_of_term(term)].title.clone()))
            .collect(),
        sections,
    };
    match data.kind {
        PageKind::Track(at) => track(view, &site.tracks()[at], &mut page),
        PageKind::Decision(at) => decision(&site.decisions()[at], &mut page),
        PageKind::Question { decision, node } | PageKind::Outcome { decision, node } => {
            let decision = &site.decisions()[decision];
            self::node(&decision.nodes[node], &mut page);
            if page.summary.is_empty() {
                page.summary.clone_from(&site[decision.page].title);
            }
        }
        PageKind::Article
        | PageKind::Section(_)
        | PageKind::Facet(_)
        | PageKind::Term(_)
        | PageKind::Work(_)
        | PageKind::Single(_) => {}
    }
    page
}

/// The icon of a page, and what readers call it: its kind, and the facet or the section that it belongs to.
fn look_and_label(view: &View<'_>, id: PageId) -> (&'static str, String) {
    let page = &view.site[id];
    let facts = page.kind.facts();
    let within = |key, name| view.strings().fill(key, &[("name", name)]);
    match page.kind {
        PageKind::Term(term) => {
            let facet = &view.config().facets[view.site.facet_of(term)];
            (facet.look.word(), within(key!("found-topic"), &facet.name))
        }
        PageKind::Article => {
            let section = page.section.filter(|section| section.0 > 0).map(|section| view.site[section].page);
            let label = section.map(|section| within(key!("found-article"), &view.site[section].title));
            (facts.icon, label.unwrap_or_default())
        }
        _ => (facts.icon, facts.label.map_or_else(String::new, |key| view.say(key).to_owned())),
    }
}

/// What else leads to each page: the glossary's words for it, its file or id, and the last part of its old addresses.
fn names(view: &View<'_>) -> BTreeMap<PageId, Vec<String>> {
    let site = &view.site;
    let mut names: BTreeMap<PageId, Vec<String>> = BTreeMap::new();
    let mut add = |page: PageId, name: &str| {
        if name != site[page].title {
            names.entry(page).or_default().push(name.to_owned());
        }
    };
    for entry in site.glossary() {
        if let Some(page) = entry.page {
            std::iter::once(&entry.term).chain(&entry.also).for_each(|name| add(page, name));
        }
    }
    let last = |address: &Address| address.as_str().trim_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    for (alias, page) in site.aliases() {
        add(page, &last(alias));
    }
    for (id, page) in site.pages() {
        add(id, &last(&page.address));
    }
    names
}

fn word(view: &View<'_>, entry: &GlossaryEntry) -> IndexPage {
    let url = view.site.only(Single::Glossary).map(|page| view.url(page)).unwrap_or_default();
    IndexPage {
        url: format!("{url}#{}", fragment(&entry.anchor)),
        title: entry.term.clone(),
        look: "book",
        minor: true,
        label: view.say(key!("glossary")).to_owned(),
        summary: entry.definition.clone(),
        also: entry.also.clone(),
        kinds: vec![WORD],
        ..IndexPage::default()
    }
}

fn track(view: &View<'_>, track: &Track, page: &mut IndexPage) {
    let mut text: Vec<&str> = track.goal.iter().chain(&track.audience).map(String::as_str).collect();
    for step in &track.steps {
        text.push(&view.site[step.page].title);
        text.extend(step.why.as_deref());
    }
    add(page, &text);
}

fn decision(decision: &Decision, page: &mut IndexPage) {
    let mut text: Vec<&str> = decision.audience.as_deref().into_iter().collect();
    for node in &decision.nodes {
        text.push(match &node.kind {
            NodeKind::Question(question) => &question.ask,
            NodeKind::Outcome(outcome) => &outcome.title,
        });
    }
    add(page, &text);
}

fn node(node: &DecisionNode, page: &mut IndexPage) {
    let mut text: Vec<&str> = Vec::new();
    match &node.kind {
        NodeKind::Question(question) => {
            text.extend(question.why.as_deref());
            for answer in &question.answers {
                text.push(&answer.label);
                text.extend(answer.hint.as_deref());
            }
            text.extend(question.unsure.as_ref().and_then(|unsure| unsure.guidance.as_deref()));
        }
        NodeKind::Outcome(outcome) => {
            text.extend(outcome.advice.as_deref());
            text.extend(outcome.benefits.iter().chain(&outcome.risks).map(|effect| effect.text.as_str()));
        }
    }
    add(page, &text);
}

/// Adds sentences to the text of a page above its first heading.
fn add(page: &mut IndexPage, sentences: &[&str]) {
    let mut text = String::new();
    for sentence in sentences.iter().filter(|sentence| **sentence != page.summary) {
        text.push_str(sentence);
        text.push_str(if sentence.ends_with(['.', '?', '!', '…']) { " " } else { ". " });
    }
    page.sections.insert(0, IndexSection { text: text.trim_end().to_owned(), ..IndexSection::default() });
}

/// The text behind a page by its headings, without what is only there to be clicked or drawn: read off the events of
/// its Markdown, which it is shown while the page is rendered, or alone.
pub(crate) struct TextExtractor<'a> {
    view: &'a View<'a>,
    /// The document and its position.
    at: usize,
    document: &'a Document,
    sections: Vec<IndexSection>,
    /// Headings begun so far.
    heading: usize,
    in_heading: bool,
    /// Whether what comes is inside a link that says nothing of its own.
    muted: bool,
}

impl<'a> TextExtractor<'a> {
    fn new(view: &'a View<'a>, at: usize) -> Self {
        let document = view.site.document_at(at);
        Self {
            view,
            at,
            document,
            sections: vec![IndexSection::default()],
            heading: 0,
            in_heading: false,
            muted: false,
        }
    }

    /// Reads the document when no page is rendered from it.
    fn alone(mut self) -> Vec<IndexSection> {
        let text = &self.view.inputs.get(self.document.source).text;
        html::read(self.view, self.document, text, &mut |event, range| self.event(event, &range));
        self.finish()
    }

    fn finish(mut self) -> Vec<IndexSection> {
        self.sections.retain(|section| !(section.id.is_empty() && section.text.is_empty()));
        self.sections
    }

    /// Takes one event, with its place in the file.
    pub(crate) fn event(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::End(TagEnd::Link) => self.muted = false,
            _ if self.muted => {}
            Event::Start(Tag::Link { link_type: LinkType::ShortcutUnknown, .. }) if self.view.site.cites() => {
                self.muted = true;
                self.trim();
            }
            Event::Start(Tag::Link { link_type: LinkType::WikiLink { has_pothole: false }, .. }) => {
                if let Some(Target::Page { page, word, .. }) = self.view.links.target(self.at, range.start) {
                    self.muted = true;
                    self.text(word.as_ref().unwrap_or(&self.view.site[*page].title));
                }
            }
            Event::Start(Tag::Heading { .. }) => self.start_heading(),
            Event::End(TagEnd::Heading(_)) => self.in_heading = false,
            Event::Text(text) | Event::Code(text) => self.text(text),
            Event::Html(html) | Event::InlineHtml(html) => {
                let comments = &self.document.outline.comments;
                if !comments.iter().any(|comment| comment.start <= range.start && range.end <= comment.end) {
                    self.html(&without_comments(html));
                }
            }
            Event::SoftBreak | Event::HardBreak | Event::End(_) => self.space(event),
            _ => {}
        }
    }

    fn start_heading(&mut self) {
        if let Some(heading) = self.document.outline.headings.get(self.heading) {
            self.sections.push(IndexSection {
                id: fragment(&heading.id),
                title: self.view.config().typography.set(&heading.text).into_owned(),
                text: String::new(),
            });
        }
        self.heading += 1;
        self.in_heading = true;
    }

    fn text(&mut self, text: &str) {
        // The words of a heading are known already.
        if self.in_heading {
            return;
        }
        let into = &mut self.sections.last_mut().expect("there is a first section").text;
        if text.contains(['\n', '\t']) || text.contains("  ") {
            for word in text.split_inclusive(char::is_whitespace) {
                into.push_str(word.trim_end());
                if word.ends_with(char::is_whitespace) && !into.ends_with(' ') {
                    into.push(' ');
                }
            }
        } else {
            into.push_str(text);
        }
    }

    /// Takes back the space before a citation.
    fn trim(&mut self) {
        let text = &mut self.sections.last_mut().expect("there is a first section").text;
        text.truncate(text.trim_end().len());
    }

    /// The text between raw tags.
    fn html(&mut self, html: &str) {
        for part in html.split('<') {
            let text = part.split_once('>').map_or("", |(_, text)| text);
            self.text(text);
        }
    }

    /// Keeps apart what stands on different lines or in different blocks.
    fn space(&mut self, event: &Event<'_>) {
        let inline = matches!(
            event,
            Event::End(
                TagEnd::Emphasis
                    | TagEnd::Strong
                    | TagEnd::Strikethrough
                    | TagEnd::Superscript
                    | TagEnd::Subscript
                    | TagEnd::Link
            )
        );
        let into = &mut self.sections.last_mut().expect("there is a first section").text;
        if !inline && !into.is_empty() && !into.ends_with(' ') {
            into.push(' ');
        }
    }
}
