//! A folder for one test, removed with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

/// A temporary folder; paths below it are given with `/`.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("fingerpost-write-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), text).unwrap();
    }

    /// A symbolic link at `path`; where there are none, the folder's tests of links say nothing.
    pub(super) fn link(&self, path: &str, to: &str) {
        #[cfg(unix)]
        std::os::unix::fs::symlink(to, self.at(path)).unwrap();
        #[cfg(not(unix))]
        let _ = (path, to);
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    /// Gives a file a time of its own, an hour ago, and returns it.
    pub(super) fn age(&self, path: &str) -> SystemTime {
        let then = SystemTime::now() - Duration::from_secs(3600);
        fs::File::options().write(true).open(self.at(path)).unwrap().set_modified(then).unwrap();
        self.modified(path)
    }

    pub(super) fn modified(&self, path: &str) -> SystemTime {
        fs::metadata(self.at(path)).unwrap().modified().unwrap()
    }

    /// All that lies below `folder`: files as `path: text`, links as `path -> target`, folders as `path/`.
    pub(super) fn tree(&self, folder: &str) -> Vec<String> {
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
        } else {
            found.push(format!("{name}: {}", String::from_utf8_lossy(&fs::read(entry.path()).unwrap())));
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
