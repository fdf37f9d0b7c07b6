//! From what was typed to a place in `content/`.

use crate::config::title_case;
use crate::failure::Failure;
use crate::parse;

/// Where a page goes and what it is called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PagePath {
    /// Folders below the one that the page's kind lives in, as typed.
    pub(super) folders: Vec<String>,
    /// The file's name without `.md`.
    pub(super) stem: String,
    pub(super) title: String,
}

impl PagePath {
    /// Reads `foundations/my-article`; `content/foundations/my-article.md` and `foundations/My article` mean the same.
    pub(super) fn parse(typed: &str, title: Option<&str>) -> Result<Self, Failure> {
        let path = typed.strip_prefix("./").unwrap_or(typed);
        let path = path.strip_prefix("content/").unwrap_or(path);
        let path = path.strip_suffix(".md").unwrap_or(path);
        let mut folders: Vec<String> = path.split('/').map(str::to_owned).collect();
        let name = folders.pop().unwrap_or_default();
        let stem = parse::slug(&name);
        if let Some(part) = folders.iter().chain([&stem]).find(|part| !is_publishable(part)) {
            let wrong = if *part == stem { &name } else { part };
            return Err(Failure::new(format!("`{wrong}` in `{typed}` cannot be a page's name")).help(
                "write a path such as `foundations/my-article`; names that begin with `.` or `_` are not published",
            ));
        }
        let title = match title.map(str::trim).filter(|title| !title.is_empty()) {
            Some(title) => title.to_owned(),
            None if name == stem => title_case(&stem),
            None => name.trim().to_owned(),
        };
        Ok(Self { folders, stem, title })
    }

    /// Folders and name with `/` between them.
    pub(super) fn path(&self) -> String {
        self.folders.iter().chain([&self.stem]).map(String::as_str).collect::<Vec<_>>().join("/")
    }
}

/// Whether a part of a path stays inside the content, is published, and can be a name on every system.
fn is_publishable(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with(['.', '_'])
        && part.trim() == part
        && !part.contains(|c: char| c.is_control() || r#"\:*?"<>|"#.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, title: Option<&str>, expected: Option<(&str, &str)>) {
        let place = PagePath::parse(typed, title).ok().map(|place| (place.path(), place.title));
        let place = place.as_ref().map(|(path, title)| (path.as_str(), title.as_str()));
        assert_eq!(place, expected);
    }

    #[test]
    fn a_path_may_be_typed_in_several_ways() {
        let expected = Some(("foundations/my-article", "My article"));
        check("foundations/my-article", None, expected);
        check("content/foundations/my-article.md", None, expected);
        check("./content/foundations/my-article.md", None, expected);
        check("foundations/My article", None, expected);
        check("My Section/Überblick: Teil 1", None, Some(("My Section/überblick-teil-1", "Überblick: Teil 1")));
        check("my-article", Some(" Another title "), Some(("my-article", "Another title")));
    }

    #[test]
    fn a_name_that_leads_elsewhere_or_is_not_published_is_refused() {
        for typed in
            ["", "/", "a/", "/etc/a", "../a", "a/../b", "a//b", "_a", ".a/b", "a/_b", "!?", "C:\\a/b", "a\\b/c"]
        {
            check(typed, None, None);
        }
    }
}
