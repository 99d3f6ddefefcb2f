/// The shells between which checks distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// `sh` of unknown make. Bash's grammar is accepted too, since `[[` and arrays are found there in practice.
    #[default]
    Posix,
    /// `dash`
    Dash,
    /// `ash` of busybox.
    Ash,
    /// `bash`, also under the name of `sh`.
    Bash,
    /// `ksh`, `mksh`
    Ksh,
    /// `zsh`
    Zsh,
}

impl Dialect {
    /// The dialect of a shell's program, such as `/bin/bash`; `None` where it is no shell of Bourne's kind.
    ///
    /// ```
    /// use plimsoll_shell::Dialect;
    ///
    /// assert_eq!(Dialect::of("/usr/bin/bash"), Some(Dialect::Bash));
    /// assert_eq!(Dialect::of("sh"), Some(Dialect::Posix));
    /// assert_eq!(Dialect::of("pwsh.exe"), None);
    /// ```
    pub fn of(program: &str) -> Option<Self> {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "sh" => Some(Self::Posix),
            "dash" => Some(Self::Dash),
            "ash" | "busybox" => Some(Self::Ash),
            "bash" => Some(Self::Bash),
            "ksh" | "ksh93" | "mksh" => Some(Self::Ksh),
            "zsh" => Some(Self::Zsh),
            _ => None,
        }
    }
}
