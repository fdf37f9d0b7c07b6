//! One file of words in, the words out, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use super::plural::{self, Form, Rule};
use super::{Word, gaps};
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::source::{At, SourceId, Span};
use crate::yaml::{self, Kind, Limits, Node};

/// The gap that a count fills; a plural form that names the number in words does without.
const COUNT: &str = "count";

/// Reads the words in `text`, which are of the language `tag`. With `english`, each must be one of those, with the same
/// gaps; a wrong one is left out, so that English stands in for it.
pub(super) fn read(
    source: SourceId,
    text: &str,
    tag: &str,
    english: Option<&BTreeMap<String, Word>>,
    findings: &mut Findings,
) -> BTreeMap<String, Word> {
    let Some(node) = yaml::parse(source, text, 0, Limits::Data, findings) else { return BTreeMap::new() };
    let entries = match &node.kind {
        Kind::Map(entries) => entries.as_slice(),
        Kind::Null => &[],
        _ => {
            let message = format!("a catalogue of words takes a mapping (`key: word`), not {}", node.noun());
            findings.push(Diagnostic::new(&code::WRONG_VALUE, node.span, message));
            &[]
        }
    };
    let mut file = File { text, tag, rule: plural::rule(tag), findings };
    let mut words = BTreeMap::new();
    for (key, node) in entries {
        let known = english.map(|english| english.get(&key.value));
        if let (Some(None), Some(english)) = (known, english) {
            let message = format!("no word of the interface has the key `{}`", key.value);
            let names = english.keys().map(String::as_str);
            let finding = Diagnostic::new(&code::UNKNOWN_WORD, key.span, message);
            let help = "the keys are those of `themes/default/strings/en.yaml` of Fingerpost";
            file.findings.push(finding.suggest(&key.value, key.span, names, help));
            continue;
        }
        let word = file.word(key, node).filter(|word| match known.flatten() {
            Some(english) => file.fits(key, node, word, english),
            None => true,
        });
        words.extend(word.map(|word| (key.value.clone(), word)));
    }
    words
}

struct File<'a> {
    text: &'a str,
    tag: &'a str,
    rule: Rule,
    findings: &'a mut Findings,
}

impl File<'_> {
    fn word(&mut self, key: &At<String>, node: &Node) -> Option<Word> {
        match (&node.kind, node.as_text()) {
            (_, Some(text)) => Some(Word::Text(text.to_owned())),
            (Kind::Map(forms), _) => self.forms(key, forms),
            _ => {
                let expected = "a text or plural forms (`{one: …, other: …}`)";
                self.findings.push(yaml::wrong_value(&key.value, expected, node));
                None
            }
        }
    }

    fn forms(&mut self, key: &At<String>, entries: &[(At<String>, Node)]) -> Option<Word> {
        let mut forms = Vec::new();
        for (name, node) in entries {
            let form = Form::named(&name.value).filter(|form| plural::has_form(self.rule, *form));
            let Some(form) = form else {
                let message = format!("`{}` is no plural form of the language `{}`", name.value, self.tag);
                let common = plural::common_forms(self.rule);
                let words: Vec<&str> = common.iter().chain([&Form::Other]).map(|form| form.word()).collect();
                let words: BTreeSet<&str> = words.into_iter().collect();
                let known = words.into_iter().collect::<Vec<_>>();
                let help = format!("its forms are {}", yaml::list(&known));
                let finding = Diagnostic::new(&code::WRONG_WORD, name.span, message);
                self.findings.push(finding.suggest(&name.value, name.span, known, help));
                continue;
            };
            match node.as_text() {
                Some(text) => forms.push((form, text.to_owned())),
                None => self.findings.push(yaml::wrong_value(&name.value, "a text", node)),
            }
        }
        let has = |wanted: &Form| forms.iter().any(|(form, _)| form == wanted);
        if !has(&Form::Other) {
            let message = format!("`{}` has no form `other`", key.value);
            let finding = Diagnostic::new(&code::WRONG_WORD, key.span, message);
            self.findings.push(finding.help("add it: it stands for every count that no other form is for"));
            return None;
        }
        let missing: Vec<&str> =
            plural::common_forms(self.rule).iter().filter(|form| !has(form)).map(|form| form.word()).collect();
        if !missing.is_empty() {
            let message = format!("`{}` lacks the plural form {}", key.value, yaml::list(&missing));
            let finding = Diagnostic::new(&code::MISSING_WORD, key.span, message);
            self.findings.push(finding.help("its form `other` stands in"));
        }
        Some(Word::Counted { forms, rule: self.rule })
    }

    /// Whether a word has the gaps of the English one, and plural forms only where something is counted.
    fn fits(&mut self, key: &At<String>, node: &Node, word: &Word, english: &Word) -> bool {
        let wanted: BTreeSet<&str> = english.texts().flat_map(gaps).collect();
        let counted = matches!(english, Word::Counted { .. }) || wanted.contains(COUNT);
        if matches!(word, Word::Counted { .. }) && !counted {
            let message = format!("`{}` counts nothing, so it has no plural forms", key.value);
            self.findings.push(Diagnostic::new(&code::WRONG_WORD, node.span, message).help("write one text"));
            return false;
        }
        let before = self.findings.len();
        let texts: Vec<(&Node, &str)> = match &node.kind {
            Kind::Map(forms) => forms.iter().filter_map(|(_, node)| Some((node, node.as_text()?))).collect(),
            _ => node.as_text().map(|text| (node, text)).into_iter().collect(),
        };
        for (node, text) in texts {
            let given: BTreeSet<&str> = gaps(text).collect();
            for name in given.difference(&wanted) {
                let place = self.place(node.span, name);
                let message = format!("`{}` has no value `{{{name}}}` to fill in", key.value);
                let names: Vec<String> = wanted.iter().map(|name| format!("{{{name}}}")).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let help = if names.is_empty() {
                    "it is the same everywhere: write it without braces".to_owned()
                } else {
                    format!("its values are {}", yaml::list(&names))
                };
                let finding = Diagnostic::new(&code::WRONG_WORD, place, message);
                self.findings.push(finding.suggest(&format!("{{{name}}}"), place, names, help));
            }
            for name in wanted.difference(&given).filter(|name| **name != COUNT) {
                let message = format!("`{}` does not say `{{{name}}}`", key.value);
                let finding = Diagnostic::new(&code::WRONG_WORD, node.span, message);
                self.findings.push(finding.help("put it where the value belongs in the sentence"));
            }
        }
        self.findings.len() == before
    }

    /// Where a gap stands in a value; the whole value where escapes hide it.
    fn place(&self, value: Span, name: &str) -> Span {
        let gap = format!("{{{name}}}");
        let found = self.text.get(value.range()).and_then(|text| text.find(&gap));
        found.map_or(value, |at| {
            let start = value.range().start + at;
            Span::new(value.source, start..start + gap.len())
        })
    }
}
