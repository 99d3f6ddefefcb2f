use sha2::Digest as _;
use std::fmt::{self, Write as _};
use std::io::{self, Read};

/// A content's name: `sha256:` or `sha512:` and its hash in hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digest {
    /// SHA-256, which all tools write.
    Sha256([u8; 32]),
    /// SHA-512, which the specification allows.
    Sha512([u8; 64]),
}

impl Digest {
    /// Reads `sha256:` or `sha512:` with lower-case hexadecimal digits, as the specification wants them.
    ///
    /// ```
    /// use plimsoll_image::Digest;
    ///
    /// let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    /// assert_eq!(Digest::parse(empty).expect("a digest").to_string(), empty);
    /// assert!(Digest::parse("sha256:e3b0").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (algorithm, hex) = text.split_once(':')?;
        match algorithm {
            "sha256" => Some(Self::Sha256(from_hex(hex)?)),
            "sha512" => Some(Self::Sha512(from_hex(hex)?)),
            _ => None,
        }
    }

    /// The SHA-256 with these hexadecimal digits.
    pub(crate) fn from_sha256_hex(hex: &str) -> Option<Self> {
        from_hex(hex).map(Self::Sha256)
    }

    /// The SHA-256 of some bytes.
    pub fn sha256(bytes: &[u8]) -> Self {
        Self::Sha256(sha2::Sha256::digest(bytes).into())
    }

    /// The hash of `bytes` by this digest's algorithm.
    pub(crate) fn same_algorithm(&self, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::like(Some(*self));
        hasher.update(bytes);
        hasher.finish()
    }

    /// The hexadecimal digits.
    pub fn hex(&self) -> String {
        let bytes: &[u8] = match self {
            Self::Sha256(bytes) => bytes,
            Self::Sha512(bytes) => bytes,
        };
        let mut digits = String::with_capacity(2 * bytes.len());
        for byte in bytes {
            let _ = write!(digits, "{byte:02x}");
        }
        digits
    }

    /// The algorithm's name.
    pub const fn algorithm(&self) -> &'static str {
        match self {
            Self::Sha256(_) => "sha256",
            Self::Sha512(_) => "sha512",
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm(), self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

fn from_hex<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let digits = hex.as_bytes();
    if digits.len() != 2 * N || digits.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = (digit(0)? * 16 + digit(1)?) as u8;
    }
    Some(bytes)
}

/// Hashes bytes as they come.
#[derive(Clone)]
pub(crate) enum Hasher {
    Sha256(Box<sha2::Sha256>),
    Sha512(Box<sha2::Sha512>),
}

impl Hasher {
    /// A hasher by the algorithm of `digest`, by SHA-256 where there is none.
    pub(crate) fn like(digest: Option<Digest>) -> Self {
        match digest {
            Some(Digest::Sha512(_)) => Self::Sha512(Box::default()),
            _ => Self::Sha256(Box::default()),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Digest {
        match self {
            Self::Sha256(hasher) => Digest::Sha256(hasher.finalize().into()),
            Self::Sha512(hasher) => Digest::Sha512(hasher.finalize().into()),
        }
    }
}

/// A reader that hashes and counts what passes.
pub(crate) struct Hashing<R> {
    inner: R,
    hasher: Option<Hasher>,
    count: u64,
}

impl<R: Read> Hashing<R> {
    pub(crate) fn new(inner: R, hasher: Option<Hasher>) -> Self {
        Self { inner, hasher, count: 0 }
    }

    /// Hashes from here on, with a hasher that may have seen what was read before.
    pub(crate) fn set_hasher(&mut self, hasher: Hasher) {
        self.hasher = Some(hasher);
    }

    /// The digest of what passed, where it was asked for, how many bytes they were, and the reader.
    pub(crate) fn finish(self) -> (Option<Digest>, u64, R) {
        (self.hasher.map(Hasher::finish), self.count, self.inner)
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..count]);
        }
        self.count += count as u64;
        Ok(count)
    }
}
