//! Outputs in, a published folder out: whole, or as it was.
//!
//! A build never touches what is published. It fills a staging directory beside the output with what is new
//! ([`Staging`]), hard-links the rest from the previous output, and exchanges the two atomically at the end; where
//! nothing is new, nothing is done. Failing, panicking or being killed at any moment leaves the old tree or the new
//! one. Nothing is removed but what the previous build wrote, byte for byte: foreign files, which other people put
//! there, are carried over and named, and a folder that holds such files and was never published to is refused. A build
//! that is to be relied on, being strict or unattended, takes no foreign file along and publishes to no folder that git
//! tracks. What earlier builds did is known from the site's memory. The order of things is in [`Staging::begin`] and [`Staging::commit`]; which folders are refused is in
//! `paths`, whose file is whose in `previous`. This room knows nothing of pages: only paths and bytes.
#![expect(clippy::disallowed_methods, reason = "this room is the edge that writes to the disk")]

mod file;
mod foreign;
mod lock;
mod paths;
mod previous;
mod spill;
mod staging_dir;
mod swap;
#[cfg(test)]
mod tests;
mod tracked;

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;

use crate::failure::Failure;
use crate::memory::{Manifest, ManifestEntry, Memory, Recalled};
use crate::output::{Body, Output};
use crate::spill::Spill;
pub(crate) use file::regular_file;
use file::{PublishedFile, StagedFile};
use lock::OutputLock;
use paths::OutputPaths;
use previous::PreviousOutput;
pub(crate) use spill::InFile;
use staging_dir::StagingDir;

/// Where a site is published and how.
#[derive(Debug, Clone)]
pub struct Target {
    /// The site's root; paths of [`Body::Copy`] are below it.
    pub root: PathBuf,
    /// The folder to publish to; it need not exist.
    pub output: PathBuf,
    /// Whether foreign files may be overwritten, and a folder taken that was never published to, or that `strict` or
    /// `unattended` would refuse.
    pub force: bool,
    /// Whether a folder is refused that holds foreign files or that git tracks.
    pub strict: bool,
    /// Whether nobody watches, as on CI: what `strict` says, and no key is made.
    pub unattended: bool,
    /// The folder for caches of this user, where the key lies; without it, nothing is remembered.
    pub cache: Option<PathBuf>,
}

/// A build that is being staged: a directory beside the output that is filled, then exchanged with it. Dropped without
/// [`Self::commit`], it leaves the published folder as it was and nothing else.
#[derive(Debug)]
pub struct Staging {
    target: Target,
    paths: OutputPaths,
    memory: Memory,
    recalled: Result<Recalled, String>,
    previous: PreviousOutput,
    staged_files: Mutex<StagedFiles>,
    // The last two in this order, which is the one they are dropped in: the directory goes while the lock is held.
    dir: StagingDir,
    _lock: OutputLock,
}

/// Files for each unit of parallel work: smaller ones would cost more than they save.
const MIN_FILES_PER_TASK: usize = 32;

/// What was staged so far.
#[derive(Debug, Default)]
struct StagedFiles {
    manifest: Manifest,
    /// Files that are published already, and not in the staging directory yet.
    unchanged: Vec<String>,
    failed: bool,
}

/// What a build did to the published folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Files of the site.
    pub files: usize,
    /// Those of them that are new or hold something else than before.
    pub written: usize,
    /// Those that were published already.
    pub unchanged: usize,
    /// Files of the last build that the site has no longer.
    pub removed: usize,
    /// The size of all files of the site.
    pub bytes: u64,
    /// What its user should know: a sentence each, without a full stop.
    pub notes: Vec<String>,
}

