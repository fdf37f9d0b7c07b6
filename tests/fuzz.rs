//! Fuzzing with the stable toolchain: texts of a kept corpus, `tests/fuzz/<target>/`, are changed at random, and what must
//! hold of any text must hold of these.
//!
//! `cargo test` tries the corpus and a fixed number of changes, the same on every machine and without a clock. For longer:
//!
//! ```sh
//! FINGERPOST_FUZZ_SECONDS=600 cargo test --profile fuzz --test fuzz -- markdown
//! ```
//!
//! runs one target for ten minutes, or without its name each of them, with other changes each time; `FINGERPOST_FUZZ_SEED`
//! does as an earlier run did. An input that fails is made small and kept as `tests/fuzz/<target>/failed-<hash>`, where the
//! next run tries it first: give it a better name and commit it with the mend. If the program itself is ended, by a stack
//! that is full or from outside, the input lies in `target/tmp/fuzz-<target>`.
//!
//! The target `query`, for searches, is a script as the search engine is: `tests/search/fuzz.mjs`, which
//! `tests/search/run fuzz` runs with the same variables. Its corpus lies beside the others, in `tests/fuzz/query/`.
#![expect(clippy::disallowed_methods, reason = "reads the corpus and, where it is asked to, the clock")]
#![expect(clippy::indexing_slicing, clippy::string_slice, reason = "what fails in a test ends it")]
#![allow(unreachable_pub, reason = "modules of one test")]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "these files have lower-case names")]

#[path = "fuzz/mutator.rs"]
mod mutator;
#[path = "fuzz/picture.rs"]
mod picture;
#[path = "support/reader.rs"]
mod reader;
#[path = "fuzz/targets.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use libtest_mimic::{Arguments, Failed, Trial};
use mutator::{Random, mutated, shrunk};
use targets::Kinds;

type Try = fn(&str) -> Kinds;

type Check = Box<dyn Fn(&str) -> Kinds + Send>;

/// Changed texts of each target in a run without a clock.
const ROUNDS: u64 = 12;

/// Nothing that the mutator makes may take longer. It is far from the time that it takes, since machines differ.
const TOO_LONG: Duration = Duration::from_secs(10);

/// So many texts are kept to be changed further.
const MAX_POOL: usize = 2_000;

/// What the last panic said, and where.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

fn main() {
    let mut arguments = Arguments::from_args();
    // One after the other: each has all threads for its builds, and what a panic says belongs to one of them.
    arguments.test_threads = Some(1);
    panic::set_hook(Box::new(|panic| {
        let mut said: String = panic.to_string();
        if let Some((at, _)) = said.char_indices().nth(4_000) {
            said.truncate(at);
        }
        *LAST_PANIC.lock().expect("nothing panics while it holds the lock") = said;
    }));
    let simple: [(&'static str, Try); 5] = [
        ("front_matter", targets::front_matter),
        ("markdown", targets::markdown),
        ("decision", targets::decision),
        ("svg", targets::svg),
        ("address", targets::address),
    ];
    let mut trials = Vec::new();
    for (name, check) in simple {
        trials.push(Trial::test(name, move || run(name, &[name], &(Box::new(check) as Check))));
    }
    trials.push(Trial::test("same_bytes", || {
        let among = ["front_matter", "markdown", "decision", "svg"];
        let corpora: Vec<(&'static str, String)> = among
            .into_iter()
            .flat_map(|target| corpus(target).into_iter().map(move |(_, text)| (target, text)))
            .collect();
        let check: Check = Box::new(move |text| targets::same_bytes(text, &corpora));
        run("same_bytes", &["same_bytes", "front_matter"], &check)
    }));
    libtest_mimic::run(&arguments, trials).exit();
}

fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz").join(target)
}

/// The texts of a target's folder, failures first.
fn corpus(target: &str) -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> = Vec::new();
    for entry in fs::read_dir(folder(target)).into_iter().flatten().flatten() {
        let text = String::from_utf8_lossy(&fs::read(entry.path()).expect("a file of the corpus")).into_owned();
        texts.push((entry.file_name().to_string_lossy().into_owned(), text));
    }
    texts.sort_by_key(|(name, _)| (!name.starts_with("failed-"), name.clone()));
    texts
}

