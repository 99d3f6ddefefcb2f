//! One test for each construct of the grammar: which commands are found, where, and under which circumstances.
#![allow(clippy::unwrap_used, reason = "tests may")]

use plimsoll_shell::{Command, Dialect, Operator, Script, parse};

fn script(text: &str) -> Script<'_> {
    parse(text, Dialect::Posix).unwrap_or_else(|| panic!("does not parse: {text}"))
}

/// The commands as `name arg arg`, quotes removed.
fn commands(text: &str) -> Vec<String> {
    script(text).commands.iter().map(words).collect()
}

fn words(command: &Command) -> String {
    let mut words = vec![&*command.name.text];
    words.extend(command.args.iter().map(|arg| &*arg.text));
    words.join(" ")
}

/// For each command its name, subshells, conditions.
fn depths(text: &str) -> Vec<(String, u32, u32)> {
    script(text).commands.iter().map(|it| (it.name.text.to_string(), it.subshells, it.conditional)).collect()
}

#[test]
fn simple_commands() {
    assert_eq!(commands("apt-get update"), ["apt-get update"]);
    assert_eq!(commands("  a b ;c\n d & e "), ["a b", "c", "d", "e"]);
    assert_eq!(commands(""), Vec::<String>::new());
    assert_eq!(commands(" # only a comment"), Vec::<String>::new());
    assert_eq!(commands("a # b\nc#d"), ["a", "c#d"]);
    assert_eq!(commands("a \\\n  b"), ["a b"]);
}

#[test]
fn spans_leave_out_redirections_at_the_end() {
    let text = "X=1 tar -x 2>&1 > log; > only";
    let script = script(text);
    let spans: Vec<_> = script.commands.iter().map(|command| command.span.text(text)).collect();
    assert_eq!(spans, ["X=1 tar -x", "> only"]);
    let command = &script.commands[0];
    assert_eq!(command.name.span.text(text), "tar");
    assert_eq!(command.args[0].span.text(text), "-x");
    assert_eq!(command.assignments[0].span.text(text), "X=1");
    let redirects: Vec<_> =
        command.redirects.iter().map(|it| (it.span.text(text), it.target.span.text(text), it.writes)).collect();
    assert_eq!(redirects, [("2>&1", "1", false), ("> log", "log", true)]);
    assert_eq!(script.commands[1].name.text, "");
}

#[test]
fn redirections() {
    let text = "a <in >>out >|c 3<>rw &>both &>>more >&file >&2 2>&- <&3 <<<here <<E\nbody\nE\n";
    let script = script(text);
    let redirects: Vec<_> =
        script.commands[0].redirects.iter().map(|it| (it.span.text(text), &*it.target.text, it.writes)).collect();
    let expected = [
        ("<in", "in", false),
        (">>out", "out", true),
        (">|c", "c", true),
        ("3<>rw", "rw", true),
        ("&>both", "both", true),
        ("&>>more", "more", true),
        (">&file", "file", true),
        (">&2", "2", false),
        ("2>&-", "-", false),
        ("<&3", "3", false),
    ];
    assert_eq!(redirects, expected);
}

#[test]
fn words_lose_quotes_and_escapes_but_keep_expansions() {
    let text = r#"a 'b c' "d \" \$ \x $X" e\ f ${X:-"y"} "$(cmd "z")" `date`s $((1 + 2)) g"h"'i' "" $'\t' \$X ~/*"#;
    let script = script(text);
    let args: Vec<_> = script.commands[0].args.iter().map(|it| (&*it.text, it.quoted, it.expands)).collect();
    let expected = [
        ("b c", true, false),
        ("d \" $ \\x $X", true, true),
        ("e f", false, false),
        ("${X:-\"y\"}", false, true),
        ("$(cmd \"z\")", true, true),
        ("`date`s", false, true),
        ("$((1 + 2))", false, true),
        ("ghi", true, false),
        ("", true, false),
        ("\t", true, false),
        ("$X", false, false),
        ("~/*", false, false),
    ];
    assert_eq!(args, expected);
}

