//! Addresses: where a page lives, as a path below the site's root.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;

use crate::parse::CONTENT;

/// A path such as `/a/b/`, decoded, in Unicode's composed form; it begins with a slash and never holds `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Address(String);

impl Address {
    /// The address of the folder that these parts name; each is lower-cased, with hyphens for spaces.
    pub(crate) fn of_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut path = String::from("/");
        for part in parts {
            let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
            let part = if part.bytes().all(plain) { Cow::Borrowed(part) } else { Cow::Owned(segment(part)) };
            if !part.is_empty() {
                path.push_str(&part);
                path.push('/');
            }
        }
        Self(path)
    }

    /// The address of a content file: `content/a/B c.md` is `/a/b-c/`, an index file its folder's.
    pub(crate) fn of_file(path: &str, is_index: bool) -> Self {
        let path = path.strip_prefix(CONTENT).unwrap_or(path);
        let path = path.strip_suffix(".md").unwrap_or(path);
        let mut parts: Vec<&str> = path.split('/').collect();
        if is_index {
            parts.pop();
        }
        Self::of_parts(parts)
    }

    /// An address that an author wrote, percent-decoded; none where it is not a plain path from the root.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let decoded: String = percent_decoded(path)?.nfc().collect();
        let plain = decoded.starts_with('/')
            && !decoded.contains("//")
            && !decoded.contains('\\')
            && !decoded.chars().any(|c| c.is_control() || c.is_whitespace())
            && decoded.split('/').all(|part| part != "." && part != "..");
        plain.then_some(Self(decoded))
    }

    /// The path, decoded.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The path as it is written in links: percent-encoded where a URL asks for it (RFC 3986, section 3.3).
    pub(crate) fn encoded(&self) -> String {
        encode_path(&self.0)
    }

    /// The file that a server gives at this address: `a/b/index.html`, or `a.html` where the address names a page's
    /// file.
    pub(crate) fn file(&self) -> String {
        let path = self.0.trim_start_matches('/');
        if path.is_empty() || path.ends_with('/') {
            return format!("{path}index.html");
        }
        let is_file = path.strip_suffix(".html").is_some_and(|stem| !stem.is_empty());
        if is_file { path.to_owned() } else { format!("{path}/index.html") }
    }
}

/// One part of an address: lower case, hyphens for spaces, letters of any script kept. Signs that no file system or
/// URL can hold in a name become hyphens too, and a part of dots alone is dropped.
pub(crate) fn segment(name: &str) -> String {
    let name: String = folded(name)
        .chars()
        .map(|c| if c.is_whitespace() || c.is_control() || "\\/:*?\"<>|%#".contains(c) { '-' } else { c })
        .collect();
    name.trim_end_matches('.').to_owned()
}

/// Whether a character changes the direction of the text around it, or ends its line.
pub(crate) fn turns_text(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// What is wrong with a name, in a path, that hosts and file systems read in more than one way.
pub(crate) fn mistake_in_name(name: &str) -> Option<&'static str> {
    if name.ends_with('.') {
        Some("ends with a dot")
    } else if name.ends_with(char::is_whitespace) {
        Some("ends with a space")
    } else if name.contains('\\') {
        Some("holds a backslash")
    } else if name.contains(|c: char| c.is_control() || c == '\u{FEFF}' || turns_text(c)) {
        Some("holds a control character")
    } else {
        None
    }
}

/// Whether a file on Windows can have this name, which must not be that of a device, whatever its extension ("Naming
/// Files, Paths, and Namespaces").
pub(crate) fn is_windows_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let numbered = |port: &str| matches!(stem.strip_prefix(port).map(str::as_bytes), Some([b'1'..=b'9']));
    let is_device = matches!(&*stem, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt");
    !is_device && !name.contains([':', '*', '?', '"', '<', '>', '|'])
}

/// In lower case and Unicode's composed form.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.nfc().flat_map(char::to_lowercase).nfc().collect() }
}

/// Whether a byte stands for itself in the path of a link.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'(' | b')' | b'*')
        || matches!(byte, b'+' | b',' | b';' | b'=' | b':' | b'@')
}

/// Percent-encodes a path for use in a link.
pub(crate) fn encode_path(path: &str) -> String {
    encoded(path, is_plain)
}

/// Percent-encodes a value of a query: all but what stands for itself everywhere (RFC 3986, section 2.3).
pub(crate) fn encode_query_value(text: &str) -> String {
    encoded(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

fn encoded(text: &str, is_plain: impl Fn(u8) -> bool) -> String {
    if text.bytes().all(&is_plain) {
        return text.to_owned();
    }
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            _ if is_plain(byte) => encoded.push(byte as char),
            _ => write!(encoded, "%{byte:02X}").expect("writing to a string cannot fail"),
        }
    }
    encoded
}

/// Undoes percent-encoding; none where the result is not UTF-8.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = (byte == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let code = code.and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(code.unwrap_or(byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &str) {
        let address = Address::of_file(path, path.ends_with("index.md"));
        assert_eq!(address.as_str(), expected);
        assert_eq!(Address::parse(address.as_str()), Some(address), "an address reads back as itself");
    }

    #[track_caller]
    fn check_name(name: &str, mistake: Option<&str>) {
        assert_eq!(mistake_in_name(name), mistake, "{name:?}");
    }

    #[test]
    fn a_name_is_one_to_every_system() {
        check_name("page.html.", Some("ends with a dot"));
        check_name("..", Some("ends with a dot"));
        check_name("a.txt\u{a0}", Some("ends with a space"));
        check_name("a\\b", Some("holds a backslash"));
        check_name("a\u{7}b", Some("holds a control character"));
        check_name("a\u{202e}gpj.exe", Some("holds a control character"));
        for name in ["a.png", "a b..png", "می\u{200c}خواهم.png", ".well-known"] {
            check_name(name, None);
        }
    }

    #[test]
    fn names_are_kept_in_lower_case_with_hyphens() {
        check("content/a/B c.md", "/a/b-c/");
        check("content/index.md", "/");
        check("content/Über uns/index.md", "/über-uns/");
        check("content/製品/v1.2.md", "/製品/v1.2/");
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_address() {
        check("content/u\u{308}.md", "/ü/");
    }

    #[test]
    fn an_alias_never_leaves_the_site() {
        for text in ["old/", "//e.x/", "/a/../../b", "/a/%2e%2e/b", "/a\\b", "/a b", "https://e.x/", "/a%0Ab"] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
        assert_eq!(Address::parse("/caf%C3%A9/").expect("a path").as_str(), "/café/");
    }

    #[test]
    fn a_value_of_a_query_reads_back_as_itself() {
        let text = "About https://e.x/a?b=c&d#e “f” 100 %+\n";
        let encoded = encode_query_value(text);
        assert!(!encoded.contains(['/', ':', '?', '=', '&', '#', '+', ' ', '\n']), "{encoded}");
        assert_eq!(percent_decoded(&encoded).as_deref(), Some(text));
    }

    #[test]
    fn a_link_is_encoded_and_a_file_is_not() {
        let address = Address::of_parts(["café"]);
        assert_eq!(address.encoded(), "/caf%C3%A9/");
        assert_eq!(address.file(), "café/index.html");
        assert_eq!(Address::parse("/old.html").expect("a path").file(), "old.html");
    }
}
