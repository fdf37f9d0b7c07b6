//! What the flagship's decisions are published as holds together: the JSON keeps to its schema, and Mermaid and DOT, read
//! back by readers that know nothing of how they are written, have exactly the edges of the JSON.
#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on fails")]

mod support;

use serde_json::Value;
use support::schema::complaints;
use support::{Built, flagship};

/// From, to and label of every edge, sorted.
type Edges = Vec<[String; 3]>;

/// The address of each decision's files, without their endings, and its JSON.
fn decisions(built: &Built) -> Vec<(String, Value)> {
    let files = built.outputs.iter().filter(|(path, _)| path.starts_with("decisions/"));
    let files = files.filter_map(|(path, text)| Some((path.strip_suffix(".json")?, text)));
    files.map(|(stem, text)| (stem.to_owned(), serde_json::from_str(text).unwrap())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn edges_of_json(decision: &Value) -> Edges {
    let mut edges = Vec::new();
    for (from, node) in decision["nodes"].as_object().unwrap() {
        let answers = node["answers"].as_array().into_iter().flatten();
        for way in answers.chain(node.get("unsure")) {
            edges.push([from.clone(), text(&way["to"]), text(&way["label"])]);
        }
    }
    edges.sort();
    edges
}

/// Reads Mermaid: `a["Title"]` or `a(["Yes: Title"])` declares a node, `a -->|"label"| b` an edge. A node is found again
/// by its title, since ids that would be words of the language are written in another way.
fn edges_of_mermaid(mermaid: &str, id_of: impl Fn(&str) -> String) -> Edges {
    let quoted = |line: &str| {
        let (from, to) = (line.find('"').unwrap() + 1, line.rfind('"').unwrap());
        with_characters(&line[from..to], "#")
    };
    let mut lines = mermaid.lines().map(str::trim);
    assert_eq!(lines.next(), Some("flowchart TD"));
    let (edges, nodes): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.contains("->|"));
    let names: Vec<(&str, String)> =
        nodes.iter().map(|line| (line.split(['[', '(']).next().unwrap(), id_of(&quoted(line)))).collect();
    let node = |name: &str| names.iter().find(|(known, _)| *known == name).unwrap().1.clone();
    let edge = |line: &&str| {
        let (from, _) = line.split_once(' ').unwrap();
        let (_, to) = line.rsplit_once(' ').unwrap();
        [node(from), node(to), quoted(line)]
    };
    let mut edges: Edges = edges.iter().map(edge).collect();
    edges.sort();
    edges
}

/// Reads DOT: what stands in quotation marks is an id or a value; `"a" -> "b" [label="c"]` is an edge.
fn edges_of_dot(dot: &str) -> Edges {
    let mut edges = Vec::new();
    for statement in dot.lines().filter(|line| line.contains("\" -> \"")) {
        let strings = quoted_strings(statement);
        let [from, to, label] = strings.try_into().unwrap();
        edges.push([from, to, with_characters(&label, "&")]);
    }
    edges.sort();
    edges
}

fn quoted_strings(text: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut letters = text.chars();
    while letters.by_ref().any(|letter| letter == '"') {
        let mut string = String::new();
        while let Some(letter) = letters.next().filter(|&letter| letter != '"') {
            // In DOT only a quotation mark and a backslash are escaped.
            string.push(if letter == '\\' { letters.next().unwrap() } else { letter });
        }
        strings.push(string);
    }
    strings
}

/// Undoes character codes, `#34;` or `&quot;`.
fn with_characters(text: &str, sign: &str) -> String {
    let mut parts = text.split(sign);
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (code, rest) = part.split_once(';').unwrap();
        let letter = match code.trim_start_matches('#') {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            number => char::from_u32(number.parse().unwrap()).unwrap(),
        };
        plain.push(letter);
        plain.push_str(rest);
    }
    plain
}

#[test]
fn mermaid_and_dot_have_the_edges_of_the_json() {
    let built = flagship();
    let decisions = decisions(&built);
    assert_eq!(decisions.len(), 2, "the flagship has two decisions");
    for (stem, decision) in decisions {
        let edges = edges_of_json(&decision);
        assert!(edges.len() > 20, "{stem} has edges");
        let nodes = decision["nodes"].as_object().unwrap();
        let id_of = |shown: &str| {
            let is = |node: &Value| {
                let title = text(&node["title"]);
                let verdict = shown.strip_suffix(&title).and_then(|rest| rest.strip_suffix(": "));
                title == shown || verdict.is_some_and(|word| word.to_lowercase() == node["verdict"])
            };
            let found: Vec<&String> = nodes.iter().filter(|(_, node)| is(node)).map(|(id, _)| id).collect();
            assert_eq!(found.len(), 1, "{shown} is the title of one node");
            found[0].clone()
        };
        assert_eq!(edges_of_mermaid(built.output(&format!("{stem}.mmd")), id_of), edges, "{stem}.mmd");
        assert_eq!(edges_of_dot(built.output(&format!("{stem}.dot"))), edges, "{stem}.dot");
    }
}

#[test]
fn the_json_is_what_the_published_schema_allows() {
    let built = flagship();
    let schema: Value = serde_json::from_str(built.output("decision.schema.json")).unwrap();
    for (stem, decision) in decisions(&built) {
        assert_eq!(complaints(&schema, &decision), Vec::<String>::new(), "{stem}");
        assert!(text(&decision["$schema"]).ends_with("/decision.schema.json"));
    }
}
