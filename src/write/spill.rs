//! A file without a name beside the output, in which bytes wait; it goes with the build, however that ends.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::sync::Mutex;

use crate::failure::{Failure, NO_PANIC};
use crate::spill::Spill;

/// A file that is made when it is first needed.
#[derive(Debug)]
pub(crate) struct InFile {
    folder: PathBuf,
    file: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    file: File,
    end: u64,
}

impl InFile {
    /// A file in a folder that is there.
    pub(crate) fn below(folder: PathBuf) -> Self {
        Self { folder, file: Mutex::default() }
    }

    fn failure(&self, doing: &str, error: &io::Error) -> Failure {
        Failure::io(doing, &self.folder, error)
    }
}

impl Open {
    fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let start = self.end;
        self.file.seek(SeekFrom::Start(start))?;
        self.file.write_all(bytes)?;
        self.end += bytes.len() as u64;
        Ok(start)
    }

    fn read_at(&mut self, start: u64, into: &mut [u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(start))?;
        self.file.read_exact(into)
    }
}

impl Spill for InFile {
    fn append(&self, bytes: &[u8]) -> Result<u64, Failure> {
        let failure = |error| self.failure("write a temporary file in", &error);
        let mut file = self.file.lock().expect(NO_PANIC);
        let open = match &mut *file {
            Some(open) => open,
            none => none.insert(Open { file: tempfile::tempfile_in(&self.folder).map_err(failure)?, end: 0 }),
        };
        open.append(bytes).map_err(failure)
    }

    fn read_at(&self, start: u64, into: &mut [u8]) -> Result<(), Failure> {
        let mut file = self.file.lock().expect(NO_PANIC);
        let open = file.as_mut().expect("what is read was kept");
        open.read_at(start, into).map_err(|error| self.failure("read a temporary file in", &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;

    #[test]
    fn what_is_kept_comes_back_and_leaves_no_trace() {
        let dir = TestDir::new();
        let spill = InFile::below(dir.at(""));
        let starts = [&[1; 7_000][..], &[], &[2; 3]].map(|bytes| spill.append(bytes).unwrap());
        assert_eq!(starts, [0, 7_000, 7_000]);
        let mut bytes = [0; 4];
        spill.read_at(6_999, &mut bytes).unwrap();
        assert_eq!(bytes, [1, 2, 2, 2]);
        assert_eq!(spill.append(&[3]).unwrap(), 7_003);
        assert!(std::fs::read_dir(dir.at("")).unwrap().next().is_none());
    }

    #[test]
    fn a_folder_that_is_gone_is_named() {
        let dir = TestDir::new();
        let folder = dir.at("gone");
        let failure = InFile::below(folder.clone()).append(&[1]).unwrap_err();
        assert!(failure.message.starts_with(&format!("cannot write a temporary file in {}", folder.display())));
    }
}
