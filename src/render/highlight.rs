//! Code with its parts named, while building: no script has to do it in the reader's browser.
//!
//! syntect parses with Sublime's grammars into scopes such as `keyword.control.rust`; a style sheet needs few kinds, so
//! the innermost known scope becomes one class of a letter, and neighbours of one kind share an element.

use std::fmt::Write as _;
use std::sync::LazyLock;

use pulldown_cmark_escape::escape_html_body_text;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// A longer block is shown plain: the grammars' expressions may take more than linear time.
const LIMIT: usize = 100_000;

/// A longer line ends the highlighting of its block, for the same reason.
const LINE: usize = 2_000;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Which scopes a style sheet tells apart, longest first where one begins another.
static CLASSES: LazyLock<Vec<(Scope, &str)>> = LazyLock::new(|| {
    [
        ("comment", "c"),
        ("punctuation.definition.comment", "c"),
        ("string", "s"),
        ("punctuation.definition.string", "s"),
        ("constant.character", "s"),
        ("constant.numeric", "n"),
        ("constant.language", "n"),
        ("constant", "n"),
        ("keyword.operator", "o"),
        ("keyword", "k"),
        ("storage", "k"),
        ("entity.name.function", "f"),
        ("support.function", "f"),
        ("variable.function", "f"),
        ("entity.name.tag", "t"),
        ("entity.name.type", "t"),
        ("entity.name", "t"),
        ("support.type", "t"),
        ("support.class", "t"),
        ("entity.other.attribute-name", "v"),
        ("variable.parameter", "v"),
        ("variable.other", "v"),
        ("markup.heading", "m"),
        ("markup.inserted", "m"),
        ("markup.deleted", "c"),
        ("punctuation", "o"),
    ]
    .iter()
    .map(|(name, class)| (Scope::new(name).expect("a scope's name of few parts"), *class))
    .collect()
});

/// The code as escaped HTML with spans; plain where the language is unknown or the code too long.
pub(super) fn code(language: &str, code: &str) -> String {
    let syntax = (code.len() <= LIMIT).then(|| syntax(language)).flatten();
    syntax.and_then(|syntax| spans(syntax, code)).unwrap_or_else(|| escaped(code))
}

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let language = match language.to_ascii_lowercase().as_str() {
        "" | "text" | "txt" | "plain" | "plaintext" => return None,
        "shell" | "console" | "shell-session" | "zsh" => "bash".to_owned(),
        "jsonc" | "json5" => "json".to_owned(),
        "ts" | "typescript" | "tsx" | "jsx" => "js".to_owned(),
        "docker" => "dockerfile".to_owned(),
        other => other.to_owned(),
    };
    SYNTAXES.find_syntax_by_token(&language)
}

fn spans(syntax: &SyntaxReference, code: &str) -> Option<String> {
    let mut html = String::with_capacity(code.len() * 2);
    let mut state = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    let mut open: Option<&str> = None;
    for line in code.split_inclusive('\n') {
        if line.len() > LINE {
            return None;
        }
        let mut at = 0;
        for (end, operation) in state.parse_line(line, &SYNTAXES).ok()? {
            write(&mut html, &mut open, &scopes, &line[at..end]);
            at = end;
            scopes.apply(&operation).ok()?;
        }
        write(&mut html, &mut open, &scopes, &line[at..]);
    }
    if open.is_some() {
        html.push_str("</span>");
    }
    Some(html)
}

fn write(html: &mut String, open: &mut Option<&'static str>, scopes: &ScopeStack, text: &str) {
    if text.is_empty() {
        return;
    }
    let class = scopes.as_slice().iter().rev().find_map(|scope| class(*scope));
    // White space takes the class of what stands before it, so that a run of words is one element.
    if class != *open && !text.trim().is_empty() {
        if open.is_some() {
            html.push_str("</span>");
        }
        if let Some(class) = class {
            write!(html, "<span class=\"{class}\">").expect("writing to a string cannot fail");
        }
        *open = class;
    }
    html.push_str(&escaped(text));
}

fn class(scope: Scope) -> Option<&'static str> {
    CLASSES.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).map(|(_, class)| *class)
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape_html_body_text(&mut html, text).expect("writing to a string cannot fail");
    html
}

#[cfg(test)]
mod tests {
    use super::code;

    #[track_caller]
    fn check(language: &str, text: &str, expected: &str) {
        assert_eq!(code(language, text), expected);
    }

    #[test]
    fn parts_are_named_and_text_is_escaped() {
        check(
            "json",
            "{\"a\": 1}",
            "<span class=\"o\">{</span><span class=\"s\">\"a\"</span><span class=\"o\">: </span><span class=\"n\">1</span><span class=\"o\">}</span>",
        );
    }

    #[test]
    fn an_unknown_language_is_plain() {
        check("nonesuch", "<b>", "&lt;b&gt;");
        check("", "a & b", "a &amp; b");
    }
}
