//! A chart drawn by Graphviz' `dot`: boxes and labels as large as ours, and its drawing as the judge sees it.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::flowchart::Graph;
use crate::flowchart::drawing::{Drawing, TextBox};
use crate::judge::{Picture, Point, Rect, Stroke};

/// Points in an inch, dot's unit of size; we take a point for a pixel.
const INCH: f64 = 72.0;

/// The graph in dot's language, with the sizes that our drawing has.
pub(crate) fn source(graph: &Graph, drawing: &Drawing) -> String {
    let mut out =
        String::from("digraph { graph [nodesep=0.42, ranksep=0.5]; node [shape=box, fixedsize=true, label=\"\"];\n");
    for (at, area) in drawing.nodes.iter().enumerate() {
        let (width, height) = (f64::from(area.width) / INCH, f64::from(area.height) / INCH);
        writeln!(out, "{at} [width={width:.4}, height={height:.4}];").expect("a text takes all");
    }
    for (at, (edge, line)) in graph.edges.iter().zip(&drawing.edges).enumerate() {
        let TextBox { width, height, .. } = line.label;
        writeln!(
            out,
            "{} -> {} [id={at}, label=<<table fixedsize=\"true\" border=\"0\" cellborder=\"0\" cellpadding=\"0\" \
             cellspacing=\"0\" width=\"{width}\" height=\"{height}\"><tr><td></td></tr></table>>];",
            edge.from, edge.to,
        )
        .expect("a text takes all");
    }
    out.push_str("}\n");
    out
}

/// What `dot` answers, as JSON.
pub(crate) fn layout(source: &str) -> io::Result<Vec<u8>> {
    let mut child =
        Command::new("dot").arg("-Tjson").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    // It reads everything before it writes.
    child.stdin.take().expect("it is piped").write_all(source.as_bytes())?;
    let output = child.wait_with_output()?;
    if output.status.success() { Ok(output.stdout) } else { Err(io::Error::other("dot failed")) }
}

pub(crate) fn picture(graph: &Graph, drawing: &Drawing, json: &[u8]) -> Result<Picture, Box<dyn Error>> {
    let json: Value = serde_json::from_slice(json)?;
    let mut nodes = vec![Rect::default(); graph.nodes.len()];
    for object in json["objects"].as_array().ok_or("no nodes")? {
        let at: usize = string(&object["name"]).parse()?;
        nodes[at] = around(point(string(&object["pos"]))?, &drawing.nodes[at]);
    }
    let mut strokes = Vec::new();
    for edge in json["edges"].as_array().ok_or("no edges")? {
        let at: usize = string(&edge["id"]).parse()?;
        let label = around(point(string(&edge["lp"]))?, &drawing.edges[at].label);
        strokes.push(Stroke {
            from: graph.edges[at].from,
            to: graph.edges[at].to,
            points: points(string(&edge["pos"]))?,
            label,
        });
    }
    Ok(Picture { nodes, strokes })
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn around((x, y): Point, area: &TextBox) -> Rect {
    let (width, height) = (f64::from(area.width), f64::from(area.height));
    [x - width / 2.0, y - height / 2.0, x + width / 2.0, y + height / 2.0]
}

fn point(text: &str) -> Result<Point, Box<dyn Error>> {
    let (x, y) = text.split_once(',').ok_or("no point")?;
    Ok((x.parse()?, y.parse()?))
}

/// A spline, `e,x,y x,y …`: the point of the arrow, then cubic curves, each flattened to sixteen straight parts.
fn points(text: &str) -> Result<Vec<Point>, Box<dyn Error>> {
    let (arrow, rest) = text.strip_prefix("e,").and_then(|text| text.split_once(' ')).ok_or("no arrow")?;
    let knots = rest.split_whitespace().map(point).collect::<Result<Vec<_>, _>>()?;
    let mut points = vec![knots[0]];
    for curve in knots.windows(4).step_by(3) {
        for step in 1..=16 {
            let t = f64::from(step) / 16.0;
            let weights = [(1.0 - t).powi(3), 3.0 * t * (1.0 - t).powi(2), 3.0 * t * t * (1.0 - t), t.powi(3)];
            let along =
                |pick: fn(&Point) -> f64| weights.iter().zip(curve).map(|(weight, knot)| weight * pick(knot)).sum();
            points.push((along(|knot| knot.0), along(|knot| knot.1)));
        }
    }
    points.push(point(arrow)?);
    Ok(points)
}
