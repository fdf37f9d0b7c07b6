//! The order of the rooms: an import points up the list in `src/lib.rs`, never down, and the core touches no disk.
#![expect(clippy::disallowed_methods, reason = "tests read the project's own files")]
#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in order; a room may use those before it.
const ROOMS: [&str; 29] = [
    "failure",
    "hash",
    "source",
    "diagnostic",
    "output",
    "spill",
    "yaml",
    "typography",
    "config",
    "strings",
    "parse",
    "address",
    "model",
    "link",
    "check",
    "analysis",
    "theme",
    "flowchart",
    "search",
    "incremental",
    "view",
    "render",
    "export",
    "publish",
    "read",
    "memory",
    "write",
    "serve",
    "cli",
];

/// Rooms that may touch disk, clock and environment.
const EDGES: [&str; 5] = ["read", "memory", "write", "serve", "cli"];

fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(&root).unwrap().to_owned();
                let first = below.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
                let name = first.trim_end_matches(".rs").to_owned();
                files.push((name, below, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// The rooms that a text names as `crate::room`, comments aside.
fn named(text: &str) -> BTreeSet<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            // `use crate::{a, b::c}`
            Some(list) => {
                let list = &list[..list.find("};").unwrap_or(list.len())];
                rooms.extend(list.split(',').map(|part| word(part.trim())).filter(|room| !room.is_empty()));
            }
            None => {
                rooms.insert(word(rest));
            }
        }
    }
    rooms
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
}

/// A file up to its inline test module, which stands last. `#[cfg(test)] mod tests;`, which only declares a file, does
/// not end it.
fn without_tests(text: &str) -> &str {
    let inline = |&(at, attribute): &(usize, &str)| {
        let mut rest = text[at + attribute.len()..].lines();
        let item = rest.find(|line| !line.starts_with("#[")).unwrap_or_default();
        item.starts_with("mod ") && item.ends_with('{')
    };
    text.match_indices("#[cfg(test)]\n").find(inline).map_or(text, |(at, _)| &text[..at])
}

#[test]
fn only_an_inline_test_module_ends_a_file() {
    let (declared, code) = ("#[cfg(test)]\nmod tests;\n", "fn f() {}\n#[cfg(test)]\nfn g() {}\n");
    let inline = "#[cfg(test)]\n#[expect(unused, reason = \"\")]\nmod tests {\n    use std::fs;\n}\n";
    assert_eq!(without_tests(&format!("{declared}{code}{inline}")), format!("{declared}{code}"));
    assert_eq!(without_tests(code), code);
}

#[test]
fn imports_point_up_the_list_of_rooms() {
    let place: BTreeMap<&str, usize> = ROOMS.iter().enumerate().map(|(at, room)| (*room, at)).collect();
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        let Some(&here) = place.get(room.as_str()) else {
            assert!(matches!(room.as_str(), "lib" | "main"), "the room `{room}` is not in the list");
            continue;
        };
        for other in named(&text) {
            if place.get(other.as_str()).is_some_and(|&there| there > here) {
                wrong.push(format!("{}: `{room}` uses `{other}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point down:\n{}", wrong.join("\n"));
}

/// Rooms whose files, too, need each other in one direction only; `mod.rs` uses all of them and none uses it.
const LAYERED_ROOMS: [&str; 1] = ["flowchart"];

#[test]
fn files_of_a_layered_room_form_no_circle() {
    for layered in LAYERED_ROOMS {
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, path, text) in sources().into_iter().filter(|(room, ..)| room == layered) {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            if !["mod", "tests"].contains(&stem) {
                let code = without_tests(&text);
                let named = code.match_indices("super::").map(|(at, prefix)| word(&code[at + prefix.len()..]));
                uses.insert(stem.to_owned(), named.collect());
            }
        }
        assert!(!uses.is_empty(), "no room `{layered}`");
        // A file that needs none of the rest is taken away, until none is left; a name that is no file is one of `mod.rs`.
        while let Some(free) = uses.iter().find(|(_, others)| others.is_empty()).map(|(stem, _)| stem.clone()) {
            uses.remove(&free);
            for others in uses.values_mut() {
                others.remove(&free);
            }
        }
        assert!(uses.is_empty(), "files of `{layered}` need each other: {uses:?}");
    }
}

#[test]
fn every_room_is_declared_in_order_in_the_map() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let declared: Vec<&str> = map
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(declared, ROOMS);
}

#[test]
fn the_core_names_no_disk_clock_or_network() {
    let outside = ["std::fs", "std::env::var", "std::net", "std::process", "SystemTime", "Instant::now"];
    for (room, path, text) in sources() {
        if EDGES.contains(&room.as_str()) || room == "main" {
            continue;
        }
        let code = without_tests(&text);
        for name in outside {
            let used = code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(name));
            assert!(!used, "{}: `{room}` is pure and names {name}", path.display());
        }
    }
}

#[test]
fn no_room_holds_more_than_a_tenth_of_the_source() {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for (room, _, text) in sources() {
        *lines.entry(room).or_default() += text.lines().count();
    }
    let all: usize = lines.values().sum();
    for (room, lines) in lines {
        assert!(lines * 10 <= all, "`{room}` has {lines} of {all} lines: it answers two questions");
    }
}
