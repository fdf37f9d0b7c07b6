//! Foreign files, which others put into the output folder, are carried over to the new one.
//!
//! Before the exchange all foreign files are hard-linked (or copied) into the staging directory, so that the new site
//! has them from its first moment. Whatever another program adds or changes in the old tree while that happens is moved
//! over right after. Where the site itself has a file at the path, the site's stands: without `--force` the build has
//! refused before it came to this.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::file::with_parent_dirs;
use super::previous::{PreviousOutput, manifest_path, mount_point};
use crate::failure::Failure;
use crate::memory::Manifest;

/// Links or copies the foreign part of the previous output into the staging directory.
pub(super) fn carry_over(
    previous: &PreviousOutput,
    site: &Manifest,
    published: &Path,
    staged: &Path,
) -> Result<(), Failure> {
    for folder in &previous.foreign_folders {
        fs::create_dir_all(staged.join(folder)).map_err(|error| cannot_carry(&published.join(folder), &error))?;
    }
    for file in previous.foreign_files.iter().filter(|file| !has(site, file)) {
        let (from, to) = (published.join(file), staged.join(file));
        link_or_copy(&from, &to).map_err(|error| cannot_carry(&from, &error))?;
    }
    // Last and from the inside out, since a folder may be closed to us by then.
    for folder in previous.foreign_folders.iter().rev() {
        let (from, to) = (published.join(folder), staged.join(folder));
        let copied = fs::symlink_metadata(&from).and_then(|found| fs::set_permissions(&to, found.permissions()));
        copied.map_err(|error| cannot_carry(&from, &error))?;
    }
    Ok(())
}

/// After the exchange: moves over what came into the previous output, or changed there, since it was scanned. Gives the
/// files. `manifest` is that of the previous output.
pub(super) fn carry_over_late(
    previous: &Path,
    manifest: &Manifest,
    site: &Manifest,
    published: &Path,
) -> Result<Vec<PathBuf>, Failure> {
    let late = PreviousOutput::scan(previous, manifest)?;
    for folder in &late.foreign_folders {
        let to = published.join(folder);
        fs::create_dir_all(&to).map_err(|error| cannot_carry(&to, &error))?;
    }
    let mut moved = Vec::new();
    for file in late.foreign_files.into_iter().filter(|file| !has(site, file)) {
        let (from, to) = (previous.join(&file), published.join(&file));
        if !is_same(&from, &to) {
            with_parent_dirs(&to, || fs::rename(&from, &to)).map_err(|error| cannot_carry(&to, &error))?;
            moved.push(file);
        }
    }
    Ok(moved)
}

/// Whether the site has a file at this path.
pub(super) fn has(site: &Manifest, file: &Path) -> bool {
    manifest_path(file).is_some_and(|file| site.files.contains_key(&file))
}

fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    match with_parent_dirs(to, || fs::hard_link(from, to)) {
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::CrossesDevices) => Err(error),
        Err(_) => match fs::symlink_metadata(from) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()), // Its owner took it away.
            found => copy(from, &found?, to),
        },
        Ok(()) => Ok(()),
    }
}

/// Makes the same file or link again, with its time, where it cannot be linked.
fn copy(from: &Path, found: &Metadata, to: &Path) -> io::Result<()> {
    if found.is_symlink() {
        return copy_link(&fs::read_link(from)?, from, to);
    }
    if !found.is_file() {
        return Err(io::Error::other("it is neither a file nor a folder nor a link"));
    }
    fs::copy(from, to)?;
    // Without its time, the file only counts as changed and is moved over after the exchange.
    let _ = found.modified().and_then(|time| File::open(to)?.set_modified(time));
    Ok(())
}

#[cfg(unix)]
fn copy_link(target: &Path, _: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, to)
}

#[cfg(windows)]
fn copy_link(target: &Path, from: &Path, to: &Path) -> io::Result<()> {
    use std::os::windows::fs::{symlink_dir, symlink_file};
    if from.is_dir() { symlink_dir(target, to) } else { symlink_file(target, to) }
}

/// Whether the file at `to` is the one at `from`, or its copy.
fn is_same(from: &Path, to: &Path) -> bool {
    let look = |path| fs::symlink_metadata(path).and_then(|found| Ok((found.len(), found.modified()?))).ok();
    match (look(from), look(to)) {
        (Some(from), Some(to)) => from == to,
        _ => false,
    }
}

