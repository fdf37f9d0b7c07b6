//! Pages as their templates see them: what all have in common, and what each kind adds.
#![expect(clippy::indexing_slicing, reason = "tracks and decisions are named by their positions, which the model gave")]

use std::collections::{BTreeMap, BTreeSet};

use tera::{Context, Value};

use super::connects::Shown;
use super::html::{self, EventObserver, Rendered};
use super::references::References;
use super::{connects, decisions, linked_data, listing, sources};
use crate::address::encode_query_value;
use crate::diagnostic::Findings;
use crate::link::{NamedPicture, Related, Target};
use crate::model::{Day, PageId, PageKind, SectionId, Single, Track, encode_path};
use crate::parse::{Document, Heading};
use crate::strings::key;
use crate::typography::Typography;
use crate::view::{View, day, free, object};

/// A page as its template sees it.
pub(crate) struct PageContext {
    /// The template of its kind.
    pub(crate) template: &'static str,
    pub(crate) context: Context,
    /// About how many bytes its HTML will have.
    pub(crate) size: usize,
    /// What was found while its text was rendered.
    pub(crate) findings: Findings,
}

/// What fills a page beside its text and the contents list, in bytes: most pages have less.
const LAYOUT_BYTES: usize = 12_000;

/// The template of a page and all that it sees; `observe` looks on while its text is rendered.
pub(crate) fn page_context(view: &View<'_>, page: PageId, nav: &str, observe: EventObserver<'_>) -> PageContext {
    let mut context = Context::new();
    context.insert_value("site", view.layout().settings.clone());
    context.insert_value("assets", view.layout().assets.clone());
    context.insert_value("facets", view.layout().facets.clone());
    context.insert_value("places", view.layout().places.clone());
    context.insert_value("nav", Value::safe_string(nav));
    let kind = view.site[page].kind;
    context.insert_value("drawn", view.layout().drawn(&view.url(page), kind.listed_under()));
    let Rendered { html, references, findings } = html::body(view, page, observe);
    let size = html.len() + nav.len() + LAYOUT_BYTES;
    context.insert_value("page", common(view, page, &html));
    context.insert_value("references", Value::from(references.values(view)));
    add_of_kind(view, page, kind, &references, &mut context);
    PageContext { template: kind.facts().template, context, size, findings }
}

/// Adds what only pages of this kind show.
fn add_of_kind(view: &View<'_>, page: PageId, kind: PageKind, references: &References, context: &mut Context) {
    match kind {
        PageKind::Article => article(view, page, references, context),
        PageKind::Section(section) => section_page(view, section, context),
        PageKind::Facet(facet) => listing::facet(view, facet, context),
        PageKind::Term(term) => listing::term(view, term, context),
        PageKind::Work(work) => sources::page(view, work, context),
        PageKind::Decision(at) => decisions::decision(view, &view.site.decisions()[at], context),
        PageKind::Question { decision, node } => {
            decisions::question(view, &view.site.decisions()[decision], node, context);
        }
        PageKind::Outcome { decision, node } => {
            decisions::outcome(view, &view.site.decisions()[decision], node, context);
        }
        PageKind::Track(track) => track_page(view, &view.site.tracks()[track], context),
        PageKind::Single(single) => listing::single(view, single, context),
    }
}

