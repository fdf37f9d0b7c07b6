//! The previous output: what the output folder holds before a build, and whose it is.
//!
//! A regular file that the manifest lists is ours, whatever it holds by now: a page that is taken back must go even
//! if some other program has touched it. All else is foreign: files, links, and folders in which no file of ours is
//! listed. Folders are entered, links are not, so nothing outside the output is ever looked at.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{MAIN_SEPARATOR_STR, Path, PathBuf};

use rayon::prelude::*;

use super::manifest::{self, Manifest, ManifestEntry};
use crate::failure::Failure;
use crate::hash::Hash;

/// What the last build published, and what others put beside it.
#[derive(Debug, Default)]
pub(super) struct PreviousOutput {
    /// The folder itself; absent if there is none.
    pub(super) metadata: Option<Metadata>,
    /// Our files that are still there, with what was in them when they were written.
    pub(super) own_files: BTreeMap<String, ManifestEntry>,
    /// Foreign files and links, by path below the output.
    pub(super) foreign_files: BTreeSet<PathBuf>,
    /// Foreign folders, empty or not; a folder comes before those inside it.
    pub(super) foreign_folders: BTreeSet<PathBuf>,
    /// How many files the manifest lists, be they there or not.
    pub(super) manifest_len: Option<usize>,
    /// The hash of the manifest itself.
    pub(super) manifest_hash: Option<u64>,
    /// Why there is no manifest to go by.
    pub(super) missing_manifest: Option<String>,
}

impl PreviousOutput {
    /// Looks through the tree at `output`.
    pub(super) fn scan(output: &Path) -> Result<Self, Failure> {
        let folder = match fs::symlink_metadata(output) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            found => found.map_err(|e| Failure::io("look at the output folder", output, &e))?,
        };
        let (manifest, manifest_hash, missing_manifest) = match read_manifest(output) {
            Ok((manifest, hash)) => (manifest, Some(hash), None),
            Err(why) => (Manifest::default(), None, Some(why)),
        };
        let our_folders = folders_of(&manifest);
        let scan = Scan { output, manifest: &manifest, our_folders: &our_folders, device: device(&folder) };
        let Entries { ours, files, folders } = scan.visit(Path::new(""))?;
        Ok(Self {
            metadata: Some(folder),
            own_files: ours.into_iter().collect(),
            foreign_files: files.into_iter().collect(),
            foreign_folders: folders.into_iter().collect(),
            manifest_len: missing_manifest.is_none().then_some(manifest.files.len()),
            manifest_hash,
            missing_manifest,
        })
    }

    /// Refuses a folder that holds foreign files and no manifest, the sign that we have published there.
    pub(super) fn require_manifest(&self, output: &Path) -> Result<(), Failure> {
        let Some(why) = &self.missing_manifest else { return Ok(()) };
        if self.foreign_files.is_empty() {
            return Ok(());
        }
        let mut names: Vec<_> = self.foreign_files.iter().take(3).map(|path| path.display().to_string()).collect();
        if self.foreign_files.len() > names.len() {
            names.push("…".to_owned());
        }
        let (count, names) = (self.foreign_files.len(), names.join(", "));
        let files = if count == 1 { "a file".to_owned() } else { format!("{count} files") };
        let output = output.display();
        Err(Failure::new(format!("{output} holds {files} that Fingerpost did not write ({names}), and {why}")).help(
            "name another folder with `--output`, or publish among them with `--force`: \
             they are kept, save where the site has a file at the very same path",
        ))
    }
}

/// The manifest of the tree with its hash, or why there is none.
fn read_manifest(output: &Path) -> Result<(Manifest, u64), String> {
    let path = output.join(manifest::PATH);
    let cannot = |why: String| format!("its mark of an earlier build, {}, cannot be read: {why}", manifest::PATH);
    match fs::read_to_string(&path) {
        Ok(text) => Ok((Manifest::parse(&text).map_err(cannot)?, Hash::of(text.as_bytes()).value())),
        Err(error) if error.kind() == ErrorKind::NotFound => Err("no mark of an earlier build".to_owned()),
        Err(error) => Err(cannot(error.to_string())),
    }
}

/// All folders that hold a file of the manifest, directly or deeper.
fn folders_of(manifest: &Manifest) -> HashSet<&str> {
    let mut folders = HashSet::new();
    for mut path in manifest.files.keys().map(String::as_str).chain([manifest::PATH]) {
        while let Some((folder, _)) = path.rsplit_once('/') {
            if !folders.insert(folder) {
                break;
            }
            path = folder;
        }
    }
    folders
}

struct Scan<'a> {
    output: &'a Path,
    manifest: &'a Manifest,
    our_folders: &'a HashSet<&'a str>,
    device: u64,
}

/// What a folder was found to hold.
#[derive(Default)]
struct Entries {
    ours: Vec<(String, ManifestEntry)>,
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Scan<'_> {
    /// Looks into a folder, and on all cores into those inside it.
    fn visit(&self, folder: &Path) -> Result<Entries, Failure> {
        let here = self.output.join(folder);
        let reading = |error: io::Error| Failure::io("read the folder", &here, &error);
        let mut tree = Entries::default();
        let mut inside = Vec::new();
        for entry in fs::read_dir(&here).map_err(reading)? {
            let entry = entry.map_err(reading)?;
            let kind = entry.file_type().map_err(reading)?;
            let path = folder.join(entry.file_name());
            if !kind.is_dir() {
                self.file(path, kind.is_file(), &mut tree);
            } else if device(&entry.metadata().map_err(reading)?) == self.device {
                inside.push(path);
            } else {
                return Err(mount_point(&entry.path()));
            }
        }
        for below in inside.par_iter().map(|path| self.visit(path)).collect::<Result<Vec<Entries>, _>>()? {
            tree.ours.extend(below.ours);
            tree.files.extend(below.files);
            tree.folders.extend(below.folders);
        }
        let is_ours = |path: &PathBuf| manifest_path(path).is_some_and(|key| self.our_folders.contains(key.as_str()));
        tree.folders.extend(inside.into_iter().filter(|path| !is_ours(path)));
        Ok(tree)
    }

