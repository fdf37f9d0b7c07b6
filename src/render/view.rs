//! The one window that rendering has on a site.

use tera::Value;

use super::context::Shared;
use crate::config::Config;
use crate::link::Links;
use crate::model::{Address, PageId, PageKind, Site};
use crate::source::Inputs;
use crate::theme::Theme;

/// A finished site, ready to be rendered.
pub(crate) struct View<'a> {
    pub(crate) site: &'a Site<'a>,
    pub(crate) links: &'a Links,
    pub(crate) theme: &'a Theme,
    pub(crate) inputs: &'a Inputs,
    /// What many pages show alike, made once.
    pub(crate) shared: Shared,
}

impl<'a> View<'a> {
    /// Prepares what many pages share.
    pub(crate) fn new(site: &'a Site<'a>, links: &'a Links, theme: &'a Theme, inputs: &'a Inputs) -> Self {
        Self { site, links, theme, inputs, shared: Shared::of(site, theme) }
    }

    /// The site's settings.
    pub(crate) fn config(&self) -> &'a Config {
        self.site.config
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
        self.shared.cards[page.0].clone()
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
