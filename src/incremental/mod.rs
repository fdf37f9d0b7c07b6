//! Rebuilding less: remember the leaves, recompute the middle.
//!
//! Parsing and rendering are most of a build's work, and both can be remembered. A text is parsed again only when it
//! changed. What lies between is computed anew, being cheap: pages, links, checks. An output is kept while
//! every answer that it was made from still holds: while it is made, each question that rendering asks of the site is
//! noted as a [`Fact`]; together they are its [`Trace`]. A memory has a fingerprint of the last build's answer about
//! each fact. The next build asks each question once more, and an output is made again if one of its facts is among
//! those with another answer: so a change reaches exactly the outputs that looked at it, through however many pages,
//! and nobody declares dependencies by hand.
//!
//! Invariant: **a build with a memory equals a build without one, byte for byte.** It holds because rendering has no
//! way to the site but the window that takes the notes, and `tests/rebuild.rs` tries it with random edits.
//! This room does not know what a page is: what the answers are made of is for `render` to say.

mod fact;
mod kept;
mod memo;

pub(crate) use fact::{About, Fact, Question, Subjects};
pub(crate) use memo::{Answers, Changes, Fate, Kept, Last, Memo, Notes, Trace};
