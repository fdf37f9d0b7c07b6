//! The directory walk: every file, link and special file below a folder with its path, except what is ignored.

use std::ffi::OsStr;
use std::fs::FileType;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::failure::Failure;

/// The most files of a site, all folders together; beyond that, the wrong folder was probably named.
const MAX_FILES: usize = 200_000;

/// An entry below the site's root that is not a folder.
#[derive(Debug)]
pub(super) struct WalkEntry {
    /// Below the root, with `/` between its parts.
    pub(super) path: String,
    /// On the disk.
    pub(super) disk_path: PathBuf,
    pub(super) kind: EntryKind,
}

/// What kind of file an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    /// A symbolic link, to whatever.
    Symlink,
    /// A pipe, a socket, a device.
    Special,
    /// Whatever has a name that is not UTF-8.
    NotUtf8,
}

/// Everything below `root/folder`, in no order; nothing where there is no such folder.
pub(super) fn walk(root: &Path, folder: &str) -> Result<Vec<WalkEntry>, Failure> {
    let top = root.join(folder);
    if top.symlink_metadata().is_err() {
        return Ok(Vec::new());
    }
    walk_below(root, &top, folder == "content")
}

/// What lies at `place` now, in no order, with the path below the root at and below which these are all the files. None
/// where nothing there is part of a site.
pub(super) fn walk_at(root: &Path, place: &Path) -> Result<Option<(String, Vec<WalkEntry>)>, Failure> {
    let Ok(path) = place.strip_prefix(root) else { return Ok(None) };
    let below_content = path.starts_with("content");
    if !below_content && !path.starts_with("themes") {
        return Ok(None);
    }
    // A folder on the way may be gone, or be a link by now, and what lies below a link is not looked at.
    let mut here = root.to_owned();
    for (depth, part) in path.iter().enumerate() {
        if depth > 0 && is_ignored(part, below_content) {
            return Ok(None);
        }
        here.push(part);
        let found = match here.symlink_metadata() {
            Ok(kind) if kind.is_dir() => continue,
            Ok(kind) => vec![entry(root, here.clone(), kind.file_type())],
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Vec::new(),
            Err(error) => return Err(Failure::io("read", &here, &error)),
        };
        return Ok(Some((site_path(root, &here), found)));
    }
    Ok(Some((site_path(root, &here), walk_below(root, &here, below_content)?)))
}

/// Everything below the folder `top`.
fn walk_below(root: &Path, top: &Path, below_content: bool) -> Result<Vec<WalkEntry>, Failure> {
    let walk = WalkDir::new(top).follow_links(false).follow_root_links(false).into_iter();
    let mut files = Vec::new();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_ignored(entry.file_name(), below_content)) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(top).to_owned();
            Failure::io("read", &path, &error.into())
        })?;
        if !entry.file_type().is_dir() {
            let file_type = entry.file_type();
            files.push(self::entry(root, entry.into_path(), file_type));
        }
        if files.len() > MAX_FILES {
            let message = format!("more than {MAX_FILES} files in {}", top.display());
            return Err(Failure::new(message).help("move what is not part of the site elsewhere"));
        }
    }
    Ok(files)
}

fn entry(root: &Path, disk_path: PathBuf, file_type: FileType) -> WalkEntry {
    let kind = match file_type {
        _ if disk_path.strip_prefix(root).is_ok_and(|below| below.to_str().is_none()) => EntryKind::NotUtf8,
        file_type if file_type.is_file() => EntryKind::File,
        file_type if file_type.is_symlink() => EntryKind::Symlink,
        _ => EntryKind::Special,
    };
    WalkEntry { path: site_path(root, &disk_path), disk_path, kind }
}

/// The path below `root`, with `/` between its parts.
fn site_path(root: &Path, disk_path: &Path) -> String {
    let below = disk_path.strip_prefix(root).expect("what is found lies below the root");
    let parts: Vec<_> = below.iter().map(OsStr::to_string_lossy).collect();
    parts.join("/")
}

/// Whether a file or folder is ignored, without a finding: hidden ones, what programs leave behind, and below
/// `content/` whatever its author marked with `_`. (In a theme, `_part.html` is a template like any other.)
fn is_ignored(name: &OsStr, below_content: bool) -> bool {
    let name = name.to_string_lossy();
    let backup = name.ends_with('~') || name.ends_with(".swp") || (name.starts_with('#') && name.ends_with('#'));
    let leftover = matches!(&*name, "node_modules" | "Thumbs.db" | "desktop.ini");
    name.starts_with('.') || (below_content && name.starts_with('_')) || backup || leftover
}

#[cfg(test)]
mod tests {
    use super::super::test_dir::TestDir;
    use super::*;

    /// Walks a folder with these files below `folder` and `expected` of them to be found.
    #[track_caller]
    fn check(folder: &str, all: &[&str], expected: &[&str]) {
        let dir = TestDir::new();
        for path in all {
            dir.write(path, b"");
        }
        let mut found: Vec<_> = walk(&dir.at(""), folder).unwrap().into_iter().map(|file| file.path).collect();
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn hidden_marked_and_left_behind_files_are_left_out() {
        check(
            "content",
            &[
                "content/.git/config",
                "content/_drafts/a.md",
                "content/a.md",
                "content/a.md~",
                "content/.a.md.swp",
                "content/a.swp",
                "content/#a.md#",
                "content/#1.md",
                "content/b/node_modules/x.md",
                "content/b/Thumbs.db",
                "content/b/desktop.ini",
                "content/b/c_d.md",
            ],
            &["content/#1.md", "content/a.md", "content/b/c_d.md"],
        );
    }

    #[test]
    fn a_theme_may_mark_its_parts() {
        check("themes", &["themes/a/_part.html", "themes/a/.hidden", "content/a.md"], &["themes/a/_part.html"]);
        check("themes", &["content/a.md"], &[]);
    }
}
