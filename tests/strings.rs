//! Every word of the interface's catalogue is said somewhere, and templates and scripts say no other.
#![expect(clippy::disallowed_methods, reason = "tests read the project's own files")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The keys of the catalogue: what its lines begin with.
fn english() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/strings/en.yaml");
    let text = fs::read_to_string(path).expect("the catalogue is there");
    let lines = text.lines().filter(|line| !line.starts_with([' ', '#']));
    lines.filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect()
}

/// All files below a folder of the project whose names end so, with their texts.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let text = fs::read_to_string(&path).expect("it is a text");
                found.push((path, text));
            }
        }
    }
    found
}

/// What stands between `before` and the next of one of the signs in `after`, wherever it does.
fn between<'a>(text: &'a str, before: &'a str, after: &'a [char]) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split(after).next())
}

#[test]
fn every_word_is_said_and_every_word_that_is_said_is_there() {
    let english = english();
    let mut said = BTreeSet::new();
    for (path, text) in files("themes/default/templates", ".html") {
        let filtered = text.split("' | say").map(|before| before.rsplit('\'').next().unwrap_or_default());
        let filters = text.matches("' | say").count();
        let named: Vec<&str> = filtered.take(filters).chain(between(&text, "sr_count key=\"", &['"'])).collect();
        for key in named {
            assert!(english.contains(key), "{}: no word has the key `{key}`", path.display());
            said.insert(key.to_owned());
        }
    }
    // That these are there is held by the compiler.
    let code = files("src", ".rs").into_iter().filter(|(path, _)| !path.ends_with("strings/tests.rs"));
    for (_, text) in code {
        said.extend(between(&text, "key!(\"", &['"']).map(str::to_owned));
    }
    for (path, text) in files("themes/default/js", ".js") {
        let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).expect("it has a name");
        let bundle = if folder == "js" { "site" } else { folder };
        let is_comment = |line: &str| ["//", "/*", "*"].iter().any(|sign| line.trim_start().starts_with(sign));
        let code = text.lines().filter(|line| !is_comment(line));
        for name in code.flat_map(|line| between(line, "words.", &[' ', ')', ',', ';', '.', '[', ']', '}', ':', '?'])) {
            let key = format!("script-{bundle}-{name}");
            assert!(english.contains(&key), "{}: no word has the key `{key}`", path.display());
            said.insert(key);
        }
    }
    let silent: Vec<&String> = english.difference(&said).collect();
    assert_eq!(silent, Vec::<&String>::new(), "nothing says these");
}
