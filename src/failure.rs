//! A broken world: what could not be done, why, and a way out.
//!
//! Only edge rooms make these (disk, network, arguments); what is wrong with the content is a
//! [`crate::diagnostic::Diagnostic`] instead. The command line turns a failure into exit code 2.

use std::fmt;
use std::path::Path;

/// Why a lock is not poisoned: for `lock().expect(…)`.
pub(crate) const NO_PANIC: &str = "no thread panics while it holds the lock";

/// Why text can be written to a `String` without an error: for `write!(…).expect(…)`.
pub(crate) const INFALLIBLE: &str = "writing to a string cannot fail";

/// Why a command could not be carried out.
#[derive(Debug)]
pub struct Failure {
    /// What could not be done, and why, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Failure {
    /// A failure with nothing to add.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// "cannot `doing` `path`: why", from an error of the operating system.
    #[must_use]
    pub fn io(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {doing} {}: {error}", path.display()))
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
