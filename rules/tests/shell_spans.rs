//! A finding of ShellCheck's codes covers in the Dockerfile exactly the text that the shell's finding covers, whatever
//! the Dockerfile puts between the bytes of the script.
#![cfg(feature = "shellcheck")]

use plimsoll::engine::SelectionSpec;
use plimsoll::{Linter, Settings};
use plimsoll_base::Span;
use plimsoll_shell::Dialect;
use plimsoll_shell::shellcheck::{Checker, Outcome};

const CODES: [u16; 15] = [2006, 2016, 2028, 2034, 2035, 2046, 2086, 2115, 2129, 2154, 2155, 2164, 2223, 3010, 3020];

/// Scripts of one line; those in brackets are no JSON, so that they are read as shell.
const LINES: [&str; 9] = [
    "cd /x; rm $B \"$A\" $A; echo 'é\\n' é$C",
    "export A=`b`; cp *.c /d; echo 'it is $HOME' ü $(e f)",
    "[ $A = \"b c\" ] && rm -r \"$D/\"* && cd é",
    "for f in a b; do : ${x:=1}; g=$(cat $f); done &> /dev/null",
    "[[ $A = $(b $C) ]] || { cd $D; }",
    "a $b | c $(d `e $f` \"$(g $h)\") > $i",
    "echo \"a\" \"$(echo $A)\" > /srv/$B # a comment $C",
    "if [ -n $A ]; then cd /b; fi; (cd $C && d)",
    "x() { local y=$(z); echo $y; }; x $A",
];

/// Scripts of several lines.
const TEXTS: [&str; 3] = [
    "cd /a\n\n# a comment $b\nfor i in é ö; do\n  rm -r \"$X/\"* $i \\\n    $Y\ndone\n",
    "cat <<X\n$(a $b)\nX\nif c; then\n\texport D=$(e)\n\trm *\nfi\n",
    "a \\\n  $b \\\n  \"$(c $d)\"\n\ncd é; echo $e\n",
];

/// Numbers that look random, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A Dockerfile that holds a script, and where each of the script's bytes stands in it.
struct Carrier {
    text: String,
    at: Vec<usize>,
}

impl Carrier {
    fn new(head: &str) -> Self {
        Self { text: head.to_owned(), at: Vec::new() }
    }

    fn push(&mut self, piece: char) {
        self.at.extend(self.text.len()..self.text.len() + piece.len_utf8());
        self.text.push(piece);
    }

    /// A script of one line behind the instruction's name, cut by continuations at places that mean nothing.
    fn continued(head: &str, script: &str, escape: char, line_break: &str, random: &mut Random) -> Self {
        let mut carrier = Self::new(&head.replace('\n', line_break));
        let mut before = ' ';
        for piece in script.chars() {
            let cuts =
                !piece.is_whitespace() && piece != '#' && ![piece, before].contains(&escape) && random.below(5) == 0;
            if cuts {
                carrier.text.push(escape);
                carrier.text.push_str(["", " ", "\t "][random.below(3) as usize]);
                carrier.text.push_str(line_break);
                for _ in 0..random.below(3) {
                    carrier
                        .text
                        .push_str(["# a comment $no `no` \\", "", "   # é \"no", "\t"][random.below(4) as usize]);
                    carrier.text.push_str(line_break);
                }
            }
            carrier.push(piece);
            before = piece;
        }
        carrier.text.push_str(line_break);
        carrier
    }

    /// A script as the body of a heredoc.
    fn heredoc(head: &str, script: &str, tabs: &str, line_break: &str) -> Self {
        let mut carrier = Self::new(&head.replace('\n', line_break));
        for line in script.split_inclusive('\n') {
            carrier.text.push_str(tabs);
            for piece in line.chars() {
                if piece == '\n' && line_break.len() > 1 {
                    carrier.text.push('\r');
                }
                carrier.push(piece);
            }
        }
        carrier.text.push_str(tabs);
        carrier.text.push_str("EOT");
        carrier.text.push_str(line_break);
        carrier
    }

