//! HTTP, and who may ask. The one folder that names hyper and its runtime.
//!
//! What is asked for is made or opened whole, as a `Representation`; what of it is sent then (all, a part, nothing new) is
//! for its headers to decide (`conditional`), and files are read while they are sent (`body`).
//!
//! Being reachable from this machine only is no protection: any page that its user looks at can send requests here. So
//! the `Host` must be ours (or a foreign name that was made to mean this machine would do), the `Origin`, where one is
//! sent, too, and no answer allows others to read it. A browser that says that another page asks (`Sec-Fetch-Site`) gets
//! an answer only for somebody who follows a link to here.

mod body;
mod conditional;
mod connection;

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HOST, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED, LOCATION, ORIGIN,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::mpsc;

use super::media_type::media_type;
use super::reload::PageState;
use super::site::{Answer, Content};
use super::watch::ShutdownGuard;
use super::{ServerState, reload};
use crate::failure::{Failure, NO_PANIC};
use crate::model::percent_decoded;
use body::{OpenFile, Representation, ResponseBody};
use conditional::{Validators, Verdict};
use connection::{Clock, Stream};

/// Bytes of a request's line and headers together.
const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;
/// How long a client may take to send them.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How many answers are made, and pieces of files read, at once. Each of these threads keeps memory for the next time.
const MAX_WORKERS: usize = 4;
/// Messages that an open page may leave unread before it is taken for gone.
const MAX_UNREAD: usize = 16;

/// The policy of what does not come from the site.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Takes the address, or says which one to try.
pub(super) fn listen(host: &str, port: u16) -> Result<TcpListener, Failure> {
    let name = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    TcpListener::bind((name, port)).map_err(|error| {
        let failure = Failure::new(format!("cannot listen on {}: {error}", authority(name, port)));
        match error.kind() {
            ErrorKind::AddrInUse => Failure::new(format!("port {port} is taken on {name}")).help(format!(
                "try `--port {}`, or end the program that listens there",
                port.checked_add(1).unwrap_or(0)
            )),
            ErrorKind::PermissionDenied => failure.help("take a port above 1023, such as `--port 4040`"),
            ErrorKind::AddrNotAvailable => failure.help("name an address of this machine with `--host`"),
            _ => failure,
        }
    })
}

/// Scheme, host and port by which this machine's browser reaches the listener.
pub(super) fn origin(listener: &TcpListener, host: &str) -> Result<String, Failure> {
    let local = local(listener)?;
    let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host) {
        _ if local.ip().is_unspecified() && local.is_ipv6() => "::1",
        _ if local.ip().is_unspecified() => "127.0.0.1",
        host => host,
    };
    Ok(format!("http://{}", authority(host, local.port())))
}

/// Answers requests on a thread of its own. `ender` goes with that thread.
pub(super) fn serve(
    listener: TcpListener,
    host: &str,
    shared: Arc<ServerState>,
    ender: ShutdownGuard,
) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| Failure::new(format!("cannot start the server: {error}"));
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_io().enable_time().max_blocking_threads(MAX_WORKERS).build().map_err(cannot)?;
    let local = local(&listener)?;
    let server = Arc::new(Server { shared, names: names(host, local), port: local.port() });
    listener.set_nonblocking(true).map_err(cannot)?;
    let work = move || {
        let _ender = ender;
        runtime.block_on(accept(listener, server));
    };
    std::thread::Builder::new().name("http".to_owned()).spawn(work).map(drop).map_err(cannot)
}

struct Server {
    shared: Arc<ServerState>,
    /// The hosts by which we may be called, apart from the address that a connection came to.
    names: Vec<String>,
    port: u16,
}

async fn accept(listener: TcpListener, server: Arc<Server>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let mut http = http1::Builder::new();
    http.timer(Clock).header_read_timeout(HEAD_TIMEOUT).max_buf_size(MAX_HEAD).max_headers(MAX_HEADERS);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, as a rule, which passes.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true); // Slower without, and no worse.
        let (server, local) = (Arc::clone(&server), stream.local_addr().ok());
        let service = service_fn(move |request| {
            let server = Arc::clone(&server);
            async move { Ok::<_, Infallible>(server.answer(request, local).await) }
        });
        let connection = http.serve_connection(Stream(stream), service);
        tokio::spawn(async move {
            let _ = connection.await; // A client that breaks off has had what it wanted.
        });
    }
}

