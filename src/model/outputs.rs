//! Outputs: every file that a build writes, by its path, and what it is. Who gets which path is in `allocation`.
//!
//! This is the one list. Links ask it whether a rooted address leads to a file, `serve` what to make for a request,
//! tests what a build has to write. Of names that hold a hash of what is in the file, all but the hash is known here
//! ([`HashedFolder`]): enough to keep their places free. Nothing of `content/` can link to them, as they change with
//! every edit.

mod allocation;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{PageId, Site};
use crate::address::{folded, segment};
use crate::hash::Hash;
use crate::parse::CONTENT;
use crate::source::{Inputs, Source, SourceId, SourceKind, Span, slice};

pub(super) use allocation::{allocate, take_over};

/// What the file at an output path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// A page, as HTML.
    Page(PageId),
    /// A page as Markdown, beside its HTML.
    Twin(PageId),
    /// The decision on this page in another form.
    DecisionFile(PageId, DecisionFormat),
    /// The feed of the term on this page.
    TermFeed(PageId),
    /// A file of `content/`, copied.
    Asset(SourceId),
    /// The page at an old address that leads to this one; an alias is written at this place, others are the program's.
    Redirect(PageId, Option<Span>),
    /// A file that a site has once.
    SiteFile(SiteFile),
    /// A file of the site's theme that is copied under its own name: a font, a picture.
    ThemeFile(SourceId),
    /// The files in this folder whose names hold a hash.
    Hashed(HashedFolder),
}

/// A folder of files whose names hold a hash of what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashedFolder {
    /// Styles, scripts and icons of the theme.
    Theme,
    /// The parts of the search index.
    SearchIndex,
}

impl HashedFolder {
    /// Its path below the output folder.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Theme => "assets",
            Self::SearchIndex => "search/parts",
        }
    }
}

/// What stands for the hash in a path of [`HashedFolder`]. No path of content holds one.
const ANY_HASH: &str = "*";

/// A form in which a decision is published beside its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionFormat {
    /// A row for each path.
    Csv,
    /// The chart.
    Svg,
    /// The graph, for programs.
    Json,
    /// The graph for Mermaid.
    Mermaid,
    /// The graph for Graphviz.
    Dot,
}

impl DecisionFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Csv, Self::Svg, Self::Json, Self::Mermaid, Self::Dot];

    /// The extension of its file.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Svg => "svg",
            Self::Json => "json",
            Self::Mermaid => "mmd",
            Self::Dot => "dot",
        }
    }
}

/// A file that a site has once, and that is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SiteFile {
    /// All addresses, for search engines.
    Sitemap,
    /// What crawlers may read.
    Robots,
    /// The newest pages.
    Feed,
    /// Everything that the site holds, for programs.
    Catalogue,
    /// The JSON Schema of [`Self::Catalogue`].
    CatalogueSchema,
    /// The JSON Schema of [`DecisionFormat::Json`].
    DecisionSchema,
    /// An index for language models.
    Llms,
    /// All articles for language models.
    LlmsFull,
    /// The headers that a host sends.
    Headers,
    /// Old addresses, for a host.
    Redirects,
    /// Where the search begins to read its index.
    SearchRoot,
}

impl SiteFile {
    /// A site with more articles than this has no [`Self::LlmsFull`]: no model would read it whole.
    pub(crate) const MAX_IN_FULL: usize = 300;

    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Sitemap,
        Self::Robots,
        Self::Feed,
        Self::Catalogue,
        Self::CatalogueSchema,
        Self::DecisionSchema,
        Self::Llms,
        Self::LlmsFull,
        Self::Headers,
        Self::Redirects,
        Self::SearchRoot,
    ];

    /// Its path below the output folder.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Sitemap => "sitemap.xml",
            Self::Robots => "robots.txt",
            Self::Feed => "feed.xml",
            Self::Catalogue => "site.json",
            Self::CatalogueSchema => "site.schema.json",
            Self::DecisionSchema => "decision.schema.json",
            Self::Llms => "llms.txt",
            Self::LlmsFull => "llms-full.txt",
            Self::Headers => "_headers",
            Self::Redirects => "_redirects",
            Self::SearchRoot => "search/root.bin",
        }
    }

    /// Whether `site` has it.
    fn is_of(self, site: &Site) -> bool {
        match self {
            Self::DecisionSchema => !site.decisions.is_empty(),
            Self::LlmsFull => site.reading_order.iter().filter(|&&id| !site[id].unlisted).count() <= Self::MAX_IN_FULL,
            Self::Sitemap
            | Self::Robots
            | Self::Feed
            | Self::Catalogue
            | Self::CatalogueSchema
            | Self::Llms
            | Self::Headers
            | Self::Redirects
            | Self::SearchRoot => true,
        }
    }
}

