//! A checked site in, what is beside its pages out: for programs, for hosts and for the search.
//!
//! The site as data ([`catalogue()`]), as feeds, for language models, each page as Markdown, each decision as a file of
//! its own kind, the rules of a host, and the pages of the search index. All of it reads the site through a
//! [`View`](crate::view::View), as pages do.

mod catalogue;
mod decision_files;
mod decision_json;
mod feeds;
mod hosting;
mod llms;
#[cfg(test)]
mod schema;
mod search;
mod twin;

pub(crate) use catalogue::{output as catalogue, schema as catalogue_schema};
pub(crate) use decision_files::outputs as decision_files;
pub(crate) use decision_json::schema as decision_schema;
pub(crate) use feeds::{feed, sitemap};
pub(crate) use hosting::{HostRules, alias_page, redirects, robots};
pub(crate) use llms::{full as llms_full, index as llms};
pub(crate) use search::{IndexPlan, Reader as IndexReader};
pub(crate) use twin::markdown as twin;
