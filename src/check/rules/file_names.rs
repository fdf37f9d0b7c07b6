//! File names that travel badly (FP0704) or are too long (FP0107).

use crate::address::is_windows_name;
use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::parse::CONTENT;
use crate::source::{SourceKind, Span};

/// Bytes in one part of a path.
const NAME: usize = 200;

/// Folders in each other: each is a page that names those above it.
const MAX_FOLDERS: usize = 50;

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for (id, file) in subject.inputs.iter() {
        if !matches!(file.kind, SourceKind::Content | SourceKind::Asset) {
            continue;
        }
        let folders = file.path.matches('/').count() - 1;
        if folders > MAX_FOLDERS {
            let message = format!("{folders} folders in each other, where at most {MAX_FOLDERS} are taken");
            findings.push(Diagnostic::new(&code::TOO_LARGE, Span::file(id), message).help("move it further up"));
        }
        for part in file.path.strip_prefix(CONTENT).unwrap_or(&file.path).split('/') {
            if part.len() > NAME {
                let message = format!("a name of {} bytes, where at most {NAME} are taken", part.len());
                findings
                    .push(Diagnostic::new(&code::TOO_LARGE, Span::file(id), message).help("give it a shorter name"));
            } else if !is_windows_name(part) {
                let message = format!("`{part}` cannot be a file's name on Windows");
                let finding = Diagnostic::new(&code::RESERVED_NAME, Span::file(id), message);
                findings.push(finding.help("rename it, so that the site can be checked out on every system"));
            }
        }
    }
}
