//! What pages that list others hold.

use super::{entry, heading, line, link, plain, summed_up};
use crate::model::{Claim, PageId, SectionId, Single, TermId, WorkId};
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
    if let Some(begin) = view.links.onward(section.page) {
        heading(text, view.say(key!("begin-here")));
        entry(view, begin.page, begin.why.as_deref(), text);
    }
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
    let site = &view.site;
    let works = (0..site.evidence().works.len()).map(WorkId);
    pages(view, works.filter_map(|work| site.evidence().page_of(work)), text);
}

/// Who wrote a work and where it stands, then what it says.
pub(super) fn work(view: &View<'_>, id: WorkId, text: &mut String) {
    let work = view.site.evidence().work(id);
    let facts = [&work.author, &work.publisher, &work.year, &work.kind].into_iter().flatten();
    let facts: Vec<String> =
        facts.map(|fact| plain(fact)).chain(work.address().map(|url| format!("<{url}>"))).collect();
    if !facts.is_empty() {
        line(text, format_args!("\n{}", facts.join(", ")));
    }
    let said = [(key!("stance"), &work.stance), (key!("interest"), &work.interest), (key!("caution"), &work.caution)];
    for (label, said) in said {
        if let Some(said) = said {
            line(text, format_args!("\n{}: {}", plain(view.say(label)), plain(said)));
        }
    }
    text.push('\n');
    for (id, claim) in view.site.evidence().claims_of(id) {
        let used: Vec<String> = view.links.users_of_claim(id).map(|page| link(view, page)).collect();
        claimed(view, claim, &used, text);
    }
}

/// A claim with what it is about, where it is used, and who disputes it.
fn claimed(view: &View<'_>, claim: &Claim, used: &[String], text: &mut String) {
    line(text, format_args!("- {} (`{}`)", plain(&claim.text), claim.id));
    let terms: Vec<String> = claim.terms.iter().map(|&term| link(view, view.site.page_of_term(term))).collect();
    let fill = |said, name, list: &[String]| view.strings().fill(said, &[(name, &list.join(", "))]);
    let about = (!terms.is_empty()).then(|| fill(key!("about-terms"), "terms", &terms));
    let used = (!used.is_empty()).then(|| fill(key!("used-in"), "pages", used));
    let facts: Vec<String> = claim.kind.iter().map(|kind| plain(kind)).chain(about).chain(used).collect();
    if !facts.is_empty() {
        line(text, format_args!("  - {}", facts.join(". ")));
    }
    for &(other, _) in &claim.contested_by {
        line(text, format_args!("  - {}", super::contesting(view, other)));
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
        let source = entry.source.map(|id| strings.fill(key!("source-is"), &[("work", &super::work(view, id))]));
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
