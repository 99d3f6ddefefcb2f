//! Whether what a package manager leaves behind is removed again in the same layer, or never gets into it.

use crate::prelude::*;
use crate::support::packages::{Call, Manager, calls};
use plimsoll_shell::Operator;

/// What a package manager leaves behind, and what takes it away.
pub(crate) struct Leftover {
    /// The manager.
    pub(crate) manager: &'static Manager,
    /// Its subcommands that leave something.
    pub(crate) leaves: &'static [&'static str],
    /// Where it may lie.
    pub(crate) folders: &'static [&'static str],
    /// The programs that clean it up.
    pub(crate) cleaners: &'static [&'static str],
    /// Whether a call of one of these cleans it up.
    pub(crate) is_clean: fn(&Call<'_, '_>) -> bool,
    /// The command that the fix appends.
    pub(crate) command: &'static str,
}

impl Leftover {
    /// The calls that leave something behind which the script does not take away, the last first.
    pub(crate) fn find<'c>(&self, script: &'c RunScript<'c>) -> Vec<(Cmd<'c>, Call<'c, 'c>)> {
        let calls = || calls(script, self.manager).filter(|(_, call)| call.is(self.leaves)).rev();
        if calls().next().is_none() || self.folders.iter().any(|folder| mounted(&script.at, folder)) {
            return Vec::new();
        }
        let cleans = |command: &shell::Command<'_>| {
            let call = self.cleaners.contains(&&*command.name.text).then(|| self.manager.call(&command.args)).flatten();
            call.is_some_and(|call| (self.is_clean)(&call))
                || self.folders.iter().any(|folder| removes(script, command, folder))
        };
        let last_clean = script.commands().iter().rposition(cleans);
        calls().take_while(|(cmd, _)| Some(cmd.index) > last_clean).collect()
    }

    /// Reports what [`Self::find`] found as one finding, quietly where the stage is not part of the image.
    pub(crate) fn report<'f>(&self, cx: &'f mut Cx<'_>, found: &[(Cmd<'_>, Call<'_, '_>)]) -> Option<&'f mut Finding> {
        let ((cmd, call), others) = found.split_first()?;
        // `microdnf` has no `dnf` beside it.
        let command = match self.command.split_once(' ') {
            Some((_, rest)) => format!("{} {rest}", cmd.name.text),
            None => self.command.to_owned(),
        };
        let fix = append(cx, cmd, &command);
        let quiet = !in_final_image(cx, &cmd.at());
        let message = format!("`{}` without `{command}` behind it", call.shown(cmd));
        let finding = cx.report(call.place(cmd), message);
        if quiet {
            finding.quiet();
        }
        if let Some(edit) = fix {
            finding.fix(Fix::safe(format!("append `{command}`"), edit));
        }
        for (cmd, call) in others {
            finding.related(call.place(cmd), format!("`{}` fills the cache too", call.shown(cmd)));
        }
        Some(finding)
    }
}

/// Whether a call of `yum` or `dnf` removes the lists of packages.
pub(crate) fn cleans_rpm(call: &Call<'_, '_>) -> bool {
    let removes_lists = |word: &&shell::Word<'_>| word.expands || matches!(&*word.text, "all" | "metadata" | "dbcache");
    call.is(&["clean"]) && call.operands.iter().any(removes_lists)
}

/// The position of the script's last command that removes a folder, or all that stands in it.
pub(crate) fn last_removal(script: &RunScript<'_>, folder: &str) -> Option<usize> {
    script.commands().iter().rposition(|command| removes(script, command, folder))
}

