//! `new`: files that are right from the start, with comments where their author has something to fill in.
//!
//! A file that is there is never overwritten. The path of what was made goes to standard output, so that
//! `$EDITOR "$(fingerpost new article …)"` works; what to do next goes to standard error.

mod draft;
mod page_path;
mod site;

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::args::{New, NewPage};
use super::console::Console;
use super::{ExitStatus, below, print};
use crate::config::{self, Config};
use crate::diagnostic::nearest;
use crate::failure::Failure;
use crate::read;
use crate::source::Inputs;
use draft::Facets;
use page_path::PagePath;

pub(super) fn run(what: &New, console: &Console) -> Result<ExitStatus, Failure> {
    match what {
        New::Article(args) => article(args, console),
        New::Term(args) => term(args, console),
        New::Decision(args) => decision(args, console),
        New::Track(args) => track(args, console),
        New::Site { folder, title } => site::make(folder, title.as_deref(), console),
    }
}

fn article(args: &NewPage, console: &Console) -> Result<ExitStatus, Failure> {
    let place = PagePath::parse(&args.path, args.title.as_deref())?;
    let folder = place.folders.first().map_or("", String::as_str);
    let other = match folder {
        "tags" => Some("term <facet>/<term>"),
        "decisions" => Some("decision <decision>"),
        "tracks" => Some("track <track>"),
        _ => None,
    };
    if let Some(other) = other {
        let message = format!("the folder `content/{folder}` is not for articles");
        return Err(Failure::new(message).help(format!("put the article elsewhere, or use `fingerpost new {other}`")));
    }
    let (inputs, config) = site_of(&args.root)?;
    let path = format!("content/{}.md", place.path());
    let made = make(args, &path, &draft::article(&place.title, &Facets::of(&inputs, &config)), console)?;
    console.note("Fill in the summary and the tags, then write; `fingerpost check --drafts` says what is wrong\n");
    Ok(made)
}

fn term(args: &NewPage, console: &Console) -> Result<ExitStatus, Failure> {
    let place =
        PagePath::parse(args.path.trim_start_matches("content/").trim_start_matches("tags/"), args.title.as_deref())?;
    let [facet] = place.folders.as_slice() else {
        return Err(Failure::new(format!("`{}` does not name a facet and a term", args.path))
            .help("write both, as in `fingerpost new term benefit/shared-language`"));
    };
    let (inputs, config) = site_of(&args.root)?;
    if config.facet(facet).is_none() {
        let names: Vec<&str> = config.facets.iter().map(|facet| facet.slug.as_str()).collect();
        let help = match nearest(facet, names.iter().copied()) {
            Some(name) => format!("did you mean `{name}/{}`?", place.stem),
            None => format!("declare it under `facets` in content/site.yaml; its facets are {}", names.join(", ")),
        };
        return Err(Failure::new(format!("the site has no facet named `{facet}`")).help(help));
    }
    let path = format!("content/tags/{}.md", place.path());
    let text = draft::term(&place.title, facet, &config, &Facets::of(&inputs, &config));
    let made = make(args, &path, &text, console)?;
    console.note(&format!("Say what it means; articles carry it with `{facet}: [{}]` under `tags`\n", place.stem));
    Ok(made)
}

fn decision(args: &NewPage, console: &Console) -> Result<ExitStatus, Failure> {
    let place = side_by_side(args, "decision", "build-or-buy")?;
    let path = format!("content/decisions/{}.md", place.stem);
    let made = make(args, &path, &draft::decision(&place.title), console)?;
    console.note("Write the questions and outcomes; `fingerpost check --drafts` says what is wrong\n");
    Ok(made)
}

fn track(args: &NewPage, console: &Console) -> Result<ExitStatus, Failure> {
    let place = side_by_side(args, "track", "first-week")?;
    let path = format!("content/tracks/{}.md", place.stem);
    let made = make(args, &path, &draft::track(&place.title), console)?;
    console.note("Name the steps; `fingerpost check --drafts` says what is wrong\n");
    Ok(made)
}

/// The place of a page whose kind, `noun`, has one folder without others in it; and a look at whether there is a site.
fn side_by_side(args: &NewPage, noun: &str, example: &str) -> Result<PagePath, Failure> {
    let folder = format!("{noun}s/");
    let typed = args.path.trim_start_matches("content/").trim_start_matches(&folder);
    let place = PagePath::parse(typed, args.title.as_deref())?;
    if !place.folders.is_empty() {
        return Err(Failure::new(format!("`{}` is not the name of a {noun}", args.path))
            .help(format!("{noun}s lie side by side in `content/{noun}s`: write one name, such as `{example}`")));
    }
    site_of(&args.root)?;
    Ok(place)
}

/// The site that the file is for, and its settings as far as they can be read.
fn site_of(root: &Path) -> Result<(Inputs, Config), Failure> {
    let inputs = read::folder(root)?.value;
    let config = config::parse(&inputs, None, &crate::model::reserved_folders()).value;
    Ok((inputs, config))
}

/// Makes the file at `path` below the site's root and prints where it is.
fn make(args: &NewPage, path: &str, text: &str, console: &Console) -> Result<ExitStatus, Failure> {
    let path = below(&args.root, path);
    write(&path, text)?;
    print(&format!("{}\n", path.display()), console)
}

/// Writes a file that must not be there yet, and the folders above it.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().expect("the path of a file has a folder");
    fs::create_dir_all(folder).map_err(|error| Failure::io("create the folder", folder, &error))?;
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::new(format!("{} exists already", path.display()))
            .help("open that file, or choose another name; nothing was changed"),
        _ => Failure::io("write", path, &error),
    })
}
