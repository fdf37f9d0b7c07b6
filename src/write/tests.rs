//! The promises of this room, each as a build or two in a temporary folder.

use super::*;
use crate::memory::Key;
use crate::read::test_dir::TestDir;

/// A site with nothing published yet.
struct Site(TestDir);

impl Site {
    fn new() -> Self {
        let dir = TestDir::new();
        dir.write("site/content/picture.png", "pixels");
        Self(dir)
    }

    fn target(&self) -> Target {
        let cache = Some(self.0.at("cache"));
        Target { cache, ..Target::plain(self.0.at("site"), self.0.at("site/public")) }
    }

    fn begin(&self, force: bool) -> Result<Staging, Failure> {
        Staging::begin(Target { force, ..self.target() })
    }

    /// A whole build of files with these paths and texts.
    fn build(&self, files: &[(&str, &str)]) -> Result<Published, Failure> {
        self.build_with(files, false)
    }

    fn build_with(&self, files: &[(&str, &str)], force: bool) -> Result<Published, Failure> {
        build_to(files, Target { force, ..self.target() })
    }

    fn public(&self, path: &str, text: &str) {
        self.0.write(&format!("site/public/{path}"), text);
    }

    /// What is published.
    fn published(&self) -> Vec<String> {
        self.0.tree("site/public")
    }

    /// Where the file `name` of this site's memory lies.
    fn memory(&self, name: &str) -> String {
        let folders = std::fs::read_dir(self.0.at("site/.fingerpost")).unwrap().flatten();
        let mut folders = folders.filter(|entry| entry.file_type().unwrap().is_dir());
        let folder = folders.next().unwrap().file_name().into_string().unwrap();
        assert!(folders.next().is_none(), "an output has one folder");
        format!("site/.fingerpost/{folder}/{name}")
    }

    /// The files beside the output that builds left.
    fn leftovers(&self) -> Vec<String> {
        let all = self.0.tree("site");
        all.into_iter().filter(|path| path.starts_with(".public")).collect()
    }
}

fn bytes(path: &str, text: &str) -> Output {
    Output { path: path.to_owned(), body: Body::Bytes(text.as_bytes().to_vec()) }
}

fn copy(path: &str, source: &str) -> Output {
    Output { path: path.to_owned(), body: Body::Copy(source.to_owned()) }
}

/// A whole build of files with these paths and texts.
fn build_to(files: &[(&str, &str)], target: Target) -> Result<Published, Failure> {
    let staging = Staging::begin(target)?;
    for (path, text) in files {
        staging.put(&bytes(path, text))?;
    }
    staging.commit(b"")
}

/// Publishes `first`, lets `meddle` loose on the folder, publishes `second`, and compares what is there then.
#[track_caller]
fn check(first: &[(&str, &str)], meddle: impl Fn(&Site), second: &[(&str, &str)], expected: &[&str]) {
    let site = Site::new();
    site.build(first).unwrap();
    meddle(&site);
    site.build(second).unwrap();
    assert_eq!(site.published(), expected);
    assert_eq!(site.leftovers(), [""; 0]);
}

/// Meddles with a published `index.html`, then expects the next build to fail with a message that ends so, and to
/// change nothing.
#[track_caller]
fn check_refused(meddle: impl Fn(&Site), next: &[(&str, &str)], message: &str) {
    let site = Site::new();
    site.build(&[("index.html", "one")]).unwrap();
    meddle(&site);
    let before = site.0.tree("site");
    let failure = site.build(next).unwrap_err();
    assert!(failure.message.ends_with(message), "{failure}");
    assert_eq!(site.0.tree("site"), before);
}

#[test]
fn the_first_build_makes_the_folder_and_remembers_it_beside_the_content() {
    let site = Site::new();
    let published = site.build(&[("a/index.html", "a"), ("index.html", "abc")]).unwrap();
    let notes = Vec::new();
    assert_eq!(published, Published { files: 2, written: 2, unchanged: 0, removed: 0, bytes: 4, notes });
    assert_eq!(site.published(), ["a/", "a/index.html: a", "index.html: abc"]);
    let hash = |text: &str| blake3::hash(text.as_bytes());
    let expected =
        format!("fingerpost manifest 2, 2 files\n{} 1 a/index.html\n{} 3 index.html\n", hash("a"), hash("abc"));
    let sealed = site.0.read(&site.memory("manifest"));
    assert_eq!(sealed.strip_prefix(&expected).map(str::len), Some(65), "{sealed}");
    assert_eq!(site.0.read("site/.fingerpost/.gitignore"), "*\n");
    assert_eq!(site.leftovers(), [""; 0]);
}

