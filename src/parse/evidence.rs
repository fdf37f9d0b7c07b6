//! `sources.yaml` and the claims: works that are cited, and what they say, statement by statement.

use super::link::scheme_allowed;
use crate::diagnostic::{Diagnostic, Findings, Reported, code};
use crate::source::{At, Inputs, SourceId};
use crate::typography::Typography;
use crate::yaml::{self, Fields, Kind, Limits, Node};

/// A claim is contested by at most so many others: each shows all of them.
const MAX_CONTESTS: usize = 100;

const SOURCES: &str = "content/sources.yaml";

/// All works and claims of a site, as written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    pub(crate) works: Vec<Work>,
    pub(crate) claims: Vec<Claim>,
}

/// A work that is cited.
#[derive(Debug, Clone, Hash)]
pub(crate) struct Work {
    pub(crate) key: At<String>,
    pub(crate) title: String,
    /// What it is called in passing.
    pub(crate) short: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) year: Option<String>,
    pub(crate) url: Option<At<String>>,
    pub(crate) kind: Option<String>,
    pub(crate) stance: Option<String>,
    /// What its author or publisher gains by it.
    pub(crate) interest: Option<String>,
    pub(crate) caution: Option<String>,
}

impl Work {
    /// The same with its sentences and names set.
    pub(crate) fn set(&self, typography: Typography) -> Self {
        let set = |text: &Option<String>| typography.set_some(text.as_ref());
        Self {
            title: typography.set(&self.title).into_owned(),
            short: set(&self.short),
            author: set(&self.author),
            publisher: set(&self.publisher),
            stance: set(&self.stance),
            interest: set(&self.interest),
            caution: set(&self.caution),
            ..self.clone()
        }
    }

    /// What it is called in passing: unless its entry says so, by who published it.
    pub(crate) fn short_name(&self) -> &str {
        self.short.as_ref().or(self.publisher.as_ref()).unwrap_or(&self.title)
    }

    /// Where it can be read: an address that a link may lead to, whatever its author wrote.
    pub(crate) fn address(&self) -> Option<&str> {
        self.url.as_ref().map(|url| url.value.as_str()).filter(|url| scheme_allowed(url))
    }
}

/// One statement of a work.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) id: At<String>,
    pub(crate) text: String,
    /// The key of the work.
    pub(crate) source: At<String>,
    pub(crate) kind: Option<String>,
    /// Terms that it bears on, as `facet/term`.
    pub(crate) terms: Vec<At<String>>,
    pub(crate) contested_by: Vec<At<String>>,
}

/// Whether a file holds evidence: `sources.yaml`, `claims*.yaml` or `claims/*.yaml`.
pub(super) fn is_evidence(path: &str) -> bool {
    path == SOURCES || is_claims(path)
}

fn is_claims(path: &str) -> bool {
    path.strip_prefix("content/claims")
        .and_then(|rest| rest.strip_suffix(".yaml"))
        .is_some_and(|name| name.strip_prefix('/').unwrap_or(name).find('/').is_none())
}

pub(super) fn read(inputs: &Inputs) -> Reported<Evidence> {
    let mut findings = Findings::default();
    let mut evidence = Evidence::default();
    for (source, file) in inputs.iter() {
        if file.path == SOURCES {
            evidence.works.extend(list(inputs, source, "sources.yaml", &mut findings, work));
        } else if is_claims(&file.path) {
            evidence.claims.extend(list(inputs, source, "a file of claims", &mut findings, claim));
        }
    }
    Reported { value: evidence, findings: findings.into_vec() }
}

/// The entries of a file that is a list of mappings.
pub(super) fn list<T>(
    inputs: &Inputs,
    source: SourceId,
    what: &str,
    findings: &mut Findings,
    read: fn(Fields<'_, '_>) -> Option<T>,
) -> Vec<T> {
    let Some(node) = yaml::parse(source, &inputs.get(source).text, 0, Limits::Data, findings) else {
        return Vec::new();
    };
    let Node { kind: Kind::List(items), .. } = &node else {
        if node.kind != Kind::Null {
            findings.push(yaml::wrong_value(what, "a list of entries (`- key: value`)", &node));
        }
        return Vec::new();
    };
    items.iter().filter_map(|item| Fields::new(item, "an entry", findings).and_then(read)).collect()
}

fn work(mut fields: Fields<'_, '_>) -> Option<Work> {
    let key = fields.required_text("key", "a source");
    let title = fields.required_text("title", "a source");
    let short = fields.title("short").map(|short| short.value);
    let mut text = |key| fields.text(key).map(|text| text.value);
    let (author, publisher, year) = (text("author"), text("publisher"), text("year"));
    let (kind, stance, interest, caution) = (text("kind"), text("stance"), text("interest"), text("caution"));
    let url = fields.text("url");
    fields.close("a source");
    Some(Work { key: key?, title: title?.value, short, author, publisher, year, url, kind, stance, interest, caution })
}

fn claim(mut fields: Fields<'_, '_>) -> Option<Claim> {
    let id = fields.required_text("id", "a claim");
    let text = fields.required_text("claim", "a claim");
    let source = fields.required_text("source", "a claim");
    let kind = fields.text("kind").map(|text| text.value);
    let terms = fields.texts("facets");
    let mut contested_by = fields.texts("contested-by");
    if let Some(next) = contested_by.get(MAX_CONTESTS) {
        let message = format!("more than {MAX_CONTESTS} claims contest this one, which is as many as are read");
        fields.findings.push(Diagnostic::new(&code::TOO_LARGE, next.span, message).help("name those that matter most"));
        contested_by.truncate(MAX_CONTESTS);
    }
    fields.close("a claim");
    Some(Claim { id: id?, text: text?.value, source: source?, kind, terms, contested_by })
}
