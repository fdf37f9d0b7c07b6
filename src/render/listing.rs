//! Pages that list what others hold: facets, terms, the map, the glossary, tracks, and the search page, which lists
//! everything.
#![expect(clippy::indexing_slicing, reason = "facets and works are named by their positions, which the model gave")]

use tera::{Context, Value};

use super::references;
use super::{decisions, home, page, ring, sources};
use crate::model::{ClaimId, PageId, SectionId, Single, TermId, Track, encode_path};
use crate::strings::key;
use crate::view::View;
use crate::view::object;

/// Adds what only this page shows, of which a site has one.
pub(super) fn single(view: &View<'_>, single: Single, context: &mut Context) {
    match single {
        Single::Home => home::home(view, context),
        Single::Facets => facets(view, context),
        Single::Map => map(view, context),
        Single::Decisions => decisions::list(view, context),
        Single::Tracks => context.insert_value("tracks", Value::from(tracks(view))),
        Single::Sources => sources::list(view, context),
        Single::Glossary => glossary(view, context),
        Single::Search => search(view, context),
        Single::NotFound => not_found(view, context),
    }
}

/// The sections directly in one, each with the number of articles in it and below.
pub(super) fn inner_sections(view: &View<'_>, id: SectionId) -> Vec<Value> {
    let inner = view.site[id].sections.iter().map(|&id| {
        let page = view.site[id].page;
        object! {
            "title" => view.site[page].title.as_str(),
            "url" => view.url(page),
            "summary" => view.site[page].summary.as_deref(),
            "count" => view.site.articles_below(id),
        }
    });
    inner.collect()
}

/// All tracks, as they are listed.
pub(super) fn tracks(view: &View<'_>) -> Vec<Value> {
    let one = |track: &Track| {
        object! {
            "title" => view.site[track.page].title.as_str(),
            "url" => view.url(track.page),
            "audience" => track.audience.as_deref(),
            "reader" => track.reader.as_deref(),
            "goal" => track.goal.as_deref(),
            "steps" => track.steps.len(),
            "minutes" => view.site.minutes(track),
        }
    };
    view.site.tracks().iter().map(one).collect()
}

/// The terms of a facet, those with most articles first, then by title.
pub(super) fn by_count(view: &View<'_>, facet: usize) -> Vec<TermId> {
    let mut terms: Vec<TermId> = view.site.terms().filter(|(_, term)| term.facet == facet).map(|(id, _)| id).collect();
    terms.sort_by_cached_key(|&id| {
        let term = &view.site[id];
        (usize::MAX - term.articles.len(), crate::model::title_order(&view.site[term.page].title))
    });
    terms
}

fn chips(view: &View<'_>, terms: &[TermId]) -> Vec<Value> {
    terms.iter().map(|&term| view.chip(term)).collect()
}

/// The facets that have pages, by position in the configuration.
pub(super) fn facets_in_use(view: &View<'_>) -> Vec<usize> {
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
pub(super) const DESCRIBED: usize = 100;

/// A list of articles is narrowed by so many terms beside it; by the others, the search narrows.
const FILTERS: usize = 5;

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
    let slug = view.config().facets[facet].slug.as_str();
    // Filters that count what is not listed would mislead; above the limit the search narrows.
    let others = facets_in_use(view).into_iter().filter(|&other| other != facet && articles.len() <= DESCRIBED);
    let count = |term: TermId| view.site[term].articles.iter().filter(|&&page| carries(page, facet)).count();
    let filters = others.flat_map(|other| by_count(view, other)).map(|term| (term, count(term)));
    let mut filters: Vec<(TermId, usize)> = filters.filter(|&(_, count)| 0 < count && count < articles.len()).collect();
    filters.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let filter = |&(term, count): &(TermId, usize)| {
        let mut chip = with_count(view, term, count).into_map()?;
        chip.insert("url".into(), Value::from(within(view, &[slug.to_owned(), view.site.term_name(term)])?));
        Some(Value::from(chip))
    };
    context.insert_value("filters", Value::from(filters.iter().take(FILTERS).filter_map(filter).collect::<Vec<_>>()));
    context.insert_value("more_filters", Value::from(filters.len().saturating_sub(FILTERS)));
    context.insert_value("facet", view.facet(facet));
    context.insert_value("within", Value::from(within(view, &[slug.to_owned()])));
    context.insert_value("terms", Value::from(chips(view, &by_count(view, facet))));
    context.insert_value("count", Value::from(articles.len()));
    context.insert_value("articles", Value::from(self::articles(view, &articles)));
}

/// The search, narrowed to what carries each of these: `facet/term`, or a whole facet.
fn within(view: &View<'_>, chosen: &[String]) -> Option<String> {
    let search = view.site.only(Single::Search).filter(|&page| view.site.is_published(page))?;
    let encoded = |name: &String| format!("in={}", encode_path(name).replace('&', "%26").replace('+', "%2B"));
    Some(format!("{}?{}", view.url(search), chosen.iter().map(encoded).collect::<Vec<_>>().join("&")))
}

/// The articles of a list that are shown with summary and terms.
pub(super) fn articles(view: &View<'_>, articles: &[PageId]) -> Vec<Value> {
    articles.iter().take(DESCRIBED).map(|&page| view.article(page)).collect()
}