#[test]
fn folders_on_the_way_to_the_output_are_made() {
    let dir = TestDir::new();
    Staging::begin(Target::plain(dir.at(""), dir.at("a/b/public"))).unwrap().commit(b"").unwrap();
    assert_eq!(dir.tree(""), ["a/", "a/b/", "a/b/public/"]);
}

#[test]
fn the_manifest_is_the_same_whatever_the_threads() {
    let files: Vec<_> = (0..200).map(|i| bytes(&format!("{}/{i}.html", i % 7), &i.to_string())).collect();
    let manifest = |threads: usize| {
        let site = Site::new();
        let staging = site.begin(false).unwrap();
        std::thread::scope(|scope| {
            for part in files.chunks(files.len() / threads) {
                scope.spawn(|| part.iter().for_each(|file| staging.put(file).unwrap()));
            }
        });
        assert_eq!(staging.commit(b"").unwrap().files, files.len());
        let sealed = site.0.read(&site.memory("manifest"));
        sealed.rsplit_once('\n').unwrap().0.rsplit_once('\n').unwrap().0.to_owned()
    };
    assert_eq!(manifest(1), manifest(8));
}

#[test]
fn a_page_that_is_gone_or_changed_is_gone_or_changed_there() {
    check(
        &[("a/index.html", "a"), ("b/c/index.html", "c"), ("index.html", "one")],
        |_| {},
        &[("a/index.html", "a"), ("index.html", "two")],
        &["a/", "a/index.html: a", "index.html: two"],
    );
    check(&[("a", "file")], |_| {}, &[("a/index.html", "folder")], &["a/", "a/index.html: folder"]);
    check(&[("a/index.html", "folder")], |_| {}, &[("a", "file")], &["a: file"]);
}

#[test]
fn the_counts_say_what_was_done() {
    let site = Site::new();
    site.build(&[("same", "same"), ("changed", "one"), ("gone", "")]).unwrap();
    let published = site.build(&[("same", "same"), ("changed", "two"), ("new", "")]).unwrap();
    assert_eq!(published, Published { files: 3, written: 2, unchanged: 1, removed: 1, bytes: 7, notes: vec![] });
}

#[test]
fn an_unchanged_file_keeps_its_time() {
    let site = Site::new();
    let build = || {
        let staging = site.begin(false).unwrap();
        staging.put(&bytes("index.html", "home")).unwrap();
        staging.put(&copy("picture.png", "content/picture.png")).unwrap();
        staging.commit(b"").unwrap()
    };
    build();
    let times = ["index.html", "picture.png"].map(|path| site.0.age(&format!("site/public/{path}")));
    assert_eq!(build().unchanged, 2);
    let now = ["index.html", "picture.png"].map(|path| site.0.modified(&format!("site/public/{path}")));
    assert_eq!(now, times);
}

#[test]
#[cfg(unix)]
fn where_nothing_is_new_the_folder_stays_the_same_one() {
    use std::os::unix::fs::MetadataExt;
    let site = Site::new();
    let folder = || std::fs::metadata(site.0.at("site/public")).unwrap().ino();
    let files = [("a/index.html", "a"), ("index.html", "home")];
    site.build(&files).unwrap();
    site.public("note.txt", "mine");
    let before = folder();
    let published = site.build(&files).unwrap();
    let notes = vec![published.notes[0].clone()];
    assert_eq!(published, Published { files: 2, written: 0, unchanged: 2, removed: 0, bytes: 5, notes });
    assert_eq!((folder(), site.leftovers()), (before, vec![]));
    site.build(&files[..1]).unwrap();
    assert_ne!(folder(), before, "a page that is gone is something new");
    assert_eq!(site.published(), ["a/", "a/index.html: a", "note.txt: mine"]);
}

#[test]
fn a_published_file_that_was_tampered_with_comes_out_right() {
    let meddle = |site: &Site| {
        let time = site.0.modified("site/public/index.html");
        site.public("index.html", "hone");
        let file = std::fs::File::options().write(true).open(site.0.at("site/public/index.html")).unwrap();
        file.set_modified(time).unwrap();
        site.public("longer", "edited");
        std::fs::remove_file(site.0.at("site/public/missing")).unwrap();
    };
    let files = [("index.html", "home"), ("longer", "edit"), ("missing", "here")];
    check(&files, meddle, &files, &["index.html: home", "longer: edit", "missing: here"]);
}

