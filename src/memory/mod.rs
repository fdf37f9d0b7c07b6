//! What a build remembers for the next one: its manifest and its trace, in `.fingerpost/` at the site's root.
//!
//! Nothing of it lies in the output, so none of it is deployed. An output folder has a folder of its own here, named
//! after its place: below the root, so that a site can be moved, or else on the disk. A file ends with a line that holds
//! its seal. One whose seal is not of this user's key for this place, that is a link or a pipe, or that is too large, is
//! never believed: whatever a repository or an archive brings along makes no difference to what is published. A sealed
//! file of another site could at most tell this one that a file which we once wrote, byte for byte, is ours.
//!
//! The output and its manifest cannot change in one step. So a manifest is written before the exchange, beside the
//! former one, and takes its place afterwards; where a killed build left both, each file goes by the one that it fits.
//! Where nothing can be written here, nothing is remembered, and the next build makes everything.
//!
//! This room knows what was published and nothing of how: what follows from a memory is for `write` to say.
#![expect(clippy::disallowed_methods, reason = "this room is the edge that keeps files between builds")]

mod key;
mod manifest;
pub(crate) mod plain_file;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::source::slice;
pub(crate) use key::Key;
pub(crate) use manifest::{Manifest, ManifestEntry};

/// The folder of all memories, below a site's root.
pub(crate) const FOLDER: &str = ".fingerpost";

const MANIFEST: &str = "manifest";
/// The manifest of a build that is about to be published.
const NEXT_MANIFEST: &str = "manifest.next";
const TRACE: &str = "trace";

/// A memory larger than this is none of ours: a manifest has some hundred bytes a file.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// The seal as a line: 64 hexadecimal digits and a line break.
const SEAL_LENGTH: usize = 65;

/// The memory of one output folder.
#[derive(Debug)]
pub(crate) struct Memory {
    /// The site's root, without links.
    root: PathBuf,
    /// Where the output is, as it is sealed.
    place: Vec<u8>,
    /// The user's cache folder.
    cache: Option<PathBuf>,
    may_make_key: bool,
    key: Result<Option<Key>, String>,
}

/// What the last build remembered of its files.
#[derive(Debug)]
pub(crate) struct Recalled {
    pub(crate) manifest: Manifest,
    /// The hash of the manifest itself; none where a killed build left two.
    pub(crate) hash: Option<blake3::Hash>,
}

impl Memory {
    /// The memory of the folder `output` of the site at `root`, both without links, sealed by the key in the user's cache
    /// folder. Reads nothing but the key.
    pub(crate) fn of(root: &Path, output: &Path, cache: Option<PathBuf>, may_make_key: bool) -> Self {
        let key = cache.as_deref().map_or(Ok(None), |cache| Key::read(cache, root));
        Self { root: root.to_owned(), place: place(root, output), cache, may_make_key, key }
    }

    /// Whether [`Self::prepare`] may come to something.
    pub(crate) fn is_possible(&self) -> bool {
        self.key.as_ref().is_ok_and(|key| key.is_some() || (self.may_make_key && self.cache.is_some()))
    }

    /// What the last build remembered of the files in `output`, or why there is nothing to go by.
    pub(crate) fn recall(&self, output: &Path) -> Result<Recalled, String> {
        let manifest = self.manifest(MANIFEST);
        let Ok((next, _)) = self.manifest(NEXT_MANIFEST) else {
            return manifest.map(|(manifest, hash)| Recalled { manifest, hash: Some(hash) });
        };
        let mut both = manifest.map(|(manifest, _)| manifest).unwrap_or_default();
        for (path, entry) in next.files {
            let place = output.join(&path);
            if fs::symlink_metadata(&place).is_ok_and(|found| found.is_file()) && entry.is_of(&place) {
                both.files.insert(path, entry);
            }
        }
        Ok(Recalled { manifest: both, hash: None })
    }

    fn manifest(&self, name: &str) -> Result<(Manifest, blake3::Hash), String> {
        let bytes = self.read(name, MANIFEST)?;
        let cannot = |why: &str| format!("what is remembered of one, {}, cannot be read: {why}", self.shown(name));
        let text = str::from_utf8(&bytes).map_err(|_| cannot("it is not UTF-8"))?;
        Ok((Manifest::parse(text).map_err(|why| cannot(&why))?, blake3::hash(&bytes)))
    }

    /// The trace that was remembered together with the manifest that has this hash.
    pub(crate) fn trace(&self, manifest: blake3::Hash) -> Option<Vec<u8>> {
        let mut bytes = self.read(TRACE, TRACE).ok()?;
        let (body, hash) = bytes.split_last_chunk()?;
        let length = (manifest == blake3::Hash::from_bytes(*hash)).then_some(body.len())?;
        bytes.truncate(length);
        Some(bytes)
    }

    /// Remembers the files of a build that is about to be published, until [`Self::confirm`]. Gives the manifest's hash.
    pub(crate) fn prepare(&mut self, site: &Manifest) -> Result<blake3::Hash, String> {
        let text = site.print();
        self.require_key()?;
        self.make_folder().map_err(|error| format!("cannot write to {FOLDER}: {error}"))?;
        self.write(NEXT_MANIFEST, MANIFEST, text.as_bytes())?;
        Ok(blake3::hash(text.as_bytes()))
    }

