//! A temporary directory for one test, removed with it. The tests of `write` use it too.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

/// A temporary directory; paths below it are given with `/`.
pub(crate) struct TestDir {
    /// Without links, which some systems have on the way to their temporary directory.
    root: PathBuf,
    _dir: TempDir,
}

impl TestDir {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { root: dir.path().canonicalize().unwrap(), _dir: dir }
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), contents).unwrap();
    }

    /// A symbolic link at `path`; where there are none, the folder's tests of links say nothing.
    pub(crate) fn link(&self, path: &str, to: &str) {
        #[cfg(unix)]
        std::os::unix::fs::symlink(to, self.at(path)).unwrap();
        #[cfg(not(unix))]
        let _ = (path, to);
    }

    /// A named pipe at `path`, which nobody writes to: opening it to read waits for ever.
    #[cfg(unix)]
    pub(crate) fn pipe(&self, path: &str) {
        let made = std::process::Command::new("mkfifo").arg(self.at(path)).status();
        assert!(made.unwrap().success(), "mkfifo {path}");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    /// Gives a file a time of its own, an hour ago, and returns it.
    pub(crate) fn age(&self, path: &str) -> SystemTime {
        let then = SystemTime::now() - Duration::from_secs(3600);
        fs::File::options().write(true).open(self.at(path)).unwrap().set_modified(then).unwrap();
        self.modified(path)
    }

    pub(crate) fn modified(&self, path: &str) -> SystemTime {
        fs::metadata(self.at(path)).unwrap().modified().unwrap()
    }

    /// All that lies below `folder`: files as `path: text`, links as `path -> target`, folders as `path/`.
    pub(crate) fn tree(&self, folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        list(&self.at(folder), "", &mut found);
        found.sort();
        found
    }
}

fn list(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.push(format!("{name}/"));
            list(&entry.path(), &format!("{name}/"), found);
        } else if kind.is_symlink() {
            found.push(format!("{name} -> {}", fs::read_link(entry.path()).unwrap().display()));
        } else if !kind.is_file() {
            found.push(format!("{name} (neither a file nor a folder nor a link)"));
        } else {
            found.push(format!("{name}: {}", String::from_utf8_lossy(&fs::read(entry.path()).unwrap())));
        }
    }
}
