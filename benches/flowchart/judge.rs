//! What is wrong with a drawing, by its geometry alone: who drew it makes no difference.

pub(crate) type Point = (f64, f64);
/// Left, top, right, bottom; which way is up makes no difference either.
pub(crate) type Rect = [f64; 4];

pub(crate) struct Picture {
    pub(crate) nodes: Vec<Rect>,
    pub(crate) strokes: Vec<Stroke>,
}

/// An edge as straight parts, and its label.
pub(crate) struct Stroke {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) points: Vec<Point>,
    pub(crate) label: Rect,
}

#[derive(Default)]
pub(crate) struct Verdict {
    pub(crate) crossings: usize,
    faults: [usize; Verdict::FAULTS.len()],
}

impl Verdict {
    /// What counts as a fault.
    pub(crate) const FAULTS: [&'static str; 5] = [
        "lines through boxes",
        "lines through labels",
        "labels off their line",
        "boxes or labels that overlap",
        "lines on lines",
    ];

    pub(crate) fn faults(&self) -> usize {
        self.faults.iter().sum()
    }

    pub(crate) fn fault(&self, name: &str) -> usize {
        Self::FAULTS.iter().zip(self.faults).filter(|(known, _)| **known == name).map(|(_, count)| count).sum()
    }
}

pub(crate) fn judge(picture: &Picture) -> Verdict {
    let mut verdict = Verdict::default();
    let [boxes, labels, off, overlaps, along] = &mut verdict.faults;
    for (at, stroke) in picture.strokes.iter().enumerate() {
        let through = |rect: &Rect, by: f64| parts(stroke).any(|(a, b)| enters(a, b, grown(rect, -by)));
        let foreign = picture.nodes.iter().enumerate().filter(|(node, _)| *node != stroke.from && *node != stroke.to);
        *boxes += foreign.filter(|(_, rect)| through(rect, 1.0)).count();
        let others = picture.strokes.iter().enumerate().filter(|(other, _)| *other != at);
        *labels += others.filter(|(_, other)| through(&other.label, 2.0)).count();
        *off += usize::from(!parts(stroke).any(|(a, b)| enters(a, b, grown(&stroke.label, 10.0))));
        for other in &picture.strokes[..at] {
            verdict.crossings += crossings(picture, stroke, other);
            *along += usize::from(lie_on_each_other(stroke, other));
        }
    }
    let all: Vec<&Rect> = picture.nodes.iter().chain(picture.strokes.iter().map(|stroke| &stroke.label)).collect();
    let pairs = all.iter().enumerate().flat_map(|(at, a)| all[..at].iter().map(move |b| (a, b)));
    *overlaps = pairs.filter(|(a, b)| meet(a, &grown(b, -1.0))).count();
    verdict
}

fn parts(stroke: &Stroke) -> impl Iterator<Item = (Point, Point)> {
    stroke.points.windows(2).map(|pair| (pair[0], pair[1]))
}

fn grown([left, top, right, bottom]: &Rect, by: f64) -> Rect {
    [left - by, top - by, right + by, bottom + by]
}

fn meet(a: &Rect, b: &Rect) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// Whether a straight part enters a box (Liang and Barsky 1984).
fn enters(a: Point, b: Point, [left, top, right, bottom]: Rect) -> bool {
    let (x, y) = (b.0 - a.0, b.1 - a.1);
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for (step, room) in [(-x, a.0 - left), (x, right - a.0), (-y, a.1 - top), (y, bottom - a.1)] {
        if step == 0.0 && room <= 0.0 {
            return false;
        }
        if step < 0.0 {
            first = first.max(room / step);
        } else if step > 0.0 {
            last = last.min(room / step);
        }
    }
    first < last
}

/// How often two lines cross. What they share near a common node is no crossing, and two hits within four pixels are one.
fn crossings(picture: &Picture, a: &Stroke, b: &Stroke) -> usize {
    let common: Vec<Rect> = [a.from, a.to]
        .iter()
        .filter(|&&node| node == b.from || node == b.to)
        .map(|&node| grown(&picture.nodes[node], 7.0))
        .collect();
    let mut found: Vec<Point> = Vec::new();
    for (from, to) in parts(a) {
        for (other_from, other_to) in parts(b) {
            let Some(point) = crossing((from, to), (other_from, other_to)) else { continue };
            let counted = found.iter().any(|known| (known.0 - point.0).hypot(known.1 - point.1) < 4.0);
            let shared = common
                .iter()
                .any(|rect| rect[0] < point.0 && point.0 < rect[2] && rect[1] < point.1 && point.1 < rect[3]);
            if !counted && !shared {
                found.push(point);
            }
        }
    }
    found.len()
}

/// Where two straight parts pass through each other; the end of a part belongs to the next.
fn crossing((a, b): (Point, Point), (c, d): (Point, Point)) -> Option<Point> {
    let side = |p: Point, q: Point, r: Point| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    let (from, to) = (side(c, d, a), side(c, d, b));
    let crosses = (from < 0.0) != (to < 0.0) && (side(a, b, c) < 0.0) != (side(a, b, d) < 0.0);
    let share = from / (from - to);
    crosses.then_some((a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1)))
}

/// Whether lines without a common node run on top of each other for more than three pixels.
fn lie_on_each_other(a: &Stroke, b: &Stroke) -> bool {
    if [a.from, a.to].iter().any(|&node| node == b.from || node == b.to) {
        return false;
    }
    let length = |(p, q): (Point, Point)| (q.0 - p.0).hypot(q.1 - p.1);
    parts(a).any(|part| {
        let (p, q) = part;
        let whole = length(part);
        let along = |r: Point| ((r.0 - p.0) * (q.0 - p.0) + (r.1 - p.1) * (q.1 - p.1)) / whole;
        let beside = |r: Point| ((r.0 - p.0) * (q.1 - p.1) - (r.1 - p.1) * (q.0 - p.0)).abs() / whole;
        whole > 3.0
            && parts(b).any(|(r, s)| {
                let (from, to) = (along(r).min(along(s)).max(0.0), along(r).max(along(s)).min(whole));
                to - from > 3.0 && beside(r) < 1.0 && beside(s) < 1.0
            })
    })
}
