use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `ADD` of a URL without `--checksum`, and of a git repository that is not pinned by a commit.
    ///
    /// ## Why is this bad?
    /// The builder takes what the server sends: another file tomorrow, or the file of somebody who got into the
    /// server. With a checksum the build fails instead, and the build cache knows without a download whether the
    /// file is the same.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// ADD https://example.com/tool /usr/local/bin/tool
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d \
    ///     https://example.com/tool /usr/local/bin/tool
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    fixable: false,
    check: Instruction([Add], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::Add(add) = &at.instruction.kind else { return };
    if at.instruction.flag("checksum").is_some() {
        return;
    }
    for source in &add.sources {
        let url = source.unquoted();
        let Some((scheme, rest)) = url.split_once("://") else { continue };
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            continue;
        }
        let (path, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let path = path.split('?').next().unwrap_or(path);
        if path.ends_with(".git") {
            let reference = fragment.split(':').next().unwrap_or_default();
            if !is_commit(reference) && !reference.contains('$') {
                cx.report(source.span, "git repository not pinned by a commit").severity(Severity::Info);
            }
        } else if scheme.eq_ignore_ascii_case("http") {
            cx.report(source.span, "`ADD` of a URL without encryption and without `--checksum`");
        } else {
            cx.report(source.span, "`ADD` of a URL without `--checksum`");
        }
    }
}

fn is_commit(reference: &str) -> bool {
    reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}
