//! Compressed streams, bounded: gzip with all its members, zstd with all its frames.

use crate::buffer::Buffer;
use crate::limits::{Budget, Limits, within};
use crate::{Error, ErrorKind, Limit};
use flate2::bufread::GzDecoder;
use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, Read};

/// How bytes are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Gzip,
    Zstd,
    /// A coding that is known by its mark and not read.
    Other(&'static str),
}

/// The coding that the first bytes tell; `None` for plain bytes.
pub(crate) fn coding(first: &[u8]) -> Option<Coding> {
    match first {
        [0x1f, 0x8b, ..] => Some(Coding::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Coding::Zstd),
        [0xfd, b'7', b'z', b'X', ..] => Some(Coding::Other("xz")),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Coding::Other("bzip2")),
        [0x04, 0x22, 0x4d, 0x18, ..] => Some(Coding::Other("lz4")),
        _ => None,
    }
}

/// The decoded form of a stream whose coding its first bytes tell; plain bytes pass as they are.
pub(crate) struct Decoded<'a, R> {
    state: State<R>,
    budget: &'a Budget,
    /// How many bytes have come out.
    count: u64,
    trailing: bool,
}

enum State<R> {
    Plain(Buffer<R>),
    Gzip(Box<GzDecoder<Buffer<R>>>),
    Zstd(Box<Zstd<R>>),
    /// After the end of compressed data.
    Ended(Buffer<R>),
    /// For a moment, while the state changes.
    Taken,
}

struct Zstd<R> {
    frame: FrameDecoder,
    stored: Buffer<R>,
    /// How much of the frame may still be decoded: less than all of it where its window is larger than the limit.
    left: u64,
    /// The limit that `left` comes from.
    window: u64,
}

impl<'a, R: Read> Decoded<'a, R> {
    pub(crate) fn new(mut stored: Buffer<R>, budget: &'a Budget) -> Result<Self, Error> {
        let state = match coding(stored.fill(4)?) {
            None => State::Plain(stored),
            Some(Coding::Gzip) => State::Gzip(Box::new(GzDecoder::new(stored))),
            Some(Coding::Zstd) => next_zstd(stored, FrameDecoder::new(), &budget.limits)?,
            Some(Coding::Other(name)) => {
                return Err(Error::new(ErrorKind::Unsupported, format!("compressed with {name}, which is not read")));
            }
        };
        Ok(Self { state, budget, count: 0, trailing: false })
    }

    /// Reads what follows compressed data, and tells whether it is anything but zeros.
    pub(crate) fn finish(mut self) -> Result<(R, bool), Error> {
        let mut rest = match self.state {
            State::Plain(stored) | State::Ended(stored) => stored,
            State::Gzip(decoder) => decoder.into_inner(),
            State::Zstd(zstd) => zstd.stored,
            State::Taken => return Err(Error::corrupt("the compressed data are malformed")),
        };
        loop {
            let bytes = rest.fill(1)?;
            if bytes.is_empty() {
                return Ok((rest.into_inner(), self.trailing));
            }
            self.trailing |= bytes.iter().any(|&byte| byte != 0);
            let count = bytes.len();
            rest.consume(count);
        }
    }

    /// Goes on after a gzip member or zstd frame: to the next one, else to the end.
    fn next_part(&mut self) -> Result<(), Error> {
        self.state = match std::mem::replace(&mut self.state, State::Taken) {
            State::Gzip(decoder) => {
                let mut stored = decoder.into_inner();
                match coding(stored.fill(4)?) {
                    Some(Coding::Gzip) => State::Gzip(Box::new(GzDecoder::new(stored))),
                    _ => State::Ended(stored),
                }
            }
            State::Zstd(zstd) => {
                let mut zstd = *zstd;
                match coding(zstd.stored.fill(4)?) {
                    Some(Coding::Zstd) => next_zstd(zstd.stored, zstd.frame, &self.budget.limits)?,
                    _ => State::Ended(zstd.stored),
                }
            }
            other => other,
        };
        Ok(())
    }

    fn stored_count(&self) -> u64 {
        match &self.state {
            State::Plain(stored) | State::Ended(stored) => stored.consumed(),
            State::Gzip(decoder) => decoder.get_ref().consumed(),
            State::Zstd(zstd) => zstd.stored.consumed(),
            State::Taken => 0,
        }
    }

    fn within_ratio(&self) -> Result<(), Error> {
        let ratio = self.budget.limits.ratio;
        let most = self.stored_count().saturating_mul(ratio).max(Limits::FREE_BYTES);
        if self.count <= most || matches!(self.state, State::Plain(_)) {
            return Ok(());
        }
        let message = format!("compressed more than {ratio} times, as bombs are");
        Err(Error::new(ErrorKind::Limit(Limit::Ratio), message))
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        loop {
            let count = match &mut self.state {
                State::Plain(stored) => return Ok(stored.read(buffer)?),
                State::Ended(_) | State::Taken => return Ok(0),
                State::Gzip(decoder) => decoder.read(buffer).map_err(gzip_error)?,
                State::Zstd(zstd) => zstd.read(buffer)?,
            };
            if count > 0 {
                return Ok(count);
            }
            self.next_part()?;
        }
    }
}

