//! All segments in, the files of the index out, the root among them: the dictionary is cut into shards, and the words
//! of a stem class point at each other.
#![expect(
    clippy::indexing_slicing,
    reason = "entries, partitions and pages are named by their positions in lists that are complete"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;

use rayon::prelude::*;
use serde::Serialize;

use super::gzip::{self, Gzip};
use super::json::{json, part};
use super::merge::{self, DictionaryEntry, Partition, PostingsColumns};
use super::segment::{RANK_WORDS, Segment};
use super::shard::ShardEntry;
use super::texts::PAGES_PER_CARDS;
use super::{IndexFacet, Language, PARTS, ROOT, SEGMENT, fold, shard, spelling, stem, tokenizer};
use crate::failure::{Failure, NO_PANIC};
use crate::hash::Hashing;
use crate::output::{Body, Output};
use crate::source::slice;
use crate::spill::Spill;

/// What a browser reads first: a list, since names would be repeated in each script that reads it.
#[derive(Serialize)]
struct IndexRoot<'a>(
    /// How many pages there are.
    usize,
    /// How many of them share a file of texts, or of cards where there are any, or else none.
    usize,
    usize,
    /// How many pages, and how many shards, share a name.
    usize,
    usize,
    /// The separator of each shard, the shortest prefix of its first word that tells it from the word before: for each a
    /// digit of base 36, how many UTF-16 units it shares with the front of the one before, and the rest.
    String,
    /// The names of all shards, then those of all texts.
    String,
    String,
    /// The paths of the spelling lists, then that of the interface.
    Vec<String>,
    String,
    /// By what texts are cut into words, which marks they lose, and what is typed for letters of theirs.
    String,
    String,
    BTreeMap<char, &'static str>,
    /// Words that questions begin with, and others that need not be found.
    &'a [String],
    &'a [String],
);

/// A facet as the interface shows it.
#[derive(Serialize)]
struct FacetJson<'a> {
    slug: &'a str,
    name: &'a str,
    look: &'a str,
    terms: Vec<TermJson<'a>>,
}

#[derive(Serialize)]
struct TermJson<'a> {
    key: &'a str,
    title: &'a str,
    count: usize,
}

/// About how large a shard is, compressed, at the least.
const MIN_SHARD: usize = 1200;

/// A query loads the root and some shards: their sum is smallest where a shard, squared, is so many times as large as
/// all of them together. Each adds three bytes to the root, and most queries load three.
const ROOT_SHARE: usize = 1;

/// About how many bytes of positions a shard has at the most.
const MAX_POSITIONS: usize = 24_000;

/// How many consecutive shards share a name, which changes with any of them: names cannot be compressed.
const SHARDS_PER_NAME: usize = 64;

