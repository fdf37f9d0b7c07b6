//! A site built in memory and shown in a browser while it is being written: wait, rebuild, notify.
//!
//! In come a folder and an address to listen on; out go pages, until the program is ended. This thread waits for
//! edits and builds (`watch`, `rebuild`); another answers requests (`http`) from a map of known addresses (`site`),
//! and tells open pages what is new (`reload`). A build with errors changes nothing that is served: the last good
//! site stays, and open pages show what the terminal says. What is printed, and how, is left to the caller.
#![expect(clippy::disallowed_methods, reason = "this room is the edge that knows network, clock and other programs")]

mod browser;
mod http;
mod rebuild;
mod reload;
mod site;
mod watch;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use tokio::sync::mpsc::Sender;

use crate::diagnostic::{Report, terminal};
use crate::failure::{Failure, NO_PANIC};
use crate::pipeline::{Builder, Counts};
use crate::read::{ChangeSet, Snapshot};
use crate::source::Inputs;
use rebuild::{Rest, rebuild};
use reload::News;
use site::{Content, Site};
use watch::{Batch, Watch};

/// What is to be served, and where.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The site's folder.
    pub root: PathBuf,
    /// The name or number of the interface to listen on.
    pub host: String,
    /// The port; 0 takes any that is free.
    pub port: u16,
    /// Whether to open the site in a browser.
    pub open: bool,
}

/// What there is to tell whoever started the server.
#[derive(Debug)]
pub enum Note<'a> {
    /// The site can be seen at this address.
    Serving(&'a str),
    /// A build came to an end; what it found comes first, if that is not what the last one found.
    Built(&'a Built<'a>),
    /// Something could not be done, and will be tried again after the next edit.
    Failed(&'a Failure),
}

/// A build that came to an end.
#[derive(Debug)]
pub struct Built<'a> {
    /// What it was built from.
    pub inputs: &'a Inputs,
    /// Everything that was found.
    pub report: &'a Report,
    /// Whether the last build found just the same.
    pub repeated: bool,
    /// Whether the last build had errors, and this one has none.
    pub mended: bool,
    /// How much there is.
    pub counts: Counts,
    /// What was edited; none for the first build.
    pub changed: Option<&'a ChangeSet>,
    /// How many files of the site are different.
    pub outputs: usize,
    /// How long it took, from the moment at which nothing more was edited.
    pub took: Duration,
}

/// What the two threads share.
struct Shared {
    root: PathBuf,
    site: RwLock<Site>,
    /// Open pages.
    clients: Mutex<Vec<Sender<Bytes>>>,
    /// Tells the builds of this run from those of others.
    session: String,
}

