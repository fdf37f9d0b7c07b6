//! On which days files were committed, and with which words: one `git log`, and why it does not say.
//!
//! A repository is somebody's files too: what its own settings name is neither run nor waited for. Git is asked with a
//! closed environment and with every setting closed that a log might act on; nothing is fetched, and what takes too long
//! is ended. The settings of whoever runs it are trusted, as git trusts them: they say whose repositories are safe.
//!
//! A date that may be wrong is worse than none: a shallow clone ends at commits that seem to add every file, and the
//! files they name are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use crate::address::turns_text;
use crate::diagnostic::{Diagnostic, code};
use crate::source::{CommitDates, Span, cannot_be_shown};
use crate::yaml;

/// How long git may take, and until it begins to speak.
const LIMITS: Limits = Limits { whole: Duration::from_secs(60), silence: Duration::from_secs(10) };
/// How much it may say of all commits together; a name of a file is the longest thing in it.
const MAX_LOG: u64 = 512 * 1024 * 1024;
const MAX_FIELD: u64 = 64 * 1024;
/// How much of what it says when it fails is listened to.
const MAX_COMPLAINT: u64 = 16 * 1024;
/// The most characters of what a commit says of itself.
const MAX_SUBJECT: usize = 120;
/// The most bytes of a file of the repository that is read here; `packed-refs` may have a line for each of many branches.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// Files of a git directory that git opens for a log. Git would wait for ever at one that is a pipe.
const FILES: [&str; 9] = [
    "HEAD",
    "commondir",
    "config",
    "config.worktree",
    "index",
    "info/attributes",
    "info/grafts",
    "packed-refs",
    "shallow",
];

/// Its folders of which git opens files whose names are not known beforehand, and how many files are looked at.
const FOLDERS: [&str; 3] = ["objects", "refs", "reftable"];
const MAX_FILES: usize = 1_000_000;

/// Variables that reach git: where programs, and the settings of whoever runs it, are.
const VARIABLES: [&str; 18] = [
    "HOME",
    "XDG_CONFIG_HOME",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "SUDO_UID",
    "TMPDIR",
    "DEVELOPER_DIR",
    "SystemRoot",
    "SystemDrive",
    "USERPROFILE",
    "HOMEDRIVE",
    "HOMEPATH",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "TEMP",
];

/// Settings that stand in for those of the repository: none runs a program, opens a connection or another file, or
/// changes what the log says.
const SETTINGS: [&str; 20] = [
    "core.alternateRefsCommand=false",
    "core.askPass=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.fsmonitor=false",
    "core.gitProxy=none",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.sshCommand=false",
    "credential.helper=",
    "diff.external=",
    "diff.orderFile=/dev/null",
    "gpg.program=false",
    "log.decorate=false",
    "log.follow=false",
    "log.mailmap=false",
    "log.showRoot=true",
    "log.showSignature=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
];

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

/// What git said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    /// The dates of files by their paths below the site's root; those of files that are gone, too.
    pub(super) dates: BTreeMap<String, CommitDates>,
    /// Why there are none, or not all.
    pub(super) problem: Option<Problem>,
}

/// Why git gives no dates.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    NotInstalled,
    NoRepository,
    /// It belongs to somebody else (git's `safe.directory`).
    Refused,
    /// So many files were last changed before the clone begins.
    Shallow(usize),
    /// It took so long, or said nothing for so long.
    TooSlow(Duration),
    /// This in its folder, which git would open, is neither a file nor a folder.
    NoFile(String),
    /// In git's words, or ours.
    Failed(String),
}

/// How long git may take.
#[derive(Debug, Clone, Copy)]
struct Limits {
    whole: Duration,
    /// Until the first byte.
    silence: Duration,
}

impl Problem {
    /// Whether it may be mended where no change is seen: outside the site and its repository.
    pub(super) fn is_elsewhere(&self) -> bool {
        match self {
            Self::NotInstalled | Self::NoRepository | Self::Refused | Self::NoFile(_) | Self::Failed(_) => true,
            Self::Shallow(_) | Self::TooSlow(_) => false,
        }
    }

    /// Whether something is wrong with the repository that no site comes by without somebody's doing.
    pub(super) fn is_suspicious(&self) -> bool {
        matches!(self, Self::TooSlow(_) | Self::NoFile(_))
    }

