//! Decisions: each as a whole, and the page of each question and outcome.

use super::{claim, entry, heading, line, link, plain, summed_up, tag};
use crate::flowchart;
use crate::model::{ClaimId, Decision, DecisionFormat, Edge, Effect, NodeIndex};
use crate::render::conditions::{Condition, with_conditions};
use crate::render::decisions::{self, label, title};
use crate::strings::{StringKey, Strings, key};
use crate::view::View;

/// A decision in a line: for whom, and how long it is.
pub(super) fn facts(view: &View<'_>, decision: &Decision) -> String {
    let strings = view.strings();
    let outcomes = (0..decision.nodes.len()).filter(|&node| decision.outcome(node).is_some()).count();
    let audience = decision.audience.as_ref().map(|audience| {
        let audience = plain(audience);
        strings.fill(key!("for-audience"), &[("audience", &audience)])
    });
    let length = [
        strings.count(key!("at-most"), decision.summary.longest.len()),
        strings.count(key!("outcome-count"), outcomes),
    ];
    audience.into_iter().chain(length).collect::<Vec<_>>().join(" · ")
}

/// Every question with its answers and why it is asked, then every outcome; the outline, and the files.
pub(super) fn whole(view: &View<'_>, decision: &Decision, text: &mut String) {
    line(text, format_args!("\n{}", facts(view, decision)));
    if let Some(debate) = decision.debate {
        let page = link(view, debate);
        line(text, format_args!("\n{}", view.strings().fill(key!("sources-disagree"), &[("page", &page)])));
    }
    heading(text, view.say(key!("questions-and-outcomes")));
    let graph = decisions::graph(view, decision, |page| view.absolute(page));
    line(text, format_args!("```text\n{}\n```", flowchart::text(&graph).trim_end()));
    for at in (0..decision.nodes.len()).filter(|&at| decision.question(at).is_some()) {
        line(text, format_args!("\n### {}\n", node(view, decision, at)));
        if let Some(why) = decision.question(at).and_then(|question| question.why.as_ref()) {
            line(text, format_args!("{}\n", plain(why)));
        }
        answers(view, decision, at, text);
    }
    heading(text, view.say(key!("outcomes-and-ways")));
    for at in (0..decision.nodes.len()).filter(|&at| decision.outcome(at).is_some()) {
        let advice = decision.outcome(at).and_then(|outcome| outcome.advice.as_ref());
        let advice = advice.map_or(String::new(), |advice| format!(": {}", plain(advice)));
        line(text, format_args!("- {}{advice}", node(view, decision, at)));
        let ways = usize::try_from(decision.summary.distinct_paths[at]).unwrap_or(usize::MAX);
        let ways = view.strings().count(key!("end-ways"), ways);
        line(text, format_args!("  - {ways}"));
        way(view, decision, &decision.summary.shortest(at), "  ", text);
    }
    heading(text, view.say(key!("files")));
    let stem = view.absolute(decision.page);
    for format in DecisionFormat::ALL {
        let what = match format {
            DecisionFormat::Csv => key!("file-csv"),
            DecisionFormat::Svg => key!("file-svg"),
            DecisionFormat::Json => key!("file-json"),
            DecisionFormat::Mermaid => key!("file-mermaid"),
            DecisionFormat::Dot => key!("file-dot"),
        };
        let (extension, stem) = (format.extension(), stem.trim_end_matches('/'));
        line(text, format_args!("- [{extension}]({stem}.{extension}): {}", view.say(what)));
    }
}

/// A question: its answers, why it is asked, what the sources say, and how one arrives.
pub(super) fn question(view: &View<'_>, decision: &Decision, at: NodeIndex, text: &mut String) {
    text.push('\n');
    answers(view, decision, at, text);
    let left = decision.summary.left.get(at).map_or(0, |left| left.saturating_sub(1));
    let left = if left == 0 {
        view.say(key!("last-question")).to_owned()
    } else {
        view.strings().count(key!("questions-left"), left)
    };
    line(text, format_args!("\n{left}"));
    let why = decision.question(at).and_then(|question| question.why.as_ref());
    let explains = decision.nodes[at].explains;
    if why.is_some() || explains.is_some() {
        heading(text, view.say(key!("why-asked")));
    }
    if let Some(why) = unsaid(view, decision, at, why) {
        line(text, format_args!("{}", plain(why)));
    }
    if let Some(page) = explains {
        line(text, format_args!("\n{}", view.strings().fill(key!("more-in"), &[("page", &link(view, page))])));
    }
    let said = &decision.nodes[at].claims;
    if !said.is_empty() {
        line(text, format_args!("\n## {}\n", plain(&view.strings().count(key!("what-sources-say-count"), said.len()))));
    }
    claims(view, said, text);
    arrivals(view, decision, at, key!("how-one-arrives"), text);
    of_decision(view, decision, text);
}

