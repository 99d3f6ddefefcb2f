use crate::image_cx::ImageCx;
use plimsoll_image::Kind;

image_rule! {
    /// ## What it does
    /// Flags files that everybody may write, and folders in which everybody may replace the files of others.
    ///
    /// ## Why is this bad?
    /// Any process in the container, whoever it runs as, can change what others read or run there.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "COPY --chmod=777 app /srv/app", files = ["777 0:0 srv/app x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "COPY --chmod=755 app /srv/app", files = ["755 0:0 srv/app x", "1777 0:0 tmp/"] }]
    /// ```
    ///
    /// ## Notes
    /// Folders with the sticky bit, such as `/tmp`, are left alone: only a file's owner may replace it there. In a tree
    /// that is writable all through, the topmost folder stands for all of it.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    const STICKY: u16 = 0o1000;
    const OTHERS: u16 = 0o002;
    let mut writable: Vec<(Vec<u8>, plimsoll_image::Entry<'_>)> = Vec::new();
    for entry in cx.image.present().filter(|entry| entry.mode() & OTHERS != 0) {
        let is_open = match entry.kind() {
            Kind::File | Kind::HardLink => true,
            Kind::Directory => entry.mode() & STICKY == 0,
            _ => false,
        };
        let path = entry.path_bytes();
        // The engine mounts its own over these.
        let is_mounted = [&b"dev"[..], b"proc", b"sys"]
            .iter()
            .any(|folder| path.strip_prefix(*folder).is_some_and(|rest| rest.is_empty() || rest[0] == b'/'));
        if is_open && !is_mounted {
            writable.push((path, entry));
        }
    }
    writable.sort_by(|(a, _), (b, _)| a.split(|&byte| byte == b'/').cmp(b.split(|&byte| byte == b'/')));
    let mut at = 0;
    while let Some((top, entry)) = writable.get(at) {
        at += 1;
        let mut inside = 0;
        if entry.kind() == Kind::Directory {
            let is_inside = |path: &[u8]| {
                top.is_empty() || path.strip_prefix(top.as_slice()).is_some_and(|rest| rest.first() == Some(&b'/'))
            };
            inside = writable[at..].iter().take_while(|(path, _)| is_inside(path)).count();
            at += inside;
        }
        let message = match (entry.kind(), inside) {
            (Kind::Directory, 0) => "everybody may replace files in this folder".to_owned(),
            (Kind::Directory, 1) => "everybody may write this folder and 1 entry in it".to_owned(),
            (Kind::Directory, count) => format!("everybody may write this folder and {count} entries in it"),
            _ => "everybody may write this file".to_owned(),
        };
        let place = cx.at_entry(*entry);
        cx.report(place, message);
    }
}
