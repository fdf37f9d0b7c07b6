//! What can be typed. The doc comments are the help that is shown.

use std::path::PathBuf;

use clap::{Args as Group, ColorChoice, Parser, Subcommand, ValueEnum};

use crate::config::BaseUrl;

const EXIT_CODES: &str = "Exit codes: 0 done, 1 the content has errors, 2 the command cannot be carried out";

/// Builds knowledge bases that help people decide: a folder of Markdown in, a cross-linked, checked site out
#[derive(Debug, Parser)]
#[command(name = "fingerpost", version, after_help = EXIT_CODES)]
pub(super) struct Args {
    /// When to use colour; `auto` looks at the terminal and at `NO_COLOR`
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorChoice,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Build the site; nothing is written while its content has errors
    Build(Build),
    /// Show the site in a browser, drafts too, and follow every edit
    Serve(Serve),
    /// Say what is wrong, and what is due for review, without writing; templates are tried on one page of each kind
    Check(Check),
    /// Print a decision as a chart, a graph or text
    Flowchart(Flowchart),
    /// Create a file with the right front matter, or a whole site
    #[command(subcommand)]
    New(New),
    /// Print the JSON Schema of a kind of file, for editors
    Schema {
        /// Which kind of file
        of: SchemaOf,
    },
    /// Print the completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Group)]
pub(super) struct Build {
    /// The site's folder, which holds `content`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// The folder to publish to [default: `public` in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Where the site will live, instead of `base-url` in site.yaml
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub(super) base_url: Option<String>,
    /// Build drafts too
    #[arg(long)]
    pub(super) drafts: bool,
    /// Count warnings as errors; refuse, as where `CI` is set, to publish foreign files or to a folder that git tracks
    #[arg(long)]
    pub(super) strict: bool,
    /// Say why the page at this address was rendered again, or was not
    #[arg(long, value_name = "PAGE")]
    pub(super) why: Option<String>,
    /// Publish to a folder that holds foreign files or that git tracks, and overwrite those in the way
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, Group)]
pub(super) struct Serve {
    /// The site's folder, which holds `content`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// The address to listen on; any but this machine's own is open to the network
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub(super) host: String,
    /// The port to listen on; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 4040)]
    pub(super) port: u16,
    /// Open the site in a browser
    #[arg(long)]
    pub(super) open: bool,
}

#[derive(Debug, Group)]
pub(super) struct Flowchart {
    /// The decision, by its file's name in `content/decisions`
    pub(super) decision: String,
    /// The site's folder, which holds `content`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// The output format
    #[arg(long, default_value = "text")]
    pub(super) format: ChartFormat,
}

/// The forms of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ChartFormat {
    Svg,
    Mermaid,
    Dot,
    Json,
    Text,
}

#[derive(Debug, Group)]
pub(super) struct Check {
    /// The site's folder, which holds `content`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// How to print the findings
    #[arg(long, default_value = "text")]
    pub(super) format: Format,
    /// Check drafts as if they were published
    #[arg(long)]
    pub(super) drafts: bool,
    /// Count warnings as errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Explain a code such as FP0301, and check nothing
    #[arg(long, value_name = "CODE")]
    pub(super) explain: Option<String>,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, with the lines they are about
    Text,
    /// One JSON object a line
    Json,
    /// Workflow commands, which GitHub shows beside the lines
    Github,
    /// SARIF 2.1.0
    Sarif,
}

#[derive(Debug, Subcommand)]
pub(super) enum New {
    /// An article, as a draft: `new article foundations/my-article`
    Article(NewPage),
    /// What a term means: `new term benefit/shared-language`
    Term(NewPage),
    /// Questions that lead to outcomes, as a draft: `new decision build-or-buy`
    Decision(NewPage),
    /// A track, as a draft: `new track first-week`
    Track(NewPage),
    /// A site of one article, ready to build: `new site my-site`
    Site {
        /// The folder to create
        folder: PathBuf,
        /// The site's title [default: the folder's name]
        #[arg(long)]
        title: Option<String>,
    },
}

#[derive(Debug, Group)]
pub(super) struct NewPage {
    /// Its path, without `content/` and `.md`
    pub(super) path: String,
    /// Its title [default: the last part of its path]
    #[arg(long)]
    pub(super) title: Option<String>,
    /// The site's folder, which holds `content`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
}

/// A kind of file that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// The front matter of an article
    Article,
    /// The front matter of content/index.md
    Home,
    /// The front matter of `content/<section>/index.md`
    Section,
    /// The front matter of `content/tags/<facet>/<term>.md`
    Term,
    /// content/site.yaml
    Site,
    /// The front matter of `content/decisions/<decision>.md`
    Decision,
    /// The front matter of `content/tracks/<track>.md`
    Track,
    /// content/sources.yaml
    Sources,
    /// content/claims.yaml and content/claims/*.yaml
    Claims,
    /// content/glossary.yaml
    Glossary,
}

fn base_url(text: &str) -> Result<String, String> {
    match BaseUrl::parse(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err("write the whole address, `https://example.org/`, or a path alone, `/kb/`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_base_that_is_no_address_is_refused() {
        let parse = |url| Args::try_parse_from(["fingerpost", "build", "--base-url", url]).map_err(|e| e.to_string());
        parse("https://example.org/kb").unwrap();
        parse("/kb/").unwrap();
        let message = parse("example.org").unwrap_err();
        assert!(message.contains("'example.org'") && message.contains("`https://example.org/`"), "{message}");
    }
}
