//! `flowchart`: one decision on standard output, in the forms that a build publishes beside its page.

use super::args::{self, ChartFormat};
use super::console::Console;
use super::{ExitStatus, print};
use crate::analysis::{DecisionFormat, Options, OutputKind, analyse};
use crate::diagnostic::{Report, Reported, terminal};
use crate::failure::Failure;
use crate::output::Body;
use crate::{publish, read};

pub(super) fn run(args: &args::Flowchart, console: &Console) -> Result<ExitStatus, Failure> {
    let Reported { value: inputs, findings } = read::folder(&args.root)?;
    let analysis = analyse(&inputs, &Options::default());
    let mut report = Report::default();
    report.extend(analysis.findings.iter().cloned().chain(findings));
    report.finish(&inputs, false);
    if report.has_errors() {
        console.note(&terminal::render(&report, &inputs, console.colour_notes));
        console.note(&format!("{}\n", terminal::summary(&report)));
        return Ok(ExitStatus::ContentHasErrors);
    }
    let slug = args.decision.trim_end_matches(".md");
    let path = match args.format {
        ChartFormat::Svg => format!("decisions/{slug}.svg"),
        ChartFormat::Mermaid => format!("decisions/{slug}.mmd"),
        ChartFormat::Dot => format!("decisions/{slug}.dot"),
        ChartFormat::Json => format!("decisions/{slug}.json"),
        ChartFormat::Text => format!("decisions/{slug}/index.md"),
    };
    let is_json = |kind: &OutputKind| matches!(kind, OutputKind::DecisionFile(_, DecisionFormat::Json));
    let json = format!("decisions/{slug}.json");
    let kind = analysis.outputs.get(&path).filter(|_| analysis.outputs.get(&json).is_some_and(|kind| is_json(&kind)));
    let Some(kind) = kind else {
        let all = analysis.outputs.all();
        let known = all.iter().filter(|(_, kind)| is_json(kind)).map(|(path, _)| path.as_str());
        let known = known.filter_map(|path| path.strip_prefix("decisions/")?.strip_suffix(".json"));
        let failure = Failure::new(format!("no decision named `{slug}`"));
        return Err(match known.collect::<Vec<_>>().as_slice() {
            [] => failure.help("a decision is a file in `content/decisions`; `fingerpost new decision` makes one"),
            known => failure.help(format!("the decisions are {}", known.join(", "))),
        });
    };
    let made = publish::outputs(&analysis, &inputs, [kind]).into_iter().find(|output| output.path == path);
    match made.map(|output| output.body) {
        Some(Body::Bytes(bytes)) => print(&String::from_utf8_lossy(&bytes), console),
        Some(Body::Copy(_)) | None => Err(Failure::new(format!("the decision `{slug}` cannot be drawn"))),
    }
}
