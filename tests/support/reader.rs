//! What a browser and other programs make of outputs: pages read by a tokenizer of HTML, and what nothing in them may be.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "outputs have lower-case names")]

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, Error, Token, Tokenizer};
use unicode_normalization::UnicodeNormalization as _;

/// A page as a browser's tokenizer reads it.
#[derive(Debug, Default)]
pub struct Page {
    pub tags: Vec<(String, BTreeMap<String, String>)>,
    /// All texts, one after the other, as readers see them.
    pub text: String,
    /// What the standard calls an error.
    pub errors: Vec<Error>,
    /// End tags that end nothing, and tags that nothing ends.
    pub unbalanced: Vec<String>,
}

/// Elements without an end tag.
const VOID: [&str; 8] = ["meta", "link", "br", "hr", "img", "input", "path", "use"];

impl Page {
    pub fn read(html: &str) -> Self {
        let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("HTML is UTF-8");
        let (mut page, mut open, mut text) = (Self::default(), Vec::new(), String::new());
        // As in a browser, what a script or a style holds is no HTML.
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(html, emitter) {
            match token.expect("a string can always be read") {
                Token::StartTag(tag) => {
                    let name = string(&tag.name);
                    let attributes = tag.attributes.iter().map(|(name, value)| (string(name), string(value)));
                    page.tags.push((name.clone(), attributes.collect()));
                    if !VOID.contains(&name.as_str()) && !tag.self_closing {
                        open.push(name);
                    }
                }
                Token::EndTag(tag) => {
                    let name = string(&tag.name);
                    match open.pop() {
                        Some(last) if last == name => {}
                        other => page.unbalanced.push(format!("</{name}> in {other:?}")),
                    }
                }
                Token::String(_) if open.last().is_some_and(|name| matches!(name.as_str(), "script" | "style")) => {}
                Token::String(more) => text.push_str(&string(&more)),
                Token::Error(error) => page.errors.push(*error),
                Token::Comment(_) | Token::Doctype(_) => {}
            }
        }
        page.unbalanced.extend(open);
        page.text = words(&text);
        page
    }

    pub fn says(&self, text: &str) -> bool {
        self.text.contains(&words(text))
    }

    pub fn has(&self, tag: &str, attribute: &str, value: &str) -> bool {
        let mut tags = self.tags.iter().filter(|(name, _)| name == tag);
        tags.any(|(_, attributes)| attributes.get(attribute).is_some_and(|found| words(found) == words(value)))
    }
}

/// Whether nothing in it can run: no script but the theme's, no handler, no scheme beside the harmless ones.
pub fn check_harmless(path: &str, html: &str) -> Page {
    let page = Page::read(html);
    for (name, attributes) in &page.tags {
        // A block of data is not run.
        let data = attributes.get("type").is_some_and(|kind| kind == "application/ld+json") && attributes.len() == 1;
        let theme = data || attributes.get("src").is_some_and(|src| src.contains("/assets/"));
        // Forms are the theme's search, which asks this site: on every page, and where a page is missing.
        let search = (attributes.get("role").is_some_and(|role| role == "search")
            || attributes.get("class").is_some_and(|class| class == "seek-words"))
            && attributes.get("action").is_some_and(|action| action.starts_with('/') && action.ends_with("/search/"));
        let runs = matches!(name.as_str(), "iframe" | "object" | "embed" | "base" | "style" | "math")
            || (name == "form" && !search);
        assert!(!runs && (name != "script" || theme), "{path}: <{name}> with {attributes:?} in\n{html}");
        for (key, value) in attributes {
            let handler = key.starts_with("on") || matches!(key.as_str(), "style" | "srcdoc" | "formaction");
            assert!(!handler, "{path}: <{name} {key}={value:?}> in\n{html}");
            // Pages at old addresses send readers on: `<meta http-equiv="refresh" content="0; url=…">`.
            let onward = value.split_once("url=").map(|(_, url)| url).filter(|_| attributes.contains_key("http-equiv"));
            if let Some(url) =
                matches!(key.as_str(), "href" | "src" | "action" | "xlink:href").then_some(&**value).or(onward)
            {
                assert!(is_harmless(url), "{path}: <{name} {key}={value:?}> in\n{html}");
            }
        }
    }
    page
}

/// Whether a browser takes it for an address without a scheme, or with one that cannot run.
pub fn is_harmless(url: &str) -> bool {
    let url: String = url.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let url = url.trim_start_matches(|c| c <= ' ').to_ascii_lowercase();
    let Some((scheme, _)) = url.split_once(':') else { return true };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    !is_scheme || matches!(scheme, "http" | "https" | "mailto" | "tel")
}

/// Errors that only say which letters a text holds.
pub fn is_grave(error: Error) -> bool {
    !matches!(
        error,
        Error::ControlCharacterInInputStream
            | Error::NoncharacterInInputStream
            | Error::UnexpectedNullCharacter
            | Error::ControlCharacterReference
            | Error::NoncharacterCharacterReference
    )
}

/// A page is sound where it has no error and every element ends in its place.
pub fn check_sound(path: &str, html: &str) {
    let page = check_harmless(path, html);
    let errors: Vec<Error> = page.errors.iter().copied().filter(|error| is_grave(*error)).collect();
    assert!(errors.is_empty(), "{path}: {errors:?} in\n{html}");
    assert!(page.unbalanced.is_empty(), "{path}: {:?} in\n{html}", page.unbalanced);
}

/// A text as readers see it: white space as single spaces, and no zero bytes, which HTML cannot hold.
pub fn words(text: &str) -> String {
    text.replace('\0', "\u{FFFD}").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A path of an output lies below the site.
pub fn check_path(path: &str) {
    assert!(!path.is_empty() && !path.starts_with('/'), "{path:?} is not relative");
    for part in path.split('/') {
        assert!(!matches!(part, "" | "." | ".."), "{path:?} has the part {part:?}");
    }
    assert!(!path.chars().any(|c| c.is_control() || c == '\\'), "{path:?} holds what no path may");
    assert_eq!(path.nfc().collect::<String>(), path, "{path:?} is not composed");
}

/// What programs read is read by programs.
pub fn check_data(path: &str, text: &str) {
    if path.ends_with(".json") {
        serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    if path.ends_with(".xml") {
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
        assert!(text.chars().all(allowed), "{path} holds a letter that XML cannot: {text:?}");
        let mut reader = quick_xml::Reader::from_str(text);
        while !matches!(
            reader.read_event().unwrap_or_else(|e| panic!("{path}: {e} in {text}")),
            quick_xml::events::Event::Eof
        ) {}
    }
    if path == "_redirects" {
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            assert_eq!(line.split_whitespace().count(), 3, "{line:?}");
        }
    }
}

/// Undoes the percent-encoding of a link or of its fragment.
pub fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2).expect("two digits behind a percent sign");
        bytes.push(u8::from_str_radix(code, 16).expect("two hexadecimal digits"));
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).expect("a link is UTF-8")
}
