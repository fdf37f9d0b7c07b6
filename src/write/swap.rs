//! Publishing as an atomic exchange: the staging directory becomes the output folder in a single step.
//!
//! Linux exchanges two folders atomically (`renameat2` with `RENAME_EXCHANGE`), so that a reader, or a build that is
//! killed, sees the old site or the new one and nothing between. Where the file system or the platform cannot, two
//! renames stand in: the published tree steps aside and the staged one takes its place. If the second fails, the first
//! is undone; if the build is killed between the two, [`remove_orphans`] undoes it in the next build.
//!
//! Nothing is flushed to the disk on the way (no fsync, which would cost more than the whole build): the promise is
//! about builds that die, not about power. After a power failure files may come up empty; the next build compares
//! every file with its bytes and writes those anew.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::paths::OutputPaths;
use super::staging_dir;
use crate::failure::Failure;

/// Publishes `staged`. Afterwards the tree that was published, if there was one, lies where the staged one was.
pub(super) fn publish(paths: &OutputPaths, staged: &Path) -> Result<(), Failure> {
    swap_with(exchange, paths, staged).map_err(|error| {
        let failure = Failure::io("publish to", &paths.output, &error);
        match error.kind() {
            ErrorKind::ResourceBusy | ErrorKind::CrossesDevices => failure
                .help("it seems to be mounted: mount the folder around it, or name a folder inside it with `--output`"),
            _ => failure,
        }
    })
}

/// Undoes or clears what a build left that was killed while it ran as `process`. Only while the lock is held, and only
/// where that names the process: all others may have such folders too.
pub(super) fn remove_orphans(paths: &OutputPaths, process: u32) -> Result<(), Failure> {
    let (staging, backup) = (paths.staging(process), paths.backup(process));
    let is_folder = |path: &Path| fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    if is_folder(&backup) && is_missing(&paths.output) {
        fs::rename(&backup, &paths.output).map_err(|e| Failure::io("put back", &backup, &e))?;
    }
    for path in [staging, backup].into_iter().filter(|path| is_folder(path)) {
        staging_dir::remove(&path).map_err(|e| {
            Failure::io("remove what an interrupted build left,", &path, &e).help("remove this folder by hand")
        })?;
    }
    Ok(())
}

fn swap_with(
    exchange: fn(&Path, &Path) -> io::Result<()>,
    paths: &OutputPaths,
    staged: &Path,
) -> Result<(), io::Error> {
    if is_missing(&paths.output) {
        return fs::rename(staged, &paths.output);
    }
    match exchange(staged, &paths.output) {
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput) => {
            rename_twice(staged, &paths.output, &paths.backup(std::process::id()))
        }
        done => done,
    }
}

fn rename_twice(staged: &Path, output: &Path, backup: &Path) -> io::Result<()> {
    fs::rename(output, backup)?;
    if let Err(error) = fs::rename(staged, output) {
        fs::rename(backup, output)?;
        return Err(error);
    }
    fs::rename(backup, staged)
}

#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

fn is_missing(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;
    use crate::write::Target;

    fn paths(dir: &TestDir) -> OutputPaths {
        OutputPaths::resolve(&Target::plain(dir.at(""), dir.at("public"))).unwrap()
    }

    /// Stages a tree beside `files`, publishes it, and compares all that is there then.
    #[track_caller]
    fn check(exchange: fn(&Path, &Path) -> io::Result<()>, files: &[&str], expected: &[&str]) {
        let dir = TestDir::new();
        for file in files {
            dir.write(file, "old");
        }
        dir.write("staged/new", "");
        swap_with(exchange, &paths(&dir), &dir.at("staged")).unwrap();
        assert_eq!(dir.tree(""), expected);
    }

    fn unknown(_: &Path, _: &Path) -> io::Result<()> {
        Err(io::Error::from(ErrorKind::InvalidInput))
    }

    #[test]
    fn the_first_build_takes_the_place() {
        check(exchange, &[], &["public/", "public/new: "]);
    }

    #[test]
    fn the_trees_change_places_with_and_without_an_exchange() {
        let expected = ["public/", "public/new: ", "staged/", "staged/a: old"];
        check(exchange, &["public/a"], &expected);
        check(unknown, &["public/a"], &expected);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn linux_exchanges_folders_in_one_step() {
        let dir = TestDir::new();
        dir.write("a/a", "");
        dir.write("b/b", "");
        exchange(&dir.at("a"), &dir.at("b")).unwrap();
        assert_eq!(dir.tree(""), ["a/", "a/b: ", "b/", "b/a: "]);
    }

    #[test]
    fn a_second_rename_that_fails_undoes_the_first() {
        let dir = TestDir::new();
        dir.write("public/a", "old");
        let paths = paths(&dir);
        swap_with(unknown, &paths, &dir.at("missing")).unwrap_err();
        assert_eq!(dir.tree(""), ["public/", "public/a: old"]);
    }

    #[test]
    fn the_next_build_puts_back_what_stepped_aside() {
        let dir = TestDir::new();
        dir.write(".public.fingerpost-1.former/a", "old");
        dir.write(".public.fingerpost-1/half", "");
        remove_orphans(&paths(&dir), 1).unwrap();
        assert_eq!(dir.tree(""), ["public/", "public/a: old"]);
    }

    #[test]
    fn the_next_build_clears_staging_trees_and_nothing_else() {
        let dir = TestDir::new();
        dir.write("public/a", "");
        dir.write(".public.fingerpost-1/half", "");
        dir.write(".public.fingerpost-1.former/a", "old");
        dir.write(".public.fingerpost-2/a", "");
        dir.write(".other.fingerpost-1/half", "");
        remove_orphans(&paths(&dir), 1).unwrap();
        let kept = [".other.fingerpost-1/", ".other.fingerpost-1/half: ", ".public.fingerpost-2/"];
        assert_eq!(dir.tree("")[..3], kept);
        assert_eq!(dir.tree("")[3..], [".public.fingerpost-2/a: ", "public/", "public/a: "]);
    }
}
