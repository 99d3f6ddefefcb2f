//! The signals of `STOPSIGNAL`.

/// What a signal of `STOPSIGNAL` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// One that a process can catch, to end in order.
    Catchable,
    /// `SIGKILL` or `SIGSTOP`, which no process sees.
    Uncatchable,
    /// None.
    Unknown,
}

/// Reads a signal as engines do: a number, or a name in any case with or without `SIG`.
pub(crate) fn signal(text: &str) -> Signal {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.parse::<u32>() {
            // Numbers differ between architectures: 19 is SIGSTOP on x86 and ARM. Linux ends at 64.
            Ok(9 | 19) => Signal::Uncatchable,
            Ok(1..=64) => Signal::Catchable,
            _ => Signal::Unknown,
        };
    }
    let upper = text.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    match name {
        "KILL" | "STOP" => Signal::Uncatchable,
        _ if NAMES.contains(&name) || is_realtime(name) => Signal::Catchable,
        _ => Signal::Unknown,
    }
}

/// The names that engines know, `SIGKILL` and `SIGSTOP` left out.
pub(crate) const NAMES: [&str; 33] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "IOT", "BUS", "FPE", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
    "STKFLT", "CHLD", "CLD", "CONT", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
    "POLL", "PWR", "SYS", "UNUSED",
];

/// `RTMIN`, `RTMIN+1` to `RTMIN+15`, `RTMAX-14` to `RTMAX-1`, `RTMAX`.
fn is_realtime(name: &str) -> bool {
    let within = |rest: &str, sign: char, last: u32| {
        rest.is_empty() || rest.strip_prefix(sign).and_then(|n| n.parse().ok()).is_some_and(|n| (1..=last).contains(&n))
    };
    name.strip_prefix("RTMIN").is_some_and(|rest| within(rest, '+', 15))
        || name.strip_prefix("RTMAX").is_some_and(|rest| within(rest, '-', 14))
}