impl Staging {
    /// Makes an empty tree beside the output, after all that could be refused has been.
    ///
    /// # Errors
    /// If the place is not fit for publishing, another build is at work, or the disk will not have it.
    pub fn begin(target: Target) -> Result<Self, Failure> {
        let paths = OutputPaths::resolve(&target)?;
        if target.is_guarded() {
            require_untracked(&paths.output, &target.output)?;
        }
        fs::create_dir_all(&paths.parent).map_err(|e| Failure::io("create the folder", &paths.parent, &e))?;
        let mut lock = OutputLock::acquire(&paths.lock(), &paths.output)?;
        if let Some(process) = lock.left_by {
            swap::remove_orphans(&paths, process)?;
        }
        let memory = Memory::of(&paths.root, &paths.output, target.cache.clone(), !target.unattended);
        let recalled = memory.recall(&paths.output);
        let none = Manifest::default();
        let manifest = recalled.as_ref().map_or(&none, |recalled| &recalled.manifest);
        let previous = PreviousOutput::scan(&paths.output, manifest)?;
        if let (Err(why), false) = (&recalled, target.force) {
            previous.require_own(&target.output, why)?;
        }
        if target.is_guarded() {
            previous.require_no_foreign_files(&target.output)?;
        }
        let staging = paths.staging(std::process::id());
        let creating = |error: io::Error| Failure::io("create the folder", &staging, &error);
        let dir = StagingDir::create(staging.clone()).map_err(creating)?;
        lock.claim(&staging).map_err(|e| Failure::io("write to", &paths.lock(), &e))?;
        if let Some(folder) = &previous.metadata {
            copy_ownership(folder, dir.path())?;
        }
        let staged_files = Mutex::default();
        Ok(Self { target, paths, memory, recalled, previous, staged_files, dir, _lock: lock })
    }

    /// Where bytes of this build can wait, on the disk that it will be published to.
    #[must_use]
    pub fn spill(&self) -> impl Spill + use<> {
        InFile::below(self.paths.parent.clone())
    }

    /// Stages a file of the site. May be called from many threads.
    ///
    /// # Errors
    /// If the path leads out of the output, was put before, or belongs to a foreign file; or the disk will not have it.
    ///
    /// # Panics
    /// If it has panicked in another thread.
    pub fn put(&self, output: &Output) -> Result<(), Failure> {
        let put = self.stage(output);
        let mut staged_files = self.staged_files.lock().expect("no thread panics while it counts");
        let counted = put.and_then(|put| {
            if staged_files.manifest.files.insert(output.path.clone(), put.entry).is_some() {
                return Err(file::duplicate_path(&self.dir.path().join(&output.path)));
            }
            if put.unchanged {
                staged_files.unchanged.push(output.path.clone());
            }
            Ok(())
        });
        staged_files.failed |= counted.is_err();
        counted
    }

    /// Leaves files of the last build in the site, by their paths: all of them, or none where one is not as that build
    /// left it. May be called from many threads.
    ///
    /// # Errors
    /// If one of them was put before.
    ///
    /// # Panics
    /// If another thread has panicked while it put a file.
    pub fn keep(&self, paths: &[String]) -> Result<bool, Failure> {
        let entry = |path: &String| {
            let entry = *self.previous.own_files.get(path)?;
            entry.is_of(&self.paths.output.join(path)).then(|| (path.clone(), entry))
        };
        let entries = paths.par_iter().with_min_len(MIN_FILES_PER_TASK).map(entry).collect::<Option<Vec<_>>>();
        let Some(entries) = entries else { return Ok(false) };
        let mut staged_files = self.staged_files.lock().expect("no thread panics while it counts");
        for (path, entry) in entries {
            if staged_files.manifest.files.insert(path.clone(), entry).is_some() {
                staged_files.failed = true;
                return Err(file::duplicate_path(&self.dir.path().join(&path)));
            }
            staged_files.unchanged.push(path);
        }
        Ok(true)
    }

    /// Whether the next build can know what this one did, so that a trace is worth making.
    #[must_use]
    pub fn remembers(&self) -> bool {
        self.memory.is_possible()
    }

    /// The trace of the previous build, as it was given to [`Self::commit`]; none where it is of another build than the
    /// manifest.
    #[must_use]
    pub fn previous_trace(&self) -> Option<Vec<u8>> {
        self.memory.trace(self.recalled.as_ref().ok()?.hash?)
    }

    fn stage(&self, output: &Output) -> Result<StagedFile, Failure> {
        file::require_safe(&output.path)?;
        let staged = self.dir.path().join(&output.path);
        let published = self.paths.output.join(&output.path);
        if !self.target.force && self.previous.foreign_files.contains(Path::new(&output.path)) {
            let path = published.display();
            return Err(Failure::new(format!("{path} was not written by Fingerpost, but the site has a file there"))
                .help("move it elsewhere, or overwrite it with `--force`"));
        }
        let entry = self.previous.own_files.get(&output.path);
        let reuse = entry.map(|&entry| PublishedFile { path: &published, entry });
        match &output.body {
            Body::Bytes(bytes) => file::put_bytes(bytes, &staged, reuse),
            Body::Copy(source) => file::put_copy(&self.paths.root, source, &staged, reuse),
        }
    }