/// Serves a site until the program is ended.
///
/// # Errors
/// If there is no site, it cannot be watched, or the address cannot be listened on.
pub fn run(settings: &Settings, say: &dyn Fn(Note<'_>)) -> Result<(), Failure> {
    let start = Instant::now();
    let listener = http::listen(&settings.host, settings.port)?;
    let origin = http::origin(&listener, &settings.host)?;
    // Watched before it is read, so that no edit falls between the two.
    let root = crate::read::root(&settings.root)?;
    let (mut watch, ender) = Watch::begin(&root)?;
    let mut folder = Snapshot::read(&root)?;
    watch.add_git(&folder.git_folders());

    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let session = format!("{:x}", since.as_nanos());
    let shared = Arc::new(Shared { root, site: RwLock::default(), clients: Mutex::default(), session });
    let mut builder =
        Server { shared: Arc::clone(&shared), origin, said: String::new(), builder: Builder::default(), waits: false };
    builder.build(&folder, None, start, say)?;
    http::serve(listener, &settings.host, shared, ender)?;
    let address = builder.address();
    say(Note::Serving(&address));
    if settings.open
        && let Err(failure) = browser::open(&address)
    {
        say(Note::Failed(&failure));
    }

    let mut failed = false;
    loop {
        let patience = builder.waits.then_some(PAUSE);
        let Some(batch) = watch.next(|place| folder.affects(place), patience) else { break };
        let start = Instant::now();
        if batch == Batch::default() {
            builder.rest(&folder, &watch.since())?;
            continue;
        }
        let read = if batch.lost || failed { folder.reload() } else { folder.refresh(&batch.places) };
        failed = read.is_err();
        match read {
            Ok(changed) if changed.is_empty() => {}
            Ok(changed) => builder.build(&folder, Some(&changed), start, say)?,
            Err(failure) => {
                builder.fail(&failure);
                say(Note::Failed(&failure));
            }
        }
    }
    Err(Failure::new("the server stopped answering").help("this is a mistake in Fingerpost: please report it"))
}

/// After an edit, the search index and what is for programs are made when nothing more was edited for so long.
const PAUSE: Duration = Duration::from_millis(700);

/// Builds, and tells of it.
struct Server {
    shared: Arc<Shared>,
    /// Scheme, host and port of the server.
    origin: String,
    /// What the last build found, as text.
    said: String,
    builder: Builder,
    /// Whether the search index and what is for programs are older than the pages.
    waits: bool,
}

impl Server {
    /// Builds once: what was `changed` is known but for the first time.
    fn build(
        &mut self,
        folder: &Snapshot,
        changed: Option<&ChangeSet>,
        start: Instant,
        say: &dyn Fn(Note<'_>),
    ) -> Result<(), Failure> {
        let inputs = folder.inputs();
        let built = {
            let site = self.shared.site.read().expect(NO_PANIC);
            let when = if changed.is_none() { Rest::Now } else { Rest::Later };
            rebuild(&mut self.builder, inputs, folder.findings(), &self.origin, &site.outputs, &when)?
        };
        self.waits = built.waits && !built.report.has_errors();
        let (mut outputs, mut mended) = (0, false);
        if !built.report.has_errors() {
            (outputs, mended) = self.shared.publish(&built.base, built.changes, changed);
        }
        let text = terminal::render(&built.report, inputs, false);
        if built.report.has_errors() {
            self.fail_with(format!("{text}{}\n", terminal::summary(&built.report)));
        }
        say(Note::Built(&Built {
            inputs,
            report: &built.report,
            repeated: self.said == text,
            mended,
            counts: built.counts,
            changed,
            outputs,
            took: start.elapsed(),
        }));
        self.said = text;
        Ok(())
    }

    /// Makes what the last build left out, unless an edit comes in between. Open pages need not know.
    fn rest(&mut self, folder: &Snapshot, edited: &(dyn Fn() -> bool + Sync)) -> Result<(), Failure> {
        let built = {
            let site = self.shared.site.read().expect(NO_PANIC);
            let when = Rest::Unless(edited);
            rebuild(&mut self.builder, folder.inputs(), folder.findings(), &self.origin, &site.outputs, &when)
        };
        let built = match built {
            Err(_) if edited() => return Ok(()),
            built => built?,
        };
        self.waits = false;
        if !built.report.has_errors() {
            self.shared.site.write().expect(NO_PANIC).replace(built.changes);
        }
        Ok(())
    }

    fn fail(&mut self, failure: &Failure) {
        let help = failure.help.as_ref().map_or_else(String::new, |help| format!("help: {help}\n"));
        self.fail_with(format!("error: {}\n{help}", failure.message));
        self.said.clear();
    }

    fn fail_with(&self, errors: String) {
        let mut site = self.shared.site.write().expect(NO_PANIC);
        site.errors = Some(errors);
        self.shared.tell(&News::Errors, &site);
    }

    /// The address of the home page.
    fn address(&self) -> String {
        let site = self.shared.site.read().expect(NO_PANIC);
        format!("{}{}", self.origin, if site.base().is_empty() { "/" } else { site.base() })
    }
}

impl Shared {
    /// Serves what a build without errors made, tells open pages, and gives how many outputs are different and
    /// whether errors stood before.
    fn publish(&self, base: &str, changes: site::Changes, edited: Option<&ChangeSet>) -> (usize, bool) {
        let mut site = self.site.write().expect(NO_PANIC);
        let copies = edited.map_or_else(BTreeSet::new, |edited| copies(&site, edited));
        let moved = site.build > 0 && site.base() != base;
        let news = if moved { News::Page(None) } else { News::of(&changes, copies, &site.outputs, base) };
        let count = changes.paths().count();
        let mended = site.errors.is_some();
        site.update(changes, base);
        if let News::Page(_) = news
            && count == 0
        {
            site.build += 1; // Copies have the same path and other bytes.
        }
        self.tell(&news, &site);
        (count, mended)
    }

    /// Sends a message to every open page, and forgets those that are closed or do not read.
    fn tell(&self, news: &News, site: &Site) {
        let message = news.message(site, &self.session);
        self.clients.lock().expect(NO_PANIC).retain(|client| client.try_send(message.clone()).is_ok());
    }

    /// Adds an open page, which is told of the present state at once.
    fn join(&self, client: Sender<Bytes>) {
        // While the site is being read from, no message about another can be sent.
        let site = self.site.read().expect(NO_PANIC);
        if client.try_send(reload::state(&site, &self.session)).is_ok() {
            self.clients.lock().expect(NO_PANIC).push(client);
        }
    }
}

/// The outputs that are copies of files which were edited.
fn copies(site: &Site, changed: &ChangeSet) -> BTreeSet<String> {
    let edited = |source: &String| changed.all || changed.files.contains(source);
    let copies = site.outputs.iter().filter(|(_, content)| matches!(content, Content::Copy(from) if edited(from)));
    copies.map(|(path, _)| path.clone()).collect()
}
