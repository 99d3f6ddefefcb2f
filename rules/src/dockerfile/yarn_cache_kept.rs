use crate::prelude::*;
use crate::support::cleanup;
use crate::support::managers::YARN;
use crate::support::packages::calls;

rule! {
    /// ## What it does
    /// Flags `yarn install` without `yarn cache clean` behind it.
    ///
    /// ## Why is this bad?
    /// Yarn keeps every package that it fetches in a cache besides `node_modules`, so the image holds each of them
    /// twice. A later `RUN` cannot take the cache out of the layer again.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:22
    /// RUN yarn install --frozen-lockfile
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:22
    /// RUN yarn install --frozen-lockfile && yarn cache clean
    /// ```
    ///
    /// ## Fix
    /// Appends `yarn cache clean` to the `RUN`.
    ///
    /// ## Notes
    /// Removing the folder `.cache/yarn` does as well, and a cache mount there keeps it out of the layer. Stages of
    /// which nothing is built are left alone. `yarn` alone and `yarn add` fill the cache too, which hadolint does not
    /// know. Where the command or the environment names another folder, only those hear of it who ask for hadolint's
    /// check.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3060"],
    fixable: true,
    check: Script(check),
}

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let at = script.at;
    let fills = |cmd: &Cmd<'_>| {
        let mut operands = YARN.operands(cmd.args());
        match operands.next().map(|verb| &*verb.text) {
            None => !cmd.args().iter().any(|arg| matches!(&*arg.text, "--version" | "-v" | "--help" | "-h")),
            Some("install" | "add") => true,
            Some("global") => operands.next().is_some_and(|verb| verb.text == "add"),
            Some("workspace") => operands.nth(1).is_some_and(|verb| matches!(&*verb.text, "install" | "add")),
            _ => false,
        }
    };
    let commands =
        script.commands().iter().enumerate().filter(|(_, command)| YARN.programs.contains(&&*command.name.text));
    let Some(cmd) = commands.map(|(index, command)| Cmd { script, index, command }).rfind(fills) else { return };
    let cleaned = calls(script, &YARN).any(|(later, call)| {
        later.index > cmd.index && call.is(&["cache"]) && call.operands.first().is_some_and(|word| word.text == "clean")
    });
    if cleaned
        || !cleanup::is_image_or_base(cx, &at)
        || cleanup::mounted_like(&at, "yarn")
        || cleanup::mounted(&at, "/.cache/yarn")
        || cleanup::last_removal(script, "/.cache/yarn") > Some(cmd.index)
    {
        return;
    }
    let elsewhere = cmd.long("cache-folder").is_some()
        || cmd.assignments.iter().any(|it| it.name == "YARN_CACHE_FOLDER")
        || at.stage.is_some_and(|stage| cx.facts.variable(stage, at.index, "YARN_CACHE_FOLDER").is_some());
    let quiet = elsewhere || !cleanup::in_final_image(cx, &at);
    let fix = cleanup::append(cx, &cmd, "yarn cache clean");
    let hadolint = cmd.is("yarn") && cmd.args().iter().any(|arg| arg.text == "install");
    let last = YARN.call(cmd.args()).map_or(&cmd.command.name, |call| call.verb);
    let place = script.place(cmd.command.name.span.cover(last.span));
    let finding = cx.report(place, "yarn's cache stays in the layer");
    finding.only_aliases(|_| hadolint);
    if quiet {
        finding.quiet();
    }
    if let Some(edit) = fix {
        finding.fix(Fix::safe("append `yarn cache clean`", edit));
    }
}
