use crate::prelude::*;
use plimsoll_dockerfile::expand::{ExpandError, mistake};
use plimsoll_dockerfile::{Logical, Word};

rule! {
    /// ## What it does
    /// Flags words that the builder cannot expand: a `${` or a quote that is not closed, `${}` without a name, an operator
    /// that builders do not know.
    ///
    /// ## Why is this bad?
    /// The build stops at such a word. The check tells so before the build has run the lines above it.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// ENV LEVEL=${LOG_LEVEL:-info
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// ENV LEVEL=${LOG_LEVEL:-info}
    /// ```
    ///
    /// ## Notes
    /// Builders know `-`, `:-`, `+`, `:+`, `?`, `:?`, `#`, `##`, `%`, `%%`, `/` and `//`. `${A,,}` and `${A:0:3}` are for the
    /// shell: in `RUN` they are its matter. `COPY "a b" c` has two quotes that are not closed, since its words end at each
    /// blank; names with blanks take the form `COPY ["a b", "c"]`.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    if !cx.file.source.contains(['$', '"', '\'']) {
        return;
    }
    for &at in cx.facts.instructions() {
        match &at.instruction.kind {
            Kind::From(from) => words(cx, at, at.flag_value("platform").into_iter().chain([&from.base])),
            Kind::Arg(declarations) => {
                words(cx, at, declarations.iter().flat_map(|one| [&one.name].into_iter().chain(&one.default)));
            }
            Kind::Env(pairs) | Kind::Label(pairs) => {
                words(cx, at, pairs.iter().flat_map(|pair| [&pair.key, &pair.value]));
            }
            Kind::Add(transfer) | Kind::Copy(transfer) => {
                let flags =
                    ["chown", "chmod", "checksum"].into_iter().filter_map(|name| at.instruction.flag_value(name));
                words(cx, at, flags.chain(&transfer.sources).chain(&transfer.destination));
                for heredoc in at.instruction.heredocs.iter().filter(|heredoc| heredoc.expand) {
                    report(cx, mistake(&Logical::borrowed(cx.text(heredoc.body), heredoc.body.start), '\\', false));
                }
            }
            Kind::Expose(list) | Kind::Volume(list) => words(cx, at, list),
            Kind::StopSignal(word) | Kind::User(word) | Kind::Workdir(word) => words(cx, at, [word]),
            Kind::Run(run) => {
                words(
                    cx,
                    at,
                    run.mounts.iter().flat_map(|mount| &mount.options).filter_map(|(_, value)| value.as_ref()),
                );
            }
            _ => {}
        }
    }
}

fn words<'w>(cx: &mut Cx<'_>, at: At<'_>, words: impl IntoIterator<Item = &'w Word<'w>>) {
    for word in words {
        if word.text.contains(['$', '"', '\'']) {
            report(cx, mistake(&at.instruction.word(word), cx.file.escape, true));
        }
    }
}

fn report(cx: &mut Cx<'_>, mistake: Option<(ExpandError, Span)>) {
    let Some((error, span)) = mistake else { return };
    let message = match error {
        ExpandError::Unclosed('}') => format!("`{}` is not closed", cx.text(span)),
        ExpandError::Unclosed('/') => format!("the pattern of `{}` is not closed", cx.text(span)),
        ExpandError::Unclosed(_) => "this quote is not closed".to_owned(),
        error => error.to_string(),
    };
    cx.report(span, message);
}
