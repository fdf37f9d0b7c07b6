//! A folder in, [`Inputs`] out: the one place from which texts come into a build.
//!
//! Paths are below the site's root, with `/` between their parts, and in the order of their bytes, so that a build
//! does not depend on the machine. Links are never followed: what a site publishes lies inside its folder. What is
//! wrong with a file (its size, its encoding) is a finding, and its text then is as near to the right one as can be,
//! so that nothing else is said about it; what is wrong with the disk is a [`Failure`]. This room knows which files
//! are texts, but not what they say.
#![expect(clippy::disallowed_methods, reason = "this room is the edge that reads the disk, and asks git")]

mod snapshot;
mod git;
#[cfg(test)]
pub(crate) mod test_dir;
mod site;
#[cfg(test)]
mod tests;
mod text;
mod walk;

use std::path::{Path, PathBuf};

use crate::check::assets::AssetKind;
use crate::diagnostic::{Diagnostic, Reported, code};
use crate::failure::Failure;
use crate::model::is_source_of_theme;
use crate::parse;
use crate::source::{Inputs, Source, SourceId, SourceKind, Span};
pub use snapshot::{ChangeSet, Snapshot};
use text::{DecodedText, TextProblem};
use walk::{EntryKind, WalkEntry};

/// The most bytes of an article, a data file or a picture that is looked into.
const MAX_TEXT_BYTES: u64 = 5_000_000;
/// The most bytes of a theme's text.
const MAX_THEME_TEXT_BYTES: u64 = 1_000_000;
/// How much of an asset is looked at to tell a document: as much as browsers look at (MIME Sniffing, section 5.2).
const BEGINNING_BYTES: u64 = 1_445;

/// Reads the site in the folder `root`: its content, its themes, the theme inside the program, and its dates in git.
///
/// # Errors
/// If there is no site, or the disk will not have it read.
pub fn folder(root: &Path) -> Result<Reported<Inputs>, Failure> {
    let folder = Snapshot::read(root)?;
    let findings = folder.findings();
    Ok(Reported { value: folder.into_inputs(), findings })
}

/// The whole path of the folder `root`, without links, if a site lies there.
///
/// # Errors
/// If none does.
pub fn root(root: &Path) -> Result<PathBuf, Failure> {
    site::require(root)
}

/// How a file is read, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ReadPolicy {
    kind: SourceKind,
    extent: Extent,
    on_problem: OnProblem,
}

/// How much of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Nothing,
    /// What a browser would look at to tell what it is.
    Beginning,
    /// All of it, up to so many bytes.
    Whole(u64),
}

/// What to do about a text that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnProblem {
    /// It is a finding: the site would be without it.
    Report,
    /// It is a finding unless the site trusts the asset: nobody could see whether it runs scripts.
    ReportUnlessTrusted,
    /// It is copied as it is.
    Ignore,
}

impl ReadPolicy {
    fn of(file: &WalkEntry) -> Self {
        let written = file.path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let extension = written.to_ascii_lowercase();
        let policy = |kind, extent, on_problem| Self { kind, extent, on_problem };
        if file.kind != EntryKind::File {
            return policy(SourceKind::LeftOut, Extent::Nothing, OnProblem::Ignore);
        }
        if let Some(path) = file.path.strip_prefix("themes/") {
            let path = path.split_once('/').map_or("", |(_, path)| path);
            let text = ["css", "js", "html", "svg", "xml", "txt", "json", "webmanifest", "yaml"];
            let is_text = text.contains(&extension.as_str());
            let extent = if is_text { Extent::Whole(MAX_THEME_TEXT_BYTES) } else { Extent::Nothing };
            let on_problem = if is_source_of_theme(path) { OnProblem::Report } else { OnProblem::Ignore };
            return policy(SourceKind::Theme, extent, on_problem);
        }
        if written == "md" || parse::is_data(&file.path) {
            return policy(SourceKind::Content, Extent::Whole(MAX_TEXT_BYTES), OnProblem::Report);
        }
        match AssetKind::of(&file.path) {
            AssetKind::Svg => policy(SourceKind::Asset, Extent::Whole(MAX_TEXT_BYTES), OnProblem::ReportUnlessTrusted),
            _ => policy(SourceKind::Asset, Extent::Beginning, OnProblem::Ignore),
        }
    }
}

fn read(file: &WalkEntry) -> Result<DecodedText, Failure> {
    match ReadPolicy::of(file).extent {
        Extent::Nothing => Ok(DecodedText::default()),
        Extent::Beginning => DecodedText::read_beginning(&file.disk_path, BEGINNING_BYTES),
        Extent::Whole(limit) => DecodedText::read(&file.disk_path, limit),
    }
}

