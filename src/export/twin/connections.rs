//! How a page connects with others, and why: relations, related pages, mentions, and its places in tracks and decisions.

use super::{claim, entry, heading, line, link, plain, summed_up};
use crate::model::{NodeKind, PageId, TermId};
use crate::parse::Basis;
use crate::render::connects::{Connection, Group, grouped};
use crate::render::decisions::title;
use crate::strings::key;
use crate::view::View;

/// What connects an article.
pub(super) fn of_article(view: &View<'_>, page: PageId, text: &mut String) {
    let groups = grouped(view, page);
    if !groups.is_empty() {
        line(text, format_args!("\n## {}", plain(view.say(key!("how-this-connects")))));
        told(view, &groups, "###", text);
    }
    let onward = view.links.onward(page);
    if let Some(onward) = onward {
        heading(text, view.say(key!("read-next")));
        let why = onward.why.as_deref().or(view.site[onward.page].summary.as_deref());
        entry(view, onward.page, why, text);
    }
    let related = view.links.related(page);
    let is_told = |page: PageId| {
        onward.is_some_and(|onward| onward.page == page) || related.iter().any(|related| related.page == page)
    };
    let mentions: Vec<PageId> = view.links.backlinks(page).iter().copied().filter(|&page| !is_told(page)).collect();
    if !related.is_empty() || !mentions.is_empty() {
        heading(text, view.say(key!("see-also")));
    }
    for related in related {
        let why = related.why.as_deref().or(view.site[related.page].summary.as_deref());
        entry(view, related.page, why, text);
    }
    for page in mentions {
        summed_up(view, page, text);
    }
    explains(view, page, text);
    tracks(view, page, text);
}

/// What connects a term, and the articles that carry it.
pub(super) fn of_term(view: &View<'_>, term: TermId, text: &mut String) {
    let page = view.site.page_of_term(term);
    told(view, &grouped(view, page), "##", text);
    let articles = &view.site[term].articles;
    if !articles.is_empty() {
        heading(text, view.say(key!("articles-heading")));
    }
    for &article in articles {
        summed_up(view, article, text);
    }
    let evidence = view.site.evidence();
    let claims: Vec<String> = evidence
        .claims
        .iter()
        .enumerate()
        .filter(|(_, claim)| claim.terms.contains(&term))
        .map(|(at, _)| claim(view, crate::model::ClaimId(at)))
        .collect();
    if !claims.is_empty() {
        heading(text, view.say(key!("what-sources-say")));
    }
    for claim in claims {
        line(text, format_args!("- {claim}"));
    }
    weighed(view, term, text);
    tracks(view, page, text);
}

/// Connections below headings that say how.
fn told(view: &View<'_>, groups: &[Group<'_>], level: &str, text: &mut String) {
    for Group { label, connections } in groups {
        line(text, format_args!("\n{level} {}\n", plain(label)));
        for connection in connections {
            item(view, connection, text);
        }
    }
}

/// The far end, why it is one, through which term, and on whose word.
fn item(view: &View<'_>, connection: &Connection<'_>, text: &mut String) {
    let Connection { far, through, relation, .. } = connection;
    entry(view, *far, relation.why.as_deref(), text);
    let through = through.map(|term| link(view, view.site.page_of_term(term)));
    let basis = relation.basis.map(|basis| {
        let said = view.say(match basis {
            Basis::Stated => key!("basis-stated"),
            Basis::Inferred => key!("basis-inferred"),
            Basis::Editorial => key!("basis-editorial"),
        });
        said.to_owned()
    });
    let facts: Vec<String> = through.into_iter().chain(basis).collect();
    if !facts.is_empty() {
        line(text, format_args!("  - {}", facts.join(". ")));
    }
    for &id in &relation.claims {
        line(text, format_args!("  - {}", claim(view, id)));
    }
}

/// The questions and outcomes that an article explains.
fn explains(view: &View<'_>, page: PageId, text: &mut String) {
    for decision in view.site.decisions() {
        for node in decision.nodes.iter().filter(|node| node.explains == Some(page)) {
            let kind = match node.kind {
                NodeKind::Question(_) => key!("question"),
                NodeKind::Outcome(_) => key!("outcome"),
            };
            let node = format!("[{}]({})", plain(title(node)), view.absolute(node.page));
            line(text, format_args!("\n{}: {node}, {}", view.say(kind), link(view, decision.page)));
        }
    }
}

/// The outcomes that weigh a term.
fn weighed(view: &View<'_>, term: TermId, text: &mut String) {
    let mut has_heading = false;
    for decision in view.site.decisions() {
        for node in &decision.nodes {
            let NodeKind::Outcome(outcome) = &node.kind else { continue };
            let mut effects = outcome.benefits.iter().chain(&outcome.risks);
            if effects.all(|effect| effect.term.as_ref().is_none_or(|at| at.value != term)) {
                continue;
            }
            if !std::mem::replace(&mut has_heading, true) {
                heading(text, view.say(key!("counts-in")));
            }
            let node = format!("[{}]({})", plain(title(node)), view.absolute(node.page));
            line(text, format_args!("- {}: {node}", link(view, decision.page)));
        }
    }
}

/// Its place in each track.
fn tracks(view: &View<'_>, page: PageId, text: &mut String) {
    for (track, at) in view.site.tracks_through(page) {
        let here = [
            ("position", &(at + 1) as &dyn std::fmt::Display),
            ("total", &track.steps.len()),
            ("track", &link(view, track.page)),
        ];
        let here = view.strings().fill(key!("track-step"), &here);
        line(text, format_args!("\n{}", view.strings().fill(key!("page-is-step"), &[("steps", &here)])));
        if let Some(next) = track.steps.get(at + 1) {
            line(text, format_args!("{}: {}", view.say(key!("next-step")), link(view, next.page)));
        }
    }
}
