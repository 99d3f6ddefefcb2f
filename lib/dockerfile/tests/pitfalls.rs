//! What Dockerfile parsers get wrong: each case with input of our own.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use plimsoll_base::{LineIndex, Span};
use plimsoll_dockerfile::{
    Command, Dockerfile, ErrorKind, Healthcheck, Heredoc, Instruction, Keyword, Kind, Run, Transfer, Word, parse,
};

/// The instructions' keywords, for "what did it take for an instruction".
fn keywords(file: &Dockerfile<'_>) -> Vec<Keyword> {
    file.instructions.iter().map(Instruction::keyword_kind).collect()
}

fn error_kinds(source: &str) -> Vec<ErrorKind> {
    parse(source).errors.iter().map(|error| error.kind).collect()
}

/// The only error's message and what it points at.
fn error(source: &str) -> (ErrorKind, String, String) {
    let file = parse(source);
    let [error] = &file.errors[..] else { panic!("not one error: {:?}", file.errors) };
    (error.kind, error.message.clone(), error.span.text(source).to_owned())
}

#[track_caller]
fn assert_clean(file: &Dockerfile<'_>) {
    assert_eq!(file.errors, [], "in {:?}", file.source);
}

/// Parses a file of one stage that has no errors, and gives the instruction behind its `FROM`.
#[track_caller]
fn one(source: &str) -> Instruction<'_> {
    let mut file = parse(source);
    assert_clean(&file);
    assert_eq!(file.instructions.len(), 2, "{:?}", keywords(&file));
    file.instructions.remove(1)
}

fn run<'i, 'a>(instruction: &'i Instruction<'a>) -> &'i Run<'a> {
    let Kind::Run(run) = &instruction.kind else { panic!("no RUN: {instruction:?}") };
    run
}

fn copy<'i, 'a>(instruction: &'i Instruction<'a>) -> &'i Transfer<'a> {
    let Kind::Copy(transfer) = &instruction.kind else { panic!("no COPY: {instruction:?}") };
    transfer
}