fn cannot_carry(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::CrossesDevices => mount_point(path),
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::IsADirectory => Failure::new(format!(
            "{} was not written by Fingerpost and is in the way of the site",
            path.display()
        ))
        .help("a file and a folder cannot share a path: move it elsewhere, or choose another folder with `--output`"),
        _ => Failure::io("carry over", path, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::ManifestEntry;
    use crate::read::test_dir::TestDir;

    fn manifest(path: &str) -> Manifest {
        let entry = ManifestEntry::of(b"ours");
        Manifest { files: [(path.to_owned(), entry)].into() }
    }

    /// Carries the tree `old`, made by `make`, into `new`, which has the site's file `site/page`.
    #[track_caller]
    fn check(make: impl Fn(&TestDir), expected: Result<&[&str], &str>) {
        let dir = TestDir::new();
        dir.write("old/top", "");
        make(&dir);
        dir.write("new/site/page", "ours");
        let site = manifest("site/page");
        let previous = PreviousOutput::scan(&dir.at("old"), &Manifest::default()).unwrap();
        let before = dir.tree("old");
        let carried = carry_over(&previous, &site, &dir.at("old"), &dir.at("new"));
        assert_eq!(dir.tree("old"), before);
        match (carried, expected) {
            (Ok(()), Ok(expected)) => assert_eq!(dir.tree("new"), expected),
            (Err(failure), Err(expected)) => assert!(failure.message.ends_with(expected), "{failure}"),
            (carried, _) => panic!("{carried:?}"),
        }
    }

    #[test]
    fn files_and_empty_folders_come_along() {
        let all = ["a/", "a/b/", "a/b/file: mine", "empty/", "empty/er/", "site/", "site/page: ours", "top: "];
        check(
            |dir| {
                dir.write("old/a/b/file", "mine");
                fs::create_dir_all(dir.at("old/empty/er")).unwrap();
            },
            Ok(&all),
        );
    }

    #[test]
    #[cfg(unix)]
    fn links_come_along_as_links_even_if_they_lead_nowhere() {
        let expected = ["nowhere -> ../missing", "site/", "site/page: ours", "top: "];
        check(|dir| dir.link("old/nowhere", "../missing"), Ok(&expected));
    }

    #[test]
    fn the_site_s_own_file_stands() {
        check(|dir| dir.write("old/site/page", "mine"), Ok(&["site/", "site/page: ours", "top: "]));
    }

    #[test]
    fn a_file_where_the_site_has_a_folder_is_in_the_way_and_the_reverse() {
        let expected = Err("old/site was not written by Fingerpost and is in the way of the site");
        check(|dir| dir.write("old/site", "mine"), expected);
        let expected = Err("old/site/page was not written by Fingerpost and is in the way of the site");
        check(|dir| fs::create_dir_all(dir.at("old/site/page")).unwrap(), expected);
    }

    #[test]
    #[cfg(unix)]
    fn a_foreign_folder_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let dir = TestDir::new();
        dir.write("old/closed/file", "");
        fs::set_permissions(dir.at("old/closed"), fs::Permissions::from_mode(0o510)).unwrap();
        let previous = PreviousOutput::scan(&dir.at("old"), &Manifest::default()).unwrap();
        carry_over(&previous, &Manifest::default(), &dir.at("old"), &dir.at("new")).unwrap();
        assert_eq!(fs::metadata(dir.at("new/closed")).unwrap().permissions().mode() & 0o777, 0o510);
    }

    #[test]
    fn a_copy_keeps_its_time_and_counts_as_the_same() {
        let dir = TestDir::new();
        dir.write("a", "text");
        let time = dir.age("a");
        copy(&dir.at("a"), &fs::metadata(dir.at("a")).unwrap(), &dir.at("b")).unwrap();
        assert_eq!((dir.read("b"), dir.modified("b")), ("text".to_owned(), time));
        assert!(is_same(&dir.at("a"), &dir.at("b")));
    }

    #[test]
    fn what_came_late_is_moved_over() {
        let dir = TestDir::new();
        dir.write("old/late/file", "new");
        dir.write("old/changed", "after");
        dir.write("old/page", "mine");
        dir.write("new/changed", "before");
        dir.write("new/page", "ours");
        let site = manifest("page");
        let late = carry_over_late(&dir.at("old"), &Manifest::default(), &site, &dir.at("new")).unwrap();
        assert_eq!(late, ["changed", "late/file"].map(PathBuf::from));
        assert_eq!(dir.tree("new"), ["changed: after", "late/", "late/file: new", "page: ours"]);
    }
}
