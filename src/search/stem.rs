//! The stem of a word, by the language of the site; in a language without a stemmer every word stands for itself.

use pagefind_stem::{Algorithm, Stemmer};

/// The stemmer of a language, by its tag.
pub(super) fn stemmer(language: &str) -> Option<Stemmer> {
    let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let algorithm = match primary.as_str() {
        "ar" => Algorithm::Arabic,
        "ca" => Algorithm::Catalan,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "eo" => Algorithm::Esperanto,
        "es" => Algorithm::Spanish,
        "et" => Algorithm::Estonian,
        "eu" => Algorithm::Basque,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "ga" => Algorithm::Irish,
        "hi" => Algorithm::Hindi,
        "hu" => Algorithm::Hungarian,
        "hy" => Algorithm::Armenian,
        "id" => Algorithm::Indonesian,
        "it" => Algorithm::Italian,
        "lt" => Algorithm::Lithuanian,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "ne" => Algorithm::Nepali,
        "nl" => Algorithm::Dutch,
        "pl" => Algorithm::Polish,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sr" => Algorithm::Serbian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        "yi" => Algorithm::Yiddish,
        _ => return None,
    };
    Some(Stemmer::create(algorithm))
}

#[cfg(test)]
mod tests {
    use super::stemmer;

    #[track_caller]
    fn check(language: &str, words: &[&str], same: bool) {
        let stemmer = stemmer(language).expect("there is one");
        let stems: Vec<_> = words.iter().map(|word| stemmer.stem(word)).collect();
        assert_eq!(stems.iter().all(|stem| *stem == stems[0]), same, "{stems:?}");
    }

    #[test]
    fn the_language_of_the_site_decides() {
        check("en", &["owner", "owners"], true);
        check("en-GB", &["decide", "decided", "deciding"], true);
        check("de", &["haus", "hauser"], true);
        check("ru", &["новый", "новая"], true);
        check("en", &["haus", "hauser"], false);
        assert!(stemmer("ja").is_none() && stemmer("").is_none());
    }
}
