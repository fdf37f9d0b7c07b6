//! `content/site.yaml` in, [`Config`] out: what a site is called, where it lives, and which facets and relations it has.
//!
//! A site without that file is a site too: its title is the folder's name, its one facet the open facet `tag`, and
//! front matter it does not know is kept. Nothing here looks at other files, so whether a section or a theme of that
//! name exists is for later rooms to say.

mod assets;
mod base;
mod facet;

use crate::diagnostic::{Diagnostic, Findings, Reported, code};
use crate::source::{At, Inputs, SourceId, Span};
use crate::typography::Typography;
use crate::yaml::{self, Fields, Limits};

pub(crate) use assets::AllowedAssets;
pub(crate) use base::BaseUrl;
pub(crate) use facet::{Facet, RelationEnd, RelationKind, title_case};

/// Where the configuration is looked for.
pub(crate) const PATH: &str = "content/site.yaml";

/// The settings of one site.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The file that they come from, if there is one.
    pub(crate) source: Option<SourceId>,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) base: BaseUrl,
    pub(crate) language: String,
    /// How texts are set.
    pub(crate) typography: Typography,
    pub(crate) repository: Option<String>,
    pub(crate) branch: String,
    /// The picture that is shown where a page is shared that names none, as a path from `site.yaml`.
    pub(crate) image: Option<At<String>>,
    pub(crate) theme: Option<At<String>>,
    pub(crate) keys: Keys,
    pub(crate) html: HtmlPolicy,
    pub(crate) assets: AllowedAssets,
    pub(crate) dates: Dates,
    /// Where the file says so, if it does.
    pub(crate) dates_at: Option<Span>,
    /// After how many days a reviewed page is stale.
    pub(crate) review_every: Option<u32>,
    pub(crate) sections: Vec<At<String>>,
    pub(crate) facets: Vec<Facet>,
    pub(crate) relations: Vec<RelationKind>,
}

/// What becomes of a front-matter key that nothing reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// It is an error.
    Closed,
    /// It is kept for templates.
    Open,
}

/// What becomes of raw HTML in Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HtmlPolicy {
    /// Shown as text.
    Escape,
    /// A short list of harmless tags works, the rest is shown as text.
    Sanitise,
    /// Passed through.
    Allow,
}

/// Where a page's dates come from when its front matter has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dates {
    Git,
    FrontMatter,
}

impl Config {
    /// The settings of a folder without `site.yaml`.
    fn plain(name: &str) -> Self {
        Self {
            source: None,
            title: name.to_owned(),
            description: String::new(),
            base: BaseUrl::default(),
            language: "en".to_owned(),
            typography: Typography::of("en"),
            repository: None,
            branch: "main".to_owned(),
            image: None,
            theme: None,
            keys: Keys::Open,
            html: HtmlPolicy::Escape,
            assets: AllowedAssets::default(),
            dates: Dates::Git,
            dates_at: None,
            review_every: None,
            sections: Vec::new(),
            facets: vec![Facet::tag()],
            relations: Vec::new(),
        }
    }

    /// The name of the theme.
    pub(crate) fn theme_name(&self) -> &str {
        self.theme.as_ref().map_or("default", |name| name.value.as_str())
    }

    /// Gives the facet of a site that declares none its names in the site's language.
    pub(crate) fn name_default_facet(&mut self, name: &str, plural: &str) {
        let default = Facet::tag();
        for facet in &mut self.facets {
            if (&facet.name, &facet.plural) == (&default.name, &default.plural) {
                (facet.name, facet.plural) = (name.to_owned(), plural.to_owned());
            }
        }
    }

    /// The facet called `slug`.
    pub(crate) fn facet(&self, slug: &str) -> Option<&Facet> {
        self.facets.iter().find(|facet| facet.slug == slug)
    }

    /// The position of a facet in the order of `site.yaml`.
    pub(crate) fn facet_index(&self, slug: &str) -> Option<usize> {
        self.facets.iter().position(|facet| facet.slug == slug)
    }
}

