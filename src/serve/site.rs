//! What is served: a map of known addresses. A request is looked up in it and never becomes a path on the disk.
//!
//! Headers and redirects are those that a host would take from `_headers` and `_redirects`, but that nothing may be
//! kept: an address holds something else after every edit.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;

use crate::model::{encode_path, percent_decoded};
use crate::output::Body;

/// Every output of the site by its path, as builds name it: `a/index.html`.
pub(super) type Outputs = HashMap<String, Content>;

/// What an output holds. Copies of it share the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Bytes(Bytes),
    /// What this file of the site holds, by its path below the site's root.
    Copy(String),
}

impl From<Body> for Content {
    fn from(body: Body) -> Self {
        match body {
            Body::Bytes(bytes) => Self::Bytes(bytes.into()),
            Body::Copy(path) => Self::Copy(path),
        }
    }
}

/// What one build made of the outputs of another.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Outputs that are new or hold something else.
    pub(super) put: BTreeMap<String, Content>,
    /// Outputs that are no more.
    pub(super) gone: Vec<String>,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.gone.is_empty()
    }

    /// The paths of all outputs that are not as they were.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.put.keys().chain(&self.gone).map(String::as_str)
    }
}

/// The site as it was last built without errors, and what is wrong with it now.
#[derive(Debug, Default)]
pub(super) struct Site {
    /// Nothing before the first build without errors.
    pub(super) outputs: Outputs,
    /// What stands in the way of a newer build, as the terminal says it.
    pub(super) errors: Option<String>,
    /// The number of the build that is served; 0 before the first.
    pub(super) build: u64,
    /// The path that all addresses begin with: `/`, `/kb/`.
    base: String,
    /// Headers of every answer.
    headers: Headers,
    /// Headers of single outputs, which win over those.
    own_headers: HashMap<String, Headers>,
    /// Where old addresses lead, by the output that they would be.
    redirects: HashMap<String, String>,
}

type Headers = Vec<(String, String)>;

/// What is at an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer<'a> {
    /// The output at this path.
    Found(&'a str, &'a Content),
    /// Nothing; this output says so, if there is one.
    Missing(Option<(&'a str, &'a Content)>),
    /// An address of a folder without its slash.
    Folder(String),
    /// An old address, and where it leads now.
    Moved(String),
    /// An address above those of the site.
    Outside(String),
    /// Nothing yet, for these reasons.
    NotBuilt(&'a str),
}

impl Site {
    /// Takes over outputs that no open page shows.
    pub(super) fn replace(&mut self, changes: Changes) {
        for path in changes.gone {
            self.outputs.remove(&path);
        }
        self.outputs.extend(changes.put);
    }

    /// Takes over what a build without errors changed; `base` is the path that its addresses begin with.
    pub(super) fn update(&mut self, changes: Changes, base: &str) {
        if !changes.is_empty() || self.base != base {
            self.build += 1;
        }
        let hosting = changes.paths().any(|path| matches!(path, "_headers" | "_redirects"));
        self.replace(changes);
        base.clone_into(&mut self.base);
        self.errors = None;
        if hosting {
            (self.headers, self.own_headers) = headers(self.text("_headers"));
            self.redirects = redirects(self.text("_redirects"));
        }
    }

    /// The path that all addresses begin with.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Looks up the path of a request, as the client wrote it.
    pub(super) fn answer(&self, path: &str) -> Answer<'_> {
        if self.build == 0 {
            return Answer::NotBuilt(self.errors.as_deref().unwrap_or_default());
        }
        let Some(below) = path.strip_prefix(&self.base) else {
            let is_base = path == "/" || path == self.base.trim_end_matches('/');
            return if is_base { Answer::Outside(self.base.clone()) } else { self.missing() };
        };
        let Some(name) = percent_decoded(below) else { return self.missing() };
        let folder = name.strip_suffix('/').unwrap_or(&name);
        let index = if folder.is_empty() { "index.html".to_owned() } else { format!("{folder}/index.html") };
        if let Some(to) = self.redirects.get(&name).or_else(|| self.redirects.get(&index)) {
            return Answer::Moved(to.clone());
        }
        let asks_for_folder = name.is_empty() || name.ends_with('/');
        match self.outputs.get_key_value(if asks_for_folder { &index } else { &name }) {
            Some((path, content)) => Answer::Found(path, content),
            None if !asks_for_folder && self.outputs.contains_key(&index) => {
                Answer::Folder(format!("{}{}/", self.base, encode_path(&name)))
            }
            None => self.missing(),
        }
    }

    /// The headers that an output is served with; a later one of the same name stands in for an earlier one.
    pub(super) fn headers<'a>(&'a self, path: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let own = self.own_headers.get(path).into_iter().flatten();
        self.headers.iter().chain(own).map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn missing(&self) -> Answer<'_> {
        let page = self.outputs.get_key_value("404.html");
        Answer::Missing(page.map(|(path, content)| (path.as_str(), content)))
    }

    fn text(&self, path: &str) -> &str {
        match self.outputs.get(path) {
            Some(Content::Bytes(bytes)) => std::str::from_utf8(bytes).unwrap_or_default(),
            _ => "",
        }
    }
}

