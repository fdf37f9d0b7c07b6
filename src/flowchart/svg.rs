//! A drawing as SVG: inside a page, where the theme colours it, or as a file that brings its own colours.
//!
//! The parts are SVG 1.1 text, rectangles and paths, since `foreignObject` prints badly and markers need ids, which
//! could collide on a page. Letters are never scaled: width and height in pixels are those of the view box. Nodes are
//! links with a full name, in reading order; lines and labels are hidden from screen readers, which find the same in
//! the outline beside the chart. Nothing but shape and word is needed to tell question, outcome and verdict apart.
//!
//! What the theme can style: `.chart`; `.node` with `data-kind` and `data-verdict`; `.verdict` and `.word`, an
//! outcome's icon and word; `.edge`, `.edge.unsure` and `.tip`; `.label`.

use std::fmt::Write as _;

use super::drawing::{Drawing, EdgePath, TextBox};
use super::graph::{Edge, Graph, Kind, Node, Verdict, Words};
use super::measure::{LABEL, TITLE};
use super::metrics::{
    ARROWHEAD_HALF_WIDTH, ARROWHEAD_LENGTH, BEND_RADIUS, BOX_PADDING_Y, CORNER_RADIUS, ICON_GAP, ICON_SIZE,
    LABEL_PADDING_Y,
};

/// The chart as an element of a page, without style of its own.
pub(crate) fn svg(graph: &Graph, drawing: &Drawing, title: &str) -> String {
    draw(graph, drawing, title, "")
}

/// The chart as a file, with colours for light and dark. Links go where `Node::url` says, so give absolute ones.
pub(crate) fn standalone(graph: &Graph, drawing: &Drawing, title: &str) -> String {
    let head = format!("<title>{}</title>\n<style>{}</style>\n", escape(title), include_str!("standalone.css"));
    draw(graph, drawing, title, &head)
}

fn draw(graph: &Graph, drawing: &Drawing, title: &str, head: &str) -> String {
    let Drawing { width, height, .. } = drawing;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"group\" aria-label=\"{}\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-size=\"{}\" text-anchor=\"middle\">\n{head}",
        escape(title),
        LABEL.size,
    );
    out.push_str("<g aria-hidden=\"true\">\n<g fill=\"none\" stroke=\"currentColor\">\n");
    for (edge, path) in graph.edges.iter().zip(&drawing.edges) {
        line(&mut out, graph, edge, path);
    }
    out.push_str("</g>\n");
    for (edge, path) in graph.edges.iter().zip(&drawing.edges) {
        arrowhead(&mut out, edge, path);
    }
    for (edge, path) in graph.edges.iter().zip(&drawing.edges) {
        label(&mut out, edge, &path.label);
    }
    out.push_str("</g>\n");
    for &index in &drawing.reading_order {
        node(&mut out, &graph.nodes[index], &graph.words, &drawing.nodes[index]);
    }
    out.push_str("</svg>\n");
    out
}

fn line(out: &mut String, graph: &Graph, edge: &Edge, path: &EdgePath) {
    let (class, dashes) = if edge.unsure { ("edge unsure", " stroke-dasharray=\"5 4\"") } else { ("edge", "") };
    put(
        out,
        format_args!(
            "<path class=\"{class}\"{dashes} data-edge=\"{}\" data-from=\"{}\" data-to=\"{}\" d=\"{}\"/>\n",
            escape(&edge.id),
            escape(&graph.nodes[edge.from].id),
            escape(&graph.nodes[edge.to].id),
            rounded(path),
        ),
    );
}

/// Path data with rounded bends, ending inside the arrowhead.
fn rounded(path: &EdgePath) -> String {
    let mut points = path.points.clone();
    if let Some((end, down)) = arrival(path) {
        points.pop();
        points.push((end.0, end.1 - down * (ARROWHEAD_LENGTH - 1)));
    }
    let Some(&(x, y)) = points.first() else { return String::new() };
    let mut data = format!("M{x} {y}");
    for corner in points.windows(3) {
        let [before, at, after] = [corner[0], corner[1], corner[2]];
        // A short segment leaves no room for a whole bend at both of its ends.
        let room = |a: (i32, i32), b: (i32, i32)| i32::midpoint((a.0 - b.0).abs(), (a.1 - b.1).abs());
        let bend = BEND_RADIUS.min(room(before, at)).min(room(at, after));
        let (into, onto) = (towards(before, at, bend), towards(at, after, bend));
        if before.0 == at.0 {
            put(&mut data, format_args!("V{}", at.1 - into.1));
        } else {
            put(&mut data, format_args!("H{}", at.0 - into.0));
        }
        put(&mut data, format_args!("q{} {} {} {}", into.0, into.1, into.0 + onto.0, into.1 + onto.1));
    }
    put(&mut data, format_args!("V{}", points[points.len() - 1].1));
    data
}

