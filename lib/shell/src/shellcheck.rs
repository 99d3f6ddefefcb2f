/*!
ShellCheck's rules over shell text, by `shuck-linter`, in the process.

```
use plimsoll_shell::Dialect;
use plimsoll_shell::shellcheck::{Checker, Outcome};

let checker = Checker::new(&[2086, 2164]);
let outcome = checker.check("cp $SOURCE /srv", Dialect::Posix, &[]);
let Outcome::Checked(findings) = &*outcome else { panic!("it parses") };
assert_eq!(findings[0].code, 2086);
assert_eq!(findings[0].span.text("cp $SOURCE /srv"), "$SOURCE");
// A variable that the surroundings assign is taken to hold one word.
assert_eq!(*checker.check("cp $SOURCE /srv", Dialect::Posix, &["SOURCE"]), Outcome::Checked(Vec::new()));
```
*/

mod cache;
mod dialects;
mod limits;
mod needs;

use crate::Dialect;
use cache::{Cache, Key};
use needs::{Condition, Held};
use plimsoll_base::Span;
use shuck_linter::{
    AnalysisRequest, Applicability, Diagnostic, LinterSettings, Rule, RuleSet, ShellCheckCodeMap, ShellDialect,
};
use shuck_parser::ShellProfile;
use shuck_parser::parser::Parser;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Checks shell texts for some of ShellCheck's codes. Equal texts are checked once; threads can share a checker.
#[derive(Debug)]
pub struct Checker {
    /// The code that each of the linter's rules stands for, by the rule's number; none where it is not wanted.
    codes: Vec<Option<u16>>,
    /// The rules of those codes, each with what a text must hold for it to find something.
    rules: Vec<(Rule, Condition)>,
    sh: LinterSettings,
    dash: LinterSettings,
    bash: LinterSettings,
    ksh: LinterSettings,
    cache: Cache,
}

/// Whether a text is short and flat enough to be checked.
pub fn is_checked(text: &str) -> bool {
    limits::is_tame(text)
}

/// What keeps a shell from reading a text, and where: the first token that cannot stand where it stands, or the quote
/// or keyword that nothing ends. `None` where the linter's parser takes the text or says nothing about it.
pub fn syntax_error(text: &str) -> Option<(Span, String)> {
    let parse = || {
        let profile = ShellProfile::native(shuck_parser::ShellDialect::Bash);
        let parsed = Parser::with_limits_and_profile(text, limits::MOST_NESTING, limits::parser_fuel(text), profile);
        let parsed = parsed.parse();
        parsed.is_err().then(|| parsed.strict_error())
    };
    if !limits::is_tame(text) {
        return None;
    }
    match catch_unwind(AssertUnwindSafe(parse)).ok()?? {
        shuck_parser::Error::Parse { line: 0, .. } => None,
        shuck_parser::Error::Parse { message, line, column } => {
            Some((place(text, 0, line, column), one_line(&message)))
        }
    }
}

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The findings by rising position.
    Checked(Vec<ShellFinding>),
    /// The shell would refuse the text: where, and what is expected there.
    Invalid(Span, String),
    /// The text is too long or nests too deeply, the linter gave up on it, or the shell is none that ShellCheck knows.
    Skipped,
}

/// A finding. Spans are bytes of the text that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellFinding {
    /// ShellCheck's number: 2086 for `SC2086`.
    pub code: u16,
    /// What it is about.
    pub span: Span,
    /// One line in lower case, without a final dot.
    pub message: String,
    /// The remedy, where there is one.
    pub fix: Option<ShellFix>,
}

/// A remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellFix {
    /// What it does, an imperative in lower case.
    pub title: String,
    /// Whether it keeps what the script does.
    pub safe: bool,
    /// What is replaced by what; an empty span is an insertion.
    pub edits: Vec<(Span, String)>,
}

impl Checker {
    /// A checker for those codes; one that the linter does not know never comes up.
    pub fn new(wanted: &[u16]) -> Self {
        let map = ShellCheckCodeMap::default();
        let codes: Vec<Option<u16>> = Rule::iter()
            .map(|rule| map.code_for_rule(rule).map(|code| shellchecks_number(code as u16)))
            .map(|code| code.filter(|code| wanted.contains(code)))
            .collect();
        let rules = Rule::iter().zip(&codes).filter_map(|(rule, code)| Some((rule, Condition::of((*code)?))));
        // Following `source` would open files.
        let settings = |shell| LinterSettings::for_rules([]).with_shell(shell).with_resolve_source_closure(false);
        Self {
            rules: rules.collect(),
            sh: settings(ShellDialect::Sh),
            dash: settings(ShellDialect::Dash),
            bash: settings(ShellDialect::Bash),
            ksh: settings(ShellDialect::Ksh),
            cache: Cache::default(),
            codes,
        }
    }

