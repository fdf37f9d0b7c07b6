//! `{{ 'key' | say }}`: how a template says a word of the interface.
//!
//! A filter of the catalogue alone, which is part of the cache key as the theme's files are: it reads nothing of the site.
//! Values that are HTML stay so, all else is escaped, wherever in the sentence a language puts them.

use std::collections::HashMap;
use std::sync::Arc;

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::diagnostic::nearest;
use crate::strings::{Piece, Strings, pieces};

/// Gives the templates of `tera` the filter.
///
/// `{{ 'reading-time' | say(count=card.minutes) }}`: `count` chooses the plural form and, like every other value, fills
/// the gap of its name. `count_shown` fills the gap of `count` where the number is to look otherwise.
pub(super) fn register(tera: &mut Tera, strings: &Arc<Strings>) {
    let strings = Arc::clone(strings);
    // Most words have no gaps; a page says some fifty, so these are made once.
    let plain: HashMap<String, Value> =
        strings.plain().map(|(key, text)| (key.to_owned(), Value::normal_string(text))).collect();
    tera.register_filter("say", move |key: &str, values: Kwargs, state: &State| match plain.get(key) {
        Some(word) => Ok(word.clone()),
        None => say(&strings, key, &values, state),
    });
}

fn say(strings: &Strings, key: &str, values: &Kwargs, state: &State) -> TeraResult<Value> {
    let Some(word) = strings.find(key) else {
        let near = nearest(key, strings.keys()).map_or(String::new(), |near| format!("; a similar one is `{near}`"));
        return Err(Error::message(format!("no word of the interface has the key `{key}`{near}")));
    };
    let text = word.text(values.get::<u64>("count")?);
    let mut parts = Vec::new();
    for piece in pieces(text) {
        parts.push(match piece {
            Piece::Text(text) => Value::from(text),
            Piece::Gap(name) => value(values, key, name)?.clone(),
        });
    }
    let mut whole = String::with_capacity(text.len() * 2);
    let html = parts.iter().any(Value::is_safe);
    for part in parts {
        let text = part.as_str().map_or_else(|| part.to_string(), str::to_owned);
        whole += &if html && !part.is_safe() { state.escape(&text)? } else { text };
    }
    Ok(if html { Value::safe_string(&whole) } else { Value::from(whole) })
}

/// What fills a gap.
fn value<'v>(values: &'v Kwargs, key: &str, name: &'v str) -> TeraResult<&'v Value> {
    let shown = if name == "count" { values.get::<&Value>("count_shown")? } else { None };
    let value = shown.or(values.get::<&Value>(name)?);
    value.ok_or_else(|| Error::message(format!("`{key}` says `{{{name}}}`: give it as `say({name}=…)`")))
}
