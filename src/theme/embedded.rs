//! The default theme, kept inside the program so that a folder of Markdown alone is a site.

use crate::source::{Inputs, Source, SourceKind};

macro_rules! files {
    ($($path:literal,)*) => {
        &[$(($path, include_str!(concat!("../../themes/default/", $path)))),*]
    };
}

/// Every file of `themes/default/`; a test holds the list against the folder.
const FILES: &[(&str, &str)] = files![
    "css/10-tokens.css",
    "css/20-base.css",
    "css/30-layout.css",
    "css/40-text.css",
    "css/50-components.css",
    "css/60-pages.css",
    "css/80-modes.css",
    "css/90-print.css",
    "css/decisions/10-decisions.css",
    "css/search/10-search.css",
    "icons/favicon.svg",
    "icons/sprite.svg",
    "js/10-theme.js",
    "js/20-copy.js",
    "js/30-keys.js",
    "js/40-narrow.js",
    "js/50-words.js",
    "js/60-folds.js",
    "js/70-search.js",
    "js/decisions/10-walk.js",
    "js/decisions/20-chart.js",
    "js/early.js",
    "js/search-page/10-page.js",
    "js/search/10-engine.js",
    "js/search/20-panel.js",
    "js/search/30-dialog.js",
    "strings/en.yaml",
    "templates/404.html",
    "templates/base.html",
    "templates/components.html",
    "templates/decision.html",
    "templates/decisions.html",
    "templates/facet.html",
    "templates/facets.html",
    "templates/glossary.html",
    "templates/home.html",
    "templates/map.html",
    "templates/outcome.html",
    "templates/page.html",
    "templates/question.html",
    "templates/search.html",
    "templates/section.html",
    "templates/sources.html",
    "templates/term.html",
    "templates/track.html",
    "templates/tracks.html",
];

/// For each bundle of scripts, the same in fewer bytes, below a line with the CRC-32 of what it was made from. Made by
/// `minified/make`.
const MINIFIED: &[(&str, &str)] = &[
    ("decisions.js", include_str!("minified/decisions.js")),
    ("search-page.js", include_str!("minified/search-page.js")),
    ("search.js", include_str!("minified/search.js")),
    ("site.js", include_str!("minified/site.js")),
];

/// The small form of a bundle of scripts; none where the scripts are not those that it was made from.
pub(super) fn minified(bundle: &str, scripts: &str) -> Option<&'static str> {
    let (_, text) = MINIFIED.iter().find(|(name, _)| *name == bundle)?;
    let (print, small) = text.strip_prefix("// ")?.split_once('\n')?;
    let mut crc = flate2::Crc::new();
    crc.update(scripts.as_bytes());
    (print == format!("{:08x}", crc.sum())).then_some(small)
}

/// How an embedded file is called in messages.
const PREFIX: &str = "(built in) themes/default/";

/// Adds the files of the default theme to the inputs of a build.
pub fn add(inputs: &mut Inputs) {
    for (path, text) in FILES {
        let path = format!("{PREFIX}{path}");
        inputs.add(Source { path, text: (*text).to_owned(), kind: SourceKind::Embedded });
    }
}

/// The path below the theme's folder.
pub(super) fn path_in_theme(path: &str) -> &str {
    path.strip_prefix(PREFIX).unwrap_or(path)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "holds the list against the folder")]
mod tests {
    use super::FILES;
    use std::path::Path;

    #[test]
    fn the_list_is_the_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default");
        let mut found: Vec<String> = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/"));
                }
            }
        }
        found.sort();
        let listed: Vec<&str> = FILES.iter().map(|(path, _)| *path).collect();
        assert_eq!(listed, found);
    }
}