    /// Where a range of the script stands.
    fn place(&self, span: Span) -> Span {
        let start = self.at.get(span.start as usize).copied().unwrap_or_default() as u32;
        let last = (span.end as usize).checked_sub(1).filter(|_| !span.is_empty()).and_then(|last| self.at.get(last));
        Span::new(start, last.map_or(start, |&last| last as u32 + 1))
    }
}

struct Checks {
    linter: Linter,
    checker: Checker,
    findings: usize,
}

impl Checks {
    fn new() -> Self {
        let select = Some(CODES.map(|code| format!("SC{code}")).to_vec());
        let spec = SelectionSpec { select, ..SelectionSpec::default() };
        let linter = Linter::new(&Settings { spec, ..Settings::default() }).expect("known codes");
        Self { linter, checker: Checker::new(&CODES), findings: 0 }
    }

    fn compare(&mut self, carrier: &Carrier, script: &str, dialect: Dialect) {
        let outcome = self.checker.check(script, dialect, &[]);
        let Outcome::Checked(findings) = &*outcome else { panic!("{script}: {outcome:?}") };
        let mut expected: Vec<(Span, String)> =
            findings.iter().map(|found| (carrier.place(found.span), format!("SC{}", found.code))).collect();
        let report = self.linter.lint("Dockerfile", &carrier.text);
        let code = |finding: &plimsoll::engine::Finding| finding.alias_names().collect::<String>();
        let mut found: Vec<(Span, String)> =
            report.findings.iter().map(|finding| (finding.span, code(finding))).collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{}", carrier.text);
        self.findings += found.len();
    }
}

const BASH: &str = "FROM scratch\nSHELL [\"/bin/bash\", \"-c\"]\n";

#[test]
fn continued_lines() {
    let mut checks = Checks::new();
    let mut random = Random(2026);
    for keyword in [
        "RUN ",
        "RUN --network=none ",
        "CMD ",
        "entrypoint  ",
        "ONBUILD RUN ",
        "HEALTHCHECK --interval=5s CMD ",
        "ONBUILD CMD\t",
    ] {
        for (script, line_break) in LINES.iter().flat_map(|script| [(script, "\n"), (script, "\r\n")]) {
            for (escape, directive) in [('\\', ""), ('`', "# escape=`\n")] {
                // Backquotes of the script would be escapes themselves.
                if escape == '`' && script.contains('`') {
                    continue;
                }
                for (shell, dialect) in [("FROM scratch\n", Dialect::Posix), (BASH, Dialect::Bash)] {
                    // With this escape an image is taken for one of Windows, unless a shell is named.
                    if escape == '`' && dialect == Dialect::Posix {
                        continue;
                    }
                    let head = format!("{directive}{shell}{keyword}");
                    let carrier = Carrier::continued(&head, script, escape, line_break, &mut random);
                    checks.compare(&carrier, script, dialect);
                }
            }
        }
    }
    assert!(checks.findings > 1000, "{}", checks.findings);
}

#[test]
fn heredocs() {
    let mut checks = Checks::new();
    for script in TEXTS {
        for line_break in ["\n", "\r\n"] {
            for (operator, tabs) in [("<<EOT", ""), ("<<'EOT'", ""), ("<<-EOT", "\t\t"), ("<<-\"EOT\"", "\t")] {
                // `<<-` takes the tabs of the script too.
                if operator.contains('-') && script.contains("\n\t") {
                    continue;
                }
                for keyword in ["RUN ", "ONBUILD RUN ", "RUN --mount=type=cache,target=/x "] {
                    let head = format!("{BASH}{keyword}{operator}\n");
                    let carrier = Carrier::heredoc(&head, script, tabs, line_break);
                    checks.compare(&carrier, script, Dialect::Bash);
                }
            }
        }
    }
    assert!(checks.findings > 200, "{}", checks.findings);
}
