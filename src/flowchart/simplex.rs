//! Network simplex: whole numbers for vertices, so that every pair is at least so far apart and the weighted sum of
//! distances is smallest. Ranks and x coordinates are both found by it.
//!
//! After Gansner, Koutsofios, North and Vo (1993, sections 2.3 and 2.4, whose names are used), with one change: the cut value of a
//! tree edge, which says whether the sum shrinks when the two halves it joins are moved apart, is the weight out less the
//! weight in, summed over the half below it, since edges inside the half cancel out. So a pivot only recounts the part of
//! the tree that it changes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// An edge of the network: `to` stands at least `min_length` after `from`, and each unit of their distance costs
/// `weight`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Constraint {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) min_length: i32,
    pub(super) weight: i32,
}

/// How many tree edges of negative cut value are compared before one leaves the tree; dot has the same number.
const SEARCH_SIZE: usize = 30;
/// Pivots for each vertex; the rare graph that needs more is left a little longer than it could be.
const PIVOTS_PER_VERTEX: usize = 12;
const NONE: usize = usize::MAX;

/// The positions, each connected component beginning at 0. The constraints must not form a cycle.
pub(super) fn solve(vertices: usize, constraints: &[Constraint]) -> Vec<i32> {
    let mut network = Network::new(vertices, constraints);
    network.feasible_tree();
    network.init_low_lim();
    let mut search = 0;
    for _ in 0..vertices * PIVOTS_PER_VERTEX {
        let Some(leaving) = network.leaving_edge(&mut search) else { break };
        if !network.pivot(leaving) {
            break;
        }
    }
    network.normalise()
}

struct Network<'a> {
    constraints: &'a [Constraint],
    /// The constraints that leave a vertex, and those that enter it.
    outgoing: Vec<Vec<usize>>,
    incoming: Vec<Vec<usize>>,
    position: Vec<i32>,
    /// The edges of the spanning tree at each vertex: constraints that are tight, without slack.
    tree_edges: Vec<Vec<usize>>,
    roots: Vec<usize>,
    /// The tree's vertices, children before parents, so that every subtree is a slice that ends with its root.
    postorder: Vec<usize>,
    /// The first and the last index of that slice for each vertex.
    low: Vec<usize>,
    lim: Vec<usize>,
    /// The tree edge towards the root.
    parent: Vec<usize>,
    /// Weight out less weight in, of the subtree of a vertex.
    subtree_balance: Vec<i32>,
    /// The same of the vertex alone.
    balance: Vec<i32>,
}

impl<'a> Network<'a> {
    fn new(vertices: usize, constraints: &'a [Constraint]) -> Self {
        let mut outgoing = vec![Vec::new(); vertices];
        let mut incoming = vec![Vec::new(); vertices];
        let mut balance = vec![0; vertices];
        for (index, constraint) in constraints.iter().enumerate() {
            outgoing[constraint.from].push(index);
            incoming[constraint.to].push(index);
            balance[constraint.from] += constraint.weight;
            balance[constraint.to] -= constraint.weight;
        }
        let position = earliest_positions(constraints, &outgoing, &incoming);
        Self {
            constraints,
            outgoing,
            incoming,
            position,
            tree_edges: vec![Vec::new(); vertices],
            roots: Vec::new(),
            postorder: vec![0; vertices],
            low: vec![0; vertices],
            lim: vec![0; vertices],
            parent: vec![NONE; vertices],
            subtree_balance: balance.clone(),
            balance,
        }
    }

