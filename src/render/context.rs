//! What templates see. Names here are a contract with every theme: `docs/themes.md` lists them.
//!
//! A listed page is light: title, address, summary, terms, never its text. Each such value is made once and shared, as
//! a template value is a counted reference.

use std::collections::{BTreeMap, HashMap};

use tera::Value;

use crate::config::Config;
use crate::model::{Day, PageId, PageKind, Site, TermId};
use crate::theme::Theme;
use crate::yaml::{Kind, Node};

/// A mapping for a template: `object! { "title" => title, "count" => 3 }`.
macro_rules! object {
    ($($key:literal => $value:expr),* $(,)?) => {{
        let mut map = tera::Map::new();
        $(map.insert($key.into(), tera::Value::from($value));)*
        tera::Value::from(map)
    }};
}
pub(super) use object;

/// What many pages show alike.
pub(crate) struct Shared {
    pub(super) site: Value,
    pub(super) assets: Value,
    pub(super) facets: Value,
    pub(super) places: Value,
    /// For each page, as it is listed.
    pub(super) cards: Vec<Value>,
    /// For each page, title and address alone.
    pub(super) links: Vec<Value>,
    /// For each term, as a chip with its count.
    pub(super) chips: Vec<Value>,
    /// Where each article stands in the reading order.
    pub(super) position: HashMap<PageId, usize>,
    /// Whether the navigation shows every section open.
    pub(super) small: bool,
}

/// A site with at most so many articles and sections shows all of them in its navigation.
const SMALL: usize = 120;

impl Shared {
    /// Makes them for a site.
    pub(super) fn of(site: &Site<'_>, theme: &Theme) -> Self {
        let config = site.config;
        let chips: Vec<Value> = site.terms().map(|(id, _)| chip(site, id, true)).collect();
        let links: Vec<Value> = site.pages().map(|(id, _)| link(site, id)).collect();
        let cards = site.pages().map(|(id, _)| card(site, id)).collect();
        let assets: BTreeMap<String, Value> = theme
            .bundle
            .addresses
            .iter()
            .map(|(name, address)| (name.clone(), Value::from(config.base.link(address))))
            .collect();
        Self {
            site: site_value(config),
            assets: Value::from(assets),
            facets: facets(site),
            places: places(site),
            cards,
            links,
            chips,
            position: site.reading_order.iter().enumerate().map(|(at, &page)| (page, at)).collect(),
            small: site.reading_order.len() + site.sections.len() <= SMALL,
        }
    }
}

fn site_value(config: &Config) -> Value {
    object! {
        "title" => config.title.as_str(),
        "description" => config.description.as_str(),
        "language" => config.language.as_str(),
        "url" => config.base.origin().map_or(String::new(), |_| config.base.absolute("/")),
        "root" => config.base.path(),
        "home" => config.base.path(),
        "repository" => config.repository.as_deref(),
        "feed" => config.base.link("/feed.xml"),
        "version" => env!("CARGO_PKG_VERSION"),
    }
}

/// The facets that have terms.
fn facets(site: &Site<'_>) -> Value {
    let used = site.pages().filter_map(|(_, page)| match page.kind {
        PageKind::Facet(facet) => Some(facet),
        _ => None,
    });
    Value::from(used.map(|facet| facet_value(site, facet)).collect::<Vec<_>>())
}

/// One facet.
pub(super) fn facet_value(site: &Site<'_>, facet: usize) -> Value {
    let schema = &site.config.facets[facet];
    object! {
        "slug" => schema.slug.as_str(),
        "name" => schema.name.as_str(),
        "plural" => schema.plural.as_str(),
        "summary" => schema.summary.as_str(),
        "url" => site.config.base.link(&format!("/{}/", crate::model::encode_path(&schema.slug))),
        "look" => schema.look.word(),
        "count" => site.terms.iter().filter(|term| term.facet == facet).count(),
    }
}

fn places(site: &Site<'_>) -> Value {
    let place = |kind| site.only(&kind).map(|page| url(site, page));
    let only_facet =
        site.pages().find(|(_, page)| matches!(page.kind, PageKind::Facet(_))).map(|(id, _)| url(site, id));
    object! {
        "tags" => place(PageKind::Facets).or(only_facet),
        "tracks" => place(PageKind::Tracks),
        "decisions" => place(PageKind::Decisions),
        "map" => place(PageKind::Map),
        "glossary" => place(PageKind::Glossary),
        "sources" => place(PageKind::Sources),
        "search" => place(PageKind::Search),
    }
}

fn url(site: &Site<'_>, page: PageId) -> String {
    site.config.base.link(&site[page].address.encoded())
}

/// Title and address.
fn link(site: &Site<'_>, page: PageId) -> Value {
    object! {
        "title" => site[page].title.as_str(),
        "url" => url(site, page),
        "summary" => site[page].summary.as_deref(),
    }
}

/// A term; with the number of its articles where it is one of a list of terms.
pub(super) fn chip(site: &Site<'_>, id: TermId, count: bool) -> Value {
    let term = &site[id];
    let facet = &site.config.facets[term.facet];
    object! {
        "facet" => facet.slug.as_str(),
        "facet_name" => facet.name.as_str(),
        "look" => facet.look.word(),
        "title" => site[term.page].title.as_str(),
        "url" => url(site, term.page),
        "key" => site.term_name(id),
        "summary" => site[term.page].summary.as_deref(),
        "count" => count.then_some(term.articles.len()),
    }
}

/// The terms that a page carries.
pub(super) fn chips(site: &Site<'_>, page: PageId) -> Vec<Value> {
    site[page].terms.iter().map(|&term| chip(site, term, false)).collect()
}

fn card(site: &Site<'_>, id: PageId) -> Value {
    let page = &site[id];
    let keys: Vec<String> = page.terms.iter().map(|&term| site.term_name(term)).collect();
    object! {
        "title" => page.title.as_str(),
        "url" => url(site, id),
        "summary" => page.summary.as_deref(),
        "minutes" => page.minutes.max(1),
        "updated" => page.updated.as_ref().map(day),
        "terms" => chips(site, id),
        "keys" => keys.join(" "),
    }
}

/// A day, for machines and for people.
pub(super) fn day(day: &Day) -> Value {
    object! { "iso" => day.0.as_str(), "text" => day.text() }
}

/// A value of front matter as templates see it.
pub(super) fn free(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::none(),
        Kind::Bool(value) => Value::from(*value),
        Kind::Number(text) => number(text),
        Kind::Text(text) => Value::from(text.as_str()),
        Kind::List(items) => Value::from(items.iter().map(free).collect::<Vec<_>>()),
        Kind::Map(entries) => {
            let entries = entries.iter().map(|(name, node)| (name.value.clone(), free(node)));
            Value::from(entries.collect::<BTreeMap<_, _>>())
        }
    }
}

fn number(text: &str) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return Value::from(whole);
    }
    text.parse::<f64>().map_or_else(|_| Value::from(text), Value::from)
}
