//! Charts of many graphs, judged by their geometry.

use proptest::prelude::*;

use super::drawing::{EdgePath, TextBox};
use super::*;

/// A graph of questions and outcomes: a node without answers is an outcome.
pub(super) fn graph(nodes: usize, edges: &[(usize, usize)]) -> Graph {
    let words = ["Is it so?", "Who depends on what the team builds and how often?", "Does an engineer want the role?"];
    let node = |index: usize| {
        let kind = if edges.iter().any(|edge| edge.0 == index) {
            Kind::Question
        } else {
            Kind::Outcome([Verdict::Yes, Verdict::No, Verdict::Partly, Verdict::Later][index % 4])
        };
        let title = words[index % 3];
        let name = match kind {
            Kind::Question => format!("{title} (question)"),
            Kind::Outcome(verdict) => format!("{} {title} (outcome)", english().verdict(verdict)),
        };
        Node { id: format!("n{index}"), kind, title: title.into(), name, url: format!("/n{index}/") }
    };
    let edge = |(index, &(from, to)): (usize, &(usize, usize))| {
        let label = ["Yes", "No", "Only once a month or so"][index % 3].into();
        Edge { id: format!("n{from}=a{index}"), from, to, label, unsure: index % 5 == 4 }
    };
    let (nodes, edges) = ((0..nodes).map(node).collect(), edges.iter().enumerate().map(edge).collect());
    Graph { nodes, edges, start: 0, words: english() }
}

fn english() -> Words {
    let [yes, no, partly, later] = ["Yes", "No", "Partly", "Later"].map(str::to_owned);
    Words { yes, no, partly, later, start: "(start)".to_owned(), question: "question {number}".to_owned() }
}

fn box_of(area: &TextBox) -> [i32; 4] {
    [area.left, area.top, area.left + area.width, area.top + area.height]
}

/// The straight parts of a line, as boxes without breadth.
fn parts(line: &EdgePath) -> impl Iterator<Item = [i32; 4]> {
    line.points.windows(2).map(|pair| {
        let ((x, y), (u, v)) = (pair[0], pair[1]);
        [x.min(u), y.min(v), x.max(u), y.max(v)]
    })
}

