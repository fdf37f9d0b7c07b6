//! Characters that cannot be shown, written as they are or as a reference.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Findings, code};
use crate::source::{SourceId, Span, cannot_be_shown, slice};

/// Reports each of them in a text.
pub(super) fn written(source: SourceId, text: &str, findings: &mut Findings) {
    // Every control character beyond ASCII begins with 0xC2. All bytes are looked at, which is quicker than to stop.
    let may_begin_one = |byte| matches!(byte, 0..=8 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F | 0xC2);
    let has_some = text.bytes().fold(false, |found, byte| found | may_begin_one(byte))
        || ["\u{FFFE}", "\u{FFFF}"].iter().any(|noncharacter| text.contains(noncharacter));
    if has_some {
        let places = text.char_indices().filter(|&(_, c)| cannot_be_shown(c));
        findings.extend(places.map(|(at, c)| finding(Span::new(source, at..at + c.len_utf8()), c)));
    }
}

/// Reports the references to them (`&#27;`) among these bytes of a text in Markdown, of which `said` is what is shown.
pub(super) fn referred(source: SourceId, text: &str, bytes: Range<usize>, said: &str, findings: &mut Findings) {
    if !said.contains(cannot_be_shown) {
        return;
    }
    let part = slice(text, bytes.clone());
    let references = part.match_indices("&#").filter_map(|(at, _)| {
        let (number, _) = slice(part, at + 2..).split_once(';')?;
        let c = referred_by(number).filter(|&c| cannot_be_shown(c))?;
        let start = bytes.start + at;
        Some((start..start + number.len() + 3, c))
    });
    let mut found = references.peekable();
    if found.peek().is_none() && !part.contains(cannot_be_shown) {
        // It stands where the address and the title of the link are defined.
        findings
            .extend(said.chars().find(|&c| cannot_be_shown(c)).map(|c| finding(Span::new(source, bytes.clone()), c)));
    }
    findings.extend(found.map(|(bytes, c)| finding(Span::new(source, bytes), c)));
}

/// The character of a number in decimals, or after an `x` in hexadecimals (`CommonMark` 0.31, section 2.5).
fn referred_by(number: &str) -> Option<char> {
    let (digits, radix, most) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 6),
        None => (number, 10, 7),
    };
    let is_number = digits.len() <= most && digits.chars().all(|c| c.is_digit(radix));
    char::from_u32(u32::from_str_radix(digits, radix).ok().filter(|_| is_number)?)
}

fn finding(span: Span, c: char) -> Diagnostic {
    let what = if c.is_control() { "control character" } else { "noncharacter" };
    let message = format!("a {what} (U+{:04X}), which cannot be shown", u32::from(c));
    Diagnostic::new(&code::CONTROL_CHARACTER, span, message).help("take it out")
}
