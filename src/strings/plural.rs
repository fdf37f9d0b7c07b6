//! Which plural form a count takes: the cardinal rules of CLDR 48 (`common/supplemental/plurals.xml`, whose language is
//! Unicode Technical Standard 35, part 3, "Language Plural Rules"), for whole numbers alone, as nothing else is counted
//! here. Written out rather than taken from a crate: of the rules only the lines about whole numbers are needed, and a
//! crate brings those of fractions, currencies and all locales with it.

/// A plural category of CLDR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Form {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Form {
    const WORDS: [(&'static str, Self); 6] = [
        ("zero", Self::Zero),
        ("one", Self::One),
        ("two", Self::Two),
        ("few", Self::Few),
        ("many", Self::Many),
        ("other", Self::Other),
    ];

    /// CLDR's word for it.
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, form)| *form == self).expect("every form has a word").0
    }

    /// The form that CLDR calls so.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, form)| *form)
    }
}

/// The form that a count takes in one language.
pub(crate) type Rule = fn(u64) -> Form;

/// The rule of a language, by its tag. A language that is not listed distinguishes one thing from any other number, as
/// most do.
pub(crate) fn rule(language: &str) -> Rule {
    let language = language.to_ascii_lowercase();
    match language.split('-').next().unwrap_or_default() {
        "id" | "ja" | "jv" | "ko" | "lo" | "ms" | "my" | "su" | "th" | "vi" | "wo" | "yo" | "yue" | "zh" => {
            |_| Form::Other
        }
        "ak" | "am" | "as" | "bn" | "fa" | "ff" | "gu" | "hi" | "hy" | "kn" | "mg" | "pa" | "si" | "ti" | "wa"
        | "zu" => |n| if n <= 1 { Form::One } else { Form::Other },
        "fr" => |n| if n <= 1 { Form::One } else { round(n) },
        "pt" if language.starts_with("pt-pt") => |n| if n == 1 { Form::One } else { round(n) },
        "pt" => |n| if n <= 1 { Form::One } else { round(n) },
        "ca" | "es" | "it" => |n| if n == 1 { Form::One } else { round(n) },
        "he" | "se" => |n| match n {
            1 => Form::One,
            2 => Form::Two,
            _ => Form::Other,
        },
        "ar" => |n| match (n, n % 100) {
            (0, _) => Form::Zero,
            (1, _) => Form::One,
            (2, _) => Form::Two,
            (_, 3..=10) => Form::Few,
            (_, 11..) => Form::Many,
            (_, 0..=2) => Form::Other,
        },
        "be" | "ru" | "uk" => |n| match (n % 10, n % 100) {
            (1, tens) if tens != 11 => Form::One,
            (2..=4, tens) if !(12..=14).contains(&tens) => Form::Few,
            _ => Form::Many,
        },
        "bs" | "hr" | "sr" => |n| match (n % 10, n % 100) {
            (1, tens) if tens != 11 => Form::One,
            (2..=4, tens) if !(12..=14).contains(&tens) => Form::Few,
            _ => Form::Other,
        },
        "pl" => |n| match (n, n % 10, n % 100) {
            (1, ..) => Form::One,
            (_, 2..=4, tens) if !(12..=14).contains(&tens) => Form::Few,
            _ => Form::Many,
        },
        "cs" | "sk" => |n| match n {
            1 => Form::One,
            2..=4 => Form::Few,
            _ => Form::Other,
        },
        "sl" => |n| match n % 100 {
            1 => Form::One,
            2 => Form::Two,
            3 | 4 => Form::Few,
            _ => Form::Other,
        },
        "lt" => |n| match (n % 10, n % 100) {
            (0, _) | (_, 11..=19) => Form::Other,
            (1, _) => Form::One,
            _ => Form::Few,
        },
        "lv" => |n| match (n % 10, n % 100) {
            (0, _) | (_, 11..=19) => Form::Zero,
            (1, _) => Form::One,
            _ => Form::Other,
        },
        "is" | "mk" => |n| if n % 10 == 1 && n % 100 != 11 { Form::One } else { Form::Other },
        "ro" => |n| match (n, n % 100) {
            (1, _) => Form::One,
            (0, _) | (_, 1..=19) => Form::Few,
            _ => Form::Other,
        },
        "mt" => |n| match (n, n % 100) {
            (1, _) => Form::One,
            (2, _) => Form::Two,
            (0, _) | (_, 3..=10) => Form::Few,
            (_, 11..=19) => Form::Many,
            _ => Form::Other,
        },
        "ga" => |n| match n {
            1 => Form::One,
            2 => Form::Two,
            3..=6 => Form::Few,
            7..=10 => Form::Many,
            _ => Form::Other,
        },
        "cy" => |n| match n {
            0 => Form::Zero,
            1 => Form::One,
            2 => Form::Two,
            3 => Form::Few,
            6 => Form::Many,
            _ => Form::Other,
        },
        _ => |n| if n == 1 { Form::One } else { Form::Other },
    }
}

