//! GET requests to an engine. HTTP 1.0 suffices: the answer ends where the engine closes the connection.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Where an engine listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A unix socket.
    Unix(PathBuf),
    /// `host:port`, without TLS.
    Tcp(String),
    /// `host:port` behind TLS, where both sides show a certificate.
    #[cfg(feature = "tls")]
    Tls(super::tls::Tls),
}

impl Endpoint {
    /// Reads an address as in `DOCKER_HOST`. `ssh://` would run a program, and is refused.
    pub fn parse(address: &str) -> Result<Self, String> {
        if let Some(path) = address.strip_prefix("unix://") {
            return Ok(Self::Unix(PathBuf::from(path)));
        }
        if let Some(host) = address.strip_prefix("tcp://").or_else(|| address.strip_prefix("http://")) {
            let host = host.trim_end_matches('/');
            let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
            return Ok(Self::Tcp(if has_port { host.to_owned() } else { format!("{host}:2375") }));
        }
        if address.starts_with('/') {
            return Ok(Self::Unix(PathBuf::from(address)));
        }
        let instead = "run `plimsoll host collect` on the engine's own host";
        Err(format!("engines at `{address}` cannot be asked, only those at unix:// and tcp://: {instead}"))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Tcp(host) => write!(f, "tcp://{host}"),
            #[cfg(feature = "tls")]
            Self::Tls(tls) => write!(f, "tcp://{}", tls.host),
        }
    }
}

/// An engine's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// A connection whose reads and writes end in time.
pub(super) trait Connection: Read + Write + Send {
    fn patience(&self, time: Duration) -> io::Result<()>;
}

#[cfg(unix)]
impl Connection for UnixStream {
    fn patience(&self, time: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(time))?;
        self.set_write_timeout(Some(time))
    }
}

impl Connection for TcpStream {
    fn patience(&self, time: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(time))?;
        self.set_write_timeout(Some(time))
    }
}

fn dial(host: &str, timeout: Duration) -> io::Result<TcpStream> {
    let address = host.to_socket_addrs()?.next().ok_or(io::ErrorKind::NotFound)?;
    TcpStream::connect_timeout(&address, timeout)
}

/// Connects, and sends the request for a path.
fn request(endpoint: &Endpoint, path: &str, timeout: Duration) -> io::Result<Box<dyn Connection>> {
    let mut stream: Box<dyn Connection> = match endpoint {
        #[cfg(unix)]
        Endpoint::Unix(path) => Box::new(UnixStream::connect(path)?),
        #[cfg(not(unix))]
        Endpoint::Unix(_) => return Err(io::ErrorKind::Unsupported.into()),
        Endpoint::Tcp(host) => Box::new(dial(host, timeout)?),
        #[cfg(feature = "tls")]
        Endpoint::Tls(tls) => {
            let stream = dial(&tls.host, timeout)?;
            stream.patience(timeout)?;
            Box::new(tls.over(stream)?)
        }
    };
    stream.patience(timeout)?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: docker\r\nUser-Agent: plimsoll\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    Ok(stream)
}

/// Asks for a path. The whole request takes no longer than `timeout`, and its answer is no larger than `largest` bytes.
pub(crate) fn get(endpoint: &Endpoint, path: &str, timeout: Duration, largest: u64) -> io::Result<Response> {
    let deadline = Instant::now() + timeout;
    let mut stream = request(endpoint, path, timeout)?;
    let bytes = read_until(stream.as_mut(), deadline, largest)?;
    parse(bytes).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "this is no answer of an engine"))
}

fn read_until(stream: &mut dyn Connection, deadline: Instant, largest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    // An engine that sends a byte now and then is cut off too: the time is that of the whole answer.
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.patience(left)?;
        match read_some(stream, &mut chunk)? {
            0 => return Ok(bytes),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
        if bytes.len() as u64 > largest {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the answer is too large"));
        }
    }
}