    /// A spanning tree of tight constraints for each connected component. The tree so far is moved by the smallest
    /// slack at its border, which makes one more constraint tight; as all slacks at the border then change alike, they
    /// wait in two priority queues.
    fn feasible_tree(&mut self) {
        let vertices = self.position.len();
        let mut inside = vec![false; vertices];
        for root in 0..vertices {
            if inside[root] {
                continue;
            }
            self.roots.push(root);
            let (mut moved, mut members) = (0, Vec::new());
            let (mut outward, mut inward) = (BinaryHeap::new(), BinaryHeap::new());
            let mut next = Some((root, NONE));
            while let Some((vertex, by)) = next {
                if by != NONE {
                    self.tree_edges[self.constraints[by].from].push(by);
                    self.tree_edges[self.constraints[by].to].push(by);
                }
                inside[vertex] = true;
                members.push(vertex);
                self.position[vertex] -= moved;
                for &index in &self.outgoing[vertex] {
                    let constraint = self.constraints[index];
                    if !inside[constraint.to] {
                        let at = self.position[vertex];
                        outward.push(Reverse((self.position[constraint.to] - at - constraint.min_length, index)));
                    }
                }
                for &index in &self.incoming[vertex] {
                    let constraint = self.constraints[index];
                    if !inside[constraint.from] {
                        let at = self.position[vertex];
                        inward.push(Reverse((at - self.position[constraint.from] - constraint.min_length, index)));
                    }
                }
                while outward.peek().is_some_and(|Reverse((_, index))| inside[self.constraints[*index].to]) {
                    outward.pop();
                }
                while inward.peek().is_some_and(|Reverse((_, index))| inside[self.constraints[*index].from]) {
                    inward.pop();
                }
                let out = outward.peek().map(|&Reverse((key, index))| (key - moved, index));
                let into = inward.peek().map(|&Reverse((key, index))| (key + moved, index));
                next = match (out, into) {
                    (Some((slack, index)), into) if into.is_none_or(|(other, _)| slack <= other) => {
                        moved += slack;
                        Some((self.constraints[index].to, index))
                    }
                    (_, Some((slack, index))) => {
                        moved -= slack;
                        Some((self.constraints[index].from, index))
                    }
                    _ => None,
                };
            }
            for vertex in members {
                self.position[vertex] += moved;
            }
        }
    }

    fn init_low_lim(&mut self) {
        let mut next = 0;
        for root in self.roots.clone() {
            next = self.set_low_lim(root, NONE, next);
        }
    }

    /// Numbers the subtree of a vertex in postorder, beginning at `next`, and sums it up; returns the number after.
    fn set_low_lim(&mut self, root: usize, parent: usize, mut next: usize) -> usize {
        self.parent[root] = parent;
        self.low[root] = next;
        self.subtree_balance[root] = self.balance[root];
        let mut stack = vec![(root, 0)];
        while let Some((vertex, branch)) = stack.last_mut() {
            let vertex = *vertex;
            if let Some(&index) = self.tree_edges[vertex].get(*branch) {
                *branch += 1;
                if index != self.parent[vertex] {
                    let child = self.other_end(index, vertex);
                    self.parent[child] = index;
                    self.low[child] = next;
                    self.subtree_balance[child] = self.balance[child];
                    stack.push((child, 0));
                }
                continue;
            }
            stack.pop();
            self.lim[vertex] = next;
            self.postorder[next] = vertex;
            next += 1;
            if let Some(&(parent, _)) = stack.last() {
                self.subtree_balance[parent] += self.subtree_balance[vertex];
            }
        }
        next
    }

    fn other_end(&self, index: usize, vertex: usize) -> usize {
        let constraint = self.constraints[index];
        if constraint.from == vertex { constraint.to } else { constraint.from }
    }

    /// The cut value of the tree edge above a vertex; negative when moving the halves apart shortens the sum.
    fn cut_value(&self, vertex: usize) -> i32 {
        match self.parent[vertex] {
            NONE => 0,
            index if self.constraints[index].from == vertex => self.subtree_balance[vertex],
            _ => -self.subtree_balance[vertex],
        }
    }

