//! `check`: all that a build would say, and what is due for review; nothing is written.

use std::time::Instant;

use super::args::{self, Format};
use super::console::Console;
use super::progress::Progress;
use super::{ExitStatus, clock, summary};
use crate::diagnostic::{Reported, github, json, sarif, terminal};
use crate::failure::Failure;
use crate::pipeline::{self, Options};
use crate::read;

pub(super) fn run(args: &args::Check, console: &Console) -> Result<ExitStatus, Failure> {
    let start = Instant::now();
    let today = clock::today()?;
    let Reported { value: inputs, findings } = read::folder(&args.root)?;
    let options = Options { drafts: args.drafts, strict: args.strict, today: Some(today), ..Options::default() };
    let progress = Progress::new(console, start);
    let mut built = pipeline::build(&inputs, &options, &|_| {
        progress.tick();
        Ok(())
    })?;
    drop(progress);

    built.report.extend(findings);
    built.report.finish(&inputs, args.strict);
    let report = &built.report;
    console.result(&match args.format {
        Format::Text => terminal::render(report, &inputs, console.colour),
        Format::Json => json::render(report, &inputs),
        Format::Github => github::render(report, &inputs),
        Format::Sarif => sarif::render(report, &inputs),
    })?;
    console.note(&if report.findings().is_empty() {
        summary::clean(&built.counts, start.elapsed())
    } else {
        format!("{}\n", terminal::summary(report))
    });
    Ok(if report.has_errors() { ExitStatus::ContentHasErrors } else { ExitStatus::Done })
}
