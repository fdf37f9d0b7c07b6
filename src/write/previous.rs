//! The previous output: what the output folder holds before a build, and whose it is.
//!
//! A regular file that the manifest lists is ours: a page that the site still has comes out right, whatever the file
//! holds by now. One that the site has no longer goes only if it holds what we wrote. All else is foreign: files, links,
//! and folders in which no file of ours is listed. Folders are entered, links are not, so nothing outside the output is
//! ever looked at.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::{MAIN_SEPARATOR_STR, Path, PathBuf};

use rayon::prelude::*;

use crate::failure::Failure;
use crate::memory::{Manifest, ManifestEntry, plain_file};

/// The folder below the output, and the files in it, in which earlier versions kept what they remembered, with their first words.
const FORMER_FOLDER: &str = ".fingerpost";
const FORMER_MEMORY: [(&str, &[u8]); 2] =
    [(".fingerpost/manifest", b"fingerpost manifest 1, "), (".fingerpost/trace", b"fingerpost trace ")];

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
    /// Whether an earlier version left what it remembered here; it is not carried over.
    pub(super) has_former_memory: bool,
}

impl PreviousOutput {
    /// Looks through the tree at `output`, of which `manifest` lists our files.
    pub(super) fn scan(output: &Path, manifest: &Manifest) -> Result<Self, Failure> {
        let folder = match fs::symlink_metadata(output) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            found => found.map_err(|e| Failure::io("look at the output folder", output, &e))?,
        };
        let our_folders = folders_of(manifest);
        let scan = Scan { output, manifest, our_folders: &our_folders, device: device(&folder) };
        let Entries { ours, mut files, mut folders } = scan.visit(Path::new(""))?;
        let listed = files.len();
        files.retain(|path| !is_former_memory(output, path));
        let has_former_memory = files.len() < listed;
        if has_former_memory && !files.iter().chain(&folders).any(|path| path.parent() == Some(FORMER_FOLDER.as_ref()))
        {
            folders.retain(|path| path != Path::new(FORMER_FOLDER));
        }
        Ok(Self {
            metadata: Some(folder),
            own_files: ours.into_iter().collect(),
            foreign_files: files.into_iter().collect(),
            foreign_folders: folders.into_iter().collect(),
            has_former_memory,
        })
    }

    /// Refuses a folder that holds foreign files, where no manifest shows that we have published there; `why` there is
    /// none.
    pub(super) fn require_own(&self, output: &Path, why: &str) -> Result<(), Failure> {
        if self.foreign_files.is_empty() {
            return Ok(());
        }
        let (files, output) = (counted(&self.foreign_files, 3), output.display());
        Err(Failure::new(format!("{output} holds {files} that Fingerpost does not know as its own: {why}")).help(
            "remove the folder if all in it is of earlier builds, or name another with `--output`; with `--force` the \
             site is published among them: they are kept, save where the site has a file at the very same path",
        ))
    }

    /// Refuses foreign files, which a build that is to be relied on does not publish.
    pub(super) fn require_no_foreign_files(&self, output: &Path) -> Result<(), Failure> {
        if self.foreign_files.is_empty() {
            return Ok(());
        }
        let (files, output) = (counted(&self.foreign_files, MAX_NAMES), output.display());
        let message = format!("cannot publish to {output}: it holds {files} that Fingerpost did not write");
        Err(Failure::new(message).help(
            "remove them, or keep them in `content`; with `--force` they are published as they are. A build with \
             `--strict`, or with `CI` in its environment, takes none along unasked",
        ))
    }
}

/// How many files a message names.
pub(super) const MAX_NAMES: usize = 5;

/// "3 files (a, b, …)", with as many of their names as are wanted.
pub(super) fn counted<'a>(files: impl IntoIterator<Item = &'a PathBuf>, max_names: usize) -> String {
    let mut names: Vec<_> = files.into_iter().map(|path| path.display().to_string()).collect();
    let count = names.len();
    if count > max_names {
        names.truncate(max_names);
        names.push("…".to_owned());
    }
    let files = if count == 1 { "a file".to_owned() } else { format!("{count} files") };
    format!("{files} ({})", names.join(", "))
}

