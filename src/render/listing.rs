//! Pages that list what others hold: home, facets, terms, the map, sources, the glossary, tracks, and the search page,
//! which lists everything.
#![expect(clippy::indexing_slicing, reason = "facets and works are named by their positions, which the model gave")]

use std::collections::BTreeMap;

use tera::{Context, Value};

use super::references::{self, References};
use super::{connects, decisions, page};
use crate::model::{Claim, ClaimId, PageId, SectionId, Single, TermId, Track, WorkId, encode_path};
use crate::strings::key;
use crate::view::View;
use crate::view::object;

/// Adds what only this page shows, of which a site has one.
pub(super) fn single(view: &View<'_>, single: Single, context: &mut Context) {
    match single {
        Single::Home => home(view, context),
        Single::Facets => facets(view, context),
        Single::Map => map(view, context),
        Single::Decisions => decisions::list(view, context),
        Single::Tracks => context.insert_value("tracks", Value::from(tracks(view))),
        Single::Sources => sources(view, context),
        Single::Glossary => glossary(view, context),
        Single::Search => search(view, context),
        Single::NotFound => not_found(view, context),
    }
}

fn home(view: &View<'_>, context: &mut Context) {
    let site = &view.site;
    let mut sections: Vec<Value> = Vec::new();
    let root = &site[SectionId(0)];
    if !root.articles.is_empty() {
        sections.push(object! {
            "title" => view.say(key!("pages")),
            "url" => view.url(root.page),
            "summary" => Value::none(),
            "count" => root.articles.len(),
            "pages" => cards(view, &root.articles),
        });
    }
    sections.extend(root.sections.iter().map(|&id| {
        let section = &site[id];
        object! {
            "title" => site[section.page].title.as_str(),
            "url" => view.url(section.page),
            "summary" => site[section.page].summary.as_deref(),
            "count" => section.articles.len(),
            "pages" => cards(view, &section.articles),
        }
    }));
    context.insert_value("sections", Value::from(sections));
    context.insert_value("tracks", Value::from(tracks(view)));
    context.insert_value("decisions", Value::from(decisions::listed(view)));
    context.insert_value("latest", Value::from(latest(view)));
    context.insert_value(
        "stats",
        object! {
            "articles" => site.reading_order().len(),
            "terms" => site.terms().count(),
            "sources" => site.evidence().works.len(),
            "claims" => site.evidence().claims.len(),
        },
    );
}

/// The articles that changed last, where git or front matter tells.
fn latest(view: &View<'_>) -> Vec<Value> {
    let mut pages: Vec<PageId> = view.site.reading_order().to_vec();
    pages.retain(|&page| view.site[page].updated.is_some());
    pages.sort_by(|&a, &b| view.site[b].updated.cmp(&view.site[a].updated));
    pages.into_iter().take(6).map(|page| view.card(page)).collect()
}

/// All tracks, as they are listed.
fn tracks(view: &View<'_>) -> Vec<Value> {
    let one = |track: &Track| {
        object! {
            "title" => view.site[track.page].title.as_str(),
            "url" => view.url(track.page),
            "audience" => track.audience.as_deref(),
            "goal" => track.goal.as_deref(),
            "steps" => track.steps.len(),
            "minutes" => view.site.minutes(track),
        }
    };
    view.site.tracks().iter().map(one).collect()
}

/// The terms of a facet, those with most articles first, then by title.
fn by_count(view: &View<'_>, facet: usize) -> Vec<TermId> {
    let mut terms: Vec<TermId> = view.site.terms().filter(|(_, term)| term.facet == facet).map(|(id, _)| id).collect();
    terms.sort_by_cached_key(|&id| {
        let term = &view.site[id];
        (usize::MAX - term.articles.len(), crate::model::folded(&view.site[term.page].title))
    });
    terms
}

fn chips(view: &View<'_>, terms: &[TermId]) -> Vec<Value> {
    terms.iter().map(|&term| view.chip(term)).collect()
}

/// The facets that have pages, by position in the configuration.
fn facets_in_use(view: &View<'_>) -> Vec<usize> {
    let facets = 0..view.site.config.facets.len();
    facets.filter(|&facet| view.site.terms().map(|(_, term)| term).any(|term| term.facet == facet)).collect()
}

fn facets(view: &View<'_>, context: &mut Context) {
    context.insert_value("groups", groups(view));
}

/// The facets in use, each with its terms.
fn groups(view: &View<'_>) -> Value {
    let groups = facets_in_use(view).into_iter().map(|facet| {
        let mut group = view.facet(facet).into_map().unwrap_or_default();
        group.insert("terms".into(), Value::from(chips(view, &by_count(view, facet))));
        Value::from(group)
    });
    Value::from(groups.collect::<Vec<_>>())
}

