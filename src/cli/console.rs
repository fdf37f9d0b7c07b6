//! The two streams, and whether each may be coloured.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal as _, Stderr, Stdout, Write as _};

use clap::ColorChoice;

use crate::failure::Failure;

/// Where a command prints.
#[derive(Debug)]
pub(super) struct Console {
    out: Stdout,
    err: Stderr,
    /// Whether standard output may be coloured.
    pub(super) colour: bool,
    /// Whether standard error may be.
    pub(super) colour_notes: bool,
    /// Whether standard error is a terminal that can take back what it shows.
    pub(super) live: bool,
}

impl Console {
    /// The streams of this process, coloured as its user wants.
    pub(super) fn new(choice: ColorChoice) -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let refused = set("NO_COLOR").is_some();
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        let (out, err) = (io::stdout(), io::stderr());
        let live = err.is_terminal() && !dumb;
        let colour = is_coloured(choice, out.is_terminal() && !dumb, refused);
        let colour_notes = is_coloured(choice, live, refused);
        Self { out, err, colour, colour_notes, live }
    }

    /// Prints what was asked for, on standard output. A closed pipe is no error: whoever stops reading, as `head` does, has read enough.
    pub(super) fn result(&self, text: &str) -> Result<(), Failure> {
        let mut out = self.out.lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::new(format!("cannot write to standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Prints anything else, on standard error. If that fails, there is nobody left to tell.
    pub(super) fn note(&self, text: &str) {
        let mut err = self.err.lock();
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// Says what its user should know of a command that was carried out.
    pub(super) fn remark(&self, text: &str) {
        let word = if self.colour_notes { "\u{1b}[1;34mnote\u{1b}[0m" } else { "note" };
        self.note(&format!("{word}: {}\n", harmless(text)));
    }

    /// Says why a command could not be carried out, and the way out.
    pub(super) fn failure(&self, failure: &Failure) {
        let word = if self.colour_notes { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" };
        let mut text = format!("{word}: {}\n", harmless(&failure.message));
        if let Some(help) = &failure.help {
            let word = if self.colour_notes { "\u{1b}[1;36mhelp\u{1b}[0m" } else { "help" };
            let _ = writeln!(text, "{word}: {}", harmless(help)); // writing to a text cannot fail
        }
        self.note(&text);
    }
}

fn is_coloured(choice: ColorChoice, able: bool, refused: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => able && !refused,
    }
}

/// Without characters that could steer a terminal: messages name files, and files may be called anything.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(choice: ColorChoice, able: bool, refused: bool, expected: bool) {
        assert_eq!(is_coloured(choice, able, refused), expected);
    }

    #[test]
    fn colour_is_for_terminals_whose_users_want_it() {
        check(ColorChoice::Auto, true, false, true);
        check(ColorChoice::Auto, true, true, false);
        check(ColorChoice::Auto, false, false, false);
    }

    #[test]
    fn an_argument_weighs_more_than_the_surroundings() {
        check(ColorChoice::Always, false, true, true);
        check(ColorChoice::Never, true, false, false);
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\nc");
    }
}