/// Every file that a build of a site writes, by its path.
#[derive(Debug, Default)]
pub struct Outputs {
    /// By the path as paths are compared. The Markdown beside a page is not kept: it stands where the page does.
    by_key: HashMap<String, OutputEntry>,
    /// Every folder that one of the paths lies in, as paths are compared.
    folders: HashSet<String>,
    /// Whether two things wanted one path.
    has_conflicts: bool,
}

/// What is kept of an output.
#[derive(Debug)]
struct OutputEntry {
    kind: OutputKind,
    /// Its path, where that is not what it is compared by.
    path: Option<Box<str>>,
    /// Whether it is a page that has a Markdown twin.
    has_twin: bool,
}

impl Outputs {
    /// What the output at this path is. The path is compared to the letter, as most hosts do.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<OutputKind> {
        let key = key(path);
        let Some(entry) = self.by_key.get(&key) else { return self.twin(path) };
        let is_file = !matches!(entry.kind, OutputKind::Hashed(_)) && entry.path.as_deref().unwrap_or(&key) == path;
        is_file.then_some(entry.kind)
    }

    /// The Markdown beside a page, if this is its path.
    fn twin(&self, path: &str) -> Option<OutputKind> {
        let entry = self.by_key.get(&format!("{}html", path.strip_suffix("md")?))?;
        match entry.kind {
            OutputKind::Page(page) if entry.has_twin => Some(OutputKind::Twin(page)),
            _ => None,
        }
    }

    /// All of them with their paths, in the order of these, but for those whose names hold a hash.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, OutputKind> {
        let mut all = BTreeMap::new();
        for (key, entry) in self.by_key.iter().filter(|(_, entry)| !matches!(entry.kind, OutputKind::Hashed(_))) {
            let path = entry.path.as_deref().unwrap_or(key);
            if let (OutputKind::Page(page), true) = (entry.kind, entry.has_twin) {
                all.insert(twin_path(path), OutputKind::Twin(page));
            }
            all.insert(path.to_owned(), entry.kind);
        }
        all
    }

    /// Takes a path that nothing else can want.
    fn reserve(&mut self, path: &str, kind: OutputKind) {
        let key = key(path);
        self.set(path, key, kind, false);
    }

    fn set(&mut self, path: &str, key: String, kind: OutputKind, has_twin: bool) {
        for (at, _) in key.rmatch_indices('/') {
            if self.folders.contains(slice(&key, ..at)) {
                break; // and so are those above
            }
            self.folders.insert(slice(&key, ..at).to_owned());
        }
        let path = (path != key).then(|| Box::from(path));
        self.by_key.insert(key, OutputEntry { kind, path, has_twin });
    }

    /// What stands in the way of an output with this `key`: the same path, a file where a folder is, or the reverse.
    fn conflict(&self, key: &str) -> Option<OutputKind> {
        let known = |key: &str| self.by_key.get(key).map(|entry| entry.kind);
        let at = |key: &str| known(key).or_else(|| self.twin(key)).or_else(|| known(&with_any_hash(key)?));
        let above = || key.match_indices('/').find_map(|(end, _)| at(slice(key, ..end)));
        at(key).or_else(above).or_else(|| self.first_below(key))
    }

    /// What has the first path in a folder, if it is one.
    fn first_below(&self, folder: &str) -> Option<OutputKind> {
        let within = |key: &str| key.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let below = self.folders.contains(folder).then(|| self.by_key.iter().filter(|(key, _)| within(key)));
        below?.min_by_key(|(key, _)| *key).map(|(_, entry)| entry.kind)
    }
}

