//! The site as it is now, and what is at an address of it: rendered when it is asked for, and remembered until the
//! next edit. A request is looked up among the outputs that the model knows and never becomes a path on the disk.
//!
//! Pages are shown while the content has errors: with the findings in a bar over them. A page that cannot be made at
//! all shows the findings alone. Neither does a mistake in Fingerpost end the server: what panics is said in the place of
//! what it was to make, and after the next edit everything is read and analysed from the start.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

use crate::analysis::{self, Analysis, OutputKind, PageId, SiteFile, analyse};
use crate::config;
use crate::diagnostic::{Diagnostic, Report, Reported, Severity, terminal};
use crate::export::hosting::HostRules;
use crate::failure::{Failure, NO_PANIC, caught};
use crate::model::{encode_path, percent_decoded};
use crate::output::{Body, Counts, Output};
use crate::publish;
use crate::read::{ChangeSet, Snapshot};
use crate::search;
use crate::source::{Inputs, LineIndex};
use crate::spill::Spill as _;
use crate::theme::{self, Theme};
use crate::write::InFile;

/// How many bytes of outputs are remembered; past that, all are forgotten and made again.
const MAX_REMEMBERED: usize = 2 * 1024 * 1024;

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

/// What is at an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The output at this path.
    Found(String, Content),
    /// Nothing; this output says so, if it could be made.
    Missing(Option<(String, Content)>),
    /// An address of a folder without its slash.
    Folder(String),
    /// An old address, and where it leads now.
    Moved(String),
    /// An address above those of the site.
    Outside(String),
    /// Something that cannot be made, for these reasons.
    Failed(String),
    /// Something that was being made when an edit came.
    Interrupted,
}

/// The site, analysed, and what was rendered of it since the last edit.
pub(super) struct ServedSite {
    folder: Snapshot,
    /// Scheme, host and port of the server.
    origin: String,
    analysis: Analysis,
    theme: Theme,
    /// What is wrong with the theme.
    theme_findings: Vec<Diagnostic>,
    /// What went wrong when its templates were tried on the pages that there are.
    template_findings: Vec<Diagnostic>,
    rules: HostRules,
    report: Report,
    /// The addresses of style sheets before the last edit, each with that which stands in its place.
    style_swaps: BTreeMap<String, String>,
    /// Why the folder cannot be read, while it cannot.
    pub(super) failure: Option<String>,
    rendered: Mutex<Remembered>,
    /// The search index, when somebody has searched.
    index: Mutex<Option<SearchIndex>>,
}

/// What was made since the last edit, for whoever asks next.
#[derive(Default)]
struct Remembered {
    /// By the paths of outputs.
    contents: HashMap<String, Content>,
    /// How many bytes they are together.
    bytes: usize,
}

impl Remembered {
    fn insert(&mut self, path: &str, content: &Content) {
        let bytes = path.len() + if let Content::Bytes(bytes) = content { bytes.len() } else { 0 };
        if self.bytes + bytes > MAX_REMEMBERED {
            *self = Self::default();
        }
        if bytes <= MAX_REMEMBERED && self.contents.insert(path.to_owned(), content.clone()).is_none() {
            self.bytes += bytes;
        }
    }
}

/// The files of the search index, kept out of memory.
struct SearchIndex {
    store: InFile,
    /// Where each file lies in the store, and how long it is.
    files: BTreeMap<String, (u64, usize)>,
}

impl ServedSite {
    /// Analyses the site in a folder, to be served at an address such as `http://127.0.0.1:4040`.
    pub(super) fn new(folder: Snapshot, origin: &str) -> Self {
        let inputs = folder.inputs();
        let analysis = analyse(inputs, &options(origin));
        let reported = theme::overlay(inputs, &analysis.site.config, &analysis.site.strings);
        let mut site = Self {
            folder,
            origin: origin.to_owned(),
            rules: HostRules::default(),
            analysis,
            theme: reported.value,
            theme_findings: reported.findings,
            template_findings: Vec::new(),
            report: Report::default(),
            style_swaps: BTreeMap::new(),
            failure: None,
            rendered: Mutex::default(),
            index: Mutex::default(),
        };
        site.settle();
        site
    }

