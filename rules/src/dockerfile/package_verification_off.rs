use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags what makes a package manager take packages without checking their signature or checksum:
    /// `apk --allow-untrusted`, `apt-get --allow-unauthenticated` and `--force-yes`, `dnf --nogpgcheck`,
    /// `rpm --nosignature`, `zypper --no-gpg-checks`, `[trusted=yes]` in a line for `sources.list`, `GOSUMDB=off`.
    ///
    /// ## Why is this bad?
    /// The signature is what tells a package of the distribution from one that somebody put in its place on a mirror
    /// or on the way. Scripts of packages run as root.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM fedora:43
    /// RUN dnf install --assumeyes --nogpgcheck https://example.com/tool.rpm
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM fedora:43
    /// RUN rpm --import https://example.com/key.asc && dnf install --assumeyes https://example.com/tool.rpm
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["CKV2_DOCKER_7", "CKV2_DOCKER_8", "CKV2_DOCKER_9", "CKV2_DOCKER_10", "CKV2_DOCKER_11", "4.11"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    for switch in &cx.facts.switches().packages {
        let message = format!("`{}` switches the check of packages off", switch.name);
        cx.report(switch.place, message).only_aliases(|alias| alias == "4.11" || Some(alias) == switch.checkov);
    }
}
