//! The contents list beside every page.
//!
//! The theme's components write its pieces: the entry of a page and a closed section are the same beside thousands of
//! pages, so they are made once and put together as text; what shows where the reader is, is made for the page.

use std::borrow::Cow;

use tera::{Context, Error, Tera, Value};

use crate::model::{PageId, PageKind, SectionId, Single};
use crate::view::View;
use crate::view::object;

/// The most pages, or sections, that one section lists in full.
const ALL: usize = 30;

/// Of a larger one, as many are listed, around the current one.
const WINDOW: usize = 10;

const ROOT: SectionId = SectionId(0);

/// Where the reader is.
struct Here {
    page: PageId,
    /// The sections around it, outermost first.
    path: Vec<SectionId>,
    /// Whether it lies in none but the root.
    at_root: bool,
}

/// The sections as `page` shows them: open are those that it lies in.
pub(super) fn tree(view: &View<'_>, page: PageId) -> Result<String, Error> {
    let data = &view.site[page];
    let section = if let PageKind::Section(section) = data.kind { Some(section) } else { data.section };
    let path = section.map_or(Vec::new(), |section| view.site.path_to(section));
    let at_root = section == Some(ROOT) || data.kind == PageKind::Single(Single::Home);
    let here = Here { page, path, at_root };
    let mut tree = String::new();
    if !view.site[ROOT].articles.is_empty() {
        tree += &branch(view, ROOT, &here)?;
    }
    tree += &branches(view, ROOT, &here)?;
    Ok(tree)
}

/// The sections directly in one.
fn branches(view: &View<'_>, parent: SectionId, here: &Here) -> Result<String, Error> {
    let inner = view.site.inner(parent);
    let (shown, all) = window(inner, |section| here.path.contains(section));
    let mut list = String::new();
    for &section in shown {
        list += &branch(view, section, here)?;
    }
    if let Some(count) = all {
        list += &more(view, parent, count)?;
    }
    Ok(list)
}

fn branch<'a>(view: &'a View<'_>, id: SectionId, here: &Here) -> Result<Cow<'a, str>, Error> {
    let is_root = id == ROOT;
    let own = view.site.page_of(id);
    let current = own == here.page;
    let open = if is_root { here.at_root } else { here.path.contains(&id) };
    if !open && !view.layout().small {
        return view
            .closed(id, |link, count| {
                let [pages, sections] = [Value::none(), Value::none()];
                section(&view.theme.tera, link, [current, open, is_root], Value::from(count), [pages, sections])
            })
            .map(Cow::Borrowed);
    }
    let pages = pages(view, id, here)?;
    let sections = if is_root { String::new() } else { branches(view, id, here)? };
    let articles = if is_root { view.site[id].articles.len() } else { view.site.articles_below(id) };
    let is_branch = view.site[id].parent.is_none_or(|parent| parent == ROOT);
    let inner = [pages, sections].map(|html| Value::safe_string(&html));
    section(&view.theme.tera, &view.link(own), [current, open, is_branch], Value::from(articles), inner).map(Cow::Owned)
}

/// The component of a section: what is `current`, `open` and a `branch` of the whole list, how many articles it counts,
/// and its pages and sections as HTML, none where it is a link alone.
fn section(
    tera: &Tera,
    link: &Value,
    [current, open, branch]: [bool; 3],
    count: Value,
    [pages, sections]: [Value; 2],
) -> Result<String, Error> {
    let value = object! {
        "title" => link.get_from_path("title").cloned(),
        "url" => link.get_from_path("url").cloned(),
        "current" => current,
        "open" => open,
        "branch" => branch,
        "count" => count,
        "pages" => pages,
        "sections" => sections,
    };
    component(tera, "nav_section", [("section", value)])
}

fn pages(view: &View<'_>, id: SectionId, here: &Here) -> Result<String, Error> {
    let (shown, all) = window(&view.site[id].articles, |&article| article == here.page);
    let mut list = String::new();
    for &article in shown {
        let make = |link: &Value| entry(&view.theme.tera, link, article == here.page);
        if article == here.page {
            list += &make(&view.link(article))?;
        } else {
            list += view.entry(article, make)?;
        }
    }
    if let Some(count) = all {
        list += &more(view, id, count)?;
    }
    Ok(list)
}

/// What is shown of a list, and of how many if that is not all.
fn window<T>(all: &[T], is_here: impl Fn(&T) -> bool) -> (&[T], Option<usize>) {
    if all.len() <= ALL {
        return (all, None);
    }
    let at = all.iter().position(is_here).unwrap_or(0);
    let start = at.saturating_sub(WINDOW / 2).min(all.len() - WINDOW);
    (all.get(start..start + WINDOW).unwrap_or(all), Some(all.len()))
}

fn entry(tera: &Tera, link: &Value, current: bool) -> Result<String, Error> {
    component(tera, "nav_page", [("entry", link.clone()), ("current", Value::from(current))])
}

/// The way from some of a section to all of it.
fn more(view: &View<'_>, id: SectionId, count: usize) -> Result<String, Error> {
    let link = view.link(view.site.page_of(id));
    component(&view.theme.tera, "nav_more", [("section", link), ("count", Value::from(count))])
}

fn component<const N: usize>(tera: &Tera, name: &str, arguments: [(&'static str, Value); N]) -> Result<String, Error> {
    let mut context = Context::new();
    for (name, value) in arguments {
        context.insert_value(name, value);
    }
    tera.render_component(name, &context, None, true)
}
