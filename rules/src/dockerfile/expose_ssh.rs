use crate::prelude::*;
use crate::support::ports::{self, Port};

rule! {
    /// ## What it does
    /// Flags `EXPOSE 22`.
    ///
    /// ## Why is this bad?
    /// An SSH server in a container is one more way in, with keys, users and updates of its own to look after.
    /// `docker exec` and `kubectl exec` open a shell without one.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// EXPOSE 22 8080
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// EXPOSE 8080
    /// ```
    ///
    /// ## Notes
    /// An image whose purpose is SSH, such as a git server, says `# plimsoll ignore=expose-ssh`.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DS-0004", "CKV_DOCKER_1"],
    fixable: false,
    check: Instruction([Expose], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::Expose(words) = &at.instruction.kind else { return };
    for word in words {
        let Some(text) = ports::resolve(cx, at, word) else { continue };
        let port = Port::parse(&text);
        if port.number != "22" {
            continue;
        }
        let udp = port.protocol.is_some_and(|protocol| !protocol.eq_ignore_ascii_case("tcp"));
        let finding = cx.report(word.span, "port 22 (SSH) exposed");
        finding.only_aliases(|alias| match alias {
            "CKV_DOCKER_1" => word.text == "22",
            _ => ["22", "22/tcp", "22/udp"].contains(&&*word.text),
        });
        // SSH does not speak UDP.
        if udp {
            finding.quiet();
        }
    }
}
