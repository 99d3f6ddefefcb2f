//! What was read of layers, kept between runs.

use crate::archive::{Archive, Blob, LayerBlob};
use crate::codec::{self, Reader, Writer};
use crate::crew::Crew;
use crate::extract::measure;
use crate::layer::RecordKind;
use crate::source::{Section, Stamp};
use crate::{Digest, Error, LayerFacts};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

/// Where entries of a [`Cache`] are kept. Entries are small files or the like; threads use it at once.
///
/// A store need not be trusted: whatever it hands out that the cache's owner did not write, or wrote under another name,
/// counts as missing.
pub trait Store: Sync {
    /// The entry of a name; `None` where there is none, or it cannot be read.
    fn load(&self, name: &str) -> Option<Vec<u8>>;

    /// Keeps an entry, in place of one of the same name. Whether that went well is the store's own matter.
    fn save(&self, name: &str, entry: &[u8]);
}

/// Keeps [`LayerFacts`] by the hash of the layer's content, and which bytes of which unchanged file had that hash.
///
/// Names of entries tell the versions of reader and patterns, and the limits. Entries are sealed with a key, so that
/// those that others forged or that were damaged are not believed; and no entry holds a secret.
pub struct Cache<'a> {
    store: &'a dyn Store,
    key: [u8; 32],
}

impl<'a> Cache<'a> {
    /// A cache in a store, sealed with a key that who may write to the store should not know.
    pub fn new(store: &'a dyn Store, key: [u8; 32]) -> Self {
        Self { store, key }
    }

    /// A key that is made of a text, which should be one that nobody guesses.
    pub fn key_of(text: &str) -> [u8; 32] {
        Sha256::digest(text).into()
    }

    fn load(&self, name: &str) -> Option<Vec<u8>> {
        let mut entry = self.store.load(name)?;
        let body = entry.len().checked_sub(SEAL)?;
        let is_sound = entry[body..] == self.seal(name, &entry[..body]);
        entry.truncate(body);
        is_sound.then_some(entry)
    }

    fn save(&self, name: &str, mut body: Vec<u8>) {
        let seal = self.seal(name, &body);
        body.extend(seal);
        self.store.save(name, &body);
    }

    fn seal(&self, name: &str, body: &[u8]) -> [u8; SEAL] {
        hmac(&self.key, &[name.as_bytes(), &[0], body])
    }
}

const SEAL: usize = 32;

/// HMAC-SHA-256, RFC 2104, with a key shorter than a block.
fn hmac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let mut inner = Sha256::new_with_prefix(pad(0x36));
    for part in message {
        inner.update(part);
    }
    Sha256::new_with_prefix(pad(0x5c)).chain_update(inner.finalize()).finalize().into()
}

/// What depends on how a layer is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Measured {
    pub(crate) diff_id: Option<Digest>,
    pub(crate) digest: Option<Digest>,
    pub(crate) stored_size: u64,
    pub(crate) has_stored_trailing: bool,
}

impl Measured {
    fn of(facts: &LayerFacts) -> Self {
        let LayerFacts { diff_id, digest, stored_size, has_stored_trailing, .. } = *facts;
        Self { diff_id, digest, stored_size, has_stored_trailing }
    }

    fn encode(self) -> Option<Vec<u8>> {
        let mut out = Writer(Vec::new());
        out.digest(self.diff_id?);
        out.digest(self.digest?);
        out.number(self.stored_size);
        out.byte(u8::from(self.has_stored_trailing));
        Some(out.0)
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader(bytes);
        let (diff_id, digest) = (Some(input.digest()?), Some(input.digest()?));
        let measured = Self { diff_id, digest, stored_size: input.number()?, has_stored_trailing: input.flag()? };
        input.0.is_empty().then_some(measured)
    }
}