fn common(view: &View<'_>, id: PageId, html: &str) -> Value {
    let page = &view.site[id];
    let document = view.site.document(id);
    let (previous, next) = neighbours(view, id);
    let repository = view.config().repository.as_deref().map(|address| Repository::of(view, address, id));
    let extra = document.map_or(&[][..], |document| &document.front.extra);
    let extra: BTreeMap<String, Value> = extra.iter().map(|(key, node)| (key.value.clone(), free(node))).collect();
    let facts = page.kind.facts();
    let missing = page.kind == PageKind::Single(Single::NotFound);
    let in_words = |written: &Day| day(written, view.strings());
    object! {
        "kind" => facts.word,
        "title" => page.title.as_str(),
        "summary" => page.summary.as_deref(),
        "description" => view.description(id),
        "url" => view.url(id),
        "canonical" => view.config().base.origin().filter(|_| !missing).map(|_| view.absolute(id)),
        "twin" => facts.twin.then(|| format!("{}index.md", view.url(id))),
        "content" => Value::safe_string(html),
        "contents" => contents(document, view.config().typography),
        "minutes" => page.minutes.max(1),
        "words" => document.map_or(0, |document| document.outline.words),
        "date" => page.date.as_ref().map(in_words),
        "updated" => page.updated.as_ref().map(in_words),
        "reviewed" => page.reviewed.as_ref().map(in_words),
        "breadcrumb" => breadcrumb(view, id),
        "terms" => view.terms(id),
        "previous" => previous,
        "next" => next,
        "edit" => repository.as_ref().and_then(|repository| repository.edit.clone()),
        "history" => repository.as_ref().and_then(|repository| repository.history.clone()),
        "report" => repository.as_ref().and_then(|repository| repository.report.clone()),
        "picture" => picture(view, id),
        "linked_data" => linked_data::of_page(view, id).map(|json| Value::safe_string(&json)),
        "extra" => extra,
    }
}

/// "On this page": headings of level 2 with those of level 3 below them.
fn contents(document: Option<&Document>, typography: Typography) -> Vec<Value> {
    let headings = document.map_or(&[][..], |document| &document.outline.headings);
    let entry = |heading: &Heading, children: Vec<Value>| {
        object! { "id" => heading.id.as_str(), "title" => typography.set(&heading.text).into_owned(), "children" => children }
    };
    let mut entries: Vec<(&Heading, Vec<Value>)> = Vec::new();
    for heading in headings {
        match (heading.level, entries.last_mut()) {
            (1 | 2, _) | (3, None) => entries.push((heading, Vec::new())),
            (3, Some((_, children))) => children.push(entry(heading, Vec::new())),
            _ => {}
        }
    }
    entries.into_iter().map(|(heading, children)| entry(heading, children)).collect()
}

/// The picture that the page is shown with where somebody shares it.
fn picture(view: &View<'_>, id: PageId) -> Option<Value> {
    let url = picture_url(view, id)?;
    let NamedPicture { written, target: _, size } = view.links.picture(id)?;
    let of_site = view.config().source == Some(written.span.source);
    let shows = if of_site { &view.config().title } else { &view.site[id].title };
    Some(object! {
        "url" => url,
        "width" => size.map(|size| size.width),
        "height" => size.map(|size| size.height),
        "alt" => shows.as_str(),
    })
}

/// The whole address of that picture; none where the site has no address, as the picture is fetched from elsewhere.
pub(super) fn picture_url(view: &View<'_>, id: PageId) -> Option<String> {
    let base = &view.config().base;
    base.origin()?;
    match &view.links.picture(id)?.target {
        Target::File { path, rest: _ } => Some(base.absolute(&encode_path(path))),
        _ => None,
    }
}

fn breadcrumb(view: &View<'_>, id: PageId) -> Vec<Value> {
    if view.site[id].kind == PageKind::Single(Single::Home) {
        return Vec::new();
    }
    let (title, url) = (view.say(key!("home")), view.config().base.path());
    let home = object! { "title" => title, "url" => url, "summary" => Value::none() };
    std::iter::once(home).chain(above(view, id).into_iter().map(|page| view.link(page))).collect()
}

/// The pages between the home page and this one, outermost first.
pub(super) fn above(view: &View<'_>, id: PageId) -> Vec<PageId> {
    let page = &view.site[id];
    let site = &view.site;
    match page.kind {
        PageKind::Single(Single::Home) => Vec::new(),
        PageKind::Term(term) => {
            site.only(Single::Facets).into_iter().chain(site.facet_page(site.facet_of(term))).collect()
        }
        PageKind::Facet(_) => site.only(Single::Facets).into_iter().collect(),
        PageKind::Track(_) => site.only(Single::Tracks).into_iter().collect(),
        PageKind::Work(_) => site.only(Single::Sources).into_iter().collect(),
        PageKind::Decision(_) => site.only(Single::Decisions).into_iter().collect(),
        PageKind::Question { decision, node: _ } | PageKind::Outcome { decision, node: _ } => {
            site.only(Single::Decisions).into_iter().chain([site.decisions()[decision].page]).collect()
        }
        PageKind::Section(section) => site[section].parent.map_or(Vec::new(), |parent| down_to(view, parent)),
        PageKind::Article | PageKind::Single(_) => page.section.map_or(Vec::new(), |section| down_to(view, section)),
    }
}

