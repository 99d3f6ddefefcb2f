use crate::prelude::*;
use crate::support::users;

rule! {
    /// ## What it does
    /// Flags images whose last `USER` is root.
    ///
    /// ## Why is this bad?
    /// Whoever breaks into a process of root in a container owns everything in it, and stands one kernel or
    /// configuration mistake away from owning the host. Most services need no root: they can listen on low ports
    /// without it since Docker 20.10.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:24
    /// USER node
    /// RUN npm ci
    /// USER root
    /// RUN apt-get update && apt-get install -y curl
    /// CMD ["node", "server.js"]
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:24
    /// USER root
    /// RUN apt-get update && apt-get install -y curl
    /// USER node
    /// RUN npm ci
    /// CMD ["node", "server.js"]
    /// ```
    ///
    /// ## Notes
    /// Only the stage that the build gives counts, with those that it is built from. Where the image seems to give up
    /// root when it starts (`gosu`, `su-exec`, `setpriv`, ...) it is an info.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL3002", "DS-0002", "CKV_DOCKER_8", "CIS-DI-0001", "4.1"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let Some(stage) = cx.facts.final_stage() else { return };
    let Some(user) = users::last_user(cx.facts, stage.index()) else { return };
    let seen = users::peers_see_root(user.word);
    if !seen && !user.value.as_deref().is_some_and(users::is_root) {
        return;
    }
    let steps_down = users::steps_down(cx.facts, stage.index());
    let message = if seen { "the last `USER` is root" } else { "the last `USER` is root by default" };
    let finding = cx.report(user.word.span, message);
    if steps_down {
        finding.severity(Severity::Info);
    }
    if !seen {
        finding.without_aliases(&["DL3002", "DS-0002", "CKV_DOCKER_8"]);
    }
}
