//! rpm's database in its own format, ndb (SUSE): `lib/backend/ndb` of rpm.

use super::header;
use crate::layer::OwnedFile;
use crate::packages::Package;

/// Reads a database in ndb's format: slots that say where each package's blob stands.
pub(crate) fn packages(content: &[u8], owned: &mut Vec<OwnedFile>) -> Vec<Package> {
    const PAGE: usize = 4096;
    const SLOT: usize = 16;
    let word = |at: usize| content.get(at..)?.first_chunk().map(|word| u32::from_le_bytes(*word));
    if !content.starts_with(b"RpmP") {
        return Vec::new();
    }
    let pages = word(12).unwrap_or(0) as usize;
    let end = pages.saturating_mul(PAGE).min(content.len());
    // The header takes the first two slots' place. Slots could name one blob again and again.
    let mut left = content.len();
    let mut packages = Vec::new();
    for at in (2 * SLOT..end).step_by(SLOT) {
        let is_slot = content.get(at..at + 4) == Some(b"Slot");
        let (Some(index), Some(block)) = (word(at + 4), word(at + 8)) else { break };
        if !is_slot || index == 0 {
            continue;
        }
        let start = (block as usize).saturating_mul(SLOT);
        let (Some(same), Some(length)) = (word(start.saturating_add(4)), word(start.saturating_add(12))) else {
            continue;
        };
        let blob = content.get(start..).and_then(|blob| blob.strip_prefix(b"BlbS")).and_then(|_| {
            let from = start.checked_add(SLOT)?;
            content.get(from..from.checked_add(length as usize)?)
        });
        let Some(blob) = blob.filter(|_| same == index) else { continue };
        let Some(rest) = left.checked_sub(blob.len()) else { break };
        left = rest;
        packages.extend(header(blob, owned));
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::super::tests::blob;
    use super::*;
    use crate::packages::path_hash;

    fn of(blobs: &[Vec<u8>]) -> Vec<u8> {
        let mut file = b"RpmP".to_vec();
        for word in [0_u32, 1, 1, 9, 0, 0, 0] {
            file.extend(word.to_le_bytes());
        }
        file.resize(4096, 0);
        for (at, blob) in blobs.iter().enumerate() {
            let (index, block) = (at as u32 + 1, (file.len() / 16) as u32);
            let slot: Vec<u8> = [index, block, 9].iter().flat_map(|word| word.to_le_bytes()).collect();
            file[32 + at * 16..48 + at * 16].copy_from_slice(&[b"Slot", slot.as_slice()].concat());
            file.extend(b"BlbS");
            for word in [index, 0, blob.len() as u32] {
                file.extend(word.to_le_bytes());
            }
            file.extend(blob);
            file.resize(file.len().next_multiple_of(16), 0);
        }
        file
    }

    #[test]
    fn headers() {
        let mut owned = Vec::new();
        let packages = packages(&of(&[blob("tool"), blob("gpg-pubkey")]), &mut owned);
        assert_eq!(packages.len(), 1);
        let package = &packages[0];
        assert_eq!((&*package.name, &*package.version), ("tool", "2:1.2-3"));
        assert_eq!((package.architecture.as_deref(), package.source.as_deref()), (Some("noarch"), Some("src")));
        let file = OwnedFile { path: path_hash(b"usr/bin/tool"), content: *b"\xe3\xb0\xc4\x42\x98\xfc\x1c\x14" };
        assert_eq!(owned, [file]);
    }

    #[test]
    fn what_is_not_sound_ends() {
        let sound = of(&[blob("tool")]);
        for end in (0..sound.len()).step_by(7) {
            packages(&sound[..end], &mut Vec::new());
        }
        for at in 0..sound.len() {
            let mut broken = sound.clone();
            broken[at] = 0xff;
            packages(&broken, &mut Vec::new());
        }
    }
}
