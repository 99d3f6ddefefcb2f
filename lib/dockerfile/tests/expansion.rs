//! Expansion of variables: every operator, quotes, escapes, and the spans of references.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use plimsoll_dockerfile::expand::{ExpandError, Operator, expand, variables, words};
use plimsoll_dockerfile::{Kind, parse};

/// Variables for these tests: `V` is set, `E` is set and empty, `U` is not set.
fn lookup(name: &str) -> Option<&'static str> {
    Some(match name {
        "V" => "value",
        "E" => "",
        "PATH" => "/usr/local/bin",
        "FILE" => "app.tar.gz",
        "STARS" => "a*b?c\\d",
        "SPACED" => " one  two ",
        "GLOB" => "*.",
        _ => return None,
    })
}

#[track_caller]
fn expands(word: &str, expected: &str) {
    assert_eq!(expand(word, '\\', lookup).map(|expansion| expansion.value), Ok(expected.to_owned()), "{word}");
}

#[track_caller]
fn fails(word: &str, expected: &ExpandError) {
    assert_eq!(expand(word, '\\', lookup).as_ref(), Err(expected), "{word}");
}

#[test]
fn plain_references() {
    expands("$V", "value");
    expands("a${V}b$V-c", "avaluebvalue-c");
    expands("$Vx|$U|${U}", "||");
    expands("$|$.|$ a", "$|$.|$ a");
    expands("$1$22x$@$$", "x");
}

#[test]
fn defaults_and_alternatives() {
    for (word, set, empty, unset) in
        [("-w", "value", "", "w"), (":-w", "value", "w", "w"), ("+w", "w", "w", ""), (":+w", "w", "", "")]
    {
        expands(&format!("${{V{word}}}"), set);
        expands(&format!("${{E{word}}}"), empty);
        expands(&format!("${{U{word}}}"), unset);
    }
    expands("${U:-${W:-$V}}", "value");
    expands("${U:-\"a b\"}", "a b");
    expands("${U:-a\\}b}", "a}b");
    expands("${U:-'$V}'}", "$V}");
    expands("x${V:+-${V}}.tar", "x-value.tar");
}

#[test]
fn required_variables() {
    expands("${V?}${V:?why}${E?}", "valuevalue");
    let required = |message: &str, name: &str| ExpandError::Required { name: name.into(), message: message.into() };
    fails("${U?}", &required("", "U"));
    fails("${U:?set $V first}", &required("set value first", "U"));
    fails("${E:?}", &required("", "E"));
}

#[test]
fn prefixes_and_suffixes() {
    expands("${PATH#/}", "usr/local/bin");
    expands("${PATH#*/}", "usr/local/bin");
    expands("${PATH##*/}", "bin");
    expands("${PATH#/???}", "/local/bin");
    expands("${PATH#x}|${PATH#}|${PATH##}", "/usr/local/bin|/usr/local/bin|/usr/local/bin");
    expands("${FILE%.*}", "app.tar");
    expands("${FILE%%.*}", "app");
    expands("${FILE%%*}|${FILE%*}", "|app.tar.gz");
    expands("${FILE%.gz}${FILE%x}", "app.tarapp.tar.gz");
    expands("${STARS#a\\*b\\?}", "c\\d");
    expands("${STARS%\\\\d}", "a*b?c");
    expands("${STARS##*\\*}", "b?c\\d");
    expands("${FILE#$GLOB}", "tar.gz");
    expands("${U#x}${E%x}", "");
    fails("${V#\\v}", &ExpandError::Pattern("\\v".into()));
    fails("${V%v\\", &ExpandError::Unclosed('}'));
}

#[test]
fn replacements() {
    expands("${PATH/\\/usr/x}", "x/local/bin");
    expands("${PATH//\\//-}", "-usr-local-bin");
    expands("${FILE//a?/<>}", "<>p.t<>.gz");
    expands("${FILE/.*/}", "app");
    expands("${FILE//./$V}", "appvaluetarvaluegz");
    expands("${FILE//x/y}", "app.tar.gz");
    expands("${E/x/y}${U//x/y}", "");
    expands("${V//*/x}", "x");
    fails("${V/a}", &ExpandError::Unclosed('/'));
    fails("${V//a/b", &ExpandError::Unclosed('}'));
}

#[test]
fn quotes_and_escapes() {
    expands("\"$V '$V'\" '$V \"x\"'", "value 'value' $V \"x\"");
    expands("\\$V \"\\$V\" '\\$V'", "$V $V \\$V");
    expands("\"a\\b\\\\c\\\"\"", "a\\b\\c\"");
    expands("a\\ b\\", "a b");
    assert_eq!(expand("C:\\dir\\`$V \"`$V\\\"", '`', lookup).unwrap().value, "C:\\dir\\$V $V\\");
}