impl Server {
    async fn answer(&self, request: Request<Incoming>, local: Option<SocketAddr>) -> Response<ResponseBody> {
        let is_ours = |authority: &str| self.is_ours(authority, local);
        if !comes_here(&request, is_ours) {
            return refused(StatusCode::MISDIRECTED_REQUEST, "This server answers to its own address only.\n");
        }
        if !comes_from_here(request.headers(), is_ours) || !is_for_our_pages(request.headers()) {
            return refused(StatusCode::FORBIDDEN, "This server answers to its own pages only.\n");
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut refused = refused(StatusCode::METHOD_NOT_ALLOWED, "This server answers to GET and HEAD.\n");
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refused;
        }
        let (path, head) = (request.uri().path(), request.method() == Method::HEAD);
        let response = match path.strip_prefix(reload::FOLDER) {
            Some("events") if !head => self.events(request.uri().query().unwrap_or_default()).await,
            Some("events") => response(StatusCode::OK, "text/event-stream", Bytes::new()),
            Some("reload.js") => response(StatusCode::OK, media_type(path), Bytes::from(reload::SCRIPT)),
            Some(reload::FINDINGS) => self.findings(),
            Some("reload.css") => response(StatusCode::OK, media_type(path), Bytes::from(reload::STYLE)),
            _ => self.page(path).await,
        };
        finish(response, request.headers(), head)
    }

    /// What the site has at an address. Making it may take a moment, during which others are answered.
    async fn page(&self, path: &str) -> Response<Representation> {
        let (shared, path) = (Arc::clone(&self.shared), path.to_owned());
        let answered = tokio::task::spawn_blocking(move || {
            let answer = shared.answer(&path);
            let shown = PageState::of(&answer);
            self::answered(&shared, answer, &shown)
        });
        answered.await.unwrap_or_else(|_| text(StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made.\n"))
    }

    /// All findings, as a page.
    fn findings(&self) -> Response<Representation> {
        let findings = self.shared.site.read().expect(NO_PANIC).findings();
        let shown = PageState::of(&Answer::Failed(findings.clone()));
        let page = reload::findings_page("What was found", &findings, &shown);
        response(StatusCode::OK, media_type("findings.html"), Bytes::from(page))
    }

    /// An answer that goes on for as long as the page is open; `query` says which page that is.
    async fn events(&self, query: &str) -> Response<Representation> {
        let (sender, receiver) = mpsc::channel(MAX_UNREAD);
        let page = query.split('&').find_map(|part| part.strip_prefix("page="));
        let path = page.and_then(percent_decoded).unwrap_or_else(|| "/".to_owned());
        let shared = Arc::clone(&self.shared);
        // What it shows is rendered to be compared.
        let _ = tokio::task::spawn_blocking(move || shared.join(sender, &path)).await; // Or it will ask again.
        let mut response = response(StatusCode::OK, "text/event-stream", Bytes::new());
        *response.body_mut() = Representation::Events(receiver);
        response
    }

    /// Whether `authority`, a host with or without a port, means this server whoever looks the name up.
    fn is_ours(&self, authority: &str, local: Option<SocketAddr>) -> bool {
        let port = format!(":{}", self.port);
        let host = match authority.strip_suffix(&port) {
            Some(host) => host,
            None if self.port == 80 => authority,
            None => return false,
        };
        let to = local.map(|local| bracketed(&local.ip().to_string()));
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host)) || to.is_some_and(|to| to == host)
    }
}

/// The response to what is at an address.
fn answered(shared: &ServerState, answer: Answer, shown: &PageState) -> Response<Representation> {
    let (status, output) = match answer {
        Answer::Found(path, content) => (StatusCode::OK, Some((path, content))),
        Answer::Missing(page) => (StatusCode::NOT_FOUND, page),
        Answer::Folder(to) => return redirect(StatusCode::PERMANENT_REDIRECT, &to),
        Answer::Moved(to) => return redirect(StatusCode::MOVED_PERMANENTLY, &to),
        Answer::Outside(to) => return redirect(StatusCode::TEMPORARY_REDIRECT, &to),
        Answer::Failed(findings) => {
            let page = reload::findings_page("This page cannot be made", &findings, shown);
            return response(StatusCode::INTERNAL_SERVER_ERROR, media_type("findings.html"), Bytes::from(page));
        }
        Answer::Interrupted => return text(StatusCode::SERVICE_UNAVAILABLE, "The site is being edited.\n"),
    };
    let Some((path, content)) = output else { return text(status, "There is nothing here.\n") };
    let shown = match content {
        Content::Bytes(bytes) if media_type(&path).starts_with("text/html") => reload::inject(&bytes, shown).into(),
        Content::Bytes(bytes) => bytes.into(),
        Content::Copy(file) => match OpenFile::open(&shared.root, &file) {
            Ok(file) => Representation::File(file),
            Err(_) => return text(StatusCode::NOT_FOUND, "This file cannot be read any more.\n"),
        },
    };
    let mut response = response(status, media_type(&path), shown);
    for (name, value) in shared.site.read().expect(NO_PANIC).headers(&path) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The hosts by which a browser may call us.
fn names(host: &str, local: SocketAddr) -> Vec<String> {
    let mut names = vec![bracketed(host), bracketed(&local.ip().to_string())];
    names.extend(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned));
    names
}