    /// The vertex below the tree edge that should leave the tree, searched from where the last search ended.
    fn leaving_edge(&self, search: &mut usize) -> Option<usize> {
        let (mut best, mut found) = (None, 0);
        for _ in 0..self.position.len() {
            let vertex = *search;
            *search = if vertex + 1 == self.position.len() { 0 } else { vertex + 1 };
            let cut_value = self.cut_value(vertex);
            if cut_value < 0 {
                found += 1;
                if best.is_none_or(|(least, _)| cut_value < least) {
                    best = Some((cut_value, vertex));
                }
                if found == SEARCH_SIZE {
                    break;
                }
            }
        }
        best.map(|(_, vertex)| vertex)
    }

    fn is_in_subtree(&self, vertex: usize, top: usize) -> bool {
        (self.low[top]..=self.lim[top]).contains(&self.lim[vertex])
    }

    /// Takes the edge above a vertex out of the tree, and the tightest constraint that can replace it in. Returns
    /// whether there is one.
    fn pivot(&mut self, below: usize) -> bool {
        let leaving = self.parent[below];
        let points_up = self.constraints[leaving].from == below;
        let mut entering: Option<(i32, usize)> = None;
        for &vertex in &self.postorder[self.low[below]..=self.lim[below]] {
            for &index in if points_up { &self.incoming[vertex] } else { &self.outgoing[vertex] } {
                if !self.is_in_subtree(self.other_end(index, vertex), below) {
                    let constraint = self.constraints[index];
                    let slack = self.position[constraint.to] - self.position[constraint.from] - constraint.min_length;
                    entering = entering.min(Some((slack, index))).or(Some((slack, index)));
                }
            }
        }
        let Some((slack, entering)) = entering else { return false };
        let shift = if points_up { -slack } else { slack };
        for &vertex in &self.postorder[self.low[below]..=self.lim[below]] {
            self.position[vertex] += shift;
        }
        // The subtree of the lowest common ancestor of both ends is numbered again.
        let Constraint { from, to, .. } = self.constraints[entering];
        let mut top = self.other_end(leaving, below);
        while !self.is_common_ancestor(top, from, to, below) {
            top = self.other_end(self.parent[top], top);
        }
        for end in [self.constraints[leaving].from, self.constraints[leaving].to] {
            self.tree_edges[end].retain(|&index| index != leaving);
        }
        self.tree_edges[from].push(entering);
        self.tree_edges[to].push(entering);
        let (parent, low) = (self.parent[top], self.low[top]);
        self.set_low_lim(top, parent, low);
        true
    }

    /// Whether `top`, above the subtree of `below`, is an ancestor of both ends, one of which lies in that subtree.
    fn is_common_ancestor(&self, top: usize, from: usize, to: usize, below: usize) -> bool {
        let outer = if self.is_in_subtree(from, below) { to } else { from };
        self.is_in_subtree(outer, top)
    }

    /// The positions, each connected component moved so that its first vertex stands at 0.
    fn normalise(mut self) -> Vec<i32> {
        for &root in &self.roots {
            let part = &self.postorder[self.low[root]..=self.lim[root]];
            let least = part.iter().map(|&vertex| self.position[vertex]).min().unwrap_or(0);
            for &vertex in part {
                self.position[vertex] -= least;
            }
        }
        self.position
    }
}

/// Every vertex as far to the front as its constraints allow, in topological order (the longest path to it).
fn earliest_positions(constraints: &[Constraint], outgoing: &[Vec<usize>], incoming: &[Vec<usize>]) -> Vec<i32> {
    let mut position = vec![0; outgoing.len()];
    let mut in_degree: Vec<usize> = incoming.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..outgoing.len()).filter(|&vertex| in_degree[vertex] == 0).collect();
    let mut seen = 0;
    while let Some(vertex) = ready.pop() {
        seen += 1;
        for constraint in outgoing[vertex].iter().map(|&index| constraints[index]) {
            position[constraint.to] = position[constraint.to].max(position[vertex] + constraint.min_length);
            in_degree[constraint.to] -= 1;
            if in_degree[constraint.to] == 0 {
                ready.push(constraint.to);
            }
        }
    }
    assert!(seen == outgoing.len(), "the constraints form no cycle");
    position
}
