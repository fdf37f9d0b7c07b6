//! A site's folder that is read once and then kept up: what may have changed is read again, and nothing else.
//!
//! After [`Folder::refresh`] the inputs are those that reading the whole folder would give: the same paths, texts,
//! kinds and dates, in the same order. It is told *where* something may have changed and looks what lies there now;
//! how it came about (written, renamed, deleted, and in which order) does not matter. The one thing that is not seen
//! again is whether the site lies in a git work tree at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::git::WorkTree;
use super::text::Text;
use super::walk::{self, Found};
use super::{Plan, Problems, left_out, read, site, wrong_text};
use crate::config::{self, Dates, HtmlPolicy};
use crate::diagnostic::Diagnostic;
use crate::failure::Failure;
use crate::source::{CommitDates, Inputs, Source};
use crate::theme;

const SETTINGS: &str = "content/site.yaml";

/// A folder and what was read from it.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    inputs: Inputs,
    /// What is wrong with a file, by its path.
    findings: BTreeMap<String, Finding>,
    /// Whether the site takes any asset as it is, so that nobody needs to look into one.
    unchecked: bool,
    git: Option<WorkTree>,
    /// What the repository said, if it was asked.
    history: Option<History>,
}

/// Dates of all files, those that are gone too, and what they depend on.
#[derive(Debug)]
struct History {
    state: Option<String>,
    dates: BTreeMap<String, CommitDates>,
}

#[derive(Debug, PartialEq)]
struct Finding {
    diagnostic: Diagnostic,
    problems: Problems,
}

/// What a refresh found to be different.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Files that are new, gone, or may hold something else, by their paths below the root.
    pub files: BTreeSet<String>,
    /// Whether commits changed the dates.
    pub dates: bool,
    /// Whether everything was read anew, so that any file may be another.
    pub all: bool,
}

impl Changed {
    /// Whether all is as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.dates && !self.all
    }
}

