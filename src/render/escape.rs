//! Text made safe for the place in HTML where it goes.

use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};

use crate::parse::scheme_allowed;

/// Text for an attribute between double quotes.
pub(crate) fn attribute(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape_html(&mut escaped, text).expect("writing to a string cannot fail");
    escaped
}

/// Text for an element.
pub(crate) fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape_html_body_text(&mut escaped, text).expect("writing to a string cannot fail");
    escaped
}

/// An address for `href` or `src` between double quotes; none of a scheme that is not allowed, whoever has checked it.
pub(crate) fn href(url: &str) -> Option<String> {
    let mut escaped = String::with_capacity(url.len());
    escape_href(&mut escaped, url).expect("writing to a string cannot fail");
    scheme_allowed(url).then_some(escaped)
}

/// An id as a link's fragment: percent-encoded, safe in an attribute.
pub(crate) fn fragment(id: &str) -> String {
    let mut encoded = String::with_capacity(id.len());
    escape_href(&mut encoded, id).expect("writing to a string cannot fail");
    encoded.replace('#', "%23")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_another_scheme_is_written() {
        for (url, written) in [
            ("/a/?b=c&d", Some("/a/?b=c&amp;d")),
            ("mailto:a@example.org", Some("mailto:a@example.org")),
            ("https://example.org/\"", Some("https://example.org/%22")),
            ("javascript:alert(1)", None),
            (" java\nscript:alert(1)", None),
            ("data:text/html,x", None),
        ] {
            assert_eq!(href(url).as_deref(), written, "{url}");
        }
    }
}
