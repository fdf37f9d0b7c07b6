//! Catalogues over catalogues; that every word is said somewhere is held by `tests/strings.rs`.

use super::*;

/// The words of a site of this language whose default theme has these files, and what is wrong with them.
fn words(language: &str, files: &[(&str, &str)]) -> (Strings, Vec<String>) {
    let mut inputs = Inputs::new("site");
    for (name, text) in files {
        let path = format!("themes/default/strings/{name}");
        inputs.add(Source { path, text: (*text).to_owned(), kind: SourceKind::Theme });
    }
    let Reported { value, findings } = of(&inputs, language, "default");
    (value, findings.into_iter().map(|finding| finding.message).collect())
}

/// Holds what is wrong with a German catalogue, but for the words that it lacks.
#[track_caller]
fn check(catalogue: &str, expected: &[&str]) {
    let (_, mut messages) = words("de", &[("de.yaml", catalogue)]);
    messages.retain(|message| !message.ends_with("not translated"));
    assert_eq!(messages, expected);
}

#[test]
fn english_is_there_without_a_catalogue() {
    let (words, findings) = words("de", &[]);
    assert_eq!(words.say(key!("search")), "Search");
    assert_eq!(words.count(key!("articles"), 1), "1 article");
    assert_eq!(words.count(key!("articles"), 2), "2 articles");
    assert_eq!(words.fill(key!("reference"), &[("number", &3)]), "Reference 3");
    assert_eq!(findings, Vec::<String>::new());
}

#[test]
fn the_language_picks_the_file_and_its_region_comes_last() {
    let files = [
        ("de.yaml", "search: Suche\nfeed: Feed\n"),
        ("de-AT.yaml", "month-1: Jänner\nsearch: Suchen\n"),
        ("fr.yaml", "search: Recherche\n"),
        ("en.yaml", "home: Start\n"),
    ];
    let said = |language: &str| {
        let (words, _) = words(language, &files);
        [key!("search"), key!("month-1"), key!("home")].map(|key| words.say(key).to_owned())
    };
    assert_eq!(said("en-GB"), ["Search", "Jan", "Start"]);
    assert_eq!(said("de"), ["Suche", "Jan", "Start"]);
    assert_eq!(said("de-at"), ["Suchen", "Jänner", "Start"]);
}

#[test]
fn plural_forms_are_those_of_the_language_that_says_them() {
    let polish = "articles: {one: '{count} artykuł', few: '{count} artykuły', many: '{count} artykułów', other: x}\n";
    let (words, findings) = words("pl", &[("pl.yaml", polish)]);
    let said = [1, 3, 5, 22].map(|count| words.count(key!("articles"), count));
    assert_eq!(said, ["1 artykuł", "3 artykuły", "5 artykułów", "22 artykuły"]);
    // English stands in with its own rule, by which 21 is no `one` as it is in Polish of 1 alone.
    assert_eq!(words.count(key!("steps"), 3), "3 steps");
    assert_eq!(findings.len(), 1, "{findings:?}");
}

#[test]
fn only_another_language_lacks_words() {
    let (_, findings) = words("en", &[("en.yaml", "search: Find\n")]);
    assert_eq!(findings, Vec::<String>::new());
    let (_, findings) = words("de", &[("de.yaml", "search: Suche\n")]);
    let [message] = findings.as_slice() else { panic!("{findings:?}") };
    let lacks = ENGLISH.len() - 1 - NAMED;
    assert!(message.ends_with(&format!(" and {lacks} more are not translated")), "{message}");
}

#[test]
fn what_cannot_be_filled_in_stays_english() {
    check("serch: Suche", &["no word of the interface has the key `serch`"]);
    check("search: [Suche]", &["`search` takes a text or plural forms (`{one: …, other: …}`), not a list"]);
    check("search: Suche {ort}", &["`search` has no value `{ort}` to fill in"]);
    check("reference: Verweis", &["`reference` does not say `{number}`"]);
    check("search: {one: Suche, other: Suchen}", &["`search` counts nothing, so it has no plural forms"]);
    check("articles: {one: '{count} Artikel'}", &["`articles` has no form `other`"]);
    check("articles: {other: '{count} Artikel'}", &["`articles` lacks the plural form `one`"]);
    check(
        "steps: {one: ein Schritt, few: x, other: '{count} Schritte'}",
        &["`few` is no plural form of the language `de`"],
    );
    let (words, _) = words("de", &[("de.yaml", "reference: Verweis\n")]);
    assert_eq!(words.fill(key!("reference"), &[("number", &3)]), "Reference 3");
}

#[test]
fn a_count_may_be_said_in_words_or_once_for_all() {
    check(
        "steps: {one: 'Ein Schritt', other: '{count} Schritte'}\nmore: '{count} weitere'\narticles: '{count} Artikel'",
        &[],
    );
    check("more: {one: eins mehr, other: '{count} mehr'}", &[]);
}

#[test]
fn braces_are_gaps_where_they_hold_a_name() {
    let parts: Vec<Piece<'_>> = pieces("a {b} {C} {} {d_e}{").collect();
    let expected = [Piece::Text("a "), Piece::Gap("b"), Piece::Text(" {C} {} "), Piece::Gap("d_e"), Piece::Text("{")];
    assert_eq!(parts, expected);
    assert_eq!(pieces("").count(), 0);
}

#[test]
fn a_script_gets_its_own_words() {
    let (words, _) = words("en", &[("en.yaml", "script-search-page-more_results: More\n")]);
    let of = |bundle, script| words.of_script(bundle, script);
    assert_eq!(of("search-page", "f(words.more_results)").as_deref(), Some(r#"{"more_results":"More"}"#));
    let results = r#"{"results":{"one":"{count} result","other":"{count} results"}}"#;
    assert_eq!(of("search", "say(words.results, { count })").as_deref(), Some(results));
    assert_eq!(of("search", "f(words.more_results)"), None, "that is of another bundle");
    assert_eq!(of("mine", "words.close"), None);
}
