//! Reads inputs as text. Only regular files are opened, and never more than the limit is read.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// The most bytes that an input may have.
pub(crate) const LIMIT: u64 = 32 << 20;

/// Why an input is no text that could be checked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ReadError {
    /// The line, from 1, where there is one.
    pub(crate) line: Option<u32>,
    /// One line for a person.
    pub(crate) message: String,
}

/// Reads a file. Its kind and size are looked at before it is opened: opening a FIFO would block, opening a device
/// can do anything.
pub(crate) fn read_file(path: &Path) -> Result<String, ReadError> {
    let metadata = std::fs::metadata(path).map_err(io_error)?;
    if let Some(kind) = irregular(&metadata) {
        return Err(fail(format!("is {kind}, not a regular file")));
    }
    if metadata.len() > LIMIT {
        return Err(too_large());
    }
    let mut file = File::open(path).map_err(io_error)?;
    let size = usize::try_from(metadata.len()).unwrap_or_default();
    // Nearly every file is read whole by one call: it gives less than was asked for, and as much as was to come.
    let mut bytes = vec![0; size + 1];
    let read = file.read(&mut bytes).map_err(io_error)?;
    bytes.truncate(read);
    if read != size {
        bytes = read_limited(bytes.as_slice().chain(file), 2 * size)?;
    }
    decode(bytes)
}

/// Reads a file that is no input to be linted: only its kind, its size and that it is UTF-8 matter.
pub(crate) fn read_regular(path: &Path, limit: u64) -> Result<String, String> {
    let metadata = std::fs::metadata(path).map_err(|error| io_message(&error))?;
    if let Some(what) = irregular(&metadata) {
        return Err(format!("this is {what}, not a file"));
    }
    if metadata.len() > limit {
        return Err("the file is too large".to_owned());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    let file = File::open(path).map_err(|error| io_message(&error))?;
    file.take(limit).read_to_end(&mut bytes).map_err(|error| io_message(&error))?;
    String::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_owned())
}

/// Reads standard input.
pub(crate) fn read_stdin() -> Result<String, ReadError> {
    decode(read_limited(io::stdin().lock(), 0)?)
}

/// What a file is that is not a regular one, with its article.
pub(crate) fn irregular(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return None;
    }
    if kind.is_dir() {
        return Some("a folder");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Some("a FIFO");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
        if kind.is_block_device() || kind.is_char_device() {
            return Some("a device");
        }
    }
    Some("something else")
}

/// An error of the operating system in its own words, without the path, which stands beside it.
pub(crate) fn io_message(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn read_limited(source: impl Read, size: usize) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::with_capacity(size + 1);
    source.take(LIMIT + 1).read_to_end(&mut bytes).map_err(io_error)?;
    if bytes.len() as u64 > LIMIT { Err(too_large()) } else { Ok(bytes) }
}

fn decode(bytes: Vec<u8>) -> Result<String, ReadError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(ReadError {
            line: Some(1),
            message: "not UTF-8: begins with the byte order mark of UTF-16".to_owned(),
        });
    }
    // Nearly no file has one, and looking for a byte is faster than looking for its place.
    let nul = bytes.contains(&0).then(|| bytes.iter().position(|&byte| byte == 0)).flatten();
    let text = String::from_utf8(bytes);
    let (bytes, foreign) = match &text {
        Ok(text) => (text.as_bytes(), None),
        Err(error) => (error.as_bytes(), Some(error.utf8_error().valid_up_to())),
    };
    // What comes first is what a person should look at.
    match (nul, foreign) {
        (Some(nul), foreign) if foreign.is_none_or(|foreign| nul < foreign) => Err(nul_error(bytes, nul)),
        (_, Some(foreign)) => Err(utf8_error(bytes, foreign)),
        (_, None) => text.map_err(|_| fail("not UTF-8".to_owned())),
    }
}

fn utf8_error(bytes: &[u8], at: usize) -> ReadError {
    let byte = bytes.get(at).copied().unwrap_or_default();
    ReadError { line: Some(line_at(bytes, at)), message: format!("not UTF-8: byte 0x{byte:02x} at offset {at}") }
}

fn nul_error(bytes: &[u8], at: usize) -> ReadError {
    ReadError { line: Some(line_at(bytes, at)), message: format!("not a text file: NUL byte at offset {at}") }
}

fn line_at(bytes: &[u8], offset: usize) -> u32 {
    bytes.iter().take(offset).filter(|&&byte| byte == b'\n').count() as u32 + 1
}

fn io_error(error: io::Error) -> ReadError {
    fail(io_message(&error))
}

fn too_large() -> ReadError {
    fail(format!("larger than the limit of {} MiB", LIMIT >> 20))
}

fn fail(message: String) -> ReadError {
    ReadError { line: None, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bad_byte_is_named() {
        let message = |bytes: &[u8]| decode(bytes.to_vec()).map_err(|error| (error.line, error.message));
        assert_eq!(message("\u{feff}FROM é\r\n".as_bytes()), Ok("\u{feff}FROM é\r\n".to_owned()));
        assert_eq!(message(b"a\nb\xff\0"), Err((Some(2), "not UTF-8: byte 0xff at offset 3".to_owned())));
        assert_eq!(message(b"a\n\0\xff"), Err((Some(2), "not a text file: NUL byte at offset 2".to_owned())));
        assert_eq!(message(b"\0"), Err((Some(1), "not a text file: NUL byte at offset 0".to_owned())));
        assert_eq!(message(b"\xff\xfeF\0").map_err(|error| error.0), Err(Some(1)));
    }

    #[test]
    fn the_limit_holds_for_streams() {
        assert!(read_limited(io::repeat(b'a').take(LIMIT), 0).is_ok());
        assert_eq!(read_limited(io::repeat(b'a'), 0), Err(too_large()));
    }
}
