//! Sites in memory, for tests: texts in, outputs and messages out.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the project's own files")]

#[path = "../../src/export/schema.rs"]
pub mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use fingerpost::analysis::{OutputKind, analyse};
use fingerpost::diagnostic::terminal;
use fingerpost::output::{Body, Output};
use fingerpost::publish::{self, Build, Options};
use fingerpost::source::{Inputs, Source, SourceKind};

/// A built site.
pub struct Built {
    pub build: Build,
    pub inputs: Inputs,
    /// Every output by its path, unpacked; a copied asset as `copy of <path>`.
    pub outputs: BTreeMap<String, String>,
    /// What the model knew that would be made; of a site without errors all of it was.
    pub known: BTreeMap<String, OutputKind>,
}

impl Built {
    /// The messages as a terminal without colour shows them, with the line that counts them.
    pub fn messages(&self) -> String {
        let findings = terminal::render(&self.build.report, &self.inputs, false);
        format!("{findings}{}\n", terminal::summary(&self.build.report))
    }

    /// One output, as `serve` shows it while the content has errors.
    pub fn shown(&self, path: &str, options: &Options) -> Option<String> {
        let analysis = analyse(&self.inputs, &options.site);
        let made = publish::outputs(&analysis, &self.inputs, [analysis.outputs.get(path)?]);
        made.into_iter().find(|output| output.path == path).map(|output| text(output.body))
    }

    /// All pages and copied files, as `serve` shows them while the content has errors.
    pub fn all_shown(&self, options: &Options) -> BTreeMap<String, String> {
        let analysis = analyse(&self.inputs, &options.site);
        let kinds = analysis.outputs.all().into_values();
        let kinds = kinds.filter(|kind| matches!(kind, OutputKind::Page(_) | OutputKind::Asset(_)));
        let made = publish::outputs(&analysis, &self.inputs, kinds);
        made.into_iter().map(|output| (output.path, text(output.body))).collect()
    }

    /// One output.
    #[track_caller]
    pub fn output(&self, path: &str) -> &str {
        match self.outputs.get(path) {
            Some(text) => text,
            None => panic!("no output `{path}`; there are {:#?}", self.outputs.keys().collect::<Vec<_>>()),
        }
    }
}

/// The inputs of a site whose folder is called `site`.
pub fn inputs<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Inputs {
    let mut inputs = Inputs::new("site");
    let files: BTreeMap<&str, &str> = files.into_iter().collect();
    for (path, text) in files {
        let extension = Path::new(path).extension().and_then(|e| e.to_str()).unwrap_or_default();
        let kind = if path.starts_with("themes/") {
            SourceKind::Theme
        } else if matches!(extension, "md" | "yaml") {
            SourceKind::Content
        } else {
            SourceKind::Asset
        };
        inputs.add(Source { path: path.to_owned(), text: text.to_owned(), kind });
    }
    fingerpost::theme::add_embedded(&mut inputs);
    inputs
}

/// What is in a compressed file, as far as it is text.
fn unpacked(bytes: &[u8]) -> String {
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut unpacked).expect("the index is written as gzip");
    String::from_utf8_lossy(&unpacked).into_owned()
}

/// Builds a site in memory.
pub fn build(inputs: Inputs, options: &Options) -> Built {
    let known = analyse(&inputs, &options.site).outputs.all();
    let outputs = Mutex::new(BTreeMap::new());
    let build = publish::build(&inputs, options, &|output: Output| {
        let twice = outputs.lock().expect("no sink panics").insert(output.path.clone(), text(output.body));
        assert!(twice.is_none(), "two outputs at {}", output.path);
        Ok(())
    })
    .expect("a sink in memory cannot fail");
    let outputs: BTreeMap<String, String> = outputs.into_inner().expect("no sink panics");
    if !build.report.has_errors() {
        let made = outputs.keys().filter(|path| !is_hashed(path));
        assert!(made.eq(known.keys()), "{:#?} made, {:#?} known", outputs.keys(), known.keys());
    }
    Built { build, inputs, outputs, known }
}

/// Whether an output is named after what it holds, or copied from the theme inside the program.
fn is_hashed(path: &str) -> bool {
    let hash = |part: &str| part.len() == 10 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    path.starts_with("search/parts/") || (path.starts_with("assets/") && path.split('.').any(hash))
}

/// The text of an output, unpacked; a copied asset as `copy of <path>`.
fn text(body: Body) -> String {
    match body {
        Body::Bytes(bytes) if bytes.starts_with(&[0x1f, 0x8b]) => unpacked(&bytes),
        Body::Bytes(bytes) if bytes.starts_with(b"\x89PNG") => "a picture".to_owned(),
        Body::Bytes(bytes) => String::from_utf8(bytes).expect("every text output is UTF-8"),
        Body::Copy(path) => format!("copy of {path}"),
    }
}

/// The knowledge base in `content/`, built strictly.
pub fn flagship() -> Built {
    flagship_at(None)
}

/// The knowledge base as it is built for another address.
pub fn flagship_at(base_url: Option<&str>) -> Built {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<(String, String)> = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.join("content")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(path).unwrap_or_default()));
            }
        }
    }
    let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let site = fingerpost::analysis::Options { base_url: base_url.map(str::to_owned), ..Default::default() };
    build(inputs(texts), &Options { site, strict: true, ..Options::default() })
}