    /// The finding, where the site asks for dates.
    pub(super) fn finding(&self, at: Span) -> Diagnostic {
        let (message, help) = match self {
            Self::NotInstalled => (
                "no page has dates from git, which is not installed".to_owned(),
                "install git (https://git-scm.com), or write `dates: front-matter`",
            ),
            Self::NoRepository => (
                "no page has dates from git: the site lies in no repository".to_owned(),
                "clone the repository instead of copying its files, begin one with `git init`, or write `dates: front-matter`",
            ),
            Self::Refused => (
                "no page has dates from git, which refuses a repository that belongs to another user".to_owned(),
                "if you trust it, say so: `git config --global --add safe.directory` and the whole path of its folder",
            ),
            Self::Shallow(files) => (
                format!("{} no dates from git: the clone is shallow", count(*files)),
                "fetch the other commits: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout in GitHub Actions",
            ),
            Self::TooSlow(time) => (
                format!("no page has dates from git, which was waited for {} seconds", time.as_secs()),
                "see what `git log --name-only -- content` waits for, or write `dates: front-matter`",
            ),
            Self::NoFile(name) => (
                format!("no page has dates from git: `{name}` in its folder is no file"),
                "take it away and see whether `git fsck` finds anything else, or write `dates: front-matter`",
            ),
            Self::Failed(why) => (
                format!("no page has dates from git: {why}"),
                "see whether `git log -- content` works in the site's folder, or write `dates: front-matter`",
            ),
        };
        Diagnostic::new(&code::NO_GIT_DATES, at, message).help(help)
    }
}

fn count(files: usize) -> String {
    if files == 1 { "1 file has".to_owned() } else { format!("{files} files have") }
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
        let head = read_file(&self.git_dir.join("HEAD"))?;
        let commit = match head.trim().strip_prefix("ref: ") {
            Some(branch) => self.commit_of(branch)?,
            None => head,
        };
        let shallow = read_file(&self.common_dir.join("shallow")).unwrap_or_default();
        Some(format!("{}\n{shallow}", commit.trim()))
    }

    fn commit_of(&self, branch: &str) -> Option<String> {
        if let Some(commit) = read_file(&self.common_dir.join(branch)) {
            return Some(commit);
        }
        let packed = read_file(&self.common_dir.join("packed-refs"))?;
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

    /// The dates of all files below `root/content`, or why there are none.
    pub(super) fn history(&self, root: &Path) -> History {
        self.ask(log(root), root, LIMITS)
    }

    fn ask(&self, git: Command, root: &Path, limits: Limits) -> History {
        let failed = |problem| History { dates: BTreeMap::new(), problem: Some(problem) };
        if let Some(name) = self.no_file() {
            return failed(Problem::NoFile(name));
        }
        let shallow = self.common_dir.join("shallow");
        let boundary = match read_file(&shallow) {
            Some(commits) => commits.lines().map(str::to_owned).collect(),
            None if shallow.symlink_metadata().is_err() => BTreeSet::new(),
            None => return failed(Problem::Failed("`shallow` in its folder cannot be read".to_owned())),
        };
        match run(git, limits, boundary) {
            Ok(log) => log.into_history(),
            // Git names the files that it stumbles over by their whole paths, which are nobody's business.
            Err(Problem::Failed(why)) => failed(Problem::Failed(why.replace(&*root.to_string_lossy(), "."))),
            Err(problem) => failed(problem),
        }
    }
}

impl WorkTree {
    /// What git would open for a log and is neither a file nor a folder: a pipe, a device.
    fn no_file(&self) -> Option<String> {
        let of_both = [&self.git_dir, &self.common_dir];
        let of_both = of_both.into_iter().flat_map(|folder| FILES.map(|name| (folder.join(name), name)));
        let is_wrong = |place: &Path| fs::metadata(place).is_ok_and(|found| !found.is_file());
        if let Some((_, name)) = of_both.into_iter().find(|(place, _)| is_wrong(place)) {
            return Some(name.to_owned());
        }
        let mut folders: Vec<PathBuf> = FOLDERS.map(|name| self.common_dir.join(name)).into();
        let mut left = MAX_FILES;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                left = left.checked_sub(1)?;
                let kind = entry.file_type().ok()?;
                // Where a link leads is looked at, but not into folders there: links could go round in circles.
                let is_wrong = || fs::metadata(entry.path()).is_ok_and(|found| !found.is_file() && !found.is_dir());
                if kind.is_dir() {
                    folders.push(entry.path());
                } else if !kind.is_file() && is_wrong() {
                    let below = entry.path();
                    return Some(below.strip_prefix(&self.common_dir).unwrap_or(&below).display().to_string());
                }
            }
        }
        None
    }
}