    /// After the exchange: what was prepared is what is published.
    pub(crate) fn confirm(&self, trace: &[u8], manifest: blake3::Hash) -> Result<(), String> {
        let (next, now) = (self.folder().join(NEXT_MANIFEST), self.folder().join(MANIFEST));
        fs::rename(next, now).map_err(|error| format!("cannot write {}: {error}", self.shown(MANIFEST)))?;
        self.remember_trace(trace, manifest)
    }

    /// Remembers a trace with a manifest that is remembered already; nothing is written where it is the same.
    pub(crate) fn remember_trace(&self, trace: &[u8], manifest: blake3::Hash) -> Result<(), String> {
        if trace.is_empty() || self.trace(manifest).is_some_and(|known| known == trace) {
            return Ok(());
        }
        self.write(TRACE, TRACE, &[trace, manifest.as_bytes()].concat())
    }

    fn require_key(&mut self) -> Result<(), String> {
        if let Some(cache) = self.cache.as_deref().filter(|_| self.may_make_key && matches!(self.key, Ok(None))) {
            self.key = Key::create(cache, &self.root).map(Some);
        }
        match &self.key {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(self.no_key()),
            Err(why) => Err(why.clone()),
        }
    }

    fn no_key(&self) -> String {
        match &self.cache {
            None => "this user has no folder for caches".to_owned(),
            Some(_) => "this user has no key yet, and none is made on CI".to_owned(),
        }
    }

    fn folder(&self) -> PathBuf {
        let name = blake3::hash(&self.place).to_hex();
        self.root.join(FOLDER).join(slice(&name, ..16))
    }

    /// A file's path below the root.
    fn shown(&self, name: &str) -> String {
        let path = self.folder().join(name);
        path.strip_prefix(&self.root).unwrap_or(&path).display().to_string()
    }

    /// The folders from the outside in: none may be a link.
    fn folders(&self) -> [PathBuf; 2] {
        [self.root.join(FOLDER), self.folder()]
    }

    fn make_folder(&self) -> io::Result<()> {
        for folder in self.folders() {
            match fs::create_dir(&folder) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => require_folder(&folder)?,
            }
        }
        // So that nobody commits it by mistake.
        match File::create_new(self.root.join(FOLDER).join(".gitignore")) {
            Ok(mut file) => file.write_all(b"*\n"),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// What a file holds, if its seal is right, or why not.
    fn read(&self, name: &str, kind: &str) -> Result<Vec<u8>, String> {
        let refused = |why: &str| format!("what is remembered of one, {}, is not believed: {why}", self.shown(name));
        let path = self.folder().join(name);
        let found = self.folders().iter().try_for_each(|folder| require_folder(folder));
        match found.and_then(|()| fs::symlink_metadata(&path)) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err("no earlier build is remembered".to_owned());
            }
            Err(error) => return Err(refused(&error.to_string())),
            Ok(_) => {}
        }
        let key = match &self.key {
            Ok(Some(key)) => key,
            Ok(None) => return Err(refused(&self.no_key())),
            Err(why) => return Err(refused(why)),
        };
        let mut bytes = plain_file::read(&path, MAX_BYTES).map_err(|error| refused(&error.to_string()))?;
        let sealed = bytes.split_last_chunk::<SEAL_LENGTH>().filter(|(body, seal)| {
            let seal = seal.strip_suffix(b"\n").and_then(|digits| blake3::Hash::from_hex(digits).ok());
            seal == Some(key.seal(kind, &self.place, body))
        });
        let Some((body, _)) = sealed else { return Err(refused("its seal is not of this user's key")) };
        bytes.truncate(body.len());
        Ok(bytes)
    }

    /// Writes a file and its seal, without which it is nothing: one that is cut short is not believed.
    fn write(&self, name: &str, kind: &str, bytes: &[u8]) -> Result<(), String> {
        let Ok(Some(key)) = &self.key else { return Err(self.no_key()) };
        let path = self.folder().join(name);
        let seal = format!("{}\n", key.seal(kind, &self.place, bytes));
        let written = match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => File::create_new(&path).and_then(|mut file| {
                file.write_all(bytes)?;
                file.write_all(seal.as_bytes())
            }),
        };
        written.map_err(|error| format!("cannot write {}: {error}", self.shown(name)))
    }
}

/// The place of an output as bytes, which no other place has.
fn place(root: &Path, output: &Path) -> Vec<u8> {
    let (kind, path) = match output.strip_prefix(root) {
        Ok(below) => ("site", below),
        Err(_) => ("disk", output),
    };
    let mut place = kind.as_bytes().to_vec();
    for part in path.components() {
        place.push(0);
        place.extend(part.as_os_str().as_encoded_bytes());
    }
    place
}

fn require_folder(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        return Ok(());
    }
    Err(io::Error::new(ErrorKind::NotADirectory, format!("{} is not a folder", path.display())))
}
