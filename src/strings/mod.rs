//! The words that a site says of itself, beside what its authors write: a catalogue in the site's language, by key.
//!
//! Pages, scripts, twins, feeds, charts and lists for programs take every such word from here, so that a language is
//! one file and a wording is changed in one place. English is inside the program ([`key::ENGLISH`]) and says which words
//! there are; a catalogue of another language, or of the site's own theme, lies over it, and what that lacks stays
//! English. A word may have gaps (`{title}`) and a form for each plural category of its language.
//! Nothing here knows who says a word or where: whoever writes HTML escapes what he gets.

mod catalogue;
mod key;
mod plural;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::sync::LazyLock;

use crate::diagnostic::{Diagnostic, Findings, Reported, code};
use crate::source::{Inputs, Source, SourceId, SourceKind, Span, slice};
use plural::{Form, Rule};

pub(crate) use key::{StringKey, key};

/// All words of a site, by their keys.
#[derive(Debug, Clone)]
pub(crate) struct Strings(BTreeMap<String, Word>);

/// What is said under a key.
#[derive(Debug, Clone)]
pub(crate) enum Word {
    /// The same whatever is counted.
    Text(String),
    /// A text for each plural form; `other` is among them.
    Counted { forms: Vec<(Form, String)>, rule: Rule },
}

/// The words of the program itself.
static ENGLISH: LazyLock<BTreeMap<String, Word>> = LazyLock::new(|| {
    let mut findings = Findings::default();
    let words = catalogue::read(SourceId::new(0), key::ENGLISH, "en", None, &mut findings);
    debug_assert!(findings.is_empty(), "the English catalogue is sound: {findings:?}");
    words
});

/// The primary language of which the program has every word.
const BUILT_IN: &str = "en";

/// Gathers the words of a site: English, then what `theme` has in the file of the language, and in that of its region
/// where `language` names one (`pt`, then `pt-BR`). Wrong and missing words are among the findings.
pub(crate) fn of(inputs: &Inputs, language: &str, theme: &str) -> Reported<Strings> {
    let mut findings = Findings::default();
    let mut strings = Strings(ENGLISH.clone());
    let primary = language.split('-').next().unwrap_or_default();
    let (mut own, mut known) = (None, BTreeSet::new());
    let mut tags = vec![BUILT_IN, primary, language];
    tags.dedup_by(|later, first| later.eq_ignore_ascii_case(first));
    for tag in tags {
        for (id, file) in inputs.iter().filter(|(_, file)| is_catalogue(file, theme, tag)) {
            let words = catalogue::read(id, &file.text, tag, Some(&ENGLISH), &mut findings);
            if !tag.eq_ignore_ascii_case(BUILT_IN) {
                known.extend(words.keys().cloned());
                own = own.or((file.kind == SourceKind::Theme).then_some(id));
            }
            strings.0.extend(words);
        }
    }
    if let Some(file) = own.filter(|_| !primary.eq_ignore_ascii_case(BUILT_IN)) {
        let missing: Vec<&str> = ENGLISH.keys().filter(|key| !known.contains(*key)).map(String::as_str).collect();
        findings.extend((!missing.is_empty()).then(|| untranslated(file, &missing)));
    }
    Reported { value: strings, findings: findings.into_vec() }
}

/// Whether a file holds the words of a language, in the theme of this name or in the one inside the program.
fn is_catalogue(file: &Source, theme: &str, tag: &str) -> bool {
    let named = |folder: &str| {
        let name = file.path.strip_prefix(folder).and_then(|path| path.strip_prefix("/strings/"));
        name.and_then(|name| name.strip_suffix(".yaml")).is_some_and(|name| name.eq_ignore_ascii_case(tag))
    };
    match file.kind {
        SourceKind::Theme => named(&format!("themes/{theme}")),
        // English is read once for all.
        SourceKind::Embedded => tag != BUILT_IN && named("(built in) themes/default"),
        SourceKind::Content | SourceKind::Asset | SourceKind::LeftOut => false,
    }
}

/// How many missing words a finding names.
const NAMED: usize = 5;

fn untranslated(file: SourceId, missing: &[&str]) -> Diagnostic {
    let named: Vec<String> = missing.iter().take(NAMED).map(|key| format!("`{key}`")).collect();
    let more = missing.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let message = format!("{}{rest} {verb} not translated", named.join(", "));
    Diagnostic::new(&code::MISSING_WORD, Span::file(file), message)
        .help("English stands in; the whole list is `themes/default/strings/en.yaml` of Fingerpost")
}

