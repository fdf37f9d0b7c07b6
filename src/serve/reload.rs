//! What open pages are told after an edit, and the script that listens.
//!
//! A page says which address it shows and a hash of the bytes that it was made of. After an edit that page is rendered
//! again, and told to load anew if its bytes are others; so is a page that missed an edit, when it listens again.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use super::site::{Answer, Content, Problems};
use crate::hash::Hash;
use crate::source::slice;

/// Where the script and what belongs to it are served; no output of a site lies there.
pub(super) const FOLDER: &str = "/_fingerpost/";
/// The list of all findings, in that folder.
pub(super) const FINDINGS: &str = "findings";
pub(super) const SCRIPT: &str = include_str!("reload.js");
pub(super) const STYLE: &str = include_str!("reload.css");

/// How much of a report is shown in the browser; the terminal has the rest.
const MAX_REPORT: usize = 100_000;

/// What an open page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageState {
    /// What it was made of; nothing where that is not known.
    bytes: Bytes,
    /// A hash of that.
    pub(super) hash: String,
}

impl PageState {
    /// What a browser shows of an answer.
    pub(super) fn of(answer: &Answer) -> Self {
        let bytes = match answer {
            Answer::Found(_, Content::Bytes(bytes)) | Answer::Missing(Some((_, Content::Bytes(bytes)))) => {
                bytes.clone()
            }
            // It may be another at any time, and nobody needs to know what it is.
            Answer::Found(_, Content::Copy(path)) | Answer::Missing(Some((_, Content::Copy(path)))) => {
                path.clone().into()
            }
            Answer::Missing(None) | Answer::Interrupted => Bytes::new(),
            Answer::Folder(to) | Answer::Moved(to) | Answer::Outside(to) => format!("to {to}").into(),
            Answer::Failed(findings) => findings.clone().into(),
        };
        Self { hash: format!("{:016x}", Hash::of(&bytes).value()), bytes }
    }
}

/// What an edit means for one open page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Update {
    /// The page is another.
    Page,
    /// Style sheets have other addresses, and nothing else of the page is different.
    Style(BTreeMap<String, String>),
    /// The page is as it was; files that it may have loaded are others.
    Files(Vec<String>),
    /// The page is as it was.
    Nothing,
}

impl Update {
    /// What it means that a page showed `then` and is `now`, that style sheets have others `swaps` in their places, and
    /// that the files at the addresses `files` are others.
    pub(super) fn of(then: &PageState, now: &PageState, swaps: &BTreeMap<String, String>, files: &[String]) -> Self {
        if then.hash == now.hash {
            return if files.is_empty() { Self::Nothing } else { Self::Files(files.to_vec()) };
        }
        if !swaps.is_empty() && files.is_empty() && swapped(&then.bytes, swaps).as_deref() == Some(&*now.bytes) {
            return Self::Style(swaps.clone());
        }
        Self::Page
    }

    /// The message, as one server-sent event; `problems` are those that stand now.
    pub(super) fn message(&self, now: &PageState, problems: Option<&Problems>) -> Bytes {
        let (event, more) = match self {
            Self::Page => ("page", None),
            Self::Style(swap) => ("style", Some(("swap", json!(swap)))),
            Self::Files(changed) => ("files", Some(("changed", json!(changed)))),
            Self::Nothing => ("state", None),
        };
        self::event(event, now, problems, more)
    }
}

/// What is told to a page that begins to listen.
pub(super) fn state(now: &PageState, problems: Option<&Problems>) -> Bytes {
    ["retry: 500\n".as_bytes(), &event("state", now, problems, None)].concat().into()
}

fn event(name: &str, now: &PageState, problems: Option<&Problems>, more: Option<(&str, Value)>) -> Bytes {
    let problems = problems.map(|problems| json!({ "count": problems.count, "first": problems.first }));
    let known = [("shown", json!(now.hash)), ("problems", json!(problems))];
    let data: Value = more.into_iter().chain(known).collect();
    format!("event: {name}\ndata: {data}\n\n").into()
}

/// The bytes of a page with other style sheets.
fn swapped(page: &[u8], swaps: &BTreeMap<String, String>) -> Option<Vec<u8>> {
    let mut page = std::str::from_utf8(page).ok()?.to_owned();
    for (old, new) in swaps {
        page = page.replace(old, new);
    }
    Some(page.into_bytes())
}

