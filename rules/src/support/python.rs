//! Calls of `pip`.

use crate::cx::Cmd;
use plimsoll_shell::Word;

/// The arguments of `pip`, where the command is `pip`, `pip3.12`, `pipx` or `python -m pip`, at any path.
pub(crate) fn pip_args<'c>(cmd: &Cmd<'c>) -> Option<&'c [Word<'c>]> {
    let name = cmd.command.name.text.rsplit('/').next().unwrap_or("");
    if name == "pipx" || name.strip_prefix("pip").is_some_and(is_version) {
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

/// Whether it is what stands behind the name in `pip3` and `python3.12`, or nothing.
fn is_version(suffix: &str) -> bool {
    suffix.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
