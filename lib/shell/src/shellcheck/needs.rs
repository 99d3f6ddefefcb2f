//! What a text must hold for a code to be found in it: only codes that can be found are looked for, and a text that can
//! have none is not even parsed.
//!
//! A condition that is too weak costs time, one that is too strong loses findings. Each follows from what the linter's
//! rule looks at, and a test compares the codes so found with those of all rules.

use std::sync::LazyLock;

/// One of the strings of each list must stand in the text. Those of letters count as whole words only, wherever quotes
/// stand in them.
type Needs = &'static [&'static [&'static str]];

/// Which strings a text holds: the numbers of those in [`STRINGS`], of which there are fewer than 128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held(u128);

/// What a code needs, as sets of numbers.
#[derive(Debug, Clone)]
pub(super) struct Condition(Vec<u128>);

impl Condition {
    /// Of a code.
    pub(super) fn of(code: u16) -> Self {
        let set =
            |list: &&[&'static str]| list.iter().map(|string| STRINGS.number(string)).fold(0, |set, at| set | 1 << at);
        let found = TABLE.iter().filter(|(codes, _)| codes.contains(&code));
        Self(found.flat_map(|(_, needs)| needs.iter().map(set)).collect())
    }

    /// Whether the code may be found in a text that holds so much.
    pub(super) fn is_met(&self, Held(held): Held) -> bool {
        self.0.iter().all(|list| list & held != 0)
    }
}

impl Held {
    /// Looks through a text. `variables` are the names that are set before it runs.
    pub(super) fn by(text: &str, variables: &[&str]) -> Self {
        // The names of files and commands in `$'...'` can be written in ways that are not looked through here.
        if text.contains("$'") {
            return Self(u128::MAX);
        }
        let mut held = STRINGS.symbols_in(text);
        let unquoted = without_quotes(text);
        if unquoted.len() < text.len() {
            held |= STRINGS.symbols_in(&unquoted);
        }
        held |= STRINGS.words_in(&unquoted);
        for (number, holds) in &STRINGS.forms {
            held |= u128::from(holds(text, variables)) << number;
        }
        Self(held)
    }
}

/// The text without quotes, backslashes, and line breaks behind these.
fn without_quotes(text: &str) -> String {
    let mut rest = text.replace("\\\n", "");
    rest.retain(|character| !matches!(character, '\'' | '"' | '\\'));
    rest
}

/// Forms that no string tells: what stands for them in the table, and whether a text has them.
const FORMS: [(&str, Form); 11] = [
    (UNKNOWN, expands_unknown),
    (LEADING_GLOB, |text, _| has_leading_glob(text)),
    (GLOB_COMMAND, |text, _| some_first_word(text, |word| word.contains(['*', '?', '[']))),
    (ODD_COMMAND, |text, _| some_first_word(text, |word| word.contains(['\'', '"', '\\', '#', '[']))),
    (ASSIGNMENT, |text, _| some_first_word(text, |word| word.contains('='))),
    (BACKGROUND, |text, _| starts_word_in_background(text)),
    (LITERAL_BRACE, |text, _| has_literal_brace(text)),
    (BETWEEN_QUOTES, |text, _| continues_behind_quote(text)),
    (NAMED_TARGET, |text, _| redirects_to(text, |target| target.first().is_some_and(u8::is_ascii_alphabetic))),
    (REPEATED_TARGET, |text, _| redirects_to(text, |target| is_repeated(text, target))),
    (BOTH_OUTPUTS, |text, _| redirects_both_outputs(text)),
];

/// Whether a text has a form, by the names that are set before it runs.
type Form = fn(&str, &[&str]) -> bool;

const UNKNOWN: &str = "$unknown";
const LEADING_GLOB: &str = "*leading";
const GLOB_COMMAND: &str = "*command";
const ODD_COMMAND: &str = "#command";
const ASSIGNMENT: &str = "=assignment";
const BACKGROUND: &str = "&word";
const LITERAL_BRACE: &str = "{literal";
const BETWEEN_QUOTES: &str = "'between";
const NAMED_TARGET: &str = ">named";
const REPEATED_TARGET: &str = ">repeated";
const BOTH_OUTPUTS: &str = ">both";

/// Whether the text expands anything but, by its plain name, a variable that is set before and that it sets nowhere.
fn expands_unknown(text: &str, variables: &[&str]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let bytes = text.as_bytes();
    let sets = |name: &str| {
        text.match_indices(name).any(|(at, _)| {
            let (before, behind) = (&bytes[..at], &bytes[at + name.len()..]);
            let whole = !before.last().is_some_and(is_name) && !behind.first().is_some_and(is_name);
            let expanded = before.ends_with(b"$") || before.ends_with(b"${") && behind.starts_with(b"}");
            whole && !expanded
        })
    };
    if bytes.contains(&b'`') {
        return true;
    }
    let mut known: Vec<&str> = Vec::new();
    for (at, _) in text.match_indices('$') {
        let rest = &text[at + 1..];
        let inner = rest.strip_prefix('{').unwrap_or(rest);
        let length = inner.bytes().take_while(|byte| is_name(byte)).count();
        let name = &inner[..length];
        if inner.len() < rest.len() && inner.as_bytes().get(length) != Some(&b'}') {
            return true;
        }
        if !known.contains(&name) {
            if !variables.contains(&name) || sets(name) {
                return true;
            }
            known.push(name);
        }
    }
    // What another script sets is not known, nor what has a value where a text is never run.
    const UNCLEAR: [&str; 8] = ["eval", "source", ". ", "exit", "return", "exec", "break", "continue"];
    !known.is_empty() && UNCLEAR.iter().any(|word| text.contains(word))
}

/// Whether what may be the first word of a command fulfills a condition. Where quotes or redirections make it unclear
/// which word that is, any word of the command, or of the text, may be.
fn some_first_word(text: &str, holds: impl Fn(&str) -> bool) -> bool {
    const KEYWORDS: [&str; 10] = ["if", "then", "elif", "else", "while", "until", "do", "!", "time", "in"];
    let commands = text.split([';', '&', '|', '(', ')', '{', '}', '`', '\n']);
    // A brace in a word may begin a list with more words in it, and `>|` ends no command.
    holds(text) && (has_literal_brace(text) || text.contains(">|"))
        || commands.into_iter().any(|command| {
            let mut words = command.split_ascii_whitespace().skip_while(|word| KEYWORDS.contains(word));
            words.next().is_some_and(|first| {
                // What is quoted may hold what ends a command elsewhere.
                let quoted = first.contains(['\'', '"', '\\']);
                let unclear = first.contains(['=', '<', '>', '#']);
                holds(if quoted {
                    text
                } else if unclear {
                    command
                } else {
                    first
                })
            })
        })
}

/// Whether a wildcard may stand at the start of a word.
fn has_leading_glob(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-=:,@%+~".contains(&byte);
    let pairs = text.as_bytes().windows(2);
    text.starts_with(['*', '?']) || pairs.into_iter().any(|pair| matches!(pair[1], b'*' | b'?') && !inner(pair[0]))
}

fn starts_word_in_background(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).enumerate().any(|(at, pair)| {
        let follows = pair[1] == b'_' || pair[1].is_ascii_alphanumeric();
        pair[0] == b'&' && follows && !at.checked_sub(1).is_some_and(|before| b"&<>".contains(&bytes[before]))
    })
}

/// Whether a brace may be another than those of `${name}`.
fn has_literal_brace(text: &str) -> bool {
    let mut pieces = text.split("${");
    let plain = |text: &str| !text.contains(['{', '}']);
    let ends_plainly = |piece: &str| {
        let name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        piece.split_once('}').is_some_and(|(inner, behind)| name(inner) && plain(behind))
    };
    ["\\$", "$$"].iter().any(|odd| text.contains(odd)) || !pieces.next().is_none_or(plain) || !pieces.all(ends_plainly)
}

/// Whether something may stand right behind a closing quote in the same word. Where quotes may nest, any quote is reason
/// to believe so.
fn continues_behind_quote(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| matches!(byte, b'\'' | b'"')) {
        return false;
    }
    if text.contains("$(") || text.contains("<<") || bytes.iter().any(|byte| matches!(byte, b'`' | b'#' | b'\\')) {
        return true;
    }
    let mut open = None;
    bytes.iter().enumerate().any(|(at, &byte)| {
        match open {
            None if matches!(byte, b'\'' | b'"') => open = Some(byte),
            Some(quote) if byte == quote => {
                open = None;
                return bytes.get(at + 1).is_some_and(|next| !b" \t\n;&|()<>".contains(next));
            }
            _ => {}
        }
        false
    })
}

