//! The contents list beside every page.
//!
//! The theme's components write its pieces: the entry of a page and a closed section are the same beside thousands of
//! pages, so they are made once and put together as text; what shows where the reader is, is made for the page.

use std::borrow::Cow;

use tera::{Context, Error, Tera, Value};

use crate::model::{PageId, PageKind, SectionId};
use crate::view::View;
use crate::view::object;

/// The most pages of one section that the list shows; of a larger one, those around the current page.
const WINDOW: usize = 40;

/// The sections as `page` shows them: all open on a small site, else those that the page lies in.
pub(super) fn tree(view: &View<'_>, page: PageId) -> Result<String, Error> {
    let data = &view.site[page];
    let here = if let PageKind::Section(section) = data.kind { Some(section) } else { data.section };
    let path = here.map_or(Vec::new(), |section| view.site.path_to(section));
    let root = SectionId(0);
    let mut tree = String::new();
    if !view.site[root].articles.is_empty() {
        tree += &section(view, root, page, &path)?;
    }
    for &id in view.site.inner(root) {
        tree += &section(view, id, page, &path)?;
    }
    Ok(tree)
}

fn section<'a>(view: &'a View<'_>, id: SectionId, page: PageId, path: &[SectionId]) -> Result<Cow<'a, str>, Error> {
    let root = id.0 == 0;
    let own = view.site.page_of(id);
    let current = own == page;
    let open = view.layout().small || path.contains(&id) || (root && path.is_empty());
    if !open {
        let make = |link: &Value| closed(&view.theme.tera, link, current);
        return if current { make(&view.link(own)).map(Cow::Owned) } else { view.closed(id, make).map(Cow::Borrowed) };
    }
    let (pages, more) = pages(view, id, page)?;
    let mut inner = String::new();
    for &id in view.site.inner(id).iter().filter(|_| !root) {
        inner += &section(view, id, page, path)?;
    }
    let value = object! {
        "title" => view.site[own].title.as_str(),
        "url" => view.url(own),
        "current" => current,
        "open" => true,
        "pages" => Value::safe_string(&pages),
        "sections" => Value::safe_string(&inner),
        "more" => more,
    };
    component(&view.theme.tera, "nav_section", [("section", value)]).map(Cow::Owned)
}

fn closed(tera: &Tera, link: &Value, current: bool) -> Result<String, Error> {
    let value = object! {
        "title" => link.get_from_path("title").cloned(),
        "url" => link.get_from_path("url").cloned(),
        "current" => current,
        "open" => false,
        "pages" => Value::none(),
        "sections" => Value::none(),
        "more" => Value::none(),
    };
    component(tera, "nav_section", [("section", value)])
}

fn pages(view: &View<'_>, id: SectionId, page: PageId) -> Result<(String, Option<Value>), Error> {
    let data = &view.site[id];
    let count = data.articles.len();
    let at = data.articles.iter().position(|&article| article == page).unwrap_or(0);
    let start = at.saturating_sub(WINDOW / 2).min(count.saturating_sub(WINDOW));
    let shown = data.articles.iter().skip(start).take(WINDOW);
    let mut list = String::new();
    for &article in shown {
        let make = |link: &Value| entry(&view.theme.tera, link, article == page);
        if article == page {
            list += &make(&view.link(article))?;
        } else {
            list += view.entry(article, make)?;
        }
    }
    let more = (count > WINDOW).then(|| object! { "url" => view.url(data.page), "count" => count });
    Ok((list, more))
}

fn entry(tera: &Tera, link: &Value, current: bool) -> Result<String, Error> {
    component(tera, "nav_page", [("entry", link.clone()), ("current", Value::from(current))])
}

fn component<const N: usize>(tera: &Tera, name: &str, arguments: [(&'static str, Value); N]) -> Result<String, Error> {
    let mut context = Context::new();
    for (name, value) in arguments {
        context.insert_value(name, value);
    }
    tera.render_component(name, &context, None, true)
}
