//! What holds for any text.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use plimsoll_base::Span;
use plimsoll_dockerfile::expand::{expand, variables, words};
use plimsoll_dockerfile::{Array, Command, Dockerfile, Healthcheck, Instruction, Kind, Logical, Word, parse, tokens};
use proptest::prelude::*;

/// Text made of what Dockerfiles are made of, so that every part of the parser is reached.
fn dockerfile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "FROM", "RUN", "COPY", "ADD", "ENV", "LABEL", "ARG", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD", "SHELL",
            "VOLUME", "USER", "WORKDIR", "EXPOSE", "STOPSIGNAL", "MAINTAINER", "from", "FORM", "AS", "NONE",
        ]).prop_map(str::to_owned),
        12 => prop::sample::select(vec![" ", "  ", "\t", "\n", "\n", "\r\n", "\r", "\u{a0}", "\u{b}"]).prop_map(str::to_owned),
        6 => prop::sample::select(vec!["\\\n", "\\ \n", "`\n", "\\\r\n", "\\", "`", "\\\\\n"]).prop_map(str::to_owned),
        6 => prop::sample::select(vec![
            "<<EOF", "<<-EOF", "<<'EOF'", "3<<A", "<< A", "\nEOF\n", "\n\tEOF\n", "\nA\n", "<<", "#!", "# note", "#",
        ]).prop_map(str::to_owned),
        4 => prop::sample::select(vec![
            "--mount=type=cache,target=/x", "--from=", "--link", "--", "--mount='a,\"b,c\"'", "--platform=$P", "--x\\",
        ]).prop_map(str::to_owned),
        4 => prop::sample::select(vec![
            "[\"a\"]", "[", "]", "\"", "'", ",", "[\"\\u00e9\", \"b\"]", "[1]", "{\"syntax\": \"x\"}", "\\u",
        ]).prop_map(str::to_owned),
        4 => prop::sample::select(vec![
            "$A", "${A:-$B}", "${A", "}", "${A#*/}", "${A//a/b}", "A=b", "A=\"b c\"", "=", "é", "😀", "/", "*", "?", "%", ":",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "# escape=`\n", "# syntax=x\n", "# check=skip=all\n", "\u{feff}", "// syntax=y\n", "#!/bin/sh\n",
        ]).prop_map(str::to_owned),
        3 => "[a-z0-9./:]{1,6}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![2 => dockerfile(), 1 => any::<String>(), 1 => "(?s).{0,40}"]
}

/// Whether the span fits the text.
#[track_caller]
fn in_text(source: &str, span: Span) {
    assert!(source.get(span.range()).is_some(), "{span:?} of {source:?}");
}

/// A word in one piece stands there as it is.
#[track_caller]
fn check_word(source: &str, outer: Span, word: &Word<'_>) {
    in_text(source, word.span);
    assert!(outer.encloses(word.span), "{word:?} in {outer:?} of {source:?}");
    if let std::borrow::Cow::Borrowed(text) = word.text {
        assert!(word.span.text(source).contains(text), "{word:?} of {source:?}");
    }
}

/// Each character of the text is where the way back says.
#[track_caller]
fn check_logical(source: &str, logical: &Logical<'_>) {
    assert!(logical.text.is_empty() || logical.segments.first().is_some_and(|segment| segment.at == 0), "{logical:?}");
    assert!(logical.segments.is_sorted_by_key(|segment| segment.at));
    for (at, character) in logical.text.char_indices() {
        let stands = source[logical.source_offset(at as u32) as usize..].chars().next();
        assert_eq!(stands, Some(character), "at {at} of {logical:?} in {source:?}");
    }
    let whole = logical.source_span(Span::new(0, logical.text.len() as u32));
    in_text(source, whole);
}

fn check_array(source: &str, outer: Span, array: &Array<'_>) {
    assert!(outer.encloses(array.span));
    array.items.iter().for_each(|item| check_word(source, array.span, item));
}

