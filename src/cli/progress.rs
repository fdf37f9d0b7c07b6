//! One line that shows how far a long build has come, and is gone when it is done.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use super::console::Console;
use super::summary;

/// Milliseconds before anything is shown: most builds are over by then.
const SHOW_AFTER_MS: u64 = 500;
/// Milliseconds between two redraws of the line.
const REDRAW_INTERVAL_MS: u64 = 100;

/// Counts outputs, from any thread; dropping it takes the line back.
#[derive(Debug)]
pub(super) struct Progress<'a> {
    console: &'a Console,
    start: Instant,
    outputs: AtomicUsize,
    /// When the line was last drawn, in milliseconds after the start; 0 before the first time.
    drawn: AtomicU64,
}

impl<'a> Progress<'a> {
    pub(super) fn new(console: &'a Console, start: Instant) -> Self {
        Self { console, start, outputs: AtomicUsize::new(0), drawn: AtomicU64::new(0) }
    }

    /// Counts one output more.
    pub(super) fn tick(&self) {
        let count = self.outputs.fetch_add(1, Ordering::Relaxed) + 1;
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let last = self.drawn.load(Ordering::Relaxed);
        // Of all threads that find the line due, the one that says so first draws it.
        if self.console.live
            && is_due(now, last)
            && self.drawn.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            self.console.note(&format!("\r\u{1b}[KRendering {} …", summary::counted(count, "file")));
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if self.drawn.load(Ordering::Relaxed) > 0 {
            self.console.note("\r\u{1b}[K");
        }
    }
}

fn is_due(now: u64, last: u64) -> bool {
    now >= SHOW_AFTER_MS && now.saturating_sub(last) >= REDRAW_INTERVAL_MS
}

#[cfg(test)]
mod tests {
    use super::is_due;

    #[track_caller]
    fn check(now: u64, last: u64, expected: bool) {
        assert_eq!(is_due(now, last), expected);
    }

    #[test]
    fn a_short_build_shows_nothing_and_a_long_one_ten_lines_a_second() {
        check(499, 0, false);
        check(500, 0, true);
        check(599, 500, false);
        check(600, 500, true);
        check(500, 600, false);
    }
}
