//! Text that is meant as a JSON array of strings.

use std::fmt::Write;

/// Writes words as a JSON array of strings. Only what JSON demands is escaped.
pub(crate) fn array<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let mut text = String::from("[");
    for (position, word) in words.into_iter().enumerate() {
        if position > 0 {
            text.push_str(", ");
        }
        text.push('"');
        for character in word.chars() {
            match character {
                '"' | '\\' => text.extend(['\\', character]),
                '\t' => text.push_str("\\t"),
                control if control < ' ' => {
                    let _ = write!(text, "\\u{:04x}", u32::from(control));
                }
                other => text.push(other),
            }
        }
        text.push('"');
    }
    text.push(']');
    text
}

/// Whether a text that is no JSON array is meant as one. The shell's test command `[ … ]` is not; in a `RUN` it is
/// what such a text is taken for where it could be either.
pub(crate) fn is_meant(text: &str, run: bool) -> bool {
    let Some(rest) = text.strip_prefix('[') else { return false };
    let text = text.trim_end();
    match rest.chars().next() {
        // `["a"` and `['a'` are no commands that anybody means, nor is `[a, b]`.
        Some('"' | '\'' | '“' | '”' | '‘' | '’') => true,
        Some(' ' | '\t') => items(text).is_some_and(|items| !run || items.len() > 1),
        Some(_) => text.ends_with(']') && text.len() > 2 && !rest.starts_with('['),
        None => false,
    }
}

/// The JSON array that a text is meant to be; `None` where that cannot be told.
pub(crate) fn mended(text: &str) -> Option<String> {
    let items = items(text)?;
    Some(array(items.iter().map(String::as_str)))
}

/// The items of a list in brackets, each in quotes of some kind or a bare word, with commas between them.
fn items(text: &str) -> Option<Vec<String>> {
    let mut rest = text.trim().strip_prefix('[')?;
    let mut items = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(end) = rest.strip_prefix(']') {
            return end.trim().is_empty().then_some(items).filter(|items| !items.is_empty());
        }
        let (item, tail) = item(rest)?;
        items.push(item);
        rest = tail.trim_start();
        match rest.strip_prefix(',') {
            Some(tail) => rest = tail,
            // A comma that is missing between two quoted words.
            None if rest.starts_with([']', '"', '\'', '“', '‘']) => {}
            None => return None,
        }
    }
}

fn item(text: &str) -> Option<(String, &str)> {
    let close: &[char] = match text.chars().next()? {
        '"' => &['"'],
        '\'' => &['\''],
        '“' | '”' => &['“', '”'],
        '‘' | '’' => &['‘', '’'],
        _ => {
            let end = text.find([',', ']'])?;
            let word = text.get(..end)?.trim_end();
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+".contains(c);
            return (!word.is_empty() && word.chars().all(plain))
                .then(|| (word.to_owned(), text.get(end..).unwrap_or("")));
        }
    };
    let open = text.chars().next()?.len_utf8();
    let inner = text.get(open..)?;
    let end = inner.find(close)?;
    let word = inner.get(..end)?;
    let behind = inner.get(end..)?;
    let behind = behind.get(behind.chars().next()?.len_utf8()..)?;
    // What an escape would mean in text that is no JSON is a guess.
    (!word.contains('\\')).then(|| (word.to_owned(), behind))
}
