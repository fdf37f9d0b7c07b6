//! The last line of a run: what there was, and what became of it.

use std::path::Path;
use std::time::Duration;

use crate::output::Counts;
use crate::write::Published;

/// "Built 59 articles, 143 pages, 46 terms in 0.21 s: 312 files (12 written, 300 unchanged) in public".
pub(super) fn built(counts: &Counts, published: &Published, output: &Path, took: Duration) -> String {
    let mut files = format!("{} written, {} unchanged", number(published.written), number(published.unchanged));
    if published.removed > 0 {
        files += ", ";
        files += &number(published.removed);
        files += " removed";
    }
    format!(
        "Built {}, {}, {} in {}: {} ({files}) in {}\n",
        counted(counts.articles, "article"),
        counted(counts.pages, "page"),
        counted(counts.terms, "term"),
        seconds(took),
        counted(published.files, "file"),
        output.display(),
    )
}

/// "No findings: 59 articles, 612 links checked in 0.10 s".
pub(super) fn clean(counts: &Counts, took: Duration) -> String {
    let (articles, links) = (counted(counts.articles, "article"), counted(counts.links, "link"));
    format!("No findings: {articles}, {links} checked in {}\n", seconds(took))
}

/// `1 page`, `4,120 pages`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", number(count), if count == 1 { "" } else { "s" })
}

/// Digits in threes.
pub(super) fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `0.21 s`.
pub(super) fn seconds(took: Duration) -> String {
    let took = took.as_secs_f64();
    if took < 10.0 { format!("{took:.2} s") } else { format!("{took:.0} s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(published: &Published, expected: &str) {
        let counts = Counts { articles: 1, pages: 1_430, terms: 0, links: 612, outputs: 312 };
        assert_eq!(built(&counts, published, Path::new("public"), Duration::from_millis(214)), expected);
    }

    #[test]
    fn a_build_says_what_it_did_with_the_files() {
        check(
            &Published { files: 312, written: 12, unchanged: 300, removed: 0, bytes: 9, notes: vec![] },
            "Built 1 article, 1,430 pages, 0 terms in 0.21 s: 312 files (12 written, 300 unchanged) in public\n",
        );
        check(
            &Published { files: 1, written: 0, unchanged: 1, removed: 2, bytes: 9, notes: vec![] },
            "Built 1 article, 1,430 pages, 0 terms in 0.21 s: 1 file (0 written, 1 unchanged, 2 removed) in public\n",
        );
    }

    #[test]
    fn numbers_are_read_in_threes() {
        let numbers = [0, 999, 1_000, 1_234_567].map(number);
        assert_eq!(numbers, ["0", "999", "1,000", "1,234,567"]);
    }
}
