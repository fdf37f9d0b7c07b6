//! Which files an author has set free to be published, whatever they are: `assets: {allow: ["downloads/*.exe"]}`.

use crate::diagnostic::{Diagnostic, Findings, code};
use crate::source::At;
use crate::yaml::{Fields, Node};

/// Patterns of paths below `content/`: `*` is any text within a part, `**` any number of parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AllowedAssets(Vec<String>);

impl AllowedAssets {
    /// Reads the value of `assets`.
    pub(super) fn parse(node: &Node, findings: &mut Findings) -> Self {
        let Some(mut fields) = Fields::new(node, "`assets`", findings) else { return Self::default() };
        let patterns = fields.texts("allow");
        let mut allowed = Vec::new();
        for pattern in patterns {
            match mistake(&pattern.value) {
                None => allowed.push(pattern.value),
                Some(help) => fields.findings.push(not_a_pattern(&pattern, &help)),
            }
        }
        fields.close("`assets`");
        Self(allowed)
    }

    /// Whether one of the patterns is that of a path below `content/`.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.0.iter().any(|pattern| matches(pattern, path))
    }
}

fn not_a_pattern(pattern: &At<String>, help: &str) -> Diagnostic {
    let message = format!("`{}` is no pattern of a file in content/", pattern.value);
    Diagnostic::new(&code::WRONG_VALUE, pattern.span, message).help(help.to_owned())
}

/// What is to be done about a text that matches no file, whichever there are.
fn mistake(pattern: &str) -> Option<String> {
    if pattern.is_empty() {
        return Some("write the path of a file below content/, such as `downloads/setup.exe`".to_owned());
    }
    if pattern.contains('\\') {
        return Some(format!("write `/` between folders: `{}`", pattern.replace('\\', "/")));
    }
    if let Some(below) = pattern.strip_prefix('/').or_else(|| pattern.strip_prefix("content/")) {
        return Some(format!("patterns begin below content/: `{}`", below.trim_start_matches('/')));
    }
    pattern.split('/').find_map(|part| match part {
        "" | "." | ".." => Some("write the path as it is below content/, without empty parts or dots".to_owned()),
        "**" => None,
        _ if part.contains("**") => Some("`**` stands alone between slashes: `**/*.exe`".to_owned()),
        _ => None,
    })
}

/// Whether a pattern is one of a path. The case of the letters a to z makes no difference.
fn matches(pattern: &str, path: &str) -> bool {
    // After each part of the pattern: for no part of the path, for one, and so on, whether it may have used up so many.
    let mut used: Vec<bool> = std::iter::once(true).chain(path.split('/').map(|_| false)).collect();
    for part in pattern.split('/') {
        if part == "**" {
            let mut may = false;
            for is_used in &mut used {
                may |= *is_used;
                *is_used = may;
            }
        } else {
            let names = path.split('/').map(str::as_bytes);
            let with_one_more = used.iter().zip(names).map(|(&is, name)| is && matches_part(part.as_bytes(), name));
            used = std::iter::once(false).chain(with_one_more).collect();
        }
    }
    used.ends_with(&[true])
}

/// Whether a pattern with `*` is one of a name: on a difference, the last `*` takes one byte more.
fn matches_part(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star = None;
    while let Some(letter) = name.get(n) {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, n));
            p += 1;
        } else if pattern.get(p).is_some_and(|byte| byte.eq_ignore_ascii_case(letter)) {
            (p, n) = (p + 1, n + 1);
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            (p, n) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern.iter().skip(p).all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, with: &[&str], without: &[&str]) {
        assert_eq!(mistake(pattern), None);
        for path in with {
            assert!(matches(pattern, path), "{pattern} is not one of {path}");
        }
        for path in without {
            assert!(!matches(pattern, path), "{pattern} is one of {path}");
        }
    }

    #[test]
    fn one_star_stays_in_a_part_and_two_cross_them() {
        check("downloads/*.exe", &["downloads/a.exe", "downloads/A.EXE"], &["a.exe", "downloads/b/a.exe"]);
        check("**/*.exe", &["a.exe", "downloads/b/a.exe"], &["a.exe/b", "a.exe.txt"]);
        check("demo/**", &["demo/a.html", "demo/a/b.js"], &["demos/a.html", "x/demo/a"]);
        check("a/**/z.js", &["a/z.js", "a/b/c/z.js"], &["a/b/z.jsx", "z.js"]);
        check("*a*b*", &["ab", "xaxbx", "aab"], &["ba", "a/b"]);
        check("setup.exe", &["setup.exe"], &["setup.exe.exe", "a/setup.exe", "setup-exe"]);
        check("über/*.exe", &["über/ü.exe"], &["uber/a.exe"]);
    }

    #[test]
    fn a_hostile_pattern_takes_no_time() {
        let (stars, folders) = ("*a".repeat(2_000), "**/*/".repeat(500));
        assert!(!matches(&format!("{stars}b"), &"a".repeat(4_000)));
        assert!(!matches(&format!("{folders}z"), &"a/".repeat(1_000)));
    }

    #[test]
    fn what_can_match_no_file_is_a_mistake() {
        for pattern in ["", "/a.exe", "content/a.exe", "a\\b.exe", "a//b", "./a", "../a", "a/", "**.exe"] {
            assert!(mistake(pattern).is_some(), "{pattern}");
        }
    }
}
