//! The one view that rendering has on a site.
#![expect(
    clippy::indexing_slicing,
    reason = "pages, files, terms and facets are named as the site names them, and what is kept has an entry for each"
)]

mod answers;
#[cfg(test)]
pub(crate) mod sample;
mod shared;
mod tracked;

use tera::Value;

use crate::analysis::Analysis;
use crate::config::Config;
use crate::incremental::{Key, KeyTable, PageQuestion, Recorder, SiteQuestion};
use crate::link::Links;
use crate::model::{Address, Outputs, PageId, PageKind, SectionId, Single, Site, SiteFile, TermId};
use crate::source::Inputs;
use crate::strings::{StringKey, Strings};
use crate::theme::Theme;
use answers::{SiteAnswers, SiteKeys};
use shared::Shared;
use tracked::{Reads, TrackedLinks};

pub(crate) use shared::{day, free, object};
pub(crate) use tracked::TrackedSite;

/// A finished site with all that its pages share, made once for a build.
pub(crate) struct Scene<'a> {
    site: &'a Site,
    links: &'a Links,
    outputs: &'a Outputs,
    theme: &'a Theme,
    inputs: &'a Inputs,
    shared: Shared<'a>,
    keys: SiteKeys,
}

impl<'a> Scene<'a> {
    /// Prepares what many pages share.
    pub(crate) fn new(analysis: &'a Analysis, theme: &'a Theme, inputs: &'a Inputs, keys: &mut KeyTable) -> Self {
        let keys = SiteKeys::of(&analysis.site, inputs, keys);
        Self::with_keys(analysis, theme, inputs, keys)
    }

    /// The same for who makes nothing that is remembered.
    pub(crate) fn untracked(analysis: &'a Analysis, theme: &'a Theme, inputs: &'a Inputs) -> Self {
        Self::with_keys(analysis, theme, inputs, SiteKeys::untracked(&analysis.site))
    }

    fn with_keys(analysis: &'a Analysis, theme: &'a Theme, inputs: &'a Inputs, keys: SiteKeys) -> Self {
        let Analysis { site, links, outputs, .. } = analysis;
        let shared = Shared::of(site, theme);
        Self { site, links, outputs, theme, inputs, shared, keys }
    }

    /// A view of which `recorder` records all that is looked at through it.
    pub(crate) fn view(&'a self, recorder: &'a Recorder) -> View<'a> {
        let reads = Reads { recorder, keys: &self.keys };
        View {
            site: TrackedSite::new(self.site, reads),
            links: TrackedLinks::new(self.links, reads),
            outputs: self.outputs,
            theme: self.theme,
            inputs: self.inputs,
            shared: &self.shared,
            reads,
        }
    }

    /// Who answers whether an output still holds.
    pub(crate) fn answers(&'a self) -> SiteAnswers<'a> {
        SiteAnswers::new(self.site, self.links, self.inputs, &self.shared, &self.keys)
    }
}

/// A site as one job sees it: whatever is read is recorded.
pub(crate) struct View<'a> {
    pub(crate) site: TrackedSite<'a>,
    pub(crate) links: TrackedLinks<'a>,
    pub(crate) theme: &'a Theme,
    /// Texts of files. Which file a page has is recorded with the page, its text with the document.
    pub(crate) inputs: &'a Inputs,
    outputs: &'a Outputs,
    shared: &'a Shared<'a>,
    reads: Reads<'a>,
}

impl<'a> View<'a> {
    /// What a page is called from one build to the next.
    pub(crate) fn key(&self, page: PageId) -> Key {
        self.reads.keys.page(page)
    }

