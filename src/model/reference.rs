//! References: every place where content names something, and what it names.
//!
//! One table for all forms of naming, filled where a name is looked up and nowhere else: by this room for front matter
//! and data, by `link` for the text of pages. Backlinks, the pages that rest on a claim, and whoever wants to know
//! where a thing is named read it; no name is looked up a second time.

use rayon::prelude::*;

use super::{Cited, ClaimId, NameLookup, PageId, Site, TermId, WorkId};
use crate::diagnostic::Findings;
use crate::source::{At, SourceId, Span};

/// A place where content names something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The name itself, without brackets or quotes; the whole link where it is not written to the letter.
    pub span: Span,
    /// How, and as what, the thing is named.
    pub form: ReferenceForm,
    /// The page that names it; none for data such as claims.
    pub from: Option<PageId>,
    /// What is named; none where nothing has this name, or several things have, which is a finding.
    pub target: Option<Definition>,
}

/// How something is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceForm {
    /// The destination of `[text](target)`.
    Link,
    /// The destination of `![alt](target)`.
    Image,
    /// `[[name]]`
    Wiki,
    /// The part behind `#` of a link or wiki link.
    Fragment,
    /// A key in `[@key]`.
    Citation,
    /// A page under `related`.
    Related,
    /// The page under `next`, or under `begin` of a section.
    Onward,
    /// An address under `aliases`, which names the page that it stands on.
    Alias,
    /// A term under `tags`.
    Tag,
    /// The far end of a relation.
    Relation,
    /// A claim that a relation rests on.
    RelationClaim,
    /// The page of a track's step.
    Step,
    /// The decision in which a track ends.
    TrackDecision,
    /// The first question of a decision.
    Start,
    /// The question or outcome that an answer leads to.
    Answer,
    /// A term that an answer brings in.
    AnswerTag,
    /// The page that shows the debate behind a decision.
    Debate,
    /// The page that explains a question or an outcome.
    NodePage,
    /// A claim that a question rests on, or that speaks for an outcome.
    NodeClaim,
    /// A claim that speaks against an outcome.
    Against,
    /// The term of an outcome's benefit or risk.
    EffectTerm,
    /// The page that says what can be done about a risk.
    Mitigation,
    /// Where an outcome says to go on.
    Next,
    /// The work of a claim.
    ClaimSource,
    /// A term that a claim bears on.
    ClaimTerm,
    /// A claim that contests another.
    ContestedBy,
    /// The work of a glossary entry.
    GlossarySource,
    /// The page of a glossary entry.
    GlossaryPage,
    /// A folder under `sections` in `site.yaml`.
    Section,
}

impl ReferenceForm {
    /// Whether a page that names another so mentions it, and is listed there among those that do.
    pub(crate) fn is_mention(self) -> bool {
        match self {
            Self::Link | Self::Image | Self::Wiki | Self::Debate | Self::NodePage | Self::Mitigation | Self::Next => {
                true
            }
            Self::Fragment
            | Self::Citation
            | Self::Related
            | Self::Onward
            | Self::Alias
            | Self::Tag
            | Self::Relation
            | Self::RelationClaim
            | Self::Step
            | Self::TrackDecision
            | Self::Start
            | Self::Answer
            | Self::AnswerTag
            | Self::NodeClaim
            | Self::Against
            | Self::EffectTerm
            | Self::ClaimSource
            | Self::ClaimTerm
            | Self::ContestedBy
            | Self::GlossarySource
            | Self::GlossaryPage
            | Self::Section => false,
        }
    }

    /// A reference of this form from a page.
    pub(crate) fn on(self, page: PageId) -> Use {
        Use { form: self, from: Some(page) }
    }

    /// A reference of this form from a file of data.
    pub(crate) fn in_data(self) -> Use {
        Use { form: self, from: None }
    }
}

/// What a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Definition {
    /// A page.
    Page(PageId),
    /// A heading of a page, by its position among them.
    Heading(PageId, u32),
    /// A term.
    Term(TermId),
    /// A question or an outcome, by the positions of its decision and of itself there.
    Node(usize, usize),
    /// A claim.
    Claim(ClaimId),
    /// A work.
    Work(WorkId),
    /// An entry of the glossary, by its position in the order of the glossary's page.
    Entry(usize),
    /// A file that is published as it is.
    File(SourceId),
}

