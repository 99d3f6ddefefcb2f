use crate::prelude::*;
use crate::support::commands::{is_and_part, scripts_of};

rule! {
    /// ## What it does
    /// Flags `RUN`s that use `wget` or `curl` in a stage that uses both.
    ///
    /// ## Why is this bad?
    /// Both do the same. Installing and knowing one of them is enough: the other is size, and one more program that
    /// has to be kept up to date.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN wget --quiet https://example.com/a
    /// RUN curl --remote-name https://example.com/b
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN curl --remote-name https://example.com/a
    /// RUN curl --remote-name https://example.com/b
    /// ```
    ///
    /// ## Notes
    /// hadolint flags each `RUN` from that on with which both have been used, trivy each `RUN` that begins with
    /// `wget` where another one begins with `curl`.
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL4001", "DS-0014"],
    fixable: false,
    check: Stage(check),
}

/// What one `RUN` uses.
#[derive(Default)]
struct Uses {
    /// The places of the first `wget` and of the first `curl`.
    wget: Option<Span>,
    curl: Option<Span>,
    /// Whether trivy sees them.
    trivy_wget: bool,
    trivy_curl: bool,
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let mut runs: Vec<(usize, bool, Uses)> = Vec::new();
    for script in scripts_of(cx, stage) {
        let key = (script.at.index, script.at.onbuild);
        if runs.last().is_none_or(|last| (last.0, last.1) != key) {
            runs.push((key.0, key.1, Uses::default()));
        }
        let Some((_, _, uses)) = runs.last_mut() else { continue };
        for (index, command) in script.commands().iter().enumerate() {
            let cmd = Cmd { script, index, command };
            let (slot, trivy) = match &*command.name.text {
                "wget" => (&mut uses.wget, &mut uses.trivy_wget),
                "curl" => (&mut uses.curl, &mut uses.trivy_curl),
                _ => continue,
            };
            slot.get_or_insert_with(|| cmd.name_place());
            *trivy |= !script.at.onbuild && is_and_part(cmd) && !part_text(cmd).contains("install ");
        }
    }
    let by_trivy = runs.iter().any(|run| run.2.trivy_wget) && runs.iter().any(|run| run.2.trivy_curl);
    let (mut wget, mut curl) = (false, false);
    for (_, _, uses) in &runs {
        let newcomer = if wget { uses.curl.or(uses.wget) } else { uses.wget.or(uses.curl) };
        wget |= uses.wget.is_some();
        curl |= uses.curl.is_some();
        let (hadolint, trivy) = (wget && curl, by_trivy && uses.trivy_wget);
        let Some(place) = (if hadolint { newcomer } else { uses.wget }).filter(|_| hadolint || trivy) else { continue };
        let name = cx.text(place);
        let finding = cx.report(place, format!("`{name}` used, though the stage uses both `wget` and `curl`"));
        finding.only_aliases(|alias| match alias {
            "DL4001" => hadolint,
            _ => trivy,
        });
    }
}

/// From the command to the next `&&`.
fn part_text(cmd: Cmd<'_>) -> &str {
    let text = cmd.script.text.and_then(|text| text.text.get(cmd.span.start as usize..)).unwrap_or_default();
    text.split("&&").next().unwrap_or(text)
}
