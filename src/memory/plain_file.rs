//! A file that we look for at a place where anybody may have put something else.
//!
//! A link would lead elsewhere, opening a pipe would wait for whoever writes into it, and a device is no file at all:
//! each is refused, without waiting and without anything being made where it leads.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

/// Opens the plain file at `path`, or makes it where `options` say so and nothing is there.
pub(crate) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => return Err(not_plain()),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // What was seen may be another by now.
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_plain()) }
}

/// What the plain file at `path` holds, if that is not more than `max` bytes.
pub(crate) fn read(path: &Path, max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path, File::options().read(true))?.take(max.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 <= max { Ok(bytes) } else { Err(ErrorKind::FileTooLarge.into()) }
}

fn not_plain() -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, "it is a link, a folder, a pipe or a device, and no plain file")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;

    #[test]
    fn a_plain_file_is_read_up_to_its_limit_or_made() {
        let dir = TestDir::new();
        dir.write("file", "four");
        assert_eq!(read(&dir.at("file"), 4).unwrap(), b"four");
        assert_eq!(read(&dir.at("file"), 3).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(read(&dir.at("missing"), 3).unwrap_err().kind(), ErrorKind::NotFound);
        open(&dir.at("new"), File::options().create(true).truncate(false).write(true)).unwrap();
        assert_eq!(dir.tree(""), ["file: four", "new: "]);
    }

    #[test]
    #[cfg(unix)]
    fn links_pipes_folders_and_devices_are_refused_at_once() {
        let dir = TestDir::new();
        dir.write("file", "secret");
        dir.write("folder/file", "");
        dir.link("link", "file");
        dir.link("dangling", "made");
        dir.link("device", "/dev/zero");
        dir.pipe("pipe");
        for path in [dir.at("folder"), dir.at("link"), dir.at("dangling"), dir.at("device"), dir.at("pipe")]
            .into_iter()
            .chain(["/dev/zero".into()])
        {
            assert_eq!(read(&path, 9).unwrap_err().kind(), ErrorKind::InvalidInput, "{}", path.display());
            let made = open(&path, File::options().create(true).truncate(false).write(true));
            assert_eq!(made.unwrap_err().kind(), ErrorKind::InvalidInput, "{}", path.display());
        }
        assert!(!dir.at("made").exists());
    }
}
