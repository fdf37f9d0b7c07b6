//! Quotation marks, apostrophes, dashes and ellipses as a language sets them, made of what a keyboard has.
//!
//! Authors write `"`, `'`, `--`, `---` and `...`; readers get the marks of the site's language (CLDR's delimiters). Text
//! comes in runs, since Markdown parts it, and a [`Typesetter`] remembers from run to run what stands before and which
//! quotation is open. What could mean something else stays as it is: the inches of `6"`, the flag `--force`, the arrow
//! `-->`. Nothing here knows what is code or an address: whoever reads Markdown leaves that out.

use std::borrow::Cow;

use crate::source::slice;

/// How texts are set: as a language does it, or as they are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Typography(Option<Marks>);

/// The marks of a language.
#[derive(Debug, Clone, Copy)]
struct Marks {
    double: [&'static str; 2],
    single: [&'static str; 2],
}

/// Languages by the tag of each, with the marks that open and close a quotation, and one inside another. A region stands
/// before its language. All others have the marks of English, as in CLDR's root. French sets its marks off by a narrow
/// space, of which CLDR says nothing.
#[rustfmt::skip] // A row for each pair of marks.
const LANGUAGES: [(&[&str], [&str; 2], [&str; 2]); 16] = [
    (&["fr-ch"], ["«\u{202f}", "\u{202f}»"], ["‹\u{202f}", "\u{202f}›"]),
    (&["fr"], ["«\u{202f}", "\u{202f}»"], ["«\u{202f}", "\u{202f}»"]),
    (&["pt-pt", "it", "ca", "eu", "el"], ["«", "»"], ["“", "”"]),
    (&["zh-hant", "zh-tw", "zh-hk", "ja"], ["「", "」"], ["『", "』"]),
    (&["de", "cs", "sk", "sl", "hr", "et", "is", "mk"], ["„", "“"], ["‚", "‘"]),
    (&["nl"], ["‘", "’"], ["‘", "’"]),
    (&["pl", "ro"], ["„", "”"], ["«", "»"]),
    (&["hu"], ["„", "”"], ["»", "«"]),
    (&["sv", "fi", "he"], ["”", "”"], ["’", "’"]),
    (&["nb", "nn", "no"], ["«", "»"], ["‘", "’"]),
    (&["ru", "uk", "be"], ["«", "»"], ["„", "“"]),
    (&["bg", "lt"], ["„", "“"], ["„", "“"]),
    (&["sr"], ["„", "”"], ["’", "’"]),
    (&["ar"], ["”", "“"], ["’", "‘"]),
    (&["fa"], ["«", "»"], ["‹", "›"]),
    (&["en", "es", "pt", "da", "zh", "ko", "tr", "lv", "ga", "gl", "cy", "hi", "id", "vi"], ["“", "”"], ["‘", "’"]),
];

impl Typography {
    /// As a language sets texts, by its tag.
    pub(crate) fn of(language: &str) -> Self {
        let language = language.to_ascii_lowercase();
        let is = |tag: &&str| language.strip_prefix(*tag).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        let row = LANGUAGES.iter().find(|(tags, ..)| tags.iter().any(is));
        let (double, single) = row.map_or((["“", "”"], ["‘", "’"]), |&(_, double, single)| (double, single));
        Self(Some(Marks { double, single }))
    }

    /// As texts are written.
    pub(crate) fn plain() -> Self {
        Self(None)
    }

    /// Begins a text that comes in runs; none where it stays as it is.
    pub(crate) fn typesetter(self) -> Option<Typesetter> {
        self.0.map(|marks| Typesetter { marks, before: None, double: false, single: false })
    }

    /// Sets a text that is all text.
    pub(crate) fn set(self, text: &str) -> Cow<'_, str> {
        let set = self.typesetter().and_then(|mut typesetter| typesetter.run(text, ""));
        set.map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// [`Self::set`], where there is a text.
    pub(crate) fn set_some(self, text: Option<&String>) -> Option<String> {
        text.map(|text| self.set(text).into_owned())
    }
}

/// Sets a text run by run.
#[derive(Debug)]
pub(crate) struct Typesetter {
    marks: Marks,
    /// What stands before; none where a text begins.
    before: Option<char>,
    double: bool,
    single: bool,
}

/// A single quotation mark is looked for over at most so many bytes.
const QUOTATION: usize = 500;

impl Typesetter {
    /// Begins another paragraph.
    pub(crate) fn begin(&mut self) {
        (self.before, self.double, self.single) = (None, false, false);
    }

    /// Goes past what is no text, of which `c` is the last character.
    pub(crate) fn pass(&mut self, c: char) {
        self.before = Some(c);
    }

    /// Sets the next run, which `after` follows in the file; none where it stays as it is.
    pub(crate) fn run(&mut self, text: &str, after: &str) -> Option<String> {
        let mut set = String::new();
        let (mut from, mut at) = (0, 0);
        while let Some(found) = slice(text, at..).find(['"', '\'', '-', '.']) {
            let start = at + found;
            self.before = slice(text, ..start).chars().next_back().or(self.before);
            let rest = slice(text, start..);
            let sign = rest.bytes().next().unwrap_or_default();
            let length = rest.bytes().take_while(|&byte| byte == sign).count();
            let (mark, length) = match sign {
                b'"' | b'\'' => (self.quote(sign == b'"', slice(rest, 1..), after), 1),
                b'-' => (self.dash(length, slice(rest, length..), after), length),
                _ => (ellipsis(length, self.before), length),
            };
            at = start + length;
            if let Some(mark) = mark {
                set.push_str(slice(text, from..start));
                set.push_str(mark);
                from = at;
            }
            self.before = mark.and_then(|mark| mark.chars().next_back()).or_else(|| char::from_u32(sign.into()));
        }
        self.before = slice(text, at..).chars().next_back().or(self.before);
        (from > 0).then(|| set + slice(text, from..))
    }

    fn quote(&mut self, double: bool, rest: &str, after: &str) -> Option<&'static str> {
        let next = next(rest, after);
        let joins = next.is_some_and(char::is_alphanumeric);
        let opens = self.before.is_none_or(opens_a_word) && next.is_some_and(|next| !next.is_whitespace());
        let after_word = self.before.is_some_and(char::is_alphanumeric);
        let after_digit = self.before.is_some_and(char::is_numeric);
        let (marks, open) =
            if double { (self.marks.double, &mut self.double) } else { (self.marks.single, &mut self.single) };
        let apostrophe = Some("’");
        match (double, *open) {
            (false, _) if after_word && joins => apostrophe,
            // Within a word it is a sign of its own: the gershayim of Hebrew.
            (true, _) if after_word && joins => None,
            (true, false) if opens => {
                *open = true;
                Some(marks[0])
            }
            (false, _) if opens && is_decade(rest) => apostrophe,
            // 'Tis, unless something ends what begins here.
            (false, false) if opens && closes_later(rest, after) => {
                *open = true;
                Some(marks[0])
            }
            (false, false) if opens && joins => apostrophe,
            (_, true) if !self.before.is_none_or(char::is_whitespace) => {
                *open = false;
                Some(marks[1])
            }
            (_, false) if after_digit => None,
            (false, false) if after_word => apostrophe,
            _ => None,
        }
    }

    fn dash(&self, length: usize, rest: &str, after: &str) -> Option<&'static str> {
        let next = next(rest, after);
        let is_flag = self.before.is_none_or(opens_a_word) && next.is_some_and(char::is_alphanumeric);
        match length {
            2 | 3 if next == Some('>') || self.before == Some('<') => None,
            2 if is_flag => None,
            2 => Some("–"),
            3 => Some("—"),
            _ => None,
        }
    }
}

