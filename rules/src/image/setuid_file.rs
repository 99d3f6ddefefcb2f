use crate::image_cx::ImageCx;
use crate::support::image_files::{unprivileged, writable_parent};
use plimsoll_engine::Severity;
use plimsoll_image::{Entry, Kind};

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
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["CIS-DI-0008", "4.8"],
    check: check,
}

/// What base images of Debian, Ubuntu, Fedora and kin, SUSE, Arch and Alpine ship, by the name in `bin`, `sbin` or
/// their kin.
const IN_BIN: [&str; 36] = [
    "bbsuid",
    "bsd-write",
    "chage",
    "chfn",
    "chsh",
    "crontab",
    "dotlockfile",
    "expiry",
    "fusermount",
    "fusermount3",
    "gpasswd",
    "grub2-set-bootflag",
    "ksu",
    "locate",
    "mail-lock",
    "mail-touchlock",
    "mail-unlock",
    "mlocate",
    "mount",
    "mount.nfs",
    "newgidmap",
    "newgrp",
    "newuidmap",
    "pam_extrausers_chkpwd",
    "pam_timestamp_check",
    "passwd",
    "ping",
    "plocate",
    "sg",
    "ssh-agent",
    "su",
    "umount",
    "unix_chkpwd",
    "userhelper",
    "wall",
    "write",
];
/// The same elsewhere.
const ELSEWHERE: [&str; 8] = [
    "usr/lib/dbus-1.0/dbus-daemon-launch-helper",
    "usr/libexec/dbus-1/dbus-daemon-launch-helper",
    "usr/lib/openssh/ssh-keysign",
    "usr/libexec/openssh/ssh-keysign",
    "usr/lib/ssh/ssh-keysign",
    "usr/libexec/utempter/utempter",
    "usr/lib/x86_64-linux-gnu/utempter/utempter",
    "usr/lib/polkit-1/polkit-agent-helper-1",
];

const BITS: u16 = 0o6000;

fn check(cx: &mut ImageCx<'_>) {
    let user = unprivileged(cx);
    let mut expected: Vec<Entry<'_>> = Vec::new();
    for entry in cx.image.present() {
        let is_program = matches!(entry.kind(), Kind::File | Kind::HardLink);
        // A setgid folder hands its group on to new files, and a setgid file that nobody may run does nothing.
        if !is_program || entry.mode() & BITS == 0 || entry.mode() & 0o111 == 0 {
            continue;
        }
        let path = entry.path_bytes();
        let what = match (entry.mode() & 0o4000 != 0, entry.uid()) {
            (true, 0) => "setuid program: it runs as root".to_owned(),
            (true, uid) => format!("setuid program: it runs as user {uid}"),
            (false, _) => format!("setgid program: it runs in group {}", entry.gid()),
        };
        let parent = writable_parent(cx.image, &path, user.as_ref());
        if parent.is_none() && is_expected(&path) {
            expected.push(entry);
            continue;
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

fn is_expected(path: &[u8]) -> bool {
    let Ok(path) = std::str::from_utf8(path) else { return false };
    let in_bin = ["bin/", "sbin/", "usr/bin/", "usr/sbin/"].iter().find_map(|folder| path.strip_prefix(folder));
    in_bin.is_some_and(|name| IN_BIN.contains(&name)) || ELSEWHERE.contains(&path)
}
