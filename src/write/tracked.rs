//! Whether git tracks what lies in the output folder.
//!
//! A folder that is committed comes with whatever its authors put into it, so a build that is to be relied on must not
//! publish into it. Git's index says which files are tracked. It is read here and git is not asked, since settings of a
//! repository can make git run programs. The format: <https://git-scm.com/docs/index-format>, versions 2 to 4. An index
//! that is damaged or in a form that is not known here (a newer version) is an error: nobody can tell then.
//!
//! Any folder above can be the one of a work tree, also above another: a `.git` in which there is no index, be it an
//! empty folder that somebody put there, tells nothing of those further up.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::failure::INFALLIBLE;
use crate::memory::plain_file;

/// The lengths of object names: SHA-1, and SHA-256 in repositories that were made for it.
const NAME_LENGTHS: [usize; 2] = [20, 32];

/// A path longer than this is of no file system.
const MAX_PATH: u64 = 64 * 1024;

/// The most bytes of an index that are read; one of a million files has some hundred megabytes.
const MAX_INDEX: u64 = 1024 * 1024 * 1024;

/// The most bytes of a `.git` that says where the git directory is.
const MAX_LINK: u64 = 64 * 1024;

/// A file in the folder `output`, a path without links, that git tracks; its path is below the work tree. None if git
/// tracks none, or the folder is in no work tree.
pub(super) fn tracked_file(output: &Path) -> io::Result<Option<String>> {
    for top in output.ancestors().filter(|folder| fs::symlink_metadata(folder.join(".git")).is_ok()) {
        if let Some(file) = tracked_of(top, output)? {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// A file in the folder `output` that is tracked in the work tree `top`, if that is one.
fn tracked_of(top: &Path, output: &Path) -> io::Result<Option<String>> {
    let below = output.strip_prefix(top).map_err(io::Error::other)?;
    let parts: Vec<_> = below.iter().map(OsStr::as_encoded_bytes).collect();
    let folder = parts.join(&b'/');
    let git_dir = git_dir(top)?;
    if matches!(fs::symlink_metadata(git_dir.join("index")), Err(error) if error.kind() == ErrorKind::NotFound) {
        return Ok(None);
    }
    let mut wrong = None;
    for name_length in NAME_LENGTHS {
        match search(&git_dir, "index", name_length, &folder) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                wrong = wrong.or_else(|| Some(damaged("it ends too early")));
            }
            Err(error) => wrong = wrong.or(Some(error)),
            found => return found,
        }
    }
    wrong.map_or(Ok(None), Err)
}

/// Where git keeps what this work tree has of its own. In a linked work tree or a submodule, `.git` is a file that says
/// where.
fn git_dir(top: &Path) -> io::Result<PathBuf> {
    let dot = top.join(".git");
    if fs::metadata(&dot)?.is_dir() {
        return Ok(dot);
    }
    let text = plain_file::read(&dot, MAX_LINK)?;
    let text = String::from_utf8(text).map_err(io::Error::other)?;
    let path = text.strip_prefix("gitdir:").ok_or_else(|| damaged("`.git` does not say where it is"))?;
    Ok(top.join(path.trim()))
}

/// The first path of an index that lies in the folder, if names of objects have this length.
fn search(git_dir: &Path, file: &str, name_length: usize, folder: &[u8]) -> io::Result<Option<String>> {
    let index = plain_file::open(&git_dir.join(file), File::options().read(true))?;
    let size = index.metadata()?.len();
    if size > MAX_INDEX {
        return Err(damaged("it is larger than any that is read"));
    }
    let mut index = BufReader::new(index).take(size);
    if array(&mut index)? != *b"DIRC" {
        return Err(damaged("it does not begin as one"));
    }
    let version = u32::from_be_bytes(array(&mut index)?);
    if !(2..=4).contains(&version) {
        return Err(damaged("its version is not known here"));
    }
    let mut path = Vec::new();
    let mut has_empty = false;
    for _ in 0..u32::from_be_bytes(array(&mut index)?) {
        next_path(&mut index, version, name_length, &mut path)?;
        has_empty |= path.is_empty();
        if is_in(&path, folder) {
            return Ok(Some(String::from_utf8_lossy(&path).into_owned()));
        }
    }
    let shared = shared_index(&mut index, name_length)?;
    // Where it is split, an entry without a path stands in for one of the other file.
    if has_empty && shared.is_none() {
        return Err(damaged("a path is empty"));
    }
    match shared {
        // An index that is split has the rest in another file. One of its files may be untracked since; that is rare.
        Some(name) if file == "index" => search(git_dir, &format!("sharedindex.{name}"), name_length, folder),
        _ => Ok(None),
    }
}

/// Reads an entry, of which `path` is kept; it holds the path of the entry before.
fn next_path(index: &mut impl BufRead, version: u32, name_length: usize, path: &mut Vec<u8>) -> io::Result<()> {
    const TIMES_AND_SUCH: usize = 40;
    const EXTENDED: u16 = 0x4000;
    const LENGTH: u16 = 0x0fff;
    skip(index, TIMES_AND_SUCH + name_length)?;
    let flags = u16::from_be_bytes(array(index)?);
    let mut size = TIMES_AND_SUCH + name_length + 2;
    if flags & EXTENDED != 0 {
        skip(index, 2)?;
        size += 2;
    }
    if version == 4 {
        let stripped = variable_length(index)?;
        let kept = path.len().checked_sub(stripped).ok_or_else(|| damaged("a path is damaged"))?;
        path.truncate(kept);
    } else {
        path.clear();
    }
    index.by_ref().take(MAX_PATH).read_until(0, path)?;
    if path.pop() != Some(0) {
        return Err(damaged("a path has no end"));
    }
    if version < 4 {
        // One to eight zeros end an entry, at a multiple of eight; one of them is read.
        size += path.len();
        skip(index, 8 - size % 8 - 1)?;
    }
    let length = usize::from(flags & LENGTH);
    if length == path.len() || length == usize::from(LENGTH) { Ok(()) } else { Err(damaged("a path is damaged")) }
}

/// The name of the index that this one shares entries with, from the extensions after the entries, which are followed by
/// a checksum and nothing more.
fn shared_index(index: &mut io::Take<impl BufRead>, name_length: usize) -> io::Result<Option<String>> {
    let mut shared = None;
    while index.limit() > name_length as u64 {
        let signature: [u8; 4] = array(index)?;
        let size = u64::from(u32::from_be_bytes(array(index)?));
        if !signature.iter().all(u8::is_ascii_alphanumeric) || index.limit() < size + name_length as u64 {
            return Err(damaged("what follows its paths is damaged"));
        }
        let after = index.limit() - size;
        if signature == *b"link" {
            let mut name = vec![0; name_length];
            index.read_exact(&mut name)?;
            let mut digits = String::new();
            for byte in &name {
                write!(digits, "{byte:02x}").expect(INFALLIBLE);
            }
            shared = name.iter().any(|&byte| byte != 0).then_some(digits);
        }
        let rest = index.limit().checked_sub(after).ok_or_else(|| damaged("what follows its paths is damaged"))?;
        io::copy(&mut index.by_ref().take(rest), &mut io::sink())?;
    }
    if index.limit() == name_length as u64 { Ok(shared) } else { Err(damaged("it ends before its checksum")) }
}

/// A number in git's variable-length encoding of offsets.
fn variable_length(index: &mut impl Read) -> io::Result<usize> {
    let too_large = || damaged("a number is too large");
    let mut number = 0_usize;
    loop {
        let [byte] = array(index)?;
        let high = number.checked_mul(128).ok_or_else(too_large)?;
        number = high.checked_add(usize::from(byte & 0x7f)).ok_or_else(too_large)?;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
        number = number.checked_add(1).ok_or_else(too_large)?;
    }
}

fn array<const N: usize>(index: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    index.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(index: &mut impl Read, count: usize) -> io::Result<()> {
    let mut bytes = [0; 128];
    index.read_exact(bytes.get_mut(..count).ok_or_else(|| damaged("an entry is too long"))?)
}

fn is_in(path: &[u8], folder: &[u8]) -> bool {
    // These systems take both spellings for the same folder.
    let same =
        |a: &[u8], b: &[u8]| if cfg!(any(windows, target_os = "macos")) { a.eq_ignore_ascii_case(b) } else { a == b };
    if folder.is_empty() {
        return true;
    }
    match path.split_at_checked(folder.len()) {
        Some((start, rest)) => same(start, folder) && rest.first().is_none_or(|&byte| byte == b'/'),
        // An index that is sparse has a folder of which nothing is checked out as one entry.
        None => path.ends_with(b"/") && folder.get(..path.len()).is_some_and(|start| same(path, start)),
    }
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("git's index cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;
    use crate::read::test_dir::TestDir;

    #[track_caller]
    fn git(dir: &TestDir, folder: &str, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(dir.at(folder)).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]);
        git.args(["-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"]).args(arguments);
        git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
        git.stdout(Stdio::null()).stderr(Stdio::null());
        assert!(git.status().unwrap().success(), "git {arguments:?}");
    }

    /// Tracks `files` and some others in a repository that `arguments` of `git init` make, does `more` with git, and asks
    /// for the folder `kb/public`.
    #[track_caller]
    fn check(init: &[&str], files: &[&str], more: &[&[&str]], expected: Option<&str>) {
        let dir = TestDir::new();
        for file in ["kb/a", "kb/content/index.md", "kb/publican/a", "kb/public.html", "z"].iter().chain(files) {
            dir.write(file, "");
        }
        git(&dir, "", &[&["init"], init].concat());
        git(&dir, "", &["add", "--force", "."]);
        for arguments in more {
            git(&dir, "", arguments);
        }
        assert_eq!(tracked_file(&dir.at("kb/public")).unwrap().as_deref(), expected, "{init:?} {more:?}");
    }

    #[test]
    fn a_folder_is_tracked_if_a_file_in_it_is() {
        check(&[], &[], &[], None);
        check(&[], &["kb/public/deep/x.html"], &[], Some("kb/public/deep/x.html"));
        check(&[], &["kb/public/a"], &[&["rm", "--cached", "-r", "kb/public"]], None);
    }

    #[test]
    fn a_number_that_is_too_large_is_no_panic() {
        let largest: Vec<u8> = [&[0x80][..], &[0xfe; 8], &[0xff, 0]].concat();
        let error = variable_length(&mut largest.as_slice()).unwrap_err();
        assert!(error.to_string().ends_with("a number is too large"), "{error}");
        assert_eq!(variable_length(&mut &[0x80, 0x7f][..]).unwrap(), 255);
    }

    #[test]
    fn every_form_of_an_index_is_read() {
        let tracked = ["kb/public/a", "kb/public/b"];
        for version in ["2", "3", "4"] {
            let form: &[&[&str]] = &[&["update-index", "--index-version", version]];
            check(&[], &tracked, form, Some("kb/public/a"));
            check(&[], &[], form, None);
            check(&["--object-format=sha256"], &tracked, form, Some("kb/public/a"));
            check(&["--object-format=sha256"], &[], form, None);
        }
        let split: &[&[&str]] = &[&["update-index", "--split-index"], &["rm", "--cached", "z"]];
        check(&[], &tracked, split, Some("kb/public/a"));
        check(&[], &[], split, None);
        let later: &[&[&str]] = &[&["rm", "--cached", "kb/a"], &["add", "--intent-to-add", "kb/a"]];
        check(&[], &tracked, later, Some("kb/public/a"));
    }

    #[test]
    fn a_sparse_index_tells_of_folders() {
        assert!(is_in(b"kb/", b"kb/public"));
        assert!(is_in(b"kb/public/", b"kb/public"));
        assert!(!is_in(b"kb", b"kb/public"));
        assert!(!is_in(b"kb/pub/", b"kb/public"));
    }

    #[test]
    fn work_trees_of_any_kind_are_known_and_other_folders_have_no_files() {
        let dir = TestDir::new();
        dir.write("main/public/a", "");
        dir.write("main/b", "");
        dir.write("none/public/a", "");
        assert_eq!(tracked_file(&dir.at("none/public")).unwrap(), None);
        git(&dir, "main", &["init"]);
        assert_eq!(tracked_file(&dir.at("main/public")).unwrap(), None, "there is no index yet");
        git(&dir, "main", &["add", "."]);
        git(&dir, "main", &["commit", "-m", "a"]);
        git(&dir, "main", &["worktree", "add", "../linked"]);
        for output in ["main/public", "linked/public"] {
            assert_eq!(tracked_file(&dir.at(output)).unwrap().as_deref(), Some("public/a"), "{output}");
        }
        assert_eq!(tracked_file(&dir.at("main")).unwrap().as_deref(), Some("b"));
        assert_eq!(tracked_file(&dir.at("linked/elsewhere")).unwrap(), None);
    }

    #[test]
    fn an_index_that_is_none_is_an_error_and_never_waited_for() {
        let dir = TestDir::new();
        let index = |bytes: &[u8]| {
            dir.write("kb/.git/index", bytes);
            tracked_file(&dir.at("kb/public")).unwrap_err();
        };
        index(b"");
        index(b"DIRC\0\0\0\x02\0\0\0\0");
        for zeros in [1, 19, 21, 1000] {
            index(&[&b"DIRC\0\0\0\x02\0\0\0\0"[..], &vec![0; zeros]].concat());
            index(&[&b"DIRC\0\0\0\x02\0\0\0\x01"[..], &vec![0; zeros]].concat());
        }
        index(b"DIRC\0\0\0\x09\0\0\0\x01");
        index(b"DIRC\0\0\0\x04\0\0\0\x01");
        index(&[&b"DIRC\0\0\0\x04\xff\xff\xff\xff"[..], &[0xff; 3000]].concat());
        #[cfg(unix)]
        {
            fs::remove_file(dir.at("kb/.git/index")).unwrap();
            dir.pipe("kb/.git/index");
            tracked_file(&dir.at("kb/public")).unwrap_err();
            fs::remove_dir_all(dir.at("kb/.git")).unwrap();
            dir.pipe("kb/.git");
            tracked_file(&dir.at("kb/public")).unwrap_err();
            fs::remove_file(dir.at("kb/.git")).unwrap();
        }
        dir.write("kb/.git", "nothing");
        tracked_file(&dir.at("kb/public")).unwrap_err();
    }

    #[test]
    fn what_is_no_repository_hides_none() {
        let dir = TestDir::new();
        dir.write("kb/public/a", "");
        git(&dir, "", &["init"]);
        git(&dir, "", &["add", "."]);
        for hiding in ["kb/public/.git", "kb/.git"] {
            fs::create_dir(dir.at(hiding)).unwrap();
            assert_eq!(tracked_file(&dir.at("kb/public")).unwrap().as_deref(), Some("kb/public/a"), "{hiding}");
        }
        fs::remove_dir(dir.at("kb/.git")).unwrap();
        git(&dir, "kb", &["init"]);
        assert_eq!(tracked_file(&dir.at("kb/public")).unwrap().as_deref(), Some("kb/public/a"));
    }
}
