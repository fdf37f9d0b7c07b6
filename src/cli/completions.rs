//! `completions`: what a shell needs to know of the command line.

use clap::CommandFactory as _;

use super::args::Args;
use super::console::Console;
use super::{ExitStatus, print};
use crate::failure::Failure;

pub(super) fn run(shell: clap_complete::Shell, console: &Console) -> Result<ExitStatus, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "fingerpost", &mut script);
    print(&String::from_utf8_lossy(&script), console)
}