impl<R: Read> Read for Decoded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let count = self.read_some(buffer)?;
        self.count += count as u64;
        within(self.count, self.budget.limits.bytes, Limit::Bytes, "bytes")?;
        self.within_ratio()?;
        Ok(count)
    }
}

impl<R: Read> Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        /// So much is decoded at once, beside the window.
        const STEP: usize = 256 << 10;
        loop {
            let count = self.frame.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            if self.frame.is_finished() {
                let (written, found) = (self.frame.get_checksum_from_data(), self.frame.get_calculated_checksum());
                if written.is_some() && written != found {
                    return Err(Error::corrupt("the checksum of the zstd data is wrong"));
                }
                return Ok(0);
            }
            // What is decoded stays in memory until it is more than the window.
            self.left = self.left.checked_sub(STEP as u64).ok_or_else(|| window_error(self.window))?;
            self.frame
                .decode_blocks(&mut self.stored, BlockDecodingStrategy::UptoBytes(STEP))
                .map_err(|_| cut_or_corrupt(&mut self.stored, "the zstd data are malformed"))?;
        }
    }
}

/// The state at the start of a zstd frame; frames of other tools' data are skipped.
fn next_zstd<R: Read>(mut stored: Buffer<R>, mut frame: FrameDecoder, limits: &Limits) -> Result<State<R>, Error> {
    while let [0x50..=0x5f, 0x2a, 0x4d, 0x18, rest @ ..] = stored.fill(8)? {
        let Some(length) = rest.first_chunk().map(|bytes| u64::from(u32::from_le_bytes(*bytes))) else {
            return Err(Error::truncated("the zstd data end early"));
        };
        stored.consume(8);
        let skipped = io::copy(&mut (&mut stored).take(length), &mut io::sink())?;
        if skipped < length {
            return Err(Error::truncated("the zstd data end early"));
        }
    }
    match coding(stored.fill(4)?) {
        Some(Coding::Zstd) => {}
        _ => return Ok(State::Ended(stored)),
    }
    // A frame refers to nothing before its start, so that a short one never fills a large window: the frames of
    // zstd:chunked layers, one for each file, all say 32 MiB.
    let window = window(stored.fill(FRAME_HEADER)?);
    let left = match window {
        Some(window) if window > limits.zstd_window => limits.zstd_window,
        _ => u64::MAX,
    };
    frame.set_max_window_size(limits.zstd_window.max(LARGEST_WINDOW));
    match frame.reset(&mut stored) {
        Ok(()) => Ok(State::Zstd(Box::new(Zstd { frame, stored, left, window: limits.zstd_window }))),
        Err(FrameDecoderError::WindowSizeTooBig { .. }) => Err(window_error(limits.zstd_window)),
        Err(FrameDecoderError::DictNotProvided { .. }) => {
            Err(Error::new(ErrorKind::Unsupported, "compressed with a zstd dictionary, which is not there"))
        }
        Err(_) => Err(cut_or_corrupt(&mut stored, "the zstd data are malformed")),
    }
}

/// The largest window that is set aside, whatever of it may be filled: that of zstd's level 22.
const LARGEST_WINDOW: u64 = 128 << 20;

/// The longest header of a frame, with its magic number.
const FRAME_HEADER: usize = 18;

/// The window that a frame's header asks for (RFC 8878, section 3.1.1.1); `None` where the header is cut short.
fn window(header: &[u8]) -> Option<u64> {
    let &[_, _, _, _, descriptor, ref fields @ ..] = header else { return None };
    let is_single_segment = descriptor & 0x20 != 0;
    if !is_single_segment {
        let byte = fields.first()?;
        let base = 1_u64 << (10 + (byte >> 3));
        return Some(base + base / 8 * u64::from(byte & 7));
    }
    // The window is the content, whose size stands behind the dictionary's id.
    let skipped = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let length = [1, 2, 4, 8][usize::from(descriptor >> 6)];
    let field = fields.get(skipped..skipped + length)?;
    let size = field.iter().rev().fold(0_u64, |size, &byte| size << 8 | u64::from(byte));
    Some(if length == 2 { size + 256 } else { size })
}

fn window_error(limit: u64) -> Error {
    let message = format!("more than {limit} bytes of zstd window");
    Error::new(ErrorKind::Limit(Limit::ZstdWindow), message)
}

fn cut_or_corrupt<R: Read>(stored: &mut Buffer<R>, message: &str) -> Error {
    match stored.fill(1) {
        Ok([]) => Error::truncated("the zstd data end early"),
        Ok(_) => Error::corrupt(message),
        Err(error) => error.into(),
    }
}

fn gzip_error(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::truncated("the gzip data end early"),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Error::corrupt("the gzip data are malformed"),
        _ => error.into(),
    }
}
