//! What builders write into an image's history, turned back into the instruction that it came from.

use plimsoll_dockerfile::Keyword;

/// A step of a history, turned back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// The instruction with its keyword, as a Dockerfile would have it; where the step is none, the step as it stands.
    pub(crate) text: String,
    /// What the step is; [`Keyword::Unknown`] where no form is known.
    pub(crate) keyword: Keyword,
    /// The build arguments that the step was given: docker writes them with their values.
    pub(crate) arguments: Vec<(String, String)>,
}

/// Turns a step back. Forms, `CMD` standing for all instructions:
///
/// - docker without BuildKit: `/bin/sh -c #(nop)  CMD ["sh"]`, `/bin/sh -c apt-get update`,
///   `|1 NAME=value /bin/sh -c make`, `/bin/sh -c #(nop) COPY file:0f3b in /srv`;
/// - BuildKit: `CMD ["sh"]`, `RUN /bin/sh -c make # buildkit`, `RUN |1 NAME=value /bin/sh -c make # buildkit`, with
///   lists in Go's notation;
/// - buildah: as docker without BuildKit, with `|inheritLabels=false` and the like at the end;
/// - kaniko: the instruction as the Dockerfile has it.
pub(crate) fn instruction(created_by: &str) -> Written {
    let text = created_by.trim();
    let text = text.strip_suffix("# buildkit").unwrap_or(text).trim_end();
    if let Some((_, rest)) = text.split_once("#(nop)").filter(|(shell, _)| ends_as_shell(shell)) {
        return of_instruction(without_remarks(rest.trim()));
    }
    let (arguments, rest) = build_arguments(text);
    if let Some(script) = script_of(rest) {
        return Written { text: format!("RUN {script}"), keyword: Keyword::Run, arguments };
    }
    if let Some(rest) = rest.strip_prefix("RUN ") {
        let (arguments, rest) = build_arguments(rest.trim_start());
        let script = script_of(rest).unwrap_or(rest);
        return Written { text: format!("RUN {script}"), keyword: Keyword::Run, arguments };
    }
    Written { arguments, ..of_instruction(rest) }
}

/// An instruction with its keyword, its arguments brought into the form that Dockerfiles have.
fn of_instruction(text: &str) -> Written {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let keyword = Keyword::KNOWN.into_iter().find(|keyword| keyword.name() == word).unwrap_or(Keyword::Unknown);
    let rest = rest.trim();
    let arguments = match keyword {
        Keyword::Unknown => {
            return Written { text: text.to_owned(), keyword, arguments: Vec::new() };
        }
        Keyword::Add | Keyword::Copy => copied(rest),
        Keyword::Cmd | Keyword::Entrypoint => started(rest).unwrap_or_else(|| rest.to_owned()),
        Keyword::Expose => ports(rest).unwrap_or_else(|| rest.to_owned()),
        Keyword::Volume | Keyword::Shell => bare_list(rest).unwrap_or_else(|| rest.to_owned()),
        Keyword::Healthcheck => healthcheck(rest).unwrap_or_else(|| rest.to_owned()),
        _ => rest.to_owned(),
    };
    Written { text: format!("{word} {arguments}"), keyword, arguments: Vec::new() }
}

/// What is copied, and where: docker without BuildKit has a hash in place of the names, and no blank between a flag's
/// value and it.
fn copied(arguments: &str) -> String {
    let flags = arguments.len() - without_flags(arguments).len();
    let (flags, rest) = arguments.split_at(flags);
    if is_hash(rest) {
        return format!("{flags}{}", rest.replacen(" in ", " ", 1));
    }
    let word = arguments.split(' ').next().unwrap_or_default();
    let hash = ["file:", "dir:", "multi:"].iter().find_map(|kind| word.rfind(kind)).filter(|_| word.starts_with("--"));
    match hash.map(|at| arguments.split_at(at)).filter(|(_, rest)| is_hash(rest)) {
        Some((flag, rest)) => format!("{flag} {}", rest.replacen(" in ", " ", 1)),
        None => arguments.to_owned(),
    }
}

/// The arguments of `COPY` and `ADD` behind flags such as `--chown=app`.
pub(crate) fn without_flags(arguments: &str) -> &str {
    let mut rest = arguments;
    while let Some((_, after)) = rest.split_once(' ').filter(|(word, _)| word.starts_with("--")) {
        rest = after.trim_start();
    }
    rest
}