impl From<Cited> for Definition {
    fn from(cited: Cited) -> Self {
        match cited {
            Cited::Work(work) => Self::Work(work),
            Cited::Claim(claim) => Self::Claim(claim),
        }
    }
}

impl Definition {
    /// The page that shows it alone; none for what stands in a list or is no page.
    pub(crate) fn page(self, site: &Site) -> Option<PageId> {
        match self {
            Self::Page(page) | Self::Heading(page, _) => Some(page),
            Self::Term(term) => Some(site[term].page),
            Self::Node(decision, node) => Some(site.decisions[decision].nodes[node].page),
            Self::Claim(_) | Self::Work(_) | Self::Entry(_) | Self::File(_) => None,
        }
    }

    /// What can be cited, if it is that.
    pub(crate) fn cited(self) -> Option<Cited> {
        match self {
            Self::Claim(claim) => Some(Cited::Claim(claim)),
            Self::Work(work) => Some(Cited::Work(work)),
            Self::Page(_) | Self::Heading(..) | Self::Term(_) | Self::Node(..) | Self::Entry(_) | Self::File(_) => None,
        }
    }
}

/// A name in front matter or data that means nothing, or not one thing.
#[derive(Debug, Clone)]
pub(crate) struct UnknownName {
    pub(crate) name: At<String>,
    pub(crate) wanted: Wanted,
}

/// What a name was to mean.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    /// One page; with what was found in its place.
    Page(NameLookup),
    /// A decision; with what page was found in its place.
    Decision(NameLookup),
    /// `facet/term`
    Term,
    /// A term of the facet at this position of the configuration.
    Tag(usize),
    /// The far end of a relation of this kind, which leads to a term of the facet at this position.
    RelationEnd {
        kind: String,
        facet: usize,
    },
    Claim,
    Work,
    /// The first question of a decision, by its position.
    Start(usize),
    /// A question or an outcome of a decision.
    Node(usize),
    /// A folder that is a section.
    Section,
}

/// All references of a site, in the order of their places.
#[derive(Debug, Clone, Default)]
pub struct References {
    /// Those of each file, by its id.
    by_file: Vec<Vec<Reference>>,
    /// Of those in front matter and data that name nothing, what they were to name.
    unknown: Vec<UnknownName>,
}

/// What front matter and data name, while the texts of pages have not been looked at.
#[derive(Debug, Default)]
pub(crate) struct NamedInData {
    /// In any order.
    pub(crate) references: Vec<Reference>,
    pub(crate) unknown: Vec<UnknownName>,
}

impl References {
    /// A table of these.
    pub(crate) fn new(named: NamedInData) -> Self {
        let NamedInData { references, unknown } = named;
        let files = references.iter().map(|reference| reference.span.source.index() + 1).max().unwrap_or(0);
        let mut all = Self { by_file: vec![Vec::new(); files], unknown };
        for reference in references {
            all.by_file[reference.span.source.index()].push(reference);
        }
        all.by_file.par_iter_mut().for_each(|file| file.sort_by_key(order));
        all
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Reference> {
        self.by_file.iter().flatten()
    }

    /// Those that stand in one file.
    #[must_use]
    pub fn in_file(&self, source: SourceId) -> &[Reference] {
        self.by_file.get(source.index()).map_or(&[], Vec::as_slice)
    }

    /// The one whose name holds the byte at `offset` of a file, or ends there.
    #[must_use]
    pub fn at(&self, source: SourceId, offset: usize) -> Option<&Reference> {
        let holds = |reference: &&Reference| {
            let range = reference.span.range();
            range.start <= offset && offset <= range.end
        };
        // Where two meet, as a name and its fragment may, the one that begins here; of links in links, the inner one.
        self.in_file(source).iter().filter(holds).max_by_key(|reference| reference.span.start)
    }

    /// Those that name this.
    pub fn to(&self, definition: Definition) -> impl Iterator<Item = &Reference> {
        self.all().filter(move |reference| reference.target == Some(definition))
    }

    /// The names in front matter and data that mean nothing, or not one thing. Of texts, [`crate::link::Links`] has them.
    pub(crate) fn unknown(&self) -> &[UnknownName] {
        &self.unknown
    }

    /// Puts `now` in the place of those in a file that stand at or behind the byte `start`.
    pub(crate) fn replace_from(&mut self, source: SourceId, start: usize, now: Vec<Reference>) {
        if self.by_file.len() <= source.index() {
            self.by_file.resize(source.index() + 1, Vec::new());
        }
        self.take_from(source, start);
        let file = &mut self.by_file[source.index()];
        file.extend(now);
        file.sort_by_key(order);
        file.shrink_to_fit();
    }

    /// Takes out those in a file that stand at or behind the byte `start`.
    pub(crate) fn take_from(&mut self, source: SourceId, start: usize) -> Vec<Reference> {
        let Some(file) = self.by_file.get_mut(source.index()) else { return Vec::new() };
        let kept = file.partition_point(|reference| reference.span.range().start < start);
        file.split_off(kept)
    }
}

fn order(reference: &Reference) -> (SourceId, u32, u32, ReferenceForm) {
    (reference.span.source, reference.span.start, reference.span.end, reference.form)
}

/// What is known of a reference before its name is looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    form: ReferenceForm,
    from: Option<PageId>,
}