fn check_command(source: &str, outer: Span, command: &Command<'_>) {
    match command {
        Command::Exec(array) => check_array(source, outer, array),
        Command::Shell(line) => check_logical(source, line),
    }
}

fn check_instruction(source: &str, instruction: &Instruction<'_>, escape: char) {
    let outer = instruction.span;
    in_text(source, outer);
    assert!(outer.encloses(instruction.keyword), "{instruction:?}");
    assert!(!outer.text(source).ends_with(['\n', '\r', ' ', '\t']) || !instruction.heredocs.is_empty());
    check_logical(source, &instruction.arguments);
    for flag in &instruction.flags {
        assert!(outer.encloses(flag.span) && flag.span.encloses(flag.name.span));
        in_text(source, flag.span);
        check_word(source, flag.span, &flag.name);
        flag.value.iter().for_each(|value| check_word(source, flag.span, value));
    }
    for heredoc in &instruction.heredocs {
        in_text(source, heredoc.marker);
        in_text(source, heredoc.body);
        assert!(outer.encloses(heredoc.marker));
        if let Some(terminator) = heredoc.terminator {
            assert!(outer.encloses(heredoc.body) && outer.encloses(terminator), "{heredoc:?} in {outer:?}");
            assert_eq!(terminator.text(source).trim_start_matches('\t'), heredoc.name.trim_start_matches('\t'));
            assert_eq!(source.as_bytes()[heredoc.body.start as usize - 1], b'\n');
        }
    }
    for span in &instruction.blank_lines {
        assert!(span.text(source).trim().is_empty());
        in_text(source, *span);
    }
    for variable in variables(&instruction.arguments, escape) {
        in_text(source, variable.span);
        assert!(outer.encloses(variable.span) && variable.span.encloses(variable.name_span));
        assert!(variable.span.text(source).starts_with('$'));
    }
    let word = |word: &Word<'_>| {
        check_word(source, outer, word);
        assert_eq!(instruction.word(word).text, word.text, "{word:?} of {source:?}");
    };
    match &instruction.kind {
        Kind::Add(transfer) | Kind::Copy(transfer) => {
            transfer.sources.iter().chain(&transfer.destination).for_each(word);
        }
        Kind::Arg(declarations) => {
            for declaration in declarations {
                word(&declaration.name);
                declaration.default.iter().for_each(word);
            }
        }
        Kind::Cmd(command) | Kind::Entrypoint(command) | Kind::Healthcheck(Healthcheck::Command(command)) => {
            check_command(source, outer, command);
        }
        Kind::Env(pairs) | Kind::Label(pairs) => {
            for pair in pairs {
                assert!(
                    outer.encloses(pair.span)
                        && pair.span.encloses(pair.key.span)
                        && pair.span.encloses(pair.value.span)
                );
                word(&pair.key);
                word(&pair.value);
            }
        }
        Kind::Expose(words) | Kind::Volume(words) => words.iter().for_each(word),
        Kind::From(from) => {
            word(&from.base);
            from.name.iter().for_each(word);
        }
        Kind::Maintainer(text) | Kind::StopSignal(text) | Kind::User(text) | Kind::Workdir(text) => word(text),
        Kind::OnBuild(Some(inner)) => {
            assert!(outer.encloses(inner.span));
            check_instruction(source, inner, escape);
        }
        Kind::Run(run) => {
            check_command(source, outer, &run.command);
            if let Some(script) = &run.script {
                check_logical(source, &script.text);
                script.shebang.iter().for_each(|shebang| check_word(source, outer, shebang));
            }
            for (key, value) in run.mounts.iter().flat_map(|mount| &mount.options) {
                in_text(source, key.span);
                in_text(source, value.as_ref().map_or(key.span, |value| value.span));
            }
        }
        Kind::Shell(Some(array)) => check_array(source, outer, array),
        Kind::Healthcheck(_) | Kind::OnBuild(None) | Kind::Shell(None) | Kind::Unknown => {}
    }
}

