//! Outputs in, a published folder out: whole, or as it was.
//!
//! A build never touches what is published. It fills a staging directory beside the output with what is new
//! ([`Staging`]), hard-links the rest from the previous output, and exchanges the two atomically at the end; where
//! nothing is new, nothing is done. Failing, panicking or being killed at any moment leaves the old tree or the new
//! one. Nothing is removed but what the manifest of the previous build lists: foreign files, which other people put
//! there, are carried over, and a folder that holds such files and was never published to is refused. The order of
//! things is in [`Staging::begin`] and [`Staging::commit`]; which folders are refused is in `paths`, whose file is
//! whose in `previous`. This room knows nothing of pages: only paths and bytes.
#![expect(clippy::disallowed_methods, reason = "this room is the edge that writes to the disk")]

mod file;
mod foreign;
mod lock;
mod manifest;
mod paths;
mod previous;
mod spill;
mod staging_dir;
mod swap;
#[cfg(test)]
mod tests;

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;

use crate::failure::Failure;
use crate::output::{Body, Output};
use crate::spill::Spill;
pub(crate) use file::regular_file;
use file::{PublishedFile, StagedFile};
use lock::OutputLock;
use manifest::Manifest;
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
    /// Whether foreign files may be overwritten, and a folder taken that was never published to.
    pub force: bool,
}

/// A build that is being staged: a directory beside the output that is filled, then exchanged with it. Dropped without
/// [`Self::commit`], it leaves the published folder as it was and nothing else.
#[derive(Debug)]
pub struct Staging {
    target: Target,
    paths: OutputPaths,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

impl Staging {
    /// Makes an empty tree beside the output, after all that could be refused has been.
    ///
    /// # Errors
    /// If the place is not fit for publishing, another build is at work, or the disk will not have it.
    pub fn begin(target: Target) -> Result<Self, Failure> {
        let paths = OutputPaths::resolve(&target)?;
        fs::create_dir_all(&paths.parent).map_err(|e| Failure::io("create the folder", &paths.parent, &e))?;
        let lock = OutputLock::acquire(&paths.lock(), &paths.output)?;
        swap::remove_orphans(&paths)?;
        let previous = PreviousOutput::scan(&paths.output)?;
        if !target.force {
            previous.require_manifest(&target.output)?;
        }
        let dir =
            StagingDir::create(paths.staging()).map_err(|e| Failure::io("create the folder", &paths.staging(), &e))?;
        if let Some(folder) = &previous.metadata {
            copy_ownership(folder, dir.path())?;
        }
        Ok(Self { target, paths, previous, staged_files: Mutex::default(), dir, _lock: lock })
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
            file::matches(&self.paths.output.join(path), entry).then(|| (path.clone(), entry))
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

    /// The trace of the previous build, as it was given to [`Self::commit`]; none where it is of another build than the
    /// manifest.
    #[must_use]
    pub fn previous_trace(&self) -> Option<Vec<u8>> {
        let mut bytes = fs::read(self.paths.output.join(manifest::TRACE)).ok()?;
        let (body, hash) = bytes.split_last_chunk::<8>()?;
        let length = (Some(u64::from_le_bytes(*hash)) == self.previous.manifest_hash).then_some(body.len())?;
        bytes.truncate(length);
        Some(bytes)
    }

    /// Replaces the trace alone, where no file of the site is different.
    fn replace_trace(&self, trace: &[u8], manifest_hash: u64) -> Result<(), Failure> {
        let trace = with_manifest_hash(trace, manifest_hash);
        let (staged, published) = (self.dir.path().join(manifest::TRACE), self.paths.output.join(manifest::TRACE));
        if fs::read(&published).is_ok_and(|known| known == trace) {
            return Ok(());
        }
        file::put_bytes(&trace, &staged, None)?;
        fs::rename(&staged, &published).map_err(|error| Failure::io("write", &published, &error))
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
    pub fn commit(self, trace: &[u8]) -> Result<Published, Failure> {
        let staged_files = std::mem::take(&mut *self.staged_files.lock().expect("no thread panics while it counts"));
        let StagedFiles { manifest: site, unchanged, failed } = staged_files;
        let (staged, output) = (self.dir.path(), self.paths.output.as_path());
        if failed {
            return Err(Failure::new("cannot publish: a file of the site could not be written"));
        }

        let files = site.files.len();
        let removed = self.previous.own_files.keys().filter(|path| !site.files.contains_key(*path)).count();
        let published = Published {
            files,
            written: files - unchanged.len(),
            unchanged: unchanged.len(),
            removed,
            bytes: site.files.values().map(|entry| entry.size).sum(),
        };
        if let (0, Some(manifest_hash), true) =
            (published.written, self.previous.manifest_hash, self.previous.manifest_len == Some(files))
        {
            if !trace.is_empty() {
                self.replace_trace(trace, manifest_hash)?;
            }
            return Ok(published);
        }
        unchanged.par_iter().try_for_each(|path| file::link_published(&output.join(path), &staged.join(path)))?;
        foreign::carry_over(&self.previous, &site, output, staged)?;
        let manifest = file::put_bytes(site.print().as_bytes(), &staged.join(manifest::PATH), None)?;
        if !trace.is_empty() {
            file::put_bytes(&with_manifest_hash(trace, manifest.entry.hash), &staged.join(manifest::TRACE), None)?;
        }
        if let Some(folder) = &self.previous.metadata {
            let given = fs::set_permissions(staged, folder.permissions());
            given.map_err(|e| Failure::io("set the permissions of", staged, &e))?;
        }
        swap::publish(&self.paths, staged)?;
        // From here on, the new site is published, and the directory that goes with `self` is the previous output.
        foreign::carry_over_late(staged, &site, output).map_err(|failure| self.rescue(&failure))?;
        Ok(published)
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

/// A trace, followed by the hash of the manifest that goes with it.
fn with_manifest_hash(trace: &[u8], manifest_hash: u64) -> Vec<u8> {
    [trace, &manifest_hash.to_le_bytes()].concat()
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
