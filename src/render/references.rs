//! The numbered references at the end of a page.

use std::collections::HashMap;

use tera::Value;

use crate::model::{Address, Cited, ClaimId, Single, WorkId};
use crate::view::View;
use crate::view::object;

/// What a page cites, in the order of first citation.
#[derive(Debug, Default)]
pub(crate) struct References {
    cited: Vec<Cited>,
    numbers: HashMap<Cited, usize>,
}

/// A number, and the claim that it stands for if it is not its work as a whole.
type Numbered = (usize, Option<ClaimId>);

impl References {
    /// Cites once more: the number, from 1.
    pub(crate) fn cite(&mut self, cited: Cited) -> usize {
        *self.numbers.entry(cited).or_insert_with(|| {
            self.cited.push(cited);
            self.cited.len()
        })
    }

    /// The number of a claim, if the page cites it.
    pub(crate) fn number(&self, claim: ClaimId) -> Option<usize> {
        self.numbers.get(&Cited::Claim(claim)).copied()
    }

    /// The list as templates see it: by the works, in the order in which these are first cited.
    pub(crate) fn values(&self, view: &View<'_>) -> Vec<Value> {
        let mut works: Vec<(WorkId, Vec<Numbered>)> = Vec::new();
        let mut positions: HashMap<WorkId, usize> = HashMap::new();
        for (number, &cited) in (1..).zip(&self.cited) {
            let (work, claim) = match cited {
                Cited::Work(work) => (work, None),
                Cited::Claim(claim) => (view.site.evidence().claim(claim).work, Some(claim)),
            };
            let at = *positions.entry(work).or_insert(works.len());
            match works.get_mut(at) {
                Some((_, items)) => items.push((number, claim)),
                None => works.push((work, vec![(number, claim)])),
            }
        }
        let short = |work: WorkId| view.site.evidence().work(work).short_name();
        let alike: HashMap<&str, usize> = works.iter().fold(HashMap::new(), |mut counts, &(work, _)| {
            *counts.entry(short(work)).or_default() += 1;
            counts
        });
        let of_work = |(work, items): (WorkId, Vec<Numbered>)| {
            let claims = || items.iter().filter_map(|&(_, claim)| claim);
            let contested = claims().any(|claim| !view.site.evidence().claim(claim).contested_by.is_empty());
            let name = Some(short(work)).filter(|name| alike.get(name) == Some(&1));
            object! {
                "name" => name.unwrap_or(&view.site.evidence().work(work).title),
                "work" => work_value(view, work),
                "claims" => claims().count(),
                "contested" => contested,
                "items" => items.iter().map(|&(number, claim)| item(view, number, claim)).collect::<Vec<_>>(),
            }
        };
        works.into_iter().map(of_work).collect()
    }
}

fn item(view: &View<'_>, number: usize, claim: Option<ClaimId>) -> Value {
    let said = claim.map(|id| {
        let claim = view.site.evidence().claim(id);
        object! { "text" => claim.text.as_str(), "url" => claim_url(view, id) }
    });
    object! {
        "number" => number,
        "anchor" => format!("ref:{number}"),
        "claim" => said,
        "contested" => claim.is_some_and(|id| !view.site.evidence().claim(id).contested_by.is_empty()),
    }
}

/// A work in one line.
pub(crate) fn work_value(view: &View<'_>, id: WorkId) -> Value {
    let work = view.site.evidence().work(id);
    object! {
        "title" => work.title.as_str(),
        "short" => work.short_name(),
        "author" => work.author.as_deref(),
        "publisher" => work.publisher.as_deref(),
        "year" => work.year.as_deref(),
        "kind" => work.kind.as_deref(),
        "url" => work.address(),
        "here" => work_url(view, id),
    }
}

/// The page of a work; of one whose key another has too, the list of all.
pub(crate) fn work_url(view: &View<'_>, work: WorkId) -> String {
    view.url_of(&work_address(view, work))
}

/// Where a work stands, as an address of the site.
pub(crate) fn work_address(view: &View<'_>, work: WorkId) -> Address {
    let page = view.site.evidence().page_of(work).or_else(|| view.site.only(Single::Sources));
    page.map_or_else(|| Address::of_parts([]), |page| view.site[page].address.clone())
}

/// The place of a claim on the page of its work.
pub(crate) fn claim_url(view: &View<'_>, claim: ClaimId) -> String {
    let claim = view.site.evidence().claim(claim);
    format!("{}#{}", work_url(view, claim.work), super::escape::fragment(&claim_anchor(&claim.id)))
}

/// The fragment of a work on the list of all.
pub(crate) fn work_anchor(key: &str) -> String {
    format!("source-{key}")
}

/// The fragment of a claim.
pub(crate) fn claim_anchor(id: &str) -> String {
    format!("claim-{id}")
}

/// A claim as it stands beside others: its words, its work in passing, and its place.
pub(crate) fn claim_value(view: &View<'_>, id: ClaimId) -> Value {
    let claim = view.site.evidence().claim(id);
    object! {
        "text" => claim.text.as_str(),
        "work_title" => view.site.evidence().work(claim.work).short_name(),
        "url" => claim_url(view, id),
    }
}

/// The claims that contest a claim.
pub(crate) fn contests(view: &View<'_>, claim: ClaimId) -> Vec<Value> {
    let contested = view.site.evidence().claim(claim).contested_by.iter();
    contested.map(|&(other, _)| claim_value(view, other)).collect()
}