    /// Checks a text. `variables` are the names that are set before it runs (`ARG`, `ENV`): each counts as assigned
    /// and as holding one word without wildcards.
    ///
    /// Zsh is not checked: ShellCheck does not know it. Texts that the shell refuses give findings of little worth, or
    /// none where none of the codes can be found; where [`crate::parse`] refuses a text, only [`Outcome::Invalid`] is
    /// of use.
    pub fn check(&self, text: &str, dialect: Dialect, variables: &[&str]) -> Arc<Outcome> {
        if dialect == Dialect::Zsh || !limits::is_tame(text) {
            return Arc::new(Outcome::Skipped);
        }
        let mut source = preamble(text, variables);
        let base = source.len();
        source.push_str(text);
        let key = Key { dialect, base, source };
        self.cache.get_or_insert(key, |key| {
            let rules = self.rules_for(text, variables);
            if rules.is_empty() {
                return Outcome::Checked(Vec::new());
            }
            // Nobody has proved the parser and the linter free of panics.
            catch_unwind(AssertUnwindSafe(|| self.checked(key, rules))).unwrap_or(Outcome::Skipped)
        })
    }

    /// The rules that may find something in a text.
    fn rules_for(&self, text: &str, variables: &[&str]) -> RuleSet {
        let held = Held::by(text, variables);
        self.rules.iter().filter(|(_, condition)| condition.is_met(held)).map(|&(rule, _)| rule).collect()
    }

    fn checked(&self, key: &Key, rules: RuleSet) -> Outcome {
        let Key { dialect, base, source } = key;
        let mut settings = self.settings(*dialect).clone();
        settings.rules = rules;
        let profile = ShellProfile::native(settings.shell.parser_dialect());
        let fuel = limits::parser_fuel(source);
        let parsed = Parser::with_limits_and_profile(source, limits::MOST_NESTING, fuel, profile).parse();
        if parsed.is_err() {
            let shuck_parser::Error::Parse { message, line, column } = parsed.strict_error();
            // Limits have no place.
            return match line {
                0 => Outcome::Skipped,
                _ => Outcome::Invalid(place(source, *base, line, column), message),
            };
        }
        let request = AnalysisRequest::from_parse_result(&parsed, source, &settings).without_suppressions();
        let text = source.get(*base..).unwrap_or_default();
        let diagnostics = request.lint();
        let mut findings: Vec<ShellFinding> =
            diagnostics.into_iter().filter_map(|diagnostic| self.finding(diagnostic, *base, text)).collect();
        findings.sort_by_key(|finding| (finding.span, finding.code));
        findings.dedup_by_key(|finding| (finding.span, finding.code));
        Outcome::Checked(findings)
    }

    fn settings(&self, dialect: Dialect) -> &LinterSettings {
        match dialect {
            Dialect::Posix | Dialect::Zsh => &self.sh,
            Dialect::Dash | Dialect::Ash => &self.dash,
            Dialect::Bash => &self.bash,
            Dialect::Ksh => &self.ksh,
        }
    }

    /// A diagnostic as a finding of the text, which begins at `base`; none where it is about what stands before that,
    /// or is known to be wrong.
    fn finding(&self, diagnostic: Diagnostic, base: usize, text: &str) -> Option<ShellFinding> {
        let code = (*self.codes.get(diagnostic.rule as usize)?)?;
        let span = |start: usize, end: usize| {
            let range = start.checked_sub(base)?..end.checked_sub(base)?;
            text.get(range.clone()).map(|_| Span::from(range))
        };
        let title = diagnostic.fix_title;
        let found = span(diagnostic.span.start.offset(), diagnostic.span.end.offset())?;
        let fix = diagnostic.fix.and_then(|fix| {
            let edits: Option<Vec<(Span, String)>> = fix
                .edits()
                .iter()
                .map(|edit| {
                    let range = edit.range();
                    let span = span(range.start().to_u32() as usize, range.end().to_u32() as usize)?;
                    Some((span, edit.content().to_owned()))
                })
                .collect();
            let title = title.map_or_else(|| "apply the usual remedy".to_owned(), |title| one_line(&title));
            let safe = fix.applicability() == Applicability::Safe && keeps_meaning(code, found.text(text));
            Some(ShellFix { title, safe, edits: edits? })
        });
        let message = match code {
            // The linter says the same of `rm -r /usr/*` as of a path with a variable.
            2115 if !found.text(text).contains('$') => {
                "recursive `rm` of all that is in a folder of the system".to_owned()
            }
            _ => one_line(&diagnostic.message),
        };
        is_true(code, found, text).then_some(ShellFinding { code, span: found, message, fix })
    }
}

