use crate::prelude::*;
use crate::support::archives;

rule! {
    /// ## What it does
    /// Flags `ADD` whose sources are local files and no archives.
    ///
    /// ## Why is this bad?
    /// `ADD` unpacks archives and downloads URLs by the look of its source: a reader cannot tell which of these is
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
    ///
    /// ## Notes
    /// A source with a variable may be a URL, and a file beside an archive needs an instruction of its own: these are
    /// shown only to those who ask for hadolint's or trivy's check, and not mended.
    category: Style, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL3020", "DS-0005", "CKV_DOCKER_4", "CIS-DI-0009", "4.9"],
    fixable: true,
    check: Instruction([Add], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::Add(add) = &at.instruction.kind else { return };
    if add.sources.is_empty() {
        return;
    }
    let (mut special, mut unknown) = (0, 0);
    for source in &add.sources {
        let source = source.unquoted();
        if archives::is_remote(source) || archives::is_archive(source) {
            special += 1;
        } else if source.contains('$') {
            unknown += 1;
        }
    }
    if special == add.sources.len() {
        return;
    }
    if special + unknown > 0 {
        // For those who ask for a peer's check: it takes a variable for a file, whatever it may hold.
        let finding = cx.report(at.keyword, "`ADD` used for what may be a local file");
        finding.severity(Severity::Info).confidence(Confidence::Low).quiet();
        finding.only_aliases(|alias| alias == "DL3020" || alias == "DS-0005" && special == 0);
        return;
    }
    let copyable = at.flags.iter().all(|flag| matches!(&*flag.name.text, "chown" | "chmod" | "link" | "exclude"));
    let finding = cx.report(at.keyword, "`ADD` used for a local file");
    if copyable {
        finding.fix(Fix::safe("replace `ADD` with `COPY`", Edit::replace(at.keyword, "COPY")));
    }
}
