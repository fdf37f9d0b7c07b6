//! What XML asks for and the parser does not look at.

/// White space (XML 1.0, section 2.3), which is less than Unicode's.
pub(super) const WHITE_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Whether a name can be the part of another before or after its colon (Namespaces in XML 1.0, section 4).
pub(super) fn is_name(name: &str) -> bool {
    let is_inside =
        |c| may_begin(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '‿' | '⁀');
    name.starts_with(may_begin) && name.chars().all(is_inside)
}

/// Whether a name may begin so, to browsers of the fourth edition and of the fifth (XML 1.0, section 2.3): the letters
/// alone of what the fifth allows.
#[rustfmt::skip]
fn may_begin(c: char) -> bool {
    (c == '_' || c.is_alphabetic()) && matches!(
        c,
        'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
            | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
            | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}'
    )
}

/// Whether this can stand between `<!DOCTYPE` and `>`: a name, and where its definition lies (section 2.8).
pub(super) fn is_document_type(inside: &str) -> bool {
    let type_of = || {
        let rest = after_white_space(inside)?;
        let (name, rest) = rest.split_at(rest.find(WHITE_SPACE).unwrap_or(rest.len()));
        let (prefix, local) = name.split_once(':').unwrap_or(("x", name));
        let rest = match rest.trim_start_matches(WHITE_SPACE) {
            "" => "",
            rest => match rest.strip_prefix("PUBLIC") {
                Some(rest) => after_literal(after_literal(rest, is_in_public_id)?, |_| true)?,
                None => after_literal(rest.strip_prefix("SYSTEM")?, |_| true)?,
            },
        };
        (is_name(prefix) && is_name(local) && rest.trim_start_matches(WHITE_SPACE).is_empty()).then_some(())
    };
    type_of().is_some()
}

fn after_white_space(text: &str) -> Option<&str> {
    Some(text.trim_start_matches(WHITE_SPACE)).filter(|rest| rest.len() < text.len())
}

/// What follows white space and a text between quotes.
fn after_literal(text: &str, may_hold: fn(char) -> bool) -> Option<&str> {
    let text = after_white_space(text)?;
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (literal, rest) = text.strip_prefix(quote)?.split_once(quote)?;
    literal.chars().all(may_hold).then_some(rest)
}

fn is_in_public_id(c: char) -> bool {
    matches!(c, ' ' | '\r' | '\n') || c.is_ascii_alphanumeric() || "-'()+,./:=?;!*#@$_%".contains(c)
}
