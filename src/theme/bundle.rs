//! The files that pages load, under names that change with their content, so that browsers may keep them for ever.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::embedded;
use crate::hash::Hash;
use crate::output::{Body, Output};
use crate::source::{Inputs, SourceId};

/// The theme's assets.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// What templates call an asset, and its address below the site's root: `site.css` → `/assets/site.1a2b.css`.
    pub(crate) addresses: BTreeMap<String, String>,
    /// The files themselves.
    pub(crate) outputs: Vec<Output>,
}

impl Bundle {
    /// Joins style sheets and scripts, by folder and in the order of their names, and gives every file its place.
    pub(super) fn of(inputs: &Inputs, files: &BTreeMap<&str, SourceId>) -> Self {
        let mut bundle = Self { addresses: BTreeMap::new(), outputs: Vec::new() };
        let (mut styles, mut scripts): (BTreeMap<_, String>, BTreeMap<_, Script<'_>>) = Default::default();
        for (path, &id) in files {
            let file = inputs.get(id);
            let name = path.rsplit('/').next().unwrap_or(path);
            match path.split('/').next().unwrap_or(path) {
                "templates" => {}
                "css" => join(styles.entry(bundle_name(path)).or_default(), &tightened(&file.text)),
                "js" if name == WORDS => scripts.entry(bundle_name(path)).or_default().words = &file.text,
                "js" if name != "early.js" => join(&mut scripts.entry(bundle_name(path)).or_default().body, &file.text),
                "js" | "icons" => bundle.add(name, &file.text),
                // Fonts, pictures: kept under their own name, as their bytes are not held here.
                _ if file.text.is_empty() => bundle.copy(path, &file.path),
                _ => bundle.add(path, &file.text),
            }
        }
        for (name, text) in &styles {
            bundle.add(&format!("{name}.css"), text);
        }
        for (name, script) in &scripts {
            bundle.add(&format!("{name}.js"), &script.published(name));
        }
        bundle
    }

    fn add(&mut self, name: &str, text: &str) {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "txt"));
        let hash = Hash::of(text.as_bytes()).short();
        let path = format!("assets/{stem}.{hash}.{extension}");
        self.addresses.insert(name.to_owned(), format!("/{path}"));
        self.outputs.push(Output { path, body: Body::Bytes(text.as_bytes().to_vec()) });
    }

    fn copy(&mut self, name: &str, source: &str) {
        let path = format!("assets/{name}");
        self.addresses.insert(name.to_owned(), format!("/{path}"));
        self.outputs.push(Output { path, body: Body::Copy(source.to_owned()) });
    }
}

/// The file of a folder of scripts that says which words they show.
const WORDS: &str = "00-words.js";

/// The bundle that every page loads.
const SITE: &str = "site";

/// The scripts of a bundle.
#[derive(Debug, Default)]
struct Script<'a> {
    /// The declaration of `words`, by which the others name what they show.
    words: &'a str,
    /// All others, joined.
    body: String,
}

impl Script<'_> {
    /// The script of a bundle in the form that browsers load: the words first, then the rest, in fewer bytes if it is
    /// that of the default theme.
    fn published(&self, bundle: &str) -> String {
        let body = embedded::minified(bundle, &self.body).map_or_else(|| outdented(&self.body).into(), Cow::Borrowed);
        composed(bundle, self.words.trim_end(), body.trim_end())
    }
}

/// Puts the words of a bundle before its scripts. What [`SITE`] declares at its top is there for all other bundles of a
/// page; each of these is a block, so that its words and helpers are its own.
fn composed(bundle: &str, words: &str, body: &str) -> String {
    let text = if words.is_empty() { body.to_owned() } else { format!("{words}\n{body}") };
    if bundle == SITE { format!("{text}\n") } else { format!("{{\n{text}\n}}\n") }
}

/// The bundle that a style sheet or script joins: those of a folder make one of the folder's name, for the pages that
/// ask for it; all others make the one that every page loads.
fn bundle_name(path: &str) -> &str {
    path.split('/').nth(1).filter(|_| path.matches('/').count() > 1).unwrap_or(SITE)
}

fn join(whole: &mut String, text: &str) {
    whole.push_str(text.trim_end());
    whole.push('\n');
}

