//! What pages that list others hold.

use super::{entry, heading, line, link, plain, summed_up, work};
use crate::model::{Claim, PageId, SectionId, Single, TermId, WorkId};
use crate::parse::Work;
use crate::strings::key;
use crate::view::View;

/// A page that a site has once.
pub(super) fn single(view: &View<'_>, single: Single, text: &mut String) {
    match single {
        Single::Home => home(view, text),
        Single::Facets => facets(view, text),
        Single::Map => pairs(view, text),
        Single::Decisions => decisions(view, text),
        Single::Tracks => tracks(view, text),
        Single::Sources => works(view, text),
        Single::Glossary => glossary(view, text),
        Single::Search | Single::NotFound => {}
    }
}

/// The articles and sections directly in a section.
pub(super) fn section(view: &View<'_>, id: SectionId, text: &mut String) {
    let section = &view.site[id];
    let inner = section.sections.iter().map(|&inner| view.site[inner].page);
    pages(view, inner.chain(section.articles.iter().copied()), text);
}

/// The terms of a facet, then what carries them.
pub(super) fn facet(view: &View<'_>, facet: usize, text: &mut String) {
    let terms = || view.site.terms().filter(|(_, term)| term.facet == facet).map(|(_, term)| term);
    pages(view, terms().map(|term| term.page), text);
    let carried = |page: &PageId| terms().any(|term| term.articles.contains(page));
    let articles: Vec<PageId> = view.site.reading_order().iter().copied().filter(carried).collect();
    if !articles.is_empty() {
        heading(text, view.say(key!("articles-heading")));
    }
    for page in articles {
        summed_up(view, page, text);
    }
}

fn pages(view: &View<'_>, pages: impl Iterator<Item = PageId>, text: &mut String) {
    text.push('\n');
    for page in pages {
        summed_up(view, page, text);
    }
}

fn home(view: &View<'_>, text: &mut String) {
    let root = &view.site[SectionId(0)];
    let sections = root.sections.iter().map(|&inner| view.site[inner].page);
    if !root.articles.is_empty() || !root.sections.is_empty() {
        heading(text, view.say(key!("contents")));
    }
    for page in root.articles.iter().copied().chain(sections) {
        summed_up(view, page, text);
    }
    if !view.site.tracks().is_empty() {
        heading(text, view.say(key!("tracks")));
        tracks(view, text);
    }
    if !view.site.decisions().is_empty() {
        heading(text, view.say(key!("decisions")));
        decisions(view, text);
    }
}

fn facets(view: &View<'_>, text: &mut String) {
    for (at, facet) in view.config().facets.iter().enumerate() {
        let mut terms = view.site.terms().filter(|(_, term)| term.facet == at).map(|(_, term)| term.page).peekable();
        if terms.peek().is_some() {
            heading(text, &facet.plural);
            if !facet.summary.is_empty() {
                line(text, format_args!("{}\n", plain(&facet.summary)));
            }
        }
        for page in terms {
            summed_up(view, page, text);
        }
    }
}

fn tracks(view: &View<'_>, text: &mut String) {
    text.push('\n');
    for track in view.site.tracks() {
        entry(view, track.page, track.goal.as_deref().or(view.site[track.page].summary.as_deref()), text);
        let strings = view.strings();
        let audience = track.audience.as_ref().map(|audience| {
            let audience = plain(audience);
            strings.fill(key!("for-audience"), &[("audience", &audience)])
        });
        let length = [
            strings.count(key!("steps"), track.steps.len()),
            strings.count(key!("about-minutes"), view.site.minutes(track)),
        ];
        let facts: Vec<String> = audience.into_iter().chain(length).collect();
        line(text, format_args!("  - {}", facts.join(" · ")));
    }
}

fn decisions(view: &View<'_>, text: &mut String) {
    text.push('\n');
    for decision in view.site.decisions() {
        summed_up(view, decision.page, text);
        line(text, format_args!("  - {}", super::decisions::facts(view, decision)));
    }
}