#[test]
fn assignments() {
    let text = r#"A=1 B+="x $Y" C= D='q' make; E=$(date)"#;
    let script = script(text);
    let found: Vec<_> =
        script.commands[0].assignments.iter().map(|it| (&*it.name, &*it.value.text, it.span.text(text))).collect();
    assert_eq!(found, [("A", "1", "A=1"), ("B", "x $Y", "B+=\"x $Y\""), ("C", "", "C="), ("D", "q", "D='q'")]);
    assert_eq!(script.commands[1].name.text, "");
    assert_eq!(script.commands[1].span.text(text), "E=$(date)");
    assert_eq!(script.commands[2].name.text, "date");
}

#[test]
fn arrays_are_values_as_they_stand() {
    let text = "list=(a \"b c\" $X); other[1]=x";
    let script = script(text);
    let found = script.commands.iter().map(|it| (&*it.assignments[0].name, &*it.assignments[0].value.text));
    assert_eq!(found.collect::<Vec<_>>(), [("list", "(a \"b c\" $X)"), ("other", "x")]);
    assert!(script.commands[0].assignments[0].value.expands);
}

#[test]
fn declarations_and_builtins_are_commands() {
    let text =
        "export A=1 B=\"x y\" \"C=$X\" D -p; local v; readonly R=$(r); declare -a l=(x y); exit 1; return; break 2";
    let expected = [
        "export A=1 B=x y C=$X D -p",
        "local v",
        "readonly R=$(r)",
        "r",
        "declare -a l=(x y)",
        "exit 1",
        "return",
        "break 2",
    ];
    assert_eq!(commands(text), expected);
    let script = script(text);
    assert_eq!(script.commands[0].args[1].span.text(text), "B=\"x y\"");
    assert_eq!(script.commands[0].name.span.text(text), "export");
    assert_eq!(script.commands[5].name.span.text(text), "exit");
    assert_eq!(commands("X=1 exit 3; ! exit; >f continue"), ["exit 3", "exit", "continue"]);
}

#[test]
fn lists_have_operators() {
    let script = script("a && b || c; d & e\nf | g && (h; i)");
    let found: Vec<_> = script.commands.iter().map(|it| (&*it.name.text, it.list, it.operator)).collect();
    let expected = [
        ("a", 0, Operator::First),
        ("b", 0, Operator::And),
        ("c", 0, Operator::Or),
        ("d", 0, Operator::Then),
        ("e", 0, Operator::Background),
        ("f", 0, Operator::Then),
        ("g", 0, Operator::Then),
        ("h", 1, Operator::First),
        ("i", 1, Operator::Then),
    ];
    assert_eq!(found, expected);
    assert!(script.commands.iter().all(|command| command.conditional == 0));
}

#[test]
fn pipelines() {
    let text = "x; ! curl u 2>/dev/null | { tee a | gzip; } |& sh > out && y";
    let script = script(text);
    let found: Vec<_> = script.commands.iter().map(|it| (&*it.name.text, it.pipeline)).collect();
    let expected = [
        ("x", None),
        ("curl", Some((0, 0))),
        ("tee", Some((1, 0))),
        ("gzip", Some((1, 1))),
        ("sh", Some((0, 2))),
        ("y", None),
    ];
    assert_eq!(found, expected);
    let spans: Vec<_> = script.pipelines.iter().map(|it| (it.span.text(text), it.operator.text(text))).collect();
    let whole = "curl u 2>/dev/null | { tee a | gzip; } |& sh > out";
    assert_eq!(spans, [(whole, "|"), ("tee a | gzip", "|")]);
}

#[test]
fn conditions_loops_and_functions_make_commands_conditional() {
    let text = "if a; then b; elif c; then d; else e; fi; while f; do g; done; for x in $(h) 1; do i; done\n\
                case $(j) in (k|l) m;; *) n; esac; o() { p; }; until q; do r; done; { s; }";
    let unconditional = ["a", "f", "q", "s"];
    let substituted = ["h", "j"];
    for (name, subshells, conditional) in depths(text) {
        assert_eq!(conditional > 0, !unconditional.contains(&&*name) && !substituted.contains(&&*name), "{name}");
        assert_eq!(subshells > 0, substituted.contains(&&*name), "{name}");
    }
    let names: String = depths(text).into_iter().map(|it| it.0).collect();
    assert_eq!(names, "abcdefghijmnpqrs");
}

