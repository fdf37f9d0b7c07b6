//! What is said of an author's text, however long that text is.

use crate::source::slice;

/// A quotation has at most so many characters: who wrote it knows it by its two ends.
const MAX_QUOTATION: usize = 120;

/// What is kept of the end of a longer one: of a path, the name of the file.
const TAIL: usize = 40;

/// What is said has at most so many characters, also where quotations cannot be told, since backticks stand in them.
pub(super) const MAX_SAID: usize = 1_000;

/// A message with its quotations, which stand between backticks, as far as they help.
pub(super) fn message(text: String) -> String {
    if text.len() <= MAX_QUOTATION {
        return text;
    }
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 1 { shortened(part, MAX_QUOTATION) } else { part.to_owned() });
    sentence(parts.collect::<Vec<_>>().join("`"))
}

/// A sentence as far as it helps. What is quoted in it may be there to be copied, and stays whole as long as it can.
pub(super) fn sentence(text: String) -> String {
    if text.len() <= MAX_SAID { text } else { shortened(&text, MAX_SAID) }
}

/// A text of at most `most` characters, with a sign for what was left out before its end.
fn shortened(text: &str, most: usize) -> String {
    let mut places = text.char_indices().map(|(at, _)| at);
    if places.clone().nth(most).is_none() {
        return text.to_owned();
    }
    let head = places.nth(most - TAIL - 1).unwrap_or(text.len());
    let tail = places.nth_back(TAIL - 1).unwrap_or(text.len());
    format!("{}…{}", slice(text, ..head), slice(text, tail..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_quotation_loses_its_middle() {
        let quoted = |text: &str| message(format!("no page named `{text}`, nor `x`"));
        let at_the_limit = "ü".repeat(MAX_QUOTATION);
        assert_eq!(quoted(&at_the_limit), format!("no page named `{at_the_limit}`, nor `x`"));
        let path = "ä".repeat(100_000) + "/the-name.md";
        let (head, tail) = ("ä".repeat(79), "ä".repeat(28));
        assert_eq!(quoted(&path), format!("no page named `{head}…{tail}/the-name.md`, nor `x`"));
    }

    #[test]
    fn what_is_said_has_an_end_whatever_is_quoted() {
        for part in ["`", "a`b", "ü", "` "] {
            let text = part.repeat(100_000);
            assert!(message(format!("no page named `{text}`")).chars().count() <= MAX_SAID);
            assert_eq!(sentence(text).chars().count(), MAX_SAID);
        }
    }
}
