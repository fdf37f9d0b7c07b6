//! Pages that nobody has read for too long (FP1001).

use crate::check::Subject;
use crate::diagnostic::{Diagnostic, code};

/// Pages whose `reviewed` lies more than `review-every` days before `today`.
pub(in crate::check) fn check(subject: &Subject<'_>, today: &str) -> Vec<Diagnostic> {
    let (Some(every), Some(today)) = (subject.site.config.review_every, day_number(today)) else { return Vec::new() };
    let documents = subject.site.pages().filter_map(|(id, _)| subject.site.document(id));
    let stale = documents.filter_map(|document| {
        let reviewed = document.front.reviewed.as_ref()?;
        let age = today - day_number(&reviewed.value)?;
        (age > i64::from(every)).then(|| {
            let message = format!("reviewed {age} days ago, where {every} are allowed");
            let help = "review it, correct what is no longer true, and set `reviewed` to today";
            Diagnostic::new(&code::STALE, reviewed.span, message).help(help)
        })
    });
    stale.collect()
}

/// Days since 1970-01-01 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`).
fn day_number(day: &str) -> Option<i64> {
    let mut parts = day.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::day_number;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day_number("1970-01-01"), Some(0));
        assert_eq!(day_number("2000-03-01"), Some(11_017));
        assert_eq!(day_number("2026-11-22"), Some(20_779));
    }
}
