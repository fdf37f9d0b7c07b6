//! The Markdown twin of a page: the same text for programs and people who read Markdown, with links made absolute.
#![expect(
    clippy::indexing_slicing,
    reason = "tracks, decisions and their nodes are named by their positions, which the model gave"
)]

use std::fmt::Write as _;

use crate::flowchart;
use crate::link::Target;
use crate::model::{
    Cited, Decision, NodeIndex, PageId, PageKind, RelationTarget, SectionId, Single, TermId, Track, WorkId,
};
use crate::parse::{Document, LinkForm, LinkUse};
use crate::render::conditions::{Condition, with_conditions};
use crate::render::decisions;
use crate::render::references::{claim_anchor, work_address};
use crate::source::slice;
use crate::strings::{Strings, key};
use crate::view::View;

/// The page's Markdown: title, summary, text; a generated page lists what it holds.
pub(crate) fn markdown(view: &View<'_>, page: PageId) -> String {
    let data = &view.site[page];
    // As their author wrote them, like the text.
    let document = view.site.document(page);
    let title = document.and_then(Document::title).unwrap_or(&data.title);
    let mut text = format!("# {}\n", plain(title));
    if let Some(summary) = document.and_then(Document::summary).or(data.summary.as_deref()) {
        line(&mut text, format_args!("\n> {}", plain(summary)));
    }
    let mut cited = Vec::new();
    let body = body(view, page, &mut cited);
    if !body.trim().is_empty() {
        line(&mut text, format_args!("\n{}", body.trim()));
    }
    match data.kind {
        PageKind::Term(term) => relations(view, term, &mut text),
        PageKind::Track(track) => steps(view, &view.site.tracks()[track], &mut text),
        PageKind::Decision(at) => outline(view, &view.site.decisions()[at], &mut text),
        PageKind::Question { decision, node } | PageKind::Outcome { decision, node } => {
            node_section(view, &view.site.decisions()[decision], node, &mut text);
        }
        PageKind::Work(work) => claims(view, work, &mut text),
        PageKind::Single(Single::Glossary) => glossary(view, &mut text),
        PageKind::Single(Single::Map) => pairs(view, &mut text),
        PageKind::Article
        | PageKind::Section(_)
        | PageKind::Facet(_)
        | PageKind::Single(
            Single::Home
            | Single::Facets
            | Single::Decisions
            | Single::Tracks
            | Single::Sources
            | Single::Search
            | Single::NotFound,
        ) => {}
    }
    let listed = listed(view, page);
    if !listed.is_empty() {
        text.push('\n');
        for page in listed {
            entry(view, page, view.site[page].summary.as_deref(), &mut text);
        }
    }
    references(view, &cited, &mut text);
    text
}

fn line(text: &mut String, what: std::fmt::Arguments<'_>) {
    writeln!(text, "{what}").expect("writing to a string cannot fail");
}

/// A text that is not Markdown, so that it reads as itself in Markdown.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '[' | ']' | '*' | '_' | '<' | '>' | '`' | '#' | '|') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A page as a line of a list, with a remark.
fn entry(view: &View<'_>, page: PageId, remark: Option<&str>, text: &mut String) {
    let remark = remark.map_or(String::new(), |remark| format!(": {}", plain(remark)));
    line(text, format_args!("- [{}]({}){remark}", plain(&view.site[page].title), view.absolute(page)));
}

fn relations(view: &View<'_>, term: TermId, text: &mut String) {
    for (at, kind) in view.site.config.relations.iter().enumerate() {
        let of_kind = || view.site.relations().iter().filter(move |relation| relation.kind == at);
        let out = of_kind().filter(|relation| relation.from == term).map(|r| view.site.target_page(r.to));
        let into = of_kind().filter(|relation| relation.to == RelationTarget::Term(term));
        let into = into.map(|relation| view.site[relation.from].page);
        for (label, ends) in [(&kind.label, out.collect::<Vec<_>>()), (&kind.inverse, into.collect())] {
            if !ends.is_empty() {
                line(text, format_args!("\n## {}\n", plain(label)));
                for page in ends {
                    entry(view, page, view.site[page].summary.as_deref(), text);
                }
            }
        }
    }
    if !view.site[term].articles.is_empty() {
        line(text, format_args!("\n## {}", plain(view.say(key!("articles-heading")))));
    }
}

