//! Which output gets which path, and what is said where two want the same.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{ANY_HASH, DecisionFormat, HashedFolder, OutputKind, Outputs, SiteFile};
use super::{asset_path, hashed_paths, is_copied_of_theme, key, theme_file_path, twin_path};
use crate::address::{is_windows_name, mistake_in_name};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::model::reference::{Definition, ReferenceForm, Resolution};
use crate::model::{Address, PageId, PageKind, Single, Site};
use crate::source::{Inputs, SourceId, SourceKind, Span, slice};

/// Gives every output its place and reports those that want the same one, also when only case or Unicode form differ.
pub(in crate::model) fn allocate(site: &mut Site, inputs: &Inputs, into: &mut Resolution) -> Outputs {
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
pub(in crate::model) fn take_over(
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
