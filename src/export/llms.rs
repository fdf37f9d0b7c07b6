//! The site for language models: `llms.txt`, an index in the shape of llmstxt.org, and `llms-full.txt`, all articles.
//!
//! Links lead to the Markdown twins of pages, which cost a model less to read than HTML. Pages with `search: false`
//! stay out of both, as their authors asked.

use std::fmt::Write as _;

use super::twin;
use crate::failure::INFALLIBLE;
use crate::model::{DecisionNode, NodeKind, PageId, SectionId, Single, SiteFile, WorkId};
use crate::output::{Body, Output};
use crate::render::decisions::verdict_word;
use crate::strings::key;
use crate::view::View;

/// `llms.txt`: what the site is about, then its articles by section, tracks, decisions with their questions and outcomes,
/// terms by facet, and what else it has.
pub(crate) fn index(view: &View<'_>) -> Output {
    let mut text = head(view);
    for at in in_order(view, SectionId(0)) {
        let section = &view.site[at];
        let introduction = (at.0 != 0 && view.site[section.page].document.is_some()).then_some(section.page);
        let pages = introduction.into_iter().chain(section.articles.iter().copied());
        let lines: Vec<String> = pages.filter_map(|page| line(view, page)).collect();
        list(&mut text, &section_title(view, at), &lines);
    }
    let tracks: Vec<String> = view.site.tracks().iter().filter_map(|track| line(view, track.page)).collect();
    list(&mut text, view.say(key!("tracks")), &tracks);
    for decision in view.site.decisions() {
        let nodes = decision.nodes.iter().filter_map(|node| step(view, node));
        let lines: Vec<String> = line(view, decision.page).into_iter().chain(nodes).collect();
        list(&mut text, &format!("{}: {}", view.say(key!("decision")), view.site[decision.page].title), &lines);
    }
    for (at, facet) in view.config().facets.iter().enumerate() {
        let terms = view.site.terms().map(|(_, term)| term).filter(|term| term.facet == at);
        let lines: Vec<String> = terms.filter_map(|term| line(view, term.page)).collect();
        let title = view.site.facet_page(at).map_or(&facet.plural, |page| &view.site[page].title);
        list(&mut text, title, &lines);
    }
    let works = (0..view.site.evidence().works.len()).filter_map(|work| view.site.evidence().page_of(WorkId(work)));
    let works: Vec<String> = works.filter_map(|page| line(view, page)).collect();
    list(&mut text, view.say(key!("sources")), &works);
    let others = [
        Single::Glossary,
        Single::Sources,
        Single::Home,
        Single::Facets,
        Single::Map,
        Single::Tracks,
        Single::Decisions,
    ];
    let others: Vec<String> = others.into_iter().filter_map(|single| other(view, single)).collect();
    list(&mut text, view.say(key!("index-others")), &others);
    output(SiteFile::Llms.path(), text)
}

/// `llms-full.txt`: all articles in reading order, each below its address; none for a site that is too large.
pub(crate) fn full(view: &View<'_>) -> Option<Output> {
    let text = joined(view, |page| twin::article(view, page))?;
    Some(output(SiteFile::LlmsFull.path(), text))
}

fn joined(view: &View<'_>, markdown: impl Fn(PageId) -> String) -> Option<String> {
    let articles: Vec<PageId> = view.site.reading_order().iter().copied().filter(|&page| is_open(view, page)).collect();
    if articles.len() > SiteFile::MAX_IN_FULL {
        return None;
    }
    let mut text = head(view);
    for page in articles {
        write!(text, "\n---\n\n<{}>\n\n{}\n", view.absolute(page), markdown(page).trim()).expect(INFALLIBLE);
    }
    Some(text)
}

/// Title and description.
fn head(view: &View<'_>) -> String {
    let config = view.config();
    let mut text = format!("# {}\n", plain(&config.title));
    if !config.description.is_empty() {
        write!(text, "\n> {}\n", plain(&config.description)).expect(INFALLIBLE);
    }
    text
}

/// A section with what is in it, where there is anything.
fn list(text: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        write!(text, "\n## {}\n\n{}", plain(title), lines.concat()).expect(INFALLIBLE);
    }
}

/// A section and all that it holds, in the order of the navigation.
fn in_order(view: &View<'_>, section: SectionId) -> Vec<SectionId> {
    let inner = view.site[section].sections.iter().flat_map(|&inner| in_order(view, inner));
    std::iter::once(section).chain(inner).collect()
}

/// The titles from the outermost section down.
fn section_title(view: &View<'_>, section: SectionId) -> String {
    let path = view.site.path_to(section);
    let titles: Vec<&str> = path.iter().map(|&at| view.site[view.site[at].page].title.as_str()).collect();
    if titles.is_empty() { view.say(key!("articles-heading")).to_owned() } else { titles.join(" / ") }
}

/// A page in a list, with its summary where its author wrote one; none where it asks to stay out.
fn line(view: &View<'_>, page: PageId) -> Option<String> {
    let data = &view.site[page];
    let summary = data.summary.as_deref().unwrap_or_default();
    is_open(view, page).then(|| item(&data.title, &twin_of(view, page), summary))
}