    /// Takes up what was edited: reads it, and analyses the site again. Everything that was rendered is forgotten.
    ///
    /// # Errors
    /// If not all of the folder can be read. What could be is analysed: pages are rendered from the texts that are there.
    pub(super) fn refresh(
        &mut self,
        read: impl FnOnce(&mut Snapshot) -> Result<ChangeSet, Failure>,
    ) -> Result<ChangeSet, Failure> {
        let read = caught(|| read(&mut self.folder)).unwrap_or_else(|said| Err(self.fault(&said)));
        if self.failure.is_none() && read.as_ref().is_ok_and(ChangeSet::is_empty) {
            return read;
        }
        self.failure = read.as_ref().err().map(in_words);
        match caught(|| self.follow(read.as_ref().ok())) {
            Ok(()) => read,
            Err(said) => Err(self.fault(&said)),
        }
    }

    /// Takes up what was read: what changed, if that is known.
    fn follow(&mut self, changed: Option<&ChangeSet>) {
        let inputs = self.folder.inputs();
        let (theme, base) = (self.analysis.site.config.theme_name().to_owned(), self.base().to_owned());
        self.analysis.renew(inputs, &options(&self.origin));
        self.style_swaps.clear();
        // The settings have a say in it too: the language of its words, and where its name is written.
        let is_theme = |path: &String| path.starts_with("themes/") || path == config::PATH;
        let other_theme = theme != self.analysis.site.config.theme_name();
        let theme_edited = |changed: &ChangeSet| changed.all || changed.files.iter().any(is_theme);
        if other_theme || changed.is_none_or(theme_edited) {
            let reported = theme::overlay(inputs, &self.analysis.site.config, &self.analysis.site.strings);
            if base == self.base() {
                self.style_swaps = style_swaps(&self.theme, &reported.value, &base);
            }
            (self.theme, self.theme_findings) = (reported.value, reported.findings);
        }
        self.settle();
    }

    /// What follows from a fault of Fingerpost that an edit brought out: nothing of the analysis is believed the next
    /// time. Until then, what there is of it is shown.
    fn fault(&mut self, said: &str) -> Failure {
        self.analysis.release();
        *self.rendered.get_mut().expect(NO_PANIC) = Remembered::default();
        let failure = Failure::fault("following this edit", said);
        self.failure = Some(in_words(&failure));
        failure
    }

    /// What is wrong with templates now: an edit of any page may change that. It takes longer than a page, so that it is
    /// asked for when the pages that are open have been told.
    pub(super) fn try_templates(&self) -> Vec<Diagnostic> {
        let tried = caught(|| publish::try_templates(&self.analysis, &self.theme, self.folder.inputs()));
        tried.unwrap_or_default() // The page on which it failed says so itself.
    }

    /// Whether this is what is known to be wrong with templates.
    pub(super) fn has_template_findings(&self, findings: &[Diagnostic]) -> bool {
        findings == self.template_findings
    }

    /// Takes over what [`Self::try_templates`] found.
    pub(super) fn take_template_findings(&mut self, findings: Vec<Diagnostic>) {
        self.template_findings = findings;
        self.report = self.all_findings(Vec::new());
    }

    /// All findings, and these besides.
    fn all_findings(&self, others: Vec<Diagnostic>) -> Report {
        let known = self.analysis.findings.iter().chain(&self.theme_findings).chain(&self.template_findings);
        let mut report = Report::default();
        report.extend(known.cloned().chain(self.folder.findings()).chain(others));
        report.finish(self.folder.inputs(), false);
        report
    }

