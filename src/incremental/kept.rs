//! A memory as bytes, so that one run of the program can pass it to the next, and back.
//!
//! The format is private to one version of the program: a title with the version, what the world was, the last build
//! as a whole, the subjects, the answers and the jobs, all numbers as unsigned LEB128 (DWARF 5, section 7.6), then a
//! checksum of all that. Neighbours resemble each other, so a text is written as how much of the one before it begins
//! with, and what follows; a job's facts are written as those in which it differs from the job before. Bytes that are
//! not exactly so, from another version or cut short, are no memory at all; believing half of one would publish a page
//! that is out of date.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::memo::{Last, Memo, Trace};
use super::{About, Fact, Subjects};
use crate::diagnostic::{Diagnostic, Fix, Label, code};
use crate::hash::Hash;
use crate::source::{SourceId, Span};

const TITLE: &[u8] = concat!("fingerpost trace ", env!("CARGO_PKG_VERSION"), "\n").as_bytes();

impl Memo {
    /// The memory as bytes; the same memory gives the same bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(TITLE.to_vec());
        out.fixed(self.world);
        out.last(&self.last);
        // Numbers depend on the order in which subjects were met; in the bytes, they are in the order of names.
        let mut asked: Vec<About> = self.answers.iter().map(|(fact, _)| fact.about()).chain([Subjects::SITE]).collect();
        asked.sort_unstable();
        asked.dedup();
        asked.sort_unstable_by_key(|about| self.subjects.name(*about));
        let mut numbers = vec![About(0); self.subjects.len()];
        out.number(asked.len() as u64);
        let mut before = "";
        for (at, about) in (0..).zip(&asked) {
            numbers[about.0 as usize] = About(at);
            let name = self.subjects.name(*about);
            out.text(name, before);
            before = name;
        }
        let renumbered = |fact: Fact| Fact::new(fact.question(), numbers[fact.about().0 as usize]);
        let mut answers: Vec<(Fact, u64)> =
            self.answers.iter().map(|(fact, print)| (renumbered(*fact), *print)).collect();
        answers.sort_unstable();
        out.facts(&answers.iter().map(|(fact, _)| *fact).collect::<Vec<_>>());
        for (_, print) in &answers {
            out.fixed(*print);
        }
        let mut jobs: Vec<(&String, &Trace)> = self.traces.iter().collect();
        jobs.sort_unstable_by_key(|(job, _)| *job);
        out.number(jobs.len() as u64);
        let (mut before, mut output, mut facts) = ("", "", Vec::new());
        for (job, trace) in jobs {
            out.text(job, before);
            before = job;
            out.number(trace.outputs.len() as u64);
            for path in &trace.outputs {
                out.text(path, output);
                output = path;
            }
            out.facts(&trace.stale.map(renumbered).into_iter().collect::<Vec<_>>());
            let mut own: Vec<Fact> = trace.facts.iter().copied().map(renumbered).collect();
            own.sort_unstable();
            out.facts(&differences(&facts, &own));
            facts = own;
        }
        let check = Hash::of(&out.0).value();
        out.fixed(check);
        out.0
    }

    /// The memory that [`Self::to_bytes`] wrote; none where a byte of it is wrong.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (body, check) = bytes.split_last_chunk::<8>()?;
        if Hash::of(body).value() != u64::from_le_bytes(*check) {
            return None;
        }
        let mut rest = Reader(body.strip_prefix(TITLE)?);
        let world = rest.fixed()?;
        let last = rest.last()?;
        let mut names: Vec<String> = Vec::new();
        for _ in 0..rest.number()? {
            let name = rest.text(names.last().map_or("", String::as_str))?;
            names.push(name);
        }
        let subjects = u32::try_from(names.len()).ok().filter(|count| *count > 0)?;
        let asked = rest.facts(subjects)?;
        let answers = asked.into_iter().map(|fact| Some((fact, rest.fixed()?))).collect::<Option<Vec<_>>>()?;
        let count = rest.number()?;
        let mut traces = HashMap::with_capacity(usize::try_from(count).ok()?.min(body.len()));
        let (mut before, mut output, mut facts) = (String::new(), String::new(), Vec::new());
        for _ in 0..count {
            before = rest.text(&before)?;
            let mut outputs = Vec::new();
            for _ in 0..rest.number()? {
                output = rest.text(&output)?;
                outputs.push(output.clone());
            }
            let stale = rest.facts(subjects)?.first().copied();
            facts = differences(&facts, &rest.facts(subjects)?);
            traces.insert(before.clone(), Trace { facts: facts.as_slice().into(), outputs, stale });
        }
        rest.0.is_empty().then(|| Self { world, last, subjects: Subjects::of(names), answers, traces })
    }
}

