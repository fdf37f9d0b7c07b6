//! What the program has to say about its input: findings with a code, a place and a way out.
//!
//! An author's mistake is data here, never an `Err`: every stage returns [`Reported`], its best value together with
//! what it found, so that one run shows all. Stages in other rooms make findings; only this room knows how they are
//! sorted, counted ([`report`]) and shown ([`terminal`], [`json`], [`github`], [`sarif`]).

mod brief;
pub mod code;
pub mod github;
pub mod json;
mod nearest;
pub mod report;
pub mod sarif;
pub mod terminal;

use std::collections::HashMap;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::source::{At, SourceId, Span};

pub use code::Code;
pub(crate) use nearest::{Effort, NameIndex, nearest};
pub use report::Report;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Nothing is written while one of these stands.
    Error,
    /// The site is built; `--strict` counts it as an error.
    Warning,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The stable code, with its page of explanation.
    #[serde(with = "code::by_id")]
    pub code: &'static Code,
    /// Error or warning; the code's own unless `--strict` has raised it.
    pub severity: Severity,
    /// One sentence: the author's words in backticks, lower case, no full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// The primary label: a few words under the place.
    pub label: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// A suggested replacement that would put it right.
    pub fix: Option<Fix>,
    /// Secondary labels, in other places that belong to it: "declared here".
    pub related: Vec<Label>,
}

/// A replacement that the author may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// With what.
    pub replacement: String,
}

/// A second place of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there.
    pub message: String,
}

/// So many findings of one kind are named in one file. Who has more has one cause for most of them, and a file of five
/// megabytes could have a million.
const MAX_OF_A_KIND: usize = 500;

/// Findings as they are met. Whoever makes findings takes them here, so that neither what is said nor the memory that
/// it costs grows with the mistakes of a file.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    named: Vec<Diagnostic>,
    counts: HashMap<(SourceId, &'static str), usize>,
}

impl Findings {
    /// Takes a finding; the first one too many of its kind in its file says that there are more.
    pub(crate) fn push(&mut self, finding: Diagnostic) {
        let count = self.counts.entry((finding.span.source, finding.code.id)).or_default();
        *count += 1;
        if *count <= MAX_OF_A_KIND {
            self.named.push(finding);
        } else if *count == MAX_OF_A_KIND + 1 {
            let message = format!("there are more of this kind in this file; the first {MAX_OF_A_KIND} are named");
            self.named.push(Diagnostic::new(finding.code, finding.span, message));
        }
    }

    /// Keeps those that `is_kept`, in their order. What was left out still counts.
    pub(crate) fn retain(&mut self, is_kept: impl FnMut(&Diagnostic) -> bool) {
        self.named.retain(is_kept);
    }

    /// Those that are named.
    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.named
    }
}

impl Deref for Findings {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.named
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

impl IntoIterator for Findings {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.named.into_iter()
    }
}

impl Diagnostic {
    /// A fault of the program that was met `doing` something with the file at `span`; `said` is what it said.
    pub(crate) fn fault(span: Span, doing: &str, said: &str) -> Self {
        Self::new(&code::FAULT, span, format!("{doing} ended in a fault of Fingerpost: {said}"))
            .help("this is no mistake of yours: please report it, with this file")
    }

    /// A finding of `code` at `span`, with the code's severity.
    #[must_use]
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: brief::message(message.into()),
            span,
            label: None,
            help: None,
            fix: None,
            related: Vec::new(),
        }
    }

    /// Says a few words under the place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(brief::message(text.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(brief::sentence(text.into()));
        self
    }

    /// Offers a replacement, with the sentence that introduces it; of one too long to be shown, the sentence alone.
    #[must_use]
    pub fn fix(mut self, help: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        let replacement = replacement.into();
        self.fix = (replacement.len() <= brief::MAX_SAID).then_some(Fix { span, replacement });
        self.help(help)
    }

    /// Offers the nearest right name for a wrong one, where there is one; otherwise says `otherwise`.
    #[must_use]
    pub fn suggest<'a>(
        self,
        wrong: &str,
        span: Span,
        names: impl IntoIterator<Item = &'a str>,
        otherwise: impl Into<String>,
    ) -> Self {
        self.offer(nearest(wrong, names), span, otherwise)
    }

    /// The same for one of many names, as long as there is effort left.
    pub(crate) fn suggest_of_many<'a>(
        self,
        wrong: &At<String>,
        names: impl IntoIterator<Item = &'a str>,
        otherwise: impl Into<String>,
        effort: &Effort,
    ) -> Self {
        self.offer(effort.nearest(&wrong.value, names), wrong.span, otherwise)
    }

    fn offer(self, near: Option<&str>, span: Span, otherwise: impl Into<String>) -> Self {
        match near {
            Some(name) => self.fix("a similar name exists", span, name),
            None => {
                let text = otherwise.into();
                if text.is_empty() { self } else { self.help(text) }
            }
        }
    }

    /// All places that it names.
    pub(crate) fn spans(&self) -> impl Iterator<Item = Span> {
        let fix = self.fix.iter().map(|fix| fix.span);
        std::iter::once(self.span).chain(fix).chain(self.related.iter().map(|label| label.span))
    }

    /// Adds a second place.
    #[must_use]
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label { span, message: brief::message(message.into()) });
        self
    }
}

/// A stage's best value together with what it found on the way.
#[derive(Debug)]
pub struct Reported<T> {
    /// The value; as much of it as could be made.
    pub value: T,
    /// The findings, in the order in which they were met.
    pub findings: Vec<Diagnostic>,
}

impl<T> Reported<T> {
    /// A value about which there is nothing to say.
    pub fn clean(value: T) -> Self {
        Self { value, findings: Vec::new() }
    }
}
