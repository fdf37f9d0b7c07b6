//! Headings: what they say and the ids that links to them use.

use std::collections::HashMap;

use crate::source::Span;

/// A heading of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    /// 1 to 6.
    pub(crate) level: u8,
    /// Unique on its page.
    pub(crate) id: String,
    /// The words alone.
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// Gives out ids in GitHub's manner: `A heading`, `a-heading`; a second one is `a-heading-1`.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    given: HashMap<String, usize>,
}

impl Ids {
    /// An id for a heading that says `text`.
    pub(crate) fn of(&mut self, text: &str) -> String {
        let base = slug(text);
        let base = if base.is_empty() { "section".to_owned() } else { base };
        let mut id = base.clone();
        while self.given.contains_key(&id) {
            let count = self.given.get_mut(&base).expect("the base is taken, or the loop would not have begun");
            *count += 1;
            id = format!("{base}-{count}");
        }
        self.given.insert(id.clone(), 0);
        id
    }

    /// Takes an id that the author chose; false where it is taken already.
    pub(super) fn claim(&mut self, id: &str) -> bool {
        self.given.insert(id.to_owned(), 0).is_none()
    }
}

/// Letters and digits of any script in lower case, hyphens and underscores kept, spaces as hyphens, the rest dropped
/// (the rule of GitHub's `html-pipeline`, which editors and other tools follow).
pub(crate) fn slug(text: &str) -> String {
    let text = text.trim();
    let mut slug = String::with_capacity(text.len());
    slug.extend(text.chars().flat_map(char::to_lowercase).filter_map(|c| match c {
        ' ' | '\t' | '\n' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    }));
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(texts: &[&str], expected: &[&str]) {
        let mut ids = Ids::default();
        let given: Vec<String> = texts.iter().map(|text| ids.of(text)).collect();
        assert_eq!(given, expected);
    }

    #[test]
    fn ids_follow_githubs_rule() {
        check(&["What's new?", "Über `x`", "C++ & C#"], &["whats-new", "über-x", "c--c"]);
    }

    #[test]
    fn a_repeated_heading_gets_a_number_that_is_free() {
        check(&["A", "A", "A 1", "A"], &["a", "a-1", "a-1-1", "a-2"]);
        check(&["?", "!"], &["section", "section-1"]);
    }
}
