//! Lists of many articles: described up to a limit, then links or the way to where the rest is.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use fingerpost::publish::Options;
use support::{Built, build, inputs};

/// A site whose section `many`, term `risk/heat` and facet `risk` hold this number of articles, every third of them hot
/// and for bakers.
fn site(count: usize) -> Built {
    let page = |at: usize| {
        let more = if at.is_multiple_of(3) { ", for: [bakers]" } else { "" };
        (format!("content/many/{at:03}.md"), format!("---\ntags: {{risk: [heat]{more}}}\n---\n# Page {at:03}\n"))
    };
    let mut files: Vec<(String, String)> = (0..count).map(page).collect();
    files.push(("content/site.yaml".to_owned(), "facets: {risk: {terms: open}, for: {terms: open}}\n".to_owned()));
    let built = build(inputs(files.iter().map(|(path, text)| (path.as_str(), text.as_str()))), &Options::default());
    assert!(!built.build.report.has_errors());
    built
}

/// The numbers of articles that are described, and of links in plain lists, on a page.
fn listed(page: &str) -> (usize, usize) {
    let lists = page.split("<ul class=\"links\">").skip(1);
    let links = lists.map(|list| list.split("</ul>").next().unwrap().matches("<li>").count()).sum();
    (page.matches("<div><h3><a href=\"/many/").count(), links)
}

#[test]
fn a_list_of_a_hundred_has_all_of_them_described() {
    let built = site(100);
    for path in ["many/index.html", "risk/index.html", "risk/heat/index.html"] {
        let page = built.output(path);
        assert_eq!(listed(page).0, 100, "{path}");
        assert!(page.contains("100 articles") && !page.contains("fp-more"), "{path}");
    }
    let facet = built.output("risk/index.html");
    assert!(facet.contains("Only with") && facet.contains("href=\"/search/?in=risk&amp;in=for/bakers\""), "{facet}");
    assert!(facet.contains("80 more articles"));
    assert!(built.output("index.html").contains("Search in 100 articles"));
}

#[test]
fn what_comes_after_a_hundred_is_links() {
    let built = site(103);
    for path in ["many/index.html", "risk/heat/index.html"] {
        let page = built.output(path);
        assert_eq!(listed(page), (100, 3), "{path}");
        assert!(page.contains("103 articles") && page.contains("And 3 more"), "{path}");
        assert_eq!(page.matches("Page 102").count(), 1, "{path}");
    }
    assert!(built.output("index.html").contains("Search in 103 articles"));
}

#[test]
fn a_facet_above_a_hundred_leads_to_its_terms_and_the_search() {
    let built = site(103);
    let page = built.output("risk/index.html");
    assert_eq!(listed(page), (100, 0));
    let said = "The first 100 of 103 articles. Each topic above lists its own, and the search narrows them.";
    assert!(page.contains(said), "{page}");
    assert!(page.contains("href=\"/search/?in=risk\"") && !page.contains("Only with"));
}

#[test]
fn a_pair_on_the_map_leads_to_its_one_article_or_to_the_search() {
    let built = site(3);
    assert!(built.output("map/index.html").contains("<a class=\"cell\" href=\"/many/000/\""));
    let built = site(4);
    assert!(
        built.output("map/index.html").contains("<a class=\"cell\" href=\"/search/?in=risk/heat&amp;in=for/bakers\"")
    );
}

/// Articles with these numbers of terms of their own in each of two facets.
fn tagged(articles: usize, terms: usize) -> Built {
    let list = |at: usize| (0..terms).map(|term| format!("t{at}x{term}")).collect::<Vec<_>>().join(", ");
    let page = |at: usize| format!("---\ntags: {{risk: [{0}], for: [{0}]}}\n---\n# Page {at}\n", list(at));
    let mut files: Vec<(String, String)> = (0..articles).map(|at| (format!("content/{at}.md"), page(at))).collect();
    files.push(("content/site.yaml".to_owned(), "facets: {risk: {terms: open}, for: {terms: open}}\n".to_owned()));
    build(inputs(files.iter().map(|(path, text)| (path.as_str(), text.as_str()))), &Options::default())
}

#[test]
fn of_many_terms_the_map_and_a_list_show_a_part() {
    let built = tagged(14, 10);
    assert_eq!(built.output("map/index.html").matches("<span class=\"cell gap\"><span").count(), 140 * 140 - 14 * 100);
    assert!(!built.output("map/index.html").contains("with fewer articles"));
    let built = tagged(15, 10);
    let map = built.output("map/index.html");
    let columns = map.matches("scope=\"col\"").count();
    assert!(columns * columns <= 20_000 && columns > 100, "{columns} columns");
    assert!(map.contains(&format!("{} topics with fewer articles are not shown.", 300 - 2 * columns)));
    let page = built.output("0/index.html");
    assert!(page.contains("<summary>12 more</summary>"), "{page}");
}
