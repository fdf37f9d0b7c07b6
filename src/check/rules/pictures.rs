//! Pictures that pages are shared with (FP0303, FP0305, FP0708): whether they are there, and are pictures for everybody.

use super::links::relative;
use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Effort, Findings, code};
use crate::link::{NamedPicture, Target, Wrong};

/// The formats that every program shows in a preview, by their extensions.
const SHOWN: [&str; 5] = ["png", "jpg", "jpeg", "webp", "gif"];

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let effort = Effort::default();
    findings.extend(subject.links.pictures.all().filter_map(|named| judge(subject, named, &effort)));
}

fn judge(subject: &Subject<'_>, named: &NamedPicture, effort: &Effort) -> Option<Diagnostic> {
    let NamedPicture { written, target, size: _ } = named;
    let name = &written.value;
    match target {
        Target::File { path, rest: _ } if is_shown(path) => None,
        Target::Wrong(Wrong::Outside) => {
            let finding = Diagnostic::new(&code::OUTSIDE_CONTENT, written.span, format!("`{name}` leaves the folder"));
            Some(finding.help("put the picture below content/"))
        }
        Target::Wrong(_) => {
            let finding = Diagnostic::new(&code::MISSING_FILE, written.span, format!("no picture at `{name}`"));
            let finding = finding.label("shown where the page is shared");
            let pictures = || subject.inputs.iter().map(|(_, file)| file.path.as_str()).filter(|path| is_shown(path));
            match effort.nearest(file_name(name), pictures().map(file_name)) {
                Some(near) => {
                    let path = pictures().find(|path| file_name(path) == near).unwrap_or(near);
                    let from = &subject.inputs.get(written.span.source).path;
                    Some(finding.fix("a picture of a similar name exists", written.span, relative(from, path)))
                }
                None => Some(
                    finding.help("put the file there, or correct the path, which is relative to this file's folder"),
                ),
            }
        }
        _ => {
            let message = format!("`{name}` is no picture that is shown where a page is shared");
            let finding = Diagnostic::new(&code::NOT_A_PREVIEW, written.span, message);
            Some(
                finding.help("name a PNG, JPEG, WebP or GIF file of this site; 1,200 by 630 pixels suit most programs"),
            )
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_shown(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| SHOWN.contains(&extension.to_ascii_lowercase().as_str()))
}
