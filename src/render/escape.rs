//! Text made safe for the place in HTML where it goes.

use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};

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

/// An id as a link's fragment: percent-encoded, safe in an attribute.
pub(crate) fn fragment(id: &str) -> String {
    let mut encoded = String::with_capacity(id.len());
    escape_href(&mut encoded, id).expect("writing to a string cannot fail");
    encoded.replace('#', "%23")
}