/// Whether the target of a redirection, as it stands, fulfills a condition.
fn redirects_to(text: &str, holds: impl Fn(&[u8]) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'<' | b'>')).any(|(at, _)| {
        let rest = bytes[at + 1..].trim_ascii_start();
        let duplicates = rest.first() == Some(&b'&');
        let rest = if duplicates || rest.first() == Some(&b'|') { rest[1..].trim_ascii_start() } else { rest };
        let length = rest.iter().position(|byte| b" \t\n;&|()<>".contains(byte)).unwrap_or(rest.len());
        // A quote at its start may be all that hides a name.
        let quotes = rest[..length].iter().take_while(|byte| b"'\"\\".contains(byte)).count();
        let target = &rest[quotes..length];
        let descriptor = duplicates && target.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
        !target.is_empty() && !descriptor && holds(target)
    })
}

/// Whether a file's name, without its folders, stands in the text twice or cannot be compared as it stands.
fn is_repeated(text: &str, target: &[u8]) -> bool {
    let name = target.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let plain = name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.+".contains(byte));
    name.is_empty() || !plain || text.as_bytes().windows(name.len()).filter(|&window| window == name).count() > 1
}

/// Whether `&>`, or a `>&` before anything but the number of a descriptor, stands in the text.
fn redirects_both_outputs(text: &str) -> bool {
    let descriptor = |rest: &str| {
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        behind.len() < rest.len() && (behind.is_empty() || behind.starts_with([' ', '\t', '\n', ';', '&', '|', ')']))
    };
    text.contains("&>") || text.split(">&").skip(1).any(|rest| !descriptor(rest))
}

