use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags commands in `RUN` that log in to a cloud and leave the credentials in a file: `aws configure set` of an
    /// access key, `gcloud auth activate-service-account`, `az login` with a password.
    ///
    /// ## Why is this bad?
    /// The files that they write into the home folder stay in the image's layer, even where a later `RUN` deletes
    /// them. Everyone who can pull the image can use them.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// ARG KEY
    /// RUN aws configure set aws_secret_access_key "$KEY" && aws s3 cp s3://bucket/file /srv/
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN --mount=type=secret,id=aws,target=/root/.aws/credentials aws s3 cp s3://bucket/file /srv/
    /// ```
    category: Secret, severity: Warning, confidence: Medium, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DS-0031", "4.10"],
    fixable: false,
    check: Command(["aws", "az", "gcloud"], check),
}

fn check<'c>(cx: &mut Cx<'c>, cmd: Cmd<'c>) {
    let Kind::Run(run) = &cmd.at().instruction.kind else { return };
    if run.mounts.iter().any(|mount| mount.kind() == "secret") {
        return;
    }
    let operands: Vec<&str> = cmd.operands().map(|word| &*word.text).collect();
    let found = match (&*cmd.name.text, operands.as_slice()) {
        ("aws", ["configure", "set", key, ..]) => {
            let key = key.rsplit('.').next().unwrap_or(key);
            matches!(key, "aws_access_key_id" | "aws_secret_access_key")
        }
        ("gcloud", ["auth", "activate-service-account", ..]) => true,
        ("az", ["login", ..]) => cmd.value_of(&["--password", "-p"]).is_some(),
        _ => false,
    };
    if !found {
        return;
    }
    let last = cmd.at().stage_fact(cx).is_some_and(|stage| stage.last);
    let count = match operands.as_slice() {
        ["configure", ..] => 3,
        ["login", ..] => 1,
        _ => 2,
    };
    let words = cmd.operands().take(count).last().map_or(cmd.name.span, |word| cmd.name.span.cover(word.span));
    let finding = cx.report(cmd.script.place(words), "login whose credentials stay in the layer");
    if !last {
        finding.severity(Severity::Info);
    }
    // trivy looks for the words as they stand, in the last stage.
    let written = cmd.script.text.map_or("", |text| words.text(&text.text));
    let glued = written == "az login" && !cmd.args().iter().any(|arg| matches!(&*arg.text, "-p" | "--password"));
    if !last || glued || !AS_WRITTEN.contains(&written) {
        finding.without_aliases(&["DS-0031"]);
    }
}

const AS_WRITTEN: [&str; 4] = [
    "aws configure set aws_access_key_id",
    "aws configure set aws_secret_access_key",
    "az login",
    "gcloud auth activate-service-account",
];
