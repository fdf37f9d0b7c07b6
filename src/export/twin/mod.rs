//! The Markdown twin of a page: the same text for programs and people who read Markdown, with links made absolute.
//!
//! Whatever a page tells its readers stands here too: its tags and dates, how it connects and why, who disagrees, and a
//! decision as a whole. It begins with where the index of all pages is, since whoever came to a twin may look for more.
#![expect(
    clippy::indexing_slicing,
    reason = "facets, relations, tracks, decisions and their nodes are named by their positions, which the model gave"
)]

mod connections;
mod decisions;
mod lists;
mod text;

use std::fmt::Write as _;

use crate::failure::INFALLIBLE;
use crate::model::{Cited, Claim, ClaimId, PageId, PageKind, SiteFile, TermId, Track, WorkId};
use crate::parse::Document;
use crate::render::references::{claim_anchor, work_address};
use crate::strings::key;
use crate::view::View;

/// The page's Markdown: title, summary, text; a generated page lists what it holds.
pub(crate) fn markdown(view: &View<'_>, page: PageId) -> String {
    let mut text = head(view, page);
    let index = view.config().base.absolute(&format!("/{}", SiteFile::Llms.path()));
    line(&mut text, format_args!("\n> {}", view.strings().fill(key!("index-is"), &[("address", &index)])));
    facts(view, page, &mut text);
    tags(view, page, &mut text);
    let cited = body(view, page, &mut text);
    let site = &view.site;
    match site[page].kind {
        PageKind::Article => connections::of_article(view, page, &mut text),
        PageKind::Term(term) => connections::of_term(view, term, &mut text),
        PageKind::Section(section) => lists::section(view, section, &mut text),
        PageKind::Facet(facet) => lists::facet(view, facet, &mut text),
        PageKind::Track(track) => steps(view, &site.tracks()[track], &mut text),
        PageKind::Decision(at) => decisions::whole(view, &site.decisions()[at], &mut text),
        PageKind::Question { decision, node } => {
            decisions::question(view, &site.decisions()[decision], node, &mut text);
        }
        PageKind::Outcome { decision, node } => decisions::outcome(view, &site.decisions()[decision], node, &mut text),
        PageKind::Work(work) => lists::work(view, work, &mut text),
        PageKind::Single(single) => lists::single(view, single, &mut text),
    }
    let contests = |claim: &Claim, text: &mut String| {
        for &(other, _) in &claim.contested_by {
            line(text, format_args!("   - {}", contesting(view, other)));
        }
    };
    references(view, &cited, contests, &mut text);
    text
}

/// Title, summary, text and references alone, for all articles in a row: many of them dispute the same.
pub(crate) fn article(view: &View<'_>, page: PageId) -> String {
    let mut text = head(view, page);
    let cited = body(view, page, &mut text);
    references(view, &cited, |_, _| {}, &mut text);
    text
}

fn head(view: &View<'_>, page: PageId) -> String {
    let data = &view.site[page];
    // As their author wrote them, like the text.
    let document = view.site.document(page);
    let title = document.and_then(Document::title).unwrap_or(&data.title);
    let mut text = format!("# {}\n", plain(title));
    if let Some(summary) = document.and_then(Document::summary).or(data.summary.as_deref()) {
        line(&mut text, format_args!("\n> {}", plain(summary)));
    }
    text
}

/// How long it takes to read, and its days.
fn facts(view: &View<'_>, page: PageId, text: &mut String) {
    let (data, strings) = (&view.site[page], view.strings());
    let length = match data.kind {
        PageKind::Article => Some(strings.count(key!("reading-time"), data.minutes.max(1))),
        PageKind::Term(term) => Some(strings.count(key!("articles"), view.site[term].articles.len())),
        _ => None,
    };
    let day = |day: &crate::model::Day| day.text(strings);
    let written = data.date.as_ref().filter(|_| data.updated.is_none()).map(day);
    let updated = data.updated.as_ref().map(|on| strings.fill(key!("updated"), &[("date", &day(on))]));
    let reviewed = data.reviewed.as_ref().map(|on| strings.fill(key!("reviewed"), &[("date", &day(on))]));
    let facts: Vec<String> = [length, written, updated, reviewed].into_iter().flatten().collect();
    if !facts.is_empty() {
        line(text, format_args!("\n{}", facts.join(" · ")));
    }
}

/// The terms that a page carries, each with the name of its facet.
fn tags(view: &View<'_>, page: PageId, text: &mut String) {
    let terms = &view.site[page].terms;
    if terms.is_empty() {
        return;
    }
    line(text, format_args!("\n{}:\n", plain(view.say(key!("topics")))));
    for &term in terms {
        line(text, format_args!("- {}", tag(view, term)));
    }
}

/// A term after the name of its facet.
fn tag(view: &View<'_>, term: TermId) -> String {
    let facet = &view.config().facets[view.site.facet_of(term)].name;
    format!("{}: {}", plain(facet), link(view, view.site.page_of_term(term)))
}

