//! Our layout against Graphviz' `dot`: the same charts, boxes and labels for both, drawn in the same run, judged by the
//! same geometry and timed in pairs. `benches/flowchart/run` calls it; the README beside it says what the columns mean.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::disallowed_methods, reason = "it reads the project's content and runs dot")]
#![expect(clippy::cast_precision_loss, reason = "counts and pixels are small")]
#![expect(clippy::indexing_slicing, reason = "a benchmark that cannot go on ends")]

mod charts;
mod dot;
mod judge;

#[expect(dead_code, reason = "the benchmark draws and does not write")]
#[path = "../../src/flowchart/mod.rs"]
mod flowchart;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use charts::Chart;
use judge::{Picture, Stroke, Verdict};

/// How often a chart is drawn by both.
const ROUNDS: usize = 7;

/// What both made of a chart; times are medians in milliseconds, those of dot without its start.
struct Result {
    ours: Verdict,
    dot: Verdict,
    our_time: f64,
    dot_time: f64,
    ratio: f64,
}

fn main() -> std::result::Result<ExitCode, Box<dyn Error>> {
    if let Err(error) = dot::layout("digraph {}") {
        return Err(
            format!("`dot` does not run ({error}); benches/flowchart/run --install installs it on Debian").into()
        );
    }
    println!("{:<34} {:>11}  {:>9}  {:>9}  {:>7}", "", "crossings", "faults", "ms", "time");
    println!(
        "{:<34} {:>5} {:>5}  {:>4} {:>4}  {:>9}  {:>7}",
        "chart (nodes, answers)", "ours", "dot", "ours", "dot", "ours", "to dot"
    );
    let mut all: Vec<(Chart, Result)> = Vec::new();
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    for chart in charts::all()?.into_iter().filter(|chart| chart.name.contains(&wanted)) {
        let result = compare(&chart)?;
        let name = format!("{} ({}, {})", chart.name, chart.graph.nodes.len(), chart.graph.edges.len());
        let Result { ours, dot, our_time, ratio, .. } = &result;
        println!(
            "{name:<34} {:>5} {:>5}  {:>4} {:>4}  {our_time:>9.2}  {ratio:>7.2}",
            ours.crossings,
            dot.crossings,
            ours.faults(),
            dot.faults(),
        );
        all.push((chart, result));
    }
    Ok(if summary(&all) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn compare(chart: &Chart) -> std::result::Result<Result, Box<dyn Error>> {
    let drawing = flowchart::layout(&chart.graph);
    let source = dot::source(&chart.graph, &drawing);
    let ours = judge::judge(&ours(&chart.graph, &drawing));
    let dot = judge::judge(&dot::picture(&chart.graph, &drawing, &dot::layout(&source)?)?);
    let mut times: Vec<(f64, f64)> = Vec::new();
    for _ in 0..ROUNDS {
        let our_time = milliseconds(|| {
            flowchart::layout(&chart.graph);
            Ok(())
        })?;
        let whole = milliseconds(|| dot::layout(&source).map(drop))?;
        let start = milliseconds(|| dot::layout("digraph {}").map(drop))?;
        times.push((our_time, whole - start));
    }
    let of = |pick: fn(&(f64, f64)) -> f64| median(times.iter().map(pick).collect());
    let least = times.iter().map(|pair| pair.0).fold(f64::INFINITY, f64::min);
    let (our_time, dot_time, ratio) = (least, of(|pair| pair.1), of(|pair| pair.0 / pair.1));
    Ok(Result { ours, dot, our_time, dot_time, ratio })
}

fn milliseconds(work: impl FnOnce() -> std::io::Result<()>) -> std::io::Result<f64> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Our drawing as the judge sees it.
fn ours(graph: &flowchart::Graph, drawing: &flowchart::drawing::Drawing) -> Picture {
    let area = |area: &flowchart::drawing::TextBox| {
        let [left, top, width, height] = [area.left, area.top, area.width, area.height].map(f64::from);
        [left, top, left + width, top + height]
    };
    let strokes = graph.edges.iter().zip(&drawing.edges).map(|(edge, line)| Stroke {
        from: edge.from,
        to: edge.to,
        points: line.points.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).collect(),
        label: area(&line.label),
    });
    Picture { nodes: drawing.nodes.iter().map(area).collect(), strokes: strokes.collect() }
}

/// Prints what the charts show together; whether what the project promises of its layout holds.
fn summary(all: &[(Chart, Result)]) -> bool {
    let sum = |pick: fn(&Result) -> usize| all.iter().map(|(_, result)| pick(result)).sum::<usize>();
    let (ours, dot) = (sum(|result| result.ours.crossings), sum(|result| result.dot.crossings));
    let share = |result: &Result| result.ours.crossings as f64 / result.dot.crossings.max(1) as f64;
    let (worst, most) = all
        .iter()
        .map(|(chart, result)| (chart.name.as_str(), share(result)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or_default();
    let small = || all.iter().filter(|(chart, _)| chart.graph.nodes.len() <= 160);
    let faults: usize = small().map(|(_, result)| result.ours.faults()).sum();
    let trees: usize = all.iter().filter(|(chart, _)| chart.tree).map(|(_, result)| result.ours.crossings).sum();
    println!(
        "\ncrossings: {ours} to dot's {dot}, {:.2} of them; most on one chart: {most:.2} ({worst})",
        ours as f64 / dot as f64
    );
    println!("crossings in trees: {trees}");
    println!(
        "faults up to 160 nodes: {faults}; in all charts {} to dot's {}",
        sum(|r| r.ours.faults()),
        sum(|r| r.dot.faults())
    );
    for part in Verdict::FAULTS {
        let of = |pick: fn(&Result) -> &Verdict| all.iter().map(|(_, result)| pick(result).fault(part)).sum::<usize>();
        println!("  {part}: {} to {}", of(|result| &result.ours), of(|result| &result.dot));
    }
    let times = |pick: fn(&Result) -> f64| all.iter().map(|(_, result)| pick(result)).sum::<f64>();
    println!(
        "time: {:.0} ms to dot's {:.0} ms (its start left out), {:.2} of it",
        times(|result| result.our_time),
        times(|result| result.dot_time),
        times(|result| result.our_time) / times(|result| result.dot_time),
    );
    faults == 0 && trees == 0 && ours * 10 <= dot * 9 && most <= 1.1
}
