//! The practical floor for a site of Markdown: `floor CONTENT OUT` reads every article, splits off its front matter,
//! renders it with pulldown-cmark, puts 6 KB of page around it and writes `slug/index.html`, on all cores.
//!
//! No templates, no facets, no links, no search: nothing that a generator is for. What is left is what it cannot avoid.

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Options, Parser, html};
use rayon::prelude::*;

fn main() {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(content), Some(out), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("usage: floor CONTENT OUT");
        std::process::exit(2);
    };
    let articles: Vec<PathBuf> = walkdir::WalkDir::new(&content)
        .into_iter()
        .map(|entry| entry.expect("a readable folder").into_path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    let furniture = "<li><a href=\"/section/an-article/\">The title of an article</a></li>\n".repeat(90);
    articles.par_iter().for_each(|article| build(article, &content, &out, &furniture));
}

fn build(article: &Path, content: &Path, out: &Path, furniture: &str) {
    let text = fs::read_to_string(article).expect("a readable article");
    let (front, body) =
        text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")).unwrap_or(("", text.as_str()));
    let title = front.lines().find_map(|line| line.strip_prefix("title: ")).unwrap_or_default();
    let mut page = format!("<!doctype html>\n<html lang=\"en\"><head><title>{title}</title></head><body>\n{furniture}");
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    html::push_html(&mut page, Parser::new_ext(body, options));
    page.push_str("</body></html>\n");

    let path = article.strip_prefix(content).expect("an article of the folder").with_extension("");
    let folder = out.join(if path.ends_with("index") { path.parent().unwrap_or(&path) } else { &path });
    fs::create_dir_all(&folder).expect("a folder that can be made");
    fs::write(folder.join("index.html"), page).expect("a file that can be written");
}