/// A step of a length from one corner in the direction of the next.
fn towards(from: (i32, i32), to: (i32, i32), length: i32) -> (i32, i32) {
    ((to.0 - from.0).signum() * length, (to.1 - from.1).signum() * length)
}

/// Where an edge arrives, and whether going down (1) or up (-1).
fn arrival(path: &EdgePath) -> Option<((i32, i32), i32)> {
    match path.points.as_slice() {
        [.., before, end] => Some((*end, (end.1 - before.1).signum())),
        _ => None,
    }
}

fn arrowhead(out: &mut String, edge: &Edge, path: &EdgePath) {
    if let Some(((x, y), down)) = arrival(path) {
        let (length, half) = (ARROWHEAD_LENGTH * -down, ARROWHEAD_HALF_WIDTH);
        let id = escape(&edge.id);
        put(
            out,
            format_args!("<path class=\"tip\" data-tip=\"{id}\" d=\"M{x} {y}l-{half} {length}h{}z\"/>\n", 2 * half),
        );
    }
}

fn label(out: &mut String, edge: &Edge, text_box: &TextBox) {
    put(out, format_args!("<g class=\"label\" data-edge-label=\"{}\">", escape(&edge.id)));
    rectangle(out, text_box, CORNER_RADIUS);
    let first = text_box.top + LABEL_PADDING_Y + LABEL.size;
    for (y, line) in (first..).step_by(LABEL.line_height.unsigned_abs() as usize).zip(&text_box.lines) {
        words(out, text_box.left + text_box.width / 2, y, line);
    }
    out.push_str("</g>\n");
}

fn node(out: &mut String, node: &Node, said: &Words, text_box: &TextBox) {
    let (kind, verdict) = match node.kind {
        Kind::Question => ("question", None),
        Kind::Outcome(verdict) => ("outcome", Some(verdict)),
    };
    if node.url.is_empty() {
        put(out, format_args!("<g role=\"img\" aria-label=\"{}\">", escape(&node.name)));
    } else {
        put(out, format_args!("<a href=\"{}\" aria-label=\"{}\">", escape(&node.url), escape(&node.name)));
    }
    put(out, format_args!("<g class=\"node\" data-node=\"{}\" data-kind=\"{kind}\"", escape(&node.id)));
    if let Some(verdict) = verdict {
        put(out, format_args!(" data-verdict=\"{}\"", verdict.id()));
    }
    out.push('>');
    let middle = text_box.left + text_box.width / 2;
    let mut top = text_box.top + BOX_PADDING_Y;
    match verdict {
        None => rectangle(out, text_box, CORNER_RADIUS),
        Some(verdict) => {
            rectangle(out, text_box, text_box.height / 2);
            icon_and_word(out, verdict, said.verdict(verdict), middle, top);
            top += LABEL.line_height;
        }
    }
    put(out, format_args!("<g font-size=\"{}\" font-weight=\"700\">", TITLE.size));
    for (y, line) in (top + TITLE.size..).step_by(TITLE.line_height.unsigned_abs() as usize).zip(&text_box.lines) {
        words(out, middle, y, line);
    }
    out.push_str(if node.url.is_empty() { "</g></g></g>\n" } else { "</g></g></a>\n" });
}

fn icon_and_word(out: &mut String, verdict: Verdict, word: &str, middle: i32, top: i32) {
    let left = middle - (ICON_SIZE + ICON_GAP + LABEL.width(word)) / 2;
    let lines = match verdict {
        Verdict::Yes => "m1 7 4 5 8-10",
        Verdict::No => "m2 2 10 10m0-10-10 10",
        Verdict::Partly => "m1 7a6 6 0 1 0 12 0 6 6 0 1 0-12 0m2-2v4m2-6v8m2-10v12",
        Verdict::Later => "m1 7a6 6 0 1 0 12 0 6 6 0 1 0-12 0m6-3v3l3 2",
    };
    put(
        out,
        format_args!(
            "<path class=\"verdict\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" d=\"M{left} {top}{lines}\"/>\
             <text class=\"word\" text-anchor=\"start\" x=\"{}\" y=\"{}\">{} </text>",
            left + ICON_SIZE + ICON_GAP,
            top + LABEL.size - 2,
            escape(word),
        ),
    );
}

fn rectangle(out: &mut String, text_box: &TextBox, radius: i32) {
    let TextBox { left, top, width, height, .. } = text_box;
    put(out, format_args!("<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>"));
}

fn words(out: &mut String, x: i32, y: i32, line: &str) {
    // The space keeps the words of two lines apart for whoever reads them aloud; it is not drawn.
    put(out, format_args!("<text x=\"{x}\" y=\"{y}\">{} </text>", escape(line)));
}

fn put(out: &mut String, what: std::fmt::Arguments) {
    out.write_fmt(what).expect("a text takes all that is written to it");
}

/// A text as it may stand in an element or an attribute, on one line and without what XML forbids.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\r' | '\t' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}
