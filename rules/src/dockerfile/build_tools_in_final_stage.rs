use crate::prelude::*;
use crate::support::build_tools::{is_build_tool, is_toolchain_image};
use crate::support::packages::{Call, package_name};
use crate::support::{cleanup, managers};
use std::collections::HashSet;

rule! {
    /// ## What it does
    /// Flags compilers, `make` and the like, and packages of headers, that are installed in the final stage and not
    /// removed in the same `RUN`.
    ///
    /// ## Why is this bad?
    /// What builds the program is not needed to run it: it makes the image larger by hundreds of megabytes, brings
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
    let mut removals = Removals::default();
    // Going backwards tells for each install what is removed behind it.
    for (index, command) in script.commands().iter().enumerate().rev() {
        removals.add_mark(command);
        let Some(manager) = managers::of_distribution(&command.name.text) else { continue };
        let Some(call) = manager.call(&command.args) else { continue };
        if call.is(manager.remove) {
            removals.add(command, &call);
        }
        if !call.is(manager.install) || removals.all {
            continue;
        }
        let group = command.value_of(&["--virtual", "-t"]).map_or("", |(_, value)| value);
        let stays = |word: &&&shell::Word<'_>| {
            let name = package_name(&word.text);
            !word.expands && is_build_tool(name) && !removals.holds(name) && !removals.names.contains(group)
        };
        let tools: Vec<_> = call.operands.iter().filter(stays).collect();
        let Some((first, others)) = tools.split_first() else { continue };
        if !*stage_suits.get_or_insert_with(|| suits(cx, script)) {
            return;
        }
        let name = package_name(&first.text);
        let message = match others.len() {
            0 => format!("build tool `{name}` stays in the final image"),
            more => format!("build tool `{name}` and {more} more stay in the final image"),
        };
        let cmd = Cmd { script, index, command };
        let finding = cx.report(cmd.place(first), message);
        for word in others {
            finding.related(cmd.place(word), format!("so does `{}`", package_name(&word.text)));
        }
    }
}

/// What the commands behind some place in a script remove.
#[derive(Default)]
struct Removals<'c> {
    /// Nobody knows what, or everything that is not in use: whatever was installed may be removed.
    all: bool,
    /// Whether a command removes packages that were marked as not wanted for themselves.
    unwanted: bool,
    /// Packages, and groups of `apk add --virtual`.
    names: HashSet<&'c str>,
    /// Beginnings of names: `libpq*`.
    stems: Vec<&'c str>,
}

impl<'c> Removals<'c> {
    fn add(&mut self, command: &shell::Command<'_>, call: &Call<'c, 'c>) {
        const MOST_STEMS: usize = 64;
        self.unwanted |= call.is(&["autoremove", "autopurge"])
            || command.args.iter().any(|arg| matches!(&*arg.text, "--auto-remove" | "--autoremove"));
        for word in &call.operands {
            self.all |= word.expands;
            let name = package_name(&word.text);
            self.names.insert(name);
            let stem = name.strip_suffix(['*', '$']).map(|stem| stem.trim_start_matches('^'));
            self.stems.extend(stem.filter(|stem| !stem.is_empty() && self.stems.len() < MOST_STEMS));
        }
    }

    /// `apt-mark auto` in front of such a command makes it remove what was installed.
    fn add_mark(&mut self, command: &shell::Command<'_>) {
        self.all |= self.unwanted && command.is("apt-mark") && command.args.iter().any(|arg| arg.text == "auto");
    }

    fn holds(&self, package: &str) -> bool {
        self.names.contains(package) || self.stems.iter().any(|stem| package.starts_with(stem))
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
