use super::{Base, Facts};
use plimsoll_dockerfile::{Array, Kind};
use plimsoll_shell::Dialect;

/// The shell that runs shell-form commands at some place.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shell<'c> {
    /// Which shell it is.
    pub(crate) kind: ShellKind,
    /// Which dialect its name tells.
    pub(crate) dialect: Dialect,
    /// Which dialect `sh` is in the base image, as far as the image's name tells.
    pub(crate) sh: Dialect,
    /// The `SHELL` that set it; absent for the default shell.
    pub(crate) set_by: Option<&'c Array<'c>>,
    /// Whether a failing command in a pipe fails the pipe: `-o pipefail` in `SHELL`.
    pub(crate) pipefail: bool,
}

/// Shells by the language that they speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ShellKind {
    /// `sh`, `dash`, `ash`.
    #[default]
    Posix,
    /// `bash`
    Bash,
    /// `zsh`
    Zsh,
    /// `ksh`, `mksh`
    Ksh,
    /// `powershell`, `pwsh`
    PowerShell,
    /// `cmd`
    Cmd,
    /// Something whose language we do not know.
    Other,
}

impl ShellKind {
    /// The shell that a program's path, such as `/bin/bash` or `C:\…\pwsh.exe`, names.
    pub(crate) fn of(program: &str) -> Self {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "sh" | "dash" | "ash" | "busybox" => Self::Posix,
            "bash" => Self::Bash,
            "zsh" => Self::Zsh,
            "ksh" | "ksh93" | "mksh" => Self::Ksh,
            "powershell" | "pwsh" => Self::PowerShell,
            "cmd" => Self::Cmd,
            _ => Self::Other,
        }
    }

    /// Whether it speaks a dialect of the Bourne shell's language.
    pub(crate) fn is_bourne(self) -> bool {
        matches!(self, Self::Posix | Self::Bash | Self::Zsh | Self::Ksh)
    }
}

impl<'c> Shell<'c> {
    /// The shell that a program's path names.
    pub(super) fn named(program: &str) -> Self {
        Self { kind: ShellKind::of(program), dialect: Dialect::of(program).unwrap_or_default(), ..Self::default() }
    }

    /// The shell of a `SHELL` array.
    fn of(array: &'c Array<'c>) -> Self {
        // What stands before the shell only starts it: `/usr/bin/env bash`, `conda run -n app /bin/bash`.
        let shell = array
            .items
            .iter()
            .map(|program| Self::named(&program.text))
            .find(|shell| shell.kind != ShellKind::Other)
            .unwrap_or(Self { kind: ShellKind::Other, ..Self::default() });
        // `-o pipefail`, also in a cluster such as `-euo pipefail` or glued as `-opipefail`.
        let pipefail = array
            .items
            .windows(2)
            .any(|pair| pair[1].text == "pipefail" && pair[0].text.starts_with('-') && pair[0].text.ends_with('o'))
            || array.items.iter().any(|item| item.text.ends_with("opipefail"));
        Self { set_by: Some(array), pipefail, ..shell }
    }
}

/// The shell at each instruction. A stage inherits it from the stage that it is built from.
pub(super) fn find<'c>(facts: &Facts<'c>) -> Vec<Shell<'c>> {
    let file = facts.file;
    let mut shells = vec![Shell::default(); file.instructions.len()];
    let mut at_end: Vec<Shell<'c>> = Vec::with_capacity(file.stages.len());
    let named = file.comments.iter().find_map(|comment| named_shell(comment.text));
    for stage in facts.stages() {
        let mut shell = match &stage.base {
            Base::Stage(parent) => at_end.get(*parent).copied().unwrap_or_default(),
            _ => named.unwrap_or_else(|| default_shell(facts, stage.index())),
        };
        shell.sh = sh_of(facts, stage.index());
        for index in stage.stage.instructions.clone() {
            if let Some(Kind::Shell(Some(array))) = file.instructions.get(index).map(|instruction| &instruction.kind) {
                shell = Shell { sh: shell.sh, ..Shell::of(array) };
            }
            if let Some(slot) = shells.get_mut(index) {
                *slot = shell;
            }
        }
        at_end.push(shell);
    }
    shells
}

