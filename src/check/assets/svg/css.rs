//! Whether a style loads or runs something: a style sheet, or an attribute that may hold a part of one.

use std::borrow::Cow;

use super::names;
use crate::source::slice;

/// What reaches out of a style.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outward {
    /// An address of something that is not in the file.
    Link,
    /// A word that runs or loads something.
    Code(&'static str),
}

/// Words that load or run something, in browsers of today or of long ago. A word with a parenthesis is a function.
const WORDS: [&str; 9] = [
    "@import",
    "@namespace",
    "image-set(",
    "src(",
    "expression(",
    "-moz-binding",
    "javascript:",
    "vbscript:",
    "data:text",
];

/// The first thing in a style that reaches out of it.
pub(super) fn outward(css: &str) -> Option<Outward> {
    // Everything below has one of these in it.
    if !css.contains(['(', '@', ':', '\\', '-']) {
        return None;
    }
    let plain = decoded(css).to_ascii_lowercase();
    if let Some(word) = WORDS.into_iter().find(|word| plain.contains(word)) {
        return Some(Outward::Code(word));
    }
    let loads = |(at, start): (usize, &str)| {
        let target = slice(&plain, at + start.len()..).trim_start();
        let target = target.strip_prefix(['"', '\'']).unwrap_or(target);
        !(target.starts_with([')', '"', '\'']) || names::is_inside(target) || is_font(target))
    };
    plain.match_indices("url(").any(loads).then_some(Outward::Link)
}

/// A font that is in the file.
fn is_font(url: &str) -> bool {
    let kind = url.strip_prefix("data:").unwrap_or_default();
    ["font/", "application/font-", "application/x-font-", "application/vnd.ms-fontobject"]
        .iter()
        .any(|start| kind.starts_with(start))
}

/// A style without its escapes: `\75 rl(` is `url(` (CSS Syntax, section 4.3.7).
fn decoded(css: &str) -> Cow<'_, str> {
    if !css.contains('\\') {
        return Cow::Borrowed(css);
    }
    let mut plain = String::with_capacity(css.len());
    let mut rest = css.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let mut code = 0;
        let mut digits = 0;
        while let Some(digit) = rest.peek().and_then(|c| c.to_digit(16)).filter(|_| digits < 6) {
            (code, digits) = (code * 16 + digit, digits + 1);
            rest.next();
        }
        if digits > 0 {
            plain.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            if rest.next_if_eq(&'\r').is_some() {
                rest.next_if_eq(&'\n');
            } else {
                rest.next_if(char::is_ascii_whitespace);
            }
        } else {
            // An escaped end of a line in a string is nothing; anything else stands for itself.
            plain.extend(rest.next().filter(|c| !matches!(c, '\n' | '\r' | '\u{c}')));
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(css: &str, expected: Option<&Outward>) {
        assert_eq!(outward(css).as_ref(), expected, "{css}");
    }

    #[test]
    fn what_is_in_the_file_may_be_used() {
        for css in [
            "fill: url(#a); filter: url( '#b' )",
            "mask: url()",
            "background: url(data:image/png;base64,AAAA)",
            "@font-face { font-family: V; src: url('data:font/woff2;base64,d09G') format('woff2') }",
            "@media (prefers-color-scheme: dark) { .a:hover > b { fill: #fff } }",
            "font-family: 'Caf\\e9  Sans'; scroll-behavior: smooth",
        ] {
            check(css, None);
        }
    }

    #[test]
    fn what_loads_or_runs_something_is_found_in_any_disguise() {
        for css in ["fill:url(https://e.x/a)", "fill:URL( //e.x )", "a{b:\\75 rl('x.svg#a')}", "a{b:\\000075\r\nrl(a)}"]
        {
            check(css, Some(&Outward::Link));
        }
        check("@IMPORT 'https://e.x'", Some(&Outward::Code("@import")));
        check("@\\69mport 'https://e.x'", Some(&Outward::Code("@import")));
        check("background:image-set('https://e.x/a' 1x)", Some(&Outward::Code("image-set(")));
        check("width:expression(alert(1))", Some(&Outward::Code("expression(")));
        check("fill:url(data:image/svg+xml;base64,AAAA)", Some(&Outward::Link));
    }
}
