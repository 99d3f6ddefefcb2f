use crate::prelude::*;
use crate::support::folders::{Folder, joined};
use crate::support::users;
use std::collections::{HashMap, HashSet};

rule! {
    /// ## What it does
    /// Flags `COPY` and `ADD` without `--chown` behind a `USER`, where a later `RUN` of that user changes what was
    /// copied.
    ///
    /// ## Why is this bad?
    /// `COPY` gives files to root whatever `USER` says. The user may not change their mode or owner, nor write them:
    /// the build fails. Where nothing needs to write them it is better so, and nothing is said.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:24
    /// USER node
    /// COPY start.sh /srv/start.sh
    /// RUN chmod +x /srv/start.sh
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:24
    /// USER node
    /// COPY --chmod=755 start.sh /srv/start.sh
    /// ```
    ///
    /// ## Fix
    /// Adds `--chown` with the user. It is unsafe: `--chmod` may be what is meant.
    category: Correctness, severity: Info, confidence: Medium, since: "0.1.0",
    presets: [Recommended],
    aliases: [],
    fixable: true,
    check: Stage(check),
}

/// What was copied while a user other than root was set.
struct Copied<'c> {
    instruction: &'c Instruction<'c>,
    index: usize,
    user: String,
}

/// By the path that it has afterwards.
type ByPath<'c> = HashMap<String, Copied<'c>>;

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    if !stage.instructions.iter().any(|instruction| matches!(instruction.kind, Kind::User(_))) {
        return;
    }
    let start = stage.stage.instructions.start;
    let mut user: Option<String> = None;
    let mut folder = Folder::default();
    let mut copied: ByPath<'c> = HashMap::new();
    let mut reported: HashSet<usize> = HashSet::new();
    for (at, instruction) in stage.instructions.iter().enumerate() {
        let index = start + at;
        match &instruction.kind {
            Kind::User(word) => {
                let value = cx.facts.expand(stage.index(), index, word.text.trim());
                user = value.filter(|user| !users::is_root(user));
                copied.clear();
            }
            Kind::Workdir(word) => {
                let path = cx.facts.expand(stage.index(), index, word.text.trim());
                folder.enter(path.as_deref().unwrap_or(word.unquoted()));
            }
            Kind::Copy(transfer) | Kind::Add(transfer) => {
                if let Some(user) = &user
                    && instruction.flag("chown").is_none()
                    && instruction.flag("chmod").is_none()
                {
                    let paths = copied_paths(transfer, &folder);
                    copied.extend(
                        paths.into_iter().map(|path| (path, Copied { instruction, index, user: user.clone() })),
                    );
                }
            }
            Kind::Run(_) if user.is_some() && !copied.is_empty() => {
                let facts = cx.facts;
                let scripts = facts.scripts();
                let first = scripts.partition_point(|script| script.at.index < index);
                for script in scripts.iter().skip(first).take_while(|script| script.at.index == index) {
                    let mut folder = folder.clone();
                    for command in script.commands() {
                        folder.follow(command);
                        let Some((word, path, one)) = changed(command, &folder, &copied) else { continue };
                        if reported.insert(one.index) {
                            report(cx, path, one, script.place(word.span));
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

fn report(cx: &mut Cx<'_>, path: &str, copied: &Copied<'_>, change: Span) {
    let name = copied.instruction.keyword_kind().name();
    let path = path.rsplit('/').next().unwrap_or(path);
    let message = format!("`{name}` gives `{path}` to root, and `{}` changes it later", copied.user);
    let edit = Edit::insert(copied.instruction.keyword.end, format!(" --chown={}", copied.user));
    let finding = cx.report(copied.instruction.keyword, message).related(change, "changed here");
    finding.fix(Fix::unsafe_(format!("copy as `{}`", copied.user), edit));
}

/// The paths of what is copied, as far as the words tell.
fn copied_paths(transfer: &Transfer<'_>, folder: &Folder) -> Vec<String> {
    let Some(destination) = &transfer.destination else { return Vec::new() };
    let target = destination.unquoted();
    let into_folder = target.ends_with('/') || matches!(target, "." | "..") || transfer.sources.len() > 1;
    if target.contains('$') {
        return Vec::new();
    }
    let base = folder.path(target);
    if !into_folder {
        return vec![base];
    }
    let files = transfer.sources.iter().map(|source| source.unquoted().trim_end_matches('/'));
    files
        .filter(|source| !source.contains(['$', '*', '?', '[']) && !source.ends_with('.'))
        .filter_map(|source| source.rsplit('/').next())
        .filter(|name| name.contains('.'))
        .map(|name| joined(&base, name))
        .collect()
}

/// The word of a command that names something copied which the command changes, and what that is.
fn changed<'w, 'm>(
    command: &'w shell::Command<'_>,
    folder: &Folder,
    copied: &'m ByPath<'m>,
) -> Option<(&'w shell::Word<'w>, &'m str, &'m Copied<'m>)> {
    if command.wrapper.is_some_and(|wrapper| wrapper == "sudo" || wrapper == "doas") {
        return None;
    }
    let find = |word: &'w shell::Word<'w>| {
        let path = (!word.expands).then(|| folder.path(&word.text))?;
        copied.get_key_value(&path).map(|(path, one)| (word, &**path, one))
    };
    let in_place = command.is("sed") && (command.short('i').is_some() || command.long("in-place").is_some());
    if in_place || matches!(&*command.name.text, "chmod" | "chown" | "chgrp" | "touch" | "tee") {
        return command.operands().find_map(find);
    }
    command.redirects.iter().filter(|one| one.writes).find_map(|one| find(&one.target))
}
