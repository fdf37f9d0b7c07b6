//! The key that a build's memory is sealed with, so that the next build knows it again.
//!
//! Whoever can put files into a site's folder, by a pull request or in an archive, could leave a memory there that makes
//! a build publish what nobody wrote. They cannot know 32 random bytes in the cache folder of the user, which lies
//! outside the site. The key is made when it is first needed. One that others could have put there or read is no key:
//! a link, a file that other users may open, one inside the site.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::plain_file;

const LENGTH: usize = 32;

/// A secret of this user.
pub(crate) struct Key([u8; LENGTH]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(_)")
    }
}

impl Key {
    /// The key in the user's cache folder `cache`, which must not lie inside `site`; none if there is none yet.
    pub(crate) fn read(cache: &Path, site: &Path) -> Result<Option<Self>, String> {
        let path = path(cache);
        let refused = |why: &str| Err(format!("the key {} is not used: {why}", path.display()));
        if is_inside(cache, site) {
            return refused("it lies inside the site");
        }
        let file = match plain_file::open(&path, File::options().read(true)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return refused(&error.to_string()),
        };
        if !file.metadata().is_ok_and(|found| is_private(&found)) {
            return refused("other users may open it; remove it, and the next build makes another");
        }
        let mut bytes = Vec::new();
        let read = file.take(LENGTH as u64 + 1).read_to_end(&mut bytes);
        match read.ok().and_then(|_| <[u8; LENGTH]>::try_from(bytes).ok()) {
            Some(bytes) => Ok(Some(Self(bytes))),
            None => refused("it is damaged; remove it, and the next build makes another"),
        }
    }

    /// Makes a key in the user's cache folder, unless another build has just made one.
    pub(crate) fn create(cache: &Path, site: &Path) -> Result<Self, String> {
        let cannot = |error: &io::Error| format!("cannot write the key {}: {error}", path(cache).display());
        if !is_inside(cache, site) {
            write_new(cache).map_err(|error| cannot(&error))?;
        }
        Self::read(cache, site)?.ok_or_else(|| cannot(&ErrorKind::NotFound.into()))
    }

    /// The seal of these bytes, which are a `kind` of memory of `place`: only who has the key can make it.
    pub(crate) fn seal(&self, kind: &str, place: &[u8], bytes: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in [kind.as_bytes(), place] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        hasher.update(bytes).finalize()
    }
}

fn path(cache: &Path) -> PathBuf {
    cache.join("fingerpost").join("key")
}

/// Whether a folder, which need not exist, lies inside `site`, a path without links.
fn is_inside(folder: &Path, site: &Path) -> bool {
    folder.ancestors().find_map(|there| fs::canonicalize(there).ok()).is_some_and(|there| there.starts_with(site))
}

/// Makes the file whole or not at all; one that is there stays.
fn write_new(cache: &Path) -> io::Result<()> {
    let folder = cache.join("fingerpost");
    fs::create_dir_all(&folder)?;
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let mut file = tempfile::Builder::new().prefix("key-").tempfile_in(&folder)?; // Nobody else may open it.
    file.write_all(&bytes)?;
    match file.persist_noclobber(path(cache)) {
        Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn is_private(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    const OF_OTHERS: u32 = 0o077;
    found.mode() & OF_OTHERS == 0 && found.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_private(_: &fs::Metadata) -> bool {
    true // A user's cache folder is their own there.
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::test_dir::TestDir;

    fn seal(key: &Key) -> blake3::Hash {
        key.seal("a", b"b", b"c")
    }

    #[test]
    fn a_key_is_made_once_for_its_user_alone() {
        let dir = TestDir::new();
        let (cache, site) = (dir.at("cache"), dir.at("site"));
        assert!(Key::read(&cache, &site).unwrap().is_none());
        let made = seal(&Key::create(&cache, &site).unwrap());
        assert_eq!(seal(&Key::create(&cache, &site).unwrap()), made);
        assert_eq!(seal(&Key::read(&cache, &site).unwrap().unwrap()), made);
        assert_eq!(fs::metadata(dir.at("cache/fingerpost/key")).unwrap().len(), 32);
        assert_eq!(fs::read_dir(dir.at("cache/fingerpost")).unwrap().count(), 1);
        assert_ne!(seal(&Key::create(&dir.at("other"), &site).unwrap()), made);
    }

    #[test]
    fn a_seal_is_of_a_kind_a_place_and_bytes() {
        let key = Key([7; LENGTH]);
        let seals = [("a", "b", "c"), ("ab", "", "c"), ("a", "", "bc"), ("a", "bc", ""), ("a", "b", "d")]
            .map(|(kind, place, bytes)| key.seal(kind, place.as_bytes(), bytes.as_bytes()).to_hex().to_string());
        assert_eq!(seals.iter().collect::<std::collections::BTreeSet<_>>().len(), seals.len());
        assert_ne!(seal(&key), seal(&Key([8; LENGTH])));
    }

    #[test]
    fn a_key_that_others_could_have_put_there_is_none() {
        let dir = TestDir::new();
        let site = dir.at("site");
        let refused = |cache: &str| Key::read(&dir.at(cache), &site).unwrap_err();
        Key::create(&dir.at("cache"), &site).unwrap();
        dir.write("site/cache/fingerpost/key", [0; LENGTH]);
        assert!(refused("site/cache").ends_with("it lies inside the site"));
        assert!(Key::create(&dir.at("site/new"), &site).unwrap_err().ends_with("it lies inside the site"));
        assert!(!dir.at("site/new").exists());
        fs::write(dir.at("cache/fingerpost/key"), [0; LENGTH - 1]).unwrap();
        assert!(refused("cache").contains("it is damaged"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(dir.at("cache/fingerpost/key"), fs::Permissions::from_mode(0o640)).unwrap();
            assert!(refused("cache").contains("other users may open it"));
            fs::create_dir_all(dir.at("linked/fingerpost")).unwrap();
            dir.link("linked/fingerpost/key", "../../cache/fingerpost/key");
            fs::create_dir_all(dir.at("piped/fingerpost")).unwrap();
            dir.pipe("piped/fingerpost/key");
            for cache in ["linked", "piped"] {
                assert!(refused(cache).ends_with("no plain file"));
            }
        }
    }
}
