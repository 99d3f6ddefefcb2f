/*!
The fast parser against the full one: where it does not give up, it finds the very same. The full parser may give up on
a text that is a valid script all the same, where the syntax tree below it does not fit the text.
*/

use crate::collector::{Collector, Place};
use crate::{Dialect, Script, fast, walk};
use plimsoll_base::Span;
use plimsoll_dockerfile::Kind;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn whole(text: &str) -> Span {
    Span::new(0, text.len() as u32)
}

fn fast(text: &str) -> Option<Script<'_>> {
    let mut out = Collector::new(text);
    fast::collect(&mut out, whole(text), Place::default())?;
    Some(out.finish())
}

fn full(text: &str) -> Option<Script<'_>> {
    let mut out = Collector::new(text);
    walk::collect(&mut out, whole(text), Dialect::Bash, Place::default())?;
    Some(out.finish())
}

fn agree(text: &str) {
    let Some(fast) = fast(text) else { return };
    match full(text) {
        Some(full) => assert_eq!(fast, full, "{text:?}"),
        None => assert!(shuck_parser::parser::Parser::new(text).parse().is_ok(), "{text:?}"),
    }
}

/// What the fast parser must know, as almost all scripts consist of it.
#[test]
fn common_scripts_are_parsed_fast() {
    for text in [
        "apt-get update && apt-get install -y --no-install-recommends curl \"$X\" && rm -rf /var/lib/apt/lists/*",
        "set -eux; if [ \"$(uname -m)\" = x86_64 ]; then a; elif b; then c; else d; fi",
        "curl -fsSL \"https://example.org/${VERSION:-1}.tgz\" | tar -xz --strip-components=1 -C /opt 2>&1 >/dev/null",
        "for i in a b; do (cd $i; make) || exit 1; done",
        "case \"$arch\" in amd64|x86) a=1;; *) ;; esac; export A=1 B='x'",
        "mkdir -p /a/{b,c}; echo `date` > f; while ! x; do sleep 1; done & wait",
    ] {
        assert!(fast(text).is_some(), "{text}");
        agree(text);
    }
}

/// What made the two differ once.
#[test]
fn odd_scripts() {
    for text in [
        "a >|10>f",
        "a <&3>>b",
        "a;&>f",
        "\\\n then",
        "! exit",
        "{1..3}\\ $X",
        "{a,b}\"x\"",
        "{1..3}$(a)b",
        "x $(X=1>f) y",
        "< #x",
        "$\"x\"",
        "export \\X=$(a)",
        "X=1 \\\n exit",
        "\"\\\"$X\"",
        "a `b` \"`c`\"",
        "]a",
        "[[",
        "a }",
        "{ }",
        "()",
        "X=1 if a; then b; fi",
        "case x in esac) a;; esac",
        "a#b #c",
        "(#a\nb)",
        "case x in a) ;; b) c;; esac",
    ] {
        agree(text);
    }
}

/// Every shell-form `RUN` of the corpus, where there is one, with the count of those that the fast parser knows.
#[test]
fn corpus() {
    let corpus = Path::new("/work/shared/corpus/dockerfiles");
    let mut paths = Vec::new();
    files(corpus, &mut paths);
    let (mut bodies, mut known) = (0, 0);
    for path in &paths {
        let Ok(source) = std::fs::read_to_string(path) else { continue };
        for instruction in plimsoll_dockerfile::parse(&source).instructions {
            let Kind::Run(run) = instruction.kind else { continue };
            let Some(script) = run.script.filter(|script| script.shebang.is_none()) else { continue };
            agree(&script.text.text);
            bodies += 1;
            known += usize::from(fast(&script.text.text).is_some());
        }
    }
    assert!(known * 100 >= bodies * 98, "the fast parser knows {known} of {bodies}");
}

fn files(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, paths) } else { paths.push(path) }
    }
}

const PIECES: &[&str] = &[
    "a",
    "b",
    "foo",
    "-y",
    "--x=y",
    "X=1",
    "X=",
    "X+=b",
    "1",
    "10",
    " ",
    " ",
    " ",
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
    "{",
    "}",
    "[ ",
    " ]",
    "[[",
    "]]",
    "!",
    "! ",
    "#",
    " # c\n",
    "'q r'",
    "\"",
    "\"d e\"",
    "\"$X\"",
    "\"\\\"",
    "$X",
    "${X}",
    "${X:-y}",
    "${X%%.*}",
    "${#X}",
    "$?",
    "$1",
    "$",
    "$(",
    "`",
    "\\",
    "\\ ",
    "\\\n",
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
    "function ",
    "time ",
    "{a,b}",
    "{1..3}",
    "é",
    "\u{a0}",
    "\r",
    "*",
    "~/x",
    "=",
    "+",
    "@",
    "^",
    ":",
    "/",
    "<",
    "> f",
    ">",
    "2>&1",
    ">&2",
    "&>",
    ">>",
    ">|",
    "<>",
    "export ",
    "exit ",
    "sudo ",
    "sh -c ",
    "shopt -s expand_aliases",
    "alias a='b c'",
    "(a; b)",
    "{ a; b; }",
    "$(a b)",
    "`a b`",
    "a | b",
    "a && b",
    "X=$(a) ",
    "\"$(a \"b\")\"",
    "$'x'",
    "$\"x\"",
    "if a; then b; fi",
    "for i in 1 2; do c; done",
    "case x in a) b;; c|d) e;; esac",
    "while a; do b; done",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_script(pieces in prop::collection::vec(prop::sample::select(PIECES), 1..14)) {
        agree(&pieces.concat());
    }
}
