//! What open pages are told after a build, and the script that listens.
//!
//! A page is told what changed, and works out itself whether that concerns it. Every message carries the number of the
//! build, and so does every page, so that a page that missed one knows.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use serde_json::json;

use super::site::{Changes, Content, Outputs, Site};

/// Where the script and what belongs to it are served; no output of a site lies there.
pub(super) const FOLDER: &str = "/_fingerpost/";
pub(super) const SCRIPT: &str = include_str!("reload.js");
pub(super) const STYLE: &str = include_str!("reload.css");

/// How many addresses a message names; past that, a page takes itself to be among them.
const MOST_ADDRESSES: usize = 2_000;
/// How much of a report is shown in the browser; the terminal has the rest.
const LONGEST_REPORT: usize = 100_000;

/// What a build means for pages that are open.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum News {
    /// Style sheets have other addresses, and nothing else is different.
    Style(BTreeMap<String, String>),
    /// What is at these addresses is different; none: at any.
    Page(Option<BTreeSet<String>>),
    /// The content has errors, and the pages are those of the last good build.
    Errors,
    /// There are no errors any more, and no other difference.
    Good,
}

impl News {
    /// What `changes` to the outputs `served` mean, and other bytes in the outputs `copies`, which are copies of files.
    pub(super) fn of(changes: &Changes, copies: BTreeSet<String>, served: &Outputs, base: &str) -> Self {
        if changes.is_empty() && copies.is_empty() {
            return Self::Good;
        }
        if copies.is_empty()
            && let Some(swaps) = style_swaps(changes, served)
        {
            let address = |path: &str| format!("{base}{path}");
            return Self::Style(swaps.into_iter().map(|(old, new)| (address(old), address(new))).collect());
        }
        let paths = changes.paths().map(str::to_owned).chain(copies);
        let addresses: BTreeSet<String> = paths.map(|path| address(base, &path)).take(MOST_ADDRESSES + 1).collect();
        Self::Page((addresses.len() <= MOST_ADDRESSES).then_some(addresses))
    }

    /// The message, as one server-sent event.
    pub(super) fn message(&self, site: &Site, session: &str) -> Bytes {
        let build = number(site, session);
        let (event, data) = match self {
            Self::Style(swap) => ("style", json!({"build": build, "swap": swap})),
            Self::Page(changed) => ("page", json!({"build": build, "changed": changed})),
            Self::Errors => ("errors", json!({"build": build, "errors": errors(site)})),
            Self::Good => ("good", json!({"build": build})),
        };
        format!("event: {event}\ndata: {data}\n\n").into()
    }
}

/// What is told to a page that begins to listen.
pub(super) fn state(site: &Site, session: &str) -> Bytes {
    let data = json!({"build": number(site, session), "errors": errors(site)});
    format!("retry: 500\nevent: state\ndata: {data}\n\n").into()
}

/// A build's number, which no other run of the server gives.
pub(super) fn number(site: &Site, session: &str) -> String {
    format!("{session}-{}", site.build)
}

/// A page with the script that listens, if it is a whole page.
pub(super) fn inject(page: &Bytes, build: &str) -> Bytes {
    let Some(at) = std::str::from_utf8(page).ok().and_then(|text| text.find("</head>")) else { return page.clone() };
    let script = format!("<script src=\"{FOLDER}reload.js\" data-build=\"{build}\" defer></script>\n");
    [&page[..at], script.as_bytes(), &page[at..]].concat().into()
}