    /// What old addresses are called, in the order of [`TrackedSite::aliases`].
    pub(crate) fn alias_keys(&self) -> &'a [Key] {
        self.reads.keys.aliases()
    }

    /// Whether the site has a file. Only to plan what is to be made: it is not recorded.
    pub(crate) fn has(&self, file: SiteFile) -> bool {
        self.outputs.get(file.path()).is_some()
    }

    /// The site and its links themselves, for who makes nothing that is kept.
    pub(crate) fn untracked(&self) -> (&'a Site, &'a Links) {
        self.site.untracked(self.links)
    }

    /// The addresses of pictures on other sites, as pages write them.
    pub(crate) fn pictures_from_elsewhere(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.reads.record_site(SiteQuestion::Pictures);
        let (site, links) = self.site.untracked(self.links);
        links.pictures_from_elsewhere(site)
    }

    /// What surrounds every page.
    pub(crate) fn layout(&self) -> &'a Shared<'a> {
        self.reads.record_site(SiteQuestion::Layout);
        self.shared
    }

    /// Where an article stands in reading order, as positions go today; to be used with [`TrackedSite::neighbours`] alone.
    pub(crate) fn position(&self, page: PageId) -> Option<usize> {
        self.reads.record_page(PageQuestion::Neighbours, page);
        self.shared.position[page.0]
    }

    /// A page in a line: title, address, summary.
    pub(crate) fn link(&self, page: PageId) -> Value {
        self.reads.record_page(PageQuestion::Page, page);
        self.shared.link(page).clone()
    }

    /// The chips of the terms that a page carries.
    pub(crate) fn terms(&self, page: PageId) -> Value {
        self.record_terms(page);
        self.shared.terms(page).clone()
    }

    fn record_terms(&self, page: PageId) {
        for &term in &self.site.page(page).terms {
            self.site.record_page_of_term(term);
        }
    }

    /// One facet of the configuration, with the number of its terms.
    pub(crate) fn facet(&self, facet: usize) -> Value {
        self.reads.record_site(SiteQuestion::Layout);
        self.shared.facet(facet).clone()
    }

    /// The entry of a page in the contents list, made by `make` where no page has shown it yet.
    /// `make` sees the page's link and must look at nothing else.
    pub(crate) fn entry<E>(&self, page: PageId, make: impl FnOnce(&Value) -> Result<String, E>) -> Result<&'a str, E> {
        self.reads.record_page(PageQuestion::Page, page);
        let entry = || make(self.shared.link(page)).map(Box::from);
        self.shared.entries.try_get(page.0, entry).map(|entry| &**entry)
    }

    /// The line of a page in a long list of links, as the theme draws it; empty where its component fails.
    pub(crate) fn line(&self, page: PageId) -> &'a str {
        self.reads.record_page(PageQuestion::Page, page);
        let line =
            || self.shared.draw("brief_link", "item", self.shared.link(page)).as_str().unwrap_or_default().into();
        self.shared.lines.get(page.0, line)
    }

    /// A closed section of the contents list, likewise, from its link and the number of its articles; who lists it has
    /// asked [`TrackedSite::inner`] for it.
    pub(crate) fn closed<E>(
        &self,
        id: SectionId,
        make: impl FnOnce(&Value, usize) -> Result<String, E>,
    ) -> Result<&'a str, E> {
        let page = self.site.page_of(id);
        let count = self.site.articles_below(id);
        let section = || make(self.shared.link(page), count).map(Box::from);
        self.shared.closed.try_get(id.0, section).map(|section| &**section)
    }

    /// A term alone.
    pub(crate) fn plain_chip(&self, term: TermId) -> Value {
        self.site.record_page_of_term(term);
        self.shared.plain[term.0].clone()
    }

    /// A term with the number of its articles.
    pub(crate) fn chip(&self, term: TermId) -> Value {
        let page = self.site.term(term).page; // and thereby the articles
        self.reads.record_page(PageQuestion::Page, page);
        self.shared.chips[term.0].clone()
    }

    /// The site's settings.
    pub(crate) fn config(&self) -> &'a Config {
        self.site.config
    }

    /// The words of the interface.
    pub(crate) fn strings(&self) -> &'a Strings {
        self.site.strings
    }

    /// A word of the interface that has no gaps.
    pub(crate) fn say(&self, key: StringKey) -> &'a str {
        self.site.strings.say(key)
    }

    /// The link to a page, rooted at the base's path and percent-encoded.
    pub(crate) fn url(&self, page: PageId) -> String {
        self.url_of(&self.site.page(page).address)
    }

    /// The link to an address of the site.
    pub(crate) fn url_of(&self, address: &Address) -> String {
        self.config().base.link(&address.encoded())
    }

    /// The whole address of a page, for feeds and other readers outside the site.
    pub(crate) fn absolute(&self, page: PageId) -> String {
        self.config().base.absolute(&self.site.page(page).address.encoded())
    }

    /// An article in a list: title, summary, terms.
    pub(crate) fn article(&self, page: PageId) -> Value {
        self.record_terms(page);
        self.shared.article(page)
    }

    /// What the head of a page says about it: its summary, or the beginning of its text.
    pub(crate) fn description(&self, page: PageId) -> String {
        let data = self.site.page(page);
        if let Some(summary) = &data.summary {
            return summary.clone();
        }
        let lead = self.site.document(page).map_or("", |document| document.outline.lead.trim());
        let lead: String = lead.split_whitespace().collect::<Vec<_>>().join(" ");
        let home = data.kind == PageKind::Single(Single::Home);
        let text = if lead.is_empty() && home { &self.config().description } else { &lead };
        if text.is_empty() { data.title.clone() } else { shortened(&self.config().typography.set(text), 160) }
    }
}

/// `text`, cut at a word so that it has at most `limit` characters, with an ellipsis where it was cut.
fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let cut: String = text.chars().take(limit - 1).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ';', ':', '.', ' ']))
}
