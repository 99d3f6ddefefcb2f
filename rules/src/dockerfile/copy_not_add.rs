use crate::prelude::*;
use crate::support::archives;

rule! {
    /// ## What it does
    /// Flags `ADD` whose sources are local files and no archives.
    ///
    /// ## Why is this bad?
    /// `ADD` unpacks archives and downloads URLs by the look of its source. A reader cannot tell which of these is
    /// meant, and a file that is renamed can change what the build does. `COPY` only copies.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// ADD app.conf /etc/app.conf
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// COPY app.conf /etc/app.conf
    /// ```
    ///
    /// ## Fix
    /// Replaces the keyword, where no flag stands there that only `ADD` knows.
    category: Style, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL3020", "DS-0005", "CKV_DOCKER_4", "CIS-DI-0009", "4.9"],
    fixable: true,
    check: Instruction([Add], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::Add(add) = &at.instruction.kind else { return };
    let remarkable = |source: &Word<'_>| {
        let source = source.unquoted();
        archives::is_remote(source) || archives::is_archive(source) || source.contains('$')
    };
    if add.sources.is_empty() || add.sources.iter().any(remarkable) {
        return;
    }
    let copyable = at.flags.iter().all(|flag| matches!(&*flag.name.text, "chown" | "chmod" | "link" | "exclude"));
    let finding = cx.report(at.keyword, "`ADD` used for a local file");
    if copyable {
        finding.fix(Fix::safe("replace `ADD` with `COPY`", Edit::replace(at.keyword, "COPY")));
    }
}
