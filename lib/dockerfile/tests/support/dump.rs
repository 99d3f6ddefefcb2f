//! The form in which BuildKit's parser tests write a parsed Dockerfile: a line for each instruction, with its name in
//! lower case, its flags in brackets, and its arguments quoted as Go quotes strings.

use plimsoll_dockerfile::{Array, Command, Dockerfile, Healthcheck, Instruction, Kind, Pair, Transfer, Word};

pub(crate) fn dump(file: &Dockerfile<'_>) -> String {
    let lines: Vec<String> = file.instructions.iter().map(|instruction| format!("({})\n", line(instruction))).collect();
    lines.concat()
}

fn line(instruction: &Instruction<'_>) -> String {
    let mut parts = vec![instruction.kind.keyword().name().to_lowercase()];
    if !instruction.flags.is_empty() {
        let flags: Vec<String> = instruction.flags.iter().map(flag).collect();
        parts.push(format!("[{}]", flags.join(" ")));
    }
    match &instruction.kind {
        Kind::OnBuild(Some(inner)) => parts.push(format!("({})", line(inner))),
        kind => parts.extend(arguments(kind, instruction).iter().map(|text| quote(text))),
    }
    parts.join(" ")
}

fn flag(flag: &plimsoll_dockerfile::Flag<'_>) -> String {
    let value = flag.value.as_ref().map(|value| format!("={}", value.text)).unwrap_or_default();
    quote(&format!("--{}{value}", flag.name.text))
}

fn arguments(kind: &Kind<'_>, instruction: &Instruction<'_>) -> Vec<String> {
    match kind {
        Kind::Add(transfer) | Kind::Copy(transfer) => {
            let Transfer { sources, destination, .. } = transfer;
            texts(sources.iter().chain(destination))
        }
        Kind::Arg(declarations) => declarations
            .iter()
            .map(|declaration| match &declaration.default {
                Some(default) => format!("{}={}", declaration.name.text, default.text),
                None => declaration.name.text.to_string(),
            })
            .collect(),
        Kind::Cmd(command) | Kind::Entrypoint(command) => of_command(command),
        Kind::Run(run) => of_command(&run.command),
        Kind::Env(pairs) | Kind::Label(pairs) => pairs.iter().flat_map(of_pair).collect(),
        Kind::Expose(words) | Kind::Volume(words) => texts(words),
        Kind::From(from) => {
            let keyword = from.as_keyword.map(|_| "AS".to_owned());
            let name = from.name.as_ref().map(|name| name.text.to_string());
            [Some(from.base.text.to_string()), keyword, name].into_iter().flatten().collect()
        }
        Kind::Healthcheck(Healthcheck::None) => vec!["NONE".to_owned()],
        Kind::Healthcheck(Healthcheck::Command(command)) => [vec!["CMD".to_owned()], of_command(command)].concat(),
        // What it is has no place in the tree: the first word, and the rest of the line.
        Kind::Healthcheck(Healthcheck::Invalid) => {
            instruction.arguments.text.splitn(2, ' ').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        Kind::Shell(array) => array.iter().flat_map(of_array).collect(),
        Kind::Maintainer(word) | Kind::StopSignal(word) | Kind::User(word) | Kind::Workdir(word) => texts([word]),
        Kind::OnBuild(_) | Kind::Unknown => Vec::new(),
    }
}

fn texts<'w, 'a: 'w>(words: impl IntoIterator<Item = &'w Word<'a>>) -> Vec<String> {
    words.into_iter().map(|word| word.text.to_string()).collect()
}

fn of_pair(pair: &Pair<'_>) -> [String; 3] {
    let separator = if pair.legacy { "" } else { "=" };
    [pair.key.text.to_string(), pair.value.text.to_string(), separator.to_owned()]
}

fn of_array(array: &Array<'_>) -> Vec<String> {
    texts(&array.items)
}

fn of_command(command: &Command<'_>) -> Vec<String> {
    match command {
        Command::Exec(array) => of_array(array),
        Command::Shell(line) if line.text.is_empty() => Vec::new(),
        Command::Shell(line) => vec![line.text.to_string()],
    }
}

/// Go's `strconv.Quote`, as far as text goes that is printable or ASCII.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            control if control.is_ascii_control() => out.extend(["\\x".to_owned(), format!("{:02x}", control as u32)]),
            other => out.push(other),
        }
    }
    out + "\""
}
