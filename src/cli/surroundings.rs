//! What a build asks of its surroundings: whether anybody watches, and where this user's caches lie.

use std::ffi::OsString;
use std::path::PathBuf;

/// Whether the program runs on CI, by the variable that every such service sets: `CI=true`.
pub(super) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| says_yes(&value.to_string_lossy()))
}

fn says_yes(value: &str) -> bool {
    !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off")
}

/// The folder for caches of this user; none if the surroundings name none.
pub(super) fn cache_folder() -> Option<PathBuf> {
    cache_folder_by(|name| std::env::var_os(name))
}

/// As the XDG Base Directory Specification, Apple's "File System Programming Guide" and Windows' known folders have it.
/// A path that is not whole counts as none.
fn cache_folder_by(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let whole = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let of_home = |below| whole(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(|home| home.join(below));
    whole("XDG_CACHE_HOME").or_else(|| {
        if cfg!(windows) {
            whole("LOCALAPPDATA").or_else(|| of_home("AppData/Local"))
        } else if cfg!(target_os = "macos") {
            of_home("Library/Caches")
        } else {
            of_home(".cache")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ci_is_what_says_so() {
        assert!(["true", "1", "True", "woodpecker"].map(says_yes).iter().all(|&yes| yes));
        assert!(!["", "0", "false", "False", "no"].map(says_yes).iter().any(|&yes| yes));
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn caches_lie_where_the_user_says_or_at_home() {
        let folder = |set: &[(&str, &str)]| {
            let set: std::collections::BTreeMap<_, _> = set.iter().copied().collect();
            cache_folder_by(|name| set.get(name).map(OsString::from))
        };
        assert_eq!(folder(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]), Some("/c".into()));
        assert_eq!(folder(&[("XDG_CACHE_HOME", "c"), ("HOME", "/h")]), Some("/h/.cache".into()));
        assert_eq!(folder(&[("HOME", "")]), None);
        assert_eq!(folder(&[]), None);
    }
}
