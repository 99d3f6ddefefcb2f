use crate::prelude::*;
use crate::support::managers::{APK, APT, DNF, YUM, ZYPPER};
use crate::support::packages::{Call, Manager, calls};

rule! {
    /// ## What it does
    /// Flags `apt-get update` or `apk update` in a `RUN` that installs nothing behind it.
    ///
    /// ## Why is this bad?
    /// The builder caches each `RUN` by its text: when a later `RUN` asks for another package, the update before it
    /// comes from the cache, months old perhaps. The packages that it names have been replaced on the mirrors, and the
    /// build fails, or it installs versions with known holes.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:12
    /// RUN apt-get update
    /// RUN apt-get install -y --no-install-recommends curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:12
    /// RUN apt-get update \
    ///     && apt-get install -y --no-install-recommends curl \
    ///     && rm -rf /var/lib/apt/lists/*
    /// ```
    ///
    /// ## Notes
    /// `yum update`, `dnf update` and `zypper update` are no updates of lists but upgrades, and fetch the lists that
    /// they need. trivy reports them all the same, so those who ask for its check hear of them. Where another script
    /// runs behind the update, it may be what installs, and the finding is left to trivy's users too.
    category: Reproducibility, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DS-0017", "CKV_DOCKER_5", "CIS-DI-0007", "4.7"],
    fixable: false,
    check: Script(check),
}

/// What installs or fetches packages.
const INSTALLS: &[&str] = &[
    "install",
    "reinstall",
    "upgrade",
    "dist-upgrade",
    "full-upgrade",
    "safe-upgrade",
    "build-dep",
    "satisfy",
    "source",
    "download",
    "add",
    "fix",
    "fetch",
    "source-install",
    "groupinstall",
    "localinstall",
    "in",
    "si",
];

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    for manager in [&APT, &APK] {
        if let Some((cmd, call)) = lone_update(script, manager, &["update"]) {
            let installs_elsewhere = cmd.later().iter().any(may_install);
            let finding = report(cx, &cmd, &call, "not followed by an install in the same `RUN`");
            let apt = cmd.is("apt-get") || cmd.is("apt");
            finding.only_aliases(|alias| alias != "CIS-DI-0007" || apt);
            finding.only_aliases(|alias| alias != "DS-0017" || !cmd.is("aptitude"));
            if installs_elsewhere {
                finding.quiet();
            }
        }
    }
    for manager in [&YUM, &DNF, &ZYPPER] {
        let update = lone_update(script, manager, &["update", "up"])
            .filter(|(cmd, _)| cmd.is("yum") || cmd.is("dnf") || cmd.is("zypper"));
        if let Some((cmd, call)) = update {
            let finding = report(cx, &cmd, &call, "upgrades and installs nothing else in the same `RUN`");
            finding.quiet().only_aliases(|alias| alias == "CKV_DOCKER_5" || alias == "DS-0017");
        }
    }
}

/// The script's first update, where no command of the same manager behind it installs anything.
fn lone_update<'c>(
    script: &'c RunScript<'c>,
    manager: &'static Manager,
    verbs: &[&str],
) -> Option<(Cmd<'c>, Call<'c, 'c>)> {
    let mut all = calls(script, manager).skip_while(|(_, call)| !call.is(verbs));
    let first = all.next()?;
    let installs =
        all.any(|(_, call)| call.is(INSTALLS) || call.operands.iter().any(|word| INSTALLS.contains(&&*word.text)));
    (!installs).then_some(first)
}

fn report<'f>(cx: &'f mut Cx<'_>, cmd: &Cmd<'_>, call: &Call<'_, '_>, what: &str) -> &'f mut Finding {
    cx.report(call.place(cmd), format!("`{}` {what}", call.shown(cmd)))
}

/// Whether the command may install packages by itself: a script, or a program that calls the manager.
fn may_install(command: &shell::Command<'_>) -> bool {
    const INSTALLERS: &[&str] = &[
        "sh",
        "bash",
        "dash",
        "source",
        ".",
        "eval",
        "make",
        "npx",
        "playwright",
        "ansible-playbook",
        "rosdep",
        "mk-build-deps",
        "gdebi",
        "debootstrap",
        "mmdebstrap",
        "tasksel",
        "add-apt-repository",
        "apt-file",
        "apt-cache",
        "python",
        "python3",
        "perl",
        "ruby",
        "dpkg",
        "apt-fast",
        "nala",
        "wajig",
        "apt-build",
    ];
    let name = &*command.name.text;
    command.name.expands || name.contains(['/', '.']) || name.contains("install") || INSTALLERS.contains(&name)
}