/// A style sheet without comments and without the white space that lays it out for people; strings stay as they are.
fn tightened(css: &str) -> String {
    let mut tight = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(first) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if first == '"' || first == '\'' {
            let end = rest[1..].find(first).map_or(rest.len(), |i| i + 2);
            tight.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if first.is_whitespace() {
            rest = rest.trim_start();
            let before = tight.chars().next_back().unwrap_or('{');
            let after = rest.chars().next().unwrap_or('}');
            if !"{};,".contains(before) && !"{};,".contains(after) {
                tight.push(' ');
            }
        } else {
            let after_number = tight.ends_with(|before: char| before.is_alphanumeric() || before == '_');
            if after_number || !is_fraction(rest) {
                tight.push(first);
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    tight
}

/// Whether a text begins with a number such as `0.5`, which needs no zero.
fn is_fraction(text: &str) -> bool {
    text.strip_prefix("0.").is_some_and(|digits| digits.starts_with(|digit: char| digit.is_ascii_digit()))
}

/// A script without the lines and the white space that are for people: comments on lines of their own, indentation.
/// One with a string over several lines stays as it is.
fn outdented(script: &str) -> String {
    if script.lines().any(|line| {
        line.matches('`').count() % 2 == 1 || line.ends_with('\\') || (line.contains("/*") && !line.contains("*/"))
    }) {
        return script.to_owned();
    }
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{BTreeMap, Inputs, Script, WORDS, bundle_name, composed, embedded, join, outdented, tightened};

    #[test]
    fn a_folder_of_scripts_is_a_script_of_its_own() {
        assert_eq!(bundle_name("js/10-theme.js"), "site");
        assert_eq!(bundle_name("js/decisions/10-path.js"), "decisions");
        assert_eq!(bundle_name("css/decisions/10-decisions.css"), "decisions");
    }

    /// The scripts of the default theme by their bundles.
    fn scripts(inputs: &mut Inputs) -> BTreeMap<&str, Script<'_>> {
        embedded::add(inputs);
        let mut scripts: BTreeMap<_, Script<'_>> = BTreeMap::new();
        for (_, file) in inputs.iter() {
            let path = embedded::path_in_theme(&file.path);
            if path.starts_with("js/") && path != "js/early.js" {
                let script = scripts.entry(bundle_name(path)).or_default();
                if path.ends_with(WORDS) { script.words = &file.text } else { join(&mut script.body, &file.text) }
            }
        }
        scripts
    }

    #[test]
    fn the_scripts_of_the_default_theme_have_a_small_form() {
        for (name, script) in scripts(&mut Inputs::new("site")) {
            assert!(embedded::minified(name, &script.body).is_some(), "{name}: run tests/scripts/run --fix");
        }
    }

    #[test]
    fn the_words_of_each_script_are_those_that_it_shows() {
        for (name, script) in scripts(&mut Inputs::new("site")) {
            let key = |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::to_owned);
            let keys = script.words.lines().filter_map(|line| key(line.strip_prefix("  ")?));
            let said: BTreeSet<_> = keys.filter(|key| !key.is_empty()).collect();
            let names = script.body.match_indices("words.").filter(|(at, _)| {
                let before = script.body[..*at].chars().next_back();
                before.is_none_or(|c| c == ' ' || c == '(' || c == '[')
            });
            let keys = names.filter_map(|(at, found)| key(&script.body[at + found.len()..]));
            // A sentence may end with the word.
            let shown: BTreeSet<_> = keys.filter(|key| !key.is_empty()).collect();
            assert!(!said.is_empty());
            assert_eq!(said, shown, "{name}");
        }
    }

    #[test]
    fn the_words_of_a_script_come_first() {
        assert_eq!(composed("site", "const words = {};", "say();"), "const words = {};\nsay();\n");
        assert_eq!(composed("search", "const words = {};", "say();"), "{\nconst words = {};\nsay();\n}\n");
        assert_eq!(composed("mine", "", "say();"), "{\nsay();\n}\n");
    }

    #[test]
    fn a_script_of_the_site_s_own_stands_as_it_is() {
        assert_eq!(embedded::minified("site", "mine();\n"), None);
        assert_eq!(embedded::minified("mine", ""), None);
        let script = Script { words: "", body: "if (a) {\n  // note\n  mine();\n}\n".to_owned() };
        assert_eq!(script.published("site"), "if (a) {\nmine();\n}\n");
    }

    #[test]
    fn a_script_keeps_its_lines_and_its_strings() {
        assert_eq!(outdented("// note\n{\n  // more\n  f(\"//  x\");\n}\n"), "{\nf(\"//  x\");\n}");
        let long = "const a = `one\n  // two`;\n";
        assert_eq!(outdented(long), long);
    }

    #[test]
    fn white_space_that_means_something_stays() {
        let css =
            "/* note */\na:is(b, c) > d + e {\n  width: calc(1rem + -0.25px);\n  content: \"a  0.5 /* c */\";\n}\n";
        assert_eq!(tightened(css), "a:is(b,c) > d + e{width: calc(1rem + -.25px);content: \"a  0.5 /* c */\";}");
        assert_eq!(tightened("a{flex: 10.5 0 0.5;}"), "a{flex: 10.5 0 .5;}");
    }
}