    /// Does what follows from an analysis.
    fn settle(&mut self) {
        // Until the templates are tried again, what was wrong with them stands, if its place is still there.
        let inputs = self.folder.inputs();
        self.template_findings.retain(|finding| finding.spans().all(|span| inputs.has(span)));
        self.report = self.all_findings(Vec::new());
        let Analysis { site, links, .. } = &self.analysis;
        let assets = site.assets.values().map(String::as_str);
        self.rules = HostRules::new(&self.theme, site.config.html, assets, links.pictures_from_elsewhere(site));
        *self.rendered.get_mut().expect(NO_PANIC) = Remembered::default();
        self.index.clear_poison();
        *self.index.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What was found.
    pub(super) fn report(&self) -> &Report {
        &self.report
    }

    /// The folder that is served.
    pub(super) fn folder(&self) -> &Snapshot {
        &self.folder
    }

    /// How much there is.
    pub(super) fn counts(&self) -> Counts {
        publish::counts(&self.analysis, 0)
    }

    /// What is wrong, in a line; none where nothing is an error.
    pub(super) fn problems(&self) -> Option<Problems> {
        if let Some(failure) = &self.failure {
            return Some(Problems {
                count: "1 error".to_owned(),
                first: failure.lines().next().unwrap_or_default().to_owned(),
            });
        }
        let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error;
        let first = self.report.findings().iter().find(is_error)?;
        let count = match self.report.count(Severity::Error) {
            1 => "1 error".to_owned(),
            count => format!("{count} errors"),
        };
        Some(Problems { count, first: in_a_line(first, self.folder.inputs()) })
    }

    /// Everything that was found, as the terminal says it.
    pub(super) fn findings(&self) -> String {
        let written = || caught(|| written(&self.report, self.folder.inputs())).unwrap_or_else(|said| not_made(&said));
        self.failure.clone().unwrap_or_else(written)
    }

    /// The path that all addresses begin with.
    pub(super) fn base(&self) -> &str {
        self.analysis.site.config.base.path()
    }

    /// The addresses of the outputs that are copies of files which were edited.
    pub(super) fn copies_of(&self, changed: &ChangeSet) -> Vec<String> {
        let inputs = self.folder.inputs();
        let assets = self.analysis.site.assets.iter().map(|(id, path)| (&inputs.get(*id).path, path));
        let of_theme = self.theme.bundle.outputs.iter().filter_map(|output| match &output.body {
            Body::Copy(from) => Some((from, &output.path)),
            Body::Bytes(_) => None,
        });
        let edited = assets.chain(of_theme).filter(|(from, _)| changed.all || changed.files.contains(*from));
        edited.map(|(_, path)| format!("{}{path}", self.base())).collect()
    }

    /// The style sheets that the last edit gave another address, each with that.
    pub(super) fn style_swaps(&self) -> &BTreeMap<String, String> {
        &self.style_swaps
    }

    /// The headers that an output is served with; a later one of the same name stands in for an earlier one.
    pub(super) fn headers(&self, path: &str) -> impl Iterator<Item = (&str, &str)> {
        self.rules.of_path(path)
    }

    /// What is at the path of a request, as the client wrote it. `interrupted` is asked during long work.
    pub(super) fn answer(&self, path: &str, interrupted: &(dyn Fn() -> bool + Sync)) -> Answer {
        caught(|| self.look_up(path, interrupted)).unwrap_or_else(|said| Answer::Failed(not_made(&said)))
    }

    fn look_up(&self, path: &str, interrupted: &(dyn Fn() -> bool + Sync)) -> Answer {
        let base = self.base();
        let Some(below) = path.strip_prefix(base) else {
            let is_base = path == "/" || path == base.trim_end_matches('/');
            return if is_base { Answer::Outside(base.to_owned()) } else { self.missing() };
        };
        let Some(name) = percent_decoded(below) else { return self.missing() };
        let folder = name.strip_suffix('/').unwrap_or(&name);
        let index = if folder.is_empty() { "index.html".to_owned() } else { format!("{folder}/index.html") };
        let asks_for_folder = name.is_empty() || name.ends_with('/');
        let wanted = if asks_for_folder { &index } else { &name };
        for path in [wanted, &index] {
            if let Some(OutputKind::Redirect(page, _)) = self.analysis.outputs.get(path) {
                return Answer::Moved(self.address_of(page));
            }
        }
        match self.output(wanted, interrupted) {
            Some(Ok(content)) => Answer::Found(wanted.clone(), content),
            Some(Err(Stop::Failed(findings))) => Answer::Failed(findings),
            Some(Err(Stop::Interrupted)) => Answer::Interrupted,
            None if !asks_for_folder && self.analysis.outputs.get(&index).is_some() => {
                Answer::Folder(format!("{base}{}/", encode_path(&name)))
            }
            None => self.missing(),
        }
    }

    fn address_of(&self, page: PageId) -> String {
        self.analysis.site.config.base.link(&self.analysis.site[page].address.encoded())
    }

    fn missing(&self) -> Answer {
        let path = "404.html";
        match self.output(path, &|| false) {
            Some(Err(Stop::Failed(findings))) => Answer::Failed(findings),
            Some(Err(Stop::Interrupted)) => Answer::Interrupted,
            Some(Ok(content)) => Answer::Missing(Some((path.to_owned(), content))),
            None => Answer::Missing(None),
        }
    }

    /// The output at a path, made if it is not remembered; none where a build writes nothing there.
    fn output(&self, path: &str, interrupted: &(dyn Fn() -> bool + Sync)) -> Option<Result<Content, Stop>> {
        let kind = self.analysis.outputs.get(path);
        if matches!(kind, Some(OutputKind::SiteFile(SiteFile::SearchRoot))) || (kind.is_none() && search::is_part(path))
        {
            return self.search_file(path, interrupted).transpose();
        }
        if let Some(content) = self.rendered.lock().expect(NO_PANIC).contents.get(path) {
            return Some(Ok(content.clone()));
        }
        let made = match kind {
            Some(kind) => publish::with_view(&self.analysis, &self.theme, self.folder.inputs(), |view| {
                publish::make_output(view, kind)
            }),
            None => Reported::clean(self.theme.bundle.output(path).cloned().into_iter().collect()),
        };
        let mut outputs: BTreeMap<String, Content> =
            made.value.into_iter().map(|Output { path, body }| (path, Content::from(body))).collect();
        let content = outputs.remove(path);
        if let Some(content) = &content {
            self.rendered.lock().expect(NO_PANIC).insert(path, content);
        }
        match (content, kind) {
            (Some(content), _) => Some(Ok(content)),
            (None, None) => None,
            (None, Some(_)) => Some(Err(Stop::Failed(self.with_findings(made.findings)))),
        }
    }

    /// All findings together with those of making one output.
    fn with_findings(&self, findings: Vec<Diagnostic>) -> String {
        written(&self.all_findings(findings), self.folder.inputs())
    }

    /// A file of the search index, which is made when the first is asked for.
    fn search_file(&self, path: &str, interrupted: &(dyn Fn() -> bool + Sync)) -> Result<Option<Content>, Stop> {
        // A panic while it is made is answered for by `answer`; then there is none, and the next who asks makes it.
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let index = match &mut *index {
            Some(index) => index,
            none => none.insert(SearchIndex::of(&self.analysis, &self.theme, self.folder.inputs(), interrupted)?),
        };
        let Some(&(start, length)) = index.files.get(path) else { return Ok(None) };
        let mut bytes = vec![0; length];
        index.store.read_at(start, &mut bytes).map_err(|failure| Stop::Failed(failure.message))?;
        Ok(Some(Content::Bytes(bytes.into())))
    }
}

/// What stands in the place of something that panicked while it was made.
fn not_made(said: &str) -> String {
    in_words(&Failure::fault("making this", said))
}

fn in_words(failure: &Failure) -> String {
    let help = failure.help.as_ref().map_or_else(String::new, |help| format!("help: {help}\n"));
    format!("error: {}\n{help}", failure.message)
}

/// What is wrong with a site, in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problems {
    /// "2 errors".
    pub(super) count: String,
    /// The first of them, with its place.
    pub(super) first: String,
}

