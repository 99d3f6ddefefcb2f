use crate::prelude::*;
use crate::support::ports::{self, Port};

rule! {
    /// ## What it does
    /// Flags `EXPOSE` with an address or a port of the host, such as `8080:80`.
    ///
    /// ## Why is this bad?
    /// `EXPOSE` only notes on which port the program in the container listens. What stands before the colon is
    /// thrown away; the host's side is said with `docker run --publish`.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// EXPOSE 127.0.0.1:8080:80
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// EXPOSE 80
    /// ```
    ///
    /// ## Fix
    /// Drops the host's part, as the build does.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["ExposeInvalidFormat"],
    fixable: true,
    check: Instruction([Expose], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::Expose(words) = &at.instruction.kind else { return };
    for word in words {
        // `${X:-80}` has a colon too.
        let Some(text) = ports::resolve(cx, at, word) else { continue };
        let port = Port::parse(&text);
        let Some(host) = port.host else { continue };
        let finding = cx.report(word.span, format!("`EXPOSE` takes no host part: `{host}` has no effect"));
        if text == word.text && !port.number.is_empty() {
            let rest = text.get(host.len() + 1..).unwrap_or_default();
            finding.fix(Fix::safe(format!("replace with `{rest}`"), Edit::replace(word.span, rest)));
        }
    }
}