/// Whether what is copied is named by a hash, as docker without BuildKit and buildah do.
pub(crate) fn is_hash(arguments: &str) -> bool {
    let arguments = without_flags(arguments);
    ["file:", "dir:", "multi:"].iter().any(|kind| {
        let hash = arguments.strip_prefix(kind).map(|rest| rest.split(' ').next().unwrap_or_default());
        hash.is_some_and(|hash| hash.len() >= 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

/// What buildah writes behind an instruction: `|inheritLabels=false`, `|unsetLabel=a`.
fn without_remarks(text: &str) -> &str {
    let mut text = text;
    while let Some((before, remark)) = text.rsplit_once('|') {
        let name = remark.split_once('=').map_or("", |(name, _)| name);
        let is_remark = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !is_remark || remark.contains(' ') {
            break;
        }
        text = before.trim_end();
    }
    text
}

/// The build arguments in front of a command, `|2 A=b C=d e`: their values may hold blanks.
fn build_arguments(text: &str) -> (Vec<(String, String)>, &str) {
    let Some((count, mut rest)) = text.strip_prefix('|').and_then(|text| text.split_once(' ')) else {
        return (Vec::new(), text);
    };
    let Ok(count) = count.parse::<usize>() else { return (Vec::new(), text) };
    let mut arguments: Vec<(String, String)> = Vec::new();
    while arguments.len() < count {
        let Some((name, after)) = rest.split_once('=').filter(|(name, _)| is_name(name)) else { break };
        let is_last = arguments.len() + 1 == count;
        let end = if is_last { shell_start(after) } else { next_argument(after) };
        let Some(end) = end else { return (Vec::new(), text) };
        arguments.push((name.to_owned(), after[..end].to_owned()));
        rest = after[end..].trim_start();
    }
    if arguments.len() == count { (arguments, rest) } else { (Vec::new(), text) }
}

/// Where the next ` NAME=` stands.
fn next_argument(text: &str) -> Option<usize> {
    text.match_indices(' ').map(|(at, _)| at).find(|&at| {
        let name = text[at + 1..].split(['=', ' ']).next().unwrap_or_default();
        is_name(name) && text[at + 1 + name.len()..].starts_with('=')
    })
}

/// Where the shell stands that runs the command; where none is found, the first blank.
fn shell_start(text: &str) -> Option<usize> {
    let blanks = || text.match_indices(' ').map(|(at, _)| at);
    blanks().find(|&at| script_of(&text[at + 1..]).is_some()).or_else(|| blanks().next())
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// What a shell is given to run: `make` of `/bin/sh -c make`, with any flags before `-c`, and `/usr/bin/env` before the
/// shell.
fn script_of(text: &str) -> Option<&str> {
    /// Flags of shells; what is longer is a command.
    const MOST_WORDS: usize = 8;
    let (mut shell, mut rest) = text.split_once(' ')?;
    for _ in 0..MOST_WORDS {
        let is_before = shell == "env" || shell.ends_with("/env") || shell.starts_with('-') || shell.contains('=');
        let starts_with_env = text.split(' ').next().is_some_and(|first| first.rsplit('/').next() == Some("env"));
        if !(is_before && starts_with_env) {
            break;
        }
        (shell, rest) = rest.trim_start_matches(' ').split_once(' ')?;
    }
    if !is_shell(shell) {
        return None;
    }
    for _ in 0..MOST_WORDS {
        rest = rest.trim_start_matches(' ');
        let (word, after) = rest.split_once(' ')?;
        let is_command = word.starts_with('-') && !word.starts_with("--") && word.ends_with('c');
        if is_command || word.eq_ignore_ascii_case("/c") || word.eq_ignore_ascii_case("-command") {
            return Some(after);
        }
        // `-o pipefail` is the only flag in use that has a word of its own.
        if !word.starts_with(['-', '/', '+']) && word != "pipefail" {
            return None;
        }
        rest = after;
    }
    None
}

fn is_shell(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    matches!(name, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" | "busybox" | "cmd" | "powershell" | "pwsh")
}

fn ends_as_shell(text: &str) -> bool {
    text.trim_end().ends_with("-c") || text.trim_end().ends_with("/C")
}

/// `map[22/tcp:{} 80/tcp:{}]` as `22/tcp 80/tcp`.
fn ports(text: &str) -> Option<String> {
    let inner = text.strip_prefix("map[")?.strip_suffix(']')?;
    let ports: Vec<&str> = inner.split_whitespace().map(|port| port.strip_suffix(":{}").unwrap_or(port)).collect();
    Some(ports.join(" "))
}

/// `[/data /logs]` as `["/data","/logs"]`.
fn bare_list(text: &str) -> Option<String> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    if inner.contains('"') {
        return None;
    }
    let words: Vec<String> = inner.split_whitespace().map(|word| format!("\"{word}\"")).collect();
    Some(format!("[{}]", words.join(",")))
}

/// `&{["CMD-SHELL" "curl localhost"] "30s" ...}` as `CMD curl localhost`.
fn healthcheck(text: &str) -> Option<String> {
    let words = text.strip_prefix("&{[")?;
    let words = words.get(..words.rfind("] \"").or_else(|| words.find(']'))?)?;
    let words = go_words(words);
    Some(match words.split_first()? {
        (kind, _) if kind == "NONE" => "NONE".to_owned(),
        (kind, rest) if kind == "CMD-SHELL" => format!("CMD {}", rest.join(" ")),
        (_, rest) => {
            format!("CMD {}", json_list(rest)?)
        }
    })
}

/// `["a" "b"]` of `CMD` and `ENTRYPOINT` as `["a","b"]`, and `["/bin/sh" "-c" "a b"]` as `a b`.
fn started(text: &str) -> Option<String> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    if serde_json::from_str::<Vec<String>>(text).is_ok() {
        return None;
    }
    let words = go_words(inner);
    match shell_text(&words) {
        Some(script) => Some(script.to_owned()),
        None => json_list(&words),
    }
}

fn json_list(words: &[String]) -> Option<String> {
    if words.is_empty() { None } else { serde_json::to_string(words).ok() }
}

/// What a shell is given to run by the words of a command.
pub(crate) fn shell_text(words: &[String]) -> Option<&str> {
    let [shell, flags @ .., text] = words else { return None };
    let is_flag = |flag: &String| flag.starts_with('-') && !flag.starts_with("--") || flag == "pipefail";
    let runs = flags.last().is_some_and(|flag| flag.ends_with('c')) && flags.iter().all(is_flag);
    (runs && is_shell(shell)).then_some(text)
}

/// The words of a list in Go's notation: `"a" "b \"c\""`.
fn go_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut escaped = false;
    for character in text.chars() {
        match (&mut word, character) {
            (None, '"') => word = Some(String::new()),
            (None, _) => {}
            (Some(open), _) if escaped => {
                open.push(match character {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    _ => character,
                });
                escaped = false;
            }
            (Some(_), '\\') => escaped = true,
            (Some(_), '"') => words.extend(word.take()),
            (Some(open), _) => open.push(character),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_builders() {
        let cases = [
            ("/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD [\"bash\"]"),
            ("/bin/sh -c apt-get update && apt-get install curl", "RUN apt-get update && apt-get install curl"),
            ("|1 VERSION=1.2 /bin/sh -c make", "RUN make"),
            ("|2 A=b c D=e f /bin/bash -o pipefail -c make it", "RUN make it"),
            ("RUN /bin/sh -c make # buildkit", "RUN make"),
            ("RUN |1 TOKEN=abc /bin/sh -ec make # buildkit", "RUN make"),
            ("/usr/bin/env A=b bash -o pipefail -c make it", "RUN make it"),
            ("CMD [\"redis\" \"--pass\" \"a\\\"b\"]", r#"CMD ["redis","--pass","a\"b"]"#),
            ("ENTRYPOINT [\"/bin/sh\" \"-c\" \"exec app -p x\"]", "ENTRYPOINT exec app -p x"),
            ("CMD []", "CMD []"),
            (
                "/bin/sh -c #(nop) COPY --chown=app:appmulti:0123456789abcdef0123456789abcdef in /srv/ ",
                "COPY --chown=app:app multi:0123456789abcdef0123456789abcdef /srv/",
            ),
            ("COPY --chown=multi:x a /srv/", "COPY --chown=multi:x a /srv/"),
            ("RUN make", "RUN make"),
            ("COPY app /srv # buildkit", "COPY app /srv"),
            ("EXPOSE map[22/tcp:{} 80/tcp:{}]", "EXPOSE 22/tcp 80/tcp"),
            ("EXPOSE [80/tcp]", "EXPOSE [80/tcp]"),
            ("VOLUME [/data /logs]", "VOLUME [\"/data\",\"/logs\"]"),
            ("SHELL [/bin/bash -c]", "SHELL [\"/bin/bash\",\"-c\"]"),
            (
                "HEALTHCHECK &{[\"CMD-SHELL\" \"test \\\"$A\\\" || exit 1\"] \"30s\" \"0s\" '\\x00'}",
                "HEALTHCHECK CMD test \"$A\" || exit 1",
            ),
            ("HEALTHCHECK &{[\"CMD\" \"/ok\"] \"0s\"}", "HEALTHCHECK CMD [\"/ok\"]"),
            (
                "/bin/sh -c #(nop) ADD file:0123456789abcdef0123456789abcdef in / ",
                "ADD file:0123456789abcdef0123456789abcdef /",
            ),
            ("/bin/sh -c #(nop) USER app|inheritLabels=false", "USER app"),
            ("/bin/sh -c #(nop) ENV A=b|c", "ENV A=b|c"),
            ("# debian.sh --arch 'amd64' out/ 'bookworm'", "# debian.sh --arch 'amd64' out/ 'bookworm'"),
            ("bazel build //:image", "bazel build //:image"),
            ("", ""),
        ];
        for (created_by, expected) in cases {
            assert_eq!(instruction(created_by).text, expected, "{created_by}");
        }
    }

    #[test]
    fn arguments_keep_their_values() {
        let written = instruction("|2 A=b c D=e f /bin/sh -c make");
        let arguments: Vec<(&str, &str)> = written.arguments.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(arguments, [("A", "b c"), ("D", "e f")]);
        assert_eq!(instruction("RUN |1 TOKEN=abc /bin/sh -c make # buildkit").arguments.len(), 1);
        for broken in ["|", "|9", "|9 ", "|2 A=b /bin/sh -c x", "|1 =", "|99999999999999999999 A=b c"] {
            instruction(broken);
        }
    }
}
