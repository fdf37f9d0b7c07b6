//! The staging directory, which goes when its build does, and how a tree is removed.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

/// A folder that is removed when this is dropped: the staging directory or, after the exchange, the previous output.
#[derive(Debug)]
pub(super) struct StagingDir(PathBuf);

impl StagingDir {
    /// Creates an empty folder.
    pub(super) fn create(path: PathBuf) -> io::Result<Self> {
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for StagingDir {
    fn drop(&mut self) {
        let _ = remove(&self.0); // The next build tries again, and says why it cannot.
    }
}

/// Removes a tree without following links; one that is not there is removed already.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let removed = match remove_parallel(path) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            make_writable(path)?;
            remove_parallel(path)
        }
        removed => removed,
    };
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Removes a folder and, on all cores, what is in it.
fn remove_parallel(path: &Path) -> io::Result<()> {
    let inside = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
    inside.par_iter().try_for_each(|entry| {
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) }
    })?;
    fs::remove_dir(path)
}

/// Makes the folders of a tree writable, since a foreign one among them may be closed.
fn make_writable(path: &Path) -> io::Result<()> {
    let mut permissions = fs::symlink_metadata(path)?.permissions();
    #[cfg(unix)]
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o700);
    #[cfg(not(unix))]
    permissions.set_readonly(false);
    fs::set_permissions(path, permissions)?;
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            make_writable(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;

    /// Removes the folder `tree`, made by `make`, beside a folder that stays.
    #[track_caller]
    fn check(make: impl Fn(&TestDir)) {
        let dir = TestDir::new();
        dir.write("other/kept", "");
        make(&dir);
        remove(&dir.at("tree")).unwrap();
        assert_eq!(dir.tree(""), ["other/", "other/kept: "]);
    }

    #[test]
    fn a_tree_goes_whole_and_a_missing_one_is_no_error() {
        check(|_| {});
        check(|dir| dir.write("tree/a/b/c", ""));
    }

    #[test]
    #[cfg(unix)]
    fn links_in_it_are_not_followed() {
        check(|dir| {
            dir.write("tree/a", "");
            dir.link("tree/other", "../other");
            dir.link("tree/kept", "../other/kept");
        });
    }

    #[test]
    fn closed_folders_in_it_are_no_obstacle() {
        check(|dir| {
            dir.write("tree/closed/file", "");
            let mut permissions = fs::metadata(dir.at("tree/closed")).unwrap().permissions();
            permissions.set_readonly(true);
            fs::set_permissions(dir.at("tree/closed"), permissions).unwrap();
        });
    }
}
