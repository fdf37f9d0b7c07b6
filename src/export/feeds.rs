//! The two XML files that programs poll: `sitemap.xml` for crawlers and Atom feeds for readers.
//!
//! Both are made from dates of pages alone, never from the clock, so that the same site gives the same bytes. An entry
//! is known by its address and moved to the top by `updated`. Both formats ask for whole addresses: without an origin
//! in `base-url` the rooted ones stand in, which feed readers resolve and crawlers ignore.

use std::cmp::Reverse;
use std::fmt::Write as _;

use crate::failure::INFALLIBLE;
use crate::model::{Day, Indexed, Page, PageId, SiteFile, TermId};
use crate::output::{Body, Output};
use crate::strings::key;
use crate::view::View;

/// How many articles a feed shows.
const ENTRIES: usize = 20;

/// The day of a feed in which nothing has a date: a feed without one is not allowed (RFC 4287, section 4.1.1).
const NO_DAY: &str = "1970-01-01";

/// `sitemap.xml` (sitemaps.org, protocol 0.9): every page but the search and the one for pages that are
/// missing, by address.
pub(crate) fn sitemap(view: &View<'_>) -> Output {
    let mut pages: Vec<(PageId, &Page)> =
        view.site.pages().filter(|(_, page)| page.kind.facts().indexed != Indexed::Never).collect();
    pages.sort_by_key(|(_, page)| &page.address);
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (id, page) in pages {
        write!(xml, "<url><loc>{}</loc>", escaped(&view.absolute(id))).expect(INFALLIBLE);
        if let Some(day) = changed(page) {
            write!(xml, "<lastmod>{}</lastmod>", escaped(&day.0)).expect(INFALLIBLE);
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    Output { path: SiteFile::Sitemap.path().to_owned(), body: Body::Bytes(xml.into_bytes()) }
}

/// An Atom feed (RFC 4287): of the whole site, or of the articles that carry one term.
pub(crate) fn feed(view: &View<'_>, term: Option<TermId>) -> Output {
    let config = view.config();
    let (home, title, subtitle, articles) = match term {
        None => ("/", config.title.clone(), Some(&config.description), view.site.reading_order()),
        Some(term) => {
            let page = &view.site[view.site[term].page];
            let title = view.strings().fill(key!("feed-of"), &[("site", &config.title), ("term", &page.title)]);
            (page.address.as_str(), title, page.summary.as_ref(), view.site[term].articles.as_slice())
        }
    };
    let path = format!("{home}feed.xml");
    let articles = newest(view, articles);
    let updated = articles.first().and_then(|&id| changed(&view.site[id]));
    let whole = |path: &str| escaped(&config.base.absolute(&crate::model::encode_path(path)));

    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n",
        escaped(&config.language)
    );
    writeln!(xml, "<id>{}</id>", whole(home)).expect(INFALLIBLE);
    writeln!(xml, "<title>{}</title>", escaped(&title)).expect(INFALLIBLE);
    if let Some(subtitle) = subtitle.filter(|subtitle| !subtitle.is_empty()) {
        writeln!(xml, "<subtitle>{}</subtitle>", escaped(subtitle)).expect(INFALLIBLE);
    }
    writeln!(xml, "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>", whole(&path)).expect(INFALLIBLE);
    writeln!(xml, "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", whole(home)).expect(INFALLIBLE);
    writeln!(xml, "<updated>{}</updated>", moment(updated)).expect(INFALLIBLE);
    writeln!(xml, "<author><name>{}</name></author>", escaped(&config.title)).expect(INFALLIBLE);
    for id in articles {
        entry(view, id, &mut xml);
    }
    xml.push_str("</feed>\n");
    Output { path: path.trim_start_matches('/').to_owned(), body: Body::Bytes(xml.into_bytes()) }
}

fn entry(view: &View<'_>, id: PageId, xml: &mut String) {
    let page = &view.site[id];
    let address = escaped(&view.absolute(id));
    writeln!(xml, "<entry>\n<id>{address}</id>").expect(INFALLIBLE);
    writeln!(xml, "<title>{}</title>", escaped(&page.title)).expect(INFALLIBLE);
    writeln!(xml, "<link rel=\"alternate\" type=\"text/html\" href=\"{address}\"/>").expect(INFALLIBLE);
    if let Some(day) = &page.date {
        writeln!(xml, "<published>{}</published>", moment(Some(day))).expect(INFALLIBLE);
    }
    writeln!(xml, "<updated>{}</updated>", moment(changed(page))).expect(INFALLIBLE);
    writeln!(xml, "<summary>{}</summary>", escaped(&view.description(id))).expect(INFALLIBLE);
    for &term in &page.terms {
        let (name, label) = (view.site.term_name(term), &view.site[view.site[term].page].title);
        writeln!(xml, "<category term=\"{}\" label=\"{}\"/>", escaped(&name), escaped(label)).expect(INFALLIBLE);
    }
    xml.push_str("</entry>\n");
}

/// The articles that a feed shows, newest first. One without a date is no news: an entry needs a day, and we make none up.
fn newest(view: &View<'_>, articles: &[PageId]) -> Vec<PageId> {
    let mut articles = articles.to_vec();
    articles.retain(|&id| changed(&view.site[id]).is_some());
    articles.sort_by_key(|&id| (Reverse(changed(&view.site[id])), &view.site[id].address));
    articles.truncate(ENTRIES);
    articles
}

/// The day on which a page last changed, as far as anyone has said.
fn changed(page: &Page) -> Option<&Day> {
    page.updated.as_ref().or(page.date.as_ref())
}

/// The beginning of a day, as RFC 3339 writes it.
fn moment(day: Option<&Day>) -> String {
    format!("{}T00:00:00Z", escaped(day.map_or(NO_DAY, |day| &day.0)))
}

/// Text for XML 1.0, in an element or between double quotes; signs that XML cannot hold in any form are dropped
/// (section 2.2 of its specification).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\0'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::view::sample;

    const SITE: &str = "title: Bread & butter\ndescription: On baking.\nbase-url: https://example.org/kb/\n\
        facets: {risk: {terms: open}}\n";

    #[track_caller]
    fn check(files: &[(&str, &str)], make: impl FnOnce(&View<'_>) -> Output, path: &str, expected: &str) {
        let output = sample::with_view(files, make);
        assert_eq!(output.path, path);
        let text = sample::text(output);
        assert_eq!(text, expected);
        assert_eq!(well_formed(&text), Ok(()));
    }

    /// Whether an XML parser reads the text to its end.
    fn well_formed(xml: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Eof => return Ok(()),
                Event::Start(tag) | Event::Empty(tag) => {
                    tag.attributes().try_for_each(|one| one.map(drop)).map_err(|error| error.to_string())?;
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_sitemap_lists_every_page_with_its_last_change() {
        let files = [
            ("content/café.md", "---\nupdated: 2026-11-21\ntags: [heat]\n---\n# Café\n"),
            ("content/rye.md", "---\ndate: 2026-11-20\n---\n# Rye\n"),
            ("content/site.yaml", SITE),
        ];
        let output = sample::with_view(&files, sitemap);
        assert_eq!(output.path, "sitemap.xml");
        let text = sample::text(output);
        assert_eq!(well_formed(&text), Ok(()));
        for line in [
            "<url><loc>https://example.org/kb/</loc></url>\n",
            "<url><loc>https://example.org/kb/caf%C3%A9/</loc><lastmod>2026-11-21</lastmod></url>\n",
            "<url><loc>https://example.org/kb/risk/heat/</loc></url>\n",
            "<url><loc>https://example.org/kb/rye/</loc><lastmod>2026-11-20</lastmod></url>\n",
        ] {
            assert!(text.contains(line), "{line} is missing in {text}");
        }
    }

    #[test]
    fn a_feed_shows_the_newest_articles_first_and_none_without_a_date() {
        check(
            &[
                ("content/a.md", "# Never dated\n\nSome words.\n"),
                ("content/b.md", "---\ntitle: \"'Old' <b>\"\ndate: 2026-01-02\nsummary: Old & short.\n---\n"),
                ("content/c.md", "---\ndate: 2026-01-01\nupdated: 2026-11-21\nsummary: Flour.\n---\n# New\n"),
                ("content/site.yaml", SITE),
            ],
            |view| feed(view, None),
            "feed.xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">
<id>https://example.org/kb/</id>
<title>Bread &amp; butter</title>
<subtitle>On baking.</subtitle>
<link rel=\"self\" type=\"application/atom+xml\" href=\"https://example.org/kb/feed.xml\"/>
<link rel=\"alternate\" type=\"text/html\" href=\"https://example.org/kb/\"/>
<updated>2026-11-21T00:00:00Z</updated>
<author><name>Bread &amp; butter</name></author>
<entry>
<id>https://example.org/kb/c/</id>
<title>New</title>
<link rel=\"alternate\" type=\"text/html\" href=\"https://example.org/kb/c/\"/>
<published>2026-01-01T00:00:00Z</published>
<updated>2026-11-21T00:00:00Z</updated>
<summary>Flour.</summary>
</entry>
<entry>
<id>https://example.org/kb/b/</id>
<title>‘Old’ &lt;b&gt;</title>
<link rel=\"alternate\" type=\"text/html\" href=\"https://example.org/kb/b/\"/>
<published>2026-01-02T00:00:00Z</published>
<updated>2026-01-02T00:00:00Z</updated>
<summary>Old &amp; short.</summary>
</entry>
</feed>
",
        );
    }

    #[test]
    fn a_term_has_a_feed_of_its_articles() {
        check(
            &[
                ("content/a.md", "---\nsummary: Hot.\ndate: 2026-11-20\ntags: [Heat]\n---\n# Ovens\n"),
                ("content/b.md", "# Flour\n"),
                ("content/site.yaml", SITE),
            ],
            |view| feed(view, view.site.term_named("risk/heat")),
            "risk/heat/feed.xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">
<id>https://example.org/kb/risk/heat/</id>
<title>Bread &amp; butter: Heat</title>
<link rel=\"self\" type=\"application/atom+xml\" href=\"https://example.org/kb/risk/heat/feed.xml\"/>
<link rel=\"alternate\" type=\"text/html\" href=\"https://example.org/kb/risk/heat/\"/>
<updated>2026-11-20T00:00:00Z</updated>
<author><name>Bread &amp; butter</name></author>
<entry>
<id>https://example.org/kb/a/</id>
<title>Ovens</title>
<link rel=\"alternate\" type=\"text/html\" href=\"https://example.org/kb/a/\"/>
<published>2026-11-20T00:00:00Z</published>
<updated>2026-11-20T00:00:00Z</updated>
<summary>Hot.</summary>
<category term=\"risk/heat\" label=\"Heat\"/>
</entry>
</feed>
",
        );
    }

    #[test]
    fn a_feed_ends_after_twenty_articles() {
        let files: Vec<(String, String)> = (1..=30)
            .map(|day| (format!("content/{day:02}.md"), format!("---\ndate: 2026-11-{day:02}\n---\n# Day {day}\n")))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let xml = sample::text(sample::with_view(&files, |view| feed(view, None)));
        assert_eq!(xml.matches("<entry>").count(), ENTRIES);
        assert!(xml.contains("<title>Day 30</title>") && xml.contains("<title>Day 11</title>"));
        assert!(!xml.contains("<title>Day 10</title>"));
    }

    #[test]
    fn whatever_a_text_holds_the_xml_is_well_formed() {
        assert_eq!(escaped("a\u{0}\u{1b}\u{FFFF}b\u{85}\tc\n<&>\"'"), "ab\u{85} c &lt;&amp;&gt;&quot;'");
        for text in ["]]>", "<!--", "&#0;", "\u{7f}", "\u{b}", "\u{10FFFF}"] {
            assert_eq!(well_formed(&format!("<a b=\"{0}\">{0}</a>", escaped(text))), Ok(()), "{text:?}");
        }
    }
}
