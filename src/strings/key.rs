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
    let (text, name) = (ENGLISH.as_bytes(), name.as_bytes());
    let mut at = 0;
    while at < text.len() {
        let mut same = 0;
        while same < name.len() && at + same < text.len() && text[at + same] == name[same] {
            same += 1;
        }
        if same == name.len() && at + same < text.len() && text[at + same] == b':' {
            return true;
        }
        while at < text.len() && text[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    false
}

/// A key of the catalogue, as a constant: `key!("home")`. One that is not there does not compile.
macro_rules! key {
    ($name:literal) => {
        const { $crate::strings::StringKey::known($name) }
    };
}
pub(crate) use key;
