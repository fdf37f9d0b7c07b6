//! Which pages look alike to their templates: a template that can be rendered for one of them can be for all.
//!
//! A template fails where it takes something for what it is not: text of what is none, the first of an empty list. So
//! two pages are of one shape if the same of their values are there, or none, or empty, or single. A page's shape is
//! read off the model, without rendering anything: this is what makes `check` cheap.
#![expect(
    clippy::indexing_slicing,
    reason = "the lists have an entry for every page, and the model gave tracks, decisions and nodes their positions"
)]

use std::collections::BTreeMap;

use crate::hash::fingerprint;
use crate::link::Links;
use crate::model::{Claim, Decision, DecisionNode, Effect, NodeKind, PageId, PageKind, RelationTarget, Site, WorkId};
use crate::parse::{Document, Outline, Work};

/// One page of each shape, the first in the order of pages.
pub(super) fn representatives(site: &Site, links: &Links) -> Vec<PageId> {
    let shapes = Shapes::of(site, links);
    let mut first: BTreeMap<u64, PageId> = BTreeMap::new();
    for (id, _) in site.pages().filter(|&(id, _)| site.is_published(id)) {
        first.entry(shapes.page(id)).or_insert(id);
    }
    let mut pages: Vec<PageId> = first.into_values().collect();
    pages.sort_unstable();
    pages
}

/// None, one, some or many: a list is walked, its first and last are taken, and a long one may be cut.
fn size_class<T>(list: impl IntoIterator<Item = T>) -> usize {
    match list.into_iter().take(6).count() {
        count @ (0 | 1) => count,
        2..=5 => 2,
        _ => 6,
    }
}

/// What pages are to others, by the page.
struct Shapes<'a> {
    site: &'a Site,
    links: &'a Links,
    /// Whether it cites anything.
    cites: Vec<bool>,
    /// Whether it explains a question or an outcome.
    explains: Vec<bool>,
    /// Whether tracks lead over it, and whether it is the first or the last step of one.
    steps: Vec<[bool; 3]>,
    /// Whether relations lead to it, or from it.
    related: Vec<bool>,
}

impl<'a> Shapes<'a> {
    fn of(site: &'a Site, links: &'a Links) -> Self {
        let count = site.pages.len();
        let marked = |pages: &mut dyn Iterator<Item = PageId>| {
            let mut marks = vec![false; count];
            pages.for_each(|page| marks[page.0] = true);
            marks
        };
        let mut steps = vec![[false; 3]; count];
        for track in &site.tracks {
            for (at, step) in track.steps.iter().enumerate() {
                let [here, first, last] = &mut steps[step.page.0];
                *here = true;
                *first |= at == 0;
                *last |= at + 1 == track.steps.len();
            }
        }
        let nodes = || site.decisions.iter().flat_map(|decision| &decision.nodes);
        let ends = site.relations.iter().flat_map(|relation| {
            let to = match relation.to {
                RelationTarget::Term(term) => site[term].page,
                RelationTarget::Page(page) => page,
            };
            [site[relation.from].page, to]
        });
        Self {
            site,
            links,
            cites: marked(&mut links.resting_on.values().flatten().copied()),
            explains: marked(&mut nodes().filter_map(|node| node.explains)),
            steps,
            related: marked(&mut ends.into_iter()),
        }
    }

    fn page(&self, id: PageId) -> u64 {
        let site = self.site;
        let page = &site[id];
        let depth = page.section.map(|section| site.path_to(section).len().min(2));
        let own = (page.source.is_some(), page.said().1, size_class(&page.terms), depth, self.cites[id.0]);
        let order = [site.reading_order.first(), site.reading_order.last()].map(|end| end == Some(&id));
        let Links { backlinks, related, onward, .. } = self.links;
        let links = (size_class(&backlinks[id.0]), size_class(&related[id.0]), onward[id.0].is_some());
        let picture = self.links.pictures.of_page(id).map(|picture| picture.size.is_some());
        let connects = self.related[id.0] || page.terms.iter().any(|&term| self.related[site[term].page.0]);
        let around = (order, links, picture, connects, self.explains[id.0], self.steps[id.0]);
        fingerprint(&(kind_shape(site, page.kind), own, around, site.document(id).map(document_shape)))
    }
}

