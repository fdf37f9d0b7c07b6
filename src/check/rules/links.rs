//! Links that lead nowhere (FP0301 to FP0307, FP0901).

use crate::check::Subject;
use crate::diagnostic::{Diagnostic, code, nearest};
use crate::link::{Target, Wrong};
use crate::model::PageId;
use crate::parse::{CONTENT, Document, LinkForm, LinkUse};
use crate::source::{At, SourceKind, Span};

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, page) in subject.site.pages() {
        let Some(at) = page.document else { continue };
        let document = &subject.site.documents[at];
        for resolved in &subject.links.resolved[at] {
            let link = &document.outline.links[resolved.link];
            match &resolved.target {
                Target::Wrong(wrong) => findings.extend(judge(subject, document, link, wrong)),
                Target::Citations(keys) if !subject.site.evidence.is_empty() => {
                    for (key, _) in keys.iter().filter(|(_, found)| found.is_none()) {
                        let name = At::new(key.clone(), part(link.span, &link.target, key));
                        findings.push(subject.site.evidence.unknown(&name, "source or claim"));
                    }
                }
                _ => {}
            }
        }
    }
}

/// The place of `part` in a target that stands at `span`.
fn part(span: Span, target: &str, part: &str) -> Span {
    let whole = span.range().len() == target.len();
    match target.find(part).filter(|_| whole) {
        Some(at) => Span::new(span.source, span.range().start + at..span.range().start + at + part.len()),
        None => span,
    }
}

fn judge(subject: &Subject<'_>, document: &Document, link: &LinkUse, wrong: &Wrong) -> Option<Diagnostic> {
    let written = &link.target;
    let finding = |code, message| Diagnostic::new(code, link.span, message);
    Some(match wrong {
        Wrong::Name { name, found } => {
            let name = At::new(name.clone(), part(link.span, written, name));
            return subject.site.names.complaint(subject.site, &name, found).map(|f| f.label("linked from here"));
        }
        Wrong::File(path) => missing_file(subject, link, path),
        Wrong::Draft => finding(&code::LINK_TO_DRAFT, format!("`{written}` is a draft"))
            .help("take `draft: true` away from it, or this link"),
        Wrong::Outside => finding(&code::OUTSIDE_CONTENT, format!("`{written}` leaves the folder `{CONTENT}`"))
            .help("put the file below content/, or link to its address on the web"),
        Wrong::Address => {
            let addresses: Vec<&str> = subject.site.pages.iter().map(|page| page.address.as_str()).collect();
            finding(&code::UNKNOWN_ADDRESS, format!("no page of this site has the address `{written}`")).suggest(
                written,
                link.span,
                addresses,
                "link to the file instead (`../folder/page.md`), so that the link moves with the page",
            )
        }
        Wrong::Anchor { page, anchor } => missing_anchor(subject, link, Some(*page), anchor),
        Wrong::AnchorHere(anchor) => {
            let page = subject.site.page_of(document.source);
            missing_anchor(subject, link, page, anchor)
        }
    })
}

fn missing_file(subject: &Subject<'_>, link: &LinkUse, path: &str) -> Diagnostic {
    let what = if link.form == LinkForm::Image { "image" } else { "file" };
    let message = format!("no {what} at `{path}`");
    let finding = Diagnostic::new(&code::MISSING_FILE, link.span, message).label("linked from here");
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_page = path.to_ascii_lowercase().ends_with(".md");
    let names: Vec<(&str, &str)> = subject
        .inputs
        .iter()
        .filter(|(_, file)| matches!(file.kind, SourceKind::Content | SourceKind::Asset))
        .filter(|(_, file)| file.path.to_ascii_lowercase().ends_with(".md") == is_page)
        .map(|(_, file)| (file.path.rsplit('/').next().unwrap_or(&file.path), file.path.as_str()))
        .collect();
    let Some(near) = nearest(name, names.iter().map(|(name, _)| *name)) else {
        return finding.help("make the file, or mend the path, which begins at this page's own folder");
    };
    let found = names.iter().find(|(name, _)| *name == near).map_or(near, |(_, path)| path);
    let from = &subject.inputs.get(link.span.source).path;
    let path_part = link.target.split(['#', '?']).next().unwrap_or_default();
    finding.fix("a file of a similar name exists", part(link.span, &link.target, path_part), relative(from, found))
}

/// The path of the file `to` as it is written in the file `from`.
fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let common = from.iter().zip(&to).take(from.len() - 1).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - 1 - common);
    up.chain(to[common..].iter().copied()).collect::<Vec<_>>().join("/")
}

fn missing_anchor(subject: &Subject<'_>, link: &LinkUse, page: Option<PageId>, anchor: &str) -> Diagnostic {
    let headings = page.and_then(|page| subject.site.document(page)).map_or(&[][..], |d| &d.outline.headings);
    let ids: Vec<&str> = headings.iter().map(|heading| heading.id.as_str()).collect();
    let title = page.map_or("this page", |page| subject.site[page].title.as_str());
    let message = format!("\"{title}\" has no heading `#{anchor}`");
    let help = match ids.as_slice() {
        [] => "it has no headings".to_owned(),
        ids => format!("its headings are {}", ids.iter().map(|id| format!("`#{id}`")).collect::<Vec<_>>().join(", ")),
    };
    let place = part(link.span, &link.target, anchor);
    Diagnostic::new(&code::MISSING_ANCHOR, place, message).suggest(anchor, place, ids, help)
}
