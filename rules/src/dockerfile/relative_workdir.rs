use crate::prelude::*;
use crate::support::folders::{LONGEST, joined};

rule! {
    /// ## What it does
    /// Flags `WORKDIR` with a relative path.
    ///
    /// ## Why is this bad?
    /// A relative path is joined to the `WORKDIR` before it: where the stage has none, that is whatever the base image
    /// says, and a new version of the base can move the folder.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:22
    /// WORKDIR app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:22
    /// WORKDIR /app
    /// ```
    ///
    /// ## Fix
    /// Joins the path to the `WORKDIR` before it. Where there is none, `/` is put before it: unsafe, since the base
    /// image may say another folder.
    ///
    /// ## Notes
    /// A path that is relative to a `WORKDIR` of the same file is left to the peers' presets: it is a matter of taste.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3000", "WorkdirRelativePath", "DS-0009", "CKV_DOCKER_10"],
    fixable: true,
    check: File(check),
}

/// The working folder at some place of a stage.
#[derive(Clone, Default)]
struct Folder {
    /// Whether a `WORKDIR` of the file set it.
    set: bool,
    /// The path as far as it is known, variables as they stand.
    path: Option<String>,
}

fn check(cx: &mut Cx<'_>) {
    let facts = cx.facts;
    let mut ends: Vec<Folder> = Vec::with_capacity(facts.stages().len());
    for stage in facts.stages() {
        let mut folder = match stage.base {
            Base::Stage(parent) => ends.get(parent).cloned().unwrap_or_default(),
            Base::Scratch => Folder { set: false, path: Some("/".to_owned()) },
            _ => Folder::default(),
        };
        for (offset, instruction) in stage.instructions.iter().enumerate() {
            let Kind::Workdir(word) = &instruction.kind else { continue };
            if word.text.is_empty() {
                continue;
            }
            let index = stage.stage.instructions.start + offset;
            let windows = matches!(facts.shell(index).kind, ShellKind::Cmd | ShellKind::PowerShell);
            let value = word.text.replace(['"', '\''], "");
            let resolved = facts.expand(stage.index(), index, &word.text);
            let (plain, relative) =
                (is_relative(&value, windows), resolved.as_deref().map(|path| is_relative(path, windows)));
            let path = join(&folder, word);
            if plain || relative == Some(true) {
                report(cx, word, &value, &folder, path.as_deref());
            }
            let absolute = || Some(word.unquoted().to_owned()).filter(|path| path.starts_with('/') && is_simple(path));
            let path = if relative.unwrap_or(plain) { path } else { absolute() };
            // A variable may have another value further down, and none in another stage.
            folder = Folder { set: true, path: path.filter(|path| !path.contains('$')) };
        }
        ends.push(folder);
    }
}

fn report(cx: &mut Cx<'_>, word: &Word<'_>, value: &str, folder: &Folder, whole: Option<&str>) {
    let home = value.starts_with('~');
    let hint = if home { ": no shell expands its `~`" } else { "" };
    let finding = cx.report(word.span, format!("relative `WORKDIR` `{}`{hint}", word.unquoted()));
    finding.only_aliases(|alias| match alias {
        "WorkdirRelativePath" => !folder.set,
        "DS-0009" => !has_variable(value),
        _ => is_relative(value, false),
    });
    if folder.set {
        finding.quiet();
    }
    let quote = word.text.chars().next().filter(|first| matches!(first, '"' | '\'') && word.unquoted() != word.text);
    let quoted = |path: &str| quote.map_or(path.to_owned(), |quote| format!("{quote}{path}{quote}"));
    match whole {
        _ if home => {}
        Some(path) => {
            let edit = Edit::replace(word.span, quoted(path));
            finding.fix(Fix::safe(format!("replace with `{path}`"), edit));
        }
        None if !folder.set && is_simple(word.unquoted()) => {
            let path = joined("", word.unquoted());
            let edit = Edit::replace(word.span, quoted(&path));
            finding.fix(Fix::unsafe_(format!("replace with `{path}`"), edit));
        }
        None => {}
    }
}

/// What hadolint takes for relative: no leading `/` or variable, no drive letter. On Windows `\app` starts at the
/// drive's root.
fn is_relative(path: &str, windows: bool) -> bool {
    let drive = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path.as_bytes().get(1) == Some(&b':');
    !(path.is_empty() || path.starts_with(['/', '$']) || drive || windows && path.starts_with('\\'))
}

/// Whether a variable, or `X:\`, stands anywhere in the path, which is all that trivy looks for.
fn has_variable(value: &str) -> bool {
    let variable = |(_, next): (u8, u8)| next.is_ascii_alphanumeric() || b"{}-_+[]^`\\".contains(&next);
    let bytes = value.as_bytes();
    let dollar =
        bytes.iter().copied().zip(bytes.iter().copied().skip(1)).filter(|&(byte, _)| byte == b'$').any(variable);
    dollar || value.contains(":\\") || value.starts_with('/')
}

/// Whether the path can be joined and quoted as text.
fn is_simple(path: &str) -> bool {
    !path.contains(['"', '\'', '\\', '`', '\n'])
}

/// The folder with a relative path joined to it, where both are known.
fn join(folder: &Folder, word: &Word<'_>) -> Option<String> {
    let base = folder.path.as_deref()?;
    let path = word.unquoted();
    let sound = is_simple(path) && base.len() + path.len() < LONGEST && !path.starts_with(['$', '~', '/']);
    sound.then(|| joined(base, path))
}