/// Every string of the table once.
struct Strings {
    /// Words, sorted.
    words: Vec<&'static str>,
    /// Others, sorted; their numbers follow those of the words.
    symbols: Vec<&'static str>,
    /// Of the symbols that begin with a byte the first, and the first behind these; likewise of the words.
    begins: [(u8, u8); 256],
    word_begins: [(u8, u8); 256],
    /// The numbers of those symbols that stand for a form.
    forms: [(usize, Form); FORMS.len()],
}

static STRINGS: LazyLock<Strings> = LazyLock::new(|| {
    let all = TABLE.iter().flat_map(|(_, needs)| needs.iter().copied().flatten().copied());
    let (mut words, mut symbols): (Vec<&str>, Vec<&str>) = all.partition(|string| is_word(string));
    for list in [&mut words, &mut symbols] {
        list.sort_unstable();
        list.dedup();
    }
    let begins = |list: &[&str]| {
        let mut begins = [(0, 0); 256];
        for (number, string) in (0..).zip(list) {
            let (first, behind) = &mut begins[usize::from(string.as_bytes()[0])];
            *first = if *behind == 0 { number } else { *first };
            *behind = number + 1;
        }
        begins
    };
    let place = |form: &str| words.len() + symbols.binary_search(&form).unwrap_or_default();
    let forms = FORMS.map(|(form, holds)| (place(form), holds));
    Strings { begins: begins(&symbols), word_begins: begins(&words), forms, words, symbols }
});

fn is_word(string: &str) -> bool {
    string.bytes().all(|byte| byte.is_ascii_alphabetic())
}

impl Strings {
    fn number(&self, string: &str) -> usize {
        let place = |list: &[&str]| list.binary_search(&string).ok();
        place(&self.words).or_else(|| Some(place(&self.symbols)? + self.words.len())).unwrap_or_default()
    }

    fn words_in(&self, text: &str) -> u128 {
        // What a command or an argument may be made of besides letters.
        let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.+@%:,".contains(byte) || !byte.is_ascii();
        let mut held = 0;
        for word in text.as_bytes().split(|byte| !belongs(byte)) {
            let (first, behind) = word.first().map_or((0, 0), |&byte| self.word_begins[usize::from(byte)]);
            for number in usize::from(first)..usize::from(behind) {
                held |= u128::from(self.words[number].as_bytes() == word) << number;
            }
        }
        held
    }

    fn symbols_in(&self, text: &str) -> u128 {
        let mut held = 0;
        let bytes = text.as_bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            let (first, behind) = self.begins[usize::from(byte)];
            for number in usize::from(first)..usize::from(behind) {
                // Most are of one or two characters.
                let stands = match self.symbols[number].as_bytes() {
                    [_] => true,
                    [_, second] => bytes.get(at + 1) == Some(second),
                    symbol => bytes[at..].starts_with(symbol),
                };
                held |= u128::from(stands) << (self.words.len() + number);
            }
        }
        held
    }
}