/// A list shows so many articles with summary and terms. What comes after is shown as links alone.
pub(super) const CARDS: usize = 100;

/// A site with at most so many articles lists all of them on its search page; a larger one has its sections there.
const LISTED: usize = 1000;

fn search(view: &View<'_>, context: &mut Context) {
    let mut sections = Vec::new();
    section(view, SectionId(0), view.site.reading_order().len() <= LISTED, &mut sections);
    context.insert_value("groups", groups(view));
    context.insert_value("sections", Value::from(sections));
    context.insert_value("tracks", Value::from(tracks(view)));
    context.insert_value("decisions", Value::from(decisions::listed(view)));
}

/// A section that holds articles, then those inside it, in the order of the navigation.
fn section(view: &View<'_>, id: SectionId, whole: bool, list: &mut Vec<Value>) {
    let section = &view.site[id];
    let links = section.articles.iter().map(|&page| view.link(page));
    if !section.articles.is_empty() {
        list.push(object! {
            "title" => if id.0 == 0 { view.say(key!("pages")) } else { view.site[section.page].title.as_str() },
            "url" => view.url(section.page),
            "count" => section.articles.len(),
            "pages" => if whole { links.collect() } else { Vec::new() },
        });
    }
    for &inner in &section.sections {
        self::section(view, inner, whole, list);
    }
}

pub(super) fn facet(view: &View<'_>, facet: usize, context: &mut Context) {
    let carries =
        |page: PageId, facet: usize| view.site[page].terms.iter().any(|&term| view.site.facet_of(term) == facet);
    let articles: Vec<PageId> =
        view.site.reading_order().iter().copied().filter(|&page| carries(page, facet)).collect();
    // Buttons that count what is not listed would mislead; above the limit the search narrows.
    let others = facets_in_use(view).into_iter().filter(|&other| other != facet && articles.len() <= CARDS);
    let narrow = others.filter_map(|other| {
        let terms = by_count(view, other);
        let counted = terms.iter().map(|&term| {
            let count = view.site[term].articles.iter().filter(|&&page| carries(page, facet)).count();
            (term, count)
        });
        let counted: Vec<Value> =
            counted.filter(|(_, count)| *count > 0).map(|(term, count)| with_count(view, term, count)).collect();
        let schema = &view.site.config.facets[other];
        (!counted.is_empty()).then(|| {
            object! { "facet_name" => schema.name.as_str(), "look" => schema.look.word(), "terms" => counted }
        })
    });
    context.insert_value("narrow", Value::from(narrow.collect::<Vec<_>>()));
    context.insert_value("facet", view.facet(facet));
    context.insert_value("within", Value::from(within(view, &[view.config().facets[facet].slug.clone()])));
    context.insert_value("terms", Value::from(chips(view, &by_count(view, facet))));
    context.insert_value("count", Value::from(articles.len()));
    context.insert_value("articles", Value::from(cards(view, &articles)));
}

/// The search, narrowed to what carries each of these: `facet/term`, or a whole facet.
fn within(view: &View<'_>, chosen: &[String]) -> Option<String> {
    let search = view.site.only(Single::Search).filter(|&page| view.site.is_published(page))?;
    let encoded = |name: &String| format!("in={}", encode_path(name).replace('&', "%26").replace('+', "%2B"));
    Some(format!("{}?{}", view.url(search), chosen.iter().map(encoded).collect::<Vec<_>>().join("&")))
}

/// The articles of a list that are shown as cards.
pub(super) fn cards(view: &View<'_>, articles: &[PageId]) -> Vec<Value> {
    articles.iter().take(CARDS).map(|&page| view.card(page)).collect()
}

/// Shows those that come after them, as links; their lines, which are the same in every list, are made once.
pub(super) fn more(view: &View<'_>, articles: &[PageId], context: &mut Context) {
    let more = articles.iter().skip(CARDS);
    context.insert_value("more", Value::from(more.clone().map(|&page| view.link(page)).collect::<Vec<_>>()));
    context.insert_value("more_lines", Value::safe_string(&more.map(|&page| view.line(page)).collect::<String>()));
}

/// A chip with a count of its own.
fn with_count(view: &View<'_>, term: TermId, count: usize) -> Value {
    let mut chip = view.chip(term).into_map().unwrap_or_default();
    chip.insert("count".into(), Value::from(count));
    Value::from(chip)
}

