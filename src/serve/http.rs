//! HTTP, and who may ask. The one file that names hyper and its runtime.
//!
//! Being reachable from this machine only is no protection: any page that its user looks at can send requests here. So
//! the `Host` must be ours (or a foreign name that was made to mean this machine would do), the `Origin`, where one is
//! sent, too, and no answer allows others to read it.

use std::convert::Infallible;
use std::future::Future;
use std::io::{ErrorKind, Read as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST, HeaderMap, HeaderName,
    HeaderValue, IF_NONE_MATCH, LOCATION, ORIGIN,
};
use hyper::rt::{ReadBufCursor, Sleep, Timer};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::reload::PageState;
use super::site::{Answer, Content, media_type};
use super::watch::ShutdownGuard;
use super::{ServerState, reload};
use crate::failure::{Failure, NO_PANIC};
use crate::hash::Hash;
use crate::model::percent_decoded;
use crate::write;

/// Bytes of a request's line and headers together.
const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;
/// How long a client may take to send them.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build().map_err(cannot)?;
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
            return text(StatusCode::MISDIRECTED_REQUEST, "This server answers to its own address only.\n");
        }
        if !comes_from_here(request.headers(), is_ours) {
            return text(StatusCode::FORBIDDEN, "This server answers to its own pages only.\n");
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut refused = text(StatusCode::METHOD_NOT_ALLOWED, "This server answers to GET and HEAD.\n");
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refused;
        }
        let (path, head) = (request.uri().path(), request.method() == Method::HEAD);
        let response = match path.strip_prefix(reload::FOLDER) {
            Some("events") if !head => self.events(request.uri().query().unwrap_or_default()).await,
            Some("events") => response(StatusCode::OK, "text/event-stream", Bytes::new()),
            Some("reload.js") => response(StatusCode::OK, media_type(path), reload::SCRIPT.into()),
            Some(reload::FINDINGS) => self.findings(),
            Some("reload.css") => response(StatusCode::OK, media_type(path), reload::STYLE.into()),
            _ => self.page(path).await,
        };
        finish(response, request.headers(), head)
    }

    /// What the site has at an address. Making it may take a moment, during which others are answered.
    async fn page(&self, path: &str) -> Response<ResponseBody> {
        let (shared, path) = (Arc::clone(&self.shared), path.to_owned());
        let answered = tokio::task::spawn_blocking(move || {
            let answer = shared.answer(&path);
            let shown = PageState::of(&answer);
            self::answered(&shared, answer, &shown)
        });
        answered.await.unwrap_or_else(|_| text(StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made.\n"))
    }

    /// All findings, as a page.
    fn findings(&self) -> Response<ResponseBody> {
        let findings = self.shared.site.read().expect(NO_PANIC).findings();
        let shown = PageState::of(&Answer::Failed(findings.clone()));
        let page = reload::findings_page("What was found", &findings, &shown);
        response(StatusCode::OK, media_type("findings.html"), page.into())
    }

    /// An answer that goes on for as long as the page is open; `query` says which page that is.
    async fn events(&self, query: &str) -> Response<ResponseBody> {
        let (sender, receiver) = mpsc::channel(MAX_UNREAD);
        let page = query.split('&').find_map(|part| part.strip_prefix("page="));
        let path = page.and_then(percent_decoded).unwrap_or_else(|| "/".to_owned());
        let shared = Arc::clone(&self.shared);
        // What it shows is rendered to be compared.
        let _ = tokio::task::spawn_blocking(move || shared.join(sender, &path)).await; // Or it will ask again.
        let mut response = response(StatusCode::OK, "text/event-stream", Bytes::new());
        *response.body_mut() = ResponseBody::Events(receiver);
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
fn answered(shared: &ServerState, answer: Answer, shown: &PageState) -> Response<ResponseBody> {
    let (status, output) = match answer {
        Answer::Found(path, content) => (StatusCode::OK, Some((path, content))),
        Answer::Missing(page) => (StatusCode::NOT_FOUND, page),
        Answer::Folder(to) => return redirect(StatusCode::PERMANENT_REDIRECT, &to),
        Answer::Moved(to) => return redirect(StatusCode::MOVED_PERMANENTLY, &to),
        Answer::Outside(to) => return redirect(StatusCode::TEMPORARY_REDIRECT, &to),
        Answer::Failed(findings) => {
            let page = reload::findings_page("This page cannot be made", &findings, shown);
            return response(StatusCode::INTERNAL_SERVER_ERROR, media_type("findings.html"), page.into());
        }
        Answer::Interrupted => return text(StatusCode::SERVICE_UNAVAILABLE, "The site is being edited.\n"),
    };
    let Some((path, content)) = output else { return text(status, "There is nothing here.\n") };
    let bytes = match content {
        Content::Bytes(bytes) if media_type(&path).starts_with("text/html") => reload::inject(&bytes, shown),
        Content::Bytes(bytes) => bytes,
        Content::Copy(file) => match read(&shared.root, &file) {
            Ok(bytes) => bytes,
            Err(_) => return text(StatusCode::NOT_FOUND, "This file cannot be read any more.\n"),
        },
    };
    let mut response = response(status, media_type(&path), bytes);
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

fn text(status: StatusCode, text: &str) -> Response<ResponseBody> {
    response(status, media_type("a.txt"), text.to_owned().into())
}

fn redirect(status: StatusCode, to: &str) -> Response<ResponseBody> {
    let mut response = text(status, "");
    if let Ok(to) = HeaderValue::try_from(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

fn response(status: StatusCode, media_type: &'static str, body: Bytes) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::whole(body));
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

/// Names the body by what it holds, and leaves it out where the client has it or does not want it.
fn finish(mut response: Response<ResponseBody>, asked: &HeaderMap, head: bool) -> Response<ResponseBody> {
    let ResponseBody::Whole(body) = response.body() else { return response };
    let body = body.clone().unwrap_or_default();
    let tag = format!("\"{:016x}\"", Hash::of(&body).value());
    let known = asked.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    if response.status() == StatusCode::OK {
        response.headers_mut().insert(ETAG, HeaderValue::try_from(tag).expect("a tag is hexadecimal"));
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = ResponseBody::whole(Bytes::new());
            return response;
        }
    }
    response.headers_mut().insert(CONTENT_LENGTH, body.len().into());
    if head {
        *response.body_mut() = ResponseBody::whole(Bytes::new());
    }
    response
}

/// The bytes of a file that the build named, unless it is a link by now.
fn read(root: &Path, file: &str) -> Result<Bytes, Failure> {
    let place = write::regular_file(root, file)?;
    let mut bytes = Vec::new();
    let read = std::fs::File::open(&place).and_then(|mut file| file.read_to_end(&mut bytes));
    read.map_err(|error| Failure::io("read", &place, &error))?;
    Ok(bytes.into())
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

/// The body of an answer.
enum ResponseBody {
    Whole(Option<Bytes>),
    Events(mpsc::Receiver<Bytes>),
}

impl ResponseBody {
    fn whole(bytes: Bytes) -> Self {
        Self::Whole(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Events(events) => events.poll_recv(cx).map(|event| event.map(|event| Ok(Frame::data(event)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::Events(_) => SizeHint::default(),
        }
    }
}

/// A connection as hyper reads and writes it.
struct Stream(TcpStream);

impl hyper::rt::Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut to: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        let mut bytes = [0; MAX_HEAD];
        let most = bytes.len().min(to.remaining());
        let mut buffer = ReadBuf::new(&mut bytes[..most]);
        ready!(Pin::new(&mut self.0).poll_read(cx, &mut buffer))?;
        to.put_slice(buffer.filled());
        Poll::Ready(Ok(()))
    }
}

impl hyper::rt::Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// The runtime's clock as hyper asks for it.
struct Clock;

impl Timer for Clock {
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + time)
    }

    fn sleep_until(&self, until: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Waiting(Box::pin(tokio::time::sleep_until(until.into()))))
    }
}

struct Waiting(Pin<Box<tokio::time::Sleep>>);

impl Future for Waiting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }
}

impl Sleep for Waiting {}
