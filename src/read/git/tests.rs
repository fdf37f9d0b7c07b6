//! Dates from real repositories, hostile ones among them.

use super::super::test_dir::TestDir;
use super::*;

/// Reads a log in which `|` stands for NUL, in a clone that ends at the commit `end`.
#[track_caller]
fn check(log: &str, end: &str, expected: &[(&str, &str, &str)]) {
    let read = Log::read(log.replace('|', "\0").as_bytes(), BTreeSet::from([end.to_owned()])).unwrap();
    let read = read.into_history().dates;
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

/// What is shown of the subjects of a log.
#[track_caller]
fn check_subjects(log: &[u8], expected: &[(&str, &str)]) {
    let read = Log::read(log, BTreeSet::new()).unwrap().into_history().dates;
    let read: Vec<_> = read.iter().map(|(path, at)| (path.as_str(), at.subject.as_str())).collect();
    assert_eq!(read, expected);
}

#[test]
fn a_file_has_the_subject_of_its_newest_commit_in_words_that_can_be_shown() {
    let log = b"\0c 2026-03-01 Salt,  again\x1b[31m   \0\na\0\0\0b 2026-04-01 Late \xff\0\nb\0\0\0a 2026-01-01 First\0\na\0b\0";
    check_subjects(log, &[("a", "Salt, again[31m"), ("b", "Late \u{fffd}")]);
    let log = format!("\0a 2026-01-01 {}\0\na\0", "long ".repeat(40));
    check_subjects(log.as_bytes(), &[("a", &format!("{}long…", "long ".repeat(23)))]);
    check_subjects("\0a 2026-01-01 ab\u{202e}c\0\na\0".as_bytes(), &[("a", "abc")]);
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

/// The prefix of a site, and `path first last subject` of each file.
fn dates(dir: &TestDir, root: &str) -> Option<(String, Vec<String>)> {
    let root = dir.at(root);
    let tree = WorkTree::around(&root)?;
    let row = |(path, at): (String, CommitDates)| format!("{path} {} {} {}", at.first, at.last, at.subject);
    let dates = tree.history(&root).dates.into_iter().map(row).collect();
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
        "content/a.md 2026-01-01 2026-03-03 two".to_owned(),
        "content/side.md 2026-02-02 2026-02-02 side".to_owned(),
        format!("{} 2026-01-01 2026-01-01 one", odd.strip_prefix("site/").unwrap()),
    ];
    assert_eq!(dates(&dir, "work/site"), Some(("site/".to_owned(), expected.clone())));
    git(&dir, "work", "2026-04-04", &["worktree", "add", "-q", "--detach", "../second"]);
    assert_eq!(dates(&dir, "second/site"), Some(("site/".to_owned(), expected)));

    let url = format!("file://{}", dir.at("work").display());
    git(&dir, "", "2026-05-05", &["clone", "-q", "--depth", "1", &url, "shallow"]);
    assert_eq!(dates(&dir, "shallow/site"), Some(("site/".to_owned(), Vec::new())));
    assert_eq!(asked(&dir, "shallow/site", &[]).problem, Some(Problem::Shallow(3)));
}

/// A repository `work` of one commit with `content/a.md`; none where there is no git.
fn repository() -> Option<TestDir> {
    Command::new("git").arg("--version").output().ok()?;
    let dir = TestDir::new();
    dir.write("work/content/a.md", b"one");
    for arguments in [&["init", "-q"][..], &["add", "."], &["commit", "-q", "-m", "one"]] {
        git(&dir, "work", "2026-01-01", arguments);
    }
    Some(dir)
}

fn configure(dir: &TestDir, settings: &[(&str, &str)]) {
    for (name, value) in settings {
        git(dir, "work", "2026-01-01", &["config", name, value]);
    }
}

/// What git says with these variables (an empty one is taken away), with the settings of nobody.
fn asked(dir: &TestDir, root: &str, variables: &[(&str, &str)]) -> History {
    let root = dir.at(root);
    let mut git = log(&root);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for (name, value) in variables {
        if value.is_empty() {
            git.env_remove(name)
        } else {
            git.env(name, value)
        };
    }
    WorkTree::around(&root).unwrap().ask(git, &root, LIMITS)
}

#[track_caller]
fn assert_has_dates(history: &History) {
    assert_eq!((history.dates.len(), &history.problem), (1, &None));
}

#[test]
fn why_there_are_no_dates_is_known() {
    let Some(dir) = repository() else { return };
    assert_has_dates(&asked(&dir, "work", &[]));
    let problem = |variables| asked(&dir, "work", variables).problem;
    assert_eq!(problem(&[("PATH", "/nowhere")]), Some(Problem::NotInstalled));
    assert_eq!(problem(&[("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")]), Some(Problem::Refused));
    configure(&dir, &[("diff.algorithm", "guess")]);
    let Some(Problem::Failed(why)) = problem(&[]) else { panic!("{:?}", problem(&[])) };
    assert!(why.contains("diff.algorithm"), "{why}");

    dir.write("work/.git/HEAD", b"");
    assert!(matches!(problem(&[]), Some(Problem::Failed(_) | Problem::NoRepository)));
    let Some(dir) = repository() else { return };
    git(&dir, "work", "2026-01-01", &["checkout", "-q", "--orphan", "empty"]);
    assert_eq!(asked(&dir, "work", &[]), History::default(), "nothing is committed yet");
}

#[test]
fn programs_that_a_repository_names_are_not_run() {
    let Some(dir) = repository() else { return };
    let marker = dir.at("marker").display().to_string();
    let run = format!("touch {marker}; true");
    configure(
        &dir,
        &[
            ("core.fsmonitor", &run),
            ("core.pager", &run),
            ("pager.log", &run),
            ("core.sshCommand", &run),
            ("core.askPass", &run),
            ("credential.helper", &run),
            ("diff.external", &run),
            ("diff.own.command", &run),
            ("diff.own.textconv", &run),
            ("filter.own.clean", &run),
            ("gpg.program", &run),
            ("log.showSignature", "true"),
            ("alias.log", &format!("!{run}")),
        ],
    );
    dir.write("work/.gitattributes", b"* diff=own filter=own\n");
    assert_has_dates(&asked(&dir, "work", &[]));
    assert!(!dir.at("marker").exists());
}

#[test]
#[cfg(unix)]
fn nothing_is_fetched_where_a_clone_is_partial() {
    let Some(dir) = repository() else { return };
    let marker = dir.at("marker").display().to_string();
    configure(
        &dir,
        &[
            ("core.repositoryFormatVersion", "1"),
            ("extensions.partialClone", "origin"),
            ("remote.origin.promisor", "true"),
            ("remote.origin.url", &format!("ext::sh -c touch% {marker}")),
            ("protocol.ext.allow", "always"),
            ("protocol.allow", "always"),
        ],
    );
    // The tree of the commit is taken away, as if it were still to come.
    let tree = Command::new("git").current_dir(dir.at("work")).args(["rev-parse", "HEAD^{tree}"]).output().unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    let (folder, name) = tree.trim().split_at(2);
    fs::remove_file(dir.at("work/.git/objects").join(folder).join(name)).unwrap();
    // Versions before 2.44 do not know the first, and whatever the second does is enough.
    for without in ["GIT_NO_LAZY_FETCH", "GIT_ALLOW_PROTOCOL", "NOTHING"] {
        let history = asked(&dir, "work", &[(without, "")]);
        assert!(matches!(history.problem, Some(Problem::Failed(_))), "{history:?}");
        assert!(!dir.at("marker").exists(), "without {without}");
    }
    let mut open = Command::new("git");
    open.current_dir(dir.at("work")).args(["log", "--name-only"]).env_remove("GIT_NO_LAZY_FETCH");
    let _ = open.env_remove("GIT_ALLOW_PROTOCOL").output().unwrap();
    assert!(dir.at("marker").exists(), "the repository would do it");
}

#[test]
#[cfg(unix)]
fn pipes_in_a_repository_are_not_waited_for() {
    let Some(dir) = repository() else { return };
    let pipe = |path: &str| assert!(Command::new("mkfifo").arg(dir.at(path)).status().unwrap().success());
    pipe("pipe");
    let path = dir.at("pipe").display().to_string();
    let names = ["diff.orderFile", "core.attributesFile", "core.excludesFile", "mailmap.file"];
    configure(&dir, &names.map(|name| (name, path.as_str())));
    configure(&dir, &[("i18n.logOutputEncoding", "UTF-16"), ("log.mailmap", "true")]);
    pipe("work/.mailmap");
    assert_has_dates(&asked(&dir, "work", &[]));

    // This one cannot be closed.
    configure(&dir, &[("include.path", &path)]);
    let root = dir.at("work");
    let limits = Limits { silence: Duration::from_millis(200), ..LIMITS };
    let history = WorkTree::around(&root).unwrap().ask(log(&root), &root, limits);
    assert_eq!(history.problem, Some(Problem::TooSlow(limits.silence)));

    let names =
        ["commit-graph", "commit-graphs/commit-graph-chain", "alternates"].map(|name| format!("objects/info/{name}"));
    let others = ["objects/pack/multi-pack-index", "refs/heads/main", "refs/replace/a"].map(str::to_owned);
    for name in names.into_iter().chain(others) {
        let place = format!("work/.git/{name}");
        fs::create_dir_all(dir.at(&place).parent().unwrap()).unwrap();
        let _ = fs::rename(dir.at(&place), dir.at("former"));
        pipe(&place);
        let found = WorkTree::around(&root).unwrap().history(&root).problem;
        assert_eq!(found, Some(Problem::NoFile(name)));
        fs::remove_file(dir.at(&place)).unwrap();
        let _ = fs::rename(dir.at("former"), dir.at(&place));
    }

    for name in ["packed-refs", "config", "HEAD"] {
        let _ = fs::remove_file(dir.at("work/.git").join(name));
        pipe(&format!("work/.git/{name}"));
        let tree = WorkTree::around(&root).unwrap();
        let found = tree.history(&root).problem;
        assert_eq!(found, Some(Problem::NoFile(name.to_owned())));
        let _ = tree.state();
    }
    fs::remove_dir_all(dir.at("work/.git")).unwrap();
    pipe("work/.git");
    assert!(WorkTree::around(&root).is_none());
}

#[test]
fn what_is_larger_than_any_history_is_not_read() {
    let log = format!("\0c 2026-03-01\0\n{}\0", "a".repeat(100_000));
    assert!(Log::read(log.as_bytes(), BTreeSet::new()).is_err());
}

#[test]
fn a_folder_named_git_is_no_repository() {
    let dir = TestDir::new();
    dir.write("site/.git/notes", b"");
    assert!(WorkTree::around(&dir.at("site")).is_none());
}

#[test]
#[cfg(unix)]
fn a_pipe_in_a_repository_is_named_also_where_nobody_asks_for_dates() {
    let Some(dir) = repository() else { return };
    let findings = || super::super::Snapshot::read(&dir.at("work")).unwrap().findings();
    assert_eq!(findings(), []);
    dir.pipe("work/.git/objects/info/commit-graph");
    let found: Vec<_> = findings().into_iter().map(|finding| (finding.code.id, finding.message)).collect();
    let message = "no page has dates from git: `objects/info/commit-graph` in its folder is no file";
    assert_eq!(found, [("FP0707", message.to_owned())]);
}
