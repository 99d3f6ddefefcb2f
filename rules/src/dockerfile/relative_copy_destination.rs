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
    // For each stage, whether it or one that it is built from has set a working directory by its end, and whether the
    // image that all of them are built from works in `/`, as far as that is known.
    let mut known: Vec<(bool, Option<bool>)> = Vec::new();
    let escape = cx.file.escape;
    for stage in cx.facts.stages() {
        let (mut has, works_in_root) = match stage.base {
            Base::Stage(parent) => known.get(parent).copied().unwrap_or_default(),
            Base::Scratch => (false, Some(true)),
            Base::Image(_) => {
                let sets_one = stage.image().and_then(|image| base_images::has_working_directory(&image));
                (false, sets_one.map(|sets_one| !sets_one))
            }
            Base::Unresolved => (false, None),
        };
        for instruction in stage.instructions {
            match &instruction.kind {
                Kind::Workdir(_) => has = true,
                Kind::Copy(transfer) | Kind::Add(transfer) if !has => {
                    let relative = |word: &&Word<'_>| is_relative(word.unquoted(), escape);
                    if let Some(word) = transfer.destination.as_ref().filter(relative) {
                        report(cx, instruction, word, works_in_root);
                    }
                }
                _ => {}
            }
        }
        known.push((has, works_in_root));
    }
}

fn report(cx: &mut Cx<'_>, instruction: &Instruction<'_>, word: &Word<'_>, works_in_root: Option<bool>) {
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

/// Whether the builder takes the path from the working directory on. Variables at the start may hold anything; the
/// files of Windows images have another escape character, so that `\` can begin a path.
fn is_relative(path: &str, escape: char) -> bool {
    let drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    let rooted = path.starts_with(['/', '$']) || escape == '`' && path.starts_with('\\');
    !path.is_empty() && !rooted && !drive
}
