use crate::prelude::*;
use crate::support::json_form;
use plimsoll_dockerfile::{ErrorKind, Logical};

rule! {
    /// ## What it does
    /// Flags arguments that are meant as a JSON array but are none.
    ///
    /// ## Why is this bad?
    /// Builders read `["a", "b"]` as JSON. With single quotes, without quotes, or with a comma too many it is no JSON,
    /// and the whole text, brackets included, goes to a shell, which looks for a program named `[a,`. `SHELL` has no
    /// such way out: there the build stops.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// CMD ['sleep', '60']
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// CMD ["sleep", "60"]
    /// ```
    ///
    /// ## Fix
    /// Writes the words as JSON. Unsafe, since the command then runs for the first time.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: [],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for error in file.errors.iter().filter(|error| error.kind == ErrorKind::Json) {
        let text = cx.text(error.span);
        let finding = cx.report(error.span, error.message.clone());
        if let Some(json) = json_form::mended(text) {
            finding.fix(Fix::unsafe_("write it as JSON", Edit::replace(error.span, json)));
        }
    }
    for &at in cx.facts.instructions() {
        let command = match &at.instruction.kind {
            Kind::Run(run) if run.script.as_ref().is_none_or(|script| !script.heredoc) => Some(&run.command),
            Kind::Cmd(command) | Kind::Entrypoint(command) => Some(command),
            Kind::Healthcheck(Healthcheck::Command(command)) => Some(command),
            _ => None,
        };
        if let Some(Command::Shell(text)) = command
            && text.text.starts_with('[')
        {
            shell_form(cx, text, matches!(at.instruction.kind, Kind::Run(_)));
        }
    }
}

fn shell_form(cx: &mut Cx<'_>, text: &Logical<'_>, run: bool) {
    let span = text.source_span(Span::new(0, text.text.trim_end().len() as u32));
    let errors = &cx.file.errors;
    let behind = errors.get(errors.partition_point(|error| error.span.start < span.start)..).unwrap_or_default();
    let mut here = behind.iter().take_while(|error| error.span.start < span.end);
    let reported = here.any(|error| error.kind == ErrorKind::Json && span.encloses(error.span));
    if reported || !json_form::is_meant(&text.text, run) {
        return;
    }
    let finding = cx.report(span, "this is no JSON array, so a shell gets the text with its brackets");
    if let Some(json) = json_form::mended(&text.text) {
        finding.fix(Fix::unsafe_("write it as JSON", Edit::replace(span, json)));
    }
}
