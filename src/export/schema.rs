//! For tests: what a JSON value has that a schema does not allow, by the keywords that our schemas use; any other keyword
//! is a mistake of the schema. `tests/support` uses this file too.

use serde_json::Value;

/// What `value` has that `schema` does not allow.
pub(crate) fn complaints(schema: &Value, value: &Value) -> Vec<String> {
    within(schema, schema, value, "")
}

fn within(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut demand = |holds: bool, what: String| found.extend((!holds).then(|| format!("{at}: {what}")));
    let mut inner = Vec::new();
    let mut names = Vec::new();
    for (keyword, rule) in schema.as_object().expect("a schema is a mapping") {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" => {}
            "$ref" => {
                let place = rule.as_str().and_then(|rule| rule.strip_prefix('#')).expect("a place in the schema");
                inner.push((root.pointer(place).expect("the definition is there"), value, at.to_owned()));
            }
            "type" => demand(is_a(rule.as_str().unwrap_or_default(), value), format!("no {rule}")),
            "const" => demand(value == rule, format!("{value} is not {rule}")),
            "enum" => demand(list(rule).contains(value), format!("{value} is none of {rule}")),
            "pattern" => demand(value.as_str().is_some_and(is_term_name), format!("{value} is no term")),
            "minimum" => {
                demand(!value.is_number() || value.as_u64() >= rule.as_u64(), format!("{value} is too small"));
            }
            "minProperties" => demand(keys(value) >= rule.as_u64(), "too few keys".to_owned()),
            "maxProperties" => demand(keys(value) <= rule.as_u64(), "too many keys".to_owned()),
            "required" => {
                for key in list(rule).iter().filter_map(Value::as_str) {
                    demand(value.get(key).is_some(), format!("no `{key}`"));
                }
            }
            "additionalProperties" => {
                for (key, item) in value.as_object().into_iter().flatten() {
                    if schema["properties"].get(key).is_none() {
                        demand(rule.is_object(), format!("unknown key `{key}`"));
                        inner.extend(rule.is_object().then(|| (rule, item, format!("{at}/{key}"))));
                    }
                }
            }
            "propertyNames" => {
                let keys = value.as_object().into_iter().flatten().map(|(key, _)| Value::from(key.as_str()));
                names.extend(keys.map(|key| (rule, key)));
            }
            "properties" => {
                let known = rule.as_object().expect("a mapping").iter();
                let present = known.filter_map(|(key, rule)| Some((rule, value.get(key)?, format!("{at}/{key}"))));
                inner.extend(present);
            }
            "items" => {
                inner.extend(list(value).iter().enumerate().map(|(i, item)| (rule, item, format!("{at}/{i}"))));
            }
            other => panic!("the test does not know the keyword `{other}`"),
        }
    }
    found.extend(names.iter().flat_map(|(schema, name)| within(root, schema, name, at)));
    found.extend(inner.into_iter().flat_map(|(schema, value, at)| within(root, schema, value, &at)));
    found
}

fn is_a(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        _ => false,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn keys(value: &Value) -> Option<u64> {
    Some(value.as_object()?.len() as u64)
}

fn is_term_name(text: &str) -> bool {
    text.split('/').filter(|part| !part.is_empty()).count() == 2 && text.matches('/').count() == 1
}