fn wrong_text(id: SourceId, problem: &TextProblem, policy: ReadPolicy) -> Diagnostic {
    match problem {
        TextProblem::TooLarge { size, limit } => {
            let message = format!("{size} bytes of text, where at most {limit} are read");
            let help = match policy.on_problem {
                OnProblem::ReportUnlessTrusted => "make it smaller: it is searched for scripts",
                OnProblem::Report | OnProblem::Ignore => "split it into several files",
            };
            Diagnostic::new(&code::TOO_LARGE, Span::file(id), message).help(help)
        }
        TextProblem::Utf16 => Diagnostic::new(&code::NOT_UTF8, Span::file(id), "the file is in UTF-16, not in UTF-8")
            .help("save it as UTF-8 in your editor"),
        TextProblem::NotUtf8 { at, byte } => {
            let span = Span::new(id, *at..at + char::REPLACEMENT_CHARACTER.len_utf8());
            Diagnostic::new(&code::NOT_UTF8, span, format!("the byte 0x{byte:02X} here is not UTF-8"))
                .label("a letter in another encoding")
                .help("save the file as UTF-8 in your editor, then look at the letters around this place")
        }
    }
}

fn left_out(id: SourceId, file: &Source, kind: EntryKind) -> Option<Diagnostic> {
    let (is, help) = match kind {
        EntryKind::File => return None,
        EntryKind::Symlink => (
            "is a symbolic link",
            "put the file itself there, or let the link's name begin with `_` if it should stay out",
        ),
        EntryKind::Special => ("is neither a file nor a folder", "move it out of the site's folder"),
        EntryKind::NotUtf8 => ("has a name that is not UTF-8", "rename it"),
    };
    let message = format!("`{}` {is} and is left out", file.path);
    Some(Diagnostic::new(&code::LEFT_OUT, Span::file(id), message).help(help))
}

#[cfg(test)]
mod texts {
    use super::test_dir::TestDir;
    use super::*;
    use crate::source::slice;

    /// Reads a site of these files; gives what became of each, and the findings as `code path:start message`.
    #[track_caller]
    fn check(files: &[(&str, &[u8])], kinds: &[(&str, SourceKind, &str)], findings: &[&str]) {
        let dir = TestDir::new();
        for (path, bytes) in files {
            dir.write(path, bytes);
        }
        check_scratch(&dir, kinds, findings);
    }

    #[track_caller]
    fn check_scratch(dir: &TestDir, kinds: &[(&str, SourceKind, &str)], findings: &[&str]) {
        let read = folder(&dir.at("")).unwrap();
        let own = read.value.iter().map(|(_, file)| file).filter(|file| file.kind != SourceKind::Embedded);
        let own: Vec<_> = own.map(|file| (file.path.as_str(), file.kind, file.text.as_str())).collect();
        assert_eq!(own, kinds);
        let place = |span: Span| format!("{}:{}", read.value.get(span.source).path, span.start);
        let said = read.findings.iter().map(|d| format!("{} {} {}", d.code.id, place(d.span), d.message));
        assert_eq!(said.collect::<Vec<_>>(), findings);
    }

    #[test]
    fn files_are_what_their_path_says_and_come_in_the_order_of_paths() {
        check(
            &[
                ("README.md", b"no part of the site"),
                ("content/a/b.md", b"b"),
                ("content/a-b.md", b"a-b"),
                ("content/site.yaml", b"title: A"),
                ("content/data.yaml", b"an asset"),
                ("content/claims/x.yaml", b""),
                ("content/old.markdown", b"old"),
                ("content/a/picture.png", b"\x89PNG"),
                ("content/a/chart.SVG", b"<svg/>"),
                ("content/a/page.html", b"<p>\xff"),
                ("themes/mine/css/a.css", b"a{}"),
                ("themes/mine/templates/_part.html", b"part"),
                ("themes/mine/fonts/a.woff2", b"\0font"),
            ],
            &[
                ("content/a-b.md", SourceKind::Content, "a-b"),
                ("content/a/b.md", SourceKind::Content, "b"),
                ("content/a/chart.SVG", SourceKind::Asset, "<svg/>"),
                ("content/a/page.html", SourceKind::Asset, "<p>\u{fffd}"),
                ("content/a/picture.png", SourceKind::Asset, ""),
                ("content/claims/x.yaml", SourceKind::Content, ""),
                ("content/data.yaml", SourceKind::Asset, ""),
                ("content/old.markdown", SourceKind::Asset, ""),
                ("content/site.yaml", SourceKind::Content, "title: A"),
                ("themes/mine/css/a.css", SourceKind::Theme, "a{}"),
                ("themes/mine/fonts/a.woff2", SourceKind::Theme, ""),
                ("themes/mine/templates/_part.html", SourceKind::Theme, "part"),
            ],
            &[],
        );
    }

