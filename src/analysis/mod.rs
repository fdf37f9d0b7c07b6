//! The texts of a site in, everything that is known of it out: the waist of the program.
//!
//! [`analyse`] parses, assembles, follows links and judges. It knows no theme, makes no output and touches no disk, so
//! that whoever wants to know something of a site starts here: `check`, `serve`, publishing, a command that prints one
//! decision. An [`Analysis`] can be renewed after an edit ([`Analysis::renew`]), at the price of what was edited.
//!
//! ```
//! use fingerpost::analysis::{Options, analyse};
//! use fingerpost::source::{Inputs, Source, SourceKind};
//!
//! let mut inputs = Inputs::new("notes");
//! for (path, text) in [
//!     ("content/index.md", "# Bread\n\nStart with a [[sourdough]] or with [flour](flour.md#kinds).\n"),
//!     ("content/sourdough.md", "# Sourdough\n\nAll of it is flour: see [its kinds](flour.md#kinds).\n"),
//!     ("content/flour.md", "# Flour\n\n## Kinds\n\nRye, wheat and [spelt](spelt.md).\n"),
//! ] {
//!     inputs.add(Source { path: path.into(), text: text.into(), kind: SourceKind::Content });
//! }
//! let analysis = analyse(&inputs, &Options::default());
//!
//! // Which pages mention the one on flour?
//! let flour = analysis.page_at("/flour/").expect("the page is there");
//! let titles: Vec<&str> = analysis.mentions(flour).map(|page| page.title).collect();
//! assert_eq!(titles, ["Sourdough", "Bread"]);
//!
//! // What stands at a place, and where else is it named?
//! let home = inputs.find("content/index.md").expect("it was added");
//! let name = analysis.references.at(home, 25).expect("a name stands there");
//! assert_eq!(&inputs.get(home).text[name.span.range()], "sourdough");
//!
//! // What is wrong?
//! assert_eq!(analysis.findings[0].message, "no file at `content/spelt.md`");
//! ```

mod consequences;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{self, Subject};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Reported};
use crate::hash::{Hash, fingerprint};
use crate::link;
use crate::model::{self, Address, Assembled, Parts};
use crate::parse::{self, Document, Entry, Evidence};
use crate::source::{Inputs, Source, SourceId, SourceKind};
use crate::strings::{self, Strings, key};

pub use crate::link::Links;
pub use crate::model::{
    ClaimId, DecisionFormat, Definition, HashedFolder, OutputKind, Outputs, Page, PageId, Reference, ReferenceForm,
    References, Section, SectionId, Site, SiteFile, Term, TermId, WorkId,
};

/// What a site is, besides its texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// Stands in for the `base-url` of `site.yaml`.
    pub base_url: Option<String>,
    /// Scheme, host and port that stand in for those of the base URL, whose path stays: `http://127.0.0.1:4040`.
    pub origin: Option<String>,
    /// Whether drafts are pages too.
    pub drafts: bool,
    /// The day by which freshness is judged, `YYYY-MM-DD`; none where the result may not depend on it.
    pub today: Option<String>,
}

/// Everything that is known of a site.
#[derive(Debug)]
pub struct Analysis {
    /// Pages, sections, terms, decisions, tracks, evidence.
    pub site: Site,
    /// Where every link leads, and what follows from it.
    pub links: Links,
    /// Every place where content names something.
    pub references: References,
    /// Every file that a build of the site writes.
    pub outputs: Outputs,
    /// What is wrong or doubtful, in no order; [`crate::diagnostic::Report`] sorts it.
    pub findings: Vec<Diagnostic>,
    /// What the next analysis may begin with.
    cache: ParseCache,
}

/// A page in a few words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSummary<'a> {
    /// Its number in this analysis.
    pub id: PageId,
    /// Where it lives: a path from the root of the site, decoded.
    pub address: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// What it says in a sentence, where its author wrote one.
    pub summary: Option<&'a str>,
    /// The file behind it, if there is one.
    pub source: Option<SourceId>,
}

/// What an analysis was made from, as far as it need not be read again.
#[derive(Debug, Default)]
struct ParseCache {
    /// A fingerprint of what has a say in how pages are parsed.
    settings: u64,
    /// A fingerprint of all inputs but the texts of pages.
    data: u64,
    evidence: Evidence,
    glossary: Vec<Entry>,
    /// What was found in files that are no pages.
    data_findings: Vec<Diagnostic>,
    /// Pages as they were parsed.
    documents: HashMap<SourceId, Parsed>,
    /// What was found while the site was put together.
    model_findings: Vec<Diagnostic>,
}

/// What the settings of a site say.
struct Settings {
    config: Arc<Config>,
    strings: Arc<Strings>,
}

/// A page as it was parsed.
#[derive(Debug)]
struct Parsed {
    path: String,
    /// Whether it was the page of its folder, which other files have a say in.
    index: bool,
    document: Arc<Document>,
    findings: Vec<Diagnostic>,
}

