//! What a link leads to.

use std::collections::{HashMap, HashSet};

use crate::model::{Address, Cited, NameLookup, OutputKind, Outputs, PageId, PageKind, Single, Site, SiteFile, folded};
use crate::parse::{CONTENT, Document};
use crate::source::{At, Inputs, PictureSize, SourceId, SourceKind};

/// The far end of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A page of this site, and a place on it; the other word for it
    /// by which it is named, if it is: that stands in the text.
    Page { page: PageId, anchor: Option<String>, word: Option<String> },
    /// A file of the site that is no page, by its path from the root; `rest` is a query or fragment to keep.
    File { path: String, rest: String },
    /// An entry of the glossary, by its position.
    Glossary(usize),
    /// Works and claims, each with its key as written.
    Citations(Vec<(String, Option<Cited>)>),
    /// A place on the same page.
    Here(String),
    /// Another site, or mail, or a telephone.
    External,
    /// Nothing that exists.
    Wrong(Wrong),
}

/// Why a link leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// No page has this name, or several have.
    Name { name: String, found: NameLookup },
    /// No file lies at this path, below `content/`.
    File(String),
    /// The file is a draft.
    Draft,
    /// The path climbs out of `content/`.
    Outside,
    /// No output has this rooted address.
    Address,
    /// The page is there; the heading is not.
    Anchor { page: PageId, anchor: String },
    /// No heading of this name on the same page.
    AnchorHere(String),
}

/// What links are looked up in.
pub(super) struct Files<'a> {
    inputs: &'a Inputs,
    pub(super) outputs: &'a Outputs,
    by_path: HashMap<&'a str, SourceId>,
    drafts: HashSet<SourceId>,
    /// Pages of sections by their folders.
    sections: HashMap<&'a str, PageId>,
}

impl<'a> Files<'a> {
    pub(super) fn of(site: &'a Site, outputs: &'a Outputs, inputs: &'a Inputs) -> Self {
        let sections = site.sections.iter().map(|section| (section.folder.as_str(), section.page));
        Self {
            inputs,
            outputs,
            by_path: inputs.iter().map(|(id, file)| (file.path.as_str(), id)).collect(),
            drafts: site.drafts.iter().copied().collect(),
            sections: sections.collect(),
        }
    }

    fn find(&self, path: &str) -> Option<SourceId> {
        self.by_path.get(path).copied()
    }

    /// The size of the picture that is published at a path from the root.
    pub(super) fn picture_size(&self, published: &str) -> Option<PictureSize> {
        match self.outputs.get(published.trim_start_matches('/'))? {
            OutputKind::Asset(source) => self.inputs.pictures.get(&self.inputs.get(source).path).copied(),
            _ => None,
        }
    }
}

/// `[[name#heading]]`: a page by any of its names, then an entry of the glossary; `[[#heading]]`: this page.
pub(super) fn wiki(site: &Site, document: &Document, target: &str) -> Target {
    let (name, heading) = target.split_once('#').map_or((target, None), |(name, heading)| (name, Some(heading)));
    if let (true, Some(heading)) = (name.trim().is_empty(), heading) {
        return here(document, heading.to_owned());
    }
    let found = site.names.find(name);
    match found {
        NameLookup::One(page) => match on_page(site, page, heading.map(str::to_owned)) {
            Target::Page { page, anchor, word: _ } => {
                let word = is_other_word(site, page, name).then(|| name.trim().to_owned());
                Target::Page { page, anchor, word }
            }
            other => other,
        },
        found => match entry(site, name).filter(|_| found == NameLookup::Nothing) {
            Some(entry) => Target::Glossary(entry),
            None => Target::Wrong(Wrong::Name { name: name.to_owned(), found }),
        },
    }
}

/// Whether a page is called by a word of its `also`, and neither by its title nor by its file.
fn is_other_word(site: &Site, page: PageId, name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let also = site.document(page).map_or(&[][..], |document| &document.front.also);
    also.iter().any(|word| word.value.to_lowercase() == name) && folded(&site[page].title) != folded(&name)
}

