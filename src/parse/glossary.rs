//! `glossary.yaml`: the field's words.

use super::evidence;
use crate::diagnostic::{Findings, Reported};
use crate::source::{At, Inputs};
use crate::yaml::{Fields, MAX_NAME, within};

pub(super) const PATH: &str = "content/glossary.yaml";

/// A word and what it means.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) term: At<String>,
    /// Other forms: plurals, abbreviations.
    pub(crate) also: Vec<At<String>>,
    pub(crate) definition: String,
    /// The key of a work that rules the meaning.
    pub(crate) source: Option<At<String>>,
    /// A page that says more.
    pub(crate) page: Option<At<String>>,
}

pub(super) fn read(inputs: &Inputs) -> Reported<Vec<Entry>> {
    let mut findings = Findings::default();
    let entries = match inputs.find(PATH) {
        Some(source) => evidence::list(inputs, source, "glossary.yaml", &mut findings, entry),
        None => Vec::new(),
    };
    Reported { value: entries, findings: findings.into_vec() }
}

fn entry(mut fields: Fields<'_, '_>) -> Option<Entry> {
    let term =
        fields.required_text("term", "a glossary entry").map(|term| within(term, MAX_NAME, "`term`", fields.findings));
    let definition = fields.required_text("definition", "a glossary entry");
    let also = fields.texts("also");
    let source = fields.text("source");
    let page = fields.text("page");
    fields.close("a glossary entry");
    Some(Entry { term: term?, also, definition: definition?.value, source, page })
}
