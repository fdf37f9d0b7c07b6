//! On which days files were committed: one `git log`, or nothing.
//!
//! Dates are a comfort, so whatever goes wrong here (no git, no work tree, a repository of someone else's) means that
//! there are none, without a word. A date that may be wrong is worse than none: a shallow clone ends at commits that
//! seem to add every file, and the files they name are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::source::CommitDates;
use crate::yaml;

/// The git work tree that a site lies in.
#[derive(Debug)]
pub(super) struct WorkTree {
    /// The git directory of this work tree (git's `GIT_DIR`).
    git_dir: PathBuf,
    /// The directory that all work trees of the repository share (git's `GIT_COMMON_DIR`).
    common_dir: PathBuf,
    /// The site's root below the work tree's, with a slash at its end; empty where they are one.
    pub(super) prefix: String,
}

impl WorkTree {
    /// The work tree around `root`, a whole path. No process is started to find it.
    pub(super) fn around(root: &Path) -> Option<Self> {
        let top = root.ancestors().find(|folder| folder.join(".git").exists())?;
        let (git_dir, common_dir) = git_dirs(top)?;
        let below = root.strip_prefix(top).ok()?;
        let parts = below.iter().map(OsStr::to_str).collect::<Option<Vec<_>>>()?;
        Some(Self { git_dir, common_dir, prefix: parts.iter().flat_map(|part| [part, "/"]).collect() })
    }

    /// What the dates depend on: the commit that is checked out, and where a shallow clone ends. None where that is
    /// kept in a way not known here.
    pub(super) fn state(&self) -> Option<String> {
        let head = fs::read_to_string(self.git_dir.join("HEAD")).ok()?;
        let commit = match head.trim().strip_prefix("ref: ") {
            Some(branch) => self.commit_of(branch)?,
            None => head,
        };
        let shallow = fs::read_to_string(self.common_dir.join("shallow")).unwrap_or_default();
        Some(format!("{}\n{shallow}", commit.trim()))
    }

    fn commit_of(&self, branch: &str) -> Option<String> {
        if let Ok(commit) = fs::read_to_string(self.common_dir.join(branch)) {
            return Some(commit);
        }
        let packed = fs::read_to_string(self.common_dir.join("packed-refs")).ok()?;
        let line = packed.lines().find(|line| line.split_once(' ').is_some_and(|(_, name)| name == branch))?;
        Some(line.split(' ').next()?.to_owned())
    }

    /// The folders in which a file changes whenever [`Self::state`] does.
    pub(super) fn watched_folders(&self) -> Vec<PathBuf> {
        let below = ["refs/heads", "reftable"].map(|name| self.common_dir.join(name));
        let below = below.into_iter().filter(|folder| folder.is_dir());
        [self.git_dir.clone(), self.common_dir.clone()].into_iter().chain(below).collect()
    }

    /// Whether a change at `place` may be one of [`Self::state`].
    pub(super) fn is_state(&self, place: &Path) -> bool {
        let named = |folder: &Path, names: &[&str]| names.iter().any(|name| place == folder.join(name));
        named(&self.git_dir, &["HEAD"])
            || named(&self.common_dir, &["packed-refs", "shallow"])
            || ["refs/heads", "reftable"].iter().any(|name| place.starts_with(self.common_dir.join(name)))
    }

    /// The dates of all files below `root/content`, by their paths below `root`.
    pub(super) fn dates(&self, root: &Path) -> BTreeMap<String, CommitDates> {
        let shallow = fs::read_to_string(self.common_dir.join("shallow")).unwrap_or_default();
        let boundary: BTreeSet<&str> = shallow.lines().collect();
        log(root).map_or_else(BTreeMap::new, |log| parse(&log, &boundary))
    }
}

