use crate::prelude::*;
use crate::support::ports::Port;

rule! {
    /// ## What it does
    /// Flags protocols of `EXPOSE` in capitals.
    ///
    /// ## Why is this bad?
    /// The protocol is kept as it is written, and tools that look for `80/tcp` do not find `80/TCP`.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// EXPOSE 80/TCP
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// EXPOSE 80/tcp
    /// ```
    ///
    /// ## Fix
    /// Writes the protocol in lower case.
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["ExposeProtoCasing"],
    fixable: true,
    check: Instruction([Expose], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::Expose(words) = &at.instruction.kind else { return };
    for word in words {
        let Some(protocol) = Port::parse(&word.text).protocol else { continue };
        let lower = protocol.to_ascii_lowercase();
        if protocol == lower || protocol.contains('$') {
            continue;
        }
        let text = at.instruction.part(word.span);
        let length = text.text.len() as u32;
        let span = text.source_span(Span::new(length.saturating_sub(protocol.len() as u32), length));
        let finding = cx.report(span, format!("protocol `{protocol}` of a port is not in lower case"));
        finding.fix(Fix::safe(format!("replace with `{lower}`"), Edit::replace(span, lower)));
    }
}
