use super::flags::{self, Flags};
use super::heredocs::{self, Heredocs};
use super::json::{self, Json};
use super::lines::{Text, trim_start};
use super::{Context, shown, suggestion, words};
use crate::{
    Array, Command, ErrorKind, From, Healthcheck, Heredoc, Instruction, Keyword, Kind, Logical, Run, Script, Transfer,
    Word,
};
use plimsoll_base::Span;
use std::ops::Range;

/// Reads the instruction of a joined line, and the heredocs behind it. `end` is where the line ends in the file.
/// `None` where the continuations join to nothing.
pub(super) fn read<'a>(
    cx: &mut Context<'a>,
    text: &Text<'_, 'a>,
    end: usize,
    blank_lines: Vec<Span>,
) -> Option<Instruction<'a>> {
    let range = trim(text.content, 0..text.content.len());
    if range.is_empty() {
        // Blanks, or the escape character where nothing else is there.
        let start = text.offset(0);
        let width = cx.source[start..].chars().next().map_or(0, char::len_utf8);
        let message = "line continuation without an instruction";
        cx.error(ErrorKind::UnknownInstruction, Span::from(start..start + width), message);
        return None;
    }
    let mut instruction = read_range(cx, text, range, end, false);
    instruction.blank_lines = blank_lines;
    Some(instruction)
}

/// Reads the instruction of a range that has no blanks at its ends: a whole line, or what stands behind `ONBUILD`.
fn read_range<'a>(
    cx: &mut Context<'a>,
    text: &Text<'_, 'a>,
    range: Range<usize>,
    end: usize,
    deferred: bool,
) -> Instruction<'a> {
    let line = &text.content[..range.end];
    let keyword_range = range.start..words::skip_word(line, range.start);
    let arguments = words::skip_blanks(line, keyword_range.end)..range.end;
    let keyword_span = text.span(&keyword_range);
    let keyword = Keyword::of(&line[keyword_range.clone()]);
    if keyword == Keyword::Unknown {
        unknown(cx, &line[keyword_range], keyword_span);
    } else if deferred && matches!(keyword, Keyword::OnBuild | Keyword::Maintainer | Keyword::From) {
        cx.error(ErrorKind::OnBuild, keyword_span, format!("`{}` cannot stand behind `ONBUILD`", keyword.name()));
    }
    let Flags { list: flags, mounts, end: flags_end } = flags::read(cx, text, keyword, &arguments);
    let rest = flags_end..range.end;

    let mut heredocs = Vec::new();
    let kind = match keyword {
        Keyword::Add | Keyword::Copy => {
            let transfer;
            (transfer, heredocs) = transfer_of(cx, text, keyword, keyword_span, rest);
            if keyword == Keyword::Add { Kind::Add(transfer) } else { Kind::Copy(transfer) }
        }
        Keyword::Run => {
            let command = command(cx, text, rest.clone());
            let opened = match command {
                Command::Shell(_) => heredocs::read(cx, text),
                Command::Exec(_) => Heredocs::default(),
            };
            let script = match &command {
                Command::Shell(line) => Some(script(cx.source, line, &rest, &opened)),
                Command::Exec(_) => None,
            };
            heredocs = opened.list;
            Kind::Run(Run { command, script, mounts })
        }
        Keyword::OnBuild => {
            let inner = match (rest.is_empty(), deferred) {
                (false, false) => Some(Box::new(read_range(cx, text, rest, end, true))),
                // Nested ones are refused, and each level would be one of recursion.
                (false, true) => None,
                (true, _) => {
                    cx.error(ErrorKind::Arguments, keyword_span, "`ONBUILD` without an instruction");
                    None
                }
            };
            Kind::OnBuild(inner)
        }
        Keyword::Arg => {
            let declarations = words::declarations(cx, text, &rest);
            required(cx, keyword, keyword_span, rest.is_empty());
            Kind::Arg(declarations)
        }
        Keyword::Env | Keyword::Label => {
            let pairs = words::pairs(cx, text, keyword, &rest);
            required(cx, keyword, keyword_span, rest.is_empty());
            if keyword == Keyword::Env { Kind::Env(pairs) } else { Kind::Label(pairs) }
        }
        Keyword::Cmd => Kind::Cmd(command(cx, text, rest)),
        Keyword::Entrypoint => Kind::Entrypoint(command(cx, text, rest)),
        Keyword::Expose => {
            required(cx, keyword, keyword_span, rest.is_empty());
            Kind::Expose(words::plain(line, &rest).map(|word| text.word(word)).collect())
        }
        Keyword::From => Kind::From(from(cx, text, keyword_span, &rest)),
        Keyword::Healthcheck => Kind::Healthcheck(healthcheck(cx, text, keyword_span, rest, &flags)),
        Keyword::Maintainer => Kind::Maintainer(rest_of_line(cx, text, keyword, keyword_span, rest)),
        Keyword::Shell => Kind::Shell(shell(cx, text, keyword_span, &rest)),
        Keyword::StopSignal => Kind::StopSignal(rest_of_line(cx, text, keyword, keyword_span, rest)),
        Keyword::User => Kind::User(rest_of_line(cx, text, keyword, keyword_span, rest)),
        Keyword::Volume => Kind::Volume(volumes(cx, text, keyword_span, &rest)),
        Keyword::Workdir => Kind::Workdir(rest_of_line(cx, text, keyword, keyword_span, rest)),
        Keyword::Unknown => Kind::Unknown,
    };
    let end = match &kind {
        Kind::OnBuild(Some(inner)) => inner.span.end,
        _ => heredocs.iter().rev().find_map(|heredoc| heredoc.terminator).map_or(end as u32, |line| line.end),
    };
    Instruction {
        span: Span::new(keyword_span.start, end),
        keyword: keyword_span,
        arguments: if arguments.is_empty() { Logical::default() } else { text.logical(arguments) },
        flags,
        heredocs,
        blank_lines: Vec::new(),
        kind,
    }
}