/// Reads the configuration among `inputs`; `base_url` from the command line wins over the file's. No facet may be called
/// like one of the `reserved` folders, which the site has at its root.
pub(crate) fn parse(inputs: &Inputs, base_url: Option<&str>, reserved: &[&str]) -> Reported<Config> {
    let mut findings = Findings::default();
    let mut config = Config::plain(&inputs.name);
    if let Some(source) = inputs.find(PATH) {
        config.source = Some(source);
        config.keys = Keys::Closed;
        let text = &inputs.get(source).text;
        if let Some(node) = yaml::parse(source, text, 0, Limits::Data, &mut findings)
            && node.kind != yaml::Kind::Null
            && let Some(fields) = Fields::new(&node, "site.yaml", &mut findings)
        {
            read(fields, reserved, &mut config);
        }
    }
    if let Some(base) = base_url.and_then(BaseUrl::parse) {
        config.base = base;
    }
    Reported { value: config, findings: findings.into_vec() }
}

fn read(mut fields: Fields<'_, '_>, reserved: &[&str], config: &mut Config) {
    if let Some(title) = fields.text("title") {
        config.title = title.value;
    }
    if let Some(description) = fields.text("description") {
        config.description = description.value;
    }
    if let Some(url) = fields.text("base-url") {
        match BaseUrl::parse(&url.value) {
            Some(base) => config.base = base,
            None => fields.findings.push(not_an_address("base-url", &url)),
        }
    }
    if let Some(language) = fields.text("language") {
        if is_language(&language.value) {
            config.language = language.value;
        } else {
            let message = format!("`{}` is not a language tag", language.value);
            let finding = Diagnostic::new(&code::WRONG_VALUE, language.span, message);
            fields.findings.push(finding.help("write a tag such as `en`, `de` or `pt-BR` (BCP 47)"));
        }
    }
    config.typography = match fields.boolean("smart-quotes") {
        Some(false) => Typography::plain(),
        Some(true) | None => Typography::of(&config.language),
    };
    if let Some(url) = fields.text("repository") {
        if url.value.starts_with("https://") || url.value.starts_with("http://") {
            config.repository = Some(url.value.trim_end_matches('/').to_owned());
        } else {
            fields.findings.push(not_an_address("repository", &url));
        }
    }
    if let Some(branch) = fields.text("branch") {
        config.branch = branch.value;
    }
    config.image = fields.text("image");
    config.theme = fields.text("theme");
    if let Some(keys) = fields.choice("front-matter", &[("closed", Keys::Closed), ("open", Keys::Open)]) {
        config.keys = keys;
    }
    let policies = [("escape", HtmlPolicy::Escape), ("sanitise", HtmlPolicy::Sanitise), ("allow", HtmlPolicy::Allow)];
    if let Some(policy) = fields.choice("html", &policies) {
        config.html = policy;
    }
    if let Some(node) = fields.get("assets") {
        config.assets = AllowedAssets::parse(node, fields.findings);
    }
    if let Some(dates) = fields.choice_at("dates", &[("git", Dates::Git), ("front-matter", Dates::FrontMatter)]) {
        config.dates = dates.value;
        config.dates_at = Some(dates.span);
    }
    if let Some(text) = fields.text("review-every") {
        config.review_every = days(&text.value);
        if config.review_every.is_none() {
            let message = format!("`{}` is not a number of days", text.value);
            let finding = Diagnostic::new(&code::WRONG_VALUE, text.span, message);
            fields.findings.push(finding.help("write it as `365 days`"));
        }
    }
    config.sections = fields.texts("sections");
    if let Some(node) = fields.get("facets") {
        config.facets = facet::facets(node, reserved, fields.findings);
    }
    if let Some(node) = fields.get("relations") {
        config.relations = facet::relations(node, &config.facets, fields.findings);
    }
    fields.close("site.yaml");
    let facets = config.facets.iter_mut().flat_map(|f| [&mut f.name, &mut f.plural, &mut f.summary]);
    let relations = config.relations.iter_mut().flat_map(|relation| [&mut relation.label, &mut relation.inverse]);
    for text in facets.chain(relations).chain([&mut config.title, &mut config.description]) {
        *text = config.typography.set(text).into_owned();
    }
}

fn not_an_address(key: &str, text: &At<String>) -> Diagnostic {
    let message = format!("`{}` is not a web address", text.value);
    Diagnostic::new(&code::WRONG_VALUE, text.span, message)
        .label(format!("the value of `{key}`"))
        .help("write the whole address: `https://example.org/`")
}

fn days(text: &str) -> Option<u32> {
    let number = text.strip_suffix("days").or_else(|| text.strip_suffix("day")).unwrap_or(text);
    number.trim().parse().ok().filter(|&days| days > 0)
}

/// Letters, digits and hyphens, beginning with two or three letters: the outer form of a BCP 47 tag.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}
