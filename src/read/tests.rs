//! What is kept up equals what is read anew, after any edits: inputs, findings, and the site that is built of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use proptest::prelude::*;

use super::test_dir::TestDir;
use super::{ChangeSet, Snapshot};
use crate::output::{Body, Output};
use crate::publish::{self, Options};
use crate::source::SourceKind;

/// Paths that edits are made at: of every kind, and folders that are a file's name too.
const PATHS: [&str; 16] = [
    "content/index.md",
    "content/a.md",
    "content/a/index.md",
    "content/a/b.md",
    "content/a/b/c.md",
    "content/a-b.md",
    "content/a/picture.png",
    "content/a/drawing.svg",
    "content/site.yaml",
    "content/glossary.yaml",
    "content/_quiet/a.md",
    "content/.a.md.swp",
    "content/é.md",
    "themes/default/css/x.css",
    "themes/default/templates/_part.html",
    "themes/default/fonts/a.woff2",
];
const FOLDERS: [&str; 6] = ["content/a", "content/a/b", "content/c", "content/_quiet", "themes/default", "themes"];
const TEXTS: [&[u8]; 11] = [
    b"",
    b"# One\n\nTo [[b]] and ![p](a/picture.png).\n",
    b"---\ntitle: Two\naliases: [/old/]\n---\nBody, and [a](a.md).\n",
    b"html: allow\n",
    b"dates: front-matter\ntitle: Site\n",
    b"caf\xe9",
    b"\xff\xfea\0",
    b"<svg><script/></svg>",
    b"<!doctype html>",
    b"assets: {allow: [a/drawing.svg]}\n",
    b"a{color:red}",
];

