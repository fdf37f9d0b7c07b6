//! The files of a decision beside its page: the table as CSV, the graph as JSON, the chart as SVG, Mermaid and DOT.
#![expect(clippy::indexing_slicing, reason = "a node's number is its position in `Decision::nodes`")]

use super::decision_json::json;
use crate::flowchart;
use crate::model::{Decision, NodeIndex};
use crate::output::{Body, Output};
use crate::render::decisions::{graph, label, paths, title, verdict_word};
use crate::strings::key;
use crate::view::View;

/// All of them.
pub(crate) fn outputs(view: &View<'_>, decision: &Decision) -> Vec<Output> {
    let page = view.site[decision.page].address.file();
    let stem = page.strip_suffix("/index.html").unwrap_or(&page).to_owned();
    let file = |extension: &str, text: String| Output {
        path: format!("{stem}.{extension}"),
        body: Body::Bytes(text.into_bytes()),
    };
    let mut files = vec![file("csv", csv(view, decision)), file("json", json(view, decision))];
    let graph = graph(view, decision, |page| view.absolute(page));
    let title = &view.site[decision.page].title;
    files.push(file("svg", flowchart::standalone(&graph, &flowchart::layout(&graph), title)));
    files.push(file("mmd", flowchart::mermaid(&graph)));
    files.push(file("dot", flowchart::dot(&graph)));
    files
}

/// A row for each path, a column for each question (RFC 4180, with its line ends).
fn csv(view: &View<'_>, decision: &Decision) -> String {
    let questions: Vec<NodeIndex> =
        (0..decision.nodes.len()).filter(|&node| decision.question(node).is_some()).collect();
    let mut head: Vec<&str> = questions.iter().map(|&node| title(&decision.nodes[node])).collect();
    head.extend([view.say(key!("outcome")), view.say(key!("verdict"))]);
    let mut csv = row(&head);
    for path in paths(decision).0 {
        let given = questions.iter().map(|&question| {
            path.iter().find(|edge| edge.from == question).map_or("", |&edge| label(view, decision, edge))
        });
        let mut cells: Vec<&str> = given.collect();
        let end = path.last().map(|edge| edge.to);
        let verdict = end.and_then(|end| decision.outcome(end)?.verdict);
        let verdict = verdict.map_or(String::new(), |verdict| verdict_word(view, verdict).to_lowercase());
        if let Some(end) = end {
            cells.extend([title(&decision.nodes[end]), &verdict]);
        }
        csv.push_str(&row(&cells));
    }
    csv
}

fn row(cells: &[&str]) -> String {
    let cell = |text: &&str| {
        // A spreadsheet runs what begins with these signs; an apostrophe keeps it text.
        let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{guard}{}\"", text.replace('"', "\"\""))
        } else {
            format!("{guard}{text}")
        }
    };
    cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n"
}
