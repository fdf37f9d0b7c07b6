//! The contents list beside every page.

use tera::Value;

use super::context::object;
use super::view::View;
use crate::model::{PageId, PageKind, SectionId};

/// The most pages of one section that the list shows; of a larger one, those around the current page.
const WINDOW: usize = 40;

/// The sections as `page` shows them: all open on a small site, else those that the page lies in.
pub(super) fn tree(view: &View<'_>, page: PageId) -> Vec<Value> {
    let data = &view.site[page];
    let here = match data.kind {
        PageKind::Section(section) => Some(section),
        _ => data.section,
    };
    let path = here.map_or(Vec::new(), |section| view.site.path_to(section));
    let root = SectionId(0);
    let mut entries = Vec::new();
    if !view.site[root].articles.is_empty() {
        entries.push(section(view, root, page, &path));
    }
    entries.extend(view.site[root].sections.iter().map(|&id| section(view, id, page, &path)));
    entries
}

fn section(view: &View<'_>, id: SectionId, page: PageId, path: &[SectionId]) -> Value {
    let data = &view.site[id];
    let root = id.0 == 0;
    let open = view.frame().small || path.contains(&id) || (root && path.is_empty());
    let (pages, more) = if open { pages(view, id, page) } else { (Vec::new(), None) };
    let inner: Vec<Value> = if open && !root {
        data.sections.iter().map(|&inner| section(view, inner, page, path)).collect()
    } else {
        Vec::new()
    };
    object! {
        "title" => view.site[data.page].title.as_str(),
        "url" => view.url(data.page),
        "current" => data.page == page,
        "open" => open,
        "pages" => pages,
        "sections" => inner,
        "more" => more,
    }
}

fn pages(view: &View<'_>, id: SectionId, page: PageId) -> (Vec<Value>, Option<Value>) {
    let data = &view.site[id];
    let count = data.articles.len();
    let at = data.articles.iter().position(|&article| article == page).unwrap_or(0);
    let start = at.saturating_sub(WINDOW / 2).min(count.saturating_sub(WINDOW));
    let shown = &data.articles[start..count.min(start + WINDOW)];
    let one = |&article: &PageId| {
        object! {
            "title" => view.site[article].title.as_str(),
            "url" => view.url(article),
            "current" => article == page,
        }
    };
    let more = (shown.len() < count).then(|| object! { "url" => view.url(data.page), "count" => count });
    (shown.iter().map(one).collect(), more)
}