/// What is in one of two ordered lists and not in the other; done once more, it gives the other list back.
fn differences(one: &[Fact], other: &[Fact]) -> Vec<Fact> {
    let (mut one, mut other) = (one.iter().copied().peekable(), other.iter().copied().peekable());
    let mut different = Vec::new();
    while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
        match a.cmp(b) {
            Ordering::Less => different.extend(one.next()),
            Ordering::Greater => different.extend(other.next()),
            Ordering::Equal => _ = (one.next(), other.next()),
        }
    }
    different.extend(one.chain(other));
    different
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, mut number: u64) {
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            self.0.push(if number > 0 { low | 128 } else { low & 127 });
            if number == 0 {
                return;
            }
        }
    }

    fn fixed(&mut self, number: u64) {
        self.0.extend(number.to_le_bytes());
    }

    /// A text that may begin as the one before it.
    fn text(&mut self, text: &str, before: &str) {
        let same = text.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
        self.number(same as u64);
        self.number((text.len() - same) as u64);
        self.0.extend(&text.as_bytes()[same..]);
    }

    /// Facts in order, once each.
    fn facts(&mut self, facts: &[Fact]) {
        self.number(facts.len() as u64);
        let mut before = 0;
        for fact in facts {
            self.number(u64::from(fact.number() - before));
            before = fact.number();
        }
    }

    fn last(&mut self, last: &Last) {
        self.number(u64::from(last.inputs.is_some()));
        if let Some(print) = last.inputs {
            self.fixed(print);
        }
        self.number(last.findings.len() as u64);
        last.findings.iter().for_each(|finding| self.finding(finding));
        for count in last.counts {
            self.number(count as u64);
        }
        self.number(last.others.len() as u64);
        for (path, copy) in &last.others {
            self.text(path, "");
            self.number(u64::from(copy.is_some()));
            if let Some(from) = copy {
                self.text(from, path);
            }
        }
    }
}

/// A finding weighs what its code does: where `--strict` has raised one, nothing is remembered.
impl Writer {
    fn finding(&mut self, finding: &Diagnostic) {
        self.text(finding.code.id, "");
        self.text(&finding.message, "");
        self.span(finding.span);
        for text in [&finding.label, &finding.help] {
            self.number(u64::from(text.is_some()));
            self.text(text.as_deref().unwrap_or_default(), "");
        }
        self.number(u64::from(finding.fix.is_some()));
        if let Some(fix) = &finding.fix {
            self.span(fix.span);
            self.text(&fix.replacement, "");
        }
        self.number(finding.related.len() as u64);
        for label in &finding.related {
            self.span(label.span);
            self.text(&label.message, "");
        }
    }

    fn span(&mut self, span: Span) {
        self.number(span.source.index() as u64);
        self.number(u64::from(span.start));
        self.number(u64::from(span.end));
    }
}

