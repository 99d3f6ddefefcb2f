//! What a container's processes may do as root.

use std::collections::BTreeSet;

/// The capabilities that engines give to every container.
pub const DEFAULT: [&str; 14] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// What a container has after `--cap-add` and `--cap-drop`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capabilities {
    /// All that the host has, but these.
    AllBut(BTreeSet<String>),
    /// These.
    These(BTreeSet<String>),
}

impl Capabilities {
    /// The defaults with capabilities dropped and added, as engines do it: `ALL` stands for all; what is dropped by
    /// name stays away where all are added, and what is added by name is there where all are dropped.
    ///
    /// ```
    /// use plimsoll_host::capabilities::Capabilities;
    /// let added = ["CAP_NET_ADMIN".to_owned()];
    /// let dropped = ["all".to_owned()];
    /// assert!(Capabilities::of(&added, &dropped).beyond_default().eq(["NET_ADMIN"]));
    /// ```
    pub fn of(added: &[String], dropped: &[String]) -> Self {
        let added: BTreeSet<String> = added.iter().map(|name| normal(name)).collect();
        let dropped: BTreeSet<String> = dropped.iter().map(|name| normal(name)).collect();
        if added.contains("ALL") {
            return Self::AllBut(dropped.into_iter().filter(|name| name != "ALL").collect());
        }
        let mut these: BTreeSet<String> = if dropped.contains("ALL") {
            BTreeSet::new()
        } else {
            DEFAULT.into_iter().filter(|name| !dropped.contains(*name)).map(str::to_owned).collect()
        };
        // The engine drops before it adds, so a name in both lists is there.
        these.extend(added);
        Self::These(these)
    }

    /// Whether a capability, named without `CAP_`, is there.
    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::AllBut(dropped) => !dropped.contains(name),
            Self::These(these) => these.contains(name),
        }
    }

    /// The capabilities beyond the default ones; `ALL` stands for all.
    pub fn beyond_default(&self) -> impl Iterator<Item = &str> {
        let (all, these) = match self {
            Self::AllBut(_) => (Some("ALL"), None),
            Self::These(these) => (None, Some(these)),
        };
        let beyond = these.into_iter().flatten().map(String::as_str).filter(|name| !DEFAULT.contains(name));
        all.into_iter().chain(beyond)
    }
}

/// A capability's name in capitals and without `CAP_`.
///
/// ```
/// assert_eq!(plimsoll_host::capabilities::normal("cap_sys_admin"), "SYS_ADMIN");
/// ```
pub fn normal(name: &str) -> String {
    let name = name.trim().to_ascii_uppercase();
    name.strip_prefix("CAP_").map_or_else(|| name.clone(), str::to_owned)
}
