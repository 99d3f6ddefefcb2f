//! Matches as bytes, for caches. The bytes mean something only to the version that wrote them: see [`VERSION`].

use crate::tables::kind;
use crate::{Confidence, Encoding, Fingerprint, Match, Note};

/// Names this version of the search: another one may find something else in the same bytes.
pub const VERSION: &str = env!("PLIMSOLL_SOURCES");

const CONFIDENCES: [Confidence; 3] = [Confidence::Low, Confidence::Medium, Confidence::High];
const ENCODINGS: [Encoding; 4] = [Encoding::Base64, Encoding::Gzip, Encoding::Utf16, Encoding::Pyc];

impl Match {
    /// Writes the match to the end of `bytes`.
    ///
    /// ```
    /// let found = plimsoll_secrets::scan(b"DB=postgres://app:vT9-kq2Lm4@db/app\n");
    /// let mut bytes = Vec::new();
    /// found[0].store(&mut bytes);
    /// let mut rest = bytes.as_slice();
    /// assert_eq!(plimsoll_secrets::Match::load(&mut rest).as_ref(), Some(&found[0]));
    /// assert!(rest.is_empty());
    /// ```
    pub fn store(&self, bytes: &mut Vec<u8>) {
        for number in [self.start, self.end, self.line] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.push(position(&CONFIDENCES, &self.confidence));
        bytes.push(self.encoding.as_ref().map_or(u8::MAX, |encoding| position(&ENCODINGS, encoding)));
        bytes.push(u8::from(self.fingerprint.is_some()));
        bytes.extend(self.fingerprint.iter().flat_map(|fingerprint| fingerprint.0));
        store_text(self.kind.id, bytes);
        store_text(&self.shown, bytes);
        bytes.push(self.notes.len() as u8);
        for note in &self.notes {
            let (tag, number) = tag_of(note);
            bytes.push(tag);
            bytes.extend(number.to_le_bytes());
        }
    }

    /// Reads a match from the start of `bytes`, which then start behind it; `None` where there is none.
    pub fn load(bytes: &mut &[u8]) -> Option<Self> {
        let (start, end, line) = (load_number(bytes)?, load_number(bytes)?, load_number(bytes)?);
        let confidence = *CONFIDENCES.get(usize::from(load_byte(bytes)?))?;
        let encoding = match load_byte(bytes)? {
            u8::MAX => None,
            at => Some(*ENCODINGS.get(usize::from(at))?),
        };
        let fingerprint = match load_byte(bytes)? {
            0 => None,
            1 => Some(Fingerprint(*bytes.split_off(..8)?.first_chunk()?)),
            _ => return None,
        };
        let kind = kind(load_text(bytes)?)?;
        let shown = load_text(bytes)?.to_owned();
        let count = load_byte(bytes)?;
        let notes = (0..count).map(|_| note_of(load_byte(bytes)?, load_number(bytes)?)).collect::<Option<_>>()?;
        Some(Self { kind, start, end, line, confidence, notes, encoding, shown, fingerprint })
    }
}

fn position<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|other| other == one).unwrap_or(all.len()) as u8
}

fn tag_of(note: &Note) -> (u8, u64) {
    match note {
        Note::Checksum => (0, 0),
        Note::WrongChecksum => (1, 0),
        Note::Decodes => (2, 0),
        Note::Expires(seconds) => (3, *seconds),
        Note::Parses => (4, 0),
        Note::Encrypted => (5, 0),
        Note::CutShort => (6, 0),
        Note::AwsAccount(account) => (7, *account),
        Note::Documented => (8, 0),
        Note::PublicTestKey => (9, 0),
        Note::PasswordHash => (10, 0),
        Note::Weak => (11, 0),
    }
}

fn note_of(tag: u8, number: u64) -> Option<Note> {
    Some(match tag {
        0 => Note::Checksum,
        1 => Note::WrongChecksum,
        2 => Note::Decodes,
        3 => Note::Expires(number),
        4 => Note::Parses,
        5 => Note::Encrypted,
        6 => Note::CutShort,
        7 => Note::AwsAccount(number),
        8 => Note::Documented,
        9 => Note::PublicTestKey,
        10 => Note::PasswordHash,
        11 => Note::Weak,
        _ => return None,
    })
}

fn store_text(text: &str, bytes: &mut Vec<u8>) {
    let length = u16::try_from(text.len()).unwrap_or(0);
    bytes.extend(length.to_le_bytes());
    bytes.extend(&text.as_bytes()[..usize::from(length)]);
}

fn load_byte(bytes: &mut &[u8]) -> Option<u8> {
    bytes.split_off_first().copied()
}

fn load_number(bytes: &mut &[u8]) -> Option<u64> {
    bytes.split_off(..8)?.first_chunk().map(|number| u64::from_le_bytes(*number))
}

fn load_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = u16::from_le_bytes(*bytes.split_off(..2)?.first_chunk()?);
    std::str::from_utf8(bytes.split_off(..usize::from(length))?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_note_comes_back() {
        for (tag, number) in (0..=u8::MAX).zip(100..) {
            let Some(note) = note_of(tag, number) else { continue };
            let (again, kept) = tag_of(&note);
            assert_eq!((again, note_of(again, kept)), (tag, Some(note)));
        }
    }

    #[test]
    fn what_is_cut_short_is_none() {
        let found = crate::scan(b"key = 'AKIAQYLPMN5HHHFPZAM2'\ntoken: ghp_abcdefghijklmnopqrstuvwxyz0123456789\n");
        assert!(!found.is_empty());
        for one in &found {
            let mut bytes = Vec::new();
            one.store(&mut bytes);
            assert_eq!(Match::load(&mut bytes.as_slice()).as_ref(), Some(one));
            for end in 0..bytes.len() {
                assert_eq!(Match::load(&mut &bytes[..end]), None, "{end}");
            }
        }
    }
}
