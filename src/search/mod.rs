//! Pages in, the files of a search index out: an inverted index in shards, its positions, texts, spelling
//! lists, a root.
//!
//! The index is cut so that a browser answers a query with a few small files, whatever the size of the site; the format
//! is described in `docs/search.md` and read by `themes/default/js/search/`. Two steps fit many cores and
//! little memory: [`Indexer`] takes a run of consecutive pages, gives away their texts at once and keeps only their
//! [`Segment`], the postings in compact form, which wait in a spill; [`assemble`] merges all segments, partition of the
//! dictionary by partition (Zobel and Moffat, "Inverted files for text search engines", 2006; Manning, Raghavan and
//! Schütze, "Introduction to information retrieval", 2008, chapters 4 and 5). Stemming happens here, so that the
//! browser needs none: words of a stem class point at each other. The literature's terms are words here, and its
//! documents pages, since sites have terms of their own. Nothing here knows of sites: what a page is and which words
//! belong to it is said by `export`.

mod assemble;
mod fold;
mod gzip;
mod impact;
mod interner;
mod inverter;
mod json;
mod merge;
mod segment;
mod shard;
mod spelling;
mod stem;
mod texts;
mod tokenizer;
mod varint;

use std::sync::Mutex;

use crate::failure::Failure;
use crate::output::Output;
use crate::spill::Spill;
use inverter::Inverter;

pub(crate) use assemble::assemble;
pub(crate) use segment::Segment;

/// Where the root lies; everything else lies in [`PARTS`] under names that change with the content.
pub(crate) const ROOT: &str = "search/root.bin";

/// The folder of the parts.
pub(crate) const PARTS: &str = "search/parts/";

/// Whether an output is of the index, which no page shows.
pub(crate) fn is_part(path: &str) -> bool {
    path == ROOT || path.starts_with(PARTS)
}

/// How many consecutive pages make a segment. A change to one page renames the text files of its segment.
pub(crate) const SEGMENT: usize = 64;

/// One thing that can be found.
#[derive(Debug, Clone, Default)]
pub(crate) struct IndexPage {
    /// The link to it.
    pub(crate) url: String,
    pub(crate) title: String,
    /// How it is marked among results: the name of an icon.
    pub(crate) look: &'static str,
    /// Whether it is a part of another page, and gives way to a page of the same title.
    pub(crate) minor: bool,
    /// What it is, for readers; empty for the ordinary.
    pub(crate) label: String,
    pub(crate) summary: String,
    /// What else readers call it.
    pub(crate) also: Vec<String>,
    /// What else leads to it: its file, its id, its old addresses.
    pub(crate) names: Vec<String>,
    /// What it is, by keys that are filtered by like terms but are no words of the page.
    pub(crate) kinds: Vec<&'static str>,
    /// How much else leads to it, which says in what order pages of a kind are offered.
    pub(crate) weight: u8,
    /// The terms that it carries, by the keys of [`IndexFacet::terms`], and what they are called.
    pub(crate) terms: Vec<(String, String)>,
    /// Its text; the first section may have no heading.
    pub(crate) sections: Vec<IndexSection>,
}

/// A heading and the text below it.
#[derive(Debug, Clone, Default)]
pub(crate) struct IndexSection {
    /// The fragment that leads there, ready for a link; empty above the first heading.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// What the words of a site are in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Language<'a> {
    /// Its tag.
    pub(crate) tag: &'a str,
    /// Words that questions begin with.
    pub(crate) asking: Vec<String>,
    /// Others that say so little that a page need not have them.
    pub(crate) small: Vec<String>,
}

/// One kind of terms that results can be narrowed by.
#[derive(Debug, Clone)]
pub(crate) struct IndexFacet {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) look: &'static str,
    /// Key and title of each.
    pub(crate) terms: Vec<(String, String)>,
}

/// How many pages share a file of texts on a site with so many pages: one where that is affordable, since a reader
/// fetches a file for every result, and more where hosts would complain of the number of files.
pub(crate) fn pages_per_file(pages: usize) -> usize {
    if pages > 11_000 { pages.div_ceil(5_000).next_power_of_two().min(SEGMENT) } else { 1 }
}

/// Indexes runs of pages, on any thread: what one run has taken of memory is there for the next.
#[derive(Debug, Default)]
pub(crate) struct Indexer {
    idle: Mutex<Vec<Inverter>>,
}

impl Indexer {
    /// Makes the texts of consecutive pages, at most [`SEGMENT`] of them, and what remains to be merged, most of it in
    /// the spill.
    ///
    /// # Errors
    /// If the spill will not have it.
    pub(crate) fn index(
        &self,
        pages: &[IndexPage],
        per_file: usize,
        spill: &dyn Spill,
    ) -> Result<(Vec<Output>, Segment), Failure> {
        let (outputs, name) = texts::files(pages, per_file);
        let idle = || self.idle.lock().expect("nothing panics while the lock is held");
        let mut inverter = idle().pop().unwrap_or_default();
        let segment = inverter.segment(pages, name, spill)?;
        idle().push(inverter);
        Ok((outputs, segment))
    }
}
