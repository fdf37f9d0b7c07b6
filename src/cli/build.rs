//! `build`: read, build, publish; or say what is wrong and leave everything as it was.

use std::time::Instant;

use super::console::Console;
use super::progress::Progress;
use super::{Outcome, args, below, summary};
use crate::diagnostic::{Reported, terminal};
use crate::failure::Failure;
use crate::pipeline::{self, Options};
use crate::read;
use crate::write::{Staging, Target};

pub(super) fn run(args: &args::Build, console: &Console) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let Reported { value: inputs, findings } = read::folder(&args.root)?;
    let output = args.output.clone().unwrap_or_else(|| below(&args.root, "public"));
    // Before the work, since a folder that cannot be published to will not become one meanwhile.
    let staging = Staging::begin(Target { root: args.root.clone(), output: output.clone(), force: args.force })?;
    let options =
        Options { base_url: args.base_url.clone(), drafts: args.drafts, strict: args.strict, ..Options::default() };
    let progress = Progress::new(console, start);
    let mut built = pipeline::build(&inputs, &options, &|output| {
        progress.tick();
        staging.put(&output)
    })?;
    drop(progress);

    built.report.extend(findings);
    built.report.finish(&inputs, args.strict);
    console.note(&terminal::render(&built.report, &inputs, console.colour_notes));
    if !built.report.findings().is_empty() {
        console.note(&format!("{}\n", terminal::summary(&built.report)));
    }
    if built.report.has_errors() {
        drop(staging);
        console.note(&format!("Nothing was written: {} is as it was\n", output.display()));
        return Ok(Outcome::ContentHasErrors);
    }
    let published = staging.commit()?;
    console.note(&summary::built(&built.counts, &published, &output, start.elapsed()));
    Ok(Outcome::Done)
}
