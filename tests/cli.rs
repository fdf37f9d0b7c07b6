//! The program as its users meet it: exit codes, what goes to which stream, and what is left on the disk.
#![expect(clippy::disallowed_methods, reason = "these tests run the program on folders of their own")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails in a test ends it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder for one test, removed with it; the program runs inside it.
struct Folder(PathBuf);

/// What a run left behind.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("fingerpost-cli-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// A site of these files, with a home page.
    fn site(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        folder.write("content/index.md", "# Home\n");
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The folder for caches of whoever runs the program, which lies beside the site.
    fn cache(&self) -> PathBuf {
        self.0.with_extension("cache")
    }

    /// Where the file `name` lies that a build into `public` remembers.
    fn memory(&self, name: &str) -> PathBuf {
        let folders = fs::read_dir(self.0.join(".fingerpost")).unwrap().flatten().map(|entry| entry.path());
        let folders: Vec<_> = folders.filter(|path| path.is_dir()).collect();
        assert_eq!(folders.len(), 1, "{folders:?}");
        folders[0].join(name)
    }

    fn has(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fingerpost"));
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command.env_remove("NO_COLOR").env_remove("SOURCE_DATE_EPOCH").env_remove("CI");
        command.env("XDG_CACHE_HOME", self.cache());
        command
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        let _ = fs::remove_dir_all(self.cache());
    }
}

impl Run {
    #[track_caller]
    fn of(mut command: Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let run = Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
        assert!(!run.err.contains("panicked"), "{}", run.err);
        run
    }

    /// Holds the exit code and a part of each stream; an empty part stands for an empty stream.
    #[track_caller]
    fn check(&self, code: i32, out: &str, err: &str) {
        let holds = |stream: &str, part: &str| if part.is_empty() { stream.is_empty() } else { stream.contains(part) };
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        assert!(holds(&self.out, out), "on standard output, {out:?} is missing in:\n{}", self.out);
        assert!(holds(&self.err, err), "on standard error, {err:?} is missing in:\n{}", self.err);
    }
}

const BROKEN: (&str, &str) = ("content/a/broken.md", "# Broken\n\nSee [[nowhere]].\n");
const RAW: (&str, &str) = ("content/a/raw.md", "# Raw\n\n<b>bold</b>\n");

#[test]
fn help_and_version_are_results() {
    let folder = Folder::new();
    folder.run(&["--help"]).check(0, "Usage: fingerpost", "");
    folder.run(&["build", "--help"]).check(0, "--base-url <URL>", "");
    folder.run(&["--version"]).check(0, "fingerpost ", "");
}

#[test]
fn a_wrong_argument_is_answered_on_standard_error_with_code_2() {
    let folder = Folder::site(&[]);
    folder.run(&[]).check(2, "", "Usage: fingerpost");
    folder.run(&["biuld"]).check(2, "", "a similar subcommand exists: 'build'");
    folder.run(&["build", "--base-url", "example.org"]).check(2, "", "write the whole address, `https://example.org/`");
    folder.run(&["check", "--format", "xml"]).check(2, "", "possible values: text, json, github, sarif");
    assert!(!folder.has("public"));
}

#[test]
fn a_site_says_words_otherwise_with_a_file_of_its_theme() {
    let words = ("themes/default/strings/en.yaml", "search: Look for\n");
    let folder = Folder::site(&[words, ("themes/default/strings/notes.txt", "About the words.\n")]);
    folder.run(&["build"]).check(0, "", "Built 0 articles");
    assert!(folder.read("public/index.html").contains("Look for"));
    assert!(!folder.has("public/assets/strings"), "what words are made from is no file of the site");
    folder.write("content/a.md", "# A\n\nThe [words](/assets/strings/notes.txt).\n");
    folder.run(&["check"]).check(1, "FP0306", "1 error");
    folder.write(words.0, "sarch: Look for\n");
    folder.run(&["check"]).check(1, "themes/default/strings/en.yaml:1:1", "2 errors");
}

