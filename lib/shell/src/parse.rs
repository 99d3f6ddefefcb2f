use crate::collector::{Collector, InnerScript, Place};
use crate::{Dialect, Refusal, Script, parser};
use plimsoll_base::Span;

/// Longer texts are not parsed.
const MOST_BYTES: usize = 256 * 1024;

/// How deeply scripts in scripts, such as `sh -c '...'`, are followed.
const MOST_LEVELS: usize = 3;

/// Parses shell text. `None` where it is no valid script, is longer than 256 KiB or nests more than fifty levels deep.
///
/// Every dialect is read with Bash's grammar: it holds those of the others, zsh's extras aside, and scripts for `sh`
/// that use `[[` are better understood than refused. `coproc` is the one thing of Bash that is not read. Time and memory
/// are linear in the text.
///
/// ```
/// use plimsoll_shell::{Dialect, parse};
///
/// let script = parse("set -e; sudo apt-get install -y \"$PACKAGES\" | tee log", Dialect::Posix).expect("a script");
/// let names: Vec<&str> = script.commands.iter().map(|command| &*command.name.text).collect();
/// assert_eq!(names, ["set", "sudo", "apt-get", "tee"]);
/// assert_eq!(script.commands[2].wrapper, Some("sudo"));
/// assert_eq!(parse("if true; then", Dialect::Posix), None);
/// ```
pub fn parse(text: &str, _dialect: Dialect) -> Option<Script<'_>> {
    let mut out = collected(text).ok()?;
    let mut next = 0;
    for _ in 0..MOST_LEVELS {
        let found = out.scripts.len();
        while next < found {
            let script = out.scripts[next];
            parse_inner(&mut out, script);
            next += 1;
        }
    }
    Some(out.finish())
}

/// Why [`parse`] gives nothing for a text; `None` where it gives something.
///
/// ```
/// use plimsoll_shell::{Refusal, refusal};
///
/// assert_eq!(refusal("a; fi; b"), Some(Refusal::Syntax(3)));
/// assert_eq!(refusal("if a; then b"), Some(Refusal::Syntax(12)));
/// assert_eq!(refusal("if a; then b; fi"), None);
/// ```
pub fn refusal(text: &str) -> Option<Refusal> {
    collected(text).err()
}

/// The lists of commands, joined by `&&` and `||`, that a text consists of, and the parts of such lists behind their
/// first: each with all that is in it, so that a loop comes before what it holds. By rising start, the longer of two
/// first. Empty where the text is refused.
///
/// ```
/// use plimsoll_shell::statements;
///
/// let text = "if a; then b && c; fi\nd";
/// let statements: Vec<&str> = statements(text).iter().map(|statement| statement.text(text)).collect();
/// assert_eq!(statements, ["if a; then b && c; fi", "a", "b && c", "c", "d"]);
/// ```
pub fn statements(text: &str) -> Vec<Span> {
    let mut out = Collector::new(text);
    out.statements = Some(Vec::new());
    if collect_into(&mut out).is_err() {
        return Vec::new();
    }
    let mut statements = out.statements.unwrap_or_default();
    statements.sort_by_key(|statement| (statement.start, std::cmp::Reverse(statement.end)));
    statements
}

/// The commands of a text, those of scripts in it not yet among them.
fn collected(text: &str) -> Result<Collector<'_>, Refusal> {
    let mut out = Collector::new(text);
    collect_into(&mut out)?;
    Ok(out)
}

fn collect_into(out: &mut Collector<'_>) -> Result<(), Refusal> {
    match out.text.len() {
        ..=MOST_BYTES => parser::collect(out, Span::new(0, out.text.len() as u32), Place::default()),
        _ => Err(Refusal::TooLong),
    }
}

/// Parses a script in the script. Where it is no valid one, its command stays alone.
fn parse_inner(out: &mut Collector, script: InnerScript) {
    let Some(span) = script.span else { return };
    let mark = out.mark();
    if parser::collect(out, span, script.place).is_err() {
        out.roll_back(mark);
    } else if let Some((pipeline, part)) = out.commands[script.command].pipeline {
        out.in_pipeline(mark.commands, pipeline, part);
    }
}
