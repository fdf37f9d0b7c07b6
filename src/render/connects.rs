//! "How this connects": the typed relations of a page's terms, from both ends, each with its reason.
#![expect(
    clippy::indexing_slicing,
    reason = "facets and kinds of relation are named by their positions, which the model gave"
)]

use std::cmp::Reverse;

use tera::Value;

use super::references::{References, claim_url};
use crate::model::{PageId, PageKind, Relation, RelationTarget, TermId};
use crate::parse::Basis;
use crate::view::View;
use crate::view::object;

/// One end of a relation as the other end shows it.
pub(crate) struct Connection<'a> {
    pub(crate) label: &'a str,
    /// Relations in the order of the configuration, seen from here before seen from there.
    order: (usize, bool),
    pub(crate) far: PageId,
    /// The term of this page that carries it.
    pub(crate) through: Option<TermId>,
    pub(crate) relation: &'a Relation,
}

impl Connection<'_> {
    /// Whether the relation is written at this end.
    pub(super) fn is_from_here(&self) -> bool {
        !self.order.1
    }
}

/// What one relation says of a page, from one of its ends.
pub(crate) struct Group<'a> {
    pub(crate) label: &'a str,
    pub(crate) connections: Vec<Connection<'a>>,
}

/// The connections that an article shows.
pub(super) struct Shown {
    /// At most two groups, and of each the first items.
    pub(super) boxes: Vec<Value>,
    /// All others.
    pub(super) more: Vec<Value>,
    /// The pages that they lead to.
    pub(super) ends: Vec<PageId>,
}

/// A box of an article holds at most so many connections.
const IN_A_BOX: usize = 3;

/// Those of an article but to `next`, which the page names already. In the boxes are the relation with most connections of the
/// page itself and its first terms, and of the others one that leads to another kind of end: what weighs against
/// beside what weighs for.
pub(super) fn of_article(view: &View<'_>, page: PageId, next: Option<PageId>, references: &References) -> Shown {
    let mut groups = grouped(view, page);
    for Group { connections, .. } in &mut groups {
        connections.retain(|connection| Some(connection.far) != next);
        connections.sort_by_key(|connection| connection.relation.why.is_none());
    }
    groups.retain(|group| !group.connections.is_empty());
    let first_terms = view.site[page].terms.get(..2).unwrap_or(&view.site[page].terms);
    let is_own = |connection: &&Connection<'_>| connection.through.is_none_or(|term| first_terms.contains(&term));
    let weight = |group: &Group<'_>| (group.connections.iter().filter(is_own).count(), group.connections.len());
    let kind = |group: &Group<'_>| group.connections.first().map(|first| (first.order.0, look(view, first.far)));
    // A sort keeps equals in their order, so the first of the configuration wins.
    groups.sort_by_key(|group| Reverse(weight(group)));
    let unlike = groups.first().and_then(kind).and_then(|(relation, end)| {
        let others = || groups.iter().enumerate().skip(1).filter_map(|(at, group)| Some((at, kind(group)?)));
        others()
            .find(|&(_, (other, to))| other != relation && to != end)
            .or_else(|| others().find(|&(_, (other, _))| other != relation))
    });
    if let Some((at, _)) = unlike {
        groups.swap(1, at);
    }
    let mut shown = Shown { boxes: Vec::new(), more: Vec::new(), ends: Vec::new() };
    for (at, Group { label, connections }) in groups.iter().enumerate() {
        let (boxed, rest) = connections.split_at(if at < 2 { IN_A_BOX.min(connections.len()) } else { 0 });
        for (group, into) in [(boxed, &mut shown.boxes), (rest, &mut shown.more)] {
            if !group.is_empty() {
                into.push(group_value(view, label, group, references));
            }
        }
        shown.ends.extend(connections.iter().map(|connection| connection.far));
    }
    shown
}

/// The relations that a page takes part in, by what they say.
pub(crate) fn grouped<'a>(view: &View<'a>, page: PageId) -> Vec<Group<'a>> {
    let mut connections =
        if let PageKind::Term(term) = view.site[page].kind { of_term(view, term, None) } else { of_page(view, page) };
    connections.sort_by_key(|connection| connection.order);
    let mut groups: Vec<Group<'_>> = Vec::new();
    for connection in connections {
        let found = groups.iter_mut().find(|group| group.label == connection.label);
        match found {
            // Two terms of one page may lead to one end; it is shown once.
            Some(group) if group.connections.iter().any(|known| known.far == connection.far) => {}
            Some(group) => group.connections.push(connection),
            None => groups.push(Group { label: connection.label, connections: vec![connection] }),
        }
    }
    groups
}

/// The relations of a term, from either end.
pub(super) fn of_term<'a>(view: &View<'a>, term: TermId, through: Option<TermId>) -> Vec<Connection<'a>> {
    let mut connections = Vec::new();
    for relation in view.site.relations() {
        let kind = &view.site.config.relations[relation.kind];
        if relation.from == term {
            let far = view.site.target_page(relation.to);
            connections.push(Connection { label: &kind.label, order: (relation.kind, false), far, through, relation });
        }
        if relation.to == RelationTarget::Term(term) {
            let far = view.site.page_of_term(relation.from);
            connections.push(Connection { label: &kind.inverse, order: (relation.kind, true), far, through, relation });
        }
    }
    connections
}

fn of_page<'a>(view: &View<'a>, page: PageId) -> Vec<Connection<'a>> {
    let terms = &view.site[page].terms;
    let mut connections: Vec<Connection<'_>> = Vec::new();
    for relation in view.site.relations().iter().filter(|relation| relation.to == RelationTarget::Page(page)) {
        let kind = &view.site.config.relations[relation.kind];
        let far = view.site.page_of_term(relation.from);
        let order = (relation.kind, true);
        connections.push(Connection { label: &kind.inverse, order, far, through: None, relation });
    }
    let own: Vec<PageId> = terms.iter().map(|&term| view.site.page_of_term(term)).chain([page]).collect();
    for &term in terms {
        // An end that the page carries, or is, says nothing new.
        connections.extend(of_term(view, term, Some(term)).into_iter().filter(|c| !own.contains(&c.far)));
    }
    connections
}

fn group_value(view: &View<'_>, label: &str, group: &[Connection<'_>], references: &References) -> Value {
    let items: Vec<Value> = group.iter().map(|connection| item(view, connection, references)).collect();
    object! { "label" => label, "look" => group.first().map(|first| look(view, first.far)), "items" => items }
}

fn item(view: &View<'_>, connection: &Connection<'_>, references: &References) -> Value {
    let far = &view.site[connection.far];
    let mut claims = connection.relation.claims.clone();
    claims.sort_by_key(|&claim| references.number(claim).unwrap_or(usize::MAX));
    let claims = claims.into_iter().map(|claim| {
        object! {
            "number" => references.number(claim),
            "url" => claim_url(view, claim),
            "text" => view.site.evidence().claim(claim).text.as_str(),
        }
    });
    object! {
        "title" => far.title.as_str(),
        "url" => view.url(connection.far),
        "look" => look(view, connection.far),
        "why" => connection.relation.why.as_deref(),
        "from" => connection.through.map(|term| view.plain_chip(term)),
        "basis" => connection.relation.basis.map(Basis::word),
        "claims" => claims.collect::<Vec<_>>(),
    }
}

pub(super) fn look(view: &View<'_>, page: PageId) -> &'static str {
    if let PageKind::Term(term) = view.site[page].kind {
        view.site.config.facets[view.site.facet_of(term)].look.word()
    } else {
        "page"
    }
}