/// What the work tree has of its own, and the repository's folder. In a linked work tree or a submodule, `.git` is a
/// file that says where it is.
fn git_dirs(top: &Path) -> Option<(PathBuf, PathBuf)> {
    let dot = top.join(".git");
    let git = match fs::read_to_string(&dot) {
        Ok(link) => top.join(link.strip_prefix("gitdir:")?.trim()),
        Err(_) => dot,
    };
    let common = fs::read_to_string(git.join("commondir")).map_or_else(|_| git.clone(), |path| git.join(path.trim()));
    // Changes are told by their whole paths, without `..`.
    let whole = |path: &Path| path.canonicalize().ok();
    git.join("HEAD").exists().then_some((whole(&git)?, whole(&common)?))
}

/// Every commit that touched the content, newest first: an empty field, its hash and the day on which it was written,
/// then the files that it added or changed; all of them end with NUL, for a name may hold anything else.
///
/// The settings of whoever runs it must not change what it says, nor the variables that git sets in hooks.
fn log(root: &Path) -> Option<Vec<u8>> {
    let mut git = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        git.env_remove(name);
    }
    // No prompt, no lock, and nothing fetched where a clone is partial.
    git.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1");
    git.args(["-c", "log.follow=false", "-c", "log.showRoot=true", "-c", "core.fsmonitor=false", "--no-pager", "log"]);
    git.args(["--format=%x00%H %as", "-z", "--name-only", "--relative", "--no-renames", "--diff-filter=AM"]);
    git.args(["--no-color", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--", "content"]);
    git.current_dir(root).stdin(Stdio::null()).stderr(Stdio::null());
    let output = git.output().ok()?;
    output.status.success().then_some(output.stdout)
}

/// Reads what [`log`] gives; `boundary` are the commits at which a shallow clone ends.
fn parse(log: &[u8], boundary: &BTreeSet<&str>) -> BTreeMap<String, CommitDates> {
    let mut dates: BTreeMap<String, CommitDates> = BTreeMap::new();
    let mut unknown = BTreeSet::new();
    let mut commit: Option<(&str, &str)> = None;
    for field in log.split(|&byte| byte == 0) {
        // Git puts a line break between a commit and its first file. No path of ours begins with one.
        let Ok(field) = std::str::from_utf8(field.strip_prefix(b"\n").unwrap_or(field)) else { continue };
        let Some((hash, day)) = commit else {
            commit = field.split_once(' ').filter(|(_, day)| yaml::is_date(day));
            continue;
        };
        if field.is_empty() {
            commit = None;
        } else if boundary.contains(hash) {
            unknown.insert(field);
        } else {
            // The order of commits is not always that of the days on which they were written.
            let known =
                dates.entry(field.to_owned()).or_insert_with(|| CommitDates { first: day.into(), last: day.into() });
            known.first = known.first.as_str().min(day).to_owned();
            known.last = known.last.as_str().max(day).to_owned();
        }
    }
    dates.retain(|path, _| !unknown.contains(path.as_str()));
    dates
}

#[cfg(test)]
mod tests {
    use super::super::test_dir::TestDir;
    use super::*;

    /// Reads a log in which `|` stands for NUL, in a clone that ends at the commit `end`.
    #[track_caller]
    fn check(log: &str, end: &str, expected: &[(&str, &str, &str)]) {
        let read = parse(log.replace('|', "\0").as_bytes(), &BTreeSet::from([end]));
        let read: Vec<_> = read.iter().map(|(path, at)| (path.as_str(), at.first.as_str(), at.last.as_str())).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn a_file_has_the_days_of_its_oldest_and_newest_commit() {
        check(
            "|c 2026-03-01|\na|b c|||b 2026-04-01|\nb c|||a 2026-01-01|\na|",
            "",
            &[("a", "2026-01-01", "2026-03-01"), ("b c", "2026-03-01", "2026-04-01")],
        );
        check("", "", &[]);
    }

    #[test]
    fn a_commit_without_files_and_a_day_that_is_none_are_passed_over() {
        check("|c 2026-03-01||||b 2026-02-01|\na|||a 10000-01-01|\nb|", "", &[("a", "2026-02-01", "2026-02-01")]);
    }

    #[test]
    fn files_of_the_commit_where_a_shallow_clone_ends_have_no_dates() {
        check("|b 2026-03-01|\na|b|||a 2026-01-01|\na|", "a", &[("b", "2026-03-01", "2026-03-01")]);
    }

    /// Runs git in a folder of the dir, on a day.
    fn git(dir: &TestDir, folder: &str, day: &str, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(dir.at(folder)).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]);
        git.args(["-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"]).args(arguments);
        git.env("GIT_AUTHOR_DATE", format!("{day}T12:00:00Z")).env("GIT_COMMITTER_DATE", format!("{day}T12:00:00Z"));
        git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
        git.stdout(Stdio::null()).stderr(Stdio::null());
        assert!(git.status().unwrap().success(), "git {arguments:?}");
    }

    /// The prefix of a site, and `path first last` of each file.
    fn dates(dir: &TestDir, root: &str) -> Option<(String, Vec<String>)> {
        let root = dir.at(root);
        let tree = WorkTree::around(&root)?;
        let row = |(path, at): (String, CommitDates)| format!("{path} {} {}", at.first, at.last);
        let dates = tree.dates(&root).into_iter().map(row).collect();
        Some((tree.prefix, dates))
    }

    #[test]
    fn dates_are_read_from_a_site_in_a_sub_folder_with_odd_names_a_merge_and_a_second_work_tree() {
        if Command::new("git").arg("--version").output().is_err() {
            return;
        }
        let dir = TestDir::new();
        let odd = "site/content/ö \"x\"\n#.md";
        for path in ["site/content/a.md", odd, "content/elsewhere.md"] {
            dir.write(&format!("work/{path}"), b"one");
        }
        git(&dir, "work", "2026-01-01", &["init", "-q"]);
        git(&dir, "work", "2026-01-01", &["config", "diff.relative", "true"]);
        git(&dir, "work", "2026-01-01", &["config", "log.follow", "true"]);
        git(&dir, "work", "2026-01-01", &["add", "."]);
        git(&dir, "work", "2026-01-01", &["commit", "-q", "-m", "one"]);
        git(&dir, "work", "2026-01-01", &["checkout", "-q", "-b", "side"]);
        dir.write("work/site/content/side.md", b"side");
        git(&dir, "work", "2026-02-02", &["add", "."]);
        git(&dir, "work", "2026-02-02", &["commit", "-q", "-m", "side"]);
        git(&dir, "work", "2026-02-02", &["checkout", "-q", "main"]);
        dir.write("work/site/content/a.md", b"two");
        git(&dir, "work", "2026-03-03", &["commit", "-q", "-a", "-m", "two"]);
        git(&dir, "work", "2026-04-04", &["merge", "-q", "-m", "merge", "side"]);
        dir.write("work/site/content/new.md", b"not committed");

        let expected = vec![
            "content/a.md 2026-01-01 2026-03-03".to_owned(),
            "content/side.md 2026-02-02 2026-02-02".to_owned(),
            format!("{} 2026-01-01 2026-01-01", &odd["site/".len()..]),
        ];
        assert_eq!(dates(&dir, "work/site"), Some(("site/".to_owned(), expected.clone())));
        git(&dir, "work", "2026-04-04", &["worktree", "add", "-q", "--detach", "../second"]);
        assert_eq!(dates(&dir, "second/site"), Some(("site/".to_owned(), expected)));

        let url = format!("file://{}", dir.at("work").display());
        git(&dir, "", "2026-05-05", &["clone", "-q", "--depth", "1", &url, "shallow"]);
        assert_eq!(dates(&dir, "shallow/site"), Some(("site/".to_owned(), Vec::new())));
    }

    #[test]
    fn a_folder_named_git_is_no_repository() {
        let dir = TestDir::new();
        dir.write("site/.git/notes", b"");
        assert!(WorkTree::around(&dir.at("site")).is_none());
    }
}