/// Analyses a site.
#[must_use]
pub fn analyse(inputs: &Inputs, options: &Options) -> Analysis {
    analyse_with(HashMap::new(), inputs, options)
}

/// Analyses a site of which these pages may have been parsed before, with the same settings.
fn analyse_with(documents: HashMap<SourceId, Parsed>, inputs: &Inputs, options: &Options) -> Analysis {
    let (settings, data) = (settings_fingerprint(inputs, options), data_fingerprint(inputs, options));
    let mut cache = ParseCache { settings, data, documents, ..ParseCache::default() };
    let findings = &mut cache.data_findings;
    let mut config = take(config::parse(inputs, options.base_url.as_deref(), &model::reserved_folders()), findings);
    if let Some(origin) = &options.origin {
        config.base = config.base.at_origin(origin);
    }
    let strings = take(strings::of(inputs, &config.language, config.theme_name()), findings);
    config.name_default_facet(strings.say(key!("topic")), strings.say(key!("topics")));
    let settings = Settings { config: Arc::new(config), strings: Arc::new(strings) };
    cache.evidence = take(parse::evidence(inputs), findings);
    cache.glossary = take(parse::glossary(inputs), findings);
    let documents = cache.parse(inputs, &settings.config);
    assemble(inputs, options, &settings, &documents, cache, None)
}

impl Analysis {
    /// Makes this what [`analyse`] would give after an edit, without parsing again what was not edited, and without
    /// assembling the site anew where only texts below the front matter are different. `options` may be others.
    pub fn renew(&mut self, inputs: &Inputs, options: &Options) {
        if self.cache.data != data_fingerprint(inputs, options) {
            // Settings have a say in how pages are parsed; other files have none.
            let same = self.cache.settings == settings_fingerprint(inputs, options);
            let documents = if same { std::mem::take(&mut self.cache.documents) } else { HashMap::new() };
            self.replace(analyse_with(documents, inputs, options));
            return;
        }
        let Site { config, strings, .. } = &self.site;
        let settings = Settings { config: Arc::clone(config), strings: Arc::clone(strings) };
        let documents = self.cache.parse(inputs, &settings.config);
        let Some(changed) = self.site.replace_bodies(&documents) else {
            let cache = std::mem::take(&mut self.cache);
            let now = assemble(inputs, options, &settings, &documents, cache, Some(self));
            self.replace(now);
            return;
        };
        if !changed.is_empty() {
            let Self { site, links, references, outputs, .. } = self;
            link::follow_again(links, references, site, outputs, inputs, &changed);
        }
        self.judge(inputs, options);
    }

    /// Puts another in the place of this one, which is let go of in the background: somebody waits for the new one.
    fn replace(&mut self, now: Self) {
        let then = std::mem::replace(self, now);
        rayon::spawn(move || drop(then));
    }

    /// Lets go of what only an editor or the next analysis asks for: places of names, and how pages were parsed. For who
    /// is about to make all pages of a large site, and will not renew this.
    pub(crate) fn release(&mut self) {
        self.references = References::default();
        self.cache = ParseCache::default();
    }

    /// The page at an address, written as a path from the root of the site: `/a/b/`.
    #[must_use]
    pub fn page_at(&self, address: &str) -> Option<PageId> {
        self.site.page_at(&Address::parse(address)?)
    }

    /// A page in a few words.
    ///
    /// # Panics
    /// If the page is one of another site.
    #[must_use]
    pub fn page(&self, id: PageId) -> PageSummary<'_> {
        let page = &self.site[id];
        PageSummary {
            id,
            address: page.address.as_str(),
            title: &page.title,
            summary: page.summary.as_deref(),
            source: page.source,
        }
    }

    /// All pages.
    pub fn pages(&self) -> impl Iterator<Item = PageSummary<'_>> {
        self.site.pages().map(|(id, _)| self.page(id))
    }

    /// The pages whose text, or whose decision, names a page: articles in reading order, then others.
    pub fn mentions(&self, page: PageId) -> impl Iterator<Item = PageSummary<'_>> {
        self.links.backlinks.get(page.0).into_iter().flatten().map(|&from| self.page(from))
    }

    /// Says what is wrong.
    fn judge(&mut self, inputs: &Inputs, options: &Options) {
        let Self { site, links, references, .. } = self;
        let subject = Subject { site, links, references, inputs };
        let mut findings = check::run(&subject);
        if let Some(today) = &options.today {
            findings.extend(check::freshness(&subject, today));
        }
        let ParseCache { data_findings, model_findings, documents, .. } = &self.cache;
        findings.extend(data_findings.iter().chain(model_findings).cloned());
        let mut parsed: Vec<(&SourceId, &Parsed)> =
            documents.iter().filter(|(_, file)| !file.findings.is_empty()).collect();
        parsed.sort_unstable_by_key(|(id, _)| **id);
        findings.extend(parsed.into_iter().flat_map(|(_, file)| file.findings.iter().cloned()));
        let mut findings = findings.into_vec();
        consequences::take_out(&mut findings, inputs);
        self.findings = findings;
    }
}