impl Archive<'_> {
    /// Like [`Archive::extract_with`], but what is known of the layer's bytes is not worked out again: they are only hashed,
    /// and not even that where the file is the very one that was hashed before ([`Stamp`]). The result is the same.
    ///
    /// Without verification ([`Options::verify`](crate::Options::verify)) nothing is known of the bytes, and the cache
    /// is not used; nor for streams, whose layers are read before it is known which they are.
    pub fn extract_cached(&self, blob: &LayerBlob, crew: &Crew, cache: &Cache<'_>) -> Result<Arc<LayerFacts>, Error> {
        if !self.options.verify {
            return self.extract_with(blob, crew);
        }
        match self.open_blob(&blob.name, 0) {
            Ok(Blob::Section(section)) => self.extract_section(blob, &section, crew, cache),
            Ok(Blob::Owned(file)) => self.extract_section(blob, &Section::new(&*file, 0, file.size()), crew, cache),
            _ => self.extract_with(blob, crew),
        }
    }

    fn extract_section(
        &self,
        blob: &LayerBlob,
        section: &Section<'_>,
        crew: &Crew,
        cache: &Cache<'_>,
    ) -> Result<Arc<LayerFacts>, Error> {
        let stamp = section.stamp();
        let hashed_by = [blob.extraction.diff_id, blob.extraction.digest].map(|of| of.map(|of| of.algorithm()));
        let seen = stamp.as_ref().map(|stamp| {
            self.entry_name(&Entry::Seen { stamp, offset: section.offset(), size: section.len(), hashed_by })
        });
        if let Some(measured) = seen.as_ref().and_then(|name| Measured::decode(&cache.load(name)?))
            && let Some(facts) = self.known(measured, cache)
        {
            return Ok(facts);
        }
        // Entries are written only while the file is still the one that was read.
        let remember = |measured: Measured| {
            if let (Some(name), Some(bytes)) = (&seen, measured.encode())
                && section.stamp() == stamp
            {
                cache.save(name, bytes);
            }
        };
        if let Some(expected) = blob.extraction.diff_id
            && let Some(body) = cache.load(&self.entry_name(&Entry::Facts(expected)))
            && let Ok(measured) = measure(section.clone(), blob.extraction, self.budget)
            && measured.diff_id == Some(expected)
            && let Some(facts) = self.facts_in(&body, measured)
        {
            remember(measured);
            return Ok(facts);
        }
        // Also where hashing failed: reading says what is wrong.
        let facts = self.extract_with(blob, crew)?;
        if let Some(diff_id) = facts.diff_id
            && let Some(body) = codec::encode(&facts)
            && !names_secret(&facts)
        {
            cache.save(&self.entry_name(&Entry::Facts(diff_id)), body);
            remember(Measured::of(&facts));
        }
        Ok(facts)
    }

    /// The facts about content that was measured.
    fn known(&self, measured: Measured, cache: &Cache<'_>) -> Option<Arc<LayerFacts>> {
        let body = cache.load(&self.entry_name(&Entry::Facts(measured.diff_id?)))?;
        self.facts_in(&body, measured)
    }

    fn facts_in(&self, body: &[u8], measured: Measured) -> Option<Arc<LayerFacts>> {
        let mut facts = codec::decode(body)?;
        if facts.diff_id != measured.diff_id {
            return None;
        }
        facts.take_over(measured);
        // Where that is too much, reading says so.
        self.budget.take_entries(facts.cost).ok()?;
        Some(Arc::new(facts))
    }

    /// An entry's name: what it is about, and all that it depends on.
    fn entry_name(&self, entry: &Entry<'_>) -> String {
        let mut out = Writer(Vec::new());
        out.bytes(env!("PLIMSOLL_SOURCES").as_bytes());
        out.bytes(plimsoll_secrets::VERSION.as_bytes());
        out.bytes(format!("{:?}", self.budget.limits).as_bytes());
        out.byte(u8::from(self.options.secrets));
        match entry {
            Entry::Facts(diff_id) => out.digest(*diff_id),
            Entry::Seen { .. } => out.bytes(format!("{entry:?}").as_bytes()),
        }
        let hash: [u8; 32] = Sha256::digest(&out.0).into();
        let mut name = String::with_capacity(70);
        for byte in hash {
            let _ = write!(name, "{byte:02x}");
        }
        name.push_str(if matches!(entry, Entry::Facts(_)) { ".facts" } else { ".seen" });
        name
    }
}

/// What an entry is about.
#[derive(Debug)]
enum Entry<'a> {
    /// The layer with this hash.
    Facts(Digest),
    /// These bytes of a file, and by which algorithms they were hashed, uncompressed and as they are stored.
    #[allow(dead_code, reason = "its name is made of all of them")]
    Seen { stamp: &'a Stamp, offset: u64, size: u64, hashed_by: [Option<&'static str>; 2] },
}

/// Whether a name or a link's target is a secret, which nothing masks. Such layers are read each time.
fn names_secret(facts: &LayerFacts) -> bool {
    let nodes = 0..facts.paths.len() as u32;
    let names = nodes.map(|node| facts.paths.name(node));
    let links = facts.records.iter().filter(|record| record.kind == RecordKind::Symlink);
    let mut text = Vec::new();
    for name in names.chain(links.map(|link| facts.paths.text(link.link))) {
        text.extend_from_slice(name);
        text.push(b'\n');
    }
    let is_sure = |found: &plimsoll_secrets::Match| {
        found.confidence == plimsoll_secrets::Confidence::High && found.kind.is_told_by_form()
    };
    plimsoll_secrets::scan(&text).iter().any(is_sure)
}

#[cfg(test)]
mod tests {
    use super::hmac;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let hex = |bytes: [u8; 32]| crate::Digest::Sha256(bytes).hex();
        assert_eq!(
            hex(hmac(b"Jefe", &[b"what do ya want ", b"for nothing?"])),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(hmac(&[0x0b; 20], &[b"Hi There"])),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
    }
}
