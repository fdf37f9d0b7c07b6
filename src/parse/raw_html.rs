//! Raw HTML in Markdown: what is a comment, and which tags `html: sanitise` lets through.
//!
//! A strict grammar rather than a sanitiser: a tag passes only if it is spelt exactly `<name>` or `</name>` with a name
//! of the list. All else is shown as text, so there is nothing that a browser could read differently from us.

use std::borrow::Cow;
use std::ops::Range;

use crate::source::slice;

/// The tags that `html: sanitise` lets through, always without attributes.
const HARMLESS: [&str; 22] = [
    "abbr", "b", "br", "cite", "dd", "del", "details", "dfn", "dl", "dt", "em", "i", "ins", "kbd", "mark", "q", "s",
    "samp", "strong", "sub", "summary", "sup",
];

/// An id has at most so many characters, so that a quotation mark that is never closed is not looked for to the end.
const MAX_ID: usize = 1_000;

/// A harmless tag has at most so many bytes between its brackets, for the same reason.
const MAX_TAG: usize = 32;

/// A stretch of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A harmless tag that opens (or stands alone, as `<br>`).
    Open(&'static str),
    /// A harmless tag that closes.
    Close(&'static str),
    /// Anything else, to be shown as text.
    Text(&'a str),
}

/// Where the comments of a stretch of raw HTML stand, which are meant for editors and never shown. One that nothing closes
/// ends with the stretch. In scripts and the like there are none.
pub(crate) fn comments(html: &str) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let begins = |name: &str| html.get(1..=name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    if html.starts_with('<') && ["script", "style", "pre", "textarea"].into_iter().any(begins) {
        return comments;
    }
    let mut at = 0;
    while let Some(open) = slice(html, at..).find("<!--").map(|found| at + found) {
        let inside = slice(html, open + 4..);
        // `<!-->` and `<!--->` are whole (CommonMark 0.31, section 6.6).
        let is_whole = inside.strip_prefix('-').unwrap_or(inside).starts_with('>');
        let end = if is_whole { ">" } else { "-->" };
        let length = inside.find(end).map(|at| at + end.len());
        at = length.map_or(html.len(), |length| open + 4 + length);
        comments.push(open..at);
    }
    comments
}

/// Raw HTML without its comments.
pub(crate) fn without_comments(html: &str) -> Cow<'_, str> {
    let comments = comments(html);
    if comments.is_empty() {
        return Cow::Borrowed(html);
    }
    let ends = comments.iter().map(|comment| comment.end);
    let starts = comments.iter().map(|comment| comment.start).chain([html.len()]);
    std::iter::once(0).chain(ends).zip(starts).map(|(from, to)| slice(html, from..to)).collect()
}

/// Whether every tag in it is harmless.
pub(crate) fn is_harmless(html: &str) -> bool {
    pieces(html).iter().all(|piece| !matches!(piece, Piece::Text(text) if text.contains('<')))
}

/// The ids and anchor names that tags set: `<a id="x">`, `<a name="x">`.
pub(crate) fn ids(html: &str) -> Vec<String> {
    let attribute = |name: &'static str| {
        html.match_indices(name).filter_map(move |(at, _)| {
            let rest = slice(html, at + name.len()..).trim_start().strip_prefix('=')?.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let value = rest.strip_prefix(quote)?;
            let (end, _) = value.char_indices().take(MAX_ID).find(|&(_, c)| c == quote)?;
            Some(slice(value, ..end))
        })
    };
    attribute(" id").chain(attribute(" name")).map(str::to_owned).collect()
}

