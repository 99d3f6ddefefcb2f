use super::*;
use crate::Dialect;
use std::time::Instant;

/// Codes that the tests are about.
const CODES: [u16; 12] = [2028, 2034, 2086, 2154, 2155, 2164, 3010, 3037, 3043, 3045, 3046, 3060];

fn found(text: &str, dialect: Dialect, variables: &[&str]) -> Vec<ShellFinding> {
    match &*Checker::new(&CODES).check(text, dialect, variables) {
        Outcome::Checked(findings) => findings.clone(),
        outcome => panic!("{text}: {outcome:?}"),
    }
}

fn codes(text: &str, dialect: Dialect, variables: &[&str]) -> Vec<(u16, String)> {
    let words = |finding: ShellFinding| (finding.code, finding.span.text(text).to_owned());
    found(text, dialect, variables).into_iter().map(words).collect()
}

#[test]
fn findings_stand_on_their_words() {
    let expected = [(2164, "cd /x".to_owned()), (2086, "$B".to_owned())];
    assert_eq!(codes("cd /x; rm $B \"$A\" $A", Dialect::Posix, &["A", "B_"]), expected);
    assert_eq!(codes("export A=$(b)", Dialect::Bash, &[]), [(2155, "A".to_owned())]);
    assert_eq!(codes("echo é; cp $X y", Dialect::Posix, &["X_Y"])[0], (2086, "$X".to_owned()));
}

#[test]
fn shells_differ() {
    let text = "[[ $A = b ]] && source ./x";
    assert_eq!(codes(text, Dialect::Bash, &["A"]), []);
    let in_sh: Vec<u16> = codes(text, Dialect::Posix, &["A"]).iter().map(|it| it.0).collect();
    assert_eq!(in_sh, [3010, 3046]);
    let understands = |text: &str, dialect: Dialect| {
        let findings = found(text, Dialect::Posix, &[]);
        assert!(!findings.is_empty(), "{text}");
        findings.iter().all(|finding| dialect.understands(finding, text))
    };
    assert!(understands("echo -n x", Dialect::Dash));
    assert!(!understands("echo -e x", Dialect::Dash));
    assert!(understands("echo -e x", Dialect::Ash));
    assert!(understands("f() { local x=1; echo \"$x\"; }; f", Dialect::Dash));
    assert!(understands("a; ulimit -n 5", Dialect::Dash));
    assert!(!understands("read -r -t 5 x; echo \"$x\"", Dialect::Dash));
    assert!(!understands("[[ a = b ]]", Dialect::Dash));
    assert!(understands("[[ a = b ]]", Dialect::Ash));
    assert!(understands("[[ a = b ]]", Dialect::Bash));
}

#[test]
fn known_errors_of_the_linter_are_left_out() {
    assert_eq!(codes("echo 'a\\n'", Dialect::Posix, &[])[0].0, 2028);
    assert_eq!(codes("echo a\\n", Dialect::Posix, &[]), []);
    assert_eq!(codes("$B=2", Dialect::Posix, &[]).iter().filter(|it| it.0 == 2086).count(), 0);
    assert_eq!(codes("dd if=$B=2", Dialect::Posix, &[]).iter().filter(|it| it.0 == 2086).count(), 1);
}

#[test]
fn fixes_stand_in_the_text() {
    let findings = found("cp $X y", Dialect::Posix, &[]);
    let fix = findings[0].fix.as_ref().expect("a fix");
    assert!(!fix.safe);
    assert_eq!(fix.edits, [(Span::new(3, 5), "\"$X\"".to_owned())]);
}

#[test]
fn safe_fixes_keep_what_the_script_does() {
    let codes = [1003, 1087, 2027, 2121, 2209, 2223, 2291];
    let is_safe = |text: &str| {
        let Outcome::Checked(findings) = &*Checker::new(&codes).check(text, Dialect::Bash, &[]) else {
            panic!("{text}")
        };
        let fix = findings.iter().find_map(|finding| finding.fix.as_ref());
        fix.unwrap_or_else(|| panic!("{text}: no fix")).safe
    };
    assert!(is_safe("sed '$a\\' f"));
    assert!(is_safe("echo a     b"));
    assert!(is_safe(": ${a:=b}"));
    for doubtful in
        [": ${a:='b'}", ": ${a:=~/b}", "a=set; echo $a", "set a b", "b=$(c); echo \"a \"$b\" c\"", "echo \"$b[0]\""]
    {
        assert!(!is_safe(doubtful), "{doubtful}");
    }
}

#[test]
fn what_does_not_parse_says_where() {
    let outcome = Checker::new(&CODES).check("HOME=x; if true; then a;", Dialect::Posix, &["HOME"]);
    assert_eq!(*outcome, Outcome::Invalid(Span::new(23, 24), "expected 'fi'".to_owned()));
}

#[test]
fn equal_texts_with_other_surroundings_are_kept_apart() {
    let checker = Checker::new(&CODES);
    let count = |text: &str, dialect: Dialect, variables: &[&str]| match &*checker.check(text, dialect, variables) {
        Outcome::Checked(findings) => findings.len(),
        outcome => panic!("{outcome:?}"),
    };
    for _ in 0..2 {
        assert_eq!(count("echo -e $A", Dialect::Posix, &[]), 2);
        assert_eq!(count("echo -e $A", Dialect::Posix, &["A"]), 1);
        assert_eq!(count("echo -e $A", Dialect::Bash, &["A"]), 0);
        assert_eq!(count("export A=1\necho $A", Dialect::Posix, &[]), 0);
        assert_eq!(count("echo $A", Dialect::Posix, &["A"]), 0);
    }
}

#[test]
fn hostile_texts_end_soon() {
    let nested = |open: &str, close: &str| format!("{}a{}", open.repeat(10_000), close.repeat(10_000));
    let texts = [
        nested("(", ")"),
        nested("$(", ")"),
        nested("{ ", "; }"),
        "time ".repeat(5_000),
        "time ".repeat(400),
        "coproc ".repeat(5_000),
        "read A; echo $A | b;".repeat(50_000),
        "\"".repeat(1_000_000),
        "*".repeat(16_000),
        "cat <<A\n$(cat <<B\n$A\nB\n)\nA\n".repeat(90),
        format!("{}a{}", "cat <<A\n$(".repeat(40), "\n)\nA\n".repeat(40)),
        format!("{}c", "a=$b ".repeat(3_000)),
    ];
    let checker = Checker::new(&CODES);
    for text in texts {
        let start = Instant::now();
        checker.check(&text, Dialect::Bash, &[]);
        assert!(start.elapsed().as_secs() < 20, "{}", &text[..40]);
    }
}
