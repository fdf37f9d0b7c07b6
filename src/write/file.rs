//! One file of the site into the staging directory.
//!
//! A file whose bytes are those of the published file is not written again: it is hard-linked from there once it is
//! certain that there is anything to publish at all, which is cheaper and keeps its time, by which uploading tools go.
//! Neither times nor the manifest are trusted for that: the published file is read and compared, so that one that was
//! edited, cut short by a power failure or restored from a backup comes out right. The manifest's hash saves reading a
//! file that cannot be the same, and is all there is to go by where nothing was made to compare with ([`ManifestEntry::is_of`]).
//!
//! A linked file is the published file itself, so staged files are only ever made new ([`File::create_new`]), never
//! opened for writing again.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};

use crate::failure::Failure;
use crate::memory::ManifestEntry;

const CHUNK: usize = 128 * 1024;

/// A published file that may hold the same bytes as the one to be staged.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublishedFile<'a> {
    /// Where it is published.
    pub(super) path: &'a Path,
    /// What the manifest lists of it.
    pub(super) entry: ManifestEntry,
}

/// A file after staging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StagedFile {
    /// What it holds.
    pub(super) entry: ManifestEntry,
    /// Whether the published file holds the same; nothing was staged then.
    pub(super) unchanged: bool,
}

/// Refuses a path that could lead out of the folder it is meant for, or mean another one on some system.
pub(super) fn require_safe(path: &str) -> Result<(), Failure> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
    // On Windows, a colon names a drive or a hidden stream of a file.
    let native = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let safe = path.split('/').all(plain) && native && !(cfg!(windows) && path.contains(':'));
    if safe {
        Ok(())
    } else {
        Err(Failure::new(format!("`{}` is not a path that a site's file may have", path.escape_debug()))
            .help("this is a mistake in Fingerpost: please report it"))
    }
}

/// Writes `bytes` to `staged`, unless they are published already.
pub(super) fn put_bytes(
    bytes: &[u8],
    staged: &Path,
    published: Option<PublishedFile<'_>>,
) -> Result<StagedFile, Failure> {
    let entry = ManifestEntry::of(bytes);
    if published.is_some_and(|published| published.entry == entry && has_bytes(published.path, bytes).unwrap_or(false))
    {
        return Ok(StagedFile { entry, unchanged: true });
    }
    let written = create(staged).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| cannot_write(staged, &error))?;
    Ok(StagedFile { entry, unchanged: false })
}

/// Copies the site's file `path`, below `root`, to `staged`, unless it is published already.
pub(super) fn put_copy(
    root: &Path,
    path: &str,
    staged: &Path,
    published: Option<PublishedFile<'_>>,
) -> Result<StagedFile, Failure> {
    let source = regular_file(root, path)?;
    let reading = |error: io::Error| Failure::io("read", &source, &error);
    // A published file that cannot be read is simply not the same; whether the source can be read shows below.
    if let Some(entry) = published.and_then(|published| same_contents(&source, published.path).ok()?) {
        return Ok(StagedFile { entry, unchanged: true });
    }
    let mut from = File::open(&source).map_err(reading)?;
    let mut to = create(staged).map_err(|error| cannot_write(staged, &error))?;
    let mut hashing = blake3::Hasher::new();
    let mut size = 0;
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = read_full(&mut from, &mut chunk).map_err(reading)?;
        if read.is_empty() {
            break;
        }
        hashing.update(read);
        size += read.len() as u64;
        to.write_all(read).map_err(|error| cannot_write(staged, &error))?;
    }
    Ok(StagedFile { entry: ManifestEntry { hash: hashing.finalize(), size }, unchanged: false })
}

/// Hard-links a published file into the staging directory; where the file system knows no links, copies it with its
/// time.
pub(super) fn link_published(published: &Path, staged: &Path) -> Result<(), Failure> {
    match with_parent_dirs(staged, || fs::hard_link(published, staged)) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(cannot_write(staged, &error)),
        Err(_) => {} // Links may be unknown, forbidden or used up here; copying tells what is really wrong.
    }
    let copied = File::open(published).and_then(|mut from| {
        let mut to = create(staged)?;
        io::copy(&mut from, &mut to)?;
        to.set_modified(from.metadata()?.modified()?)
    });
    copied.map_err(|error| cannot_write(staged, &error))
}

/// The failure of a path that is staged twice.
pub(super) fn duplicate_path(staged: &Path) -> Failure {
    cannot_write(staged, &ErrorKind::AlreadyExists.into())
}

/// Runs `make` for `path`, and once more after creating its parent directories if they are missing.
pub(super) fn with_parent_dirs<T>(path: &Path, make: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match (make(), path.parent()) {
        (Err(error), Some(folder)) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            make()
        }
        (done, _) => done,
    }
}

/// The place of a site's file, if neither it nor a folder on the way to it is a link.
pub(crate) fn regular_file(root: &Path, path: &str) -> Result<PathBuf, Failure> {
    require_safe(path)?;
    let mut here = root.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        here.push(part);
        let found = fs::symlink_metadata(&here).map_err(|e| Failure::io("read", &here, &e))?;
        let expected = if parts.peek().is_some() { found.is_dir() } else { found.is_file() };
        if !expected {
            return Err(Failure::new(format!("cannot copy {}: it is not a plain file of the site", here.display()))
                .help("put the file itself there instead of a link to it"));
        }
    }
    Ok(here)
}

