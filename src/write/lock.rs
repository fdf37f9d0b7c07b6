//! The lock file: one build at a time for one output folder.
//!
//! The lock is the operating system's, on a file beside the output, so a build that is killed lets go of it by dying.
//! It says which process holds it, so that the next build knows the folders that a killed one left; no other folder is
//! taken for one, whatever it is called. Where a file can be told from another of the same name (Unix), the file goes
//! when the build ends and a site's folder stays tidy; elsewhere the empty file stays. A link, a pipe or a device in its
//! place is refused, and a file that holds something else is locked as it is and not removed.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::memory::plain_file;

/// Held by a running build; dropped with it.
#[derive(Debug)]
pub(super) struct OutputLock {
    file: File,
    path: PathBuf,
    /// The process that held it and was killed.
    pub(super) left_by: Option<u32>,
    /// The folder of this build that has to be removed by the next one, should it still be there at the end.
    folder: Option<PathBuf>,
}

/// What stands in the file before the number of the process.
const TITLE: &str = "fingerpost build ";

impl OutputLock {
    /// Takes the lock on `path` for the folder `output`, or says that another build has it.
    pub(super) fn acquire(path: &Path, output: &Path) -> Result<Self, Failure> {
        loop {
            let file = plain_file::open(path, File::options().create(true).truncate(false).read(true).write(true));
            let file = file.map_err(|error| cannot_open(path, &error))?;
            match file.try_lock() {
                Ok(()) if is_same_file(&file, path) => {
                    let left_by = process(&file);
                    return Ok(Self { file, path: path.to_owned(), left_by, folder: None });
                }
                Ok(()) => {} // Its holder removed it between our opening and locking: take the next one.
                Err(TryLockError::WouldBlock) => return Err(already_locked(output)),
                Err(TryLockError::Error(error)) => {
                    return Err(Failure::io("lock", path, &error)
                        .help("choose a folder on a file system with file locks, with `--output`"));
                }
            }
        }
    }

    /// Says that this process fills `folder`, unless somebody else's file is in its place. What a killed build left has to
    /// be gone.
    pub(super) fn claim(&mut self, folder: &Path) -> io::Result<()> {
        if self.left_by.is_none() && self.file.metadata()?.len() > 0 {
            return Ok(());
        }
        let text = format!("{TITLE}{}\n", std::process::id());
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())?;
        self.file.set_len(text.len() as u64)?;
        self.folder = Some(folder.to_owned());
        Ok(())
    }
}

impl Drop for OutputLock {
    fn drop(&mut self) {
        let is_done = match &self.folder {
            Some(folder) => fs::symlink_metadata(folder).is_err(),
            None => self.file.metadata().is_ok_and(|found| found.len() == 0),
        };
        if !is_done {
            return;
        }
        let _ = self.file.set_len(0); // Where the file stays, it does no harm.
        // Removed while it is still locked, so that nobody else can hold a file that has lost its name.
        if cfg!(unix) && is_same_file(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The process that a lock file names, if it is one of ours.
fn process(file: &File) -> Option<u32> {
    let mut text = String::new();
    file.take(64).read_to_string(&mut text).ok()?;
    text.strip_prefix(TITLE)?.strip_suffix('\n')?.parse().ok()
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
    fn a_killed_build_is_known_by_its_process_until_its_folder_is_gone() {
        let dir = TestDir::new();
        let (path, output) = (dir.at(".public.lock"), dir.at("public"));
        dir.write(".public.lock", "fingerpost build 12\n");
        let lock = OutputLock::acquire(&path, &output).unwrap();
        assert_eq!(lock.left_by, Some(12));
        drop(lock);
        assert_eq!(dir.read(".public.lock"), "fingerpost build 12\n");

        dir.write("folder/a", "");
        OutputLock::acquire(&path, &output).unwrap().claim(&dir.at("folder")).unwrap();
        let mut lock = OutputLock::acquire(&path, &output).unwrap();
        assert_eq!(lock.left_by, Some(std::process::id()));
        lock.claim(&dir.at("gone")).unwrap();
        drop(lock);
        assert_eq!(OutputLock::acquire(&path, &output).unwrap().left_by, None);

        for text in ["mine", "fingerpost build ", "fingerpost build 12", "fingerpost build -1\n"] {
            dir.write(".public.lock", text);
            let mut lock = OutputLock::acquire(&path, &output).unwrap();
            assert_eq!(lock.left_by, None, "{text:?}");
            lock.claim(&dir.at("folder")).unwrap();
            drop(lock);
            assert_eq!(dir.read(".public.lock"), text);
        }
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