pub(super) fn term(view: &View<'_>, id: TermId, references: &References, context: &mut Context) {
    let term = &view.site[id];
    let mut chip = view.chip(id).into_map().unwrap_or_default();
    chip.insert("slug".into(), Value::from(term.slug.as_str()));
    context.insert_value("term", Value::from(chip));
    context.insert_value("within", Value::from(within(view, &[view.site.term_name(id)])));
    context.insert_value("connects", Value::from(connects::groups(view, term.page, references)));
    context.insert_value("count", Value::from(term.articles.len()));
    context.insert_value("articles", Value::from(cards(view, &term.articles)));
    more(view, &term.articles, context);
    context.insert_value("together", Value::from(together(view, id)));
    let claims = view.site.evidence().claims.iter().enumerate().filter(|(_, claim)| claim.terms.contains(&id));
    let claims = claims.map(|(at, claim)| {
        object! {
            "text" => claim.text.as_str(),
            "url" => references::claim_url(view, ClaimId(at)),
            "work_title" => view.site.evidence().work(claim.work).title.as_str(),
        }
    });
    context.insert_value("claims", Value::from(claims.collect::<Vec<_>>()));
    context.insert_value("feed", Value::from(format!("{}feed.xml", view.url(term.page))));
    context.insert_value("tracks_here", Value::from(page::tracks_here(view, term.page)));
    context.insert_value("weighed", Value::from(decisions::weighing(view, id)));
}

/// "Often found with": the terms of other facets on the same articles, most frequent first.
fn together(view: &View<'_>, id: TermId) -> Vec<Value> {
    let facet = view.site[id].facet;
    let mut shared: BTreeMap<TermId, Vec<PageId>> = BTreeMap::new();
    for &article in &view.site[id].articles {
        for &other in view.site[article].terms.iter().filter(|&&other| view.site[other].facet != facet) {
            shared.entry(other).or_default().push(article);
        }
    }
    let mut shared: Vec<(TermId, Vec<PageId>)> = shared.into_iter().collect();
    shared.sort_by_key(|(other, articles)| (usize::MAX - articles.len(), *other));
    let one = |(other, articles): (TermId, Vec<PageId>)| {
        let mut chip = with_count(view, other, articles.len()).into_map().unwrap_or_default();
        chip.insert("anchor".into(), Value::from(anchor(view, other)));
        let links: Vec<Value> = articles.iter().take(CARDS).map(|&page| view.link(page)).collect();
        chip.insert("articles".into(), Value::from(links));
        let all = (articles.len() > CARDS).then(|| within(view, &[id, other].map(|term| view.site.term_name(term))));
        chip.insert("within".into(), Value::from(all.flatten()));
        Value::from(chip)
    };
    shared.into_iter().map(one).collect()
}

/// Where a term's page lists the articles that it shares with `other`.
fn anchor(view: &View<'_>, other: TermId) -> String {
    format!("with:{}", view.site.term_name(other).replace('/', "-"))
}

fn map(view: &View<'_>, context: &mut Context) {
    let facets = facets_in_use(view);
    let pairs =
        facets.iter().enumerate().flat_map(|(at, &row)| facets.iter().skip(at + 1).map(move |&column| (row, column)));
    let pairs: Vec<(usize, usize)> = pairs.collect();
    let most = map_terms(view, &pairs);
    let tables: Vec<Value> = pairs.into_iter().map(|(row, column)| table(view, row, column, most)).collect();
    context.insert_value("tables", Value::from(tables));
}

/// The map has at most so many cells: with open facets there are as many as somebody likes to write.
const MAP_CELLS: usize = 20_000;

/// How many terms of each facet the tables of these pairs may show.
fn map_terms(view: &View<'_>, pairs: &[(usize, usize)]) -> usize {
    let count = |facet: usize| view.site.terms().filter(|(_, term)| term.facet == facet).count();
    let counts: Vec<(usize, usize)> = pairs.iter().map(|&(row, column)| (count(row), count(column))).collect();
    let cells = |most: usize| counts.iter().map(|&(rows, columns)| rows.min(most) * columns.min(most)).sum::<usize>();
    let largest = counts.iter().map(|&(rows, columns)| rows.max(columns)).max().unwrap_or(0);
    std::iter::successors(Some(largest), |most| Some(most * 9 / 10)).find(|&most| cells(most) <= MAP_CELLS).unwrap_or(0)
}

/// The terms of a facet in their order; of too many, the `most` with most articles.
fn mapped(view: &View<'_>, facet: usize, most: usize) -> Vec<TermId> {
    let terms = view.site.terms().filter(|(_, term)| term.facet == facet).map(|(id, _)| id);
    let mut terms: Vec<TermId> = terms.collect();
    if terms.len() > most {
        terms.sort_by_key(|&id| std::cmp::Reverse(view.site[id].articles.len()));
        terms.truncate(most);
        terms.sort_unstable();
    }
    terms
}

