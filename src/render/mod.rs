//! A checked site in, the files of the finished one out.
//!
//! [`plan`] lists what is to be made and [`output`] makes one of them, so that `publish` can run them on all cores
//! and hand each result on at once; no page's HTML is held after that. Rendering reads the site through [`View`] and
//! the disk not at all. Templates get data, never callbacks, and content never becomes a template.

mod answers;
mod catalogue;
mod conditions;
mod connects;
mod context;
mod decision_files;
mod decision_json;
mod decisions;
mod escape;
mod feeds;
mod highlight;
mod hosting;
mod html;
mod listing;
mod llms;
mod nav;
mod page;
mod references;
mod search;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod schema;
mod shape;
mod tracked;
mod twin;
mod view;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Reported, code};
use crate::incremental::{JobKey, Recorder};
use crate::model::{Address, OutputKind, PageId, PageKind, SiteFile, TermId, twin_path};
use crate::output::{Body, Output};
use crate::source::SourceId;

pub(crate) use hosting::HostRules;
pub(crate) use search::{IndexPlan, Reader};
pub(crate) use view::{Scene, View};

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

/// Makes one job's outputs. Of a page, `reader` is shown the text while it is rendered.
pub(crate) fn output(view: &View<'_>, task: &Task, reader: Option<&mut Reader<'_>>) -> Reported<Vec<Output>> {
    match task {
        Task::Page(id) => page_outputs(view, *id, reader),
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
pub(crate) fn one(view: &View<'_>, kind: OutputKind) -> Reported<Vec<Output>> {
    let task = match kind {
        OutputKind::Page(id) | OutputKind::Twin(id) => Some(Task::Page(id)),
        OutputKind::DecisionFile(page, _) => match view.site[page].kind {
            PageKind::Decision(at) => Some(Task::Decision(at)),
            _ => None,
        },
        OutputKind::TermFeed(page) => match view.site[page].kind {
            PageKind::Term(term) => Some(Task::TermFeed(term)),
            _ => None,
        },
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
        SiteFile::Headers => Some(HostRules::of(view).headers()),
        SiteFile::Redirects => Some(hosting::redirects(view)),
        SiteFile::SearchRoot => None,
    }
}

/// What is wrong with templates, as far as one page of each shape shows it, and names of templates that are not there.
pub(crate) fn try_templates(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let recorder = Recorder::default();
    let view = scene.view(&recorder);
    let (site, links) = view.untracked();
    let mut findings = Vec::new();
    for (id, _) in site.pages() {
        own_template(&view, id, &mut findings);
    }
    let try_page = |&id: &PageId| page_outputs(&scene.view(&Recorder::default()), id, None).findings;
    let tried: Vec<Vec<Diagnostic>> = shape::representatives(site, links).par_iter().map(try_page).collect();
    findings.extend(tried.into_iter().flatten());
    findings
}

fn page_outputs(view: &View<'_>, id: PageId, mut reader: Option<&mut Reader<'_>>) -> Reported<Vec<Output>> {
    let mut findings = Vec::new();
    let failed = |error: &tera::Error| {
        let finding = view.theme.rendering_error(view.inputs, error);
        finding.help(format!("met on the page \"{}\" and perhaps on others", view.site[id].title))
    };
    let nav = nav::tree(view, id).unwrap_or_else(|error| {
        findings.push(failed(&error));
        String::new()
    });
    let seen = page::seen(view, id, &nav, &mut |event, range| {
        if let Some(reader) = &mut reader {
            reader.event(event, &range);
        }
    });
    let template = own_template(view, id, &mut findings).unwrap_or(seen.template);
    let file = view.site[id].address.file();
    let mut outputs = Vec::new();
    let mut html = Vec::with_capacity(seen.size);
    match view.theme.tera.render_to(template, &seen.context, &mut html) {
        Ok(()) => outputs.push(Output { path: file.clone(), body: Body::Bytes(html) }),
        Err(error) => findings.push(failed(&error)),
    }
    if view.site[id].kind.has_twin() {
        let path = twin_path(&file);
        outputs.push(Output { path, body: Body::Bytes(twin::markdown(view, id).into_bytes()) });
    }
    Reported { value: outputs, findings }
}

/// The template that a page's front matter asks for.
fn own_template<'a>(view: &View<'a>, id: PageId, findings: &mut Vec<Diagnostic>) -> Option<&'a str> {
    let wanted = view.site.document(id)?.front.template.as_ref()?;
    let found = view.theme.names().find(|name| *name == wanted.value);
    if found.is_none() {
        let message = format!("the theme has no template `{}`", wanted.value);
        let finding = Diagnostic::new(&code::UNKNOWN_TEMPLATE, wanted.span, message);
        let help = format!("add it as `templates/{}` of the theme", wanted.value);
        findings.push(finding.suggest(&wanted.value, wanted.span, view.theme.names(), help));
    }
    found
}
