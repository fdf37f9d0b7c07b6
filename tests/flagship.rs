//! The knowledge base in `content/` is clean, whole, and comes out the same however it is built.
#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on fails")]

mod support;

use support::{flagship, flagship_at};

#[test]
fn it_has_no_findings() {
    let built = flagship();
    assert_eq!(built.messages(), "no findings\n");
}

#[test]
fn every_address_in_a_page_is_an_output() {
    let built = flagship();
    let mut wrong = Vec::new();
    for (path, html) in built.outputs.iter().filter(|(path, _)| path.ends_with(".html")) {
        for target in attribute_values(html, "href").chain(attribute_values(html, "src")) {
            if !target.starts_with(['/', '#']) {
                continue;
            }
            let (address, fragment) = target.split_once('#').unwrap_or((target, ""));
            let address = address.split('?').next().unwrap_or(address);
            let file = match address.trim_start_matches('/') {
                "" if address.is_empty() => path.clone(),
                "" => "index.html".to_owned(),
                address if address.ends_with('/') => format!("{address}index.html"),
                address => address.to_owned(),
            };
            let found = built.outputs.get(&file);
            // A fragment such as `question=answer` is what a reader said on the way.
            let no_place = fragment.is_empty() || fragment.contains('=');
            let anchored = no_place || found.is_some_and(|html| html.contains(&format!("id=\"{fragment}\"")));
            if found.is_none() || !anchored {
                wrong.push(format!("{path} links to {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} links lead nowhere:\n{}", wrong.len(), wrong.join("\n"));
}

fn attribute_values<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {name}=\"");
    let starts: Vec<usize> = html.match_indices(&start).map(|(at, found)| at + found.len()).collect();
    starts.into_iter().map(|at| html[at..].split('"').next().unwrap_or_default())
}

#[test]
fn ids_on_a_page_are_unique() {
    for (path, html) in flagship().outputs.iter().filter(|(path, _)| path.ends_with(".html")) {
        let mut seen = std::collections::BTreeSet::new();
        for id in attribute_values(html, "id") {
            assert!(seen.insert(id), "{path}: the id `{id}` stands twice");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_with_one_thread_and_with_many() {
    let many = flagship();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(flagship);
    assert_eq!(one.outputs.len(), many.outputs.len());
    for (path, text) in &one.outputs {
        assert!(many.outputs[path] == *text, "{path} differs");
    }
}

#[test]
fn no_page_needs_what_the_security_policy_forbids() {
    for (path, html) in flagship().outputs.iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(!html.contains(" style=\""), "{path} has a style attribute");
        assert!(!html.contains("<style"), "{path} has a style element");
        for (at, _) in html.match_indices("<script") {
            // A block of data is not run, and no policy is asked for it.
            let is_data = html[at..].starts_with("<script type=\"application/ld+json\">");
            assert!(is_data || html[at..].starts_with("<script src=\"/assets/"), "{path} has an inline script");
        }
        for handler in [" onclick=", " onload=", " onerror=", "javascript:"] {
            assert!(!html.contains(handler), "{path} has {handler}");
        }
    }
}

#[test]
fn below_a_path_every_link_stays_below_it() {
    let built = flagship_at(Some("https://example.org/kb/"));
    for (path, html) in built.outputs.iter().filter(|(path, _)| path.ends_with(".html")) {
        for target in attribute_values(html, "href").chain(attribute_values(html, "src")) {
            assert!(!target.starts_with('/') || target.starts_with("/kb/"), "{path} links to {target}");
        }
    }
}