#[test]
fn mistakes() {
    fails("'a", &ExpandError::Unclosed('\''));
    fails("\"a", &ExpandError::Unclosed('"'));
    fails("\"a\\\"", &ExpandError::Unclosed('"'));
    fails("${", &ExpandError::Unclosed('}'));
    for word in ["${}", "${:-x}", "${{V}}"] {
        fails(word, &ExpandError::BadSubstitution);
    }
    fails("${V:-a", &ExpandError::Unclosed('}'));
    fails("${V=a}", &ExpandError::Operator("=".into()));
    fails("${V:=a}", &ExpandError::Operator(":=".into()));
    fails("${V^^}", &ExpandError::Operator("^".into()));
    fails("${V[0]}", &ExpandError::Operator("[".into()));
    assert_eq!(ExpandError::Operator("^".into()).to_string(), "unknown operator `^` in `${}`");
}

#[test]
fn looked_up_names_are_told() {
    let expansion = expand("$V ${U:-$W} ${E+x} '$Q' \\$R", '\\', lookup).unwrap();
    assert_eq!(expansion.matched.into_iter().collect::<Vec<_>>(), ["E", "V"]);
    assert_eq!(expansion.unmatched.into_iter().collect::<Vec<_>>(), ["U", "W"]);
}

#[test]
fn words_are_split_behind_expansion() {
    let split = |text: &str| words(text, '\\', lookup).unwrap();
    assert_eq!(split("a  b\tc"), ["a", "b", "c"]);
    assert_eq!(split("x${SPACED}y"), ["x", "one", "two", "y"]);
    assert_eq!(split("x\"${SPACED}\"y"), ["x one  two y"]);
    assert_eq!(split("a\\ b 'c d'\"e f\""), ["a b", "c de f"]);
    assert_eq!(split("$U \"\" $E"), [""; 0]);
    assert_eq!(split("cat <<  EOF"), ["cat", "<<  EOF"]);
}

#[test]
fn values_do_not_grow_without_bound() {
    let long = "x".repeat(40_000);
    let doubled = expand("$A$A", '\\', |_| Some(long.as_str()));
    assert_eq!(doubled, Err(ExpandError::TooLong));
    assert_eq!(expand("\"$A$A\"", '\\', |_| Some(long.as_str())), Err(ExpandError::TooLong));
    assert_eq!(expand("${A//x/$A}", '\\', |_| Some(long.as_str())), Err(ExpandError::TooLong));
    // A pattern that would take the product of the lengths in steps.
    let stars = "*a".repeat(2_000);
    assert_eq!(expand(&format!("${{A##{stars}}}"), '\\', |_| Some(long.as_str())), Err(ExpandError::TooLong));
    let deep = format!("{}{}", "${A:-".repeat(100_000), "}".repeat(100_000));
    assert_eq!(expand(&deep, '\\', lookup), Err(ExpandError::TooDeep));
}

#[test]
fn references_have_spans() {
    let source = "FROM a\nENV A=$B \\\n  C=\"x${D:-$F}\" G='$H' \\\n  I=\\$J K=${L#*/}$\\\nM\n";
    let file = parse(source);
    let found = variables(&file.instructions[1].arguments, file.escape);
    let texts: Vec<(&str, &str, Option<Operator>)> =
        found.iter().map(|variable| (&*variable.name, variable.span.text(source), variable.operator)).collect();
    assert_eq!(
        texts,
        [
            ("B", "$B", None),
            ("D", "${D:-$F}", Some(Operator::Default)),
            ("F", "$F", None),
            ("L", "${L#*/}", Some(Operator::Prefix)),
            ("M", "$\\\nM", None),
        ]
    );
    assert_eq!(found[1].name_span.text(source), "D");
    assert!(found[1].has_default() && !found[3].has_default());
    let names = |text: &str| {
        let file = parse(text);
        let found = variables(&file.instructions[0].arguments, file.escape);
        found.iter().map(|variable| variable.operator).collect::<Vec<_>>()
    };
    assert_eq!(
        names("ENV A=${B+x}${C:?y}${D%%z}${E/a/b}"),
        [Some(Operator::Alternative), Some(Operator::Required), Some(Operator::Suffix), Some(Operator::Replace),]
    );
    // Those before the mistake.
    assert_eq!(names("ENV A=$B C=${D^} E=$F").len(), 1);
}

#[test]
fn a_word_has_its_part_of_the_arguments() {
    let source = "FROM a\nCOPY [\"$A\", \\\n \"\\\\$B\", \"$C\\u0041\"]\nWORKDIR $D/\\\n$E\n";
    let file = parse(source);
    let copy = &file.instructions[1];
    let Kind::Copy(transfer) = &copy.kind else { panic!() };
    assert_eq!(copy.part(transfer.sources[1].span).text, "\"\\\\$B\"");
    assert_eq!(copy.word(&transfer.sources[1]).text, "\\$B");
    assert_eq!(variables(&copy.word(&transfer.sources[1]), file.escape), []);
    let destination = copy.word(transfer.destination.as_ref().unwrap());
    assert_eq!(destination.text, "$CA");
    let found = variables(&destination, file.escape);
    assert_eq!((&*found[0].name, found[0].span.text(source)), ("CA", "$C\\"));
    let Kind::Workdir(word) = &file.instructions[2].kind else { panic!() };
    let part = file.instructions[2].word(word);
    assert_eq!(part.text, "$D/$E");
    let found = variables(&part, file.escape);
    assert_eq!(found.iter().map(|variable| variable.span.text(source)).collect::<Vec<_>>(), ["$D", "$E"]);
}
