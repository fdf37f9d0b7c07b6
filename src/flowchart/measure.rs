//! How large a box has to be for its words, without asking a font.
//!
//! The reader's font is not known while building, so words are measured in the widest face that `system-ui` commonly
//! means (`DejaVu Sans`, and its bold for titles); other faces leave some air at the sides. Kerning only ever makes a
//! text shorter, so adding up advances is enough.
//!
//! Sizes are rounded up to coarse steps. A title that is reworded without leaving its step moves nothing in the
//! chart, which keeps the drawings before and after an edit comparable.

use super::graph::{Edge, Graph, Kind, Node, Words};
use super::metrics::{
    BOX_MIN_WIDTH, BOX_PADDING_X, BOX_PADDING_Y, BOX_WIDTH_STEP, ICON_GAP, ICON_SIZE, LABEL_LINES, LABEL_MIN_WIDTH,
    LABEL_PADDING_X, LABEL_PADDING_Y, LABEL_WIDTH, LABEL_WIDTH_STEP, PORT_SEPARATION, QUESTION_CORNER, TITLE_LINES,
    TITLE_WIDTH, coordinate,
};

/// The font of titles.
pub(super) const TITLE: Font = Font { size: 15, line_height: 20, advances: &BOLD };
/// The font of labels and of verdicts.
pub(super) const LABEL: Font = Font { size: 14, line_height: 18, advances: &REGULAR };

/// A font of one size and weight; lengths in pixels.
pub(super) struct Font {
    pub(super) size: i32,
    pub(super) line_height: i32,
    advances: &'static Advances,
}

/// Advance widths in thousandths of the font size.
struct Advances {
    /// From the space to the tilde.
    ascii: [u16; 95],
    /// Accented Latin letters.
    capital: u16,
    small: u16,
    /// Greek, Cyrillic, Hebrew, Arabic and whatever else is set in letters.
    other: u16,
}

/// What a node or a label takes up.
#[derive(Debug, Clone)]
pub(super) struct Size {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) lines: Vec<String>,
}

impl Size {
    /// How far from its sides a node's straight upper and lower edge begin.
    pub(super) fn corner(&self, kind: Kind) -> i32 {
        match kind {
            Kind::Question => QUESTION_CORNER,
            Kind::Outcome(_) => self.height / 2,
        }
    }
}

/// The sizes of all nodes and labels of a graph.
#[derive(Debug)]
pub(super) struct Sizes {
    pub(super) nodes: Vec<Size>,
    pub(super) labels: Vec<Size>,
}

pub(super) fn sizes(graph: &Graph) -> Sizes {
    let mut in_degree = vec![0; graph.nodes.len()];
    let mut out_degree = vec![0; graph.nodes.len()];
    for edge in &graph.edges {
        out_degree[edge.from] += 1;
        in_degree[edge.to] += 1;
    }
    let ports = in_degree.iter().zip(&out_degree).map(|(&arriving, &leaving): (&usize, &usize)| arriving.max(leaving));
    Sizes {
        nodes: graph.nodes.iter().zip(ports).map(|(node, ports)| of_node(node, &graph.words, ports)).collect(),
        labels: graph.edges.iter().map(of_label).collect(),
    }
}

/// A box that holds the title, and whose sides are wide enough for `ports` ports.
fn of_node(node: &Node, said: &Words, ports: usize) -> Size {
    let lines = wrap(&node.title, &TITLE, TITLE_WIDTH, TITLE_LINES);
    let widest = lines.iter().map(|line| TITLE.width(line)).max().unwrap_or(0);
    let words = coordinate(lines.len()) * TITLE.line_height;
    let (width, height) = match node.kind {
        Kind::Question => (widest + 2 * BOX_PADDING_X, words + 2 * BOX_PADDING_Y),
        Kind::Outcome(verdict) => {
            let height = words + LABEL.line_height + 2 * BOX_PADDING_Y;
            let mut width = ICON_SIZE + ICON_GAP + LABEL.width(said.verdict(verdict)) + 2 * height / 3;
            for (row, line) in (0..).zip(&lines) {
                let baseline = BOX_PADDING_Y + LABEL.line_height + row * TITLE.line_height;
                let far = (baseline + TITLE.line_height - 4 - height / 2).abs().max((baseline + 4 - height / 2).abs());
                width = width.max(TITLE.width(line) + 2 * (inset(height / 2, far) + 8));
            }
            (width.max(widest + 2 * BOX_PADDING_X), height)
        }
    };
    let corners = match node.kind {
        Kind::Question => 2 * QUESTION_CORNER,
        Kind::Outcome(_) => height,
    };
    let side = coordinate(ports) * PORT_SEPARATION + corners;
    Size { width: step_up(width.max(side), BOX_WIDTH_STEP).max(BOX_MIN_WIDTH), height, lines }
}

