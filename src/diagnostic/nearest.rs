//! "Did you mean": the right name that is nearest to a wrong one.

/// The name among `names` that `wrong` most likely stands for, or none if nothing is near.
///
/// Near means an optimal string alignment distance (insertions, deletions, substitutions, swaps of neighbours;
/// Damerau 1964) of at most a third of the longer name, or one name beginning with the other. Ties go to the first.
pub(crate) fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong: Vec<char> = wrong.to_lowercase().chars().take(100).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let right: Vec<char> = name.to_lowercase().chars().take(100).collect();
            let longer = wrong.len().max(right.len());
            let shorter = wrong.len().min(right.len());
            let bound = (longer / 3).max(1);
            let common = wrong.iter().zip(&right).take_while(|(a, b)| a == b).count();
            if common == shorter && shorter >= 4 {
                return Some(((longer - shorter).min(bound), name));
            }
            if longer - shorter > bound || shorter == 0 {
                return None;
            }
            let distance = alignment_distance(&wrong, &right);
            (distance <= bound).then_some((distance, name))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

fn alignment_distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let substituted = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = substituted.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[track_caller]
    fn check(wrong: &str, names: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(wrong, names.iter().copied()), expected);
    }

    #[test]
    fn a_letter_missing_or_swapped_is_forgiven() {
        check("Deploymnt", &["Design", "Deployment"], Some("Deployment"));
        check("sumamry", &["title", "summary"], Some("summary"));
    }

    #[test]
    fn a_beginning_finds_the_whole() {
        check("value-drift-risk", &["tunnel-vision", "value-drift"], Some("value-drift"));
    }

    #[test]
    fn nothing_near_is_said_as_nothing() {
        check("colour", &["title", "summary"], None);
        check("", &["a"], None);
    }
}