/// Puts a site together, follows its links and judges it. After an edit of pages alone, `former` is what was known
/// before: what holds still is taken out of it.
fn assemble(
    inputs: &Inputs,
    options: &Options,
    settings: &Settings,
    documents: &Arc<[Arc<Document>]>,
    mut cache: ParseCache,
    former: Option<&mut Analysis>,
) -> Analysis {
    let parts = Parts {
        inputs,
        config: &settings.config,
        strings: &settings.strings,
        documents,
        evidence: &cache.evidence,
        glossary: &cache.glossary,
        drafts: options.drafts,
    };
    let (places, names) =
        former.map(|Analysis { site, outputs, links, references, .. }| ((site, outputs), (links, references))).unzip();
    let Reported { value: Assembled { site, outputs, named, edited }, findings } = model::assemble(&parts, places);
    cache.model_findings = findings;
    let former = names.zip(edited.as_deref());
    let former = former.map(|((links, references), edited)| link::Former { links, references, edited });
    let (links, references) = link::resolve(&site, &outputs, inputs, named, former);
    let mut analysis = Analysis { site, links, references, outputs, findings: Vec::new(), cache };
    analysis.judge(inputs, options);
    analysis
}

impl ParseCache {
    /// Parses the pages that are not as they were, in parallel; the result is in the order of paths.
    #[expect(clippy::indexing_slicing, reason = "each of these pages has just been read, or was before")]
    fn parse(&mut self, inputs: &Inputs, config: &Config) -> Arc<[Arc<Document>]> {
        let pages: Vec<SourceId> = inputs.iter().filter(|(_, file)| is_page(file)).map(|(id, _)| id).collect();
        let before = &self.documents;
        let parsed: Vec<Option<Parsed>> = pages
            .par_iter()
            .map(|&id| {
                let file = inputs.get(id);
                let (text, index) = (inputs.hash(id), parse::is_index_of_folder(inputs, id));
                let is_same =
                    |known: &Parsed| known.path == file.path && known.document.text == text && known.index == index;
                if before.get(&id).is_some_and(is_same) {
                    return None;
                }
                let Reported { value, findings } = parse::document(inputs, id, config);
                Some(Parsed { path: file.path.clone(), index, document: Arc::new(value), findings })
            })
            .collect();
        for (&id, parsed) in pages.iter().zip(parsed) {
            if let Some(parsed) = parsed {
                self.documents.insert(id, parsed);
            }
        }
        if self.documents.len() > pages.len() {
            let pages: HashSet<SourceId> = pages.iter().copied().collect();
            self.documents.retain(|id, _| pages.contains(id));
        }
        let document = |id: &SourceId| Arc::clone(&self.documents[id].document);
        pages.iter().map(document).collect()
    }
}

fn take<T>(reported: Reported<T>, findings: &mut Vec<Diagnostic>) -> T {
    findings.extend(reported.findings);
    reported.value
}

/// Whether a file is a page in Markdown.
fn is_page(file: &Source) -> bool {
    file.kind == SourceKind::Content && parse::is_markdown(&file.path)
}

/// A fingerprint of the settings and of the words of a site.
fn settings_fingerprint(inputs: &Inputs, options: &Options) -> u64 {
    let Options { base_url, origin, drafts, today: _ } = options;
    let settings = inputs.find(config::PATH).map(|id| inputs.hash(id));
    let is_words = |file: &Source| file.kind == SourceKind::Theme && file.path.contains(STRINGS);
    let words = inputs.iter().filter(|(_, file)| is_words(file));
    let words: Vec<(&String, Hash)> = words.map(|(id, file)| (&file.path, inputs.hash(id))).collect();
    fingerprint(&(base_url, origin, drafts, &inputs.name, settings, words))
}

/// What the path of every catalogue of words holds.
const STRINGS: &str = "/strings/";

/// A fingerprint of all that an analysis is made from but for the texts of pages: of them, of which there are. Of a
/// theme, an analysis knows what it copies, and its catalogues of words.
fn data_fingerprint(inputs: &Inputs, options: &Options) -> u64 {
    let Options { base_url, origin, drafts, today: _ } = options;
    let text = |id: SourceId, file: &Source| match file.kind {
        SourceKind::Content if is_page(file) => None,
        SourceKind::Content | SourceKind::Asset => Some(inputs.hash(id)),
        SourceKind::Theme => file.path.contains(STRINGS).then(|| inputs.hash(id)),
        SourceKind::Embedded | SourceKind::LeftOut => None,
    };
    let files = inputs.iter();
    let files = files.map(|(id, file)| (id, &file.path, file.kind, file.text.is_empty(), text(id, file)));
    let files: Vec<(SourceId, &String, SourceKind, bool, Option<Hash>)> = files.collect();
    fingerprint(&(base_url, origin, drafts, &inputs.name, &inputs.prefix, files, &inputs.dates))
}