/// Shows those that come after them, as links; their lines, which are the same in every list, are made once.
pub(super) fn more(view: &View<'_>, articles: &[PageId], context: &mut Context) {
    let more = articles.iter().skip(DESCRIBED);
    context.insert_value("more", Value::from(more.clone().map(|&page| view.link(page)).collect::<Vec<_>>()));
    context.insert_value("more_lines", Value::safe_string(&more.map(|&page| view.line(page)).collect::<String>()));
}

/// A chip with a count of its own.
fn with_count(view: &View<'_>, term: TermId, count: usize) -> Value {
    let mut chip = view.chip(term).into_map().unwrap_or_default();
    chip.insert("count".into(), Value::from(count));
    Value::from(chip)
}

pub(super) fn term(view: &View<'_>, id: TermId, context: &mut Context) {
    let term = &view.site[id];
    let also = view.site.document(term.page).map_or(&[][..], |document| &document.front.also);
    let mut chip = view.chip(id).into_map().unwrap_or_default();
    chip.insert("slug".into(), Value::from(term.slug.as_str()));
    context.insert_value("term", Value::from(chip));
    context.insert_value("also", Value::from(also.iter().map(|word| word.value.as_str()).collect::<Vec<_>>()));
    context.insert_value("within", Value::from(within(view, &[view.site.term_name(id)])));
    context.insert_value("ring", Value::from(ring::of(view, id)));
    context.insert_value("count", Value::from(term.articles.len()));
    context.insert_value("articles", Value::from(articles(view, &term.articles)));
    more(view, &term.articles, context);
    context.insert_value("claims", Value::from(claims_about(view, id)));
    context.insert_value("feed", Value::from(format!("{}feed.xml", view.url(term.page))));
    context.insert_value("tracks_here", Value::from(page::tracks_here(view, term.page)));
    context.insert_value("weighed", Value::from(decisions::weighing(view, id)));
}

/// What the sources say about a term: each claim, with one that contests it.
fn claims_about(view: &View<'_>, term: TermId) -> Vec<Value> {
    let evidence = view.site.evidence();
    let value = |id: ClaimId, against: Option<Value>| {
        let claim = evidence.claim(id);
        object! {
            "text" => claim.text.as_str(),
            "url" => references::claim_url(view, id),
            "work" => evidence.work(claim.work).short_name(),
            "against" => against,
        }
    };
    let mut said: Vec<ClaimId> = Vec::new();
    let mut values = Vec::new();
    let about = evidence.claims.iter().enumerate().filter(|(_, claim)| claim.terms.contains(&term));
    for (id, claim) in about.map(|(at, claim)| (ClaimId(at), claim)) {
        if said.contains(&id) {
            continue;
        }
        let against = claim.contested_by.iter().map(|&(other, _)| other).find(|other| !said.contains(other));
        said.extend([id].into_iter().chain(against));
        values.push(value(id, against.map(|other| value(other, None))));
    }
    values
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
                    let (count, cell) = cell(view, term, other);
                    empty += usize::from(count == 0);
                    cell
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

/// A pair of terms: the one article that carries both, or the search for them.
fn cell(view: &View<'_>, term: TermId, other: TermId) -> (usize, Value) {
    let both = view.site.articles_with_both(term, other);
    let count = both.len();
    let title = |term: TermId| view.site[view.site.page_of_term(term)].title.as_str();
    let articles = match count {
        0 => view.say(key!("no-article")).to_owned(),
        count => view.strings().count(key!("articles"), count),
    };
    let label = [("row", &title(term) as &dyn std::fmt::Display), ("column", &title(other)), ("articles", &articles)];
    let url = || match *both.as_slice() {
        [] => None,
        [only] => Some(view.url(only)),
        [..] => within(view, &[term, other].map(|term| view.site.term_name(term))),
    };
    let label = view.strings().fill(key!("map-cell"), &label);
    (count, object! { "count" => count, "url" => url(), "label" => label })
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

/// So many pages at most are known to the page for missing addresses by other words: it is one page for all of them.
const MAX_KNOWN: usize = 300;

/// What is also known by other words, which a script compares with the address that is missing.
fn not_found(view: &View<'_>, context: &mut Context) {
    let pages = view.site.pages().filter(|(_, page)| !page.also.is_empty() && !page.unlisted);
    let pages = pages.map(|(id, page)| (page.title.as_str(), view.url(id), page.also.as_slice()));
    let glossary = view.site.only(Single::Glossary).map(|page| view.url(page)).unwrap_or_default();
    let entries = view.site.glossary().iter().filter(|entry| !entry.also.is_empty());
    let entries = entries.map(|entry| {
        let url = format!("{glossary}#{}", super::escape::fragment(&entry.anchor));
        (entry.term.as_str(), url, entry.also.as_slice())
    });
    let known = pages.chain(entries).take(MAX_KNOWN).map(|(title, url, also)| {
        object! { "title" => title, "url" => url, "also" => also.iter().map(String::as_str).collect::<Vec<_>>() }
    });
    context.insert_value("known", Value::from(known.collect::<Vec<_>>()));
}