#[test]
fn a_folder_that_is_no_site_is_answered_with_a_way_out() {
    let folder = Folder::new();
    folder.run(&["build"]).check(2, "", "help: name the site's folder with `--root`, or begin a site with");
    folder.run(&["check", "--root", "missing"]).check(2, "", "error: there is no folder missing\nhelp: ");
    folder.write("page.md", "# Page");
    folder.run(&["check"]).check(2, "", "help: put the Markdown files into a folder `content`");
    assert!(!folder.has("public"));
}

#[test]
fn a_build_publishes_and_says_so_on_standard_error() {
    let folder = Folder::site(&[("content/a/one.md", "# One\n")]);
    folder.run(&["build"]).check(0, "", "Built 1 article, ");
    assert!(folder.read("public/a/one/index.html").contains("One"));
    folder.run(&["build"]).check(0, "", "(0 written, ");
    folder.run(&["build", "--output", "elsewhere/site"]).check(0, "", " in elsewhere/site\n");
    assert!(folder.has("elsewhere/site/index.html"));
}

#[test]
fn the_site_may_lie_elsewhere() {
    let folder = Folder::new();
    folder.write("kb/content/index.md", "# Home\n");
    folder.run(&["build", "--root", "kb"]).check(0, "", "kb/public\n");
    assert!(folder.has("kb/public/index.html"));
}

#[test]
fn a_build_with_errors_leaves_the_former_output() {
    let folder = Folder::site(&[]);
    folder.run(&["build"]).check(0, "", "Built");
    let before = folder.read("public/index.html");
    folder.write("content/index.md", "# Another home\n");
    folder.write(BROKEN.0, BROKEN.1);
    let run = folder.run(&["build"]);
    run.check(1, "", "error[FP0301]: no page named `nowhere`");
    run.check(
        1,
        "",
        "1 error\nfingerpost check --explain FP0301 says more\nNothing was written: public is as it was\n",
    );
    assert_eq!(folder.read("public/index.html"), before);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 3, "a staging folder is left");
}

#[test]
fn a_second_build_makes_only_what_an_edit_asks_for_and_says_why() {
    let folder = Folder::site(&[
        ("content/index.md", "# Home\n"),
        ("content/a.md", "# A\n\nText.\n"),
        ("content/b.md", "# B\n\nSee [[a]].\n"),
    ]);
    let why = |page: &str| Run::of(folder.command(&["build", "--why", page])).out;
    assert_eq!(why("/a/"), "/a/ made anew: settings, theme or program changed, or no trace was kept\n");
    assert_eq!(why("/a/"), "/a/ kept: nothing that it was made from changed\n");
    folder.write("content/a.md", "# A\n\nMore text.\n");
    assert_eq!(why("/b/"), "/b/ kept: nothing that it was made from changed\n");
    folder.write("content/a.md", "# Aa\n\nMore text.\n");
    assert_eq!(why("/b/"), "/b/ made anew: the title, address, summary, terms or dates of /a/ changed\n");
    let run = folder.run(&["build", "--why", "/no/"]);
    run.check(
        2,
        "",
        "error: cannot say why: there is no page at /no/\n\
         help: give the address of a page, such as /risks/burnout/; the site itself was published\n",
    );
}

#[test]
fn a_trace_that_is_damaged_or_of_another_site_is_never_believed() {
    let files = [("content/site.yaml", "title: T\n"), ("content/a.md", "# A\n\nText.\n")];
    let (folder, clean) = (Folder::site(&files), Folder::site(&files));
    folder.run(&["build"]);
    clean.run(&["build"]);
    // A page that was edited in the published folder is made anew, whatever the trace says.
    folder.write("public/a/index.html", "edited");
    folder.run(&["build"]);
    assert_eq!(folder.read("public/a/index.html"), clean.read("public/a/index.html"));
    // A trace cut short, and one of a site with another text under the same name.
    let trace = fs::read(folder.memory("trace")).unwrap();
    for wrong in [&trace[..trace.len() / 2], &b"fingerpost trace"[..], &[]] {
        fs::write(folder.memory("trace"), wrong).unwrap();
        folder.write("content/a.md", "# A\n\nOther text.\n");
        folder.run(&["build"]);
        assert!(folder.read("public/a/index.html").contains("Other text."));
        folder.write("content/a.md", files[1].1);
        folder.run(&["build"]);
        assert_eq!(folder.read("public/a/index.html"), clean.read("public/a/index.html"));
    }
    assert_eq!(fs::read(folder.memory("trace")).unwrap(), trace, "a warm start leaves the same trace");
}