#[test]
fn an_asset_is_copied_from_the_site_and_only_from_there() {
    let site = Site::new();
    site.0.write("secret", "secret");
    let staging = site.begin(false).unwrap();
    staging.put(&copy("a/picture.png", "content/picture.png")).unwrap();
    assert_eq!(staging.commit(b"").unwrap().bytes, 6);
    assert_eq!(site.published(), ["a/", "a/picture.png: pixels"]);
    site.begin(false).unwrap().put(&copy("a/secret", "../secret")).unwrap_err();
}

#[test]
fn foreign_files_links_and_empty_folders_survive() {
    let meddle = |site: &Site| {
        site.public("a/note.txt", "mine");
        site.public("mine/deep/file", "mine");
        std::fs::create_dir_all(site.0.at("site/public/empty/er")).unwrap();
    };
    let kept = ["a/", "a/note.txt: mine", "empty/", "empty/er/", "index.html: two", "mine/", "mine/deep/"];
    let mut kept = kept.to_vec();
    kept.push("mine/deep/file: mine");
    check(&[("a/index.html", "a"), ("index.html", "one")], meddle, &[("index.html", "two")], &kept);
}

#[test]
fn a_foreign_file_survives_many_builds_with_its_time() {
    let site = Site::new();
    site.build(&[]).unwrap();
    site.public("note.txt", "mine");
    let time = site.0.age("site/public/note.txt");
    for text in ["one", "two", "three"] {
        site.build(&[("index.html", text)]).unwrap();
    }
    assert_eq!(site.published(), ["index.html: three", "note.txt: mine"]);
    assert_eq!(site.0.modified("site/public/note.txt"), time);
}

#[test]
fn a_foreign_file_at_a_path_of_the_site_is_not_overwritten() {
    let meddle = |site: &Site| site.public("about.html", "mine");
    let message = "public/about.html was not written by Fingerpost, but the site has a file there";
    check_refused(meddle, &[("about.html", "ours")], message);
    let message = "public/about.html was not written by Fingerpost and is in the way of the site";
    check_refused(meddle, &[("about.html/index.html", "ours")], message);
}

#[test]
fn a_folder_that_was_never_published_to_needs_force() {
    let site = Site::new();
    site.public("index.html", "mine");
    site.public("thesis.txt", "mine");
    let failure = site.build(&[("index.html", "ours")]).unwrap_err();
    assert!(
        failure.message.contains("2 files (index.html, thesis.txt) that Fingerpost does not know as its own"),
        "{failure}"
    );
    assert!(failure.help.unwrap().contains("`--force`"));
    assert_eq!(site.0.tree("site/public"), ["index.html: mine", "thesis.txt: mine"]);

    site.build_with(&[("index.html", "ours")], true).unwrap();
    assert_eq!(site.published(), ["index.html: ours", "thesis.txt: mine"]);
    site.build(&[]).unwrap();
    assert_eq!(site.published(), ["thesis.txt: mine"]);
}

#[test]
fn an_empty_folder_needs_no_force_and_keeps_its_permissions() {
    let site = Site::new();
    std::fs::create_dir(site.0.at("site/public")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = || std::fs::metadata(site.0.at("site/public")).unwrap().permissions().mode() & 0o7777;
        std::fs::set_permissions(site.0.at("site/public"), std::fs::Permissions::from_mode(0o2751)).unwrap();
        site.build(&[("index.html", "")]).unwrap();
        assert_eq!(mode(), 0o2751);
    }
    site.build(&[("index.html", "home")]).unwrap();
    assert_eq!(site.published(), ["index.html: home"]);
}

#[test]
fn a_build_that_is_dropped_changes_nothing_and_leaves_nothing() {
    let site = Site::new();
    site.build(&[("index.html", "one")]).unwrap();
    let before = site.0.tree("site");
    let staging = site.begin(false).unwrap();
    staging.put(&bytes("index.html", "two")).unwrap();
    staging.put(&bytes("new/index.html", "new")).unwrap();
    assert_eq!(site.leftovers().iter().filter(|path| path.ends_with("index.html: two")).count(), 1);
    drop(staging);
    assert_eq!(site.0.tree("site"), before);
}

