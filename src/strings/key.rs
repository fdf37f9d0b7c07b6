//! Keys of words, held against the catalogue while the program is compiled.

/// The catalogue of the default theme: what there is to say, in English.
pub(super) const ENGLISH: &str = include_str!("../../themes/default/strings/en.yaml");

/// The key of a word that the catalogue has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StringKey(pub(super) &'static str);

impl StringKey {
    /// The key of this name; to be called through [`key!`](super::key), at compile time.
    ///
    /// # Panics
    /// Where the catalogue has no such key.
    pub(crate) const fn known(name: &'static str) -> Self {
        assert!(is_known(name), "themes/default/strings/en.yaml has no such key");
        Self(name)
    }
}

/// Whether a line of the catalogue begins with the key and a colon.
const fn is_known(name: &str) -> bool {
    let mut text = ENGLISH.as_bytes();
    let mut is_start = true;
    while let Some((&byte, rest)) = text.split_first() {
        if is_start && begins(text, name.as_bytes()) {
            return true;
        }
        is_start = byte == b'\n';
        text = rest;
    }
    false
}

/// Whether a text begins with the key and a colon.
const fn begins(mut text: &[u8], mut name: &[u8]) -> bool {
    while let (Some((&byte, text_rest)), Some((&letter, name_rest))) = (text.split_first(), name.split_first()) {
        if byte != letter {
            return false;
        }
        (text, name) = (text_rest, name_rest);
    }
    name.is_empty() && matches!(text.first(), Some(b':'))
}

/// A key of the catalogue, as a constant: `key!("home")`. One that is not there does not compile.
macro_rules! key {
    ($name:literal) => {
        const { $crate::strings::StringKey::known($name) }
    };
}
pub(crate) use key;