/// The text, and what it cites.
fn body(view: &View<'_>, page: PageId, text: &mut String) -> Vec<Cited> {
    let mut cited = Vec::new();
    let body = text::body(view, page, &mut cited);
    if !body.trim().is_empty() {
        line(text, format_args!("\n{}", body.trim()));
    }
    cited
}

fn line(text: &mut String, what: std::fmt::Arguments<'_>) {
    writeln!(text, "{what}").expect(INFALLIBLE);
}

fn heading(text: &mut String, title: &str) {
    line(text, format_args!("\n## {}\n", plain(title)));
}

/// A text that is not Markdown, so that it reads as itself in Markdown.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '[' | ']' | '*' | '_' | '<' | '>' | '`' | '#' | '|') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn link(view: &View<'_>, page: PageId) -> String {
    format!("[{}]({})", plain(&view.site[page].title), view.absolute(page))
}

/// A page as a line of a list, with a remark.
fn entry(view: &View<'_>, page: PageId, remark: Option<&str>, text: &mut String) {
    let remark = remark.map_or(String::new(), |remark| format!(": {}", plain(remark)));
    line(text, format_args!("- {}{remark}", link(view, page)));
}

/// The same with what its author says of it.
fn summed_up(view: &View<'_>, page: PageId, text: &mut String) {
    entry(view, page, view.site[page].summary.as_deref(), text);
}

/// A claim with the work that makes it.
fn claim(view: &View<'_>, id: ClaimId) -> String {
    let claim = view.site.evidence().claim(id);
    let title = &view.site.evidence().work(claim.work).title;
    format!("{} [{}]({})", plain(&claim.text), plain(title), source(view, claim.work, Some(claim)))
}

/// The page of a work, and the place of a claim on it.
fn source(view: &View<'_>, work: WorkId, claim: Option<&Claim>) -> String {
    let url = view.config().base.absolute(&work_address(view, work).encoded());
    match claim {
        Some(claim) => format!("{url}#{}", crate::render::escape::fragment(&claim_anchor(&claim.id))),
        None => url,
    }
}

/// A work as a link.
fn work(view: &View<'_>, id: WorkId) -> String {
    format!("[{}]({})", plain(&view.site.evidence().work(id).title), source(view, id, None))
}

fn steps(view: &View<'_>, track: &Track, text: &mut String) {
    for (label, said) in [(key!("for"), &track.audience), (key!("afterwards"), &track.goal)] {
        if let Some(said) = said {
            line(text, format_args!("\n**{}:** {}", plain(view.say(label)), plain(said)));
        }
    }
    let length = [
        ("steps", &view.strings().count(key!("steps"), track.steps.len()) as &dyn std::fmt::Display),
        ("minutes", &view.strings().count(key!("about-minutes"), view.site.minutes(track))),
    ];
    let length = view.strings().fill(key!("track-length"), &length);
    line(text, format_args!("\n**{}:** {length}", plain(view.say(key!("takes")))));
    heading(text, view.say(key!("steps-heading")));
    for (at, step) in track.steps.iter().enumerate() {
        let page = &view.site[step.page];
        let why = step.why.as_ref().or(page.summary.as_ref());
        let why = why.map_or(String::new(), |why| format!(": {}", plain(why)));
        let takes = view.strings().count(key!("reading-time"), page.minutes.max(1));
        line(text, format_args!("{}. {}{why} ({takes})", at + 1, link(view, step.page)));
    }
    if let Some(decision) = track.decision {
        let decision = link(view, view.site.decisions()[decision].page);
        line(text, format_args!("\n{}", view.strings().fill(key!("track-end"), &[("decision", &decision)])));
    }
}

/// What a page cites, each followed by what `contests` says of its claim.
fn references(view: &View<'_>, cited: &[Cited], contests: impl Fn(&Claim, &mut String), text: &mut String) {
    if cited.is_empty() {
        return;
    }
    heading(text, view.say(key!("references")));
    let evidence = &view.site.evidence();
    for (at, cited) in cited.iter().enumerate() {
        let (id, claim) = match cited {
            Cited::Work(work) => (*work, None),
            Cited::Claim(claim) => (evidence.claim(*claim).work, Some(evidence.claim(*claim))),
        };
        let (title, url) = (&evidence.work(id).title, source(view, id, claim));
        let said = claim.map_or(String::new(), |claim| format!(": {}", plain(&claim.text)));
        line(text, format_args!("{}. [{}]({url}){said}", at + 1, plain(title)));
        if let Some(claim) = claim {
            contests(claim, text);
        }
    }
}

/// A claim that contests another, after the work that makes it.
fn contesting(view: &View<'_>, id: ClaimId) -> String {
    let claim = view.site.evidence().claim(id);
    let work =
        format!("[{}]({})", plain(&view.site.evidence().work(claim.work).title), source(view, claim.work, Some(claim)));
    let by = view.strings().fill(key!("contested-by"), &[("work", &work)]);
    format!("{by}: {}", plain(&claim.text))
}
