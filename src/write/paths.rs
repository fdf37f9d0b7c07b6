//! Where the site is to be published, refused where that would cost somebody's work; and the names beside it.
//!
//! A wrong `--output` is the one way in which a site generator destroys what it was given, so the folder is settled
//! before anything else: symbolic links on the way to it and `..` are resolved first, then it is compared with the
//! site's own folders. An output that is itself a link is refused: an exchange would replace the link, and what
//! it points to would silently stay as it was.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf, absolute};

use super::Target;
use crate::failure::Failure;
use crate::memory;

/// The folders of a site that hold its author's work, and the one that holds what builds remember.
const TAKEN: [&str; 3] = ["content", "themes", memory::FOLDER];

/// The paths of a publication: the output folder, which is nobody else's, whether it exists or not, and what lies
/// beside it.
#[derive(Debug)]
pub(super) struct OutputPaths {
    /// The site's root, without links.
    pub(super) root: PathBuf,
    /// The output folder, without links.
    pub(super) output: PathBuf,
    /// The folder that it lies in; this one is not compared with anything, but things are put into it.
    pub(super) parent: PathBuf,
    /// The output folder's name.
    name: OsString,
}

impl OutputPaths {
    /// Resolves the paths of `target`, or says why the site must not be published there. Creates nothing.
    pub(super) fn resolve(target: &Target) -> Result<Self, Failure> {
        let root = fs::canonicalize(&target.root).map_err(|e| Failure::io("find the site", &target.root, &e))?;
        let output = resolve_output(&target.output)?;
        if let Some(reason) = overlap(&root, &output) {
            return Err(refusal(&target.output, &reason));
        }
        let (Some(parent), Some(name)) = (output.parent(), output.file_name()) else {
            return Err(refusal(&target.output, "it is the root of the file system"));
        };
        Ok(Self { root, parent: parent.to_owned(), name: name.to_owned(), output })
    }

    /// The staging directory of a process: a hidden sibling, hence on the same file system. It is half filled, or holds
    /// the previous tree after the exchange.
    pub(super) fn staging(&self, process: u32) -> PathBuf {
        self.sibling(&format!("-{process}"))
    }

    /// Where a process moves the published tree while two renames stand in for an atomic exchange.
    pub(super) fn backup(&self, process: u32) -> PathBuf {
        self.sibling(&format!("-{process}.former"))
    }

    /// Where a previous tree goes that holds something which could not be carried over; no build removes it.
    pub(super) fn rescued(&self) -> PathBuf {
        self.sibling(&format!("-kept-{}", std::process::id()))
    }

    /// The file that a running build holds locked.
    pub(super) fn lock(&self) -> PathBuf {
        self.sibling(".lock")
    }

    fn sibling(&self, suffix: &str) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(".fingerpost");
        name.push(suffix);
        self.parent.join(name)
    }
}

/// The path without links and `..`, whose last parts need not exist. Only the last part must not be a link.
fn resolve_output(output: &Path) -> Result<PathBuf, Failure> {
    let looking = |error| Failure::io("look at the output folder", output, &error);
    // Taken apart and put together again, the path loses a slash at its end, which would follow a link.
    let path: PathBuf = absolute(output).map_err(looking)?.components().collect();
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_symlink() => Err(refusal(output, "it is a symbolic link")
            .help("name the folder that it points to, or another one, with `--output`")),
        Ok(found) if !found.is_dir() => Err(refusal(output, "it is a file")),
        Ok(_) => fs::canonicalize(&path).map_err(looking),
        Err(error) if error.kind() == ErrorKind::NotFound => resolve_missing(&path).map_err(looking),
        Err(error) => Err(looking(error)),
    }
}

fn resolve_missing(path: &Path) -> std::io::Result<PathBuf> {
    let (Some(parent), Some(Component::Normal(name))) = (path.parent(), path.components().next_back()) else {
        return Err(ErrorKind::NotFound.into());
    };
    let parent = match fs::canonicalize(parent) {
        Err(error) if error.kind() == ErrorKind::NotFound => resolve_missing(parent)?,
        found => found?,
    };
    Ok(parent.join(name))
}

