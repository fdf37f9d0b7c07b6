//! The texts that a build is made from, and places in them.
//!
//! Everything that the core reads is gathered here first, by the edge room `read` or by a test, so that a build
//! is a function of its [`Inputs`] alone. A file is named by a [`SourceId`], a place in it by a [`Span`] of bytes;
//! line and column exist only when a message is printed ([`LineIndex`]). This room knows no format: not YAML, not
//! Markdown, not which path means what.

mod lines;
mod slice;
mod span;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::hash::Hash;
pub use lines::{LineIndex, Position, PositionEncoding};
pub(crate) use slice::{floor_char_boundary, slice};
pub use span::{At, SourceId, Span};

/// Whether a character is none that a page, a feed or a terminal can show: a control character that is no white space, or
/// one of the two that XML does not have either.
pub(crate) fn cannot_be_shown(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// One input file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path below the site's root, with `/` between its parts: `content/a/b.md`.
    pub path: String,
    /// The whole text, without a byte-order mark. Of an asset that is no picture made of text, at most its beginning,
    /// where that may be one of a document.
    pub text: String,
    /// What kind of file it is.
    pub kind: SourceKind,
}

/// What a file is to the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// Markdown or YAML below `content/`.
    Content,
    /// A file below `content/` that is copied as it is.
    Asset,
    /// A file of a theme, below `themes/<name>/`; copied from the disk where its text is empty.
    Theme,
    /// A file of the theme inside the program.
    Embedded,
    /// Something that lies there and is no part of the site, such as a link; only messages name it.
    LeftOut,
}

/// The first and the last day on which a file was committed, as `YYYY-MM-DD`, and what was said the last time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct CommitDates {
    /// Author date of the oldest commit that has the file.
    pub first: String,
    /// Author date of the newest.
    pub last: String,
    /// The subject of the newest, in words that can be shown.
    pub subject: String,
}

/// The width and height of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PictureSize {
    /// From the left to the right.
    pub width: usize,
    /// From the top to the bottom.
    pub height: usize,
}

/// All input of one build: texts, and what the surroundings say.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The folder's name, which titles a site without a configuration.
    pub name: String,
    /// Commit dates by path, where the site lies in a git work tree and asks for them.
    pub dates: BTreeMap<String, CommitDates>,
    /// The sizes of pictures by path, of formats that every program shows, where they can be read.
    pub pictures: BTreeMap<String, PictureSize>,
    /// Where the site's root lies in its git repository: empty, or a folder with a slash at its end.
    pub prefix: String,
    sources: Vec<Source>,
    /// Of each text, when it is first asked for.
    hashes: Vec<OnceLock<Hash>>,
    by_path: BTreeMap<String, SourceId>,
}

#[expect(clippy::indexing_slicing, reason = "an id is a position in lists out of which nothing is taken")]
impl Inputs {
    /// Inputs without a file, for a site whose folder is called `name`.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Adds a file and gives its id; ids grow in the order of adding.
    ///
    /// # Panics
    /// With more than four billion files.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId::new(u32::try_from(self.sources.len()).expect("fewer than 2^32 files"));
        self.by_path.insert(source.path.clone(), id);
        self.sources.push(source);
        self.hashes.push(OnceLock::new());
        id
    }

    /// Adds a file, or puts it in the place of the one at the same path, whose id it then has.
    pub fn put(&mut self, source: Source) -> SourceId {
        let Some(id) = self.find(&source.path) else { return self.add(source) };
        self.sources[id.index()] = source;
        self.hashes[id.index()] = OnceLock::new();
        id
    }

    /// Takes the file at `path` out. Its id is not given to another.
    pub fn remove(&mut self, path: &str) {
        if let Some(id) = self.by_path.remove(path) {
            self.sources[id.index()].text = String::new();
            self.hashes[id.index()] = OnceLock::new();
        }
    }

    /// The paths of the file at `path` and of all files below it, in order.
    pub fn at_or_below(&self, path: &str) -> impl Iterator<Item = &str> {
        let folder = format!("{path}/");
        let here = self.by_path.get_key_value(path).map(|(path, _)| path.as_str());
        // "a/" to "a0": `0` is what follows `/`.
        let below = self.by_path.range(folder..format!("{path}0")).map(|(path, _)| path.as_str());
        here.into_iter().chain(below)
    }

    /// The file with this id.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.index()]
    }

    /// Whether there is text at a place, which data from outside may say.
    pub(crate) fn has(&self, span: Span) -> bool {
        self.sources.get(span.source.index()).is_some_and(|source| source.text.get(span.range()).is_some())
    }

    /// The hash of a file's text.
    pub(crate) fn hash(&self, id: SourceId) -> Hash {
        *self.hashes[id.index()].get_or_init(|| Hash::of(self.get(id).text.as_bytes()))
    }

    /// The id of the file at `path`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<SourceId> {
        self.by_path.get(path).copied()
    }

    /// All files with their ids, in the order of their paths, however they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.by_path.values().map(|&id| (id, self.get(id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_there_only_between_letters_of_a_file() {
        let mut inputs = Inputs::new("");
        let source = Source { path: "content/a.md".to_owned(), text: "aä".to_owned(), kind: SourceKind::Content };
        let id = inputs.add(source);
        for (range, expected) in [(0..0, true), (0..3, true), (3..3, true), (0..2, false), (0..4, false)] {
            assert_eq!(inputs.has(Span::new(id, range.clone())), expected, "{range:?}");
        }
        assert!(!inputs.has(Span { source: id, start: 3, end: 1 }));
        assert!(!inputs.has(Span::file(SourceId::new(1))));
    }
}
