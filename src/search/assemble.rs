//! All segments in, the files of the index out, the root among them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;

use rayon::prelude::*;
use serde::Serialize;

use super::code::{gzip, json, part};
use super::merge::{self, Columns, Table, Word};
use super::segment::{RANK, Segment};
use super::shard::{self, Entry};
use super::texts::CARDS;
use super::{Facet, PARTS, ROOT, SEGMENT, huffman, spelling, stem, words};
use crate::failure::{Failure, NO_PANIC};
use crate::hash::Hashing;
use crate::output::{Body, Output};
use crate::spill::Spill;

/// What a browser reads first: a list, since names would be repeated in each script that reads it.
#[derive(Serialize)]
struct Root<'a>(
    /// How many pages there are.
    usize,
    /// How many of them share a file of texts, or of cards where there are any, or else none.
    usize,
    usize,
    /// How many pages, and how many shards, share a name.
    usize,
    usize,
    /// The front of the first word of each shard, enough to tell it from the word before.
    Vec<&'a str>,
    /// The names of all shards, then those of all texts.
    String,
    String,
    /// The paths of the spelling lists, then that of the interface.
    Vec<String>,
    String,
    /// By what words are cut, which marks they lose, and what is typed for letters of theirs.
    String,
    String,
    BTreeMap<char, &'static str>,
);

/// A facet as the interface shows it.
#[derive(Serialize)]
struct FacetData<'a> {
    slug: &'a str,
    name: &'a str,
    look: &'a str,
    terms: Vec<TermData<'a>>,
}

#[derive(Serialize)]
struct TermData<'a> {
    key: &'a str,
    title: &'a str,
    count: usize,
}

/// About how large a shard is, compressed, at the least.
const SHARD: usize = 1200;

/// A query loads the root and some shards: their sum is smallest where a shard, squared, is so many times as large as
/// all of them together; each adds some bytes to the root.
const ROOT_SHARE: usize = 3;

/// About how many bytes of places a shard has at the most.
const PLACES: usize = 24_000;

/// How many consecutive shards share a name, which changes with any of them: names cannot be compressed.
const GROUP: usize = 64;

/// Makes the index of the pages of `segments`, which are in order and full but for the last. Every file goes to `put` as
/// soon as it is made, from any thread; the paths of all come back.
///
/// # Errors
/// The first of `put`, or of the spill in which the segments wait.
pub(crate) fn assemble(
    segments: &[Segment],
    words: &[String],
    facets: &[Facet],
    language: &str,
    per_file: usize,
    spill: &dyn Spill,
    put: &(impl Fn(Output) -> Result<(), Failure> + Sync),
) -> Result<Vec<String>, Failure> {
    let texts = segments.iter().map(|segment| segment.texts.as_str()).collect();
    let pages = segments.iter().map(|segment| segment.titles.len()).sum();
    let mut tables = merge::tables(segments, stem::stemmer(language).as_ref(), spill)?;
    tables.push(Table::of_all(RANK.into_iter().zip(ranks(segments)), spill)?);
    let order = in_order(&tables);
    let entries = entries(&tables, &order);
    let cuts = cuts(&entries);
    let ranges: Vec<&[usize]> = cuts.windows(2).collect();
    let made: Mutex<BTreeSet<String>> = Mutex::default();
    // Parts of the same content are one file.
    let put = |output: Output| {
        let new = made.lock().expect(NO_PANIC).insert(output.path.clone());
        if new { put(output) } else { Ok(()) }
    };
    let postings = |range: &[usize]| merge::columns(&tables, &order[range[0]..range[1]], spill);
    let shards = ranges.par_chunks(GROUP).map(|ranges| group(ranges, &entries, postings, put));
    let shards = shards.collect::<Result<Vec<_>, Failure>>()?;
    let common = entries.iter().map(|entry| (entry.word.text, entry.word.impacts));
    let (spelling, lists) = spelling::lists(common);
    let (facets, output) = interface(words, facets, &entries);
    lists.into_iter().chain([output]).try_for_each(put)?;
    let root = Root(
        pages,
        per_file,
        if per_file > 1 { CARDS } else { 0 },
        SEGMENT,
        GROUP,
        cuts[..cuts.len() - 1].iter().map(|&at| cut_word(&entries, at)).collect(),
        shards.concat(),
        texts,
        spelling,
        facets,
        words::pattern(entries.iter().map(|entry| entry.word.text)),
        words::diacritics(),
        words::letters_alike(),
    );
    put(Output { path: ROOT.to_owned(), body: Body::Bytes(gzip(&json(&root), 9)) })?;
    Ok(made.into_inner().expect(NO_PANIC).into_iter().collect())
}

