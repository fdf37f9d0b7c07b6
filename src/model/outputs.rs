//! Outputs: every file that a build writes, by its path, and what it is; and that no two of them share a path.
//!
//! This is the one list. Links ask it whether a rooted address leads to a file, `serve` what to make for a request,
//! tests what a build has to write. Of names that hold a hash of what is in the file, all but the hash is known here
//! ([`HashedFolder`]): enough to keep their places free. Nothing of `content/` can link to them, as they change with
//! every edit.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::reference::{Definition, ReferenceForm, Resolution};
use super::{Address, PageId, PageKind, Single, Site};
use crate::address::{folded, is_windows_name, mistake_in_name, segment};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::hash::Hash;
use crate::parse::CONTENT;
use crate::source::{Inputs, Source, SourceId, SourceKind, Span, slice};

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

/// Gives every output its place and reports those that want the same one, also when only case or Unicode form differ.
pub(super) fn allocate(site: &mut Site, inputs: &Inputs, into: &mut Resolution) -> Outputs {
    let aliases = aliases(site, into);
    let outputs = Outputs { by_key: HashMap::with_capacity(site.pages.len() * 2), ..Outputs::default() };
    let mut allocator = Allocator { inputs, outputs, into };
    for file in SiteFile::ALL.into_iter().filter(|file| file.is_of(site)) {
        allocator.outputs.reserve(file.path(), OutputKind::SiteFile(file));
    }
    for path in hashed_paths(inputs) {
        allocator.outputs.reserve(&path, OutputKind::Hashed(HashedFolder::Theme));
    }
    let parts = format!("{}/{ANY_HASH}", HashedFolder::SearchIndex.path());
    allocator.outputs.reserve(&parts, OutputKind::Hashed(HashedFolder::SearchIndex));
    allocator.pages(site);
    allocator.assets(site);
    allocator.theme_files(site);
    allocator.aliases(site, aliases);
    allocator.outputs
}

/// The bytes of one part of a path: what file systems take, less what stands behind a name: `.html`, `.mmd`.
const MAX_PART: usize = 240;

/// Takes the outputs of a site over from what it was before an edit, where all of them are what they were.
pub(super) fn take_over(
    site: &mut Site,
    former: &mut Site,
    outputs: &mut Outputs,
    into: &mut Resolution,
) -> Option<Outputs> {
    if outputs.has_conflicts || !site.has_places_of(former) {
        return None;
    }
    let mut found = Resolution::default();
    let aliases = aliases(site, &mut found);
    let is_known =
        |alias: &Alias| outputs.get(&alias.address.file()) == Some(OutputKind::Redirect(alias.page, alias.span));
    if aliases.len() != former.aliases.len() || !aliases.iter().all(is_known) {
        return None;
    }
    into.extend(found);
    site.by_address = std::mem::take(&mut former.by_address);
    site.aliases = std::mem::take(&mut former.aliases);
    site.assets = std::mem::take(&mut former.assets);
    Some(std::mem::take(outputs))
}

/// An old address of a page.
struct Alias {
    page: PageId,
    address: Address,
    span: Option<Span>,
}

/// All old addresses; what is none is reported.
fn aliases(site: &Site, into: &mut Resolution) -> Vec<Alias> {
    let mut aliases = Vec::new();
    let documents = site.pages().filter_map(|(id, page)| Some((id, &site.documents[page.document?])));
    for (page, alias) in documents.flat_map(|(id, document)| document.front.aliases.iter().map(move |at| (id, at))) {
        let plain = !alias.value.contains(['<', '>', '"', '`', '|', '^', '{', '}', '*', '?', '#', ':']);
        let Some(address) = Address::parse(&alias.value).filter(|_| plain) else {
            let message = format!("`{}` is not an address of this site", alias.value);
            let finding = Diagnostic::new(&code::BAD_ALIAS, alias.span, message);
            into.findings.push(finding.help("write the old path from the root: `/old/address/`"));
            continue;
        };
        if let Some(finding) = unpublishable_alias(&address, alias.span) {
            let is_error = finding.severity == Severity::Error;
            into.findings.push(finding);
            if is_error {
                continue;
            }
        }
        into.record(alias, ReferenceForm::Alias.on(page), Ok(page), |&page| Definition::Page(page));
        aliases.push(Alias { page, address, span: Some(alias.span) });
    }
    let old = Single::LISTINGS.into_iter().filter_map(|single| Some((site.only(single)?, single.old_place()?)));
    aliases.extend(old.filter_map(|(page, old)| Some(Alias { page, address: Address::parse(old)?, span: None })));
    aliases
}

