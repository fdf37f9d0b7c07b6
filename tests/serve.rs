//! `fingerpost serve` as browsers and others meet it, over real sockets: what it answers, to whom, and what it tells
//! after edits. Waiting has generous ends and no test depends on how long anything takes.
#![expect(clippy::disallowed_methods, reason = "these tests run the program on folders of their own")]
#![expect(clippy::unwrap_used, clippy::string_slice, reason = "what fails in a test ends it")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// By then, whatever was to happen has happened.
const DEADLINE: Duration = Duration::from_secs(60);

/// A running server of a site in a folder of its own; both go with it.
struct Server {
    folder: PathBuf,
    child: Child,
    port: u16,
    /// What it prints, line by line.
    lines: Mutex<Receiver<String>>,
}

impl Server {
    #[track_caller]
    fn start(files: &[(&str, &str)]) -> Self {
        Self::of(folder(files))
    }

    #[track_caller]
    fn of(folder: PathBuf) -> Self {
        let (child, lines) = spawn(&folder, 0);
        let mut server = Self { folder, child, port: 0, lines: Mutex::new(lines) };
        let line = server.wait_for("Serving http://127.0.0.1:");
        let port = line.trim_start_matches("Serving http://127.0.0.1:");
        server.port = port[..port.find('/').unwrap()].parse().unwrap();
        server
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    fn write(&self, path: &str, text: &str) {
        write(&self.at(path), text);
    }

    /// The next line that holds `part`.
    #[track_caller]
    fn wait_for(&self, part: &str) -> String {
        let end = Instant::now() + DEADLINE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.lock().unwrap().recv_timeout(left) {
                Ok(line) if line.contains(part) => return line,
                Ok(_) => {}
                Err(error) => panic!("no line with `{part}`: {error}"),
            }
        }
    }

    fn send(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.write_all(request.replace("PORT", &self.port.to_string()).as_bytes()).unwrap();
        stream
    }

    /// Sends these bytes and gives the whole answer.
    fn answer(&self, request: &str) -> Answer {
        let mut bytes = Vec::new();
        // An answer may come before the whole request was read, and the rest of it is then refused.
        let _ = self.send(request).read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |end| end + 4);
        let body = bytes.split_off(end);
        let name_in_lower_case = |line: &str| match line.split_once(": ") {
            Some((name, value)) => format!("{}: {value}", name.to_ascii_lowercase()),
            None => line.to_owned(),
        };
        let head: Vec<_> = String::from_utf8_lossy(&bytes).trim_end().lines().map(name_in_lower_case).collect();
        let head = head.join("\n");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Answer { status, head, body: String::from_utf8_lossy(&body).into_owned(), bytes: body }
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        self.answer(&format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n{headers}\r\n"))
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    /// Waits until the page at `path` holds `part`.
    #[track_caller]
    fn wait_for_page(&self, path: &str, part: &str) -> Answer {
        let end = Instant::now() + DEADLINE;
        loop {
            let answer = self.get(path);
            if answer.body.contains(part) {
                return answer;
            }
            assert!(Instant::now() < end, "{path} never held `{part}`: {} {}", answer.status, answer.body);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Listens as a page at `path` does that is open.
    fn listen(&self, path: &str) -> Events {
        let page = path.replace('/', "%2F");
        let stream =
            self.send(&format!("GET /_fingerpost/events?page={page} HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"));
        Events(BufReader::new(stream))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A folder with these files and one called `content`.
fn folder(files: &[(&str, &str)]) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("fingerpost-serve-{}-{number}", std::process::id()));
    fs::create_dir_all(folder.join("content")).unwrap();
    for (path, text) in files {
        write(&folder.join(path), text);
    }
    folder
}

/// Writes a file in one step, so that no build sees half of it.
fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let unseen = path.with_extension("new~");
    fs::write(&unseen, text).unwrap();
    fs::rename(unseen, path).unwrap();
}

fn spawn(folder: &Path, port: u16) -> (Child, Receiver<String>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fingerpost"));
    command.args(["serve", "--port", &port.to_string()]).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (sender, lines) = mpsc::channel();
    let output = BufReader::new(child.stderr.take().unwrap());
    std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    (child, lines)
}

struct Answer {
    status: u16,
    head: String,
    body: String,
    /// The body as it came.
    bytes: Vec<u8>,
}

impl Answer {
    fn has(&self, header: &str) -> bool {
        self.head.lines().any(|line| line == header)
    }

    /// The value of a header; empty where there is none.
    fn header(&self, name: &str) -> &str {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
    }
}

/// What an open page is told.
struct Events(BufReader<TcpStream>);

impl Events {
    /// The next event: its name and its data.
    #[track_caller]
    fn next(&mut self) -> (String, String) {
        let mut name = String::new();
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).expect("an event comes in time") > 0, "the server hung up");
            if let Some(event) = line.strip_prefix("event: ") {
                event.trim_end().clone_into(&mut name);
            } else if let Some(data) = line.strip_prefix("data: ") {
                return (name, data.trim_end().to_owned());
            }
        }
    }

    /// Waits for an event of this name, and gives its data.
    #[track_caller]
    fn wait_for(&mut self, name: &str) -> String {
        loop {
            let (event, data) = self.next();
            if event == name {
                return data;
            }
        }
    }
}

