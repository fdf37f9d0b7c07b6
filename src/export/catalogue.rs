//! The site as data: `site.json`, and beside it `site.schema.json`, which says what it may hold.
//!
//! Everything that pages show of the model is here, so that nobody has to read HTML to count, to chart or to check.
//! Things are named as people name them: a page by its address, a term as `facet/term`, a claim and a source by the
//! author's key. Keys stand in a fixed order and what is not known is left out, so that two versions can be compared
//! line by line. The schema is a file of its own, the same for every site; a test holds the two together.
#![expect(
    clippy::indexing_slicing,
    reason = "facets, kinds of relation and decisions are named by their positions, which the model gave"
)]

mod decisions;

use serde::Serialize;

use self::decisions::DecisionData;
use crate::model::{
    ClaimId, GlossaryEntry, Page, PageId, PageKind, Relation, RelationTarget, Single, SiteFile, TermId, Track,
};
use crate::output::{Body, Output};
use crate::parse::Work;
use crate::render::escape::fragment;
use crate::view::View;

/// The JSON Schema of what is written here, but for the kinds of page.
const SCHEMA: &str = include_str!("site.schema.json");

/// `site.json`.
pub(crate) fn output(view: &View<'_>) -> Output {
    let mut json = serde_json::to_string_pretty(&catalogue(view)).expect("texts, numbers and lists have a JSON form");
    json.push('\n');
    Output { path: SiteFile::Catalogue.path().to_owned(), body: Body::Bytes(json.into_bytes()) }
}

/// `site.schema.json`.
pub(crate) fn schema() -> Output {
    Output { path: SiteFile::CatalogueSchema.path().to_owned(), body: Body::Bytes(schema_text().into_bytes()) }
}

/// The schema with the kinds of page. Plain words look alike in Rust and JSON.
fn schema_text() -> String {
    let words: Vec<_> = PageKind::each().filter(|&kind| is_listed(kind)).map(|kind| kind.facts().word).collect();
    SCHEMA.replace(r#"["(each kind)"]"#, &format!("{words:?}"))
}

/// Whether pages of a kind are listed; what stands in for a page that is missing is none.
fn is_listed(kind: PageKind) -> bool {
    kind != PageKind::Single(Single::NotFound)
}

#[derive(Serialize)]
struct Catalogue<'a> {
    #[serde(rename = "$schema")]
    schema: String,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    language: &'a str,
    base: String,
    facets: Vec<FacetData<'a>>,
    pages: Vec<PageData<'a>>,
    terms: Vec<TermData<'a>>,
    relations: Vec<RelationData<'a>>,
    decisions: Vec<DecisionData<'a>>,
    tracks: Vec<TrackData<'a>>,
    sources: Vec<SourceData<'a>>,
    claims: Vec<ClaimData<'a>>,
    glossary: Vec<EntryData<'a>>,
}

fn catalogue<'a>(view: &'a View<'_>) -> Catalogue<'a> {
    let (config, site) = (view.config(), view.site);
    let open = site.pages().filter(|(_, page)| is_listed(page.kind));
    Catalogue {
        schema: config.base.absolute("/site.schema.json"),
        title: &config.title,
        description: &config.description,
        language: &config.language,
        base: config.base.absolute("/"),
        facets: (0..config.facets.len()).map(|at| facet(view, at)).collect(),
        pages: open.map(|(id, page)| page_data(view, id, page)).collect(),
        terms: site.terms().map(|(id, _)| term(view, id)).collect(),
        relations: site.relations().iter().map(|one| relation(view, one)).collect(),
        decisions: site.decisions().iter().map(|one| decisions::decision(view, one)).collect(),
        tracks: site.tracks().iter().map(|one| track(view, one)).collect(),
        sources: site.evidence().works.iter().map(source).collect(),
        claims: (0..site.evidence().claims.len()).map(|at| claim(view, ClaimId(at))).collect(),
        glossary: site.glossary().iter().map(|one| entry(view, one)).collect(),
    }
}

