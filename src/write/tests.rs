//! The promises of this room, each as a build or two in a temporary folder.

use super::*;
use crate::read::test_dir::TestDir;

const MARK: &str = ".fingerpost/";

/// A site with nothing published yet.
struct Site(TestDir);

impl Site {
    fn new() -> Self {
        let dir = TestDir::new();
        dir.write("site/content/picture.png", "pixels");
        Self(dir)
    }

    fn begin(&self, force: bool) -> Result<Staging, Failure> {
        Staging::begin(Target { root: self.0.at("site"), output: self.0.at("site/public"), force })
    }

    /// A whole build of files with these paths and texts.
    fn build(&self, files: &[(&str, &str)]) -> Result<Published, Failure> {
        self.build_with(files, false)
    }

    fn build_with(&self, files: &[(&str, &str)], force: bool) -> Result<Published, Failure> {
        let staging = self.begin(force)?;
        for (path, text) in files {
            staging.put(&bytes(path, text))?;
        }
        staging.commit(b"")
    }

    fn public(&self, path: &str, text: &str) {
        self.0.write(&format!("site/public/{path}"), text);
    }

    /// What is published, without the mark.
    fn published(&self) -> Vec<String> {
        let all = self.0.tree("site/public");
        all.into_iter().filter(|path| !path.starts_with(MARK)).collect()
    }

    /// The files beside the output that builds left.
    fn leftovers(&self) -> Vec<String> {
        let all = self.0.tree("site");
        all.into_iter().filter(|path| path.starts_with('.')).collect()
    }
}

fn bytes(path: &str, text: &str) -> Output {
    Output { path: path.to_owned(), body: Body::Bytes(text.as_bytes().to_vec()) }
}

fn copy(path: &str, source: &str) -> Output {
    Output { path: path.to_owned(), body: Body::Copy(source.to_owned()) }
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
fn the_first_build_makes_the_folder_with_its_mark() {
    let site = Site::new();
    let published = site.build(&[("a/index.html", "a"), ("index.html", "abc")]).unwrap();
    assert_eq!(published, Published { files: 2, written: 2, unchanged: 0, removed: 0, bytes: 4 });
    let manifest = "fingerpost manifest 1, 2 files\n\
                    d24ec4f1a98c6e5b 1 a/index.html\n\
                    44bc2cf5ad770999 3 index.html\n";
    let mark = format!(".fingerpost/manifest: {manifest}");
    assert_eq!(site.0.tree("site/public"), [".fingerpost/", &mark, "a/", "a/index.html: a", "index.html: abc"]);
    assert_eq!(site.leftovers(), [""; 0]);
}

#[test]
fn folders_on_the_way_to_the_output_are_made() {
    let dir = TestDir::new();
    let target = Target { root: dir.at(""), output: dir.at("a/b/public"), force: false };
    Staging::begin(target).unwrap().commit(b"").unwrap();
    assert!(dir.at("a/b/public").join(manifest::PATH).is_file());
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
        site.0.read("site/public/.fingerpost/manifest")
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
    assert_eq!(published, Published { files: 3, written: 2, unchanged: 1, removed: 1, bytes: 7 });
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
    assert_eq!(published, Published { files: 2, written: 0, unchanged: 2, removed: 0, bytes: 5 });
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
    assert!(failure.message.contains("2 files that Fingerpost did not write (index.html, thesis.txt)"), "{failure}");
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
        site.0.write("site/.public.fingerpost.lock", "");
    };
    check(&[("index.html", "one")], meddle, &[("index.html", "two")], &["index.html: two"]);
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
    let target = Target { root: site.0.at("site"), output: site.0.at("site/content/public"), force: true };
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
