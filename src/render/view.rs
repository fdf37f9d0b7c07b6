//! The one view that rendering has on a site.

use tera::Value;

use super::abouts::{Abouts, Edit, Today};
use super::context::Shared;
use super::window::{LinksWindow, Noting, Window};
use crate::config::Config;
use crate::incremental::{Notes, Question, Subjects};
use crate::link::Links;
use crate::model::{Address, PageId, PageKind, SectionId, Site, TermId};
use crate::source::Inputs;
use crate::strings::{Key, Strings};
use crate::theme::Theme;

/// A finished site with all that its pages share, made once for a build.
pub(crate) struct Scene<'a> {
    site: &'a Site,
    links: &'a Links,
    theme: &'a Theme,
    inputs: &'a Inputs,
    shared: Shared<'a>,
    abouts: Abouts,
}

impl<'a> Scene<'a> {
    /// Prepares what many pages share.
    pub(crate) fn new(
        site: &'a Site,
        links: &'a Links,
        theme: &'a Theme,
        inputs: &'a Inputs,
        subjects: &mut Subjects,
    ) -> Self {
        let abouts = Abouts::of(site, inputs, subjects);
        let shared = Shared::of(site, theme);
        Self { site, links, theme, inputs, shared, abouts }
    }

    /// A view that takes `notes` of all that is looked at through it.
    pub(crate) fn view(&'a self, notes: &'a Notes) -> View<'a> {
        let notes = Noting { notes, abouts: &self.abouts };
        View {
            site: Window::new(self.site, notes),
            links: LinksWindow::new(self.links, notes),
            theme: self.theme,
            inputs: self.inputs,
            shared: &self.shared,
            notes,
        }
    }

    /// Who answers whether an output still holds, after this `edit` if it is known what was edited.
    pub(crate) fn today(&'a self, edit: Option<&'a Edit>) -> Today<'a> {
        Today::new(self.site, self.links, self.inputs, &self.shared, &self.abouts, edit)
    }
}

/// A site as one job sees it: whatever is read is noted.
pub(crate) struct View<'a> {
    pub(crate) site: Window<'a>,
    pub(crate) links: LinksWindow<'a>,
    pub(crate) theme: &'a Theme,
    /// Texts of files. Which file a page has is noted with the page, its text with the document.
    pub(super) inputs: &'a Inputs,
    shared: &'a Shared<'a>,
    notes: Noting<'a>,
}

impl<'a> View<'a> {
    /// The addresses of pictures on other sites, as pages write them.
    pub(super) fn pictures_from_elsewhere(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.notes.whole(Question::Pictures);
        let (site, links) = self.site.unnoted(self.links);
        links.pictures_from_elsewhere(site)
    }

    /// What surrounds every page.
    pub(super) fn frame(&self) -> &'a Shared<'a> {
        self.notes.whole(Question::Frame);
        self.shared
    }

    /// Where an article stands in reading order, as positions go today; to be used with [`Window::neighbours`] alone.
    pub(super) fn position(&self, page: PageId) -> Option<usize> {
        self.notes.page(Question::Neighbours, page);
        self.shared.position[page.0]
    }

    /// A page in a line: title, address, summary.
    pub(super) fn link(&self, page: PageId) -> Value {
        self.notes.page(Question::Page, page);
        self.shared.link(page).clone()
    }

    /// The chips of the terms that a page carries.
    pub(super) fn terms(&self, page: PageId) -> Value {
        self.note_terms(page);
        self.shared.terms(page).clone()
    }

    fn note_terms(&self, page: PageId) {
        for &term in &self.site[page].terms {
            self.site.page_of_term(term);
        }
    }

    /// One facet of the configuration, with the number of its terms.
    pub(super) fn facet(&self, facet: usize) -> Value {
        self.notes.whole(Question::Frame);
        self.shared.facet(facet).clone()
    }

    /// The entry of a page in the contents list, made by `make` where no page has shown it yet.
    /// `make` sees the page's link and must look at nothing else.
    pub(super) fn entry<E>(&self, page: PageId, make: impl FnOnce(&Value) -> Result<String, E>) -> Result<&'a str, E> {
        self.notes.page(Question::Page, page);
        let entry = || make(self.shared.link(page)).map(Box::from);
        self.shared.entries.try_get(page.0, entry).map(|entry| &**entry)
    }

    /// The line of a page in a long list of links, as the theme draws it; empty where its component fails.
    pub(super) fn line(&self, page: PageId) -> &'a str {
        self.notes.page(Question::Page, page);
        let line =
            || self.shared.draw("brief_link", "item", self.shared.link(page)).as_str().unwrap_or_default().into();
        self.shared.lines.get(page.0, line)
    }

    /// A closed section of the contents list, likewise; who lists it has asked [`Window::inner`] for it.
    pub(super) fn closed<E>(
        &self,
        id: SectionId,
        make: impl FnOnce(&Value) -> Result<String, E>,
    ) -> Result<&'a str, E> {
        let page = self.site.page_of(id);
        let section = || make(self.shared.link(page)).map(Box::from);
        self.shared.closed.try_get(id.0, section).map(|section| &**section)
    }

    /// A term alone.
    pub(super) fn plain_chip(&self, term: TermId) -> Value {
        self.site.page_of_term(term);
        self.shared.plain[term.0].clone()
    }

    /// A term with the number of its articles.
    pub(super) fn chip(&self, term: TermId) -> Value {
        let page = self.site[term].page; // and thereby the articles
        self.notes.page(Question::Page, page);
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
    pub(crate) fn say(&self, key: Key) -> &'a str {
        self.site.strings.say(key)
    }

    /// The link to a page, rooted at the base's path and percent-encoded.
    pub(crate) fn url(&self, page: PageId) -> String {
        self.url_of(&self.site[page].address)
    }

    /// The link to an address of the site.
    pub(crate) fn url_of(&self, address: &Address) -> String {
        self.config().base.link(&address.encoded())
    }

    /// The whole address of a page, for feeds and other readers outside the site.
    pub(crate) fn absolute(&self, page: PageId) -> String {
        self.config().base.absolute(&self.site[page].address.encoded())
    }

    /// A page in a list: title, summary, terms.
    pub(crate) fn card(&self, page: PageId) -> Value {
        self.note_terms(page);
        self.shared.card(page)
    }

    /// What the head of a page says about it: its summary, or the beginning of its text.
    pub(crate) fn description(&self, page: PageId) -> String {
        let data = &self.site[page];
        if let Some(summary) = &data.summary {
            return summary.clone();
        }
        let lead = self.site.document(page).map_or("", |document| document.outline.lead.trim());
        let lead: String = lead.split_whitespace().collect::<Vec<_>>().join(" ");
        let home = data.kind == PageKind::Home;
        let text = if lead.is_empty() && home { &self.config().description } else { &lead };
        if text.is_empty() { data.title.clone() } else { shortened(text, 160) }
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