/// What comes of looking names up.
#[derive(Debug, Default)]
pub(crate) struct Resolution {
    pub(crate) named: NamedInData,
    pub(crate) findings: Findings,
}

impl Resolution {
    /// Notes what a name means, or what it was to mean; gives back what it means.
    pub(crate) fn record<T>(
        &mut self,
        name: &At<String>,
        of: Use,
        target: Result<T, Wanted>,
        definition: impl FnOnce(&T) -> Definition,
    ) -> Option<T> {
        let Use { form, from } = of;
        let span = name.span;
        self.named.references.push(Reference { span, form, from, target: target.as_ref().ok().map(definition) });
        let unknown = |wanted| self.named.unknown.push(UnknownName { name: name.clone(), wanted });
        target.map_err(unknown).ok()
    }

    /// Adds what came of looking up others.
    pub(crate) fn extend(&mut self, other: Self) {
        self.named.references.extend(other.named.references);
        self.named.unknown.extend(other.named.unknown);
        self.findings.extend(other.findings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(file: u32, start: usize, end: usize) -> Reference {
        let span = Span::new(SourceId::new(file), start..end);
        Reference { span, form: ReferenceForm::Wiki, from: None, target: Some(Definition::Entry(start)) }
    }

    #[track_caller]
    fn check(references: &References, file: u32, expected: &[(usize, usize)]) {
        let found = references.in_file(SourceId::new(file)).iter().map(|reference| reference.span.range());
        assert_eq!(found.map(|range| (range.start, range.end)).collect::<Vec<_>>(), expected, "file {file}");
    }

    #[test]
    fn references_are_found_by_their_file_and_place() {
        let references = vec![reference(3, 5, 9), reference(1, 0, 2), reference(3, 1, 3)];
        let mut all = References::new(NamedInData { references, unknown: Vec::new() });
        check(&all, 0, &[]);
        check(&all, 1, &[(0, 2)]);
        check(&all, 2, &[]);
        check(&all, 3, &[(1, 3), (5, 9)]);
        check(&all, 4, &[]);
        let at = |all: &References, offset| all.at(SourceId::new(3), offset).map(|found| found.span.range().start);
        assert_eq!([0, 1, 3, 4, 9, 10].map(|offset| at(&all, offset)), [None, Some(1), Some(1), None, Some(5), None]);
        assert_eq!(all.to(Definition::Entry(5)).count(), 1);

        all.replace_from(SourceId::new(3), 4, vec![reference(3, 8, 9), reference(3, 6, 7)]);
        check(&all, 3, &[(1, 3), (6, 7), (8, 9)]);
        all.replace_from(SourceId::new(1), 0, Vec::new());
        check(&all, 1, &[]);
        check(&all, 3, &[(1, 3), (6, 7), (8, 9)]);
    }

    #[test]
    fn a_site_without_references_has_none_anywhere() {
        check(&References::new(NamedInData::default()), 0, &[]);
        check(&References::default(), 7, &[]);
    }
}