#[test]
fn what_a_killed_build_left_is_cleared_by_the_next() {
    let meddle = |site: &Site| {
        site.0.write("site/.public.fingerpost-1/index.html", "half");
        site.0.write("site/.public.fingerpost.lock", "fingerpost build 1\n");
    };
    check(&[("index.html", "one")], meddle, &[("index.html", "two")], &["index.html: two"]);
}

#[test]
fn a_folder_that_is_only_called_like_a_killed_build_s_stays() {
    let site = Site::new();
    for lock in ["", "fingerpost build 1\n", "mine"] {
        site.0.write("site/.public.fingerpost-99999/notes", "mine");
        site.0.write("site/.public.fingerpost-99999.former/notes", "mine");
        site.0.write("site/.public.fingerpost.lock", lock);
        site.build(&[("index.html", lock)]).unwrap();
        assert_eq!(site.published(), [format!("index.html: {lock}")]);
        for folder in ["site/.public.fingerpost-99999", "site/.public.fingerpost-99999.former"] {
            assert_eq!(site.0.tree(folder), ["notes: mine"], "{lock}");
        }
    }
}

#[test]
fn a_put_that_fails_fails_the_build_even_if_the_caller_goes_on() {
    let site = Site::new();
    site.build(&[("index.html", "one")]).unwrap();
    let before = site.0.tree("site");
    let staging = site.begin(false).unwrap();
    staging.put(&bytes("index.html", "two")).unwrap();
    staging.put(&copy("missing", "content/missing")).unwrap_err();
    staging.commit(b"").unwrap_err();
    assert_eq!(site.0.tree("site"), before);
}

#[test]
fn a_path_that_is_put_twice_fails_and_never_damages_what_is_published() {
    let twice = [("index.html", "one"), ("index.html", "two")];
    let site = Site::new();
    site.build(&twice[..1]).unwrap();
    let failure = site.build(&twice).unwrap_err();
    assert!(failure.help.unwrap().starts_with("two files of the site have this path"));
    assert_eq!(site.published(), ["index.html: one"]);
}

#[test]
fn paths_that_lead_out_of_the_output_are_never_written() {
    let site = Site::new();
    for path in ["../escaped", "/tmp/fingerpost-escaped", "a/../../escaped", "..\\escaped", "a//b", "", "nul\0"] {
        site.build(&[(path, "")]).unwrap_err();
    }
    assert_eq!(site.0.tree(""), ["site/", "site/content/", "site/content/picture.png: pixels"]);
}

#[test]
fn an_output_inside_the_content_is_refused_before_anything_is_made() {
    let site = Site::new();
    let target = Target { output: site.0.at("site/content/public"), force: true, ..site.target() };
    let failure = Staging::begin(target).unwrap_err();
    assert!(failure.message.ends_with("it lies inside the site's `content` folder"), "{failure}");
    assert_eq!(site.0.tree("site"), ["content/", "content/picture.png: pixels"]);
}

#[test]
fn of_two_builds_at_once_the_second_is_turned_away() {
    let site = Site::new();
    let first = site.begin(false).unwrap();
    first.put(&bytes("index.html", "first")).unwrap();
    let failure = site.begin(true).unwrap_err();
    assert!(failure.message.starts_with("another build is publishing to "), "{failure}");
    first.commit(b"").unwrap();
    assert_eq!(site.published(), ["index.html: first"]);
    site.build(&[("index.html", "second")]).unwrap();
    assert_eq!(site.published(), ["index.html: second"]);
}

// What lies in the output is not believed.

impl Site {
    /// A file with the seal of a key that somebody else has.
    fn forge(&self, name: &str, body: &[u8]) {
        let theirs = Key::create(&self.0.at("theirs"), &self.0.at("site")).unwrap();
        let place = [&b"site"[..], b"public"].join(&0);
        let kind = if name == "trace" { "trace" } else { "manifest" };
        let seal = theirs.seal(kind, &place, body);
        self.0.write(&self.memory(name), [body, format!("{seal}\n").as_bytes()].concat());
    }

    fn sealed(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.at(&self.memory(name))).unwrap()
    }

    fn remembered(&self) -> Option<Vec<u8>> {
        self.begin(true).unwrap().previous_trace()
    }

    /// Builds `index.html`, with a trace.
    fn build_traced(&self, text: &str) -> Published {
        let staging = self.begin(false).unwrap();
        staging.put(&bytes("index.html", text)).unwrap();
        staging.commit(b"trace").unwrap()
    }
}