/// "content/a.md:3:6: no page named `b`".
fn in_a_line(finding: &Diagnostic, inputs: &Inputs) -> String {
    let source = inputs.get(finding.span.source);
    let at = LineIndex::new(&source.text).position(finding.span.range().start);
    format!("{}:{}:{}: {}", source.path, at.line, at.column, finding.message)
}

/// Findings as the terminal says them.
fn written(report: &Report, inputs: &Inputs) -> String {
    format!("{}{}\n", terminal::render(report, inputs, false), terminal::summary(report))
}

/// The addresses of style sheets in one theme, each with that of the same sheet in another, where they differ.
fn style_swaps(then: &Theme, now: &Theme, base: &str) -> BTreeMap<String, String> {
    let address = |address: &String| format!("{}{}", base.trim_end_matches('/'), address);
    let sheets = then.bundle.addresses.iter().filter(|(name, _)| name.ends_with(".css"));
    let pairs = sheets.filter_map(|(name, old)| Some((old, now.bundle.addresses.get(name)?)));
    pairs.filter(|(old, new)| old != new).map(|(old, new)| (address(old), address(new))).collect()
}

/// Why an output was not made.
#[derive(Debug)]
enum Stop {
    /// For these findings.
    Failed(String),
    /// An edit came.
    Interrupted,
}

