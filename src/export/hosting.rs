//! What hosts and crawlers read before any page: `robots.txt`, `_headers`, `_redirects`, and pages at old addresses.
//!
//! `_headers` and `_redirects` are in Netlify's syntax, which others have taken over. Three things decide their shape:
//! - A host reads them only at the top of the folder that it publishes, so their rules name paths below that folder,
//!   without the base's path; where a redirect leads is asked for by the browser, so that has it.
//! - Hosts differ on a header that two matching rules set: the later wins, or both are joined with a comma. So no two
//!   rules that meet set the same one, with one exception that is safe either way ([`DOCUMENT`]). Hence pages have no
//!   rule for caching: what hosts send by themselves (`public, max-age=0, must-revalidate`) is what pages need.
//! - Whatever comes from content is held to a narrow alphabet first, so no text of an author can end a line or a value.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::check::assets::AssetKind;
use crate::config::HtmlPolicy;
use crate::failure::INFALLIBLE;
use crate::model::{Address, PageId, SiteFile, encode_path};
use crate::output::{Body, Output};
use crate::render::escape;
use crate::search;
use crate::strings::{Piece, key, pieces};
use crate::theme::Theme;
use crate::view::View;

/// `robots.txt`: everything may be read; the sitemap is named where there is a whole address to name it by.
pub(crate) fn robots(view: &View<'_>) -> Output {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    let base = &view.config().base;
    if base.origin().is_some() {
        write!(text, "\nSitemap: {}\n", base.absolute("/sitemap.xml")).expect(INFALLIBLE);
    }
    output(SiteFile::Robots.path(), text)
}

/// The policy for a drawing, or any other document of the content, that is opened by its own address: it may style
/// itself and show what pictures it holds, and nothing else. Meets the policy of the site, and where a host joins the
/// two, both hold, which is stricter still. A PDF has none: in a sandbox, Chromium shows no PDF.
const DOCUMENT: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox";

/// What browsers may do with the files of a site, and what they may keep.
#[derive(Debug, Default)]
pub(crate) struct HostRules {
    /// Headers of every page and file.
    every: Vec<(&'static str, String)>,
    /// Files that are named after their content, by their paths.
    immutable: Vec<String>,
    /// Files of the content that a browser may open as documents, by their paths.
    documents: Vec<String>,
}

impl HostRules {
    /// The rules of a site.
    pub(crate) fn of(view: &View<'_>) -> Self {
        let assets = view.site.assets().map(|(_, path)| path);
        Self::new(view.theme, view.config().html, assets, view.pictures_from_elsewhere())
    }