#[derive(Serialize)]
struct FacetData<'a> {
    slug: &'a str,
    name: &'a str,
    plural: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    /// None where no term of it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

fn facet<'a>(view: &'a View<'_>, at: usize) -> FacetData<'a> {
    let facet = &view.config().facets[at];
    FacetData {
        slug: &facet.slug,
        name: &facet.name,
        plural: &facet.plural,
        summary: &facet.summary,
        address: view.site.facet_page(at).map(|page| view.absolute(page)),
    }
}

#[derive(Serialize)]
struct PageData<'a> {
    address: String,
    kind: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    also: &'a [String],
    terms: Vec<String>,
    related: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed: Option<&'a str>,
    minutes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

fn page_data<'a>(view: &'a View<'_>, id: PageId, page: &'a Page) -> PageData<'a> {
    // The home page lies in no section but its own.
    let section = page.section.map(|section| view.site[section].page).filter(|&section| section != id);
    PageData {
        address: view.absolute(id),
        kind: page.kind.facts().word,
        title: &page.title,
        summary: page.summary.as_deref(),
        section: section.map(|page| view.absolute(page)),
        also: &page.also,
        terms: term_names(view, &page.terms),
        related: view.links.related(id).iter().map(|related| view.absolute(related.page)).collect(),
        date: page.date.as_ref().map(|day| day.0.as_str()),
        updated: page.updated.as_ref().map(|day| day.0.as_str()),
        reviewed: page.reviewed.as_ref().map(|day| day.0.as_str()),
        minutes: page.minutes,
        source: page.source.map(|source| view.inputs.get(source).path.as_str()),
    }
}

#[derive(Serialize)]
struct TermData<'a> {
    facet: &'a str,
    slug: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    address: String,
    articles: usize,
}

fn term<'a>(view: &'a View<'_>, id: TermId) -> TermData<'a> {
    let term = &view.site[id];
    let page = &view.site[term.page];
    TermData {
        facet: &view.config().facets[term.facet].slug,
        slug: &term.slug,
        title: &page.title,
        summary: page.summary.as_deref(),
        address: view.absolute(term.page),
        articles: term.articles.len(),
    }
}

#[derive(Serialize)]
struct RelationData<'a> {
    kind: &'a str,
    label: &'a str,
    inverse: &'a str,
    from: String,
    to: End,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<&'static str>,
    claims: Vec<&'a str>,
}

/// `{"term": "facet/term"}` or `{"page": "address"}`.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum End {
    Term(String),
    Page(String),
}

fn relation<'a>(view: &'a View<'_>, relation: &'a Relation) -> RelationData<'a> {
    let kind = &view.config().relations[relation.kind];
    RelationData {
        kind: &kind.slug,
        label: &kind.label,
        inverse: &kind.inverse,
        from: view.site.term_name(relation.from),
        to: match relation.to {
            RelationTarget::Term(term) => End::Term(view.site.term_name(term)),
            RelationTarget::Page(page) => End::Page(view.absolute(page)),
        },
        why: relation.why.as_deref(),
        basis: relation.basis.map(crate::parse::Basis::word),
        claims: claim_ids(view, relation.claims.iter().copied()),
    }
}

#[derive(Serialize)]
struct TrackData<'a> {
    address: String,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<&'a str>,
    steps: Vec<StepData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<String>,
}

#[derive(Serialize)]
struct StepData<'a> {
    page: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
}

fn track<'a>(view: &'a View<'_>, track: &'a Track) -> TrackData<'a> {
    let steps = track.steps.iter();
    TrackData {
        address: view.absolute(track.page),
        title: &view.site[track.page].title,
        audience: track.audience.as_deref(),
        goal: track.goal.as_deref(),
        steps: steps.map(|step| StepData { page: view.absolute(step.page), why: step.why.as_deref() }).collect(),
        decision: track.decision.map(|at| view.absolute(view.site.decisions()[at].page)),
    }
}

