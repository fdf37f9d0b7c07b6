//! What a file is, by the name that it is published under: one table, which the check, the reader and the host's headers
//! share.
//!
//! The name decides, since hosts tell browsers by it what a file is. What is in no row may not be published unasked.

/// What a published file is to whoever opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AssetKind {
    /// Pictures, fonts, sound, films, PDF, archives, files of an office: bytes that begin like no document.
    Binary,
    /// Text and data that browsers show as text, or save.
    Text,
    /// A picture that is a document too, and is looked into.
    Svg,
    /// What browsers open as a document: HTML, and all of XML.
    Document,
    /// What a page can load and run, or be styled by.
    Script,
    /// What some hosts run.
    Program,
    /// What tells some hosts how to serve the site.
    HostSetting,
    /// A name without an extension, so that a browser may guess.
    Nameless,
    /// Anything else.
    Unknown,
}

/// Extensions by kind.
const EXTENSIONS: [(AssetKind, &[&str]); 9] = [
    // Pictures.
    (
        AssetKind::Binary,
        &[
            "apng", "avif", "bmp", "cur", "gif", "heic", "heif", "ico", "jfif", "jpe", "jpeg", "jpg", "jxl", "png",
            "tif", "tiff", "webp",
        ],
    ),
    // Fonts, sound and films.
    (
        AssetKind::Binary,
        &[
            "3gp", "aac", "avi", "eot", "flac", "m4a", "m4v", "mid", "midi", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg",
            "oga", "ogg", "ogv", "opus", "otf", "ttc", "ttf", "wav", "weba", "webm", "woff", "woff2",
        ],
    ),
    // PDF, archives, files of an office without macros, tables of data.
    (
        AssetKind::Binary,
        &[
            "7z", "bz2", "docx", "epub", "gz", "odg", "odp", "ods", "odt", "parquet", "pdf", "pptx", "rar", "sqlite",
            "tar", "tgz", "txz", "xlsx", "xz", "zip", "zst",
        ],
    ),
    (
        AssetKind::Text,
        &[
            "adoc",
            "asc",
            "bib",
            "csv",
            "diff",
            "dot",
            "geojson",
            "gv",
            "ics",
            "ini",
            "ipynb",
            "json",
            "jsonl",
            "log",
            "markdown",
            "md",
            "mdx",
            "mmd",
            "ndjson",
            "org",
            "patch",
            "po",
            "puml",
            "ris",
            "rst",
            "rtf",
            "sql",
            "srt",
            "sum",
            "tex",
            "text",
            "toml",
            "topojson",
            "tsv",
            "txt",
            "vcf",
            "vtt",
            "webmanifest",
            "yaml",
            "yml",
        ],
    ),
    (AssetKind::Svg, &["svg"]),
    // Whatever hosts send as `text/html` or as some kind of `+xml`.
    (
        AssetKind::Document,
        &[
            "atom", "dae", "dbk", "ditamap", "drawio", "dtd", "ent", "gml", "gpx", "hta", "htc", "htm", "html",
            "htmls", "kml", "mathml", "mht", "mhtml", "mml", "musicxml", "opml", "owl", "plist", "rdf", "rng", "rss",
            "shtm", "shtml", "stm", "svgz", "wsdl", "xbl", "xht", "xhtml", "xlf", "xliff", "xml", "xpl", "xsd", "xsl",
            "xslt", "xspf", "xul",
        ],
    ),
    (
        AssetKind::Script,
        &[
            "cjs", "coffee", "css", "es", "js", "jsm", "jsx", "less", "map", "mjs", "sass", "scss", "swf", "ts", "tsx",
            "wasm",
        ],
    ),
    (
        AssetKind::Program,
        &[
            "action", "ashx", "asmx", "asp", "aspx", "cfm", "cgi", "do", "fcgi", "jsp", "jspx", "lua", "phar", "php",
            "php3", "php4", "php5", "php7", "php8", "phps", "pht", "phtml", "pl", "py", "rb", "sh",
        ],
    ),
    (AssetKind::HostSetting, &["config", "htaccess", "htpasswd"]),
];

/// Names of files that set up a host, wherever they lie.
const HOST_SETTINGS: [&str; 10] = [
    "app.yaml",
    "cname",
    "firebase.json",
    "netlify.toml",
    "now.json",
    "static.json",
    "staticwebapp.config.json",
    "vercel.json",
    "wrangler.json",
    "wrangler.toml",
];

/// Names without an extension that are known to be texts.
const TEXTS: [&str; 11] = [
    "authors",
    "changelog",
    "changes",
    "contributing",
    "contributors",
    "copying",
    "copyright",
    "licence",
    "license",
    "notice",
    "readme",
];

