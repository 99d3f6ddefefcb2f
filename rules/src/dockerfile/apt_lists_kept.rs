use crate::prelude::*;
use crate::support::cleanup;
use crate::support::managers::APT;
use crate::support::packages::{Call, calls};
use std::cell::LazyCell;

rule! {
    /// ## What it does
    /// Flags `apt-get update` whose package lists stay in the image.
    ///
    /// ## Why is this bad?
    /// `apt-get update` stores the lists of all packages in `/var/lib/apt/lists`: some 20 to 50 MB that no running
    /// container needs. A later `RUN` cannot take them out of the layer again, so the `RUN` that fetches them has to.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:12
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:12
    /// RUN apt-get update \
    ///     && apt-get install -y --no-install-recommends curl \
    ///     && rm -rf /var/lib/apt/lists/*
    /// ```
    ///
    /// ## Fix
    /// Appends `rm -rf /var/lib/apt/lists/*`, where the same `RUN` uses the lists. It is unsafe where a later one may
    /// use them too.
    ///
    /// ## Notes
    /// A clean-up is what empties `/var/lib/apt/lists` or a folder above it after the last update, by `rm` or `find`;
    /// hadolint takes any `rm -rf` for one. A cache or tmpfs mount keeps the lists out of the layer. Stages of which
    /// nothing is built are left alone, as their layers never reach an image. Base stages that the last one does not
    /// use, and scripts that run `apt-get dist-clean`, are shown only to those who ask for hadolint's check, which
    /// knows neither.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3009", "DKL-DI-0005"],
    fixable: true,
    check: File(check),
}

const LISTS: &str = "/var/lib/apt/lists";

fn check(cx: &mut Cx<'_>) {
    let scripts = cx.facts.scripts();
    // The last script that lives on lists that an earlier one fetched; looked for once, where it matters.
    let last_in_need = LazyCell::new(|| scripts.iter().rposition(needs_lists));
    for (index, script) in scripts.iter().enumerate() {
        check_script(cx, script, || *last_in_need > Some(index));
    }
}

fn check_script<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>, lists_are_needed: impl Fn() -> bool) {
    let Some((cmd, call)) = calls(script, &APT).rfind(|(_, call)| call.is(&["update"])) else { return };
    if !cleanup::is_image_or_base(cx, &script.at) || cleanup::mounted(&script.at, LISTS) {
        return;
    }
    let later = || calls(script, &APT).skip_while(|(later, _)| later.index <= cmd.index);
    let distclean = later().any(|(_, call)| call.is(&["distclean", "dist-clean"]));
    let removed =
        if distclean { hadolint_is_content(script) } else { cleanup::last_removal(script, LISTS) > Some(cmd.index) };
    if removed {
        return;
    }
    let quiet = distclean || !cleanup::in_final_image(cx, &script.at);
    // An update that no install follows is of use to later instructions alone: without the lists it would be of none.
    let fixable = !distclean && later().any(|(_, call)| uses_lists(&call));
    let fix = fixable.then(|| cleanup::append(cx, &cmd, "rm -rf /var/lib/apt/lists/*")).flatten();
    let finding = cx.report(call.place(&cmd), "package lists of `/var/lib/apt/lists` stay in the layer");
    if quiet {
        finding.quiet();
    }
    if let Some(edit) = fix {
        let title = "remove the lists at the end of the `RUN`";
        finding.fix(if lists_are_needed() { Fix::unsafe_(title, edit) } else { Fix::safe(title, edit) });
    }
}

/// Whether hadolint takes a command for the clean-up: any `rm` with `-rf`, or with the lists as they are mostly written.
fn hadolint_is_content(script: &RunScript<'_>) -> bool {
    let removal = |command: &shell::Command<'_>| {
        command.is("rm") && command.args.iter().any(|arg| arg.text == "-rf" || arg.text == "/var/lib/apt/lists/*")
    };
    script.commands().iter().any(removal)
}

/// Whether the script may install from lists that it has not fetched itself.
fn needs_lists(script: &RunScript<'_>) -> bool {
    let unknown = |command: &shell::Command<'_>| {
        let name = &*command.name.text;
        command.name.expands
            || name.ends_with(".sh")
            || name.contains('/')
            || matches!(name, "sh" | "bash" | "." | "source")
    };
    let first = calls(script, &APT).find(|(_, call)| call.is(&["update"]) || uses_lists(call));
    script.parsed.is_none()
        || first.is_some_and(|(_, call)| !call.is(&["update"]))
        || script.commands().iter().any(unknown)
}

fn uses_lists(call: &Call<'_, '_>) -> bool {
    !call.is(&["update", "clean", "autoclean", "autoremove", "remove", "purge", "distclean", "dist-clean"])
}
