//! Tables: a frame to scroll in, cells aligned by classes, and headers for rows where the first column is bold.

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use super::Writer;
use crate::render::escape::attribute;
use crate::strings::key;

/// The table that is open.
#[derive(Default)]
pub(super) struct Table {
    /// Tables begun so far.
    count: usize,
    alignments: Vec<Alignment>,
    /// The column of the cell, and where it begins in what is written.
    column: usize,
    start: usize,
    head: bool,
    /// Where the first cell of each row of the body begins and ends.
    first: Vec<(usize, usize)>,
}

impl Writer<'_, '_> {
    pub(super) fn start_table(&mut self, alignments: Vec<Alignment>) {
        self.tables = Table { count: self.tables.count + 1, alignments, ..Table::default() };
        let label = attribute(&self.view.strings().fill(key!("table-number"), &[("number", &self.tables.count)]));
        self.raw(format!("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\"><table>"));
    }

    pub(super) fn start_row(&mut self, head: bool) {
        self.tables.head = head;
        self.tables.column = 0;
        self.raw(if head { "<thead><tr>" } else { "<tr>" });
    }

    pub(super) fn start_cell(&mut self) {
        self.tables.start = self.out.len();
        let class = self.alignment();
        self.raw(if self.tables.head { format!("<th scope=\"col\"{class}>") } else { format!("<td{class}>") });
    }

    fn alignment(&self) -> &'static str {
        match self.tables.alignments.get(self.tables.column) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            _ => "",
        }
    }

    pub(super) fn end_cell(&mut self) {
        let start = self.tables.start;
        // An empty corner heads nothing.
        let is_header = self.tables.head && self.out.len() > start + 1;
        if self.tables.head && !is_header {
            self.out.truncate(start);
            let class = self.alignment();
            self.raw(format!("<td{class}>"));
        }
        if !self.tables.head && self.tables.column == 0 {
            self.tables.first.push((start, self.out.len()));
        }
        self.tables.column += 1;
        self.raw(if is_header { "</th>" } else { "</td>" });
    }

    pub(super) fn end_table(&mut self) {
        self.tables.column = 0;
        let first = std::mem::take(&mut self.tables.first);
        let cells = || first.iter().map(|&(start, end)| self.out.get(start + 1..end).unwrap_or_default());
        if !first.is_empty() && cells().all(is_bold) {
            let class = self.alignment();
            for (start, end) in first {
                // A header is bold by itself.
                let header = [
                    (start, format!("<th scope=\"row\"{class}>")),
                    (start + 1, String::new()),
                    (end - 1, String::new()),
                    (end, "</th>".to_owned()),
                ];
                for (at, html) in header {
                    if let Some(event) = self.out.get_mut(at) {
                        *event = Event::InlineHtml(html.into());
                    }
                }
            }
        }
        self.raw("</tbody></table></div>\n");
    }
}

/// Whether all of a cell is one bold text.
fn is_bold(cell: &[Event<'_>]) -> bool {
    let [Event::Start(Tag::Strong), inside @ .., Event::End(TagEnd::Strong)] = cell else { return false };
    let mut open = 0_usize;
    inside.iter().all(|event| match event {
        Event::Start(Tag::Strong) => {
            open += 1;
            true
        }
        Event::End(TagEnd::Strong) => open.checked_sub(1).map(|less| open = less).is_some(),
        _ => true,
    })
}
