//! The other direction of links: which pages mention a page, and which are related to it.

use std::collections::BTreeSet;

use super::{Links, Target, related as resolve_related};
use crate::model::{Decision, NodeKind, PageId, PageKind, Site};

/// For each page, the pages whose text or decision links to it, in reading order and each once.
pub(super) fn collect(site: &Site, links: &Links) -> Vec<Vec<PageId>> {
    let mut backlinks = vec![Vec::new(); site.pages.len()];
    // For each page, the last one that was seen to link to it.
    let mut last: Vec<Option<PageId>> = vec![None; site.pages.len()];
    for from in in_reading_order(site) {
        let Some(document) = site[from].document else { continue };
        last[from.0] = Some(from);
        let mut is_new = |page: PageId| last[page.0].replace(from) != Some(from);
        for resolved in &links.resolved[document] {
            if let Target::Page { page, .. } = resolved.target
                && is_new(page)
            {
                backlinks[page.0].push(from);
            }
        }
        if let PageKind::Decision(decision) = site[from].kind {
            let named = named_by(&site.decisions[decision]).into_iter().filter(|&page| is_new(page));
            named.for_each(|page| backlinks[page.0].push(from));
        }
    }
    backlinks
}

/// The pages that the questions and outcomes of a decision point to, and the one that shows the debate behind it.
fn named_by(decision: &Decision) -> Vec<PageId> {
    let mut pages: Vec<PageId> = decision.debate.into_iter().collect();
    for node in &decision.nodes {
        pages.extend(node.explains);
        if let NodeKind::Outcome(outcome) = &node.kind {
            pages.extend(outcome.risks.iter().filter_map(|risk| risk.mitigate));
            pages.extend(&outcome.next);
        }
    }
    pages
}

/// Articles in reading order, then every other page.
fn in_reading_order(site: &Site) -> Vec<PageId> {
    let mut is_article = vec![false; site.pages.len()];
    site.reading_order.iter().for_each(|&id| is_article[id.0] = true);
    let others = site.pages().map(|(id, _)| id).filter(|id| !is_article[id.0]);
    site.reading_order.iter().copied().chain(others).collect()
}

/// For each page, the pages that it names under `related`, then those that name it.
pub(super) fn related(site: &Site) -> Vec<Vec<PageId>> {
    let mut related: Vec<Vec<PageId>> = vec![Vec::new(); site.pages.len()];
    let named: Vec<(PageId, Vec<PageId>)> = in_reading_order(site)
        .into_iter()
        .filter_map(|page| {
            let front = &site.document(page)?.front;
            if front.related.is_empty() {
                return None;
            }
            let names = front.related.iter().filter_map(|name| resolve_related(site, &name.value));
            Some((page, names.filter(|&other| other != page).collect()))
        })
        .collect();
    for (page, others) in &named {
        related[page.0].extend(others);
    }
    for (page, others) in &named {
        for other in others {
            related[other.0].push(*page);
        }
    }
    for pages in related.iter_mut().filter(|pages| pages.len() > 1) {
        let mut seen = BTreeSet::new();
        pages.retain(|&page| seen.insert(page));
    }
    related
}