fn entry(site: &Site, name: &str) -> Option<usize> {
    let name = folded(name);
    site.glossary
        .iter()
        .position(|entry| folded(&entry.term) == name || entry.also.iter().any(|form| folded(form) == name))
}

/// `[@key]` or `[@key; @other]`.
pub(super) fn citations(site: &Site, target: &str) -> Target {
    let keys = target.split(';').map(|key| key.trim().trim_start_matches('@').to_owned());
    Target::Citations(keys.map(|key| (key.clone(), site.evidence.find(&key))).collect())
}

/// `[text](target)`: a file of the site by its relative path, a rooted address, or another site.
pub(super) fn written(site: &Site, files: &Files<'_>, document: &Document, target: &str, image: bool) -> Target {
    if target.starts_with("//") || has_scheme(target) {
        return Target::External;
    }
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let (path, query) = path.split_once('?').map_or((path, ""), |(path, query)| (path, query));
    let anchor = anchor.map(decoded).filter(|anchor| !anchor.is_empty());
    if path.is_empty() {
        return anchor.map_or(Target::Here(String::new()), |anchor| here(document, anchor));
    }
    let path = decoded(path);
    let rest = match (query.is_empty(), &anchor) {
        (true, None) => String::new(),
        (true, Some(anchor)) => format!("#{anchor}"),
        (false, None) => format!("?{query}"),
        (false, Some(anchor)) => format!("?{query}#{anchor}"),
    };
    if path.starts_with('/') {
        return rooted(site, files, &path, anchor, &rest);
    }
    let from = files.inputs.get(document.source).path.as_str();
    let Some(joined) = join(from, &path) else { return Target::Wrong(Wrong::Outside) };
    file(site, files, &joined, anchor, &rest, image)
}

/// The file that front matter or `site.yaml` names as a picture, at this place.
pub(super) fn picture(site: &Site, files: &Files<'_>, named: &At<String>) -> Target {
    let path = decoded(&named.value);
    if path.starts_with("//") || has_scheme(&path) {
        return Target::External;
    }
    if path.starts_with('/') {
        return rooted(site, files, &path, None, "");
    }
    let from = files.inputs.get(named.span.source).path.as_str();
    match join(from, &path) {
        Some(joined) => file(site, files, &joined, None, "", true),
        None => Target::Wrong(Wrong::Outside),
    }
}

fn has_scheme(target: &str) -> bool {
    target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

fn decoded(text: &str) -> String {
    crate::model::percent_decoded(text).unwrap_or_else(|| text.to_owned())
}

/// The path that `relative` names from the file `from`; none where it leaves `content/`.
fn join(from: &str, relative: &str) -> Option<String> {
    let folder = from.strip_prefix(CONTENT)?.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut path = String::with_capacity(CONTENT.len() + folder.len() + 1 + relative.len());
    path.push_str(folder);
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." if path.is_empty() => return None,
            ".." => path.truncate(path.rfind('/').unwrap_or(0)),
            part => {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(part);
            }
        }
    }
    path.insert_str(0, CONTENT);
    Some(path)
}

/// A file below `content/`; a folder stands for its index, as on the servers that show Markdown.
fn file(site: &Site, files: &Files<'_>, path: &str, anchor: Option<String>, rest: &str, image: bool) -> Target {
    let folder = path.trim_end_matches('/');
    let indexes = ["index.md", "README.md"].map(|name| move || files.find(&format!("{folder}/{name}")));
    let indexes = indexes.iter().filter(|_| !image).filter_map(|find| find());
    for source in files.find(path).into_iter().chain(indexes) {
        if let Some(page) = site.page_of(source) {
            return on_page(site, page, anchor);
        }
        if files.drafts.contains(&source) {
            return Target::Wrong(Wrong::Draft);
        }
        if let Some(target) = asset(site, files, source, rest) {
            return target;
        }
    }
    // A folder of pages without an index has a page too, and files that the site makes lie beside those they are of.
    let below = path.strip_prefix(CONTENT).unwrap_or_default();
    match files.sections.get(below.trim_end_matches('/')).filter(|_| !image) {
        Some(&page) => on_page(site, page, anchor),
        None => output(site, files, &format!("/{below}"), anchor, rest)
            .unwrap_or(Target::Wrong(Wrong::File(path.to_owned()))),
    }
}

