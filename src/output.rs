//! One file of the finished site, and how much there is of it.

use serde::{Deserialize, Serialize};

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

/// How much a site holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles.
    pub articles: usize,
    /// Pages of every kind.
    pub pages: usize,
    /// Terms in all facets.
    pub terms: usize,
    /// Links followed.
    pub links: usize,
    /// Files handed to the sink.
    pub outputs: usize,
}
