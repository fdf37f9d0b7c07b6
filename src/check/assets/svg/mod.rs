//! Whether an SVG is a picture and nothing more: the text of one in, the first thing in it that is more than a picture
//! out, with its place.
//!
//! A browser opens an SVG as a document, so it is read as one: by an XML parser, with its namespaces, against lists of
//! what pictures are made of ([`names`]). Everything that is not listed is refused, and so is XML that is not well-formed,
//! since browsers run what stands before a mistake. What the file loads must be in the file. Elements in the namespaces
//! of drawing programs pass: to a browser they mean nothing.
//!
//! Time is linear in the text, whatever it holds. Prefixes are looked up in a map of our own, as the parser's own way
//! goes through all declarations for each name, and a file may hold a hundred thousand of both.

mod css;
mod names;
mod spaces;
mod xml;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use quick_xml::errors::Error;
use quick_xml::escape::unescape;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use crate::source::{floor_char_boundary, slice};

use css::Outward;
use spaces::{Space, Spaces};
use xml::WHITE_SPACE;

/// Something in an SVG that is more than a picture.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rejection {
    /// Its bytes.
    pub(super) at: Range<usize>,
    pub(super) message: String,
    /// A way out that is better than the usual one.
    pub(super) help: Option<&'static str>,
}

impl Rejection {
    fn new(at: Range<usize>, what: impl fmt::Display) -> Self {
        Self { at, message: format!("an SVG with {what} is more than a picture"), help: None }
    }

    fn elsewhere(at: Range<usize>) -> Self {
        Self { at, message: "an SVG that links elsewhere is more than a picture".to_owned(), help: None }
    }
}

type Checked = Result<(), Rejection>;

const FOREIGN_OBJECT_HELP: &str = "in draw.io, take \"Formatted text\" away; in Mermaid, set `htmlLabels: false`; else \
                                   save it as PNG";

const ILL_FORMED_HELP: &str = "export it again, or mend that place";

const ENTITY_HELP: &str = "save it as plain SVG, without what only the drawing program needs";

/// Reads an SVG up to the first thing that is more than a picture.
pub(super) fn inspect(text: &str) -> Checked {
    if let Some(at) = text.find(is_forbidden) {
        let message = "an SVG with a control character is not well-formed XML".to_owned();
        return Err(Rejection { at: char_at(text, at), message, help: None });
    }
    if text.starts_with('\u{FEFF}') {
        return Err(ill_formed(text, 0, "a second mark of its encoding"));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut inspector = Inspector {
        text,
        spaces: Spaces::default(),
        open: Vec::new(),
        seen_type: false,
        seen_root: false,
        style: None,
    };
    let mut start = 0;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = position(reader.error_position());
                return Err(match error {
                    Error::IllFormed(why) => ill_formed(text, at, why),
                    Error::Syntax(why) => ill_formed(text, at, why),
                    other => ill_formed(text, at, other),
                });
            }
        };
        let end = position(reader.buffer_position());
        if matches!(event, Event::Eof) {
            return inspector.end_of_file();
        }
        inspector.event(&event, start..end)?;
        start = end;
    }
}