    #[test]
    fn a_text_in_another_encoding_is_reported_at_its_first_wrong_byte() {
        check(
            &[
                ("content/latin.md", b"caf\xe9 na\xefve"),
                ("content/wide.md", b"\xff\xfeh\0i\0"),
                ("content/marked.md", b"\xef\xbb\xbfhi\r\n"),
            ],
            &[
                ("content/latin.md", SourceKind::Content, "caf\u{fffd} na\u{fffd}ve"),
                ("content/marked.md", SourceKind::Content, "hi\r\n"),
                ("content/wide.md", SourceKind::Content, "hi"),
            ],
            &[
                "FP0108 content/latin.md:3 the byte 0xE9 here is not UTF-8",
                "FP0108 content/wide.md:0 the file is in UTF-16, not in UTF-8",
            ],
        );
    }

    #[test]
    fn a_picture_that_cannot_be_looked_into_is_reported_unless_it_is_trusted() {
        let svg = ("content/a.svg", &b"\xfe\xff\0<"[..]);
        let read = ("content/a.svg", SourceKind::Asset, "<");
        check(&[svg], &[read], &["FP0108 content/a.svg:0 the file is in UTF-16, not in UTF-8"]);
        let site = ("content/site.yaml", "html: allow");
        let kinds = [read, (site.0, SourceKind::Content, site.1)];
        check(&[svg, (site.0, site.1.as_bytes())], &kinds, &[]);
        let site = ("content/site.yaml", "assets: {allow: ['*.svg']}");
        let kinds = [read, (site.0, SourceKind::Content, site.1)];
        check(&[svg, (site.0, site.1.as_bytes())], &kinds, &[]);
    }

    #[test]
    fn of_an_asset_no_more_is_kept_than_the_beginning_of_what_may_be_a_document() {
        let long = format!("<p>{}", "a".repeat(10_000));
        check(
            &[
                ("content/a.png", b"\x89PNG\r\n\x1a\n <p>"),
                ("content/b.png", b"\xef\xbb\xbf\n <!doctype html>"),
                ("content/c.png", long.as_bytes()),
                ("content/d.png", b"\xff\xfe<\0p\0>\0"),
            ],
            &[
                ("content/a.png", SourceKind::Asset, ""),
                ("content/b.png", SourceKind::Asset, "\n <!doctype html>"),
                ("content/c.png", SourceKind::Asset, slice(&long, ..1_445)),
                ("content/d.png", SourceKind::Asset, "<p>"),
            ],
            &[],
        );
    }

    #[test]
    fn a_text_over_the_limit_is_reported_and_not_read() {
        check(
            &[("content/a.md", &vec![b'a'; 5_000_001]), ("content/b.png", &vec![b'a'; 5_000_001])],
            &[("content/a.md", SourceKind::Content, ""), ("content/b.png", SourceKind::Asset, "")],
            &["FP0107 content/a.md:0 5000001 bytes of text, where at most 5000000 are read"],
        );
    }

    #[test]
    #[cfg(unix)]
    fn links_and_sockets_are_left_out_with_a_word() {
        let dir = TestDir::new();
        dir.write("content/index.md", b"hi");
        dir.write("secret/policy.md", b"secret");
        dir.write("themes/kept.txt", b"");
        for (at, to) in [("content/plans", "../secret"), ("content/a.md", "index.md"), ("content/_quiet", "/")] {
            std::os::unix::fs::symlink(to, dir.at(at)).unwrap();
        }
        let _socket = std::os::unix::net::UnixListener::bind(dir.at("content/socket.md")).unwrap();
        check_scratch(
            &dir,
            &[
                ("content/a.md", SourceKind::LeftOut, ""),
                ("content/index.md", SourceKind::Content, "hi"),
                ("content/plans", SourceKind::LeftOut, ""),
                ("content/socket.md", SourceKind::LeftOut, ""),
                ("themes/kept.txt", SourceKind::Theme, ""),
            ],
            &[
                "FP0705 content/a.md:0 `content/a.md` is a symbolic link and is left out",
                "FP0705 content/plans:0 `content/plans` is a symbolic link and is left out",
                "FP0705 content/socket.md:0 `content/socket.md` is neither a file nor a folder and is left out",
            ],
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_name_that_is_not_utf8_is_left_out_with_a_word() {
        use std::os::unix::ffi::OsStrExt as _;
        let dir = TestDir::new();
        dir.write("content/index.md", b"hi");
        std::fs::write(dir.at("content").join(std::ffi::OsStr::from_bytes(b"caf\xe9.md")), "text").unwrap();
        check_scratch(
            &dir,
            &[("content/caf\u{fffd}.md", SourceKind::LeftOut, ""), ("content/index.md", SourceKind::Content, "hi")],
            &["FP0705 content/caf\u{fffd}.md:0 `content/caf\u{fffd}.md` has a name that is not UTF-8 and is left out"],
        );
    }
}