/// Something done to a site, in words, with the options of the build after it.
type Case<'a> = (&'a str, &'a [&'a str], &'a dyn Fn(&Folder));

/// All that is published.
fn published(folder: &Folder) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.0.join("public")];
    while let Some(here) = folders.pop() {
        for entry in fs::read_dir(here).unwrap().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => _ = files.insert(path.strip_prefix(&folder.0).unwrap().to_owned(), fs::read(&path).unwrap()),
            }
        }
    }
    files
}

#[test]
fn whatever_changes_after_a_build_that_had_nothing_to_do_is_noticed() {
    let files = [
        ("content/site.yaml", "title: T\nhtml: allow\n"),
        ("content/a.md", "---\naliases: [/old/]\n---\n# A\n\nText, and ![a picture](a.png).\n"),
        ("content/draft.md", "---\ndraft: true\n---\n# Draft\n\nText.\n"),
        ("content/a.png", "pixels"),
    ];
    let edits: &[Case<'_>] = &[
        ("nothing", &[], &|_| {}),
        ("a page", &[], &|folder| folder.write("content/a.md", "# A\n\nText, and ![a picture](a.png)!\n")),
        ("a draft", &[], &|folder| folder.write("content/draft.md", "---\ndraft: true\n---\n# Draft\n\nMore.\n")),
        ("no draft any more", &[], &|folder| folder.write("content/draft.md", "# Draft\n\nText.\n")),
        ("drafts wanted", &["--drafts"], &|_| {}),
        ("another address", &["--base-url", "https://example.org/kb/"], &|_| {}),
        ("a page more", &[], &|folder| folder.write("content/b.md", "# B\n")),
        ("settings", &[], &|folder| folder.write("content/site.yaml", "title: U\nhtml: allow\n")),
        ("another alias", &[], &|folder| folder.write("content/a.md", &files[1].1.replace("old", "older"))),
        ("a picture of the same size", &[], &|folder| folder.write("content/a.png", "pixelz")),
        ("a picture more", &[], &|folder| folder.write("content/b.png", "pixels")),
        ("a theme's file", &[], &|folder| folder.write("themes/default/templates/_mark.html", "<!-- mine -->\n")),
    ];
    let meddling: &[Case<'_>] = &[
        ("a published page edited", &[], &|folder| {
            let page = folder.read("public/a/index.html");
            folder.write("public/a/index.html", &page.replace("Text", "TeXt"));
        }),
        ("a published page gone", &[], &|folder| fs::remove_file(folder.0.join("public/a/index.html")).unwrap()),
        ("a published copy edited", &[], &|folder| folder.write("public/a.png", "pixelz")),
        ("a published copy gone", &[], &|folder| fs::remove_file(folder.0.join("public/a.png")).unwrap()),
        ("a style sheet gone", &[], &|folder| fs::remove_dir_all(folder.0.join("public/assets")).unwrap()),
    ];
    let trace = |folder: &Folder| fs::read(folder.memory("trace")).unwrap();
    let check = |what: &str, folder: &Folder, arguments: &[&str], expected: &Folder| {
        folder.run(arguments);
        assert!(published(folder) == published(expected), "after an edit: {what}");
        let before = trace(folder);
        let run = folder.run(arguments);
        assert!(run.err.contains("(0 written, "), "after an edit: {what}: {}", run.err);
        assert!(trace(folder) == before, "the trace is of the last build, after an edit: {what}");
    };
    let warm = || {
        let folder = Folder::site(&files);
        folder.run(&["build"]);
        folder.run(&["build"]);
        folder
    };
    for (what, options, edit) in edits {
        let arguments = [&["build"], *options].concat();
        let (folder, clean) = (warm(), Folder::site(&files));
        edit(&folder);
        edit(&clean);
        clean.run(&arguments);
        check(what, &folder, &arguments, &clean);
    }
    let clean = warm();
    for (what, options, meddle) in meddling {
        let folder = warm();
        meddle(&folder);
        check(what, &folder, &[&["build"], *options].concat(), &clean);
    }
}