/// Tries one text; what a panic said is the error.
fn attempt(check: &Check, text: &str) -> Result<Kinds, String> {
    panic::catch_unwind(AssertUnwindSafe(|| check(text)))
        .map_err(|_| LAST_PANIC.lock().expect("nothing panics while it holds the lock").clone())
}

fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{variable} is no number: {value}")))
}

fn run(target: &'static str, corpora: &[&str], check: &Check) -> Result<(), Failed> {
    let mut pool = Vec::new();
    let mut seen: BTreeSet<Kinds> = BTreeSet::new();
    for (name, text) in corpora.iter().flat_map(|target| corpus(target)) {
        match attempt(check, &text) {
            Ok(kinds) => _ = seen.insert(kinds),
            Err(said) => return Err(format!("{target}/{name}: {said}").into()),
        }
        pool.push(text);
    }
    let Some(seconds) = number("FINGERPOST_FUZZ_SECONDS").map(Duration::from_secs) else {
        return rounds(target, check, pool, seen, number("FINGERPOST_FUZZ_SEED").unwrap_or(1), None).map(drop);
    };
    let now = SystemTime::UNIX_EPOCH.elapsed().expect("it is later than 1970").as_secs();
    let base = number("FINGERPOST_FUZZ_SEED").unwrap_or(now);
    let start = Instant::now();
    let (rounds, kinds) = rounds(target, check, pool, seen, base, Some(start + seconds))?;
    say(&format!("{target}: {rounds} rounds in {} s, {kinds} kinds, seed {base}", start.elapsed().as_secs()));
    Ok(())
}

#[expect(clippy::print_stderr, reason = "who waits for minutes wants to know")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// Changes texts until the time is over, and gives back how often and how many kinds of results there were.
fn rounds(
    target: &str,
    check: &Check,
    mut pool: Vec<String>,
    mut known: BTreeSet<Kinds>,
    seed: u64,
    end: Option<Instant>,
) -> Result<(u64, usize), Failed> {
    let current = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{target}"));
    for round in 0.. {
        let start = end.map(|_| Instant::now());
        if end.zip(start).map_or(round >= ROUNDS, |(end, now)| now >= end) {
            return Ok((round, known.len()));
        }
        let text = mutated(&mut Random::new(seed, round), &pool);
        if end.is_some() {
            fs::write(&current, &text)?;
        }
        let tried = attempt(check, &text);
        if let Some(took) = start.map(|start| start.elapsed()).filter(|took| *took > TOO_LONG) {
            return Err(
                format!("seed {seed}, round {round}: it took {} s {}", took.as_secs(), keep(target, &text)).into()
            );
        }
        match tried {
            Ok(kinds) => {
                if known.insert(kinds) && pool.len() < MAX_POOL {
                    pool.push(text);
                }
            }
            Err(said) => return Err(failure(target, check, &text, &format!("seed {seed}, round {round}: {said}"))),
        }
    }
    unreachable!("rounds have no end of their own")
}

/// Keeps a text that failed, as small as it can be made.
fn failure(target: &str, check: &Check, text: &str, said: &str) -> Failed {
    let text = shrunk(text, |smaller| attempt(check, smaller).is_err());
    let now = attempt(check, &text).err().unwrap_or_default();
    format!("{said}\n\nmade small {}:\n{text:?}\n{now}", keep(target, &text)).into()
}

/// Puts a text into the corpus, and says where.
fn keep(target: &str, text: &str) -> String {
    let hash = twox_hash::XxHash64::oneshot(0, text.as_bytes());
    let path = folder(target).join(format!("failed-{hash:016x}"));
    match fs::create_dir_all(folder(target)).and_then(|()| fs::write(&path, text)) {
        Ok(()) => format!("({})", path.display()),
        Err(error) => format!("(and could not be kept: {error})"),
    }
}
