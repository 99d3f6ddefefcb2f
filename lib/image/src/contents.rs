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
        _ if is_account_file(path) => Some(Interest::Accounts),
        _ => Database::of(path).map(Interest::Packages),
    }
}

/// Whether a path is that of an account file: in any folder `etc`, because links lead from `/etc` to others, `/usr/etc` of
/// image-based systems among them.
fn is_account_file(path: &[u8]) -> bool {
    let Some(slash) = path.iter().rposition(|&byte| byte == b'/') else { return false };
    let folder = &path[..slash];
    let is_account = matches!(
        &path[slash + 1..],
        b"passwd"
            | b"passwd-"
            | b"shadow"
            | b"shadow-"
            | b"group"
            | b"group-"
            | b"gshadow"
            | b"gshadow-"
            | b"master.passwd"
    );
    is_account && (folder == b"etc" || folder.ends_with(b"/etc"))
}

/// Whether a file is an account file by how it begins. Archivers that store equal files once may have it under any name, and
/// `/etc/passwd` as a hard link to that.
pub(crate) fn begins_as_accounts(start: &[u8], size: u64) -> bool {
    // The first account is root's, and its second field is no word.
    let second = start.strip_prefix(b"root:").and_then(|rest| rest.first());
    size <= Interest::Accounts.most() && second.is_some_and(|byte| b":x*!$".contains(byte))
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
    // Most scripts name none of the programs.
    let named = || PROGRAMS.iter().any(|name| memchr::memmem::find(content, name.as_bytes()).is_some());
    named() && line_steps_down(&String::from_utf8_lossy(content))
}

const PROGRAMS: [&str; 8] = ["gosu", "su-exec", "suexec", "setpriv", "runuser", "setuidgid", "s6-setuidgid", "chpst"];

/// Whether shell code runs a program that hands over to a user other than root. This is no shell: it looks at what stands
/// where a command may stand.
///
/// ```
/// assert!(plimsoll_image::line_steps_down("exec gosu app \"$@\""));
/// assert!(!plimsoll_image::line_steps_down("command -v gosu && exec srv"));
/// ```
pub fn line_steps_down(code: &str) -> bool {
    const OPENERS: [&str; 11] = ["then", "do", "else", "exec", "!", "{", "if", "while", "env", "set", "--"];
    code.lines().any(|line| {
        let line = if line.trim_start().starts_with('#') { "" } else { line };
        let code = line.find(" #").map_or(line, |comment| &line[..comment]);
        code.split([';', '&', '|', '(']).any(|command| {
            let words: Vec<&str> = command.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
            let opens = |word: &&&str| OPENERS.contains(*word) || word.contains('=');
            let before = words.iter().take_while(opens).count();
            command_steps_down(&words[before..])
        })
    })
}

/// Whether a command, as words, hands over to a user other than root: `gosu app srv`, `setpriv --reuid=1000 srv`. What a
/// variable names is taken for such a user.
///
/// ```
/// assert!(plimsoll_image::command_steps_down(&["/usr/bin/setpriv", "--reuid", "app", "srv"]));
/// assert!(!plimsoll_image::command_steps_down(&["gosu", "root", "srv"]));
/// ```
pub fn command_steps_down(words: &[&str]) -> bool {
    let [program, arguments @ ..] = words else { return false };
    let is_other = |user: &str| {
        let user = user.split(':').next().unwrap_or_default();
        !matches!(user, "" | "root" | "0") && !user.starts_with('-')
    };
    // The value of an option in any form: `-u app`, `-uapp`, `--user=app`, `--user app`.
    let option = |names: &[&str]| {
        arguments.iter().enumerate().any(|(at, word)| {
            names.iter().any(|name| match word.strip_prefix(name) {
                Some("") => arguments.get(at + 1).is_some_and(|user| is_other(user)),
                Some(rest) if name.starts_with("--") => rest.strip_prefix('=').is_some_and(is_other),
                Some(rest) => is_other(rest),
                None => false,
            })
        })
    };
    let first = || arguments.iter().find(|word| !word.starts_with('-')).is_some_and(|user| is_other(user));
    match program.rsplit('/').next().unwrap_or_default() {
        "gosu" | "su-exec" | "suexec" | "setuidgid" | "s6-setuidgid" => first(),
        "chpst" => option(&["-u"]),
        "setpriv" => option(&["--reuid"]),
        "runuser" => option(&["-u", "--user"]) || !arguments.contains(&"-u") && first(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_files() {
        for path in ["etc/passwd", "usr/etc/passwd", "nix/store/0a-passwd/etc/group", "etc/shadow-"] {
            assert_eq!(interest(path.as_bytes()), Some(Interest::Accounts), "{path}");
        }
        for path in ["passwd", "usr/bin/passwd", "etc/pam.d/passwd", "etc/passwd/x", "letc/passwd"] {
            assert_eq!(interest(path.as_bytes()), None, "{path}");
        }
        for start in ["root:x:0:0::/:/bin/sh", "root::0:0:", "root:*:1:", "root:!:1:", "root:$6$a$b"] {
            assert!(begins_as_accounts(start.as_bytes(), 100), "{start}");
        }
        for start in ["root", "root:", "root: yes", "root:admin", "# root:x:0", ""] {
            assert!(!begins_as_accounts(start.as_bytes(), 100), "{start}");
        }
        assert!(!begins_as_accounts(b"root:x:0:0::/:", 1 << 20));
    }

    #[test]
    fn hashes_are_not_kept() {
        let shadow = b"root::1:\na:*:1:\nb:$6$abc$def:1:\nc:!$6$abc:1:\n\nd\n";
        assert_eq!(without_hashes(shadow), b"root::1:\na:*:1:\nb:****:1:\nc:!****:1:\n\nd\n");
    }

    #[test]
    fn scripts_that_step_down() {
        assert!(steps_down(b"#!/bin/sh\nexec gosu redis \"$0\" \"$@\"\n"));
        assert!(steps_down(b"#!/bin/sh\nexec /usr/sbin/su-exec app \"$@\"\n"));
        assert!(steps_down(b"#!/bin/sh\nif [ \"$(id -u)\" = 0 ]; then exec gosu \"$USER\" \"$@\"; fi\n"));
        assert!(steps_down(b"#!/bin/bash\nset -- gosu app \"$@\"\nexec setpriv --reuid=app --clear-groups \"$@\"\n"));
        assert!(!steps_down(b"#!/bin/sh\n# no gosu here\nexec \"$@\"\n"));
        assert!(!steps_down(b"#!/bin/sh\necho hi # we do not use gosu app\nexec \"$@\"\n"));
        assert!(!steps_down(b"#!/bin/sh\napt-get install gosu curl\ncommand -v gosu\nexec gosu root \"$@\"\n"));
        assert!(!steps_down(b"gosu app"));
    }
}
