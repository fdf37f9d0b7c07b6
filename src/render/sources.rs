//! What the site rests on: the list of all works, and the page of each with what it says.

use tera::{Context, Value};

use super::references;
use crate::model::{Claim, ClaimId, WorkId};
use crate::view::{View, object};

/// All works. Claims stood here once, so that the list keeps a place for each, which leads to where it stands now.
pub(super) fn list(view: &View<'_>, context: &mut Context) {
    let evidence = view.site.evidence();
    let works = (0..evidence.works.len()).map(WorkId).map(|id| {
        let claim = |(id, claim): (ClaimId, &Claim)| {
            let (anchor, url) = (references::claim_anchor(&claim.id), references::claim_url(view, id));
            object! { "id" => claim.id.as_str(), "anchor" => anchor, "url" => url }
        };
        let mut work = work(view, id).into_map().unwrap_or_default();
        work.insert("claims".into(), Value::from(evidence.claims_of(id).map(claim).collect::<Vec<_>>()));
        Value::from(work)
    });
    context.insert_value("works", Value::from(works.collect::<Vec<_>>()));
}

/// One work.
pub(super) fn page(view: &View<'_>, id: WorkId, context: &mut Context) {
    context.insert_value("work", work(view, id));
    let claims = view.site.evidence().claims_of(id).map(|(id, claim)| claim_value(view, id, claim));
    context.insert_value("claims", Value::from(claims.collect::<Vec<_>>()));
}

fn work(view: &View<'_>, id: WorkId) -> Value {
    let work = view.site.evidence().work(id);
    object! {
        "key" => work.key.value.as_str(),
        "anchor" => references::work_anchor(&work.key.value),
        "title" => work.title.as_str(),
        "author" => work.author.as_deref(),
        "publisher" => work.publisher.as_deref(),
        "year" => work.year.as_deref(),
        "url" => work.address(),
        "here" => references::work_url(view, id),
        "kind" => work.kind.as_deref().map(at_the_start),
        "stance" => work.stance.as_deref(),
        "interest" => work.interest.as_deref(),
        "caution" => work.caution.as_deref(),
    }
}

/// Words as a line begins with them.
fn at_the_start(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

fn claim_value(view: &View<'_>, id: ClaimId, claim: &Claim) -> Value {
    let used: Vec<Value> = view.links.users_of_claim(id).map(|page| view.link(page)).collect();
    object! {
        "anchor" => references::claim_anchor(&claim.id),
        "text" => claim.text.as_str(),
        "kind" => claim.kind.as_deref().map(at_the_start),
        "terms" => claim.terms.iter().map(|&term| view.chip(term)).collect::<Vec<_>>(),
        "used" => used,
        "contested" => references::contests(view, id),
    }
}
