//! A memory as bytes, so that one run of the program can pass it to the next, and back.
//!
//! The format is private to one version of the program: a title with the version, what the world was, the subjects, and
//! a line of numbers for each job, as unsigned LEB128 (DWARF 5, section 7.6), then a checksum of all that. Bytes that
//! are not exactly so, from another version or cut short, are no memory at all; believing half of one would publish a
//! page that is out of date.

use std::collections::HashMap;

use super::memo::{Memo, Trace};
use super::{About, Fact, Question, Subjects};
use crate::hash::Hash;

const TITLE: &[u8] = concat!("fingerpost trace ", env!("CARGO_PKG_VERSION"), "\n").as_bytes();

impl Memo {
    /// The memory as bytes; the same memory gives the same bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = TITLE.to_vec();
        out.extend(self.world.to_le_bytes());
        // Numbers depend on the order in which subjects were met; in the bytes, they are in the order of names.
        let facts = self.traces.values().flat_map(|trace| &trace.facts);
        let mut asked: Vec<About> = facts.map(|(fact, _)| fact.about).chain([Subjects::SITE]).collect();
        asked.sort_unstable();
        asked.dedup();
        asked.sort_unstable_by_key(|about| self.subjects.name(*about));
        let mut numbers = vec![0; self.subjects.len()];
        number(&mut out, asked.len() as u64);
        for (at, about) in asked.iter().enumerate() {
            numbers[about.0 as usize] = at as u64;
            text(&mut out, self.subjects.name(*about));
        }
        let mut jobs: Vec<(&String, &Trace)> = self.traces.iter().collect();
        jobs.sort_unstable_by_key(|(job, _)| *job);
        number(&mut out, jobs.len() as u64);
        for (job, trace) in jobs {
            text(&mut out, job);
            number(&mut out, trace.outputs.len() as u64);
            trace.outputs.iter().for_each(|path| text(&mut out, path));
            number(&mut out, trace.facts.len() as u64);
            let mut facts: Vec<_> = trace
                .facts
                .iter()
                .map(|(fact, print)| (fact.question, numbers[fact.about.0 as usize], print))
                .collect();
            facts.sort_unstable();
            for (question, about, print) in facts {
                out.push(question.number());
                number(&mut out, about);
                out.extend(print.to_le_bytes());
            }
        }
        let check = Hash::of(&out).value();
        out.extend(check.to_le_bytes());
        out
    }

    /// The memory that [`Self::to_bytes`] wrote; none where a byte of it is wrong.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (body, check) = bytes.split_last_chunk::<8>()?;
        if Hash::of(body).value() != u64::from_le_bytes(*check) {
            return None;
        }
        let mut rest = Reader(body.strip_prefix(TITLE)?);
        let world = rest.fixed()?;
        let names: Vec<String> = (0..rest.number()?).map(|_| rest.text()).collect::<Option<_>>()?;
        let subjects = u32::try_from(names.len()).ok().filter(|count| *count > 0)?;
        let mut traces = HashMap::new();
        for _ in 0..rest.number()? {
            let job = rest.text()?;
            let outputs = (0..rest.number()?).map(|_| rest.text()).collect::<Option<_>>()?;
            let facts = (0..rest.number()?).map(|_| rest.fact(subjects)).collect::<Option<_>>()?;
            traces.insert(job, Trace { facts, outputs });
        }
        rest.0.is_empty().then(|| Self { world, subjects: Subjects::of(names), traces })
    }
}

fn number(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        out.push(if number > 0 { low | 128 } else { low & 127 });
        if number == 0 {
            return;
        }
    }
}

fn text(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u64);
    out.extend(text.as_bytes());
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn fixed(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    /// An answer about one of so many subjects.
    fn fact(&mut self, subjects: u32) -> Option<(Fact, u64)> {
        let question = Question::numbered(self.byte()?)?;
        let about = u32::try_from(self.number()?).ok().filter(|about| *about < subjects)?;
        Some((Fact { question, about: About(about) }, self.fixed()?))
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.number()?).ok()?;
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memo() -> Memo {
        let mut subjects = Subjects::default();
        let facts = [("/a/", 1), ("/ä/", u64::MAX)]
            .map(|(name, print)| (Fact { question: Question::Page, about: subjects.number(name) }, print));
        let trace = Trace { facts: facts.to_vec(), outputs: vec!["a/index.html".to_owned(), "a/index.md".to_owned()] };
        let empty = Trace { facts: Vec::new(), outputs: Vec::new() };
        let traces = [("page /a/".to_owned(), trace), ("llms in full".to_owned(), empty)].into();
        Memo { world: 42, subjects, traces }
    }

    #[test]
    fn a_memory_comes_back_as_it_was() {
        let back = Memo::from_bytes(&memo().to_bytes()).unwrap();
        assert_eq!(back.to_bytes(), memo().to_bytes());
        assert_eq!(back.traces["page /a/"].facts.len(), 2);
        assert_eq!(back.world, 42);
        assert_eq!((0..3).map(|at| back.subjects.name(About(at))).collect::<Vec<_>>(), ["", "/a/", "/ä/"]);
    }

    #[test]
    fn what_was_met_before_leaves_no_trace() {
        let mut warm = memo();
        warm.subjects = Subjects::of(["", "/gone/", "/ä/", "/a/"].map(str::to_owned).into());
        for (at, (fact, _)) in warm.traces.get_mut("page /a/").unwrap().facts.iter_mut().enumerate() {
            fact.about = About(3 - u32::try_from(at).unwrap());
        }
        assert_eq!(warm.to_bytes(), memo().to_bytes());
    }

    #[test]
    fn bytes_with_any_fault_are_no_memory() {
        let bytes = memo().to_bytes();
        for at in 0..bytes.len() {
            assert!(Memo::from_bytes(&bytes[..at]).is_none(), "cut at {at}");
            let mut wrong = bytes.clone();
            wrong[at] ^= 1;
            assert!(Memo::from_bytes(&wrong).is_none(), "byte {at} is wrong");
        }
        assert!(Memo::from_bytes(&[bytes, vec![0]].concat()).is_none(), "a byte too many");
    }
}