/// What is wrong with the names in an old address, where a page is published as at any other.
fn unpublishable_alias(address: &Address, at: Span) -> Option<Diagnostic> {
    address.as_str().split('/').find_map(|name| {
        // Hosts keep hidden names to themselves, but for the one that RFC 8615 gives to sites.
        let hidden =
            (name.starts_with('.') && name != ".well-known").then_some("begins with a dot, as hidden files do");
        if let Some(mistake) = mistake_in_name(name).or(hidden) {
            let message = format!("the name `{name}` in an old address {mistake}");
            return Some(Diagnostic::new(&code::BAD_ALIAS, at, message).help("take the alias away"));
        }
        let message = format!("`{name}` in an old address cannot be a file's name on Windows");
        let help = "take the alias away, so that the site can be published on every system";
        (!is_windows_name(name)).then(|| Diagnostic::new(&code::RESERVED_NAME, at, message).help(help))
    })
}

/// Outputs while they get their places.
struct Allocator<'a> {
    inputs: &'a Inputs,
    outputs: Outputs,
    into: &'a mut Resolution,
}

impl Allocator<'_> {
    /// Pages, and what lies beside them.
    fn pages(&mut self, site: &mut Site) {
        let files: Vec<(String, String)> =
            site.pages.par_iter().map(|page| (page.address.file(), key(&page.address.file()))).collect();
        site.by_address.reserve(site.pages.len());
        for (at, (file, key)) in files.into_iter().enumerate() {
            let (id, kind) = (PageId(at), &site.pages[at].kind);
            let folder = file.strip_suffix("/index.html").unwrap_or(&file);
            if !self.take(site, &file, key, OutputKind::Page(id)) {
                continue;
            }
            if let PageKind::Decision(_) = kind {
                for format in DecisionFormat::ALL {
                    let path = format!("{folder}.{}", format.extension());
                    self.take(site, &path, self::key(&path), OutputKind::DecisionFile(id, format));
                }
            }
            if let PageKind::Term(_) = kind {
                let path = format!("{folder}/feed.xml");
                self.take(site, &path, self::key(&path), OutputKind::TermFeed(id));
            }
            if *kind != PageKind::Single(Single::NotFound) {
                site.by_address.insert(site.pages[at].address.clone(), id);
            }
        }
    }

    /// Files of `content/` that are copied, each beside its page.
    fn assets(&mut self, site: &mut Site) {
        let inputs = self.inputs;
        for (id, file) in inputs.iter().filter(|(_, file)| file.kind == SourceKind::Asset) {
            let path = asset_path(&file.path);
            if !path.is_empty() && self.take(site, &path, key(&path), OutputKind::Asset(id)) {
                site.assets.insert(id, path);
            }
        }
    }

    /// Files of the site's theme that keep their names.
    fn theme_files(&mut self, site: &Site) {
        let inputs = self.inputs;
        let folder = format!("themes/{}/", site.config.theme_name());
        for (id, file) in inputs.iter().filter(|(_, file)| file.kind == SourceKind::Theme) {
            let path = file.path.strip_prefix(&folder).filter(|path| is_copied_of_theme(path, file));
            if let Some(path) = path.map(theme_file_path) {
                self.take(site, &path, key(&path), OutputKind::ThemeFile(id));
            }
        }
    }

    /// Old addresses.
    fn aliases(&mut self, site: &mut Site, aliases: Vec<Alias>) {
        for Alias { page, address, span } in aliases {
            let file = address.file();
            let key = key(&file);
            // What the program keeps of old gives way to what somebody wants there.
            let is_free = span.is_some() || self.outputs.conflict(&key).is_none();
            if is_free && self.take(site, &file, key, OutputKind::Redirect(page, span)) {
                site.aliases.insert(address, page);
            }
        }
    }

    /// Takes a path where it is free and no part of it is too long; if not, that is reported.
    fn take(&mut self, site: &Site, path: &str, key: String, kind: OutputKind) -> bool {
        if let Some(part) = path.split('/').find(|part| part.len() > MAX_PART) {
            self.outputs.has_conflicts = true;
            let message = format!("a part of its address has {} bytes, where at most {MAX_PART} are taken", part.len());
            let place = declared_at(site, kind).or_else(|| Self::declared_for(site, kind));
            let finding = place.map(|place| Diagnostic::new(&code::TOO_LARGE, place, message));
            self.into.findings.extend(finding.map(|finding| finding.help("give it a shorter name")));
            return false;
        }
        if let Some(old) = self.outputs.conflict(&key) {
            self.report_conflict(site, path, old, kind);
            return false;
        }
        let mut has_twin = false;
        if let OutputKind::Page(page) = kind
            && site[page].kind.facts().twin
        {
            let old = self.outputs.conflict(&twin_path(&key));
            has_twin = old.is_none();
            if let Some(old) = old {
                self.report_conflict(site, &twin_path(path), old, OutputKind::Twin(page));
            }
        }
        self.outputs.set(path, key, kind, has_twin);
        true
    }

    /// Reports that two outputs want one place.
    fn report_conflict(&mut self, site: &Site, path: &str, old: OutputKind, kind: OutputKind) {
        self.outputs.has_conflicts = true;
        let (span, known) = (declared_at(site, kind), declared_at(site, old));
        let place = span.or(known).or_else(|| self.first_within(path));
        if let Some(place) = place {
            let shown = path.strip_suffix("index.html").unwrap_or(path);
            let (old, new) = (self.words(site, old), self.words(site, kind));
            let message = format!("{old} and {new} both want the address `/{shown}`");
            let help = "give one of them another name, or take the alias away";
            let mut finding = Diagnostic::new(&code::SAME_ADDRESS, place, message).help(help);
            if let Some(other) = known.filter(|span| *span != place) {
                finding = finding.also(other, "the other one");
            }
            self.into.findings.push(finding);
        }
    }

    /// A file of `content/` that is published in the folder of an output, or else any: what no file stands for is made of
    /// those.
    fn first_within(&self, output: &str) -> Option<Span> {
        let folder = output.rfind('/').map_or("", |end| slice(output, ..=end));
        let files =
            || self.inputs.iter().filter(|(_, file)| matches!(file.kind, SourceKind::Content | SourceKind::Asset));
        let within = files().find(|(_, file)| asset_path(&file.path).starts_with(folder));
        within.or_else(|| files().next()).map(|(id, _)| Span::file(id))
    }

    /// The first use of a term that has no file.
    fn declared_for(site: &Site, kind: OutputKind) -> Option<Span> {
        let (OutputKind::Page(page) | OutputKind::TermFeed(page)) = kind else { return None };
        let PageKind::Term(term) = site[page].kind else { return None };
        let used = site[term].articles.first().and_then(|&article| site.document(article))?;
        let tag = used.front.tags.iter().find(|tag| tag.index == Some(site[term].facet) && tag.slug == site[term].slug);
        tag.map(|tag| tag.term.span)
    }

    /// What an output is, for people.
    fn words(&self, site: &Site, kind: OutputKind) -> String {
        let file = |source: SourceId| format!("`{}`", self.inputs.get(source).path);
        let name = |page: PageId| site[page].source.map_or_else(|| format!("the page \"{}\"", site[page].title), file);
        match kind {
            OutputKind::SiteFile(name) => format!("the generated file `{}`", name.path()),
            OutputKind::Hashed(folder) => format!("a generated file in `{}`", folder.path()),
            OutputKind::Page(page) => name(page),
            OutputKind::Twin(page) => format!("the Markdown twin of {}", name(page)),
            OutputKind::DecisionFile(page, format) => format!("the {} file of {}", format.extension(), name(page)),
            OutputKind::TermFeed(page) => format!("the feed of {}", name(page)),
            OutputKind::Asset(source) | OutputKind::ThemeFile(source) => file(source),
            OutputKind::Redirect(_, Some(alias)) => format!("an alias of {}", file(alias.source)),
            OutputKind::Redirect(page, None) => format!("an old address of {}", name(page)),
        }
    }
}

/// Where the author of a site asked for an output.
fn declared_at(site: &Site, kind: OutputKind) -> Option<Span> {
    match kind {
        OutputKind::SiteFile(_) | OutputKind::Hashed(_) => None,
        OutputKind::Page(page)
        | OutputKind::Twin(page)
        | OutputKind::DecisionFile(page, _)
        | OutputKind::TermFeed(page) => {
            if let PageKind::Question { decision, node } | PageKind::Outcome { decision, node } = site[page].kind {
                Some(site.decisions[decision].nodes[node].span)
            } else if let PageKind::Work(work) = site[page].kind {
                Some(site.evidence.work(work).key.span)
            } else {
                site[page].source.map(Span::file)
            }
        }
        OutputKind::Asset(source) | OutputKind::ThemeFile(source) => Some(Span::file(source)),
        OutputKind::Redirect(_, alias) => alias,
    }
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
