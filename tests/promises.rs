//! `SECURITY.md` promises what a test holds: every test and every target of fuzzing that it names is there.
#![expect(clippy::disallowed_methods, reason = "tests read the project's own files")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// All Rust below a folder, and its scripts that Node runs, in one text.
fn code_below(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder of the project").flatten() {
        let path = entry.path();
        if path.is_dir() {
            code_below(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "mjs") {
            all.push_str(&fs::read_to_string(path).expect("code is UTF-8"));
        }
    }
}

#[test]
fn every_test_that_a_promise_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = String::new();
    code_below(&root.join("src"), &mut code);
    code_below(&root.join("tests"), &mut code);
    let page = fs::read_to_string(root.join("SECURITY.md")).expect("the promises");
    let promises = page.split("## Whom we trust").next().expect("a text has a first part");
    // Names are in the lists below the promises.
    let mut named = BTreeSet::new();
    let mut in_list = false;
    for line in promises.lines() {
        in_list = line.starts_with("- ") || (in_list && line.starts_with("  "));
        if in_list {
            named.extend(line.split('`').skip(1).step_by(2));
        }
    }
    assert!(named.len() > 30, "{named:?}");
    for name in named {
        let (test, target) = (format!("fn {name}("), format!("(\"{name}\","));
        assert!(code.contains(&test) || code.contains(&target), "SECURITY.md names `{name}`, which is no test");
    }
}
