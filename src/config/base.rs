//! The address that a site is published at.

/// An absolute address, or none; the path alone decides how links inside the site are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    /// Scheme and host, `https://example.org`; empty where the site has no address yet.
    origin: String,
    /// The path, beginning and ending with a slash.
    path: String,
}

impl Default for BaseUrl {
    fn default() -> Self {
        Self { origin: String::new(), path: "/".to_owned() }
    }
}

impl BaseUrl {
    /// Reads `https://example.org/kb/`, or a path alone (`/kb/`); query and fragment are cut off.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.split(['?', '#']).next().unwrap_or_default();
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"'\\".contains(c)) {
            return None;
        }
        let (origin, path) = if text.starts_with('/') && !text.starts_with("//") {
            ("", text)
        } else {
            let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
            let host = rest.split('/').next().filter(|host| !host.is_empty())?;
            text.split_at(text.len() - rest.len() + host.len())
        };
        let path = path.trim_matches('/');
        let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        Some(Self { origin: origin.to_owned(), path })
    }

    /// The same path at another origin: scheme, host and port.
    pub(crate) fn at_origin(&self, origin: &str) -> Self {
        Self { origin: origin.to_owned(), path: self.path.clone() }
    }

    /// The path below which the site lives: `/` or `/kb/`.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Scheme and host, or none.
    pub(crate) fn origin(&self) -> Option<&str> {
        (!self.origin.is_empty()).then_some(self.origin.as_str())
    }

    /// The link to an address of the site (`/a/b/`) as pages write it: rooted at the base's path.
    pub(crate) fn link(&self, address: &str) -> String {
        [&self.path, address.trim_start_matches('/')].concat()
    }

    /// The whole address, for feeds and the like; the rooted one where the site has no origin.
    pub(crate) fn absolute(&self, address: &str) -> String {
        [&self.origin, &self.path, address.trim_start_matches('/')].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(BaseUrl::parse(text).map(|base| base.absolute("/a/")).as_deref(), expected);
    }

    #[test]
    fn a_base_is_an_address_or_a_path() {
        check("https://example.org", Some("https://example.org/a/"));
        check("https://example.org/kb", Some("https://example.org/kb/a/"));
        check("https://example.org/kb/?x#y", Some("https://example.org/kb/a/"));
        check("/kb/", Some("/kb/a/"));
        check("/", Some("/a/"));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "example.org", "//example.org/", "ftp://example.org/", "https://", "https://a b/", "/a\"b/"] {
            check(text, None);
        }
    }
}