impl Reader<'_> {
    fn finding(&mut self) -> Option<Diagnostic> {
        let id = self.text("")?;
        let code = code::ALL.iter().find(|code| code.id == id)?;
        let message = self.text("")?;
        let mut finding = Diagnostic::new(code, self.span()?, message);
        for text in [&mut finding.label, &mut finding.help] {
            let said = self.number()? > 0;
            *text = Some(self.text("")?).filter(|_| said);
        }
        if self.number()? > 0 {
            finding.fix = Some(Fix { span: self.span()?, replacement: self.text("")? });
        }
        for _ in 0..self.number()? {
            finding.related.push(Label { span: self.span()?, message: self.text("")? });
        }
        Some(finding)
    }

    fn span(&mut self) -> Option<Span> {
        let source = SourceId::new(u32::try_from(self.number()?).ok()?);
        Some(Span::new(source, self.count()?..self.count()?))
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn fixed(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn text(&mut self, before: &str) -> Option<String> {
        let mut text = before.as_bytes().get(..self.count()?)?.to_vec();
        let length = self.count()?;
        text.extend(self.take(length)?);
        String::from_utf8(text).ok()
    }

    /// Facts about so many subjects.
    fn facts(&mut self, subjects: u32) -> Option<Vec<Fact>> {
        let mut number = 0_u32;
        (0..self.number()?)
            .map(|_| {
                number = number.checked_add(u32::try_from(self.number()?).ok()?)?;
                Fact::numbered(number, subjects)
            })
            .collect()
    }

    fn last(&mut self) -> Option<Last> {
        let inputs = if self.number()? == 0 { None } else { Some(self.fixed()?) };
        let findings = (0..self.number()?).map(|_| self.finding()).collect::<Option<_>>()?;
        let mut counts = [0; Last::COUNTS];
        for count in &mut counts {
            *count = self.count()?;
        }
        let mut others = Vec::new();
        for _ in 0..self.number()? {
            let path = self.text("")?;
            let copy = if self.number()? == 0 { None } else { Some(self.text(&path)?) };
            others.push((path, copy));
        }
        Some(Last { inputs, findings, counts, others })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Question;
    use super::*;

    fn memo() -> Memo {
        let mut subjects = Subjects::default();
        let mut fact = |name: &str| Fact::new(Question::Page, subjects.number(name));
        let (a, b, c) = (fact("/a/"), fact("/ä/"), fact("/aa/"));
        let trace = |facts: &[Fact], stale, outputs: &[&str]| {
            let outputs = outputs.iter().map(|path| (*path).to_owned()).collect();
            Trace { facts: facts.into(), outputs, stale }
        };
        let traces = [
            ("page /a/".to_owned(), trace(&[a, b], None, &["a/index.html", "a/index.md"])),
            ("page /aa/".to_owned(), trace(&[a, c], Some(c), &["aa/index.html"])),
            ("llms in full".to_owned(), trace(&[], None, &[])),
        ];
        let others = vec![("a.css".to_owned(), None), ("a.png".to_owned(), Some("content/a.png".to_owned()))];
        let span = |at: usize| Span::new(SourceId::new(7), at..at + 3);
        let findings = vec![
            Diagnostic::new(&code::RAW_HTML, span(1), "raw").label("here").also(span(5), "and here"),
            Diagnostic::new(&code::DUPLICATE_ANCHOR, span(300), "two").fix("take another", span(300), "b"),
        ];
        let last = Last { inputs: Some(43), findings, counts: [1, 2, 3, 400, 5], others };
        Memo { world: 42, last, subjects, answers: vec![(a, 1), (b, u64::MAX), (c, 3)], traces: traces.into() }
    }

    #[test]
    fn a_memory_comes_back_as_it_was() {
        let back = Memo::from_bytes(&memo().to_bytes()).unwrap();
        assert_eq!(back.to_bytes(), memo().to_bytes());
        assert_eq!(back.traces["page /a/"].facts.len(), 2);
        assert_eq!(back.traces["page /aa/"].stale, back.traces["page /aa/"].facts.last().copied());
        assert_eq!(back.traces["page /aa/"].outputs, ["aa/index.html"]);
        assert_eq!((back.world, &back.last), (42, &memo().last));
        assert_eq!((0..4).map(|at| back.subjects.name(About(at))).collect::<Vec<_>>(), ["", "/a/", "/aa/", "/ä/"]);
        assert_eq!(back.answers.iter().map(|(_, print)| *print).collect::<Vec<_>>(), [1, 3, u64::MAX]);
    }

    #[test]
    fn what_was_met_before_leaves_no_trace() {
        let mut warm = memo();
        warm.subjects = Subjects::of(["", "/gone/", "/aa/", "/ä/", "/a/"].map(str::to_owned).into());
        let other = |fact: Fact| Fact::new(fact.question(), About([0, 4, 3, 2][fact.about().0 as usize]));
        warm.traces.values_mut().for_each(|trace| {
            trace.facts = trace.facts.iter().rev().copied().map(other).collect();
            trace.stale = trace.stale.map(other);
        });
        warm.answers = warm.answers.iter().rev().map(|(fact, print)| (other(*fact), *print)).collect();
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

    #[test]
    fn differences_lead_there_and_back() {
        let facts = |abouts: &[u32]| abouts.iter().map(|&at| Fact::new(Question::Page, About(at))).collect::<Vec<_>>();
        let (one, other) = (facts(&[1, 2, 5, 9]), facts(&[2, 3, 9, 10]));
        assert_eq!(differences(&one, &other), facts(&[1, 3, 5, 10]));
        assert_eq!(differences(&one, &differences(&one, &other)), other);
    }
}
