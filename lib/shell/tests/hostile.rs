//! Texts that are made to hurt: no panic, no overflow of a small stack, no long time.

use plimsoll_shell::{Dialect, parse};
use std::time::{Duration, Instant};

/// Each takes milliseconds; the rest is for slow machines and unoptimised builds.
const LONGEST: Duration = Duration::from_secs(1);

fn survives(name: &str, text: String) {
    // Half of what a thread gets, as the caller needs some too.
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    let parsing = thread.spawn(move || {
        let start = Instant::now();
        let _ = parse(&text, Dialect::Posix);
        start.elapsed()
    });
    let time = parsing.ok().and_then(|parsing| parsing.join().ok());
    assert!(time.is_some_and(|time| time < LONGEST), "{name}: {time:?}");
}

#[test]
fn repetition() {
    let pieces = [
        "(",
        "$(",
        "`",
        "\"",
        "'",
        "{ ",
        "if ",
        "if a; then ",
        "while ",
        "case x in a) ",
        "for i in a; do ",
        "${",
        "${x:-",
        "$((",
        "((",
        "[[ ( ",
        "\"$(",
        "\"`",
        "<(",
        "<<E\n",
        "$(cat <<E\n",
        "a(){ ",
        "a=(",
        "a[",
        "${a[",
        "${a/",
        "a | ",
        "a && ",
        "a; ",
        "a\n",
        "sudo ",
        "sh -c '",
        "find -exec x \\; ",
        "a $(b) ",
        "! ",
        "time ",
        ">f time ",
        "coproc ",
        "{a,",
        "{a,b}",
        "\\",
        "\\\n",
        "$",
        "#",
        "$'",
        "$x",
        "a=1 ",
        ">f ",
        "<<<a ",
        "é",
        "\0",
        "\r",
        "a<<E\nE\n",
        "$[",
        "@(",
        "]] ",
        ";;",
        "(( a + ",
        "[[ a && ",
        "export a=",
        "exit ",
        "alias a=b\nshopt -s expand_aliases\na\n",
        "\"$x",
    ];
    for piece in pieces {
        for times in [30, 100, 10_000, (256 << 10) / piece.len()] {
            survives(piece, piece.repeat(times));
        }
    }
}

#[test]
fn nesting() {
    let brackets = [
        ("(", ")"),
        ("$(", ")"),
        ("{ ", "; }"),
        ("if a;then ", ";fi"),
        ("\"$(", ")\""),
        ("${x:-", "}"),
        ("$((", "))"),
        ("[[ ( ", " ) ]]"),
        ("case x in a) ", ";; esac"),
        ("while a;do ", ";done"),
        ("f(){ ", ";}"),
        ("x=$(", ")"),
        ("cat <<E\n$(", ")\nE\n"),
        ("{ a | ", " ; }"),
    ];
    for (open, close) in brackets {
        for levels in [20, 50, 100, 1000, 10_000] {
            survives(open, format!("{}a{}", open.repeat(levels), close.repeat(levels)));
        }
    }
}

#[test]
fn length() {
    survives("one word", "x".repeat(200_000));
    survives("one string", format!("'{}'", "x".repeat(200_000)));
    survives("one line", "apt-get install -y package ".repeat(9000));
    assert_eq!(parse(&"x".repeat(1 << 20), Dialect::Posix), None);
}