fn texts<'w>(words: &'w [Word<'_>]) -> Vec<&'w str> {
    words.iter().map(|word| &*word.text).collect()
}

fn bodies(source: &str, heredocs: &[Heredoc<'_>]) -> Vec<(String, String)> {
    heredocs.iter().map(|heredoc| (heredoc.name.to_string(), heredoc.body.text(source).to_owned())).collect()
}

fn position(source: &str, span: Span) -> (u32, u32) {
    let position = LineIndex::new(source).position(source, span.start);
    (position.line, position.column)
}

mod directives {
    use super::*;

    fn names(file: &Dockerfile<'_>) -> Vec<(String, String)> {
        file.directives
            .iter()
            .map(|directive| (directive.name.text.to_string(), directive.value.text.to_string()))
            .collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn the_escape_character_is_a_backtick() {
        let source = "#escape=`\nFROM servercore\nRUN dir `\n  C:\\\nUSER me\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(file.escape, '`');
        assert_eq!(keywords(&file), [Keyword::From, Keyword::Run, Keyword::User]);
        assert_eq!(run(&file.instructions[1]).command.text(), "dir   C:\\");
    }

    #[test]
    fn blanks_and_case_do_not_matter() {
        let file = parse("#   EsCape  =  `  \nFROM a\n");
        assert_eq!((file.escape, names(&file)), ('`', vec![pair("EsCape", "`")]));
        assert_eq!(file.directive("escape").map(|directive| &*directive.value.text), Some("`"));
    }

    #[test]
    fn other_characters_are_refused() {
        let (kind, message, at) = error("# escape=^\nFROM a\n");
        assert_eq!((kind, &*at), (ErrorKind::Directive, "^"));
        assert_eq!(message, "escape character `^` is neither `\\` nor a backtick");
        assert_eq!(parse("# escape=^\nFROM a\n").escape, '\\');
    }

    #[test]
    fn the_block_ends_at_the_first_other_line() {
        for head in ["# a comment\n", "\n", "# unknown=x\n", "#\n", "FROM a\n", "# syntax\n", "# syntax=\n"] {
            let source = format!("{head}# escape=`\nFROM b\n");
            let file = parse(&source);
            assert_eq!(file.escape, '\\', "{head:?}");
            assert!(file.directives.is_empty(), "{head:?}");
            assert!(file.comments.iter().any(|comment| comment.text == " escape=`"), "{head:?}");
        }
    }

    #[test]
    fn several_stand_in_a_block() {
        let file = parse("# syntax=docker/dockerfile:1\n# check=skip=all;error=true\n# escape = `\nFROM a\n");
        let expected =
            [pair("syntax", "docker/dockerfile:1"), pair("check", "skip=all;error=true"), pair("escape", "`")];
        assert_eq!(names(&file), expected);
        assert!(file.comments.is_empty());
        assert_eq!(file.directives[1].span.text(file.source), "# check=skip=all;error=true");
        assert_eq!(file.directives[0].value.span.text(file.source), "docker/dockerfile:1");
    }

    #[test]
    fn one_given_twice_is_refused() {
        let (kind, message, at) = error("# syntax=a\n# Syntax=b\nFROM a\n");
        assert_eq!((kind, &*message, &*at), (ErrorKind::Directive, "directive `syntax` given twice", "# Syntax=b"));
    }

    #[test]
    fn a_value_is_the_rest_of_the_line() {
        let file = parse("# syntax = me/mine:1 // with options \nFROM a\n");
        assert_eq!(names(&file), [pair("syntax", "me/mine:1 // with options")]);
    }

    #[test]
    fn a_byte_order_mark_comes_first() {
        let source = "\u{feff}# syntax=x\nFROM a\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(names(&file), [pair("syntax", "x")]);
        assert_eq!(position(source, file.directives[0].span), (1, 1));
        let source = "\u{feff}FROM a";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(position(source, file.instructions[0].span), (1, 1));
    }

    #[test]
    fn behind_a_shebang_the_parser_sees_comments() {
        let file = parse("#!/usr/bin/env dockerfile\n# syntax=x\n# escape=`\n# check=skip=all\nFROM a\n");
        assert_clean(&file);
        assert_eq!(names(&file), [pair("syntax", "x"), pair("check", "skip=all")]);
        assert_eq!(file.escape, '\\');
        assert!(parse("#!/bin/sh\n\n# syntax=x\nFROM a\n").directives.is_empty());
    }

    #[test]
    fn slashes_name_the_frontend_only() {
        let file = parse("// syntax=other/frontend\nFROM a\n");
        assert_clean(&file);
        assert_eq!(names(&file), [pair("syntax", "other/frontend")]);
        assert_eq!(names(&parse("#!/bin/x\n//syntax=y\nFROM a\n")), [pair("syntax", "y")]);
        let file = parse("//check=skip=all\nFROM a\n");
        assert!(file.directives.is_empty());
        assert_eq!(file.errors[0].kind, ErrorKind::UnknownInstruction);
    }

    #[test]
    fn a_json_object_is_for_another_frontend() {
        let source = "{\n  \"syntax\": \"some/frontend\", \"list\": [1, {\"a\": null}]\n}\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(names(&file), [pair("syntax", "some/frontend")]);
        assert_eq!(file.directives[0].value.span.text(source), "some/frontend");
        assert!(file.instructions.is_empty());
        for broken in
            ["{\"syntax\": \"x\"", "{\"syntax\": \"x\"}\nFROM a\n", "{\"syntax\": 1}", "{\"other\": \"x\"}", "{}"]
        {
            let file = parse(broken);
            assert!(file.directives.is_empty() && !file.errors.is_empty(), "{broken}");
        }
    }
}

mod heredocs {
    use super::*;

    #[test]
    fn a_body_is_read_up_to_its_name() {
        let source = "FROM a\nRUN <<EOF\necho 1\n  EOF\n EOFX\nEOF\nUSER me\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(keywords(&file), [Keyword::From, Keyword::Run, Keyword::User]);
        let heredoc = &file.instructions[1].heredocs[0];
        assert_eq!(heredoc.body.text(source), "echo 1\n  EOF\n EOFX\n");
        assert_eq!(heredoc.terminator.unwrap().text(source), "EOF");
        assert_eq!((heredoc.descriptor, heredoc.expand, heredoc.strip_tabs), (0, true, false));
        assert_eq!(heredoc.marker.text(source), "<<EOF");
        assert_eq!(file.instructions[1].span.text(source), "RUN <<EOF\necho 1\n  EOF\n EOFX\nEOF");
        assert_eq!(file.instructions[1].arguments.text, "<<EOF");
    }

    #[test]
    fn a_body_may_be_empty() {
        let instruction = one("FROM a\nRUN <<EOF\nEOF\n");
        assert!(instruction.heredocs[0].body.is_empty());
        assert_eq!(run(&instruction).script.as_ref().unwrap().text.text, "");
    }

    #[test]
    fn a_body_may_look_like_anything() {
        let source = "FROM a\nRUN <<EOF\n# comment\nFROM b \\\n\nRUN <<X\nEOF\nUSER me\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(keywords(&file), [Keyword::From, Keyword::Run, Keyword::User]);
        assert!(file.comments.is_empty());
        assert_eq!(file.instructions[1].heredocs[0].body.text(source), "# comment\nFROM b \\\n\nRUN <<X\n");
    }

    #[test]
    fn an_instruction_stands_right_behind_a_terminator() {
        let file = parse("FROM a\nRUN <<A\nx\nA\nRUN <<B\ny\nB\nCMD z");
        assert_clean(&file);
        assert_eq!(keywords(&file), [Keyword::From, Keyword::Run, Keyword::Run, Keyword::Cmd]);
    }

    #[test]
    fn descriptors_come_before() {
        let instruction = one("FROM a\nRUN 3<<EOF cat <&3\nx\nEOF\n");
        assert_eq!(instruction.heredocs[0].descriptor, 3);
        assert_eq!(one("FROM a\nRUN 99999999999<<EOF cat\nEOF\n").heredocs[0].descriptor, u32::MAX);
    }

    #[test]
    fn quoted_text_opens_none() {
        for line in ["RUN echo \"<<EOF\"", "RUN echo '<<EOF'", "RUN echo \\<<EOF", "RUN cat <<<EOF", "RUN echo a<<EOF"]
        {
            let source = format!("FROM a\n{line}\nUSER me\n");
            let file = parse(&source);
            assert_clean(&file);
            assert!(file.instructions[1].heredocs.is_empty(), "{line}");
            assert_eq!(file.instructions.len(), 3, "{line}");
        }
    }

    #[test]
    fn tabs_are_stripped_with_a_dash() {
        for terminator in ["EOF", "\tEOF", "\t\tEOF"] {
            let source = format!("FROM a\nRUN <<-EOF\n\techo 1\n\t\techo 2\n{terminator}\nUSER me\n");
            let file = parse(&source);
            assert_clean(&file);
            assert_eq!(keywords(&file), [Keyword::From, Keyword::Run, Keyword::User]);
            let heredoc = &file.instructions[1].heredocs[0];
            assert!(heredoc.strip_tabs);
            assert_eq!(heredoc.body.text(&source), "\techo 1\n\t\techo 2\n");
            let script = run(&file.instructions[1]).script.as_ref().unwrap();
            assert_eq!(script.text.text, "echo 1\necho 2\n");
            let at = script.text.text.find("echo 2").unwrap() as u32;
            assert_eq!(position(&source, script.text.source_span(Span::new(at, at + 4))), (4, 3));
        }
        // Without the dash, and for blanks, an indented name ends nothing.
        assert_eq!(error_kinds("FROM a\nRUN <<EOF\n\tUSER x\n"), [ErrorKind::UnclosedHeredoc]);
        assert!(error_kinds("FROM a\nRUN <<-EOF\n  EOF\n").contains(&ErrorKind::UnclosedHeredoc));
    }

    #[test]
    fn quotes_in_the_name_switch_expansion_off() {
        for (marker, name, expand) in [
            ("<<'EOF'", "EOF", false),
            ("<<\"EOF\"", "EOF", false),
            ("<<-'EOF'", "EOF", false),
            ("<<E\"O\"F", "EOF", false),
            ("<<E\\'F", "E'F", true),
            ("<<'E'\\'F", "E'F", false),
            ("<<'two words'", "two words", false),
            ("<<$NAME", "$NAME", true),
            ("<<file.txt", "file.txt", true),
            ("<<   EOF", "EOF", true),
            ("<< -EOF", "-EOF", true),
        ] {
            let source = format!("FROM a\nRUN {marker}\nbody\n{name}\n");
            let instruction = one(&source);
            let [heredoc] = &instruction.heredocs[..] else { panic!("{marker}") };
            assert_eq!((&*heredoc.name, heredoc.expand), (name, expand), "{marker}");
            assert_eq!(heredoc.body.text(&source), "body\n", "{marker}");
            assert_eq!(heredoc.marker.text(&source), marker);
        }
    }

    #[test]
    fn what_is_no_marker_opens_none() {
        for line in [
            "RUN cat <<",
            "RUN cat <<-",
            "RUN cat <<- EOF",
            "RUN cat < EOF",
            "RUN <<\"\"",
            "RUN echo 'a <<EOF",
            "RUN echo ${a^^} <<EOF",
        ] {
            let source = format!("FROM a\n{line}\n");
            assert!(parse(&source).instructions[1].heredocs.is_empty(), "{line}");
        }
    }

    #[test]
    fn several_bodies_stand_in_their_order() {
        let source = "FROM a\nCOPY <<one <<two /etc/\none of one\ntwo\none\none\ntwo\nUSER me\n";
        let file = parse(source);
        assert_clean(&file);
        let instruction = &file.instructions[1];
        let expected = [("one", "one of one\ntwo\n"), ("two", "one\n")];
        assert_eq!(
            bodies(source, &instruction.heredocs),
            expected.map(|(name, body)| (name.to_owned(), body.to_owned()))
        );
        let transfer = copy(instruction);
        assert!(transfer.sources.is_empty());
        assert_eq!(transfer.destination.as_ref().unwrap().text, "/etc/");
        assert_eq!(file.instructions.len(), 3);
    }

    #[test]
    fn files_and_heredocs_mix() {
        let instruction = one("FROM a\nCOPY x <<EOF y /d/\nbody\nEOF\n");
        assert_eq!(texts(&copy(&instruction).sources), ["x", "y"]);
        assert_eq!(copy(&instruction).destination.as_ref().unwrap().text, "/d/");
    }

    #[test]
    fn they_stand_behind_commands_and_flags() {
        let source = "FROM a\nRUN --mount=type=cache,target=/c cat <<EOF > /x && echo done\nhello\nEOF\n";
        let instruction = one(source);
        let run = run(&instruction);
        assert_eq!(run.command.text(), "cat <<EOF > /x && echo done");
        let script = run.script.as_ref().unwrap();
        assert_eq!(script.text.text, "cat <<EOF > /x && echo done\nhello\nEOF");
        assert!(!script.heredoc && script.shebang.is_none());
        let at = script.text.text.find("hello").unwrap() as u32;
        assert_eq!(position(source, script.text.source_span(Span::new(at, at + 5))), (3, 1));
    }

    #[test]
    fn another_program_reads_the_body() {
        let instruction = one("FROM a\nRUN <<EOF python3\nprint(1)\nEOF\n");
        let script = run(&instruction).script.as_ref().unwrap();
        assert_eq!((&*script.text.text, script.heredoc), ("<<EOF python3\nprint(1)\nEOF", false));
    }

    #[test]
    fn a_shebang_names_the_interpreter() {
        let source = "FROM a\nRUN <<EOF\n#! /usr/bin/env python3 \nprint(1)\nEOF\n";
        let instruction = one(source);
        let script = run(&instruction).script.as_ref().unwrap();
        let shebang = script.shebang.as_ref().unwrap();
        assert_eq!((&*shebang.text, shebang.span.text(source)), ("/usr/bin/env python3", "/usr/bin/env python3"));
        assert!(script.heredoc);
        assert_eq!(script.text.text, "#! /usr/bin/env python3 \nprint(1)\n");
    }

    #[test]
    fn only_three_instructions_have_them() {
        for line in ["USER <<EOF", "ENV A=<<EOF", "CMD <<EOF", "WORKDIR <<EOF", "ENTRYPOINT cat <<EOF"] {
            let source = format!("FROM a\n{line}\nUSER me\n");
            let file = parse(&source);
            assert_clean(&file);
            assert_eq!((file.instructions.len(), file.instructions[1].heredocs.len()), (3, 0), "{line}");
        }
        for line in ["ADD <<EOF /x", "COPY <<EOF /x", "RUN <<EOF"] {
            let source = format!("FROM a\n{line}\nbody\nEOF\nONBUILD {line}\nbody\nEOF\nUSER me\n");
            let file = parse(&source);
            assert_clean(&file);
            assert_eq!(file.instructions.len(), 4, "{line}");
            let Kind::OnBuild(Some(inner)) = &file.instructions[2].kind else { panic!("{line}") };
            assert_eq!(inner.heredocs[0].body.text(&source), "body\n", "{line}");
            assert_eq!(inner.span.end, file.instructions[2].span.end, "{line}");
        }
    }

    #[test]
    fn json_form_has_none() {
        let file = parse("FROM a\nRUN [\"cat\", \"<<EOF\"]\nCOPY [\"<<EOF\", \"/x\"]\nUSER me\n");
        assert_clean(&file);
        assert_eq!(file.instructions.len(), 4);
    }

    #[test]
    fn an_open_one_is_reported_and_the_rest_is_read() {
        let source = "FROM a\nRUN cat <<EOF > x\nUSER me\nCMD y\n";
        let file = parse(source);
        let [error] = &file.errors[..] else { panic!("{:?}", file.errors) };
        assert_eq!(error.kind, ErrorKind::UnclosedHeredoc);
        assert_eq!((&*error.message, error.span.text(source)), ("heredoc `EOF` is never closed", "<<EOF"));
        assert_eq!(keywords(&file), [Keyword::From, Keyword::Run, Keyword::User, Keyword::Cmd]);
        let heredoc = &file.instructions[1].heredocs[0];
        assert!(heredoc.body.is_empty() && heredoc.terminator.is_none());
        assert_eq!(run(&file.instructions[1]).script.as_ref().unwrap().text.text, "cat <<EOF > x");
    }

    #[test]
    fn one_of_two_is_open() {
        let source = "FROM a\nCOPY <<A <<B /x\na\nA\nUSER me\n";
        let file = parse(source);
        assert_eq!(file.errors.len(), 1);
        assert_eq!(bodies(source, &file.instructions[1].heredocs)[0].1, "a\n");
        assert_eq!(keywords(&file), [Keyword::From, Keyword::Copy, Keyword::User]);
    }

    #[test]
    fn a_heredoc_is_no_destination() {
        let (kind, message, at) = error("FROM a\nCOPY x <<EOF\nEOF\n");
        assert_eq!((kind, &*at), (ErrorKind::Arguments, "<<EOF"));
        assert_eq!(message, "`COPY` cannot write to a heredoc");
    }

    #[test]
    fn a_continued_line_opens_them_too() {
        let source = "FROM a\nRUN echo \\\n  && cat <<EOF \\\n  > /x\nbody\nEOF\nUSER me\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(bodies(source, &file.instructions[1].heredocs)[0].1, "body\n");
        assert_eq!(position(source, file.instructions[1].heredocs[0].marker), (3, 10));
        assert_eq!(file.instructions.len(), 3);
    }

    #[test]
    fn lines_may_end_in_carriage_returns() {
        let source = "FROM a\r\nRUN <<EOF\r\necho\r\nEOF\r\nUSER me\r\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(bodies(source, &file.instructions[1].heredocs), [("EOF".to_owned(), "echo\r\n".to_owned())]);
        assert_eq!(file.instructions[1].heredocs[0].terminator.unwrap().text(source), "EOF");
        assert_eq!(file.instructions.len(), 3);
    }
}

mod continuations {
    use super::*;

    #[test]
    fn lines_are_joined_as_they_stand() {
        let source = "FROM a\nRUN one \\\n  two\\\nthree \\  \n\tfour\n";
        let instruction = one(source);
        assert_eq!(instruction.arguments.text, "one   twothree \tfour");
        let at = instruction.arguments.text.find("four").unwrap() as u32;
        assert_eq!(position(source, instruction.arguments.source_span(Span::new(at, at + 4))), (5, 2));
        let at = instruction.arguments.text.find("twothree").unwrap() as u32;
        let span = instruction.arguments.source_span(Span::new(at, at + 8));
        assert_eq!(span.text(source), "two\\\nthree");
    }

    #[test]
    fn a_word_ends_at_the_continued_line() {
        let source = "FROM a\nCOPY a\\\n  /b\n";
        let instruction = one(source);
        let transfer = copy(&instruction);
        assert_eq!(texts(&transfer.sources), ["a"]);
        assert_eq!(transfer.sources[0].span.text(source), "a");
        let destination = transfer.destination.as_ref().unwrap();
        assert_eq!((&*destination.text, position(source, destination.span)), ("/b", (3, 3)));
    }

    #[test]
    fn a_word_goes_on_in_the_next_line() {
        let source = "FROM a\nCOPY --fr\\\nom=b one\\\ntwo /x\n";
        let instruction = one(source);
        assert_eq!(instruction.flag_value("from").unwrap().text, "b");
        assert_eq!(instruction.flags[0].span.text(source), "--fr\\\nom=b");
        assert_eq!(texts(&copy(&instruction).sources), ["onetwo"]);
        assert_eq!(copy(&instruction).sources[0].span.text(source), "one\\\ntwo");
        let source = "FR\\\nOM a\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(file.instructions[0].keyword.text(source), "FR\\\nOM");
    }

    #[test]
    fn comments_and_blank_lines_stand_inside() {
        let source = "FROM a\nRUN one \\\n# note\n\n   # another\n  two \\\n   \nthree\nUSER me\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(run(&file.instructions[1]).command.text(), "one   two three");
        let comments: Vec<(&str, bool)> = file.comments.iter().map(|comment| (comment.text, comment.inside)).collect();
        assert_eq!(comments, [(" note", true), (" another", true)]);
        let blank: Vec<&str> = file.instructions[1].blank_lines.iter().map(|span| span.text(source)).collect();
        assert_eq!(blank, ["", "   "]);
        assert_eq!(position(source, file.instructions[1].blank_lines[1]), (7, 1));
    }

    #[test]
    fn a_comment_is_never_continued() {
        let file = parse("# one \\\nFROM a\n# two \\\nRUN x \\\n# three \\\n y\n");
        assert_clean(&file);
        assert_eq!(keywords(&file), [Keyword::From, Keyword::Run]);
        assert_eq!(run(&file.instructions[1]).command.text(), "x  y");
        assert_eq!(file.comments.len(), 3);
    }

    #[test]
    fn a_hash_within_a_line_is_no_comment() {
        let file = parse("FROM a\nRUN echo a # b\nENV A=#b\n");
        assert_clean(&file);
        assert!(file.comments.is_empty());
        assert_eq!(run(&file.instructions[1]).command.text(), "echo a # b");
    }

    #[test]
    fn the_file_may_end_in_one() {
        for end in ["\\", "\\\n", "\\ \n\n", "\\\n# note", "\\\r\n"] {
            let source = format!("FROM a\nRUN x {end}");
            let file = parse(&source);
            assert_clean(&file);
            assert_eq!(run(&file.instructions[1]).command.text(), "x", "{end:?}");
        }
        assert_eq!(parse("FROM a\nRUN x \\").instructions[1].span.text("FROM a\nRUN x \\"), "RUN x \\");
    }

    #[test]
    fn an_escaped_escape_character_continues_nothing() {
        let file = parse("FROM a\nENV A=b\\\\\nENV C=d\n");
        assert_clean(&file);
        assert_eq!(file.instructions.len(), 3);
        let Kind::Env(pairs) = &file.instructions[1].kind else { panic!() };
        assert_eq!(pairs[0].value.text, "b\\\\");
    }

    #[test]
    fn a_line_may_be_nothing_else() {
        let file = parse("FROM a\nENV A=b\\\n\\\nc\nENV D=\\\n\\\n  \\\ne\n");
        let Kind::Env(pairs) = &file.instructions[1].kind else { panic!() };
        assert_eq!(pairs[0].value.text, "bc");
        let file = parse("\\\n\nFROM a\n");
        assert_clean(&file);
        assert_eq!(keywords(&file), [Keyword::From]);
    }

    #[test]
    fn one_without_an_instruction_is_refused() {
        let (kind, message, at) = error("FROM a\n\\\n");
        assert_eq!((kind, &*at), (ErrorKind::UnknownInstruction, "\\"));
        assert_eq!(message, "line continuation without an instruction");
    }

    #[test]
    fn carriage_returns_end_lines() {
        let source = "FROM a\r\n\r\nRUN one \\\r\n# note\r\n\r\n  two\r\nENV A=b C=d\r\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(run(&file.instructions[1]).command.text(), "one   two");
        assert_eq!(file.comments[0].text, " note");
        assert_eq!(file.instructions[1].blank_lines.len(), 1);
        assert!(file.instructions[1].blank_lines[0].is_empty());
        let Kind::Env(pairs) = &file.instructions[2].kind else { panic!() };
        assert_eq!(pairs[1].value.text, "d");
        assert_eq!(file.instructions[2].span.text(source), "ENV A=b C=d");
    }

    #[test]
    fn leading_blanks_of_an_instruction_do_not_count() {
        let source = "  FROM a\n\t RUN x  \n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(position(source, file.instructions[1].span), (2, 3));
        assert_eq!(file.instructions[1].span.text(source), "RUN x");
    }
}

mod json {
    use super::*;

    fn exec(source: &str) -> Option<Vec<String>> {
        let file = parse(source);
        match &file.instructions.last()?.kind {
            Kind::Cmd(Command::Exec(array)) => Some(array.items.iter().map(|item| item.text.to_string()).collect()),
            _ => None,
        }
    }

    #[test]
    fn arrays_of_strings_are_exec_form() {
        assert_eq!(exec("CMD []").unwrap(), [""; 0]);
        assert_eq!(exec("CMD\t[ \"a\" ,\t\"b c\" ] ").unwrap(), ["a", "b c"]);
        assert_eq!(
            exec(r#"CMD ["\"q\" \\ \/ \b\f\n\r\t \u00e9 \ud83d\ude00 \ud83d ü"]"#).unwrap(),
            ["\"q\" \\ / \u{8}\u{c}\n\r\t é 😀 \u{fffd} ü"]
        );
        assert_eq!(exec("CMD [\"a\", \\\n  \"b\"]").unwrap(), ["a", "b"]);
    }

    #[test]
    fn strings_have_spans() {
        let source = "CMD [\"a\\n\", \\\n  \"b\"]";
        let file = parse(source);
        let Kind::Cmd(Command::Exec(array)) = &file.instructions[0].kind else { panic!() };
        assert_eq!(array.span.text(source), "[\"a\\n\", \\\n  \"b\"]");
        assert_eq!(array.items[0].span.text(source), "\"a\\n\"");
        assert_eq!(position(source, array.items[1].span), (2, 3));
    }

    #[test]
    fn anything_else_is_shell_form() {
        for text in [
            "['a', 'b']",
            "[\"a\", \"b\"",
            "[\"a\", \"b]",
            "[\"a\",]",
            "[\"a\" \"b\"]",
            "[a]",
            "[\"a\"] && b",
            "[ -f x ]",
            "[\"\\x\"]",
            "[\"a\tb\"]",
            "\"[\"",
            "[,]",
            "[\"\\u12g4\"]",
            "[01]",
            "[1.]",
            "[tru]",
            "[\"a\", {\"b\"}]",
        ] {
            let source = format!("FROM a\nCMD {text}\n");
            let file = parse(&source);
            assert_clean(&file);
            let Kind::Cmd(Command::Shell(line)) = &file.instructions[1].kind else { panic!("{text}") };
            assert_eq!(line.text, text);
        }
    }

    #[test]
    fn arrays_of_other_things_are_refused() {
        for (text, odd) in [
            ("[1]", "1"),
            ("[\"a\", [\"b\"]]", "[\"b\"]"),
            ("[\"a\", {\"b\": [null, -1.5e+3, true]}, 2]", "{\"b\": [null, -1.5e+3, true]}"),
        ] {
            for keyword in ["CMD", "RUN", "ENTRYPOINT", "VOLUME", "HEALTHCHECK CMD", "SHELL"] {
                let (kind, _, at) = error(&format!("FROM a\n{keyword} {text}\n"));
                assert_eq!((kind, &*at), (ErrorKind::Json, odd), "{keyword} {text}");
            }
        }
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let deep = format!("FROM a\nCMD [{}{}]\n", "[".repeat(200_000), "]".repeat(200_000));
        assert!(matches!(parse(&deep).instructions[1].kind, Kind::Cmd(Command::Shell(_))));
        let deep = format!("{{\"a\":{}", "[".repeat(200_000));
        assert!(!parse(&deep).errors.is_empty());
    }

    #[test]
    fn copy_volume_and_shell_take_it() {
        let instruction = one("FROM a\nCOPY [\"a b\", \"c\", \"/d e\"]\n");
        let transfer = copy(&instruction);
        assert!(transfer.json);
        assert_eq!(
            (texts(&transfer.sources), &*transfer.destination.as_ref().unwrap().text),
            (vec!["a b", "c"], "/d e")
        );
        let instruction = one("FROM a\nVOLUME [\"/a b\", \"/c\"]\n");
        let Kind::Volume(paths) = &instruction.kind else { panic!() };
        assert_eq!(texts(paths), ["/a b", "/c"]);
        let instruction = one("FROM a\nSHELL [\"powershell\", \"-Command\"]\n");
        let Kind::Shell(Some(array)) = &instruction.kind else { panic!() };
        assert_eq!(texts(&array.items), ["powershell", "-Command"]);
    }

    #[test]
    fn copy_and_volume_fall_back_to_words() {
        let instruction = one("FROM a\nCOPY [a, b] /c\n");
        assert_eq!(texts(&copy(&instruction).sources), ["[a,", "b]"]);
        assert!(!copy(&instruction).json);
    }

    #[test]
    fn shell_does_not_fall_back() {
        assert_eq!(error("FROM a\nSHELL [\"a\"\n").0, ErrorKind::Json);
        assert_eq!(error("FROM a\nSHELL bash -c\n").0, ErrorKind::Arguments);
        assert_eq!(error("FROM a\nSHELL []\n").0, ErrorKind::Arguments);
        assert_eq!(error("FROM a\nSHELL\n").0, ErrorKind::Arguments);
    }
}

mod onbuild {
    use super::*;

    #[test]
    fn it_holds_an_instruction() {
        let source = "FROM a\nONBUILD copy --from=b x \\\n  /y\n";
        let instruction = one(source);
        let Kind::OnBuild(Some(inner)) = &instruction.kind else { panic!() };
        assert_eq!(inner.keyword.text(source), "copy");
        assert_eq!(inner.flag_value("from").unwrap().text, "b");
        assert_eq!(texts(&copy(inner).sources), ["x"]);
        assert_eq!(position(source, copy(inner).destination.as_ref().unwrap().span), (3, 3));
        assert!(instruction.span.encloses(inner.span));
    }

    #[test]
    fn some_cannot_stand_there() {
        for keyword in ["ONBUILD RUN x", "FROM b", "MAINTAINER me", "onbuild onbuild onbuild run x"] {
            let (kind, _, _) = error(&format!("FROM a\nONBUILD {keyword}\n"));
            assert_eq!(kind, ErrorKind::OnBuild, "{keyword}");
        }
        assert_eq!(error("FROM a\nONBUILD\n").0, ErrorKind::Arguments);
        assert_eq!(error("FROM a\nONBUILD BUILD x\n").0, ErrorKind::UnknownInstruction);
        assert_eq!(parse("FROM a\nONBUILD FROM b\n").stages.len(), 1);
    }

    #[test]
    fn chains_are_no_danger() {
        let chain = format!("FROM a\n{}RUN x\n", "ONBUILD ".repeat(100_000));
        assert_eq!(parse(&chain).errors.len(), 1);
    }
}

mod flags {
    use super::*;

    #[test]
    fn they_end_at_the_first_other_word() {
        let source = "FROM a\nRUN --network=none --mount=type=tmpfs,target=/t echo --no-flag --mount=x\n";
        let instruction = one(source);
        let names: Vec<&str> = instruction.flags.iter().map(|flag| &*flag.name.text).collect();
        assert_eq!(names, ["network", "mount"]);
        assert_eq!(run(&instruction).command.text(), "echo --no-flag --mount=x");
        assert_eq!(instruction.flags[0].span.text(source), "--network=none");
        assert_eq!(instruction.flags[0].value.as_ref().unwrap().span.text(source), "none");
        let quoted = one("FROM a\nCOPY --chown=\"a b\":c\\d x y\n");
        assert_eq!(quoted.flag_value("chown").unwrap().text, "\"a b\":c\\d");
        assert_eq!(quoted.flag("chown").unwrap().plain_value().unwrap(), "a b:cd");
        assert!(instruction.arguments.text.starts_with("--network=none"));
    }

    #[test]
    fn two_dashes_end_them() {
        let instruction = one("FROM a\nCOPY --link -- --odd /x\n");
        assert_eq!(instruction.flags.len(), 1);
        assert!(instruction.flag("link").unwrap().value.is_none());
        assert_eq!(texts(&copy(&instruction).sources), ["--odd"]);
        let instruction = one("FROM a\nRUN --\n");
        assert!(instruction.flags.is_empty());
    }

    #[test]
    fn quotes_hold_blanks() {
        let instruction = one("FROM a\nRUN --mount=type=bind,source=\"/a b\",target='/c d',ro ls\n");
        let mount = &run(&instruction).mounts[0];
        assert_eq!(mount.option("source").unwrap().text, "/a b");
        assert_eq!(mount.options.len(), 4);
        assert_eq!(run(&instruction).command.text(), "ls");
    }

    #[test]
    fn every_flag_of_the_builders_is_known() {
        let file = parse(
            "FROM --platform=$BUILDPLATFORM a\n\
             RUN --mount=type=cache,id=x,target=/c,sharing=locked --mount=type=secret,id=s,env=S --network=host \
             --security=insecure --device=vendor.com/gpu=all --device=name=x,required ls\n\
             COPY --from=a --chown=1:1 --chmod=u=rw --link --parents=true --exclude=*.a --exclude=*.b . /x\n\
             ADD --chown=1 --chmod=755 --link=false --keep-git-dir=TRUE --checksum=sha256:00 --unpack --exclude=x y /z\n\
             HEALTHCHECK --interval=1m30s --timeout=0 --start-period=1.5h --start-interval=100ms --retries=0 CMD x\n",
        );
        assert_clean(&file);
        assert_eq!(run(&file.instructions[1]).mounts.len(), 2);
        assert_eq!(run(&file.instructions[1]).mounts[0].option("sharing").unwrap().text, "locked");
        assert_eq!(run(&file.instructions[1]).mounts[1].kind(), "secret");
        assert_eq!(file.instructions[1].flag_value("device").unwrap().text, "vendor.com/gpu=all");
    }

    #[test]
    fn wrong_ones_are_refused() {
        for (line, message, at) in [
            ("COPY --form=b x y", "unknown flag `--form` of `COPY`, did you mean `--from`?", "form"),
            ("COPY --From=b x y", "unknown flag `--From` of `COPY`, did you mean `--from`?", "From"),
            ("RUN --privileged ls", "unknown flag `--privileged` of `RUN`", "privileged"),
            ("COPY --from x y", "flag `--from` without a value", "--from"),
            ("COPY --from=a --from=b x y", "flag `--from` given twice", "--from=b"),
            ("COPY --link=yes x y", "flag `--link` takes `true` or `false`, not `yes`", "yes"),
            ("COPY --link= x y", "flag `--link` takes `true` or `false`, not ``", ""),
            ("RUN --network=bridge ls", "flag `--network` takes `default`, `none` or `host`, not `bridge`", "bridge"),
            ("RUN --security=none ls", "flag `--security` takes `sandbox` or `insecure`, not `none`", "none"),
            ("USER --x me", "unknown flag `--x` of `USER`", "x"),
            ("HEALTHCHECK --retries=-1 CMD x", "flag `--retries` takes a number from 0, not `-1`", "-1"),
        ] {
            let (kind, found, place) = error(&format!("FROM a\n{line}\n"));
            assert_eq!((kind, &*found, &*place), (ErrorKind::Flag, message, at), "{line}");
        }
        for value in ["5", "1", "x", "1x", "500us", "-1s", "1s2", ".s", "+", "1.2.3s"] {
            let (kind, _, at) = error(&format!("FROM a\nHEALTHCHECK --interval={value} CMD x\n"));
            assert_eq!((kind, &*at), (ErrorKind::Flag, value));
        }
        // Builders never look at those of ARG.
        assert_clean(&parse("FROM a\nARG --odd b\n"));
    }

    #[test]
    fn wrong_mounts_are_refused() {
        for (mount, at) in [
            ("type=volume,target=/x", "volume"),
            ("type=cache,taget=/x", "taget"),
            ("type=cache,target", "target"),
            ("type=cache,target=/x,sharing=none", "none"),
            ("target=/x,sharing=shared", "sharing"),
            ("type=bind,from=$BASE,target=/x", "$BASE"),
            ("type=cache,target=/x,mode=9", "9"),
            ("type=cache,target=/x,uid=me", "me"),
            ("type=bind,target=/x,uid=1", "uid"),
            ("type=bind,target=/x,ro=maybe", "maybe"),
            ("type=secret,from=a,id=x", "from"),
        ] {
            let (kind, _, place) = error(&format!("FROM a\nRUN --mount={mount} ls\n"));
            assert_eq!((kind, &*place), (ErrorKind::Flag, at), "{mount}");
        }
        for mount in [
            "type=$TYPE,target=/x,sharing=$S",
            "type=cache,target=$T,uid=${U}",
            "type=tmpfs,size=1g,target=/x",
            "TYPE=Cache,DST=/x,rw",
        ] {
            assert_clean(&parse(&format!("FROM a\nRUN --mount={mount} ls\n")));
        }
    }

    #[test]
    fn mounts_are_taken_apart() {
        let source = "FROM a\nRUN --mount=type=bind,\\\nSource=.,dst=/src,ro ls\n";
        let instruction = one(source);
        let mount = &run(&instruction).mounts[0];
        let options: Vec<(&str, Option<&str>)> =
            mount.options.iter().map(|(key, value)| (&*key.text, value.as_ref().map(|value| &*value.text))).collect();
        assert_eq!(options, [("type", Some("bind")), ("source", Some(".")), ("dst", Some("/src")), ("ro", None)]);
        assert_eq!(mount.target().unwrap().span.text(source), "/src");
        assert_eq!(position(source, mount.options[1].0.span), (3, 1));
        let instruction = one("FROM a\nRUN --mount='type=bind,\"source=/a,b\",target=\"/c\"\"d\"' ls\n");
        let mount = &run(&instruction).mounts[0];
        assert_eq!(mount.option("source").unwrap().text, "/a,b");
    }
}

mod arguments {
    use super::*;

    #[test]
    fn arg_stands_before_from_and_has_several_names() {
        let source = "ARG VERSION=3 OTHER QUOTED=\"a b\"\nFROM a:$VERSION\nARG VERSION\n";
        let file = parse(source);
        assert_clean(&file);
        let Kind::Arg(declarations) = &file.global()[0].kind else { panic!() };
        let found: Vec<(&str, Option<&str>)> = declarations
            .iter()
            .map(|declaration| (&*declaration.name.text, declaration.default.as_ref().map(|word| &*word.text)))
            .collect();
        assert_eq!(found, [("VERSION", Some("3")), ("OTHER", None), ("QUOTED", Some("\"a b\""))]);
        assert_eq!(file.stage_instructions(&file.stages[0]).len(), 2);
        assert_eq!(error("FROM a\nARG =x\n").0, ErrorKind::Arguments);
        assert_eq!(error("FROM a\nARG\n").0, ErrorKind::Arguments);
    }

    fn pairs(source: &str) -> Vec<(String, String, bool)> {
        let file = parse(source);
        assert_clean(&file);
        let (Kind::Env(pairs) | Kind::Label(pairs)) = &file.instructions[1].kind else { panic!("{source}") };
        pairs.iter().map(|pair| (pair.key.text.to_string(), pair.value.text.to_string(), pair.legacy)).collect()
    }

    #[test]
    fn env_has_an_old_and_a_new_form() {
        let new = |key: &str, value: &str| (key.to_owned(), value.to_owned(), false);
        let old = |key: &str, value: &str| (key.to_owned(), value.to_owned(), true);
        assert_eq!(
            pairs("FROM a\nENV A=b C= D=\"e f\" G=h\\ i J='k \\' L=$M\n"),
            [new("A", "b"), new("C", ""), new("D", "\"e f\""), new("G", "h\\ i"), new("J", "'k \\'"), new("L", "$M"),]
        );
        assert_eq!(pairs("FROM a\nENV A b=c  d\n"), [old("A", "b=c  d")]);
        assert_eq!(pairs("FROM a\nENV\tA\tb\n"), [old("A", "b")]);
        assert_eq!(pairs("FROM a\nLABEL a.b=\"c\" \\\n  'd e'=f\n"), [new("a.b", "\"c\""), new("'d e'", "f")]);
        assert_eq!(pairs("FROM a\nLABEL \"x\" y z\n"), [old("\"x\"", "y z")]);
        assert_eq!(pairs("FROM a\nENV A=\"b\\\"c\" D=e\\\n"), [new("A", "\"b\\\"c\""), new("D", "e")]);
        assert_eq!(pairs("# escape=`\nFROM a\nENV A=C:\\x B=\"d`\"e\" F=`\ng\n").len(), 3);
        assert_eq!(pairs("FROM a\nENV A=ü\u{a0}B=c\n").len(), 2);
    }

    #[test]
    fn env_without_a_value_is_refused() {
        for (line, at) in [("ENV A", "A"), ("ENV A=b C", "C"), ("ENV =b", "=b"), ("LABEL a", "a"), ("ENV", "ENV")] {
            let (kind, _, place) = error(&format!("FROM a\n{line}\n"));
            assert_eq!((kind, &*place), (ErrorKind::Arguments, at), "{line}");
        }
    }

    #[test]
    fn healthcheck_has_its_forms() {
        assert!(matches!(one("FROM a\nHEALTHCHECK none\n").kind, Kind::Healthcheck(Healthcheck::None)));
        let instruction = one("FROM a\nHEALTHCHECK --retries=3 \\\n  cmd  curl -f x\n");
        let Kind::Healthcheck(Healthcheck::Command(command)) = &instruction.kind else { panic!() };
        assert_eq!(command.text(), "curl -f x");
        let instruction = one("FROM a\nHEALTHCHECK CMD [\"curl\"]\n");
        assert!(matches!(&instruction.kind, Kind::Healthcheck(Healthcheck::Command(Command::Exec(_)))));
        for line in ["HEALTHCHECK", "HEALTHCHECK CMD", "HEALTHCHECK NONE x", "HEALTHCHECK TCP 80", "HEALTHCHECK CMD []"]
        {
            assert_eq!(error(&format!("FROM a\n{line}\n")).0, ErrorKind::Arguments, "{line}");
        }
    }

    #[test]
    fn keywords_have_no_case() {
        let file = parse("from a aS b\nrUn x\nCmd [\"y\"]\n");
        assert_clean(&file);
        assert_eq!(keywords(&file), [Keyword::From, Keyword::Run, Keyword::Cmd]);
        for keyword in Keyword::KNOWN {
            assert_eq!(Keyword::of(&keyword.name().to_lowercase()), keyword);
            assert_eq!(Keyword::of(&keyword.name()[1..]), Keyword::Unknown);
        }
        for other in ["", "A", "ADx", "ARx", "üüü", "RUNN", "é"] {
            assert_eq!(Keyword::of(other), Keyword::Unknown, "{other}");
        }
    }

    #[test]
    fn volumes_and_ports_are_lists() {
        let instruction = one("FROM a\nVOLUME /a \\\n  /b\t$C\n");
        let Kind::Volume(paths) = &instruction.kind else { panic!() };
        assert_eq!(texts(paths), ["/a", "/b", "$C"]);
        let instruction = one("FROM a\nEXPOSE 80/tcp 8000-8010 $PORT\n");
        let Kind::Expose(ports) = &instruction.kind else { panic!() };
        assert_eq!(texts(ports), ["80/tcp", "8000-8010", "$PORT"]);
    }

    #[test]
    fn some_take_the_rest_of_the_line() {
        for (line, expected) in [
            ("WORKDIR a", "a"),
            ("WORKDIR  /a b ", "/a b"),
            ("USER app:app", "app:app"),
            ("STOPSIGNAL SIGTERM", "SIGTERM"),
            ("MAINTAINER a <b@c>", "a <b@c>"),
        ] {
            let source = format!("FROM a\n{line}\n");
            let instruction = one(&source);
            let (Kind::Workdir(word) | Kind::User(word) | Kind::StopSignal(word) | Kind::Maintainer(word)) =
                &instruction.kind
            else {
                panic!("{line}")
            };
            assert_eq!((&*word.text, word.span.text(&source)), (expected, expected));
        }
    }

    #[test]
    fn missing_arguments_are_refused() {
        for line in [
            "ADD",
            "ADD x",
            "ARG",
            "COPY",
            "COPY x",
            "COPY [\"x\"]",
            "ENV",
            "EXPOSE",
            "FROM",
            "HEALTHCHECK",
            "LABEL",
            "MAINTAINER",
            "ONBUILD",
            "SHELL",
            "STOPSIGNAL",
            "USER",
            "VOLUME",
            "VOLUME [\"\"]",
            "WORKDIR",
        ] {
            assert_eq!(error_kinds(&format!("FROM a\n{line}\n")), [ErrorKind::Arguments], "{line}");
        }
        // Builders take these: they run or set nothing.
        for line in ["CMD", "ENTRYPOINT", "RUN", "CMD []"] {
            assert_eq!(error_kinds(&format!("FROM a\n{line}\n")), [], "{line}");
        }
    }

    #[test]
    fn blanks_are_any_but_line_breaks() {
        let instruction = one("FROM a\nCOPY\t\u{b}x\u{c}y \t /z\n");
        assert_eq!(texts(&copy(&instruction).sources), ["x", "y"]);
    }
}

mod stages {
    use super::*;

    #[test]
    fn they_have_numbers_and_names() {
        let source =
            "ARG X\nFROM --platform=$BUILDPLATFORM golang:1 AS Build\nRUN x\nFROM scratch\nCOPY --from=build a b\n";
        let file = parse(source);
        assert_clean(&file);
        assert_eq!(file.global().len(), 1);
        assert_eq!(file.stages.len(), 2);
        assert_eq!(file.stages[0].name.as_ref().unwrap().text, "Build");
        assert_eq!((file.stages[0].index, &*file.stages[0].base.text), (0, "golang:1"));
        assert_eq!(file.stages[0].instructions, 1..3);
        assert_eq!((file.stages[1].name.as_ref(), file.stages[1].instructions.clone()), (None, 3..5));
        let Kind::From(from) = &file.instructions[1].kind else { panic!() };
        assert_eq!(from.as_keyword.unwrap().text(source), "AS");
        assert_eq!(file.instructions[1].flag_value("platform").unwrap().text, "$BUILDPLATFORM");
    }

    #[test]
    fn malformed_ones_are_refused() {
        for (line, at) in
            [("FROM a b", "b"), ("FROM a AS", "AS"), ("FROM a AS b c", "c"), ("FROM a IS b", "IS"), ("FROM", "FROM")]
        {
            let (kind, _, place) = error(line);
            assert_eq!((kind, &*place), (ErrorKind::Arguments, at), "{line}");
            assert_eq!(parse(line).stages.len(), 1, "{line}");
        }
        for name in ["1a", "-a", "a/b", "a:b", "ä"] {
            let (kind, _, place) = error(&format!("FROM a AS {name}"));
            assert_eq!((kind, &*place), (ErrorKind::StageName, name));
        }
        assert_clean(&parse("FROM a AS A-b_c.1\n"));
    }

    #[test]
    fn the_order_of_the_file_is_checked() {
        assert_eq!(error_kinds(""), [ErrorKind::Empty]);
        assert_eq!(error_kinds("\u{feff}\r\n# only a comment\n"), [ErrorKind::Empty]);
        assert_eq!(error("ARG A\nRUN x\n"), (ErrorKind::MissingFrom, "no `FROM` in the file".into(), "ARG".into()));
        let source = "RUN x\nARG A\nFROM b\nRUN y\n";
        assert_eq!(error(source), (ErrorKind::BeforeFrom, "`RUN` before the first `FROM`".into(), "RUN".into()));
        assert_eq!(parse(source).global().len(), 2);
    }

    #[test]
    fn unknown_instructions_do_not_stop_it() {
        let source = "FORM a\nBANANA\nFROM b\nRUN x\n<<EOF\nEOF\nENTRYPONT y\n";
        let file = parse(source);
        let messages: Vec<&str> = file.errors.iter().map(|error| &*error.message).collect();
        assert_eq!(
            messages,
            [
                "unknown instruction `FORM`, did you mean `FROM`?",
                "unknown instruction `BANANA`",
                "unknown instruction `<<EOF`",
                "unknown instruction `EOF`",
                "unknown instruction `ENTRYPONT`, did you mean `ENTRYPOINT`?",
            ]
        );
        assert_eq!(file.stages.len(), 1);
        assert_eq!(file.instructions[0].arguments.text, "a");
    }

    #[test]
    fn errors_stand_in_the_order_of_the_file() {
        let file = parse("RUN --x y\nFROM a b\nCOPY\nRUN <<E\n");
        let starts: Vec<u32> = file.errors.iter().map(|error| error.span.start).collect();
        assert!(starts.is_sorted());
        assert_eq!(file.errors.len(), 5);
    }

    #[test]
    fn long_words_do_not_fill_a_message() {
        let file = parse(&"x".repeat(10_000)).errors.remove(0).message.len();
        assert!(file < 100);
    }
}

mod size {
    use super::*;
    use plimsoll_dockerfile::expand::variables;
    use plimsoll_dockerfile::tokens;

    /// Files of a few megabytes that are slow where anything takes more than linear time.
    #[test]
    fn long_files_take_linear_time() {
        let many = |piece: &str| piece.repeat(1_500_000 / piece.len());
        // Looking for what was meant takes its time, without optimisation above all.
        let fewer = |piece: &str| piece.repeat(150_000 / piece.len());
        let numbered = |line: &dyn Fn(usize) -> String| (0..30_000).map(line).collect::<Vec<_>>().concat();
        let files = [
            many("RUN apk add \\\n  curl\n"),
            format!("RUN a {}", many("\\\n  && b c")),
            format!("ENV {}", many("A=\"b c\" \\\n # note\n\n ")),
            format!("ENV A={}", many("b\\\n# note\n")),
            format!("COPY {} /x\n", many(" --from=a")),
            format!("COPY {} /x\n", many(" <<A b")),
            format!("RUN {} x\n", many("--mount=type=cache,target='/x',id=\"y\" ")),
            format!("RUN --mount={} x\n", fewer("\"a=b\",")),
            format!("COPY [{} \"/x\"]\n", many("\"a\\u00e9\",\\\n")),
            format!("CMD {}", many("[")),
            format!("CMD [{}]", many("{\"a\":1},")),
            format!("RUN <<A {}", many("${a:-$b}\"'\"")),
            format!("RUN <<A {}", many("${a:-")),
            format!("ENV A={}", many("$b${c:-$d}")),
            many("# syntax=x\n"),
            many("\\\n"),
            many("\n"),
            many("\r"),
            many("ONBUILD "),
            many("FROM a AS b\n"),
            fewer("FORM a\n"),
            many("<<"),
            numbered(&|number| format!("RUN cat <<E{number}\n")),
            numbered(&|number| format!("RUN cat <<-E{number}\n\tE{}\n", number + 1)),
            format!(
                "RUN {}\n{}",
                numbered(&|number| format!("<<E{number} ")),
                numbered(&|number| format!("E{number}\n"))
            ),
        ];
        let start = std::time::Instant::now();
        for source in &files {
            let file = parse(source);
            assert_eq!(tokens(&file).last().map(|token| token.span.end as usize), Some(source.len()));
            for instruction in &file.instructions {
                variables(&instruction.arguments, file.escape);
                if let Kind::Env(pairs) = &instruction.kind {
                    for pair in pairs {
                        assert!(instruction.word(&pair.value).text.len() <= source.len());
                    }
                }
            }
        }
        // It takes about two seconds; with one quadratic step in it, minutes.
        assert!(start.elapsed().as_secs() < 40, "{:?}", start.elapsed());
    }
}

#[test]
fn crlf_heredocs_give_the_shell_plain_line_breaks() {
    let source = "FROM a\r\nRUN <<EOF\r\ncd /x\r\nmake\r\nEOF\r\nRUN cat <<-F > y && z\r\n\tq\r\n\tF\r\n";
    let file = parse(source);
    let scripts: Vec<_> = file
        .instructions
        .iter()
        .filter_map(|instruction| match &instruction.kind {
            Kind::Run(run) => run.script.as_ref(),
            _ => None,
        })
        .collect();
    assert_eq!(scripts[0].text.text, "cd /x\nmake\n");
    assert_eq!(scripts[1].text.text, "cat <<-F > y && z\n\tq\n\tF");
    for script in scripts {
        for (at, character) in script.text.text.char_indices() {
            let place = script.text.source_offset(at as u32) as usize;
            assert!(source[place..].starts_with(character), "{at}: {character:?}");
        }
    }
}