/// A page with the script that listens, if it is a whole page.
pub(super) fn inject(page: &Bytes, shown: &PageState) -> Bytes {
    let text = std::str::from_utf8(page).ok();
    let halves = text.and_then(|text| text.split_at_checked(text.find("</head>")?));
    let Some((head, rest)) = halves else { return page.clone() };
    let script = format!("<script src=\"{FOLDER}reload.js\" data-shown=\"{}\" defer></script>\n", shown.hash);
    [head, &script, rest].concat().into()
}

/// A page that shows findings: the list that the bar leads to, or in the place of a page that cannot be made.
pub(super) fn findings_page(title: &str, findings: &str, shown: &PageState) -> String {
    let (title, findings, hash) = (escape(title), escape(shortened(findings)), &shown.hash);
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{FOLDER}reload.css">
<script src="{FOLDER}reload.js" data-shown="{hash}" data-list defer></script>
</head>
<body>
<main class="report">
<h1>{title}</h1>
<p>This page follows your edits.</p>
<pre tabindex="0" role="region" aria-label="Findings">{findings}</pre>
</main>
</body>
</html>
"#
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// As many whole lines as are shown.
fn shortened(report: &str) -> &str {
    let Some(begin) = report.as_bytes().get(..MAX_REPORT) else { return report };
    slice(report, ..begin.iter().rposition(|&byte| byte == b'\n').unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(page: &str) -> PageState {
        PageState::of(&Answer::Found("index.html".to_owned(), Content::Bytes(page.to_owned().into())))
    }

    fn swaps() -> BTreeMap<String, String> {
        BTreeMap::from([("/site.a.css".to_owned(), "/site.b.css".to_owned())])
    }

    #[track_caller]
    fn check(then: &str, now: &str, swaps: &BTreeMap<String, String>, files: &[&str], expected: &Update) {
        let files: Vec<String> = files.iter().map(|&file| file.to_owned()).collect();
        assert_eq!(Update::of(&shown(then), &shown(now), swaps, &files), *expected);
    }

    #[test]
    fn pages_whose_bytes_are_the_same_need_not_load_again() {
        check("one", "one", &BTreeMap::new(), &[], &Update::Nothing);
        check("one", "one", &BTreeMap::new(), &["/p.png"], &Update::Files(vec!["/p.png".to_owned()]));
        check("one", "two", &BTreeMap::new(), &[], &Update::Page);
    }

    #[test]
    fn pages_that_differ_by_a_style_sheet_keep_standing() {
        check("<link href=/site.a.css>one", "<link href=/site.b.css>one", &swaps(), &[], &Update::Style(swaps()));
        check("<link href=/site.a.css>one", "<link href=/site.b.css>two", &swaps(), &[], &Update::Page);
        check("<link href=/site.a.css>one", "<link href=/site.b.css>one", &swaps(), &["/p.png"], &Update::Page);
    }

    #[test]
    fn a_message_is_one_event_whatever_a_finding_says() {
        let problems = Problems { count: "1 error".to_owned(), first: "one\n\ndata: two".to_owned() };
        let message = Update::Page.message(&shown(""), Some(&problems));
        let hash = shown("").hash;
        let data = format!(r#"{{"problems":{{"count":"1 error","first":"one\n\ndata: two"}},"shown":"{hash}"}}"#);
        assert_eq!(message, format!("event: page\ndata: {data}\n\n"));
    }

    #[test]
    fn the_script_goes_into_whole_pages_only() {
        let inject = |text: &'static str| inject(&Bytes::from(text), &shown(""));
        assert_eq!(inject("<p>part</p>"), "<p>part</p>");
        let script =
            format!("<script src=\"/_fingerpost/reload.js\" data-shown=\"{}\" defer></script>\n", shown("").hash);
        assert_eq!(inject("<head></head></head>"), format!("<head>{script}</head></head>"));
    }

    #[test]
    fn findings_in_a_page_are_text() {
        assert!(findings_page("a", "<script>&", &shown("")).contains(">&lt;script&gt;&amp;</pre>"));
    }
}