fn ellipsis(length: usize, before: Option<char>) -> Option<&'static str> {
    (length == 3 && before != Some('/')).then_some("…")
}

/// Whether a word or a quotation may begin behind this.
fn opens_a_word(before: char) -> bool {
    before.is_whitespace() || "([{/-–—\"'“„«‹‘‚「『".contains(before)
}

/// The next character that is shown, if any is on the line.
fn next(rest: &str, after: &str) -> Option<char> {
    rest.chars().next().or_else(|| after.chars().find(|&c| !"*_~^`[]\\!".contains(c)))
}

/// Whether this is the end of a year: the '90s, the class of '05.
fn is_decade(rest: &str) -> bool {
    rest.bytes().take_while(u8::is_ascii_digit).count() == 2
}

/// Whether a single quotation mark in what follows can end a quotation.
fn closes_later(rest: &str, after: &str) -> bool {
    let mut before = ' ';
    let mut chars = rest.chars().chain(after.chars()).take(QUOTATION).peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let ends = c == '\'' && !before.is_whitespace() && !next.is_some_and(char::is_alphanumeric);
        // The paragraph ends.
        if ends || (before == '\n' && c == '\n') {
            return ends;
        }
        before = c;
    }
    false
}

/// What a keyboard has for a mark of any language, so that names are the same however they are typed. All quotation marks
/// are one: in Dutch both kinds look alike.
pub(crate) fn as_typed(c: char) -> Option<&'static str> {
    Some(match c {
        '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' | '‘' | '’' | '‚' | '‹' | '›' | '『' | '』' => {
            "'"
        }
        '\u{202f}' => "",
        '–' => "--",
        '—' => "---",
        '…' => "...",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: &str, text: &str, expected: &str) {
        assert_eq!(Typography::of(language).set(text), expected);
    }

    #[test]
    fn quotations_have_the_marks_of_the_language() {
        let text = r#"She said "so 'it' is" (and "no")."#;
        check("en", text, "She said “so ‘it’ is” (and “no”).");
        check("de-AT", text, "She said „so ‚it‘ is“ (and „no“).");
        check("fr", text, "She said «\u{202f}so «\u{202f}it\u{202f}» is\u{202f}» (and «\u{202f}no\u{202f}»).");
        check("it", text, "She said «so “it” is» (and «no»).");
        check("pl", text, "She said „so «it» is” (and „no”).");
        check("fi", text, "She said ”so ’it’ is” (and ”no”).");
        check("nb", text, "She said «so ‘it’ is» (and «no»).");
        check("uk", text, "She said «so „it“ is» (and «no»).");
        check("pt-BR", text, "She said “so ‘it’ is” (and “no”).");
        check("pt-PT", text, "She said «so “it” is» (and «no»).");
        check("xx", text, "She said “so ‘it’ is” (and “no”).");
    }

    #[test]
    fn apostrophes_are_no_quotations() {
        check("en", "the owner's, the '90s, owners' and don't; 'tis", "the owner’s, the ’90s, owners’ and don’t; ’tis");
        check("de", "Grace' Woche, geht's: 'Mach's!'", "Grace’ Woche, geht’s: ‚Mach’s!‘");
        check("fr", "l'équipe d'aujourd'hui", "l’équipe d’aujourd’hui");
    }

    #[test]
    fn dashes_and_dots() {
        check("en", "1999--2004, so -- or so---and then...", "1999–2004, so – or so—and then…");
        check("en", "---- .... .. - e-mail", "---- .... .. - e-mail");
    }

    #[test]
    fn what_means_something_else_stays() {
        for text in ["a 6\" nail", "5'", "use --force (--strict)", "a --> b <-- c", "צה\"ל", "\" \"", "./...", "' '"]
        {
            check("en", text, text);
        }
    }

    #[test]
    fn quotations_reach_over_runs() {
        let mut typesetter = Typography::of("en").typesetter().expect("English has marks");
        let runs = [("He \"", "*left*\" then"), ("left", "*\" then"), ("\" then", ""), (" 'a", " b' c"), (" b' c", "")];
        let set: String =
            runs.iter().map(|(run, after)| typesetter.run(run, after).unwrap_or_else(|| (*run).to_owned())).collect();
        assert_eq!(set, "He “left” then ‘a b’ c");
    }

    #[test]
    fn a_name_is_the_same_however_it_is_set() {
        for language in LANGUAGES.iter().flat_map(|(tags, ..)| *tags) {
            let text = "\"So\" 'it' is -- the owner's --- last...";
            let set = Typography::of(language).set(text);
            let mut typed = String::new();
            set.chars().for_each(|c| match as_typed(c) {
                Some(keys) => typed.push_str(keys),
                None => typed.push(c),
            });
            assert_eq!(typed, text.replace('"', "'"), "{language}");
        }
    }
}
