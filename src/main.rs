//! `fingerpost`: arguments in, an exit code out; everything else is in the library.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(clippy::disallowed_methods, reason = "this is where the arguments come from")]
fn main() -> ExitCode {
    fingerpost::cli::run(std::env::args_os())
}
