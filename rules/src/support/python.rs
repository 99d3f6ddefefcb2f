//! Calls of `pip`.

use crate::cx::Cmd;
use plimsoll_shell::Word;

/// The arguments of `pip`, where the command is `pip`, `pip3.12`, `pip-3.12`, `pipx` or `python -m pip`, at any path.
pub(crate) fn pip_args<'c>(cmd: &Cmd<'c>) -> Option<&'c [Word<'c>]> {
    let name = cmd.command.name.text.rsplit('/').next().unwrap_or("");
    // Red Hat's packages bring `pip-3.6` beside `pip3.6`.
    let pip = name.strip_prefix("pip").map(|suffix| suffix.strip_prefix('-').unwrap_or(suffix));
    if name == "pipx" || pip.is_some_and(is_version) {
        return Some(cmd.args());
    }
    if !name.strip_prefix("python").or(name.strip_prefix("pypy")).is_some_and(is_version) {
        return None;
    }
    let module = cmd.args().iter().position(|arg| arg.text == "-m")?;
    let is_first = cmd.args().iter().take(module).all(|arg| arg.text.starts_with('-'));
    let (program, args) = cmd.args().get(module + 1..)?.split_first()?;
    (is_first && program.text == "pip").then_some(args)
}

/// Whether hadolint takes the command for a call of `pip`: it knows `pip` and `python` by these names, without a folder,
/// and wants the subcommand right behind `-m pip`.
pub(crate) fn is_plain_pip(cmd: &Cmd<'_>, args: &[Word<'_>]) -> bool {
    let name = &cmd.command.name.text;
    name.starts_with("pip") || name.starts_with("python") && args.first().is_some_and(|first| first.text == "install")
}

/// Whether it is what stands behind the name in `pip3` and `python3.12`, or nothing.
fn is_version(suffix: &str) -> bool {
    suffix.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
