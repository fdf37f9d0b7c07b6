//! Code with its parts named, while building: no script has to do it in the reader's browser.
//!
//! The grammars name every part with scopes such as `keyword.control.rust`; a style sheet needs few kinds, so the
//! innermost known scope becomes one class of a letter, and neighbours of one kind share an element.

use std::fmt::Write as _;
use std::sync::LazyLock;

use pulldown_cmark_escape::escape_html_body_text;
use syntaxmate::{Catalog, Highlighter, HighlighterOptions, Token};

/// A longer block is shown plain: the grammars' expressions may take more than linear time.
const LIMIT: usize = 100_000;

/// A longer line ends the highlighting of its block, for the same reason.
const LINE: usize = 2_000;

/// Languages that are kept ready.
const LANGUAGES: usize = 64;

static HIGHLIGHTER: LazyLock<Highlighter> = LazyLock::new(|| {
    let options = HighlighterOptions { prepared_languages: LANGUAGES, ..HighlighterOptions::default() };
    Highlighter::with_catalog_options(&Catalog::bundled(), options)
});

/// The code as escaped HTML with spans; plain where the language is unknown or the code too long.
pub(super) fn code(language: &str, code: &str) -> String {
    let short = code.len() <= LIMIT && code.lines().all(|line| line.len() <= LINE);
    short.then(|| name(language)).flatten().and_then(|name| spans(&name, code)).unwrap_or_else(|| escaped(code))
}

/// What the grammars call a language; none for plain text.
fn name(language: &str) -> Option<String> {
    let name = language.to_ascii_lowercase();
    match name.as_str() {
        "" | "text" | "txt" | "plain" | "plaintext" => None,
        "svg" => Some("xml".to_owned()),
        "patch" => Some("diff".to_owned()),
        _ => Some(name),
    }
}

fn spans(language: &str, code: &str) -> Option<String> {
    let document = HIGHLIGHTER.tokenize(language, code).ok()?;
    let mut html = Html { text: String::with_capacity(code.len() * 4), open: None };
    let mut parsed = document.lines().iter();
    for line in code.split_inclusive('\n') {
        let mut at = 0;
        for token in parsed.next().map_or(&[][..], |parsed| parsed.tokens()) {
            let range = token.range();
            html.write(line.get(at..range.start)?, None);
            html.write(line.get(range.clone())?, class(token));
            at = range.end;
        }
        html.write(line.get(at..)?, None);
    }
    html.close();
    Some(html.text)
}

struct Html {
    text: String,
    open: Option<&'static str>,
}

impl Html {
    fn write(&mut self, text: &str, class: Option<&'static str>) {
        // White space takes the class of what stands before it, so that a run of words is one element.
        if class != self.open && !text.trim().is_empty() {
            self.close();
            if let Some(class) = class {
                write!(self.text, "<span class=\"{class}\">").expect("writing to a string cannot fail");
            }
            self.open = class;
        }
        escape_html_body_text(&mut self.text, text).expect("writing to a string cannot fail");
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.text.push_str("</span>");
        }
    }
}

/// The class of the innermost scope that has one.
fn class(token: &Token) -> Option<&'static str> {
    token.scopes().filter_map(kind).last()
}

/// Which scopes a style sheet tells apart.
fn kind(scope: &str) -> Option<&'static str> {
    let mut parts = scope.split('.');
    let [first, second, third] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    Some(match (first, second, third) {
        ("comment", ..) | ("punctuation", "definition", "comment" | "deleted") | ("markup", "deleted", _) => "c",
        ("string", "unquoted", "argument") => return None,
        ("string", ..) | ("punctuation", "definition", "string") | ("constant", "character", _) => "s",
        // Shells mark a variable where it is used; most grammars call any name a variable, which says nothing.
        ("variable", "other", "assignment" | "bracket" | "normal" | "positional" | "special")
        | ("variable", "parameter", _)
        | ("punctuation", "definition", "variable")
        | ("constant", "other", "option")
        | ("entity", "other", "attribute-name") => "v",
        ("constant", ..) => "n",
        ("keyword", "operator", _) => "o",
        ("keyword" | "storage", ..) => "k",
        ("entity", "name", "command" | "function") | ("support" | "variable", "function", _) => "f",
        ("entity", "name", _) | ("support", "type" | "class", _) | ("punctuation", "support", "type") => "t",
        ("markup", "heading" | "inserted", _) | ("punctuation", "definition", "heading" | "inserted") => "m",
        ("punctuation", ..) => "o",
        _ => return None,
    })
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
            "<span class=\"o\">{</span><span class=\"t\">\"a\"</span><span class=\"o\">: </span><span class=\"n\">1</span><span class=\"o\">}</span>",
        );
    }

    #[test]
    fn nothing_is_lost_and_nothing_added() {
        let text = "fn a(b: &str) {\r\n\t\"ü <b>\\n\" // c & d\n\n}  \n/* open\n\u{2028} end";
        let languages = "bash,c,cpp,csharp,css,diff,dockerfile,go,haskell,html,ini,java,javascript,js,json,jsx,kotlin,\
            latex,lua,makefile,markdown,md,perl,php,powershell,py,python,r,rb,rs,ruby,rust,scss,sh,shell,sql,swift,toml,\
            ts,tsx,typescript,xml,yaml,yml,zsh,console,jsonc,json5,docker,svg,patch,graphql";
        for language in languages.split(',') {
            assert!(
                super::name(language).is_some_and(|name| super::HIGHLIGHTER.tokenize(&name, "").is_ok()),
                "{language}"
            );
            for code in ["", "\n", text, &text.replace('\r', "")] {
                let html = self::code(language, code);
                let spans = html.split("<span class=\"").collect::<Vec<_>>().join("<").replace("</span>", "");
                let plain =
                    spans.split('<').map(|part| part.get(1..2).filter(|c| *c == "\"").map_or(part, |_| &part[3..]));
                assert_eq!(plain.collect::<String>(), super::escaped(code), "{language}");
            }
        }
    }

    #[test]
    fn an_unknown_language_is_plain() {
        check("nonesuch", "<b>", "&lt;b&gt;");
        check("", "a & b", "a &amp; b");
    }
}