fn steps(view: &View<'_>, track: &Track, text: &mut String) {
    for (label, said) in [(key!("for"), &track.audience), (key!("afterwards"), &track.goal)] {
        if let Some(said) = said {
            line(text, format_args!("\n**{}:** {}", plain(view.say(label)), plain(said)));
        }
    }
    text.push('\n');
    for step in &track.steps {
        entry(view, step.page, step.why.as_deref(), text);
    }
}

/// Every question with its answers, then the outcomes.
fn outline(view: &View<'_>, decision: &Decision, text: &mut String) {
    let graph = decisions::graph(view, decision, |page| view.absolute(page));
    line(text, format_args!("\n```text\n{}\n```", flowchart::text(&graph).trim_end()));
}

/// A question with its answers, or an outcome with what to do next.
fn node_section(view: &View<'_>, decision: &Decision, at: NodeIndex, text: &mut String) {
    let question = decision.question(at).and_then(|question| question.why.as_ref());
    let outcome = decision.outcome(at);
    let said = question.or(outcome.and_then(|outcome| outcome.advice.as_ref()));
    // It has been said where it is the page's summary.
    let said = said.filter(|&said| view.site[decision.nodes[at].page].summary.as_ref() != Some(said));
    if let Some(said) = said {
        line(text, format_args!("\n{}", plain(said)));
    }
    text.push('\n');
    for edge in decision.edges_from(at) {
        let to = view.absolute(decision.nodes[edge.to].page);
        line(text, format_args!("- [{}]({to})", plain(decisions::label(view, decision, edge))));
    }
    let Some(outcome) = outcome else { return };
    for (heading, effects) in [(key!("may-gain"), &outcome.benefits), (key!("may-risk"), &outcome.risks)] {
        let effects = with_conditions(view, decision, at, effects);
        if !effects.is_empty() {
            line(text, format_args!("## {}\n", plain(view.say(heading))));
        }
        for (effect, when) in &effects {
            line(text, format_args!("- {}{}", plain(&effect.text), plain(&condition(view, decision, when))));
        }
        text.push_str(if effects.is_empty() { "" } else { "\n" });
    }
    if !outcome.next.is_empty() {
        line(text, format_args!("## {}\n", plain(view.say(key!("what-to-read-next")))));
    }
    for &page in &outcome.next {
        entry(view, page, None, text);
    }
}

/// ` (if you answer “No” to “Is it small?” or are asked “Who owns it?”)`, or nothing where it always holds.
fn condition(view: &View<'_>, decision: &Decision, when: &[Condition]) -> String {
    let strings: &Strings = view.strings();
    let quoted = |text: &str| strings.fill(key!("quoted"), &[("text", &text)]);
    let title = |node: NodeIndex| quoted(decisions::title(&decision.nodes[node]));
    let one = |condition: &Condition| match condition {
        Condition::Asked(node) => strings.fill(key!("if-asked"), &[("question", &title(*node))]),
        Condition::Answered(edge) => {
            let answer = quoted(decisions::label(view, decision, *edge));
            strings.fill(key!("if-answer"), &[("answer", &answer), ("question", &title(edge.from))])
        }
    };
    let all: Vec<String> = when.iter().map(one).collect();
    if all.is_empty() {
        return String::new();
    }
    let conditions = all.join(strings.say(key!("or-last")));
    format!(" {}", strings.fill(key!("if-you-aside"), &[("conditions", &conditions)]))
}

/// What a work wants and how far to trust it, then what it says.
fn claims(view: &View<'_>, id: WorkId, text: &mut String) {
    let work = view.site.evidence().work(id);
    for said in [&work.stance, &work.interest, &work.caution].into_iter().flatten() {
        line(text, format_args!("\n{}", plain(said)));
    }
    text.push('\n');
    for (_, claim) in view.site.evidence().claims_of(id) {
        line(text, format_args!("- {} (`{}`)", plain(&claim.text), claim.id));
    }
}

