//! A snapshot of a site's folder that is read once and then refreshed: what may have changed is read again, and nothing
//! else.
//!
//! After [`Snapshot::refresh`] the inputs are those that reading the whole folder would give: the same paths, texts,
//! kinds and dates, in the same order. It is told *where* something may have changed and looks what lies there now;
//! how it came about (written, renamed, deleted, and in which order) does not matter. Whether the site lies in a git work
//! tree at all is looked at again only while the site misses it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::git::{self, Problem, WorkTree};
use super::text::DecodedText;
use super::walk::{self, WalkEntry};
use super::{Extent, OnProblem, ReadPolicy, left_out, read, site, wrong_text};
use crate::check::assets::{AssetKind, is_trusted};
use crate::config::{self, Config, Dates};
use crate::diagnostic::Diagnostic;
use crate::failure::Failure;
use crate::source::{Inputs, Source, SourceKind, Span};
use crate::theme;

const SETTINGS: &str = "content/site.yaml";

/// A folder and what was read from it.
#[derive(Debug)]
pub struct Snapshot {
    root: PathBuf,
    inputs: Inputs,
    /// What is wrong with a file, by its path.
    findings: BTreeMap<String, Finding>,
    /// The settings that say which assets are trusted, so that nobody needs to look into one; none until they are read.
    config: Option<Config>,
    git: Option<WorkTree>,
    /// What the repository said, if it was asked.
    history: Option<History>,
    /// Where the site's settings ask for dates from git, if they do.
    dates_at: Option<Span>,
}

/// Dates, and what they depend on.
#[derive(Debug)]
struct History {
    state: Option<String>,
    of: git::History,
}

#[derive(Debug, PartialEq)]
struct Finding {
    diagnostic: Diagnostic,
    on_problem: OnProblem,
}

/// What a refresh found to be different.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// Files that are new, gone, or may hold something else, by their paths below the root.
    pub files: BTreeSet<String>,
    /// Whether commits changed the dates.
    pub dates: bool,
    /// Whether everything was read again, so that any file may be another.
    pub all: bool,
}

impl ChangeSet {
    /// Whether all is as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.dates && !self.all
    }
}

impl Snapshot {
    /// Reads the site in the folder `root`.
    ///
    /// # Errors
    /// If there is no site, or the disk will not have it read.
    pub fn read(root: &Path) -> Result<Self, Failure> {
        let root = site::require(root)?;
        let mut found = walk::walk(&root, "content")?;
        found.extend(walk::walk(&root, "themes")?);
        found.sort_by(|a, b| a.path.cmp(&b.path));
        let texts: Vec<DecodedText> = found.par_iter().map(read).collect::<Result<_, _>>()?;

        let inputs = Inputs::new(&site::name(&root));
        let git = WorkTree::around(&root);
        let mut snapshot =
            Self { root, inputs, findings: BTreeMap::new(), config: None, git, history: None, dates_at: None };
        for (file, text) in found.into_iter().zip(texts) {
            snapshot.insert(file, text);
        }
        theme::add_embedded(&mut snapshot.inputs);
        if let Some(tree) = &snapshot.git {
            snapshot.inputs.prefix.clone_from(&tree.prefix);
        }
        snapshot.apply_settings();
        Ok(snapshot)
    }

    /// All that a build needs.
    #[must_use]
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// All that a build needs.
    #[must_use]
    pub fn into_inputs(self) -> Inputs {
        self.inputs
    }

    /// What is wrong with files, in the order of their paths, and with dates.
    #[must_use]
    pub fn findings(&self) -> Vec<Diagnostic> {
        let trusts = |path: &str| {
            let config = self.config.as_ref();
            config.is_some_and(|config| is_trusted(config, path, AssetKind::of(path)))
        };
        let said = self.findings.iter();
        let said = said.filter(|(path, one)| one.on_problem != OnProblem::ReportUnlessTrusted || !trusts(path));
        let dates = self.problem().and_then(|problem| Some(problem.finding(self.missed_at(problem)?)));
        said.map(|(_, one)| one.diagnostic.clone()).chain(dates).collect()
    }