/// Makes the files of consecutive shards, and gives what their names begin with.
fn group(
    ranges: &[&[usize]],
    entries: &[Entry<'_>],
    postings: impl Fn(&[usize]) -> Result<Columns, Failure>,
    put: impl Fn(Output) -> Result<(), Failure>,
) -> Result<String, Failure> {
    let mut hash = Hashing::new();
    let mut shards = Vec::with_capacity(ranges.len());
    for range in ranges {
        let entry = |at: usize| entries[at].word.text;
        let (shard, places) = shard::write(range[0], &entries[range[0]..range[1]], &postings(range)?, entry);
        hash.update(&shard);
        hash.update(&places);
        shards.push((shard, places));
    }
    let name = hash.finish().short();
    let output = |at: usize, what: &str, bytes: &[u8]| Output {
        path: format!("{PARTS}{name}/{at}{what}.bin"),
        body: Body::Bytes(huffman::gzip(bytes)),
    };
    for (at, ((shard, places), range)) in (0..).zip(shards.iter().zip(ranges)) {
        put(output(at, "", shard))?;
        // What is no word has none.
        if mark(entries[range[0]].word.text).is_empty() {
            put(output(at, "p", places))?;
        }
    }
    Ok(name)
}

/// The rank of every page by its title: the high and the low byte of each.
fn ranks(segments: &[Segment]) -> [Vec<u8>; 2] {
    let titles: Vec<&str> = segments.iter().flat_map(|segment| segment.titles.iter().map(String::as_str)).collect();
    let mut order: Vec<usize> = (0..titles.len()).collect();
    order.sort_by_key(|&page| titles[page]);
    let mut ranks = [vec![0; titles.len()], vec![0; titles.len()]];
    // Beyond sixty thousand pages neighbours share a rank.
    let scale = titles.len().div_ceil(1 << 16).max(1);
    for (rank, page) in order.into_iter().enumerate() {
        let [high, low] = u16::try_from(rank / scale).expect("scaled to sixteen bits").to_be_bytes();
        ranks[0][page] = high;
        ranks[1][page] = low;
    }
    ranks
}

/// All words in the order of the alphabet; the last table holds words that belong among those of the first.
fn in_order(tables: &[Table]) -> Vec<(usize, usize)> {
    let (last, rest) = tables.split_last().expect("there is a table of ranks");
    let mut words: Vec<(usize, usize)> =
        rest.iter().enumerate().flat_map(|(table, words)| (0..words.len()).map(move |at| (table, at))).collect();
    let first = words.partition_point(|&(table, at)| tables[table].word(at).text < RANK[0]);
    words.splice(first..first, (0..last.len()).map(|at| (tables.len() - 1, at)));
    words
}

/// Finds the kin of every word.
fn entries<'a>(tables: &'a [Table], words: &[(usize, usize)]) -> Vec<Entry<'a>> {
    let mut last: HashMap<&str, usize> = HashMap::new();
    let mut entries: Vec<Entry<'a>> = Vec::with_capacity(words.len());
    for (at, &(table, position)) in words.iter().enumerate() {
        let stem = &*tables[table].stems[position];
        let before = if stem.is_empty() { None } else { last.insert(stem, at) };
        if let Some(before) = before {
            entries[before].after = Some(at);
        }
        entries.push(Entry { word: tables[table].word(position), before, after: None });
    }
    entries
}