fn glossary(view: &View<'_>, text: &mut String) {
    text.push('\n');
    for entry in view.site.glossary() {
        line(text, format_args!("- **{}**: {}", plain(&entry.term), plain(&entry.definition)));
    }
}

/// The pairs of terms that articles carry together.
fn pairs(view: &View<'_>, text: &mut String) {
    text.push('\n');
    let title = |term: TermId| plain(&view.site[view.site.page_of_term(term)].title);
    for (one, term) in view.site.terms() {
        for (other, _) in view.site.terms().filter(|(_, other)| other.facet > term.facet) {
            let count = view.site.articles_with_both(one, other).len();
            if count > 0 {
                let pair = [("rows", &title(one) as &dyn std::fmt::Display), ("columns", &title(other))];
                line(text, format_args!("- {}: {count}", view.strings().fill(key!("map-pair"), &pair)));
            }
        }
    }
}

/// What a page lists beside its own text.
fn listed(view: &View<'_>, page: PageId) -> Vec<PageId> {
    let site = &view.site;
    match site[page].kind {
        PageKind::Section(id) => {
            let inner = site[id].sections.iter().map(|&id| site[id].page);
            site[id].articles.iter().copied().chain(inner).collect()
        }
        PageKind::Facet(facet) => {
            site.terms().map(|(_, term)| term).filter(|term| term.facet == facet).map(|term| term.page).collect()
        }
        PageKind::Term(term) => site[term].articles.clone(),
        PageKind::Single(Single::Home) => site[SectionId(0)].sections.iter().map(|&id| site[id].page).collect(),
        PageKind::Single(Single::Facets) => site.terms().map(|(_, term)| term).map(|term| term.page).collect(),
        PageKind::Single(Single::Decisions) => site.decisions().iter().map(|decision| decision.page).collect(),
        PageKind::Single(Single::Tracks) => site.tracks().iter().map(|track| track.page).collect(),
        PageKind::Single(Single::Sources) => {
            let works = (0..site.evidence().works.len()).map(WorkId);
            works.filter_map(|work| site.evidence().page_of(work)).collect()
        }
        PageKind::Article
        | PageKind::Decision(_)
        | PageKind::Question { .. }
        | PageKind::Outcome { .. }
        | PageKind::Track(_)
        | PageKind::Work(_)
        | PageKind::Single(Single::Map | Single::Glossary | Single::Search | Single::NotFound) => Vec::new(),
    }
}

/// The page's own Markdown with every link rewritten.
fn body(view: &View<'_>, page: PageId, cited: &mut Vec<Cited>) -> String {
    let Some(at) = view.site[page].document else { return String::new() };
    let document = &view.site.document_at(at);
    let source = &view.inputs.get(document.source).text;
    let links = document.outline.links.iter();
    let mut changes: Vec<(usize, usize, String)> =
        links.filter_map(|link| rewritten(view, source, link, view.links.target(at, link.at)?, cited)).collect();
    changes.extend(document.outline.comments.iter().map(|comment| (comment.start, comment.end, String::new())));
    // A picture inside a link is changed before the link's own destination.
    changes.sort_by_key(|&(from, to, _)| (from, to));
    let mut text = String::with_capacity(source.len());
    let mut position = document.body;
    for (from, to, new) in changes.into_iter().filter(|change| change.0 >= document.body) {
        if from >= position {
            text.push_str(slice(source, position..from));
            text.push_str(&new);
            position = to;
        }
    }
    text.push_str(slice(source, position..));
    match &document.outline.title {
        Some(_) => without_title(&text).to_owned(),
        None => text,
    }
}

/// The text after the heading that opens it, in either form of heading.
fn without_title(text: &str) -> &str {
    let text = text.trim_start();
    let line_end = text.find('\n').map_or(text.len(), |i| i + 1);
    if text.starts_with('#') {
        return slice(text, line_end..);
    }
    let rest = slice(text, line_end..);
    // The other form of heading has a line of `=` below it.
    if !rest.trim_start().starts_with('=') {
        return text;
    }
    rest.split_once('\n').map_or("", |(_, after)| after)
}

