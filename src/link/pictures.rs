//! The pictures that pages are shown with where somebody shares them.

use std::collections::BTreeMap;

use super::target::{Files, Target, picture};
use crate::model::{PageId, Site};
use crate::source::{At, PictureSize};

/// The picture of the site, and of the pages that name one of their own.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    site: Option<NamedPicture>,
    pages: BTreeMap<PageId, NamedPicture>,
}

/// A picture that is named under `image`.
#[derive(Debug)]
pub(crate) struct NamedPicture {
    pub(crate) written: At<String>,
    pub(crate) target: Target,
    pub(crate) size: Option<PictureSize>,
}

impl Pictures {
    pub(super) fn of(all: &Site, files: &Files<'_>) -> Self {
        let named = |written: &At<String>| {
            let target = picture(all, files, written);
            let size = if let Target::File { path, .. } = &target { files.picture_size(path) } else { None };
            NamedPicture { written: written.clone(), target, size }
        };
        let of_page = |(id, _)| Some((id, named(all.document(id)?.front.image.as_ref()?)));
        Self { site: all.config.image.as_ref().map(named), pages: all.pages().filter_map(of_page).collect() }
    }

    /// What a page is shown with: its own picture, or that of the site.
    pub(crate) fn of_page(&self, page: PageId) -> Option<&NamedPicture> {
        self.pages.get(&page).or(self.site.as_ref())
    }

    /// All that are named.
    pub(crate) fn all(&self) -> impl Iterator<Item = &NamedPicture> {
        self.site.iter().chain(self.pages.values())
    }
}
