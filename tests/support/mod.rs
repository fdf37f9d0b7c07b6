//! Sites in memory, for tests: texts in, outputs and messages out.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::sync::Mutex;

use fingerpost::diagnostic::terminal;
use fingerpost::output::{Body, Output};
use fingerpost::pipeline::{self, Build, Options};
use fingerpost::source::{Inputs, Source, SourceKind};

/// A built site.
pub struct Built {
    pub build: Build,
    pub inputs: Inputs,
    /// Every output by its path, unpacked; a copied asset as `copy of <path>`.
    pub outputs: BTreeMap<String, String>,
}

impl Built {
    /// The messages as a terminal without colour shows them, with the line that counts them.
    pub fn messages(&self) -> String {
        let findings = terminal::render(&self.build.report, &self.inputs, false);
        format!("{findings}{}\n", terminal::summary(&self.build.report))
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
    let outputs = Mutex::new(BTreeMap::new());
    let build = pipeline::build(&inputs, options, &|output: Output| {
        let text = match output.body {
            Body::Bytes(bytes) if bytes.starts_with(&[0x1f, 0x8b]) => unpacked(&bytes),
            Body::Bytes(bytes) => String::from_utf8(bytes).expect("every text output is UTF-8"),
            Body::Copy(path) => format!("copy of {path}"),
        };
        let twice = outputs.lock().expect("no sink panics").insert(output.path.clone(), text);
        assert!(twice.is_none(), "two outputs at {}", output.path);
        Ok(())
    })
    .expect("a sink in memory cannot fail");
    Built { build, inputs, outputs: outputs.into_inner().expect("no sink panics") }
}