/// The page that stands at every address before the first build without errors.
pub(super) fn errors_page(errors: &str, build: &str) -> String {
    let errors = escape(shortened(errors));
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The content has errors</title>
<link rel="stylesheet" href="{FOLDER}reload.css">
<script src="{FOLDER}reload.js" data-build="{build}" data-errors defer></script>
</head>
<body>
<main class="report">
<h1>The content has errors</h1>
<p>Mend them, and this page will show the site.</p>
<pre id="report" tabindex="0" role="region" aria-label="Findings">{errors}</pre>
</main>
</body>
</html>
"#
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn errors(site: &Site) -> Option<&str> {
    site.errors.as_deref().map(shortened)
}

/// As many whole lines as are shown.
fn shortened(report: &str) -> &str {
    let Some(begin) = report.as_bytes().get(..LONGEST_REPORT) else { return report };
    &report[..begin.iter().rposition(|&byte| byte == b'\n').unwrap_or_default()]
}

/// The address of an output, without percent-encoding.
fn address(base: &str, path: &str) -> String {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    };
    format!("{base}{path}")
}

/// The old and the new path of every style sheet, if those are all that changed: a style sheet is named after what it
/// holds, so every page that loads it changes with it.
fn style_swaps<'a>(changes: &'a Changes, served: &'a Outputs) -> Option<BTreeMap<&'a str, &'a str>> {
    let mut swaps = BTreeMap::new();
    for old in changes.gone.iter().filter(|old| !is_for_programs(old)) {
        let stem = unhashed(old)?;
        let new = changes.put.keys().find(|new| unhashed(new) == Some(stem) && !served.contains_key(*new))?;
        swaps.insert(old.as_str(), new.as_str());
    }
    let is_new = |path: &str| swaps.values().any(|new| *new == path);
    let others = changes.put.iter().filter(|(path, _)| !is_new(path));
    let only = |(path, content): (&String, &Content)| {
        path == "_headers"
            || is_for_programs(path)
            || match (served.get(path), content) {
                (Some(Content::Bytes(old)), Content::Bytes(new)) => differ_by(old, new, &swaps),
                _ => false,
            }
    };
    let fits = !swaps.is_empty() && others.into_iter().all(only);
    fits.then_some(swaps)
}

/// Whether an output is what no page shows, and so may be of an earlier build until it is quiet.
fn is_for_programs(path: &str) -> bool {
    crate::search::is_part(path)
        || matches!(path, "site.json" | "site.schema.json" | "llms.txt" | "llms-full.txt" | "sitemap.xml")
        || path.ends_with("feed.xml")
}

/// `assets/site` of `assets/site.03f481bafa.css`.
fn unhashed(path: &str) -> Option<&str> {
    let (stem, hash) = path.strip_prefix("assets/")?.strip_suffix(".css")?.rsplit_once('.')?;
    hash.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(stem)
}

/// Whether `old` becomes `new` by putting the new paths in the places of the old ones, which are as long.
fn differ_by(old: &[u8], new: &[u8], swaps: &BTreeMap<&str, &str>) -> bool {
    if old.len() != new.len() {
        return false;
    }
    let mut from = 0;
    while let Some(at) = first_difference(&old[from..], &new[from..]).map(|at| from + at) {
        let swap = swaps.iter().find_map(|(a, b)| {
            let start = at.checked_sub(first_difference(a.as_bytes(), b.as_bytes())?)?;
            (old[start..].starts_with(a.as_bytes()) && new[start..].starts_with(b.as_bytes()))
                .then_some(start + a.len())
        });
        let Some(end) = swap else { return false };
        from = end;
    }
    true
}

