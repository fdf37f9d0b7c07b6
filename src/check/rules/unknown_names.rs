//! Names in front matter and data that mean nothing, or not one thing, as the table of references has them (FP0301,
//! FP0302, FP0307, FP0402, FP0404, FP0501, FP0506, FP0701, FP0901); and what is said of such names in texts.
#![expect(clippy::indexing_slicing, reason = "facets and decisions are named by their positions, which the model gave")]

use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Effort, Findings, code};
use crate::model::{Cited, DECISION_PREFIX, DecisionNode, NameLookup, NodeKind, PageId, Site, UnknownName, Wanted};
use crate::parse;
use crate::source::{At, Span};
use crate::yaml;

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let judge = Judge { site: subject.site, effort: Effort::default() };
    findings.extend(subject.references.unknown().iter().filter_map(|unknown| judge.unknown(unknown)));
}

/// Says what is wrong with a name, and which may have been meant.
pub(super) struct Judge<'a> {
    pub(super) site: &'a Site,
    /// What is left of the effort to find names that were meant.
    pub(super) effort: Effort,
}

impl Judge<'_> {
    fn unknown(&self, UnknownName { name, wanted }: &UnknownName) -> Option<Diagnostic> {
        match wanted {
            Wanted::Page(found) => self.page(name, found),
            Wanted::Decision(NameLookup::Draft) => self.page(name, &NameLookup::Draft),
            Wanted::Decision(_) => Some(self.decision(name)),
            Wanted::Term => Some(self.term(name)),
            Wanted::Tag(facet) => Some(self.tag(name, *facet)),
            Wanted::RelationEnd { kind, facet } => Some(self.relation_end(name, kind, *facet)),
            // Its work is unknown, and that has been said.
            Wanted::Claim if self.site.evidence.is_orphan(&name.value) => None,
            Wanted::Claim => Some(self.cited(name, "claim")),
            Wanted::Work => Some(self.cited(name, "source")),
            Wanted::Start(decision) => Some(self.start(name, *decision)),
            Wanted::Node(decision) => Some(self.node(name, *decision)),
            Wanted::Section => Some(self.section(name)),
        }
    }

    /// A name that was to mean a page, and was found to mean something else.
    pub(super) fn page(&self, name: &At<String>, found: &NameLookup) -> Option<Diagnostic> {
        let wrong = &name.value;
        match found {
            NameLookup::One(_) => None,
            NameLookup::Draft => Some(
                Diagnostic::new(&code::LINK_TO_DRAFT, name.span, format!("`{wrong}` is a draft"))
                    .help("remove `draft: true` from it, or remove this link"),
            ),
            NameLookup::Many(pages) => {
                let message = format!("`{wrong}` may mean {} pages", pages.len());
                let mut finding = Diagnostic::new(&code::AMBIGUOUS_NAME, name.span, message);
                for source in pages.iter().take(4).filter_map(|&id| self.site[id].source) {
                    finding = finding.also(Span::file(source), "one of them");
                }
                let addresses: Vec<String> = pages.iter().map(|&id| format!("`{}`", self.path_of(id))).collect();
                Some(finding.help(format!("write which: {}", addresses.join(" or "))))
            }
            NameLookup::Nothing => {
                let finding = Diagnostic::new(&code::UNKNOWN_PAGE, name.span, format!("no page named `{wrong}`"));
                Some(match self.effort.nearest(wrong, self.site.names.suggestions()) {
                    Some(near) => finding.fix("a page with a similar name exists", name.span, near),
                    None => finding.help("name a page by its file, its title or its path below content/"),
                })
            }
        }
    }

    /// A page's path as an author may write it.
    fn path_of(&self, page: PageId) -> &str {
        match self.site[page].address.as_str().trim_matches('/') {
            "" => "index",
            path => path,
        }
    }

    fn decision(&self, name: &At<String>) -> Diagnostic {
        let (prefix, slug) = match name.value.strip_prefix(DECISION_PREFIX) {
            Some(slug) => (DECISION_PREFIX, slug.trim()),
            None => ("", name.value.as_str()),
        };
        let decisions = self.site.decisions.iter().filter(|_| self.effort.is_left());
        let names = decisions.map(|decision| format!("{prefix}{}", self.site.decision_slug(decision.page)));
        let finding = Diagnostic::new(&code::UNKNOWN_PAGE, name.span, format!("no decision named `{slug}`"));
        self.suggest(finding, name, names, "name a decision by its file in `content/decisions`, without the ending")
    }

    /// A term written `facet/term`.
    fn term(&self, name: &At<String>) -> Diagnostic {
        let facets: Vec<&str> = self.site.config.facets.iter().map(|facet| facet.slug.as_str()).collect();
        let help = match name.value.split_once('/') {
            None => "write it as `facet/term`".to_owned(),
            Some((facet, term)) if facets.contains(&facet) => describe(facet, term),
            Some(_) if facets.is_empty() => "declare its facet under `facets` in content/site.yaml".to_owned(),
            Some(_) => format!("the facets are {}", yaml::list(&facets)),
        };
        let terms = self.site.terms().filter(|_| self.effort.is_left());
        let names = terms.map(|(id, _)| self.site.term_name(id));
        let finding = Diagnostic::new(&code::UNKNOWN_TERM, name.span, format!("no term named `{}`", name.value));
        self.suggest(finding, name, names, help)
    }

    fn tag(&self, name: &At<String>, facet: usize) -> Diagnostic {
        let schema = &self.site.config.facets[facet];
        let names = self.site.terms.iter().filter(|term| term.facet == facet).map(|term| term.slug.as_str());
        let message = format!("no {} named `{}`", schema.name.to_lowercase(), name.value);
        let finding = Diagnostic::new(&code::UNKNOWN_TERM, name.span, message);
        finding.suggest_of_many(name, names, describe(&schema.slug, &name.value), &self.effort)
    }

    /// The far end of a relation of a kind, which leads to a term of a facet.
    fn relation_end(&self, name: &At<String>, kind: &str, index: usize) -> Diagnostic {
        let facet = &self.site.config.facets[index].slug;
        if self.site.term_named(&name.value).is_some() {
            let message = format!("`{kind}` leads to a term of `{facet}`, and `{}` is none", name.value);
            let help = format!("name a term of `{facet}`, or use a relation that leads elsewhere");
            return Diagnostic::new(&code::WRONG_RELATION_END, name.span, message).help(help);
        }
        let terms = self.site.terms.iter().filter(|term| term.facet == index && self.effort.is_left());
        let names = terms.map(|term| format!("{facet}/{}", term.slug));
        let finding = Diagnostic::new(&code::UNKNOWN_TERM, name.span, format!("no term named `{}`", name.value));
        self.suggest(finding, name, names, format!("write a term of `{facet}`: `{facet}/…`"))
    }

    /// A key that no `what` ("source", "claim", or either) has.
    pub(super) fn cited(&self, key: &At<String>, what: &str) -> Diagnostic {
        let fits = |cited: Cited| match cited {
            Cited::Work(_) => what != "claim",
            Cited::Claim(_) => what != "source",
        };
        let keys = self.site.evidence.keys().filter(|&(_, cited)| fits(cited)).map(|(key, _)| key);
        let finding = Diagnostic::new(&code::UNKNOWN_CITATION, key.span, format!("no {what} named `{}`", key.value));
        let help = "declare it in content/sources.yaml or in a file of content/claims/";
        finding.suggest_of_many(key, keys, help, &self.effort)
    }

    /// The first question of a decision.
    fn start(&self, name: &At<String>, decision: usize) -> Diagnostic {
        let nodes = &self.site.decisions[decision].nodes;
        let message = if nodes.iter().any(|node| node.id == name.value) {
            format!("`{}` is an outcome, and a decision starts at a question", name.value)
        } else {
            format!("no question named `{}`", name.value)
        };
        let is_question = |node: &&DecisionNode| matches!(node.kind, NodeKind::Question(_));
        let ids = nodes.iter().filter(is_question).map(|node| node.id.as_str());
        let finding = Diagnostic::new(&code::WRONG_START, name.span, message);
        finding.suggest(&name.value, name.span, ids, "name the question that is asked first")
    }

    fn node(&self, name: &At<String>, decision: usize) -> Diagnostic {
        let ids = self.site.decisions[decision].nodes.iter().map(|node| node.id.as_str());
        let message = format!("no question or outcome named `{}`", name.value);
        let help = "write it under `questions` or `outcomes`, or lead the answer elsewhere";
        Diagnostic::new(&code::UNKNOWN_NODE, name.span, message).suggest_of_many(name, ids, help, &self.effort)
    }

    fn section(&self, name: &At<String>) -> Diagnostic {
        let folders = self.site.sections.iter().map(|section| section.folder.as_str()).filter(|f| !f.is_empty());
        let finding = Diagnostic::new(&code::UNKNOWN_SECTION, name.span, format!("no section named `{}`", name.value));
        let help = format!("make the folder `content/{}/` with a page in it", name.value);
        finding.suggest(&name.value, name.span, folders, help)
    }

    /// Offers the nearest of names that are put together only while there is effort left.
    fn suggest(
        &self,
        finding: Diagnostic,
        name: &At<String>,
        names: impl Iterator<Item = String>,
        otherwise: impl Into<String>,
    ) -> Diagnostic {
        let names: Vec<String> = names.collect();
        finding.suggest_of_many(name, names.iter().map(String::as_str), otherwise, &self.effort)
    }
}

/// The advice to make the page of a term that has none.
fn describe(facet: &str, term: &str) -> String {
    match parse::slug(term) {
        slug if slug.is_empty() => "a term needs letters or digits".to_owned(),
        slug => format!("describe it in `content/tags/{facet}/{slug}.md`"),
    }
}
