//! A checked site in, its pages as HTML out, a file for each subject.
//!
//! A page is what its template makes of what it sees: [`page::page_context`] gathers that through a [`View`], which records
//! what is looked at. Templates get data, never callbacks, and content never becomes a template.

pub(crate) mod connects;
#[cfg(test)]
mod contract;
pub(crate) mod conditions;
pub(crate) mod decisions;
pub(crate) mod escape;
mod highlight;
mod home;
pub(crate) mod html;
mod linked_data;
pub(crate) mod listing;
mod nav;
pub(crate) mod page;
pub(crate) mod references;
mod ring;
mod shape;
mod sources;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Findings, Reported, code};
use crate::incremental::Recorder;
use crate::model::PageId;
use crate::output::{Body, Output};
use crate::view::{Scene, View};

/// What is wrong with templates, as far as one page of each shape shows it, and names of templates that are not there.
pub(crate) fn try_templates(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let recorder = Recorder::default();
    let view = scene.view(&recorder);
    let (site, links) = view.untracked();
    let mut findings = Findings::default();
    for (id, _) in site.pages() {
        own_template(&view, id, &mut findings);
    }
    let try_page = |&id: &PageId| page(&scene.view(&Recorder::default()), id, &mut |_, _| {}).findings;
    let tried: Vec<Vec<Diagnostic>> = shape::representatives(site, links).par_iter().map(try_page).collect();
    findings.extend(tried.into_iter().flatten());
    findings.into_vec()
}

/// The HTML of a page; nothing where its template fails. `observe` looks on while its text is rendered.
pub(crate) fn page(view: &View<'_>, id: PageId, observe: html::EventObserver<'_>) -> Reported<Option<Output>> {
    let mut findings = Findings::default();
    let failed = |error: &tera::Error| {
        let finding = view.theme.rendering_error(view.inputs, error);
        finding.help(format!("met on the page \"{}\" and perhaps on others", view.site[id].title))
    };
    let nav = nav::tree(view, id).unwrap_or_else(|error| {
        findings.push(failed(&error));
        String::new()
    });
    let mut context = page::page_context(view, id, &nav, observe);
    findings.extend(std::mem::take(&mut context.findings));
    let template = own_template(view, id, &mut findings).unwrap_or(context.template);
    let mut html = Vec::with_capacity(context.size);
    let output = match view.theme.tera.render_to(template, &context.context, &mut html) {
        Ok(()) => Some(Output { path: view.site[id].address.file(), body: Body::Bytes(html) }),
        Err(error) => {
            findings.push(failed(&error));
            None
        }
    };
    Reported { value: output, findings: findings.into_vec() }
}

/// The template that a page's front matter asks for.
fn own_template<'a>(view: &View<'a>, id: PageId, findings: &mut Findings) -> Option<&'a str> {
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
