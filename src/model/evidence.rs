//! Works and claims with their contests settled.

use std::collections::{BTreeMap, BTreeSet};

use super::reference::{Definition, ReferenceForm, Resolution, Use, Wanted};
use super::{PageId, Site, TermId, term};
use crate::diagnostic::{Diagnostic, code};
use crate::parse::{self, Claim as WrittenClaim, Evidence as Written, Work, scheme_allowed};
use crate::source::{At, Span};

/// A work, by its position in `sources.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkId(pub(crate) usize);

/// A claim, by its position over all files of claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId(pub(crate) usize);

/// What a citation key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Cited {
    Work(WorkId),
    Claim(ClaimId),
}

/// All that the site rests on.
#[derive(Debug, Default, Hash)]
pub(crate) struct Evidence {
    pub(crate) works: Vec<Work>,
    pub(crate) claims: Vec<Claim>,
    /// The claims of each work.
    by_work: Vec<Vec<ClaimId>>,
    /// The page of each work; one whose key another has too has none.
    pages: Vec<Option<PageId>>,
    by_key: BTreeMap<String, Cited>,
    /// Claims of works that are not there; the claim is reported, its citations are not.
    orphans: BTreeSet<String>,
}

/// A statement of a work.
#[derive(Debug, Hash)]
pub(crate) struct Claim {
    pub(crate) id: String,
    pub(crate) span: Span,
    pub(crate) text: String,
    pub(crate) kind: Option<String>,
    pub(crate) work: WorkId,
    pub(crate) terms: Vec<TermId>,
    /// Claims that contest it, with the place that says so.
    pub(crate) contested_by: Vec<(ClaimId, Span)>,
}

impl Evidence {
    /// Whether the site has any.
    pub(crate) fn is_empty(&self) -> bool {
        self.works.is_empty() && self.claims.is_empty()
    }

    pub(crate) fn find(&self, key: &str) -> Option<Cited> {
        self.by_key.get(key).copied()
    }

    pub(crate) fn work(&self, id: WorkId) -> &Work {
        &self.works[id.0]
    }

    pub(crate) fn claim(&self, id: ClaimId) -> &Claim {
        &self.claims[id.0]
    }

    /// The claims of a work, in their order.
    pub(crate) fn claims_of(&self, work: WorkId) -> impl Iterator<Item = (ClaimId, &Claim)> {
        self.by_work.get(work.0).into_iter().flatten().map(|&id| (id, self.claim(id)))
    }

    /// The page of a work.
    pub(crate) fn page_of(&self, work: WorkId) -> Option<PageId> {
        self.pages.get(work.0).copied().flatten()
    }

    /// The works that are to have pages: the first of each key.
    pub(super) fn without_pages(&self) -> Vec<WorkId> {
        let works = (0..self.works.len()).map(WorkId);
        works.filter(|&id| self.find(&self.work(id).key.value) == Some(Cited::Work(id))).collect()
    }

    pub(super) fn set_page(&mut self, work: WorkId, page: PageId) {
        self.pages.resize(self.works.len(), None);
        self.pages[work.0] = Some(page);
    }

    /// The claim with this id.
    pub(super) fn claim_named(&self, id: &At<String>, of: Use, into: &mut Resolution) -> Option<ClaimId> {
        let found = match self.find(&id.value) {
            Some(Cited::Claim(claim)) => Ok(claim),
            Some(Cited::Work(_)) | None => Err(Wanted::Claim),
        };
        into.record(id, of, found, |&claim| Definition::Claim(claim))
    }

    /// The work with this key.
    pub(super) fn work_named(&self, key: &At<String>, of: Use, into: &mut Resolution) -> Option<WorkId> {
        let found = match self.find(&key.value) {
            Some(Cited::Work(work)) => Ok(work),
            Some(Cited::Claim(_)) | None => Err(Wanted::Work),
        };
        into.record(key, of, found, |&work| Definition::Work(work))
    }

    /// All keys, in their order, with what they name.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&str, Cited)> {
        self.by_key.iter().map(|(key, &cited)| (key.as_str(), cited))
    }

    /// Whether a claim of this id is written but lacks its work.
    pub(crate) fn is_orphan(&self, id: &str) -> bool {
        self.orphans.contains(id)
    }
}

pub(super) fn build(site: &Site, written: &Written, into: &mut Resolution) -> Evidence {
    let ids = written.works.iter().map(|work| &work.key).chain(written.claims.iter().map(|claim| &claim.id));
    parse::repeated_ids(ids, "source or claim", &mut into.findings);
    let typography = site.config.typography;
    let works = written.works.iter().map(|work| work.set(typography)).collect();
    let mut evidence = Evidence { works, ..Evidence::default() };
    for (at, work) in written.works.iter().enumerate() {
        evidence.by_key.entry(work.key.value.clone()).or_insert(Cited::Work(WorkId(at)));
        if let Some(url) = work.url.as_ref().filter(|url| !scheme_allowed(&url.value)) {
            let message = format!("`{}` has a scheme that is not allowed", url.value);
            into.findings.push(Diagnostic::new(&code::UNSAFE_LINK, url.span, message));
        }
    }
    evidence.by_work.resize(evidence.works.len(), Vec::new());
    let mut kept: Vec<&WrittenClaim> = Vec::new();
    for claim in &written.claims {
        let Some(work) = evidence.work_named(&claim.source, ReferenceForm::ClaimSource.in_data(), into) else {
            evidence.orphans.insert(claim.id.value.clone());
            continue;
        };
        let bears_on = ReferenceForm::ClaimTerm.in_data();
        let id = ClaimId(evidence.claims.len());
        evidence.by_key.entry(claim.id.value.clone()).or_insert(Cited::Claim(id));
        evidence.by_work[work.0].push(id);
        evidence.claims.push(Claim {
            id: claim.id.value.clone(),
            span: claim.id.span,
            text: typography.set(&claim.text).into_owned(),
            kind: claim.kind.clone(),
            work,
            terms: claim.terms.iter().filter_map(|name| term::named(site, name, bears_on, into)).collect(),
            contested_by: Vec::new(),
        });
        kept.push(claim);
    }
    for (at, claim) in kept.into_iter().enumerate() {
        let of = ReferenceForm::ContestedBy.in_data();
        let contests = claim.contested_by.iter();
        let contests = contests.filter_map(|id| Some((evidence.claim_named(id, of, into)?, id.span))).collect();
        evidence.claims[at].contested_by = contests;
    }
    evidence
}