/// The range without blanks at its ends.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let trimmed = text[range.clone()].trim_end();
    let end = range.start + trimmed.len();
    end - trim_start(trimmed).len()..end
}

fn unknown(cx: &mut Context<'_>, word: &str, span: Span) {
    let suggestion = suggestion(word, Keyword::KNOWN.map(Keyword::name));
    let message = format!("unknown instruction {}{suggestion}", shown(word));
    cx.error(ErrorKind::UnknownInstruction, span, message);
}

/// Reports an instruction that has no arguments but needs some.
fn required(cx: &mut Context<'_>, keyword: Keyword, span: Span, missing: bool) {
    if missing {
        cx.error(ErrorKind::Arguments, span, format!("`{}` without an argument", keyword.name()));
    }
}

fn rest_of_line<'a>(
    cx: &mut Context<'a>,
    text: &Text<'_, 'a>,
    keyword: Keyword,
    span: Span,
    rest: Range<usize>,
) -> Word<'a> {
    required(cx, keyword, span, rest.is_empty());
    text.word(rest)
}

/// JSON form where the range is a JSON array of strings, shell form otherwise. Reports arrays of something else.
fn json_form<'a>(cx: &mut Context<'a>, text: &Text<'_, 'a>, range: &Range<usize>) -> Option<Array<'a>> {
    match json::array(text, range) {
        Json::Strings(array) => Some(array),
        Json::Mixed(odd) => {
            cx.error(ErrorKind::Json, odd, "only strings can stand in JSON form");
            None
        }
        Json::Shell => None,
    }
}

fn command<'a>(cx: &mut Context<'a>, text: &Text<'_, 'a>, rest: Range<usize>) -> Command<'a> {
    match json_form(cx, text, &rest) {
        Some(array) => Command::Exec(array),
        None if rest.is_empty() => Command::Shell(Logical::default()),
        None => Command::Shell(text.logical(rest)),
    }
}

