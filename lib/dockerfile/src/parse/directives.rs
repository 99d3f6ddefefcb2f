use super::{Context, Line, json, lines, shown};
use crate::{Directive, ErrorKind, Word};
use plimsoll_base::Span;

/// Reads the parser directives at the head of the file, and steps over them.
///
/// Builders look for them in two ways. The parser wants `#` lines from the very first line on. The detection of the
/// frontend and of the checks allows a `#!` line before them, in which case the parser sees comments only; for
/// `syntax` it also takes `//` lines, and a file that is one JSON object.
pub(super) fn read(cx: &mut Context<'_>) {
    let source = cx.source;
    if source.starts_with('\u{feff}') {
        cx.position = '\u{feff}'.len_utf8();
    }
    let Some(first) = Line::at(source, cx.position) else { return };
    let text = first.text(source);
    let mut shebang = false;
    if text.starts_with("#!") {
        shebang = true;
        cx.comment(first.start, first.end, false);
        cx.position = first.next;
    }
    let rest = &source[cx.position..];
    if rest.starts_with("//") {
        slashes(cx);
    } else if lines::trim_start(rest).starts_with('{') {
        object(cx);
    } else {
        hashes(cx, shebang);
    }
}

fn hashes(cx: &mut Context<'_>, shebang: bool) {
    while let Some(line) = Line::at(cx.source, cx.position) {
        let Some(directive) = directive(cx.source, line, "#") else { return };
        cx.position = line.next;
        let name = directive.name.text.to_ascii_lowercase();
        if shebang {
            if name == "escape" {
                cx.comment(line.start, line.end, false);
            } else {
                cx.directives.push(directive);
            }
            continue;
        }
        let twice = cx.directives.iter().any(|earlier| earlier.name.text.eq_ignore_ascii_case(&name));
        if twice {
            cx.error(ErrorKind::Directive, directive.span, format!("directive `{name}` given twice"));
        } else if name == "escape" {
            match &*directive.value.text {
                "\\" => cx.escape = b'\\',
                "`" => cx.escape = b'`',
                other => {
                    let message = format!("escape character {} is neither `\\` nor a backtick", shown(other));
                    cx.error(ErrorKind::Directive, directive.value.span, message);
                }
            }
        }
        cx.directives.push(directive);
    }
}

/// `//` lines count only where one of them names the frontend; otherwise they are no Dockerfile.
fn slashes(cx: &mut Context<'_>) {
    let mut position = cx.position;
    let mut found = Vec::new();
    while let Some(line) = Line::at(cx.source, position) {
        let Some(directive) = directive(cx.source, line, "//") else { break };
        position = line.next;
        found.push(directive);
    }
    if found.iter().any(|directive| directive.name.text.eq_ignore_ascii_case("syntax")) {
        cx.position = position;
        cx.directives.append(&mut found);
    }
}

/// A JSON object with the key `syntax` is a file for another frontend: no instruction is looked for in it.
fn object(cx: &mut Context<'_>) {
    let start = cx.position;
    let Some((name, value)) = json::member(&cx.source[start..], "syntax") else { return };
    let word = |range: &std::ops::Range<usize>| {
        Word::new(&cx.source[start + range.start..start + range.end], (start + range.start) as u32)
    };
    let (name, value) = (word(&name), word(&value));
    cx.directives.push(Directive { span: name.span.cover(value.span), name, value });
    cx.position = cx.source.len();
}

/// A line of the form `# name = value` with one of the three names.
fn directive<'a>(source: &'a str, line: Line, prefix: &str) -> Option<Directive<'a>> {
    let text = lines::trim_start(line.text(source));
    let start = line.end - text.len();
    let text = lines::trim_start(text.strip_prefix(prefix)?);
    let name_start = line.end - text.len();
    let length = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, rest) = text.split_at(length);
    if !["syntax", "escape", "check"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return None;
    }
    let value = rest.trim_start_matches(is_space).strip_prefix('=')?.trim_start_matches(is_space);
    let value_start = line.end - value.len();
    let value = value.trim_end_matches(is_space);
    (!value.is_empty()).then(|| Directive {
        span: Span::from(start..line.end),
        name: Word::new(name, name_start as u32),
        value: Word::new(value, value_start as u32),
    })
}

/// What `\s` matches in the builders' regular expressions.
fn is_space(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\u{c}' | '\r' | ' ')
}