    /// The rules of a site with this theme and these copied files, whose pages show these pictures from other sites.
    pub(crate) fn new<'a>(
        theme: &Theme,
        html: HtmlPolicy,
        assets: impl Iterator<Item = &'a str>,
        pictures: impl Iterator<Item = &'a str>,
    ) -> Self {
        let every = vec![
            ("Content-Security-Policy", policy(&picture_sources(pictures))),
            ("Cross-Origin-Opener-Policy", "same-origin".to_owned()),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()".to_owned()),
            ("Referrer-Policy", "strict-origin-when-cross-origin".to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
        ];
        // A theme's file whose bytes are not read here keeps its own name, so browsers must ask for it again.
        let hashed = theme.bundle.outputs.iter().filter(|output| matches!(output.body, Body::Bytes(_)));
        let documents = assets.filter(|path| may_be_document(AssetKind::of(path), html));
        Self {
            every,
            immutable: hashed.map(|output| output.path.clone()).collect(),
            documents: documents.map(str::to_owned).collect(),
        }
    }

    /// The headers of the output at a path, but for those about what may be kept; of two with one name, the later holds.
    pub(crate) fn of_path(&self, path: &str) -> impl Iterator<Item = (&str, &str)> {
        let document = self.documents.iter().any(|document| document == path);
        let document = document.then_some(("Content-Security-Policy", DOCUMENT));
        self.every.iter().map(|(name, value)| (*name, value.as_str())).chain(document)
    }

    /// `_headers`.
    pub(crate) fn headers(&self) -> Output {
        let mut text =
            String::from("# Every page and file: a page loads what this site holds, and nothing else.\n/*\n");
        for (name, value) in &self.every {
            writeln!(text, "  {name}: {value}").expect(INFALLIBLE);
        }
        text.push_str("\n# Pages as Markdown.\n/*.md\n  Content-Type: text/markdown; charset=utf-8\n");
        let rule = "Cache-Control: public, max-age=31536000, immutable";
        let why = "Named after their content, so a browser may keep them.";
        rules(&mut text, why, self.immutable.iter().map(String::as_str), rule);

        // One rule for the many parts of the index: hosts limit the number of rules.
        text.push_str("\n# The search index: its parts are named after their content, its root is not.\n");
        write!(text, "/{}*\n  {rule}\n/{}\n  Cache-Control: no-cache\n", search::PARTS, search::ROOT)
            .expect(INFALLIBLE);

        let rule = format!("Content-Security-Policy: {DOCUMENT}");
        rules(&mut text, "Drawings and documents of the content.", self.documents.iter().map(String::as_str), &rule);
        output(SiteFile::Headers.path(), text)
    }
}

/// Whether a browser may open a file of this kind as a document, which is not trusted with more. Those of kinds that
/// nobody knows are taken for one.
fn may_be_document(kind: AssetKind, html: HtmlPolicy) -> bool {
    match kind {
        AssetKind::Binary | AssetKind::Text | AssetKind::Script => false,
        AssetKind::Document => html != HtmlPolicy::Allow,
        AssetKind::Svg | AssetKind::Program | AssetKind::HostSetting | AssetKind::Nameless | AssetKind::Unknown => true,
    }
}

/// One rule for each of some files.
fn rules<'a>(text: &mut String, why: &str, paths: impl Iterator<Item = &'a str>, rule: &str) {
    // By name and kind, so that the order does not hang on a hash: `site.1a2b.css`.
    let mut paths: Vec<&str> = paths.collect();
    paths.sort_by_key(|path| (path.split('.').next(), path.rsplit('.').next(), *path));
    paths.dedup();
    if !paths.is_empty() {
        writeln!(text, "\n# {why}").expect(INFALLIBLE);
    }
    for path in paths {
        writeln!(text, "/{}\n  {rule}", encode_path(path)).expect(INFALLIBLE);
    }
}

/// The Content-Security-Policy of every page: nothing inline, nothing from elsewhere but pictures that authors show.
fn policy(images: &BTreeSet<String>) -> String {
    let images: Vec<&str> = ["'self'", "data:"].into_iter().chain(images.iter().map(String::as_str)).collect();
    let images = images.join(" ");
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The characters of the name of a host (RFC 1035, section 2.3.4).
const MAX_HOST: usize = 253;

/// So many other sites are named at most, for every page is sent their names.
const MAX_PICTURE_SITES: usize = 50;

/// Where these pictures come from, as a Content-Security-Policy names it: each site, or, of too many, all of the web.
fn picture_sources<'a>(pictures: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let sites: BTreeSet<String> = pictures.filter_map(host_source).collect();
    if sites.len() <= MAX_PICTURE_SITES {
        return sites;
    }
    let plain = sites.iter().any(|site| site.starts_with("http://")).then(|| "http:".to_owned());
    plain.into_iter().chain(["https:".to_owned()]).collect()
}

/// The site of a web address as a Content-Security-Policy names it: `https://example.org:8080`. None for an address
/// without a plain host, such as one in letters beyond ASCII, which a policy cannot hold: its picture stays unseen.
fn host_source(url: &str) -> Option<String> {
    let url = url.trim().to_ascii_lowercase();
    let (scheme, rest) = url.split_once("//")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let plain = matches!(scheme, "https:" | "http:" | "")
        && (1..=MAX_HOST).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    // Without a scheme the page's own holds, on both sides.
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}//") };
    plain.then(|| format!("{scheme}{host}"))
}