#[test]
fn a_trace_comes_back_with_the_manifest_that_it_goes_with() {
    let site = Site::new();
    assert_eq!(site.remembered(), None);
    site.build_traced("home");
    assert_eq!(site.remembered().as_deref(), Some(&b"trace"[..]));
    let old = ["manifest", "trace"].map(|name| site.sealed(name));
    site.build_traced("another");
    site.0.write(&site.memory("trace"), &old[1]);
    assert_eq!(site.remembered(), None, "a trace of another build");
    site.0.write(&site.memory("manifest"), &old[0]);
    assert_eq!(site.remembered().as_deref(), Some(&b"trace"[..]), "both of an earlier build");
}

#[test]
fn a_memory_with_another_key_s_seal_is_not_believed() {
    let site = Site::new();
    site.build_traced("home");
    let (manifest, trace) = (site.sealed("manifest"), site.sealed("trace"));
    let without_seal = |bytes: &[u8]| bytes[..bytes.len() - 65].to_vec();
    site.forge("trace", &without_seal(&trace));
    assert_eq!(site.remembered(), None);
    site.0.write(&site.memory("trace"), &trace);
    site.forge("manifest", &without_seal(&manifest));
    assert_eq!(site.remembered(), None);
    let failure = site.build(&[("index.html", "home")]).unwrap_err();
    assert!(failure.message.ends_with("is not believed: its seal is not of this user's key"), "{failure}");
    site.0.write(&site.memory("manifest"), without_seal(&manifest));
    assert!(site.begin(false).unwrap_err().message.contains("is not believed"));
    site.0.write(&site.memory("manifest"), &manifest);
    assert_eq!(site.build(&[("index.html", "home")]).unwrap().unchanged, 1);
}

#[test]
fn a_memory_of_another_place_is_not_believed_and_a_site_that_moves_keeps_its_own() {
    let site = Site::new();
    site.build_traced("home");
    let to = |output: &str| Target { output: site.0.at(output), ..site.target() };
    let build = |output: &str| {
        let staging = Staging::begin(to(output)).unwrap();
        staging.put(&bytes("index.html", "home")).unwrap();
        staging.commit(b"other").unwrap()
    };
    let sealed = site.sealed("trace");
    assert_eq!((build("site/other").written, build("elsewhere").written, build("elsewhere").unchanged), (1, 1, 1));
    assert_eq!(Staging::begin(to("site/other")).unwrap().previous_trace().as_deref(), Some(&b"other"[..]));
    for entry in std::fs::read_dir(site.0.at("site/.fingerpost")).unwrap().flatten() {
        if entry.path().is_dir() {
            std::fs::write(entry.path().join("trace"), &sealed).unwrap();
        }
    }
    assert_eq!(site.remembered().as_deref(), Some(&b"trace"[..]));
    assert_eq!(Staging::begin(to("site/other")).unwrap().previous_trace(), None);

    std::fs::rename(site.0.at("site"), site.0.at("moved")).unwrap();
    let target = Target { root: site.0.at("moved"), output: site.0.at("moved/public"), ..site.target() };
    assert_eq!(Staging::begin(target).unwrap().previous_trace().as_deref(), Some(&b"trace"[..]));
}

#[test]
fn without_a_key_nothing_is_remembered_and_the_site_is_published_all_the_same() {
    let files = [("index.html", "home")];
    let site = Site::new();
    let on_ci = || Target { unattended: true, ..site.target() };
    let published = build_to(&files, on_ci()).unwrap();
    assert_eq!((published.written, published.notes), (1, vec![]));
    assert!(!Staging::begin(Target { force: true, ..on_ci() }).unwrap().remembers());
    assert!(!site.0.at("cache").exists() && !site.0.at("site/.fingerpost").exists());
    let failure = build_to(&files, on_ci()).unwrap_err();
    assert!(
        failure
            .message
            .ends_with("(index.html) that Fingerpost does not know as its own: no earlier build is remembered")
    );
    assert_eq!(build_to(&files, Target { force: true, ..on_ci() }).unwrap().written, 1);

    let site = Site::new();
    let published = build_to(&files, Target { cache: None, ..site.target() }).unwrap();
    assert!(published.notes[0].ends_with("this user has no folder for caches"), "{:?}", published.notes);
    // A key that is there is used on CI, too.
    let site = Site::new();
    site.build(&files).unwrap();
    let again = build_to(&files, Target { unattended: true, ..site.target() }).unwrap();
    assert_eq!((again.unchanged, again.notes), (1, vec![]));
}