fn table(view: &View<'_>, row: usize, column: usize, most: usize) -> Value {
    let (row_terms, columns) = (mapped(view, row, most), mapped(view, column, most));
    let is_here = |facet| facet == row || facet == column;
    let all = view.site.terms().filter(|(_, term)| is_here(term.facet)).count();
    let left_out = all - row_terms.len() - columns.len();
    let mut empty = 0;
    let rows: Vec<Value> = row_terms
        .into_iter()
        .map(|term| {
            let cells: Vec<Value> = columns
                .iter()
                .map(|&other| {
                    let count = view.site.articles_with_both(term, other).len();
                    empty += usize::from(count == 0);
                    cell(view, term, other, count)
                })
                .collect();
            object! { "term" => view.chip(term), "cells" => cells }
        })
        .collect();
    let slug = |facet: usize| view.site.config.facets[facet].slug.as_str();
    object! {
        "id" => format!("{}-{}", slug(row), slug(column)),
        "row_facet" => view.facet(row),
        "column_facet" => view.facet(column),
        "columns" => chips(view, &columns),
        "rows" => rows,
        "empty" => empty,
        "left_out" => left_out,
    }
}

fn cell(view: &View<'_>, term: TermId, other: TermId, count: usize) -> Value {
    let title = |term: TermId| view.site[view.site.page_of_term(term)].title.as_str();
    let articles = match count {
        0 => view.say(key!("no-article")).to_owned(),
        count => view.strings().count(key!("articles"), count),
    };
    let label = [("row", &title(term) as &dyn std::fmt::Display), ("column", &title(other)), ("articles", &articles)];
    let anchor = super::escape::fragment(&anchor(view, other));
    object! {
        "count" => count,
        "url" => (count > 0).then(|| format!("{}#{anchor}", view.url(view.site.page_of_term(term)))),
        "label" => view.strings().fill(key!("map-cell"), &label),
    }
}

fn sources(view: &View<'_>, context: &mut Context) {
    let evidence = &view.site.evidence();
    let works = (0..evidence.works.len()).map(|at| {
        let work = &evidence.works[at];
        let claims = evidence.claims_of(WorkId(at));
        object! {
            "key" => work.key.value.as_str(),
            "anchor" => references::work_anchor(&work.key.value),
            "title" => work.title.as_str(),
            "author" => work.author.as_deref(),
            "publisher" => work.publisher.as_deref(),
            "year" => work.year.as_deref(),
            "url" => work.address(),
            "kind" => work.kind.as_deref(),
            "stance" => work.stance.as_deref(),
            "interest" => work.interest.as_deref(),
            "caution" => work.caution.as_deref(),
            "claims" => claims.map(|(id, claim)| claim_value(view, id, claim)).collect::<Vec<_>>(),
        }
    });
    context.insert_value("works", Value::from(works.collect::<Vec<_>>()));
}

fn claim_value(view: &View<'_>, id: ClaimId, claim: &Claim) -> Value {
    let used: Vec<Value> = view.links.users_of_claim(id).map(|page| view.link(page)).collect();
    object! {
        "anchor" => references::claim_anchor(&claim.id),
        "text" => claim.text.as_str(),
        "kind" => claim.kind.as_deref(),
        "terms" => chips(view, &claim.terms),
        "used" => used,
        "contested" => references::contests(view, id),
    }
}

fn glossary(view: &View<'_>, context: &mut Context) {
    let mut letters: Vec<String> = Vec::new();
    let entries: Vec<Value> = view
        .site
        .glossary()
        .iter()
        .map(|entry| {
            let first = entry.term.chars().next().filter(|c| c.is_alphabetic());
            let letter: String = first.map_or_else(|| "#".to_owned(), |c| c.to_uppercase().collect());
            if !letters.contains(&letter) {
                letters.push(letter.clone());
            }
            let source = entry.source.map(|work| {
                let title = view.site.evidence().work(work).title.as_str();
                object! { "title" => title, "url" => references::work_url(view, work) }
            });
            object! {
                "anchor" => entry.anchor.as_str(),
                "term" => entry.term.as_str(),
                "also" => entry.also.iter().map(String::as_str).collect::<Vec<_>>(),
                "definition" => entry.definition.as_str(),
                "source" => source,
                "page" => entry.page.map(|page| view.link(page)),
                "letter" => letter,
            }
        })
        .collect();
    let letters: Vec<Value> = letters
        .into_iter()
        .map(|letter| {
            let anchor =
                if letter == "#" { "letter-other".to_owned() } else { format!("letter-{}", letter.to_lowercase()) };
            object! { "letter" => letter, "anchor" => anchor }
        })
        .collect();
    context.insert_value("entries", Value::from(entries));
    context.insert_value("letters", Value::from(letters));
}

fn not_found(view: &View<'_>, context: &mut Context) {
    let site = &view.site;
    let singles = [Single::Tracks, Single::Facets, Single::Glossary];
    let likely =
        singles.into_iter().filter_map(|single| site.only(single)).chain(site.reading_order().iter().take(3).copied());
    let suggestions: Vec<Value> = likely.take(3).map(|page| view.link(page)).collect();
    context.insert_value("suggestions", Value::from(suggestions));
}