const HOME: (&str, &str) = ("content/index.md", "---\ntitle: Home\n---\nWelcome.\n");
const SITE: &[(&str, &str)] = &[
    HOME,
    ("content/a.md", "---\ntitle: Alpha\naliases: [/old/]\n---\nFirst text.\n\n![p](p.png)\n"),
    ("content/p.png", "one"),
    ("content/draft.md", "---\ntitle: Unfinished\ndraft: true\n---\nText.\n"),
];

#[test]
fn a_page_is_served_with_its_type_its_policy_and_the_script_that_listens() {
    let server = Server::start(SITE);
    let page = server.get("/a/");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("First text."));
    assert!(page.body.contains("<script src=\"/_fingerpost/reload.js\" data-shown="), "{}", page.body);
    assert!(page.has("content-type: text/html; charset=utf-8"));
    assert!(page.has("cache-control: no-cache"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    assert!(!page.head.contains("access-control"), "{}", page.head);
    assert!(page.body.contains(&format!("http://127.0.0.1:{}/a/", server.port)), "links of the site lead here");

    let again = server.ask("GET", "/a/", &format!("If-None-Match: {}\r\n", page.header("etag")));
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let head = server.ask("HEAD", "/a/", "");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), page.header("content-length"));

    let picture = server.get("/p.png");
    assert_eq!((picture.status, picture.body.as_str()), (200, "one"));
    assert!(picture.has("content-type: image/png"));
    assert!(server.get("/_fingerpost/reload.js").has("content-type: text/javascript; charset=utf-8"));
    assert!(server.get("/draft/").body.contains("Unfinished"), "drafts are shown");
}

#[test]
fn addresses_lead_where_those_of_the_published_site_lead() {
    let server = Server::start(SITE);
    let folder = server.get("/a");
    assert_eq!((folder.status, folder.header("location")), (308, "/a/"));
    let alias = server.get("/old/");
    assert_eq!((alias.status, alias.header("location")), (301, "/a/"));
    let missing = server.get("/b/");
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains("_fingerpost/reload.js"), "the page for what is missing listens too");
}

#[test]
fn a_site_below_a_path_is_served_below_it() {
    let server = Server::start(&[HOME, ("content/site.yaml", "title: T\nbase-url: https://example.org/kb/\n")]);
    let root = server.get("/");
    assert_eq!((root.status, root.header("location")), (307, "/kb/"));
    let home = server.get("/kb/");
    assert_eq!(home.status, 200);
    assert!(home.body.contains(&format!("http://127.0.0.1:{}/kb/", server.port)));
    assert!(!home.body.contains("example.org"));
    assert_eq!(server.get("/index.html").status, 404);
}