    /// Publishes what was staged, and the foreign files of the published folder. `trace` is for the next build, which
    /// finds it by [`Self::previous_trace`].
    ///
    /// # Errors
    /// If a file could not be put, a foreign one is in the way, or the disk will not have it; the published folder is
    /// as it was then.
    ///
    /// # Panics
    /// If [`Self::put`] has panicked in another thread.
    pub fn commit(mut self, trace: &[u8]) -> Result<Published, Failure> {
        let staged_files = std::mem::take(&mut *self.staged_files.lock().expect("no thread panics while it counts"));
        let StagedFiles { manifest: site, unchanged, failed } = staged_files;
        if failed {
            return Err(Failure::new("cannot publish: a file of the site could not be written"));
        }

        let (removed, edited) = self.stale_files(&site);
        if let (Some(_), true) = (edited.first(), self.target.is_guarded()) {
            return Err(Failure::new(self.edited(&edited))
                .help("remove them, or move them elsewhere; with `--force` they stay published as they are"));
        }
        let files = site.files.len();
        let mut published = Published {
            files,
            written: files - unchanged.len(),
            unchanged: unchanged.len(),
            removed,
            bytes: site.files.values().map(|entry| entry.size).sum(),
            notes: Vec::new(),
        };
        if !edited.is_empty() {
            published.notes.push(self.edited(&edited) + ": nothing of it is removed");
        }
        published.notes.extend(self.overwritten(&site, &unchanged));
        self.previous.foreign_files.extend(edited);
        let (staged, output) = (self.dir.path(), self.paths.output.as_path());
        let foreign: Vec<_> = self.previous.foreign_files.iter().filter(|file| !foreign::has(&site, file)).collect();
        if let Ok(Recalled { manifest, hash: Some(hash) }) = &self.recalled
            && published.written == 0
            && manifest.files.len() == files
            && !self.previous.has_former_memory
        {
            published.notes.extend(self.carried(foreign));
            let remembered = self.memory.remember_trace(trace, *hash);
            published.notes.extend(remembered.err().map(|why| forgotten(&why)));
            return Ok(published);
        }
        unchanged.par_iter().try_for_each(|path| file::link_published(&output.join(path), &staged.join(path)))?;
        foreign::carry_over(&self.previous, &site, output, staged)?;
        if let Some(folder) = &self.previous.metadata {
            let given = fs::set_permissions(staged, folder.permissions());
            given.map_err(|e| Failure::io("set the permissions of", staged, &e))?;
        }
        let prepared = self.memory.prepare(&site);
        swap::publish(&self.paths, staged)?;
        // From here on, the new site is published, and the directory that goes with `self` is the previous output.
        let remembered = prepared.and_then(|hash| self.memory.confirm(trace, hash));
        let none = Manifest::default();
        let manifest = self.recalled.as_ref().map_or(&none, |recalled| &recalled.manifest);
        let late =
            foreign::carry_over_late(staged, manifest, &site, output).map_err(|failure| self.rescue(&failure))?;
        let foreign: BTreeSet<_> = foreign.into_iter().chain(&late).collect();
        published.notes.extend(self.carried(foreign));
        if self.memory.is_possible() || !self.target.unattended {
            published.notes.extend(remembered.err().map(|why| forgotten(&why)));
        }
        Ok(published)
    }

    /// How many files of the last build the site has no longer and can go, and which of them hold something else than we
    /// wrote.
    fn stale_files(&self, site: &Manifest) -> (usize, BTreeSet<PathBuf>) {
        let stale = self.previous.own_files.par_iter().filter(|(path, _)| !site.files.contains_key(*path));
        let (edited, removed): (Vec<_>, Vec<_>) =
            stale.partition(|(path, entry)| !entry.is_of(&self.paths.output.join(path)));
        (removed.len(), edited.into_iter().map(|(path, _)| PathBuf::from(path)).collect())
    }