/// `_redirects`: old addresses. Each also holds a page ([`alias_page`]), which would win over a plain rule, so rules
/// are forced (`!`).
pub(crate) fn redirects(view: &View<'_>) -> Output {
    let mut text = String::from("# Old addresses and where they lead.\n");
    let mut aliases = view.site.aliases().peekable();
    if aliases.peek().is_none() {
        return output(SiteFile::Redirects.path(), text);
    }
    let taken: BTreeSet<String> = view.site.pages().map(|(_, page)| page).map(|page| alike(&page.address)).collect();
    for (alias, page) in aliases {
        if !taken.contains(&alike(alias)) && !is_pattern(alias) {
            writeln!(text, "{} {} 301!", alias.encoded(), view.url(page)).expect(INFALLIBLE);
        }
    }
    output(SiteFile::Redirects.path(), text)
}

/// An address as a host compares it: Netlify does not tell `/a`, `/a/`, `/a.html` and `/a/index.html` apart. A forced
/// rule for an alias that is one of these to a page would hide that page, or lead to itself for ever.
fn alike(address: &Address) -> String {
    let path = address.as_str().to_lowercase();
    let path = path.strip_suffix("index.html").unwrap_or(&path);
    let path = path.trim_end_matches('/');
    path.strip_suffix(".html").unwrap_or(path).to_owned()
}

/// Whether an address would be read as a pattern, which could match more than itself.
fn is_pattern(address: &Address) -> bool {
    address.as_str().contains('*') || address.as_str().contains("/:")
}

/// The page at an old address, for hosts that do not read `_redirects`.
pub(crate) fn alias_page(view: &View<'_>, alias: &Address, page: PageId) -> Output {
    let (language, title) = (escape::attribute(&view.config().language), escape::text(&view.site[page].title));
    let (url, whole) = (escape::attribute(&view.url(page)), escape::attribute(&view.absolute(page)));
    let moved = pieces(view.say(key!("moved"))).map(|piece| match piece {
        Piece::Text(text) => escape::text(text),
        Piece::Gap(_) => format!("<a href=\"{url}\">{title}</a>"),
    });
    let moved: String = moved.collect();
    let text = format!(
        r#"<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={url}">
<link rel="canonical" href="{whole}">
</head>
<body>
<p>{moved}</p>
</body>
</html>
"#
    );
    output(&alias.file(), text)
}

