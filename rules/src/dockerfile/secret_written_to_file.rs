use crate::prelude::*;
use crate::support::cleanup::mounted;
use crate::support::commands::{part_place, scripts_of};
use crate::support::downloads::clone_target;
use crate::support::folders::{Folder, Step, steps};
use crate::support::secret_names::{self, Strength};
use crate::support::secret_values::{self, Value};
use std::collections::HashSet;
use std::ops::Range;

rule! {
    /// ## What it does
    /// Flags secrets that a `RUN` takes from a build argument or a secret mount and writes into a file:
    /// `echo "…$TOKEN" > .npmrc`, `git config` and `git clone` with a token in the URL, `npm config set …:_authToken`.
    ///
    /// ## Why is this bad?
    /// The file is part of the layer: everyone who can pull the image can read it, even where a later `RUN` deletes it.
    /// A secret mount alone does not help: what is copied out of it stays.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:22
    /// ARG NPM_TOKEN
    /// RUN echo "//registry.acme.test/:_authToken=$NPM_TOKEN" > .npmrc
    /// RUN npm ci
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:22
    /// RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
    /// ```
    /// Programs that read a variable, such as `GITHUB_TOKEN`, get it with `--mount=type=secret,id=token,env=NAME`.
    ///
    /// ## Notes
    /// In stages whose layers are not part of the final image it is an info: the file stays in the build cache.
    /// What the same `RUN` removes again is fine. Values that stand in the Dockerfile themselves are left to
    /// `secret-in-run`, `secret-in-env` and `secret-in-arg`.
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["CIS-DI-0010", "4.10"],
    fixable: false,
    check: Stage(check),
}

/// A secret on its way into a file.
struct Written<'s, 'c> {
    /// The word that holds it, and where in the word.
    word: &'s shell::Word<'c>,
    part: Range<usize>,
    /// The variable's name.
    name: String,
    /// The file's path as the message shows it; the program that stores it where the file is its own.
    target: String,
    /// What a command that removes it again names: the end of a path.
    file: String,
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let stores = |command: &shell::Command<'_>| is_writer(command) || STORES.iter().any(|store| command.is(store.0));
    if !scripts_of(cx, stage).iter().any(|script| script.commands().iter().any(stores)) {
        return;
    }
    for (index, mut folder, step) in steps(cx, stage) {
        let Step::Script(script) = step else { continue };
        let mut known = Known { cx, stage: stage.index(), index, script, read: HashSet::new() };
        let mut written: Vec<Written<'_, 'c>> = Vec::new();
        for (at, command) in script.commands().iter().enumerate() {
            folder.follow(command);
            known.read(command);
            undone(&folder, command, &mut written);
            if written.len() < MOST {
                written.extend(sink(&known, &folder, at, command));
            }
        }
        let severity = if stage.in_image { Severity::Error } else { Severity::Info };
        let place = if stage.in_image { "image" } else { "build cache" };
        for it in written {
            let span = part_place(cx.file.source, script, it.word, it.part);
            let message = format!("secret `{}` written to {} stays in the {place}", it.name, it.target);
            cx.report(span, message).severity(severity);
        }
    }
}

/// How many findings one script may have: more tell nothing new, and each costs a look at every `rm`.
const MOST: usize = 32;

/// Which variables hold secrets whose values do not stand in the Dockerfile.
struct Known<'x, 'c> {
    cx: &'x Cx<'c>,
    stage: usize,
    index: usize,
    script: &'c RunScript<'c>,
    /// Variables that the script read from a mounted secret.
    read: HashSet<&'c str>,
}

impl<'c> Known<'_, 'c> {
    /// Takes note of `NAME=$(cat /run/secrets/name)`.
    fn read(&mut self, command: &'c shell::Command<'c>) {
        for assignment in &command.assignments {
            if assignment.value.text.contains("/run/secrets/") {
                self.read.insert(&assignment.name);
            }
        }
        if command.is("export") {
            let assigned = command.args.iter().filter_map(|arg| arg.text.split_once('='));
            self.read.extend(assigned.filter(|(_, value)| value.contains("/run/secrets/")).map(|(name, _)| name));
        }
    }

    fn is_secret(&self, name: &str) -> bool {
        if self.read.contains(name) {
            return true;
        }
        let Kind::Run(run) = &self.script.at.instruction.kind else { return false };
        let given = |mount: &plimsoll_dockerfile::Mount<'_>| {
            mount.kind() == "secret" && mount.option("env").is_some_and(|env| env.unquoted() == name)
        };
        if run.mounts.iter().any(given) {
            return true;
        }
        let strong = secret_names::judge(name).is_some_and(|judged| judged.strength == Strength::Strong);
        strong
            && self.cx.facts.variable(self.stage, self.index, name).is_some_and(|variable| {
                match variable.value.map(|value| secret_values::judge(value.unquoted())) {
                    None | Some(Value::Reference) => true,
                    // The caller of the build may give an argument another value.
                    Some(Value::Empty) => !variable.env,
                    Some(_) => false,
                }
            })
    }

    /// The first secret that the shell puts into a word: its name and where it stands.
    fn find(&self, word: &shell::Word<'_>) -> Option<(String, Range<usize>)> {
        if !word.expands {
            return None;
        }
        let mut rest = 0;
        while let Some(at) = word.text.get(rest..)?.find('$').map(|at| rest + at) {
            let behind = word.text.get(at + 1..)?;
            let open = usize::from(behind.starts_with('{'));
            let name = behind.get(open..)?;
            let length = name.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'_').count();
            let name = name.get(..length)?;
            let end = at + 1 + open + length;
            if !name.is_empty() && self.is_secret(name) {
                let close = usize::from(open == 1 && word.text.get(end..)?.starts_with('}'));
                return Some((name.to_owned(), at..end + close));
            }
            for read in ["$(cat /run/secrets/", "$(</run/secrets/", "$(< /run/secrets/"] {
                if let Some(tail) = word.text.get(at..)?.strip_prefix(read) {
                    let close = tail.find(')')?;
                    let name = tail.get(..close)?;
                    return Some((name.to_owned(), at..at + read.len() + close + 1));
                }
            }
            rest = end;
        }
        None
    }
}

