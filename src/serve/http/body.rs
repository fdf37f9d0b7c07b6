//! Bodies of answers: bytes that are there, a file that is read while it is sent, events as they happen.
//!
//! Of a file, no more is in memory than the client is about to take: the next piece is read when hyper asks for it, and
//! hyper asks when the last one is on its way.

use std::fs::{File, Metadata};
use std::future::Future as _;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::failure::Failure;
use crate::write;

/// How much of a file is read at once.
const CHUNK: u64 = 64 * 1024;

/// What there is to answer with, before it is known how much of it is wanted.
pub(super) enum Representation {
    Bytes(Bytes),
    File(OpenFile),
    Events(mpsc::Receiver<Bytes>),
}

impl From<Bytes> for Representation {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

/// A file of the site, and what was known of it when it was opened.
pub(super) struct OpenFile {
    file: File,
    pub(super) metadata: Metadata,
}

impl OpenFile {
    /// Opens a file that the build named, unless it is a link by now. Nothing of it is read.
    pub(super) fn open(root: &Path, path: &str) -> Result<Self, Failure> {
        let place = write::regular_file(root, path)?;
        let cannot = |error: io::Error| Failure::io("read", &place, &error);
        let mut options = File::options();
        options.read(true);
        // Should a link or a pipe have taken its place since, it is not followed, nor waited for.
        #[cfg(target_os = "linux")]
        {
            use std::os::unix::fs::OpenOptionsExt as _;

            use rustix::fs::OFlags;
            options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
        }
        let file = options.open(&place).map_err(cannot)?;
        let metadata = file.metadata().map_err(cannot)?;
        if metadata.is_file() { Ok(Self { file, metadata }) } else { Err(cannot(ErrorKind::InvalidInput.into())) }
    }
}

/// The body of an answer.
pub(super) enum ResponseBody {
    Whole(Option<Bytes>),
    File(FileReader),
    Events(mpsc::Receiver<Bytes>),
}

impl ResponseBody {
    pub(super) fn empty() -> Self {
        Self::Whole(None)
    }

    /// These bytes of a representation.
    pub(super) fn part(of: Representation, range: Range<u64>) -> Self {
        match of {
            Representation::Bytes(bytes) => {
                let place = |at| usize::try_from(at).unwrap_or(bytes.len()).min(bytes.len());
                let part = bytes.slice(place(range.start)..place(range.end));
                Self::Whole(Some(part).filter(|part| !part.is_empty()))
            }
            Representation::File(open) => Self::File(FileReader { left: range, state: ReadState::Idle(open.file) }),
            Representation::Events(events) => Self::Events(events),
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::File(reader) => reader.poll(cx).map(|read| read.map(|read| read.map(Frame::data))),
            Self::Events(events) => events.poll_recv(cx).map(|event| event.map(|event| Ok(Frame::data(event)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_none(),
            Self::File(reader) => reader.left.is_empty(),
            Self::Events(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::File(reader) => SizeHint::with_exact(reader.left.end - reader.left.start),
            Self::Events(_) => SizeHint::default(),
        }
    }
}

/// A part of a file that is being sent.
pub(super) struct FileReader {
    /// The bytes that are still to be read.
    left: Range<u64>,
    state: ReadState,
}

enum ReadState {
    Idle(File),
    /// Elsewhere, for a disk may be slow.
    Reading(JoinHandle<io::Result<(File, Bytes)>>),
    /// It could not be read; the connection ends, so that nobody takes what came for all of it.
    Failed,
}

impl FileReader {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            match std::mem::replace(&mut self.state, ReadState::Failed) {
                ReadState::Idle(_) if self.left.is_empty() => return Poll::Ready(None),
                ReadState::Idle(file) => {
                    let next = self.left.start..self.left.end.min(self.left.start.saturating_add(CHUNK));
                    self.state = ReadState::Reading(tokio::task::spawn_blocking(move || read(file, next)));
                }
                ReadState::Reading(mut reading) => {
                    let Poll::Ready(read) = Pin::new(&mut reading).poll(cx) else {
                        self.state = ReadState::Reading(reading);
                        return Poll::Pending;
                    };
                    let (file, bytes) = match read.map_err(io::Error::other).flatten() {
                        Ok(read) => read,
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    };
                    self.left.start += bytes.len() as u64;
                    self.state = ReadState::Idle(file);
                    return Poll::Ready(Some(Ok(bytes)));
                }
                ReadState::Failed => return Poll::Ready(None),
            }
        }
    }
}

/// Reads these bytes of a file, all of them.
fn read(mut file: File, range: Range<u64>) -> io::Result<(File, Bytes)> {
    let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(range.start))?;
    file.read_exact(&mut bytes)?;
    Ok((file, bytes.into()))
}