fn position(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// Characters that XML does not have.
fn is_forbidden(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// The bytes of the character in which the byte `at` lies, or none at the end.
fn char_at(text: &str, at: usize) -> Range<usize> {
    let start = floor_char_boundary(text, at);
    let length = slice(text, start..).chars().next().map_or(0, char::len_utf8);
    start..start + length
}

fn ill_formed(text: &str, at: usize, why: impl fmt::Display) -> Rejection {
    Rejection {
        at: char_at(text, at),
        message: format!("an SVG must be well-formed XML: {why}"),
        help: Some(ILL_FORMED_HELP),
    }
}

/// An attribute as it is written, the place of its name, and its value, decoded.
struct Written<'a, 'e> {
    name: &'a str,
    at: Range<usize>,
    value: Cow<'e, str>,
}

struct Inspector<'a> {
    text: &'a str,
    spaces: Spaces<'a>,
    /// Of each element that is open, what it is.
    open: Vec<Space>,
    seen_type: bool,
    seen_root: bool,
    /// The style sheet that is open: where it begins, how many elements are open in it, and what it says.
    style: Option<(Range<usize>, usize, String)>,
}

impl<'a> Inspector<'a> {
    fn event(&mut self, event: &Event<'_>, at: Range<usize>) -> Checked {
        match event {
            Event::Start(start) => self.start(start, &at),
            Event::Empty(start) => {
                self.start(start, &at)?;
                self.end(&at)
            }
            Event::End(_) => self.end(&at),
            Event::Text(text) => match text.find("]]>") {
                Some(end) => Err(ill_formed(self.text, at.start + end, "`]]>` in a text is written `]]&gt;`")),
                None => self.characters(text, &at),
            },
            Event::CData(_) | Event::GeneralRef(_) if self.open.is_empty() => Err(self.outside(&at)),
            Event::CData(text) => self.characters(text, &at),
            Event::GeneralRef(name) => {
                let c = Self::character(name, &at)?;
                self.characters(c.encode_utf8(&mut [0; 4]), &at)
            }
            Event::Comment(_) | Event::Eof => Ok(()),
            Event::Decl(declaration) => self.declaration(declaration, at),
            // To browsers `xml-stylesheet` alone means something; these are what drawing programs write.
            Event::PI(instruction) if names::is_instruction(instruction.target()) => Ok(()),
            Event::PI(_) => Err(Rejection::new(at, "a processing instruction")),
            Event::DocType(_) => self.doctype(at),
        }
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>`, at the very beginning: in another encoding a browser reads other letters
    /// than were read here.
    fn declaration(&self, declaration: &BytesDecl<'_>, at: Range<usize>) -> Checked {
        if at.start != 0 {
            return Err(ill_formed(self.text, at.start, "its declaration stands at the very beginning"));
        }
        let wrong = |why: String| ill_formed(self.text, at.start, why);
        let said = BytesStart::from_content(&**declaration, "xml".len());
        let mut names = ["version", "encoding", "standalone"].iter();
        let mut has_version = false;
        for attribute in &mut said.attributes() {
            let Attribute { key, value } = attribute.map_err(|error| wrong(error.to_string()))?;
            if self.place_of(key.0).is_none_or(|(_, name)| !self.is_apart(&name)) {
                return Err(wrong(format!("a space is missing before `{}`", key.0)));
            }
            has_version |= key.0 == "version";
            match (key.0, &*value) {
                // Each once, and in this order.
                (name, _) if !names.any(|known| *known == name) => {
                    return Err(wrong(format!("its declaration does not say `{name}` here")));
                }
                ("version", version) if version != "1.0" => return Err(wrong("its version is 1.0".to_owned())),
                ("encoding", encoding) if !self.is_read_alike(encoding) => {
                    let message = format!("an SVG in the encoding `{encoding}` may hold what is not seen here");
                    return Err(Rejection { at, message, help: Some("save it as UTF-8") });
                }
                ("standalone", said) if !matches!(said, "yes" | "no") => {
                    return Err(wrong("`standalone` is `yes` or `no`".to_owned()));
                }
                _ => {}
            }
        }
        if has_version { Ok(()) } else { Err(wrong("its declaration says no version".to_owned())) }
    }

    /// Whether the text is the same to who reads it in this encoding.
    fn is_read_alike(&self, encoding: &str) -> bool {
        let is = |name: &str| encoding.eq_ignore_ascii_case(name);
        is("utf-8") || (is("us-ascii") && self.text.is_ascii())
    }

    /// A document type may be named, not written.
    fn doctype(&mut self, at: Range<usize>) -> Checked {
        let written = self.text.get(at.clone()).unwrap_or_default();
        let inside = written.strip_prefix("<!DOCTYPE").and_then(|rest| rest.strip_suffix('>'));
        if inside.is_none_or(|inside| inside.contains(['[', ']', '<', '>', '&'])) || self.seen_root {
            let rejection = Rejection::new(at, "a document type of its own");
            return Err(Rejection { help: Some(ENTITY_HELP), ..rejection });
        }
        if !inside.is_some_and(xml::is_document_type) || std::mem::replace(&mut self.seen_type, true) {
            return Err(ill_formed(self.text, at.start, "its type is named once, as in `<!DOCTYPE svg>`"));
        }
        Ok(())
    }

    /// The character that `&amp;` or `&#38;` stands for.
    fn character(name: &BytesRef<'_>, at: &Range<usize>) -> Result<char, Rejection> {
        let known = match name.resolve_char_ref() {
            Ok(Some(c)) => (!is_forbidden(c)).then_some(c),
            Ok(None) => match &**name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                _ => None,
            },
            Err(_) => None,
        };
        known.ok_or_else(|| Rejection {
            at: at.clone(),
            message: format!("an SVG must be well-formed XML: nothing says what `&{};` is", &**name),
            help: Some(ENTITY_HELP),
        })
    }

    fn characters(&mut self, text: &str, at: &Range<usize>) -> Checked {
        if let Some((_, _, style)) = &mut self.style {
            style.push_str(text);
        }
        if self.open.is_empty() && !text.trim_matches(WHITE_SPACE).is_empty() {
            return Err(self.outside(at));
        }
        Ok(())
    }

    fn outside(&self, at: &Range<usize>) -> Rejection {
        ill_formed(self.text, at.start, "text stands outside its element")
    }

    /// Whether white space stands before a name of an attribute.
    fn is_apart(&self, name: &Range<usize>) -> bool {
        slice(self.text, ..name.start).ends_with(WHITE_SPACE)
    }

    fn end_of_file(&self) -> Checked {
        if self.seen_root && self.open.is_empty() {
            return Ok(());
        }
        let why = if self.seen_root { "an element is not closed" } else { "it has no element" };
        Err(ill_formed(self.text, self.text.len(), why))
    }

    fn start(&mut self, element: &BytesStart<'_>, at: &Range<usize>) -> Checked {
        if self.open.is_empty() && self.seen_root {
            return Err(ill_formed(self.text, at.start, "a second element stands beside the first"));
        }
        let attributes = self.attributes(element, at)?;
        for Written { name, value, .. } in &attributes {
            let prefix = if *name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") };
            match prefix {
                Some("xml" | "xmlns") => return Err(ill_formed(self.text, at.start, format!("`{name}` is taken"))),
                Some(_) if spaces::is_taken(value) => {
                    return Err(ill_formed(self.text, at.start, format!("`{value}` is taken")));
                }
                Some(prefix) if *name != "xmlns" && (value.is_empty() || !xml::is_name(prefix)) => {
                    return Err(ill_formed(self.text, at.start, format!("`{name}` names no namespace")));
                }
                Some(prefix) => self.spaces.declare(prefix, self.open.len(), value),
                None => {}
            }
        }
        self.repeated(&attributes, at)?;
        let name = element.name();
        let name = name.as_ref();
        let name_at = at.start..(at.start + 1 + name.len()).min(at.end);
        // A colon stands between two names (Namespaces in XML 1.0, section 4).
        let (space, local) =
            self.qualified(name, at.start)?.unwrap_or((self.spaces.of("").unwrap_or(Space::Svg), name));
        if !xml::is_name(local) {
            return Err(ill_formed(self.text, at.start, format!("`{name}` is no name")));
        }
        self.element(space, local, name, &name_at)?;
        for attribute in &attributes {
            self.attribute(space, attribute)?;
        }
        self.seen_root = true;
        if (space, local) == (Space::Svg, "style") {
            self.style = Some((name_at, self.open.len(), String::new()));
        }
        self.open.push(space);
        Ok(())
    }

    /// Two prefixes of one namespace may not hide that an attribute is given twice.
    fn repeated(&self, attributes: &[Written<'_, '_>], at: &Range<usize>) -> Checked {
        let prefixed = attributes.iter().filter_map(|attribute| attribute.name.split_once(':'));
        let numbered = prefixed.filter_map(|(prefix, local)| Some((self.spaces.number(prefix)?, local)));
        let mut names: Vec<(usize, &str)> = numbered.collect();
        names.sort_unstable();
        match names.iter().zip(names.iter().skip(1)).find(|(name, next)| name == next) {
            Some(((_, local), _)) => Err(ill_formed(self.text, at.start, format!("`{local}` is given twice"))),
            None => Ok(()),
        }
    }

    /// The namespace of a name with a prefix, and the name without it (Namespaces in XML 1.0, section 4); none where it
    /// has no prefix.
    fn qualified<'n>(&self, name: &'n str, at: usize) -> Result<Option<(Space, &'n str)>, Rejection> {
        let Some((prefix, local)) = name.split_once(':') else { return Ok(None) };
        if prefix.is_empty() || local.is_empty() || local.contains(':') {
            return Err(ill_formed(self.text, at, format!("`{name}` is no name")));
        }
        let undeclared = || ill_formed(self.text, at, format!("nothing says what the prefix of `{name}` is"));
        Ok(Some((self.spaces.of(prefix).ok_or_else(undeclared)?, local)))
    }

    /// Looks at an element by its name alone.
    fn element(&self, space: Space, local: &str, name: &str, at: &Range<usize>) -> Checked {
        let refuse = |what: fmt::Arguments<'_>| Err(Rejection::new(at.clone(), what));
        if self.open.is_empty() && (space, local) != (Space::Svg, "svg") {
            return refuse(format_args!("`<{name}>` around it"));
        }
        if self.style.is_some() {
            return refuse(format_args!("`<{name}>` in its style sheet"));
        }
        match space {
            Space::Inert => Ok(()),
            Space::Svg if names::is_element(local) => Ok(()),
            Space::Svg if local == "foreignObject" => {
                let rejection = Rejection::new(at.clone(), "`<foreignObject>`");
                Err(Rejection { help: Some(FOREIGN_OBJECT_HELP), ..rejection })
            }
            Space::Svg => refuse(format_args!("`<{name}>`")),
            Space::Xlink | Space::Xml | Space::Active => refuse(format_args!("`<{name}>`, which is no part of SVG,")),
        }
    }

    /// The attributes of an element.
    fn attributes<'e>(
        &self,
        element: &'e BytesStart<'_>,
        element_at: &Range<usize>,
    ) -> Result<Vec<Written<'a, 'e>>, Rejection> {
        let mut attributes = Vec::new();
        // Whether one is given twice is seen below, in less time than the parser needs.
        for attribute in element.attributes().with_checks(false) {
            let Attribute { key, value } = attribute.map_err(|error| ill_formed(self.text, element_at.start, error))?;
            let (name, at) = self
                .place_of(key.0)
                .ok_or_else(|| ill_formed(self.text, element_at.start, "an attribute has no name"))?;
            let wrong = |why: String| ill_formed(self.text, at.start, why);
            if !self.is_apart(&at) {
                return Err(wrong(format!("a space is missing before `{name}`")));
            }
            if value.contains('<') {
                return Err(wrong(format!("`<` in the value of `{name}` is written `&lt;`")));
            }
            let value = match value {
                Cow::Borrowed(value) => unescape(value),
                Cow::Owned(value) => unescape(&value).map(|value| Cow::Owned(value.into_owned())),
            };
            let value = value.map_err(|error| wrong(error.to_string()))?;
            if value.contains(is_forbidden) {
                return Err(wrong(format!("a control character in the value of `{name}`")));
            }
            attributes.push(Written { name, at, value });
        }
        let mut names: Vec<&str> = attributes.iter().map(|attribute| attribute.name).collect();
        names.sort_unstable();
        match names.iter().zip(names.iter().skip(1)).find(|(name, next)| name == next) {
            Some((name, _)) => Err(ill_formed(self.text, element_at.start, format!("`{name}` is given twice"))),
            None => Ok(attributes),
        }
    }

    /// The part of the text that the parser handed out, and its bytes.
    fn place_of(&self, part: &str) -> Option<(&'a str, Range<usize>)> {
        let start = part.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        let at = start..start + part.len();
        self.text.get(at.clone()).filter(|found| *found == part).map(|found| (found, at))
    }

    /// Looks at an attribute of an element in this namespace.
    fn attribute(&self, of: Space, attribute: &Written<'_, '_>) -> Checked {
        let Written { name, at, value } = attribute;
        if *name == "xmlns" || name.starts_with("xmlns:") {
            return Ok(());
        }
        // Without a prefix it is of no namespace, and means what SVG says.
        let (space, local) = self.qualified(name, at.start)?.unwrap_or((Space::Svg, *name));
        if !xml::is_name(local) {
            return Err(ill_formed(self.text, at.start, format!("`{name}` is no name")));
        }
        let refuse = |what: fmt::Arguments<'_>| Err(Rejection::new(at.clone(), what));
        match (space, local) {
            // Of another namespace they mean nothing, but to those who do not look at namespaces.
            (Space::Svg | Space::Inert, _)
                if (space == Space::Svg || of == Space::Svg)
                    && local.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) =>
            {
                refuse(format_args!("the event handler `{name}`"))
            }
            (Space::Inert, "href") if of == Space::Svg && !names::is_inside(value) => {
                Err(Rejection::elsewhere(at.clone()))
            }
            (Space::Inert, _)
            | (Space::Xml, "space" | "lang" | "id")
            | (Space::Xlink, "type" | "role" | "arcrole" | "title" | "show" | "actuate") => Ok(()),
            (Space::Svg, _) if of == Space::Inert => Ok(()),
            (Space::Svg | Space::Xlink, "href") => {
                if names::is_inside(value) {
                    Ok(())
                } else {
                    Err(Rejection::elsewhere(at.clone()))
                }
            }
            (Space::Svg, "attributeName") if !names::may_change(value) => {
                refuse(format_args!("an animation of `{value}`"))
            }
            (Space::Svg, _) if names::is_text_attribute(local) => Ok(()),
            (Space::Svg, _) if names::is_attribute(local) => match css::outward(value) {
                Some(Outward::Link) => Err(Rejection::elsewhere(at.clone())),
                Some(Outward::Code(found)) => refuse(format_args!("`{found}` in `{name}`")),
                None => Ok(()),
            },
            (Space::Svg | Space::Xml | Space::Xlink | Space::Active, _) => {
                refuse(format_args!("the attribute `{name}`"))
            }
        }
    }

    fn end(&mut self, at: &Range<usize>) -> Checked {
        if self.open.pop().is_none() {
            return Err(ill_formed(self.text, at.start, "an element is closed that is not open"));
        }
        self.spaces.close(self.open.len());
        let Some((start, _, style)) = self.style.take_if(|(_, depth, _)| *depth == self.open.len()) else {
            return Ok(());
        };
        let (word, rejection): (_, fn(_, &str) -> Rejection) = match css::outward(&style) {
            None => return Ok(()),
            Some(Outward::Link) => ("url(", |at, _| Rejection::elsewhere(at)),
            Some(Outward::Code(word)) => {
                (word, |at, word| Rejection::new(at, format_args!("`{word}` in its style sheet")))
            }
        };
        // To the letter where it stands so, else the style sheet.
        let written = self.text.get(start.start..at.start).unwrap_or_default().to_ascii_lowercase();
        let found = written.find(word).map(|found| start.start + found);
        Err(rejection(found.map_or(start, |found| found..found + word.len()), word))
    }
}

#[cfg(test)]
mod tests;
