use crate::image_cx::ImageCx;
use crate::support::image_files::{unprivileged, writable_parent};
use plimsoll_dockerfile::Keyword;
use plimsoll_engine::Severity;
use plimsoll_image::{Ecosystem, Entry, Kind};

image_rule! {
    /// ## What it does
    /// Flags programs with the setuid or setgid bit. Those that distributions ship in their base images are one info
    /// for the whole image; one that stands in a folder which others may write is an error.
    ///
    /// ## Why is this bad?
    /// Such a program runs as its owner, mostly root, whoever starts it: a hole in it makes any user root. Containers
    /// hardly ever need one. `RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +` takes the bits away, and
    /// `--security-opt no-new-privileges` makes them do nothing.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "RUN chmod u+s /usr/bin/find", files = ["4755 0:0 usr/bin/find x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "COPY find /usr/bin", files = ["755 0:0 usr/bin/find x"] }]
    /// ```
    ///
    /// ## Notes
    /// A program is a distribution's where its path, its bits and its owner are those that distributions give it, where
    /// no `COPY` or `ADD` of yours brought it, and where the package database, if it lists files, lists it.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["CIS-DI-0008", "4.8"],
    check: check,
}

/// What base images of Debian, Ubuntu, Fedora and kin, SUSE, Arch and Alpine ship: the name in `bin`, `sbin` or their
/// kin, or a path; whether somewhere it runs as root; and the groups in which it runs elsewhere.
const SHIPPED: [(&str, bool, &[&str]); 44] = [
    ("bbsuid", true, &[]),
    ("bsd-write", false, &["tty"]),
    ("chage", true, &["shadow"]),
    ("chfn", true, &[]),
    ("chsh", true, &[]),
    ("crontab", true, &["crontab"]),
    ("dotlockfile", false, &["mail"]),
    ("expiry", true, &["shadow"]),
    ("fusermount", true, &[]),
    ("fusermount3", true, &[]),
    ("gpasswd", true, &[]),
    ("grub2-set-bootflag", true, &[]),
    ("ksu", true, &[]),
    ("locate", false, &["locate", "mlocate", "plocate", "slocate"]),
    ("mail-lock", false, &["mail"]),
    ("mail-touchlock", false, &["mail"]),
    ("mail-unlock", false, &["mail"]),
    ("mlocate", false, &["mlocate", "slocate"]),
    ("mount", true, &[]),
    ("mount.nfs", true, &[]),
    ("newgidmap", true, &[]),
    ("newgrp", true, &[]),
    ("newuidmap", true, &[]),
    ("pam_extrausers_chkpwd", false, &["shadow"]),
    ("pam_timestamp_check", true, &[]),
    ("passwd", true, &[]),
    ("ping", true, &[]),
    ("plocate", false, &["plocate"]),
    ("sg", true, &[]),
    ("ssh-agent", false, &["_ssh", "ssh", "nobody"]),
    ("su", true, &[]),
    ("umount", true, &[]),
    ("unix_chkpwd", true, &["shadow"]),
    ("userhelper", true, &[]),
    ("wall", false, &["tty"]),
    ("write", false, &["tty"]),
    ("usr/lib/dbus-1.0/dbus-daemon-launch-helper", true, &[]),
    ("usr/lib/openssh/ssh-keysign", true, &["ssh_keys"]),
    ("usr/lib/polkit-1/polkit-agent-helper-1", true, &[]),
    ("usr/lib/ssh/ssh-keysign", true, &[]),
    ("usr/lib/x86_64-linux-gnu/utempter/utempter", false, &["utmp"]),
    ("usr/libexec/dbus-1/dbus-daemon-launch-helper", true, &[]),
    ("usr/libexec/openssh/ssh-keysign", true, &["ssh_keys"]),
    ("usr/libexec/utempter/utempter", false, &["utmp"]),
];

const BITS: u16 = 0o6000;