    /// Why not all pages have the dates that were asked for.
    fn problem(&self) -> Option<&Problem> {
        match &self.history {
            Some(history) => history.of.problem.as_ref(),
            None if self.git.is_none() => Some(&Problem::NoRepository),
            None => None,
        }
    }

    /// Where to say that dates are missed: where the settings ask for them. Nobody minds where they do not, unless the
    /// repository is suspicious.
    fn missed_at(&self, problem: &Problem) -> Option<Span> {
        let page = || self.inputs.iter().find(|(_, file)| file.kind == SourceKind::Content).map(|(id, _)| id);
        let anywhere = || self.inputs.find(SETTINGS).or_else(page).map(Span::file);
        self.dates_at.or_else(|| anywhere().filter(|_| problem.is_suspicious()))
    }

    /// Whether git says something else than when dates were missed, though nothing is different that is watched.
    fn git_is_another(&self) -> bool {
        let missed = self.problem().filter(|&problem| self.missed_at(problem).is_some() && problem.is_elsewhere());
        let differs = |then: &Problem| {
            WorkTree::around(&self.root).is_some_and(|git| git.history(&self.root).problem.as_ref() != Some(then))
        };
        missed.is_some_and(differs)
    }

    /// Whether a change at `place`, a whole path, can make a difference to the site.
    #[must_use]
    pub fn affects(&self, place: &Path) -> bool {
        place.starts_with(self.root.join("content"))
            || place.starts_with(self.root.join("themes"))
            || self.git.as_ref().is_some_and(|git| git.is_state(place))
    }

    /// The folders of the repository in which commits leave a trace.
    #[must_use]
    pub fn git_folders(&self) -> Vec<PathBuf> {
        self.git.as_ref().map(WorkTree::watched_folders).unwrap_or_default()
    }

    /// Reads again what lies at these places, whole paths of files or folders.
    ///
    /// # Errors
    /// If there is no site any more, or the disk will not have it read. The inputs may then be half refreshed: call
    /// [`Self::reload`] next.
    pub fn refresh(&mut self, places: &BTreeSet<PathBuf>) -> Result<ChangeSet, Failure> {
        let mut changed = ChangeSet::default();
        if places.iter().any(|place| self.needs_reload(place)) || self.git_is_another() {
            return self.reload();
        }
        for place in places {
            if let Some((path, found)) = walk::walk_at(&self.root, place)? {
                self.replace(&path, found, &mut changed)?;
            }
        }
        let git = self.git.as_ref().filter(|_| self.history.is_some());
        changed.dates = git.is_some_and(|git| places.iter().any(|place| git.is_state(place))) && self.refresh_history();
        if changed.files.contains(SETTINGS) {
            self.apply_settings();
        } else if changed.dates {
            self.select_dates();
        }
        Ok(changed)
    }

    /// Reads everything again, as after changes that nobody can name.
    ///
    /// # Errors
    /// If there is no site any more, or the disk will not have it read.
    pub fn reload(&mut self) -> Result<ChangeSet, Failure> {
        *self = Self::read(&self.root)?;
        Ok(ChangeSet { all: true, ..ChangeSet::default() })
    }

    /// Whether only a whole walk can tell what a change at `place` means: the site's folders themselves, a name that
    /// messages cannot say, and a name that may be another spelling of one that is known.
    fn needs_reload(&self, place: &Path) -> bool {
        let Ok(below) = place.strip_prefix(&self.root) else { return false };
        let Some(path) = below.to_str() else { return true };
        let whole = matches!(path, "content" | "themes");
        let spelt_otherwise = !cfg!(target_os = "linux")
            && self.affects(place)
            && self.inputs.find(&path.replace(std::path::MAIN_SEPARATOR, "/")).is_none();
        whole || spelt_otherwise
    }

