//! What a client has already, and which part it asks for: conditions and ranges by RFC 9110, sections 8.8, 13 and 14.

use std::fs::Metadata;
use std::ops::Range;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hyper::header::{
    HeaderMap, HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE,
};

use crate::hash::Hash;

/// Within this time, a file may have changed twice and show the same times: the coarsest clock of a file system, FAT's.
const CLOCK_GRANULARITY: Duration = Duration::from_secs(2);

/// What tells one state of a representation from another.
#[derive(Debug)]
pub(super) struct Validators {
    tag: EntityTag,
    /// When it changed last, in seconds since 1970; none where that is not known, or still to come.
    modified: Option<u64>,
}

/// An entity tag: the same tag means the same bytes, or, where it is weak, bytes that will do.
#[derive(Debug)]
struct EntityTag {
    opaque: String,
    weak: bool,
}

/// What a client is to get of a representation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Whole,
    Part(Range<u64>),
    /// Nothing: it has it.
    NotModified,
    /// Nothing: it is another than the client wants to deal with.
    PreconditionFailed,
    /// Nothing: there is no such part.
    Unsatisfiable,
}

impl Validators {
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        let opaque = format!("{:016x}", Hash::of(bytes).value());
        Self { tag: EntityTag { opaque, weak: false }, modified: None }
    }

    /// Tells the states of a file apart without reading it, as what was looked up at the time `now` shows them.
    pub(super) fn of_file(found: &Metadata, now: SystemTime) -> Self {
        let modified = found.modified().ok();
        let (identity, changed) = identity(found);
        // A program may give a file any time of modification; when it changed, the system says alone.
        let is_settled = |time: SystemTime| now.duration_since(time).is_ok_and(|age| age > CLOCK_GRANULARITY);
        let strong = [modified, changed].into_iter().all(|time| time.is_some_and(is_settled));
        let state = format!("{} {modified:?} {changed:?} {identity:?}", found.len());
        let opaque = format!("{:016x}", Hash::of(state.as_bytes()).value());
        let modified = modified.filter(|&time| time <= now).and_then(seconds);
        Self { tag: EntityTag { opaque, weak: !strong }, modified }
    }

    /// The value of `ETag`.
    pub(super) fn tag(&self) -> String {
        let EntityTag { opaque, weak } = &self.tag;
        format!("{}\"{opaque}\"", if *weak { "W/" } else { "" })
    }

    /// The value of `Last-Modified`.
    pub(super) fn last_modified(&self) -> Option<String> {
        Some(httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(self.modified?)))
    }

    /// What somebody who sent these headers is to get of a representation that has this many bytes; `get` says whether
    /// the bytes are wanted, or only what is to be said of them. The order is that of section 13.2.2.
    pub(super) fn judge(&self, asked: &HeaderMap, get: bool, length: u64) -> Verdict {
        let since = |name| single(asked, name).and_then(|date| httpdate::parse_http_date(date).ok()).and_then(seconds);
        let is_newer = |name| Some(self.modified? > since(name)?);
        let matches = |name, weakly| asked.contains_key(&name).then(|| self.is_listed(asked, &name, weakly));

        if !matches(IF_MATCH, false).unwrap_or_else(|| is_newer(IF_UNMODIFIED_SINCE) != Some(true)) {
            return Verdict::PreconditionFailed;
        }
        if matches(IF_NONE_MATCH, true).unwrap_or_else(|| is_newer(IF_MODIFIED_SINCE) == Some(false)) {
            return Verdict::NotModified;
        }
        // A date is no strong validator: the file may have changed twice within that second.
        let is_that = |tag: &str| !self.tag.weak && tag == self.tag();
        let may_be_part = !asked.contains_key(IF_RANGE) || single(asked, IF_RANGE).is_some_and(is_that);
        match single(asked, RANGE).filter(|_| get && may_be_part) {
            Some(range) => part(range, length),
            None => Verdict::Whole,
        }
    }

    /// Whether a list of entity tags holds this one, or is `*`.
    fn is_listed(&self, asked: &HeaderMap, name: &HeaderName, weakly: bool) -> bool {
        let is_this = |(weak, opaque): (bool, &[u8])| {
            opaque == self.tag.opaque.as_bytes() && (weakly || !(weak || self.tag.weak))
        };
        let values = asked.get_all(name);
        values.iter().any(|value| value.as_bytes().trim_ascii() == b"*" || tags(value.as_bytes()).any(is_this))
    }
}

