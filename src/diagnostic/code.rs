//! One row for each code: its permanent id, its severity, and the page behind `--explain`.
//!
//! Areas: 01 front matter and data files, 02 Markdown, 03 links, 04 facets, 05 decisions, 06 theme, 07 the site and
//! its addresses, 08 tracks, 09 evidence, 10 freshness. A code is never given a second meaning.

use super::Severity::{self, Error, Warning};

/// What all findings of one kind share.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `FP` and four digits; the first two are the area.
    pub id: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// A page in Markdown: what it finds, why it matters, an example.
    pub explain: &'static str,
}

macro_rules! codes {
    ($($name:ident $id:literal $severity:ident $title:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: Code = Code {
                id: $id,
                severity: $severity,
                title: $title,
                explain: include_str!(concat!("explain/", $id, ".md")),
            };
        )*
        /// Every code, in order.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    YAML_SYNTAX "FP0101" Error "YAML that cannot be read";
    UNKNOWN_KEY "FP0102" Error "a key that nothing reads";
    WRONG_VALUE "FP0103" Error "a value of the wrong kind";
    DUPLICATE_KEY "FP0104" Error "a key given twice";
    NOT_A_DATE "FP0105" Error "a date that is none";
    UNCLOSED_FRONT_MATTER "FP0106" Error "front matter without an end";
    TOO_LARGE "FP0107" Error "a file over a limit";
    NOT_UTF8 "FP0108" Error "a file that is not UTF-8";
    MISSING_KEY "FP0109" Error "a key that must be there";
    CONTROL_CHARACTER "FP0110" Error "a character that cannot be shown";
    BLANK_TITLE "FP0111" Warning "a title without words";
    RAW_HTML "FP0201" Warning "raw HTML shown as text";
    UNSAFE_LINK "FP0202" Error "a link of a scheme that is not allowed";
    TOO_DEEP "FP0203" Error "Markdown nested too deeply";
    DUPLICATE_ANCHOR "FP0204" Warning "two headings with one id";
    ACTIVE_ASSET "FP0205" Error "a file that could run code";
    UNKNOWN_FOOTNOTE "FP0206" Warning "a footnote that is not written";
    CODE_TOO_DEEP "FP0207" Warning "code nested too deeply for colours";
    UNCLOSED_TAG "FP0208" Warning "a raw tag that is never closed";
    UNKNOWN_PAGE "FP0301" Error "a name that no page has";
    AMBIGUOUS_NAME "FP0302" Error "a name that several pages have";
    MISSING_FILE "FP0303" Error "a link to a file that is not there";
    MISSING_ANCHOR "FP0304" Error "a link to a heading that is not there";
    OUTSIDE_CONTENT "FP0305" Error "a link that leaves the content folder";
    UNKNOWN_ADDRESS "FP0306" Error "a link to an address that the site does not have";
    LINK_TO_DRAFT "FP0307" Error "a link to a draft";
    UNCLOSED_WIKI_LINK "FP0308" Warning "a wiki link that is not closed";
    UNKNOWN_FACET "FP0401" Error "a facet that site.yaml does not declare";
    UNKNOWN_TERM "FP0402" Error "a term without a page";
    UNKNOWN_RELATION "FP0403" Error "a relation that site.yaml does not declare";
    WRONG_RELATION_END "FP0404" Error "a relation to the wrong kind of end";
    REPEATED_TERM "FP0405" Warning "a name given twice in one list";
    LONG_REASON "FP0406" Warning "a reason of many words";
    UNKNOWN_NODE "FP0501" Error "an answer that leads to nothing";
    NEVER_REACHED "FP0502" Error "a question or an outcome that is never reached";
    NO_OUTCOME "FP0503" Error "a question that leads to no outcome";
    CYCLE "FP0504" Error "answers that go round in a circle";
    SAME_ANSWER "FP0505" Error "two answers that cannot be told apart";
    WRONG_START "FP0506" Error "a start that is no question";
    FAILED_TEST "FP0507" Error "a test of a decision that fails";
    BAD_NODE_ID "FP0508" Error "an id that is taken or cannot be one";
    ONE_WAY "FP0509" Warning "a question whose answers make no difference";
    TERM_NOT_MET "FP0510" Warning "a benefit or a risk that never shows";
    LONG_PATH "FP0511" Warning "a path of many questions";
    MANY_ANSWERS "FP0512" Warning "a question with many answers";
    LONG_LABEL "FP0513" Warning "an answer with a long label";
    FEW_ANSWERS "FP0514" Error "a question with fewer than two answers";
    TEMPLATE_SYNTAX "FP0601" Error "a template that cannot be read";
    TEMPLATE_RENDERING "FP0602" Error "a template that fails on a page";
    UNKNOWN_THEME "FP0603" Error "a theme that is not there";
    UNKNOWN_TEMPLATE "FP0604" Error "a template that the theme does not have";
    UNKNOWN_WORD "FP0605" Error "an interface word that nothing shows";
    MISSING_WORD "FP0606" Warning "an interface word that is missing";
    WRONG_WORD "FP0607" Error "an interface word that does not fit";
    UNKNOWN_SECTION "FP0701" Error "a section that is not there";
    SAME_ADDRESS "FP0702" Error "two outputs at one address";
    BAD_ALIAS "FP0703" Error "an alias that is no address";
    RESERVED_NAME "FP0704" Warning "a file name that some systems cannot hold";
    LEFT_OUT "FP0705" Warning "a file that is left out";
    UNPUBLISHABLE_NAME "FP0706" Error "a file name that cannot be published";
    NO_GIT_DATES "FP0707" Warning "dates that git does not give";
    NOT_A_PREVIEW "FP0708" Error "a picture that no preview shows";
    REPEATED_STEP "FP0801" Error "a track with one page twice";
    EMPTY_TRACK "FP0802" Warning "a track without a step";
    UNKNOWN_CITATION "FP0901" Error "a citation of nothing";
    DUPLICATE_ID "FP0902" Error "one id for two entries";
    ONE_SIDED_CONTEST "FP0903" Error "a contest told from one side";
    NEVER_CITED "FP0904" Warning "evidence that nothing cites";
    NOTHING_CITED "FP0905" Warning "an article without a source";
    STALE "FP1001" Warning "a page due for review";
    FAULT "FP1101" Error "a fault of Fingerpost";
}

/// The code with this id, in any case of letters.
#[must_use]
pub fn find(id: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(id))
}

/// A code as its id, for data that outlives the program.
pub(super) mod by_id {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    use super::{Code, find};

    pub(in super::super) fn serialize<S: Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(code.id)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static Code, D::Error> {
        let id = String::deserialize(deserializer)?;
        find(&id).ok_or_else(|| de::Error::custom("no such code"))
    }
}