/// One edit, as numbers into the lists above.
#[derive(Debug, Clone)]
enum Edit {
    Write(usize, usize),
    Remove(usize),
    RemoveFolder(usize),
    Move(usize, usize),
    MoveFolder(usize, usize),
    Link(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let (path, folder) = (0..PATHS.len(), 0..FOLDERS.len());
    prop_oneof![
        6 => (path.clone(), 0..TEXTS.len()).prop_map(|(path, text)| Edit::Write(path, text)),
        2 => path.clone().prop_map(Edit::Remove),
        1 => folder.clone().prop_map(Edit::RemoveFolder),
        2 => (path.clone(), path.clone()).prop_map(|(from, to)| Edit::Move(from, to)),
        2 => (folder.clone(), folder).prop_map(|(from, to)| Edit::MoveFolder(from, to)),
        1 => path.prop_map(Edit::Link),
    ]
}

/// Does an edit, if it can be done, and gives the places that a watcher would name.
fn apply(dir: &TestDir, edit: &Edit) -> Vec<PathBuf> {
    let rename = |from: &str, to: &str| {
        let (from, to) = (dir.at(from), dir.at(to));
        let _ = fs::create_dir_all(to.parent().unwrap());
        let _ = fs::rename(&from, &to);
        vec![from, to]
    };
    match *edit {
        Edit::Write(path, text) => {
            let path = dir.at(PATHS[path]);
            let _ = fs::create_dir_all(path.parent().unwrap());
            // Through a link, another file would be written than the one that is named.
            if path.is_symlink() {
                let _ = fs::remove_file(&path);
            }
            let _ = fs::write(&path, TEXTS[text]);
            vec![path]
        }
        Edit::Remove(path) => {
            let path = dir.at(PATHS[path]);
            let _ = fs::remove_file(&path);
            vec![path]
        }
        Edit::RemoveFolder(folder) => {
            let folder = dir.at(FOLDERS[folder]);
            let _ = fs::remove_dir_all(&folder);
            vec![folder]
        }
        Edit::Move(from, to) => rename(PATHS[from], PATHS[to]),
        Edit::MoveFolder(from, to) => rename(FOLDERS[from], FOLDERS[to]),
        Edit::Link(path) => {
            let path = dir.at(PATHS[path]);
            let _ = fs::create_dir_all(path.parent().unwrap());
            #[cfg(unix)]
            let _ = std::os::unix::fs::symlink("index.md", &path);
            vec![path]
        }
    }
}

/// All that can be told of a folder: its files, dates, findings, and what is built of it.
fn told(folder: &Snapshot) -> (Vec<String>, Vec<String>, BTreeMap<String, Body>) {
    let inputs = folder.inputs();
    let own = inputs.iter().filter(|(_, file)| file.kind != SourceKind::Embedded);
    let files = own.map(|(_, file)| {
        let dates = inputs.dates.get(&file.path);
        format!("{} {:?} {dates:?} {:?}", file.path, file.kind, file.text)
    });
    let mut findings = folder.findings();
    let outputs = Mutex::new(BTreeMap::new());
    let built = publish::build(inputs, &Options::default(), &|Output { path, body }| {
        outputs.lock().unwrap().insert(path, body);
        Ok(())
    });
    findings.extend(built.unwrap().report.findings().iter().cloned());
    let place = |d: &crate::diagnostic::Diagnostic| format!("{}:{}", inputs.get(d.span.source).path, d.span.start);
    let findings = findings.iter().map(|d| format!("{} {} {}", place(d), d.code.id, d.message)).collect();
    (files.collect(), findings, outputs.into_inner().unwrap())
}

#[track_caller]
fn assert_as_new(dir: &TestDir, folder: &Snapshot) {
    let (kept, new) = (told(folder), told(&Snapshot::read(&dir.at("")).unwrap()));
    assert_eq!(kept.0, new.0);
    assert_eq!(kept.1, new.1);
    assert!(kept.2 == new.2, "other outputs");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: Some(Box::new(proptest::test_runner::FileFailurePersistence::Direct("tests/regressions/read.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_folder_kept_up_is_as_one_read_anew(rounds in prop::collection::vec(prop::collection::vec(edit(), 1..5), 1..6)) {
        let dir = TestDir::new();
        fs::create_dir(dir.at("content")).unwrap();
        dir.write("content/index.md", b"# Home\n");
        let mut folder = Snapshot::read(&dir.at("")).unwrap();
        for round in rounds {
            let places: BTreeSet<PathBuf> = round.iter().flat_map(|edit| apply(&dir, edit)).collect();
            folder.refresh(&places).unwrap();
            assert_as_new(&dir, &folder);
        }
    }
}

/// Refreshes a site of one article after its text became `text`, and gives what changed.
#[track_caller]
fn check(path: &str, text: &str, expected: &[&str]) {
    let dir = TestDir::new();
    dir.write("content/a.md", b"# A\n");
    dir.write("content/a.png", b"1");
    let mut folder = Snapshot::read(&dir.at("")).unwrap();
    dir.write(path, text.as_bytes());
    let changed = folder.refresh(&BTreeSet::from([dir.at(path)])).unwrap();
    let files = expected.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(changed, ChangeSet { files, ..ChangeSet::default() });
}

#[test]
fn only_what_may_be_different_counts_as_changed() {
    check("content/a.md", "# B\n", &["content/a.md"]);
    check("content/a.md", "# A\n", &[]);
    check("content/a.png", "1", &["content/a.png"]);
    check("content/b/c.md", "# C\n", &["content/b/c.md"]);
    check("content/.a.md.swp", "x", &[]);
    check("content/_b/a.md", "x", &[]);
    check("public/a.md", "x", &[]);
}

#[test]
fn an_edit_behind_the_beginning_of_an_asset_counts() {
    let dir = TestDir::new();
    let page = format!("<p>{}", "a".repeat(1_000));
    dir.write("content/a.html", page.as_bytes());
    let mut folder = Snapshot::read(&dir.at("")).unwrap();
    dir.write("content/a.html", format!("{page}b").as_bytes());
    let changed = folder.refresh(&BTreeSet::from([dir.at("content/a.html")])).unwrap();
    assert_eq!(changed.files, BTreeSet::from(["content/a.html".to_owned()]));
}

#[test]
#[cfg(unix)]
fn what_lies_behind_a_link_is_not_read() {
    let dir = TestDir::new();
    dir.write("content/a/b.md", b"mine");
    dir.write("secret/b.md", b"secret");
    let mut folder = Snapshot::read(&dir.at("")).unwrap();
    fs::remove_dir_all(dir.at("content/a")).unwrap();
    std::os::unix::fs::symlink("../secret", dir.at("content/a")).unwrap();
    folder.refresh(&BTreeSet::from([dir.at("content/a/b.md")])).unwrap();
    assert!(folder.inputs().find("content/a/b.md").is_none());
    assert_as_new(&dir, &folder);
}

#[test]
fn a_site_that_is_gone_is_a_failure_until_it_is_back() {
    let dir = TestDir::new();
    dir.write("content/a.md", b"a");
    let mut folder = Snapshot::read(&dir.at("")).unwrap();
    fs::rename(dir.at("content"), dir.at("elsewhere")).unwrap();
    folder.refresh(&BTreeSet::from([dir.at("content")])).unwrap_err();
    fs::rename(dir.at("elsewhere"), dir.at("content")).unwrap();
    folder.refresh(&BTreeSet::from([dir.at("content")])).unwrap();
    assert_as_new(&dir, &folder);
}

fn git(dir: &TestDir, folder: &str, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.current_dir(dir.at(folder)).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]);
    git.args(["-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"]).args(arguments);
    git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
    git.stdout(Stdio::null()).stderr(Stdio::null());
    assert!(git.status().unwrap().success(), "git {arguments:?}");
}

#[test]
fn dates_follow_the_commits_of_a_work_tree_and_of_one_beside_it() {
    if Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let dir = TestDir::new();
    dir.write("first/content/a.md", b"# A\n");
    git(&dir, "first", &["init", "-q"]);
    git(&dir, "first", &["add", "."]);
    git(&dir, "first", &["commit", "-q", "-m", "one"]);
    git(&dir, "first", &["worktree", "add", "-q", "-b", "side", "../second"]);
    for name in ["first", "second"] {
        let root = dir.at(name);
        let mut folder = Snapshot::read(&root).unwrap();
        let states = |folder: &Snapshot| {
            let mut files = Vec::new();
            for here in folder.git_folders() {
                files.extend(walkdir::WalkDir::new(here).into_iter().flatten().map(walkdir::DirEntry::into_path));
            }
            files.into_iter().filter(|file| folder.affects(file)).collect::<BTreeSet<_>>()
        };
        assert_eq!(folder.refresh(&states(&folder)).unwrap(), ChangeSet::default());
        dir.write(&format!("{name}/content/b.md"), b"# B\n");
        let places = BTreeSet::from([root.join("content/b.md")]);
        assert!(!folder.refresh(&places).unwrap().dates);
        git(&dir, name, &["add", "."]);
        git(&dir, name, &["commit", "-q", "-m", "two"]);
        assert!(folder.refresh(&states(&folder)).unwrap().dates);
        git(&dir, name, &["pack-refs", "--all"]);
        assert!(!folder.refresh(&states(&folder)).unwrap().dates);
        assert_eq!(folder.inputs().dates.len(), 2);
        let new = Snapshot::read(&root).unwrap();
        assert_eq!(folder.inputs().dates, new.inputs().dates);
    }
}

/// The findings about dates, each with its place.
fn about_dates(folder: &Snapshot) -> Vec<String> {
    let findings = folder.findings().into_iter().filter(|finding| finding.code.id == "FP0707");
    findings.map(|d| format!("{}:{} {}", folder.inputs().get(d.span.source).path, d.span.start, d.message)).collect()
}

#[test]
fn dates_that_are_missed_are_said_until_they_are_there() {
    if Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let dir = TestDir::new();
    dir.write("work/content/a.md", b"# A\n");
    let place = BTreeSet::from([dir.at("work/content/a.md")]);
    let mut folder = Snapshot::read(&dir.at("work")).unwrap();
    assert!(about_dates(&folder).is_empty(), "nobody asked for them");

    dir.write("work/content/site.yaml", b"title: T\ndates: git\n");
    folder.refresh(&BTreeSet::from([dir.at("work/content/site.yaml")])).unwrap();
    let missing = "content/site.yaml:16 no page has dates from git: the site lies in no repository";
    assert_eq!(about_dates(&folder), [missing]);
    folder.refresh(&place).unwrap();
    assert_eq!(about_dates(&folder), [missing]);

    git(&dir, "work", &["init", "-q"]);
    git(&dir, "work", &["add", "."]);
    git(&dir, "work", &["commit", "-q", "-m", "one"]);
    assert!(folder.refresh(&place).unwrap().all);
    assert!(about_dates(&folder).is_empty() && folder.inputs().dates.len() == 2);

    // A shallow clone, which is completed.
    git(&dir, "work", &["commit", "-q", "--allow-empty", "-m", "two"]);
    let url = format!("file://{}", dir.at("work").display());
    git(&dir, "", &["clone", "-q", "--depth", "1", &url, "clone"]);
    let mut folder = Snapshot::read(&dir.at("clone")).unwrap();
    assert_eq!(about_dates(&folder), ["content/site.yaml:16 2 files have no dates from git: the clone is shallow"]);
    git(&dir, "clone", &["fetch", "-q", "--unshallow"]);
    let shallow = dir.at("clone/.git/shallow");
    assert!(folder.affects(&shallow) && folder.refresh(&BTreeSet::from([shallow])).unwrap().dates);
    assert!(about_dates(&folder).is_empty() && folder.inputs().dates.len() == 2);

    dir.write("clone/content/site.yaml", b"title: T\ndates: front-matter\n");
    fs::remove_dir_all(dir.at("clone/.git")).unwrap();
    assert!(about_dates(&Snapshot::read(&dir.at("clone")).unwrap()).is_empty());
}

#[test]
fn the_size_of_a_picture_is_read_and_forgotten_with_it() {
    // The beginning of a PNG of 3 by 2 pixels, and of a GIF of 5 by 4.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0";
    let gif = b"GIF89a\x05\0\x04\0\0\0\0;";
    let dir = TestDir::new();
    dir.write("content/a.png", png);
    dir.write("content/b.gif", gif);
    dir.write("content/c.png", b"\x89PNG broken");
    dir.write("content/d.txt", b"text");
    let mut folder = Snapshot::read(&dir.at("")).unwrap();
    let sizes = |folder: &Snapshot| {
        let sizes = folder.inputs().pictures.iter();
        sizes.map(|(path, size)| format!("{path} {}x{}", size.width, size.height)).collect::<Vec<_>>()
    };
    assert_eq!(sizes(&folder), ["content/a.png 3x2", "content/b.gif 5x4"]);
    fs::remove_file(dir.at("content/b.gif")).unwrap();
    dir.write("content/a.png", b"no picture");
    let places = BTreeSet::from([dir.at("content/a.png"), dir.at("content/b.gif")]);
    folder.refresh(&places).unwrap();
    assert!(sizes(&folder).is_empty());
}
