//! How pages look: the embedded default theme, with the site's own `themes/<name>/` laid over it file by file.
//!
//! In come texts; out come compiled templates and the bundle of assets with their hashed addresses. A file of the
//! site's theme stands in for the embedded file of the same path; a new style sheet or script joins the bundle in
//! the order of names. A mistake in a template is a finding with its place; the embedded file then stands in, so
//! that the rest of the site can be judged. What templates see is settled in `view` and `render`.

mod bundle;
#[cfg(test)]
mod contrast;
mod embedded;
mod say;

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{ErrorKind, Tera};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Findings, Reported, code};
use crate::source::{Inputs, LineIndex, SourceId, SourceKind, Span, slice};
use crate::strings::Strings;

pub(crate) use bundle::Bundle;
pub use embedded::add as add_embedded;

/// Compiled templates and the files that pages load.
#[derive(Debug)]
pub(crate) struct Theme {
    pub(crate) tera: Tera,
    pub(crate) bundle: Bundle,
    /// The source of each template, by its name.
    templates: BTreeMap<String, SourceId>,
}

/// Lays the theme that `config` names over the default; its templates and scripts say `strings`.
pub(crate) fn overlay(inputs: &Inputs, config: &Config, strings: &Arc<Strings>) -> Reported<Theme> {
    let mut findings = Findings::default();
    let name = config.theme_name();
    let folder = format!("themes/{name}/");
    let mut files: BTreeMap<&str, SourceId> = BTreeMap::new();
    let mut own: BTreeMap<&str, SourceId> = BTreeMap::new();
    for (id, file) in inputs.iter() {
        match file.kind {
            SourceKind::Embedded => {
                files.entry(embedded::path_in_theme(&file.path)).or_insert(id);
            }
            SourceKind::Theme if file.path.starts_with(embedded::MINIFIED_FOLDER) => {}
            SourceKind::Theme => {
                if let Some(path) = file.path.strip_prefix(&folder) {
                    own.insert(path, id);
                }
            }
            SourceKind::Content | SourceKind::Asset | SourceKind::LeftOut => {}
        }
    }
    if let Some(wanted) = config.theme.as_ref().filter(|_| own.is_empty() && name != "default") {
        findings.push(unknown_theme(inputs, &wanted.value, wanted.span));
    }
    let embedded = templates(&files);
    files.extend(own);
    let chosen = templates(&files);
    let tera = compile(inputs, &chosen, strings, &mut findings);
    let tera = tera.or_else(|| compile(inputs, &embedded, strings, &mut Findings::default()));
    let theme = Theme {
        tera: tera.expect("the embedded templates compile, or the tests would not have passed"),
        bundle: Bundle::of(inputs, &files, strings),
        templates: chosen,
    };
    Reported { value: theme, findings: findings.into_vec() }
}

/// The files of a theme that are templates, by the names that templates call each other by.
fn templates(files: &BTreeMap<&str, SourceId>) -> BTreeMap<String, SourceId> {
    let templates = files.iter().filter_map(|(path, id)| Some((path.strip_prefix("templates/")?.to_owned(), *id)));
    templates.collect()
}

fn compile(
    inputs: &Inputs,
    templates: &BTreeMap<String, SourceId>,
    strings: &Arc<Strings>,
    findings: &mut Findings,
) -> Option<Tera> {
    let mut tera = Tera::new();
    say::register(&mut tera, strings);
    tera.autoescape_on([".html", ".xml", ".svg"]);
    let texts = templates.iter().map(|(name, id)| (name.as_str(), inputs.get(*id).text.as_str()));
    let error = match tera.add_raw_templates(texts) {
        Ok(()) => return Some(tera),
        Err(error) => error,
    };
    // The engine stops at the first mistake; ask each template alone, so that all that cannot be read are named.
    let before = findings.len();
    for (name, &id) in templates {
        if let Err(error) = Tera::new().add_raw_template(name, &inputs.get(id).text)
            && matches!(error.kind(), ErrorKind::SyntaxError(_))
            && !error.to_string().contains("component")
        {
            findings.push(template_error(inputs, templates, &error, &code::TEMPLATE_SYNTAX));
        }
    }
    if findings.len() == before {
        findings.extend(reference_errors(inputs, templates, &error.to_string()));
    }
    if findings.len() == before {
        findings.push(template_error(inputs, templates, &error, &code::TEMPLATE_SYNTAX));
    }
    None
}