/// A message as ours are: one line in lower case, without a final dot.
fn one_line(message: &str) -> String {
    let mut line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    line.truncate(line.trim_end_matches('.').len());
    if let Some(first) = line.get_mut(..1)
        && !message.chars().nth(1).is_some_and(char::is_uppercase)
    {
        first.make_ascii_lowercase();
    }
    line
}

/// The linter gives `let` and `|&` numbers of its own.
fn shellchecks_number(code: u16) -> u16 {
    match code {
        3042 => 3039,
        3073 => 3029,
        code => code,
    }
}

/// Whether a finding is none of those on which the linter is known to err.
fn is_true(code: u16, span: Span, text: &str) -> bool {
    let words = span.text(text);
    match code {
        2028 => keeps_escape(words),
        // `$NAME=value` is no expansion that splits but an assignment gone wrong.
        2086 => !text.get(span.end as usize..).is_some_and(|rest| rest.starts_with('=') && starts_command(span, text)),
        // A command's output that is run as a command is split, but no quotes were meant in it.
        2090 => !starts_command(span, text),
        // `${\1:=\2}` in a `sed` script has no name.
        2154 => words.bytes().any(|byte| byte == b'_' || byte.is_ascii_alphanumeric()),
        _ => true,
    }
}

/// Whether the remedy that the linter calls safe keeps what the script does, or mends what does not work at all.
///
/// Each of these codes was looked at: where quotes, patterns and splitting into words play a part, the text after it gives
/// the command the same words. Remedies of the others hide the slip that the finding is about (`action=set` becomes
/// `action="set"`, where `$(set)` may be meant) or give other words (`"a "$b" c"` becomes one).
fn keeps_meaning(code: u16, words: &str) -> bool {
    match code {
        // In double quotes a quote, a backslash and `~` of the value would mean something else.
        2223 => !words.contains(['\'', '"', '\\', '~']),
        code => KEEPS_MEANING.contains(&code),
    }
}

const KEEPS_MEANING: [u16; 19] =
    [1001, 1003, 1083, 1097, 2007, 2057, 2112, 2238, 2265, 2267, 2291, 2321, 2323, 2331, 3007, 3014, 3020, 3021, 3029];

/// Whether the span stands where a command begins.
fn starts_command(span: Span, text: &str) -> bool {
    let before = text.get(..span.start as usize).unwrap_or_default().trim_end_matches([' ', '\t']);
    before.is_empty() || before.ends_with([';', '&', '|', '\n', '(', '{'])
}

/// Whether a backslash stands in quotes: the shell takes away all others before `echo` sees them.
fn keeps_escape(arguments: &str) -> bool {
    let mut quote = None;
    let mut bytes = arguments.bytes();
    while let Some(byte) = bytes.next() {
        match (byte, quote) {
            (b'\\', Some(_)) => return true,
            (b'\\', None) => drop(bytes.next()),
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    false
}

/// One line that assigns the variables that the text may use. One too many costs a microsecond, and changes nothing.
fn preamble(text: &str, variables: &[&str]) -> String {
    let mut line = String::with_capacity(text.len() + 64);
    for name in variables {
        if is_name(name) && text.contains(name) {
            line.push_str(if line.is_empty() { "export " } else { " " });
            line.push_str(name);
            line.push_str("=1");
        }
    }
    if !line.is_empty() {
        line.push('\n');
    }
    line
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte == b'_' || byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

/// The character at a line and a column (both from 1) of the source, as a span of the text that begins at `base`.
fn place(source: &str, base: usize, line: usize, column: usize) -> Span {
    let start: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = source.get(start..).unwrap_or("");
    let at = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
    let width = rest.get(at..).and_then(|rest| rest.chars().next()).filter(|&it| it != '\n').map_or(0, char::len_utf8);
    let at = (start + at).saturating_sub(base) as u32;
    Span::new(at, at + width as u32)
}

#[cfg(test)]
mod needs_tests;
#[cfg(test)]
mod tests;