const SUBSTITUTION: &[&str] = &["$(", "`"];
const WILDCARD: &[&str] = &["*", "?", "["];
const TEST: &[&str] = &["[", "test"];
const DECLARE: &[&str] = &["declare", "export", "local", "readonly", "typeset"];
const GREP: &[&str] = &["grep", "egrep", "fgrep"];

/// Codes that need the same. Codes that are not here need nothing.
pub(super) static TABLE: &[(&[u16], Needs)] = &[
    // Characters, wherever they stand.
    (&[1001, 1012], &[&["\\"]]),
    (&[1003], &[&["\\"], &["'"]]),
    // 2280 and 2282 stand together: with the one, the linter does not report the other.
    (&[1007, 2034, 2209, 2280, 2282], &[ASSIGNED]),
    (&[1039, 1040, 1044, 2217, 3011], &[&["<<"]]),
    (&[1083, 3009], &[&[LITERAL_BRACE]]),
    (&[2288], &[&[LITERAL_BRACE, ODD_COMMAND]]),
    (&[1097], &[&["=="], ASSIGNED]),
    (&[1105, 3005, 3006, 3018], &[&["(("]]),
    (&[1112], &[&["'"]]),
    (&[1132], &[&[BACKGROUND]]),
    (&[1143], &[&["#"], &["\\"]]),
    (&[2006, 2092], &[&["`"]]),
    (&[2007, 3007], &[&["$["]]),
    (&[2015], &[&["&&"], &["||"]]),
    (&[2016], &[&["'"], &["$", "`"]]),
    (&[2026], &[&[BETWEEN_QUOTES]]),
    (&[2027, 2140], &[&["\""], &[BETWEEN_QUOTES]]),
    (&[2035], &[&[LEADING_GLOB]]),
    (&[2046, 2091], &[SUBSTITUTION]),
    (&[2054], &[&["=("], &[","]]),
    (&[2071], &[&["<", ">"], TEST]),
    (&[2072], &[&["<", ">"], &["["]]),
    (&[2076], &[&["=~"]]),
    (&[2088], &[&["\"~/", "'~/"]]),
    (&[2094], &[&[REPEATED_TARGET, "tee"]]),
    (&[2102], &[&["["]]),
    (&[2125], &[ASSIGNED, WILDCARD]),
    (&[2129], &[&[">>"]]),
    (&[2238], &[&[NAMED_TARGET]]),
    (&[2178], &[ASSIGNED]),
    (&[2206], &[&["=("]]),
    (&[2207], &[&["=("], SUBSTITUTION]),
    (&[1127, 2211], &[&[GLOB_COMMAND]]),
    (&[2233, 2235], &[&["("], TEST]),
    (&[2257], &[&["<", ">"], &["$", "(("]]),
    (&[2260], &[&["|"], &["<", ">"]]),
    (&[2323], &[&["(("]]),
    (&[3001], &[&["("], &["<", ">"]]),
    (&[3002], &[&["@(", "?(", "*(", "+(", "!("]]),
    (&[3003], &[&["$"], &["'"]]),
    (&[3004], &[&["$"], &["\""]]),
    (&[3010, 2199], &[&["["]]),
    (&[3020, 3021], &[&[BOTH_OUTPUTS]]),
    (&[3022], &[&[LITERAL_BRACE], &["<", ">"]]),
    (&[3024], &[&["+="]]),
    (&[3026], &[&["["]]),
    (&[3029], &[&["|"], &["&"]]),
    (&[3030], &[&["=("]]),
    (&[3034], &[&["$("], &["<"]]),
    // Expansions.
    (&[1037, 2048, 2068, 2120, 2124, 2145, 2181, 2295, 2319, 3053, 3054, 3055, 3057, 3058, 3059, 3060], &[&[UNKNOWN]]),
    (&[1087], &[&["$"], &["["]]),
    (&[2004, 2321], &[&[UNKNOWN, "((", "[", "let"]]),
    (&[3052], &[&["#"], &[UNKNOWN, "(("]]),
    (&[2030, 2031, 2086, 2119, 2128, 2154], &[&[UNKNOWN, "(("]]),
    (&[2089, 2090, 2097, 2098], &[ASSIGNED, &["$"]]),
    (&[2223], &[&["="], &["$"]]),
    // Commands.
    (&[2001], &[&["sed"], &["$", "`"]]),
    (&[2003, 2308], &[&["expr"]]),
    (&[2005, 2116], &[&["echo"], SUBSTITUTION]),
    (&[2010], &[&["ls"], GREP]),
    (&[2011], &[&["ls"], &["xargs"]]),
    (&[2012], &[&["ls"]]),
    (&[2013], &[&["for"], SUBSTITUTION]),
    (&[2014], &[&["find"]]),
    (&[2018, 2019, 2060], &[&["tr"]]),
    (&[2024], &[&["sudo", "doas", "run0"], &["<", ">"]]),
    (&[2028], &[&["echo"], &["\\"]]),
    (&[2029], &[&["ssh"], &["$", "`"]]),
    (&[2043, 2066], &[&["for"]]),
    (&[2044], &[&["for"], &["find"], SUBSTITUTION]),
    (&[2045], &[&["for"], SUBSTITUTION]),
    (&[2053], &[&["["]]),
    (&[2059], &[&["printf"], &["$", "`"]]),
    (&[2061], &[&["find"], WILDCARD]),
    (&[2062, 2063], &[GREP, WILDCARD]),
    (&[2064, 2172, 3047, 3048], &[&["trap"]]),
    (&[2070, 2078, 2081, 2157, 2166, 2198, 2202, 2212, 2252, 2268, 2309, 2331, 1080, 3062, 3065, 3067], &[TEST]),
    (&[2103, 2164], &[&["cd", "pushd", "popd"]]),
    (&[2115], &[&["rm"], &["$"]]),
    (&[2117], &[&["su"]]),
    (&[2121, 3040, 3041], &[&["set"]]),
    (&[2126], &[GREP, &["wc"]]),
    (&[2139], &[&["alias"]]),
    (&[2143], &[GREP, TEST]),
    (&[3014], &[&["=="], TEST]),
    (&[2155], &[DECLARE, SUBSTITUTION]),
    (&[2162, 3061], &[&["read"]]),
    (&[2163], &[&["export"], &["$"]]),
    (&[2168, 3043], &[&["local", "declare", "typeset"]]),
    (&[2184], &[&["unset"]]),
    (&[2186], &[&["tempfile"]]),
    (&[2196], &[&["egrep"]]),
    (&[2197], &[&["fgrep"]]),
    (&[2213, 2214, 2220], &[&["getopts"]]),
    (&[2216], &[&["|"], &["kill"]]),
    (&[2219, 3039], &[&["let"]]),
    (&[2240], &[&[". ", ".\t", ".<", ".>", "source"]]),
    (&[2242], &[&["exit", "return"]]),
    (&[2291], &[&["echo"], &["  ", "\t"]]),
    (&[2316], &[DECLARE]),
    (&[3037], &[&["echo"], &["-"]]),
    (
        &[3044],
        &[&[
            "declare",
            "typeset",
            "shopt",
            "complete",
            "compgen",
            "caller",
            "dirs",
            "disown",
            "suspend",
            "mapfile",
            "readarray",
            "pushd",
            "popd",
        ]],
    ),
    (&[3045], &[&["export", "printf", "read", "trap", "type", "ulimit", "wait"]]),
    (&[3046], &[&["source"]]),
    (&[3050], &[&["printf"], &["%"]]),
    // Keywords.
    (&[1010], &[&["do", "done", "then", "fi", "esac", "elif", "else", "in", "if", "for", "while", "until", "case"]]),
    (&[1075], &[&["else"]]),
    (&[2104], &[&["break", "continue", "return", "exit"]]),
    (&[2112, 2113], &[&["function"]]),
    (&[2127, 2194, 2221, 2222], &[&["case"]]),
    (&[2231], &[&["for"], &["$"]]),
    (&[2254], &[&["case"], &["$"]]),
    (&[2329, 3033], &[&["()", "( ", "function"]]),
    (&[3008], &[&["select"]]),
];

/// What gives variables values.
const ASSIGNED: &[&str] = &[
    ASSIGNMENT,
    "((",
    "read",
    "for",
    "select",
    "getopts",
    "mapfile",
    "readarray",
    "printf",
    "let",
    "declare",
    "export",
    "local",
    "readonly",
    "typeset",
];
