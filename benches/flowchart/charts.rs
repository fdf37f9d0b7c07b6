//! The charts that are drawn: the two decisions of the content, trees, and random decisions of 10 to 300 nodes.
//!
//! A random decision has one start, from which everything is reached; three nodes in five are questions with two to four
//! answers; most answers lead a little further on, some much further. The same seed makes the same charts everywhere.

use std::error::Error;
use std::path::Path;
use std::sync::Mutex;

use fingerpost::output::Body;
use fingerpost::publish::{self, Options};
use fingerpost::read;
use serde_json::Value;

use crate::flowchart::{Edge, Graph, Kind, Node, Verdict, Words};

pub(crate) struct Chart {
    pub(crate) name: String,
    pub(crate) graph: Graph,
    /// A tree can be drawn without a crossing.
    pub(crate) tree: bool,
}

pub(crate) fn all() -> Result<Vec<Chart>, Box<dyn Error>> {
    let mut charts = of_the_content()?;
    for count in [20, 60, 150, 300] {
        charts.push(Chart { name: format!("tree-{count}"), graph: tree(count, &mut Numbers::new(count)), tree: true });
    }
    for count in [10, 15, 30, 50, 100, 150, 300] {
        for seed in 1..=5 {
            let graph = random(count, &mut Numbers::new(count * 1000 + seed));
            charts.push(Chart { name: format!("random-{count}-{seed}"), graph, tree: false });
        }
    }
    Ok(charts)
}

/// The decisions in `content/`, from the `site.json` of a build.
fn of_the_content() -> Result<Vec<Chart>, Box<dyn Error>> {
    let inputs = read::folder(Path::new(env!("CARGO_MANIFEST_DIR")))?.value;
    let json = Mutex::new(Vec::new());
    publish::build(&inputs, &Options::default(), &|output| {
        if let ("site.json", Body::Bytes(bytes)) = (output.path.as_str(), output.body) {
            *json.lock().expect("no sink panics") = bytes;
        }
        Ok(())
    })?;
    let site: Value = serde_json::from_slice(&json.into_inner()?)?;
    Ok(list(&site["decisions"]).map(of_json).collect())
}

fn of_json(decision: &Value) -> Chart {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let questions = list(&decision["questions"]).map(|node| (text(&node["id"]), text(&node["ask"]), Kind::Question));
    let outcomes =
        list(&decision["outcomes"]).map(|node| (text(&node["id"]), text(&node["title"]), Kind::Outcome(Verdict::Yes)));
    let nodes: Vec<Node> = questions.chain(outcomes).map(|(id, title, kind)| node(id, kind, title)).collect();
    let place = |id: &Value| nodes.iter().position(|node| id == &node.id).expect("an edge joins nodes");
    let edge = |edge: &Value| Edge {
        id: text(&edge["id"]),
        from: place(&edge["from"]),
        to: place(&edge["to"]),
        label: edge["label"].as_str().unwrap_or("Not sure").to_owned(),
        unsure: edge["label"].is_null(),
    };
    let edges = list(&decision["edges"]).map(edge).collect();
    let start = place(&decision["start"]);
    let address = text(&decision["address"]);
    let name = address.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    Chart { name, graph: Graph { nodes, edges, start, words: words() }, tree: false }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn tree(count: usize, numbers: &mut Numbers) -> Graph {
    let mut targets: Vec<Vec<usize>> = vec![Vec::new()];
    let mut leaves = vec![0];
    while targets.len() < count {
        let leaf = leaves.remove(numbers.below(leaves.len().min(6)));
        for _ in 0..numbers.answers() {
            let child = targets.len();
            targets[leaf].push(child);
            leaves.push(child);
            targets.push(Vec::new());
        }
    }
    graph(&targets, numbers)
}

fn random(count: usize, numbers: &mut Numbers) -> Graph {
    let questions = count * 3 / 5;
    let outcomes = count - questions;
    // How far an answer mostly leads.
    let near = 3 + count / 25;
    let mut targets: Vec<Vec<usize>> = vec![Vec::new(); count];
    // Every node gets an answer that leads to it, from a question a little before it.
    for node in 1..count {
        let before = if node < questions { node } else { 1 + (node - questions) * questions / outcomes };
        let mut from = before - 1 - numbers.below(near.min(before));
        while targets[from].len() == 4 {
            from = (from + 1) % node.min(questions);
        }
        targets[from].push(node);
    }
    for (question, ends) in targets.iter_mut().enumerate().take(questions) {
        let wanted = numbers.answers();
        for _ in 0..50 {
            if ends.len() >= wanted {
                break;
            }
            let ahead = 1 + numbers.below(near) + if numbers.below(4) == 0 { near } else { 0 };
            let to = if numbers.below(9) < 5 && question + ahead < questions {
                question + ahead
            } else {
                questions + (question * outcomes / questions + numbers.below(near)).min(outcomes - 1)
            };
            if !ends.contains(&to) {
                ends.push(to);
            }
        }
    }
    graph(&targets, numbers)
}

/// A graph with words in its boxes; a node that leads nowhere is an outcome.
fn graph(targets: &[Vec<usize>], numbers: &mut Numbers) -> Graph {
    const WORDS: [&str; 16] = [
        "team",
        "scope",
        "owner",
        "budget",
        "roadmap",
        "platform",
        "interface",
        "release",
        "risk",
        "customer",
        "vendor",
        "policy",
        "latency",
        "quality",
        "hiring",
        "data",
    ];
    const ANSWERS: [&str; 4] = ["Yes", "No", "Not sure", "Only once a month"];
    let mut nodes = Vec::new();
    let mut edges = Vec::new();
    for (from, to) in targets.iter().enumerate() {
        let words: Vec<&str> = (0..3 + numbers.below(6)).map(|_| WORDS[numbers.below(WORDS.len())]).collect();
        let kind = if to.is_empty() { Kind::Outcome(Verdict::Partly) } else { Kind::Question };
        nodes.push(node(format!("n{from}"), kind, words.join(" ")));
        for (at, &to) in to.iter().enumerate() {
            let label = ANSWERS[at % ANSWERS.len()].to_owned();
            edges.push(Edge { id: format!("n{from}=a{at}"), from, to, label, unsure: at == 2 });
        }
    }
    Graph { nodes, edges, start: 0, words: words() }
}

fn node(id: String, kind: Kind, title: String) -> Node {
    Node { id, kind, name: title.clone(), title, url: String::new() }
}

fn words() -> Words {
    let [yes, no, partly, later] = ["Yes", "No", "Partly", "Later"].map(str::to_owned);
    Words { yes, no, partly, later, ..Words::default() }
}

/// Numbers that look drawn at random (Marsaglia 2003, "Xorshift RNGs").
struct Numbers(u64);

impl Numbers {
    fn new(seed: usize) -> Self {
        Self((seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 32) % bound as u64).expect("less than the bound")
    }

    /// How many answers a question has.
    fn answers(&mut self) -> usize {
        [2, 2, 2, 2, 2, 2, 2, 3, 3, 4][self.below(10)]
    }
}