impl Folder {
    /// Reads the site in the folder `root`.
    ///
    /// # Errors
    /// If there is no site, or the disk will not have it read.
    pub fn read(root: &Path) -> Result<Self, Failure> {
        let root = site::require(root)?;
        let mut found = walk::files(&root, "content")?;
        found.extend(walk::files(&root, "themes")?);
        found.sort_by(|a, b| a.path.cmp(&b.path));
        let texts: Vec<Text> = found.par_iter().map(read).collect::<Result<_, _>>()?;

        let inputs = Inputs::new(&site::name(&root));
        let git = WorkTree::around(&root);
        let mut folder = Self { root, inputs, findings: BTreeMap::new(), unchecked: false, git, history: None };
        for (file, text) in found.into_iter().zip(texts) {
            folder.put(file, text);
        }
        theme::add_embedded(&mut folder.inputs);
        if let Some(tree) = &folder.git {
            folder.inputs.prefix.clone_from(&tree.prefix);
        }
        folder.settle();
        Ok(folder)
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

    /// What is wrong with files, in the order of their paths.
    #[must_use]
    pub fn findings(&self) -> Vec<Diagnostic> {
        let said = self.findings.values().filter(|one| !(self.unchecked && one.problems == Problems::Unchecked));
        said.map(|one| one.diagnostic.clone()).collect()
    }

    /// Whether a change at `place`, a whole path, can make a difference to the site.
    #[must_use]
    pub fn concerns(&self, place: &Path) -> bool {
        place.starts_with(self.root.join("content"))
            || place.starts_with(self.root.join("themes"))
            || self.git.as_ref().is_some_and(|git| git.is_state(place))
    }

    /// The folders of the repository in which commits leave a trace.
    #[must_use]
    pub fn git_folders(&self) -> Vec<PathBuf> {
        self.git.as_ref().map(WorkTree::folders).unwrap_or_default()
    }

    /// Reads again what lies at these places, whole paths of files or folders.
    ///
    /// # Errors
    /// If there is no site any more, or the disk will not have it read. The inputs may then be half refreshed: call
    /// [`Self::read_again`] next.
    pub fn refresh(&mut self, places: &BTreeSet<PathBuf>) -> Result<Changed, Failure> {
        let mut changed = Changed::default();
        if places.iter().any(|place| self.needs_all(place)) {
            return self.read_again();
        }
        for place in places {
            if let Some((path, found)) = walk::at(&self.root, place)? {
                self.replace(&path, found, &mut changed)?;
            }
        }
        let git = self.git.as_ref().filter(|_| self.history.is_some());
        changed.dates = git.is_some_and(|git| places.iter().any(|place| git.is_state(place))) && self.refresh_history();
        if changed.files.contains(SETTINGS) {
            self.settle();
        } else if changed.dates {
            self.choose_dates();
        }
        Ok(changed)
    }

    /// Reads everything again, as after changes that nobody can name.
    ///
    /// # Errors
    /// If there is no site any more, or the disk will not have it read.
    pub fn read_again(&mut self) -> Result<Changed, Failure> {
        *self = Self::read(&self.root)?;
        Ok(Changed { all: true, ..Changed::default() })
    }

    /// Whether only a whole walk can tell what a change at `place` means: the site's folders themselves, a name that
    /// messages cannot say, and a name that may be another spelling of one that is known.
    fn needs_all(&self, place: &Path) -> bool {
        let Ok(below) = place.strip_prefix(&self.root) else { return false };
        let Some(path) = below.to_str() else { return true };
        let whole = matches!(path, "content" | "themes");
        let spelt_otherwise = !cfg!(target_os = "linux")
            && self.concerns(place)
            && self.inputs.find(&path.replace(std::path::MAIN_SEPARATOR, "/")).is_none();
        whole || spelt_otherwise
    }

    /// Makes `found` all that there is at `path` and below it.
    fn replace(&mut self, path: &str, found: Vec<Found>, changed: &mut Changed) -> Result<(), Failure> {
        let mut gone: BTreeSet<String> = self.inputs.at_or_below(path).map(str::to_owned).collect();
        for file in found {
            let text = match read(&file) {
                Ok(text) => text,
                // It went while it was being read; that it did is the next thing to be told.
                Err(_) if file.place.symlink_metadata().is_err() => continue,
                Err(failure) => return Err(failure),
            };
            gone.remove(&file.path);
            let path = file.path.clone();
            let former = self.inputs.find(&path).map(|id| self.inputs.get(id).clone());
            let finding = self.findings.remove(&path);
            self.put(file, text);
            let now = self.inputs.find(&path).map(|id| self.inputs.get(id));
            let same = match (&former, now) {
                // Of what is only copied, nothing is known.
                (Some(a), Some(b)) => a.kind == b.kind && a.text == b.text && !a.text.is_empty(),
                _ => false,
            };
            if !same || finding.as_ref() != self.findings.get(&path) {
                changed.files.insert(path);
            }
        }
        for path in gone {
            self.inputs.remove(&path);
            self.inputs.dates.remove(&path);
            self.findings.remove(&path);
            changed.files.insert(path);
        }
        Ok(())
    }

    fn put(&mut self, file: Found, Text { text, problem }: Text) {
        let plan = Plan::of(&file);
        let text = if problem.is_some() && plan.problems == Problems::Hidden { String::new() } else { text };
        if let Some(dates) = self.history.as_ref().and_then(|history| history.dates.get(&file.path)) {
            self.inputs.dates.insert(file.path.clone(), dates.clone());
        }
        let path = file.path.clone();
        let id = self.inputs.put(Source { path: file.path, text, kind: plan.kind });
        let wrong = problem.filter(|_| plan.problems != Problems::Hidden).map(|problem| wrong_text(id, &problem, plan));
        if let Some(diagnostic) = wrong.or_else(|| left_out(id, self.inputs.get(id), file.what)) {
            self.findings.insert(path, Finding { diagnostic, problems: plan.problems });
        }
    }

    /// Does what the settings say about reading.
    fn settle(&mut self) {
        let config = config::parse(&self.inputs, None).value;
        self.unchecked = config.html == HtmlPolicy::Allow;
        match (&self.git, config.dates) {
            (Some(_), Dates::Git) => {
                if self.history.is_none() {
                    self.refresh_history();
                }
            }
            _ => self.history = None,
        }
        self.choose_dates();
    }

    /// Asks git for the dates, if they may be others than those that are known, and gives whether it did.
    fn refresh_history(&mut self) -> bool {
        let Some(git) = &self.git else { return false };
        let state = git.state();
        if self.history.as_ref().is_some_and(|history| state.is_some() && history.state == state) {
            return false;
        }
        self.history = Some(History { state, dates: git.dates(&self.root) });
        true
    }

    /// Gives the inputs the dates of the files that are there.
    fn choose_dates(&mut self) {
        let known = self.history.iter().flat_map(|history| &history.dates);
        let here = known.filter(|(path, _)| self.inputs.find(path).is_some());
        self.inputs.dates = here.map(|(path, dates)| (path.clone(), dates.clone())).collect();
    }
}
