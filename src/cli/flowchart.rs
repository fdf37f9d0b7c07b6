//! `flowchart`: one decision on standard output, in the forms that a build publishes beside its page.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::args::{self, ChartFormat};
use super::console::Console;
use super::{ExitStatus, print};
use crate::diagnostic::{Reported, terminal};
use crate::failure::Failure;
use crate::output::Body;
use crate::pipeline::{self, Options};
use crate::read;

pub(super) fn run(args: &args::Flowchart, console: &Console) -> Result<ExitStatus, Failure> {
    let Reported { value: inputs, findings } = read::folder(&args.root)?;
    let files: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::default();
    let mut built = pipeline::build(&inputs, &Options::default(), &|output| {
        if let (Some(path), Body::Bytes(bytes)) = (output.path.strip_prefix("decisions/"), output.body) {
            files.lock().expect("no thread panics while it holds the lock").insert(path.to_owned(), bytes);
        }
        Ok(())
    })?;
    built.report.extend(findings);
    built.report.finish(&inputs, false);
    if built.report.has_errors() {
        console.note(&terminal::render(&built.report, &inputs, console.colour_notes));
        console.note(&format!("{}\n", terminal::summary(&built.report)));
        return Ok(ExitStatus::ContentHasErrors);
    }
    let files = files.into_inner().expect("no thread panics while it holds the lock");
    let slug = args.decision.trim_end_matches(".md");
    let path = match args.format {
        ChartFormat::Svg => format!("{slug}.svg"),
        ChartFormat::Mermaid => format!("{slug}.mmd"),
        ChartFormat::Dot => format!("{slug}.dot"),
        ChartFormat::Json => format!("{slug}.json"),
        ChartFormat::Text => format!("{slug}/index.md"),
    };
    match files.get(&path).filter(|_| files.contains_key(&format!("{slug}.json"))) {
        Some(bytes) => print(&String::from_utf8_lossy(bytes), console),
        None => {
            let known: Vec<&str> = files.keys().filter_map(|path| path.strip_suffix(".json")).collect();
            let failure = Failure::new(format!("no decision named `{slug}`"));
            Err(match known.as_slice() {
                [] => failure.help("a decision is a file in `content/decisions`; `fingerpost new decision` makes one"),
                known => failure.help(format!("the decisions are {}", known.join(", "))),
            })
        }
    }
}
