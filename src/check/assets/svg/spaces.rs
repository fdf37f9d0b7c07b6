//! Namespaces: what each means to a browser, and which prefix stands for which.

use std::collections::HashMap;

use super::names;

/// What a namespace means to a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// SVG; none at all counts as this one.
    Svg,
    Xlink,
    Xml,
    /// One of a drawing program, which browsers pass over.
    Inert,
    /// One that a browser may know: HTML, `MathML`, XML events and all others of the web's own.
    Active,
}

impl Space {
    pub(super) fn named(uri: &str) -> Self {
        match uri {
            "" | "http://www.w3.org/2000/svg" => Self::Svg,
            "http://www.w3.org/1999/xlink" => Self::Xlink,
            "http://www.w3.org/XML/1998/namespace" => Self::Xml,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#" | "http://www.w3.org/2000/01/rdf-schema#" => Self::Inert,
            _ if names::is_of_the_web(uri) => Self::Active,
            _ => Self::Inert,
        }
    }
}

/// Whether a namespace has its prefix already, or none (Namespaces in XML 1.0, section 3).
pub(super) fn is_taken(uri: &str) -> bool {
    matches!(uri, "http://www.w3.org/XML/1998/namespace" | "http://www.w3.org/2000/xmlns/")
}

/// The namespaces that are declared, by their prefixes.
#[derive(Default)]
pub(super) struct Spaces<'a> {
    /// What each means, and its number; the innermost is last.
    by_prefix: HashMap<&'a str, Vec<(Space, usize)>>,
    /// The number of each that was ever declared.
    numbers: HashMap<String, usize>,
    /// Each declaration that holds, with the number of elements around it.
    declared: Vec<(usize, &'a str)>,
}

impl<'a> Spaces<'a> {
    pub(super) fn declare(&mut self, prefix: &'a str, depth: usize, uri: &str) {
        let next = self.numbers.len();
        let number = *self.numbers.entry(uri.to_owned()).or_insert(next);
        self.by_prefix.entry(prefix).or_default().push((Space::named(uri), number));
        self.declared.push((depth, prefix));
    }

    pub(super) fn of(&self, prefix: &str) -> Option<Space> {
        match self.by_prefix.get(prefix).and_then(|spaces| spaces.last()) {
            Some((space, _)) => Some(*space),
            None if prefix.is_empty() => Some(Space::Svg),
            None => (prefix == "xml").then_some(Space::Xml),
        }
    }

    /// The number of the namespace that was declared for a prefix.
    pub(super) fn number(&self, prefix: &str) -> Option<usize> {
        let (_, number) = self.by_prefix.get(prefix)?.last()?;
        Some(*number)
    }

    /// Forgets what was declared by an element with this many elements around it.
    pub(super) fn close(&mut self, depth: usize) {
        while let Some((_, prefix)) = self.declared.pop_if(|(at, _)| *at >= depth) {
            if let Some(spaces) = self.by_prefix.get_mut(prefix) {
                spaces.pop();
            }
        }
    }
}
