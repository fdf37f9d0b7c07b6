//! The files that pages load, under names that change with their content, so that browsers may keep them for ever.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::embedded;
use crate::hash::Hash;
use crate::model::{SITE_BUNDLE, bundled_name, hashed_path, is_copied_of_theme, theme_file_path};
use crate::output::{Body, Output};
use crate::source::{Inputs, SourceId, SourceKind, slice};
use crate::strings::Strings;

/// The theme's assets.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// What templates call an asset, and its address below the site's root: `site.css` → `/assets/site.1a2b.css`.
    pub(crate) addresses: BTreeMap<String, String>,
    /// The files themselves.
    pub(crate) outputs: Vec<Output>,
}

impl Bundle {
    /// Joins style sheets and scripts, by folder and in the order of their names, and gives every file its place. A
    /// bundle of scripts begins with the words that it says.
    pub(super) fn of(inputs: &Inputs, files: &BTreeMap<&str, SourceId>, strings: &Strings) -> Self {
        let mut bundle = Self { addresses: BTreeMap::new(), outputs: Vec::new() };
        let (mut styles, mut scripts): (BTreeMap<_, String>, BTreeMap<_, String>) = Default::default();
        for (path, &id) in files {
            let file = inputs.get(id);
            let Some(name) = bundled_name(path) else { continue };
            match path.split('/').next().unwrap_or(path) {
                "css" => join(styles.entry(name).or_default(), &minified_css(&file.text)),
                "js" if *path != "js/early.js" => join(scripts.entry(name).or_default(), &file.text),
                _ if file.kind == SourceKind::Embedded && file.text.is_empty() => {
                    bundle
                        .add(&name, embedded::picture(&file.path).expect("only pictures of the program have no text"));
                }
                // Fonts, pictures: kept under their own name, as their bytes are not held here.
                _ if is_copied_of_theme(path, file) => bundle.copy(path, &file.path),
                _ => bundle.add(&name, file.text.as_bytes()),
            }
        }
        for (name, text) in &styles {
            bundle.add(name, text.as_bytes());
        }
        for (name, text) in &scripts {
            let name_of_bundle = name.trim_end_matches(".js");
            bundle.add(name, published(strings, name_of_bundle, text).as_bytes());
        }
        bundle
    }

    /// The output at a path.
    pub(crate) fn output(&self, path: &str) -> Option<&Output> {
        self.outputs.iter().find(|output| output.path == path)
    }

    /// The position of the copy of a file of the site's theme.
    pub(crate) fn position_of_copy(&self, file: &str) -> Option<usize> {
        self.outputs.iter().position(|output| matches!(&output.body, Body::Copy(from) if from == file))
    }

    fn add(&mut self, name: &str, bytes: &[u8]) {
        let path = hashed_path(name, &Hash::of(bytes).short());
        self.addresses.insert(name.to_owned(), format!("/{path}"));
        self.outputs.push(Output { path, body: Body::Bytes(bytes.to_vec()) });
    }

    fn copy(&mut self, name: &str, source: &str) {
        let path = theme_file_path(name);
        self.addresses.insert(name.to_owned(), format!("/{path}"));
        self.outputs.push(Output { path, body: Body::Copy(source.to_owned()) });
    }
}

/// The scripts of a bundle in the form that browsers load: first the words that they say, then the rest, in fewer bytes
/// if it is that of the default theme.
fn published(strings: &Strings, bundle: &str, scripts: &str) -> String {
    let words = strings.of_script(bundle, scripts).map_or(String::new(), |words| format!("const words = {words};"));
    let body = embedded::minified(bundle, scripts).map_or_else(|| without_indentation(scripts).into(), Cow::Borrowed);
    composed(bundle, &words, body.trim_end())
}

/// Puts the words of a bundle before its scripts. What [`SITE_BUNDLE`] declares at its top is there for all other bundles
/// of a page; each of these is a block, so that its words and helpers are its own.
fn composed(bundle: &str, words: &str, body: &str) -> String {
    let text = if words.is_empty() { body.to_owned() } else { format!("{words}\n{body}") };
    if bundle == SITE_BUNDLE { text } else { format!("{{\n{text}\n}}") }
}