/// Extensions whose meaning no host doubts, so that none looks at what stands before them.
const SETTLED: [&str; 10] = ["csv", "gif", "jpeg", "jpg", "json", "pdf", "png", "txt", "webp", "zip"];

impl AssetKind {
    /// The kind of the file that is published at this path.
    ///
    /// A host that does not know the last extension may go by the one before it (Apache's `mod_mime`), and may run what
    /// has the extension of a program anywhere in its name; it may also unpack a file on its way.
    pub(crate) fn of(published: &str) -> Self {
        let name = published.rsplit('/').next().unwrap_or(published).to_lowercase();
        if HOST_SETTINGS.contains(&name.as_str()) {
            return Self::HostSetting;
        }
        let mut parts = name.split('.').skip(1).collect::<Vec<_>>();
        let Some(extension) = parts.pop() else {
            return if TEXTS.contains(&name.as_str()) { Self::Text } else { Self::Nameless };
        };
        let inside = parts.into_iter().map(Self::of_extension).find(|kind| match kind {
            Self::Program => true,
            Self::Svg | Self::Document | Self::Script => !SETTLED.contains(&extension),
            Self::Binary | Self::Text | Self::HostSetting | Self::Nameless | Self::Unknown => false,
        });
        match (Self::of_extension(extension), inside) {
            (Self::Binary | Self::Text, Some(Self::Svg)) => Self::Document,
            (Self::Binary | Self::Text, Some(inside)) => inside,
            (kind, _) => kind,
        }
    }

    /// Whether no host doubts what the file that is published at this path is.
    pub(crate) fn is_settled(published: &str) -> bool {
        let extension = published.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
        extension.is_some_and(|extension| SETTLED.contains(&extension.as_str()))
    }

    fn of_extension(extension: &str) -> Self {
        let row = EXTENSIONS.iter().find(|(_, extensions)| extensions.contains(&extension));
        row.map_or(Self::Unknown, |(kind, _)| *kind)
    }

    /// Whether a browser runs it, so that `html: allow` speaks of it too.
    pub(crate) fn is_active(self) -> bool {
        match self {
            Self::Svg | Self::Document | Self::Script => true,
            Self::Binary | Self::Text | Self::Program | Self::HostSetting | Self::Nameless | Self::Unknown => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, kind: AssetKind) {
        assert_eq!(AssetKind::of(path), kind, "{path}");
    }

    #[test]
    fn the_last_extension_decides_in_any_case_of_letters() {
        check("a/photo.PNG", AssetKind::Binary);
        check("a.html/photo.png", AssetKind::Binary);
        check("logo.svg.png", AssetKind::Binary);
        check("chart.svg", AssetKind::Svg);
        check("notes.v1.2.txt", AssetKind::Text);
        check("setup.exe", AssetKind::Unknown);
        check("archive.", AssetKind::Unknown);
        check(".png", AssetKind::Binary);
    }

    #[test]
    fn all_of_xml_and_html_is_a_document() {
        for name in ["a.html", "a.XHT", "a.xml", "a.xsl", "a.xslt", "a.rss", "a.gpx", "a.svgz", "a.mhtml", "a.stm"] {
            check(name, AssetKind::Document);
        }
    }

    #[test]
    fn an_extension_before_the_last_counts_where_a_host_may_go_by_it() {
        check("a.html.gz", AssetKind::Document);
        check("a.svg.gz", AssetKind::Document);
        check("a.js.gz", AssetKind::Script);
        check("a.tar.gz", AssetKind::Binary);
        check("a.csv.gz", AssetKind::Binary);
        check("login.html.avif", AssetKind::Document);
        check("login.html.de.jsonl", AssetKind::Document);
        check("code.js.txt", AssetKind::Text);
        check("photo.php.jpg", AssetKind::Program);
    }

    #[test]
    fn a_type_is_settled_by_the_last_extension() {
        for (path, settled) in [("a/b.TXT", true), ("x.rst.json", true), ("a.rst", false), ("a.txt/b", false)] {
            assert_eq!(AssetKind::is_settled(path), settled, "{path}");
        }
    }

    #[test]
    fn names_that_hosts_know_are_no_texts() {
        check("sub/web.config", AssetKind::HostSetting);
        check("vercel.json", AssetKind::HostSetting);
        check("cname", AssetKind::HostSetting);
        check("LICENSE", AssetKind::Text);
        check("robots.txt", AssetKind::Text);
        check("login", AssetKind::Nameless);
    }

    #[test]
    fn no_extension_stands_in_two_rows() {
        let mut all: Vec<&str> = EXTENSIONS.iter().flat_map(|(_, extensions)| extensions.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
