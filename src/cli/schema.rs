//! `schema`: for each kind of file its JSON Schema (draft 2020-12), by which editors complete and check while typing.
//!
//! The schemas are written by hand, for their words matter; a test holds them against the keys that are really read.
//! What the front matter of every page may hold stands in `page.json` alone.

use std::borrow::Cow;

use serde_json::Value;

use super::args::SchemaOf;
use super::console::Console;
use super::{ExitStatus, print};
use crate::failure::Failure;
use crate::model;

pub(super) fn run(of: SchemaOf, console: &Console) -> Result<ExitStatus, Failure> {
    print(&text(of), console)
}

fn text(of: SchemaOf) -> Cow<'static, str> {
    match of {
        SchemaOf::Article => of_page(include_str!("schema/article.json")).into(),
        SchemaOf::Home => of_page(include_str!("schema/home.json")).into(),
        SchemaOf::Section => of_page(include_str!("schema/section.json")).into(),
        SchemaOf::Term => of_page(include_str!("schema/term.json")).into(),
        SchemaOf::Decision => of_page(include_str!("schema/decision.json")).into(),
        SchemaOf::Track => of_page(include_str!("schema/track.json")).into(),
        SchemaOf::Site => of_site().into(),
        SchemaOf::Sources => include_str!("schema/sources.json").into(),
        SchemaOf::Claims => include_str!("schema/claims.json").into(),
        SchemaOf::Glossary => include_str!("schema/glossary.json").into(),
    }
}