fn read_some(stream: &mut dyn Connection, chunk: &mut [u8]) -> io::Result<usize> {
    loop {
        match stream.read(chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(io::ErrorKind::TimedOut.into()),
            read => return read,
        }
    }
}

/// An image as the engine exports it: an archive as `docker save` writes it, read as it comes.
pub struct Export {
    stream: Box<dyn Connection>,
    /// What came together with the answer's head.
    first: io::Cursor<Vec<u8>>,
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export").finish_non_exhaustive()
    }
}

impl Read for Export {
    fn read(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
        match self.first.read(chunk)? {
            0 => read_some(self.stream.as_mut(), chunk),
            count => Ok(count),
        }
    }
}

/// Has the engine export an image, by its name or id; nothing changes there. Errors: an engine that does not answer or
/// has no such image. No single wait takes longer than `timeout`; engines pack all layers before they send the first.
pub fn export(endpoint: &Endpoint, image: &str, timeout: Duration) -> io::Result<Export> {
    const LONGEST_HEAD: usize = 1 << 16;
    let invalid = |message: &str| io::Error::new(io::ErrorKind::InvalidData, message);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
    if image.is_empty() || !image.bytes().all(is_name) || image.split('/').any(|part| part == ".." || part == ".") {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no name of an image"));
    }
    let mut stream = request(endpoint, &format!("/images/{image}/get"), timeout)?;
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 1 << 12];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        let count = read_some(stream.as_mut(), &mut chunk)?;
        if count == 0 || bytes.len() > LONGEST_HEAD {
            return Err(invalid("this is no answer of an engine"));
        }
        bytes.extend_from_slice(&chunk[..count]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    match status(head.lines().next().unwrap_or_default()) {
        Some(200) if !head.to_ascii_lowercase().contains("transfer-encoding") => {}
        Some(404) => return Err(io::Error::new(io::ErrorKind::NotFound, "there is no such image")),
        Some(status) if status != 200 => return Err(invalid(&format!("the engine answered with status {status}"))),
        Some(_) | None => return Err(invalid("this is no answer of an engine")),
    }
    Ok(Export { stream, first: io::Cursor::new(bytes.split_off(end + 4)) })
}

/// The status in an answer's first line.
fn status(line: &str) -> Option<u16> {
    line.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()
}

/// Status and body; nothing where the bytes are no answer, or fewer than it announces.
fn parse(mut bytes: Vec<u8>) -> Option<Response> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = status(lines.next()?)?;
    let mut length = None;
    for line in lines {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse::<usize>().ok()?);
        }
        if name.eq_ignore_ascii_case("transfer-encoding") {
            return None;
        }
    }
    bytes.drain(..end + 4);
    match length {
        Some(length) if length > bytes.len() => return None,
        Some(length) => bytes.truncate(length),
        None => {}
    }
    Some(Response { status, body: String::from_utf8(bytes).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let text = b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\nApi-Version: 1.41\r\n\r\n{}";
        assert_eq!(parse(text.to_vec()), Some(Response { status: 200, body: "{}".to_owned() }));
        assert_eq!(parse(text[..text.len() - 1].to_vec()), None);
        assert_eq!(parse(b"HTTP/1.1 503 X\r\n\r\nno".to_vec()).map(|answer| answer.status), Some(503));
        for text in
            [&b""[..], b"HTTP/1.0 200", b"SSH-2.0\r\n\r\n", b"HTTP/1.0 xyz OK\r\n\r\n", b"HTTP/1.0 200 OK\r\n\r\n\xff"]
        {
            assert_eq!(parse(text.to_vec()), None);
        }
    }

    #[test]
    fn addresses() {
        assert_eq!(Endpoint::parse("unix:///a"), Ok(Endpoint::Unix("/a".into())));
        assert_eq!(Endpoint::parse("tcp://h"), Ok(Endpoint::Tcp("h:2375".to_owned())));
        assert!(Endpoint::parse("ssh://h").is_err());
    }
}
