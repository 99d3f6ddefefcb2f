use crate::prelude::*;
use crate::support::modes::Mode;

rule! {
    /// ## What it does
    /// Flags modes with which everyone may write: `chmod 777`, `chmod a+w`, `chmod o+w`, `COPY --chmod=666`,
    /// `install -m 777`, `mkdir -m 777`. Folders with the sticky bit (`1777`, as `/tmp` has it) are fine.
    ///
    /// ## Why is this bad?
    /// Every process in the container, whatever its user, can then replace these files: a program that is broken into
    /// can change what others run. It also hides which user needs to write what.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN mkdir /data && chmod -R 777 /data
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN mkdir /data && chown -R 1000 /data
    /// ```
    /// Where the user is not known beforehand, as in OpenShift, write through the group 0: `chgrp -R 0 /data` and
    /// `chmod -R g=u /data`.
    ///
    /// ## Fix
    /// `--fix-unsafe` takes the right to write from others where the mode is octal: `777` becomes `775`.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    for &at in cx.facts.instructions() {
        if matches!(at.instruction.kind, Kind::Copy(_) | Kind::Add(_))
            && let Some(mode) = at.instruction.flag_value("chmod")
        {
            report(cx, mode.span, mode.unquoted());
        }
    }
    for script in cx.facts.scripts() {
        for (index, command) in script.commands().iter().enumerate() {
            let cmd = Cmd { script, index, command };
            let mode = match &*command.name.text {
                "chmod" => command.operands().next().map(|mode| (mode, &*mode.text)),
                "install" | "mkdir" => command.value_of(&["--mode", "-m"]),
                _ => None,
            };
            if let Some((word, mode)) = mode {
                report(cx, cmd.place(word), mode);
            }
        }
    }
}

fn report(cx: &mut Cx<'_>, place: Span, text: &str) {
    if !Mode::parse(text).is_some_and(|mode| mode.world_writable && !mode.sticky) {
        return;
    }
    let narrower = narrower(text).filter(|_| cx.text(place).ends_with(text));
    let finding = cx.report(place, format!("`{text}` lets everyone write"));
    if let Some(narrower) = narrower {
        let digits = Span::new(place.end - text.len() as u32, place.end);
        finding.fix(Fix::unsafe_(format!("use `{narrower}`"), Edit::replace(digits, narrower)));
    }
}

/// An octal mode without the right of others to write.
fn narrower(mode: &str) -> Option<String> {
    let (front, others) = mode.split_at_checked(mode.len().checked_sub(1)?)?;
    let others = others.parse::<u8>().ok()?;
    front.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("{front}{}", others & !2))
}
