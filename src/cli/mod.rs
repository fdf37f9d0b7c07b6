//! The command line: arguments in, an exit code out, and what there is to say on the right stream.
//!
//! Results go to standard output, everything else to standard error. The codes are 0 for done, 1 for content with
//! errors, 2 for a command that cannot be carried out. This room joins the edges (`read`, the clock, `write`, `serve`) to the
//! [`publish`](crate::publish); it decides nothing about pages.
#![expect(clippy::disallowed_methods, reason = "this room is the edge that knows terminal, clock and environment")]

mod args;
mod build;
mod check;
mod clock;
mod completions;
mod console;
mod explain;
mod flowchart;
mod new;
mod progress;
mod schema;
mod serve;
mod summary;
mod surroundings;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;

use crate::failure::{Failure, caught};
use args::{Args, Command};
use console::Console;

/// How a command ended that could be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExitStatus {
    Done,
    ContentHasErrors,
}

/// Runs the command that `arguments` name; the first of them is the program itself.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print(); // There is nobody left to tell.
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let console = Console::new(args.color);
    let outcome = caught(|| carry_out(&args.command, &console));
    match outcome.unwrap_or_else(|said| Err(Failure::fault("this command", &said))) {
        Ok(ExitStatus::Done) => ExitCode::SUCCESS,
        Ok(ExitStatus::ContentHasErrors) => ExitCode::from(1),
        Err(failure) => {
            console.failure(&failure);
            ExitCode::from(2)
        }
    }
}

fn carry_out(command: &Command, console: &Console) -> Result<ExitStatus, Failure> {
    match command {
        Command::Build(args) => build::run(args, console),
        Command::Serve(args) => serve::run(args, console),
        Command::Check(args) => match &args.explain {
            Some(code) => explain::run(code, console),
            None => check::run(args, console),
        },
        Command::Flowchart(args) => flowchart::run(args, console),
        Command::New(what) => new::run(what, console),
        Command::Schema { of } => schema::run(*of, console),
        Command::Completions { shell } => completions::run(*shell, console),
    }
}

/// Prints a result and is done.
fn print(text: &str, console: &Console) -> Result<ExitStatus, Failure> {
    console.result(text).map(|()| ExitStatus::Done)
}

/// `path` below the site's root, as short as it can be shown.
fn below(root: &Path, path: &str) -> PathBuf {
    if root == Path::new(".") { PathBuf::from(path) } else { root.join(path) }
}
