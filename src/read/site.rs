//! Which folder is a site, and what to say about one that is none.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The whole path of `root`, if a site lies there.
pub(super) fn require(root: &Path) -> Result<PathBuf, Failure> {
    let root = fs::canonicalize(root).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::new(format!("there is no folder {}", root.display()))
            .help("`--root` names the folder that holds the site's `content` folder"),
        _ => Failure::io("read", root, &error),
    })?;
    let content = root.join("content");
    match fs::symlink_metadata(&content) {
        Ok(found) if found.is_dir() => Ok(root),
        Ok(found) if found.is_symlink() => Err(Failure::new(format!("{} is a symbolic link", content.display()))
            .help("put the folder itself there, or name the site that it belongs to with `--root`")),
        Ok(_) => Err(Failure::new(format!("{} is not a folder", content.display()))
            .help("a site's pages lie in a folder of this name")),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Err(no_site(&root)),
        Err(error) => Err(Failure::io("read", &content, &error)),
    }
}

/// What the site's folder is called, which titles a site without a configuration.
pub(super) fn name(root: &Path) -> String {
    root.file_name().map_or_else(|| "site".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn no_site(root: &Path) -> Failure {
    let failure = Failure::new(format!("there is no folder `content` in {}", root.display()));
    let entries: Vec<PathBuf> =
        fs::read_dir(root).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    let is_page = |path: &&PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        name.strip_suffix(".md").is_some_and(|stem| stem != "readme")
    };
    let has_pages = entries.iter().any(|path| is_page(&path));
    let mut sites: Vec<&PathBuf> = entries.iter().filter(|path| path.join("content").is_dir()).collect();
    sites.sort();
    if has_pages && root.ends_with("content") {
        return failure.help("this is the `content` folder of a site; its root is the folder above: `--root ..`");
    }
    if let [site] = sites.as_slice() {
        return failure.help(format!("the site may be the folder {}: name it with `--root`", site.display()));
    }
    if has_pages {
        return failure.help("put the Markdown files into a folder `content`, or name the site's folder with `--root`");
    }
    failure.help("name the site's folder with `--root`, or begin a site with `fingerpost new site <folder>`")
}

#[cfg(test)]
mod tests {
    use super::super::test_dir::TestDir;
    use super::*;

    /// Makes a folder with the file `path`, looks for a site in `root`, and compares the end of the message and a part
    /// of the help.
    #[track_caller]
    fn check(path: &str, root: &str, message: &str, help: &str) {
        let dir = TestDir::new();
        dir.write(path, b"");
        let failure = require(&dir.at(root)).unwrap_err();
        assert!(failure.message.ends_with(message), "{failure}");
        let said = failure.help.unwrap();
        assert!(said.contains(help), "{said}");
    }

    #[test]
    fn a_folder_without_content_is_told_the_way_out() {
        check("site/notes.txt", "site", "/site", "`fingerpost new site <folder>`");
        check("site/README.md", "site", "/site", "`fingerpost new site <folder>`");
        check("site/page.md", "site", "/site", "into a folder `content`");
        check("site/content/page.md", "site/content", "/site/content", "`--root ..`");
        check("site/content/page.md", "", "", "/site: name it with `--root`");
    }

    #[test]
    fn a_root_that_is_not_there_is_named() {
        check("site/page.md", "sit", "/sit", "`--root` names the folder");
        check("site/content", "site", "/site/content is not a folder", "lie in a folder");
    }
}