fn output(path: &str, text: String) -> Output {
    Output { path: path.to_owned(), body: Body::Bytes(text.into_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample;

    #[track_caller]
    fn check(files: &[(&str, &str)], make: impl FnOnce(&View<'_>) -> Output, expected: &str) {
        assert_eq!(sample::text(sample::with_view(files, make)), expected);
    }

    #[test]
    fn robots_may_read_everything_and_learn_of_the_sitemap() {
        let site = |base: &str| format!("title: T\nbase-url: {base}\n");
        let whole = "User-agent: *\nAllow: /\n\nSitemap: https://example.org/kb/sitemap.xml\n";
        check(&[("content/site.yaml", &site("https://example.org/kb/"))], robots, whole);
        check(&[("content/site.yaml", &site("/kb/"))], robots, "User-agent: *\nAllow: /\n");
    }

    #[test]
    fn headers_are_strict_and_only_hashed_files_are_kept() {
        check(
            &[
                ("content/a.md", "# A\n\n![Flow](flow.svg) ![Oven](https://img.example.org/oven.png)\n"),
                ("content/flow.svg", "<svg/>"),
                ("content/photo.png", ""),
                ("content/site.yaml", "title: T\nbase-url: https://example.org/kb/\n"),
                ("themes/default/css/a.css", "a{}"),
                ("themes/default/fonts/serif.woff2", ""),
                ("themes/default/js/a.js", "a()"),
            ],
            |view| HostRules::of(view).headers(),
            "# Every page and file: a page loads what this site holds, and nothing else.
/*
  Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; \
img-src 'self' data: https://img.example.org; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
base-uri 'none'; form-action 'self'; frame-ancestors 'none'
  Cross-Origin-Opener-Policy: same-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()
  Referrer-Policy: strict-origin-when-cross-origin
  X-Content-Type-Options: nosniff

# Pages as Markdown.
/*.md
  Content-Type: text/markdown; charset=utf-8

# Named after their content, so a browser may keep them.
/assets/site.03f481bafa.css
  Cache-Control: public, max-age=31536000, immutable
/assets/site.e9d3693fbf.js
  Cache-Control: public, max-age=31536000, immutable

# The search index: its parts are named after their content, its root is not.
/search/parts/*
  Cache-Control: public, max-age=31536000, immutable
/search/root.bin
  Cache-Control: no-cache

# Drawings and documents of the content.
/flow.svg
  Content-Security-Policy: default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox
",
        );
    }

    #[test]
    fn of_too_many_sites_none_is_named() {
        let sources = |count: usize, first: &'static str| {
            let urls: Vec<String> = (1..count).map(|at| format!("https://h{at}.example/a.png")).collect();
            Vec::from_iter(picture_sources(urls.iter().map(String::as_str).chain([first])))
        };
        assert_eq!(sources(50, "http://a.example/").len(), 50);
        assert_eq!(sources(51, "http://a.example/"), ["http:", "https:"]);
        assert_eq!(sources(51, "https://a.example/"), ["https:"]);
    }

    #[test]
    fn the_policy_names_sites_that_hold_pictures_and_nothing_that_could_end_it() {
        for (url, source) in [
            ("https://example.org/a.png", Some("https://example.org")),
            ("HTTP://Example.org:8080?x", Some("http://example.org:8080")),
            ("//cdn.example.org/a.png", Some("cdn.example.org")),
            ("https://me:secret@example.org/a.png", Some("https://example.org")),
            ("https://example.org;script-src%20*/a.png", None),
            ("https://example.org,x/a.png", None),
            ("https://*/a.png", None),
            ("https://example.org\nX-Evil: 1/a.png", None),
            ("https://bücher.example/a.png", None),
            ("https:///a.png", None),
            ("data:image/png;base64,//x", None),
            ("mailto:a@b", None),
        ] {
            assert_eq!(host_source(url).as_deref(), source, "{url}");
        }
    }

    #[test]
    fn redirects_lead_from_old_addresses_below_the_base() {
        check(
            &[
                ("content/new.md", "---\naliases: [/old/, /caf%C3%A9.html, /2019/old.html]\n---\n# New\n"),
                ("content/site.yaml", "title: T\nbase-url: https://example.org/kb/\n"),
            ],
            redirects,
            "# Old addresses and where they lead.
/2019/old.html /kb/new/ 301!
/caf%C3%A9.html /kb/new/ 301!
/old/ /kb/new/ 301!
",
        );
    }

    #[test]
    fn a_redirect_never_hides_another_page() {
        check(
            &[
                ("content/new.md", "---\naliases: [/new.html, /other.html, /a/*, /b/:c/d]\n---\n# New\n"),
                ("content/other.md", "# Other\n"),
            ],
            redirects,
            "# Old addresses and where they lead.\n",
        );
    }

    #[test]
    fn an_old_address_holds_a_page_that_leads_on() {
        let files = [
            ("content/new.md", "---\ntitle: Bread & <butter>\naliases: [/old/]\n---\nText.\n"),
            ("content/site.yaml", "title: T\nlanguage: de\nbase-url: https://example.org/kb/\n"),
        ];
        let old = |view: &View<'_>| {
            let (alias, page) = view.site.aliases().next().expect("there is an alias");
            let output = alias_page(view, alias, page);
            assert_eq!(output.path, "old/index.html");
            output
        };
        check(
            &files,
            old,
            r#"<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bread &amp; &lt;butter&gt;</title>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url=/kb/new/">
<link rel="canonical" href="https://example.org/kb/new/">
</head>
<body>
<p>This page has moved: <a href="/kb/new/">Bread &amp; &lt;butter&gt;</a></p>
</body>
</html>
"#,
        );
    }
}