fn join(whole: &mut String, text: &str) {
    whole.push_str(text.trim_end());
    whole.push('\n');
}

/// A style sheet without comments and without the white space that lays it out for people; strings stay as they are.
fn minified_css(css: &str) -> String {
    let mut tight = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(first) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if first == '"' || first == '\'' {
            let end = slice(rest, 1..).find(first).map_or(rest.len(), |i| i + 2);
            tight.push_str(slice(rest, ..end));
            rest = slice(rest, end..);
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
            rest = slice(rest, first.len_utf8()..);
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
fn without_indentation(script: &str) -> String {
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
    use super::{
        BTreeMap, Inputs, bundled_name, composed, embedded, join, minified_css, published, without_indentation,
    };

    #[test]
    fn a_folder_of_scripts_is_a_script_of_its_own() {
        let check = |path, name: Option<&str>| assert_eq!(bundled_name(path).as_deref(), name, "{path}");
        check("js/10-theme.js", Some("site.js"));
        check("js/decisions/10-path.js", Some("decisions.js"));
        check("css/decisions/10-decisions.css", Some("decisions.css"));
        check("js/early.js", Some("early.js"));
        check("icons/sprite.svg", Some("sprite.svg"));
        check("fonts/LICENCE", Some("fonts/LICENCE"));
        check("templates/base.html", None);
    }

    #[test]
    fn the_scripts_of_the_default_theme_have_a_small_form() {
        let mut inputs = Inputs::new("site");
        embedded::add(&mut inputs);
        let mut scripts: BTreeMap<String, String> = BTreeMap::new();
        for (_, file) in inputs.iter() {
            let path = embedded::path_in_theme(&file.path);
            if path.starts_with("js/") && path != "js/early.js" {
                join(scripts.entry(bundled_name(path).unwrap()).or_default(), &file.text);
            }
        }
        for (name, script) in scripts {
            let name = name.trim_end_matches(".js");
            assert!(embedded::minified(name, &script).is_some(), "{name}: run tests/scripts/run --fix");
        }
    }

    #[test]
    fn the_words_of_a_script_come_first() {
        assert_eq!(composed("site", "const words = {};", "say();"), "const words = {};\nsay();");
        assert_eq!(composed("search", "const words = {};", "say();"), "{\nconst words = {};\nsay();\n}");
        assert_eq!(composed("mine", "", "say();"), "{\nsay();\n}");
    }

    #[test]
    fn a_script_of_the_site_s_own_stands_as_it_is() {
        assert_eq!(embedded::minified("site", "mine();\n"), None);
        assert_eq!(embedded::minified("mine", ""), None);
        let strings = crate::strings::of(&Inputs::new("site"), "en", "default").value;
        assert_eq!(published(&strings, "site", "if (a) {\n  // note\n  mine();\n}\n"), "if (a) {\nmine();\n}");
        let script = "mine(words.copy);\n";
        assert_eq!(published(&strings, "site", script), "const words = {\"copy\":\"Copy\"};\nmine(words.copy);");
    }

    #[test]
    fn a_script_keeps_its_lines_and_its_strings() {
        assert_eq!(without_indentation("// note\n{\n  // more\n  f(\"//  x\");\n}\n"), "{\nf(\"//  x\");\n}");
        let long = "const a = `one\n  // two`;\n";
        assert_eq!(without_indentation(long), long);
    }

    #[test]
    fn white_space_that_means_something_stays() {
        let css =
            "/* note */\na:is(b, c) > d + e {\n  width: calc(1rem + -0.25px);\n  content: \"a  0.5 /* c */\";\n}\n";
        assert_eq!(minified_css(css), "a:is(b,c) > d + e{width: calc(1rem + -.25px);content: \"a  0.5 /* c */\";}");
        assert_eq!(minified_css("a{flex: 10.5 0 0.5;}"), "a{flex: 10.5 0 .5;}");
    }
}