#[test]
fn no_request_becomes_a_path() {
    let server = Server::start(&[HOME, ("secret.txt", "secret"), ("content/_hidden.md", "secret")]);
    for path in [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/a/../../secret.txt",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/....//secret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "///etc/passwd",
        "/c:/windows/win.ini",
        "/c%3a/windows/win.ini",
        "/\\\\host\\share",
        "/index.html%00.md",
        "/index.html%00",
        "/index.html::$DATA",
        "/index.html.",
        "/INDEX.HTML",
        "/index.html?/../../secret.txt#",
        "/content/index.md",
        "/content/_hidden.md",
        "/_fingerpost/../secret.txt",
        "/_fingerpost/%2e%2e/secret.txt",
        "/file:///etc/passwd",
        "/secret.txt?raw??",
        "/%ff%fe",
        "/%",
        "/%zz",
        "http://127.0.0.1:PORT/../secret.txt",
        "*",
        "secret.txt",
    ] {
        let answer = server.get(path);
        assert!(!answer.body.contains("secret\n") && !answer.body.contains("root:"), "{path}: {}", answer.body);
        let is_home = path.starts_with("/index.html?");
        let refused = matches!(answer.status, 400 | 404 | 421);
        assert!(if is_home { answer.status == 200 } else { refused }, "{path}: {}", answer.status);
    }
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn a_link_that_takes_the_place_of_an_asset_is_not_followed() {
    let server = Server::start(&[SITE[0], SITE[1], SITE[2], ("secret.txt", "secret")]);
    assert_eq!(server.get("/p.png").status, 200);
    fs::remove_file(server.at("content/p.png")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.txt", server.at("content/p.png")).unwrap();
    let answer = server.get("/p.png");
    assert!(answer.status == 404 && !answer.body.contains("secret"), "{} {}", answer.status, answer.body);
}

/// A site with a file of many different bytes at `/large.bin`, and those bytes.
fn with_large_file() -> (Server, Vec<u8>) {
    let folder = folder(SITE);
    let bytes: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(folder.join("content/large.bin"), &bytes).unwrap();
    (Server::of(folder), bytes)
}

#[test]
fn files_and_pages_are_sent_whole_and_in_parts() {
    let (server, large) = with_large_file();
    for (path, bytes) in [("/large.bin", large), ("/a/", server.get("/a/").bytes)] {
        let length = bytes.len();
        let whole = server.get(path);
        assert!(whole.status == 200 && whole.bytes == bytes, "{path}: {}", whole.head);
        assert_eq!((whole.header("accept-ranges"), whole.header("content-length")), ("bytes", &*length.to_string()));
        let head = server.ask("HEAD", path, "Range: bytes=0-0\r\n");
        let headers = |answer: &Answer| {
            let lines = answer.head.lines().filter(|line| !line.starts_with("date: "));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let same = headers(&whole) == headers(&head) || path == "/large.bin"; // Whose tag grows strong meanwhile.
        assert!(head.status == 200 && head.bytes.is_empty() && same, "{} {}", whole.head, head.head);
        assert_eq!(head.header("content-length"), whole.header("content-length"));

        for (range, part) in [
            ("0-0".to_owned(), 0..1),
            ("-5".to_owned(), length - 5..length),
            (format!("{}-", length - 1), length - 1..length),
            (format!("2-{}", u64::MAX), 2..length),
            ("1-1000".to_owned(), 1..1001),
        ] {
            let answer = server.ask("GET", path, &format!("Range: bytes={range}\r\n"));
            assert!(answer.status == 206 && answer.bytes == bytes[part.clone()], "{path} {range}: {}", answer.head);
            let says = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            assert_eq!(
                (answer.header("content-range"), answer.header("content-length")),
                (&*says, &*part.len().to_string())
            );
            assert!(answer.header("content-type") == whole.header("content-type") && answer.head.contains("\netag: "));
        }
        for range in [format!("{length}-"), "-0".to_owned()] {
            let answer = server.ask("GET", path, &format!("Range: bytes={range}\r\n"));
            assert_eq!(
                (answer.status, answer.header("content-range")),
                (416, &*format!("bytes */{length}")),
                "{range}"
            );
        }
        for range in ["bytes=0-0,2-2", "bytes=2-1", "bytes=x", "lines=0-0"] {
            let answer = server.ask("GET", path, &format!("Range: {range}\r\n"));
            assert!(answer.status == 200 && answer.bytes == bytes, "{path} {range}: {}", answer.head);
        }
    }
    assert!(server.ask("GET", "/nowhere/", "Range: bytes=0-0\r\n").body.contains("No page at this address"));
}

#[test]
fn conditions_hold_for_files_and_pages() {
    let (server, _) = with_large_file();
    let strong = |path: &str| {
        let end = Instant::now() + DEADLINE;
        loop {
            let answer = server.ask("HEAD", path, "");
            if answer.header("etag").starts_with('"') {
                return answer;
            }
            // A file that was written just now may be written again without a trace.
            assert!(answer.header("etag").starts_with("W/\"") && Instant::now() < end, "{}", answer.head);
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    for path in ["/large.bin", "/a/"] {
        let then = strong(path);
        let tag = then.header("etag");
        let status = |headers: &str| server.ask("GET", path, headers).status;
        for known in [tag, &format!("W/{tag}"), "*", &format!("\"x\", W/{tag}"), &format!("\"x,\" , {tag},\"y\"")] {
            let answer = server.ask("GET", path, &format!("If-None-Match: {known}\r\n"));
            assert_eq!((answer.status, answer.bytes.len(), answer.header("etag")), (304, 0, tag), "{known}");
            assert!(answer.has("cache-control: no-cache") && answer.head.contains("\ndate: "), "{}", answer.head);
            assert_eq!(server.ask("HEAD", path, &format!("If-None-Match: {known}\r\n")).status, 304);
        }
        assert_eq!(status("If-None-Match: \"x\", W/\"y\"\r\n"), 200);
        assert_eq!(status(&format!("If-None-Match: \"x\"\r\nIf-None-Match: {tag}\r\n")), 304);
        assert_eq!(status(&format!("If-Match: {tag}\r\n")), 200);
        assert_eq!(status("If-Match: \"x\"\r\n"), 412);
        let range = |if_range: &str| status(&format!("Range: bytes=0-0\r\nIf-Range: {if_range}\r\n"));
        assert_eq!((range(tag), range(&format!("W/{tag}")), range("\"x\"")), (206, 200, 200), "{path}");
    }

    let then = strong("/large.bin");
    let date = then.header("last-modified");
    let since = |headers: &str| server.ask("GET", "/large.bin", headers).status;
    assert_eq!(since(&format!("If-Modified-Since: {date}\r\n")), 304);
    assert_eq!(since("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), 200);
    assert_eq!(since(&format!("If-None-Match: \"x\"\r\nIf-Modified-Since: {date}\r\n")), 200);
    assert_eq!(since("If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), 412);
    assert_eq!(since(&format!("Range: bytes=0-0\r\nIf-Range: {date}\r\n")), 200, "a date is no strong validator");

    fs::write(server.at("content/large.bin"), "other").unwrap();
    let now = server.ask("GET", "/large.bin", &format!("If-None-Match: {}\r\n", then.header("etag")));
    assert_eq!((now.status, now.body.as_str()), (200, "other"));
}

/// What the system says of a server's memory, in kB: `VmRSS` is what it has, `VmHWM` the most that it had.
#[cfg(target_os = "linux")]
fn memory(server: &Server, what: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':')).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// A file that takes no room on the disk.
#[cfg(target_os = "linux")]
fn write_sparse(path: &Path, length: u64) {
    fs::File::create(path).unwrap().set_len(length).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "a measurement of a minute: cargo test --release --test serve -- --ignored --nocapture"]
fn memory_stays_flat_over_twenty_thousand_requests() {
    let folder = folder(&[]);
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    assert!(Command::new("cp").arg("-r").arg(from).arg(&folder).status().unwrap().success());
    write_sparse(&folder.join("content/huge.bin"), 3_000_000_000);
    let server = Server::of(folder);
    let map = server.get("/sitemap.xml").body;
    let pages: Vec<&str> = map.split("<loc>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    let origin = format!("http://127.0.0.1:{}", server.port);
    let paths: Vec<&str> = pages.iter().map(|page| page.strip_prefix(&*origin).unwrap()).collect();
    let ask = |number: usize| match number % 10 {
        0 => server.ask("HEAD", "/huge.bin", "").status,
        1 | 2 => {
            server.ask("GET", "/huge.bin", &format!("Range: bytes={}-{}\r\n", number * 1000, number * 1010)).status
        }
        3 => server.ask("HEAD", paths[number / 10 % paths.len()], "").status,
        _ => server.get(paths[number % paths.len()]).status,
    };
    let ask_all = |numbers: std::ops::Range<usize>| {
        std::thread::scope(|scope| {
            for first in 0..8 {
                let numbers = numbers.clone();
                scope.spawn(move || {
                    for number in numbers.skip(first).step_by(8) {
                        assert!(matches!(ask(number), 200 | 206), "{number}");
                    }
                });
            }
        });
        memory(&server, "VmRSS")
    };
    let (idle, before) = (memory(&server, "VmRSS"), ask_all(0..1000));
    let (after, most) = (ask_all(1000..21_000), memory(&server, "VmHWM"));
    let said = format!("{idle} kB; after 1,000 requests {before}, after 20,000 more {after}, at most {most}");
    writeln!(std::io::stdout(), "{said}").unwrap();
    assert!(after < before + 10_000, "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_huge_file_is_never_in_memory() {
    let folder = folder(SITE);
    let length = 3_000_000_000_u64;
    write_sparse(&folder.join("content/huge.bin"), length);
    let server = Server::of(folder);
    assert_eq!(server.ask("HEAD", "/huge.bin", "").header("content-length"), length.to_string());
    assert_eq!(server.ask("GET", "/huge.bin", "Range: bytes=-10\r\n").bytes, [0; 10]);
    // Some of it is read, and no more.
    let mut stream = server.send("GET /huge.bin HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n");
    stream.read_exact(&mut vec![0; 20_000_000]).unwrap();
    let peak = memory(&server, "VmHWM");
    assert!(peak < 500_000, "{peak} kB");
    // It is cut short: the client must not take what came for all of it.
    fs::File::create(server.at("content/huge.bin")).unwrap();
    let rest = std::io::copy(&mut stream, &mut std::io::sink());
    assert!(rest.map_or(true, |rest| rest < length - 20_000_000));
    assert_eq!(server.get("/a/").status, 200);
}

#[test]
#[cfg(unix)]
fn a_pipe_that_takes_the_place_of_an_asset_is_not_waited_for() {
    let server = Server::start(SITE);
    assert_eq!(server.get("/p.png").status, 200);
    fs::remove_file(server.at("content/p.png")).unwrap();
    assert!(Command::new("mkfifo").arg(server.at("content/p.png")).status().unwrap().success());
    assert_eq!(server.get("/p.png").status, 404);
}

#[test]
fn only_our_own_pages_may_ask() {
    let server = Server::start(SITE);
    let with_host = |host: &str| server.answer(&format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n")).status;
    for host in ["127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:PORT", "[::1]:PORT"] {
        assert_eq!(with_host(&format!("Host: {host}\r\n")), 200, "{host}");
    }
    for host in [
        "example.org",
        "example.org:PORT",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.example.org:PORT",
        "x@localhost:PORT",
        "",
    ] {
        assert_eq!(with_host(&format!("Host: {host}\r\n")), 421, "{host}");
    }
    assert_eq!(with_host(""), 421);
    assert_eq!(with_host("Host: 127.0.0.1:PORT\r\nHost: example.org\r\n"), 421);
    let absolute = "GET http://example.org/ HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n";
    assert_eq!(server.answer(absolute).status, 421);

    let with_origin = |origin: &str| {
        let origin = format!("Origin: {}\r\n", origin.replace("PORT", &server.port.to_string()));
        let answer = server.ask("GET", "/_fingerpost/reload.js", &origin);
        assert!(!answer.head.contains("access-control"), "{}", answer.head);
        answer.status
    };
    assert_eq!(with_origin("http://localhost:PORT"), 200);
    for origin in [
        "http://example.org",
        "null",
        "https://localhost:PORT",
        "http://localhost:1",
        "http://localhost:PORT.example.org",
    ] {
        assert_eq!(with_origin(origin), 403, "{origin}");
    }
}

#[test]
fn pages_of_others_get_nothing_but_links_to_here_work() {
    let server = Server::start(SITE);
    let with = |site: &str, mode: &str, dest: &str| {
        let said = format!("Sec-Fetch-Site: {site}\r\nSec-Fetch-Mode: {mode}\r\nSec-Fetch-Dest: {dest}\r\n");
        server.ask("GET", "/", &said).status
    };
    for site in ["same-origin", "none"] {
        assert_eq!(with(site, "no-cors", "image"), 200, "{site}");
        assert_eq!(with(site, "navigate", "iframe"), 200, "{site}");
    }
    for site in ["cross-site", "same-site", "anything"] {
        for (mode, dest) in [("no-cors", "script"), ("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe")] {
            assert_eq!(with(site, mode, dest), 403, "{site} {mode} {dest}");
        }
        assert_eq!(with(site, "navigate", "document"), 200, "{site}");
    }
    assert_eq!(server.ask("GET", "/", "Sec-Fetch-Site: cross-site\r\n").status, 403);
    assert_eq!(server.ask("GET", "/", "").status, 200, "not every program says it");
}

#[test]
fn other_methods_and_endless_requests_are_refused() {
    let server = Server::start(&[HOME]);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO"] {
        let answer = server.ask(method, "/", "");
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method}");
    }
    let long = "a".repeat(100_000);
    assert!(matches!(server.get(&format!("/{long}")).status, 0 | 400 | 414 | 431));
    assert!(matches!(server.ask("GET", "/", &format!("X: {long}\r\n")).status, 0 | 400 | 431));
    assert!(matches!(server.ask("GET", "/", &"X: y\r\n".repeat(1000)).status, 0 | 400 | 431));
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn an_edit_changes_the_page_and_tells_those_that_show_it() {
    let server = Server::start(SITE);
    let (mut alpha, mut home) = (server.listen("/a/"), server.listen("/"));
    let (name, state) = alpha.next();
    assert_eq!(name, "state");
    assert!(state.contains("\"problems\":null"), "{state}");
    let shown = state.split("\"shown\":\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(server.get("/a/").body.contains(&format!("data-shown=\"{shown}\"")), "{state}");
    assert_eq!(home.next().0, "state");

    server.write("content/a.md", "---\ntitle: Alpha\naliases: [/old/]\n---\nSecond text.\n\n![p](p.png)\n");
    assert_eq!(alpha.next().0, "page");
    assert_eq!(home.next().0, "state", "a page with the same bytes need not load again");
    assert!(server.get("/a/").body.contains("Second text."));
    assert!(server.wait_for("content/a.md: ").contains("1 open page changed in "));

    server.write("content/p.png", "two");
    assert!(alpha.wait_for("files").contains("[\"/p.png\"]"));
    assert_eq!(server.get("/p.png").body, "two");

    server.write("content/new/page.md", "# New page\n");
    server.wait_for_page("/new/page/", "New page");
    assert_eq!(alpha.next().0, "page", "its contents list names the new page");

    fs::rename(server.at("content/new"), server.at("content/newer")).unwrap();
    server.wait_for_page("/newer/page/", "New page");
    server.wait_for_page("/new/page/", "No page at this address");
    fs::remove_dir_all(server.at("content/newer")).unwrap();
    server.wait_for_page("/newer/page/", "No page at this address");
}

#[test]
fn pages_are_shown_while_the_content_has_errors() {
    let server = Server::start(SITE);
    let mut events = server.listen("/a/");
    assert_eq!(events.next().0, "state");
    server.write("content/a.md", "---\ntitle: Alpha\n---\nTo [[nowhere]] & <b>.\n");
    let data = events.wait_for("page");
    assert!(data.contains("\"count\":\"1 error\""), "{data}");
    assert!(data.contains("\"first\":\"content/a.md:4:6: no page named `nowhere`\""), "{data}");
    let page = server.get("/a/");
    assert!(page.status == 200 && page.body.contains("nowhere"), "{} {}", page.status, page.body);
    let list = server.get("/_fingerpost/findings");
    assert_eq!(list.status, 200);
    assert!(list.body.contains("error[FP0301]: no page named `nowhere`\n --&gt; content/a.md:4:6"), "{}", list.body);
    assert!(list.body.contains("&amp; &lt;b&gt;"), "{}", list.body);
    assert!(list.header("content-security-policy").starts_with("default-src 'none'"));
    server.wait_for("no page named `nowhere`");
    server.wait_for("content/a.md: errors in ");

    // A page that is opened now is told at once, and the list follows too.
    let (name, state) = server.listen("/").next();
    assert_eq!(name, "state");
    assert!(state.contains("no page named `nowhere`"), "{state}");
    let mut list = server.listen("/_fingerpost/findings");
    assert_eq!(list.next().0, "state");

    server.write("content/a.md", "---\ntitle: Alpha\n---\nThird text.\n");
    assert!(events.wait_for("page").contains("\"problems\":null"));
    assert_eq!(list.next().0, "page");
    assert!(server.wait_for("content/a.md: fixed; ").contains("open pages changed"));
    assert!(server.get("/a/").body.contains("Third text."));
}

#[test]
fn a_document_of_the_content_that_is_refused_runs_nothing_here_either() {
    let active = "<html xmlns=\"http://www.w3.org/1999/xhtml\"><script src=\"/evil.js\"/></html>";
    let names = ["x.xml", "x.html", "x.svg", "x.odd", "y.html."];
    let mut files: Vec<(String, &str)> = names.iter().map(|name| (format!("content/{name}"), active)).collect();
    files.push(("content/index.md".to_owned(), "# Home\n"));
    files.push(("content/evil.js".to_owned(), "alert(1)"));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let server = Server::start(&files);
    for name in ["x.xml", "x.html", "x.svg", "x.odd", "y.html"] {
        let answer = server.get(&format!("/{name}"));
        assert_eq!(answer.status, 200, "{name}");
        assert!(answer.header("content-security-policy").ends_with("; sandbox"), "{name}: {}", answer.head);
        assert!(answer.has("x-content-type-options: nosniff"), "{name}: {}", answer.head);
    }
}

#[test]
fn a_page_that_cannot_be_made_shows_the_findings_alone() {
    let broken = ("themes/default/templates/page.html", "{{ page.title | nth(n=page.words) }}");
    let server = Server::start(&[HOME, ("content/a.md", "# A\n\nGood text.\n"), broken]);
    let page = server.get("/a/");
    assert_eq!(page.status, 500);
    assert!(page.body.contains("This page cannot be made") && page.body.contains("FP060"), "{}", page.body);
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(server.get("/").status, 200, "others are shown");
    let mut events = server.listen("/a/");
    assert_eq!(events.next().0, "state");
    fs::remove_file(server.at(broken.0)).unwrap();
    assert_eq!(events.wait_for("page").matches("\"problems\":null").count(), 1);
    assert!(server.get("/a/").body.contains("Good text."));
}

#[test]
fn a_template_for_missing_pages_that_fails_is_shown_in_their_place() {
    let server = Server::start(&[HOME, ("themes/default/templates/404.html", "{{ page.title | nth(n=page.words) }}")]);
    let page = server.get("/nowhere/");
    assert_eq!(page.status, 500);
    assert!(page.body.contains("This page cannot be made") && page.body.contains("404.html:1:"), "{}", page.body);
}

#[test]
fn what_an_edit_of_a_page_does_to_templates_is_found_and_goes_again() {
    let own = ("themes/default/templates/own.html", "{{ page.extra.loaves | first }}");
    let server = Server::start(&[HOME, ("content/a.md", "# A\n\nText.\n"), own]);
    let mut events = server.listen("/");
    assert!(events.next().1.contains("\"problems\":null"));
    server.write("content/a.md", "---\ntemplate: none.html\n---\n# A\n");
    server.wait_for_page("/_fingerpost/findings", "the theme has no template `none.html`");
    server.write("content/a.md", "---\ntemplate: own.html\n---\n# A\n");
    server.wait_for_page("/_fingerpost/findings", "themes/default/templates/own.html:1:");
    assert_eq!(server.get("/a/").status, 500);
    server.write("content/a.md", "---\ntemplate: own.html\nextra: {loaves: [rye]}\n---\n# A\n");
    server.wait_for_page("/_fingerpost/findings", "no findings");
    assert!(server.get("/a/").body.contains("rye"));
}

#[test]
fn the_search_index_is_made_when_it_is_asked_for() {
    let server = Server::start(SITE);
    let root = server.get("/search/root.bin");
    assert_eq!(root.status, 200);
    assert!(root.header("content-length").parse::<usize>().unwrap() > 100);
    assert_eq!(server.get("/search/parts/none.bin").status, 404);
    server.write("content/a.md", "# Alpha\n\nEntirely other words.\n");
    server.wait_for_page("/a/", "Entirely other words.");
    assert_ne!(server.get("/search/root.bin").header("etag"), root.header("etag"));
}

#[test]
fn a_style_sheet_is_swapped_and_a_template_is_not() {
    let server = Server::start(&[HOME, ("themes/default/css/99-own.css", "p{color:red}")]);
    let (mut home, mut missing) = (server.listen("/"), server.listen("/missing/"));
    assert_eq!((home.next().0, missing.next().0), ("state".to_owned(), "state".to_owned()));
    server.write("themes/default/css/99-own.css", "p{color:blue}");
    let data = home.wait_for("style");
    let page = server.get("/").body;
    let link = page.split('"').find(|part| part.starts_with("/assets/site.") && part.ends_with(".css")).unwrap();
    assert!(data.contains(&format!(":\"{link}\"}}")), "{data} {link}");
    assert!(server.get(link).body.contains("blue"));
    assert_eq!(missing.next().0, "style");
    server.write("themes/default/templates/404.html", "<p>Not here</p>");
    assert_eq!((missing.next().0, home.next().0), ("page".to_owned(), "state".to_owned()));
}

#[test]
fn a_folder_that_is_gone_is_served_again_when_it_is_back() {
    let server = Server::start(SITE);
    let mut events = server.listen("/a/");
    assert!(events.next().1.contains("\"problems\":null"));
    fs::rename(server.at("content"), server.at("away")).unwrap();
    assert!(events.wait_for("state").contains("there is no folder `content`"));
    assert!(server.get("/a/").body.contains("First text."));
    write(&server.at("away/a.md"), "# Alpha\n\nNew text.\n");
    fs::rename(server.at("away"), server.at("content")).unwrap();
    server.wait_for_page("/a/", "New text.");
    server.write("content/a.md", "# Alpha\n\nNewer text.\n");
    server.wait_for_page("/a/", "Newer text.");
}

#[test]
fn a_theme_that_comes_later_is_seen() {
    let server = Server::start(&[HOME]);
    server.write("themes/default/templates/404.html", "<p>Not here at all</p>");
    server.wait_for_page("/missing", "Not here at all");
    server.write("themes/default/templates/404.html", "<p>Nor here</p>");
    server.wait_for_page("/missing", "Nor here");
}

#[test]
fn an_edit_of_the_settings_reaches_the_theme() {
    let words = ("themes/default/strings/de.yaml", "search: Suche\n");
    let server = Server::start(&[HOME, words]);
    server.write("content/site.yaml", "language: de\n");
    server.wait_for_page("/", "Suche");
    server.write("content/site.yaml", "language: en\n\n\ntheme: none\n");
    server.wait_for_page("/_fingerpost/findings", "content/site.yaml:4:8");
    server.write("content/site.yaml", "theme: none\n");
    server.wait_for_page("/_fingerpost/findings", "content/site.yaml:1:8");
}

/// Runs git in a folder, on a day in 2024.
fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]).args(arguments);
    git.current_dir(folder).env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
    git.env("GIT_AUTHOR_DATE", "2024-05-06T12:00:00Z").stdout(Stdio::null()).stderr(Stdio::null());
    assert!(git.status().unwrap().success());
}

#[test]
fn commits_give_dates_while_the_site_is_served() {
    if Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let folder = folder(&[("content/a.md", "# Alpha\n\nText.\n")]);
    git(&folder, &["init", "-q"]);
    let server = Server::of(folder);
    assert!(!server.get("/a/").body.contains("2024"));
    git(&server.folder, &["add", "content"]);
    git(&server.folder, &["commit", "-q", "-m", "one"]);
    server.wait_for("new commits: ");
    assert!(server.get("/a/").body.contains("2024"));
}

#[test]
fn dates_that_are_missed_are_said_until_a_repository_is_there() {
    if Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let server = Server::start(&[("content/a.md", "# Alpha\n"), ("content/site.yaml", "title: T\ndates: git\n")]);
    assert!(server.get("/_fingerpost/findings").body.contains("the site lies in no repository"));
    git(&server.folder, &["init", "-q"]);
    git(&server.folder, &["add", "content"]);
    git(&server.folder, &["commit", "-q", "-m", "one"]);
    server.write("content/a.md", "# Alpha\n\nEdited.\n");
    server.wait_for_page("/_fingerpost/findings", "no findings");
    assert!(server.wait_for_page("/a/", "Edited.").body.contains("2024"));
    // From now on it is followed.
    server.write("content/b.md", "# Beta\n");
    git(&server.folder, &["add", "content"]);
    git(&server.folder, &["commit", "-q", "-m", "two"]);
    server.wait_for_page("/b/", "2024");
}

#[test]
fn a_port_that_is_taken_is_named_with_the_next_to_try() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = std::env::temp_dir();
    let (mut child, lines) = spawn(&folder, port);
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let said: Vec<String> = lines.iter().collect();
    let next = port.wrapping_add(1);
    assert_eq!(said[0], format!("error: port {port} is taken on 127.0.0.1"));
    assert!(said[1].contains(&format!("try `--port {next}`")), "{said:?}");
}

#[test]
fn a_folder_without_a_site_is_refused() {
    let folder = std::env::temp_dir().join(format!("fingerpost-serve-none-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (mut child, lines) = spawn(&folder, 0);
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(lines.recv().unwrap().contains("there is no folder `content`"));
    fs::remove_dir(&folder).unwrap();
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_it_even_while_pages_are_open() {
    use std::os::unix::process::ExitStatusExt as _;
    let mut server = Server::start(SITE);
    let mut events = server.listen("/");
    assert_eq!(events.next().0, "state");
    assert!(Command::new("kill").args(["-INT", &server.child.id().to_string()]).status().unwrap().success());
    assert_eq!(server.child.wait().unwrap().signal(), Some(2));
    assert!(!server.at("public").exists(), "nothing is written");
}