impl Strings {
    /// What is said under a key that has no gaps.
    pub(crate) fn say(&self, key: StringKey) -> &str {
        self.word(key).text(None)
    }

    /// What is said of so many things; `{count}` becomes the number.
    pub(crate) fn count(&self, key: StringKey, count: usize) -> String {
        filled(self.word(key).text(u64::try_from(count).ok()), &[("count", &count)])
    }

    /// What is said under a key, each of its gaps filled.
    pub(crate) fn fill(&self, key: StringKey, values: &[(&str, &dyn Display)]) -> String {
        filled(self.word(key).text(None), values)
    }

    fn word(&self, key: StringKey) -> &Word {
        self.0.get(key.0).expect("a key is made of a line of the English catalogue, which is always below")
    }

    /// The word under a key that a template names; none where there is no such key.
    pub(crate) fn find(&self, key: &str) -> Option<&Word> {
        self.0.get(key)
    }

    /// The words that are the same wherever they are said, with their keys.
    pub(crate) fn plain(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(key, word)| match word {
            Word::Text(text) if gaps(text).next().is_none() => Some((key.as_str(), text.as_str())),
            Word::Text(_) | Word::Counted { .. } => None,
        })
    }

    /// All keys, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The words of a bundle of scripts, `script-<bundle>-<name>`, which `script` says as `words.<name>`: as JSON by their
    /// names, a text each, or a mapping from plural forms to texts. None where it says none.
    pub(crate) fn of_script(&self, bundle: &str, script: &str) -> Option<String> {
        let prefix = format!("script-{bundle}-");
        let words: BTreeMap<&str, serde_json::Value> = self
            .0
            .iter()
            .filter_map(|(key, word)| Some((key.strip_prefix(&prefix)?, word)))
            .filter(|(name, _)| script.contains(&format!("words.{name}")))
            .map(|(name, word)| (name, word.json()))
            .collect();
        (!words.is_empty()).then(|| serde_json::to_string(&words).expect("texts by names have a JSON form"))
    }
}

impl Word {
    /// The text for a count, or the one for any number.
    pub(crate) fn text(&self, count: Option<u64>) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Counted { forms, rule } => {
                let wanted = count.map_or(Form::Other, rule);
                let of = |form| forms.iter().find(|(known, _)| *known == form).map(|(_, text)| text.as_str());
                of(wanted).or_else(|| of(Form::Other)).unwrap_or_default()
            }
        }
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        let (text, forms) = match self {
            Self::Text(text) => (Some(text), &[][..]),
            Self::Counted { forms, .. } => (None, forms.as_slice()),
        };
        text.into_iter().chain(forms.iter().map(|(_, text)| text)).map(String::as_str)
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Counted { forms, .. } => {
                let forms = forms.iter().map(|(form, text)| (form.word().to_owned(), text.as_str().into()));
                serde_json::Value::Object(forms.collect())
            }
        }
    }
}

fn filled(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut whole = String::with_capacity(text.len() + 16);
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => whole.push_str(text),
            Piece::Gap(name) => {
                let value = values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
                debug_assert!(value.is_some(), "nothing is given for {{{name}}} in {text:?}");
                whole.push_str(&value.unwrap_or_default());
            }
        }
    }
    whole
}

/// A part of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// What is filled in, by its name.
    Gap(&'a str),
}

/// The parts of a text in order. A gap is a name of small letters in braces; any other brace is text.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = gap(rest) {
            rest = after;
            return Some(Piece::Gap(name));
        }
        let next = rest.match_indices('{').map(|(at, _)| at).find(|&at| at > 0 && gap(slice(rest, at..)).is_some());
        let (text, after) = rest.split_at(next.unwrap_or(rest.len()));
        rest = after;
        Some(Piece::Text(text))
    })
}

/// The gap that a text begins with, and what follows it.
fn gap(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('{')?.split_once('}')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_name.then_some((name, after))
}

/// The names of the gaps of a text, in order.
fn gaps(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).filter_map(|piece| match piece {
        Piece::Gap(name) => Some(name),
        Piece::Text(_) => None,
    })
}

#[cfg(test)]
mod tests;
