//! Today, for what goes stale: by the clock, or by `SOURCE_DATE_EPOCH` where a run is to be repeated.
//!
//! <https://reproducible-builds.org/specs/source-date-epoch/>

use std::time::{SystemTime, UNIX_EPOCH};

use crate::failure::Failure;

const DAY: u64 = 24 * 60 * 60;

/// The day it is in UTC, as `YYYY-MM-DD`.
pub(super) fn today() -> Result<String, Failure> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) if !text.is_empty() => text.parse().map_err(|_| {
            Failure::new(format!("the variable SOURCE_DATE_EPOCH holds `{text}`, which is not a number of seconds"))
                .help("set it to the seconds since 1970, as `date +%s` prints them, or unset it")
        })?,
        _ => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
    };
    Ok(date(seconds / DAY))
}

/// The date of a day counted from 1970-01-01: "civil from days" of Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", for days that are not negative. Years begin in March, so that the leap day is the last of its year.
fn date(days: u64) -> String {
    let days = days.min(2_932_896) + 719_468; // up to 9999-12-31, from 0000-03-01
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year + next)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[track_caller]
    fn check(seconds: u64, expected: &str) {
        assert_eq!(date(seconds / super::DAY), expected);
    }

    #[test]
    fn days_are_counted_from_1970() {
        check(0, "1970-01-01");
        check(951_782_399, "2000-02-28");
        check(951_782_400, "2000-02-29");
        check(951_868_800, "2000-03-01");
        check(1_795_305_600, "2026-11-22");
        check(4_107_542_400, "2100-03-01");
        check(u64::MAX, "9999-12-31");
    }
}
