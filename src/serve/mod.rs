//! A site shown in a browser while it is being written: wait, analyse, render what is asked for, notify, try the templates.
//!
//! In come a folder and an address to listen on; out go pages, until the program is ended. This thread waits for
//! edits (`watch`) and analyses the site again (`site`); another answers requests (`http`), each by making what is at
//! the address, and tells open pages what is new (`reload`). What is printed, and how, is left to the caller.
#![expect(clippy::disallowed_methods, reason = "this room is the edge that knows network, clock and other programs")]

mod browser;
mod http;
mod media_type;
mod reload;
mod site;
mod watch;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::mpsc::Sender;

use crate::diagnostic::{Report, terminal};
use crate::failure::{Failure, NO_PANIC, caught};
use crate::output::Counts;
use crate::read::{ChangeSet, Snapshot};
use crate::source::Inputs;
use reload::{PageState, Update};
use site::{Answer, ServedSite};
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
    /// The site was analysed; what was found comes first, if that is not what was found last.
    Analysed(&'a Analysed<'a>),
    /// Something could not be done, and will be tried again after the next edit.
    Failed(&'a Failure),
}

/// An analysis that came to an end.
#[derive(Debug)]
pub struct Analysed<'a> {
    /// What it was made from.
    pub inputs: &'a Inputs,
    /// Everything that was found.
    pub report: &'a Report,
    /// Whether the last one found just the same.
    pub repeated: bool,
    /// Whether the last one found errors, and this one none.
    pub fixed: bool,
    /// How much there is.
    pub counts: Counts,
    /// What was edited; none for the first one.
    pub changed: Option<&'a ChangeSet>,
    /// How many open pages look different, or have loaded something that does.
    pub pages: usize,
    /// How long it took, from the moment at which nothing more was edited.
    pub took: Duration,
}

/// What the two threads share.
struct ServerState {
    root: PathBuf,
    site: RwLock<ServedSite>,
    /// Whether somebody waits to change the site, so that long work on it should end.
    edited: AtomicBool,
    clients: Mutex<Vec<Client>>,
}

/// An open page.
struct Client {
    sender: Sender<Bytes>,
    /// The path that it shows, as it would ask for it.
    path: String,
    shown: PageState,
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
    let folder = Snapshot::read(&root)?;
    let mut git_folders = folder.git_folders();
    watch.add_git(&git_folders);

    let site = ServedSite::new(folder, &origin);
    let address = format!("{origin}{}", site.base());
    let shared = Arc::new(ServerState {
        root,
        site: RwLock::new(site),
        edited: AtomicBool::new(false),
        clients: Mutex::default(),
    });
    let mut server = Server { shared: Arc::clone(&shared), said: String::new(), had_errors: false };
    shared.try_templates();
    server.tell(None, 0, start.elapsed(), say);
    http::serve(listener, &settings.host, shared, ender)?;
    say(Note::Serving(&address));
    if settings.open
        && let Err(failure) = browser::open(&address)
    {
        say(Note::Failed(&failure));
    }
    while let Some(batch) = watch.next(|place| server.concerns(place)) {
        // What the site cannot say of itself, the terminal says; the next edit is another try.
        if let Err(said) = caught(|| server.refresh(&batch, Instant::now(), say)) {
            say(Note::Failed(&Failure::fault("following an edit", &said)));
        }
        let now = server.git_folders();
        if now != git_folders {
            watch.add_git(&now);
            git_folders = now;
        }
    }
    Err(Failure::new("the server stopped answering").help("this is a mistake in Fingerpost: please report it"))
}

/// Follows edits, and tells of them.
struct Server {
    shared: Arc<ServerState>,
    /// What was found last, as text.
    said: String,
    had_errors: bool,
}

impl Server {
    fn concerns(&self, place: &std::path::Path) -> bool {
        self.shared.site.read().expect(NO_PANIC).folder().affects(place)
    }

    /// The folders in which commits are seen.
    fn git_folders(&self) -> Vec<PathBuf> {
        self.shared.site.read().expect(NO_PANIC).folder().git_folders()
    }

