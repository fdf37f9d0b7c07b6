//! Fingerpost: a folder of Markdown with typed tags in, a cross-linked, checked site out.
//!
//! The rooms of the house, in the order of the flow. Imports point up this list and never down; a test holds that.
//!
//! **Vocabulary**, known to every room: [`failure`] a broken world; `hash` a short name for bytes; [`source`] texts and
//! places in them; [`diagnostic`] findings and how they are shown; [`output`] what is written; [`spill`] where bytes wait;
//! `yaml` values with their places; `config` the settings of a site; `strings` the words that it says of itself.
//!
//! **Core**, pure and in memory: `parse` one text into one document; `address` where things live; `model` documents into
//! one site; `link` where every link leads; `check` judgements; [`analysis`] all of it in one function.
//!
//! **Drawings**: [`theme`] templates and styles; `flowchart` a graph into its drawing; `search` pages into an index.
//!
//! **Publishing**: `incremental` what is remembered between builds; `view` what templates see; `render` pages as HTML;
//! `export` what lies beside them; [`publish`] the files of a site.
//!
//! **Edges**, the only rooms that touch the world: `read` folders into texts; `memory` what a build
//! keeps for the next, and whether to believe it; `write` files into a folder;
//! `serve` a site to a browser while it is written; [`cli`] the command line.

pub mod failure;
mod hash;
pub mod source;
pub mod diagnostic;
pub mod output;
pub mod spill;
mod yaml;
mod typography;
mod config;
mod strings;

mod parse;
mod address;
mod model;
mod link;
mod check;
pub mod analysis;
pub mod theme;
mod flowchart;
mod search;
mod incremental;
mod view;
mod render;
mod export;
pub mod publish;

pub mod read;
mod memory;
pub mod write;
pub mod serve;
pub mod cli;
