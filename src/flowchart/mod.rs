//! A graph of questions and outcomes in, its drawing out: a chart as SVG, and the same graph as Mermaid, DOT and text.
//!
//! [`layout`] is a layered drawing from top to bottom, the framework of Sugiyama, Tagawa and Toda ("Methods for visual
//! understanding of hierarchical system structures", 1981), with the methods of dot for most steps (Gansner,
//! Koutsofios, North and Vo, "A technique for drawing directed graphs", 1993). One file, or a few, for each step:
//!
//! 1. `measure`: the sizes of boxes and labels, with all distances in `metrics`;
//! 2. `rank`: cycle removal by depth-first search, then layer assignment by network simplex (`simplex`);
//! 3. `layered`: every long edge becomes a chain of dummy vertices, one in each layer it passes. Below every layer of
//!    nodes lies a **layer of labels**, and the first dummy of an edge carries its label there, so a label can neither
//!    cover anything nor be far from its question;
//! 4. `crossing_reduction`: the order within layers (`order`), by layer sweeps with barycentre and median, transposition
//!    and sifting (`local_search`, on the counts of `crossing`), in an iterated local search; `answer_order` restores the
//!    order of answers as written where that costs no crossing;
//! 5. `coordinates`: x by network simplex over blocks, with ports on the sides of boxes; `straighten` takes out jogs;
//! 6. `route`: orthogonal edge routing. Horizontal segments run in the channels between layers, each on a track of its
//!    own, so no line can pass through a box or lie on another.
//!
//! The faults a chart can have are thus excluded by how it is built rather than repaired afterwards.
//!
//! All arithmetic is on whole numbers and all effort is counted in rounds, never in time, so that a graph has one
//! drawing, the same bytes on every machine. Nothing here knows the site: what a question means, where its page is and
//! whether the graph is sound is said by the caller. Cycles, self-loops and unreachable nodes, which a site with errors
//! may hold, are drawn as well as they can be.
#![expect(
    clippy::indexing_slicing,
    reason = "nodes, edges, layers and their parts are positions in lists that are made for all of them at once"
)]

mod answer_order;
mod coordinates;
mod crossing;
mod crossing_reduction;
pub(crate) mod drawing;
mod export;
mod graph;
mod layered;
mod local_search;
mod measure;
mod metrics;
mod order;
mod rank;
mod route;
mod simplex;
mod straighten;
mod svg;
#[cfg(test)]
mod tests;

use drawing::Drawing;
pub(crate) use export::{dot, mermaid, text};
pub(crate) use graph::{Edge, Graph, Kind, Node, Verdict, Words};
pub(crate) use svg::{standalone, svg};

/// Draws a graph. Ends on any graph, and draws the same graph the same way every time.
pub(crate) fn layout(graph: &Graph) -> Drawing {
    let sizes = measure::sizes(graph);
    let ranks = rank::assign(graph);
    let layered = layered::build(graph, &ranks, &sizes);
    let order = crossing_reduction::reduce(&layered);
    let coordinates = coordinates::assign(&layered, &order);
    route::draw(&layered, &order, &coordinates, sizes)
}
