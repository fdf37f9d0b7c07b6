//! Which kinds of page there are, and what is so of every page of a kind: a row for each.

use super::{HashedFolder, Parts, SectionId, Site, TermId, WorkId};
use crate::parse::Role;
use crate::strings::{StringKey, key};

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageKind {
    Article,
    Section(SectionId),
    /// One facet, by its position in the configuration.
    Facet(usize),
    Term(TermId),
    /// One decision, by its position in [`Site::decisions`].
    Decision(usize),
    /// A question of a decision, by its position there.
    Question {
        decision: usize,
        node: usize,
    },
    /// An outcome of a decision, likewise.
    Outcome {
        decision: usize,
        node: usize,
    },
    /// One track, by its position in [`Site::tracks`].
    Track(usize),
    /// A work that the site rests on, with what it says.
    Work(WorkId),
    /// A page that a site has at most once.
    Single(Single),
}

/// Pages that a site has at most once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Single {
    Home,
    /// All facets with their terms.
    Facets,
    Map,
    Decisions,
    Tracks,
    Sources,
    Glossary,
    /// The search, which without a script lists everything.
    Search,
    /// What a server shows where there is no page.
    NotFound,
}

/// What is so of every page of a kind.
#[derive(Debug)]
pub(crate) struct KindFacts {
    /// The word for it, for templates and `site.json`.
    pub(crate) word: &'static str,
    /// The template that shows it where its front matter asks for none.
    pub(crate) template: &'static str,
    /// Its icon in the search, but that of a term is its facet's look.
    pub(crate) icon: &'static str,
    /// What readers of the search call it, but a term by its facet's name.
    pub(crate) label: Option<StringKey>,
    pub(crate) indexed: Indexed,
    /// Whether it is also written as Markdown.
    pub(crate) twin: bool,
}

/// Whether a search is to find the pages of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Indexed {
    Always,
    /// Where they say something themselves: lists of others, which other pages make up, need not be found.
    WithText,
    /// By no search, ours or another.
    Never,
}

impl PageKind {
    /// One of each kind, at the first position where there are several.
    pub(crate) fn each() -> impl Iterator<Item = Self> {
        let many = [
            Self::Article,
            Self::Section(SectionId(0)),
            Self::Facet(0),
            Self::Term(TermId(0)),
            Self::Decision(0),
            Self::Question { decision: 0, node: 0 },
            Self::Outcome { decision: 0, node: 0 },
            Self::Track(0),
            Self::Work(WorkId(0)),
        ];
        let once = std::iter::once(Single::Home).chain(Single::LISTINGS).map(Self::Single);
        many.into_iter().chain(once)
    }

    /// The list among those of the contents that a page belongs to without having an entry there.
    pub(crate) fn listed_under(self) -> Option<Single> {
        match self {
            Self::Facet(_) | Self::Term(_) => Some(Single::Facets),
            Self::Decision(_) | Self::Question { .. } | Self::Outcome { .. } => Some(Single::Decisions),
            Self::Track(_) => Some(Single::Tracks),
            Self::Work(_) => Some(Single::Sources),
            Self::Article | Self::Section(_) | Self::Single(_) => None,
        }
    }

    /// What is so of every page of this kind.
    pub(crate) const fn facts(self) -> KindFacts {
        use Indexed::{Always, Never, WithText};
        let (word, template, icon, label, indexed, twin) = match self {
            Self::Article => ("article", "page.html", "page", None, Always, true),
            Self::Section(_) => ("section", "section.html", "page", Some(key!("section")), WithText, true),
            Self::Facet(_) => ("facet", "facet.html", "page", Some(key!("topics")), WithText, true),
            Self::Term(_) => ("term", "term.html", "tag", None, Always, true),
            Self::Decision(_) => ("decision", "decision.html", "choice", Some(key!("decision")), Always, true),
            Self::Question { .. } => ("question", "question.html", "choice", Some(key!("question")), Always, true),
            Self::Outcome { .. } => ("outcome", "outcome.html", "choice", Some(key!("outcome")), Always, true),
            Self::Track(_) => ("track", "track.html", "post", Some(key!("track")), Always, true),
            Self::Work(_) => ("source", "source.html", "quote", Some(key!("source")), WithText, true),
            Self::Single(Single::Home) => ("home", "home.html", "page", Some(key!("home")), WithText, true),
            Self::Single(Single::Facets) => ("facets", "facets.html", "page", None, WithText, true),
            Self::Single(Single::Map) => ("map", "map.html", "page", None, WithText, true),
            Self::Single(Single::Decisions) => ("decisions", "decisions.html", "page", None, WithText, true),
            Self::Single(Single::Tracks) => ("tracks", "tracks.html", "page", None, WithText, true),
            Self::Single(Single::Sources) => ("sources", "sources.html", "page", None, Always, true),
            Self::Single(Single::Glossary) => ("glossary", "glossary.html", "book", None, Always, true),
            // What the search lists, `llms.txt` lists for programs.
            Self::Single(Single::Search) => ("search", "search.html", "page", None, Never, false),
            Self::Single(Single::NotFound) => ("404", "404.html", "page", None, Never, false),
        };
        KindFacts { word, template, icon, label, indexed, twin }
    }
}

