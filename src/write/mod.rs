//! Outputs in, a published folder out: whole, or as it was.
//!
//! A build never touches what is published. It fills a [`Staging`] tree beside the output with what is new, links the
//! rest from there, and the two change places at the end; where nothing is new, nothing is done. Failing, panicking or being killed at any moment leaves
//! the old tree or the new one. Nothing is removed but what the manifest of the last build lists: other people's files
//! are carried over, and a folder that holds such files and was never published to is refused. The order of things is
//! in [`Staging::begin`] and [`Staging::commit`]; which places are refused is in `place`, whose file is whose in
//! `former`. This room knows nothing of pages: only paths and bytes.
#![expect(clippy::disallowed_methods, reason = "this room is the edge that writes to the disk")]

mod carry;
mod file;
mod former;
mod lock;
mod manifest;
mod place;

mod spill;
mod swap;
#[cfg(test)]
mod tests;
mod tree;

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;

use crate::failure::Failure;
use crate::output::{Body, Output};
use crate::spill::Spill;
pub(crate) use file::regular_file;
use file::{Put, Reuse};
use former::Former;
use lock::Lock;
use manifest::Manifest;
use place::Place;
use spill::InFile;
use tree::Tree;

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

/// A tree beside the output that is filled, then changes places with it. Dropped without [`Self::commit`], it leaves
/// the published folder as it was and itself no trace.
#[derive(Debug)]
pub struct Staging {
    target: Target,
    place: Place,
    former: Former,
    tally: Mutex<Tally>,
    // The last two in this order, which is the one they are dropped in: the tree goes while the lock is held.
    tree: Tree,
    _lock: Lock,
}

/// Files that one thread looks at before another is worth its while.
const AT_ONCE: usize = 32;