impl SearchIndex {
    fn of(
        analysis: &Analysis,
        theme: &Theme,
        inputs: &Inputs,
        interrupted: &(dyn Fn() -> bool + Sync),
    ) -> Result<Self, Stop> {
        let store = InFile::below(std::env::temp_dir());
        let files: Mutex<BTreeMap<String, (u64, usize)>> = Mutex::default();
        let put = |Output { path, body }| {
            if interrupted() {
                return Err(Failure::new("the search index was interrupted"));
            }
            if let Body::Bytes(bytes) = body {
                files.lock().expect(NO_PANIC).insert(path, (store.append(&bytes)?, bytes.len()));
            }
            Ok(())
        };
        match publish::search_index(analysis, theme, inputs, &put, &store) {
            Ok(()) => Ok(Self { files: files.into_inner().expect(NO_PANIC), store }),
            Err(_) if interrupted() => Err(Stop::Interrupted),
            Err(failure) => Err(Stop::Failed(failure.message)),
        }
    }
}

fn options(origin: &str) -> analysis::Options {
    analysis::Options { origin: Some(origin.to_owned()), drafts: true, ..analysis::Options::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;

    /// A site of one article, and one with which an analysis of it goes wrong: its texts are not there.
    fn site() -> (ServedSite, [TestDir; 2]) {
        let dirs = [TestDir::new(), TestDir::new()];
        dirs[0].write("content/a.md", "---\ntitle: A\n---\nText of the article.\n");
        dirs[1].write("content/a.md", "");
        (ServedSite::new(Snapshot::read(&dirs[0].at("")).unwrap(), "http://127.0.0.1:1"), dirs)
    }

    fn found(site: &ServedSite) -> bool {
        match site.answer("/a/index.md", &|| false) {
            Answer::Found(_, Content::Bytes(bytes)) => {
                String::from_utf8(bytes.to_vec()).unwrap().contains("Text of the article.")
            }
            Answer::Failed(why) => {
                assert!(why.contains("a fault of Fingerpost"), "{why}");
                false
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_fault_of_fingerpost_is_said_and_the_next_edit_begins_anew() {
        let (mut site, dirs) = site();
        assert!(found(&site));
        let right = std::mem::replace(&mut site.folder, Snapshot::read(&dirs[1].at("")).unwrap());
        site.rendered = Mutex::default();
        assert!(!found(&site), "the article's text is not there");
        assert!(!found(&site), "no lock is poisoned");
        site.folder = right;
        assert!(found(&site));

        let failed = site.refresh(|_| panic!("as a fault would"));
        let said = "following this edit ended in a fault of Fingerpost: as a fault would";
        assert!(failed.unwrap_err().message.starts_with(said));
        assert!(found(&site), "what there is of the site is shown");
        assert!(site.problems().is_some_and(|problems| problems.first.contains(said)));
        assert!(site.refresh(Snapshot::reload).unwrap().all);
        assert!(found(&site) && site.failure.is_none());
    }

    #[test]
    fn what_is_remembered_is_limited_by_its_bytes() {
        let mut remembered = Remembered::default();
        let content = |bytes| Content::Bytes(vec![0; bytes].into());
        for path in ["a", "b"] {
            remembered.insert(path, &content(MAX_REMEMBERED / 3));
        }
        assert_eq!(remembered.contents.len(), 2);
        remembered.insert("c", &content(MAX_REMEMBERED / 2));
        assert_eq!((remembered.contents.len(), remembered.bytes), (1, MAX_REMEMBERED / 2 + 1));
        remembered.insert("d", &content(MAX_REMEMBERED));
        assert_eq!((remembered.contents.len(), remembered.bytes), (0, 0));
    }
}
