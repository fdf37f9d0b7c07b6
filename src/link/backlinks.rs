//! The other direction of references: which pages mention a page, which are related to it, which rest on a claim.
#![expect(
    clippy::indexing_slicing,
    reason = "the lists have an entry for every page, and a `PageId` is a position among them"
)]

use std::collections::{BTreeMap, BTreeSet};

use super::Related;
use crate::model::{Cited, PageId, Reference, ReferenceForm, References, RelationTarget, Single, Site};
use crate::parse::PageUse;

/// For each page, the pages whose text or decision names it, in reading order and each once.
pub(super) fn mentions(site: &Site, references: &References) -> Vec<Vec<PageId>> {
    let mut mentions = vec![Vec::new(); site.pages.len()];
    // For each page, the last one that was seen to mention it.
    let mut last: Vec<Option<PageId>> = vec![None; site.pages.len()];
    for from in in_reading_order(site) {
        last[from.0] = Some(from);
        for reference in named_by(site, references, from).iter().filter(|reference| reference.form.is_mention()) {
            let Some(page) = reference.target.and_then(|target| target.page(site)) else { continue };
            if last[page.0].replace(from) != Some(from) {
                mentions[page.0].push(from);
            }
        }
    }
    mentions
}

/// The references in the file of a page; a decision's questions and outcomes are in its own.
fn named_by<'a>(site: &Site, references: &'a References, page: PageId) -> &'a [Reference] {
    site[page].source.map_or(&[], |source| references.in_file(source))
}

/// Articles in reading order, then every other page.
fn in_reading_order(site: &Site) -> Vec<PageId> {
    let mut is_article = vec![false; site.pages.len()];
    site.reading_order.iter().for_each(|&id| is_article[id.0] = true);
    let others = site.pages().map(|(id, _)| id).filter(|id| !is_article[id.0]);
    site.reading_order.iter().copied().chain(others).collect()
}

/// For each page, the pages that it names under `related`, each with its reason, then those that name it.
pub(super) fn related(site: &Site, references: &References) -> Vec<Vec<Related>> {
    let mut related: Vec<Vec<Related>> = vec![Vec::new(); site.pages.len()];
    let mut pairs: Vec<(PageId, PageId)> = Vec::new();
    for from in in_reading_order(site) {
        let written = site.document(from).map_or(&[][..], |document| &document.front.related);
        for found in named_as(site, references, from, ReferenceForm::Related, written) {
            pairs.push((from, found.page));
            related[from.0].push(found);
        }
    }
    for &(from, page) in &pairs {
        related[page.0].push(Related { page: from, why: None });
    }
    for pages in related.iter_mut().filter(|pages| pages.len() > 1) {
        let mut seen = BTreeSet::new();
        pages.retain(|related| seen.insert(related.page));
    }
    related
}

/// For each page, the one that it says to go on to, or of a section to begin with.
pub(super) fn onward(site: &Site, references: &References) -> Vec<Option<Related>> {
    let of_page = |(id, _)| {
        let front = &site.document(id)?.front;
        let written = front.next.as_ref().or(front.begin.as_ref())?;
        named_as(site, references, id, ReferenceForm::Onward, std::slice::from_ref(written)).next()
    };
    site.pages().map(of_page).collect()
}

/// What a page names in this form, with the reasons that are `written` there; itself left out.
fn named_as<'a>(
    site: &'a Site,
    references: &'a References,
    from: PageId,
    form: ReferenceForm,
    written: &'a [PageUse],
) -> impl Iterator<Item = Related> {
    let names = named_by(site, references, from).iter().filter(move |reference| reference.form == form);
    names.filter_map(move |reference| {
        let page = reference.target?.page(site).filter(|&page| page != from)?;
        let written = written.iter().find(|written| written.page.span == reference.span)?;
        Some(Related { page, why: site.config.typography.set_some(written.why.as_ref()) })
    })
}

/// The pages that rest on a claim or a work: those that cite it, both ends of a relation, nodes of decisions, and the
/// glossary.
pub(super) fn resting_on(site: &Site, references: &References) -> BTreeMap<Cited, BTreeSet<PageId>> {
    let mut resting: BTreeMap<Cited, BTreeSet<PageId>> = BTreeMap::new();
    let glossary = site.only(Single::Glossary);
    for reference in references.all() {
        let page = match reference.form {
            ReferenceForm::GlossarySource => glossary,
            // What a claim rests on, or is contested by, is shown with it and no use of it.
            ReferenceForm::ClaimSource | ReferenceForm::ContestedBy => None,
            _ => reference.from,
        };
        if let (Some(cited), Some(page)) = (reference.target.and_then(crate::model::Definition::cited), page) {
            resting.entry(cited).or_default().insert(page);
        }
    }
    for relation in &site.relations {
        if let RelationTarget::Term(term) = relation.to {
            for &claim in &relation.claims {
                resting.entry(Cited::Claim(claim)).or_default().insert(site[term].page);
            }
        }
    }
    resting
}