fn check(cx: &mut ImageCx<'_>) {
    let user = unprivileged(cx);
    let lists = Lists::of(cx);
    let mut expected: Vec<Entry<'_>> = Vec::new();
    for entry in cx.image.present() {
        let is_program = matches!(entry.kind(), Kind::File | Kind::HardLink);
        // A setgid folder hands its group on to new files, and a setgid file that nobody may run does nothing.
        if !is_program || entry.mode() & BITS == 0 || entry.mode() & 0o111 == 0 {
            continue;
        }
        let path = entry.path_bytes();
        let mut what = match (entry.mode() & 0o4000 != 0, entry.uid()) {
            (true, 0) => "setuid program: it runs as root".to_owned(),
            (true, uid) => format!("setuid program: it runs as user {uid}"),
            (false, _) => format!("setgid program: it runs in group {}", entry.gid()),
        };
        let parent = writable_parent(cx.image, &path, user.as_ref());
        if parent.is_none() && is_shipped(cx, entry, &path) {
            match lists.doubt(cx, entry) {
                None => {
                    expected.push(entry);
                    continue;
                }
                Some(doubt) => what.push_str(doubt),
            }
        }
        let place = cx.at_entry(entry);
        match parent {
            Some(parent) => {
                cx.report(place, format!("{what}, and others may replace it: /{parent} is writable"))
                    .severity(Severity::Error);
            }
            None => {
                cx.report(place, what);
            }
        }
    }
    if let Some(first) = expected.first() {
        let names: Vec<String> =
            expected.iter().map(|entry| String::from_utf8_lossy(entry.name()).into_owned()).collect();
        let place = cx.at_layer(first.layer());
        let count = names.len();
        let plural = if count == 1 { "" } else { "s" };
        cx.report(place, format!("{count} setuid or setgid program{plural} of the distribution: {}", names.join(", ")))
            .severity(Severity::Info);
    }
}

/// Whether a distribution ships a program of this path with these bits and this owner. Groups have other numbers
/// everywhere: they are told by their names, where the image has those.
fn is_shipped(cx: &ImageCx<'_>, entry: Entry<'_>, path: &[u8]) -> bool {
    let Ok(path) = std::str::from_utf8(path) else { return false };
    let in_bin = ["bin/", "sbin/", "usr/bin/", "usr/sbin/"].iter().find_map(|folder| path.strip_prefix(folder));
    let name = in_bin.unwrap_or(path);
    let Some((.., as_root, groups)) = SHIPPED.iter().find(|(shipped, ..)| *shipped == name) else { return false };
    let group = || cx.facts.accounts.groups.iter().find(|group| group.id == entry.gid());
    match entry.mode() & BITS {
        0o4000 => *as_root && entry.uid() == 0,
        0o2000 => {
            let is_theirs = group().is_none_or(|group| groups.contains(&group.name));
            !groups.is_empty() && entry.uid() == 0 && entry.gid() != 0 && is_theirs
        }
        _ => false,
    }
}

/// What tells a distribution's program from another one of its name.
struct Lists {
    /// Whether the image has a package database that lists files. Some have theirs cut away.
    has_files: bool,
}

impl Lists {
    fn of(cx: &ImageCx<'_>) -> Self {
        let is_system = |ecosystem| matches!(ecosystem, Ecosystem::Dpkg | Ecosystem::Apk | Ecosystem::Rpm);
        let has_packages = cx.image.packages().any(|(_, package)| is_system(package.ecosystem));
        Self { has_files: has_packages && cx.image.present().any(|entry| entry.is_package_path()) }
    }

    /// Why a program is not the distribution's, though its name and its bits are.
    fn doubt(&self, cx: &ImageCx<'_>, entry: Entry<'_>) -> Option<&'static str> {
        let step = cx.image.layers.get(entry.layer()).and_then(|layer| cx.facts.history.steps.get(layer.history?));
        let is_copied = step.is_some_and(|step| {
            let is_copy = matches!(step.keyword, Keyword::Add | Keyword::Copy);
            // A root file system that an image begins with is a distribution.
            let is_root = entry.layer() == 0 && step.span.text(&cx.facts.history.text).ends_with(" /");
            is_copy && !step.is_base && !is_root
        });
        if is_copied {
            return Some(", and it was copied to where distributions have their own");
        }
        (self.has_files && !entry.is_package_path()).then_some(", and no package of the image lists it")
    }
}