fn create(staged: &Path) -> io::Result<File> {
    with_parent_dirs(staged, || File::create_new(staged))
}

/// Whether the file at `path` holds these bytes and no more.
fn has_bytes(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() != bytes.len() as u64 {
        return Ok(false);
    }
    let mut chunk = [0; 16 * 1024];
    let mut rest = bytes;
    loop {
        let read = read_full(&mut file, &mut chunk)?;
        let Some(after) = rest.strip_prefix(read) else { return Ok(false) };
        if read.is_empty() {
            return Ok(rest.is_empty());
        }
        rest = after;
    }
}

/// What both files hold, if they hold the same.
fn same_contents(source: &Path, published: &Path) -> io::Result<Option<ManifestEntry>> {
    let (mut a, mut b) = (File::open(source)?, File::open(published)?);
    if a.metadata()?.len() != b.metadata()?.len() {
        return Ok(None);
    }
    let (mut left, mut right) = (vec![0; CHUNK], vec![0; CHUNK]);
    let mut hashing = blake3::Hasher::new();
    let mut size = 0;
    loop {
        let read = read_full(&mut a, &mut left)?;
        if read_full(&mut b, &mut right)? != read {
            return Ok(None);
        }
        if read.is_empty() {
            return Ok(Some(ManifestEntry { hash: hashing.finalize(), size }));
        }
        hashing.update(read);
        size += read.len() as u64;
    }
}

/// Reads until the chunk is full or the file at its end, so that two files are cut at the same places, and gives what
/// was read.
fn read_full<'c>(file: &mut File, chunk: &'c mut [u8]) -> io::Result<&'c [u8]> {
    let mut count = 0;
    while let Some(rest) = chunk.get_mut(count..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    chunk.get(..count).ok_or_else(|| io::Error::other("the system read more than there was room for"))
}

fn cannot_write(staged: &Path, error: &io::Error) -> Failure {
    let failure = Failure::io("write", staged, error);
    match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::IsADirectory => {
            failure.help("two files of the site have this path, or paths that this file system takes for the same")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => failure.help(
            "free some space, or choose a folder on another disk with `--output`; the published site is unchanged",
        ),
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;
    use crate::source::slice;

    #[track_caller]
    fn check(path: &str, expected: bool) {
        assert_eq!(require_safe(path).is_ok(), expected, "{path:?}");
    }

    #[test]
    fn plain_paths_are_safe() {
        check("index.html", true);
        check("a/b c/größe.html", true);
        check("_headers", true);
        check(".well-known/security.txt", true);
        check("a/..b/c...d", true);
        check(".fingerpost/manifest", true);
    }

    #[test]
    fn paths_that_lead_elsewhere_are_not() {
        for path in ["", "/", "/a", "a/", "a//b", ".", "./a", "..", "../a", "a/../b", "a/..", "a\\b", "..\\a", "a\0"] {
            check(path, false);
        }
    }

    #[test]
    fn a_published_file_stays_only_if_it_holds_the_very_bytes() {
        let dir = TestDir::new();
        let put = |text: &str, manifest: &str, name: &str| {
            let entry = ManifestEntry::of(manifest.as_bytes());
            let (path, staged) = (dir.at("published"), dir.at(name));
            let published = Some(PublishedFile { path: &path, entry });
            let bytes = put_bytes(text.as_bytes(), &staged.join("bytes"), published).unwrap();
            dir.write("source", text);
            let copy = put_copy(&dir.at(""), "source", &staged.join("copy"), published).unwrap();
            assert_eq!(bytes.entry, copy.entry);
            assert_eq!(bytes.unchanged, copy.unchanged);
            for file in ["bytes", "copy"].map(|file| format!("{name}/{file}")) {
                if bytes.unchanged {
                    link_published(&path, &dir.at(&file)).unwrap();
                }
                assert_eq!(dir.read(&file), text);
            }
            bytes.unchanged
        };
        let long = "x".repeat(3 * CHUNK + 7);
        dir.write("published", "same");
        assert!(put("same", "same", "a"));
        assert!(!put("different", "same", "b"));
        assert!(!put("sane", "sane", "c"), "the published file was edited, keeping its length");
        dir.write("published", &long);
        assert!(put(&long, &long, "d"));
        assert!(!put(slice(&long, 1..), &long, "e"));
        let mut edited = long.clone();
        edited.replace_range(long.len() - 1.., "y");
        assert!(!put(&edited, &edited, "f"));
    }

    #[test]
    fn a_source_that_is_a_link_is_not_copied() {
        let dir = TestDir::new();
        dir.write("secret/key", "secret");
        dir.write("site/a", "");
        dir.link("site/file", "../secret/key");
        dir.link("site/folder", "../secret");
        for path in ["file", "folder/key", "../secret/key", "missing", "."] {
            put_copy(&dir.at("site"), path, &dir.at("staged"), None).unwrap_err();
        }
        assert!(!dir.at("staged").exists());
    }
}
