//! Who may change which files of an image.

use crate::image_accounts::RunsAs;
use crate::image_cx::ImageCx;
use plimsoll_image::{Entry, Image, Kind};

/// The user that the process runs as, where that is not root.
pub(crate) struct Unprivileged {
    pub(crate) id: u32,
    groups: Vec<u32>,
}

/// That user; `None` where the process is root or nobody knows.
pub(crate) fn unprivileged(cx: &ImageCx<'_>) -> Option<Unprivileged> {
    let RunsAs::Id(id @ 1..) = cx.runs_as()? else { return None };
    let user = cx.config()?.user.as_deref().unwrap_or_default();
    Some(Unprivileged { id, groups: cx.facts.accounts.groups_of(user, id) })
}

impl Unprivileged {
    /// Whether the user may write the file, or change what is in the folder.
    pub(crate) fn may_write(&self, entry: Entry<'_>) -> bool {
        let mode = entry.mode();
        if entry.uid() == self.id {
            return mode & 0o200 != 0;
        }
        if self.groups.contains(&entry.gid()) {
            return mode & 0o020 != 0;
        }
        mode & 0o002 != 0
    }
}

/// The first folder above a path that others than its owner may change, so that they can put another file in place.
pub(crate) fn writable_parent(image: &Image, path: &[u8], user: Option<&Unprivileged>) -> Option<String> {
    const STICKY: u16 = 0o1000;
    let mut path = std::str::from_utf8(path).ok()?;
    while !path.is_empty() {
        // The root folder, which is above all, has no name.
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let found = if parent.is_empty() { image.file("") } else { image.link(parent) };
        let folder = found.filter(|folder| folder.kind() == Kind::Directory);
        let is_writable = folder.is_some_and(|folder| {
            let open = folder.mode() & STICKY == 0 && folder.mode() & 0o002 != 0;
            open || user.is_some_and(|user| folder.mode() & STICKY == 0 && user.may_write(folder))
        });
        if is_writable {
            return Some(parent.to_owned());
        }
        path = parent;
    }
    None
}

/// The folder that holds an entry, and its name.
pub(crate) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|&byte| byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (&path[..0], path),
    }
}

/// Whether a folder above the path has this name.
pub(crate) fn is_below(path: &[u8], folder: &[u8]) -> bool {
    let (above, _) = split(path);
    above.split(|&byte| byte == b'/').any(|part| part == folder)
}
