//! The questions that an output can depend on, and the stable names of what they are about.

use std::collections::HashMap;
use std::fmt;

/// What rendering asked, and about what: `(Title and address of, /benefits/trust/)`, as one number. A site's traces hold
/// a million of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Fact(u32);

/// How many bits of a fact are its question.
const QUESTION_BITS: u32 = 5;

impl Fact {
    /// # Panics
    /// With more than 2^27 addresses.
    pub(crate) fn new(question: Question, about: About) -> Self {
        assert!(about.0 >> (u32::BITS - QUESTION_BITS) == 0, "fewer than 2^27 addresses");
        Self(about.0 << QUESTION_BITS | u32::from(question.number()))
    }

    pub(crate) fn question(self) -> Question {
        Question::numbered(self.0 & ((1 << QUESTION_BITS) - 1)).expect("a fact is made of a question")
    }

    pub(crate) fn about(self) -> About {
        About(self.0 >> QUESTION_BITS)
    }

    /// The fact of a number, as [`Self::number`] gives it, about one of so many subjects.
    pub(super) fn numbered(number: u32, subjects: u32) -> Option<Self> {
        let fact = Self(number);
        let known = Question::numbered(number & ((1 << QUESTION_BITS) - 1)).is_some();
        (known && fact.about().0 < subjects).then_some(fact)
    }

    pub(super) fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:?} {}", self.question(), self.about().0)
    }
}

/// A set of facts: for each subject, a bit for each question.
#[derive(Debug, Default)]
pub(super) struct Facts(Vec<u32>);

impl Facts {
    pub(super) fn insert(&mut self, fact: Fact) {
        let about = fact.about().0 as usize;
        if about >= self.0.len() {
            self.0.resize(about + 1, 0);
        }
        self.0[about] |= Self::bit(fact);
    }

    pub(super) fn has(&self, fact: Fact) -> bool {
        self.0.get(fact.about().0 as usize).is_some_and(|questions| questions & Self::bit(fact) != 0)
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Fact> {
        let about = |at: usize| u32::try_from(at).expect("as many as there are addresses") << QUESTION_BITS;
        let facts = self.0.iter().enumerate().map(move |(at, &questions)| (about(at), questions));
        facts.flat_map(|(about, mut questions)| {
            std::iter::from_fn(move || {
                let question = (questions != 0).then(|| questions.trailing_zeros())?;
                questions &= questions - 1;
                Some(Fact(about | question))
            })
        })
    }

    fn bit(fact: Fact) -> u32 {
        1 << (fact.0 & ((1 << QUESTION_BITS) - 1))
    }
}

macro_rules! questions {
    ($($(#[$doc:meta])* $name:ident = $words:literal,)*) => {
        /// A kind of question. The words complete the sentence "… changed".
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Question { $($(#[$doc])* $name,)* }

        impl Question {
            /// All of them, in the order of their numbers.
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
    /// The number that stands for it in a fact.
    fn number(self) -> u8 {
        self as u8
    }

    /// The question of a number.
    fn numbered(number: u32) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
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
        let (words, name) = (fact.question().words(), self.name(fact.about()));
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
        assert_eq!(subjects.words(Fact::new(Question::Backlinks, about)), "the pages that mention /a/");
        let whole = Fact::new(Question::Glossary, Subjects::SITE);
        assert_eq!(subjects.words(whole), "the glossary");
    }

    #[test]
    fn every_question_is_found_by_its_number() {
        for &question in Question::ALL {
            assert!(u32::from(question.number()) < 1 << QUESTION_BITS);
            let fact = Fact::new(question, About(7));
            assert_eq!((fact.question(), fact.about()), (question, About(7)));
            assert_eq!(Fact::numbered(fact.number(), 8), Some(fact));
            assert_eq!(Fact::numbered(fact.number(), 7), None);
        }
        assert_eq!(Fact::numbered((1 << QUESTION_BITS) - 1, 1), None, "no question has this number");
    }

    #[test]
    fn a_set_gives_its_facts_in_order() {
        let facts = [(Question::Assets, 0), (Question::Text, 3), (Question::Page, 3), (Question::Terms, 9)];
        let facts = facts.map(|(question, about)| Fact::new(question, About(about)));
        let mut set = Facts::default();
        facts.iter().rev().for_each(|&fact| set.insert(fact));
        assert_eq!(set.iter().collect::<Vec<_>>(), facts);
        assert!(set.has(facts[1]) && !set.has(Fact::new(Question::Text, About(4))));
        assert!(!set.has(Fact::new(Question::Text, About(400))));
    }
}
