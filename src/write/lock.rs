//! The lock file: one build at a time for one output folder.
//!
//! The lock is the operating system's, on a file beside the output, so a build that is killed lets go of it by dying.
//! Where a file can be told from another of the same name (Unix), the file goes when the build ends and a site's folder
//! stays tidy; elsewhere the empty file stays. A link, a pipe or a device in its place is refused, and a file that holds
//! something is locked as it is and not removed.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::memory::plain_file;

/// Held by a running build; dropped with it.
#[derive(Debug)]
pub(super) struct OutputLock {
    file: File,
    path: PathBuf,
}

impl OutputLock {
    /// Takes the lock on `path` for the folder `output`, or says that another build has it.
    pub(super) fn acquire(path: &Path, output: &Path) -> Result<Self, Failure> {
        loop {
            let file = plain_file::open(path, File::options().create(true).truncate(false).write(true));
            let file = file.map_err(|error| cannot_open(path, &error))?;
            match file.try_lock() {
                Ok(()) if is_same_file(&file, path) => return Ok(Self { file, path: path.to_owned() }),
                Ok(()) => {} // Its holder removed it between our opening and locking: take the next one.
                Err(TryLockError::WouldBlock) => return Err(already_locked(output)),
                Err(TryLockError::Error(error)) => {
                    return Err(Failure::io("lock", path, &error)
                        .help("choose a folder on a file system with file locks, with `--output`"));
                }
            }
        }
    }
}

impl Drop for OutputLock {
    fn drop(&mut self) {
        // Removed while it is still locked, so that nobody else can hold a file that has lost its name.
        let is_ours = self.file.metadata().is_ok_and(|found| found.len() == 0);
        if cfg!(unix) && is_ours && is_same_file(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path); // A file that stays does no harm.
        }
    }
}

fn cannot_open(path: &Path, error: &std::io::Error) -> Failure {
    let failure = Failure::io("open the lock file", path, error);
    match error.kind() {
        ErrorKind::InvalidInput => failure.help("remove it: Fingerpost makes an empty file there while it builds"),
        _ => failure,
    }
}

fn already_locked(output: &Path) -> Failure {
    Failure::new(format!("another build is publishing to {} at this moment", output.display()))
        .help("wait until it is done, or choose another folder with `--output`")
}

#[cfg(unix)]
fn is_same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |found: fs::Metadata| (found.dev(), found.ino());
    file.metadata().ok().map(identity) == fs::symlink_metadata(path).ok().map(identity)
}

#[cfg(not(unix))]
fn is_same_file(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;

    #[test]
    fn a_second_build_is_turned_away_until_the_first_is_done() {
        let dir = TestDir::new();
        let (path, output) = (dir.at(".public.lock"), dir.at("public"));
        let first = OutputLock::acquire(&path, &output).unwrap();
        let failure = OutputLock::acquire(&path, &output).unwrap_err();
        assert!(failure.message.starts_with("another build is publishing to "), "{failure}");
        drop(first);
        OutputLock::acquire(&path, &output).unwrap();
    }

    #[test]
    #[cfg(unix)]
    fn the_file_goes_with_the_build_and_a_dead_build_s_file_is_no_obstacle() {
        let dir = TestDir::new();
        dir.write(".public.lock", "");
        drop(OutputLock::acquire(&dir.at(".public.lock"), &dir.at("public")).unwrap());
        assert_eq!(dir.tree(""), [""; 0]);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_a_pipe_or_a_folder_in_its_place_is_refused_and_nothing_is_made() {
        let dir = TestDir::new();
        dir.write("file", "");
        dir.link("to-file", "file");
        dir.link("to-nothing", "made");
        dir.link("to-itself", "to-itself");
        dir.pipe("pipe");
        fs::create_dir(dir.at("folder")).unwrap();
        let before = dir.tree("");
        for name in ["to-file", "to-nothing", "to-itself", "pipe", "folder"] {
            let failure = OutputLock::acquire(&dir.at(name), &dir.at("public")).unwrap_err();
            assert!(failure.message.ends_with("no plain file"), "{failure}");
            assert!(failure.help.unwrap().starts_with("remove it"));
        }
        assert_eq!(dir.tree(""), before);
    }

    #[test]
    fn a_file_of_its_name_that_holds_something_stays() {
        let dir = TestDir::new();
        dir.write(".public.lock", "mine");
        drop(OutputLock::acquire(&dir.at(".public.lock"), &dir.at("public")).unwrap());
        assert_eq!(dir.tree(""), [".public.lock: mine"]);
    }

    #[test]
    fn of_many_builds_at_once_one_at_most_holds_the_lock() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let dir = TestDir::new();
        let (path, output) = (dir.at(".public.lock"), dir.at("public"));
        let holders = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        if let Ok(lock) = OutputLock::acquire(&path, &output) {
                            assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                            std::thread::yield_now();
                            holders.fetch_sub(1, Ordering::SeqCst);
                            drop(lock);
                        }
                    }
                });
            }
        });
    }
}
