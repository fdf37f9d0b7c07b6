//! What an output can depend on, and the keys that things have from one build to the next.
#![expect(clippy::indexing_slicing, reason = "a key is a position in the table that gave it")]

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use ahash::AHashMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::model::SiteFile;

macro_rules! questions {
    ($($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $words:literal,)* })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub(crate) enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// What `--why` calls the answer: it completes the sentence "… changed".
            fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }
        }
    )*};
}

questions! {
    /// What can be asked about the site as a whole.
    SiteQuestion {
        /// What surrounds every page: facets, special pages, whether the navigation is open.
        Layout = "the places that every page links to",
        Pages = "the list of all pages",
        /// Every article.
        Order = "the reading order",
        Terms = "the list of all terms",
        Pictures = "the pictures from other sites",
        Relations = "the relations between terms",
        Evidence = "sources or claims",
        /// Of every claim.
        Users = "the pages that rest on a claim",
        Glossary = "the glossary",
        Decisions = "a decision",
        Tracks = "a track",
        Aliases = "the old addresses",
        /// Those that are copied.
        Assets = "the files beside the pages",
    }

    /// What can be asked about a page, by its address.
    PageQuestion {
        /// What a page says about itself in lists, and whether it may be found.
        Page = "the title, address, summary, terms or dates of",
        /// Title and place of a section, and what is in it.
        Section = "the list of pages in",
        /// Those directly in a section, with their titles.
        Inner = "the sections in",
        /// Of a section and those within it.
        Below = "the number of articles in",
        /// The name of a term too.
        Term = "the articles that carry",
        Backlinks = "the pages that mention",
        Related = "the pages related to",
        Neighbours = "the pages before and after",
        /// What it is shown with where it is shared.
        Picture = "the picture of",
    }

    /// What can be asked about a file, by its path.
    FileQuestion {
        Text = "the text of",
        Targets = "where links lead in",
    }
}

/// A question that rendering asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Dependency {
    /// About the site.
    Site(SiteQuestion),
    /// About the page at an address.
    Page(PageQuestion, Key),
    /// About the file at a path.
    File(FileQuestion, Key),
}

/// As one number: a build asks millions of questions, most of them again.
impl Hash for Dependency {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (kind, question, Key(key)) = match *self {
            Self::Site(question) => (0, question as u64, Key(0)),
            Self::Page(question, key) => (1, question as u64, key),
            Self::File(question, key) => (2, question as u64, key),
        };
        state.write_u64(kind << 40 | question << 32 | u64::from(key));
    }
}

impl Dependency {
    /// In words, as the subject of "… changed".
    pub(crate) fn words(self, keys: &KeyTable) -> String {
        match self {
            Self::Site(question) => question.words().to_owned(),
            Self::Page(question, key) => format!("{} {}", question.words(), keys.name(key)),
            Self::File(question, key) => format!("{} {}", question.words(), keys.name(key)),
        }
    }

    /// The same question about what has another key.
    pub(super) fn map_key(self, to: impl FnOnce(Key) -> Key) -> Self {
        match self {
            Self::Site(question) => Self::Site(question),
            Self::Page(question, key) => Self::Page(question, to(key)),
            Self::File(question, key) => Self::File(question, to(key)),
        }
    }
}

/// What makes outputs, by what it makes them of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum JobKey {
    /// A page, by its address.
    Page(Key),
    /// The page at an old address.
    Alias(Key),
    /// The files beside a decision, by the address of its page.
    Decision(Key),
    /// The feed of a term, likewise.
    TermFeed(Key),
    /// A file that a site has once; of the search index, all files.
    SiteFile(SiteFile),
}

impl JobKey {
    /// The same kind of job for what has another key.
    pub(super) fn map_key(self, to: impl FnOnce(Key) -> Key) -> Self {
        match self {
            Self::Page(key) => Self::Page(to(key)),
            Self::Alias(key) => Self::Alias(to(key)),
            Self::Decision(key) => Self::Decision(to(key)),
            Self::TermFeed(key) => Self::TermFeed(to(key)),
            Self::SiteFile(file) => Self::SiteFile(file),
        }
    }
}