/// The rules of a `_headers` file for every address and for single outputs. Of its patterns, `/*` alone is read: the
/// others are about types, which are known here. What may be kept is no matter of the file here.
fn headers(text: &str) -> (Headers, HashMap<String, Headers>) {
    let mut every = Vec::new();
    let mut own: HashMap<String, Headers> = HashMap::new();
    let mut rule = "";
    for line in text.lines() {
        if line.starts_with('/') {
            rule = line;
        } else if let Some((name, value)) = line.strip_prefix("  ").and_then(|line| line.split_once(": ")) {
            let header = (name.to_ascii_lowercase(), value.to_owned());
            if header.0 == "cache-control" {
            } else if rule == "/*" {
                every.push(header);
            } else if let Some(path) = percent_decoded(&rule[1..]) {
                own.entry(path).or_default().push(header);
            }
        }
    }
    (every, own)
}

/// The rules of a `_redirects` file. A host takes an address with and without a slash, or `index.html`, as one.
fn redirects(text: &str) -> HashMap<String, String> {
    let mut rules = HashMap::new();
    for line in text.lines().filter(|line| line.starts_with('/')) {
        let mut words = line.split(' ');
        if let (Some(from), Some(to)) = (words.next().and_then(percent_decoded), words.next()) {
            let from = &from[1..];
            let output = if from.is_empty() || from.ends_with('/') { format!("{from}index.html") } else { from.into() };
            rules.insert(output, to.to_owned());
        }
    }
    rules
}

/// The type of a file, by its name.
pub(super) fn media_type(path: &str) -> &'static str {
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, after)| after);
    match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "md" => "text/markdown; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "yaml" | "yml" | "toml" | "" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "xhtml" => "application/xhtml+xml",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(base: &str) -> Site {
        let put = [
            ("index.html", "home"),
            ("a/index.html", "a"),
            ("a/picture é.png", "picture"),
            ("old/index.html", "moved"),
            ("404.html", "missing"),
            ("_redirects", "# Old\n/old/ /kb/a/ 301!\n/older.html /kb/a/ 301!\n"),
            ("_headers", "/*\n  X-One: 1\n\n/a/*\n  X-Two: 2\n/d.svg\n  X-One: 3\n  Cache-Control: immutable\n"),
        ];
        let put = put.map(|(path, text)| (path.to_owned(), Content::Bytes(text.into()))).into();
        let mut site = Site::default();
        site.update(Changes { put, gone: Vec::new() }, base);
        site
    }

    /// Asks a site below `/kb/`, and gives the output's path, or where to look, or nothing.
    #[track_caller]
    fn check(path: &str, expected: &str) {
        let site = site("/kb/");
        let answer = match site.answer(path) {
            Answer::Found(path, _) => path.to_owned(),
            Answer::Folder(to) => format!("folder {to}"),
            Answer::Moved(to) => format!("moved to {to}"),
            Answer::Outside(to) => format!("now at {to}"),
            Answer::Missing(page) => page.map_or("nothing", |_| "missing").to_owned(),
            Answer::NotBuilt(_) => "not built".to_owned(),
        };
        assert_eq!(answer, expected, "{path}");
    }

    #[test]
    fn addresses_are_those_of_outputs_below_the_base() {
        check("/kb/", "index.html");
        check("/kb/index.html", "index.html");
        check("/kb/a/", "a/index.html");
        check("/kb/a", "folder /kb/a/");
        check("/kb/a/picture%20%C3%A9.png", "a/picture é.png");
        check("/kb/%61/", "a/index.html");
        check("/", "now at /kb/");
        check("/kb", "now at /kb/");
        check("/a/", "missing");
        check("/kb/b/", "missing");
        check("/kb/A/", "missing");
    }

    #[test]
    fn old_addresses_lead_where_the_host_s_rules_lead() {
        check("/kb/old/", "moved to /kb/a/");
        check("/kb/old", "moved to /kb/a/");
        check("/kb/old/index.html", "moved to /kb/a/");
        check("/kb/older.html", "moved to /kb/a/");
    }

    #[test]
    fn nothing_but_an_output_s_own_path_finds_it() {
        for path in ["/kb/../index.html", "/kb/a/../a/", "/kb/%2e%2e/index.html", "/kb/..%2findex.html", "/kb//a/"] {
            check(path, "missing");
        }
        for path in ["/kb/a%00/", "/kb/a%5cindex.html", "/kb/c:/index.html", "/kb/%2fetc/passwd", "/kb/%ff", "/kb/a//"]
        {
            check(path, "missing");
        }
    }

    #[test]
    fn headers_are_the_host_s_but_for_what_may_be_kept() {
        let site = site("/");
        let of = |path| site.headers(path).map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        assert_eq!(of("index.html"), ["x-one=1"]);
        assert_eq!(of("d.svg"), ["x-one=1", "x-one=3"]);
    }

    #[test]
    fn before_the_first_build_every_address_says_why() {
        let site = Site { errors: Some("wrong".to_owned()), ..Site::default() };
        assert_eq!(site.answer("/anything"), Answer::NotBuilt("wrong"));
    }

    #[test]
    fn types_go_by_the_last_part_of_a_name() {
        assert_eq!(media_type("a.b/c"), "text/plain; charset=utf-8");
        assert_eq!(media_type("a/B.SVG"), "image/svg+xml");
        assert_eq!(media_type("a.md/x.bin"), "application/octet-stream");
    }
}
