use crate::tar::Member;
use crate::{Capabilities, Error};

/// What a member's extended headers say.
#[derive(Debug, Default)]
pub(crate) struct Extended {
    pub(crate) long_name: Option<Vec<u8>>,
    pub(crate) long_link: Option<Vec<u8>>,
    /// How many bytes the headers had.
    pub(crate) bytes: u64,
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    uid: Option<u64>,
    gid: Option<u64>,
    capabilities: Option<Capabilities>,
    sparse: Option<Sparse>,
    sparse_name: Option<Vec<u8>>,
    sparse_size: Option<u64>,
}

/// Which parts of a sparse file are stored: offsets and lengths. The rest is zeros.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sparse {
    pub(crate) pieces: Vec<(u64, u64)>,
    /// Whether the map stands before the content.
    pub(crate) map_in_content: bool,
}

impl Sparse {
    /// The file with its holes, of which the caller knows that it is small.
    pub(crate) fn expand(&self, stored: &[u8], size: u64) -> Vec<u8> {
        let mut whole = vec![0; usize::try_from(size).unwrap_or_default()];
        let mut stored = stored;
        for &(offset, length) in &self.pieces {
            let length = usize::try_from(length).unwrap_or(usize::MAX).min(stored.len());
            let (piece, rest) = stored.split_at(length);
            stored = rest;
            let place = usize::try_from(offset).ok().and_then(|start| whole.get_mut(start..));
            if let Some(place) = place.and_then(|place| place.get_mut(..length)) {
                place.copy_from_slice(piece);
            }
        }
        whole
    }
}

impl Extended {
    /// Reads records of the form `LENGTH KEY=VALUE` and a line break; later ones win.
    pub(crate) fn parse(&mut self, mut rest: &[u8]) -> Result<(), Error> {
        let corrupt = || Error::corrupt("an extended header is malformed");
        while !rest.is_empty() {
            let space = rest.iter().take(20).position(|&byte| byte == b' ').ok_or_else(corrupt)?;
            let length = usize::try_from(decimal(&rest[..space]).ok_or_else(corrupt)?).map_err(|_| corrupt())?;
            let record = rest.get(space + 1..length).ok_or_else(corrupt)?;
            rest = &rest[length..];
            let record = record.strip_suffix(b"\n").ok_or_else(corrupt)?;
            let equals = record.iter().position(|&byte| byte == b'=').ok_or_else(corrupt)?;
            self.record(&record[..equals], &record[equals + 1..])?;
        }
        Ok(())
    }

    fn record(&mut self, key: &[u8], value: &[u8]) -> Result<(), Error> {
        let number = || {
            // Times have fractions; sizes and owners have none.
            decimal(value).ok_or_else(|| Error::corrupt("a number in an extended header is none"))
        };
        // A record without value takes back what an earlier one said.
        let text = || (!value.is_empty()).then(|| value.to_vec());
        match key {
            b"path" => self.path = text(),
            b"linkpath" => self.link = text(),
            b"size" => self.size = if value.is_empty() { None } else { Some(number()?) },
            b"uid" => self.uid = if value.is_empty() { None } else { Some(number()?) },
            b"gid" => self.gid = if value.is_empty() { None } else { Some(number()?) },
            b"SCHILY.xattr.security.capability" => self.capabilities = Capabilities::decode(value),
            b"GNU.sparse.name" => self.sparse_name = text(),
            b"GNU.sparse.realsize" | b"GNU.sparse.size" => self.sparse_size = Some(number()?),
            b"GNU.sparse.major" => self.sparse.get_or_insert_default().map_in_content = value == b"1",
            // Form 0.0 has a record for each number, form 0.1 all in one.
            b"GNU.sparse.offset" => self.sparse.get_or_insert_default().pieces.push((number()?, 0)),
            b"GNU.sparse.numbytes" => {
                if let Some(last) = self.sparse.get_or_insert_default().pieces.last_mut() {
                    last.1 = number()?;
                }
            }
            b"GNU.sparse.map" => {
                let numbers: Option<Vec<u64>> = value.split(|&byte| byte == b',').map(decimal).collect();
                let numbers = numbers.ok_or_else(|| Error::corrupt("a sparse file's map is no number"))?;
                let pieces = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
                self.sparse.get_or_insert_default().pieces = pieces;
            }
            _ => {}
        }
        Ok(())
    }

    /// Sets what the headers say. GNU's long names win over PAX paths, as in the readers that engines use.
    pub(crate) fn apply(self, member: &mut Member) {
        let name = self.long_name.or(self.sparse_name).or(self.path);
        member.name = name.unwrap_or_else(|| std::mem::take(&mut member.name));
        let link = self.long_link.or(self.link);
        member.link = link.unwrap_or_else(|| std::mem::take(&mut member.link));
        if let Some(size) = self.size {
            member.two_sizes = member.stored != 0 && member.stored != size;
            member.stored = size;
            if member.sparse.is_none() {
                member.size = size;
            }
        }
        member.uid = self.uid.unwrap_or(member.uid);
        member.gid = self.gid.unwrap_or(member.gid);
        member.capabilities = self.capabilities;
        if let Some(sparse) = self.sparse {
            member.size = self.sparse_size.unwrap_or(member.size);
            member.sparse = Some(sparse);
        }
    }
}

fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}