fn comes_here(request: &Request<Incoming>, is_ours: impl Fn(&str) -> bool) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let one = hosts.next().and_then(|host| host.to_str().ok()).is_some_and(&is_ours) && hosts.next().is_none();
    one && request.uri().authority().is_none_or(|authority| is_ours(authority.as_str()))
}

fn comes_from_here(headers: &HeaderMap, is_ours: impl Fn(&str) -> bool) -> bool {
    headers.get_all(ORIGIN).iter().all(|origin| {
        let host = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        host.is_some_and(&is_ours)
    })
}

/// Whether no page of others asks for something that it would have itself: a script, a picture, a frame. Other ports of
/// this machine are others' too, though they are of the same site. See "Fetch Metadata Request Headers", W3C.
fn is_for_our_pages(headers: &HeaderMap) -> bool {
    let all =
        |name: &str, allowed: &[&str]| headers.get_all(name).iter().all(|value| allowed.iter().any(|a| value == a));
    let is_navigation = headers.contains_key("sec-fetch-mode")
        && all("sec-fetch-mode", &["navigate"])
        && all("sec-fetch-dest", &["document"]);
    is_navigation || all("sec-fetch-site", &["same-origin", "none"])
}

fn text(status: StatusCode, text: &str) -> Response<Representation> {
    response(status, media_type("a.txt"), Bytes::from(text.to_owned()))
}

fn redirect(status: StatusCode, to: &str) -> Response<Representation> {
    let mut response = text(status, "");
    if let Ok(to) = HeaderValue::try_from(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

/// An answer to somebody who is not to have any other.
fn refused(status: StatusCode, why: &str) -> Response<ResponseBody> {
    finish(text(status, why), &HeaderMap::new(), false)
}

fn response(
    status: StatusCode,
    media_type: &'static str,
    shown: impl Into<Representation>,
) -> Response<Representation> {
    let mut response = Response::new(shown.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
        // Other sites get no file of this one, not even as a script or a picture.
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Says how much there is and how to tell it from another, and leaves out what the client has or does not want.
fn finish(response: Response<Representation>, asked: &HeaderMap, head: bool) -> Response<ResponseBody> {
    let (mut parts, shown) = response.into_parts();
    let (length, validators) = match &shown {
        Representation::Bytes(bytes) => (bytes.len() as u64, Validators::of_bytes(bytes)),
        Representation::File(file) => (file.metadata.len(), Validators::of_file(&file.metadata, SystemTime::now())),
        Representation::Events(_) => return Response::from_parts(parts, ResponseBody::part(shown, 0..0)),
    };
    let mut range = 0..length;
    if parts.status == StatusCode::OK {
        let verdict = validators.judge(asked, !head, length);
        match &verdict {
            Verdict::PreconditionFailed => return refused(StatusCode::PRECONDITION_FAILED, "It is another by now.\n"),
            Verdict::Unsatisfiable => {
                let mut refused = refused(StatusCode::RANGE_NOT_SATISFIABLE, "There is no such part.\n");
                insert(refused.headers_mut(), CONTENT_RANGE, format!("bytes */{length}"));
                return refused;
            }
            Verdict::Whole | Verdict::NotModified => {}
            Verdict::Part(part) => {
                range = part.clone();
                parts.status = StatusCode::PARTIAL_CONTENT;
                let content_range = format!("bytes {}-{}/{length}", range.start, range.end - 1);
                insert(&mut parts.headers, CONTENT_RANGE, content_range);
            }
        }
        insert(&mut parts.headers, ETAG, validators.tag());
        if verdict == Verdict::NotModified {
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.remove(CONTENT_TYPE); // The client knows the type of what it has.
            return Response::from_parts(parts, ResponseBody::empty());
        }
        parts.headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if let Some(date) = validators.last_modified() {
            insert(&mut parts.headers, LAST_MODIFIED, date);
        }
    }
    parts.headers.insert(CONTENT_LENGTH, (range.end - range.start).into());
    let body = if head { ResponseBody::empty() } else { ResponseBody::part(shown, range) };
    Response::from_parts(parts, body)
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: String) {
    headers.insert(name, HeaderValue::try_from(value).expect("tags, dates and numbers are ASCII"));
}

fn local(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(|error| Failure::new(format!("cannot tell the port: {error}")))
}

fn authority(host: &str, port: u16) -> String {
    format!("{}:{port}", bracketed(host))
}

/// A number of the sixth version of the protocol stands in brackets.
fn bracketed(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() }
}
