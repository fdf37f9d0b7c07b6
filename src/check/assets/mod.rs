//! What may be published beside the pages (FP0205, FP0706): a file is judged by what it is, and by the name that it is
//! published under.
//!
//! Kinds that are known to be harmless are listed ([`kind`]); everything else is an error, unless `site.yaml` sets it
//! free. An SVG is read to its end ([`svg`]); of all other files only the beginning is known here, which tells a picture
//! from a page that is called one. Whatever a host or a browser makes of a name, it makes of the published one.

mod kind;
mod svg;

use crate::address::{folded, mistake_in_name};
use crate::check::Subject;
use crate::config::{Config, HtmlPolicy};
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::parse::CONTENT;
use crate::source::{Source, SourceId, SourceKind, Span, slice};

pub(crate) use kind::AssetKind;

/// Whether a site publishes the file at this path below its root, whatever is in it and with this kind.
pub(crate) fn is_trusted(config: &Config, path: &str, kind: AssetKind) -> bool {
    (config.html == HtmlPolicy::Allow && kind.is_active()) || config.assets.has(below_content(path))
}

fn below_content(path: &str) -> &str {
    path.strip_prefix(CONTENT).unwrap_or(path)
}

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let config = &subject.site.config;
    let files = subject.inputs.iter().filter(|(_, file)| matches!(file.kind, SourceKind::Content | SourceKind::Asset));
    for (id, file) in files {
        if let Some(finding) = unpublishable_name(id, file) {
            findings.push(finding);
            continue;
        }
        let Some(published) = subject.site.assets.get(&id) else { continue };
        if extension_of(published) != extension_of(&file.path).map(folded).as_deref() {
            let message = format!("`{}` would be published as `{published}`, with another ending", file.path);
            findings.push(Diagnostic::new(&code::UNPUBLISHABLE_NAME, Span::file(id), message).help("rename it"));
        } else if !is_trusted(config, &file.path, AssetKind::of(published)) {
            findings.extend(danger(id, file, published, config));
        }
    }
}

/// A name that hosts and file systems read in more than one way.
fn unpublishable_name(id: SourceId, file: &Source) -> Option<Diagnostic> {
    let (part, what) = below_content(&file.path).split('/').find_map(|part| Some((part, mistake_in_name(part)?)))?;
    let message = format!("the name `{part}` {what}");
    let help = "rename it: one system would read another name than the other";
    Some(Diagnostic::new(&code::UNPUBLISHABLE_NAME, Span::file(id), message).help(help))
}

/// The extension of a path, with its dot.
fn extension_of(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map(|at| slice(name, at..))
}

/// Why a file is not published unasked.
fn danger(id: SourceId, file: &Source, published: &str, config: &Config) -> Option<Diagnostic> {
    let name = published.rsplit('/').next().unwrap_or(published);
    let kind = AssetKind::of(published);
    // Whichever extension it is that counts.
    let last = extension_of(published).unwrap_or_default();
    let ending = if AssetKind::of(last) == kind { last } else { name.find('.').map_or("", |at| slice(name, at..)) };
    let message = match kind {
        AssetKind::Svg => return active_svg(id, file),
        AssetKind::Binary | AssetKind::Text => {
            // What no host doubts, no browser guesses at: an example of HTML may stand in a text.
            let is_sniffed = kind == AssetKind::Binary || !AssetKind::is_settled(published);
            if !(is_sniffed && begins_like_a_document(&file.text)) || config.html == HtmlPolicy::Allow {
                return None;
            }
            format!("the file is called `{name}` and begins like HTML or XML")
        }
        AssetKind::Document => format!("browsers open `{ending}` as a document, which can run scripts"),
        AssetKind::Script => format!("`{ending}` is code that a page can load"),
        AssetKind::Program => format!("`{ending}` is code that some hosts run"),
        AssetKind::HostSetting => format!("`{name}` tells some hosts how to serve the site"),
        AssetKind::Nameless => format!("`{name}` has no ending that says what it is"),
        AssetKind::Unknown => format!("`{ending}` is not among the kinds of file that are published"),
    };
    let help = format!("keep it out of content/, or trust it in site.yaml: {}", setting(&file.path));
    Some(Diagnostic::new(&code::ACTIVE_ASSET, Span::file(id), message).help(help))
}

/// The setting that publishes the file at this path.
fn setting(path: &str) -> String {
    let pattern = below_content(path).replace('"', "\\\"");
    format!("`assets: {{allow: [\"{pattern}\"]}}`")
}

/// Whether a browser that looks at the first bytes could take the file for HTML, XML or SVG: whether a tag, a comment, a
/// declaration or an instruction opens it. Every pattern of MIME Sniffing (section 7.1) does; `<<` and `< 5` do not.
pub(crate) fn begins_like_a_document(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let opens = |sign: char| sign.is_ascii_alphabetic() || matches!(sign, '!' | '/' | '?');
    text.strip_prefix('<').is_some_and(|rest| rest.chars().next().is_none_or(opens))
}

/// Of a text that is empty, or was too long to be read, there is nothing to say here.
fn active_svg(id: SourceId, file: &Source) -> Option<Diagnostic> {
    if file.text.is_empty() {
        return None;
    }
    let svg::Rejection { at, message, help } = svg::inspect(&file.text).err()?;
    let way_out = help.unwrap_or("take that part away");
    let help = format!("{way_out}; or trust the file in site.yaml: {}", setting(&file.path));
    Some(Diagnostic::new(&code::ACTIVE_ASSET, Span::new(id, at), message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_sign_says() {
        for text in ["<", "\n\t <html", "\u{feff} <?xml"] {
            assert!(begins_like_a_document(text), "{text:?}");
        }
        for text in ["", "GIF89a<script>", "text <b>", "<<toc>>", "<1> first", "< 5 km", "<<<<<<< ours"] {
            assert!(!begins_like_a_document(text), "{text:?}");
        }
    }
}
