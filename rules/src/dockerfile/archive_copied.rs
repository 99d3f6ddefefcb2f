use crate::prelude::*;
use crate::support::archives::{is_archive, is_tar, unpacks};
use crate::support::commands::scripts_of;
use std::collections::HashMap;

rule! {
    /// ## What it does
    /// Flags `COPY` of an archive that a later `RUN` of the stage unpacks.
    ///
    /// ## Why is this bad?
    /// The archive stays in the layer of the `COPY`, even where a later `RUN` deletes it. `ADD` unpacks local tar
    /// archives itself, without storing them.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// COPY app.tar.gz /tmp/
    /// RUN tar -xzf /tmp/app.tar.gz -C /srv && rm /tmp/app.tar.gz
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// ADD app.tar.gz /srv/
    /// ```
    ///
    /// ## Notes
    /// `ADD` does not decompress single files such as `data.gz`. For these, mount the file instead of copying it:
    /// `RUN --mount=type=bind,source=data.gz,target=/data.gz …`; the recommended preset does not show them.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3010"],
    fixable: false,
    check: Stage(check),
}

/// An archive in the stage, under the name that it has there.
struct Archive<'c> {
    source: &'c Word<'c>,
    name: &'c str,
    after: usize,
    /// Whether `ADD` would unpack it.
    tar: bool,
}

/// Where files of a name are unpacked.
struct Unpacking {
    /// The instruction's position.
    index: usize,
    place: Span,
    /// Whether hadolint sees one of the places.
    plain: bool,
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let start = stage.stage.instructions.start;
    let mut archives = Vec::new();
    for (offset, instruction) in stage.instructions.iter().enumerate() {
        let Kind::Copy(copy) = &instruction.kind else { continue };
        if instruction.flag("from").is_some() {
            continue;
        }
        let destination = copy.destination.as_ref().map_or("", |word| base_name(word.unquoted()));
        for source in &copy.sources {
            let name = base_name(source.unquoted());
            // A single source may get the destination's name.
            let name = if is_archive(destination) && copy.sources.len() == 1 { destination } else { name };
            if is_archive(name) {
                archives.push(Archive { source, name, after: start + offset, tar: is_tar(name) });
            }
        }
    }
    if archives.is_empty() {
        return;
    }
    // The last place at which a file of each name is unpacked.
    let mut unpacked: HashMap<&str, Unpacking> = HashMap::new();
    for script in scripts_of(cx, stage) {
        for command in script.commands().iter().filter(|command| unpacks(command)) {
            // hadolint does not know the form without a dash, `tar xzf`, nor a file that is a flag's value.
            let dashed = !command.is("tar") || command.args.first().is_some_and(|first| first.text.starts_with('-'));
            for arg in &command.args {
                let (name, place) = (base_name(file_name(&arg.text)), script.place(command.name.span));
                let plain = dashed && !arg.text.starts_with('-');
                let before = unpacked.get(name).is_some_and(|before| before.plain);
                unpacked.insert(name, Unpacking { index: script.at.index, place, plain: plain || before });
            }
        }
    }
    for archive in archives {
        let unpacking = unpacked.get(archive.name).filter(|unpacking| unpacking.index > archive.after);
        let Some(&Unpacking { place, plain, .. }) = unpacking else { continue };
        let finding =
            cx.report(archive.source.span, format!("archive `{}` copied and then unpacked; use `ADD`", archive.name));
        finding.related(place, "unpacked here");
        finding.only_aliases(|_| plain);
        if !archive.tar {
            finding.quiet();
        }
    }
}

fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The file of a flag such as `--file=a.tar`.
fn file_name(arg: &str) -> &str {
    arg.strip_prefix("--").and_then(|flag| flag.split_once('=')).map_or(arg, |(_, value)| value)
}