/// The pages of the sections from the top down to this one.
fn down_to(view: &View<'_>, section: SectionId) -> Vec<PageId> {
    view.site.path_to(section).into_iter().map(|section| view.site[section].page).collect()
}

/// The articles before and after this one in reading order.
fn neighbours(view: &View<'_>, id: PageId) -> (Option<Value>, Option<Value>) {
    let Some(at) = view.position(id) else { return (None, None) };
    let (before, after) = view.site.neighbours(id, at);
    (before.map(|page| view.link(page)), after.map(|page| view.link(page)))
}

/// Where the file behind a page can be changed and looked back on, and where a page can be complained about.
#[derive(Default)]
struct Repository {
    edit: Option<String>,
    history: Option<String>,
    report: Option<String>,
}

impl Repository {
    /// The addresses in the manner of GitHub, or of GitLab where the host is called so. Of an address where no page is,
    /// there is only a report; a script names the address in it.
    fn of(view: &View<'_>, repository: &str, id: PageId) -> Self {
        let page = &view.site[id];
        let gitlab = repository.split('/').nth(2).is_some_and(|host| host.contains("gitlab"));
        let dash = if gitlab { "/-" } else { "" };
        let is_missing = page.kind == PageKind::Single(Single::NotFound);
        if page.source.is_none() && !is_missing {
            return Self::default();
        }
        let title = if is_missing {
            view.say(key!("problem-missing")).to_owned()
        } else {
            view.strings().fill(key!("problem-title"), &[("title", &page.title)])
        };
        let body = view.strings().fill(key!("problem-page"), &[("address", &view.absolute(id))]) + "\n\n";
        let (title, text) = (encode_query_value(&title), encode_query_value(&body));
        let issue = if gitlab {
            format!("issue[title]={title}&issue[description]={text}")
        } else {
            format!("title={title}&body={text}")
        };
        let branch = encode_path(&view.config().branch);
        let source = page.source.filter(|_| !is_missing);
        let path = source.map(|source| encode_path(&format!("{}{}", view.inputs.prefix, view.inputs.get(source).path)));
        let file = |what: &str| path.as_ref().map(|path| format!("{repository}{dash}/{what}/{branch}/{path}"));
        Self {
            edit: file("edit"),
            history: file("commits"),
            report: Some(format!("{repository}{dash}/issues/new?{issue}")),
        }
    }
}

fn section_page(view: &View<'_>, id: SectionId, context: &mut Context) {
    let section = &view.site[id];
    let title = &view.site[section.page].title;
    let begin = view.links.onward(section.page).map(|begin| {
        let page = &view.site[begin.page];
        object! { "title" => page.title.as_str(), "url" => view.url(begin.page), "why" => begin.why.as_deref() }
    });
    // Topics of the same name are easily taken for the section.
    let twins = listing::facets_in_use(view).into_iter().filter(|&facet| view.config().facets[facet].plural == *title);
    let minutes: usize = section.articles.iter().map(|&page| view.site[page].minutes).sum();
    context.insert_value("begin", Value::from(begin));
    context.insert_value("topics", Value::from(twins.map(|facet| view.facet(facet)).next()));
    context.insert_value("minutes", Value::from(minutes));
    context.insert_value("sections", Value::from(listing::inner_sections(view, id)));
    context.insert_value("count", Value::from(section.articles.len()));
    context.insert_value("pages", Value::from(listing::articles(view, &section.articles)));
    listing::more(view, &section.articles, context);
}

