use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::users::is_root;
use plimsoll_host::Image;

host_rule! {
    /// ## What it does
    /// Flags images whose process runs as root.
    ///
    /// ## Why is this bad?
    /// Every container made from it is root, unless somebody says otherwise.
    ///
    /// ## Example
    /// ```json,fail
    /// {"images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {"User": "root:root"}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {"User": "app"}}]}
    /// ```
    ///
    /// ## Remediation
    /// Write a `USER` into the Dockerfile.
    ///
    /// ## Notes
    /// An entrypoint that steps down by gosu, su-exec or setpriv is well.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Security, Cis],
    aliases: ["4.1", "CIS-DI-0001", "guide-4.1"],
    check: Image(check),
}

fn check(_: &Cx<'_>, image: &Image) -> Outcome {
    let config = image.config.known("Config")?;
    let user = config.user.text("Config.User")?;
    if !user.is_empty() && !is_root(user) {
        return Ok(Verdict::pass(format!("Config.User is {user:?}")));
    }
    let words = [config.entrypoint.optional("Config.Entrypoint")?, config.cmd.optional("Config.Cmd")?];
    let words = words.into_iter().flatten();
    let steps_down = |word: &&str| matches!(word.rsplit('/').next(), Some("gosu" | "su-exec" | "setpriv" | "runuser"));
    let stepping = words.flat_map(|words| words.words()).find(steps_down);
    Ok(match stepping {
        Some(program) => Verdict::pass(format!("Config.User is {user:?}, and {program} steps down")),
        None => Verdict::fail(format!("Config.User is {user:?}")),
    })
}
