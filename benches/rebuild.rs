//! How long a rebuild takes after one edit, beside a full build of the same site in the same run.
//!
//! `cargo bench --bench rebuild -- --root DIR` edits the text and then the title of ten articles, in memory, and prints
//! medians as a share of the full build's time. It measures the builder alone: no disk.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark measures time and prints its figures"
)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use fingerpost::publish::{Options, Publisher};
use fingerpost::read;
use fingerpost::source::{Inputs, Source, SourceKind};
use fingerpost::spill::InMemory;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EDITS: usize = 10;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let root = arguments.iter().position(|word| word == "--root").and_then(|at| arguments.get(at + 1));
    let root = PathBuf::from(root.map_or(".", String::as_str));
    let mut inputs = read::folder(&root).expect("the folder can be read").value;
    let pages: Vec<String> = inputs
        .iter()
        .filter(|(_, file)| file.kind == SourceKind::Content && file.path.ends_with(".md") && file.path.contains('-'))
        .map(|(_, file)| file.path.clone())
        .collect();
    let mut builder = Publisher::default();
    let full = timed(&mut builder, &inputs);
    let nothing = timed(&mut builder, &inputs);
    let step = (pages.len() / EDITS).max(1);
    let mut text = Vec::new();
    let mut title = Vec::new();
    for path in pages.iter().step_by(step).take(EDITS) {
        edit(&mut inputs, path, |text| format!("{text}\nOne more line.\n"));
        text.push(timed(&mut builder, &inputs));
        edit(&mut inputs, path, |text| text.replacen("title: ", "title: New ", 1).replacen("New \"", "\"New ", 1));
        title.push(timed(&mut builder, &inputs));
    }
    println!("full build              {:>8.1} ms", milliseconds(full));
    for (name, time) in
        [("nothing changed", nothing), ("a text changed", median(text)), ("a title changed", median(title))]
    {
        let share = 100.0 * time.as_secs_f64() / full.as_secs_f64();
        println!("{name:<23} {:>8.1} ms {share:>6.1} % of it", milliseconds(time));
    }
}

fn timed(builder: &mut Publisher, inputs: &Inputs) -> Duration {
    let start = Instant::now();
    let spill = InMemory::default();
    let build =
        builder.build(inputs, &Options::default(), &|_| Ok(()), &|_| Ok(true), &spill).expect("memory cannot fail");
    assert!(!build.report.has_errors(), "the site has errors");
    start.elapsed()
}

fn edit(inputs: &mut Inputs, path: &str, change: impl Fn(&str) -> String) {
    let id = inputs.find(path).expect("a page of the site");
    let text = change(&inputs.get(id).text);
    inputs.put(Source { path: path.to_owned(), text, kind: SourceKind::Content });
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