/// Windows images run `cmd`: their file says so by its escape character, or the image by its name.
fn default_shell<'c>(facts: &Facts<'c>, stage: usize) -> Shell<'c> {
    let image = facts.stages().get(stage).and_then(super::StageFact::image);
    let windows = image.is_some_and(|image| {
        let name = image.repository.to_ascii_lowercase();
        let tag = image.tag.unwrap_or("").to_ascii_lowercase();
        ["windows/", "windowsservercore", "nanoserver", "servercore"].iter().any(|mark| name.contains(mark))
            || ["windowsservercore", "nanoserver"].iter().any(|mark| tag.contains(mark))
    });
    let kind = if windows || facts.file.escape == '`' { ShellKind::Cmd } else { ShellKind::Posix };
    Shell { kind, ..Shell::default() }
}

/// What `sh` is in the image that a stage is built from in the end, as far as the image's name tells.
fn sh_of(facts: &Facts<'_>, stage: usize) -> Dialect {
    let Some(image) = facts.lineage(stage).last().and_then(super::StageFact::image) else { return Dialect::Posix };
    let name = image.repository.rsplit('/').next().unwrap_or_default();
    let tag = image.tag.unwrap_or("");
    let says = |names: &[&str]| tag.split(['-', '.']).any(|part| names.contains(&part));
    if matches!(name, "alpine" | "busybox") || tag.split('-').any(|part| part.starts_with("alpine")) {
        Dialect::Ash
    } else if BASH_AS_SH.contains(&name) || says(BASH_AS_SH) {
        Dialect::Bash
    } else if matches!(name, "debian" | "ubuntu")
        || says(&DEBIAN_RELEASES)
        || image.official().is_some_and(|name| DEBIAN_BY_DEFAULT.contains(&name))
    {
        Dialect::Dash
    } else {
        Dialect::Posix
    }
}

/// Images, and words in the tags of others, of distributions whose `sh` is Bash.
const BASH_AS_SH: &[&str] = &[
    "al2",
    "al2023",
    "almalinux",
    "amazonlinux",
    "archlinux",
    "centos",
    "centos7",
    "fedora",
    "leap",
    "oracle",
    "oraclelinux",
    "oraclelinux8",
    "oraclelinux9",
    "redhat",
    "rockylinux",
    "tumbleweed",
    "ubi",
    "ubi-minimal",
    "ubi8",
    "ubi8-minimal",
    "ubi9",
    "ubi9-minimal",
    "ubi10",
];

/// Official images that are built on Debian or Ubuntu where their tag says nothing else.
const DEBIAN_BY_DEFAULT: [&str; 22] = [
    "buildpack-deps",
    "drupal",
    "erlang",
    "elixir",
    "gcc",
    "golang",
    "haskell",
    "httpd",
    "mariadb",
    "nginx",
    "node",
    "perl",
    "php",
    "postgres",
    "pypy",
    "python",
    "r-base",
    "redis",
    "ruby",
    "rust",
    "tomcat",
    "wordpress",
];

/// Releases of Debian and Ubuntu that stand in tags of other images.
const DEBIAN_RELEASES: [&str; 10] =
    ["slim", "stretch", "buster", "bullseye", "bookworm", "trixie", "bionic", "focal", "jammy", "noble"];

/// `# hadolint shell=NAME`, and the same as `# plimsoll shell=NAME`: the default shell of the base images.
fn named_shell<'c>(comment: &str) -> Option<Shell<'c>> {
    let rest = comment.trim();
    let rest = rest.strip_prefix("hadolint").or_else(|| rest.strip_prefix("plimsoll"))?;
    let name = rest.strip_prefix([' ', '\t'])?.trim_start().strip_prefix("shell")?.trim_start().strip_prefix('=')?;
    Some(Shell::named(name.trim()))
}