#[test]
#[cfg(unix)]
fn where_nothing_can_be_remembered_the_site_is_published_and_a_note_says_so() {
    let check = |make: &dyn Fn(&Site)| {
        let site = Site::new();
        site.0.write("secret/file", "secret");
        make(&site);
        let before = (site.0.tree("secret"), site.0.tree("site/.fingerpost"));
        let published = site.build(&[("index.html", "home")]).unwrap();
        assert!(published.notes[0].starts_with("nothing of this build is remembered"), "{:?}", published.notes);
        assert_eq!((site.0.tree("secret"), site.0.tree("site/.fingerpost")), before);
        assert_eq!(site.published(), ["index.html: home"]);
    };
    check(&|site| site.0.link("site/.fingerpost", "../secret"));
    check(&|site| {
        site.0.write("other", "");
        site.build(&[]).unwrap();
        std::fs::remove_dir_all(site.0.at("site/public")).unwrap();
        let memory = site.memory("");
        std::fs::remove_dir_all(site.0.at(&memory)).unwrap();
        site.0.link(memory.trim_end_matches('/'), "../../secret");
    });
}

#[test]
#[cfg(unix)]
fn links_and_pipes_among_the_memory_are_neither_followed_nor_waited_for() {
    for name in ["manifest", "manifest.next", "trace"] {
        for link in [Some("../../../secret"), Some("../../../made"), None] {
            let site = Site::new();
            site.build_traced("home");
            let file = site.memory(name);
            let _ = std::fs::rename(site.0.at(&file), site.0.at("secret"));
            site.0.write("other", "");
            match link {
                Some(to) => site.0.link(&file, to),
                None => site.0.pipe(&file),
            }
            match name {
                "manifest" => assert!(site.begin(false).unwrap_err().message.ends_with("no plain file")),
                "trace" => assert_eq!(site.remembered(), None),
                _ => assert!(site.remembered().is_some()),
            }
            let staging = site.begin(true).unwrap();
            staging.put(&bytes("index.html", "new")).unwrap();
            staging.commit(b"trace").unwrap();
            assert_eq!(site.remembered().as_deref(), Some(&b"trace"[..]), "{name}");
            assert!(!site.0.at("made").exists());
        }
    }
}

#[test]
fn a_build_that_was_killed_before_or_after_the_exchange_still_knows_its_files() {
    let (first, second) = ([("a", "one"), ("b", "b")], [("a", "two"), ("c", "c")]);
    let other = Site::new();
    other.build(&second).unwrap();
    for published in [first, second] {
        let site = Site::new();
        site.build(&first).unwrap();
        // The same key seals what the killed build would have left.
        std::fs::copy(other.0.at("cache/fingerpost/key"), site.0.at("cache/fingerpost/key")).unwrap();
        site.build_with(&first, true).unwrap();
        site.0.write(&site.memory("manifest.next"), other.0.read(&other.memory("manifest")));
        std::fs::remove_dir_all(site.0.at("site/public")).unwrap();
        for (path, text) in published {
            site.public(path, text);
        }
        site.public("note", "mine");
        let build = site.build(&[("a", "three"), ("c", "more")]).unwrap();
        assert_eq!(site.published(), ["a: three", "c: more", "note: mine"]);
        assert_eq!(
            build.notes,
            ["PUBLIC holds a file (note) that Fingerpost did not write; all is published"
                .replace("PUBLIC", &site.0.at("site/public").display().to_string())]
        );
        assert!(!site.0.at(&site.memory("manifest.next")).exists());
    }
}

#[test]
fn a_file_of_ours_that_was_edited_and_is_overwritten_is_named() {
    let site = Site::new();
    let files = |text| [("a.html", text), ("b.html", "b"), ("c.html", text)];
    site.build(&files("one")).unwrap();
    for path in ["a.html", "b.html"] {
        site.public(path, "edited");
    }
    site.public("c.html", "two");
    let notes = site.build(&files("two")).unwrap().notes;
    let named =
        "public held 2 files (a.html, b.html) that Fingerpost wrote and somebody has edited: overwritten by the site's";
    assert!(matches!(&notes[..], [note] if note.ends_with(named)), "{notes:?}");
    assert_eq!(site.published(), ["a.html: two", "b.html: b", "c.html: two"]);
    assert_eq!(site.build(&files("two")).unwrap().notes, [""; 0]);
}