impl Theme {
    /// A finding for a template that fails while it is rendered.
    pub(crate) fn rendering_error(&self, inputs: &Inputs, error: &tera::Error) -> Diagnostic {
        template_error(inputs, &self.templates, error, &code::TEMPLATE_RENDERING)
    }

    /// The names of all templates, for "did you mean".
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.templates.keys().map(String::as_str)
    }
}

/// The engine's error as a finding in the template's own text.
fn template_error(
    inputs: &Inputs,
    templates: &BTreeMap<String, SourceId>,
    error: &tera::Error,
    code: &'static crate::diagnostic::Code,
) -> Diagnostic {
    let any = templates.values().next().copied().expect("the default theme has templates");
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let id = templates.get(report.filename()).copied().unwrap_or(any);
            let lines = LineIndex::new(&inputs.get(id).text);
            let at = report.span();
            let start = lines.offset(at.start_line, at.start_col + 1);
            let end = lines.offset(at.end_line, at.end_col + 1).max(start);
            Diagnostic::new(code, Span::new(id, start..end), lower_first(report.message()))
        }
        ErrorKind::MissingParent { current, parent } => {
            let id = templates.get(current).copied().unwrap_or(any);
            let message = format!("no template named `{parent}`");
            let place = inputs
                .get(id)
                .text
                .find(parent.as_str())
                .map_or(Span::file(id), |at| Span::new(id, at..at + parent.len()));
            let names: Vec<&str> = templates.keys().map(String::as_str).collect();
            Diagnostic::new(code, place, message).suggest(parent, place, names, "add it to the theme's templates/")
        }
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            let id = templates.get(tpl).copied().unwrap_or(any);
            Diagnostic::new(code, Span::file(id), format!("the template `{tpl}` comes back to itself"))
        }
        other => Diagnostic::new(code, Span::file(any), lower_first(&other.to_string())),
    }
}

/// What a template calls and nobody defines (filters, components, templates): the engine gives these as text only,
/// `error: Unknown filter …` followed by `--> name:line:column`.
fn reference_errors(inputs: &Inputs, templates: &BTreeMap<String, SourceId>, report: &str) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut message = None;
    for line in report.lines() {
        if let Some(text) = line.trim_start().strip_prefix("error: ") {
            message = Some(text);
        }
        let Some(place) = line.trim_start().strip_prefix("--> ") else { continue };
        let mut parts = place.rsplitn(3, ':');
        let (column, row, name) = (parts.next(), parts.next(), parts.next());
        let number = |part: Option<&str>| part.and_then(|part| part.parse().ok()).unwrap_or(1);
        if let (Some(message), Some(&id)) = (message.take(), name.and_then(|name| templates.get(name))) {
            let text = &inputs.get(id).text;
            let start = LineIndex::new(text).offset(number(row), number(column));
            let length =
                message.split('`').nth(1).filter(|word| slice(text, start..).starts_with(word)).map_or(0, str::len);
            let span = Span::new(id, start..start + length);
            findings.push(Diagnostic::new(&code::TEMPLATE_SYNTAX, span, lower_first(message)));
        }
    }
    findings
}

fn lower_first(text: &str) -> String {
    let text = text.lines().next().unwrap_or_default().trim_end_matches('.');
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn unknown_theme(inputs: &Inputs, name: &str, span: Span) -> Diagnostic {
    let themes: std::collections::BTreeSet<&str> = inputs
        .iter()
        .filter(|(_, file)| file.kind == SourceKind::Theme)
        .filter_map(|(_, file)| file.path.strip_prefix("themes/")?.split('/').next())
        .chain(["default"])
        .collect();
    Diagnostic::new(&code::UNKNOWN_THEME, span, format!("no theme named `{name}`")).suggest(
        name,
        span,
        themes,
        format!("make the folder `themes/{name}/`, or leave `theme` out for the default"),
    )
}
