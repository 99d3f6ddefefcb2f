use crate::prelude::*;
use crate::support::ports::{self, Port};

rule! {
    /// ## What it does
    /// Flags ports of `EXPOSE` that are above 65535 or no ports at all.
    ///
    /// ## Why is this bad?
    /// A port is a number of 16 bits, and its protocol is `tcp`, `udp` or `sctp`. The build stops at anything else.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// EXPOSE 80800
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// EXPOSE 8080
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3011", "DS-0008"],
    fixable: false,
    check: Instruction([Expose], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::Expose(words) = &at.instruction.kind else { return };
    for word in words {
        let Some(text) = ports::resolve(cx, at, word) else { continue };
        let port = Port::parse(&text);
        let Some(problem) = problem(&port) else { continue };
        let literal = text == word.text;
        let alone = port.host.is_none() && port.number.bytes().all(|byte| byte.is_ascii_digit());
        let shown = if text == word.text { format!("`{text}`") } else { format!("`{}` (`{text}`)", word.text) };
        let (message, above) = match problem {
            Problem::Above(number) if number == word.text => (format!("port {shown} is above 65535"), true),
            Problem::Above(number) => (format!("port `{number}` of {shown} is above 65535"), true),
            Problem::Number => (format!("{shown} is not a port"), false),
            Problem::Backwards => (format!("port range {shown} ends before it starts"), false),
            Problem::Protocol(protocol) => (format!("unknown protocol `{protocol}` of port {shown}"), false),
        };
        cx.report(word.span, message).only_aliases(|alias| literal && above && (alias != "DS-0008" || alone));
    }
}

enum Problem<'t> {
    Above(&'t str),
    Number,
    Backwards,
    Protocol(&'t str),
}

fn problem<'t>(port: &Port<'t>) -> Option<Problem<'t>> {
    let mut numbers = Vec::new();
    for text in port.number.splitn(2, '-') {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Problem::Number);
        }
        match text.parse::<u16>() {
            Ok(number) => numbers.push(number),
            Err(_) => return Some(Problem::Above(text)),
        }
    }
    if numbers.is_sorted() {
        let known =
            |protocol: &&str| ["", "tcp", "udp", "sctp"].iter().any(|known| known.eq_ignore_ascii_case(protocol));
        return port.protocol.filter(|protocol| !known(protocol)).map(Problem::Protocol);
    }
    Some(Problem::Backwards)
}