/// The form of Romance languages for whole millions, as in "un millón de artículos".
fn round(n: u64) -> Form {
    if n != 0 && n.is_multiple_of(1_000_000) { Form::Many } else { Form::Other }
}

/// The forms of a language that counts up to some hundreds take, in order: those that a translation should have.
pub(crate) fn common_forms(rule: Rule) -> Vec<Form> {
    forms(rule, 0..=200)
}

/// Whether any count takes this form.
pub(crate) fn has_form(rule: Rule, form: Form) -> bool {
    form == Form::Other || forms(rule, (0..=200).chain([1_000_000])).contains(&form)
}

fn forms(rule: Rule, counts: impl Iterator<Item = u64>) -> Vec<Form> {
    let mut forms: Vec<Form> = counts.map(rule).collect();
    forms.sort_unstable();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holds the forms of some counts, each with its word in CLDR.
    #[track_caller]
    fn check(language: &str, expected: &[(&str, &[u64])]) {
        for (word, counts) in expected {
            for &count in *counts {
                assert_eq!(rule(language)(count).word(), *word, "{count} in {language}");
            }
        }
    }

    #[test]
    fn counts_take_the_forms_of_cldr() {
        check("en-GB", &[("one", &[1]), ("other", &[0, 2, 21, 1_000_000])]);
        check("de", &[("one", &[1]), ("other", &[0, 2, 101])]);
        check("ja", &[("other", &[0, 1, 2])]);
        check("hi", &[("one", &[0, 1]), ("other", &[2])]);
        check("fr", &[("one", &[0, 1]), ("many", &[1_000_000]), ("other", &[2, 1_000_001])]);
        check("pt-BR", &[("one", &[0, 1]), ("other", &[2])]);
        check("pt-PT", &[("one", &[1]), ("other", &[0, 2])]);
        check("ru", &[("one", &[1, 21, 101]), ("few", &[2, 24, 102]), ("many", &[0, 5, 11, 12, 111])]);
        check("sr", &[("one", &[1, 21]), ("few", &[2, 24]), ("other", &[0, 5, 11, 12])]);
        check("pl", &[("one", &[1]), ("few", &[2, 24]), ("many", &[0, 5, 12, 21])]);
        check("cs", &[("one", &[1]), ("few", &[2, 4]), ("other", &[0, 5, 22])]);
        check("sl", &[("one", &[1, 101]), ("two", &[2, 102]), ("few", &[3, 104]), ("other", &[0, 5])]);
        check("lt", &[("one", &[1, 21]), ("few", &[2, 9, 22]), ("other", &[0, 10, 11, 20])]);
        check("lv", &[("zero", &[0, 10, 11, 20]), ("one", &[1, 21]), ("other", &[2, 9])]);
        check("ro", &[("one", &[1]), ("few", &[0, 2, 19, 101]), ("other", &[20, 100])]);
        check("ga", &[("one", &[1]), ("two", &[2]), ("few", &[3, 6]), ("many", &[7, 10]), ("other", &[0, 11])]);
        check(
            "ar",
            &[("zero", &[0]), ("one", &[1]), ("two", &[2]), ("few", &[3, 103]), ("many", &[11]), ("other", &[100])],
        );
        check("mt", &[("few", &[0, 3, 103]), ("many", &[11, 19]), ("other", &[20, 100])]);
        check("cy", &[("zero", &[0]), ("few", &[3]), ("many", &[6]), ("other", &[4])]);
        check("is", &[("one", &[1, 21]), ("other", &[0, 11])]);
        check("he", &[("two", &[2]), ("other", &[0, 3])]);
    }

    #[test]
    fn a_language_knows_its_own_forms() {
        assert_eq!(common_forms(rule("pl")), [Form::One, Form::Few, Form::Many]);
        assert_eq!(common_forms(rule("es")), [Form::One, Form::Other]);
        assert!(has_form(rule("es"), Form::Many) && !has_form(rule("es"), Form::Few));
        assert!(has_form(rule("pl"), Form::Other), "every language has it for fractions");
    }
}
