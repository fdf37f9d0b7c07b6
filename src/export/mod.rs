//! A checked site in, what is beside its pages out: for programs, for hosts and for the search.
//!
//! The site as data ([`catalogue`]), as feeds, for language models, each page as Markdown, each decision as a file of
//! its own kind, the rules of a host, and the pages of the search index. All of it reads the site through a
//! [`View`](crate::view::View), as pages do.

pub(crate) mod catalogue;
pub(crate) mod decision_files;
pub(crate) mod decision_json;
pub(crate) mod feeds;
pub(crate) mod hosting;
pub(crate) mod llms;
#[cfg(test)]
mod schema;
pub(crate) mod search;
pub(crate) mod twin;
