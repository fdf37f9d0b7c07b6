//! Whether an SVG is a picture, as another reader of XML sees it: by its namespaces and against lists of what is
//! dangerous, where the program has lists of what is harmless.

use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Elements that run something or hold a document, in whatever letters.
const RUNNING: [&str; 14] = [
    "script",
    "foreignobject",
    "handler",
    "listener",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "canvas",
    "html",
    "body",
    "link",
    "meta",
];

/// Holds that nothing in it runs, reaches out of the file, or is of another language of the web. It may link to `site`.
pub fn check_picture(text: &str, site: Option<&str>) {
    let mut reader = NsReader::from_str(text);
    let mut style = None;
    loop {
        let (space, event) = reader.read_resolved_event().unwrap_or_else(|error| panic!("no XML: {error} in {text}"));
        let in_svg = match space {
            ResolveResult::Bound(space) => {
                let known = [
                    "http://www.w3.org/1999/xhtml",
                    "http://www.w3.org/1998/Math",
                    "http://www.w3.org/2001/xml-events",
                ];
                assert!(!known.iter().any(|part| space.0.starts_with(part)), "an element of {} in {text}", space.0);
                space.0 == SVG
            }
            ResolveResult::Unbound => true,
            ResolveResult::Unknown(prefix) => panic!("nobody declares {prefix:?} in {text}"),
        };
        let is_open = matches!(event, Event::Start(_));
        match event {
            Event::Start(element) | Event::Empty(element) => {
                let name = element.local_name().as_ref().to_owned();
                assert!(style.is_none(), "<{name}> in a style sheet in {text}");
                let running = RUNNING.contains(&name.to_ascii_lowercase().as_str());
                assert!(!(running && in_svg), "<{name}> in {text}");
                for attribute in element.attributes() {
                    let attribute = attribute.unwrap_or_else(|error| panic!("no XML: {error} in {text}"));
                    let value = quick_xml::escape::unescape(&attribute.value).map(String::from);
                    let value = value.unwrap_or_else(|error| panic!("no XML: {error} in {text}"));
                    if in_svg {
                        let leads_home = name == "a" && site.is_some_and(|site| value.starts_with(site));
                        if !(leads_home && attribute.key.as_ref() == "href") {
                            check_attribute(attribute.key.as_ref(), &value, text);
                        }
                    }
                }
                if in_svg && name == "style" && is_open {
                    style = Some(String::new());
                }
            }
            Event::End(_) => {
                if let Some(style) = style.take() {
                    check_style(&style, text);
                }
            }
            Event::Text(part) => {
                if let Some(style) = &mut style {
                    style.push_str(part.as_ref());
                }
            }
            Event::CData(part) => {
                if let Some(style) = &mut style {
                    style.push_str(part.as_ref());
                }
            }
            // As dangerous as anything could be that stands for a letter.
            Event::GeneralRef(part) => {
                let known = ["lt", "gt", "amp", "quot", "apos"].contains(&part.as_ref()) || part.starts_with('#');
                assert!(known, "an entity in {text}");
                if let Some(style) = &mut style {
                    let part = format!("&{};", part.as_ref() as &str);
                    style.push_str(&quick_xml::escape::unescape(&part).expect("an entity of XML's own"));
                }
            }
            Event::DocType(kind) => assert!(!kind.contains("<!"), "declarations in {text}"),
            Event::PI(instruction) => {
                assert!(!instruction.starts_with("xml-stylesheet"), "a style sheet from outside in {text}");
            }
            Event::Decl(_) | Event::Comment(_) => {}
            Event::Eof => return,
        }
    }
}

fn check_attribute(name: &str, value: &str, text: &str) {
    let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    assert!(!local.starts_with("on"), "{name}={value:?} in {text}");
    assert!(name != "xml:base", "{name}={value:?} in {text}");
    let plain = value.trim_start_matches(|c| c <= ' ').to_ascii_lowercase();
    match local.as_str() {
        "href" | "src" => {
            let inside = plain.is_empty() || plain.starts_with('#') || is_bitmap(&plain);
            assert!(inside, "{name}={value:?} in {text}");
        }
        "attributename" => {
            let target = plain.rsplit(':').next().unwrap_or(&plain).trim();
            assert!(!target.starts_with("on") && !["href", "src", "style"].contains(&target), "{name}={value:?}");
        }
        // What nothing but readers and programs look at.
        "class" | "id" | "d" | "points" | "title" | "content" | "name" | "lang" | "role" | "path" | "codeline" => {}
        _ if local.starts_with("data-") || local.starts_with("aria-") || name.starts_with("xmlns") => {}
        _ => check_style(value, text),
    }
}

fn is_bitmap(url: &str) -> bool {
    ["png", "jpeg", "jpg", "gif", "webp", "avif"].iter().any(|kind| url.starts_with(&format!("data:image/{kind}")))
}

fn check_style(style: &str, text: &str) {
    let plain = without_escapes(style).to_ascii_lowercase();
    for word in ["@import", "expression(", "javascript:", "-moz-binding", "image-set("] {
        assert!(!plain.contains(word), "{word} in the style {style:?} in {text}");
    }
    for (at, word) in plain.match_indices("url(") {
        let target = plain[at + word.len()..].trim_start_matches(|c: char| c.is_whitespace() || "'\"".contains(c));
        let font = target.starts_with("data:font/") || target.starts_with("data:application/");
        let inside = target.is_empty() || target.starts_with(['#', ')']) || is_bitmap(target) || font;
        assert!(inside, "the style {style:?} loads something in {text}");
    }
}

/// Escapes of CSS, read the simple way.
fn without_escapes(css: &str) -> String {
    let mut plain = String::new();
    let mut rest = css;
    while let Some((before, behind)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = behind.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let code = u32::from_str_radix(&behind[..digits], 16).ok();
        plain.extend(code.map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)));
        rest = &behind[digits..];
        if digits > 0 {
            rest = rest
                .strip_prefix("\r\n")
                .or_else(|| rest.strip_prefix([' ', '\t', '\n', '\r', '\u{c}']))
                .unwrap_or(rest);
        } else {
            rest = rest.strip_prefix(['\n', '\r', '\u{c}']).unwrap_or(rest);
        }
    }
    plain + rest
}