/// Whether a command removes a folder, or all that stands in it. Where that cannot be told, it is assumed.
fn removes(script: &RunScript<'_>, command: &shell::Command<'_>, folder: &str) -> bool {
    let name = command.name.text.rsplit('/').next().unwrap_or("");
    match name {
        "rm" => command.operands().any(|word| clears(script, word, folder)),
        "find" => {
            let deletes = |word: &shell::Word<'_>| matches!(&*word.text, "-delete" | "-exec" | "-execdir");
            let roots = command.args.iter().take_while(|word| !word.text.starts_with(['-', '(', '!']));
            command.args.iter().any(deletes) && roots.into_iter().any(|word| clears(script, word, folder))
        }
        // Somebody's own script; what it cleans cannot be seen here.
        _ => name.contains("clean") && !matches!(name, "localepurge" | "bleachbit"),
    }
}

/// Whether removing what the word names empties the folder.
fn clears(script: &RunScript<'_>, word: &shell::Word<'_>, folder: &str) -> bool {
    braces(&word.text).iter().any(|path| {
        let path = in_home(path);
        if path.starts_with(['$', '`']) {
            return !is_temporary(script, path);
        }
        // What stands before the first part that the shell expands is removed as a whole, as far as we care.
        let known = path.split('/').take_while(|part| !part.contains(['*', '?', '[', '$', '`']));
        let known = known.collect::<Vec<_>>().join("/");
        below(folder, known.trim_end_matches(['/', '.']))
    })
}