/// The secret that a command writes into a file.
fn sink<'c>(
    known: &Known<'_, 'c>,
    folder: &Folder,
    at: usize,
    command: &'c shell::Command<'c>,
) -> Option<Written<'c, 'c>> {
    let program = &*command.name.text;
    let (word, (name, part), target, file) = match program {
        _ if is_writer(command) => {
            let file = written_file(known.script, at, command)?;
            let path = folder.path(&file.text);
            let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
            if file.text.starts_with("/dev/") || mounted(&known.script.at, parent) {
                return None;
            }
            let (word, found) = command.args.iter().find_map(|word| Some((word, known.find(word)?)))?;
            (word, found, format!("`{}`", file.text), path)
        }
        _ => {
            let (_, verbs, file) = STORES.iter().find(|(name, verbs, _)| {
                *name == program && verbs.iter().all(|verb| command.args.iter().take(4).any(|arg| arg.text == *verb))
            })?;
            let (word, found) = command.args.iter().find_map(|word| Some((word, known.find(word)?)))?;
            let file = clone_target(command).map_or_else(|| (*file).to_owned(), |(target, _)| folder.path(target));
            (word, found, format!("a file by `{program} {}`", verbs.join(" ")), file)
        }
    };
    Some(Written { word, part, name, target, file })
}

/// Whether the command may write what it is given into a file that its command line names.
fn is_writer(command: &shell::Command<'_>) -> bool {
    matches!(&*command.name.text, "echo" | "printf" | "sed")
}

/// The file that a command's output goes to, by itself or through `tee`, or that `sed -i` edits.
fn written_file<'c>(
    script: &'c RunScript<'c>,
    at: usize,
    command: &'c shell::Command<'c>,
) -> Option<&'c shell::Word<'c>> {
    if command.is("sed") {
        command.short('i').or(command.long("in-place"))?;
        return command.args.last();
    }
    let to = command.redirects.iter().rfind(|redirect| redirect.writes).map(|redirect| &redirect.target);
    to.or_else(|| {
        let (pipeline, part) = command.pipeline?;
        let behind = script.commands().get(at + 1..)?;
        let tee =
            behind.iter().take(4).find(|later| later.pipeline == Some((pipeline, part + 1)) && later.is("tee"))?;
        tee.operands().next()
    })
}

/// Takes away what a command removes again.
fn undone(folder: &Folder, command: &shell::Command<'_>, written: &mut Vec<Written<'_, '_>>) {
    if written.is_empty() {
        return;
    }
    match &*command.name.text {
        "rm" | "shred" => {
            let removed: Vec<String> = command.operands().map(|word| folder.path(&word.text)).collect();
            written.retain(|it| {
                !removed.iter().any(|path| {
                    // The file or a folder above it, the `.git` of a clone, or a program's file wherever it is.
                    it.file.starts_with(path.as_str()) || path.starts_with(it.file.as_str()) || path.ends_with(&it.file)
                })
            });
        }
        program => {
            const VERBS: [&str; 8] =
                ["delete", "--unset", "--unset-all", "unset", "remove", "rm", "logout", "--remove-section"];
            if command.args.iter().any(|arg| VERBS.contains(&&*arg.text)) {
                let by = format!("a file by `{program} ");
                written.retain(|it| !it.target.starts_with(&by));
            }
        }
    }
}

/// Programs that store what they are given: the program, words of its command line, and the end of the file's path.
const STORES: [(&str, &[&str], &str); 19] = [
    ("git", &["config"], ".gitconfig"),
    ("git", &["clone"], ""),
    ("git", &["remote", "add"], "/.git"),
    ("git", &["remote", "set-url"], "/.git"),
    ("npm", &["config", "set"], ".npmrc"),
    ("npm", &["set"], ".npmrc"),
    ("pnpm", &["config", "set"], ".npmrc"),
    ("pnpm", &["set"], ".npmrc"),
    ("yarn", &["config", "set"], ".yarnrc"),
    ("composer", &["config"], "auth.json"),
    ("poetry", &["config"], "auth.toml"),
    ("bundle", &["config"], ".bundle/config"),
    ("bundler", &["config"], ".bundle/config"),
    ("pip", &["config", "set"], "pip.conf"),
    ("pip3", &["config", "set"], "pip.conf"),
    ("cargo", &["login"], "credentials.toml"),
    ("dotnet", &["nuget", "source"], "NuGet.Config"),
    ("helm", &["repo", "add"], "repositories.yaml"),
    ("docker", &["login"], "config.json"),
];