    /// Says which files of the last build, that the site still has, somebody has edited: the site's stand now.
    fn overwritten(&self, site: &Manifest, unchanged: &[String]) -> Option<String> {
        let unchanged: HashSet<&String> = unchanged.iter().collect();
        let is_edited = |(path, old): &(&String, &ManifestEntry)| {
            let Some(new) = site.files.get(*path).filter(|_| !unchanged.contains(path)) else { return false };
            let published = self.paths.output.join(path);
            !old.is_of(&published) && !new.is_of(&published)
        };
        let files: BTreeSet<_> = self.previous.own_files.par_iter().filter(is_edited).map(|(path, _)| path).collect();
        let files: Vec<PathBuf> = files.into_iter().map(PathBuf::from).collect();
        let named = (!files.is_empty()).then(|| previous::counted(&files, previous::MAX_NAMES))?;
        let output = self.target.output.display();
        Some(format!("{output} held {named} that Fingerpost wrote and somebody has edited: overwritten by the site's"))
    }

    fn edited(&self, files: &BTreeSet<PathBuf>) -> String {
        let files = previous::counted(files, previous::MAX_NAMES);
        let output = self.target.output.display();
        format!("{output} holds {files} that Fingerpost wrote and somebody has edited, and the site has no longer")
    }

    /// Says which foreign files are published with the site.
    fn carried<'a>(&self, files: impl IntoIterator<Item = &'a PathBuf>) -> Option<String> {
        let mut files = files.into_iter().peekable();
        files.peek()?;
        let (files, output) = (previous::counted(files, previous::MAX_NAMES), self.target.output.display());
        Some(format!("{output} holds {files} that Fingerpost did not write; all is published"))
    }
    /// Rescues the previous output from being removed, for it holds a file that is nowhere else.
    fn rescue(&self, failure: &Failure) -> Failure {
        let (staged, rescued) = (self.dir.path(), self.paths.rescued());
        let stays = if fs::rename(staged, &rescued).is_ok() { rescued } else { staged.to_owned() };
        let message =
            format!("the site is published, but not every file that was added meanwhile: {}", failure.message);
        Failure::new(message)
            .help(format!("the previous folder is kept as {}: copy what is missing from there", stays.display()))
    }
}

impl Target {
    /// A build that nothing is asked of and nothing is remembered of.
    #[cfg(test)]
    fn plain(root: PathBuf, output: PathBuf) -> Self {
        Self { root, output, force: false, strict: false, unattended: false, cache: None }
    }

    /// Whether what lies in the output already is nothing that may be published.
    fn is_guarded(&self) -> bool {
        (self.strict || self.unattended) && !self.force
    }
}

/// Refuses an output that git tracks, or of which nobody can tell.
fn require_untracked(output: &Path, shown: &Path) -> Result<(), Failure> {
    match tracked::tracked_file(output) {
        Ok(None) => Ok(()),
        Ok(Some(file)) => Err(Failure::new(format!("cannot publish to {}: git tracks files in it ({file})", shown.display()))
            .help(format!(
                "take it out of the repository with `git rm -r --cached {}` and name it in .gitignore; with `--force` it \
                 is published to as it is. A build with `--strict`, or with `CI` in its environment, refuses what is committed",
                shown.display()
            ))),
        Err(error) => Err(Failure::new(format!(
            "cannot publish to {}: nobody can tell whether git tracks files in it: {error}",
            shown.display()
        ))
        .help(
            "see whether `git status` works there; with `--output`, name a folder that is in no repository; with \
             `--force` it is published to as it is. A build with `--strict`, or with `CI` in its environment, refuses \
             what is committed",
        )),
    }
}

fn forgotten(why: &str) -> String {
    format!("nothing of this build is remembered, so the next one will not know its files: {why}")
}

/// Gives a new staging directory the owner and the permissions of the published folder, and us the right to fill it.
#[cfg(unix)]
fn copy_ownership(published: &Metadata, staged: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    // Only root may give a folder away; for others the new tree is their own, as any file that they write.
    let _ = chown(staged, Some(published.uid()), Some(published.gid()));
    let mode = published.permissions().mode() | 0o700;
    fs::set_permissions(staged, fs::Permissions::from_mode(mode))
        .map_err(|e| Failure::io("set the permissions of", staged, &e))
}

#[cfg(not(unix))]
fn copy_ownership(_: &Metadata, _: &Path) -> Result<(), Failure> {
    Ok(())
}
