//! What templates see. Names here are a contract with every theme: `docs/themes.md` lists them.
//!
//! A listed page is light: title, address, summary, terms, never its text. Each such value is made once and shared, as
//! a template value is a counted reference.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tera::{Context, Tera, Value};

use crate::model::{Day, PageId, PageKind, Single, Site, Term, TermId};
use crate::strings::Strings;
use crate::theme::Theme;
use crate::yaml::{Kind, Node};

/// A mapping for a template: `object! { "title" => title, "count" => 3 }`.
macro_rules! object {
    ($($key:literal => $value:expr),* $(,)?) => {
        tera::Value::from(std::collections::BTreeMap::from([$(($key, tera::Value::from($value))),*]))
    };
}
pub(crate) use object;

/// What many pages show alike. What there is one of for each page is made when the first page shows it.
pub(crate) struct Shared<'a> {
    site: &'a Site,
    tera: &'a Tera,
    pub(crate) settings: Value,
    pub(crate) assets: Value,
    pub(crate) facets: Value,
    pub(crate) places: Value,
    /// Each facet of the configuration.
    each_facet: Vec<Value>,
    /// What the component makes of each article in a list.
    articles: LazyCells<Value>,
    links: LazyCells<Value>,
    terms: LazyCells<Value>,
    /// For each term, as a chip with its count, and without.
    pub(crate) chips: Vec<Value>,
    pub(crate) plain: Vec<Value>,
    /// Where each page stands in the reading order, if it is an article.
    pub(crate) position: Vec<Option<usize>>,
    /// Of the contents list, the entry of each page and of each closed section.
    pub(crate) entries: LazyCells<Box<str>>,
    pub(crate) closed: LazyCells<Box<str>>,
    /// Of a long list, the line of each page.
    pub(crate) lines: LazyCells<Box<str>>,
    /// Whether the navigation has what is in closed sections too.
    pub(crate) small: bool,
    /// What is drawn alike on every page, by the place that the page belongs to.
    drawn: BTreeMap<Option<Single>, Value>,
}

/// One of each, made when it is first asked for.
pub(crate) struct LazyCells<T>(Vec<OnceLock<T>>);

impl<T> LazyCells<T> {
    fn of(count: usize) -> Self {
        Self((0..count).map(|_| OnceLock::new()).collect())
    }

    pub(crate) fn get(&self, at: usize, make: impl FnOnce() -> T) -> &T {
        self.0[at].get_or_init(make)
    }

    /// The one at `at`, unless it cannot be made.
    pub(crate) fn try_get<E>(&self, at: usize, make: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        if let Some(made) = self.0[at].get() {
            return Ok(made);
        }
        let new = make()?;
        Ok(self.0[at].get_or_init(|| new))
    }
}

/// A site with at most so many articles and sections has all of them in its navigation, folded.
const SMALL: usize = 300;

impl<'a> Shared<'a> {
    /// Prepares them for a site.
    pub(crate) fn of(site: &'a Site, theme: &'a Theme) -> Self {
        let config = &*site.config;
        let assets: BTreeMap<String, Value> = theme
            .bundle
            .addresses
            .iter()
            .map(|(name, address)| (name.clone(), Value::from(config.base.link(address))))
            .collect();
        let (count, assets) = (site.pages.len(), Value::from(assets));
        let plain = |id| {
            let html = draw(&theme.tera, &assets, "chip", "chip", &chip(site, id, None, Value::none()));
            chip(site, id, None, html)
        };
        let counted = |(id, term): (TermId, &Term)| chip(site, id, Some(term.articles.len()), Value::none());
        let mut shared = Self {
            site,
            tera: &theme.tera,
            settings: site_value(site),
            facets: facets(site),
            places: places(site),
            each_facet: (0..config.facets.len()).map(|facet| facet_value(site, facet)).collect(),
            articles: LazyCells::of(count),
            links: LazyCells::of(count),
            terms: LazyCells::of(count),
            chips: site.terms().map(counted).collect(),
            plain: site.terms().map(|(id, _)| plain(id)).collect(),
            assets,
            position: positions(site),
            entries: LazyCells::of(count),
            lines: LazyCells::of(count),
            closed: LazyCells::of(site.sections.len()),
            small: site.reading_order.len() + site.sections.len() <= SMALL,
            drawn: BTreeMap::new(),
        };
        let within = PageKind::each().map(PageKind::listed_under);
        shared.drawn = within.map(|place| (place, shared.draw_around("", place))).collect();
        shared
    }

