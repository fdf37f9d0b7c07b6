//! `check`: all that a build would say, and what is due for review; nothing is written.

use std::time::Instant;

use super::args::{self, Format};
use super::console::Console;
use super::{ExitStatus, clock, summary};
use crate::analysis;
use crate::diagnostic::{Reported, github, json, sarif, terminal};
use crate::failure::Failure;
use crate::publish::{self, Options};
use crate::read;

pub(super) fn run(args: &args::Check, console: &Console) -> Result<ExitStatus, Failure> {
    let start = Instant::now();
    let today = clock::today()?;
    let Reported { value: inputs, findings } = read::folder(&args.root)?;
    let site = analysis::Options { drafts: args.drafts, today: Some(today), ..analysis::Options::default() };
    let options = Options { site, strict: args.strict, reading: findings, ..Options::default() };
    let (report, counts) = &publish::check(&inputs, &options);
    console.result(&match args.format {
        Format::Text => terminal::render(report, &inputs, console.colour),
        Format::Json => json::render(report, &inputs),
        Format::Github => github::render(report, &inputs),
        Format::Sarif => sarif::render(report, &inputs),
    })?;
    console.note(&if report.findings().is_empty() {
        summary::clean(counts, start.elapsed())
    } else {
        format!("{}\n", terminal::summary(report))
    });
    Ok(if report.has_errors() { ExitStatus::ContentHasErrors } else { ExitStatus::Done })
}
