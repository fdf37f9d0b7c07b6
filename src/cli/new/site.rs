//! `new site`: a site of one article that builds without a finding.

use std::path::Path;

use super::draft::scalar;
use super::{Console, ExitStatus, print, write};
use crate::config::{self, title_case};
use crate::failure::Failure;
use crate::parse;

/// The files of the starter. `TITLE` stands for the title as YAML.
const FILES: [(&str, &str); 8] = [
    ("content/site.yaml", include_str!("starter/content/site.yaml")),
    ("content/index.md", include_str!("starter/content/index.md")),
    ("content/guides/writing-an-article.md", include_str!("starter/content/guides/writing-an-article.md")),
    ("content/tags/topic/writing.md", include_str!("starter/content/tags/topic/writing.md")),
    ("README.md", include_str!("starter/README.md")),
    ("netlify.toml", include_str!("starter/netlify.toml")),
    ("netlify/edge-functions/markdown.js", include_str!("../../../netlify/edge-functions/markdown.js")),
    (".gitignore", include_str!("starter/gitignore")),
];

pub(super) fn make(folder: &Path, title: Option<&str>, console: &Console) -> Result<ExitStatus, Failure> {
    let there = ["content"].into_iter().chain(FILES.map(|(path, _)| path));
    if let Some(path) = there.map(|path| folder.join(path)).find(|path| path.symlink_metadata().is_ok()) {
        return Err(Failure::new(format!("{} exists already", path.display()))
            .help("choose a folder that is new or holds no site; nothing was changed"));
    }
    let title = match title.map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => title.to_owned(),
        None => title_of(folder),
    };
    for (path, text) in FILES {
        write(&folder.join(path), &filled(path, text, &title))?;
    }
    let shown = folder.display();
    console
        .note(&format!("Next: `fingerpost build --root {shown}` publishes to {}\n", folder.join("public").display()));
    print(&format!("{shown}\n"), console)
}

/// The folder's name as words.
fn title_of(folder: &Path) -> String {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let title = if parse::slug(&name) == name { title_case(&name) } else { name };
    if title.is_empty() { "My site".to_owned() } else { title }
}

fn filled(path: &str, text: &str, title: &str) -> String {
    // In Markdown a title stands as it is, on one line.
    let title = if path == config::PATH { scalar(title) } else { title.replace(['\n', '\r'], " ") };
    text.replace("TITLE", &title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::{self, Options};
    use crate::source::{Inputs, Source, SourceKind};

    /// Builds a starter of this title as strictly as can be.
    #[track_caller]
    fn check(title: &str) {
        let mut inputs = Inputs::new("a");
        for (path, text) in FILES.iter().filter(|(path, _)| path.starts_with("content/")) {
            let source =
                Source { path: (*path).to_owned(), text: filled(path, text, title), kind: SourceKind::Content };
            inputs.add(source);
        }
        crate::theme::add_embedded(&mut inputs);
        let site =
            crate::analysis::Options { drafts: true, today: Some("9999-12-31".to_owned()), ..Default::default() };
        let options = Options { site, strict: true, ..Options::default() };
        let built = publish::build(&inputs, &options, &|_| Ok(())).unwrap();
        assert_eq!(built.report.findings(), []);
        assert_eq!(crate::config::parse(&inputs, None, &crate::model::reserved_folders()).value.title, title);
        assert_eq!((built.counts.articles, built.counts.terms), (1, 1));
    }

    #[test]
    fn a_new_site_has_nothing_wrong_whatever_its_title() {
        for title in ["My site", "Agile: “a” #1", "TITLE", "yes", "<b>[[x]]</b>"] {
            check(title);
        }
    }

    #[test]
    fn a_site_is_titled_after_its_folder() {
        assert_eq!(title_of(Path::new("a/my-site")), "My site");
        assert_eq!(title_of(Path::new("a/Team Handbook/")), "Team Handbook");
    }
}