    /// What the theme's components make alike for every page: the form of the search, and the list of places, in which
    /// the page at `url` marks itself if it is one of them, or else the place that it belongs to.
    pub(crate) fn drawn(&self, url: &str, within: Option<Single>) -> Value {
        let is_place =
            self.places.as_map().is_some_and(|places| places.values().any(|place| place.as_str() == Some(url)));
        let known = self.drawn.get(&within).filter(|_| !is_place);
        known.cloned().unwrap_or_else(|| self.draw_around(url, None))
    }

    fn draw_around(&self, current: &str, within: Option<Single>) -> Value {
        let mut implicit = Context::new();
        for (name, value) in
            [("site", &self.settings), ("assets", &self.assets), ("facets", &self.facets), ("places", &self.places)]
        {
            implicit.insert_value(name, value.clone());
        }
        let mut place = argument("current", Value::from(current));
        place.insert_value("within", Value::from(within.and_then(Single::folder).unwrap_or_default()));
        object! {
            "search_form" => component(self.tera, "search_form", &Context::new(), &implicit),
            "places" => component(self.tera, "places_list", &place, &implicit),
        }
    }

    /// Title, address and summary of a page.
    pub(crate) fn link(&self, page: PageId) -> &Value {
        self.links.get(page.0, || link(self.site, page))
    }

    /// The chips of the terms that a page carries.
    pub(crate) fn terms(&self, page: PageId) -> &Value {
        let chip = |term: &TermId| self.plain[term.0].clone();
        self.terms.get(page.0, || Value::from(self.site[page].terms.iter().map(chip).collect::<Vec<_>>()))
    }

    /// An article as it is listed.
    pub(crate) fn article(&self, page: PageId) -> Value {
        let terms = &self.site[page].terms;
        let chips = match terms.get(..LINE_TERMS) {
            Some(some) => Value::from(some.iter().map(|&TermId(at)| self.plain[at].clone()).collect::<Vec<_>>()),
            None => self.terms(page).clone(),
        };
        let article = |html: Value| article(self.site, page, &chips, html);
        // Only what it is drawn as is kept: the rest is many small things, which are made more cheaply than held.
        let html = self.articles.get(page.0, || self.draw("line", "article", &article(Value::none())));
        article(html.clone())
    }

    /// What a component makes of one argument.
    pub(crate) fn draw(&self, name: &str, argument: &'static str, value: &Value) -> Value {
        draw(self.tera, &self.assets, name, argument, value)
    }

    /// One facet.
    pub(crate) fn facet(&self, facet: usize) -> &Value {
        &self.each_facet[facet]
    }

    /// What surrounds a page and can change while settings and theme do not.
    pub(crate) fn layout(&self) -> impl std::hash::Hash + use<> {
        let facets: Vec<String> = self.each_facet.iter().map(Value::to_string).collect();
        (self.settings.to_string(), self.facets.to_string(), self.places.to_string(), self.small, facets)
    }
}

/// Where each page stands in the reading order.
fn positions(site: &Site) -> Vec<Option<usize>> {
    let mut positions = vec![None; site.pages.len()];
    for (at, page) in site.reading_order.iter().enumerate() {
        positions[page.0] = Some(at);
    }
    positions
}

/// The HTML that a component makes of a chip, an article or a link in a list, so that no page of thousands makes it again. Where the
/// component fails there is none, and the page that asks for it tells why.
fn draw(tera: &Tera, assets: &Value, name: &str, argument: &'static str, value: &Value) -> Value {
    component(tera, name, &self::argument(argument, value.clone()), &self::argument("assets", assets.clone()))
}

/// What a component makes of its arguments; none where it fails.
fn component(tera: &Tera, name: &str, arguments: &Context, implicit: &Context) -> Value {
    let html = tera.render_component_with_implicits(name, arguments, implicit, None, true);
    html.map_or_else(|_| Value::none(), |html| Value::safe_string(&html))
}

fn argument(name: &'static str, value: Value) -> Context {
    let mut arguments = Context::new();
    arguments.insert_value(name, value);
    arguments
}

fn site_value(site: &Site) -> Value {
    let config = &*site.config;
    object! {
        "title" => config.title.as_str(),
        "description" => config.description.as_str(),
        "language" => config.language.as_str(),
        "url" => config.base.origin().map_or(String::new(), |_| config.base.absolute("/")),
        "root" => config.base.path(),
        "home" => config.base.path(),
        "repository" => config.repository.as_deref(),
        "issue" => config.repository.as_deref().map(|repository| format!("{}=", new_issue(repository))),
        "words" => leading_words(site).into_iter().map(Value::from).collect::<Vec<_>>(),
        "feed" => config.base.link("/feed.xml"),
        "index" => config.base.link("/llms.txt"),
        "version" => env!("CARGO_PKG_VERSION"),
    }
}

