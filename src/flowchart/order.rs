//! The order of the vertices within every layer, which crossing reduction searches for and later steps keep.

/// The vertices of every layer from the left, and the position of each vertex in its layer.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) layers: Vec<Vec<usize>>,
    pub(super) position: Vec<usize>,
}

/// How good an order is, the first part deciding: crossings, then pairs of answers that stand in another order than
/// written.
pub(super) type Cost = (usize, usize);

impl Order {
    /// Updates the positions of a layer's vertices after they moved.
    pub(super) fn update_positions(&mut self, layer: usize) {
        for (position, &vertex) in self.layers[layer].iter().enumerate() {
            self.position[vertex] = position;
        }
    }
}