/// Elements without an end, and those whose end HTML lets authors leave out (HTML, sections 13.1.2 and 13.1.2.4).
const UNPAIRED: [&str; 35] = [
    "area", "base", "body", "br", "caption", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img",
    "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rb", "rp", "rt", "rtc", "source", "tbody",
    "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Elements whose content is no markup until they end.
const RAW_TEXT: [&str; 4] = ["script", "style", "textarea", "title"];

/// So many tags in each other are followed.
const MAX_OPEN: usize = 100;

/// The tags of raw HTML that are open.
#[derive(Default)]
pub(crate) struct OpenTags {
    open: Vec<(String, usize)>,
    /// Those that were open when one around them closed.
    unclosed: Vec<(String, usize)>,
}

impl OpenTags {
    /// Reads a stretch of raw HTML that begins at the byte `start` of a file.
    pub(crate) fn read(&mut self, html: &str, start: usize) {
        let mut at = 0;
        while let Some(open) = slice(html, at..).find('<').map(|found| at + found) {
            let rest = slice(html, open + 1..);
            at = open + 1;
            if rest.starts_with("!--") {
                let Some(end) = rest.find("-->") else { return };
                at += end;
                continue;
            }
            let (rest, closes) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
            let name =
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').map_or(rest, |end| slice(rest, ..end));
            let name = name.to_ascii_lowercase();
            if !name.starts_with(|c: char| c.is_ascii_lowercase()) || UNPAIRED.contains(&name.as_str()) {
                continue;
            }
            let end = rest.find(['>', '<']).unwrap_or(rest.len());
            if closes {
                if let Some(known) = self.open.iter().rposition(|(open, _)| *open == name) {
                    self.unclosed.extend(self.open.drain(known..).skip(1));
                }
            } else if !slice(rest, ..end).ends_with('/') && self.open.len() < MAX_OPEN {
                if RAW_TEXT.contains(&name.as_str()) {
                    let Some(end) = rest.find(&format!("</{name}")) else { return };
                    at += end;
                } else {
                    self.open.push((name, start + open));
                }
            }
        }
    }

    /// Those that nothing closed: their names, and the bytes at which they begin.
    pub(crate) fn unclosed(self) -> impl Iterator<Item = (String, usize)> {
        self.unclosed.into_iter().chain(self.open)
    }
}

/// Cuts raw HTML without comments into harmless tags and text.
pub(crate) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut text = 0;
    let mut at = 0;
    while let Some(open) = slice(html, at..).find('<').map(|i| at + i) {
        at = open + 1;
        let length = slice(html, at..).bytes().take(MAX_TAG).position(|byte| byte == b'>');
        let Some((close, tag)) = length.and_then(|length| Some((at + length, tag(slice(html, at..at + length))?)))
        else {
            continue;
        };
        if text < open {
            pieces.push(Piece::Text(slice(html, text..open)));
        }
        pieces.push(tag);
        at = close + 1;
        text = at;
    }
    if text < html.len() {
        pieces.push(Piece::Text(slice(html, text..)));
    }
    pieces
}

fn tag(inner: &str) -> Option<Piece<'static>> {
    let (name, closes) = inner.strip_prefix('/').map_or((inner, false), |name| (name, true));
    let name = name.strip_suffix('/').filter(|_| !closes).unwrap_or(name).trim_end().to_ascii_lowercase();
    let known = HARMLESS.iter().find(|known| **known == name)?;
    Some(if closes { Piece::Close(known) } else { Piece::Open(known) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_with_an_attribute_is_text() {
        let expected = [Piece::Open("b"), Piece::Text("x"), Piece::Close("b"), Piece::Text("<b onclick=x>")];
        assert_eq!(pieces("<B>x</b><b onclick=x>"), expected);
        assert!(!is_harmless("<script>"));
        assert!(is_harmless("<details><summary>More</summary>"));
    }

    /// The tags that are open after some HTML, with their places.
    #[track_caller]
    fn check_open(html: &str, expected: &[(&str, usize)]) {
        let mut open = OpenTags::default();
        open.read(html, 100);
        let open: Vec<(String, usize)> = open.unclosed().collect();
        assert_eq!(open.iter().map(|(name, at)| (name.as_str(), *at)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_nothing_closes_stays_open() {
        check_open("<div><b>x</b>", &[("div", 100)]);
        check_open("<B class='x'>x</b><br><img src=a><p>y<li>z</div>", &[]);
        check_open("<svg><path d='M0'/></svg><details open>", &[("details", 125)]);
        check_open("<!-- <b> --><script>if (a<b) {}</script>1 < 2 <3", &[]);
        check_open("<i><u></i><s>", &[("u", 103), ("s", 110)]);
        check_open(&"<b>".repeat(300_000), &(0..100).map(|at| ("b", 100 + at * 3)).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_never_closed_is_text_and_costs_no_more_than_its_length() {
        for part in ["<", "<b", "</i>", "<b><"] {
            let html = part.repeat(200_000);
            let text = pieces(&html).into_iter().map(|piece| match piece {
                Piece::Text(text) => text.len(),
                Piece::Open(name) => name.len() + 2,
                Piece::Close(name) => name.len() + 3,
            });
            assert_eq!(text.sum::<usize>(), html.len(), "{part}");
        }
        assert_eq!(ids(&" id='".repeat(200_000)).len(), 199_999);
    }

    #[test]
    fn comments_are_taken_out() {
        assert_eq!(without_comments("<!-- a\nb -->\n"), "\n");
        assert_eq!(without_comments("<!-- a --> after <b><!---->"), " after <b>");
        assert_eq!(without_comments("<!-->x<!--->y<!-- never"), "xy");
        assert_eq!(without_comments("<script><!-- x --></script>"), "<script><!-- x --></script>");
        assert_eq!(without_comments(&"<!--".repeat(300_000)), "");
    }
}
