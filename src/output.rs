//! One file of the finished site.

/// A file to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Path below the output folder, with `/` between its parts; never absolute, never with `..`.
    pub path: String,
    /// What it holds.
    pub body: Body,
}

/// The content of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of this file of the site, by its path below the site's root: an asset too large to hold in memory.
    Copy(String),
}
