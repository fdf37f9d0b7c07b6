//! The ring around a topic: what leads to it, what it leads to, and the articles that answer it, each with its reason.
#![expect(clippy::indexing_slicing, reason = "kinds of relation are named by their positions, which the model gave")]

use std::collections::BTreeSet;

use tera::Value;

use super::connects::{Connection, look, of_term};
use super::references::claim_url;
use crate::model::{PageId, Relation, RelationTarget, TermId};
use crate::view::{View, object};

/// A box shows at most so many ends of a relation, and a side so many boxes.
const ENDS: usize = 3;
const BOXES: usize = 2;

/// Relations of one name, with where each leads.
struct Group<'a> {
    label: &'a str,
    side: Side,
    ends: Vec<(PageId, &'a Relation)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
    Articles,
}

impl Side {
    /// Where a relation stands that is read from its own end, or from the other. One that is named for what is done to a
    /// term, "raised-by" or "exposed-to", leads to the term; any other, "leads-to", away from it.
    fn of(relation: &Relation, slug: &str, from_here: bool) -> Self {
        match relation.to {
            RelationTarget::Page(_) => Self::Articles,
            RelationTarget::Term(_) if is_passive(slug) == from_here => Self::Before,
            RelationTarget::Term(_) => Self::After,
        }
    }
}

/// Whether the name of a relation says what is done to the term that has it.
fn is_passive(slug: &str) -> bool {
    slug.ends_with("-by") || slug.split('-').next().is_some_and(|verb| verb.ends_with("ed"))
}

/// The relations of a term by their side, and what is left over; none where there is no relation.
pub(super) fn of(view: &View<'_>, term: TermId) -> Option<Value> {
    let groups = groups(view, term);
    if groups.is_empty() {
        return None;
    }
    let (mut before, mut after, mut articles, mut more) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for mut group in groups {
        let rest = group.ends.split_off(group.ends.len().min(ENDS));
        let side = match group.side {
            Side::Before => &mut before,
            Side::After => &mut after,
            Side::Articles => &mut articles,
        };
        if side.len() < BOXES {
            side.push(value(view, &group));
        } else {
            more.push(value(view, &group));
        }
        if !rest.is_empty() {
            more.push(value(view, &Group { ends: rest, ..group }));
        }
    }
    Some(object! { "before" => before, "after" => after, "articles" => articles, "more" => more })
}

/// The relations of a term by their names; in each, those with a reason first.
fn groups<'a>(view: &View<'a>, term: TermId) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut add = |label: &'a str, side: Side, far: PageId, relation: &'a Relation| match groups
        .iter_mut()
        .find(|group| group.label == label && group.side == side)
    {
        Some(group) => group.ends.push((far, relation)),
        None => groups.push(Group { label, side, ends: vec![(far, relation)] }),
    };
    for connection in of_term(view, term, None) {
        let Connection { label, far, relation, .. } = connection;
        let slug = &view.site.config.relations[relation.kind].slug;
        add(label, Side::of(relation, slug, connection.is_from_here()), far, relation);
    }
    for group in &mut groups {
        group.ends.sort_by_key(|(_, relation)| relation.why.is_none());
    }
    groups
}

fn value(view: &View<'_>, group: &Group<'_>) -> Value {
    let end = |&(page, relation): &(PageId, &Relation)| {
        // A work that says it in several claims is named once.
        let mut works = BTreeSet::new();
        let claims = relation.claims.iter().filter(|&&id| works.insert(view.site.evidence().claim(id).work));
        let claims = claims.map(|&id| {
            let work = view.site.evidence().work(view.site.evidence().claim(id).work);
            object! { "url" => claim_url(view, id), "work" => work.short_name() }
        });
        let claims = claims.collect::<Vec<_>>();
        object! {
            "title" => view.site[page].title.as_str(),
            "url" => view.url(page),
            "why" => relation.why.as_deref(),
            "claims" => claims,
        }
    };
    object! {
        "label" => group.label,
        "look" => group.ends.first().map(|&(page, _)| look(view, page)),
        "ends" => group.ends.iter().map(end).collect::<Vec<_>>(),
    }
}
