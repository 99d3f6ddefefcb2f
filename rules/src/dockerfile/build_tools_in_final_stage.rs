use crate::prelude::*;
use crate::support::build_tools::{is_build_tool, is_toolchain_image};
use crate::support::packages::{Call, Manager, package_name};
use crate::support::{cleanup, managers};

rule! {
    /// ## What it does
    /// Flags compilers, `make` and the like, and packages of headers, that are installed in the final stage and not
    /// removed in the same `RUN`.
    ///
    /// ## Why is this bad?
    /// What builds the program is not needed to run it. It makes the image larger by hundreds of megabytes, brings
    /// holes that scanners will report, and gives an attacker who gets in a compiler.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:12
    /// RUN apt-get update \
    ///     && apt-get install -y --no-install-recommends gcc libc6-dev \
    ///     && rm -rf /var/lib/apt/lists/*
    /// COPY main.c .
    /// RUN gcc -o /usr/local/bin/app main.c
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:12 AS build
    /// RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
    /// COPY main.c .
    /// RUN gcc -o /app main.c
    ///
    /// FROM debian:12
    /// COPY --from=build /app /usr/local/bin/app
    /// ```
    ///
    /// ## Notes
    /// Looks at the last stage and those that it is built from. Packages that the same `RUN` removes again are fine:
    /// by name, as a group of `apk add --virtual`, by a variable, or by `apt-mark auto` and `--auto-remove`. Images
    /// that are made for building, such as those on `golang`, `gcc`, `buildpack-deps` or a dev container's base, or
    /// whose command is a shell, are left alone.
    category: Size, severity: Info, confidence: Medium, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    fixable: false,
    check: Script(check),
}

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    // What the stage is like is asked last: most scripts install nothing of the kind.
    let mut stage_suits = None;
    for (index, command) in script.commands().iter().enumerate() {
        let Some(manager) = managers::of_distribution(&command.name.text) else { continue };
        let cmd = Cmd { script, index, command };
        let Some(call) = manager.call(&command.args).filter(|call| call.is(manager.install)) else { continue };
        let tools = call.operands.iter().filter(|word| !word.expands && is_build_tool(package_name(&word.text)));
        let tools: Vec<_> = tools.collect();
        let Some((first, others)) = tools.split_first() else { continue };
        if !*stage_suits.get_or_insert_with(|| suits(cx, script)) || is_removed(&cmd, manager, first) {
            continue;
        }
        let name = package_name(&first.text);
        let message = match others.len() {
            0 => format!("build tool `{name}` stays in the final image"),
            more => format!("build tool `{name}` and {more} more stay in the final image"),
        };
        let finding = cx.report(cmd.place(first), message);
        for word in others {
            finding.related(cmd.place(word), format!("so does `{}`", package_name(&word.text)));
        }
    }
}

/// Whether the script's layer is part of an image that is made to run something.
fn suits(cx: &Cx<'_>, script: &RunScript<'_>) -> bool {
    let Some(last) = cx.facts.final_stage() else { return false };
    let base_is_toolchain = match cx.facts.root_base(last.index()) {
        Some(Base::Image(reference)) => {
            ImageReference::parse(reference).is_some_and(|image| is_toolchain_image(&image))
        }
        _ => false,
    };
    let runs_shell = [Keyword::Entrypoint, Keyword::Cmd].into_iter().find_map(|keyword| last.of(keyword).next_back());
    let runs_shell = runs_shell.is_some_and(|instruction| match &instruction.kind {
        Kind::Entrypoint(command) | Kind::Cmd(command) => is_shell(&command.text()),
        _ => false,
    });
    !script.at.onbuild && cleanup::in_final_image(cx, &script.at) && !base_is_toolchain && !runs_shell
}

/// Whether a command line is nothing but a shell.
fn is_shell(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let name = words.next().unwrap_or("").rsplit('/').next().unwrap_or("");
    matches!(name, "sh" | "bash" | "zsh" | "ash" | "fish") && words.all(|word| matches!(word, "-l" | "--login" | "-i"))
}

/// Whether a later command of the script removes the package, or may do so.
fn is_removed(cmd: &Cmd<'_>, manager: &Manager, package: &shell::Word<'_>) -> bool {
    let group = cmd.value_of(&["--virtual", "-t"]).map(|(_, value)| value);
    let marks = cmd.later().iter().any(|later| later.is("apt-mark") && later.args.iter().any(|arg| arg.text == "auto"));
    cmd.later().iter().any(|later| {
        let Some(call) = manager.programs.contains(&&*later.name.text).then(|| manager.call(&later.args)).flatten()
        else {
            return false;
        };
        let names = |word: &&shell::Word<'_>| removes(word, &package.text, group);
        let follows = |call: &Call<'_, '_>| {
            call.is(&["autoremove", "autopurge"]) || later.args.iter().any(|arg| arg.text.contains("auto-remove"))
        };
        call.is(manager.remove) && (call.operands.iter().any(names) || marks && follows(&call))
            // Rolling a transaction back removes what it installed.
            || call.is(&["history"])
    })
}

fn removes(word: &shell::Word<'_>, package: &str, group: Option<&str>) -> bool {
    let name = package_name(&word.text);
    word.expands || name == package_name(package) || Some(&*word.text) == group || {
        let stem = name.strip_suffix(['*', '$']).map(|stem| stem.trim_start_matches('^'));
        stem.is_some_and(|stem| !stem.is_empty() && package.starts_with(stem))
    }
}