/// The schema of the settings, with the names that no facet can have. Plain words look alike in Rust and JSON.
fn of_site() -> String {
    let reserved = format!("{:?}", model::reserved_folders());
    include_str!("schema/site.json").replace(r#"["(reserved folders)"]"#, &reserved)
}

/// The schema of a kind of page: that of all pages with what is its own.
fn of_page(own: &str) -> String {
    let read = |text| serde_json::from_str(text).expect("the schemas are JSON, as tests hold");
    let mut whole = read(include_str!("schema/page.json"));
    merge(&mut whole, read(own));
    format!("{whole:#}\n")
}

/// Lays mappings over one another, key by key.
fn merge(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            above.into_iter().for_each(|(key, value)| merge(below.entry(key).or_insert(Value::Null), value));
        }
        (below, above) => *below = above,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, json};

    use super::*;
    use crate::publish::{self, Options};
    use crate::source::{Inputs, Source, SourceKind};

    /// A key that resembles none.
    const UNKNOWN: &str = "zqxjkv";

    /// Findings about the file at `path` that holds `data`, as their code, message and help.
    fn findings(path: &str, data: &Value) -> Vec<(&'static str, String)> {
        let mut inputs = Inputs::new("a");
        // JSON is YAML.
        let text = if path.strip_suffix(".md").is_some() { format!("---\n{data}\n---\n") } else { data.to_string() };
        let files = [("content/site.yaml", "facets: {benefit: , risk: }".to_owned()), (path, text)];
        for (path, text) in files {
            inputs.add(Source { path: path.to_owned(), text, kind: SourceKind::Content });
        }
        crate::theme::add_embedded(&mut inputs);
        let built = publish::build(&inputs, &Options::default(), &|_| Ok(())).unwrap();
        let here = built.report.findings().iter().filter(|finding| inputs.get(finding.span.source).path == path);
        here.map(|finding| (finding.code.id, finding.help.clone().unwrap_or_default())).collect()
    }

    /// A value for every key, from the examples.
    fn filled(properties: &Map<String, Value>) -> Map<String, Value> {
        properties.iter().map(|(key, schema)| (key.clone(), schema["examples"][0].clone())).collect()
    }

    /// Holds the properties of a schema against the program: it takes all of them, and names just them when it is
    /// given another. `file` puts a mapping of them where it belongs.
    #[track_caller]
    fn check(path: &str, schema: &Value, file: impl Fn(Value) -> Value) {
        let mut data = filled(schema["properties"].as_object().unwrap());
        let keys: BTreeSet<String> = data.keys().cloned().collect();
        let about_values = ["FP0101", "FP0102", "FP0103", "FP0105", "FP0109"];
        let wrong = |(code, _): &(&str, String)| about_values.contains(code);
        let said = findings(path, &file(Value::Object(data.clone())));
        assert!(!said.iter().any(wrong), "{said:?}");

        data.insert(UNKNOWN.to_owned(), json!(1));
        let said = findings(path, &file(Value::Object(data)));
        let (_, help) = said.iter().find(|(code, _)| *code == "FP0102").expect("an unknown key is reported");
        let read: BTreeSet<String> = help.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert_eq!(read, keys);

        for key in schema["required"].as_array().into_iter().flatten() {
            let mut data = filled(schema["properties"].as_object().unwrap());
            data.remove(key.as_str().unwrap());
            let said = findings(path, &file(Value::Object(data)));
            assert!(said.iter().any(|(code, _)| *code == "FP0109"), "{key} is not required");
        }
    }

    fn schema(of: SchemaOf) -> Value {
        serde_json::from_str(&text(of)).unwrap()
    }

    #[test]
    fn front_matter_is_what_the_schemas_say() {
        check("content/a/b.md", &schema(SchemaOf::Article), |data| data);
        check("content/index.md", &schema(SchemaOf::Home), |data| data);
        check("content/a/index.md", &schema(SchemaOf::Section), |data| data);
        check("content/tags/risk/b.md", &schema(SchemaOf::Term), |data| data);
        check("content/decisions/b.md", &schema(SchemaOf::Decision), |data| data);
        check("content/tracks/b.md", &schema(SchemaOf::Track), |data| data);
    }

    #[test]
    fn what_lies_deeper_in_front_matter_is_what_the_schemas_say() {
        let target = &schema(SchemaOf::Term)["$defs"]["target"]["anyOf"][1];
        check("content/tags/risk/b.md", target, |data| json!({"relations": {"a": [data]}}));
        let page = &schema(SchemaOf::Article)["$defs"]["page"]["anyOf"][1];
        check("content/a/b.md", page, |data| json!({"related": [data]}));
        let step = &schema(SchemaOf::Track)["properties"]["steps"]["items"]["anyOf"][1];
        check("content/tracks/b.md", step, |data| json!({"steps": [data]}));
    }

    #[test]
    fn what_lies_deeper_in_a_decision_is_what_the_schema_says() {
        let schema = schema(SchemaOf::Decision);
        let check = |part: &str, file: fn(Value) -> Value| {
            // What the part does not say is said by an otherwise whole decision.
            check("content/decisions/b.md", &schema["$defs"][part], |data| {
                let question = json!({"ask": "A?", "answers": []});
                let mut whole = json!({"start": "a", "questions": {"a": question}, "outcomes": {"x": {"title": "X"}}});
                for (key, value) in file(data).as_object().unwrap() {
                    whole[key] = value.clone();
                }
                whole
            });
        };
        check("question", |data| json!({"questions": {"a": data}}));
        check("answer", |data| json!({"questions": {"a": {"ask": "A?", "answers": [data]}}}));
        check("unsure", |data| json!({"questions": {"a": {"ask": "A?", "answers": [], "unsure": data}}}));
        check("outcome", |data| json!({"outcomes": {"x": data}}));
        check("benefit", |data| json!({"outcomes": {"x": {"title": "X", "benefits": [data]}}}));
        check("risk", |data| json!({"outcomes": {"x": {"title": "X", "risks": [data]}}}));
        check("test", |data| json!({"tests": [data]}));
    }

    #[test]
    fn settings_are_what_the_schema_says() {
        let site = schema(SchemaOf::Site);
        check("content/site.yaml", &site, |data| data);
        check("content/site.yaml", &site["properties"]["assets"], |data| json!({"assets": data}));
        check("content/site.yaml", &site["$defs"]["facet"], |data| json!({"facets": {"benefit": data}}));
        assert_eq!(site["properties"]["facets"]["propertyNames"]["not"]["enum"], json!(model::reserved_folders()));
        let facets = json!({"benefit": null, "risk": null});
        check(
            "content/site.yaml",
            &site["$defs"]["relation"],
            |data| json!({"facets": facets, "relations": {"a": data}}),
        );
    }

    #[test]
    fn data_files_are_what_the_schemas_say() {
        check("content/sources.yaml", &schema(SchemaOf::Sources)["items"], |data| json!([data]));
        check("content/claims.yaml", &schema(SchemaOf::Claims)["items"], |data| json!([data]));
        check("content/glossary.yaml", &schema(SchemaOf::Glossary)["items"], |data| json!([data]));
    }
}