fn article(view: &View<'_>, id: PageId, references: &References, context: &mut Context) {
    let listed =
        |pages: &mut dyn Iterator<Item = PageId>| Value::from(pages.map(|id| view.link(id)).collect::<Vec<_>>());
    context.insert_value("related", listed(&mut view.links.related(id).iter().map(|related| related.page)));
    context.insert_value("backlinks", listed(&mut view.links.backlinks(id).iter().copied()));
    let onward = onward(view, id);
    let next = onward.as_ref().map(|onward| onward.page);
    let Shown { boxes, more, ends } = connects::of_article(view, id, next, references);
    context.insert_value("onward", Value::from(onward.map(|onward| with_reason(view, &onward))));
    context.insert_value("connects", Value::from(boxes));
    context.insert_value("more_connects", Value::from(more));
    context.insert_value("see_also", Value::from(see_also(view, id, next.into_iter().chain(ends))));
    context.insert_value("tracks_here", Value::from(tracks_here(view, id)));
}

/// The one page to read after an article: what it says itself, the first that is related, or the next in reading order.
fn onward(view: &View<'_>, id: PageId) -> Option<Related> {
    let named = view.links.onward(id).or_else(|| view.links.related(id).first());
    let in_order = || view.site.neighbours(id, view.position(id)?).1;
    named.cloned().or_else(|| Some(Related { page: in_order()?, why: None }))
}

/// "See also" has at most so many lines.
const ALSO: usize = 5;

/// The pages that an article is related to, the decisions that it explains, and those that mention it; without what
/// the page shows elsewhere.
fn see_also(view: &View<'_>, id: PageId, shown: impl Iterator<Item = PageId>) -> Vec<Value> {
    let page = &view.site[id];
    let mut seen: BTreeSet<PageId> = shown.collect();
    seen.extend(page.terms.iter().map(|&term| view.site.page_of_term(term)));
    seen.extend(page.section.map(|section| view.site.page_of(section)));
    seen.extend(view.site.tracks_through(id).map(|(track, _)| track.page));
    let explained = decisions::explained_by(view, id).map(|page| Related { page, why: None });
    let mentions = view.links.backlinks(id).iter().map(|&page| Related { page, why: None });
    let all = view.links.related(id).iter().cloned().chain(explained).chain(mentions);
    all.filter(|related| seen.insert(related.page)).take(ALSO).map(|related| with_reason(view, &related)).collect()
}

/// A link with the reason for it, and with the section that it leads to or what is there.
fn with_reason(view: &View<'_>, related: &Related) -> Value {
    let page = &view.site[related.page];
    let place = match (page.kind, page.section) {
        (PageKind::Article, Some(section)) => Some(view.site[view.site.page_of(section)].title.as_str()),
        (PageKind::Term(term), _) => Some(view.config().facets[view.site.facet_of(term)].name.as_str()),
        (kind, _) => kind.facts().label.map(|label| view.say(label)),
    };
    object! {
        "title" => page.title.as_str(),
        "url" => view.url(related.page),
        "summary" => page.summary.as_deref(),
        "why" => related.why.as_deref(),
        "place" => place,
    }
}

/// The tracks that have a step here, with the steps around it.
pub(crate) fn tracks_here(view: &View<'_>, id: PageId) -> Vec<Value> {
    let one = |(track, at): (&Track, usize)| {
        let link = |step: &crate::model::TrackStep| view.link(step.page);
        object! {
            "title" => view.site[track.page].title.as_str(),
            "url" => view.url(track.page),
            "position" => at + 1,
            "total" => track.steps.len(),
            "previous" => at.checked_sub(1).and_then(|before| track.steps.get(before)).map(link),
            "next" => track.steps.get(at + 1).map(link),
        }
    };
    view.site.tracks_through(id).map(one).collect()
}

fn track_page(view: &View<'_>, track: &Track, context: &mut Context) {
    let steps = track.steps.iter().enumerate().map(|(at, step)| {
        let page = &view.site[step.page];
        object! {
            "number" => at + 1,
            "title" => page.title.as_str(),
            "url" => view.url(step.page),
            "why" => step.why.as_deref(),
            "summary" => page.summary.as_deref(),
            "minutes" => page.minutes.max(1),
        }
    });
    let value = object! {
        "audience" => track.audience.as_deref(),
        "goal" => track.goal.as_deref(),
        "minutes" => view.site.minutes(track),
        "steps" => steps.collect::<Vec<_>>(),
        "decision" => track.decision.map(|at| view.link(view.site.decisions()[at].page)),
    };
    context.insert_value("track", value);
}
