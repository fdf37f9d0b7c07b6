//! Links that lead nowhere (FP0301 to FP0307, FP0901).

use std::cell::OnceCell;

use super::unknown_names;
use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Effort, Findings, NameIndex, code};
use crate::link::{Target, Wrong};
use crate::model::PageId;
use crate::parse::{CONTENT, Document, LinkForm, LinkUse};
use crate::source::{At, SourceKind};

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let names = unknown_names::Judge { site: subject.site, effort: Effort::default() };
    let judge = Judge { subject, likely: OnceCell::new(), names };
    for (id, page) in subject.site.pages() {
        let Some((at, document)) = page.document.zip(subject.site.document(id)) else { continue };
        for (link, target) in subject.links.of_document(subject.site, at) {
            match target {
                Target::Wrong(wrong) => findings.extend(judge.wrong(document, link, wrong)),
                Target::Here(anchor) if anchor.is_empty() && link.form == LinkForm::Markdown => {
                    let finding = Diagnostic::new(&code::MISSING_FILE, link.span, "a link without a destination");
                    findings.push(finding.help("write where it leads between the round brackets"));
                }
                Target::Citations(keys) if subject.site.cites() => {
                    let evidence = &subject.site.evidence;
                    let unknown = keys.iter().filter(|(key, found)| found.is_none() && !evidence.is_orphan(key));
                    for (key, _) in unknown {
                        let name = At::new(key.clone(), link.place(key));
                        findings.push(judge.names.cited(&name, "source or claim"));
                    }
                }
                _ => {}
            }
        }
    }
}

/// What is looked up to say what a wrong link may have meant; made at the first wrong link.
struct Judge<'a> {
    subject: &'a Subject<'a>,
    likely: OnceCell<Likely<'a>>,
    names: unknown_names::Judge<'a>,
}

struct Likely<'a> {
    /// Pages and other files by their own names, with their paths.
    pages: NameIndex<'a, &'a str>,
    others: NameIndex<'a, &'a str>,
    /// Addresses by their last part.
    addresses: NameIndex<'a, &'a str>,
}

impl<'a> Likely<'a> {
    fn of(subject: &Subject<'a>) -> Self {
        let files = |pages: bool| {
            let files = subject.inputs.iter().map(|(_, file)| file);
            let files = files.filter(|file| matches!(file.kind, SourceKind::Content | SourceKind::Asset));
            let files = files.filter(move |file| is_page(&file.path) == pages);
            files.map(|file| (file.path.rsplit('/').next().unwrap_or(&file.path), file.path.as_str()))
        };
        let addresses = subject.site.pages.iter().map(|page| page.address.as_str());
        Self {
            pages: NameIndex::new(files(true)),
            others: NameIndex::new(files(false)),
            addresses: NameIndex::new(addresses.map(|address| (last_part(address), address))),
        }
    }
}

fn is_page(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".md")
}

fn last_part(address: &str) -> &str {
    address.trim_matches('/').rsplit('/').next().unwrap_or(address)
}

/// Offers `near` in place of `written`; as words alone where the link does not hold it to the letter.
fn offer(finding: Diagnostic, link: &LinkUse, written: &str, what: &str, near: &str) -> Diagnostic {
    match link.exact(written).filter(|_| !near.contains(char::is_whitespace)) {
        Some(span) => finding.fix(what, span, near),
        None => finding.help(format!("{what}: `{near}`")),
    }
}

impl<'a> Judge<'a> {
    fn likely(&self) -> &Likely<'a> {
        self.likely.get_or_init(|| Likely::of(self.subject))
    }

    fn wrong(&self, document: &Document, link: &LinkUse, wrong: &Wrong) -> Option<Diagnostic> {
        let written = &link.target;
        let finding = |code, message| Diagnostic::new(code, link.span, message);
        Some(match wrong {
            Wrong::Name { name, found } => {
                let name = At::new(name.clone(), link.place(name));
                return self.names.page(&name, found).map(|finding| finding.label("linked from here"));
            }
            Wrong::File(path) => self.missing_file(link, path),
            Wrong::Draft => finding(&code::LINK_TO_DRAFT, format!("`{written}` is a draft"))
                .help("remove `draft: true` from it, or remove this link"),
            Wrong::Outside => finding(&code::OUTSIDE_CONTENT, format!("`{written}` leaves the folder `{CONTENT}`"))
                .help("put the file below content/, or link to its address on the web"),
            Wrong::Address => self.unknown_address(link),
            Wrong::Anchor { page, anchor } => self.missing_anchor(link, Some(*page), anchor),
            Wrong::AnchorHere(anchor) => {
                let page = self.subject.site.page_of(document.source);
                self.missing_anchor(link, page, anchor)
            }
        })
    }

    fn unknown_address(&self, link: &LinkUse) -> Diagnostic {
        let written = &link.target;
        let message = format!("no page of this site has the address `{written}`");
        let finding = Diagnostic::new(&code::UNKNOWN_ADDRESS, link.span, message);
        let path = written.split(['#', '?']).next().unwrap_or_default();
        match self.likely().addresses.nearest(last_part(path), &self.names.effort) {
            Some((_, near)) => offer(finding, link, path, "a similar address exists", near),
            None => finding.help("link to the file (`../folder/page.md`), so that the link moves with the page"),
        }
    }

    fn missing_file(&self, link: &LinkUse, path: &str) -> Diagnostic {
        let what = if link.form == LinkForm::Image { "image" } else { "file" };
        let message = format!("no {what} at `{path}`");
        let finding = Diagnostic::new(&code::MISSING_FILE, link.span, message).label("linked from here");
        let likely = self.likely();
        let names = if is_page(path) { &likely.pages } else { &likely.others };
        let Some((_, near)) = names.nearest(path.rsplit('/').next().unwrap_or(path), &self.names.effort) else {
            return finding.help("create the file, or correct the path, which is relative to this page's folder");
        };
        let from = &self.subject.inputs.get(link.span.source).path;
        let written = link.target.split(['#', '?']).next().unwrap_or_default();
        offer(finding, link, written, "a file of a similar name exists", &relative(from, near))
    }

    fn missing_anchor(&self, link: &LinkUse, page: Option<PageId>, anchor: &str) -> Diagnostic {
        let site = self.subject.site;
        let headings = page.and_then(|page| site.document(page)).map_or(&[][..], |document| &document.outline.headings);
        let ids = || headings.iter().map(|heading| heading.id.as_str());
        let title = page.map_or("this page", |page| site[page].title.as_str());
        let message = format!("\"{title}\" has no heading `#{anchor}`");
        let finding = Diagnostic::new(&code::MISSING_ANCHOR, link.place(anchor), message);
        if let Some(near) = self.names.effort.nearest(anchor, ids()) {
            return offer(finding, link, anchor, "a similar heading exists", near);
        }
        let shown: Vec<String> = ids().take(8).map(|id| format!("`#{id}`")).collect();
        finding.help(match headings.len() {
            0 => "it has no headings".to_owned(),
            count if count > shown.len() => format!("among its {count} headings are {}", shown.join(", ")),
            _ => format!("its headings are {}", shown.join(", ")),
        })
    }
}

/// The path of the file `to` as it is written in the file `from`.
pub(super) fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let common = from.iter().zip(&to).take(from.len() - 1).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - 1 - common);
    up.chain(to.iter().skip(common).copied()).collect::<Vec<_>>().join("/")
}