#[test]
fn a_build_with_nothing_to_do_says_its_warnings_again() {
    let folder = Folder::site(&[RAW]);
    let said = || folder.run(&["build"]).err.split("Built").next().unwrap().to_owned();
    let first = said();
    assert!(first.contains("warning[FP0201]"), "{first}");
    assert_eq!(said(), first);
    folder.run(&["build", "--strict"]).check(1, "", "error[FP0201]");
}

#[test]
fn warnings_stop_a_build_only_when_it_is_strict() {
    let folder = Folder::site(&[RAW]);
    folder.run(&["build", "--strict"]).check(1, "", "error[FP0201]");
    assert!(!folder.has("public"));
    let run = folder.run(&["build"]);
    run.check(0, "", "warning[FP0201]");
    run.check(0, "", "1 warning");
    run.check(0, "", "Built");
}

#[test]
fn dates_that_git_does_not_give_are_said_once_where_they_are_asked_for() {
    let folder = Folder::site(&[("content/a/one.md", "# One\n")]);
    folder.run(&["build", "--strict"]).check(0, "", "Built");
    folder.write("content/site.yaml", "title: T\ndates: git\n");
    let run = folder.run(&["check"]);
    run.check(0, "warning[FP0707]: no page has dates from git", "1 warning");
    run.check(0, "content/site.yaml:2:8", "1 warning");
    folder.run(&["build"]).check(0, "", "warning[FP0707]");
    folder.run(&["build"]).check(0, "", "warning[FP0707]");
    folder.write("content/site.yaml", "title: T\ndates: front-matter\n");
    folder.run(&["build", "--strict"]).check(0, "", "Built");
}

#[test]
fn drafts_are_built_on_demand() {
    let folder = Folder::site(&[("content/a/idea.md", "---\ndraft: true\n---\n# Idea\n")]);
    folder.run(&["build"]).check(0, "", "Built 0 articles");
    assert!(!folder.has("public/a/idea/index.html"));
    folder.run(&["build", "--drafts"]).check(0, "", "Built 1 article");
    assert!(folder.has("public/a/idea/index.html"));
}

#[test]
fn a_folder_of_others_is_refused_before_the_content_is_judged() {
    let folder = Folder::site(&[BROKEN]);
    folder.write("public/thesis.txt", "mine");
    folder.run(&["build"]).check(2, "", "error: ");
    fs::remove_file(folder.0.join(BROKEN.0)).unwrap();
    folder.run(&["build"]).check(2, "", "`--force`");
    assert!(!folder.has("public/index.html"));
    folder.run(&["build", "--force"]).check(0, "", "Built");
    assert_eq!(folder.read("public/thesis.txt"), "mine");
}

#[test]
fn findings_of_check_are_its_result_and_nothing_is_written() {
    let folder = Folder::site(&[BROKEN, RAW]);
    let run = folder.run(&["check"]);
    run.check(1, "error[FP0301]: no page named `nowhere`", "1 error, 1 warning\n");
    run.check(1, "content/a/broken.md:3:", "fingerpost check --explain FP0301 says more\n");
    assert!(!folder.has("public"));
}

/// A build with these arguments on CI.
fn on_ci(folder: &Folder, arguments: &[&str]) -> Run {
    let mut command = folder.command(arguments);
    command.env("CI", "true");
    Run::of(command)
}

