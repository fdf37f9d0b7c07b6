//! The same graph for other programs and for the terminal: Mermaid, DOT and a plain outline. Every edge is written
//! once, in the order of the graph; a test reads them back.

use std::fmt::Write as _;

use super::graph::{Edge, Graph, Kind};

/// The graph in Mermaid's language.
pub(crate) fn mermaid(graph: &Graph) -> String {
    let mut out = String::from("flowchart TD\n");
    for node in &graph.nodes {
        let (id, title) = (mermaid_id(&node.id), mermaid_text(&node.title));
        match node.kind {
            Kind::Question => put(&mut out, format_args!("    {id}[\"{title}\"]\n")),
            Kind::Outcome(verdict) => {
                let verdict = mermaid_text(graph.words.verdict(verdict));
                put(&mut out, format_args!("    {id}([\"{verdict}: {title}\"])\n"));
            }
        }
    }
    for edge in &graph.edges {
        let (from, to) = (mermaid_id(&graph.nodes[edge.from].id), mermaid_id(&graph.nodes[edge.to].id));
        let arrow = if edge.unsure { "-.->" } else { "-->" };
        put(&mut out, format_args!("    {from} {arrow}|\"{}\"| {to}\n", mermaid_text(&edge.label)));
    }
    out
}

/// An id that Mermaid cannot take for one of its words (`end`, `style`, …) or arrows (`--`); other letters as numbers.
fn mermaid_id(id: &str) -> String {
    let mut safe = String::from("n_");
    let mut letters = id.chars().peekable();
    while let Some(letter) = letters.next() {
        let before_letter = letters.peek().is_some_and(char::is_ascii_alphanumeric);
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' => safe.push(letter),
            '-' if before_letter => safe.push('-'),
            _ => put(&mut safe, format_args!("_{:x}_", u32::from(letter))),
        }
    }
    safe
}

/// A text inside quotation marks: what Mermaid or HTML would act on as a character code.
fn mermaid_text(text: &str) -> String {
    let mut safe = String::new();
    for letter in one_line(text).chars() {
        match letter {
            '"' | '#' | '&' | '<' | '>' | '`' | '|' | ';' | '\\' => {
                put(&mut safe, format_args!("#{};", u32::from(letter)));
            }
            _ => safe.push(letter),
        }
    }
    safe
}

/// The graph in Graphviz' language.
pub(crate) fn dot(graph: &Graph) -> String {
    let mut out = String::from("digraph {\n    node [shape=box];\n");
    for node in &graph.nodes {
        let (words, shape) = match node.kind {
            Kind::Question => (node.title.clone(), ""),
            Kind::Outcome(verdict) => (format!("{}: {}", graph.words.verdict(verdict), node.title), ", style=rounded"),
        };
        put(&mut out, format_args!("    {} [label={}{shape}", dot_text(&node.id), dot_label(&words)));
        if !node.url.is_empty() {
            put(&mut out, format_args!(", URL={}", dot_text(&node.url)));
        }
        out.push_str("];\n");
    }
    for edge in &graph.edges {
        let (from, to) = (dot_text(&graph.nodes[edge.from].id), dot_text(&graph.nodes[edge.to].id));
        let dashed = if edge.unsure { ", style=dashed" } else { "" };
        put(&mut out, format_args!("    {from} -> {to} [label={}{dashed}];\n", dot_label(&edge.label)));
    }
    out.push_str("}\n");
    out
}

/// A quoted string that is shown: Graphviz reads `&lt;` and the like in it.
fn dot_label(text: &str) -> String {
    dot_text(&text.replace('&', "&amp;"))
}

/// A quoted string. A backslash is doubled, since labels give some letters after it a meaning.
fn dot_text(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// The outline for the terminal: questions with their answers, numbered so that answers can name them; then outcomes.
pub(crate) fn text(graph: &Graph) -> String {
    let mut numbers = vec![0; graph.nodes.len()];
    let mut next = 1;
    for (number, node) in numbers.iter_mut().zip(&graph.nodes) {
        if node.kind == Kind::Question {
            *number = next;
            next += 1;
        }
    }
    let mut out = String::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        if node.kind != Kind::Question {
            continue;
        }
        let begin = if index == graph.start { format!(" {}", one_line(&graph.words.start)) } else { String::new() };
        put(&mut out, format_args!("{}. {}{begin}\n", numbers[index], one_line(&node.title)));
        for edge in graph.edges.iter().filter(|edge| edge.from == index) {
            put(&mut out, format_args!("   - {}: {}\n", one_line(&edge.label), target(graph, &numbers, edge)));
        }
        out.push('\n');
    }
    for node in &graph.nodes {
        if let Kind::Outcome(verdict) = node.kind {
            let verdict = one_line(graph.words.verdict(verdict));
            put(&mut out, format_args!("{verdict:<7} {}\n", one_line(&node.title)));
        }
    }
    out
}

fn target(graph: &Graph, numbers: &[usize], edge: &Edge) -> String {
    let node = &graph.nodes[edge.to];
    match node.kind {
        Kind::Question => one_line(&graph.words.question).replace("{number}", &numbers[edge.to].to_string()),
        Kind::Outcome(verdict) => {
            format!("{} ({})", one_line(&node.title), one_line(graph.words.verdict(verdict)).to_lowercase())
        }
    }
}

/// A text without line breaks and without anything that a terminal could take for a command.
fn one_line(text: &str) -> String {
    let words: Vec<String> =
        text.split_whitespace().map(|word| word.chars().filter(|letter| !letter.is_control()).collect()).collect();
    words.join(" ")
}

fn put(out: &mut String, what: std::fmt::Arguments) {
    out.write_fmt(what).expect("a text takes all that is written to it");
}