    fn file(&self, path: PathBuf, is_regular: bool, tree: &mut Entries) {
        let key = manifest_path(&path).filter(|_| is_regular).unwrap_or_default();
        if let Some(&entry) = self.manifest.files.get(&key) {
            tree.ours.push((key, entry));
        } else if key != manifest::PATH && key != manifest::TRACE {
            // The manifest does not list itself: it and what a build remembers are ours by their names.
            tree.files.push(path);
        }
    }
}

/// The path as the manifest spells it; a name that is not Unicode is in no manifest.
pub(super) fn manifest_path(path: &Path) -> Option<String> {
    let path = path.to_str()?;
    Some(if MAIN_SEPARATOR_STR == "/" { path.to_owned() } else { path.replace(MAIN_SEPARATOR_STR, "/") })
}

/// A folder of another file system can be neither carried over nor moved.
pub(super) fn mount_point(path: &Path) -> Failure {
    Failure::new(format!("cannot publish around {}: another file system is mounted there", path.display()))
        .help("mount it elsewhere, or choose another folder with `--output`")
}

#[cfg(unix)]
fn device(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::dev(found)
}

#[cfg(not(unix))]
fn device(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;

    const MARK: &str = "fingerpost manifest 1, 2 files\n0 1 a/index.html\n0 1 a/gone.html\n";

    /// Scans a folder with these files (`/` at the end: folders) and says what is ours, and what is foreign.
    #[track_caller]
    fn check(files: &[&str], ours: &[&str], foreign: &[&str]) {
        let dir = TestDir::new();
        dir.write("public/.fingerpost/manifest", MARK);
        for file in files {
            match (file.strip_suffix('/'), file.split_once(" -> ")) {
                (Some(folder), _) => fs::create_dir_all(dir.at("public").join(folder)).unwrap(),
                (None, Some((link, target))) => dir.link(&format!("public/{link}"), target),
                (None, None) => dir.write(&format!("public/{file}"), "x"),
            }
        }
        let previous = PreviousOutput::scan(&dir.at("public")).unwrap();
        assert_eq!(previous.own_files.keys().collect::<Vec<_>>(), ours);
        let folders = previous.foreign_folders.iter().map(|path| format!("{}/", manifest_path(path).unwrap()));
        let all: Vec<_> =
            folders.chain(previous.foreign_files.iter().map(|path| manifest_path(path).unwrap())).collect();
        assert_eq!(all, foreign);
    }

    #[test]
    fn what_the_manifest_lists_is_ours_and_its_folders_are_too() {
        check(&["a/index.html"], &["a/index.html"], &[]);
        check(&["a/"], &[], &[]);
    }

    #[test]
    fn all_else_is_foreign() {
        check(&["a/note.txt", "b/c/", "top.txt"], &[], &["b/", "b/c/", "a/note.txt", "top.txt"]);
        check(&[".fingerpost/other"], &[], &[".fingerpost/other"]);
    }

    #[test]
    fn a_folder_where_our_file_was_is_foreign() {
        check(&["a/index.html/inside"], &[], &["a/index.html/", "a/index.html/inside"]);
    }

    #[test]
    #[cfg(unix)]
    fn links_are_foreign_and_not_followed() {
        check(&["a/", "a/index.html -> ../../secret", "l -> .."], &[], &["a/index.html", "l"]);
    }

    #[test]
    fn no_folder_at_all_is_fine() {
        let previous = PreviousOutput::scan(&TestDir::new().at("public")).unwrap();
        assert!(previous.metadata.is_none() && previous.missing_manifest.is_none());
    }

    #[test]
    fn foreign_files_without_a_mark_are_refused_by_name() {
        let dir = TestDir::new();
        for name in ["a", "b", "c", "d"] {
            dir.write(&format!("out/{name}"), "");
        }
        let failure = PreviousOutput::scan(&dir.at("out")).unwrap().require_manifest(Path::new("out")).unwrap_err();
        let expected = "out holds 4 files that Fingerpost did not write (a, b, c, …), and no mark of an earlier build";
        assert_eq!(failure.message, expected);
        let help = failure.help.unwrap();
        assert!(help.contains("`--force`") && help.contains("`--output`"), "{help}");
    }

    #[test]
    fn a_damaged_mark_is_no_mark() {
        let dir = TestDir::new();
        dir.write("out/.fingerpost/manifest", "fingerpost manifest 1, 3 files\n");
        let previous = PreviousOutput::scan(&dir.at("out")).unwrap();
        previous.require_manifest(Path::new("out")).unwrap();
        dir.write("out/a", "");
        let failure = PreviousOutput::scan(&dir.at("out")).unwrap().require_manifest(Path::new("out")).unwrap_err();
        assert_eq!(
            failure.message,
            "out holds a file that Fingerpost did not write (a), and its mark of an earlier build, \
             .fingerpost/manifest, cannot be read: it is not whole"
        );
    }
}