#[test]
fn nothing_that_a_build_remembers_lies_in_the_output_and_nothing_is_remembered_on_ci() {
    let folder = Folder::site(&[]);
    on_ci(&folder, &["build"]).check(0, "", "Built 0 articles");
    assert_eq!((folder.has(".fingerpost"), folder.cache().exists()), (false, false));
    on_ci(&folder, &["build"]).check(2, "", "that Fingerpost does not know as its own: no earlier build is remembered");
    on_ci(&folder, &["build", "--force"]).check(0, "", "Built 0 articles");
    fs::remove_dir_all(folder.0.join("public")).unwrap();
    folder.run(&["build"]).check(0, "", "Built 0 articles");
    assert!(published(&folder).keys().all(|path| !path.to_string_lossy().contains("fingerpost")));
    assert_eq!(folder.read(".fingerpost/.gitignore"), "*\n");
    assert!(folder.memory("manifest").is_file() && folder.memory("trace").is_file());
    on_ci(&folder, &["build"]).check(0, "", "(0 written, ");

    let folder = Folder::site(&[]);
    let mut command = folder.command(&["build"]);
    for name in ["XDG_CACHE_HOME", "HOME", "LOCALAPPDATA", "USERPROFILE"] {
        command.env_remove(name);
    }
    Run::of(command).check(0, "", "note: nothing of this build is remembered, so the next one will not know its files");
}

#[test]
fn foreign_files_are_named_and_refused_by_a_strict_build_and_on_ci() {
    let folder = Folder::site(&[]);
    folder.run(&["build"]);
    folder.write("public/evil.html", "<script>");
    let named = "holds a file (evil.html) that Fingerpost did not write";
    folder.run(&["build"]).check(0, "", &format!("note: public {named}; all is published\n"));
    folder.run(&["build", "--strict"]).check(2, "", &format!("error: cannot publish to public: it {named}\nhelp: "));
    on_ci(&folder, &["build"]).check(2, "", named);
    on_ci(&folder, &["build", "--force"]).check(0, "", &format!("note: public {named}"));
    assert_eq!(folder.read("public/evil.html"), "<script>");
}

#[test]
fn a_published_folder_that_git_tracks_is_refused_by_a_strict_build_and_on_ci() {
    let folder = Folder::site(&[]);
    folder.run(&["build"]);
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(&folder.0).args(arguments).env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE");
        assert!(git.output().unwrap().status.success());
    };
    git(&["init"]);
    git(&["add", "."]);
    for run in [folder.run(&["build", "--strict"]), on_ci(&folder, &["build"])] {
        run.check(2, "", "error: cannot publish to public: git tracks files in it (public/");
        run.check(2, "", "`git rm -r --cached public`");
    }
    folder.run(&["build"]).check(0, "", "Built");
    git(&["rm", "-r", "--cached", "public"]);
    folder.run(&["build", "--strict"]).check(0, "", "Built");
}