impl Single {
    /// Those that list what others hold, in the order in which they are made.
    pub(crate) const LISTINGS: [Self; 8] = [
        Self::Facets,
        Self::Map,
        Self::Decisions,
        Self::Tracks,
        Self::Sources,
        Self::Glossary,
        Self::Search,
        Self::NotFound,
    ];

    /// Where it stands, and what it is called where its author does not say.
    pub(super) fn place(self) -> (&'static str, StringKey) {
        match self {
            Self::Home => ("/", key!("home")),
            Self::Facets => ("/topics/", key!("topics")),
            Self::Map => ("/map/", key!("map")),
            Self::Decisions => ("/decisions/", key!("decisions")),
            Self::Tracks => ("/tracks/", key!("tracks")),
            Self::Sources => ("/sources/", key!("sources")),
            Self::Glossary => ("/glossary/", key!("glossary")),
            Self::Search => ("/search/", key!("search")),
            Self::NotFound => ("/404.html", key!("not-found")),
        }
    }

    /// The folder at whose address it stands, if it is one below the root: an index file there introduces it.
    pub(crate) fn folder(self) -> Option<&'static str> {
        self.place().0.strip_prefix('/')?.strip_suffix('/')
    }

    /// Where it stood before, which leads on to it; an index file in that folder introduces it as well.
    pub(super) fn old_place(self) -> Option<&'static str> {
        (self == Self::Facets).then_some("/tags/")
    }

    /// The folders in which an index file introduces it.
    pub(super) fn folders(self) -> impl Iterator<Item = &'static str> {
        self.folder().into_iter().chain(self.old_place().map(|place| place.trim_matches('/')))
    }

    /// Whether the files of a site ask for it, as far as they tell before terms are counted: an index file in its folder
    /// then introduces it, and makes no section.
    pub(super) fn is_asked_for(self, site: &Site, parts: &Parts<'_>) -> bool {
        let has = |role: fn(&Role) -> bool| site.documents.iter().any(|document| role(&document.role));
        match self {
            Self::Home | Self::Search | Self::NotFound => true,
            Self::Facets => has(|role| matches!(role, Role::Term { .. })),
            Self::Map => site.config.facets.len() > 1,
            Self::Decisions => has(|role| *role == Role::Decision),
            Self::Tracks => has(|role| *role == Role::Track),
            Self::Sources => !parts.evidence.works.is_empty(),
            Self::Glossary => !parts.glossary.is_empty(),
        }
    }

    /// Whether a site has what it shows.
    pub(super) fn has_content(self, site: &Site) -> bool {
        match self {
            Self::Home | Self::Search | Self::NotFound => true,
            Self::Facets | Self::Map => site.terms.iter().any(|term| term.facet != site.terms[0].facet),
            Self::Decisions => !site.decisions.is_empty(),
            Self::Tracks => !site.tracks.is_empty(),
            Self::Sources => !site.evidence.works.is_empty(),
            Self::Glossary => !site.glossary.is_empty(),
        }
    }
}

/// The names of folders at the root that the site itself makes, or may make one day: no facet can have one of them.
pub(crate) fn reserved_folders() -> Vec<&'static str> {
    let others = [HashedFolder::Theme.path(), "handbook"];
    let mut names: Vec<_> = Single::LISTINGS.into_iter().flat_map(Single::folders).chain(others).collect();
    names.sort_unstable();
    names
}
