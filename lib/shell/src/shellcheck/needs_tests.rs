//! That rules which are left out would have found nothing: scripts by their codes, every shell text of the real
//! Dockerfiles at hand, and what comes of these by changing characters and words.

use super::*;
use plimsoll_dockerfile::{Kind, parse};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Scripts that have findings of many codes, which the changes join and cut.
const SCRIPTS: &[&str] = &[
    "cd /x; rm -r $A/* \"$B\" ${C} `ls *`",
    "f() { local x=$1; echo \"$x\"; cd ..; return 300; }; f; if [ $A == b -a -n $C ]; then echo -e 'a\\nb'; fi",
    "for f in $(ls *.txt | grep a); do cat $f | wc -l; sudo echo a > /b; done",
    "case $A in a) set -o pipefail;; *) read B;; esac; [[ $A =~ \"^a\" ]] && source ./x || exit -1",
    "find . -name *.c | xargs rm; egrep a* b | wc -l; expr 1 + 1; trap \"rm $A\" INT 9; ls | grep b",
    "export A=$(cat b); printf \"$A\\n\"; ((A++)); echo $((A+1)) ${A[0]} ${!B} ${A:1:2} ${A/a/b} ${A^^}",
    "A='x'y'z'; echo \"a\"$A\"b\"; echo a  b; su root; let A=1; echo {1..3} &> /dev/null; cat <<< a |& tee b",
    "while read a; do ssh host \"ls $a\"; done < b > b; [ -d \"~/a\" ] && tr a-z A-Z; alias a='ls $1'; eval a",
    "if [ $? -ne 0 ]; then (true); fi; . ./a b; unset a[1]; arr=(a,b $(c)); select x in a; do break; done",
    "cat <<A\n$B\n A\nA\nfunction g { export $A; }; echo $(echo a) $\"a\" $'b' >& c; `a`; *.sh; else if",
];

fn checker() -> Checker {
    let known: Vec<u16> = needs::TABLE.iter().flat_map(|(codes, _)| codes.iter().copied()).collect();
    Checker::new(&known)
}

/// What the rules find in a text that may find something, and what all rules find.
fn both(checker: &Checker, text: &str, dialect: Dialect, variables: &[&str]) -> [Outcome; 2] {
    let mut source = preamble(text, variables);
    let base = source.len();
    source.push_str(text);
    let key = Key { dialect, base, source };
    let all: RuleSet = checker.rules.iter().map(|&(rule, _)| rule).collect();
    let chosen = checker.rules_for(text, variables);
    [chosen, all]
        .map(|rules| catch_unwind(AssertUnwindSafe(|| checker.checked(&key, rules))).unwrap_or(Outcome::Skipped))
}

/// The codes that only all rules find, each with a text.
type Missed = BTreeMap<u16, String>;

fn compare(checker: &Checker, text: &str, dialect: Dialect, variables: &[&str], missed: &mut Missed) {
    if !limits::is_tame(text) || crate::parse(text, dialect).is_none() {
        return;
    }
    let [chosen, all] = both(checker, text, dialect, variables);
    if chosen == all {
        return;
    }
    let found = |outcome: &Outcome| match outcome {
        Outcome::Checked(findings) => findings.clone(),
        // What the linter does not read it finds nothing in.
        Outcome::Invalid(..) | Outcome::Skipped => Vec::new(),
    };
    let chosen = found(&chosen);
    for finding in found(&all).iter().filter(|finding| !chosen.contains(finding)) {
        missed.entry(finding.code).or_insert_with(|| format!("{text:?} as {dialect:?} with {variables:?}"));
    }
}

/// The names that a text expands: every second one counts as set before.
fn names(text: &str) -> Vec<&str> {
    let behind = text.split('$').skip(1).map(|rest| rest.trim_start_matches('{'));
    let name = |rest: &'_ str| rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let names: BTreeSet<&str> = behind.map(|rest| &rest[..name(rest)]).filter(|name| is_name(name)).collect();
    names.into_iter().step_by(2).collect()
}