/// Where the Markdown beside a page lies.
#[must_use]
pub(crate) fn twin_path(page: &str) -> String {
    format!("{}md", page.strip_suffix("html").unwrap_or(page))
}

/// Where an asset is published: beside its page, under its own name in the address's spelling.
fn asset_path(path: &str) -> String {
    let path = path.strip_prefix(CONTENT).unwrap_or(path);
    path.split('/').map(segment).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// Whether a file of a theme, at this path in it, is copied as it is. Those with a text join the bundle.
pub(crate) fn is_copied_of_theme(path: &str, file: &Source) -> bool {
    !is_source_of_theme(path) && file.text.is_empty() && file.kind == SourceKind::Theme
}

/// Whether a file of a theme, at this path in it, is one that others are made from, and is not published itself.
pub(crate) fn is_source_of_theme(path: &str) -> bool {
    matches!(path.split('/').next(), Some("templates" | "css" | "js" | "icons" | "strings"))
}

/// Where a file of a theme that is copied is published, by its path in the theme.
pub(crate) fn theme_file_path(path: &str) -> String {
    format!("{}/{path}", HashedFolder::Theme.path())
}

/// Where the files of the theme that are published under a hash lie, with [`ANY_HASH`] in its place.
fn hashed_paths(inputs: &Inputs) -> BTreeSet<String> {
    let files = inputs.iter().filter(|(_, file)| matches!(file.kind, SourceKind::Theme | SourceKind::Embedded));
    let names = files.filter_map(|(_, file)| {
        let (_, path) = file.path.split_once("themes/")?.1.split_once('/')?;
        if is_copied_of_theme(path, file) { None } else { bundled_name(path) }
    });
    names.map(|name| hashed_path(&name, ANY_HASH)).collect()
}

/// What templates call the published file that the file of a theme at this path becomes, or joins with others; none
/// where it is not published. Style sheets and scripts of a folder make one of the folder's name, for the pages that
/// ask for it; all others make the one that every page loads.
pub(crate) fn bundled_name(path: &str) -> Option<String> {
    let (folder, below) = path.split_once('/').unwrap_or(("", path));
    let bundle = below.split_once('/').map_or(SITE_BUNDLE, |(bundle, _)| bundle);
    match folder {
        "templates" | "strings" => None,
        "css" => Some(format!("{bundle}.css")),
        "js" if below != "early.js" => Some(format!("{bundle}.js")),
        "js" | "icons" => Some(path.rsplit('/').next().unwrap_or(path).to_owned()),
        _ => Some(path.to_owned()),
    }
}

/// The bundle that every page loads.
pub(crate) const SITE_BUNDLE: &str = "site";

/// Where a file of a theme is published under a hash of what it holds, by what templates call it.
pub(crate) fn hashed_path(name: &str, hash: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "txt"));
    theme_file_path(&format!("{stem}.{hash}.{extension}"))
}

/// A path in a [`HashedFolder`] as it is reserved; none where it cannot be that of a file with a hash.
fn with_any_hash(key: &str) -> Option<String> {
    let (folder, name) = key.rsplit_once('/')?;
    if folder == HashedFolder::SearchIndex.path() {
        return Some(format!("{folder}/{ANY_HASH}"));
    }
    let below = folder.strip_prefix(HashedFolder::Theme.path())?;
    let (stem, extension) = name.rsplit_once('.')?;
    let (stem, hash) = stem.rsplit_once('.')?;
    let is_known = Hash::is_short(hash) && (below.is_empty() || below.starts_with('/'));
    is_known.then(|| format!("{folder}/{stem}.{ANY_HASH}.{extension}"))
}

/// A path as it is compared: some file systems know no case, and some drop dots at the end of a name.
fn key(path: &str) -> String {
    let key = folded(path);
    if !key.ends_with('.') && !key.contains("./") {
        return key;
    }
    key.split('/').map(|part| part.trim_end_matches('.')).collect::<Vec<_>>().join("/")
}
