//! /proc/self/mountinfo.

use crate::paths::is_in;

/// A mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountPoint {
    /// The device, as `major:minor`.
    pub device: String,
    /// The folder of the file system that is mounted: `/`, unless it is a bind mount or a subvolume.
    pub root: String,
    /// Where it is mounted.
    pub point: String,
    /// The file system's type.
    pub kind: String,
    /// What is mounted.
    pub source: String,
}

/// The mounts of a mountinfo; lines that are none are left out.
pub fn mounts(text: &str) -> Vec<MountPoint> {
    text.lines().filter_map(mount).collect()
}

fn mount(line: &str) -> Option<MountPoint> {
    let (before, after) = line.split_once(" - ")?;
    let mut fields = before.split(' ').skip(2);
    let (device, root, point) = (fields.next()?, fields.next()?, fields.next()?);
    let mut fields = after.split(' ');
    let (kind, source) = (fields.next()?, fields.next()?);
    Some(MountPoint {
        device: device.to_owned(),
        root: unescaped(root),
        point: unescaped(point),
        kind: kind.to_owned(),
        source: unescaped(source),
    })
}

/// Blanks and the like stand in it as `\040`.
fn unescaped(field: &str) -> String {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let octal = tail.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = octal.filter(|_| first == b'\\').and_then(|digits| u8::from_str_radix(digits, 8).ok());
        bytes.push(code.unwrap_or(first));
        rest = if code.is_some() { &tail[3..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The mount that a path is in: the deepest one, the last of those at the same place.
pub fn mount_of<'m>(mounts: &'m [MountPoint], path: &str) -> Option<&'m MountPoint> {
    let holders = mounts.iter().filter(|mount| is_in(path, &mount.point));
    holders.max_by_key(|mount| mount.point.trim_end_matches('/').len())
}
