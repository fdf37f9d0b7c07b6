//! What a build has to make, and how each of it is made, so that all can be made in parallel and handed on at once; no
//! page's HTML is held after that.
#![expect(
    clippy::indexing_slicing,
    reason = "tasks name decisions and files of the theme by their positions in the lists that the plan was made of"
)]

use crate::diagnostic::{Diagnostic, Reported};
use crate::export::search::TextExtractor;
use crate::export::{catalogue, decision_files, decision_json, feeds, hosting, llms, twin};
use crate::failure::caught;
use crate::incremental::JobKey;
use crate::model::{Address, OutputKind, PageId, PageKind, SiteFile, TermId, twin_path};
use crate::output::{Body, Output};
use crate::render;
use crate::source::{SourceId, Span};
use crate::view::View;

/// One thing to be made.
pub(crate) struct Job {
    /// None where it costs no more to do than to remember.
    pub(crate) key: Option<JobKey>,
    pub(crate) task: Task,
}

/// What it is that is made.
pub(crate) enum Task {
    /// A page and its Markdown twin.
    Page(PageId),
    /// An asset of the content.
    Asset(SourceId),
    /// A file of the theme's bundle, by its position.
    Theme(usize),
    /// The page at an old address.
    Alias(Address, PageId),
    /// The files beside a decision's page, by its position.
    Decision(usize),
    /// The feed of a term.
    TermFeed(TermId),
    /// A file that a site has once, but for the search index.
    SiteFile(SiteFile),
}

/// Everything that the site is made of, but for the search index.
pub(crate) fn plan(view: &View<'_>) -> Vec<Job> {
    let site = &view.site;
    let keyed = |key: JobKey, task: Task| Job { key: Some(key), task };
    let files = SiteFile::ALL.into_iter().filter(|&file| file != SiteFile::SearchRoot && view.has(file));
    // What one thread makes alone comes first, so that none waits for it at the end.
    let mut jobs: Vec<Job> = files.map(|file| keyed(JobKey::SiteFile(file), Task::SiteFile(file))).collect();
    let pages = site.pages().map(|(id, _)| id).filter(|&id| site.is_published(id));
    jobs.extend(pages.map(|id| keyed(JobKey::Page(view.key(id)), Task::Page(id))));
    jobs.extend(site.assets().map(|(id, _)| Job { key: None, task: Task::Asset(id) }));
    jobs.extend((0..view.theme.bundle.outputs.len()).map(|at| Job { key: None, task: Task::Theme(at) }));
    let aliases = site.aliases().zip(view.alias_keys());
    jobs.extend(aliases.map(|((alias, page), &key)| keyed(JobKey::Alias(key), Task::Alias(alias.clone(), page))));
    let terms = site.terms().filter(|(_, term)| site.is_published(term.page));
    jobs.extend(terms.map(|(id, term)| keyed(JobKey::TermFeed(view.key(term.page)), Task::TermFeed(id))));
    let decisions = site.decisions().iter().enumerate().filter(|(_, decision)| site.is_published(decision.page));
    jobs.extend(decisions.map(|(at, made)| keyed(JobKey::Decision(view.key(made.page)), Task::Decision(at))));
    jobs
}

/// Makes one job's outputs. Of a page, `reader` is shown the text while it is rendered. A panic is a finding.
pub(crate) fn output(view: &View<'_>, task: &Task, reader: Option<&mut TextExtractor<'_>>) -> Reported<Vec<Output>> {
    caught(|| make(view, task, reader)).unwrap_or_else(|said| {
        let place = place(view, task).or_else(|| view.inputs.iter().next().map(|(id, _)| id));
        let finding = place.map(|file| Diagnostic::fault(Span::file(file), "making a page or file of the site", &said));
        Reported { value: Vec::new(), findings: finding.into_iter().collect() }
    })
}