/// Where shards begin, and the end of the last: where one is full, if possible between words of different beginnings,
/// so that what is typed lies in one.
fn cuts(entries: &[Entry<'_>]) -> Vec<usize> {
    let size_of = |Word { text, docs, impacts, .. }: Word<'_>| text.len() / 2 + 4 + docs + impacts / 2;
    let all: usize = entries.iter().map(|entry| size_of(entry.word)).sum();
    let full = SHARD.max((all * ROOT_SHARE).isqrt());
    let mut cuts = vec![0];
    let (mut size, mut places) = (0, 0);
    for (at, entry) in entries.iter().enumerate() {
        let parted = |by: fn(&str) -> &str| at > 0 && by(entry.word.text) != by(entries[at - 1].word.text);
        let is_full = size > full && (size > full * 3 / 2 || parted(beginning));
        if is_full || parted(mark) || (size > 0 && places + entry.word.places > PLACES) {
            cuts.push(at);
            (size, places) = (0, 0);
        }
        size += size_of(entry.word);
        places += entry.word.places;
    }
    cuts.push(entries.len());
    cuts.dedup();
    if cuts.len() < 2 {
        cuts.push(entries.len());
    }
    cuts
}

fn beginning(word: &str) -> &str {
    word.char_indices().nth(3).map_or(word, |(end, _)| &word[..end])
}

/// What tells entries that are no words from words, and from each other.
fn mark(word: &str) -> &str {
    word.split(|c| c > '\u{3}').next().unwrap_or_default()
}

/// The front of the word at `at`, just enough to tell it from the one before.
fn cut_word<'a>(entries: &[Entry<'a>], at: usize) -> &'a str {
    let Some(before) = at.checked_sub(1) else { return "" };
    let word = entries[at].word.text;
    let same = super::code::shared(entries[before].word.text, word).0;
    let end = word[same..].chars().next().map_or(word.len(), |c| same + c.len_utf8());
    &word[..end]
}

