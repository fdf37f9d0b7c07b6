//! A build that is stopped, or that the disk fails: what is published is the old site or the new one, whole, and the next
//! build equals one that nothing happened to.
//!
//! `FINGERPOST_FAULTS=500 cargo test --test faults` kills and fails more builds than the usual few.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "these tests run the program on folders of their own")]
#![expect(clippy::unwrap_used, reason = "what fails in a test ends it")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

/// Pages of a site whose builds take a while.
const MANY: usize = 300;

/// Pages of any other.
const FEW: usize = 40;

/// Files by their paths.
type Tree = BTreeMap<String, Vec<u8>>;

/// A folder with a site of so many pages in it, removed at the end.
struct Folder(PathBuf, usize);

impl Folder {
    fn new(pages: usize) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("fingerpost-faults-{}-{number}", std::process::id()));
        fs::create_dir_all(folder.join("site/content/notes")).unwrap();
        Self(folder, pages)
    }

    /// A site that is published, and what is published of it.
    fn published(pages: usize, text: &str) -> (Self, Tree) {
        let folder = Self::new(pages);
        folder.write_site(text);
        folder.build();
        let tree = folder.tree();
        (folder, tree)
    }

    fn site(&self) -> PathBuf {
        self.0.join("site")
    }

    /// Pages that all say `text`, and a file that is copied.
    fn write_site(&self, text: &str) {
        let content = self.site().join("content");
        let home = (0..self.1).map(|at| format!("- [[n{at}]]")).collect::<Vec<_>>().join("\n");
        fs::write(content.join("index.md"), format!("# Home {text}\n\n{home}")).unwrap();
        fs::write(content.join("large.bin.png"), text.repeat(40_000)).unwrap();
        for at in 0..self.1 {
            let page = format!("---\ntitle: Page {at} {text}\n---\nSays {text}. See [[n{}]].\n", (at + 1) % self.1);
            fs::write(content.join(format!("notes/n{at}.md")), page).unwrap();
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fingerpost"));
        self.own_memory(&mut command).args(["build", "--root"]).arg(self.site());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Lets a build remember with a key of this folder, as it would outside of CI with the user's.
    fn own_memory<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env_remove("CI").env("XDG_CACHE_HOME", self.0.join("cache"))
    }

    /// A build that nothing stops.
    #[track_caller]
    fn build(&self) {
        let output = self.command().stderr(Stdio::piped()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let beside = fs::read_dir(self.site()).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> =
            beside.filter(|name| !["content", "public", ".fingerpost"].iter().any(|own| name == own)).collect();
        assert!(left.is_empty(), "{left:?} is left beside the site's own folders");
    }

    /// A build through a shell that sets its limits.
    fn limited(&self, limits: &str) -> Output {
        let mut command = Command::new("sh");
        self.own_memory(&mut command).args(["-c", &format!("{limits}; exec \"$0\" build --root \"$1\"")]);
        command.arg(env!("CARGO_BIN_EXE_fingerpost")).arg(self.site()).stdin(Stdio::null()).output().unwrap()
    }

    /// What is published.
    fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        let public = self.site().join("public");
        collect(&public, &public, &mut tree);
        tree
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn collect(root: &Path, folder: &Path, tree: &mut Tree) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, tree);
        } else {
            tree.insert(path.strip_prefix(root).unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
        }
    }
}

/// Two trees are one; else the first path that differs.
#[track_caller]
fn check_equal(tree: &Tree, expected: &Tree) {
    assert!(tree.keys().eq(expected.keys()), "other files are there");
    let differs = tree.iter().find(|(path, bytes)| expected[*path] != **bytes);
    assert!(differs.is_none(), "{} is another", differs.unwrap().0);
}

/// Tells who looks at what tests print (`--nocapture`).
#[expect(clippy::print_stdout, reason = "a test that is skipped, or that counts, says so")]
fn say(line: &str) {
    println!("{line}");
}

/// How often to try something that is tried `usually` so often.
fn times(usually: u32) -> u32 {
    std::env::var("FINGERPOST_FAULTS").ok().map_or(usually, |times| times.parse().unwrap())
}

#[test]
fn a_build_that_is_killed_leaves_the_old_site_or_the_new_one() {
    let (folder, old) = Folder::published(MANY, "old");
    folder.write_site("new");
    let start = Instant::now();
    folder.build();
    let took = start.elapsed();
    let new = Folder::published(MANY, "new").1;
    check_equal(&folder.tree(), &new);
    // What is published, and what the next build would publish.
    let (mut now, mut next) = (("new", &new), ("old", &old));
    let (mut kept, mut exchanged, mut ended) = (0, 0, 0);
    let count = times(8);
    for round in 0..count {
        folder.write_site(next.0);
        // Spread evenly over the time of a build and a little more, in an order that looks drawn by lot.
        let moment = (round * 7 + 3) % count;
        let mut child = folder.command().spawn().unwrap();
        thread::sleep(took * moment / count + took / 20);
        ended += u32::from(child.try_wait().unwrap().is_some());
        child.kill().unwrap();
        child.wait().unwrap();
        let tree = folder.tree();
        if tree == *now.1 {
            kept += 1;
        } else {
            exchanged += 1;
            check_equal(&tree, next.1);
        }
        // Every third time, the next build has to bring everything in order.
        if round % 3 == 0 {
            folder.build();
            check_equal(&folder.tree(), next.1);
            (now, next) = (next, now);
        } else if tree != *now.1 {
            (now, next) = (next, now);
        }
    }
    let killed = format!("killed {count} times, in a build of {} ms", took.as_millis());
    say(&format!("{killed}: {kept} kept the old site, {exchanged} had the new one, {ended} were over before"));
    assert!(kept > 0, "no build was killed before its end");
    folder.write_site("new");
    folder.build();
    check_equal(&folder.tree(), &new);
}

