//! The rules, a file each.

pub(super) mod answers;
pub(super) mod citations;
pub(super) mod contests;
pub(super) mod decision_tests;
pub(super) mod decisions;
pub(super) mod file_names;
pub(super) mod freshness;
pub(super) mod links;
pub(super) mod pictures;
pub(super) mod unknown_names;
