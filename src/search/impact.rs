//! How much a word says about a page, in one byte: the high half for its title, the low half for the rest.
//!
//! The low half is BM25's share of a word, which grows ever more slowly with each occurrence, in sixteen steps. Lengths
//! are set against a fixed number of words rather than the site's mean, so that an edit of one page changes nothing
//! in the postings of all others; how rare a word is, the browser reckons itself.
//! The high half is the place in the title, from which the browser can tell how much of a title a query covers.

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    TitleStart,
    Title,
    /// Another name of the page.
    Name,
    Heading,
    Summary,
    /// The name of a term that the page carries.
    Term,
    Body,
}

impl Field {
    pub(super) const ALL: [Self; 7] =
        [Self::TitleStart, Self::Title, Self::Name, Self::Heading, Self::Summary, Self::Term, Self::Body];

    /// How many occurrences in plain text one here is worth, in halves.
    fn weight(self) -> u32 {
        match self {
            Self::Heading => 6,
            Self::Summary => 4,
            Self::Term => 3,
            Self::TitleStart | Self::Title | Self::Name | Self::Body => 2,
        }
    }
}

/// The length of a page against which others are long or short, in words.
const TYPICAL_LENGTH: f32 = 500.0;

/// What the occurrences of words on a page are set against: the lengths of its title and of all of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct LengthNorm {
    /// Words of the title, at most seven.
    title: u8,
    /// How much must come together for half of the highest share, in halves of an occurrence: BM25's k1, scaled by the
    /// length of the page.
    saturation: f32,
}

impl LengthNorm {
    /// For a page with so many words in its title, and in all.
    #[expect(clippy::cast_precision_loss, reason = "lengths need no precision")]
    pub(super) fn of(title: usize, length: usize) -> Self {
        // In halves: k1 is 1.2, and b, the share of the length, 0.6 (Robertson and Zaragoza, 2009).
        let saturation = 2.0 * 1.2 * (0.4 + 0.6 * (length as f32 / TYPICAL_LENGTH).min(8.0));
        Self { title: u8::try_from(title.clamp(1, 7)).expect("at most seven"), saturation }
    }

    /// The impact of a word that occurs in these fields.
    #[expect(clippy::cast_precision_loss, reason = "counts of words need no precision")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 15")]
    pub(super) fn impact(self, fields: impl Iterator<Item = Field>) -> u8 {
        let (mut sum, mut best) = (0, Field::Body);
        for field in fields {
            sum += field.weight();
            best = best.min(field);
        }
        let share = sum as f32 / (sum as f32 + self.saturation);
        let title = match best {
            Field::TitleStart => self.title * 2,
            Field::Title => self.title * 2 - 1,
            Field::Name => 15,
            _ => 0,
        };
        title << 4 | (share * 15.0).round() as u8
    }
}

/// The impact in fewer steps, for a word so common that its score hardly matters.
pub(super) fn coarse(impact: u8) -> u8 {
    (impact & 0xf0) | (((impact & 15) + 2) / 5 * 5)
}
