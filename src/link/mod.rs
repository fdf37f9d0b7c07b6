//! Where every link of every page leads, and so who points at whom.
//!
//! [`resolve`] states facts: a target is a page, an asset, another site, or missing in one of several ways. Whether
//! that is a mistake is for `check` to say, and how it is written into HTML for `render`. Nothing here reads Markdown:
//! the links are in the documents' outlines.

mod backlinks;
mod pictures;
mod references;
mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::{Cited, ClaimId, NamedInData, Outputs, PageId, Reference, References, Site, WorkId};
use crate::parse::{Document, LinkForm, LinkUse};
use crate::source::Inputs;

pub(crate) use pictures::{NamedPicture, Pictures};
use target::Files;
pub(crate) use target::{Target, Wrong};

/// All links of a site, followed.
#[derive(Debug, Default)]
pub struct Links {
    /// For each document, its links in order, with what each leads to.
    pub(crate) resolved: Vec<Vec<Resolved>>,
    /// For each page, the pages whose text or decision names it, in reading order.
    pub(crate) backlinks: Vec<Vec<PageId>>,
    /// For each page, the pages that it names under `related`, then those that name it.
    pub(crate) related: Vec<Vec<Related>>,
    /// For each page, the one that it says to go on to, or of a section to begin with.
    pub(crate) onward: Vec<Option<Related>>,
    /// The pages whose text, relations or place in a decision rest on a claim or a work.
    pub(crate) resting_on: BTreeMap<Cited, BTreeSet<PageId>>,
    /// What pages are shown with where they are shared.
    pub(crate) pictures: Pictures,
}

/// A page that another names as its neighbour.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Related {
    pub(crate) page: PageId,
    /// Why, as that other says.
    pub(crate) why: Option<String>,
}

/// A link and what it leads to.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    /// Position among the document's links.
    pub(crate) link: usize,
    /// The byte at which the link begins.
    pub(crate) at: usize,
    pub(crate) target: Target,
}

impl Links {
    /// What the link of a document that begins at the byte `at` leads to.
    pub(crate) fn target(&self, document: usize, at: usize) -> Option<&Target> {
        let links = self.resolved.get(document)?;
        let found = links.binary_search_by_key(&at, |resolved| resolved.at).ok()?;
        links.get(found).map(|resolved| &resolved.target)
    }

    /// The links of a document as they are written, and what each leads to.
    #[expect(
        clippy::indexing_slicing,
        reason = "`resolve` gives each document a list, in which each link has its position in the outline"
    )]
    pub(crate) fn of_document<'a>(
        &'a self,
        site: &'a Site,
        document: usize,
    ) -> impl Iterator<Item = (&'a LinkUse, &'a Target)> {
        let written = &site.documents[document].outline.links;
        self.resolved[document].iter().map(|resolved| (&written[resolved.link], &resolved.target))
    }

    /// The addresses of pictures on other sites, as pages write them.
    pub(crate) fn pictures_from_elsewhere<'a>(&'a self, site: &'a Site) -> impl Iterator<Item = &'a str> {
        let shown = site.pages().filter_map(|(_, page)| page.document);
        let links = shown.flat_map(|at| self.of_document(site, at));
        let outside = links.filter(|(_, target)| **target == Target::External);
        outside.filter(|(link, _)| link.form == LinkForm::Image).map(|(link, _)| link.target.as_str())
    }

    /// The pages that rest on a claim.
    pub(crate) fn users_of_claim(&self, claim: ClaimId) -> impl Iterator<Item = PageId> {
        self.resting_on.get(&Cited::Claim(claim)).into_iter().flatten().copied()
    }

    /// What follows from the references of all pages.
    fn derive(&mut self, site: &Site, references: &References) {
        let mentions = || backlinks::mentions(site, references);
        let others = || (backlinks::related(site, references), backlinks::resting_on(site, references));
        self.onward = backlinks::onward(site, references);
        (self.backlinks, (self.related, self.resting_on)) = rayon::join(mentions, others);
    }

    /// Whether anything cites a work as a whole.
    pub(crate) fn cites_work(&self, work: WorkId) -> bool {
        self.resting_on.contains_key(&Cited::Work(work))
    }
}

/// What was known of links before an edit that left every page, section and old address where it was.
pub(crate) struct Former<'a> {
    pub(crate) links: &'a mut Links,
    pub(crate) references: &'a mut References,
    /// Which documents are others now, by their positions.
    pub(crate) edited: &'a [bool],
}