fn check_file(file: &Dockerfile<'_>) {
    let source = file.source;
    for directive in &file.directives {
        check_word(source, directive.span, &directive.name);
        check_word(source, directive.span, &directive.value);
    }
    for comment in &file.comments {
        in_text(source, comment.span);
        assert_eq!(comment.span.text(source), format!("#{}", comment.text));
    }
    assert!(file.comments.is_sorted_by_key(|comment| comment.span.start));
    let mut end = 0;
    for instruction in &file.instructions {
        assert!(instruction.span.start >= end, "{:?} in {source:?}", instruction.span);
        end = instruction.span.end;
        check_instruction(source, instruction, file.escape);
    }
    for error in &file.errors {
        in_text(source, error.span);
        assert!(!error.message.ends_with('.') && !error.message.starts_with(|first: char| first.is_ascii_uppercase()));
    }
    assert!(file.errors.is_sorted_by_key(|error| error.span.start));
    let mut next = file.stages.first().map_or(0, |stage| stage.instructions.start);
    for (number, stage) in file.stages.iter().enumerate() {
        assert_eq!((stage.index, stage.instructions.start), (number, next));
        assert!(matches!(file.stage_instructions(stage)[0].kind, Kind::From(_)));
        next = stage.instructions.end;
    }
    check_tokens(file);
}

fn check_tokens(file: &Dockerfile<'_>) {
    let mut end = 0;
    for token in tokens(file) {
        assert_eq!(token.span.start, end, "{:?}", file.source);
        assert!(!token.span.is_empty());
        in_text(file.source, token.span);
        end = token.span.end;
    }
    assert_eq!(end as usize, file.source.len(), "{:?}", file.source);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(4_000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_parses(source in any_text()) {
        check_file(&parse(&source));
    }

    #[test]
    fn any_word_expands_or_fails(word in any_text(), escape in prop::sample::select(vec!['\\', '`'])) {
        let lookup = |name: &str| name.len().is_multiple_of(2).then_some("x y");
        let value = expand(&word, escape, lookup);
        let words = words(&word, escape, lookup);
        prop_assert_eq!(value.is_ok(), words.is_ok());
    }
}

#[test]
fn odd_files_parse() {
    for source in [
        "",
        "\n",
        "\r",
        "\r\n",
        "\\",
        "\\\n",
        "\\\r\n\\",
        "\u{feff}",
        "\u{feff}\n",
        "\u{feff}\\\n",
        "#",
        "#!",
        "//",
        "{",
        "FROM",
        "FROM a\\\n\u{a0}b",
        "ENV A=\"\\\n# note\n\n b\"",
        "COPY a\\\n# note\nb \\\n\n c",
        "RUN <<A <<B\nA\nB",
        "RUN <<-A\n\t\n\tA",
        "COPY [\"\\\n\"]",
        "COPY [\"a\\\n# note\nb\", \"c\"]",
        "ONBUILD RUN <<A\nx\nA\n",
        "RUN \\\n<<A\nx\nA",
    ] {
        check_file(&parse(source));
    }
}

#[test]
fn every_prefix_of_a_rich_file_parses() {
    let source = "\u{feff}# syntax=x\r\n# escape=\\\nARG A=1 B\nFROM --platform=$P a AS b\nRUN --mount='type=bind,\"source=a b\"' \\\n  # é\n\n \
                  cat <<'E F' 3<<-G \\\n > x\nbody é\nE F\n\tg\n\tG\nENV A=\"b c\" D=${E:-\\}f}\\\n\\\n g\nCMD [ \"\\u00e9\", \"\\\n😀\" ]\n\
                  HEALTHCHECK --interval=1s CMD x\nONBUILD COPY <<H . /y\nH\nLABEL a b c\n";
    for (end, _) in source.char_indices() {
        check_file(&parse(&source[..end]));
    }
}
