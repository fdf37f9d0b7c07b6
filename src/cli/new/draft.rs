//! The text of a new page: its front matter, with a comment wherever something is to be filled in.

use std::fmt::Write as _;

use crate::config::{Config, RelationEnd};
use crate::source::{Inputs, SourceKind};

/// Terms of a facet that a comment names; more would hide the rest.
const SHOWN_TERMS: usize = 12;

/// The facets of a site with the terms that have a page.
pub(super) struct Facets(Vec<(String, Vec<String>)>);

impl Facets {
    pub(super) fn of(inputs: &Inputs, config: &Config) -> Self {
        let terms = |facet: &str| {
            let folder = format!("content/tags/{facet}/");
            let pages = inputs.iter().filter(|(_, file)| file.kind == SourceKind::Content);
            let names = pages.filter_map(|(_, file)| file.path.strip_prefix(&folder)?.strip_suffix(".md"));
            names.filter(|name| !name.contains('/') && *name != "index").map(str::to_owned).collect()
        };
        Self(config.facets.iter().map(|facet| (facet.slug.clone(), terms(&facet.slug))).collect())
    }

    /// `shared-language, team-trust, … (10 more)`; empty where there are none.
    fn shown(&self, facet: &str, prefix: &str) -> String {
        let terms = self.0.iter().find(|(slug, _)| slug == facet).map_or(&[][..], |(_, terms)| terms);
        let mut text: Vec<String> = terms.iter().take(SHOWN_TERMS).map(|term| format!("{prefix}{term}")).collect();
        if terms.len() > SHOWN_TERMS {
            text.push(format!("… ({} more)", terms.len() - SHOWN_TERMS));
        }
        text.join(", ")
    }
}

/// An article, to be written.
pub(super) fn article(title: &str, facets: &Facets) -> String {
    let mut text = format!("---\ntitle: {}\n# One sentence for lists and for search.\nsummary:\n", scalar(title));
    if !facets.0.is_empty() {
        text.push_str("# Name terms between the brackets, and take the # away.\ntags:\n");
        for (facet, _) in &facets.0 {
            push_line(&mut text, &format!("  # {facet}: []"), &facets.shown(facet, ""));
        }
    }
    text.push_str(
        "# Take this line away to publish the article.\ndraft: true\n---\nBegin with what a reader came for.\n",
    );
    text
}

/// A term, to be described.
pub(super) fn term(title: &str, facet: &str, config: &Config, facets: &Facets) -> String {
    let title = scalar(title);
    let mut text = format!("---\ntitle: {title}\n# One sentence: what it means on this site.\nsummary:\n");
    let kinds: Vec<_> = config.relations.iter().filter(|kind| kind.from == facet).collect();
    if !kinds.is_empty() {
        text.push_str("# Name what it is related to between the brackets, and take the # away.\nrelations:\n");
        for kind in kinds {
            let ends = match &kind.to {
                RelationEnd::Facet(facet) => facets.shown(facet, &format!("{facet}/")),
                RelationEnd::Page => "pages".to_owned(),
            };
            push_line(&mut text, &format!("  # {}: []", kind.slug), &ends);
        }
    }
    text.push_str("---\nSay what the term covers, and what it does not.\n");
    text
}

/// A decision with one question, to be filled in and to grow.
pub(super) fn decision(title: &str) -> String {
    format!(
        "---\n\
         title: {}\n\
         # Who it is for.\n\
         audience:\n\
         # The question that is asked first.\n\
         start: first-question\n\
         # Each begins with its id, which shared links are made of: choose it well and keep it.\n\
         questions:\n\
         \x20 first-question:\n\
         \x20   ask: What is to be known first?\n\
         \x20   # Why it matters, and the page that explains it.\n\
         \x20   why:\n\
         \x20   page:\n\
         \x20   # Each leads to a question or an outcome; `hint` and `tags: [facet/term]` may follow.\n\
         \x20   answers:\n\
         \x20     - {{label: \"Yes\", to: do-it}}\n\
         \x20     - {{label: \"No\", to: leave-it}}\n\
         outcomes:\n\
         \x20 do-it:\n\
         \x20   title: Do it\n\
         \x20   # yes, no, partly or later\n\
         \x20   verdict: \"yes\"\n\
         \x20   advice:\n\
         \x20   # Benefits and risks show where their term was met on the way:\n\
         \x20   #   - {{term: facet/term, text: What may go wrong., mitigate: a-page}}\n\
         \x20   benefits: []\n\
         \x20   risks: []\n\
         \x20 leave-it:\n\
         \x20   title: Leave it\n\
         \x20   verdict: \"no\"\n\
         \x20   advice:\n\
         # Answers, and where they must end: `fingerpost check` tries them.\n\
         tests:\n\
         \x20 - {{name: Who knows, answers: {{first-question: \"yes\"}}, outcome: do-it}}\n\
         # Take this line away to publish the decision.\n\
         draft: true\n\
         ---\n\
         Say what is to be decided, and what it depends on.\n",
        scalar(title)
    )
}

