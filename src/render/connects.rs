//! "How this connects": the typed relations of a page's terms, from both ends, each with its reason.
#![expect(
    clippy::indexing_slicing,
    reason = "facets and kinds of relation are named by their positions, which the model gave"
)]

use tera::Value;

use super::references::{References, claim_url};
use crate::model::{PageId, PageKind, Relation, RelationTarget, TermId};
use crate::parse::Basis;
use crate::view::View;
use crate::view::object;

/// One end of a relation as the other end shows it.
struct Connection<'a> {
    label: &'a str,
    /// Relations in the order of the configuration, seen from here before seen from there.
    order: (usize, bool),
    far: PageId,
    /// The term of this page that carries it.
    through: Option<TermId>,
    relation: &'a Relation,
}

/// The relations that a page takes part in, grouped by what they say.
pub(super) fn groups(view: &View<'_>, page: PageId, references: &References) -> Vec<Value> {
    let mut connections =
        if let PageKind::Term(term) = view.site[page].kind { of_term(view, term, None) } else { of_page(view, page) };
    connections.sort_by_key(|connection| connection.order);
    let mut groups: Vec<(&str, Vec<Connection<'_>>)> = Vec::new();
    for connection in connections {
        let found = groups.iter_mut().find(|(label, _)| *label == connection.label);
        match found {
            // Two terms of one page may lead to one end; it is shown once.
            Some((_, group)) if group.iter().any(|known| known.far == connection.far) => {}
            Some((_, group)) => group.push(connection),
            None => groups.push((connection.label, vec![connection])),
        }
    }
    groups.into_iter().map(|(label, group)| group_value(view, label, &group, references)).collect()
}

fn of_term<'a>(view: &View<'a>, term: TermId, through: Option<TermId>) -> Vec<Connection<'a>> {
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
    let claims = connection.relation.claims.iter().map(|&claim| {
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
        "note" => far.summary.as_deref(),
        "from" => connection.through.map(|term| view.plain_chip(term)),
        "basis" => connection.relation.basis.map(Basis::word),
        "claims" => claims.collect::<Vec<_>>(),
    }
}

fn look(view: &View<'_>, page: PageId) -> &'static str {
    if let PageKind::Term(term) = view.site[page].kind {
        view.site.config.facets[view.site.facet_of(term)].look.word()
    } else {
        "page"
    }
}
