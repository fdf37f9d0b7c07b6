//! Assets that could run code in a reader's browser (FP0205).

use crate::check::Subject;
use crate::config::HtmlPolicy;
use crate::diagnostic::{Diagnostic, code};
use crate::source::{SourceId, Span};

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    if subject.site.config.html == HtmlPolicy::Allow {
        return;
    }
    for &id in subject.site.assets.keys() {
        let file = subject.inputs.get(id);
        let extension = file.path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let finding = match extension.as_str() {
            "html" | "htm" | "xhtml" | "xht" | "shtml" => {
                Some((Span::file(id), "an HTML file can run scripts".to_owned()))
            }
            "svg" => active_svg(id, &file.text),
            _ => None,
        };
        if let Some((span, message)) = finding {
            let help = "take that part away, keep the file out of content/, or set `html: allow` in site.yaml";
            findings.push(Diagnostic::new(&code::ACTIVE_ASSET, span, message).help(help));
        }
    }
}

/// What makes an SVG more than a picture: scripts, event handlers, embedded HTML, links out of the file.
fn active_svg(id: SourceId, text: &str) -> Option<(Span, String)> {
    let lower = text.to_ascii_lowercase();
    let at = |start: usize, length: usize| Span::new(id, start..start + length);
    for element in ["<script", "<foreignobject", "<iframe", "<embed", "<object", "<!entity", "<handler", "<xsl:"] {
        if let Some(start) = lower.find(element) {
            return Some((at(start, element.len()), format!("an SVG with `{element}>` is more than a picture")));
        }
    }
    attributes(&lower).find_map(|(start, name, value)| {
        let value: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let handler = name.starts_with("on") && name.len() > 2;
        let link = matches!(name, "href" | "xlink:href" | "src");
        let inside = value.starts_with('#') || value.starts_with("data:image/");
        if handler {
            return Some((
                at(start, name.len()),
                format!("an SVG with the event handler `{name}` is more than a picture"),
            ));
        }
        // The text is not XML-decoded, so a value with an entity may hide anything.
        (link && (!inside || value.contains('&')))
            .then(|| (at(start, name.len()), "an SVG that links elsewhere is more than a picture".to_owned()))
    })
}

/// Everything of the form `name="value"` or `name='value'`, with the byte at which it begins.
fn attributes(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    text.match_indices('=').filter_map(|(equals, _)| {
        let before = text[..equals].trim_end();
        let start = before.rfind(|c: char| c.is_whitespace() || "\"'<>/".contains(c)).map_or(0, |i| i + 1);
        let after = text[equals + 1..].trim_start();
        let value = match after.chars().next()? {
            quote @ ('"' | '\'') => after[1..].split(quote).next()?,
            _ => after.split(|c: char| c.is_whitespace() || c == '>').next()?,
        };
        Some((start, &before[start..], value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Inputs, Source, SourceKind};

    #[track_caller]
    fn check(svg: &str, expected: Option<&str>) {
        let mut inputs = Inputs::default();
        let id = inputs.add(Source { path: "a.svg".into(), text: svg.into(), kind: SourceKind::Asset });
        let found = active_svg(id, svg).map(|(span, _)| svg[span.range()].to_owned());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_picture_is_a_picture() {
        check("<svg xmlns=\"http://www.w3.org/2000/svg\"><use href=\"#a\"/><path d='M0 0'/></svg>", None);
    }

    #[test]
    fn whatever_acts_is_found() {
        check("<svg><SCRIPT>x</SCRIPT></svg>", Some("<SCRIPT"));
        check("<svg onload = 'x'>", Some("onload"));
        check("<svg><a xlink:href=\"java\nscript:x\">", Some("xlink:href"));
        check("<svg><image href='https://e.x/i.png'/>", Some("href"));
        check("<svg><foreignObject/></svg>", Some("<foreignObject"));
    }
}