fn twin_of(view: &View<'_>, page: PageId) -> String {
    format!("{}index.md", view.absolute(page))
}

/// Whether a page may be found.
fn is_open(view: &View<'_>, page: PageId) -> bool {
    !view.site[page].unlisted
}

/// A question or an outcome, which its page says more about.
fn step(view: &View<'_>, node: &DecisionNode) -> Option<String> {
    let title = match &node.kind {
        NodeKind::Question(question) => question.ask.clone(),
        NodeKind::Outcome(outcome) => match outcome.verdict {
            Some(verdict) => format!("{}: {}", verdict_word(view, verdict), outcome.title),
            None => outcome.title.clone(),
        },
    };
    is_open(view, node.page).then(|| item(&title, &twin_of(view, node.page), ""))
}

/// A page that a site has once; of the glossary, its words.
fn other(view: &View<'_>, single: Single) -> Option<String> {
    let page = view.site.only(single).filter(|&page| is_open(view, page))?;
    let names: Vec<&str> = match single {
        Single::Glossary => view.site.glossary().iter().map(|entry| entry.term.as_str()).collect(),
        _ => return line(view, page),
    };
    Some(item(&view.site[page].title, &twin_of(view, page), &names.join("; ")))
}

/// `- [title](url): note`
fn item(title: &str, url: &str, note: &str) -> String {
    let title = plain(title).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    let url = url.replace('(', "%28").replace(')', "%29");
    let note = plain(note);
    if note.is_empty() { format!("- [{title}]({url})\n") } else { format!("- [{title}]({url}): {note}\n") }
}

/// Text on one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn output(path: &str, text: String) -> Output {
    Output { path: path.to_owned(), body: Body::Bytes(text.into_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample;

    const FILES: [(&str, &str); 10] = [
        ("content/about.md", "# About\n"),
        ("content/bread/index.md", "---\nsummary: All that rises.\n---\n# Bread\n"),
        ("content/bread/old/sour.md", "---\nsummary: Slow\n  and good.\ntags: [heat]\n---\n# Sour [dough] (1)\n"),
        ("content/bread/rye.md", "# Rye\n"),
        ("content/bread/secret.md", "---\nsearch: false\n---\n# Secret\n"),
        ("content/glossary.yaml", "- {term: Crumb, definition: The soft part.}\n"),
        (
            "content/site.yaml",
            "title: Baking\ndescription: On bread.\nbase-url: https://example.org/kb/\nfacets: {risk: }\n",
        ),
        ("content/sources.yaml", "- {key: doe, title: Ovens, author: J. Doe, year: 2020}\n"),
        ("content/tags/risk/heat.md", "---\nsummary: It burns.\n---\n# Heat\n"),
        ("content/tracks/first.md", "---\ntitle: First loaf\nsteps: [rye]\n---\n"),
    ];

    #[test]
    fn the_index_lists_everything_by_section() {
        let text = sample::text(sample::with_view(&FILES, index));
        assert_eq!(
            text,
            r"# Baking

> On bread.

## Articles

- [About](https://example.org/kb/about/index.md)

## Bread

- [Bread](https://example.org/kb/bread/index.md): All that rises.
- [Rye](https://example.org/kb/bread/rye/index.md)

## Bread / Old

- [Sour \[dough\] (1)](https://example.org/kb/bread/old/sour/index.md): Slow and good.

## Tracks

- [First loaf](https://example.org/kb/tracks/first/index.md)

## Risk topics

- [Heat](https://example.org/kb/risk/heat/index.md): It burns.

## Sources

- [Ovens](https://example.org/kb/sources/doe/index.md)

## More

- [Glossary](https://example.org/kb/glossary/index.md): Crumb
- [Sources](https://example.org/kb/sources/index.md)
- [Baking](https://example.org/kb/index.md)
- [Tracks](https://example.org/kb/tracks/index.md)
"
        );
    }

    #[test]
    fn the_full_text_is_every_article_in_reading_order() {
        let twin = |view: &View<'_>| joined(view, |page| format!("# {}\n\nText.\n\n", view.site[page].title));
        let text = sample::with_view(&FILES, twin);
        let expected = "# Baking\n\n> On bread.\n\n---\n\n\
            <https://example.org/kb/about/>\n\n# About\n\nText.\n\n---\n\n\
            <https://example.org/kb/bread/rye/>\n\n# Rye\n\nText.\n\n---\n\n\
            <https://example.org/kb/bread/old/sour/>\n\n# Sour [dough] (1)\n\nText.\n";
        assert_eq!(text.as_deref(), Some(expected));
    }

    #[test]
    fn a_large_site_has_no_full_text() {
        let paths: Vec<String> = (0..=SiteFile::MAX_IN_FULL).map(|at| format!("content/{at}.md")).collect();
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "Text.\n")).collect();
        assert!(sample::with_view(&files, full).is_none());
        assert!(sample::with_view(&files[1..], full).is_some());
    }
}
