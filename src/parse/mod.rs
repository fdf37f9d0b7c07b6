//! One source in, one [`Document`] out, without a look at any other file; this never fails.
//!
//! Everything that later rooms need from a text is said here, once: front matter as typed values, headings with their
//! ids, links and citations with their places, words for the reading time. So `model`, `link` and `check` never read
//! Markdown, and a text is parsed again only when it changed. What a link leads to is not known here.

mod control;
mod decision;
mod evidence;
mod front_matter;
mod glossary;
mod heading;
mod link;
mod markdown;
pub(crate) mod raw_html;
mod scripts;
mod track;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Findings, Reported, code};
use crate::failure::caught;
use crate::hash::Hash;
use crate::source::{Inputs, SourceId, Span, slice};
use crate::yaml::{self, Limits};

pub(crate) use decision::{Answer, Decision, DecisionTest, Effect, Outcome, Question, Verdict};
pub(crate) use evidence::{Claim, Evidence, Work};
pub(crate) use front_matter::{Basis, FrontMatter, PageUse, RelationUse, TagUse, repeated, repeated_ids};
pub(crate) use glossary::Entry;
pub(crate) use heading::{Heading, Ids, slug};
pub(crate) use link::{LinkForm, LinkUse, scheme_allowed};
pub(crate) use markdown::{Outline, events};

/// What one Markdown file holds.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) source: SourceId,
    /// Of the whole text.
    pub(crate) text: Hash,
    /// Of the text before the Markdown.
    head: Hash,
    pub(crate) role: Role,
    pub(crate) front: FrontMatter,
    /// The byte at which the Markdown begins.
    pub(crate) body: usize,
    pub(crate) outline: Outline,
}

/// What a file is, by its path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// `<section>/<article>.md`
    Article,
    /// `index.md`, or `README.md` where there is none: the page of its folder.
    Index,
    /// `tags/<facet>/<term>.md`
    Term { facet: String, slug: String },
    /// `decisions/<slug>.md`
    Decision,
    /// `tracks/<slug>.md`
    Track,
}

/// The folder that all content lies in.
pub(crate) const CONTENT: &str = "content/";

/// Reads one Markdown file. A panic is a finding, and the file then holds nothing.
pub(crate) fn document(inputs: &Inputs, source: SourceId, config: &Config) -> Reported<Document> {
    caught(|| read_document(inputs, source, config)).unwrap_or_else(|said| {
        let text = inputs.hash(source);
        let (front, outline) = (FrontMatter::default(), Outline::default());
        let value = Document { source, text, head: text, role: Role::Article, front, body: 0, outline };
        Reported { value, findings: vec![Diagnostic::fault(Span::file(source), "reading this file", &said)] }
    })
}

fn read_document(inputs: &Inputs, source: SourceId, config: &Config) -> Reported<Document> {
    let text = &inputs.get(source).text;
    let mut findings = Findings::default();
    let (matter, mut body) = split(text, source, &mut findings);
    if let Some(finding) = markdown::too_many_signs(source, text, body) {
        findings.push(finding);
        // Nobody else is to read it either.
        body = text.len();
    }
    control::written(source, text, &mut findings);
    let role = role(inputs, source, config, matter.as_ref().map_or("", |range| slice(text, range.clone())));
    let node = matter.and_then(|range| {
        yaml::parse(source, slice(text, range.clone()), range.start, Limits::FrontMatter, &mut findings)
    });
    let front = front_matter::read(node.as_ref(), &role, is_home(inputs, source), config, &mut findings);
    let outline = markdown::outline(source, text, body, config.html, &mut findings);
    let head = Hash::of(slice(text, ..body).as_bytes());
    Reported {
        value: Document { source, text: inputs.hash(source), head, role, front, body, outline },
        findings: findings.into_vec(),
    }
}

impl Document {
    /// Whether all that the model makes of it is as it is in `other`, but for the reading time, and whether links to a
    /// place on it lead to the same. Both are read with the same settings.
    pub(crate) fn has_interface_of(&self, other: &Self) -> bool {
        self.interface() == other.interface()
    }

    /// What its author calls it, if anything.
    pub(crate) fn title(&self) -> Option<&str> {
        let title = self.front.title.as_ref().map(|title| &title.value).or(self.outline.title.as_ref());
        title.map(String::as_str).filter(|title| !title.is_empty())
    }

    /// What its author says of it in a sentence.
    pub(crate) fn summary(&self) -> Option<&str> {
        self.front.summary.as_ref().map(|summary| summary.value.as_str()).filter(|summary| !summary.is_empty())
    }