fn of_label(edge: &Edge) -> Size {
    let lines = wrap(&edge.label, &LABEL, LABEL_WIDTH, LABEL_LINES);
    let widest = lines.iter().map(|line| LABEL.width(line)).max().unwrap_or(0);
    let width = step_up(widest + 2 * LABEL_PADDING_X, LABEL_WIDTH_STEP).max(LABEL_MIN_WIDTH);
    Size { width, height: coordinate(lines.len()) * LABEL.line_height + 2 * LABEL_PADDING_Y, lines }
}

/// How far a half circle has drawn back from its box at a distance from the middle.
pub(super) fn inset(radius: i32, distance: i32) -> i32 {
    let distance = distance.min(radius);
    radius - (radius * radius - distance * distance).isqrt()
}

fn step_up(width: i32, step: i32) -> i32 {
    (width + step - 1) / step * step
}

impl Font {
    /// The width of a text, rounded up.
    pub(super) fn width(&self, text: &str) -> i32 {
        let thousandths: i32 = text.chars().map(|letter| i32::from(self.advances.of(letter))).sum();
        (thousandths * self.size + 999) / 1000
    }
}

impl Advances {
    fn of(&self, letter: char) -> u16 {
        match letter {
            ' '..='~' => self.ascii[letter as usize - 32],
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0,
            '\u{a0}'..='\u{24f}' if letter.is_lowercase() => self.small,
            '\u{a0}'..='\u{24f}' => self.capital,
            '\u{250}'..='\u{10ff}' => self.other,
            '\u{1f000}'.. => 1400,
            _ => 1050,
        }
    }
}

/// Breaks a text into lines of about equal length, none wider than asked, as few as that allows. What does not fit
/// into the number of lines is cut off, with an ellipsis to say so.
pub(super) fn wrap(text: &str, font: &Font, width: i32, most: usize) -> Vec<String> {
    let words: Vec<String> = text.split_whitespace().flat_map(|word| pieces(word, font, width)).collect();
    let mut lines = fill(&words, font, width);
    if lines.len() > most {
        lines.truncate(most);
        let last = lines.last_mut().expect("at least one line is allowed");
        while font.width(last) + font.width("…") > width && last.pop().is_some() {}
        last.push('…');
        return lines;
    }
    // The narrowest column with as few lines: halves the range until it is settled.
    let (mut narrow, mut wide) = (0, width);
    while wide - narrow > 1 {
        let middle = i32::midpoint(narrow, wide);
        let tried = fill(&words, font, middle);
        if tried.len() <= lines.len() && tried.iter().all(|line| font.width(line) <= middle) {
            wide = middle;
        } else {
            narrow = middle;
        }
    }
    fill(&words, font, wide)
}

/// As many words on each line as fit; always at least one line.
fn fill(words: &[String], font: &Font, width: i32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words {
        let line = lines.last_mut().expect("begins with a line");
        if line.is_empty() {
            line.push_str(word);
        } else if font.width(line) + font.width(" ") + font.width(word) <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.clone());
        }
    }
    lines
}

/// A word that is wider than a line, in pieces that are not.
fn pieces(word: &str, font: &Font, width: i32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for letter in word.chars().filter(|letter| !letter.is_control()) {
        let piece = pieces.last_mut().expect("begins with a piece");
        piece.push(letter);
        if font.width(piece) > width && piece.chars().count() > 1 {
            piece.pop();
            pieces.push(letter.to_string());
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// `DejaVu Sans Bold`.
const BOLD: Advances = Advances {
    #[rustfmt::skip]
    ascii: [
        348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
        696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
        837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
        678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
        365, 712, 838,
    ],
    capital: 850,
    small: 720,
    other: 960,
};

/// `DejaVu Sans`.
const REGULAR: Advances = Advances {
    #[rustfmt::skip]
    ascii: [
        318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
        636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
        748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
        615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
        337, 636, 838,
    ],
    capital: 790,
    small: 640,
    other: 870,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(wrap(text, &LABEL, LABEL_WIDTH, LABEL_LINES), expected, "{text:?} is broken otherwise");
    }

    #[test]
    fn a_short_label_stays_on_one_line() {
        check("Yes", &["Yes"]);
    }

    #[test]
    fn a_long_label_is_broken_into_even_lines() {
        check("An experience or market idea", &["An experience", "or market idea"]);
    }

    #[test]
    fn no_words_are_one_empty_line() {
        check(" \n ", &[""]);
    }

    #[test]
    fn a_word_wider_than_a_line_is_cut() {
        check("Betriebsvereinbarungen", &["Betriebsvereinbaru", "ngen"]);
    }

    #[test]
    fn what_does_not_fit_is_left_out_visibly() {
        check(&"many words ".repeat(9), &["many words many", "words many words", "many words man…"]);
    }
}
