//! The front matter of a track: who it is for, and its steps.

use crate::diagnostic::{Diagnostic, code};
use crate::source::{At, Span};
use crate::yaml::{self, Fields, Kind};

/// A track has at most so many steps: each of their pages shows where it stands among them.
pub(crate) const MAX_STEPS: usize = 200;

/// What makes a page a track.
#[derive(Debug, Clone, Default)]
pub(crate) struct Steps {
    pub(crate) audience: Option<String>,
    pub(crate) goal: Option<String>,
    /// Who takes it, as it reads after "I am a".
    pub(crate) reader: Option<String>,
    pub(crate) list: Vec<Step>,
    /// Where the list stands, if nothing is in it.
    pub(crate) empty: Option<Span>,
    /// The decision in which the track ends.
    pub(crate) decision: Option<At<String>>,
}

/// One step: a page and the reason for reading it now.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) page: At<String>,
    pub(crate) why: Option<String>,
}

pub(super) fn read(fields: &mut Fields<'_, '_>) -> Option<Steps> {
    let audience = fields.text("audience").map(|text| text.value);
    let goal = fields.text("goal").map(|text| text.value);
    let reader = fields.title("reader").map(|text| text.value);
    let decision = fields.text("decision");
    let node = fields.require("steps", "a track")?;
    let Kind::List(items) = &node.kind else {
        fields.findings.push(yaml::wrong_value("steps", "a list of steps", node));
        return Some(Steps { audience, goal, reader, list: Vec::new(), empty: None, decision });
    };
    if let Some(next) = items.get(MAX_STEPS) {
        let message = format!("more than {MAX_STEPS} steps, which is as many as a track has");
        fields.findings.push(Diagnostic::new(&code::TOO_LARGE, next.span, message).help("make several tracks of it"));
    }
    let mut steps = Vec::new();
    for item in items.iter().take(MAX_STEPS) {
        if let Some(page) = item.as_text() {
            steps.push(Step { page: At::new(page.to_owned(), item.span), why: None });
            continue;
        }
        let Some(mut step) = Fields::new(item, "a step", fields.findings) else { continue };
        let page = step.required_text("page", "a step");
        let why = step.text("why").map(|text| text.value);
        step.close("a step");
        steps.extend(page.map(|page| Step { page, why }));
    }
    let empty = (items.is_empty() && node.whole).then_some(node.span);
    Some(Steps { audience, goal, reader, list: steps, empty, decision })
}
