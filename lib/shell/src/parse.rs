use crate::collector::{Collector, Place};
use crate::{Dialect, Script, fast, limits, walk};
use plimsoll_base::Span;

/// How deeply scripts in scripts, such as `sh -c '...'`, are followed.
const MOST_LEVELS: usize = 3;

/// Parses shell text. `None` where it is no valid script, is longer than 256 KiB or nests too deeply.
///
/// ```
/// use plimsoll_shell::{Dialect, parse};
///
/// let script = parse("set -e; sudo apt-get install -y \"$PACKAGES\" | tee log", Dialect::Posix);
/// let names: Vec<String> = script.iter().flat_map(|script| &script.commands).map(|it| it.name.text.to_string()).collect();
/// assert_eq!(names, ["set", "sudo", "apt-get", "tee"]);
/// assert_eq!(parse("if true; then", Dialect::Posix), None);
/// ```
pub fn parse(text: &str, dialect: Dialect) -> Option<Script<'_>> {
    if text.len() > limits::MOST_BYTES {
        return None;
    }
    let mut out = Collector::new(text);
    collect(&mut out, Span::new(0, text.len() as u32), dialect, Place::default())?;
    let mut next = 0;
    for _ in 0..MOST_LEVELS {
        let found = out.scripts.len();
        while next < found {
            inner(&mut out, next);
            next += 1;
        }
    }
    Some(out.finish())
}

/// Parses a script in the script. Where it is no valid script, its command stays without.
fn inner(out: &mut Collector, index: usize) {
    let script = out.scripts[index];
    let mark = out.mark();
    if collect(out, script.span, script.dialect, script.place).is_none() {
        out.roll_back(mark);
    } else if let Some((pipeline, part)) = out.commands[script.command].pipeline {
        out.in_pipeline(mark.commands, pipeline, part);
    }
}

fn collect(out: &mut Collector, span: Span, dialect: Dialect, place: Place) -> Option<()> {
    let mark = out.mark();
    if dialect != Dialect::Zsh && fast::collect(out, span, place).is_some() {
        return Some(());
    }
    out.roll_back(mark);
    if limits::are_exceeded(span.text(out.text), dialect) {
        return None;
    }
    walk::collect(out, span, dialect, place)
}