/// What a `RUN` in shell form runs. `rest` is where the command line stands in the instruction's text.
fn script<'a>(source: &'a str, line: &Logical<'a>, rest: &Range<usize>, heredocs: &Heredocs<'a>) -> Script<'a> {
    if let ([heredoc], [marker]) = (&*heredocs.list, &*heredocs.markers)
        && marker == rest
    {
        return heredoc_script(source, heredoc);
    }
    let mut text = line.clone();
    for heredoc in &heredocs.list {
        let Some(terminator) = heredoc.terminator else { continue };
        // The line break before the body belongs to the line that opens it, or to the terminator before it.
        let start = heredoc.body.start - 1;
        push_lines(&mut text, Span::new(start, terminator.end).text(source), start);
    }
    Script { text, shebang: None, heredoc: false }
}

/// Adds lines of a heredoc. Of CRLF line breaks only the LF: to a shell the CR would be a part of the last word, which
/// nobody means who edits the file on Windows.
fn push_lines(text: &mut Logical<'_>, lines: &str, start: u32) {
    let mut at = 0;
    for (carriage_return, _) in lines.match_indices("\r\n") {
        text.push(&lines[at..carriage_return], start + at as u32);
        at = carriage_return + 1;
    }
    text.push(&lines[at..], start + at as u32);
}

fn heredoc_script<'a>(source: &'a str, heredoc: &Heredoc<'a>) -> Script<'a> {
    let body = heredoc.body.text(source);
    let shebang = body.strip_prefix("#!").map(|rest| {
        let line = rest.split('\n').next().unwrap_or_default();
        let start = heredoc.body.start + 2 + (line.len() - line.trim_start().len()) as u32;
        Word::new(line.trim(), start)
    });
    let text = if heredoc.strip_tabs {
        let mut text = Logical::default();
        let mut start = heredoc.body.start;
        for line in body.split_inclusive('\n') {
            let stripped = line.trim_start_matches('\t');
            push_lines(&mut text, stripped, start + (line.len() - stripped.len()) as u32);
            start += line.len() as u32;
        }
        text
    } else if body.contains('\r') {
        let mut text = Logical::default();
        push_lines(&mut text, body, heredoc.body.start);
        text
    } else {
        Logical::borrowed(body, heredoc.body.start)
    };
    Script { text, shebang, heredoc: true }
}

/// The sources and the destination of `COPY` and `ADD`, and the heredocs among them.
fn transfer_of<'a>(
    cx: &mut Context<'a>,
    text: &Text<'_, 'a>,
    keyword: Keyword,
    keyword_span: Span,
    rest: Range<usize>,
) -> (Transfer<'a>, Vec<Heredoc<'a>>) {
    let name = keyword.name();
    let json = json_form(cx, text, &rest);
    let is_json = json.is_some();
    let mut ends_in_heredoc = false;
    let (mut sources, heredocs) = if let Some(array) = json {
        (array.items, Vec::new())
    } else {
        let Heredocs { list, markers } = heredocs::read(cx, text);
        let mut markers = markers.into_iter().peekable();
        let mut sources = Vec::new();
        for word in words::plain(text.content, &rest) {
            while markers.next_if(|marker| marker.end < word.end).is_some() {}
            ends_in_heredoc = markers.peek().is_some_and(|marker| marker.start <= word.start);
            if !ends_in_heredoc {
                sources.push(text.word(word));
            }
        }
        (sources, list)
    };
    let destination = if ends_in_heredoc {
        let marker = heredocs.last().map_or(keyword_span, |heredoc| heredoc.marker);
        cx.error(ErrorKind::Arguments, marker, format!("`{name}` cannot write to a heredoc"));
        None
    } else if sources.len() + heredocs.len() < 2 {
        let span = sources.first().map_or(keyword_span, |source| source.span);
        cx.error(ErrorKind::Arguments, span, format!("`{name}` takes a source and a destination"));
        None
    } else {
        sources.pop()
    };
    (Transfer { sources, destination, json: is_json }, heredocs)
}

