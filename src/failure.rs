//! A broken world: what could not be done, why, and a way out.
//!
//! Only edge rooms make these (disk, network, arguments); what is wrong with the content is a
//! [`crate::diagnostic::Diagnostic`] instead. The command line turns a failure into exit code 2.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::Path;
use std::sync::Once;

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

    /// A fault of the program that was met `doing` something; `said` is what it said.
    pub(crate) fn fault(doing: &str, said: &str) -> Self {
        Self::new(format!("{doing} ended in a fault of Fingerpost: {said}"))
            .help("this is no mistake of yours: please report it, with these words")
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

thread_local! {
    /// Whether this thread does work of which a panic is caught, and what the last one said.
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does some work. A panic in it ends the work and nothing else: what it said, and where in the program, is given back.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let is_caught = CAUGHT.with_borrow_mut(|said| said.as_mut().map(|said| *said = described(panic)).is_some());
            if !is_caught {
                usual(panic);
            }
        }));
    });
    let outer = CAUGHT.replace(Some(String::new()));
    // What the work leaves half done is its own, or is not looked at after a panic.
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    let said = CAUGHT.replace(outer).unwrap_or_default();
    // Where another thread of the pool panicked, only what it said came here.
    done.map_err(|payload| if said.is_empty() { words(&*payload).to_owned() } else { said })
}

/// "index out of bounds (src/a.rs:7)"
fn described(panic: &PanicHookInfo<'_>) -> String {
    let words = words(panic.payload());
    panic.location().map_or_else(|| words.to_owned(), |at| format!("{words} ({}:{})", at.file(), at.line()))
}

fn words(payload: &(dyn Any + Send)) -> &str {
    let words = payload.downcast_ref::<&str>().copied();
    words.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without words")
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[test]
    fn a_panic_is_given_back_with_its_place_and_one_inside_another_too() {
        assert_eq!(caught(|| 7), Ok(7));
        let said = caught::<()>(|| panic!("no such page")).unwrap_err();
        assert!(said.starts_with("no such page (src/failure.rs:"), "{said}");
        let outer = caught(|| {
            let inner = caught::<()>(|| panic!("inner")).unwrap_err();
            panic!("after {inner:.5}");
        });
        assert!(outer.map_err(|said: String| said.starts_with("after inner (")).is_err_and(|right: bool| right));
    }

    #[test]
    fn what_another_thread_of_the_pool_said_comes_through() {
        let in_parallel = || rayon::join(|| (), || std::thread::scope(|_| panic!("elsewhere")));
        let said = caught(in_parallel).unwrap_err();
        assert!(said.starts_with("elsewhere"), "{said}");
    }
}
