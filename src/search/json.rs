//! Parts of the index that scripts read as JSON, named after their content.

use serde::Serialize;

use crate::hash::Hash;
use crate::output::{Body, Output};

/// A part of the index, and its path from the root's folder.
pub(super) fn part(data: &impl Serialize) -> (String, Output) {
    let bytes = json(data);
    let name = format!("parts/{}.json", Hash::of(&bytes).short());
    let output = Output { path: format!("search/{name}"), body: Body::Bytes(bytes) };
    (name, output)
}

/// The JSON of data. Hosts compress it by themselves, as they do pages.
pub(super) fn json(data: &impl Serialize) -> Vec<u8> {
    // Most parts are a page or a list, and fit.
    let mut bytes = Vec::with_capacity(16 * 1024);
    serde_json::to_writer(&mut bytes, data).expect("texts and numbers have a JSON form");
    bytes.shrink_to_fit();
    bytes
}
