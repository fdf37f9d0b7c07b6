//! From byte offsets to the lines and columns that people and editors count in.

/// A place as a person names it; both numbers begin at 1, and a column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// Where the lines of one text begin; made once for a text, asked often.
#[derive(Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Self { text, starts }
    }

    /// The place of the byte at `offset`; an offset past the end counts as the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_char_boundary(self.text, offset);
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        Position { line, column: self.text[start..offset].chars().count() + 1 }
    }

    /// The byte at a one-based line and column in characters; the end of the line where the column lies past it.
    #[must_use]
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let Some(&start) = self.starts.get(line.max(1) - 1) else { return self.text.len() };
        let end = self.starts.get(line.max(1)).map_or(self.text.len(), |&next| next - 1);
        let text = &self.text[start..end];
        start + text.char_indices().nth(column.max(1) - 1).map_or(text.len(), |(i, _)| i)
    }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: usize, line: usize, column: usize) {
        let lines = LineIndex::new(text);
        assert_eq!(lines.position(offset), Position { line, column });
        assert_eq!(lines.offset(line, column), offset);
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        check("é\nbär!", 6, 2, 3);
    }

    #[test]
    fn the_end_of_a_text_is_a_place_too() {
        check("one\n", 4, 2, 1);
        check("", 0, 1, 1);
    }
}