/// Whether a foreign file is one in which an earlier version remembered something. No more of it is read than tells.
fn is_former_memory(output: &Path, path: &Path) -> bool {
    let former = FORMER_MEMORY.iter().find(|(name, _)| path == Path::new(name));
    former.is_some_and(|(_, title)| {
        let mut start = vec![0; title.len()];
        let file = plain_file::open(&output.join(path), File::options().read(true));
        file.and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *title
    })
}

/// All folders that hold a file of the manifest, directly or deeper.
fn folders_of(manifest: &Manifest) -> HashSet<&str> {
    let mut folders = HashSet::new();
    for mut path in manifest.files.keys().map(String::as_str) {
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
        } else {
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

    fn manifest(paths: &[&str]) -> Manifest {
        let entry = ManifestEntry { hash: blake3::hash(b""), size: 1 };
        Manifest { files: paths.iter().map(|&path| (path.to_owned(), entry)).collect() }
    }

    /// Scans a folder with these files (`/` at the end: folders) and says what is ours, and what is foreign.
    #[track_caller]
    fn check(files: &[&str], ours: &[&str], foreign: &[&str]) {
        let dir = TestDir::new();
        for file in files {
            match (file.strip_suffix('/'), file.split_once(" -> ")) {
                (Some(folder), _) => fs::create_dir_all(dir.at("public").join(folder)).unwrap(),
                (None, Some((link, target))) => dir.link(&format!("public/{link}"), target),
                (None, None) => dir.write(&format!("public/{file}"), "x"),
            }
        }
        let manifest = manifest(&["a/index.html", "a/gone.html"]);
        let previous = PreviousOutput::scan(&dir.at("public"), &manifest).unwrap();
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
        let previous = PreviousOutput::scan(&TestDir::new().at("public"), &manifest(&["a"])).unwrap();
        assert!(previous.metadata.is_none() && previous.own_files.is_empty());
    }

    #[test]
    fn foreign_files_are_refused_by_name() {
        let dir = TestDir::new();
        for name in ["a", "b", "c", "d", "e", "f"] {
            dir.write(&format!("out/{name}"), "");
        }
        let previous = PreviousOutput::scan(&dir.at("out"), &Manifest::default()).unwrap();
        let failure = previous.require_own(Path::new("out"), "nobody knows").unwrap_err();
        let expected = "out holds 6 files (a, b, c, …) that Fingerpost does not know as its own: nobody knows";
        assert_eq!(failure.message, expected);
        let help = failure.help.unwrap();
        assert!(help.contains("`--force`") && help.contains("`--output`"), "{help}");

        let failure = previous.require_no_foreign_files(Path::new("out")).unwrap_err();
        let expected = "cannot publish to out: it holds 6 files (a, b, c, d, e, …) that Fingerpost did not write";
        assert_eq!(failure.message, expected);
    }

    #[test]
    fn what_an_earlier_version_remembered_in_the_output_is_nobody_s() {
        let dir = TestDir::new();
        let scan = || PreviousOutput::scan(&dir.at("out"), &Manifest::default()).unwrap();
        dir.write("out/.fingerpost/manifest", "fingerpost manifest 1, 0 files\n");
        dir.write("out/.fingerpost/trace", "fingerpost trace 0.1.0\n\0");
        assert!(scan().has_former_memory && scan().foreign_files.is_empty() && scan().foreign_folders.is_empty());
        dir.write("out/.fingerpost/mine", "");
        dir.write("out/.fingerpost/manifest", "mine");
        let foreign = [".fingerpost/manifest", ".fingerpost/mine"].map(PathBuf::from);
        assert_eq!((scan().foreign_files, scan().foreign_folders), (foreign.into(), [".fingerpost".into()].into()));
        assert!(scan().has_former_memory, "the trace");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_or_a_pipe_in_its_place_is_foreign() {
        let dir = TestDir::new();
        dir.write("secret", "fingerpost trace ");
        dir.write("out/.fingerpost/a", "");
        dir.link("out/.fingerpost/trace", "../../secret");
        dir.pipe("out/.fingerpost/manifest");
        let previous = PreviousOutput::scan(&dir.at("out"), &Manifest::default()).unwrap();
        assert!(!previous.has_former_memory && previous.foreign_files.len() == 3);
    }
}