#[derive(Serialize)]
struct SourceData<'a> {
    key: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stance: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interest: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caution: Option<&'a str>,
}

fn source(work: &Work) -> SourceData<'_> {
    SourceData {
        key: &work.key.value,
        title: &work.title,
        author: work.author.as_deref(),
        publisher: work.publisher.as_deref(),
        year: work.year.as_deref(),
        url: work.address(),
        kind: work.kind.as_deref(),
        stance: work.stance.as_deref(),
        interest: work.interest.as_deref(),
        caution: work.caution.as_deref(),
    }
}

#[derive(Serialize)]
struct ClaimData<'a> {
    id: &'a str,
    text: &'a str,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    terms: Vec<String>,
    contested_by: Vec<&'a str>,
    used_by: Vec<String>,
}

fn claim<'a>(view: &'a View<'_>, id: ClaimId) -> ClaimData<'a> {
    let claim = view.site.evidence().claim(id);
    ClaimData {
        id: &claim.id,
        text: &claim.text,
        source: &view.site.evidence().work(claim.work).key.value,
        kind: claim.kind.as_deref(),
        terms: term_names(view, &claim.terms),
        contested_by: claim_ids(view, claim.contested_by.iter().map(|&(other, _)| other)),
        used_by: view.links.users_of_claim(id).map(|page| view.absolute(page)).collect(),
    }
}

#[derive(Serialize)]
struct EntryData<'a> {
    term: &'a str,
    also: &'a [String],
    definition: &'a str,
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
}

fn entry<'a>(view: &'a View<'_>, entry: &'a GlossaryEntry) -> EntryData<'a> {
    let page = view.site.only(Single::Glossary).expect("a site with entries has a page for them");
    EntryData {
        term: &entry.term,
        also: &entry.also,
        definition: &entry.definition,
        address: format!("{}#{}", view.absolute(page), fragment(&entry.anchor)),
        source: entry.source.map(|work| view.site.evidence().work(work).key.value.as_str()),
        page: entry.page.map(|page| view.absolute(page)),
    }
}

fn term_names(view: &View<'_>, terms: &[TermId]) -> Vec<String> {
    terms.iter().map(|&term| view.site.term_name(term)).collect()
}

