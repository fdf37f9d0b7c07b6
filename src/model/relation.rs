//! Typed relations, written once on their `from` side and shown at both ends.

use super::reference::{Definition, ReferenceForm, Resolution, Use, Wanted};
use super::{ClaimId, PageId, Site, TermId};
use crate::config::RelationEnd;
use crate::diagnostic::{Diagnostic, code};
use crate::parse::{Basis, RelationUse};

/// A relation between a term and a term or a page.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// Position in the configuration.
    pub(crate) kind: usize,
    pub(crate) from: TermId,
    pub(crate) to: RelationTarget,
    /// Why the two are connected, in the editors' words.
    pub(crate) why: Option<String>,
    pub(crate) claims: Vec<ClaimId>,
    pub(crate) basis: Option<Basis>,
}

/// The far end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RelationTarget {
    Term(TermId),
    Page(PageId),
}

impl Site {
    /// The page at the far end of a relation.
    pub(crate) fn target_page(&self, target: RelationTarget) -> PageId {
        match target {
            RelationTarget::Term(term) => self[term].page,
            RelationTarget::Page(page) => page,
        }
    }
}

pub(super) fn build(site: &mut Site, into: &mut Resolution) {
    let mut relations = Vec::new();
    for (from, term) in site.terms() {
        let Some(document) = site.document(term.page) else { continue };
        let uses = &document.front.relations;
        let names: Vec<String> = uses.iter().map(|u| format!("{} {}", u.kind.value, u.to.value)).collect();
        crate::parse::repeated(
            names.iter().map(String::as_str).zip(uses.iter().map(|u| u.to.span)),
            "relations",
            &mut into.findings,
        );
        relations.extend(uses.iter().filter_map(|written| resolve(site, from, written, into)));
    }
    relations.sort_by_key(|relation| relation.kind);
    site.relations = relations;
}

fn resolve(site: &Site, from: TermId, written: &RelationUse, into: &mut Resolution) -> Option<Relation> {
    let Some(kind) = site.config.relations.iter().position(|kind| kind.slug == written.kind.value) else {
        let message = format!("no relation named `{}`", written.kind.value);
        let names = site.config.relations.iter().map(|kind| kind.slug.as_str());
        let finding = Diagnostic::new(&code::UNKNOWN_RELATION, written.kind.span, message);
        let help = "declare it under `relations` in content/site.yaml";
        into.findings.push(finding.suggest(&written.kind.value, written.kind.span, names, help));
        return None;
    };
    let schema = &site.config.relations[kind];
    let facet = &site.config.facets[site[from].facet];
    if facet.slug != schema.from {
        let message = format!("`{}` starts from a term of `{}`, not of `{}`", schema.slug, schema.from, facet.slug);
        let finding = Diagnostic::new(&code::WRONG_RELATION_END, written.kind.span, message);
        into.findings
            .push(finding.help("write it on the page of the other term, or declare another relation in site.yaml"));
        return None;
    }
    let page = site[from].page;
    let end = ReferenceForm::Relation.on(page);
    let to = match &schema.to {
        RelationEnd::Facet(facet) => RelationTarget::Term(target_term(site, facet, written, end, into)?),
        RelationEnd::Page => RelationTarget::Page(site.names.page(&written.to, end, into)?),
    };
    let of = ReferenceForm::RelationClaim.on(page);
    let claims = written.claims.iter().filter_map(|id| site.evidence.claim_named(id, of, into)).collect();
    Some(Relation {
        kind,
        from,
        to,
        why: site.config.typography.set_some(written.why.as_ref()),
        claims,
        basis: written.basis,
    })
}

/// The term that a relation names, as `facet/term` or by its slug alone.
fn target_term(site: &Site, facet: &str, written: &RelationUse, of: Use, into: &mut Resolution) -> Option<TermId> {
    let name = &written.to.value;
    let index = site.config.facet_index(facet)?;
    let slug = name.strip_prefix(facet).and_then(|rest| rest.strip_prefix('/')).unwrap_or(name);
    let wanted = || Wanted::RelationEnd { kind: written.kind.value.clone(), facet: index };
    into.record(&written.to, of, site.term(index, slug).ok_or_else(wanted), |&term| Definition::Term(term))
}
