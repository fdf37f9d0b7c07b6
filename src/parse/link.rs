//! Links and images as their authors wrote them.

use std::ops::Range;

use crate::source::{SourceId, Span, slice};

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkUse {
    /// The byte at which it begins; unique on its page, and how the renderer finds it again.
    pub(crate) at: usize,
    /// One past its last byte.
    pub(crate) end: usize,
    /// The destination alone, as far as it stands in the link; else the link.
    pub(crate) span: Span,
    pub(crate) form: LinkForm,
    /// The destination, decoded, as written: `../risks/burnout.md#signs`.
    pub(crate) target: String,
}

/// How a link is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkForm {
    /// `[text](target)` and its kin.
    Markdown,
    /// `![alt](target)`
    Image,
    /// `[[target]]`
    Wiki,
    /// `[@target]`
    Citation,
}

impl LinkUse {
    /// The place of `part` of the target, where the target stands in the link to the letter.
    pub(crate) fn exact(&self, part: &str) -> Option<Span> {
        let whole = self.span.range();
        let at = self.target.find(part).filter(|_| whole.len() == self.target.len())?;
        Some(Span::new(self.span.source, whole.start + at..whole.start + at + part.len()))
    }

    /// The place of `part` of the target, or of the whole link.
    pub(crate) fn place(&self, part: &str) -> Span {
        self.exact(part).unwrap_or(self.span)
    }
}

/// Where the destination of the link at `range` stands, for messages.
pub(super) fn target_span(source: SourceId, text: &str, range: &Range<usize>, form: LinkForm, target: &str) -> Span {
    let written = slice(text, range.clone());
    let found = match form {
        LinkForm::Wiki | LinkForm::Citation => written.find(target),
        LinkForm::Markdown | LinkForm::Image => written.rfind(target),
    };
    match found {
        Some(at) if !target.is_empty() => {
            let start = range.start + at;
            Span::new(source, start..start + target.len())
        }
        _ => Span::new(source, range.clone()),
    }
}

/// Whether a browser may follow this destination: relative, or of a scheme that cannot run anything.
///
/// Browsers drop tabs, line ends and leading control characters before they look for a scheme (WHATWG URL, section
/// 4.4), so we do too; entities are decoded by the Markdown parser.
pub(crate) fn scheme_allowed(target: &str) -> bool {
    if !target.contains(':') {
        return true;
    }
    let text: String = target.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let Some((scheme, _)) = text.split_once(':') else { return true };
    // A colon behind a slash, a question mark or a hash belongs to a path, a query or a fragment.
    if scheme.contains(['/', '?', '#']) {
        return true;
    }
    matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "mailto" | "tel")
}

#[cfg(test)]
mod tests {
    use super::scheme_allowed;

    #[test]
    fn only_harmless_schemes_pass() {
        for target in ["a/b.md", "https://e.x", "MAILTO:a@b", "tel:+1", "#a:b", "/a:b", "?q=a:b", "../x.md#y", ""] {
            assert!(scheme_allowed(target), "{target}");
        }
        for target in [
            "javascript:x",
            "JaVaScRiPt:x",
            "java\tscript:x",
            "\u{1}javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc",
        ] {
            assert!(!scheme_allowed(target), "{target}");
        }
    }
}
