//! Addresses: where a page lives, as a path below the site's root, and that no two outputs share one.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::{PageId, PageKind, Site};
use crate::diagnostic::{Diagnostic, code};
use crate::parse::CONTENT;
use crate::source::{At, Inputs, SourceId, SourceKind, Span};

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
fn segment(name: &str) -> String {
    let name: String = folded(name)
        .chars()
        .map(|c| if c.is_whitespace() || c.is_control() || "\\/:*?\"<>|%#".contains(c) { '-' } else { c })
        .collect();
    name.trim_end_matches('.').to_owned()
}

/// In lower case and Unicode's composed form.
fn folded(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.nfc().flat_map(char::to_lowercase).nfc().collect() }
}

/// Which bytes stand for themselves in the path of a link.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut signs: &[u8] = b"/-._~!$()*+,;=:@0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    while let Some((&sign, rest)) = signs.split_first() {
        plain[sign as usize] = true;
        signs = rest;
    }
    plain
};

/// Percent-encodes a path for use in a link.
pub(crate) fn encode_path(path: &str) -> String {
    let plain = |byte: u8| PLAIN[usize::from(byte)];
    if path.bytes().all(plain) {
        return path.to_owned();
    }
    let mut encoded = String::with_capacity(path.len() * 2);
    for byte in path.bytes() {
        match byte {
            _ if plain(byte) => encoded.push(byte as char),
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

/// What stands at an output path.
#[derive(Clone, Copy)]
enum What {
    File(&'static str),
    Folder(&'static str),
    Page(PageId),
    /// The Markdown beside a page.
    Twin(PageId),
    /// A decision's file of this kind.
    Decision(&'static str, PageId),
    Feed(PageId),
    Asset(SourceId),
    /// An old address, by the place where it is written.
    Alias(Span),
}

impl What {
    /// Where the author asked for it.
    fn span(self, site: &Site) -> Option<Span> {
        match self {
            Self::File(_) | Self::Folder(_) => None,
            Self::Page(page) | Self::Twin(page) | Self::Decision(_, page) | Self::Feed(page) => match site[page].kind {
                PageKind::Node { decision, node } => Some(site.decisions[decision].nodes[node].span),
                _ => site[page].source.map(Span::file),
            },
            Self::Asset(source) => Some(Span::file(source)),
            Self::Alias(span) => Some(span),
        }
    }
}

/// Every output path that is taken, as it is compared, and by what.
struct Taken<'a> {
    inputs: &'a Inputs,
    by: HashMap<String, What>,
    /// Every folder that one of the paths lies in.
    folders: HashSet<String>,
}

/// Files that every build writes.
const FIXED: [&str; 9] = [
    "404.html",
    "sitemap.xml",
    "robots.txt",
    "feed.xml",
    "site.json",
    "site.schema.json",
    "llms.txt",
    "_headers",
    "_redirects",
];

/// The schema of the decisions' JSON, written where the site has a decision.
pub(crate) const SCHEMA_OF_DECISIONS: &str = "decision.schema.json";

/// The forms in which a decision is written beside its page.
const DECISION_FILES: [&str; 5] = ["csv", "svg", "json", "mmd", "dot"];

/// Gives every output its place and reports those that want the same one, also when only case or Unicode form differ.
pub(super) fn settle(site: &mut Site, inputs: &Inputs, findings: &mut Vec<Diagnostic>) {
    let mut taken = Taken { inputs, by: HashMap::with_capacity(site.pages.len() * 2), folders: HashSet::new() };
    let schema = (!site.decisions.is_empty()).then_some(SCHEMA_OF_DECISIONS);
    for name in FIXED.into_iter().chain(["llms-full.txt", "search/root.bin"]).chain(schema) {
        taken.set(name.to_owned(), What::File(name));
    }
    // The theme's files lie in this folder under names with a hash; no name of content is like `*`.
    taken.set("assets/*".to_owned(), What::Folder("assets"));
    taken.set("search/parts/*".to_owned(), What::Folder("search/parts"));
    let files: Vec<(String, String)> =
        site.pages.par_iter().map(|page| (page.address.file(), key(&page.address.file()))).collect();
    site.by_address.reserve(site.pages.len());
    for (at, (file, key)) in files.into_iter().enumerate() {
        let (id, kind) = (PageId(at), &site.pages[at].kind);
        if *kind == PageKind::NotFound {
            continue; // among the fixed files already
        }
        if taken.take(site, &file, key, What::Page(id), findings) {
            if matches!(kind, PageKind::Decision(_)) {
                for kind in DECISION_FILES {
                    let path = format!("{}.{kind}", file.strip_suffix("/index.html").unwrap_or(&file));
                    taken.set(path, What::Decision(kind, id));
                }
            }
            if matches!(kind, PageKind::Term(_)) {
                taken.set(file.replace("index.html", "feed.xml"), What::Feed(id));
            }
            site.by_address.insert(site.pages[at].address.clone(), id);
        }
    }
    for (id, _) in inputs.iter().filter(|(_, file)| file.kind == SourceKind::Asset) {
        let path = asset_path(&inputs.get(id).path);
        if !path.is_empty() && taken.take(site, &path, key(&path), What::Asset(id), findings) {
            site.assets.insert(id, path);
        }
    }
    let aliases: Vec<(PageId, At<String>)> = site
        .pages()
        .filter_map(|(id, page)| Some((id, page.document?)))
        .flat_map(|(id, at)| site.documents[at].front.aliases.iter().map(move |alias| (id, alias.clone())))
        .collect();
    for (page, alias) in aliases {
        let Some(address) = Address::parse(&alias.value) else {
            let message = format!("`{}` is not an address of this site", alias.value);
            let finding = Diagnostic::new(&code::BAD_ALIAS, alias.span, message);
            findings.push(finding.help("write the old path from the root: `/old/address/`"));
            continue;
        };
        let file = address.file();
        if taken.take(site, &file, key(&file), What::Alias(alias.span), findings) {
            site.aliases.insert(address, page);
        }
    }
}

/// Where an asset is published: beside its page, under its own name in the address's spelling.
fn asset_path(path: &str) -> String {
    let path = path.strip_prefix(CONTENT).unwrap_or(path);
    path.split('/').map(segment).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// A path as it is compared.
fn key(path: &str) -> String {
    let key = folded(path);
    if !key.ends_with('.') && !key.contains("./") {
        return key;
    }
    key.split('/').map(|part| part.trim_end_matches('.')).collect::<Vec<_>>().join("/")
}

impl Taken<'_> {
    /// Takes a path, whatever stood there. The Markdown beside a page is not kept: it stands where the page does.
    fn set(&mut self, key: String, what: What) {
        for (at, _) in key.rmatch_indices('/') {
            if self.folders.contains(&key[..at]) {
                break; // and so are those above
            }
            self.folders.insert(key[..at].to_owned());
        }
        self.by.insert(key, what);
    }

    /// Takes the path with this `key` where it is free; if it is not, that is reported.
    fn take(&mut self, site: &Site, path: &str, key: String, what: What, findings: &mut Vec<Diagnostic>) -> bool {
        // The same path, or a file where a folder is.
        let at = |path: &str| self.by.get(path).copied().or_else(|| self.twin(path));
        let above = || key.match_indices('/').find_map(|(end, _)| at(&key[..end]));
        let Some(old) = at(&key).or_else(above).or_else(|| self.below(&key)) else {
            self.set(key, what);
            return true;
        };
        let (span, known) = (what.span(site), old.span(site));
        let place = span.or(known).or_else(|| self.inputs.iter().next().map(|(id, _)| Span::file(id)));
        if let Some(place) = place {
            let shown = path.strip_suffix("index.html").unwrap_or(path);
            let (old, new) = (self.words(site, old), self.words(site, what));
            let message = format!("{old} and {new} both want the address `/{shown}`");
            let help = "give one of them another name, or take the alias away";
            let mut finding = Diagnostic::new(&code::SAME_ADDRESS, place, message).help(help);
            if let Some(other) = known.filter(|span| *span != place) {
                finding = finding.also(other, "the other one");
            }
            findings.push(finding);
        }
        false
    }

    /// The Markdown beside a page, if this is its path.
    fn twin(&self, key: &str) -> Option<What> {
        match self.by.get(&format!("{}index.html", key.strip_suffix("index.md")?))? {
            What::Page(page) => Some(What::Twin(*page)),
            _ => None,
        }
    }

    /// What has the first path in a folder, if it is one.
    fn below(&self, folder: &str) -> Option<What> {
        let within = |key: &str| key.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let below = self.folders.contains(folder).then(|| self.by.iter().filter(|(key, _)| within(key)));
        below?.min_by_key(|(key, _)| *key).map(|(_, what)| *what)
    }

    fn words(&self, site: &Site, what: What) -> String {
        let file = |source: SourceId| format!("`{}`", self.inputs.get(source).path);
        let name = |page: PageId| site[page].source.map_or_else(|| format!("the page \"{}\"", site[page].title), file);
        match what {
            What::File(name) => format!("the generated file `{name}`"),
            What::Folder(name) => format!("the generated folder `{name}`"),
            What::Page(page) => name(page),
            What::Twin(page) => format!("the Markdown twin of {}", name(page)),
            What::Decision(kind, page) => format!("the {kind} file of {}", name(page)),
            What::Feed(page) => format!("the feed of {}", name(page)),
            What::Asset(source) => file(source),
            What::Alias(span) => format!("an alias of {}", file(span.source)),
        }
    }
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
    fn a_link_is_encoded_and_a_file_is_not() {
        let address = Address::of_parts(["café"]);
        assert_eq!(address.encoded(), "/caf%C3%A9/");
        assert_eq!(address.file(), "café/index.html");
        assert_eq!(Address::parse("/old.html").expect("a path").file(), "old.html");
    }
}
