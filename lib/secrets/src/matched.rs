use crate::Kind;
use sha2::{Digest, Sha256};

/// A secret that was found. It never holds the value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Match {
    /// What it is.
    pub kind: &'static Kind,
    /// Where the value begins, in bytes from the start of the input; of the uncompressed input with
    /// [`Encoding::Gzip`]. The value is what must be hidden: without a name, quotes or a URL around it.
    pub start: u64,
    /// Where the value ends, exclusive. Of an encoded value the ends of the encoded text.
    pub end: u64,
    /// The line on which it begins, from 1: the number of line feeds before it, and one.
    pub line: u64,
    /// How sure it is that this is a secret that somebody uses.
    pub confidence: Confidence,
    /// What speaks for it and against it.
    pub notes: Vec<Note>,
    /// How it was written, where not plainly.
    pub encoding: Option<Encoding>,
    /// The value for people: at most the public prefix that all secrets of its kind share, then four stars.
    pub shown: String,
    /// The value's identity, where telling it is safe.
    pub fingerprint: Option<Fingerprint>,
}

/// How sure a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// An example from documentation, a key that everybody knows, an identifier, a weak guess.
    Low,
    /// The name says that it is a secret, or the form does but could be something else.
    Medium,
    /// The form leaves no doubt, or a proof holds.
    High,
}

/// What was proved of a value, or speaks against it. For people: [`Note::text`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Note {
    /// The checksum inside the token is right.
    Checksum,
    /// The checksum inside the token is wrong: invented, or mistyped.
    WrongChecksum,
    /// The token's parts decode to what its format says.
    Decodes,
    /// The token says that its time is over; whether that is so depends on today, so this is only the time, in seconds
    /// since 1970.
    Expires(u64),
    /// The key's parts are those of a real key.
    Parses,
    /// The key is encrypted with a passphrase.
    Encrypted,
    /// The key block ends early.
    CutShort,
    /// The number of the AWS account that the key belongs to.
    AwsAccount(u64),
    /// The value stands in public documentation as an example.
    Documented,
    /// The key is known to everybody: a test key that ships with software.
    PublicTestKey,
    /// A hash of a password, which has to be guessed.
    PasswordHash,
    /// The value is one that people try first.
    Weak,
}

impl Note {
    /// The note in words, in lower case, without a final dot.
    pub fn text(&self) -> String {
        let text = match self {
            Self::Checksum => "its checksum is right",
            Self::WrongChecksum => "its checksum is wrong",
            Self::Decodes => "its parts decode",
            Self::Expires(seconds) => return format!("expires {seconds} seconds after 1970-01-01"),
            Self::Parses => "it parses as a key",
            Self::Encrypted => "encrypted with a passphrase",
            Self::CutShort => "cut short",
            Self::AwsAccount(account) => return format!("belongs to AWS account {account:012}"),
            Self::Documented => "an example from public documentation",
            Self::PublicTestKey => "a publicly known test key",
            Self::PasswordHash => "a password's hash",
            Self::Weak => "a password that is tried first",
        };
        text.to_owned()
    }
}

/// How a secret was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// In base64.
    Base64,
    /// In a file compressed with gzip.
    Gzip,
    /// In UTF-16.
    Utf16,
    /// In a constant of compiled Python.
    Pyc,
}

/// Tells equal secrets from different ones, without telling the secret: the first 8 bytes of a SHA-256 over kind and
/// value.
///
/// Whoever has it can try values. That is hopeless with random tokens and keys, and easy with passwords; so only
/// values that a generator made with 80 bits or more have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 8]);

impl Fingerprint {
    pub(crate) fn new(kind: &Kind, value: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(kind.id.as_bytes());
        hasher.update([0]);
        hasher.update(value);
        let digest = hasher.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self(first)
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