fn shell_texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = Vec::new();
    files(&root.join("testdata/dockerfiles"), &mut paths);
    files(&root.join("../shared/corpus/dockerfiles"), &mut paths);
    let mut texts = BTreeSet::new();
    for path in paths {
        let content = std::fs::read_to_string(&path).unwrap_or_default();
        let parsed = parse(&content);
        texts.extend(parsed.instructions.iter().filter_map(|instruction| match &instruction.kind {
            Kind::Run(run) => run.script.as_ref().map(|script| script.text.text.to_string()),
            _ => None,
        }));
    }
    texts.into_iter().collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// A text changed in one to four places: a piece of another text, or a character that means something, goes in; or a
/// piece goes out.
fn changed(text: &str, others: &[String], random: &mut impl FnMut(usize) -> usize) -> String {
    const PIECES: &[&str] = &[
        "$",
        "`",
        "'",
        "\"",
        "\\",
        "*",
        "?",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "<",
        ">",
        "|",
        "&",
        ";",
        "=",
        "~",
        "#",
        "!",
        " ",
        "\n",
        "-",
        "$A",
        "\"$A\"",
        "$(a)",
        " && ",
        " || ",
        "; cd x; ",
        " test ",
        " [ ",
        " ] ",
        "echo ",
        "for a in ",
        "; done",
        "; do ",
    ];
    let boundary = |text: &str, at: usize| (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
    let mut text = text.to_owned();
    for _ in 0..=random(4) {
        let from = boundary(&text, random(text.len() + 1));
        let to = boundary(&text, (from + random(8)).min(text.len())).max(from);
        match random(4) {
            0 => text.replace_range(from..to, ""),
            1 => {
                let other = &others[random(others.len())];
                let start = boundary(other, random(other.len() + 1));
                let end = boundary(other, (start + random(40)).min(other.len())).max(start);
                text.insert_str(from, &other[start..end]);
            }
            _ => text.insert_str(from, PIECES[random(PIECES.len())]),
        }
    }
    text
}

#[test]
fn rules_that_are_left_out_find_nothing() {
    const DIALECTS: [Dialect; 4] = [Dialect::Posix, Dialect::Bash, Dialect::Dash, Dialect::Ksh];
    let mut texts = shell_texts();
    assert!(texts.len() > 20);
    texts.extend(SCRIPTS.iter().map(|&script| script.to_owned()));
    let checker = checker();
    // How many changed texts; many more were compared when the conditions were written.
    let changes = std::env::var("PLIMSOLL_CHANGES").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_usize);
    let mut missed = Missed::new();
    let mut state = 0x9e37_79b9_7f4a_7c15 ^ changes as u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for (at, text) in texts.iter().enumerate() {
        compare(&checker, text, DIALECTS[at % DIALECTS.len()], &names(text), &mut missed);
    }
    for at in 0..changes {
        // Half of them come of the scripts that have findings.
        let from = if at % 2 == 0 { random(texts.len()) } else { texts.len() - 1 - random(SCRIPTS.len()) };
        let text = changed(&texts[from], &texts, &mut random);
        compare(&checker, &text, DIALECTS[at % DIALECTS.len()], &names(&text), &mut missed);
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn ordinary_texts_need_no_analysis() {
    let checker = checker();
    let is_empty = |text: &str, variables: &[&str]| checker.rules_for(text, variables).is_empty();
    assert!(is_empty("apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*", &[]));
    assert!(is_empty("make install DESTDIR=/srv NAME=\"a b\" 2>/dev/null", &[]));
    assert!(is_empty("curl -L https://example.com/$VERSION/app-${VERSION}.tgz", &["VERSION"]));
    assert!(!is_empty("curl -L https://example.com/$VERSION/app.tgz", &[]));
    assert!(!is_empty("VERSION=$(date); curl $VERSION", &["VERSION"]));
    assert!(!is_empty("c\"\"d /srv", &[]));
}