fn document_shape(document: &Document) -> impl std::hash::Hash + use<'_> {
    let front = &document.front;
    let Outline { headings, by_id: _, title, anchors: _, comments: _, links, lead, words } = &document.outline;
    let levels: Vec<u8> = headings.iter().map(|heading| heading.level).take(2).collect();
    // What the values of `extra` are is between the author and the theme; which there are makes the shape.
    let extra: Vec<&str> = front.extra.iter().map(|(key, _)| key.value.as_str()).collect();
    let template = front.template.as_ref().map(|name| name.value.as_str());
    (template, extra, size_class(headings), levels, title.is_some(), size_class(links), lead.is_empty(), *words > 0)
}

/// What the kind of a page adds to what its template sees.
fn kind_shape(site: &Site, kind: PageKind) -> u64 {
    match kind {
        PageKind::Article | PageKind::Single(_) => fingerprint(kind.facts().word),
        PageKind::Facet(facet) => fingerprint(&("facet", facet)),
        PageKind::Work(work) => fingerprint(&("work", work_shape(site, work))),
        PageKind::Section(section) => {
            let section = &site[section];
            let large = section.articles.len() > super::listing::DESCRIBED;
            fingerprint(&("section", size_class(&section.articles), size_class(&section.sections), large))
        }
        PageKind::Term(term) => {
            let term = &site[term];
            let large = term.articles.len() > super::listing::DESCRIBED;
            fingerprint(&("term", term.facet, size_class(&term.articles), large))
        }
        PageKind::Decision(at) => {
            let Decision { audience, start, debate, nodes, tests, .. } = &site.decisions[at];
            let there = (audience.is_some(), start.is_some(), debate.is_some(), size_class(nodes), size_class(tests));
            fingerprint(&("decision", there))
        }
        PageKind::Question { decision, node } | PageKind::Outcome { decision, node } => {
            fingerprint(&("node", node_shape(&site.decisions[decision].nodes[node])))
        }
        PageKind::Track(at) => {
            let track = &site.tracks[at];
            let why = size_class(track.steps.iter().filter(|step| step.why.is_some()));
            let there = (track.audience.is_some(), track.goal.is_some(), track.decision.is_some());
            fingerprint(&("track", size_class(&track.steps), why, there))
        }
    }
}

fn work_shape(site: &Site, id: WorkId) -> u64 {
    let Work { key: _, title: _, short: _, author, publisher, year, url: _, kind, stance, interest, caution } =
        site.evidence.work(id);
    let said = [author, publisher, year, kind, stance, interest, caution].map(Option::is_some);
    let claims: Vec<&Claim> = site.evidence.claims_of(id).map(|(_, claim)| claim).collect();
    let with = |has: fn(&Claim) -> bool| size_class(claims.iter().filter(|claim| has(claim)));
    let has = [with(|claim| claim.kind.is_some()), with(|c| !c.terms.is_empty()), with(|c| !c.contested_by.is_empty())];
    fingerprint(&(said, site.evidence.work(id).address().is_some(), size_class(&claims), has))
}

fn node_shape(node: &DecisionNode) -> u64 {
    let DecisionNode { id: _, span: _, page: _, explains, claims, kind } = node;
    let kind = match kind {
        NodeKind::Question(question) => {
            let answers = &question.answers;
            let hints = size_class(answers.iter().filter(|answer| answer.hint.is_some()));
            let unsure = question.unsure.as_ref().map(|unsure| unsure.guidance.is_some());
            fingerprint(&("question", question.why.is_some(), size_class(answers), hints, unsure))
        }
        NodeKind::Outcome(outcome) => {
            let effects = [&outcome.benefits, &outcome.risks].map(|effects| {
                let with = |has: fn(&Effect) -> bool| size_class(effects.iter().filter(|effect| has(effect)));
                (size_class(effects), with(|effect| effect.term.is_some()), with(|effect| effect.mitigate.is_some()))
            });
            let there = (
                outcome.verdict.is_some(),
                outcome.advice.is_some(),
                size_class(&outcome.against),
                size_class(&outcome.next),
            );
            fingerprint(&("outcome", there, effects))
        }
    };
    fingerprint(&(explains.is_some(), size_class(claims), kind))
}
