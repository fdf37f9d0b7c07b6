//! The home page: what readers get here, who they may be, a first question, and the ways into the rest.

use std::cmp::Reverse;

use tera::{Context, Value};

use super::{decisions, listing};
use crate::address::encode_query_value;
use crate::model::{Day, Page, PageId, PageKind, SectionId, Single, TermId};
use crate::source::At;
use crate::view::{View, day, object};

/// So many words are given as examples of what to search for.
const EXAMPLES: usize = 6;

/// An example has at most so many characters, so that they stand in one line.
const EXAMPLE_LENGTH: usize = 20;

/// So many changes are shown.
const CHANGES: usize = 4;

pub(super) fn home(view: &View<'_>, context: &mut Context) {
    let site = &view.site;
    let root = &site[SectionId(0)];
    let front = site.document(root.page).map(|document| &document.front);
    let set = |text: Option<&At<String>>| Value::from(text.map(|text| view.config().typography.set(&text.value)));
    context.insert_value("promise", set(front.and_then(|front| front.promise.as_ref())));
    context.insert_value("lead", set(front.and_then(|front| front.lead.as_ref())));
    context.insert_value("sections", Value::from(listing::inner_sections(view, SectionId(0))));
    context.insert_value("pages", Value::from(listing::articles(view, &root.articles)));
    listing::more(view, &root.articles, context);
    context.insert_value("tracks", Value::from(listing::tracks(view)));
    context.insert_value("decisions", Value::from(decisions::listed(view)));
    let question = site.decisions().first().and_then(|decision| decisions::first_question(view, decision));
    context.insert_value("question", Value::from(question));
    context.insert_value("examples", Value::from(examples(view)));
    context.insert_value("changes", Value::from(changes(view)));
    context.insert_value("count", Value::from(site.reading_order().len()));
}

/// Words that lead somewhere: what else the topics that most articles carry are called, from one kind and then the next.
fn examples(view: &View<'_>) -> Vec<Value> {
    let Some(search) = view.site.only(Single::Search).filter(|&page| view.site.is_published(page)) else {
        return Vec::new();
    };
    let other_name = |term: TermId| {
        let also = &view.site.page(view.site.page_of_term(term)).also;
        also.iter().map(String::as_str).find(|word| word.chars().count() <= EXAMPLE_LENGTH)
    };
    let facets = listing::facets_in_use(view).into_iter();
    let words = facets.map(|facet| listing::by_count(view, facet).into_iter().filter_map(other_name));
    let mut words: Vec<Vec<&str>> = words.map(|words| words.take(EXAMPLES).collect()).collect();
    for words in &mut words {
        words.reverse();
    }
    let mut examples = Vec::new();
    while examples.len() < EXAMPLES && words.iter().any(|words| !words.is_empty()) {
        examples.extend(words.iter_mut().filter_map(Vec::pop));
    }
    let example = |word: &str| {
        let url = format!("{}?q={}", view.url(search), encode_query_value(word));
        object! { "word" => word, "url" => url }
    };
    examples.into_iter().take(EXAMPLES).map(example).collect()
}

/// What was done on a day, to a page and so many others.
struct Change<'a> {
    updated: &'a Day,
    what: Option<&'a str>,
    page: PageId,
    others: usize,
}

/// What changed last, where days tell: of one day first what pages say themselves. Pages of one day with the same words are
/// one change.
fn changes(view: &View<'_>) -> Vec<Value> {
    let is_home = |kind| kind == PageKind::Single(Single::Home);
    let pages = view.site.pages().filter(|(_, page)| page.source.is_some() && !page.unlisted && !is_home(page.kind));
    let mut dated: Vec<_> = pages.filter_map(|(id, page)| Some((page.updated.as_ref()?, page, id))).collect();
    let is_for_readers = |page: &Page| page.change.as_ref().is_some_and(|change| change.is_for_readers);
    dated.sort_by_key(|&(updated, page, _)| (Reverse(updated), !is_for_readers(page)));
    match (dated.first(), dated.last()) {
        (Some((first, _, _)), Some((last, _, _))) if first != last => {}
        _ => return Vec::new(),
    }
    let mut changes: Vec<Change<'_>> = Vec::new();
    for (updated, page, id) in dated {
        let what = page.change.as_ref().map(|change| change.text.as_str());
        let same = |change: &Change<'_>| what.is_some() && (change.updated, change.what) == (updated, what);
        if let Some(change) = changes.iter_mut().find(|change| same(change)) {
            change.others += 1;
        } else if changes.len() == CHANGES {
            break;
        } else {
            changes.push(Change { updated, what, page: id, others: 0 });
        }
    }
    let value = |Change { updated, what, page, others }| {
        object! { "date" => day(updated, view.strings()), "page" => view.link(page), "others" => others, "what" => what }
    };
    changes.into_iter().map(value).collect()
}