/// Whether a path is `parent` or stands below it.
fn below(path: &str, parent: &str) -> bool {
    let rest = in_home(path).strip_prefix(parent);
    parent.len() > 1 && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Caches of users stand below `.cache`, whatever the home: `/root/.cache/pip`, `~/.cache/pip`.
fn in_home(path: &str) -> &str {
    path.find("/.cache").map_or(path, |at| &path[at..])
}

/// Whether the variable that the path begins with holds the name of a temporary folder, which the script made.
fn is_temporary(script: &RunScript<'_>, path: &str) -> bool {
    let name = path.trim_start_matches(['$', '{']);
    let name = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    let assigned = |word: &shell::Word<'_>| word.text.contains("mktemp") || word.text.starts_with("/tmp");
    script.commands().iter().any(|command| {
        let exported = || command.args.iter().filter_map(|arg| arg.text.strip_prefix(name));
        command.assignments.iter().any(|it| it.name == name && assigned(&it.value))
            || !name.is_empty() && exported().any(|rest| rest.starts_with('=') && rest.contains("mktemp"))
    })
}

/// The words that the braces of a word stand for: `/var/{lib,cache}` is two. Wild growth is cut off.
fn braces(word: &str) -> Vec<String> {
    const MOST: usize = 64;
    let mut done = Vec::new();
    let mut open = vec![word.to_owned()];
    while let Some(word) = open.pop() {
        // The innermost pair: the first `}` and the last `{` before it. `${NAME}` is none.
        let pair = word.match_indices('}').find_map(|(end, _)| {
            let start = word[..end].rfind('{')?;
            (!word[..start].ends_with('$') && word[start..end].contains(',')).then_some((start, end))
        });
        match pair {
            Some((start, end)) if done.len() + open.len() < MOST => {
                let parts = word[start + 1..end].split(',');
                open.extend(parts.map(|part| format!("{}{part}{}", &word[..start], &word[end + 1..])));
            }
            _ => done.push(word),
        }
    }
    // Outer words come once for each inner pair.
    done.sort();
    done.dedup();
    done
}

/// Whether a cache or tmpfs mount of the `RUN` covers the folder, so that it never gets into a layer.
pub(crate) fn mounted(at: &At<'_>, folder: &str) -> bool {
    let Kind::Run(run) = &at.instruction.kind else { return false };
    let mounts = run.mounts.iter().filter(|mount| matches!(mount.kind(), "cache" | "tmpfs"));
    mounts.filter_map(|mount| mount.target()).any(|target| {
        let target = target.unquoted().trim_end_matches('/');
        below(folder, in_home(target))
    })
}

/// Whether a cache or tmpfs mount of the `RUN` has a target that holds the text.
pub(crate) fn mounted_like(at: &At<'_>, text: &str) -> bool {
    let Kind::Run(run) = &at.instruction.kind else { return false };
    let mounts = run.mounts.iter().filter(|mount| matches!(mount.kind(), "cache" | "tmpfs"));
    mounts.filter_map(|mount| mount.target()).any(|target| target.text.contains(text))
}

/// Whether layers of the stage stand in the image that the build gives by default.
pub(crate) fn in_final_image(cx: &Cx<'_>, at: &At<'_>) -> bool {
    let fact = at.stage.and_then(|stage| cx.facts.stages().get(stage));
    fact.is_none_or(|fact| fact.in_image)
}

/// Whether the stage gives an image or the base of one: it is the last, or a later one is built from it.
pub(crate) fn is_image_or_base(cx: &Cx<'_>, at: &At<'_>) -> bool {
    let fact = at.stage.and_then(|stage| cx.facts.stages().get(stage));
    fact.is_none_or(|fact| fact.last || !fact.children.is_empty())
}

/// Adds a command to the end of the `RUN` that holds `cmd`, so that it runs where everything before succeeded, and with
/// the same rights. `None` where that would take more than adding text.
pub(crate) fn append(cx: &Cx<'_>, cmd: &Cmd<'_>, command: &str) -> Option<Edit> {
    let script = cmd.script;
    let text = script.text?;
    let rights = cmd.wrapper.filter(|wrapper| matches!(*wrapper, "sudo" | "doas"));
    let command = rights.map_or_else(|| command.to_owned(), |wrapper| format!("{wrapper} {command}"));
    let last = script.commands().iter().filter(|it| it.wrapper.is_none()).max_by_key(|it| it.span.end)?;
    if matches!(&*last.name.text, "exit" | "exec" | "return") {
        return None;
    }
    let trimmed = text.text.trim_end();
    let tail = trimmed.get(last.span.end as usize..)?;
    if tail.contains(['#', '&']) || trimmed.ends_with([';', '|', '\\', '{', '(']) {
        return None;
    }
    let source = cx.file.source;
    if script.heredoc {
        let body = script.at.instruction.heredocs.first()?.body;
        let closed = body.text(source).ends_with('\n') && is_strict(script);
        let indent = indent(body.text(source).trim_end().rsplit('\n').next()?);
        return closed.then(|| Edit::insert(body.end, format!("{indent}{command}\n")));
    }
    if !script.at.instruction.heredocs.is_empty() || trimmed.contains("<<") {
        return None;
    }
    let end = text.source_span(Span::new(0, trimmed.len() as u32)).end;
    let before = source.get(..end as usize)?;
    let start = script.at.instruction.span.start as usize;
    let added = match before.get(start..)?.rfind('\n') {
        None => format!(" && {command}"),
        Some(line) => {
            let indent = indent(before.get(start + line + 1..)?);
            format!(" {}\n{indent}&& {command}", cx.file.escape)
        }
    };
    Some(Edit::insert(end, added))
}

/// The blanks that a line begins with.
fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// Whether the script ends where a command fails: only then does a line behind the last one hide no failure.
fn is_strict(script: &RunScript<'_>) -> bool {
    script.commands().first().is_some_and(|first| {
        let strict = first.args.first().is_some_and(|arg| arg.text.starts_with('-') && arg.text.contains('e'));
        first.is("set") && strict && first.operator == Operator::First
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_expanded() {
        assert_eq!(braces("/var/{lib/{apt,dpkg},cache}/*"), ["/var/cache/*", "/var/lib/apt/*", "/var/lib/dpkg/*"]);
        assert_eq!(braces("${A}/{b}"), ["${A}/{b}"]);
    }

    #[test]
    fn folders_contain_folders() {
        assert!(below("/var/lib/apt/lists", "/var/lib/apt"));
        assert!(below("/root/.cache/pip", "/.cache/pip"));
        assert!(!below("/var/lib/apt/lists", "/var/lib/ap"));
        assert!(!below("/var", ""));
    }
}