/// Follows every link. Of the references, `named` are those of front matter and data; those of texts are added. Links
/// that must lead where they led before are not followed again.
pub(crate) fn resolve(
    site: &Site,
    outputs: &Outputs,
    inputs: &Inputs,
    named: NamedInData,
    former: Option<Former<'_>>,
) -> (Links, References) {
    let files = Files::of(site, outputs, inputs);
    let mut known: Vec<Option<Followed>> = former.map_or_else(Vec::new, |former| former.take_lasting(site));
    known.resize_with(site.documents.len(), || None);
    let follow = |(document, known): (&Arc<Document>, Option<Followed>)| {
        known.unwrap_or_else(|| follow_all(site, &files, document))
    };
    let followed: Vec<Followed> = site.documents.par_iter().zip(known).map(follow).collect();
    let mut references = References::new(named);
    let mut links = Links { resolved: Vec::with_capacity(followed.len()), ..Links::default() };
    for (document, followed) in site.documents.iter().zip(followed) {
        links.resolved.push(followed.links);
        references.replace_from(document.source, document.body, followed.references);
    }
    links.pictures = Pictures::of(site, &files);
    links.derive(site, &references);
    (links, references)
}

#[expect(
    clippy::indexing_slicing,
    reason = "the lists have an entry for every document, and each link its position in the outline"
)]
impl Former<'_> {
    /// For each document, what its links led to, where an edit elsewhere cannot have changed it.
    fn take_lasting(self, site: &Site) -> Vec<Option<Followed>> {
        let Former { links, references, edited } = self;
        let is_edited = |page: PageId| site[page].document.is_some_and(|at| edited[at]);
        let documents = site.documents.iter().zip(std::mem::take(&mut links.resolved)).enumerate();
        let lasting = |(at, (document, links)): (usize, (&Arc<Document>, Vec<Resolved>))| {
            let uses = &document.outline.links;
            let lasts = |link: &Resolved| lasts(uses[link.link].form, &link.target, is_edited);
            (!edited[at] && links.iter().all(lasts))
                .then(|| Followed { links, references: references.take_from(document.source, document.body) })
        };
        documents.map(lasting).collect()
    }
}

/// Whether a link in a text that was not edited leads where it led, as long as all pages are where they were.
fn lasts(form: LinkForm, target: &Target, is_edited: impl Fn(PageId) -> bool) -> bool {
    match (form, target) {
        // Names are titles too, and the headings of a page can be edited.
        (LinkForm::Wiki, _) => false,
        (_, Target::Page { page, anchor: Some(_), .. } | Target::Wrong(Wrong::Anchor { page, .. })) => {
            !is_edited(*page)
        }
        _ => true,
    }
}

/// Follows the links of the documents at these positions once more, since their texts are others: pages, names and
/// headings are as they were.
#[expect(clippy::indexing_slicing, reason = "`documents` are positions in the site's list, and each has its links")]
pub(crate) fn follow_again(
    links: &mut Links,
    references: &mut References,
    site: &Site,
    outputs: &Outputs,
    inputs: &Inputs,
    documents: &[usize],
) {
    let files = Files::of(site, outputs, inputs);
    let mut same = true;
    for &at in documents {
        let document = &site.documents[at];
        let now = follow_all(site, &files, document);
        let then = std::mem::replace(&mut links.resolved[at], now.links);
        same &= then.iter().map(|link| &link.target).eq(links.resolved[at].iter().map(|link| &link.target));
        references.replace_from(document.source, document.body, now.references);
    }
    if !same {
        links.derive(site, references);
    }
}

/// The links of a document, in the order of their places, and what they name.
struct Followed {
    links: Vec<Resolved>,
    references: Vec<Reference>,
}

fn follow_all(site: &Site, files: &Files<'_>, document: &Document) -> Followed {
    let uses = document.outline.links.iter().enumerate();
    let follow =
        |(at, link): (usize, &LinkUse)| Resolved { link: at, at: link.at, target: follow(site, files, document, link) };
    let mut links: Vec<Resolved> = uses.map(follow).collect();
    links.sort_by_key(|resolved| resolved.at);
    let references = references::of_text(site, files, document, &links);
    Followed { links, references }
}

fn follow(site: &Site, files: &Files<'_>, document: &Document, link: &LinkUse) -> Target {
    match link.form {
        LinkForm::Wiki => target::wiki(site, document, &link.target),
        LinkForm::Citation => target::citations(site, &link.target),
        LinkForm::Markdown | LinkForm::Image => {
            target::written(site, files, document, &link.target, link.form == LinkForm::Image)
        }
    }
}
