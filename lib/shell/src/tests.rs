/*!
The parser against an oracle: another parser's syntax tree, walked for the same commands. Where both accept a text, they
find the same; what they accept differs, since the oracle takes some words apart, and some errors for words.
*/

use crate::collector::{Collector, Place};
use crate::{Dialect, Script, oracle, parse, parser};
use plimsoll_base::Span;
use plimsoll_dockerfile::Kind;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::cmp::Reverse;
use std::path::{Path, PathBuf};

fn ours(text: &str) -> Option<Script<'_>> {
    let mut out = Collector::new(text);
    parser::collect(&mut out, Span::new(0, text.len() as u32), Place::default()).ok()?;
    Some(renumbered(out.finish()))
}

fn theirs(text: &str) -> Option<Script<'_>> {
    let mut out = Collector::new(text);
    oracle::collect(&mut out)?;
    Some(renumbered(out.finish()))
}

/// The script with its lists and pipelines numbered in the order in which they stand.
fn renumbered(mut script: Script) -> Script {
    let mut lists: Vec<u32> = Vec::new();
    let mut order: Vec<usize> = (0..script.pipelines.len()).collect();
    order.sort_by_key(|&at| (script.pipelines[at].span.start, Reverse(script.pipelines[at].span.end)));
    let place_of = |pipeline: u32| order.iter().position(|&at| at == pipeline as usize).map(|at| at as u32);
    for command in &mut script.commands {
        let number = lists.iter().position(|&list| list == command.list).unwrap_or_else(|| {
            lists.push(command.list);
            lists.len() - 1
        });
        command.list = number as u32;
        command.pipeline = command.pipeline.and_then(|(pipeline, part)| Some((place_of(pipeline)?, part)));
    }
    script.pipelines = order.iter().map(|&at| script.pipelines[at].clone()).collect();
    script
}

/// Whether both accept the text, if they do not differ over it.
fn agree(text: &str) -> bool {
    let (Some(ours), Some(theirs)) = (ours(text), theirs(text)) else { return false };
    assert_eq!(ours, theirs, "{text:?}");
    true
}

#[test]
fn odd_scripts() {
    for text in [
        "a >|1",
        "a <&3 >>b",
        "! exit",
        "x $(X=1>f) y",
        "export \\X=$(a)",
        "X=1 \\\n exit",
        "\"\\\"$X\"",
        "a `b` \"`c`\"",
        "a }",
        "a#b #c",
        "case x in a) ;; b) c;; esac",
        "a=(b\n c) d",
        "cat <<E <<-'F' | x\n$(a)\nE\n\t$(b)\n\tF\ny",
        "echo \"$(cat <<E\n$(a)\nE\n)\"",
        "f() { a; } >x; f",
        "function g { b; }",
        "((1+$(a))) && b",
        "a $((1 + (2)))",
        "for ((i=0; i<$(a); i++)); do b; done",
        "[[ $(a) =~ ^(x|y)$ && b == c* ]]",
        "a ${X:-$(b \"}\")} \"${Y%\"$(c)\"}\"",
        "time a | b",
        "a <(b) > >(c)",
        "select x in a b; do c; done",
        "if a; then b; fi # c\nd",
        "$(( (a) ))",
    ] {
        assert!(agree(text), "{text}");
    }
}

/// Every shell-form `RUN` of the corpus beside the workspace, where it is there.
#[test]
fn corpus() {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/dockerfiles"), &mut paths);
    let (mut bodies, mut agreed) = (0, 0);
    for path in &paths {
        let Ok(source) = std::fs::read_to_string(path) else { continue };
        for instruction in plimsoll_dockerfile::parse(&source).instructions {
            let Kind::Run(run) = instruction.kind else { continue };
            let Some(script) = run.script.filter(|script| script.shebang.is_none()) else { continue };
            bodies += 1;
            agreed += usize::from(agree(&script.text.text));
        }
    }
    assert!(agreed * 100 >= bodies * 99, "both accept {agreed} of {bodies} only");
}

fn files(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, paths) } else { paths.push(path) }
    }
}

/// Pieces of scripts. Braces and some redirections are left out: the oracle splits words at them.
const PIECES: &[&str] = &[
    "a",
    "b",
    "foo ",
    "-y",
    "--x=y",
    "X=1",
    "X=",
    "X+=b",
    "1",
    " ",
    " ",
    " ",
    "\n",
    ";",
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
    "; } ",
    "[ ",
    " ]",
    " ! a",
    " #",
    "a#b",
    " # c\n",
    "'q r'",
    "\"",
    "\"d e\"",
    "\"$X\"",
    "$X",
    "${X}",
    "${X:-y}",
    "${X%%.*}",
    "${#X}",
    "$?",
    "$1",
    "$( ",
    "\\ ",
    "\\$",
    "if ",
    "then ",
    "elif ",
    "else ",
    "fi",
    "for i in ",
    "in ",
    "do ",
    "done",
    "while ",
    "until ",
    "case x in ",
    "a) ",
    "*)",
    "esac",
    "function f ",
    "x{a,b} ",
    "é",
    "*",
    "~/x",
    "=",
    "+",
    ":",
    "/",
    " a < f ",
    " b > f ",
    " a 2>&1 ",
    " b >&2 ",
    " a &> f ",
    " b >> f ",
    "export ",
    "exit ",
    "sudo ",
    "sh -c ",
    "(a; b) ",
    "{ a; b; } ",
    "$(a b)",
    "`a b`",
    "a | b",
    "a && b",
    "X=$(a) ",
    "\"$(a \"b\")\"",
    " $'x\\n'",
    "if a; then b; fi",
    "for i in 1 2; do c; done",
    "case x in a) b;; c|d) e;; esac",
    "while a; do b; done",
    "\nf() { a; } ",
    " [[ a == b ]] ",
    "((1+$(a)))",
    "$((1+$(a)))",
    "\ncat <<E\n$(b) $X\nE\n",
    "bash <<'E'\na\nE\n",
    "${X:-$(a)}",
    "A=(b c) ",
];

/// The seed is fixed, since the oracle errs on one text in some hundred thousand.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 20_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_script(pieces in prop::collection::vec(prop::sample::select(PIECES), 1..14)) {
        agree(&pieces.concat());
    }

    /// What is inside of a substitution, a subshell or `sh -c` is what it is outside.
    #[test]
    fn scripts_in_scripts(pieces in prop::collection::vec(prop::sample::select(PIECES), 1..8)) {
        let text = pieces.concat();
        let Some(alone) = parse(&text, Dialect::Posix).filter(|_| !text.contains(['\'', '#', '\n']) && !text.starts_with(['-', '+'])) else { return Ok(()) };
        prop_assume!(!alone.commands.is_empty());
        for (open, close) in [("( ", " )"), ("x $( ", ")"), ("sh -c '", "'"), ("{ ", "\n}"), ("if ", "\nthen x; fi")] {
            let whole = format!("{open}{text}{close}");
            let Some(inside) = parse(&whole, Dialect::Posix) else { panic!("{whole:?}") };
            let spans = |script: &Script, text: &str| -> Vec<String> {
                script.commands.iter().map(|command| command.span.text(text).to_owned()).collect()
            };
            let inside = spans(&inside, &whole);
            let expected = spans(&alone, &text);
            prop_assert!(inside.windows(expected.len()).any(|window| window == expected), "{whole:?}: {inside:?}");
        }
    }
}