fn claim_ids<'a>(view: &'a View<'_>, claims: impl Iterator<Item = ClaimId>) -> Vec<&'a str> {
    claims.map(|id| view.site.evidence().claim(id).id.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::schema::complaints;
    use super::*;
    use crate::view::sample;

    const FILES: [(&str, &str); 10] = [
        (
            "content/claims.yaml",
            "- {id: hot, claim: Heat burns., source: doe, kind: statement, facets: [risk/heat], contested-by: [cold]}\n\
             - {id: cold, claim: It does not., source: doe, contested-by: [hot]}\n",
        ),
        (
            "content/glossary.yaml",
            "- {term: Crumb, also: [crumbs], definition: The soft part., source: doe, page: rye}\n",
        ),
        ("content/index.md", "---\nrelated: [rye]\n---\n# Baking\n"),
        (
            "content/bread/rye.md",
            "---\nsummary: Dense.\nalso: [black bread]\ntags: {risk: [heat]}\n\
             date: 2026-11-20\nupdated: 2026-11-21\nreviewed: 2026-11-21\n---\n# Rye\n\nIt burns [@hot].\n",
        ),
        (
            "content/decisions/bake.md",
            "---\ntitle: Bake or buy?\naudience: All\nstart: oven\ndebate: rye\n\
             questions: {oven: {ask: Have you an oven?, why: Bread needs heat., page: rye, claims: [hot],\n\
             \x20 answers: [{label: Yes, hint: Any will do., to: bake, tags: [risk/heat]}, {label: No, to: buy}],\n\
             \x20 unsure: {guidance: Look., to: buy}}}\n\
             outcomes: {bake: {title: Bake, verdict: yes, advice: Begin with rye., page: rye, claims: [cold],\n\
             \x20 against: [hot], benefits: [{text: Fresh}], risks: [{term: risk/heat, text: Burns, mitigate: rye}],\n\
             \x20 next: [rye]}, buy: {title: Buy, next: [\"decision:bake\"]}}\n---\n",
        ),
        (
            "content/site.yaml",
            "title: Baking\nbase-url: https://example.org/kb/\nfacets: {risk: , aid: {summary: What helps.}}\n\
             relations: {cooled-by: {from: risk, to: aid, label: Cooled by, inverse: Cools},\n\
             \x20 met-in: {from: risk, to: page, label: Met in, inverse: Meets}}\n",
        ),
        (
            "content/sources.yaml",
            "- {key: doe, title: Ovens, author: J. Doe, year: 2020, url: \"https://doe.example/\"}\n",
        ),
        ("content/tags/aid/water.md", "# Water\n"),
        (
            "content/tags/risk/heat.md",
            "---\nsummary: It burns.\n\
             relations: {cooled-by: [{to: aid/water, why: Water takes heat., claims: [hot], basis: inferred}], met-in: [rye]}\n---\n# Heat\n",
        ),
        (
            "content/tracks/first.md",
            "---\ntitle: First loaf\naudience: All\nsteps: [{page: rye, why: It is easy.}]\ndecision: bake\n---\n",
        ),
    ];

    fn site_json(files: &[(&str, &str)]) -> Value {
        let text = sample::text(sample::with_view(files, output));
        serde_json::from_str(&text).expect("it is JSON")
    }

    fn json_schema() -> Value {
        serde_json::from_str(&schema_text()).expect("the schema is JSON")
    }

    #[track_caller]
    fn check(part: &str, expected: &str) {
        let site = site_json(&FILES);
        let shown = site.pointer(part).expect("the part is there");
        let expected: Value = serde_json::from_str(expected).expect("the test is written in JSON");
        assert_eq!(*shown, expected, "{shown:#}");
    }

    #[test]
    fn what_is_written_is_what_the_schema_allows() {
        let schema = json_schema();
        for files in [&FILES[..], &[("content/a.md", "Text.\n")], &[]] {
            assert_eq!(complaints(&schema, &site_json(files)), Vec::<String>::new());
        }
    }

    #[test]
    fn the_schema_refuses_what_is_not_of_a_site() {
        let (schema, mut site) = (json_schema(), site_json(&FILES));
        site["pages"][0]["kind"] = "poster".into();
        site["terms"][0]["articles"] = "many".into();
        site["relations"][0]["to"]["page"] = "/".into();
        site["colour"] = "red".into();
        assert_eq!(complaints(&schema, &site).len(), 4);
    }

    #[test]
    fn the_schema_describes_every_key() {
        let complete = site_json(&FILES);
        for (name, definition) in json_schema()["$defs"].as_object().expect("definitions") {
            assert!(definition.get("description").is_some(), "{name} has no description");
        }
        for key in json_schema()["properties"].as_object().expect("properties").keys() {
            assert!(key == "description" || complete.get(key).is_some(), "nothing writes `{key}`");
        }
    }

    #[test]
    fn a_site_is_known_by_title_language_and_address() {
        check("/title", r#""Baking""#);
        check("/base", r#""https://example.org/kb/""#);
        check("/$schema", r#""https://example.org/kb/site.schema.json""#);
    }

    #[test]
    fn a_page_says_where_it_lies_and_what_it_carries() {
        check(
            "/pages/0",
            r#"{
                "address": "https://example.org/kb/bread/rye/", "kind": "article", "title": "Rye", "summary": "Dense.",
                "section": "https://example.org/kb/bread/", "also": ["black bread"], "terms": ["risk/heat"],
                "related": ["https://example.org/kb/"], "date": "2026-11-20", "updated": "2026-11-21",
                "reviewed": "2026-11-21", "minutes": 1, "source": "content/bread/rye.md"
            }"#,
        );
    }

    #[test]
    fn a_relation_leads_from_a_term_to_a_term_or_a_page() {
        check(
            "/relations",
            r#"[
                {"kind": "cooled-by", "label": "Cooled by", "inverse": "Cools", "from": "risk/heat",
                 "to": {"term": "aid/water"}, "why": "Water takes heat.", "basis": "inferred", "claims": ["hot"]},
                {"kind": "met-in", "label": "Met in", "inverse": "Meets", "from": "risk/heat",
                 "to": {"page": "https://example.org/kb/bread/rye/"}, "claims": []}
            ]"#,
        );
    }

    #[test]
    fn a_decision_is_its_questions_its_outcomes_and_the_edges_between_them() {
        check(
            "/decisions/0/questions",
            r#"[{"id": "oven", "address": "https://example.org/kb/decisions/bake/oven/", "ask": "Have you an oven?",
                 "why": "Bread needs heat.", "page": "https://example.org/kb/bread/rye/", "claims": ["hot"]}]"#,
        );
        check(
            "/decisions/0/outcomes/0",
            r#"{"id": "bake", "address": "https://example.org/kb/decisions/bake/bake/", "title": "Bake",
                "verdict": "yes", "advice": "Begin with rye.", "page": "https://example.org/kb/bread/rye/",
                "claims": ["cold"], "against": ["hot"], "benefits": [{"text": "Fresh"}],
                "risks": [{"term": "risk/heat", "text": "Burns", "mitigate": "https://example.org/kb/bread/rye/"}],
                "next": ["https://example.org/kb/bread/rye/"], "paths": 1, "shortest": ["oven=yes"]}"#,
        );
        check("/decisions/0/outcomes/1/next", r#"["https://example.org/kb/decisions/bake/"]"#);
        check(
            "/decisions/0/edges",
            r#"[{"id": "oven=yes", "from": "oven", "to": "bake", "label": "Yes", "hint": "Any will do.",
                 "terms": ["risk/heat"]},
                {"id": "oven=no", "from": "oven", "to": "buy", "label": "No", "terms": []},
                {"id": "oven=~", "from": "oven", "to": "buy", "guidance": "Look.", "terms": []}]"#,
        );
        check("/decisions/0/start", r#""oven""#);
        check("/decisions/0/paths", "3");
        check("/decisions/0/longest", r#"["oven=yes"]"#);
    }

    #[test]
    fn evidence_names_what_rests_on_it() {
        check(
            "/claims/0",
            r#"{
                "id": "hot", "text": "Heat burns.", "source": "doe", "kind": "statement", "terms": ["risk/heat"],
                "contested_by": ["cold"],
                "used_by": ["https://example.org/kb/bread/rye/", "https://example.org/kb/aid/water/",
                    "https://example.org/kb/risk/heat/", "https://example.org/kb/decisions/bake/oven/",
                    "https://example.org/kb/decisions/bake/bake/"]
            }"#,
        );
        check(
            "/sources",
            r#"[{"key": "doe", "title": "Ovens", "author": "J. Doe", "year": "2020", "url": "https://doe.example/"}]"#,
        );
    }

    #[test]
    fn tracks_and_the_glossary_point_at_pages() {
        check(
            "/tracks",
            r#"[{"address": "https://example.org/kb/tracks/first/", "title": "First loaf", "audience": "All",
                 "steps": [{"page": "https://example.org/kb/bread/rye/", "why": "It is easy."}],
                 "decision": "https://example.org/kb/decisions/bake/"}]"#,
        );
        check(
            "/glossary",
            r#"[{"term": "Crumb", "also": ["crumbs"], "definition": "The soft part.",
                 "address": "https://example.org/kb/glossary/#crumb", "source": "doe",
                 "page": "https://example.org/kb/bread/rye/"}]"#,
        );
    }
}