/// The form for a new issue of a repository, up to the title that is typed there: in the manner of GitHub, or of GitLab
/// where the host is called so.
fn new_issue(repository: &str) -> String {
    let gitlab = repository.split('/').nth(2).is_some_and(|host| host.contains("gitlab"));
    let form = if gitlab { "/-/issues/new?issue[title]" } else { "/issues/new?title" };
    format!("{repository}{form}")
}

/// So many words are offered where nothing is asked of the search yet.
const WORDS: usize = 7;

/// Words that lead somewhere: of the topics that most articles carry, the first other word of each, or its title.
fn leading_words(site: &Site) -> Vec<&str> {
    let mut terms: Vec<&Term> = site.terms().map(|(_, term)| term).filter(|term| !term.articles.is_empty()).collect();
    terms.sort_by_key(|term| std::cmp::Reverse(term.articles.len()));
    let word = |term: &Term| {
        let page = &site[term.page];
        let document = page.document.and_then(|at| site.documents.get(at));
        let also = document.and_then(|document| document.front.also.first()).map(|word| word.value.as_str());
        also.unwrap_or(&page.title)
    };
    terms.into_iter().take(WORDS).map(word).collect()
}

/// The facets that have terms.
fn facets(site: &Site) -> Value {
    Value::from(site.facets().map(|(facet, _)| facet_value(site, facet)).collect::<Vec<_>>())
}

/// One facet.
fn facet_value(site: &Site, facet: usize) -> Value {
    let schema = &site.config.facets[facet];
    object! {
        "slug" => schema.slug.as_str(),
        "name" => schema.name.as_str(),
        "plural" => schema.plural.as_str(),
        "title" => site.facet_page(facet).map(|page| site[page].title.as_str()),
        "summary" => schema.summary.as_str(),
        "url" => site.config.base.link(&format!("/{}/", crate::model::encode_path(&schema.slug))),
        "look" => schema.look.word(),
        "count" => site.terms.iter().filter(|term| term.facet == facet).count(),
    }
}

/// The lists that a site makes, each by the name of its folder. A facet without others has no list: it stands in.
fn places(site: &Site) -> Value {
    let only_facet = || site.facets().next().map(|(_, page)| page);
    let page = |single| site.only(single).or_else(|| only_facet().filter(|_| single == Single::Facets));
    let place = |single: Single| Some((single.folder()?, Value::from(page(single).map(|page| url(site, page)))));
    Value::from(Single::LISTINGS.into_iter().filter_map(place).collect::<BTreeMap<_, _>>())
}

fn url(site: &Site, page: PageId) -> String {
    site.config.base.link(&site[page].address.encoded())
}

/// Title and address.
fn link(site: &Site, page: PageId) -> Value {
    object! {
        "title" => site[page].title.as_str(),
        "url" => url(site, page),
        "summary" => site[page].summary.as_deref(),
    }
}

/// A term; with the number of its articles where it is one of a list of terms, and with what it is drawn as.
fn chip(site: &Site, id: TermId, count: Option<usize>, html: Value) -> Value {
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
        "count" => count,
        "html" => html,
    }
}

/// An article in a list shows at most so many of its terms.
pub(crate) const LINE_TERMS: usize = 3;

/// An article in a list, with the chips of its first terms and with what it is drawn as.
fn article(site: &Site, id: PageId, terms: &Value, html: Value) -> Value {
    let page = &site[id];
    let keys: Vec<String> = page.terms.iter().map(|&term| site.term_name(term)).collect();
    object! {
        "title" => page.title.as_str(),
        "url" => url(site, id),
        "summary" => page.summary.as_deref(),
        "minutes" => page.minutes.max(1),
        "updated" => page.updated.as_ref().map(|updated| day(updated, &site.strings)),
        "terms" => terms.clone(),
        "keys" => keys.join(" "),
        "html" => html,
    }
}

/// A day, for machines and for people.
pub(crate) fn day(day: &Day, strings: &Strings) -> Value {
    object! { "iso" => day.0.as_str(), "text" => day.text(strings) }
}

/// A value of front matter as templates see it.
pub(crate) fn free(node: &Node) -> Value {
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