/// The file that the interface begins with: what it says, and the facets.
fn interface(words: &[String], facets: &[Facet], entries: &[Entry<'_>]) -> (String, Output) {
    let count = |key: &str| {
        let name = format!("{}{key}", super::segment::TERM);
        let found = entries.binary_search_by(|entry| entry.word.text.cmp(&name));
        found.map_or(0, |at| entries[at].word.impacts)
    };
    let data: Vec<FacetData<'_>> = facets
        .iter()
        .filter(|facet| !facet.terms.is_empty())
        .map(|facet| FacetData {
            slug: &facet.slug,
            name: &facet.name,
            look: facet.look,
            terms: facet.terms.iter().map(|(key, title)| TermData { key, title, count: count(key) }).collect(),
        })
        .collect();
    part(&(words, data))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read as _;

    use serde_json::Value;

    use super::super::{Packer, Page, Section, pages_per_file};
    use super::*;
    use crate::spill::InMemory;

    fn page(title: &str, text: &str) -> Page {
        let sections = vec![Section { text: text.to_owned(), ..Section::default() }];
        Page { title: title.to_owned(), sections, ..Page::default() }
    }

    fn build(pages: &[Page]) -> BTreeMap<String, Vec<u8>> {
        let (mut outputs, mut segments, spill) = (Vec::new(), Vec::new(), InMemory::default());
        for pages in pages.chunks(SEGMENT) {
            let (texts, segment) = Packer::default().pack(pages, 2, &spill).expect("memory takes all");
            outputs.extend(texts);
            segments.push(segment);
        }
        let outputs = Mutex::new(outputs);
        let put = |output| {
            outputs.lock().expect(NO_PANIC).push(output);
            Ok(())
        };
        assemble(&segments, &[], &[], "en", 2, &spill, &put).expect("nothing here can fail");
        let outputs = outputs.into_inner().expect(NO_PANIC);
        let count = outputs.len();
        let unpack = |output: Output| {
            let Body::Bytes(packed) = output.body else { panic!("the index is made of bytes") };
            if output.path.ends_with(".json") {
                return (output.path, packed);
            }
            let mut bytes = Vec::new();
            flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).expect("it is gzip");
            (output.path, bytes)
        };
        let files: BTreeMap<String, Vec<u8>> = outputs.into_iter().map(unpack).collect();
        assert_eq!(files.len(), count, "no two files have one name");
        files
    }

    /// Everything that the root names is there.
    #[track_caller]
    fn check(pages: &[Page]) -> Value {
        let files = build(pages);
        let root: Value = serde_json::from_slice(&files[ROOT]).expect("the root is JSON");
        let names = |at: usize| {
            let all = root[at].as_str().expect("a text").as_bytes();
            all.chunks(10).map(|name| String::from_utf8_lossy(name).into_owned()).collect::<Vec<_>>()
        };
        let there = |name: &str| files.contains_key(&format!("{PARTS}{name}"));
        assert!(files.contains_key(&format!("search/{}", root[9].as_str().expect("a path"))));
        assert!(names(7).iter().all(|name| there(&format!("{name}/0.json"))));
        let (groups, shards) = (names(6), root[5].as_array().expect("a list").len());
        assert_eq!(groups.len(), shards.div_ceil(GROUP));
        assert!((0..shards).all(|at| there(&format!("{}/{}.bin", groups[at / GROUP], at % GROUP))));
        let first = |at: usize| root[5][at].as_str().expect("a text");
        let is_word = |at: usize| !first(at).is_empty() && mark(first(at)).is_empty();
        let places = |at: usize| there(&format!("{}/{}p.bin", groups[at / GROUP], at % GROUP));
        assert!((0..shards).all(|at| places(at) || !is_word(at)), "a phrase asks for the places of any word");
        assert_eq!(root[0], pages.len());
        root
    }

    #[test]
    fn an_index_of_any_size_is_whole() {
        for pages in [0, 1, 2, SEGMENT, SEGMENT + 1, 300] {
            check(&(0..pages).map(|at| page("Same title", &format!("word{at} and others"))).collect::<Vec<_>>());
        }
    }

    #[test]
    fn strange_texts_are_indexed_too() {
        let long = "x".repeat(10_000_000);
        check(&[
            page("🙂", "🎉🎉"),
            page("", ""),
            page(&long, &long),
            page("שלום", "مرحبا بالعالم"),
            page("検索", "検索"),
        ]);
    }

    #[test]
    fn pages_without_a_word_are_pages_too() {
        check(&[page("", ""), page("—", "…")]);
    }

    #[test]
    fn a_large_index_has_shards_in_order() {
        let word = |at: usize, n: usize| format!("w{}", (at * 7919 + n * 104_729) % 20_000);
        let text = |at: usize| (0..200).map(|n| word(at, n)).collect::<Vec<_>>().join(" ");
        let root = check(&(0..300).map(|at| page("Page", &text(at))).collect::<Vec<_>>());
        let cuts: Vec<&str> = root[5].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        assert!(cuts.len() > 3 && cuts.is_sorted(), "{cuts:?}");
    }

    #[test]
    fn the_same_pages_give_the_same_bytes() {
        let pages: Vec<Page> = (0..200).map(|at| page(&format!("Page {at}"), "some words for all")).collect();
        assert_eq!(build(&pages), build(&pages));
    }

    #[test]
    fn files_stay_few_on_large_sites() {
        assert_eq!([0, 1, 11_000].map(pages_per_file), [1; 3]);
        assert!(50_000 / pages_per_file(50_000) <= 8_000);
    }
}
