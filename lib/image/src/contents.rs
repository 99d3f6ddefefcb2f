//! Which small files are read, not only searched, and what is kept of them.

use crate::packages::Database;

/// What a file is of interest for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interest {
    /// Its text.
    Text,
    /// Its text without password hashes.
    Accounts,
    /// The packages that it lists.
    Packages(Database),
}

impl Interest {
    /// Whether what is kept of it is text that reports may show, and not hashes alone.
    pub(crate) const fn shows_text(self) -> bool {
        !matches!(
            self,
            Self::Packages(
                Database::DpkgHashes
                    | Database::PythonRecord
                    | Database::RpmSqlite
                    | Database::RpmNdb
                    | Database::RpmBdb
            )
        )
    }

    /// The largest such file that is believed, in bytes.
    pub(crate) const fn most(self) -> u64 {
        match self {
            Self::Text | Self::Accounts => 256 << 10,
            // A thousand packages, headers and all.
            Self::Packages(Database::RpmSqlite | Database::RpmNdb | Database::RpmBdb) => 64 << 20,
            Self::Packages(_) => 8 << 20,
        }
    }
}

/// What the file at a path, clean and without leading `/`, is of interest for.
pub(crate) fn interest(path: &[u8]) -> Option<Interest> {
    match path {
        b"etc/os-release"
        | b"usr/lib/os-release"
        | b"etc/alpine-release"
        | b"etc/debian_version"
        | b"etc/redhat-release"
        | b"etc/ssh/sshd_config" => Some(Interest::Text),
        b"etc/passwd" | b"etc/passwd-" | b"etc/shadow" | b"etc/shadow-" | b"etc/group" | b"etc/group-"
        | b"etc/gshadow" | b"etc/gshadow-" | b"etc/master.passwd" => Some(Interest::Accounts),
        _ => Database::of(path).map(Interest::Packages),
    }
}

/// An account file with each password hash replaced by stars. What is not a hash stays, because it says something:
/// nothing (no password), `x`, `*` and what begins with `!` (no login).
pub(crate) fn without_hashes(content: &[u8]) -> Vec<u8> {
    let lines = content.split(|&byte| byte == b'\n').map(|line| {
        let mut fields: Vec<&[u8]> = line.split(|&byte| byte == b':').collect();
        if let Some(password) = fields.get_mut(1)
            && !matches!(*password, b"" | b"x" | b"*" | b"!" | b"!!" | b"!*" | b"*LK*" | b"NP")
        {
            *password = if password.starts_with(b"!") { b"!****" } else { b"****" };
        }
        fields.join(&b':')
    });
    lines.collect::<Vec<_>>().join(&b'\n')
}

/// Whether a file is a script that hands over to a user other than root before it runs the service.
pub(crate) fn steps_down(content: &[u8]) -> bool {
    const LONGEST: usize = 64 << 10;
    if !content.starts_with(b"#!") || content.len() > LONGEST {
        return false;
    }
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    content.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii_start().starts_with(b"#")).any(|line| {
        line.split(|byte| !is_word(byte)).any(|word| {
            matches!(
                word,
                b"gosu" | b"su-exec" | b"setpriv" | b"runuser" | b"setuidgid" | b"s6-setuidgid" | b"chpst" | b"suexec"
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_not_kept() {
        let shadow = b"root::1:\na:*:1:\nb:$6$abc$def:1:\nc:!$6$abc:1:\n\nd\n";
        assert_eq!(without_hashes(shadow), b"root::1:\na:*:1:\nb:****:1:\nc:!****:1:\n\nd\n");
    }

    #[test]
    fn scripts_that_step_down() {
        assert!(steps_down(b"#!/bin/sh\nexec gosu redis \"$0\" \"$@\"\n"));
        assert!(steps_down(b"#!/bin/sh\nexec /usr/sbin/su-exec app \"$@\"\n"));
        assert!(!steps_down(b"#!/bin/sh\n# no gosu here\nexec \"$@\"\n"));
        assert!(!steps_down(b"gosu"));
    }
}
