//! Code with its parts named, while building: no script has to do it in the reader's browser.
//!
//! The grammars name every part with scopes such as `keyword.control.rust`; a style sheet needs few kinds, so the
//! innermost known scope becomes one class of a letter, and neighbours of one kind share an element.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex};

use pulldown_cmark_escape::escape_html_body_text;
use syntaxmate::{Catalog, PreparedLanguage, Token, Tokenizer, TokenizerOptions};

use crate::failure::NO_PANIC;

/// A longer block is shown plain: the grammars' expressions may take more than linear time.
const LIMIT: usize = 100_000;

/// A longer line ends the highlighting of its block, for the same reason.
const LINE: usize = 2_000;

/// Code in which more parts lie in each other is shown plain: each part is named with all that it lies in, so that time
/// and memory grow with the square of the depth. Code that people write has some thirty.
const MAX_DEPTH: usize = 200;

/// Languages that are kept ready.
const LANGUAGES: usize = 64;

static LANGUAGES_READY: LazyLock<Languages> = LazyLock::new(Languages::default);

/// A block of code, highlighted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// Escaped, with spans; plain where the language is unknown or the code beyond a limit.
    pub(super) html: String,
    /// Whether it was nested deeper than [`MAX_DEPTH`].
    pub(super) is_too_deep: bool,
}

/// Highlights a block of code.
pub(super) fn code(language: &str, code: &str) -> Code {
    let short = code.len() <= LIMIT && code.lines().all(|line| line.len() <= LINE);
    let language = name(language).filter(|_| short).and_then(|name| LANGUAGES_READY.canonical(&name));
    let spans =
        language.map_or(Err(Plain::Unknown), |language| LANGUAGES_READY.with(language, |ready| spans(ready, code)));
    let is_too_deep = spans == Err(Plain::TooDeep);
    Code { html: spans.unwrap_or_else(|_| escaped(code)), is_too_deep }
}

/// Why code is shown plain.
#[derive(Debug, PartialEq, Eq)]
enum Plain {
    Unknown,
    TooDeep,
}

/// The languages of the catalogue, of which some are ready for use.
struct Languages {
    catalog: Catalog,
    ready: Mutex<HashMap<String, Ready>>,
}

/// A language with the tokenizers that nobody uses just now.
struct Ready {
    language: Arc<PreparedLanguage>,
    idle: Vec<Tokenizer>,
}

impl Default for Languages {
    fn default() -> Self {
        Self { catalog: Catalog::bundled(), ready: Mutex::default() }
    }
}

impl Languages {
    /// The catalogue's own name of a language, if it has it.
    fn canonical(&self, name: &str) -> Option<&str> {
        self.catalog.canonical_language(name)
    }

    /// Does something with a tokenizer of a language.
    fn with<T>(&self, language: &str, work: impl FnOnce(&mut Tokenizer) -> Result<T, Plain>) -> Result<T, Plain> {
        let mut tokenizer = self.take(language).ok_or(Plain::Unknown)?;
        let done = work(&mut tokenizer);
        if let Some(ready) = self.ready.lock().expect(NO_PANIC).get_mut(language) {
            ready.idle.push(tokenizer);
        }
        done
    }

    fn take(&self, language: &str) -> Option<Tokenizer> {
        let options = TokenizerOptions { line_cache_entries: 1024, ..TokenizerOptions::default() };
        {
            let mut ready = self.ready.lock().expect(NO_PANIC);
            if let Some(ready) = ready.get_mut(language) {
                return Some(ready.idle.pop().unwrap_or_else(|| ready.language.tokenizer(options)));
            }
        }
        // To prepare one takes long enough that others should not wait for it.
        let prepared = Arc::new(PreparedLanguage::from_catalog(&self.catalog, language).ok()?);
        let tokenizer = prepared.tokenizer(options);
        let mut ready = self.ready.lock().expect(NO_PANIC);
        if ready.len() >= LANGUAGES {
            ready.clear();
        }
        ready.entry(language.to_owned()).or_insert_with(|| Ready { language: prepared, idle: Vec::new() });
        Some(tokenizer)
    }
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

fn spans(tokenizer: &mut Tokenizer, code: &str) -> Result<String, Plain> {
    let mut html = Html { text: String::with_capacity(code.len() * 4), open: None };
    let mut state = tokenizer.initial_state();
    for line in code.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let (mut at, is_too_deep) = (0, Cell::new(false));
        let write = |token: Token| {
            is_too_deep.set(is_too_deep.get() || token.scopes().count() > MAX_DEPTH);
            let range = token.range();
            html.write(line.get(at..range.start).unwrap_or_default(), None);
            html.write(line.get(range.clone()).unwrap_or_default(), class(&token));
            at = range.end;
        };
        let done = tokenizer.tokenize_line_with_interrupt(content, &mut state, write, || is_too_deep.get());
        if is_too_deep.get() || state.depth() > MAX_DEPTH {
            return Err(Plain::TooDeep);
        }
        done.map_err(|_| Plain::Unknown)?;
        html.write(line.get(at..).unwrap_or_default(), None);
    }
    html.close();
    Ok(html.text)
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
    use super::{Code, LINE, code};

    #[track_caller]
    fn check(language: &str, text: &str, expected: &str) {
        assert_eq!(code(language, text), Code { html: expected.to_owned(), is_too_deep: false });
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
                super::name(language).is_some_and(|name| super::LANGUAGES_READY.canonical(&name).is_some()),
                "{language}"
            );
            for code in ["", "\n", text, &text.replace('\r', "")] {
                let html = self::code(language, code).html;
                let spans = html.split("<span class=\"").collect::<Vec<_>>().join("<").replace("</span>", "");
                let plain =
                    spans.split('<').map(|part| part.get(3..).filter(|_| part.get(1..2) == Some("\"")).unwrap_or(part));
                assert_eq!(plain.collect::<String>(), super::escaped(code), "{language}");
            }
        }
    }

    #[test]
    fn what_is_nested_too_deeply_is_plain() {
        for (language, part) in [("json", "["), ("bash", "$("), ("js", "{"), ("yaml", "["), ("ts", "(")] {
            let line = part.repeat(LINE / part.len() - 1);
            let text = format!("{line}\n").repeat(40);
            assert_eq!(code(language, &text), Code { html: text, is_too_deep: true }, "{language}");
        }
        let ten = format!("{}1{}", "[".repeat(10), "]".repeat(10));
        assert!(!code("json", &ten).is_too_deep);
    }

    #[test]
    fn an_unknown_language_is_plain() {
        check("nonesuch", "<b>", "&lt;b&gt;");
        check("", "a & b", "a &amp; b");
    }
}
