//! Commands of a `RUN` as several rules look at them.

use crate::prelude::*;
use std::ops::Range;

/// Whether the command is the first of the text, or stands directly behind `&&`: the places at which trivy looks for
/// commands.
pub(crate) fn is_and_part(cmd: Cmd<'_>) -> bool {
    let Some(text) = cmd.script.text else { return false };
    let before = text.text.get(..cmd.name.span.start as usize).unwrap_or_default().trim_end();
    before.is_empty() || before.ends_with("&&")
}

/// Where a part of a word's text stands in the Dockerfile. Where escapes stand in the part itself, the whole word
/// stands for it.
pub(crate) fn part_place(source: &str, script: &RunScript<'_>, word: &shell::Word<'_>, part: Range<usize>) -> Span {
    Parts::new(source, script, word).place(script, word, part)
}

/// The way from parts of a word's text to the Dockerfile. Asked by rising place, it reads a word once.
pub(crate) struct Parts<'s> {
    word: Span,
    /// The word as it stands, quotes included.
    raw: &'s str,
    /// Where the text stands in it, where quotes around the whole word leave it in one piece.
    whole: Option<usize>,
    /// The end of the part before, in the text and in the word.
    before: (usize, usize),
}

impl<'s> Parts<'s> {
    pub(crate) fn new(source: &'s str, script: &'s RunScript<'_>, word: &shell::Word<'_>) -> Self {
        let raw = match script.text {
            Some(text) => word.span.text(&text.text),
            None => script.place(word.span).text(source),
        };
        Self { word: word.span, raw, whole: raw.find(&*word.text), before: (0, 0) }
    }

    /// Whether it is the way of that word.
    pub(crate) fn is_of(&self, word: &shell::Word<'_>) -> bool {
        self.word == word.span
    }

    /// Where the part stands.
    pub(crate) fn place(&mut self, script: &RunScript<'_>, word: &shell::Word<'_>, part: Range<usize>) -> Span {
        let length = part.len() as u32;
        let start = match self.whole {
            Some(start) => Some(start + part.start),
            None => self.search(word, part),
        };
        match start.map(|start| self.word.start + start as u32) {
            Some(start) => script.place(Span::new(start, start + length)),
            None => script.place(self.word),
        }
    }

    /// The first place at which the part can stand: quotes and escapes only move it back.
    fn search(&mut self, word: &shell::Word<'_>, part: Range<usize>) -> Option<usize> {
        let wanted = word.text.get(part.clone()).filter(|wanted| !wanted.is_empty())?;
        let (text, raw) = if self.before.0 <= part.start { self.before } else { (0, 0) };
        let from = raw + (part.start - text);
        let rest = self.raw.get(from..).or_else(|| self.raw.get(raw..))?;
        let start = self.raw.len() - rest.len() + rest.find(wanted)?;
        self.before = (part.end, start + wanted.len());
        Some(start)
    }
}

/// Whether the command is the program `name`, by itself or in a version of its own such as `pip3` or `python3.12`.
pub(crate) fn is_versioned(command: &str, name: &str) -> bool {
    let version = command.strip_prefix(name);
    version.is_some_and(|version| version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

/// A short flag of a cluster such as curl's `-fsSLo file`.
pub(crate) struct ShortFlag<'w, 'c> {
    /// The letter.
    pub(crate) letter: char,
    /// The argument that holds it.
    pub(crate) arg: &'w shell::Word<'c>,
    /// The word that holds its value, and from where on.
    pub(crate) value: Option<(&'w shell::Word<'c>, usize)>,
}

/// The short flags of curl, with the values of those that take one.
pub(crate) fn curl_flags<'w, 'c>(command: &'w shell::Command<'c>) -> Vec<ShortFlag<'w, 'c>> {
    const WITH_VALUE: &str = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";
    let mut flags = Vec::new();
    let mut args = command.args.iter();
    while let Some(arg) = args.next() {
        let Some(cluster) = arg.text.strip_prefix('-').filter(|rest| !rest.starts_with('-')) else { continue };
        for (at, letter) in cluster.char_indices() {
            if !WITH_VALUE.contains(letter) {
                flags.push(ShortFlag { letter, arg, value: None });
                continue;
            }
            let behind = at + 1 + letter.len_utf8();
            let value = if behind < arg.text.len() { Some((arg, behind)) } else { args.next().map(|word| (word, 0)) };
            flags.push(ShortFlag { letter, arg, value });
            break;
        }
    }
    flags
}

/// Whether every URL among the arguments points to this very machine.
pub(crate) fn is_local_only(command: &shell::Command<'_>) -> bool {
    let mut hosts = command.args.iter().filter_map(|arg| {
        let (_, rest) = arg.text.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        Some(authority.rsplit('@').next().unwrap_or(authority))
    });
    let is_local = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        matches!(name, "localhost" | "127.0.0.1" | "[::1]") || matches!(host, "localhost" | "127.0.0.1" | "[::1]")
    };
    hosts.next().is_some_and(is_local) && hosts.all(is_local)
}

/// The texts that the `RUN`s of a stage give to a shell.
pub(crate) fn scripts_of<'c>(cx: &Cx<'c>, stage: &StageFact<'_>) -> &'c [RunScript<'c>] {
    let scripts = cx.facts.scripts();
    let before = |index: usize| scripts.partition_point(|script| script.at.index < index);
    let range = &stage.stage.instructions;
    scripts.get(before(range.start)..before(range.end)).unwrap_or_default()
}

/// The line break of the file: that of its first line.
pub(crate) fn line_break(source: &str) -> &'static str {
    match source.split_once('\n') {
        Some((line, _)) if line.ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
