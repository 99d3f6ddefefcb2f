use crate::prelude::*;
use crate::support::found_secrets::is_token;
use plimsoll_secrets::Confidence as Sure;

rule! {
    /// ## What it does
    /// Flags secrets whose values stand in a `RUN`, or in a command that containers run (`CMD`, `ENTRYPOINT`,
    /// `HEALTHCHECK`): passwords in URLs, `--password` and `--token` with a value,
    /// `curl --user name:password`, headers that authorize, tokens written into `.npmrc` or `.netrc`, passwords for
    /// `chpasswd`, `mysql` and SQL, and variables such as `API_TOKEN=…` set for a command.
    ///
    /// ## Why is this bad?
    /// The commands of a build are part of the image: `docker history` shows them to everyone who can pull it. They
    /// are also in the repository, in the build's log and in its cache.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN curl --user build:hunter22 --remote-name https://example.com/package
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN --mount=type=secret,id=netrc,target=/root/.netrc curl --netrc --remote-name https://example.com/package
    /// ```
    /// and `docker build --secret id=netrc,src=$HOME/.netrc`. A secret mount is there for one `RUN` and leaves
    /// nothing behind; `env=NAME` gives it as a variable. A secret that was in an image or a repository has to be
    /// replaced.
    ///
    /// ## Notes
    /// Values of variables, empty ones and obvious placeholders are no findings. Reports show none of the values.
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["CIS-DI-0010", "4.10"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    for secret in cx.facts.run_secrets() {
        // What other stages are built from gets into their images with its history.
        let stage = secret.at.stage_fact(cx);
        let in_image = stage.is_none_or(|stage| stage.last || !stage.children.is_empty());
        // What shows by its own form beyond doubt is `secret-value`'s.
        if cx.facts.matches_in(secret.value).any(|found| is_token(found) && found.confidence > Sure::Low) {
            continue;
        }
        let place = if in_image { "image" } else { "build cache" };
        let is_run = matches!(secret.at.instruction.kind, Kind::Run(_));
        let instead = if is_run { "use `--mount=type=secret`" } else { "give it to the container when it starts" };
        let message = format!("{} stays in the {place}; {instead}", secret.what);
        let finding = cx.report(secret.value, message);
        if !is_run {
            finding.without_aliases(&["CIS-DI-0010"]);
        }
        if !in_image {
            finding.severity(Severity::Warning);
        }
    }
}
