//! `build`: read, build, publish; or say what is wrong and leave everything as it was.

use std::fs::File;
use std::io::Read as _;
use std::time::Instant;

use super::console::Console;
use super::progress::Progress;
use super::{ExitStatus, args, below, summary, surroundings};
use crate::analysis;
use crate::diagnostic::{Reported, terminal};
use crate::failure::Failure;
use crate::hash::Hashing;
use crate::publish::{Options, Publisher, Why};
use crate::read;
use crate::write::{Staging, Target};

/// How much of the program is read at once, in bytes.
const CHUNK: usize = 256 * 1024;

pub(super) fn run(args: &args::Build, console: &Console) -> Result<ExitStatus, Failure> {
    let start = Instant::now();
    let Reported { value: inputs, findings } = read::folder(&args.root)?;
    let output = args.output.clone().unwrap_or_else(|| below(&args.root, "public"));
    // Before the work, since a folder that cannot be published to will not become one meanwhile.
    let staging = Staging::begin(Target {
        root: args.root.clone(),
        output: output.clone(),
        force: args.force,
        strict: args.strict,
        unattended: surroundings::is_ci(),
        cache: surroundings::cache_folder(),
    })?;
    let program = program();
    let options = Options {
        site: analysis::Options {
            base_url: args.base_url.clone(),
            drafts: args.drafts,
            ..analysis::Options::default()
        },
        strict: args.strict,
        reading: findings,
        why: args.why.clone(),
        program: program.unwrap_or_default(),
    };
    // What another program remembers may be what this one would never have made.
    let remembered = program.and_then(|_| staging.previous_trace()).unwrap_or_default();
    let mut publisher = Publisher::remembering(&remembered);
    let progress = Progress::new(console, start);
    let put = |output| {
        progress.tick();
        staging.put(&output)
    };
    let keep = |paths: &[String]| {
        progress.tick();
        staging.keep(paths)
    };
    let built = publisher.build(&inputs, &options, &put, &keep, &staging.spill())?;
    drop(progress);

    console.note(&terminal::render(&built.report, &inputs, console.colour_notes));
    if !built.report.findings().is_empty() {
        console.note(&format!("{}\n", terminal::summary(&built.report)));
    }
    if built.report.has_errors() {
        drop(staging);
        console.note(&format!("Nothing was written: {} is as it was\n", output.display()));
        return Ok(ExitStatus::ContentHasErrors);
    }
    let remember = match (staging.remembers(), built.up_to_date) {
        (false, _) => Vec::new(),
        (true, true) => remembered,
        (true, false) => publisher.remember(),
    };
    let totals = staging.commit(&remember)?;
    if let Some(why) = built.why {
        let page = args.why.as_deref().unwrap_or_default();
        match why {
            Why::Because(why) => console.result(&format!("{page} {why}\n"))?,
            Why::NoSuchPage => {
                return Err(Failure::new(format!("cannot say why: there is no page at {page}"))
                    .help("give the address of a page, such as /risks/burnout/; the site itself was published"));
            }
        }
    }
    for note in &totals.notes {
        console.remark(note);
    }
    console.note(&summary::built(&built.counts, &totals, &output, start.elapsed()));
    // The system takes all memory back at once, which is quicker than giving it back piece by piece.
    std::mem::forget((inputs, publisher));
    Ok(ExitStatus::Done)
}

/// A fingerprint of the program itself; none where it cannot read itself.
fn program() -> Option<u64> {
    let mut file = File::open(std::env::current_exe().ok()?).ok()?;
    let (mut hashing, mut chunk) = (Hashing::new(), vec![0; CHUNK]);
    loop {
        match file.read(&mut chunk).ok()? {
            0 => return Some(hashing.finish().value()),
            count => hashing.update(chunk.get(..count)?),
        }
    }
}
