use crate::prelude::*;
use crate::support::base_images;

rule! {
    /// ## What it does
    /// Flags `COPY` and `ADD` to a relative path in a stage that sets no `WORKDIR`.
    ///
    /// ## Why is this bad?
    /// The files go to where the base image happens to work: to `/` in most images, somewhere else in others, and to
    /// another place when the base changes.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM python:3.13
    /// COPY requirements.txt .
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM python:3.13
    /// WORKDIR /srv
    /// COPY requirements.txt .
    /// ```
    ///
    /// ## Fix
    /// Writes the path from `/` on, where the base is known to set no working directory, so that the build does the
    /// same.
    ///
    /// ## Notes
    /// A `WORKDIR` in the stages that this one is built from counts. Where the base is known to set a working
    /// directory (`golang`, `php`, ...) it is shown only on request, where it is not known it is an info.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3045"],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    // For each stage, whether it or one that it is built from has set a working directory by its end.
    let mut set: Vec<bool> = Vec::new();
    for stage in cx.facts.stages() {
        let mut has = match stage.base {
            Base::Stage(parent) => set.get(parent).copied().unwrap_or(false),
            _ => false,
        };
        for instruction in stage.instructions {
            match &instruction.kind {
                Kind::Workdir(_) => has = true,
                Kind::Copy(transfer) | Kind::Add(transfer) if !has => {
                    if let Some(word) = transfer.destination.as_ref().filter(|word| is_relative(word.unquoted())) {
                        report(cx, stage, instruction, word);
                    }
                }
                _ => {}
            }
        }
        set.push(has);
    }
}

fn report(cx: &mut Cx<'_>, stage: &StageFact<'_>, instruction: &Instruction<'_>, word: &Word<'_>) {
    let works_in_root = match cx.facts.root_base(stage.index()) {
        Some(Base::Scratch) => Some(true),
        Some(Base::Image(image)) => {
            ImageReference::parse(image).and_then(|image| base_images::has_working_directory(&image)).map(|has| !has)
        }
        _ => None,
    };
    let path = word.unquoted();
    let message = if path.starts_with("~/") || path == "~" {
        format!("`{path}` is a folder named `~`: the builder expands no `~`")
    } else {
        format!("`{path}` is relative, and no `WORKDIR` is set")
    };
    let rooted = path.strip_prefix("./").unwrap_or(if path == "." { "" } else { path }).to_owned();
    let text = cx.text(word.span);
    let finding = cx.report(word.span, message);
    match works_in_root {
        Some(true) => {
            let simple = !rooted.starts_with(['.', '~', '/']) && !rooted.contains('$');
            // Quotes stay where they are.
            if simple && let Some(at) = text.find(path) {
                let start = word.span.start + at as u32;
                let place = Span::new(start, start + path.len() as u32);
                finding.fix(Fix::safe("write the path from `/` on", Edit::replace(place, format!("/{rooted}"))));
            }
        }
        Some(false) => {
            finding.severity(Severity::Info).quiet();
        }
        None => {
            finding.severity(Severity::Info).confidence(Confidence::Medium);
        }
    }
    if matches!(instruction.kind, Kind::Add(_)) {
        finding.without_aliases(&["DL3045"]);
    }
}

/// Whether the builder takes the path from the working directory on. Variables at the start may hold anything.
fn is_relative(path: &str) -> bool {
    let drive =
        path.len() > 1 && path.starts_with(|c: char| c.is_ascii_alphabetic()) && path.as_bytes().get(1) == Some(&b':');
    !path.is_empty() && !path.starts_with(['/', '$', '\\']) && !drive
}