/// What the work tree has of its own, and the repository's folder. In a linked work tree or a submodule, `.git` is a
/// file that says where it is.
fn git_dirs(top: &Path) -> Option<(PathBuf, PathBuf)> {
    let dot = top.join(".git");
    let git = match read_file(&dot) {
        Some(link) => top.join(link.strip_prefix("gitdir:")?.trim()),
        None => dot,
    };
    let common = read_file(&git.join("commondir")).map_or_else(|| git.clone(), |path| git.join(path.trim()));
    // Changes are told by their whole paths, without `..`.
    let whole = |path: &Path| path.canonicalize().ok();
    git.join("HEAD").exists().then_some((whole(&git)?, whole(&common)?))
}

/// The text of a file of moderate size; none where there is anything else, which may be endless or never come.
fn read_file(path: &Path) -> Option<String> {
    let mut text = String::new();
    if fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() <= MAX_FILE) {
        File::open(path).ok()?.take(MAX_FILE).read_to_string(&mut text).ok()?;
        return Some(text);
    }
    None
}

/// Every commit that touched the content, newest first: an empty field, its hash, the day on which it was written and its
/// subject, of which git cuts off what is long, then the files that it added or changed; all of them end with NUL, for a name may hold anything else.
///
/// The settings of whoever runs it must not change what it says, nor the variables that git sets in hooks.
fn log(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.env_clear();
    git.envs(VARIABLES.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    // Git runs in the site's folder, where a program called `git` may lie.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::env::split_paths(&path).filter(|folder| folder.is_absolute()));
    git.env("PATH", path.unwrap_or_default());
    // What it says when it fails is read, and has to be in one language.
    git.env("LC_ALL", "C");
    // No prompt, no lock, and nothing fetched where a clone is partial; before 2.44 it is the protocols that hold there.
    git.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1");
    git.env("GIT_ALLOW_PROTOCOL", "none");
    git.args(SETTINGS.iter().flat_map(|setting| ["-c", setting])).args(["--no-pager", "log"]);
    git.args([
        "--format=%x00%H %as %<(200,trunc)%s",
        "-z",
        "--name-only",
        "--relative",
        "--no-renames",
        "--diff-filter=AM",
    ]);
    git.args(["--no-color", "--no-show-signature", "--no-notes", "--no-ext-diff", "--no-textconv", "--encoding=UTF-8"]);
    git.args(["--", "content"]).current_dir(root);
    git
}

/// Runs git for so long at most, and reads what it says.
fn run(mut git: Command, limits: Limits, boundary: BTreeSet<String>) -> Result<Log, Problem> {
    let start = Instant::now();
    let failed = |error: io::Error| Problem::Failed(error.to_string());
    let child = git.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = Running(child.map_err(|error| match error.kind() {
        ErrorKind::NotFound => Problem::NotInstalled,
        _ => failed(error),
    })?);
    let (output, complaint) = (child.0.stdout.take(), child.0.stderr.take());
    let mut output = BufReader::new(output.expect("it is piped"));
    let (spoken, first) = mpsc::channel();
    let log = aside(move || {
        let _ = output.fill_buf(); // What is wrong with it shows when it is read.
        let _ = spoken.send(()); // Nobody may be interested any more.
        Log::read(output, boundary)
    });
    let complaint = aside(move || {
        let mut text = Vec::new();
        let _ = complaint.expect("it is piped").take(MAX_COMPLAINT).read_to_end(&mut text); // Some of it will do.
        String::from_utf8_lossy(&text).into_owned()
    });
    until(start, limits.silence, &first)?;
    let log = until(start, limits.whole, &log)?.map_err(failed)?;
    let (complaint, status) = (until(start, limits.whole, &complaint)?, child.status(start, limits.whole)?);
    let says = |words: &str| complaint.contains(words);
    match status.success() {
        true => Ok(log),
        false if says("does not have any commits yet") => Ok(Log::default()),
        // The second is how 2.35 said it.
        false if says("dubious ownership") || says("unsafe repository") => Err(Problem::Refused),
        false if says("not a git repository") => Err(Problem::NoRepository),
        false => Err(Problem::Failed(complaint.lines().next().map_or_else(|| status.to_string(), shortened))),
    }
}

/// Does something in a thread of its own, which nobody waits for longer than he wants.
fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(work()));
    receiver
}

