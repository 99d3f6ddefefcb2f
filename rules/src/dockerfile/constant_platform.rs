use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `FROM --platform=` with a fixed platform.
    ///
    /// ## Why is this bad?
    /// The stage is built for that platform whatever `docker build --platform` asks for: an image that claims to be
    /// for arm64 holds programs for amd64, and on other machines the stage runs in a slow emulator.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM --platform=linux/amd64 alpine:3.22
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.22
    /// ```
    ///
    /// ## Notes
    /// `$BUILDPLATFORM` is right for stages that compile for another platform. BuildKit is silent about a stage whose
    /// name tells the operating system or the architecture, such as `build-amd64`; so are we.
    category: Operations, severity: Warning, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3029", "FromPlatformFlagConstDisallowed"],
    fixable: false,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let Some(value) = stage.from().and_then(|from| from.flag_value("platform")) else { return };
    let platform = value.unquoted();
    if platform.contains("BUILDPLATFORM") || platform.contains("TARGETPLATFORM") {
        return;
    }
    let constant = !platform.contains('$');
    let name = stage.stage.name.as_ref().map(|name| name.text.to_ascii_lowercase()).unwrap_or_default();
    let named_for_it = parts(platform).is_some_and(|parts| parts.iter().any(|part| name.contains(&**part)));
    let message = if constant {
        format!("platform `{platform}` is fixed")
    } else {
        format!("platform `{platform}` follows neither `BUILDPLATFORM` nor `TARGETPLATFORM`")
    };
    let finding = cx.report(value.span, message);
    if !constant || named_for_it || parts(platform).is_none() {
        finding.quiet().without_aliases(&["FromPlatformFlagConstDisallowed"]);
    }
}

/// The operating system and the architecture of a platform, by the names that builders use; `None` where builders
/// do not take it for a platform.
fn parts(platform: &str) -> Option<Vec<String>> {
    let lower = platform.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split('/').collect();
    let sound = |part: &&str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    };
    if parts.len() > 3 || !parts.iter().all(sound) {
        return None;
    }
    const SYSTEMS: [&str; 9] =
        ["linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "solaris", "plan9", "wasip1"];
    const MACHINES: [&str; 13] = [
        "amd64", "386", "arm", "arm64", "ppc64le", "ppc64", "s390x", "riscv64", "mips64le", "mips64", "mipsle", "mips",
        "loong64",
    ];
    let machine = |name: &str| match name {
        "x86_64" | "x86-64" => "amd64".to_owned(),
        "i386" => "386".to_owned(),
        "aarch64" => "arm64".to_owned(),
        "armhf" | "armel" => "arm".to_owned(),
        _ => name.to_owned(),
    };
    match parts.as_slice() {
        [one] if SYSTEMS.contains(one) => Some(vec![(*one).to_owned()]),
        [one] => Some(machine(one)).filter(|name| MACHINES.contains(&&**name)).map(|name| vec![name]),
        [system, name, ..] => Some(vec![(*system).to_owned(), machine(name)]),
        [] => None,
    }
}