#[test]
fn a_build_whose_files_the_disk_refuses_leaves_the_old_site() {
    let (folder, old) = Folder::published(FEW, "old");
    folder.write_site("new");
    // In blocks of 512 or 1024 bytes: from a few pages to all but the largest files.
    let mut refused = 0;
    for blocks in [0, 4, 8, 16, 64] {
        let run = folder.limited(&format!("trap '' XFSZ; ulimit -f {blocks}"));
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(!said.contains("panicked"), "{said}");
        if run.status.success() {
            continue;
        }
        refused += 1;
        assert_eq!(run.status.code(), Some(2), "{said}");
        assert!(said.contains("error: cannot "), "{said}");
        check_equal(&folder.tree(), &old);
    }
    assert!(refused > 2, "the limits were too high");
    folder.build();
    check_equal(&folder.tree(), &Folder::published(FEW, "new").1);
}

#[test]
fn a_build_that_may_open_few_files_ends_with_a_message_or_in_order() {
    let (folder, old) = Folder::published(FEW, "old");
    let new = Folder::published(FEW, "new").1;
    folder.write_site("new");
    for files in [3, 8, 20] {
        let run = folder.limited(&format!("ulimit -n {files}"));
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(!said.contains("panicked"), "{said}");
        check_equal(&folder.tree(), if run.status.success() { &new } else { &old });
        if run.status.success() {
            folder.write_site("old");
            folder.build();
            folder.write_site("new");
        }
    }
    folder.build();
    check_equal(&folder.tree(), &new);
}

#[test]
fn an_output_that_may_not_be_written_stays() {
    let (folder, old) = Folder::published(FEW, "old");
    folder.write_site("new");
    let mode = |mode| fs::set_permissions(folder.site(), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    if fs::write(folder.site().join("probe"), "").is_ok() {
        fs::remove_file(folder.site().join("probe")).unwrap();
        mode(0o755);
        say("skipped: whoever runs this may write to folders that nobody may");
        return;
    }
    let run = folder.command().stderr(Stdio::piped()).output().unwrap();
    mode(0o755);
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains("error: cannot "), "{said}");
    check_equal(&folder.tree(), &old);
}

#[test]
fn files_that_change_while_they_are_read_do_no_harm() {
    let (folder, _) = Folder::published(FEW, "old");
    let content = folder.site().join("content");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for at in (0..FEW).cycle() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                // Half written, gone, a folder, or there again.
                let path = content.join(format!("notes/n{at}.md"));
                let _ = match at % 4 {
                    0 => fs::write(&path, "---\ntitle: Half wr"),
                    1 => fs::remove_file(&path),
                    2 => fs::remove_file(&path).and_then(|()| fs::create_dir(&path)),
                    _ => fs::write(&path, format!("# Page {at}\n\nAnother text.\n")),
                };
                let _ = fs::write(content.join("large.bin.png"), at.to_string().repeat(10_000 + at));
                let _ = fs::remove_dir(content.join(format!("notes/n{}.md", (at + FEW - 15) % FEW)));
            }
        });
        for _ in 0..times(3) {
            let run = folder.command().stderr(Stdio::piped()).output().unwrap();
            let said = String::from_utf8_lossy(&run.stderr).into_owned();
            assert!(matches!(run.status.code(), Some(0..=2)) && !said.contains("panicked"), "{said}");
        }
        stop.store(true, Ordering::Relaxed);
    });
    fs::remove_dir_all(&content).unwrap();
    fs::create_dir_all(content.join("notes")).unwrap();
    folder.write_site("new");
    folder.build();
    check_equal(&folder.tree(), &Folder::published(FEW, "new").1);
}

/// Needs to mount a small file system, which not everybody may: a namespace of one's own is tried.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_the_old_site() {
    let folder = Folder::new(FEW);
    let (new, old) = (Folder::published(FEW, "new"), Folder::published(FEW, "old"));
    let script = r#"
        set -e
        mount -t tmpfs -o size=48m tmpfs "$2"/site 2>/dev/null || exit 77
        cp -r "$4"/site/content "$2"/site/
        "$1" build --root "$2"/site
        cp -r "$2"/site/public "$2"/before
        rm -r "$2"/site/content
        cp -r "$3"/site/content "$2"/site/
        dd if=/dev/zero of="$2"/site/filler bs=4096 2>/dev/null || true
        for free in 0 1 4 16 64 256; do
            truncate -s "-$((free * 4096))" "$2"/site/filler
            code=0
            "$1" build --root "$2"/site 2>"$2"/said || code=$?
            [ "$code" = 0 ] && break
            [ "$code" = 2 ] && grep -q "error: cannot " "$2"/said || { cat "$2"/said >&2; exit 3; }
            diff -r "$2"/before "$2"/site/public >&2 || exit 4
            echo "refused with $free"
        done
        rm "$2"/site/filler
        "$1" build --root "$2"/site
        diff -r "$3"/site/public "$2"/site/public >&2 || exit 5
    "#;
    let mut command = Command::new("unshare");
    folder.own_memory(&mut command).args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]);
    command.arg(env!("CARGO_BIN_EXE_fingerpost")).args([&folder.0, &new.0.0, &old.0.0]);
    let Ok(run) = command.stdin(Stdio::null()).output() else {
        say("skipped: there is no `unshare`");
        return;
    };
    let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    if run.status.code() == Some(77) || said.contains("unshare: ") {
        say(&format!("skipped: no file system can be mounted here: {said}"));
        return;
    }
    assert!(run.status.success(), "{:?}: {said}", run.status);
    assert!(said.contains("refused with 0"), "the disk was not full: {said}");
}