/// Which file it is, and when the system last saw a change of it.
#[cfg(unix)]
fn identity(found: &Metadata) -> ((u64, u64), Option<SystemTime>) {
    use std::os::unix::fs::MetadataExt as _;
    let seconds = u64::try_from(found.ctime()).ok().map(Duration::from_secs);
    let nanos = u64::try_from(found.ctime_nsec()).map_or(Duration::ZERO, Duration::from_nanos);
    ((found.dev(), found.ino()), seconds.and_then(|seconds| UNIX_EPOCH.checked_add(seconds + nanos)))
}

/// Not known here.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> ((u64, u64), Option<SystemTime>) {
    ((0, 0), None)
}

/// A time as `Last-Modified` can say it.
fn seconds(time: SystemTime) -> Option<u64> {
    Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// The value of a header that is there once.
fn single(asked: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = asked.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The entity tags of a list, each whether it is weak and what it says; up to the first thing that is none.
fn tags(list: &[u8]) -> impl Iterator<Item = (bool, &[u8])> {
    let mut rest = list;
    std::iter::from_fn(move || {
        while let [b' ' | b'\t' | b',', after @ ..] = rest {
            rest = after;
        }
        let (weak, quoted) = rest.strip_prefix(b"W/").map_or((false, rest), |quoted| (true, quoted));
        let opaque = quoted.strip_prefix(b"\"")?;
        let mut parts = opaque.splitn(2, |&byte| byte == b'"');
        let tag = parts.next()?;
        rest = parts.next()?;
        Some((weak, tag))
    })
}

/// The part that a `Range` asks for. Several parts, other units and what is no range mean the whole.
fn part(range: &str, length: u64) -> Verdict {
    let set = range.split_once('=').filter(|(unit, _)| unit.eq_ignore_ascii_case("bytes")).map_or("", |(_, set)| set);
    let mut specs = set.split(',').map(|spec| spec.trim_matches([' ', '\t'])).filter(|spec| !spec.is_empty());
    let (Some(spec), None) = (specs.next(), specs.next()) else { return Verdict::Whole };
    match spec.split_once('-').map(|(first, last)| (first, number(first), last, number(last))) {
        Some(("", _, _, Some(0))) => Verdict::Unsatisfiable,
        // The last bytes of nothing are nothing, which no part can be.
        Some(("", _, _, Some(_))) if length == 0 => Verdict::Whole,
        Some(("", _, _, Some(suffix))) => Verdict::Part(length.saturating_sub(suffix)..length),
        Some((_, Some(first), "", _)) if first < length => Verdict::Part(first..length),
        Some((_, Some(first), _, Some(last))) if first <= last && first < length => {
            Verdict::Part(first..last.saturating_add(1).min(length))
        }
        Some((_, Some(_), "", _)) => Verdict::Unsatisfiable,
        Some((_, Some(first), _, Some(last))) if first <= last => Verdict::Unsatisfiable,
        _ => Verdict::Whole,
    }
}

/// A number of digits; one too large to be said is larger than any file.
fn number(digits: &str) -> Option<u64> {
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    /// What somebody gets who sends these headers, where there are ten bytes with the tag `"a,b"` (weak or not) of
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    #[track_caller]
    fn check(weak: bool, headers: &[(HeaderName, &str)], expected: &Verdict) {
        let validators = Validators { tag: EntityTag { opaque: "a,b".to_owned(), weak }, modified: Some(784_111_777) };
        let mut asked = HeaderMap::new();
        for (name, value) in headers {
            asked.append(name, HeaderValue::from_str(value).unwrap());
        }
        assert_eq!(validators.judge(&asked, true, 10), *expected, "{headers:?}");
    }

    const THEN: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

    #[test]
    fn what_is_known_is_not_sent_again() {
        for known in ["\"a,b\"", "W/\"a,b\"", "*", " * ", "\"x\", \"a,b\"", ",W/\"x\" ,\tW/\"a,b\",", "\"x\"\"a,b\""] {
            check(false, &[(IF_NONE_MATCH, known)], &Verdict::NotModified);
            check(true, &[(IF_NONE_MATCH, known)], &Verdict::NotModified);
        }
        for other in ["", "\"x\"", "a,b", "w/\"a,b\"", "\"a\"", "\"a,b", "x, \"a,b\"", "\"*\""] {
            check(false, &[(IF_NONE_MATCH, other)], &Verdict::Whole);
        }
        check(false, &[(IF_NONE_MATCH, "\"x\""), (IF_NONE_MATCH, "\"a,b\"")], &Verdict::NotModified);
        check(false, &[(IF_MODIFIED_SINCE, THEN)], &Verdict::NotModified);
        check(false, &[(IF_MODIFIED_SINCE, "Sunday, 06-Nov-94 08:49:37 GMT")], &Verdict::NotModified);
        check(false, &[(IF_MODIFIED_SINCE, BEFORE)], &Verdict::Whole);
        check(false, &[(IF_MODIFIED_SINCE, "yesterday")], &Verdict::Whole);
        check(false, &[(IF_MODIFIED_SINCE, THEN), (IF_MODIFIED_SINCE, THEN)], &Verdict::Whole);
        check(false, &[(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, THEN)], &Verdict::Whole);
    }

    #[test]
    fn who_wants_one_state_does_not_get_another() {
        check(false, &[(IF_MATCH, "\"x\", \"a,b\"")], &Verdict::Whole);
        check(false, &[(IF_MATCH, "*")], &Verdict::Whole);
        check(true, &[(IF_MATCH, "W/\"a,b\"")], &Verdict::PreconditionFailed);
        check(false, &[(IF_MATCH, "W/\"a,b\"")], &Verdict::PreconditionFailed);
        check(false, &[(IF_MATCH, "\"x\""), (IF_UNMODIFIED_SINCE, THEN)], &Verdict::PreconditionFailed);
        check(false, &[(IF_MATCH, "\"a,b\""), (IF_UNMODIFIED_SINCE, BEFORE)], &Verdict::Whole);
        check(false, &[(IF_UNMODIFIED_SINCE, THEN)], &Verdict::Whole);
        check(false, &[(IF_UNMODIFIED_SINCE, BEFORE)], &Verdict::PreconditionFailed);
        check(false, &[(IF_MATCH, "\"a,b\""), (IF_NONE_MATCH, "\"a,b\"")], &Verdict::NotModified);
        check(false, &[(IF_NONE_MATCH, "\"a,b\""), (RANGE, "bytes=0-0")], &Verdict::NotModified);
    }

    #[test]
    fn one_range_of_bytes_is_a_part() {
        for (range, expected) in [
            ("bytes=0-0", 0..1),
            ("bytes=2-4", 2..5),
            ("Bytes= 2-4 ,", 2..5),
            ("bytes=9-", 9..10),
            ("bytes=0-99999999999999999999", 0..10),
            ("bytes=-3", 7..10),
            ("bytes=-99999999999999999999", 0..10),
        ] {
            check(false, &[(RANGE, range)], &Verdict::Part(expected));
        }
        for range in ["bytes=10-", "bytes=10-10", "bytes=99999999999999999999-", "bytes=-0"] {
            check(false, &[(RANGE, range)], &Verdict::Unsatisfiable);
        }
        for range in
            ["", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=4-2", "bytes=12-11", "bytes=0-0,2-2", "bytes=+1-2"]
        {
            check(false, &[(RANGE, range)], &Verdict::Whole);
        }
        check(false, &[(RANGE, "lines=0-0")], &Verdict::Whole);
        check(false, &[(RANGE, "bytes=0-0"), (RANGE, "bytes=1-1")], &Verdict::Whole);
        assert_eq!(part("bytes=-1", 0), Verdict::Whole);
        assert_eq!(part("bytes=0-", 0), Verdict::Unsatisfiable);
    }

    #[test]
    fn a_part_is_only_put_to_parts_of_the_same_bytes() {
        let range = (RANGE, "bytes=0-0");
        check(false, &[range.clone(), (IF_RANGE, "\"a,b\"")], &Verdict::Part(0..1));
        for other in ["\"x\"", "W/\"a,b\"", THEN, "*", ""] {
            check(false, &[range.clone(), (IF_RANGE, other)], &Verdict::Whole);
        }
        check(true, &[range.clone(), (IF_RANGE, "W/\"a,b\"")], &Verdict::Whole);
        check(true, &[range, (IF_RANGE, "\"a,b\"")], &Verdict::Whole);
        check(false, &[(IF_RANGE, "\"a,b\"")], &Verdict::Whole);
    }
}
