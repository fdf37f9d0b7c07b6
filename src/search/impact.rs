//! How much a word says about a page, in one byte: the high half for its title, the low half for the rest.
//!
//! The low half is BM25's share of a word, which grows ever more slowly with each occurrence, in sixteen steps. Lengths
//! are set against a fixed number of words rather than the site's mean, so that an edit of one page changes nothing
//! in the postings of all others; how rare a word is, the browser reckons itself.
//! The high half is the place in the title, or in another name that counts like one, from which the browser can tell how
//! much of it a query covers.

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    TitleStart,
    Title,
    /// Another name of the page that its author gives, of one word, of two, and of more.
    AlsoOne,
    AlsoTwo,
    AlsoMany,
    /// Its file, id or old address.
    Name,
    Heading,
    Summary,
    /// The name of a term that the page carries.
    Term,
    Body,
}

impl Field {
    pub(super) const ALL: [Self; 10] = [
        Self::TitleStart,
        Self::Title,
        Self::AlsoOne,
        Self::AlsoTwo,
        Self::AlsoMany,
        Self::Name,
        Self::Heading,
        Self::Summary,
        Self::Term,
        Self::Body,
    ];

    /// That of another name with so many words.
    pub(super) fn also(words: usize) -> Self {
        match words {
            0 | 1 => Self::AlsoOne,
            2 => Self::AlsoTwo,
            _ => Self::AlsoMany,
        }
    }

    /// How many occurrences in plain text one here is worth, in halves.
    fn weight(self) -> u32 {
        match self {
            Self::Heading | Self::Name => 6,
            Self::Summary => 4,
            Self::Term => 3,
            Self::TitleStart | Self::Title | Self::AlsoOne | Self::AlsoTwo | Self::AlsoMany | Self::Body => 2,
        }
    }
}

/// The length of a page against which others are long or short, in words.
const TYPICAL_LENGTH: f32 = 500.0;

/// What the occurrences of words on a page are set against: the lengths of its title and of all of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct LengthNorm {
    /// Words of the title, at most six.
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
        Self { title: u8::try_from(title.clamp(1, 6)).expect("at most six"), saturation }
    }

    /// The impact of a word that occurs in these fields.
    #[expect(clippy::cast_precision_loss, reason = "counts of words need no precision")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 15")]
    pub(super) fn impact(self, fields: impl Iterator<Item = Field>) -> u8 {
        let (mut sum, mut best) = (0, None);
        for field in fields {
            sum += field.weight();
            let here = self.title(field);
            best = match (best, here) {
                (Some(best), Some(here)) => Some(std::cmp::min(best, here)),
                _ => best.or(here),
            };
        }
        let share = sum as f32 / (sum as f32 + self.saturation);
        best.map_or(0, |(_, code)| code) << 4 | (share * 15.0).round() as u8
    }

    /// The code for a word in this field, behind its rank: few words in the title come first, which say more than a
    /// part of another name.
    fn title(self, field: Field) -> Option<(u8, u8)> {
        match field {
            Field::TitleStart => Some((self.title, self.title * 2)),
            Field::Title => Some((self.title, self.title * 2 - 1)),
            Field::AlsoOne => Some((1, 13)),
            Field::AlsoTwo => Some((7, 14)),
            Field::AlsoMany => Some((8, 15)),
            Field::Name | Field::Heading | Field::Summary | Field::Term | Field::Body => None,
        }
    }
}

/// The impact in fewer steps, for a word so common that its score hardly matters.
pub(super) fn coarse(impact: u8) -> u8 {
    (impact & 0xf0) | (((impact & 15) + 2) / 5 * 5)
}