fn from<'a>(cx: &mut Context<'a>, text: &Text<'_, 'a>, keyword: Span, rest: &Range<usize>) -> From<'a> {
    let mut words = words::plain(text.content, rest);
    let Some(base) = words.next() else {
        cx.error(ErrorKind::Arguments, keyword, "`FROM` without an image");
        return From { base: text.word(rest.clone()), as_keyword: None, name: None };
    };
    let base = text.word(base);
    let Some(as_range) = words.next() else { return From { base, as_keyword: None, name: None } };
    let is_as = text.content[as_range.clone()].eq_ignore_ascii_case("as");
    let name = words.next();
    let odd = match &name {
        _ if !is_as => Some(as_range.clone()),
        None => Some(as_range.clone()),
        Some(_) => words.next(),
    };
    if let Some(odd) = odd {
        let message = format!("{} where `FROM image [AS name]` ends", shown(&text.content[odd.clone()]));
        let message = if is_as && name.is_none() { "`AS` without a name".to_owned() } else { message };
        cx.error(ErrorKind::Arguments, text.span(&odd), message);
    }
    let name = name.filter(|_| is_as).map(|range| text.word(range));
    if let Some(name) = &name
        && !is_stage_name(&name.text)
    {
        let message =
            format!("stage name {} is not a letter followed by letters, digits, `-`, `_` or `.`", shown(&name.text));
        cx.error(ErrorKind::StageName, name.span, message);
    }
    From { base, as_keyword: is_as.then(|| text.span(&as_range)), name }
}

fn is_stage_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn healthcheck<'a>(
    cx: &mut Context<'a>,
    text: &Text<'_, 'a>,
    keyword: Span,
    rest: Range<usize>,
    flags: &[crate::Flag<'a>],
) -> Healthcheck<'a> {
    if rest.is_empty() {
        cx.error(ErrorKind::Arguments, keyword, "`HEALTHCHECK` without `CMD` or `NONE`");
        return Healthcheck::Invalid;
    }
    let form = rest.start..words::skip_word(&text.content[..rest.end], rest.start);
    let rest = words::skip_blanks(&text.content[..rest.end], form.end)..rest.end;
    let word = &text.content[form.clone()];
    if word.eq_ignore_ascii_case("NONE") {
        if !rest.is_empty() {
            cx.error(ErrorKind::Arguments, text.span(&rest), "`HEALTHCHECK NONE` takes no arguments");
        }
        return Healthcheck::None;
    }
    flags::check_healthcheck(cx, flags);
    if !word.eq_ignore_ascii_case("CMD") {
        let message = format!("{} in `HEALTHCHECK` is neither `CMD` nor `NONE`", shown(word));
        cx.error(ErrorKind::Arguments, text.span(&form), message);
        return Healthcheck::Invalid;
    }
    let command = command(cx, text, rest);
    let is_empty = match &command {
        Command::Exec(array) => array.items.is_empty(),
        Command::Shell(line) => line.text.is_empty(),
    };
    if is_empty {
        cx.error(ErrorKind::Arguments, text.span(&form), "`HEALTHCHECK CMD` without a command");
    }
    Healthcheck::Command(command)
}

fn shell<'a>(cx: &mut Context<'a>, text: &Text<'_, 'a>, keyword: Span, rest: &Range<usize>) -> Option<Array<'a>> {
    let errors = cx.errors.len();
    let array = json_form(cx, text, rest);
    match &array {
        _ if rest.is_empty() => required(cx, Keyword::Shell, keyword, true),
        Some(array) if array.items.is_empty() => {
            cx.error(ErrorKind::Arguments, array.span, "`SHELL` without a program");
        }
        None if cx.errors.len() == errors => {
            let kind = if text.content[rest.clone()].starts_with('[') { ErrorKind::Json } else { ErrorKind::Arguments };
            cx.error(kind, text.span(rest), "`SHELL` takes a JSON array of strings");
        }
        _ => {}
    }
    array
}

fn volumes<'a>(cx: &mut Context<'a>, text: &Text<'_, 'a>, keyword: Span, rest: &Range<usize>) -> Vec<Word<'a>> {
    let paths = match json_form(cx, text, rest) {
        Some(array) => array.items,
        None => words::plain(text.content, rest).map(|word| text.word(word)).collect(),
    };
    required(cx, Keyword::Volume, keyword, paths.is_empty());
    if let Some(blank) = paths.iter().find(|path| path.text.trim().is_empty()) {
        cx.error(ErrorKind::Arguments, blank.span, "empty path in `VOLUME`");
    }
    paths
}