/// An address or a path as a number, the same in every build that shares a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Key(pub(super) u32);

impl Key {
    /// A key by its number.
    ///
    /// # Panics
    /// With more than four billion keys.
    pub(crate) fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("fewer than 2^32 keys"))
    }

    /// The number, for tables.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Every address and path that has a key.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub(crate) struct KeyTable(Interner<Arc<str>>);

impl From<Vec<String>> for KeyTable {
    fn from(names: Vec<String>) -> Self {
        Self(names.into_iter().map(Arc::from).collect())
    }
}

impl Serialize for KeyTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.all().iter().map(|name| &**name))
    }
}

impl KeyTable {
    /// The key of an address or path, which it now has.
    pub(crate) fn intern(&mut self, name: &str) -> Key {
        Key(self.0.find(name).unwrap_or_else(|| self.0.intern(name.into())))
    }

    /// The key of an address or path, if it has one.
    pub(crate) fn find(&self, name: &str) -> Option<Key> {
        self.0.find(name).map(Key)
    }

    /// The address or path of a key.
    pub(crate) fn name(&self, key: Key) -> &str {
        &self.0.all()[key.index()]
    }

    /// The keys of a table of only those that are `needed`, in the order of their names, and that table.
    pub(super) fn in_order(&self, needed: &[bool]) -> (Self, Vec<Key>) {
        let mut names: Vec<(&Arc<str>, usize)> = self.0.all().iter().zip(0..).filter(|(_, at)| needed[*at]).collect();
        names.sort_unstable();
        let mut keys = vec![Key(0); self.len()];
        for (key, (_, at)) in (0..).zip(&names) {
            keys[*at] = Key(key);
        }
        (Self(names.into_iter().map(|(name, _)| Arc::clone(name)).collect()), keys)
    }

    /// How many there are; every key's index is below.
    pub(crate) fn len(&self) -> usize {
        self.0.all().len()
    }
}

/// Values by numbers, in the order in which they were met, each once.
#[derive(Debug, Clone)]
pub(super) struct Interner<T> {
    all: Vec<T>,
    numbers: AHashMap<T, u32>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: AHashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Interner<T> {
    /// # Panics
    /// With 2^32 values.
    pub(super) fn intern(&mut self, value: T) -> u32 {
        let next = u32::try_from(self.all.len()).expect("fewer than 2^32 values");
        *self.numbers.entry(value).or_insert_with_key(|value| {
            self.all.push(value.clone());
            next
        })
    }

    pub(super) fn find<Q: Eq + Hash + ?Sized>(&self, value: &Q) -> Option<u32>
    where
        T: Borrow<Q>,
    {
        self.numbers.get(value).copied()
    }

    pub(super) fn all(&self) -> &[T] {
        &self.all
    }
}

impl<T: Clone + Eq + Hash> FromIterator<T> for Interner<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut interner = Self::default();
        values.into_iter().for_each(|value| _ = interner.intern(value));
        interner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_key_and_a_dependency_reads_as_a_sentence() {
        let mut keys = KeyTable::default();
        let key = keys.intern("/a/");
        assert_ne!(keys.intern("/b/"), key);
        assert_eq!((keys.intern("/a/"), keys.find("/a/"), keys.find("/c/")), (key, Some(key), None));
        let words = |dependency: Dependency| dependency.words(&keys);
        assert_eq!(words(Dependency::Page(PageQuestion::Backlinks, key)), "the pages that mention /a/");
        assert_eq!(words(Dependency::File(FileQuestion::Text, key)), "the text of /a/");
        assert_eq!(words(Dependency::Site(SiteQuestion::Glossary)), "the glossary");
    }
}