    fn interface(&self) -> impl PartialEq {
        // Front matter lies before the body, in the head.
        let Self { source, text: _, head, role, front: _, body, outline } = self;
        let Outline { headings, by_id: _, title, anchors, comments: _, links: _, lead: _, words: _ } = outline;
        let ids: Vec<&str> = headings.iter().map(|Heading { level: _, id, text: _, span: _ }| id.as_str()).collect();
        (source, head, role, body, title, anchors, ids)
    }
}

/// Whether a file is the page of its folder, the one thing that other files have a say in.
pub(crate) fn is_index_of_folder(inputs: &Inputs, source: SourceId) -> bool {
    let path = inputs.get(source).path.as_str();
    let path = path.strip_prefix(CONTENT).unwrap_or(path);
    is_index(inputs, path, path.rsplit('/').next().unwrap_or(path))
}

/// Whether a file is the home page.
fn is_home(inputs: &Inputs, source: SourceId) -> bool {
    inputs.get(source).path.strip_prefix(CONTENT) == Some("index.md")
}

/// Reads `sources.yaml` and all claims.
pub(crate) fn evidence(inputs: &Inputs) -> Reported<Evidence> {
    evidence::read(inputs)
}

/// Reads `glossary.yaml`.
pub(crate) fn glossary(inputs: &Inputs) -> Reported<Vec<Entry>> {
    glossary::read(inputs)
}

/// Whether a file is a page in Markdown.
pub(crate) fn is_markdown(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "md")
}

/// Whether a file is data that the build reads, and so no asset.
pub(crate) fn is_data(path: &str) -> bool {
    path == crate::config::PATH || path == glossary::PATH || is_evidence(path)
}

/// Whether a file holds works or claims.
pub(crate) fn is_evidence(path: &str) -> bool {
    evidence::is_evidence(path)
}

/// The front matter's bytes, if there is any, and the byte at which the Markdown begins.
fn split(text: &str, source: SourceId, findings: &mut Findings) -> (Option<std::ops::Range<usize>>, usize) {
    let Some(first) = text.lines().next().filter(|line| line.trim_end() == "---") else { return (None, 0) };
    let start = text.find('\n').map_or(text.len(), |i| i + 1);
    let mut at = start;
    for line in slice(text, start..).split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return (Some(start..at), at + line.len());
        }
        at += line.len();
    }
    // A rule at the top of a page without front matter is Markdown; keys below it are a forgotten end. Comments and
    // blank lines may stand before the first key, and a draft must not be published for want of three hyphens.
    let first_said = slice(text, start..).lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    if first_said.is_some_and(is_key) {
        let span = Span::new(source, 0..first.len());
        let finding = Diagnostic::new(&code::UNCLOSED_FRONT_MATTER, span, "front matter begins here and never ends");
        findings.push(finding.help("put a line of three hyphens, `---`, after the last key"));
        return (None, text.len());
    }
    (None, 0)
}

/// Whether a line looks like `key: value`.
fn is_key(line: &str) -> bool {
    line.split_once(':')
        .is_some_and(|(key, _)| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_.'\"".contains(c)))
}

fn role(inputs: &Inputs, source: SourceId, config: &Config, matter: &str) -> Role {
    let path = inputs.get(source).path.as_str();
    let path = path.strip_prefix(CONTENT).unwrap_or(path);
    let parts: Vec<&str> = path.split('/').collect();
    let (name, folders) = parts.split_last().expect("a path has a last part");
    let stem = name.strip_suffix(".md").unwrap_or(name);
    if is_index(inputs, path, name) {
        return Role::Index;
    }
    let closed = config.keys == crate::config::Keys::Closed;
    let has = |key: &str| matter.lines().any(|line| line.starts_with(key));
    match folders {
        ["tags", facet] if closed || config.facet(facet).is_some() => {
            Role::Term { facet: (*facet).to_owned(), slug: stem.to_lowercase() }
        }
        ["decisions"] if closed || has("questions:") => Role::Decision,
        ["tracks"] if closed || has("steps:") => Role::Track,
        _ => Role::Article,
    }
}

fn is_index(inputs: &Inputs, path: &str, name: &str) -> bool {
    let folder = path.rfind('/').map_or("", |slash| slice(path, ..=slash));
    name.eq_ignore_ascii_case("index.md")
        || (name.eq_ignore_ascii_case("readme.md") && inputs.find(&format!("{CONTENT}{folder}index.md")).is_none())
}