/// What to write in place of a part of a link: the destination alone, or the whole link where that is not to be found.
fn rewritten(
    view: &View<'_>,
    source: &str,
    link: &LinkUse,
    target: &Target,
    cited: &mut Vec<Cited>,
) -> Option<(usize, usize, String)> {
    let url = absolute(view, target);
    match link.form {
        LinkForm::Wiki => {
            let (name, label) = wiki_parts(source, link)?;
            let label = label.unwrap_or_else(|| match target {
                Target::Page { page, word, .. } => word.as_ref().unwrap_or(&view.site[*page].title).clone(),
                _ => name,
            });
            let new = url.map_or_else(|| label.clone(), |url| format!("[{label}]({url})"));
            Some((link.at, link.end, new))
        }
        LinkForm::Citation => {
            let Target::Citations(keys) = target else { return None };
            if !view.site.cites() {
                return None;
            }
            let mut marks = String::new();
            for key in keys.iter().filter_map(|(_, key)| *key) {
                let number = cited.iter().position(|known| *known == key).unwrap_or_else(|| {
                    cited.push(key);
                    cited.len() - 1
                });
                write!(marks, "\\[{}\\]", number + 1).expect("writing to a string cannot fail");
            }
            Some((link.at, link.end, marks))
        }
        LinkForm::Markdown | LinkForm::Image => {
            let url = url?;
            let span = link.span.range();
            if source.get(span.clone()) == Some(link.target.as_str()) {
                return Some((span.start, span.end, url));
            }
            // A reference such as `[text][label]`: its destination stands elsewhere, so the link is written out.
            let whole = slice(source, link.at..link.end);
            let (sign, label) = whole.split_once('[')?;
            let label = label.split(']').next()?;
            Some((link.at, link.end, format!("{sign}[{label}]({url})")))
        }
    }
}

/// The name and the label of `[[name|label]]`.
fn wiki_parts(source: &str, link: &LinkUse) -> Option<(String, Option<String>)> {
    let inside = slice(source, link.at..link.end).strip_prefix("[[")?.strip_suffix("]]")?;
    Some(match inside.split_once('|') {
        Some((name, label)) => (name.to_owned(), Some(label.to_owned())),
        None => (inside.to_owned(), None),
    })
}

fn absolute(view: &View<'_>, target: &Target) -> Option<String> {
    let base = &view.config().base;
    match target {
        Target::Page { page, anchor, .. } => {
            let fragment =
                anchor.as_ref().map_or(String::new(), |id| format!("#{}", crate::render::escape::fragment(id)));
            Some(format!("{}{fragment}", view.absolute(*page)))
        }
        Target::File { path, rest } => Some(format!("{}{rest}", base.absolute(&crate::model::encode_path(path)))),
        Target::Glossary(at) => Some(format!("{}#{}", base.absolute("/glossary/"), view.site.glossary()[*at].anchor)),
        Target::Here(_) | Target::External | Target::Citations(_) | Target::Wrong(_) => None,
    }
}

fn references(view: &View<'_>, cited: &[Cited], text: &mut String) {
    if cited.is_empty() {
        return;
    }
    line(text, format_args!("\n## {}\n", plain(view.say(key!("references")))));
    let evidence = &view.site.evidence();
    for (at, cited) in cited.iter().enumerate() {
        let (work, claim) = match cited {
            Cited::Work(work) => (*work, None),
            Cited::Claim(claim) => (evidence.claim(*claim).work, Some(evidence.claim(*claim))),
        };
        let title = &evidence.work(work).title;
        let url = view.config().base.absolute(&work_address(view, work).encoded());
        let url = claim.map_or(url.clone(), |claim| format!("{url}#{}", claim_anchor(&claim.id)));
        let claim = claim.map_or(String::new(), |claim| format!(": {}", claim.text));
        writeln!(text, "{}. [{title}]({url}){claim}", at + 1).expect("writing to a string cannot fail");
    }
}
