//! Findings as SARIF 2.1.0, the format in which code scanning services take results.
//!
//! One run, whose rules are the codes that occur, each with its page of explanation. Places are counted in Unicode
//! code points from 1 with exclusive ends, and the file says so; paths are relative to `%SRCROOT%`, the site's root.

use serde::Serialize;
use serde_json::{Value, json};

use super::json::{Location, Locator, advice, severity};
use super::{Code, Diagnostic, Fix, Report};
use crate::source::{Inputs, Span};

/// Renders the whole report as one SARIF file, indented for people who look into it.
///
/// # Panics
/// Never: text and numbers are all that is serialised.
#[must_use]
pub fn render(report: &Report, inputs: &Inputs) -> String {
    let mut locator = Locator::new(inputs);
    let mut codes: Vec<&Code> = report.findings().iter().map(|d| d.code).collect();
    codes.sort_by_key(|code| code.id);
    codes.dedup_by_key(|code| code.id);
    let index = |code: &Code| codes.partition_point(|before| before.id < code.id);
    let log = SarifLog {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [SarifRun {
            tool: json!({"driver": {
                "name": "fingerpost",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            }}),
            column_kind: "unicodeCodePoints",
            results: report.findings().iter().map(|d| result(d, index(d.code), &mut locator)).collect(),
        }],
    };
    let mut text = serde_json::to_string_pretty(&log).expect("text and numbers always have a JSON form");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct SarifLog {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [SarifRun; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun {
    tool: Value,
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Value,
    locations: [Value; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Value>,
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": {"text": code.title},
        "help": {"text": code.explain, "markdown": code.explain},
        "defaultConfiguration": {"level": severity(code.severity)},
    })
}

fn result(finding: &Diagnostic, rule_index: usize, locator: &mut Locator) -> SarifResult {
    let help = advice(finding);
    let text = match &help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    };
    SarifResult {
        rule_id: finding.code.id,
        rule_index,
        level: severity(finding.severity),
        message: json!({"text": text}),
        locations: [json!({"physicalLocation": location(finding.span, locator)})],
        related_locations: finding
            .related
            .iter()
            .map(|label| json!({"physicalLocation": location(label.span, locator), "message": {"text": label.message}}))
            .collect(),
        fixes: finding.fix.iter().map(|text| fix(text, help.as_deref(), locator)).collect(),
    }
}

fn fix(fix: &Fix, help: Option<&str>, locator: &mut Locator) -> Value {
    let place = locator.of(fix.span);
    json!({
        "description": {"text": help.unwrap_or("a text that puts it right")},
        "artifactChanges": [{
            "artifactLocation": artifact(&place),
            "replacements": [{"deletedRegion": region(&place), "insertedContent": {"text": fix.replacement}}],
        }],
    })
}

fn location(span: Span, locator: &mut Locator) -> Value {
    let place = locator.of(span);
    json!({"artifactLocation": artifact(&place), "region": region(&place)})
}

fn artifact(place: &Location) -> Value {
    json!({"uri": percent_encoded(place.file), "uriBaseId": "%SRCROOT%"})
}

fn region(place: &Location) -> Value {
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

/// The path as a relative URI: all but slashes and RFC 3986's unreserved characters as `%` and two digits.
fn percent_encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::code;
    use super::*;
    use crate::source::{Source, SourceId, SourceKind};

    #[track_caller]
    fn check(text: &str, make: impl FnOnce(SourceId) -> Diagnostic, expected: &Value) {
        let mut inputs = Inputs::new("site");
        let path = "content/a é.md".to_owned();
        let id = inputs.add(Source { path, text: text.to_owned(), kind: SourceKind::Content });
        let mut report = Report::default();
        report.extend([make(id)]);
        let value: Value = serde_json::from_str(&render(&report, &inputs)).expect("SARIF is JSON");
        assert_eq!(&value["runs"][0]["results"][0], expected);
    }

    #[test]
    fn a_finding_carries_its_places_and_its_fix() {
        check(
            "Read [[Deploymnt]].\n\n[[Deploymnt]]",
            |id| {
                Diagnostic::new(&code::UNKNOWN_PAGE, Span::new(id, 7..16), "no page named `Deploymnt`")
                    .fix("a similar name exists", Span::new(id, 7..16), "Deployment")
                    .also(Span::new(id, 23..32), "also linked here")
            },
            &json!({
                "ruleId": "FP0301",
                "ruleIndex": 0,
                "level": "error",
                "message": {"text": "no page named `Deploymnt`\nhelp: a similar name exists: `Deployment`"},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": "content/a%20%C3%A9.md", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 1, "startColumn": 8, "endLine": 1, "endColumn": 17},
                }}],
                "relatedLocations": [{
                    "physicalLocation": {
                        "artifactLocation": {"uri": "content/a%20%C3%A9.md", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 3, "startColumn": 3, "endLine": 3, "endColumn": 12},
                    },
                    "message": {"text": "also linked here"},
                }],
                "fixes": [{
                    "description": {"text": "a similar name exists: `Deployment`"},
                    "artifactChanges": [{
                        "artifactLocation": {"uri": "content/a%20%C3%A9.md", "uriBaseId": "%SRCROOT%"},
                        "replacements": [{
                            "deletedRegion": {"startLine": 1, "startColumn": 8, "endLine": 1, "endColumn": 17},
                            "insertedContent": {"text": "Deployment"},
                        }],
                    }],
                }],
            }),
        );
    }

    #[test]
    fn a_finding_without_extras_leaves_them_out() {
        check(
            "",
            |id| Diagnostic::new(&code::STALE, Span::file(id), "last reviewed in 2019"),
            &json!({
                "ruleId": "FP1001",
                "ruleIndex": 0,
                "level": "warning",
                "message": {"text": "last reviewed in 2019"},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": "content/a%20%C3%A9.md", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
                }}],
            }),
        );
    }

    #[test]
    fn rules_are_the_codes_that_occur_and_results_point_at_them() {
        let mut inputs = Inputs::new("site");
        let path = "content/a.md".to_owned();
        let id = inputs.add(Source { path, text: String::new(), kind: SourceKind::Content });
        let mut report = Report::default();
        let codes = [&code::STALE, &code::UNKNOWN_PAGE, &code::STALE];
        report.extend(codes.map(|code| Diagnostic::new(code, Span::file(id), "found")));
        let value: Value = serde_json::from_str(&render(&report, &inputs)).expect("SARIF is JSON");
        let run = &value["runs"][0];
        let driver = &run["tool"]["driver"];
        assert_eq!(driver["name"], "fingerpost");
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        assert_eq!(driver["rules"][0]["id"], "FP0301");
        assert_eq!(driver["rules"][1]["shortDescription"]["text"], "a page due for review");
        assert_eq!(driver["rules"].as_array().expect("a list").len(), 2);
        let indices: Vec<_> = run["results"].as_array().expect("a list").iter().map(|r| &r["ruleIndex"]).collect();
        assert_eq!(indices, [1, 0, 1]);
    }
}
