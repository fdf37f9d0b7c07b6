//! Tracks: articles in an order, with the reason for each step.

use super::reference::{ReferenceForm, Resolution};
use super::{PageId, PageKind, Site, decision};
use crate::diagnostic::{Diagnostic, code};
use crate::parse::Role;

/// Pages in an order.
#[derive(Debug, Hash)]
pub(crate) struct Track {
    pub(crate) page: PageId,
    pub(crate) audience: Option<String>,
    pub(crate) goal: Option<String>,
    pub(crate) reader: Option<String>,
    pub(crate) steps: Vec<TrackStep>,
    /// Where the track ends, by its position in [`Site::decisions`].
    pub(crate) decision: Option<usize>,
}

/// One step of it.
#[derive(Debug, Hash)]
pub(crate) struct TrackStep {
    pub(crate) page: PageId,
    pub(crate) why: Option<String>,
}

impl Site {
    /// The minutes that a track takes.
    pub(crate) fn minutes(&self, track: &Track) -> usize {
        track.steps.iter().map(|step| self[step.page].minutes).sum()
    }

    /// The tracks that have a step on this page, with the step's position.
    pub(crate) fn tracks_through(&self, page: PageId) -> impl Iterator<Item = (&Track, usize)> {
        self.tracks.iter().filter_map(move |track| {
            track.steps.iter().position(|step| step.page == page).map(|position| (track, position))
        })
    }
}

/// Makes the tracks, in the order of `order` and then of their titles.
pub(super) fn build(site: &mut Site, into: &mut Resolution) {
    let mut pages: Vec<PageId> = site
        .pages()
        .filter(|(_, page)| page.document.is_some_and(|at| site.documents[at].role == Role::Track))
        .map(|(id, _)| id)
        .collect();
    pages.sort_by_cached_key(|&id| {
        let order = site.document(id).and_then(|document| document.front.order).unwrap_or(i64::MAX);
        (order, super::title_order(&site[id].title))
    });
    let typography = site.config.typography;
    for page in pages {
        site.pages[page.0].kind = PageKind::Track(site.tracks.len());
        let written = site.document(page).and_then(|document| document.front.steps.clone()).unwrap_or_default();
        let is_draft = site.document(page).is_some_and(|document| document.front.draft);
        if let Some(span) = written.empty.filter(|_| !is_draft) {
            let finding = Diagnostic::new(&code::EMPTY_TRACK, span, "a track without a step");
            into.findings.push(finding.help("name its pages under `steps`, or set `draft: true` until there are some"));
        }
        let mut steps: Vec<TrackStep> = Vec::new();
        let mut places = std::collections::BTreeMap::new();
        for step in &written.list {
            let Some(id) = site.names.page(&step.page, ReferenceForm::Step.on(page), into) else { continue };
            if let Some(first) = places.insert(id, step.page.span) {
                let message = format!("`{}` is a step of this track already", step.page.value);
                let finding = Diagnostic::new(&code::REPEATED_STEP, step.page.span, message);
                into.findings.push(finding.also(first, "first here"));
                continue;
            }
            steps.push(TrackStep { page: id, why: typography.set_some(step.why.as_ref()) });
        }
        let end = ReferenceForm::TrackDecision.on(page);
        let decision = written.decision.as_ref().and_then(|name| decision::named(site, name, end, into));
        let set = |text: Option<String>| typography.set_some(text.as_ref());
        let (audience, goal, reader) = (set(written.audience), set(written.goal), set(written.reader));
        site.tracks.push(Track { page, audience, goal, reader, steps, decision });
    }
}