/// An outcome: verdict, advice, the way to it, what is gained and risked, what speaks for it and against it, and where to
/// go on.
pub(super) fn outcome(view: &View<'_>, decision: &Decision, at: NodeIndex, text: &mut String) {
    let Some(outcome) = decision.outcome(at) else { return };
    if let Some(verdict) = outcome.verdict {
        let said = view.say(key!("verdict"));
        line(text, format_args!("\n**{}:** {}", plain(said), plain(decisions::verdict_word(view, verdict))));
    }
    if let Some(advice) = unsaid(view, decision, at, outcome.advice.as_ref()) {
        line(text, format_args!("\n{}", plain(advice)));
    }
    if let Some(page) = decision.nodes[at].explains {
        line(text, format_args!("\n{}", view.strings().fill(key!("read-how"), &[("page", &link(view, page))])));
    }
    let path = decision.summary.shortest(at);
    if !path.is_empty() {
        let only = decision.summary.distinct_paths[at] == 1;
        heading(text, view.say(if only { key!("the-way-here") } else { key!("the-shortest-way") }));
        way(view, decision, &path, "", text);
    }
    if !outcome.benefits.is_empty() || !outcome.risks.is_empty() {
        line(text, format_args!("\n## {}", plain(view.say(key!("what-to-expect")))));
    }
    effects(view, decision, at, key!("may-gain"), &outcome.benefits, text);
    effects(view, decision, at, key!("may-risk"), &outcome.risks, text);
    let sides = [(key!("for-it"), &decision.nodes[at].claims), (key!("against-it"), &outcome.against)];
    if sides.iter().any(|(_, said)| !said.is_empty()) {
        line(text, format_args!("\n## {}", plain(view.say(key!("what-sources-say")))));
    }
    for (side, said) in sides.into_iter().filter(|(_, said)| !said.is_empty()) {
        line(text, format_args!("\n### {}\n", plain(view.say(side))));
        claims(view, said, text);
    }
    if !outcome.next.is_empty() {
        heading(text, view.say(key!("what-to-read-next")));
    }
    for &page in &outcome.next {
        summed_up(view, page, text);
    }
    arrivals(view, decision, at, key!("how-else-one-arrives"), text);
    of_decision(view, decision, text);
}

/// What is said, unless it has been said as the page's summary.
fn unsaid<'a>(view: &View<'_>, decision: &Decision, at: NodeIndex, said: Option<&'a String>) -> Option<&'a String> {
    said.filter(|&said| view.site[decision.nodes[at].page].summary.as_ref() != Some(said))
}

/// A question, or an outcome with its verdict, as a link.
fn node(view: &View<'_>, decision: &Decision, at: NodeIndex) -> String {
    let verdict = decision.outcome(at).and_then(|outcome| outcome.verdict);
    let verdict = verdict.map(|verdict| format!(" **{}**", plain(decisions::verdict_word(view, verdict))));
    let node = &decision.nodes[at];
    format!("[{}]({}){}", plain(title(node)), view.absolute(node.page), verdict.unwrap_or_default())
}

/// The answers of a question with their hints, and where each leads.
fn answers(view: &View<'_>, decision: &Decision, at: NodeIndex, text: &mut String) {
    for edge in decision.edges_from(at) {
        let hint = match decision.answer(edge) {
            Some(answer) => answer.hint.as_ref(),
            None => decision.question(at).and_then(|question| question.unsure.as_ref()?.guidance.as_ref()),
        };
        let hint = hint.map_or(String::new(), |hint| format!(" {}", plain(hint)));
        let said = plain(label(view, decision, edge));
        line(text, format_args!("- **{said}**{hint} → {}", node(view, decision, edge.to)));
    }
}

fn way(view: &View<'_>, decision: &Decision, path: &[Edge], indent: &str, text: &mut String) {
    for edge in path {
        let answer = plain(label(view, decision, *edge));
        line(text, format_args!("{indent}- {} **{answer}**", node(view, decision, edge.from)));
    }
}

/// Which answers lead here.
fn arrivals(view: &View<'_>, decision: &Decision, at: NodeIndex, title: StringKey, text: &mut String) {
    let edges: Vec<Edge> = decision.edges().filter(|edge| edge.to == at).collect();
    if !edges.is_empty() {
        heading(text, view.say(title));
        way(view, decision, &edges, "", text);
    }
}

fn claims(view: &View<'_>, claims: &[ClaimId], text: &mut String) {
    for &id in claims {
        line(text, format_args!("- {}", claim(view, id)));
    }
}

fn effects(
    view: &View<'_>,
    decision: &Decision,
    at: NodeIndex,
    title: StringKey,
    effects: &[Effect],
    text: &mut String,
) {
    let effects = with_conditions(view, decision, at, effects);
    if !effects.is_empty() {
        line(text, format_args!("\n### {}\n", plain(view.say(title))));
    }
    for (effect, when) in &effects {
        line(text, format_args!("- {}{}", plain(&effect.text), plain(&condition(view, decision, when))));
        if let Some(term) = &effect.term {
            line(text, format_args!("  - {}", tag(view, term.value)));
        }
        if let Some(page) = effect.mitigate {
            let helps = view.strings().fill(key!("what-helps"), &[("page", &link(view, page))]);
            line(text, format_args!("  - {helps}"));
        }
    }
}

/// The decision that a page belongs to.
fn of_decision(view: &View<'_>, decision: &Decision, text: &mut String) {
    heading(text, view.say(key!("decision")));
    entry(view, decision.page, view.site[decision.page].summary.as_deref(), text);
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
