//! Which files of the output folder are Fingerpost's own, and what was in them.
//!
//! Plain text: a first line with the format's version and the number of files, then a line a file, sorted by path: hash,
//! size, path. It holds no time, no machine and no order of work, so that the same site gives the same manifest. What it
//! does not list is foreign, and never touched. The hash is a cryptographic one: a file is believed to be ours, kept or
//! removed by it alone. Where the manifest lies, and whether it is our own, is for the room to say.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

const TITLE: &str = "fingerpost manifest ";
const VERSION: &str = "2";

/// The largest file that is read as a whole, in bytes; few pages are larger.
const MAX_READ_AT_ONCE: usize = 1024 * 1024;

/// What a published file held when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ManifestEntry {
    /// Its hash.
    pub(crate) hash: blake3::Hash,
    /// Its length in bytes.
    pub(crate) size: u64,
}

/// The files of one build, by path below the output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub(crate) files: BTreeMap<String, ManifestEntry>,
}

impl ManifestEntry {
    /// What a file of these bytes is listed as.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self { hash: blake3::hash(bytes), size: bytes.len() as u64 }
    }

    /// Whether the file at `path`, which was seen to be a plain one, has this size and hash.
    pub(crate) fn is_of(self, path: &Path) -> bool {
        thread_local!(static BYTES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
        let size = match usize::try_from(self.size) {
            Ok(size) if size <= MAX_READ_AT_ONCE => size,
            _ => return self.is_of_large(path).unwrap_or(false),
        };
        BYTES.with_borrow_mut(|bytes| {
            // One more, to see that there is none more; and all at once, since most of the work is asking the system.
            if bytes.len() <= size {
                bytes.resize(size + 1, 0);
            }
            let Some(bytes) = bytes.get_mut(..=size) else { return false };
            let read = File::open(path).and_then(|mut file| file.read(bytes));
            read.is_ok_and(|count| count == size)
                && bytes.get(..size).is_some_and(|bytes| blake3::hash(bytes) == self.hash)
        })
    }

    /// [`Self::is_of`] for a file that is too large to be held in memory.
    fn is_of_large(self, path: &Path) -> io::Result<bool> {
        let file = File::open(path)?;
        if file.metadata()?.len() != self.size {
            return Ok(false);
        }
        Ok(blake3::Hasher::new().update_reader(file)?.finalize() == self.hash)
    }
}

impl Manifest {
    /// The manifest as it is written. A line break in a path becomes `\n`: no path has a backslash of its own.
    pub(crate) fn print(&self) -> String {
        let mut text = format!("{TITLE}{VERSION}, {} files\n", self.files.len());
        for (path, ManifestEntry { hash, size }) in &self.files {
            let path = path.replace('\n', "\\n");
            writeln!(text, "{hash} {size} {path}").expect("writing to a string cannot fail");
        }
        text
    }

    /// Reads what [`Self::print`] wrote, or says in a few words why it cannot.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (header, body) = text.split_once('\n').unwrap_or((text, ""));
        let header = header.strip_prefix(TITLE).ok_or("it is not a manifest of Fingerpost")?;
        let (version, count) = header.split_once(", ").unwrap_or((header, ""));
        if version != VERSION {
            return Err(format!("its version is {version}, this program knows {VERSION}"));
        }
        let count = count.strip_suffix(" files").and_then(|count| count.parse::<usize>().ok());
        let mut files = BTreeMap::new();
        for (index, line) in body.split_terminator('\n').enumerate() {
            let (path, entry) = parse_line(line).ok_or_else(|| format!("its line {} is damaged", index + 2))?;
            files.insert(path, entry);
        }
        if count == Some(files.len()) { Ok(Self { files }) } else { Err("it is not whole".to_owned()) }
    }
}

fn parse_line(line: &str) -> Option<(String, ManifestEntry)> {
    let (hash, rest) = line.split_once(' ')?;
    let (size, path) = rest.split_once(' ')?;
    let hash = blake3::Hash::from_hex(hash).ok()?;
    let size = size.parse().ok()?;
    Some((path.replace("\\n", "\n"), ManifestEntry { hash, size }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;

    fn manifest(paths: &[&str]) -> Manifest {
        let entry = ManifestEntry { hash: blake3::Hash::from_bytes([0xab; 32]), size: 12 };
        Manifest { files: paths.iter().map(|&path| (path.to_owned(), entry)).collect() }
    }

    #[track_caller]
    fn check(text: &str, expected: Result<&[&str], &str>) {
        let found = Manifest::parse(text).map(|found| found.files.into_keys().collect::<Vec<_>>());
        let expected = expected.map(|paths| paths.iter().map(|&path| path.to_owned()).collect());
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn it_is_plain_text_in_the_order_of_paths() {
        let hash = "ab".repeat(32);
        let text = format!("fingerpost manifest 2, 2 files\n{hash} 12 a/index.html\n{hash} 12 b.css\n");
        assert_eq!(manifest(&["b.css", "a/index.html"]).print(), text);
        check(&text, Ok(&["a/index.html", "b.css"]));
    }

    #[test]
    fn names_with_spaces_and_line_breaks_survive() {
        let odd = manifest(&["a b/c", "two\nlines", "ends in\r", " "]);
        assert_eq!(Manifest::parse(&odd.print()), Ok(odd));
    }

    #[test]
    fn a_file_is_what_is_listed_of_it_whatever_its_size() {
        let dir = TestDir::new();
        for size in [0, 1, MAX_READ_AT_ONCE, MAX_READ_AT_ONCE + 1] {
            let text = "x".repeat(size);
            let entry = ManifestEntry::of(text.as_bytes());
            dir.write("same", &text);
            dir.write("longer", format!("{text}x"));
            dir.write("edited", format!("{}y", "x".repeat(size.saturating_sub(1))));
            assert_eq!(["same", "longer", "edited"].map(|name| entry.is_of(&dir.at(name))), [true, false, false]);
        }
        assert!(!ManifestEntry::of(b"").is_of(&dir.at("missing")));
    }

    #[test]
    fn what_is_not_a_whole_manifest_is_not_believed() {
        check("", Err("it is not a manifest of Fingerpost"));
        check("fingerpost manifest 1, 0 files\n", Err("its version is 1, this program knows 2"));
        check("fingerpost manifest 2, 1 files\n", Err("it is not whole"));
        check("fingerpost manifest 2, 1 files\nab 12\n", Err("its line 2 is damaged"));
    }
}