/// Makes the index of the pages of `segments`, which are in order and full but for the last. Every file goes to `put`
/// as soon as it is made, from any thread; the paths of all come back.
///
/// # Errors
/// The first of `put`, or of the spill in which the segments wait.
pub(crate) fn assemble(
    segments: &[Segment],
    facets: &[IndexFacet],
    language: &Language<'_>,
    per_file: usize,
    spill: &dyn Spill,
    put: &(impl Fn(Output) -> Result<(), Failure> + Sync),
) -> Result<Vec<String>, Failure> {
    let texts = segments.iter().map(|segment| segment.texts.as_str()).collect();
    let pages = segments.iter().map(|segment| segment.titles.len()).sum();
    let mut partitions = merge::partitions(segments, stem::stemmer(language.tag).as_ref(), spill)?;
    partitions.push(Partition::of_all(RANK_WORDS.into_iter().zip(ranks(segments)), spill)?);
    let order = word_order(&partitions);
    let entries = link_forms(&partitions, &order);
    let starts = shard_starts(&entries);
    let ranges: Vec<&[usize]> = starts.windows(2).collect();
    let made: Mutex<BTreeSet<String>> = Mutex::default();
    // Parts of the same content are one file.
    let put = |output: Output| {
        let new = made.lock().expect(NO_PANIC).insert(output.path.clone());
        if new { put(output) } else { Ok(()) }
    };
    let postings = |range: &[usize]| merge::read_columns(&partitions, &order[range[0]..range[1]], spill);
    let shards = ranges.par_chunks(SHARDS_PER_NAME).map(|ranges| group(ranges, &entries, postings, put));
    let shards = shards.collect::<Result<Vec<_>, Failure>>()?;
    let common = entries.iter().map(|entry| (entry.word.text, entry.word.impacts));
    let (spelling, lists) = spelling::lists(common);
    let (facets, output) = filters(facets, &entries);
    lists.into_iter().chain([output]).try_for_each(put)?;
    let root = IndexRoot(
        pages,
        per_file,
        if per_file > 1 { PAGES_PER_CARDS } else { 0 },
        SEGMENT,
        SHARDS_PER_NAME,
        front_coded(starts[..starts.len() - 1].iter().map(|&at| separator(&entries, at))),
        shards.concat(),
        texts,
        spelling,
        facets,
        tokenizer::pattern(entries.iter().map(|entry| entry.word.text)),
        fold::diacritics(),
        fold::letters_alike(),
        &language.asking,
        &language.small,
    );
    put(Output { path: ROOT.to_owned(), body: Body::Bytes(gzip::with_matches(&json(&root))) })?;
    Ok(made.into_inner().expect(NO_PANIC).into_iter().collect())
}

/// Makes the files of consecutive shards, and gives what their names begin with.
fn group(
    ranges: &[&[usize]],
    entries: &[ShardEntry<'_>],
    postings: impl Fn(&[usize]) -> Result<PostingsColumns, Failure>,
    put: impl Fn(Output) -> Result<(), Failure>,
) -> Result<String, Failure> {
    let mut hash = Hashing::new();
    let mut shards = Vec::with_capacity(ranges.len());
    for range in ranges {
        let entry = |at: usize| entries[at].word.text;
        let (shard, positions) = shard::encode(range[0], &entries[range[0]..range[1]], postings(range)?, entry);
        shard.iter().chain([&positions]).for_each(|column| hash.update(column));
        shards.push((shard, positions));
    }
    let name = hash.finish().short();
    let mut gzip = Gzip::new();
    let mut output = |at: usize, what: &str, columns: &[&[u8]]| Output {
        path: format!("{PARTS}{name}/{at}{what}.bin"),
        body: Body::Bytes(gzip.compress(columns)),
    };
    for (at, ((shard, positions), range)) in (0..).zip(shards.iter().zip(ranges)) {
        put(output(at, "", &shard.each_ref().map(Vec::as_slice)))?;
        // What is no word has none.
        if mark(entries[range[0]].word.text).is_empty() {
            put(output(at, "p", &[positions]))?;
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

/// All words in the order of the alphabet; the last partition holds words that belong among those of the first.
fn word_order(partitions: &[Partition]) -> Vec<(usize, usize)> {
    let (last, rest) = partitions.split_last().expect("there is a partition of ranks");
    let mut words: Vec<(usize, usize)> = rest
        .iter()
        .enumerate()
        .flat_map(|(partition, words)| (0..words.len()).map(move |at| (partition, at)))
        .collect();
    let first = words.partition_point(|&(partition, at)| partitions[partition].word(at).text < RANK_WORDS[0]);
    words.splice(first..first, (0..last.len()).map(|at| (partitions.len() - 1, at)));
    words
}

/// The dictionary in order; every word knows its neighbours of the same stem class.
fn link_forms<'a>(partitions: &'a [Partition], words: &[(usize, usize)]) -> Vec<ShardEntry<'a>> {
    let mut last: HashMap<&str, usize> = HashMap::new();
    let mut entries: Vec<ShardEntry<'a>> = Vec::with_capacity(words.len());
    for (at, &(partition, position)) in words.iter().enumerate() {
        let stem = &*partitions[partition].stems[position];
        let before = if stem.is_empty() { None } else { last.insert(stem, at) };
        if let Some(before) = before {
            entries[before].next_form = Some(at);
        }
        entries.push(ShardEntry { word: partitions[partition].word(position), previous_form: before, next_form: None });
    }
    entries
}

/// Where shards begin, and the end of the last: where one is full, if possible between words of different beginnings,
/// so that what is typed lies in one.
fn shard_starts(entries: &[ShardEntry<'_>]) -> Vec<usize> {
    let size_of =
        |DictionaryEntry { text, gaps, impacts, .. }: DictionaryEntry<'_>| text.len() / 2 + 4 + gaps + impacts / 2;
    let all: usize = entries.iter().map(|entry| size_of(entry.word)).sum();
    let full = MIN_SHARD.max((all * ROOT_SHARE).isqrt());
    let mut starts = vec![0];
    let (mut size, mut positions) = (0, 0);
    for (at, entry) in entries.iter().enumerate() {
        let parted = |by: fn(&str) -> &str| at > 0 && by(entry.word.text) != by(entries[at - 1].word.text);
        let is_full = size > full && (size > full * 3 / 2 || parted(beginning));
        if is_full || parted(mark) || (size > 0 && positions + entry.word.positions > MAX_POSITIONS) {
            starts.push(at);
            (size, positions) = (0, 0);
        }
        size += size_of(entry.word);
        positions += entry.word.positions;
    }
    starts.push(entries.len());
    starts.dedup();
    if starts.len() < 2 {
        starts.push(entries.len());
    }
    starts
}

fn beginning(word: &str) -> &str {
    word.char_indices().nth(3).map_or(word, |(end, _)| slice(word, ..end))
}

/// What tells entries that are no words from words, and from each other.
fn mark(word: &str) -> &str {
    word.split(|c| c > '\u{3}').next().unwrap_or_default()
}

/// The shortest prefix of the word at `at` that tells it from the one before.
fn separator<'a>(entries: &[ShardEntry<'a>], at: usize) -> &'a str {
    let Some(before) = at.checked_sub(1) else { return "" };
    let word = entries[at].word.text;
    let same = shard::common_prefix(entries[before].word.text, word).0;
    let end = slice(word, same..).chars().next().map_or(word.len(), |c| same + c.len_utf8());
    slice(word, ..end)
}

