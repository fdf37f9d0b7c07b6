//! "Did you mean": the right name that is nearest to a wrong one.

use std::cell::Cell;
use std::collections::BTreeMap;

/// The name among `names` that `wrong` most likely stands for, or none if nothing is near.
///
/// Near means an optimal string alignment distance (insertions, deletions, substitutions, swaps of neighbours;
/// Damerau 1964) of at most a third of the longer name and at most five, or one name beginning with the other. Ties go
/// to the first.
pub(crate) fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = letters(wrong);
    let distances = names.into_iter().filter_map(|name| Some((distance(&wrong, &letters(name))?, name)));
    distances.min_by_key(|&(distance, _)| distance).map(|(_, name)| name)
}

/// How many names may still be looked at for suggestions. Every wrong name is held against all right ones, so that a site
/// with ten thousand of each would take minutes; those who have so many mistakes can do with the first suggestions.
#[derive(Debug)]
pub(crate) struct Effort(Cell<usize>);

impl Default for Effort {
    fn default() -> Self {
        Self(Cell::new(1_000_000))
    }
}

impl Effort {
    /// Whether any is left.
    pub(crate) fn is_left(&self) -> bool {
        self.0.get() > 0
    }

    /// The names that there is effort left for.
    fn spend_on<I>(&self, names: impl IntoIterator<Item = I>) -> impl Iterator<Item = I> {
        names.into_iter().take_while(|_| {
            self.0.set(self.0.get().saturating_sub(1));
            self.is_left()
        })
    }

    /// The same as [`nearest`], as long as there is effort left.
    pub(crate) fn nearest<'a>(&self, wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        if self.is_left() { nearest(wrong, self.spend_on(names)) } else { None }
    }
}

/// Many names, asked often: only those that begin with the same letter are compared, as a slip rarely hits the first.
pub(crate) struct NameIndex<'a, T> {
    by_first: BTreeMap<char, Vec<Candidate<'a, T>>>,
}

struct Candidate<'a, T> {
    letters: Vec<char>,
    name: &'a str,
    value: T,
}

impl<'a, T: Copy> NameIndex<'a, T> {
    /// An index of names, each with something that belongs to it.
    pub(crate) fn new(names: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let mut by_first: BTreeMap<char, Vec<Candidate<'a, T>>> = BTreeMap::new();
        for (name, value) in names {
            let letters = letters(name);
            if let Some(&first) = letters.first() {
                by_first.entry(first).or_default().push(Candidate { letters, name, value });
            }
        }
        Self { by_first }
    }

    /// The nearest name and what belongs to it, as long as there is effort left.
    pub(crate) fn nearest(&self, wrong: &str, effort: &Effort) -> Option<(&'a str, T)> {
        let wrong = letters(wrong);
        let candidates = self.by_first.get(wrong.first()?).filter(|_| effort.is_left())?;
        let near = effort
            .spend_on(candidates)
            .filter_map(|candidate| Some((distance(&wrong, &candidate.letters)?, candidate)));
        near.min_by_key(|&(distance, _)| distance).map(|(_, candidate)| (candidate.name, candidate.value))
    }
}

fn letters(name: &str) -> Vec<char> {
    name.to_lowercase().chars().take(100).collect()
}

/// How far apart two names are, if they are near.
fn distance(wrong: &[char], right: &[char]) -> Option<usize> {
    let (longer, shorter) = (wrong.len().max(right.len()), wrong.len().min(right.len()));
    let bound = (longer / 3).clamp(1, 5);
    let common = wrong.iter().zip(right).take_while(|(a, b)| a == b).count();
    if common == shorter && shorter >= 4 {
        return Some((longer - shorter).min(bound));
    }
    if longer - shorter > bound || shorter == 0 {
        return None;
    }
    alignment_distance(wrong, right, bound).filter(|&distance| distance <= bound)
}

/// The distance if it is at most `bound`; cells that lie further from the diagonal cannot matter (Ukkonen 1985).
#[expect(
    clippy::indexing_slicing,
    reason = "`i` and `j` count the letters of `a` and `b` from 1, and a row has one cell more than `b` has letters"
)]
fn alignment_distance(a: &[char], b: &[char], bound: usize) -> Option<usize> {
    let far = bound + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).map(|j| j.min(far)).collect();
    for i in 1..=a.len() {
        let mut row = vec![far; b.len() + 1];
        row[0] = i.min(far);
        let band = i.saturating_sub(bound).max(1)..=(i + bound).min(b.len());
        let mut least = row[0];
        for j in band {
            let substituted = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = substituted.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row[j] = best.min(far);
            least = least.min(row[j]);
        }
        if least > bound {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    Some(above[b.len()])
}

#[cfg(test)]
mod tests {
    use super::{Effort, nearest};

    #[track_caller]
    fn check(wrong: &str, names: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(wrong, names.iter().copied()), expected);
    }

    #[test]
    fn a_letter_missing_or_swapped_is_forgiven() {
        check("Deploymnt", &["Design", "Deployment"], Some("Deployment"));
        check("sumamry", &["title", "summary"], Some("summary"));
        check("trust", &["truth", "turst"], Some("turst"));
    }

    #[test]
    fn a_beginning_finds_the_whole() {
        check("value-drift-risk", &["tunnel-vision", "value-drift"], Some("value-drift"));
    }

    #[test]
    fn effort_comes_to_an_end() {
        let effort = Effort::default();
        let names: Vec<String> = (0..600_000).map(|at| format!("name-{at}")).collect();
        let nearest = |wrong| effort.nearest(wrong, names.iter().map(String::as_str));
        assert_eq!(nearest("nam-7"), Some("name-7"));
        assert_eq!(nearest("nam-399998"), Some("name-399998"), "it is looked at as far as the effort goes");
        assert_eq!(nearest("nam-7"), None);
    }

    #[test]
    fn nothing_near_is_said_as_nothing() {
        check("colour", &["title", "summary"], None);
        check("", &["a"], None);
    }
}