/// Whether two boxes share more than their border.
fn meet(a: [i32; 4], b: [i32; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// What is wrong with a chart: boxes on boxes, lines through boxes, labels or ends beside their lines, anything
/// outside.
fn faults(graph: &Graph, drawing: &Drawing) -> Vec<String> {
    let mut faults = Vec::new();
    let nodes = drawing.nodes.iter().zip(&graph.nodes).map(|(area, node)| (node.id.clone(), box_of(area)));
    let labels = drawing.edges.iter().zip(&graph.edges).map(|(line, edge)| (edge.id.clone(), box_of(&line.label)));
    let boxes: Vec<(String, [i32; 4])> = nodes.chain(labels).collect();
    for (index, (name, area)) in boxes.iter().enumerate() {
        for (other, other_area) in &boxes[..index] {
            if meet(*area, *other_area) {
                faults.push(format!("{name} covers {other}"));
            }
        }
        if area[0] < 0 || area[1] < 0 || area[2] > drawing.width || area[3] > drawing.height {
            faults.push(format!("{name} is outside"));
        }
    }
    for (index, (edge, line)) in graph.edges.iter().zip(&drawing.edges).enumerate() {
        for (place, (name, area)) in boxes.iter().enumerate() {
            let own = place == graph.nodes.len() + index;
            if !own && parts(line).any(|part| meet(part, *area)) {
                faults.push(format!("{} runs through {name}", edge.id));
            }
        }
        let label = box_of(&line.label);
        let middle = i32::midpoint(label[0], label[2]);
        if !parts(line).any(|[left, top, right, bottom]| {
            left == right && (left - middle).abs() <= 1 && top <= label[1] && bottom >= label[3]
        }) {
            faults.push(format!("the label of {} is not on it", edge.id));
        }
        if edge.from != edge.to {
            let ends = [(edge.from, line.points[0]), (edge.to, line.points[line.points.len() - 1])];
            for (node, (x, y)) in ends {
                let [left, top, right, bottom] = box_of(&drawing.nodes[node]);
                if !(left..=right).contains(&x) || (y != top && y != bottom) {
                    faults.push(format!("{} does not end at {}", edge.id, graph.nodes[node].id));
                }
            }
        }
    }
    faults
}

/// How many pairs of lines cross.
fn crossings(drawing: &Drawing) -> usize {
    let crosses = |a: [i32; 4], b: [i32; 4]| a[0] < b[0] && b[0] < a[2] && b[1] < a[1] && a[1] < b[3];
    let lines: Vec<Vec<[i32; 4]>> = drawing.edges.iter().map(|line| parts(line).collect()).collect();
    let pairs = (0..lines.len()).flat_map(|a| (0..lines.len()).map(move |b| (a, b))).filter(|(a, b)| a != b);
    pairs
        .map(|(a, b)| {
            lines[a].iter().map(|&part| lines[b].iter().filter(|&&of| crosses(part, of)).count()).sum::<usize>()
        })
        .sum()
}

#[track_caller]
fn check(nodes: usize, edges: &[(usize, usize)]) -> Drawing {
    let graph = graph(nodes, edges);
    let drawing = layout(&graph);
    assert_eq!(faults(&graph, &drawing), Vec::<String>::new(), "the chart of {edges:?} is at fault");
    assert_eq!(layout(&graph), drawing, "the chart of {edges:?} is drawn in two ways");
    drawing
}

/// Edges of a graph without cycles: every node leads only to later ones.
fn acyclic(most: usize) -> impl Strategy<Value = (usize, Vec<(usize, usize)>)> {
    (2..most).prop_flat_map(|nodes| {
        let edge = (0..nodes - 1).prop_flat_map(move |from| (Just(from), from + 1..nodes));
        (Just(nodes), prop::collection::vec(edge, 0..2 * nodes))
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: Some(Box::new(proptest::test_runner::FileFailurePersistence::Direct("tests/regressions/flowchart.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_graph_without_cycles_has_a_faultless_chart((nodes, edges) in acyclic(24)) {
        check(nodes, &edges);
    }

    #[test]
    fn any_graph_at_all_has_a_faultless_chart(edges in prop::collection::vec((0_usize..10, 0_usize..10), 0..24)) {
        check(10, &edges);
    }

    #[test]
    fn a_tree_has_no_crossings(parents in prop::collection::vec(any::<prop::sample::Index>(), 1..60)) {
        let edges: Vec<_> = parents.iter().enumerate().map(|(node, parent)| (parent.index(node + 1), node + 1)).collect();
        prop_assert_eq!(crossings(&check(parents.len() + 1, &edges)), 0);
    }

    #[test]
    fn any_words_fit_into_every_export(title in any::<String>(), label in any::<String>()) {
        let mut graph = graph(3, &[(0, 1), (0, 2), (1, 2)]);
        graph.nodes[0].title = title;
        graph.edges[1].label = label;
        read_back(&graph);
    }
}

#[test]
fn nothing_and_next_to_nothing_are_drawn() {
    assert_eq!(check(0, &[]).nodes, []);
    assert_eq!(check(1, &[]).reading_order, [0]);
    check(3, &[]);
}

#[test]
fn cycles_and_loops_are_drawn() {
    check(3, &[(0, 1), (1, 2), (2, 0)]);
    check(2, &[(0, 0), (0, 1), (1, 0), (1, 1)]);
    check(4, &[(2, 3), (3, 2), (0, 1)]);
}

#[test]
fn the_start_stands_at_the_top_even_when_something_leads_back_to_it() {
    let drawing = check(4, &[(1, 0), (0, 1), (1, 2), (2, 3), (3, 0)]);
    assert_eq!(drawing.reading_order[0], 0);
}

#[test]
fn answers_stand_in_the_order_written() {
    let drawing = check(7, &[(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (2, 5), (3, 6)]);
    let left: Vec<i32> = drawing.edges.iter().take(3).map(|line| line.label.left).collect();
    assert!(left.is_sorted(), "the first question's answers stand at {left:?}");
}

#[test]
fn a_rename_within_its_box_moves_nothing() {
    let edges = [(0, 1), (0, 2), (1, 3), (1, 4), (2, 4), (2, 5)];
    let before = graph(6, &edges);
    let mut after = before.clone();
    after.nodes[0].title = "So it is?".into();
    after.edges[1].label = "Not".into();
    let bare = |graph: &Graph| {
        let mut drawing = layout(graph);
        drawing.nodes.iter_mut().for_each(|area| area.lines.clear());
        drawing.edges.iter_mut().for_each(|line| line.label.lines.clear());
        drawing
    };
    assert_eq!(bare(&before), bare(&after));
}

/// A graph whose words are made to break out.
fn hostile() -> Graph {
    let mut graph = graph(4, &[(0, 1), (0, 2), (1, 2), (1, 3)]);
    let words =
        ["<script>alert(\"1\")</script>", "end]\n --> n0 %% \"|' #quot; \\", "'&amp;' \u{1b}[31m \u{0}", "`*` ; -->"];
    for (node, words) in graph.nodes.iter_mut().zip(words) {
        node.title = words.into();
        node.id.push_str(words);
        node.url.push_str(words);
    }
    for (edge, words) in graph.edges.iter_mut().zip(words) {
        edge.label = words.into();
        edge.id.push_str(words);
    }
    graph
}

/// Reads every export and compares its edges with the graph's.
#[track_caller]
fn read_back(graph: &Graph) {
    let edges: Vec<(usize, usize)> = graph.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let marks: Vec<bool> = graph.edges.iter().map(|edge| edge.unsure).collect();
    assert_eq!(read_mermaid(&mermaid(graph)), (edges.clone(), marks.clone()));
    assert_eq!(read_dot(&dot(graph)), (edges, marks));
    let drawing = layout(graph);
    for (name, text) in [("svg", svg(graph, &drawing, "A \"title\"")), ("file", standalone(graph, &drawing, "<title>"))]
    {
        read_svg(name, &text, graph);
    }
    let outline = text(graph);
    let lines = outline.lines().filter(|line| line.starts_with("   - ")).count();
    assert_eq!(lines, graph.edges.len(), "{outline}");
    assert!(!outline.contains(|letter: char| letter.is_control() && letter != '\n'), "{outline:?}");
}

type Read = (Vec<(usize, usize)>, Vec<bool>);

/// Reads what `mermaid` writes: a line for each node, then a line for each edge.
fn read_mermaid(text: &str) -> Read {
    let (mut nodes, mut edges, mut dashed) = (Vec::new(), Vec::new(), Vec::new());
    for line in text.lines().skip(1).map(str::trim) {
        let arrow = [" -->|\"", " -.->|\""].into_iter().find_map(|arrow| Some((line.split_once(arrow)?, arrow)));
        if let Some(((from, rest), arrow)) = arrow {
            let (label, to) = rest.split_once("\"| ").expect("the label ends");
            assert!(!label.contains(['"', '|', '<']), "{line}");
            let of = |id: &str| nodes.iter().position(|node| *node == id).expect("the node was written before");
            edges.push((of(from), of(to)));
            dashed.push(arrow.contains('.'));
        } else {
            let (id, rest) = line.split_once(['[', '(']).expect("a node has a shape");
            assert!(id.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter)), "{line}");
            assert_eq!(rest.matches('"').count(), 2, "{line}");
            nodes.push(id);
        }
    }
    (edges, dashed)
}

/// Reads what `dot` writes: quoted strings with arrows between.
fn read_dot(text: &str) -> Read {
    let (mut nodes, mut edges, mut dashed) = (Vec::new(), Vec::new(), Vec::new());
    for line in text.lines().filter(|line| line.starts_with("    \"")) {
        let (mut strings, mut bare, mut inside) = (Vec::new(), String::new(), false);
        let mut letters = line.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => {
                    inside = !inside;
                    if inside {
                        strings.push(String::new());
                    }
                }
                _ if !inside => bare.push(letter),
                _ => {
                    let string = strings.last_mut().expect("inside a string");
                    string.push(letter);
                    if letter == '\\' {
                        string.extend(letters.next());
                    }
                }
            }
        }
        assert!(!inside, "a string of {line} does not end");
        if bare.contains("->") {
            let of = |id: &String| nodes.iter().position(|node| node == id).expect("the node was written before");
            edges.push((of(&strings[0]), of(&strings[1])));
            dashed.push(bare.contains("style=dashed"));
        } else {
            nodes.push(strings.swap_remove(0));
        }
    }
    (edges, dashed)
}

/// Reads markup strictly enough to see that no word has become an element or an attribute.
#[track_caller]
fn read_svg(name: &str, text: &str, graph: &Graph) {
    let allowed = ["svg", "g", "path", "rect", "text", "a", "title", "style"];
    let mut open = Vec::new();
    let mut edges = 0;
    for tag in text.split('<').skip(1) {
        let (tag, words) = tag.split_once('>').expect("a tag ends");
        assert!(!words.contains(|letter: char| letter.is_control() && letter != '\n'), "{name}: {words:?}");
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{name} closes another element");
            continue;
        }
        let element = tag.split([' ', '/']).next().expect("a split has a first part");
        assert!(allowed.contains(&element), "{name} has an element {element:?}");
        assert!(element != "style" || name == "file");
        assert_eq!(tag.matches('"').count() % 2, 0, "{name}: {tag}");
        for attribute in tag.strip_prefix(element).expect("its first part").split('"').step_by(2) {
            let attribute = attribute.trim_matches([' ', '/', '=']).rsplit(' ').next().unwrap_or_default();
            assert!(!["id", "style", "onclick"].contains(&attribute), "{name}: {tag}");
        }
        edges += usize::from(tag.contains(" data-edge=\""));
        if !tag.ends_with('/') {
            open.push(element);
        }
    }
    assert!(open.is_empty(), "{name} leaves {open:?} open");
    assert_eq!(edges, graph.edges.len(), "{name} draws every edge");
    assert_eq!(text.matches("data-node=").count(), graph.nodes.len(), "{name} draws every node");
}

#[test]
fn exports_have_the_edges_of_the_graph() {
    read_back(&graph(6, &[(0, 1), (0, 2), (1, 3), (1, 4), (2, 4), (2, 5)]));
}

#[test]
fn hostile_words_stay_words_in_every_export() {
    read_back(&hostile());
}

#[test]
fn the_outline_numbers_questions_and_names_outcomes() {
    let graph = graph(3, &[(0, 1), (0, 2), (1, 2)]);
    let expected = "\
1. Is it so? (start)
   - Yes: question 2
   - No: Does an engineer want the role? (partly)

2. Who depends on what the team builds and how often?
   - Only once a month or so: Does an engineer want the role? (partly)

Partly  Does an engineer want the role?
";
    assert_eq!(text(&graph), expected);
}

#[test]
fn boxes_come_in_reading_order_with_full_names() {
    let graph = graph(3, &[(0, 2), (0, 1)]);
    let drawing = layout(&graph);
    let svg = svg(&graph, &drawing, "Who?");
    let names: Vec<&str> = svg.lines().filter_map(|line| line.strip_prefix("<a href=\"")?.split('"').nth(2)).collect();
    assert_eq!(
        names,
        [
            "Is it so? (question)",
            "Partly Does an engineer want the role? (outcome)",
            "No Who depends on what the team builds and how often? (outcome)"
        ]
    );
}