fn until<T>(start: Instant, limit: Duration, receiver: &Receiver<T>) -> Result<T, Problem> {
    receiver.recv_timeout(limit.saturating_sub(start.elapsed())).map_err(|_| Problem::TooSlow(limit))
}

/// What is worth showing of a line.
fn shortened(line: &str) -> String {
    line.trim_start_matches("fatal: ").chars().take(200).collect()
}

/// A process that ends when nobody is interested in it any more.
struct Running(Child);

impl Running {
    fn status(&mut self, start: Instant, limit: Duration) -> Result<ExitStatus, Problem> {
        loop {
            if let Some(status) = self.0.try_wait().map_err(|error| Problem::Failed(error.to_string()))? {
                return Ok(status);
            }
            if start.elapsed() > limit {
                return Err(Problem::TooSlow(limit));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill(); // It may have ended.
        let _ = self.0.wait();
    }
}

/// What [`log`] says, as far as it was read.
#[derive(Debug, Default)]
struct Log {
    dates: BTreeMap<String, CommitDates>,
    /// Files of which a shallow clone does not know when they began.
    unknown: BTreeSet<String>,
    /// The commits at which it ends.
    boundary: BTreeSet<String>,
    /// The commit whose files come now.
    commit: Option<Commit>,
}

/// What is said of a commit.
#[derive(Debug)]
struct Commit {
    hash: String,
    day: String,
    subject: String,
}

impl Commit {
    fn parse(field: &str) -> Option<Self> {
        let (hash, rest) = field.split_once(' ')?;
        let (day, subject) = rest.split_once(' ').unwrap_or((rest, ""));
        yaml::is_date(day).then(|| Self { hash: hash.to_owned(), day: day.to_owned(), subject: shown(subject) })
    }
}

/// The words of a subject as a page may show them: on one line, without what steers a terminal or turns text around.
fn shown(subject: &str) -> String {
    let words: Vec<&str> = subject.split_whitespace().collect();
    let words = words.join(" ");
    let mut plain = words.chars().filter(|&c| !c.is_control() && !cannot_be_shown(c) && !turns_text(c));
    let mut text: String = plain.by_ref().take(MAX_SUBJECT).collect();
    if plain.next().is_some() {
        text.pop();
        text.push('…');
    }
    text
}

impl Log {
    fn read(log: impl BufRead, boundary: BTreeSet<String>) -> io::Result<Self> {
        let mut read = Self { boundary, ..Self::default() };
        let mut log = log.take(MAX_LOG);
        let mut field = Vec::new();
        while log.by_ref().take(MAX_FIELD).read_until(0, &mut field)? > 0 {
            if log.limit() == 0 || field.len() as u64 >= MAX_FIELD {
                return Err(io::Error::other("its history is larger than any that is read"));
            }
            // Git puts a line break between a commit and its first file. No path of ours begins with one.
            let text = field.strip_suffix(b"\0").unwrap_or(&field);
            let text = text.strip_prefix(b"\n").unwrap_or(text);
            match (&read.commit, std::str::from_utf8(text)) {
                (_, Ok(text)) => read.take(text),
                // A subject may be in any encoding; a file whose name is not text is none of ours.
                (None, Err(_)) => read.take(&String::from_utf8_lossy(text)),
                (Some(_), Err(_)) => {}
            }
            field.clear();
        }
        Ok(read)
    }

    fn take(&mut self, field: &str) {
        let Some(Commit { hash, day, subject }) = &self.commit else {
            self.commit = Commit::parse(field);
            return;
        };
        if field.is_empty() {
            self.commit = None;
        } else if self.boundary.contains(hash) {
            self.unknown.insert(field.to_owned());
        } else {
            // The order of commits is not always that of the days on which they were written.
            let new = || CommitDates { first: day.clone(), last: day.clone(), subject: subject.clone() };
            let known = self.dates.entry(field.to_owned()).or_insert_with(new);
            known.first = known.first.as_str().min(day).to_owned();
            if known.last < *day {
                (known.last, known.subject) = (day.clone(), subject.clone());
            }
        }
    }

    fn into_history(self) -> History {
        let Self { mut dates, unknown, boundary: _, commit: _ } = self;
        dates.retain(|path, _| !unknown.contains(path.as_str()));
        let problem = (!unknown.is_empty()).then_some(Problem::Shallow(unknown.len()));
        History { dates, problem }
    }
}

#[cfg(test)]
mod tests;
