//! The text of a page, with links that lead somewhere from anywhere.

use std::fmt::Write as _;

use crate::failure::INFALLIBLE;
use crate::link::Target;
use crate::model::{Cited, PageId};
use crate::parse::{LinkForm, LinkUse};
use crate::source::slice;
use crate::view::View;

/// The page's own Markdown with every link rewritten.
pub(super) fn body(view: &View<'_>, page: PageId, cited: &mut Vec<Cited>) -> String {
    let Some(at) = view.site[page].document else { return String::new() };
    let document = &view.site.document_at(at);
    let source = &view.inputs.get(document.source).text;
    let links = document.outline.links.iter();
    let mut changes: Vec<(usize, usize, String)> =
        links.filter_map(|link| rewritten(view, source, link, view.links.target(at, link.at)?, cited)).collect();
    changes.extend(document.outline.comments.iter().map(|comment| (comment.start, comment.end, String::new())));
    // A picture inside a link is changed before the link's own destination.
    changes.sort_by_key(|&(from, to, _)| (from, to));
    let mut text = String::with_capacity(source.len());
    let mut position = document.body;
    for (from, to, new) in changes.into_iter().filter(|change| change.0 >= document.body) {
        if from >= position {
            text.push_str(slice(source, position..from));
            text.push_str(&new);
            position = to;
        }
    }
    text.push_str(slice(source, position..));
    match &document.outline.title {
        Some(_) => without_title(&text).to_owned(),
        None => text,
    }
}

/// The text after the heading that opens it, in either form of heading.
fn without_title(text: &str) -> &str {
    let text = text.trim_start();
    let line_end = text.find('\n').map_or(text.len(), |i| i + 1);
    if text.starts_with('#') {
        return slice(text, line_end..);
    }
    let rest = slice(text, line_end..);
    // The other form of heading has a line of `=` below it.
    if !rest.trim_start().starts_with('=') {
        return text;
    }
    rest.split_once('\n').map_or("", |(_, after)| after)
}

/// What to write in place of a part of a link: the destination alone, or the whole link where that is not to be found.
fn rewritten(
    view: &View<'_>,
    source: &str,
    link: &LinkUse,
    target: &Target,
    cited: &mut Vec<Cited>,
) -> Option<(usize, usize, String)> {
    let url = absolute(view, target);
    match link.form {
        LinkForm::Wiki => {
            let (name, label) = wiki_parts(source, link)?;
            let label = label.unwrap_or_else(|| match target {
                Target::Page { page, word, .. } => word.as_ref().unwrap_or(&view.site[*page].title).clone(),
                _ => name,
            });
            let new = url.map_or_else(|| label.clone(), |url| format!("[{label}]({url})"));
            Some((link.at, link.end, new))
        }
        LinkForm::Citation => {
            let Target::Citations(keys) = target else { return None };
            if !view.site.cites() {
                return None;
            }
            let mut marks = String::new();
            for key in keys.iter().filter_map(|(_, key)| *key) {
                let number = cited.iter().position(|known| *known == key).unwrap_or_else(|| {
                    cited.push(key);
                    cited.len() - 1
                });
                write!(marks, "\\[{}\\]", number + 1).expect(INFALLIBLE);
            }
            Some((link.at, link.end, marks))
        }
        LinkForm::Markdown | LinkForm::Image => {
            let url = url?;
            let span = link.span.range();
            if source.get(span.clone()) == Some(link.target.as_str()) {
                return Some((span.start, span.end, url));
            }
            // A reference such as `[text][label]`: its destination stands elsewhere, so the link is written out.
            let whole = slice(source, link.at..link.end);
            let (sign, label) = whole.split_once('[')?;
            let label = label.split(']').next()?;
            Some((link.at, link.end, format!("{sign}[{label}]({url})")))
        }
    }
}

/// The name and the label of `[[name|label]]`.
fn wiki_parts(source: &str, link: &LinkUse) -> Option<(String, Option<String>)> {
    let inside = slice(source, link.at..link.end).strip_prefix("[[")?.strip_suffix("]]")?;
    Some(match inside.split_once('|') {
        Some((name, label)) => (name.to_owned(), Some(label.to_owned())),
        None => (inside.to_owned(), None),
    })
}

fn absolute(view: &View<'_>, target: &Target) -> Option<String> {
    let base = &view.config().base;
    match target {
        Target::Page { page, anchor, .. } => {
            let fragment =
                anchor.as_ref().map_or(String::new(), |id| format!("#{}", crate::render::escape::fragment(id)));
            Some(format!("{}{fragment}", view.absolute(*page)))
        }
        Target::File { path, rest } => Some(format!("{}{rest}", base.absolute(&crate::model::encode_path(path)))),
        Target::Glossary(at) => Some(format!("{}#{}", base.absolute("/glossary/"), view.site.glossary()[*at].anchor)),
        Target::Here(_) | Target::External | Target::Citations(_) | Target::Wrong(_) => None,
    }
}
