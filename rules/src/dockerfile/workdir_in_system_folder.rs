use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `WORKDIR` in `/proc`, `/sys`, `/dev`, `/boot`, `/initrd` and `/lost+found`.
    ///
    /// ## Why is this bad?
    /// The kernel and the runtime put their own things there; what the build writes is gone when the container runs.
    /// A `WORKDIR` of `/proc/self/fd/…` was the way out of the container in runc before 1.1.12 (CVE-2024-21626).
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// WORKDIR /proc/self/fd/8
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// WORKDIR /srv/app
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: ["DS-0030"],
    fixable: false,
    check: Instruction([Workdir], check),
}

const FOLDERS: [&str; 6] = ["/proc", "/sys", "/dev", "/boot", "/initrd", "/lost+found"];

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::Workdir(word) = &at.instruction.kind else { return };
    let resolved = at.stage.and_then(|stage| cx.facts.expand(stage, at.index, &word.text));
    let path = resolved.as_deref().unwrap_or_else(|| word.unquoted());
    let below = |path: &str, folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let Some(folder) = FOLDERS.into_iter().find(|folder| path == *folder || below(path, folder)) else { return };
    let bare = word.text.trim_matches('"');
    let known_to_trivy = folder != "/sys" && below(bare, folder);
    let escape = path.starts_with("/proc/self/fd");
    let finding = cx.report(word.span, format!("`WORKDIR` in the system folder `{folder}`"));
    if escape {
        finding.severity(Severity::Error);
    }
    if !known_to_trivy {
        finding.without_aliases(&["DS-0030"]);
    }
}
