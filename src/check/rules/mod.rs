//! The rules, a file each.

pub(super) mod assets;
pub(super) mod citations;
pub(super) mod contests;
pub(super) mod freshness;
pub(super) mod links;
pub(super) mod names;
pub(super) mod related;
