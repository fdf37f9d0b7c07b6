//! The questions that an output can depend on, and the stable names of what they are about.

use std::collections::HashMap;

/// What rendering asked, and about what: `(Title and address of, /benefits/trust/)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Fact {
    pub(crate) question: Question,
    pub(crate) about: About,
}

macro_rules! questions {
    ($($(#[$doc:meta])* $name:ident = $words:literal,)*) => {
        /// A kind of question. The words complete the sentence "… changed".
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Question { $($(#[$doc])* $name,)* }

        impl Question {
            /// All of them, in the order of their numbers in a kept trace.
            const ALL: &[Self] = &[$(Self::$name),*];

            /// What `--why` calls the answer.
            fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

questions! {
    /// The text of a file.
    Text = "the text of",
    /// What a page says about itself in lists: address, title, summary, terms, dates, whether it may be found.
    Page = "the title, address, summary, terms or dates of",
    /// Title and place of a section, and what is in it.
    Section = "the list of pages in",
    /// The sections directly in a section, with their titles.
    Inner = "the sections in",
    /// A term: its name and the articles that carry it.
    Term = "the articles that carry",
    /// Where the links of a file lead.
    Targets = "where links lead in",
    /// The pages that link to a page.
    Backlinks = "the pages that mention",
    /// The pages that are related to a page.
    Related = "the pages related to",
    /// The pages before and after a page.
    Neighbours = "the pages before and after",
    /// What surrounds every page: facets, special pages, whether the navigation is open.
    Frame = "the places that every page links to",
    /// Every page.
    Pages = "the list of all pages",
    /// Every article, in reading order.
    Order = "the reading order",
    /// Every term.
    Terms = "the list of all terms",
    /// The pictures on other sites that pages show.
    Pictures = "the pictures from other sites",
    /// The relations between terms.
    Relations = "the relations between terms",
    /// Works and claims.
    Evidence = "sources or claims",
    /// The pages that rest on each claim.
    Users = "the pages that rest on a claim",
    /// The glossary.
    Glossary = "the glossary",
    /// The decisions.
    Decisions = "a decision",
    /// The tracks.
    Tracks = "a track",
    /// The old addresses.
    Aliases = "the old addresses",
    /// The files that are copied.
    Assets = "the files beside the pages",
}

impl Question {
    /// The number that stands for it in a kept trace.
    pub(super) fn number(self) -> u8 {
        self as u8
    }

    /// The question of a number.
    pub(super) fn numbered(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// What a question is about: the number of an address or a path, the same in every build that shares a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct About(pub(crate) u32);

/// Every address and path that was ever asked about, with its number; number 0 is the site as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Subjects {
    names: Vec<String>,
    numbers: HashMap<String, About>,
}

impl Default for Subjects {
    fn default() -> Self {
        Self::of(vec![String::new()])
    }
}

impl Subjects {
    /// The site as a whole.
    pub(crate) const SITE: About = About(0);

    /// Subjects by their numbers.
    pub(super) fn of(names: Vec<String>) -> Self {
        let number = |at: usize| About(u32::try_from(at).expect("fewer than 2^32 addresses"));
        let numbers = names.iter().enumerate().map(|(at, name)| (name.clone(), number(at))).collect();
        Self { names, numbers }
    }

    /// The number of an address or path.
    pub(crate) fn number(&mut self, name: &str) -> About {
        if let Some(&known) = self.numbers.get(name) {
            return known;
        }
        let number = About(u32::try_from(self.names.len()).expect("fewer than 2^32 addresses"));
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The address or path of a number.
    pub(super) fn name(&self, about: About) -> &str {
        &self.names[about.0 as usize]
    }

    /// A fact in words, as the subject of "… changed".
    pub(crate) fn words(&self, fact: Fact) -> String {
        let (words, name) = (fact.question.words(), self.name(fact.about));
        if name.is_empty() { words.to_owned() } else { format!("{words} {name}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_keeps_its_number_and_a_fact_reads_as_a_sentence() {
        let mut subjects = Subjects::default();
        let about = subjects.number("/a/");
        assert_eq!(subjects.number("/b/"), About(2));
        assert_eq!(subjects.number("/a/"), about);
        assert_eq!(subjects.words(Fact { question: Question::Backlinks, about }), "the pages that mention /a/");
        let whole = Fact { question: Question::Glossary, about: Subjects::SITE };
        assert_eq!(subjects.words(whole), "the glossary");
    }

    #[test]
    fn every_question_is_found_by_its_number() {
        for &question in Question::ALL {
            assert_eq!(Question::numbered(question.number()), Some(question));
        }
        assert_eq!(Question::numbered(255), None);
    }
}
