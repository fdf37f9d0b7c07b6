//! A checked site in, the files of the finished one out.
//!
//! [`plan`] lists what is to be made and [`output`] makes one of them, so that the pipeline can run them on all cores
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
mod tracked;
mod twin;
mod view;

use crate::diagnostic::{Diagnostic, Reported, code};
use crate::incremental::{JobKey, Once};
use crate::model::{Address, PageId, PageKind, TermId};
use crate::output::{Body, Output};
use crate::source::SourceId;

pub(crate) use search::{IndexPlan, Reader};
pub(crate) use view::{Scene, View};

/// Makes what a site has once.
pub(crate) type Make = fn(&View<'_>) -> Vec<Output>;

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
    /// Everything that a site has once: sitemap, feed, catalogue and so on.
    Once(Make),
}

/// Everything that the site is made of, but for the search index.
pub(crate) fn plan(view: &View<'_>) -> Vec<Job> {
    let site = &view.site;
    let once: [(Once, Make); 7] = [
        (Once::Sitemap, |view| vec![feeds::sitemap(view)]),
        (Once::Feed, |view| vec![feeds::feed(view, None)]),
        (Once::Catalogue, |view| catalogue::outputs(view)),
        (Once::DecisionSchema, |view| decision_json::schema(view).into_iter().collect()),
        (Once::Llms, |view| vec![llms::index(view)]),
        (Once::LlmsFull, |view| llms::full(view).into_iter().collect()),
        (Once::Hosting, |view| vec![hosting::robots(view), hosting::headers(view), hosting::redirects(view)]),
    ];
    let keyed = |key: JobKey, task: Task| Job { key: Some(key), task };
    // What one thread makes alone comes first, so that none waits for it at the end.
    let mut jobs: Vec<Job> = once.map(|(once, make)| keyed(JobKey::Once(once), Task::Once(make))).into();
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
        Task::Once(make) => Reported::clean(make(view)),
    }
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
    if has_twin(&view.site[id].kind) {
        let path = format!("{}md", file.strip_suffix("html").unwrap_or(&file));
        outputs.push(Output { path, body: Body::Bytes(twin::markdown(view, id).into_bytes()) });
    }
    Reported { value: outputs, findings }
}

/// Whether a page is also written as Markdown. The search is not: what it lists, `llms.txt` lists for programs.
fn has_twin(kind: &PageKind) -> bool {
    !matches!(kind, PageKind::Search | PageKind::NotFound)
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