/// Seals a memory of `public` with a key, as a build does.
fn seal(key: &[u8], kind: &str, body: &[u8]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new_keyed(key.try_into().unwrap());
    for part in [kind.as_bytes(), b"site\0public"] {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    [body, format!("{}\n", hasher.update(body).finalize()).as_bytes()].concat()
}

/// A page, a manifest and a trace that agree, all checksums right, are what a repository may bring along.
#[test]
fn a_manifest_and_a_trace_that_agree_with_an_evil_page_are_not_believed_without_the_key() {
    let folder = Folder::site(&[("content/a.md", "# A\n\nText.\n")]);
    folder.run(&["build"]);
    let good = published(&folder);
    let poison = |key: &[u8]| {
        let body = |name: &str| {
            let bytes = fs::read(folder.memory(name)).unwrap();
            bytes[..bytes.len() - 65].to_vec()
        };
        let (old, new) = (&good[Path::new("public/a/index.html")], b"evil");
        let row = |bytes: &[u8]| format!("{} {} a/index.html", blake3::hash(bytes), bytes.len());
        let manifest = String::from_utf8(body("manifest")).unwrap().replace(&row(old), &row(new));
        let mut trace = body("trace");
        let start = trace.len() - 32;
        trace[start..].copy_from_slice(blake3::hash(manifest.as_bytes()).as_bytes());
        folder.write("public/a/index.html", "evil");
        fs::write(folder.memory("manifest"), seal(key, "manifest", manifest.as_bytes())).unwrap();
        fs::write(folder.memory("trace"), seal(key, "trace", &trace)).unwrap();
    };
    // With the key it would work, so what is made up here is what a build would believe.
    let key = fs::read(folder.cache().join("fingerpost/key")).unwrap();
    poison(&key);
    folder.run(&["build"]).check(0, "", "(0 written, ");
    assert_eq!(folder.read("public/a/index.html"), "evil");

    poison(&[7; 32]);
    let refusal = "is not believed: its seal is not of this user's key\nhelp: ";
    folder.run(&["build"]).check(2, "", refusal);
    folder.run(&["build", "--strict"]).check(2, "", refusal);
    on_ci(&folder, &["build"]).check(2, "", refusal);
    folder.run(&["build", "--force"]).check(0, "", "Built");
    assert!(published(&folder) == good);
    folder.run(&["build", "--strict"]).check(0, "", "(0 written, ");
}

#[test]
fn a_page_that_was_edited_where_it_is_published_is_not_removed_with_its_source() {
    let folder = Folder::site(&[("content/a.md", "# A\n"), ("content/b.md", "# B\n")]);
    folder.run(&["build"]);
    folder.write("public/a/index.html", "mine");
    fs::remove_file(folder.0.join("content/a.md")).unwrap();
    fs::remove_file(folder.0.join("content/b.md")).unwrap();
    let named = "public holds a file (a/index.html) that Fingerpost wrote and somebody has edited";
    folder.run(&["build", "--strict"]).check(2, "", named);
    folder.run(&["build"]).check(0, "", named);
    assert_eq!(folder.read("public/a/index.html"), "mine");
    assert!(!folder.has("public/b/index.html"));
}

#[test]
#[cfg(unix)]
fn a_lock_a_manifest_or_a_trace_that_is_a_link_or_a_pipe_stops_nothing_for_ever() {
    use std::os::unix::fs::symlink;
    let folder = Folder::site(&[]);
    folder.run(&["build"]);
    let pipe = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    let lock = folder.0.join(".public.fingerpost.lock");
    let refusal = "cannot open the lock file";
    pipe(&lock);
    folder.run(&["build"]).check(2, "", refusal);
    fs::remove_file(&lock).unwrap();
    symlink("made", &lock).unwrap();
    folder.run(&["build"]).check(2, "", refusal);
    folder.run(&["build"]).check(2, "", "help: remove it");
    assert!(!folder.has("made"));
    fs::remove_file(&lock).unwrap();
    for make in [&|path: &Path| pipe(path), &|path: &Path| symlink("/dev/zero", path).unwrap()] as [&dyn Fn(&Path); 2] {
        let (trace, manifest) = (folder.memory("trace"), folder.memory("manifest"));
        fs::remove_file(&trace).unwrap();
        make(&trace);
        folder.run(&["build"]).check(0, "", "(0 written, ");
        fs::remove_file(&manifest).unwrap();
        make(&manifest);
        folder.run(&["build"]).check(2, "", "it is a link, a folder, a pipe or a device, and no plain file");
        folder.run(&["build", "--force"]).check(0, "", "Built");
        assert!(trace.metadata().unwrap().is_file() && manifest.metadata().unwrap().is_file());
    }
}

#[test]
fn a_check_without_findings_prints_nothing_as_its_result() {
    let folder = Folder::site(&[("content/a/one.md", "# One\n\n[Home](../index.md)\n")]);
    folder.run(&["check"]).check(0, "", "No findings: 1 article, 1 link checked in ");
    folder.run(&["check", "--format", "json"]).check(0, "", "No findings");
}

#[test]
fn findings_are_printed_for_programs_too() {
    let folder = Folder::site(&[BROKEN]);
    let run = folder.run(&["check", "--format", "json"]);
    assert_eq!(run.code, Some(1));
    let lines: Vec<serde_json::Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&lines[0]["code"], &lines[0]["file"], &lines[0]["line"]),
        (&"FP0301".into(), &BROKEN.0.into(), &3.into())
    );
    folder.run(&["check", "--format", "github"]).check(1, "::error file=content/a/broken.md,line=3", "1 error");
    let run = folder.run(&["check", "--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "FP0301");
}

#[test]
fn what_is_wrong_with_a_file_itself_is_among_the_findings() {
    let folder = Folder::site(&[BROKEN]);
    fs::write(folder.0.join("content/a/latin.md"), b"# Caf\xe9\n").unwrap();
    let run = folder.run(&["check"]);
    run.check(1, "error[FP0108]", "2 errors");
    assert!(run.out.find("broken.md").unwrap() < run.out.find("latin.md").unwrap());
}

#[test]
fn what_is_stale_depends_on_the_day_that_the_surroundings_name() {
    let reviewed = "---\ntitle: One\nreviewed: 2020-01-01\n---\nText\n";
    let folder =
        Folder::site(&[("content/site.yaml", "title: A\nreview-every: 30 days\n"), ("content/one.md", reviewed)]);
    let on = |seconds: &str| {
        let mut command = folder.command(&["check"]);
        command.env("SOURCE_DATE_EPOCH", seconds);
        Run::of(command)
    };
    on("1578000000").check(0, "", "No findings"); // 2020-01-02
    on("1590000000").check(0, "warning[FP1001]", "1 warning"); // 2020-05-20
    on("yesterday").check(2, "", "`yesterday`, which is not a number of seconds");
    folder.run(&["build"]).check(0, "", "Built");
}

#[test]
fn a_code_is_explained_without_a_site() {
    let folder = Folder::new();
    folder.run(&["check", "--explain", "FP0301"]).check(0, "# FP0301", "");
    folder.run(&["check", "--explain", "fp0301"]).check(0, "# FP0301", "");
    let run = folder.run(&["check", "--explain", "FP9999"]);
    run.check(2, "", "error: no finding has the code FP9999\nhelp: ");
    run.check(2, "", "\n  FP0101  YAML that cannot be read\n");
}

#[test]
fn colour_is_for_terminals_and_for_those_who_insist() {
    let folder = Folder::site(&[BROKEN]);
    let coloured = |arguments: &[&str], no_color: &str| {
        let mut command = folder.command(arguments);
        command.env("NO_COLOR", no_color);
        Run::of(command).out.contains('\u{1b}')
    };
    assert!(!coloured(&["check"], ""));
    assert!(!coloured(&["check"], "1"));
    assert!(!coloured(&["check", "--color", "never"], ""));
    assert!(coloured(&["check", "--color", "always"], ""));
    assert!(coloured(&["--color", "always", "check"], "1"));
    assert!(!coloured(&["check", "--color", "always", "--format", "json"], ""));
}

#[test]
fn a_new_site_builds_without_a_finding_and_grows_without_one() {
    let folder = Folder::new();
    folder.run(&["new", "site", "kb", "--title", "Our: knowledge"]).check(0, "kb\n", "`fingerpost build --root kb`");
    folder.run(&["build", "--root", "kb", "--strict"]).check(0, "", "Built 1 article");
    assert!(folder.read("kb/public/index.html").contains("Our: knowledge"));
    assert_eq!(folder.read("kb/.gitignore"), "public/\n.fingerpost/\n");
    let function = "netlify/edge-functions/markdown.js";
    assert!(folder.read("kb/netlify.toml").contains("function = \"markdown\""));
    assert!(folder.read(&format!("kb/{function}")).contains("export default"));
    folder.run(&["check", "--root", "kb", "--strict"]).check(0, "", "No findings");

    folder.run(&["new", "term", "topic/team trust", "--root", "kb"]).check(
        0,
        "kb/content/tags/topic/team-trust.md\n",
        "team-trust",
    );
    let run = folder.run(&["new", "article", "guides/What: next?", "--root", "kb"]);
    run.check(0, "kb/content/guides/what-next.md\n", "--drafts");
    folder.run(&["new", "track", "first-week", "--root", "kb"]).check(0, "kb/content/tracks/first-week.md\n", "steps");
    let run = folder.run(&["new", "decision", "build-or-buy", "--root", "kb"]);
    run.check(0, "kb/content/decisions/build-or-buy.md\n", "questions and outcomes");
    assert!(folder.read("kb/content/guides/what-next.md").contains("title: \"What: next?\""));
    assert!(folder.read("kb/content/guides/what-next.md").contains("# topic: []  # team-trust, writing\n"));
    folder.run(&["check", "--root", "kb", "--strict", "--drafts"]).check(0, "", "No findings: 2 articles");
    folder.run(&["check", "--root", "kb", "--strict"]).check(0, "", "No findings: 1 article");
}

#[test]
fn a_shared_page_names_its_picture_with_its_size() {
    let folder = Folder::site(&[("content/site.yaml", "title: A\nbase-url: https://e.x/\nimage: a.png\n")]);
    // The beginning of a PNG of 3 by 2 pixels.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0";
    fs::write(folder.0.join("content/a.png"), png).unwrap();
    folder.run(&["build"]).check(0, "", "Built");
    let page = folder.read("public/index.html");
    for line in [
        "<meta property=\"og:image\" content=\"https://e.x/a.png\">",
        "<meta property=\"og:image:width\" content=\"3\">",
        "<meta property=\"og:image:height\" content=\"2\">",
        "<meta property=\"og:image:alt\" content=\"A\">",
        "<meta name=\"twitter:card\" content=\"summary_large_image\">",
    ] {
        assert!(page.contains(line), "{line} is missing");
    }
}

#[test]
fn new_never_overwrites() {
    let folder = Folder::site(&[("content/a/one.md", "mine")]);
    folder.run(&["new", "article", "a/one"]).check(2, "", "content/a/one.md exists already");
    assert_eq!(folder.read("content/a/one.md"), "mine");
    folder.run(&["new", "site", "."]).check(2, "", "exists already");
    assert!(!folder.has("netlify.toml"));
}

#[test]
fn new_refuses_what_the_site_has_no_room_for() {
    let folder = Folder::site(&[("content/site.yaml", "facets: {benefit: , risk: }\n")]);
    folder.run(&["new", "article", "../outside"]).check(2, "", "cannot be a page's name");
    folder.run(&["new", "article", "tags/risk/a"]).check(2, "", "`fingerpost new term <facet>/<term>`");
    folder.run(&["new", "term", "a"]).check(2, "", "`fingerpost new term benefit/shared-language`");
    folder.run(&["new", "term", "benefits/a"]).check(2, "", "did you mean `benefit/a`?");
    folder.run(&["new", "track", "a/b"]).check(2, "", "tracks lie side by side");
    folder.run(&["new", "decision", "a/b"]).check(2, "", "decisions lie side by side");
    folder.run(&["new", "article", "decisions/a"]).check(2, "", "`fingerpost new decision <decision>`");
    assert_eq!(fs::read_dir(folder.0.join("content")).unwrap().count(), 2);
}

#[test]
fn schemas_and_completions_are_results() {
    let folder = Folder::new();
    for of in ["article", "term", "site", "decision", "track", "sources", "claims", "glossary"] {
        let run = folder.run(&["schema", of]);
        run.check(0, "https://json-schema.org/draft/2020-12/schema", "");
        serde_json::from_str::<serde_json::Value>(&run.out).unwrap();
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        folder.run(&["completions", shell]).check(0, "fingerpost", "");
    }
}

#[test]
fn a_reader_who_stops_early_is_no_failure() {
    let folder = Folder::new();
    let mut command = folder.command(&["completions", "bash"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn a_flowchart_is_printed_as_the_build_publishes_it() {
    let decision = "---\ntitle: Bake?\nstart: oven\n\
         questions: {oven: {ask: Is there an oven?, answers: [{label: Yes, to: bake}, {label: No, to: buy}]}}\n\
         outcomes: {bake: {title: Bake}, buy: {title: Buy}}\n---\n";
    let folder = Folder::site(&[("content/decisions/bread.md", decision)]);
    assert_eq!(folder.run(&["build"]).code, Some(0));
    let files = [("json", "json"), ("svg", "svg"), ("mermaid", "mmd"), ("dot", "dot")];
    for (format, extension) in files {
        let run = folder.run(&["flowchart", "bread", "--format", format]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert_eq!(run.out, folder.read(&format!("public/decisions/bread.{extension}")));
    }
}