    /// Makes `found` all that there is at `path` and below it.
    fn replace(&mut self, path: &str, found: Vec<WalkEntry>, changed: &mut ChangeSet) -> Result<(), Failure> {
        let mut gone: BTreeSet<String> = self.inputs.at_or_below(path).map(str::to_owned).collect();
        for file in found {
            let text = match read(&file) {
                Ok(text) => text,
                // It went while it was being read; that it did is the next thing to be told.
                Err(_) if file.disk_path.symlink_metadata().is_err() => continue,
                Err(failure) => return Err(failure),
            };
            gone.remove(&file.path);
            let path = file.path.clone();
            let is_whole = matches!(ReadPolicy::of(&file).extent, Extent::Whole(_));
            let former = self.inputs.find(&path).map(|id| self.inputs.get(id).clone());
            let finding = self.findings.remove(&path);
            self.insert(file, text);
            let now = self.inputs.find(&path).map(|id| self.inputs.get(id));
            let same = match (&former, now) {
                // Of what is only copied, no more than the beginning is known.
                (Some(a), Some(b)) => is_whole && a.kind == b.kind && a.text == b.text && !a.text.is_empty(),
                _ => false,
            };
            if !same || finding.as_ref() != self.findings.get(&path) {
                changed.files.insert(path);
            }
        }
        for path in gone {
            self.inputs.remove(&path);
            self.inputs.dates.remove(&path);
            self.inputs.pictures.remove(&path);
            self.findings.remove(&path);
            changed.files.insert(path);
        }
        Ok(())
    }

    /// Puts a file into the inputs, with its date, and what is wrong with it into the findings.
    fn insert(&mut self, file: WalkEntry, DecodedText { text, problem, picture }: DecodedText) {
        let policy = ReadPolicy::of(&file);
        let text = if problem.is_some() && policy.on_problem == OnProblem::Ignore { String::new() } else { text };
        if let Some(dates) = self.history.as_ref().and_then(|history| history.of.dates.get(&file.path)) {
            self.inputs.dates.insert(file.path.clone(), dates.clone());
        }
        match picture {
            Some(size) => self.inputs.pictures.insert(file.path.clone(), size),
            None => self.inputs.pictures.remove(&file.path),
        };
        let path = file.path.clone();
        let id = self.inputs.put(Source { path: file.path, text, kind: policy.kind });
        let wrong =
            problem.filter(|_| policy.on_problem != OnProblem::Ignore).map(|problem| wrong_text(id, &problem, policy));
        if let Some(diagnostic) = wrong.or_else(|| left_out(id, self.inputs.get(id), file.kind)) {
            self.findings.insert(path, Finding { diagnostic, on_problem: policy.on_problem });
        }
    }

    /// Follows what `site.yaml` says about reading: which assets are looked into, and whether git is asked for dates.
    fn apply_settings(&mut self) {
        let config = config::parse(&self.inputs, None, &crate::model::reserved_folders()).value;
        self.dates_at = config.dates_at.filter(|_| config.dates == Dates::Git);
        match (&self.git, config.dates) {
            (Some(_), Dates::Git) => {
                if self.history.is_none() {
                    self.refresh_history();
                }
            }
            _ => self.history = None,
        }
        self.config = Some(config);
        self.select_dates();
    }

    /// Asks git for the dates, if they may be others than those that are known, and gives whether it did.
    fn refresh_history(&mut self) -> bool {
        let Some(git) = &self.git else { return false };
        let state = git.state();
        if self.history.as_ref().is_some_and(|history| state.is_some() && history.state == state) {
            return false;
        }
        self.history = Some(History { state, of: git.history(&self.root) });
        true
    }

    /// Gives the inputs the dates of the files that are there.
    fn select_dates(&mut self) {
        let known = self.history.iter().flat_map(|history| &history.of.dates);
        let here = known.filter(|(path, _)| self.inputs.find(path).is_some());
        self.inputs.dates = here.map(|(path, dates)| (path.clone(), dates.clone())).collect();
    }
}
