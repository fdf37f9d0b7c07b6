//! The one place that starts another program: a browser, by the system's own command for opening an address.

use std::process::{Command, Stdio};

use crate::failure::Failure;

/// Opens an address that we made ourselves.
pub(super) fn open(address: &str) -> Result<(), Failure> {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop).map_err(|error| {
        Failure::new(format!("cannot open a browser: `{program}`: {error}")).help(format!("open {address} yourself"))
    })
}
