//! The text of a page with the marks of its language; code, addresses and raw HTML stay as they are.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::is_block;
use crate::source::slice;
use crate::typography::Typography;

/// The events of the Markdown in `source` with their texts set.
pub(super) fn typeset<'a>(
    typography: Typography,
    source: &'a str,
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
) -> impl Iterator<Item = (Event<'a>, Range<usize>)> {
    let mut typesetter = typography.typesetter();
    let mut is_text = true;
    events.map(move |(event, range)| {
        let Some(setter) = &mut typesetter else { return (event, range) };
        match &event {
            Event::Start(Tag::CodeBlock(_)) => is_text = false,
            Event::Start(Tag::Link { link_type, .. }) if is_name(*link_type) => is_text = false,
            Event::End(TagEnd::CodeBlock | TagEnd::Link) => is_text = true,
            Event::Start(tag) if is_block(tag.to_end()) => setter.begin(),
            Event::Text(words) if is_text => {
                // An escaped character is what it is; so is what an entity stands for.
                let escaped = slice(source, ..range.start).ends_with('\\').then(|| words.chars().next()).flatten();
                let (first, rest) = words.split_at(escaped.map_or(0, char::len_utf8));
                first.chars().for_each(|c| setter.pass(c));
                if slice(source, range.clone()) != words.as_ref() {
                    words.chars().next_back().into_iter().for_each(|c| setter.pass(c));
                } else if let Some(set) = setter.run(rest, slice(source, range.end..)) {
                    let set = if first.is_empty() { set } else { format!("{first}{set}") };
                    return (Event::Text(set.into()), range);
                }
            }
            // What is no text stands for a letter.
            Event::Text(_) | Event::Code(_) | Event::FootnoteReference(_) => setter.pass('x'),
            Event::SoftBreak | Event::HardBreak => setter.pass(' '),
            _ => {}
        }
        (event, range)
    })
}

/// Whether a link shows an address or a key.
fn is_name(link_type: LinkType) -> bool {
    matches!(link_type, LinkType::Autolink | LinkType::Email | LinkType::ShortcutUnknown)
}