fn works(view: &View<'_>, text: &mut String) {
    text.push('\n');
    for (at, written) in view.site.evidence().works.iter().enumerate() {
        let facts = facts(written);
        let facts = if facts.is_empty() { facts } else { format!(": {facts}") };
        line(text, format_args!("- {}{facts}", work(view, WorkId(at))));
        for said in trust(view, written) {
            line(text, format_args!("  - {said}"));
        }
    }
}

/// What a work wants and how far to trust it, then what it says.
pub(super) fn claims_of(view: &View<'_>, id: WorkId, text: &mut String) {
    let work = view.site.evidence().work(id);
    let facts = facts(work);
    for said in std::iter::once(facts).filter(|facts| !facts.is_empty()).chain(trust(view, work)) {
        line(text, format_args!("\n{said}"));
    }
    text.push('\n');
    for (_, claim) in view.site.evidence().claims_of(id) {
        claimed(view, claim, text);
    }
}

/// Who made a work, when, and where it can be read.
fn facts(work: &Work) -> String {
    let facts = [&work.author, &work.publisher, &work.year, &work.kind].into_iter().flatten();
    let facts = facts.map(|fact| plain(fact)).chain(work.address().map(|url| format!("<{url}>")));
    facts.collect::<Vec<_>>().join(", ")
}

fn trust<'a>(view: &'a View<'_>, work: &'a Work) -> impl Iterator<Item = String> {
    let said = [(key!("stance"), &work.stance), (key!("interest"), &work.interest), (key!("caution"), &work.caution)];
    said.into_iter().filter_map(|(label, said)| Some(format!("{}: {}", plain(view.say(label)), plain(said.as_ref()?))))
}

/// A claim with what it is about, and which claims dispute it. Which pages rest on it is in `site.json`.
fn claimed(view: &View<'_>, claim: &Claim, text: &mut String) {
    line(text, format_args!("- {} (`{}`)", plain(&claim.text), claim.id));
    let title = |&term: &TermId| plain(&view.site[view.site.page_of_term(term)].title);
    let terms: Vec<String> = claim.terms.iter().map(title).collect();
    let about = (!terms.is_empty()).then(|| view.strings().fill(key!("about-terms"), &[("terms", &terms.join(", "))]));
    let facts: Vec<String> = claim.kind.iter().map(|kind| plain(kind)).chain(about).collect();
    if !facts.is_empty() {
        line(text, format_args!("  - {}", facts.join(". ")));
    }
    let disputing = claim.contested_by.iter().map(|&(other, _)| format!("`{}`", view.site.evidence().claim(other).id));
    let disputing: Vec<String> = disputing.collect();
    if !disputing.is_empty() {
        line(text, format_args!("  - {} {}", plain(view.say(key!("disputed-by"))), disputing.join(", ")));
    }
}

fn glossary(view: &View<'_>, text: &mut String) {
    text.push('\n');
    for entry in view.site.glossary() {
        let strings = view.strings();
        let forms: Vec<String> = entry.also.iter().map(|form| plain(form)).collect();
        let also = (!forms.is_empty()).then(|| strings.fill(key!("also"), &[("forms", &forms.join(", "))]));
        let also = also.map_or(String::new(), |also| format!(" {also}"));
        line(text, format_args!("- **{}**{also}: {}", plain(&entry.term), plain(&entry.definition)));
        let page = entry.page.map(|page| strings.fill(key!("read-more"), &[("page", &link(view, page))]));
        let source = entry.source.map(|id| strings.fill(key!("source-is"), &[("work", &work(view, id))]));
        for more in page.into_iter().chain(source) {
            line(text, format_args!("  - {more}"));
        }
    }
}

/// The pairs of terms that articles carry together.
fn pairs(view: &View<'_>, text: &mut String) {
    text.push('\n');
    let title = |term: TermId| plain(&view.site[view.site.page_of_term(term)].title);
    for (one, term) in view.site.terms() {
        for (other, _) in view.site.terms().filter(|(_, other)| other.facet > term.facet) {
            let count = view.site.articles_with_both(one, other).len();
            if count > 0 {
                let pair = [("rows", &title(one) as &dyn std::fmt::Display), ("columns", &title(other))];
                line(text, format_args!("- {}: {count}", view.strings().fill(key!("map-pair"), &pair)));
            }
        }
    }
}