#[test]
fn a_file_of_ours_that_was_edited_is_not_removed_but_named() {
    let site = Site::new();
    site.build(&[("a/old.html", "ours"), ("gone.html", "ours"), ("index.html", "home")]).unwrap();
    site.public("a/old.html", "mine");
    let strict = || Target { strict: true, ..site.target() };
    let failure = build_to(&[("index.html", "home")], strict()).unwrap_err();
    let named =
        "public holds a file (a/old.html) that Fingerpost wrote and somebody has edited, and the site has no longer";
    assert!(failure.message.ends_with(named), "{failure}");
    assert_eq!(site.published(), ["a/", "a/old.html: mine", "gone.html: ours", "index.html: home"]);
    let published = site.build(&[("index.html", "home")]).unwrap();
    assert_eq!(published.removed, 1);
    assert!(published.notes[0].ends_with(&format!("{named}: nothing of it is removed")), "{:?}", published.notes);
    assert_eq!(site.published(), ["a/", "a/old.html: mine", "index.html: home"]);
    assert!(build_to(&[("index.html", "home")], strict()).is_err(), "it is a foreign file from now on");
}

#[test]
fn foreign_files_are_named_and_a_build_to_be_relied_on_takes_none_along() {
    let site = Site::new();
    let files = [("index.html", "home")];
    site.build(&files).unwrap();
    (1..=7).for_each(|number| site.public(&format!("evil/{number}.html"), ""));
    let before = site.0.tree("site");
    let named = "holds 7 files (evil/1.html, evil/2.html, evil/3.html, evil/4.html, evil/5.html, …) that \
                 Fingerpost did not write";
    for target in [Target { strict: true, ..site.target() }, Target { unattended: true, ..site.target() }] {
        let failure = build_to(&files, target.clone()).unwrap_err();
        assert!(failure.message.contains(named) && failure.help.unwrap().contains("`--force`"), "{}", failure.message);
        assert_eq!(site.0.tree("site"), before);
        let published = build_to(&files, Target { force: true, ..target }).unwrap();
        assert!(published.notes[0].contains(named));
    }
    for text in ["home", "another"] {
        assert!(site.build(&[("index.html", text)]).unwrap().notes[0].contains(named));
    }
}

#[test]
fn a_build_to_be_relied_on_does_not_publish_to_a_folder_that_git_tracks() {
    let site = Site::new();
    let files = [("index.html", "home")];
    site.build(&files).unwrap();
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.current_dir(site.0.at("site")).args(arguments).env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE");
        assert!(git.output().unwrap().status.success());
    };
    git(&["init"]);
    let strict = || Target { strict: true, ..site.target() };
    build_to(&files, strict()).unwrap();
    git(&["add", "-f", "public"]);
    for target in [strict(), Target { unattended: true, ..site.target() }] {
        let failure = build_to(&files, target).unwrap_err();
        assert!(failure.message.ends_with("public: git tracks files in it (public/index.html)"), "{failure}");
        assert!(failure.help.unwrap().contains("`git rm -r --cached"));
    }
    site.build(&files).unwrap();
    build_to(&files, Target { force: true, ..strict() }).unwrap();
    git(&["rm", "-r", "--cached", "public"]);
    build_to(&files, strict()).unwrap();
    site.0.write("site/.git/index", "damaged");
    let failure = build_to(&files, strict()).unwrap_err();
    assert!(failure.message.contains("nobody can tell whether git tracks files in it: "), "{failure}");
    assert!(failure.help.unwrap().contains("`git status`"));
    build_to(&files, Target { force: true, ..strict() }).unwrap();
}

#[test]
fn what_an_earlier_version_remembered_in_the_output_goes() {
    let site = Site::new();
    let files = [("index.html", "home")];
    site.build(&files).unwrap();
    site.public(".fingerpost/manifest", "fingerpost manifest 1, 0 files\n");
    site.public(".fingerpost/trace", "fingerpost trace 0.1.0\n");
    let strict = Target { strict: true, ..site.target() };
    assert_eq!(build_to(&files, strict).unwrap().notes, [""; 0]);
    assert_eq!(site.published(), ["index.html: home"]);
}
