use crate::prelude::*;
use crate::support::archives::{is_archive, is_remote, is_tar, unpacks};
use crate::support::cleanup::mounted;
use crate::support::commands::scripts_of;
use crate::support::downloads::{clone_target, saved};
use crate::support::folders::{Folder, Step, steps};
use std::collections::HashMap;

rule! {
    /// ## What it does
    /// Flags `rm` of what an earlier `COPY`, `ADD` or `RUN` of the same stage brought into the image.
    ///
    /// ## Why is this bad?
    /// Each instruction makes a layer, and a later one cannot take anything out of it: it only hides the file. The
    /// image stays as large, and everyone who has it can still read what was removed.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// COPY tool.deb /tmp/
    /// RUN dpkg --install /tmp/tool.deb && rm /tmp/tool.deb
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN --mount=type=bind,source=tool.deb,target=/tmp/tool.deb dpkg --install /tmp/tool.deb
    /// ```
    /// Download, use and remove a file in one `RUN`; let `ADD` unpack a local tar archive; or do the work in a stage
    /// of its own and take its result with `COPY --from`.
    ///
    /// ## Notes
    /// Looks at the stages whose layers stand in the final image, and at paths that are named as they were made:
    /// what a pattern or a folder above removes may be something else. Scripts, settings and other small files, and
    /// archives of which `archive-copied` speaks, are left to those who ask for this rule.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: [],
    fixable: false,
    check: Stage(check),
}

/// What brought something into a layer.
struct Origin {
    /// The position of the instruction.
    index: usize,
    /// The words that name it.
    place: Span,
    /// Whether `COPY` took it from the build context.
    copied: bool,
    /// Whether a later command unpacked it.
    unpacked: bool,
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let removes = |script: &RunScript<'_>| script.commands().iter().any(|command| command.is("rm"));
    if !stage.in_image || !scripts_of(cx, stage).iter().any(removes) {
        return;
    }
    let mut origins: HashMap<String, Origin> = HashMap::new();
    for (index, mut folder, step) in steps(cx, stage) {
        match step {
            Step::Transfer(instruction, transfer) => copied(index, &folder, instruction, transfer, &mut origins),
            Step::Script(script) => {
                for command in script.commands() {
                    folder.follow(command);
                    brought(index, &folder, script, command, &mut origins);
                    if unpacks(command) {
                        mark_unpacked(&folder, command, &mut origins);
                    } else if command.is("rm") {
                        removed(cx, index, &folder, script, command, &mut origins);
                    }
                }
            }
        }
    }
}

/// The paths that a `COPY` or `ADD` makes.
fn copied(
    index: usize,
    folder: &Folder,
    instruction: &Instruction<'_>,
    transfer: &Transfer<'_>,
    origins: &mut HashMap<String, Origin>,
) {
    let Some(destination) = &transfer.destination else { return };
    let target = folder.path(destination.unquoted());
    let adds = instruction.keyword_kind() == Keyword::Add;
    for source in &transfer.sources {
        let path = source.unquoted().trim_end_matches('/');
        let name = path.rsplit('/').next().unwrap_or(path);
        // Of what `ADD` unpacks, nobody knows the names.
        if adds && !is_remote(path) && is_archive(name) {
            continue;
        }
        let copied = !adds && instruction.flag("from").is_none();
        let mut add = |path| origins.insert(path, Origin { index, place: source.span, copied, unpacked: false });
        // A destination without a slash may be the file's name or the folder that it gets into.
        if !is_common(&target) {
            add(target.clone());
        }
        if !matches!(name, "" | "." | ".." | "*") {
            add(format!("{target}/{name}"));
        }
    }
}

/// The paths that a command makes: where a download is stored, and the folder of a clone.
fn brought(
    index: usize,
    folder: &Folder,
    script: &RunScript<'_>,
    command: &shell::Command<'_>,
    origins: &mut HashMap<String, Origin>,
) {
    let mut add = |path: &str, word: &shell::Word<'_>| {
        let path = folder.path(path);
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        if !mounted(&script.at, parent) {
            origins.insert(path, Origin { index, place: script.place(word.span), copied: false, unpacked: false });
        }
    };
    for file in saved(command) {
        add(&file.path, file.word);
    }
    if let Some((target, word)) = clone_target(command) {
        add(target, word);
    }
}

fn mark_unpacked(folder: &Folder, command: &shell::Command<'_>, origins: &mut HashMap<String, Origin>) {
    for arg in &command.args {
        let name = arg.text.strip_prefix("--").and_then(|flag| flag.split_once('=')).map_or(&*arg.text, |(_, it)| it);
        if let Some(origin) = origins.get_mut(&folder.path(name)) {
            origin.unpacked = true;
        }
    }
}

fn removed(
    cx: &mut Cx<'_>,
    index: usize,
    folder: &Folder,
    script: &RunScript<'_>,
    command: &shell::Command<'_>,
    origins: &mut HashMap<String, Origin>,
) {
    for word in command.operands() {
        let path = folder.path(&word.text);
        let Some(origin) = origins.remove(&path).filter(|origin| origin.index < index) else { continue };
        let message = format!("`{}` stays in the layer that brought it", word.text);
        let finding = cx.report(script.place(word.span), message);
        finding.related(origin.place, "brought in here");
        if is_small(&path) || origin.copied && origin.unpacked && is_tar(&path) {
            finding.quiet();
        }
    }
}

/// Whether the path is a folder that images have anyhow.
fn is_common(path: &str) -> bool {
    const FOLDERS: [&str; 16] = [
        "/",
        "/~",
        "/bin",
        "/etc",
        "/home",
        "/lib",
        "/mnt",
        "/opt",
        "/root",
        "/srv",
        "/tmp",
        "/usr",
        "/usr/local",
        "/usr/src",
        "/var",
        "/var/tmp",
    ];
    FOLDERS.contains(&path)
}

/// Whether the file's name is one of a script, of settings or the like, whose size does not matter.
fn is_small(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(
        extension,
        "asc"
            | "awk"
            | "c"
            | "cc"
            | "cfg"
            | "cnf"
            | "conf"
            | "cpp"
            | "crt"
            | "diff"
            | "env"
            | "go"
            | "gpg"
            | "h"
            | "in"
            | "ini"
            | "js"
            | "json"
            | "key"
            | "list"
            | "lock"
            | "md"
            | "patch"
            | "pem"
            | "php"
            | "pl"
            | "properties"
            | "pub"
            | "py"
            | "r"
            | "rb"
            | "rs"
            | "repo"
            | "sed"
            | "sh"
            | "sha256"
            | "sig"
            | "sql"
            | "toml"
            | "ts"
            | "txt"
            | "xml"
            | "yaml"
            | "yml"
            | "R"
    )
}