/// The file that a job makes something of, if it is one.
fn place(view: &View<'_>, task: &Task) -> Option<SourceId> {
    match task {
        Task::Page(page) | Task::Alias(_, page) => view.site[*page].source,
        Task::Asset(source) => Some(*source),
        Task::Decision(at) => view.site[view.site.decisions()[*at].page].source,
        Task::TermFeed(term) => view.site[view.site[*term].page].source,
        Task::Theme(_) | Task::SiteFile(_) => None,
    }
}

fn make(view: &View<'_>, task: &Task, reader: Option<&mut TextExtractor<'_>>) -> Reported<Vec<Output>> {
    match task {
        Task::Page(id) => page(view, *id, reader),
        Task::Asset(id) => {
            let path = view.site.asset(*id).to_owned();
            let body = Body::Copy(view.inputs.get(*id).path.clone());
            Reported::clean(vec![Output { path, body }])
        }
        Task::Theme(at) => Reported::clean(vec![view.theme.bundle.outputs[*at].clone()]),
        Task::Alias(alias, page) => Reported::clean(vec![hosting::alias_page(view, alias, *page)]),
        Task::Decision(at) => Reported::clean(decision_files::outputs(view, &view.site.decisions()[*at])),
        Task::TermFeed(term) => Reported::clean(vec![feeds::feed(view, Some(*term))]),
        Task::SiteFile(file) => Reported::clean(site_file(view, *file).into_iter().collect()),
    }
}

/// Makes an output that somebody asked for, and those that are made together with it; of a redirect and of the search
/// index, which are asked for otherwise, nothing.
pub(crate) fn make_output(view: &View<'_>, kind: OutputKind) -> Reported<Vec<Output>> {
    let task = match kind {
        OutputKind::Page(id) | OutputKind::Twin(id) => Some(Task::Page(id)),
        OutputKind::DecisionFile(page, _) => {
            if let PageKind::Decision(at) = view.site[page].kind {
                Some(Task::Decision(at))
            } else {
                None
            }
        }
        OutputKind::TermFeed(page) => {
            if let PageKind::Term(term) = view.site[page].kind {
                Some(Task::TermFeed(term))
            } else {
                None
            }
        }
        OutputKind::Asset(source) => Some(Task::Asset(source)),
        OutputKind::SiteFile(file) => Some(Task::SiteFile(file)),
        OutputKind::ThemeFile(source) => {
            view.theme.bundle.position_of_copy(&view.inputs.get(source).path).map(Task::Theme)
        }
        OutputKind::Redirect(..) | OutputKind::Hashed(_) => None,
    };
    task.map_or_else(|| Reported::clean(Vec::new()), |task| output(view, &task, None))
}

fn site_file(view: &View<'_>, file: SiteFile) -> Option<Output> {
    match file {
        SiteFile::Sitemap => Some(feeds::sitemap(view)),
        SiteFile::Robots => Some(hosting::robots(view)),
        SiteFile::Feed => Some(feeds::feed(view, None)),
        SiteFile::Catalogue => Some(catalogue::output(view)),
        SiteFile::CatalogueSchema => Some(catalogue::schema()),
        SiteFile::DecisionSchema => decision_json::schema(view),
        SiteFile::Llms => Some(llms::index(view)),
        SiteFile::LlmsFull => llms::full(view),
        SiteFile::Headers => Some(hosting::HostRules::of(view).headers()),
        SiteFile::Redirects => Some(hosting::redirects(view)),
        SiteFile::SearchRoot => None,
    }
}

/// A page and its Markdown twin. `reader` is shown the text while it is rendered.
fn page(view: &View<'_>, id: PageId, mut reader: Option<&mut TextExtractor<'_>>) -> Reported<Vec<Output>> {
    let Reported { value: html, findings } = render::page(view, id, &mut |event, range| {
        if let Some(reader) = &mut reader {
            reader.event(event, &range);
        }
    });
    let mut outputs: Vec<Output> = html.into_iter().collect();
    let page = &view.site[id];
    if page.kind.facts().twin {
        let path = twin_path(&page.address.file());
        outputs.push(Output { path, body: Body::Bytes(twin::markdown(view, id).into_bytes()) });
    }
    Reported { value: outputs, findings }
}
