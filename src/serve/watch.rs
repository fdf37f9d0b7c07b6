//! Waits for edits. It says *where* something may have changed, never what happened there: how programs save a file
//! (in place, by renaming, in three steps) and how systems report it differ too much to build on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::failure::Failure;

/// One save comes as several events at once: an edit is over when nothing came for so long.
const DEBOUNCE: Duration = Duration::from_millis(10);
/// The same after an event that ends a save, where the system has such: only other files can follow.
const DEBOUNCE_AFTER_CLOSE: Duration = Duration::from_millis(2);
/// Something that changes all the time must not put off a build for ever.
const MAX_DEBOUNCE: Duration = Duration::from_millis(100);
/// Between two batches in which events were lost.
const RESCAN_INTERVAL: Duration = Duration::from_secs(1);

/// The folders of a site that are watched.
const FOLDERS: [&str; 2] = ["content", "themes"];

/// A watcher of the operating system and what it has told so far.
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    signals: Receiver<Signal>,
    root: PathBuf,
    /// When the last batch came in which events were lost.
    overflowed: Option<Instant>,
}

enum Signal {
    /// Something is different at a place, and perhaps all that somebody was doing to it is done.
    At(PathBuf, bool),
    Lost,
    /// Nobody is there to be told of changes any more.
    Ended,
}

/// What changed while nobody looked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    /// Places where something may be different, as whole paths.
    pub(super) places: BTreeSet<PathBuf>,
    /// Whether there may be others.
    pub(super) overflowed: bool,
}

/// Ends the waiting when it is dropped.
pub(super) struct ShutdownGuard(Sender<Signal>);

impl Drop for ShutdownGuard {
    fn drop(&mut self) {
        let _ = self.0.send(Signal::Ended); // Or nobody waits.
    }
}

impl Watch {
    /// Begins to watch the site in `root`, a path without links.
    pub(super) fn begin(root: &Path) -> Result<(Self, ShutdownGuard), Failure> {
        let (sender, signals) = mpsc::channel();
        let ender = ShutdownGuard(sender.clone());
        let tell = move |event: notify::Result<Event>| {
            let signals = match event {
                Ok(event) if event.need_rescan() => vec![Signal::Lost],
                Ok(event) if is_look(event.kind) => Vec::new(),
                Ok(Event { kind, paths, .. }) => {
                    paths.into_iter().map(|place| Signal::At(place, is_end(kind))).collect()
                }
                Err(_) => vec![Signal::Lost],
            };
            for signal in signals {
                let _ = sender.send(signal); // Or the program is ending.
            }
        };
        let watcher = notify::recommended_watcher(tell).map_err(|error| cannot_watch(root, &error))?;
        let mut watch = Self { watcher, signals, root: root.to_owned(), overflowed: None };
        // The folder itself tells when one of those in it comes or goes.
        watch.follow(root, RecursiveMode::NonRecursive)?;
        for folder in FOLDERS.map(|name| root.join(name)) {
            if folder.is_dir() {
                watch.follow(&folder, RecursiveMode::Recursive)?;
            }
        }
        Ok((watch, ender))
    }

    /// Watches the folders of a repository too. If that cannot be, dates stay as they are.
    pub(super) fn add_git(&mut self, folders: &[PathBuf]) {
        for folder in folders {
            // Its objects are many, and none of them matters.
            let few = folder.join("objects").is_dir() || folder.join("HEAD").is_file();
            let mode = if few { RecursiveMode::NonRecursive } else { RecursiveMode::Recursive };
            let _ = self.watcher.watch(folder, mode);
        }
    }

    /// Waits until something changed that `concerns` the site, and until it is quiet again. None when the waiting is
    /// ended.
    pub(super) fn next(&mut self, concerns: impl Fn(&Path) -> bool) -> Option<Batch> {
        let (mut batch, mut quiet) = (Batch::default(), DEBOUNCE);
        while batch == Batch::default() {
            let signal = self.signals.recv().ok()?;
            quiet = take(signal, &mut batch, &concerns)?;
        }
        let begin = Instant::now();
        while begin.elapsed() < MAX_DEBOUNCE {
            match self.signals.recv_timeout(quiet) {
                Ok(signal) => quiet = take(signal, &mut batch, &concerns)?,
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        if batch.overflowed {
            // Reading everything makes events too, which must not make it be read for ever.
            if let Some(last) = self.overflowed.replace(Instant::now()) {
                std::thread::sleep(RESCAN_INTERVAL.saturating_sub(last.elapsed()));
            }
        }
        self.renew(&mut batch);
        Some(batch)
    }

    /// A folder that was replaced by another of its name is watched no longer until one asks for it.
    fn renew(&mut self, batch: &mut Batch) {
        for folder in FOLDERS.map(|name| self.root.join(name)) {
            if batch.overflowed || batch.places.contains(&folder) {
                let _ = self.watcher.unwatch(&folder); // It may not have been watched,
                let _ = self.watcher.watch(&folder, RecursiveMode::Recursive); // nor be there; reading it will say so.
                batch.overflowed = true;
            }
        }
    }

    fn follow(&mut self, folder: &Path, mode: RecursiveMode) -> Result<(), Failure> {
        self.watcher.watch(folder, mode).map_err(|error| cannot_watch(folder, &error))
    }
}

/// Adds a signal to a batch, and gives how long it is to be quiet before the batch is whole.
fn take(signal: Signal, batch: &mut Batch, concerns: &impl Fn(&Path) -> bool) -> Option<Duration> {
    let mut quiet = DEBOUNCE;
    match signal {
        Signal::At(place, ended) if concerns(&place) => {
            batch.places.insert(place);
            quiet = if ended { DEBOUNCE_AFTER_CLOSE } else { DEBOUNCE };
        }
        Signal::At(..) => {}
        Signal::Lost => batch.overflowed = true,
        Signal::Ended => return None,
    }
    Some(quiet)
}

/// Whether a file is whole after this, as after its writer has closed it or a rename has put it there.
fn is_end(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
            | EventKind::Remove(_)
    )
}

/// Whether somebody only looked at a file, as we do.
fn is_look(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

fn cannot_watch(folder: &Path, error: &notify::Error) -> Failure {
    let failure = Failure::new(format!("cannot watch {}: {error}", folder.display()));
    match &error.kind {
        ErrorKind::MaxFilesWatch => {
            failure.help("let the system watch more folders: `sudo sysctl fs.inotify.max_user_watches=524288`")
        }
        // EMFILE: watchers of all programs together, as a rule, and of this one's files otherwise.
        ErrorKind::Io(error) if cfg!(target_os = "linux") && error.raw_os_error() == Some(24) => {
            failure.help("let more programs watch: `sudo sysctl fs.inotify.max_user_instances=512`")
        }
        _ => failure,
    }
}