fn asset(site: &Site, files: &Files<'_>, source: SourceId, rest: &str) -> Option<Target> {
    if files.inputs.get(source).kind != SourceKind::Asset {
        return None;
    }
    let path = site.assets.get(&source)?;
    Some(Target::File { path: format!("/{path}"), rest: rest.to_owned() })
}

/// What a build writes at a path from the root, if it writes anything there.
fn output(site: &Site, files: &Files<'_>, path: &str, anchor: Option<String>, rest: &str) -> Option<Target> {
    Some(match files.outputs.get(path.strip_prefix('/')?)? {
        // Hosts read these two and show them to nobody; names with a hash change.
        OutputKind::SiteFile(SiteFile::Headers | SiteFile::Redirects) | OutputKind::Hashed(_) => return None,
        OutputKind::Page(page) | OutputKind::Redirect(page, _) => on_page(site, page, anchor),
        OutputKind::Twin(_)
        | OutputKind::DecisionFile(..)
        | OutputKind::TermFeed(_)
        | OutputKind::Asset(_)
        | OutputKind::SiteFile(_)
        | OutputKind::ThemeFile(_) => Target::File { path: path.to_owned(), rest: rest.to_owned() },
    })
}

/// An address of the site as it will be published, or a file by its path below `content/`.
fn rooted(site: &Site, files: &Files<'_>, path: &str, anchor: Option<String>, rest: &str) -> Target {
    if let Some(address) = Address::parse(path) {
        let with_slash = Address::parse(&format!("{}/", path.trim_end_matches('/')));
        let find = |address| site.page_at(address).or_else(|| site.aliases.get(address).copied());
        if let Some(page) = find(&address).or_else(|| find(with_slash.as_ref()?)) {
            return on_page(site, page, anchor);
        }
        if let Some(target) = output(site, files, address.as_str(), anchor.clone(), rest) {
            return target;
        }
    }
    let at_address =
        |source: &SourceId| Some(Address::of_file(&files.inputs.get(*source).path, false)) == Address::parse(path);
    let source = files.find(&format!("{CONTENT}{}", path.strip_prefix('/').unwrap_or(path)));
    if source.or_else(|| site.drafts.iter().copied().find(at_address)).is_some_and(|s| files.drafts.contains(&s)) {
        return Target::Wrong(Wrong::Draft);
    }
    match source.and_then(|source| site.page_of(source)) {
        Some(page) => on_page(site, page, anchor),
        None => source.and_then(|source| asset(site, files, source, rest)).unwrap_or(Target::Wrong(Wrong::Address)),
    }
}

fn here(document: &Document, anchor: String) -> Target {
    match heading(document, &anchor) {
        Some(id) => Target::Here(id),
        None if anchor == "top" => Target::Here(anchor),
        None => Target::Wrong(Wrong::AnchorHere(anchor)),
    }
}

/// A page and a heading on it; lists that the site generates have anchors of their own, which are taken on trust.
fn on_page(site: &Site, page: PageId, anchor: Option<String>) -> Target {
    let Some(anchor) = anchor else { return Target::Page { page, anchor: None, word: None } };
    let generated =
        !matches!(site[page].kind, PageKind::Single(Single::Home) | PageKind::Section(_) | PageKind::Article);
    match site.document(page).and_then(|document| heading(document, &anchor)) {
        Some(id) => Target::Page { page, anchor: Some(id), word: None },
        None if generated || anchor == "top" => Target::Page { page, anchor: Some(anchor), word: None },
        None => Target::Wrong(Wrong::Anchor { page, anchor }),
    }
}

/// The id of the heading that an author calls `anchor`: by its id, or by its words.
fn heading(document: &Document, anchor: &str) -> Option<String> {
    let outline = &document.outline;
    let found = outline.heading(anchor);
    if found.is_none() && outline.anchors.binary_search_by(|id| id.as_str().cmp(anchor)).is_ok() {
        return Some(anchor.to_owned());
    }
    let by_words = || outline.heading(&crate::parse::slug(anchor));
    let heading = outline.headings.get(found.or_else(by_words)?)?;
    Some(heading.id.clone())
}