fn first_difference(a: &[u8], b: &[u8]) -> Option<usize> {
    const CHUNK: usize = 256;
    let chunks = a.chunks(CHUNK).zip(b.chunks(CHUNK));
    let chunk = chunks.enumerate().find(|(_, (a, b))| a != b);
    let (number, (a, b)) = chunk?;
    a.iter().zip(b).position(|(a, b)| a != b).map(|at| number * CHUNK + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(files: &[(&str, &str)]) -> Vec<(String, Content)> {
        files.iter().map(|(path, text)| ((*path).to_owned(), Content::Bytes((*text).to_owned().into()))).collect()
    }

    /// What it means that `served` became `now`.
    #[track_caller]
    fn check(served: &[(&str, &str)], now: &[(&str, &str)], expected: &News) {
        let served: Outputs = outputs(served).into_iter().collect();
        let now = outputs(now);
        let mut gone: Vec<String> = served.keys().cloned().collect();
        gone.retain(|path| now.iter().all(|(other, _)| other != path));
        let put = now.into_iter().filter(|(path, content)| served.get(path) != Some(content)).collect();
        assert_eq!(&News::of(&Changes { put, gone }, BTreeSet::new(), &served, "/kb/"), expected);
    }

    fn page(addresses: &[&str]) -> News {
        News::Page(Some(addresses.iter().map(|&address| address.to_owned()).collect()))
    }

    const OLD: (&str, &str) = ("assets/site.aaaaaaaaaa.css", "a{}");
    const NEW: (&str, &str) = ("assets/site.aabbbbbbbb.css", "b{}");

    #[test]
    fn pages_that_differ_by_the_name_of_a_style_sheet_keep_standing() {
        let swap = News::Style(BTreeMap::from([(format!("/kb/{}", OLD.0), format!("/kb/{}", NEW.0))]));
        let old = "<link href=\"/kb/assets/site.aaaaaaaaaa.css\">one";
        let new = "<link href=\"/kb/assets/site.aabbbbbbbb.css\">one";
        check(&[OLD, ("a/index.html", old)], &[NEW, ("a/index.html", new)], &swap);
        check(&[OLD, ("_headers", "x")], &[NEW, ("_headers", "y")], &swap);
        let other = new.replace("one", "two");
        let all = page(&["/kb/a/", "/kb/assets/site.aaaaaaaaaa.css", "/kb/assets/site.aabbbbbbbb.css"]);
        check(&[OLD, ("a/index.html", old)], &[NEW, ("a/index.html", &other)], &all);
    }

    #[test]
    fn a_style_sheet_or_page_that_is_new_is_no_swap() {
        check(&[], &[NEW], &page(&["/kb/assets/site.aabbbbbbbb.css"]));
        let more = page(&["/kb/assets/site.aaaaaaaaaa.css", "/kb/assets/site.aabbbbbbbb.css", "/kb/b/"]);
        check(&[OLD], &[NEW, ("b/index.html", "")], &more);
        check(&[("assets/site.aaaaaaaaaa.js", "")], &[], &page(&["/kb/assets/site.aaaaaaaaaa.js"]));
    }

    #[test]
    fn pages_are_named_by_their_addresses() {
        check(
            &[],
            &[("index.html", ""), ("a b/index.html", ""), ("c.md", "")],
            &page(&["/kb/", "/kb/a b/", "/kb/c.md"]),
        );
        check(&[("a/index.html", "")], &[], &page(&["/kb/a/"]));
        check(&[("a/index.html", "")], &[("a/index.html", "")], &News::Good);
    }

    #[test]
    fn a_message_is_one_event_whatever_a_report_says() {
        let mut site = Site::default();
        site.errors = Some("one\n\ndata: two".to_owned());
        let message = News::Errors.message(&site, "s");
        assert_eq!(message, "event: errors\ndata: {\"build\":\"s-0\",\"errors\":\"one\\n\\ndata: two\"}\n\n");
    }

    #[test]
    fn the_script_goes_into_whole_pages_only() {
        let inject = |text: &'static str| inject(&Bytes::from(text), "s-1");
        assert_eq!(inject("<p>part</p>"), "<p>part</p>");
        let script = "<script src=\"/_fingerpost/reload.js\" data-build=\"s-1\" defer></script>\n";
        assert_eq!(inject("<head></head></head>"), format!("<head>{script}</head></head>"));
    }

    #[test]
    fn a_report_in_a_page_is_text() {
        assert!(errors_page("<script>&", "s-0").contains(">&lt;script&gt;&amp;</pre>"));
    }
}