#[test]
fn subshells_and_substitutions() {
    let text = "(a; (b)); c $(d `e`) \"$(f \"$(g)\")\" <(h) >$(i) ${X:-$(j)} $(( $(k) + 1 ))";
    let expected = [
        ("a", 1, 0),
        ("b", 2, 0),
        ("c", 0, 0),
        ("d", 1, 0),
        ("e", 2, 0),
        ("f", 1, 0),
        ("g", 2, 0),
        ("h", 1, 0),
        ("i", 1, 0),
        ("j", 1, 0),
        ("k", 1, 0),
    ];
    assert_eq!(depths(text), expected.map(|(name, subshells, conditional)| (name.to_owned(), subshells, conditional)));
}

#[test]
fn heredoc_bodies_expand_where_their_name_is_not_quoted() {
    assert_eq!(commands("cat <<E > f\n$(a b) `c`\nE\nd"), ["cat", "a b", "c", "d"]);
    assert_eq!(commands("cat <<'E'\n$(a)\nE\n"), ["cat"]);
    assert_eq!(commands("cat <<-E\n\t$(a)\n\tE\nb"), ["cat", "a", "b"]);
    assert_eq!(commands("x $(cat <<E\n$(y)\nE\n) && z"), ["x $(cat <<E\n$(y)\nE\n)", "cat", "y", "z"]);
}

#[test]
fn conditional_expressions_are_commands() {
    assert_eq!(commands("[ -f a ] && b"), ["[ -f a ]", "b"]);
    let found = commands("[[ -n \"$X\" && ! $(a) == b* ]] || c");
    assert_eq!(found, ["[[ -n $X && ! $(a) == b* ]]", "a", "c"]);
    assert_eq!(commands("(( x = $(a) )); b"), ["a", "b"]);
}

#[test]
fn time_is_a_command_before_what_it_times() {
    let text = "time make all; time -p a | b";
    let script = script(text);
    let found: Vec<_> = script.commands.iter().map(|it| (words(it), it.wrapper)).collect();
    let expected = [
        ("time make all".to_owned(), None),
        ("make all".to_owned(), Some("time")),
        ("time".to_owned(), None),
        ("a".to_owned(), Some("time")),
        ("b".to_owned(), Some("time")),
    ];
    assert_eq!(found, expected);
    assert_eq!(script.commands[0].span.text(text), "time make all");
}

#[test]
fn functions() {
    let text = "f() { a; } >log; g () ( b ); function h { c; }; function i() { d; }; f x";
    let expected =
        [("a", 0, 1), ("b", 1, 1), ("c", 0, 1), ("d", 0, 1), ("f", 0, 0)].map(|it| (it.0.to_owned(), it.1, it.2));
    assert_eq!(depths(text), expected);
}

#[test]
fn comments() {
    assert_eq!(commands("if a; then b; fi # c\nd # e\n# f\n(g) # h"), ["a", "b", "d", "g"]);
    assert_eq!(commands("x $(a # )\n)"), ["x $(a # )\n)", "a"]);
    assert_eq!(commands("for x in a # b\ndo c; done"), ["c"]);
}

#[test]
fn other_shells() {
    assert!(parse("[[ a == b ]] && arr=(1)", Dialect::Posix).is_some());
    assert!(parse("[[ a == b ]] && typeset -i x=1", Dialect::Ksh).is_some());
    assert!(parse("print -l ${(f)x} *.txt(.)", Dialect::Zsh).is_none());
    assert!(parse("print -l ${(f)x} && setopt extended_glob", Dialect::Zsh).is_some());
}

#[test]
fn broken_scripts_give_nothing() {
    let broken = [
        "if true; then",
        "a &&",
        "a | ",
        "'a",
        "\"a",
        "`a",
        "$(a",
        "${a",
        "a; ;",
        "fi",
        "a )",
        "(a",
        "{ a",
        "&& a",
        ";;",
        "for x in a b; do c",
        "case x in a) b",
        "a ||\n",
        "if a; fi",
        "echo $((1 + 2",
        "a `b $(c`",
    ];
    for text in broken {
        assert_eq!(parse(text, Dialect::Posix), None, "{text}");
        assert_eq!(parse(text, Dialect::Bash), None, "{text}");
    }
}