    /// Takes up what was edited, and tells open pages and the caller.
    fn refresh(&mut self, batch: &Batch, start: Instant, say: &dyn Fn(Note<'_>)) {
        let refreshed = self.shared.change(|site| {
            let again = batch.overflowed || site.failure.is_some();
            site.refresh(|snapshot| if again { snapshot.reload() } else { snapshot.refresh(&batch.places) })
        });
        match refreshed {
            Ok(changed) if changed.is_empty() => {}
            Ok(changed) => {
                let pages = self.shared.notify(&changed);
                let took = start.elapsed();
                self.shared.try_templates();
                self.tell(Some(&changed), pages, took, say);
            }
            Err(failure) => {
                self.shared.notify(&ChangeSet::default());
                (self.said, self.had_errors) = (String::new(), true);
                say(Note::Failed(&failure));
            }
        }
    }

    fn tell(&mut self, changed: Option<&ChangeSet>, pages: usize, took: Duration, say: &dyn Fn(Note<'_>)) {
        let site = self.shared.site.read().expect(NO_PANIC);
        let (inputs, report) = (site.folder().inputs(), site.report());
        let text = terminal::render(report, inputs, false);
        let (repeated, fixed) = (self.said == text, self.had_errors && !report.has_errors());
        say(Note::Analysed(&Analysed { inputs, report, repeated, fixed, counts: site.counts(), changed, pages, took }));
        (self.said, self.had_errors) = (text, report.has_errors());
    }
}

impl ServerState {
    /// What is at an address; long work that an edit interrupted is begun again.
    fn answer(&self, path: &str) -> Answer {
        loop {
            let answer = {
                let site = self.site.read().expect(NO_PANIC);
                site.answer(path, &|| self.edited.load(Ordering::Relaxed))
            };
            if answer != Answer::Interrupted {
                return answer;
            }
            std::thread::yield_now();
        }
    }

    /// Renders the pages that are open, tells each what an edit means for it, and forgets those that are closed or do
    /// not read. Gives how many look different.
    fn notify(&self, changed: &ChangeSet) -> usize {
        let site = self.site.read().expect(NO_PANIC);
        let problems = site.problems();
        let files = site.copies_of(changed);
        let mut different = 0;
        self.clients.lock().expect(NO_PANIC).retain_mut(|client| {
            let now = shown(&site, &client.path);
            let news = Update::of(&client.shown, &now, site.style_swaps(), &files);
            different += usize::from(news != Update::Nothing);
            let message = news.message(&now, problems.as_ref());
            client.shown = now;
            client.sender.try_send(message).is_ok()
        });
        different
    }

    /// Tries the templates, and tells open pages if what is wrong with them is news.
    fn try_templates(&self) {
        let (findings, is_news) = {
            let site = self.site.read().expect(NO_PANIC);
            let findings = site.try_templates();
            let is_news = !site.has_template_findings(&findings);
            (findings, is_news)
        };
        if is_news {
            self.change(|site| site.take_template_findings(findings));
            self.notify(&ChangeSet::default());
        }
    }

    /// Changes the site; long work on it ends, to be begun again.
    fn change<T>(&self, change: impl FnOnce(&mut ServedSite) -> T) -> T {
        self.edited.store(true, Ordering::Relaxed);
        let mut site = self.site.write().expect(NO_PANIC);
        self.edited.store(false, Ordering::Relaxed);
        change(&mut site)
    }

    /// Adds a page that begins to listen; it is told at once whether what it shows is old.
    fn join(&self, sender: Sender<Bytes>, path: &str) {
        // While the site is being read from, no message about another can be sent.
        let site = self.site.read().expect(NO_PANIC);
        let shown = shown(&site, path);
        if sender.try_send(reload::state(&shown, site.problems().as_ref())).is_ok() {
            self.clients.lock().expect(NO_PANIC).push(Client { sender, path: path.to_owned(), shown });
        }
    }
}

/// What a browser shows at a path.
fn shown(site: &ServedSite, path: &str) -> PageState {
    let is_list = path.strip_prefix(reload::FOLDER) == Some(reload::FINDINGS);
    PageState::of(&if is_list { Answer::Failed(site.findings()) } else { site.answer(path, &|| false) })
}
