//! Terms: the values of facets, with the articles that carry them.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::reference::{Definition, ReferenceForm, Resolution, Use, Wanted};
use super::{Address, Page, PageId, PageKind, Parts, Site};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, code};
use crate::parse::{self, Document, Role, TagUse};
use crate::source::{At, Inputs, Span};
use crate::strings::key;

/// A term, by its position in `Site::terms`: by facet as in the configuration, then by slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub(crate) usize);

/// A value of a facet.
#[derive(Debug, Clone)]
pub struct Term {
    /// Position in the configuration.
    pub(crate) facet: usize,
    pub(crate) slug: String,
    pub(crate) page: PageId,
    /// Articles that carry it, in reading order.
    pub(crate) articles: Vec<PageId>,
}

impl Site {
    /// The term `slug` of a facet.
    pub(crate) fn term(&self, facet: usize, slug: &str) -> Option<TermId> {
        let key = (facet, slug);
        self.terms.binary_search_by(|term| (term.facet, term.slug.as_str()).cmp(&key)).ok().map(TermId)
    }

    /// The term written `facet/slug`.
    pub(crate) fn term_named(&self, name: &str) -> Option<TermId> {
        let (facet, slug) = name.split_once('/')?;
        self.term(self.config.facet_index(facet)?, slug)
    }

    /// `facet/slug` of a term.
    pub(crate) fn term_name(&self, term: TermId) -> String {
        format!("{}/{}", self.config.facets[self[term].facet].slug, self[term].slug)
    }

    /// What the page of a facet is called where no file says so: "Risk topics".
    pub(super) fn facet_title(&self, facet: usize) -> String {
        let schema = &self.config.facets[facet];
        if schema.name == self.strings.say(key!("topic")) {
            return schema.plural.clone();
        }
        self.strings.fill(key!("kind-topics"), &[("kind", &schema.name)])
    }

    /// The articles that carry both terms.
    pub(crate) fn articles_with_both(&self, one: TermId, other: TermId) -> Vec<PageId> {
        self[one].articles.iter().copied().filter(|&page| self[page].terms.contains(&other)).collect()
    }
}

pub(super) fn build(site: &mut Site, parts: &Parts<'_>, into: &mut Resolution) {
    // Of each term, its page if it has one, and how it was first written.
    let mut known: HashMap<(usize, &str), (Option<PageId>, &str)> = HashMap::new();
    let documents = Arc::clone(&site.documents);
    for (id, page) in site.pages() {
        let Some(document) = page.document.map(|at| &documents[at]) else { continue };
        if let Role::Term { facet, slug } = &document.role {
            match site.config.facet_index(facet) {
                Some(facet) => known.entry((facet, slug)).or_insert((None, slug)).0 = Some(id),
                None => into.findings.push(unknown_facet_folder(parts.inputs, &site.config, facet, document.source)),
            }
        }
        for tag in &document.front.tags {
            let Some(facet) = tag.index else { continue };
            if !site.config.facets[facet].closed && !tag.slug.is_empty() {
                known.entry((facet, &tag.slug)).or_insert((None, &tag.term.value));
            }
        }
    }
    let mut known: Vec<_> = known.into_iter().collect();
    known.sort_unstable_by_key(|(name, _)| *name);
    for ((facet, slug), (page, spelt)) in known {
        let id = TermId(site.terms.len());
        let page = page.unwrap_or_else(|| {
            let address = Address::of_parts([site.config.facets[facet].slug.as_str(), slug]);
            site.pages.push(Page::listing(PageKind::Term(id), address, spelt));
            PageId(site.pages.len() - 1)
        });
        site.pages[page.0].kind = PageKind::Term(id);
        site.pages[page.0].section = None;
        site.terms.push(Term { facet, slug: slug.to_owned(), page, articles: Vec::new() });
    }
    carry(site, into);
}

/// Gives every page its terms, and every term its articles in reading order.
fn carry(site: &mut Site, into: &mut Resolution) {
    let documents = Arc::clone(&site.documents);
    let pages = site.pages.par_iter().enumerate();
    let parts =
        pages.fold(Carried::default, |carried, (at, page)| with_terms(carried, site, &documents, PageId(at), page));
    let parts: Vec<Carried> = parts.collect();
    let mut pages = site.pages.iter_mut();
    for part in parts {
        into.extend(part.resolution);
        part.terms.into_iter().zip(&mut pages).for_each(|(terms, page)| page.terms = terms);
    }
    for &page in &site.reading_order {
        for term in &site.pages[page.0].terms {
            site.terms[term.0].articles.push(page);
        }
    }
}

/// What some pages carry.
#[derive(Default)]
struct Carried {
    /// For each page, its terms, each once, in the order of facets.
    terms: Vec<Vec<TermId>>,
    resolution: Resolution,
}

/// Adds the terms of one more page.
fn with_terms(mut carried: Carried, site: &Site, documents: &[Arc<Document>], id: PageId, page: &Page) -> Carried {
    let tags = page.document.map_or(&[][..], |at| &documents[at].front.tags);
    let into = &mut carried.resolution;
    // Few pages name a term twice, so that names are put together only where one does.
    let same = |a: &TagUse, b: &TagUse| a.term.value == b.term.value && a.facet.value == b.facet.value;
    if tags.iter().enumerate().any(|(at, tag)| tags[..at].iter().any(|earlier| same(earlier, tag))) {
        let names: Vec<_> = tags.iter().map(|tag| (format!("{}/{}", tag.facet.value, tag.term.value), tag)).collect();
        parse::repeated(names.iter().map(|(name, tag)| (name.as_str(), tag.term.span)), "tags", &mut into.findings);
    }
    let mut terms: Vec<TermId> = Vec::with_capacity(tags.len());
    for tag in tags {
        let Some(facet) = tag.index else {
            into.findings.push(unknown_facet(&site.config, &tag.facet.value, tag.facet.span));
            continue;
        };
        let found = site.term(facet, &tag.slug).ok_or(Wanted::Tag(facet));
        let found = into.record(&tag.term, ReferenceForm::Tag.on(id), found, |&term| Definition::Term(term));
        terms.extend(found.filter(|id| !terms.contains(id)));
    }
    terms.sort_by_key(|&id| site[id].facet);
    carried.terms.push(terms);
    carried
}

/// The term written `facet/slug`.
pub(super) fn named(site: &Site, name: &At<String>, of: Use, into: &mut Resolution) -> Option<TermId> {
    into.record(name, of, site.term_named(&name.value).ok_or(Wanted::Term), |&term| Definition::Term(term))
}

/// A finding that no facet has this name.
pub(super) fn unknown_facet(config: &Config, name: &str, span: Span) -> Diagnostic {
    let names = config.facets.iter().map(|facet| facet.slug.as_str());
    Diagnostic::new(&code::UNKNOWN_FACET, span, format!("no facet named `{name}`")).suggest(
        name,
        span,
        names,
        "declare it under `facets` in content/site.yaml",
    )
}

fn unknown_facet_folder(inputs: &Inputs, config: &Config, facet: &str, source: crate::source::SourceId) -> Diagnostic {
    let path = &inputs.get(source).path;
    let mut finding = unknown_facet(config, facet, Span::file(source));
    finding.fix = None;
    finding.message = format!("`{path}` lies in a facet that site.yaml does not declare: `{facet}`");
    finding.help("move it to `tags/<facet>/` of a declared facet, or declare this one")
}