/// A track, whose steps are to be named.
pub(super) fn track(title: &str) -> String {
    format!(
        "---\n\
         title: {}\n\
         # Who it is for.\n\
         audience:\n\
         # What they know or can do at its end.\n\
         goal:\n\
         # Articles in the order of reading, in place of the brackets:\n\
         #   - page: my-article\n\
         #     why: What comes next builds on it.\n\
         steps: []\n\
         # Take this line away to publish the track.\n\
         draft: true\n\
         ---\n\
         Say whom this track helps, and how long it takes.\n",
        scalar(title)
    )
}

fn push_line(text: &mut String, line: &str, comment: &str) {
    let separator = if comment.is_empty() { "" } else { "  # " };
    let _ = writeln!(text, "{line}{separator}{comment}"); // writing to a text cannot fail
}

/// A text as a value in YAML: as it is where it can only be read as a text, otherwise between quotes.
pub(super) fn scalar(text: &str) -> String {
    let plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || " -'(),?!".contains(c))
        && !text.ends_with(' ')
        && !matches!(text.to_lowercase().as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n");
    if plain { text.to_owned() } else { serde_json::to_string(text).expect("a text can be quoted") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::{self, Options};
    use crate::source::Source;

    const SITE: &str = "title: A\n\
        facets: {benefit: , risk: , empty: }\n\
        relations: {offset-by: {from: benefit, to: risk}, shown-in: {from: benefit, to: page}}\n";

    /// Adds the file that `make` gives to a site, and expects nothing to be said about it.
    #[track_caller]
    fn check(path: &str, make: impl Fn(&Config, &Facets) -> String, expected_lines: &[&str]) {
        for site in [Some(SITE), None] {
            let mut inputs = Inputs::new("a");
            let mut add = |path: &str, text: &str| {
                let source = Source { path: path.to_owned(), text: text.to_owned(), kind: SourceKind::Content };
                inputs.add(source);
            };
            add("content/index.md", "# A\n");
            if let Some(site) = site {
                add("content/site.yaml", site);
                for number in 0..14 {
                    add(&format!("content/tags/risk/r{number:02}.md"), "");
                }
            }
            let config = crate::config::parse(&inputs, None, &crate::model::reserved_folders()).value;
            let text = make(&config, &Facets::of(&inputs, &config));
            let source = Source { path: path.to_owned(), text: text.clone(), kind: SourceKind::Content };
            inputs.add(source);
            crate::theme::add_embedded(&mut inputs);
            let drafts = crate::analysis::Options { drafts: true, ..Default::default() };
            let options = Options { site: drafts, ..Options::default() };
            let built = publish::build(&inputs, &options, &|_| Ok(())).unwrap();
            assert_eq!(built.report.findings(), [], "{text}");
            for line in expected_lines.iter().filter(|_| site.is_some()) {
                assert!(text.lines().any(|found| found == *line), "{line:?} is missing in\n{text}");
            }
        }
    }

    #[test]
    fn a_new_article_has_nothing_wrong_and_names_the_terms() {
        let risks = "  # risk: []  # r00, r01, r02, r03, r04, r05, r06, r07, r08, r09, r10, r11, … (2 more)";
        let lines = ["title: \"Agile: a history\"", "  # benefit: []", risks, "draft: true"];
        check("content/a/b.md", |_, facets| article("Agile: a history", facets), &lines);
    }

    #[test]
    fn a_new_term_has_nothing_wrong_and_names_the_relations_from_its_facet() {
        let lines = ["title: Team trust", "  # shown-in: []  # pages"];
        check("content/tags/benefit/b.md", |config, facets| term("Team trust", "benefit", config, facets), &lines);
        check("content/tags/risk/x.md", |config, facets| term("X", "risk", config, facets), &[]);
    }

    #[test]
    fn a_new_decision_has_nothing_wrong() {
        check(
            "content/decisions/d.md",
            |_, _| decision("Build or buy?"),
            &["title: Build or buy?", "start: first-question"],
        );
    }

    #[test]
    fn a_new_track_has_nothing_wrong() {
        check("content/tracks/t.md", |_, _| track("No"), &["title: \"No\"", "steps: []"]);
    }

    #[test]
    fn a_title_is_quoted_where_yaml_would_read_something_else() {
        for text in ["A title, isn't it?", "Überblick"] {
            assert_eq!(scalar(text), text);
        }
        for text in ["A: b", "1.10", "- a", "true", "a #b", "\"q\"", "", "[a]", "@a"] {
            assert_eq!(scalar(text), serde_json::to_string(text).unwrap());
        }
    }
}
