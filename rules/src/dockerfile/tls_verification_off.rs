use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags what switches the check of servers' certificates off: flags such as `curl --insecure`,
    /// `wget --no-check-certificate` and `pip --trusted-host`, settings such as npm's `strict-ssl` and git's
    /// `http.sslVerify`, and variables such as `PYTHONHTTPSVERIFY=0`, `NODE_TLS_REJECT_UNAUTHORIZED=0`,
    /// `GIT_SSL_NO_VERIFY=1` and `GOINSECURE`, in `ENV`, `ARG` and `RUN`.
    ///
    /// ## Why is this bad?
    /// Without the check anyone on the way to the server can hand out another file, and the build runs it. A variable
    /// in `ENV` is worse still: the containers that run the image do without the check too.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN curl --insecure --remote-name https://example.com/tool
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates curl
    /// RUN curl --fail --remote-name https://example.com/tool
    /// ```
    /// Where the server's certificate comes from an authority of your own, add that one:
    /// `COPY ca.crt /usr/local/share/ca-certificates/` and `RUN update-ca-certificates`.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [
        "CKV2_DOCKER_2", "CKV2_DOCKER_3", "CKV2_DOCKER_4", "CKV2_DOCKER_5", "CKV2_DOCKER_6", "CKV2_DOCKER_12",
        "CKV2_DOCKER_13", "CKV2_DOCKER_14", "CKV2_DOCKER_15", "CKV2_DOCKER_16",
    ],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    for switch in &cx.facts.switches().tls {
        let message = format!("`{}` switches the check of certificates off", switch.name);
        cx.report(switch.place, message).only_aliases(|alias| Some(alias) == switch.checkov);
    }
}
