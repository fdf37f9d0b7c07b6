//! The network simplex method: whole numbers for vertices, so that every pair is at least so far apart and the weighted
//! sum of distances is smallest. Ranks and horizontal positions are both found by it.
//!
//! After Gansner, Koutsofios, North and Vo (1993), with one change: the cut value of a tree edge, which says whether the
//! sum shrinks when the two halves it joins are moved apart, is the sum of `weight out - weight in` over the half below
//! it, since edges inside the half cancel out. So a pivot only recounts the part of the tree that it changes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// `to` stands at least `length` after `from`, and each unit of their distance costs `weight`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) length: i32,
    pub(super) weight: i32,
}

/// How many tree edges that would shorten the sum are compared before one is taken.
const COMPARED: usize = 30;
/// Pivots for each vertex; the rare graph that needs more is left a little longer than it could be.
const PIVOTS: usize = 12;
const NONE: usize = usize::MAX;

/// The positions, each connected part beginning at 0. The spans must not form a cycle.
pub(super) fn solve(vertices: usize, spans: &[Span]) -> Vec<i32> {
    let mut network = Network::new(vertices, spans);
    network.grow_tree();
    network.number_all();
    let mut search = 0;
    for _ in 0..vertices * PIVOTS {
        let Some(leaving) = network.leaving(&mut search) else { break };
        if !network.pivot(leaving) {
            break;
        }
    }
    network.begin_at_zero()
}

struct Network<'a> {
    spans: &'a [Span],
    /// The spans that leave a vertex, and those that arrive.
    leave: Vec<Vec<usize>>,
    arrive: Vec<Vec<usize>>,
    position: Vec<i32>,
    /// The spans of the spanning tree at each vertex: all of them tight.
    tree: Vec<Vec<usize>>,
    roots: Vec<usize>,
    /// The tree's vertices, children before parents, so that whatever hangs on a vertex is a slice that ends with it.
    post: Vec<usize>,
    /// Where that slice begins and ends for each vertex.
    first: Vec<usize>,
    last: Vec<usize>,
    /// The tree span towards the root.
    up: Vec<usize>,
    /// Weight out less weight in, of all that hangs on a vertex.
    sum: Vec<i32>,
    /// The same of the vertex alone.
    own: Vec<i32>,
}

impl<'a> Network<'a> {
    fn new(vertices: usize, spans: &'a [Span]) -> Self {
        let mut leave = vec![Vec::new(); vertices];
        let mut arrive = vec![Vec::new(); vertices];
        let mut own = vec![0; vertices];
        for (index, span) in spans.iter().enumerate() {
            leave[span.from].push(index);
            arrive[span.to].push(index);
            own[span.from] += span.weight;
            own[span.to] -= span.weight;
        }
        let position = as_early_as_possible(spans, &leave, &arrive);
        Self {
            spans,
            leave,
            arrive,
            position,
            tree: vec![Vec::new(); vertices],
            roots: Vec::new(),
            post: vec![0; vertices],
            first: vec![0; vertices],
            last: vec![0; vertices],
            up: vec![NONE; vertices],
            sum: own.clone(),
            own,
        }
    }

