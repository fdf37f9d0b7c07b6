//! A checked site in, the files of the finished one out.
//!
//! [`plan`] lists what is to be made and [`output`] makes one of them, so that the pipeline can run them on all cores
//! and hand each result on at once; no page's HTML is held after that. Rendering reads the site through [`View`] and
//! the disk not at all. Templates get data, never callbacks, and content never becomes a template.

mod abouts;
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
mod twin;
mod view;
mod window;

use crate::diagnostic::{Diagnostic, Reported, code};
use crate::model::{Address, PageId, TermId, twin_path};
use crate::output::{Body, Output};
use crate::source::SourceId;

pub(crate) use abouts::Edit;
pub(crate) use search::{IndexPlan, Reader};
pub(crate) use view::{Scene, View};

/// What the job of headers and redirects is called.
const HOSTING: &str = "hosting";

/// Makes what a site has once.
pub(crate) type Make = fn(&View<'_>) -> Vec<Output>;

/// One thing to be made.
pub(crate) enum Job {
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
    Once(&'static str, Make),
}

/// Everything that the site is made of.
pub(crate) fn plan(view: &View<'_>) -> Vec<Job> {
    let site = &view.site;
    let pages = site.pages().map(|(id, _)| id).filter(|&id| site.is_published(id));
    let mut jobs: Vec<Job> = pages.map(Job::Page).collect();
    jobs.extend(site.assets().map(|(id, _)| Job::Asset(id)));
    jobs.extend((0..view.theme.bundle.outputs.len()).map(Job::Theme));
    jobs.extend(site.aliases().map(|(alias, page)| Job::Alias(alias.clone(), page)));
    let terms = site.terms().filter(|(_, term)| site.is_published(term.page));
    jobs.extend(terms.map(|(id, _)| Job::TermFeed(id)));
    jobs.extend(
        (0..site.decisions().len()).filter(|&at| site.is_published(site.decisions()[at].page)).map(Job::Decision),
    );
    let once: [(&str, Make); 7] = [
        ("sitemap", |view| vec![feeds::sitemap(view)]),
        ("feed", |view| vec![feeds::feed(view, None)]),
        ("catalogue", |view| catalogue::outputs(view)),
        ("schema of decisions", |view| decision_json::schema(view).into_iter().collect()),
        ("llms", |view| vec![llms::index(view)]),
        ("llms in full", |view| llms::full(view).into_iter().collect()),
        (HOSTING, |view| vec![hosting::robots(view), hosting::headers(view), hosting::redirects(view)]),
    ];
    // What one thread makes alone comes first, so that none waits for it at the end.
    once.into_iter().map(|(name, make)| Job::Once(name, make)).chain(jobs).collect()
}

impl Job {
    /// Whether it makes something for programs, which a browser does not show and does not need to show a page.
    pub(crate) fn is_seldom_seen(&self) -> bool {
        matches!(self, Self::TermFeed(_)) || matches!(self, Self::Once(name, _) if *name != HOSTING)
    }

    /// What the job is called from one build to the next; none where it costs no more to do than to remember.
    pub(crate) fn name(&self, view: &View<'_>) -> Option<String> {
        let site = &view.site;
        match self {
            Self::Page(id) => Some(format!("page {}", site[*id].address.as_str())),
            Self::Alias(alias, _) => Some(format!("alias {}", alias.as_str())),
            Self::Decision(at) => Some(format!("decision {}", site[site.decisions()[*at].page].address.as_str())),
            Self::TermFeed(term) => Some(format!("feed {}", site[site[*term].page].address.as_str())),
            Self::Once(name, _) => Some((*name).to_owned()),
            Self::Asset(_) | Self::Theme(_) => None,
        }
    }
}

/// Makes one job's outputs. Of a page, `reader` is shown the text while it is rendered.
pub(crate) fn output(view: &View<'_>, job: &Job, reader: Option<&mut Reader<'_>>) -> Reported<Vec<Output>> {
    match job {
        Job::Page(id) => page_outputs(view, *id, reader),
        Job::Asset(id) => {
            let path = view.site.asset(*id).to_owned();
            let body = Body::Copy(view.inputs.get(*id).path.clone());
            Reported::clean(vec![Output { path, body }])
        }
        Job::Theme(at) => Reported::clean(vec![view.theme.bundle.outputs[*at].clone()]),
        Job::Alias(alias, page) => Reported::clean(vec![hosting::alias_page(view, alias, *page)]),
        Job::Decision(at) => Reported::clean(decision_files::outputs(view, &view.site.decisions()[*at])),
        Job::TermFeed(term) => Reported::clean(vec![feeds::feed(view, Some(*term))]),
        Job::Once(_, make) => Reported::clean(make(view)),
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
