//! What holds for every text.

use plimsoll_base::Span;
use plimsoll_shell::{Dialect, Script, Word, parse};
use proptest::prelude::*;

/// Pieces of scripts, so that random texts are scripts often enough.
const PIECES: &[&str] = &[
    "a",
    "b",
    "foo",
    "-y",
    "--x=y",
    "X=1",
    "X=",
    "1",
    " ",
    " ",
    " ",
    "\t",
    "\n",
    ";",
    ";;",
    "&&",
    "||",
    "|",
    "|&",
    "&",
    "(",
    ")",
    "{ ",
    "; }",
    "[ ",
    " ]",
    "[[ ",
    " ]]",
    "!",
    "#",
    "'",
    "'q r'",
    "\"",
    "\"d e\"",
    "\"$X\"",
    "$X",
    "${X:-y}",
    "$?",
    "$",
    "$(",
    "`",
    "$((1+2))",
    "((",
    "\\",
    "\\ ",
    "\\\n",
    "if a; then ",
    "; fi",
    "else ",
    "for i in a b; do ",
    "; done",
    "while ",
    "case x in ",
    "a) ",
    ";; esac",
    "time ",
    "{a,b}",
    "é",
    "\u{a0}",
    "\r",
    "\0",
    "*",
    "~/x",
    "=",
    ">",
    "> f",
    "2>&1",
    "&>",
    ">>",
    "<",
    "export ",
    "exit ",
    "sudo ",
    "env A=1 ",
    "sh -c ",
    "sh -c 'a; b'",
    "bash <<E\n",
    "xargs ",
    "find . -exec rm {} \\;",
    "<<E\n",
    "\nE\n",
    "<<<",
    "<(a)",
    "f() { a; }",
    "a=(b c)",
    "$'x'",
    "\"\\\"é`a`\"",
];

fn scripts() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 1..16).prop_map(|pieces| pieces.concat())
}

fn holds(text: &str, script: &Script) {
    let in_text = |span: Span| assert!(text.get(span.range()).is_some(), "{text:?}: {span:?}");
    let in_span = |word: &Word, span: Span| {
        in_text(word.span);
        assert!(span.encloses(word.span), "{text:?}: {word:?} not in {span:?}");
    };
    assert!(script.commands.is_sorted_by_key(|command| command.span.start), "{text:?}: {script:?}");
    for command in &script.commands {
        in_text(command.span);
        in_span(&command.name, command.span);
        assert!(command.args.iter().all(|arg| !arg.span.is_empty()));
        assert!(command.args.is_sorted_by_key(|arg| arg.span.start));
        command.args.iter().for_each(|arg| in_span(arg, command.span));
        for assignment in &command.assignments {
            in_text(assignment.span);
            assert!(command.span.encloses(assignment.span));
            in_span(&assignment.value, assignment.span);
        }
        for redirect in &command.redirects {
            in_text(redirect.span);
            in_span(&redirect.target, redirect.span);
        }
        if let Some((pipeline, _)) = command.pipeline {
            assert!(script.pipelines.len() > pipeline as usize);
        }
    }
    for pipeline in &script.pipelines {
        in_text(pipeline.span);
        assert!(pipeline.span.encloses(pipeline.operator));
        assert!(matches!(pipeline.operator.text(text), "|" | "|&"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_fit_scripts(text in scripts()) {
        for dialect in [Dialect::Posix, Dialect::Zsh] {
            if let Some(script) = parse(&text, dialect) {
                holds(&text, &script);
            }
        }
    }

    #[test]
    fn spans_fit_any_text(text in "\\PC{0,80}|[ -~\n]{0,80}") {
        for dialect in [Dialect::Bash, Dialect::Zsh] {
            if let Some(script) = parse(&text, dialect) {
                holds(&text, &script);
            }
        }
    }
}
