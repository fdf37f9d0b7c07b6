//! What a page says of itself to search engines: JSON-LD in the words of schema.org.
//!
//! Each page has its breadcrumb. An article is an `Article`, or, where its headings ask, a `FAQPage`; a term is a
//! `DefinedTerm`; a facet and the glossary are sets of these; the home page is the `WebSite`. Short on purpose: what
//! `<meta>` says already is left out. Without a whole address of the site nothing is said, as nobody could look it up.

use serde_json::{Map, Value, json};

use super::page::{above, picture_url};
use crate::model::{PageId, PageKind, Single, TermId};
use crate::parse::Heading;
use crate::strings::key;
use crate::view::View;

/// So many questions make a page of questions and answers.
const MIN_QUESTIONS: usize = 3;

/// A set names at most so many of its terms.
const MAX_TERMS: usize = 200;

/// The JSON-LD of a page, safe inside a `<script>`; none where there is nothing to say.
pub(super) fn of_page(view: &View<'_>, id: PageId) -> Option<String> {
    view.config().base.origin()?;
    let own = match view.site[id].kind {
        PageKind::Article => Some(faq(view, id).unwrap_or_else(|| article(view, id))),
        PageKind::Term(term) => Some(defined_term(view, term)),
        PageKind::Facet(facet) => Some(facet_terms(view, id, facet)),
        PageKind::Single(Single::Glossary) => Some(glossary(view, id)),
        PageKind::Single(Single::Home) => {
            Some(typed("WebSite", [("name", json!(view.config().title)), ("url", json!(view.absolute(id)))]))
        }
        PageKind::Section(_)
        | PageKind::Decision(_)
        | PageKind::Question { .. }
        | PageKind::Outcome { .. }
        | PageKind::Track(_)
        | PageKind::Work(_)
        | PageKind::Single(Single::Facets | Single::Map | Single::Decisions | Single::Tracks | Single::Sources) => None,
        PageKind::Single(Single::Search | Single::NotFound) => return None,
    };
    let graph: Vec<Value> = own.into_iter().chain(breadcrumb(view, id)).collect();
    // No text of an author ends the element or opens a comment in it.
    let json = json!({ "@context": "https://schema.org", "@graph": graph }).to_string();
    Some(json.replace('<', "\\u003c"))
}

/// A thing of a type; what is null is left out.
fn typed<const N: usize>(kind: &str, properties: [(&str, Value); N]) -> Value {
    let properties = properties.into_iter().filter(|(_, value)| !value.is_null());
    let kind = std::iter::once(("@type".to_owned(), json!(kind)));
    Value::Object(kind.chain(properties.map(|(name, value)| (name.to_owned(), value))).collect::<Map<_, _>>())
}

fn article(view: &View<'_>, id: PageId) -> Value {
    let page = &view.site[id];
    let organization =
        typed("Organization", [("name", json!(view.config().title)), ("url", json!(view.config().base.absolute("/")))]);
    let picture = picture_url(view, id);
    typed(
        "Article",
        [
            ("headline", json!(page.title)),
            ("datePublished", json!(page.date.as_ref().map(|day| &day.0))),
            ("dateModified", json!(page.updated.as_ref().map(|day| &day.0))),
            ("image", json!(picture)),
            ("author", organization),
        ],
    )
}

/// Questions, where all headings of the deepest of the first levels are some; the answer to each is at its place. Its words
/// are not said again: they would weigh as much as the page.
fn faq(view: &View<'_>, id: PageId) -> Option<Value> {
    let headings = &view.site.document(id)?.outline.headings;
    let asks = |heading: &&Heading| heading.text.trim_end().ends_with('?');
    let level = |level: u8| headings.iter().filter(move |heading| heading.level == level);
    let deepest = if level(3).next().is_some() { 3 } else { 2 };
    if level(deepest).filter(asks).count() < MIN_QUESTIONS || !level(deepest).all(|heading| asks(&heading)) {
        return None;
    }
    let question = |heading: &Heading| {
        let place = format!("{}#{}", view.absolute(id), super::escape::fragment(&heading.id));
        let answer = typed("Answer", [("url", json!(place))]);
        typed("Question", [("name", json!(heading.text)), ("acceptedAnswer", answer)])
    };
    Some(typed("FAQPage", [("mainEntity", json!(level(deepest).map(question).collect::<Vec<_>>()))]))
}

fn defined_term(view: &View<'_>, id: TermId) -> Value {
    let page = view.site.page_of_term(id);
    let also = &view.site[page].also;
    let set = view.site.facet_page(view.site.facet_of(id)).map(|page| view.absolute(page));
    typed(
        "DefinedTerm",
        [
            ("name", json!(view.site[page].title)),
            ("description", json!(view.site[page].summary)),
            ("alternateName", if also.is_empty() { Value::Null } else { json!(also) }),
            ("inDefinedTermSet", json!(set)),
        ],
    )
}

fn facet_terms(view: &View<'_>, id: PageId, facet: usize) -> Value {
    let terms = view.site.terms().filter(|(_, term)| term.facet == facet).map(|(_, term)| term.page);
    let term = |page: PageId| {
        typed("DefinedTerm", [("name", json!(view.site[page].title)), ("url", json!(view.absolute(page)))])
    };
    let terms: Vec<Value> = terms.take(MAX_TERMS).map(term).collect();
    typed("DefinedTermSet", [("name", json!(view.site[id].title)), ("hasDefinedTerm", json!(terms))])
}

fn glossary(view: &View<'_>, id: PageId) -> Value {
    let entries = view.site.glossary().iter().take(MAX_TERMS).map(|entry| {
        typed(
            "DefinedTerm",
            [
                ("name", json!(entry.term)),
                ("description", json!(entry.definition)),
                ("url", json!(format!("{}#{}", view.absolute(id), super::escape::fragment(&entry.anchor)))),
            ],
        )
    });
    let entries: Vec<Value> = entries.collect();
    typed("DefinedTermSet", [("name", json!(view.site[id].title)), ("hasDefinedTerm", json!(entries))])
}

/// The home page and the pages between it and this one, then this one, which needs no address.
fn breadcrumb(view: &View<'_>, id: PageId) -> Option<Value> {
    if view.site[id].kind == PageKind::Single(Single::Home) {
        return None;
    }
    let home = (view.say(key!("home")), Some(view.config().base.absolute("/")));
    let above = above(view, id).into_iter().map(|page| (view.site[page].title.as_str(), Some(view.absolute(page))));
    let steps = std::iter::once(home).chain(above).chain([(view.site[id].title.as_str(), None)]).enumerate();
    let step = |(at, (title, url)): (usize, (&str, Option<String>))| {
        typed("ListItem", [("position", json!(at + 1)), ("name", json!(title)), ("item", json!(url))])
    };
    Some(typed("BreadcrumbList", [("itemListElement", json!(steps.map(step).collect::<Vec<_>>()))]))
}
