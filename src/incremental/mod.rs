//! Rebuilding less: remember the leaves, recompute the middle.
//!
//! Rendering is most of a build's work, and it can be remembered. What lies before it is computed anew, being cheap:
//! pages, links, checks. An output is reused while every answer that it was made from still holds: while it is made,
//! each question that rendering asks of the site is recorded as a [`Dependency`]; together they are its [`Trace`]. A
//! [`Cache`] has a fingerprint of the last build's answer about each dependency. The next build asks each question once
//! more, and an output is made again if one of its dependencies is among those with another answer: so a change reaches
//! exactly the outputs that looked at it, through however many pages, and nobody declares dependencies by hand. These
//! are the verifying traces of Mokhov, Mitchell and Peyton Jones, "Build systems à la carte", 2018, section 4.2.2.
//!
//! Invariant: **a build with a cache equals a build without one, byte for byte.** It holds because rendering has no way
//! to the site but one that records, and `tests/rebuild.rs` tries it with random edits.
//! This room does not know what a page is: what the answers are made of is for `view` to say.

mod cache;
mod dependency;
mod store;

pub(crate) use cache::{Answers, Cache, CacheStatus, JobOutcome, LastBuild, Recorder, Revision, Trace, Untraced};
pub(crate) use dependency::{Dependency, FileQuestion, JobKey, Key, KeyTable, PageQuestion, SiteQuestion};
