use crate::prelude::*;
use crate::support::commands::{is_and_part, line_break};

rule! {
    /// ## What it does
    /// Flags `cd` in `RUN`.
    ///
    /// ## Why is this bad?
    /// Each `RUN` has a shell of its own, which starts in the folder that `WORKDIR` set. A `cd` at the end of a `RUN`
    /// is therefore lost: what follows does not happen where its author believes. So is one at the end of a subshell,
    /// as in `(cd /app) && make`. A `cd` before other commands works,
    /// but the reader has to follow it; `WORKDIR` says once where everything happens, and creates the folder.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN mkdir /app && cd /app
    /// COPY . .
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// WORKDIR /app
    /// COPY . .
    /// ```
    ///
    /// ## Fix
    /// `--fix-unsafe` makes a `WORKDIR` of a first `cd` into an absolute path; the instructions behind it then
    /// happen there too.
    ///
    /// ## Notes
    /// The recommended preset shows only a `cd` whose effect is lost; hadolint and trivy show every one.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3003", "DS-0013"],
    fixable: true,
    check: Command(["cd"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let place = cmd.name_place();
    let confined = ends_subshell(cmd);
    let lost = confined || is_lost(cmd);
    let message = if confined {
        "`cd` changes the folder of a subshell in which nothing follows"
    } else if lost {
        "`cd` at the end of a `RUN` is lost behind it; use `WORKDIR`"
    } else {
        "`cd` used; use `WORKDIR` to change the folder"
    };
    let fix = workdir(cmd, line_break(cx.file.source));
    let finding = cx.report(place, message);
    if !lost {
        finding.severity(Severity::Style).quiet();
    }
    if !is_and_part(cmd) || cmd.args().is_empty() {
        finding.without_aliases(&["DS-0013"]);
    }
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}

/// Whether nothing runs in the folder.
fn is_lost(cmd: Cmd<'_>) -> bool {
    let plain = cmd.wrapper.is_none() && cmd.subshells == 0 && cmd.conditional == 0 && cmd.pipeline.is_none();
    // What stands in substitutions of its own words comes before the change. Behind another `cd` it leads back.
    let last = cmd.later().iter().all(|later| later.subshells > 0 && cmd.span.encloses(later.span));
    let first = || !cmd.script.commands().iter().take(cmd.index).any(|earlier| earlier.is("cd"));
    plain && last && first()
}

/// Whether the shell that the `cd` happens in ends with it: `(cd /a)`, `cd /a | b`, `cd /a &`.
fn ends_subshell(cmd: Cmd<'_>) -> bool {
    let Some(text) = cmd.script.text else { return false };
    let behind = text.text.get(cmd.span.end as usize..).unwrap_or_default().trim_start_matches([' ', '\t']);
    let pipe = behind.starts_with('|') && !behind.starts_with("||");
    let background = behind.starts_with('&') && !behind.starts_with("&&") && !behind.starts_with("&>");
    cmd.wrapper.is_none() && (pipe || background || cmd.subshells > 0 && behind.starts_with(')'))
}

/// `RUN cd /a && b` as `WORKDIR /a` and `RUN b`; `RUN cd /a` as `WORKDIR /a`.
fn workdir(cmd: Cmd<'_>, line_break: &str) -> Option<Fix> {
    let at = cmd.at();
    let [folder] = cmd.args() else { return None };
    let literal = folder.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+@".contains(&byte));
    if cmd.index > 0 || cmd.wrapper.is_some() || at.onbuild || cmd.script.heredoc {
        return None;
    }
    // In exec form, a subshell or a loop, the `cd` is not the first thing that happens.
    let first = cmd.script.text?.text.find(|character: char| !character.is_whitespace())?;
    if first as u32 != cmd.span.start || !literal || !folder.text.starts_with('/') {
        return None;
    }
    let next = cmd.later().first();
    let start = at.instruction.span.start;
    let edits = match next {
        None if cmd.redirects.is_empty() && at.instruction.flags.is_empty() => {
            vec![Edit::replace(at.instruction.span, format!("WORKDIR {}", folder.text))]
        }
        Some(next) if next.operator == shell::Operator::And && next.list == cmd.list => {
            let next = cmd.script.place(next.span).start;
            vec![
                Edit::insert(start, format!("WORKDIR {}{line_break}", folder.text)),
                Edit::delete(Span::new(cmd.name_place().start, next)),
            ]
        }
        _ => return None,
    };
    Some(Fix::unsafe_("use `WORKDIR`", edits))
}
