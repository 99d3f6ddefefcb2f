use crate::prelude::*;
use crate::shell_texts::variables;
use std::collections::HashMap;

rule! {
    /// ## What it does
    /// Flags variables that only Bash and its kin set, such as `$RANDOM`, `$UID` and `$HOSTNAME`, in `sh`.
    ///
    /// ## Why is this bad?
    /// In other shells they are empty.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN useradd --uid "$UID" app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN useradd --uid "$(id -u)" app
    /// ```
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["SC3028"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    use shell::Dialect::{Ash, Dash, Posix};
    for script in cx.facts.shell_texts() {
        let (Some(text), Some(_)) = (script.text, &script.parsed) else { continue };
        // Which part of a heredoc the shell expands takes more than a look at quotes.
        if !matches!(script.dialect, Posix | Dash | Ash) || text.text.contains("<<") || !text.text.contains('$') {
            continue;
        }
        let found = expansions(&text.text).into_iter().filter(|(name, _)| BASH_VARIABLES.contains(name));
        let mut set: HashMap<&str, bool> = HashMap::new();
        for (name, span) in found {
            let is_set = || is_set(script, name) || variables(cx.facts, script).contains(&name);
            if *set.entry(name).or_insert_with(is_set) {
                continue;
            }
            let finding = cx.report(script.place(span), format!("`{name}` is a variable of Bash, empty in `sh`"));
            // Some set it, and which `sh` it is may be unknown.
            let known = match script.actual {
                Dash => name != "HOSTNAME",
                Ash => !matches!(name, "HOSTNAME" | "RANDOM" | "EPOCHSECONDS" | "EPOCHREALTIME" | "SHLVL"),
                _ => false,
            };
            if !known {
                finding.quiet();
            }
        }
    }
}

const BASH_VARIABLES: [&str; 20] = [
    "BASHPID",
    "BASH_COMMAND",
    "BASH_LINENO",
    "BASH_REMATCH",
    "BASH_SOURCE",
    "BASH_VERSINFO",
    "DIRSTACK",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "EUID",
    "FUNCNAME",
    "GROUPS",
    "HOSTNAME",
    "HOSTTYPE",
    "MACHTYPE",
    "OSTYPE",
    "PIPESTATUS",
    "RANDOM",
    "SECONDS",
    "UID",
];

/// Whether the text sets the variable itself.
fn is_set(script: &RunScript<'_>, name: &str) -> bool {
    let names = |text: &str| text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('='));
    let Some(text) = script.text else { return false };
    let in_expansion = |operator: &str| text.text.contains(&format!("${{{name}{operator}"));
    script.commands().iter().any(|command| match &*command.name.text {
        "" => command.assignments.iter().any(|assignment| assignment.name == name),
        "export" | "local" | "readonly" | "read" | "declare" | "typeset" => {
            command.args.iter().any(|arg| names(&arg.text))
        }
        _ => false,
    }) || in_expansion("=")
        || in_expansion(":=")
        || text.text.contains(&format!("for {name} "))
}

/// The names of the variables that a shell expands in a text, with the `$` and braces before them as span.
fn expansions(text: &str) -> Vec<(&str, Span)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // The brackets and quotes that are open.
    let mut open: Vec<u8> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let quoted = open.last() == Some(&b'"');
        match byte {
            b'\\' => at += 1,
            b'\'' if !quoted => at += 1 + bytes.iter().skip(at + 1).take_while(|&&byte| byte != b'\'').count(),
            b'"' if quoted => drop(open.pop()),
            b'"' => open.push(b'"'),
            b'(' if !quoted || at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'$') => open.push(b'('),
            b')' if !quoted => drop(open.pop()),
            b'#' if !quoted && (at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b'\n' | b';')) => {
                at += bytes.iter().skip(at).take_while(|&&byte| byte != b'\n').count();
            }
            b'$' => {
                let start = at + 1 + usize::from(bytes.get(at + 1) == Some(&b'{'));
                let start = start + usize::from(bytes.get(start) == Some(&b'#') && start > at + 1);
                let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                let length = bytes.iter().skip(start).take_while(is_name).count();
                if let Some(name) = text.get(start..start + length).filter(|name| !name.is_empty()) {
                    found.push((name, Span::new(at as u32, (start + length) as u32)));
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}
