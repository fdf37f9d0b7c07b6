//! The mark that a build leaves: which files of the output folder are Fingerpost's own, and what was in them.
//!
//! Plain text at [`PATH`] inside the output: a first line with the format's version and the number of files, then a
//! line a file, sorted by path: hash, size, path. It holds no time, no machine and no order of work, so that the same
//! site gives the same manifest. What it does not list is foreign, and never touched. The first line's number tells a
//! manifest that was cut short, which would otherwise pass some of our files off as foreign, from a whole one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where the manifest lies, below the output folder.
pub(super) const PATH: &str = ".fingerpost/manifest";

/// Where a build leaves what it remembers for the next, below the output folder.
pub(super) const TRACE: &str = ".fingerpost/trace";

/// The folder that is Fingerpost's own; no file of a site lies there.
pub(super) const FOLDER: &str = ".fingerpost";

const TITLE: &str = "fingerpost manifest ";
const VERSION: &str = "1";

/// What a published file held when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ManifestEntry {
    /// Its hash, a [`crate::hash::Hash`].
    pub(super) hash: u64,
    /// Its length in bytes.
    pub(super) size: u64,
}

/// The files of one build, by path below the output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) files: BTreeMap<String, ManifestEntry>,
}

impl Manifest {
    /// The manifest as it is written. A line break in a path becomes `\n`: no path has a backslash of its own.
    pub(super) fn print(&self) -> String {
        let mut text = format!("{TITLE}{VERSION}, {} files\n", self.files.len());
        for (path, ManifestEntry { hash, size }) in &self.files {
            let path = path.replace('\n', "\\n");
            writeln!(text, "{hash:016x} {size} {path}").expect("writing to a string cannot fail");
        }
        text
    }

    /// Reads what [`Self::print`] wrote, or says in a few words why it cannot.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
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
    let hash = u64::from_str_radix(hash, 16).ok()?;
    let size = size.parse().ok()?;
    Some((path.replace("\\n", "\n"), ManifestEntry { hash, size }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(paths: &[&str]) -> Manifest {
        let entry = ManifestEntry { hash: 0xab, size: 12 };
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
        let text = "fingerpost manifest 1, 2 files\n00000000000000ab 12 a/index.html\n00000000000000ab 12 b.css\n";
        assert_eq!(manifest(&["b.css", "a/index.html"]).print(), text);
        check(text, Ok(&["a/index.html", "b.css"]));
    }

    #[test]
    fn names_with_spaces_and_line_breaks_survive() {
        let odd = manifest(&["a b/c", "two\nlines", "ends in\r", " "]);
        assert_eq!(Manifest::parse(&odd.print()), Ok(odd));
    }

    #[test]
    fn what_is_not_a_whole_manifest_is_not_believed() {
        check("", Err("it is not a manifest of Fingerpost"));
        check("fingerpost manifest 2, 0 files\n", Err("its version is 2, this program knows 1"));
        check("fingerpost manifest 1, 1 files\n", Err("it is not whole"));
        check("fingerpost manifest 1, 1 files\nab 12\n", Err("its line 2 is damaged"));
    }
}