/// What was put so far.
#[derive(Debug, Default)]
struct Tally {
    site: Manifest,
    /// Files that are published already, and not in the tree yet.
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
        let place = Place::of(&target)?;
        fs::create_dir_all(&place.parent).map_err(|e| Failure::io("make the folder", &place.parent, &e))?;
        let lock = Lock::take(&place.lock(), &place.output)?;
        swap::clear_leftovers(&place)?;
        let former = Former::scan(&place.output)?;
        if !target.force {
            former.require_mark(&target.output)?;
        }
        let tree = Tree::make(place.staging()).map_err(|e| Failure::io("make the folder", &place.staging(), &e))?;
        if let Some(folder) = &former.folder {
            take_after(folder, tree.path())?;
        }
        Ok(Self { target, place, former, tally: Mutex::default(), tree, _lock: lock })
    }

    /// Where bytes of this build can wait, on the disk that it will be published to.
    #[must_use]
    pub fn spill(&self) -> impl Spill + use<> {
        InFile::below(self.place.parent.clone())
    }

    /// Puts a file of the site into the tree. May be called from many threads.
    ///
    /// # Errors
    /// If the path leads out of the output, was put before, or belongs to a foreign file; or the disk will not have it.
    ///
    /// # Panics
    /// If it has panicked in another thread.
    pub fn put(&self, output: &Output) -> Result<(), Failure> {
        let put = self.stage(output);
        let mut tally = self.tally.lock().expect("no thread panics while it counts");
        let counted = put.and_then(|put| {
            if tally.site.files.insert(output.path.clone(), put.entry).is_some() {
                return Err(file::put_twice(&self.tree.path().join(&output.path)));
            }
            if put.unchanged {
                tally.unchanged.push(output.path.clone());
            }
            Ok(())
        });
        tally.failed |= counted.is_err();
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
            let entry = *self.former.ours.get(path)?;
            file::is(&self.place.output.join(path), entry).then(|| (path.clone(), entry))
        };
        let entries = paths.par_iter().with_min_len(AT_ONCE).map(entry).collect::<Option<Vec<_>>>();
        let Some(entries) = entries else { return Ok(false) };
        let mut tally = self.tally.lock().expect("no thread panics while it counts");
        for (path, entry) in entries {
            if tally.site.files.insert(path.clone(), entry).is_some() {
                tally.failed = true;
                return Err(file::put_twice(&self.tree.path().join(&path)));
            }
            tally.unchanged.push(path);
        }
        Ok(true)
    }

    /// What the last build remembered, as it was given to [`Self::commit`]; none where it is of another build than the
    /// manifest.
    #[must_use]
    pub fn remembered(&self) -> Option<Vec<u8>> {
        let mut bytes = fs::read(self.place.output.join(manifest::TRACE)).ok()?;
        let (body, mark) = bytes.split_last_chunk::<8>()?;
        let length = (Some(u64::from_le_bytes(*mark)) == self.former.mark).then_some(body.len())?;
        bytes.truncate(length);
        Some(bytes)
    }

    /// Puts `remember` in the place of what was remembered, where no file of the site is different.
    fn remember(&self, remember: &[u8], mark: u64) -> Result<(), Failure> {
        let remember = marked(remember, mark);
        let (staged, published) = (self.tree.path().join(manifest::TRACE), self.place.output.join(manifest::TRACE));
        if fs::read(&published).is_ok_and(|known| known == remember) {
            return Ok(());
        }
        file::put_bytes(&remember, &staged, None)?;
        fs::rename(&staged, &published).map_err(|error| Failure::io("write", &published, &error))
    }

    fn stage(&self, output: &Output) -> Result<Put, Failure> {
        file::require_safe(&output.path)?;
        let staged = self.tree.path().join(&output.path);
        let published = self.place.output.join(&output.path);
        if !self.target.force && self.former.files.contains(Path::new(&output.path)) {
            let path = published.display();
            return Err(Failure::new(format!("{path} was not written by Fingerpost, but the site has a file there"))
                .help("move it elsewhere, or overwrite it with `--force`"));
        }
        let entry = self.former.ours.get(&output.path);
        let reuse = entry.map(|&entry| Reuse { path: &published, entry });
        match &output.body {
            Body::Bytes(bytes) => file::put_bytes(bytes, &staged, reuse),
            Body::Copy(source) => file::put_copy(&self.place.root, source, &staged, reuse),
        }
    }

    /// Publishes the tree: what was put, and the foreign files of the published folder. `remember` is for the next
    /// build, which finds it in [`Self::remembered`].
    ///
    /// # Errors
    /// If a file could not be put, a foreign one is in the way, or the disk will not have it; the published folder is
    /// as it was then.
    ///
    /// # Panics
    /// If [`Self::put`] has panicked in another thread.
    pub fn commit(self, remember: &[u8]) -> Result<Published, Failure> {
        let tally = std::mem::take(&mut *self.tally.lock().expect("no thread panics while it counts"));
        let Tally { site, unchanged, failed } = tally;
        let (staged, output) = (self.tree.path(), self.place.output.as_path());
        if failed {
            return Err(Failure::new("cannot publish: a file of the site could not be written"));
        }

        let files = site.files.len();
        let removed = self.former.ours.keys().filter(|path| !site.files.contains_key(*path)).count();
        let published = Published {
            files,
            written: files - unchanged.len(),
            unchanged: unchanged.len(),
            removed,
            bytes: site.files.values().map(|entry| entry.size).sum(),
        };
        if let (0, Some(mark), true) = (published.written, self.former.mark, self.former.listed == Some(files)) {
            if !remember.is_empty() {
                self.remember(remember, mark)?;
            }
            return Ok(published);
        }
        unchanged.par_iter().try_for_each(|path| file::bring(&output.join(path), &staged.join(path)))?;
        carry::across(&self.former, &site, output, staged)?;
        let manifest = file::put_bytes(site.print().as_bytes(), &staged.join(manifest::PATH), None)?;
        if !remember.is_empty() {
            file::put_bytes(&marked(remember, manifest.entry.hash), &staged.join(manifest::TRACE), None)?;
        }
        if let Some(folder) = &self.former.folder {
            let given = fs::set_permissions(staged, folder.permissions());
            given.map_err(|e| Failure::io("set the permissions of", staged, &e))?;
        }
        swap::change_places(&self.place, staged)?;
        // From here on, the new site is published, and the tree that goes with `self` is the former one.
        carry::latecomers(staged, &site, output).map_err(|failure| self.save(&failure))?;
        Ok(published)
    }

    /// Saves the former tree from being removed, for it holds a file that is nowhere else.
    fn save(&self, failure: &Failure) -> Failure {
        let (staged, kept) = (self.tree.path(), self.place.kept());
        let stays = if fs::rename(staged, &kept).is_ok() { kept } else { staged.to_owned() };
        let message = format!("the site is published, but not all that came meanwhile is: {}", failure.message);
        Failure::new(message).help(format!("the former folder is {}: take from it what you miss", stays.display()))
    }
}

/// What is remembered, with the hash of the manifest that goes with it.
fn marked(remember: &[u8], manifest: u64) -> Vec<u8> {
    [remember, &manifest.to_le_bytes()].concat()
}

/// Gives a new staging tree the owner and the permissions of the published folder, and us the right to fill it.
#[cfg(unix)]
fn take_after(published: &Metadata, staged: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    // Only root may give a folder away; for others the new tree is their own, as any file that they write.
    let _ = chown(staged, Some(published.uid()), Some(published.gid()));
    let mode = published.permissions().mode() | 0o700;
    fs::set_permissions(staged, fs::Permissions::from_mode(mode))
        .map_err(|e| Failure::io("set the permissions of", staged, &e))
}

#[cfg(not(unix))]
fn take_after(_: &Metadata, _: &Path) -> Result<(), Failure> {
    Ok(())
}