/// Words in order, each without what it shares with the one before; gzip alone would take two fifths more.
fn front_coded<'a>(words: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 35;
    let mut before = "";
    let coded = words.map(|word| {
        // A digit holds no more, and the rest is as well repeated.
        let (bytes, units) =
            Some(shard::common_prefix(before, word)).filter(|&(_, units)| units <= MOST).unwrap_or_default();
        before = word;
        let digit = char::from_digit(u32::try_from(units).expect("at most 35"), 36).expect("at most 35");
        format!("{digit}{}", slice(word, bytes..))
    });
    coded.collect::<Vec<_>>().join(" ")
}

/// The file that filters are made from: the facets with their terms.
fn filters(facets: &[IndexFacet], entries: &[ShardEntry<'_>]) -> (String, Output) {
    let count = |key: &str| {
        let name = format!("{}{key}", super::segment::TERM_MARK);
        let found = entries.binary_search_by(|entry| entry.word.text.cmp(&name));
        found.map_or(0, |at| entries[at].word.impacts)
    };
    let data: Vec<FacetJson<'_>> = facets
        .iter()
        .filter(|facet| !facet.terms.is_empty())
        .map(|facet| FacetJson {
            slug: &facet.slug,
            name: &facet.name,
            look: facet.look,
            terms: facet.terms.iter().map(|(key, title)| TermJson { key, title, count: count(key) }).collect(),
        })
        .collect();
    part(&data)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read as _;

    use serde_json::Value;

    use super::super::{IndexPage, IndexSection, Indexer, pages_per_file};
    use super::*;
    use crate::spill::InMemory;

    fn page(title: &str, text: &str) -> IndexPage {
        let sections = vec![IndexSection { text: text.to_owned(), ..IndexSection::default() }];
        IndexPage { title: title.to_owned(), sections, ..IndexPage::default() }
    }

    fn build(pages: &[IndexPage]) -> BTreeMap<String, Vec<u8>> {
        let (mut outputs, mut segments, spill) = (Vec::new(), Vec::new(), InMemory::default());
        for pages in pages.chunks(SEGMENT) {
            let (texts, segment) = Indexer::default().index(pages, 2, &spill).expect("memory takes all");
            outputs.extend(texts);
            segments.push(segment);
        }
        let outputs = Mutex::new(outputs);
        let put = |output| {
            outputs.lock().expect(NO_PANIC).push(output);
            Ok(())
        };
        assemble(&segments, &[], &Language { tag: "en", ..Language::default() }, 2, &spill, &put)
            .expect("nothing here can fail");
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

    /// The separators of all shards, read as a browser does.
    fn separators(root: &Value) -> Vec<String> {
        let mut before: Vec<u16> = Vec::new();
        let coded = root[5].as_str().expect("a text").split(' ').map(|coded| {
            let mut rest = coded.chars();
            let digit = rest.next().and_then(|digit| digit.to_digit(36)).expect("a digit comes first");
            before.truncate(digit as usize);
            before.extend(rest.as_str().encode_utf16());
            String::from_utf16(&before).expect("what is shared ends between letters")
        });
        coded.collect()
    }

    /// Everything that the root names is there.
    #[track_caller]
    fn check(pages: &[IndexPage]) -> Value {
        let files = build(pages);
        let root: Value = serde_json::from_slice(&files[ROOT]).expect("the root is JSON");
        let names = |at: usize| {
            let all = root[at].as_str().expect("a text").as_bytes();
            all.chunks(10).map(|name| String::from_utf8_lossy(name).into_owned()).collect::<Vec<_>>()
        };
        let there = |name: &str| files.contains_key(&format!("{PARTS}{name}"));
        assert!(files.contains_key(&format!("search/{}", root[9].as_str().expect("a path"))));
        assert!(names(7).iter().all(|name| there(&format!("{name}/0.json"))));
        let separators = separators(&root);
        let (groups, shards) = (names(6), separators.len());
        assert_eq!(groups.len(), shards.div_ceil(SHARDS_PER_NAME));
        assert!((0..shards).all(|at| there(&format!("{}/{}.bin", groups[at / SHARDS_PER_NAME], at % SHARDS_PER_NAME))));
        let is_word = |at: usize| !separators[at].is_empty() && mark(&separators[at]).is_empty();
        let positions = |at: usize| there(&format!("{}/{}p.bin", groups[at / SHARDS_PER_NAME], at % SHARDS_PER_NAME));
        assert!((0..shards).all(|at| positions(at) || !is_word(at)), "a phrase asks for the positions of any word");
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
        let separators = separators(&root);
        assert!(separators.len() > 3 && separators.is_sorted(), "{separators:?}");
    }

    #[test]
    fn the_same_pages_give_the_same_bytes() {
        let pages: Vec<IndexPage> = (0..200).map(|at| page(&format!("Page {at}"), "some words for all")).collect();
        assert_eq!(build(&pages), build(&pages));
    }

    #[test]
    fn separators_are_coded_by_what_they_share() {
        let long = "x".repeat(36);
        let words = ["", "\u{1}a", "größe", "größer", "𝒜b", "𝒜c", &long, &format!("{long}y")];
        let coded = front_coded(words.into_iter());
        assert_eq!(coded, format!("0 0\u{1}a 0größe 5r 0𝒜b 2c 0{long} 0{long}y"));
    }

    #[test]
    fn files_stay_few_on_large_sites() {
        assert_eq!([0, 1, 11_000].map(pages_per_file), [1; 3]);
        assert!(50_000 / pages_per_file(50_000) <= 8_000);
    }
}
