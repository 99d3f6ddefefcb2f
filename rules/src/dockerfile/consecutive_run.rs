use crate::prelude::*;
use crate::support::commands::{line_break, scripts_of};

rule! {
    /// ## What it does
    /// Flags a `RUN` directly behind another one, where both have the same flags and run at most one command.
    ///
    /// ## Why is this bad?
    /// Each `RUN` makes a layer. What one creates and the next one deletes stays in the image, and each layer costs a
    /// little when the image is pulled.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN useradd app
    /// RUN mkdir /srv/app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN useradd app \
    ///     && mkdir /srv/app
    /// ```
    ///
    /// ## Fix
    /// `--fix-unsafe` joins the two with `&&`, where nothing stands between them. The two then share one shell, and
    /// one entry of the build cache.
    ///
    /// ## Notes
    /// The recommended preset leaves this out: `RUN`s of their own keep the build cache useful, and in stages that
    /// are not the last one their number does not matter.
    category: Size, severity: Style, confidence: Medium, since: "0.1.0",
    presets: [],
    aliases: ["DL3059"],
    fixable: true,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let scripts = scripts_of(cx, stage);
    let start = stage.stage.instructions.start;
    let mut next = 0;
    let mut before: Option<&'c Instruction<'c>> = None;
    for (index, instruction) in (start..).zip(stage.instructions) {
        let first = next;
        while scripts.get(next).is_some_and(|script| script.at.index == index) {
            next += 1;
        }
        let Kind::Run(_) = &instruction.kind else {
            before = None;
            continue;
        };
        let short = commands(scripts.get(first..next).unwrap_or_default()) <= 1;
        if let Some(before) = before
            && short
            && same_flags(before, instruction)
        {
            let join = join(cx, before, instruction);
            let finding = cx.report(instruction.keyword, "`RUN` directly behind another one; join them");
            if let Some(edit) = join {
                finding.fix(Fix::unsafe_("join it with the `RUN` before", edit));
            }
        }
        before = short.then_some(instruction);
    }
}

/// How many commands a `RUN` has, those behind wrappers aside, but `time` and what it times. Tests and commands in
/// variables do not count.
fn commands(scripts: &[RunScript<'_>]) -> usize {
    let counts = |command: &&shell::Command<'_>| {
        command.wrapper.is_none_or(|wrapper| wrapper == "time")
            && !command.name.expands
            && !matches!(&*command.name.text, "" | "[" | "[[")
    };
    // In exec form the text of `sh -c` stands behind the words themselves.
    match scripts.last() {
        Some(script) if script.parsed.is_some() => script.commands().iter().filter(counts).count(),
        Some(script) => script.text.map_or(0, |text| text.text.split(&[';', '|', '&', '\n'][..]).count()),
        None => 0,
    }
}

/// Whether both have the same flags, in any order.
fn same_flags(one: &Instruction<'_>, other: &Instruction<'_>) -> bool {
    let sorted = |instruction: &Instruction<'_>| {
        let mut flags: Vec<Vec<String>> = instruction
            .flags
            .iter()
            .map(|flag| {
                let value = flag.value.as_ref().map_or("", |value| &value.text);
                let mut parts: Vec<String> = value.split(',').map(str::to_owned).collect();
                parts.push(flag.name.text.to_string());
                parts.sort_unstable();
                parts
            })
            .collect();
        flags.sort_unstable();
        flags
    };
    sorted(one) == sorted(other)
}

/// Replaces what stands between the two, the second keyword included, with `&&` on a new line.
fn join(cx: &Cx<'_>, one: &Instruction<'_>, other: &Instruction<'_>) -> Option<Edit> {
    let is_plain = |instruction: &Instruction<'_>| {
        let Kind::Run(run) = &instruction.kind else { return false };
        matches!(&run.command, Command::Shell(_)) && instruction.heredocs.is_empty() && instruction.flags.is_empty()
    };
    if !is_plain(one) || !is_plain(other) {
        return None;
    }
    let first = one.arguments.text.trim_end();
    // A list that ends with an operator of its own, or with a comment, takes no `&&`.
    let second = other.arguments.text.trim_end();
    if first.is_empty() || first.ends_with(['&', ';', '\\', '|']) || first.contains('#') {
        return None;
    }
    // `||` and `&` would take the first one in with them; behind `;` its failure would be lost.
    if second.contains("||") || second.contains(';') || second.ends_with('&') {
        return None;
    }
    let between = cx.text(Span::new(one.span.end, other.span.start));
    let begin = other.arguments.source_offset(0);
    let text = format!(" {}{}    && ", cx.file.escape, line_break(cx.file.source));
    between.trim().is_empty().then(|| Edit::replace(Span::new(one.span.end, begin), text))
}
