//! The default theme, kept inside the program so that a folder of Markdown alone is a site.

use crate::source::{Inputs, Source, SourceKind};

macro_rules! files {
    ($($path:literal,)*) => {
        &[$(($path, include_str!(concat!("../../themes/default/", $path)))),*]
    };
}

/// Every file of `themes/default/` but `dist/`, which is made from others; a test holds the list against the folder.
const FILES: &[(&str, &str)] = files![
    "css/10-tokens.css",
    "css/20-base.css",
    "css/30-layout.css",
    "css/40-text.css",
    "css/50-components.css",
    "css/80-modes.css",
    "css/90-print.css",
    "css/decisions/10-decisions.css",
    "css/home/10-home.css",
    "css/keys/10-keys.css",
    "css/lists/10-lines.css",
    "css/lists/20-topic.css",
    "css/lists/30-track.css",
    "css/lists/40-glossary.css",
    "css/lists/50-sources.css",
    "css/map/10-map.css",
    "css/missing/10-missing.css",
    "css/popovers/10-popovers.css",
    "css/search/10-search.css",
    "css/search/20-lists.css",
    "icons/sprite.svg",
    "js/01-dom.js",
    "js/02-say.js",
    "js/03-stored.js",
    "js/05-bundles.js",
    "js/10-theme.js",
    "js/20-copy.js",
    "js/30-keys.js",
    "js/50-popovers.js",
    "js/55-here.js",
    "js/60-folds.js",
    "js/70-search.js",
    "js/chart/10-chart.js",
    "js/decisions/10-path.js",
    "js/decisions/20-markdown.js",
    "js/decisions/30-walk.js",
    "js/early.js",
    "js/keys/10-list.js",
    "js/missing/10-address.js",
    "js/missing/20-missing.js",
    "js/narrow/10-narrow.js",
    "js/popovers/10-parts.js",
    "js/popovers/20-show.js",
    "js/search-more/05-counts.js",
    "js/search-more/10-filters.js",
    "js/search-more/20-next.js",
    "js/search-page/10-page.js",
    "js/search-start/10-start.js",
    "js/search/10-codec.js",
    "js/search/12-tokens.js",
    "js/search/14-index.js",
    "js/search/20-spelling.js",
    "js/search/22-meaning.js",
    "js/search/24-phrase.js",
    "js/search/26-query.js",
    "js/search/30-rank.js",
    "js/search/40-excerpt.js",
    "js/search/50-engine.js",
    "js/search/60-elements.js",
    "js/search/64-results.js",
    "js/search/66-panel.js",
    "js/search/80-dialog.js",
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
    "templates/source.html",
    "templates/sources.html",
    "templates/term.html",
    "templates/track.html",
    "templates/tracks.html",
];

/// Those that are no text.
const PICTURES: &[(&str, &[u8])] = &[("touch-icon.png", include_bytes!("../../themes/default/touch-icon.png"))];

/// The scripts of each bundle but its words in fewer bytes, below a line with the CRC-32 of what they were made from. Made
/// by `tests/scripts/run --fix`.
const MINIFIED: &[(&str, &str)] = &[
    ("chart", include_str!("../../themes/default/dist/chart.js")),
    ("decisions", include_str!("../../themes/default/dist/decisions.js")),
    ("keys", include_str!("../../themes/default/dist/keys.js")),
    ("missing", include_str!("../../themes/default/dist/missing.js")),
    ("search", include_str!("../../themes/default/dist/search.js")),
    ("narrow", include_str!("../../themes/default/dist/narrow.js")),
    ("popovers", include_str!("../../themes/default/dist/popovers.js")),
    ("search-more", include_str!("../../themes/default/dist/search-more.js")),
    ("search-page", include_str!("../../themes/default/dist/search-page.js")),
    ("search-start", include_str!("../../themes/default/dist/search-start.js")),
    ("site", include_str!("../../themes/default/dist/site.js")),
];

/// The small form of a bundle of scripts; none where the scripts are not those that it was made from.
pub(super) fn minified(bundle: &str, scripts: &str) -> Option<&'static str> {
    let (_, text) = MINIFIED.iter().find(|(name, _)| *name == bundle)?;
    let (checksum, small) = text.strip_prefix("// ")?.split_once('\n')?;
    let mut crc = flate2::Crc::new();
    crc.update(scripts.as_bytes());
    (checksum == format!("{:08x}", crc.sum())).then_some(small)
}

/// Where the small forms lie in the program's own sources, whose folder is a site too: no file of a theme.
pub(super) const MINIFIED_FOLDER: &str = "themes/default/dist/";

/// How an embedded file is called in messages.
const PREFIX: &str = "(built in) themes/default/";

/// Adds the files of the default theme to the inputs of a build.
pub fn add(inputs: &mut Inputs) {
    for (path, text) in FILES {
        let path = format!("{PREFIX}{path}");
        inputs.add(Source { path, text: (*text).to_owned(), kind: SourceKind::Embedded });
    }
    for (path, _) in PICTURES {
        inputs.add(Source { path: format!("{PREFIX}{path}"), text: String::new(), kind: SourceKind::Embedded });
    }
}

/// The bytes of a picture of the default theme, which no input holds.
pub(super) fn picture(path: &str) -> Option<&'static [u8]> {
    PICTURES.iter().find(|(name, _)| *name == path_in_theme(path)).map(|(_, bytes)| *bytes)
}

/// The path below the theme's folder.
pub(super) fn path_in_theme(path: &str) -> &str {
    path.strip_prefix(PREFIX).unwrap_or(path)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "holds the list against the folder")]
mod tests {
    use super::{FILES, PICTURES};
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
                    if path != root.join("dist") {
                        folders.push(path);
                    }
                } else {
                    found.push(path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/"));
                }
            }
        }
        found.sort();
        let pictures = PICTURES.iter().map(|(path, _)| *path);
        let listed: Vec<&str> = FILES.iter().map(|(path, _)| *path).chain(pictures).collect();
        assert_eq!(listed, found);
    }
}