/// Why `output` would swallow a part of the site at `root`, or be read as a part of it.
fn overlap(root: &Path, output: &Path) -> Option<String> {
    if output == root {
        return Some("it is the site's own folder".to_owned());
    }
    if root.starts_with(output) {
        return Some("it holds the site's own folder".to_owned());
    }
    TAKEN.iter().find_map(|name| {
        let here = root.join(name);
        let there = fs::canonicalize(&here).unwrap_or_else(|_| here.clone());
        [here, there].iter().find_map(|source| {
            if output == source {
                Some(format!("it is the site's `{name}` folder"))
            } else if output.starts_with(source) {
                Some(format!("it lies inside the site's `{name}` folder"))
            } else if source.starts_with(output) {
                Some(format!("it holds the site's `{name}` folder"))
            } else {
                None
            }
        })
    })
}

fn refusal(output: &Path, reason: &str) -> Failure {
    Failure::new(format!("cannot publish to {}: {reason}", output.display()))
        .help("name a folder of its own for the site with `--output`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;

    /// Settles `output` below a site `s` that has `content/` and `themes/` and stands beside the folder `real`.
    #[track_caller]
    fn check(output: &str, expected: Result<&str, &str>) {
        let dir = TestDir::new();
        dir.write("s/content/index.md", "");
        dir.write("s/themes/mine/style.css", "");
        dir.write("s/file", "");
        dir.write("real/kept.txt", "");
        dir.link("s/link", "../real");
        let found = OutputPaths::resolve(&Target::plain(dir.at("s"), dir.at("s").join(output)));
        let base = fs::canonicalize(dir.at("")).unwrap();
        let found = match &found {
            Ok(paths) => Ok(paths.output.strip_prefix(base).unwrap().to_str().unwrap()),
            Err(failure) if failure.message.starts_with("cannot look at") => Err("it cannot be looked at"),
            Err(failure) => Err(failure.message.rsplit(": ").next().unwrap()),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_folder_of_its_own_is_fine_wherever_it_is() {
        check("public", Ok("s/public"));
        check("public/", Ok("s/public"));
        check("a/b/public", Ok("s/a/b/public"));
        check("../elsewhere", Ok("elsewhere"));
        check("contents", Ok("s/contents"));
        check("content/../public", Ok("s/public"));
    }

    #[test]
    fn the_site_and_what_holds_it_are_refused() {
        check(".", Err("it is the site's own folder"));
        check("content/..", Err("it is the site's own folder"));
        check("..", Err("it holds the site's own folder"));
        check("/", Err("it holds the site's own folder"));
    }

    #[test]
    fn the_author_s_folders_are_refused() {
        check("content", Err("it is the site's `content` folder"));
        check("content/public", Err("it lies inside the site's `content` folder"));
        check("themes/", Err("it is the site's `themes` folder"));
        check(".fingerpost", Err("it is the site's `.fingerpost` folder"));
        check(".fingerpost/a/b", Err("it lies inside the site's `.fingerpost` folder"));
        check("public/../themes/mine", Err("it cannot be looked at"));
        check("content/../themes/mine", Err("it lies inside the site's `themes` folder"));
    }

    #[test]
    fn files_and_links_are_refused() {
        check("file", Err("it is a file"));
        check("link", Err("it is a symbolic link"));
        check("link/", Err("it is a symbolic link"));
        check("link/public", Ok("real/public"));
        check("file/public", Err("it cannot be looked at"));
    }

    #[test]
    fn a_site_whose_content_is_a_link_is_guarded_too() {
        let dir = TestDir::new();
        dir.write("notes/index.md", "");
        dir.write("s/site", "");
        dir.link("s/content", "../notes");
        let target = Target::plain(dir.at("s"), dir.at("notes/public"));
        assert!(
            OutputPaths::resolve(&target).unwrap_err().message.ends_with("it lies inside the site's `content` folder")
        );
    }
}