    /// A spanning tree of tight spans for each connected part. The tree so far is moved by the smallest slack at its
    /// border, which makes one more span tight; as all slacks at the border then change alike, they wait in two queues.
    fn grow_tree(&mut self) {
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
                    self.tree[self.spans[by].from].push(by);
                    self.tree[self.spans[by].to].push(by);
                }
                inside[vertex] = true;
                members.push(vertex);
                self.position[vertex] -= moved;
                for &index in &self.leave[vertex] {
                    let span = self.spans[index];
                    if !inside[span.to] {
                        let at = self.position[vertex];
                        outward.push(Reverse((self.position[span.to] - at - span.length, index)));
                    }
                }
                for &index in &self.arrive[vertex] {
                    let span = self.spans[index];
                    if !inside[span.from] {
                        let at = self.position[vertex];
                        inward.push(Reverse((at - self.position[span.from] - span.length, index)));
                    }
                }
                while outward.peek().is_some_and(|Reverse((_, index))| inside[self.spans[*index].to]) {
                    outward.pop();
                }
                while inward.peek().is_some_and(|Reverse((_, index))| inside[self.spans[*index].from]) {
                    inward.pop();
                }
                let out = outward.peek().map(|&Reverse((key, index))| (key - moved, index));
                let into = inward.peek().map(|&Reverse((key, index))| (key + moved, index));
                next = match (out, into) {
                    (Some((slack, index)), into) if into.is_none_or(|(other, _)| slack <= other) => {
                        moved += slack;
                        Some((self.spans[index].to, index))
                    }
                    (_, Some((slack, index))) => {
                        moved -= slack;
                        Some((self.spans[index].from, index))
                    }
                    _ => None,
                };
            }
            for vertex in members {
                self.position[vertex] += moved;
            }
        }
    }

    fn number_all(&mut self) {
        let mut next = 0;
        for root in self.roots.clone() {
            next = self.number(root, NONE, next);
        }
    }

    /// Numbers what hangs on a vertex, beginning at `next`, and sums it up; says which number comes after.
    fn number(&mut self, root: usize, up: usize, mut next: usize) -> usize {
        self.up[root] = up;
        self.first[root] = next;
        self.sum[root] = self.own[root];
        let mut way = vec![(root, 0)];
        while let Some((vertex, branch)) = way.last_mut() {
            let vertex = *vertex;
            if let Some(&index) = self.tree[vertex].get(*branch) {
                *branch += 1;
                if index != self.up[vertex] {
                    let child = self.other_end(index, vertex);
                    self.up[child] = index;
                    self.first[child] = next;
                    self.sum[child] = self.own[child];
                    way.push((child, 0));
                }
                continue;
            }
            way.pop();
            self.last[vertex] = next;
            self.post[next] = vertex;
            next += 1;
            if let Some(&(parent, _)) = way.last() {
                self.sum[parent] += self.sum[vertex];
            }
        }
        next
    }

    fn other_end(&self, index: usize, vertex: usize) -> usize {
        let span = self.spans[index];
        if span.from == vertex { span.to } else { span.from }
    }

    /// The cut value of the tree span above a vertex; negative when moving the halves apart shortens the sum.
    fn cut(&self, vertex: usize) -> i32 {
        match self.up[vertex] {
            NONE => 0,
            index if self.spans[index].from == vertex => self.sum[vertex],
            _ => -self.sum[vertex],
        }
    }

    /// The vertex below the tree span that should leave the tree, searched from where the last search ended.
    fn leaving(&self, search: &mut usize) -> Option<usize> {
        let (mut best, mut found) = (None, 0);
        for _ in 0..self.position.len() {
            let vertex = *search;
            *search = if vertex + 1 == self.position.len() { 0 } else { vertex + 1 };
            let cut = self.cut(vertex);
            if cut < 0 {
                found += 1;
                if best.is_none_or(|(least, _)| cut < least) {
                    best = Some((cut, vertex));
                }
                if found == COMPARED {
                    break;
                }
            }
        }
        best.map(|(_, vertex)| vertex)
    }

    fn hangs_on(&self, vertex: usize, top: usize) -> bool {
        (self.first[top]..=self.last[top]).contains(&self.last[vertex])
    }

    /// Takes the span above a vertex out of the tree and the tightest span that can replace it in. Says whether one can.
    fn pivot(&mut self, below: usize) -> bool {
        let leaving = self.up[below];
        let points_up = self.spans[leaving].from == below;
        let mut entering: Option<(i32, usize)> = None;
        for &vertex in &self.post[self.first[below]..=self.last[below]] {
            for &index in if points_up { &self.arrive[vertex] } else { &self.leave[vertex] } {
                if !self.hangs_on(self.other_end(index, vertex), below) {
                    let span = self.spans[index];
                    let slack = self.position[span.to] - self.position[span.from] - span.length;
                    entering = entering.min(Some((slack, index))).or(Some((slack, index)));
                }
            }
        }
        let Some((slack, entering)) = entering else { return false };
        let shift = if points_up { -slack } else { slack };
        for &vertex in &self.post[self.first[below]..=self.last[below]] {
            self.position[vertex] += shift;
        }
        // Everything below the lowest vertex that has both ends under it is numbered anew.
        let Span { from, to, .. } = self.spans[entering];
        let mut top = self.other_end(leaving, below);
        while !(self.both_under(from, to, below, top)) {
            top = self.other_end(self.up[top], top);
        }
        for end in [self.spans[leaving].from, self.spans[leaving].to] {
            self.tree[end].retain(|&index| index != leaving);
        }
        self.tree[from].push(entering);
        self.tree[to].push(entering);
        let (up, first) = (self.up[top], self.first[top]);
        self.number(top, up, first);
        true
    }

    fn both_under(&self, from: usize, to: usize, below: usize, top: usize) -> bool {
        let outer = if self.hangs_on(from, below) { to } else { from };
        self.hangs_on(outer, top)
    }

    /// The positions, each connected part moved so that its first vertex stands at 0.
    fn begin_at_zero(mut self) -> Vec<i32> {
        for &root in &self.roots {
            let part = &self.post[self.first[root]..=self.last[root]];
            let least = part.iter().map(|&vertex| self.position[vertex]).min().unwrap_or(0);
            for &vertex in part {
                self.position[vertex] -= least;
            }
        }
        self.position
    }
}

/// Every vertex as far to the front as its spans allow.
fn as_early_as_possible(spans: &[Span], leave: &[Vec<usize>], arrive: &[Vec<usize>]) -> Vec<i32> {
    let mut position = vec![0; leave.len()];
    let mut waiting: Vec<usize> = arrive.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..leave.len()).filter(|&vertex| waiting[vertex] == 0).collect();
    let mut seen = 0;
    while let Some(vertex) = ready.pop() {
        seen += 1;
        for span in leave[vertex].iter().map(|&index| spans[index]) {
            position[span.to] = position[span.to].max(position[vertex] + span.length);
            waiting[span.to] -= 1;
            if waiting[span.to] == 0 {
                ready.push(span.to);
            }
        }
    }
    assert!(seen == leave.len(), "the spans form no cycle");
    position
}
