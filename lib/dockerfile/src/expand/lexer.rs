use super::ExpandError;
use super::pattern::Pattern;
use std::borrow::Cow;
use std::ops::Range;

/// How the text is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    pub(crate) escape: char,
    /// Quotes stay in the result.
    pub(crate) raw_quotes: bool,
    /// Escape characters stay in the result.
    pub(crate) raw_escapes: bool,
    /// References to variables that are not set stay in the result.
    pub(crate) keep_unset: bool,
    /// Quotes are characters like others, as in the text of a heredoc.
    pub(crate) no_quotes: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { escape: '\\', raw_quotes: false, raw_escapes: false, keep_unset: false, no_quotes: false }
    }
}

/// A word that was split off, and where the text stands that it came from.
pub(crate) struct LexedWord {
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
}

/// A reference to a variable as the text has it. Ranges are offsets into the text.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    /// From `$` to the end of the reference.
    pub(crate) whole: Range<usize>,
    pub(crate) name: Range<usize>,
    /// The operator behind the name; empty where none stands there.
    pub(crate) operator: Range<usize>,
}

/// The words of a line as they stand, for the search for heredocs. `None` where quotes or braces do not close.
pub(crate) fn raw_words(line: &str) -> Option<Vec<Range<usize>>> {
    let options = Options { raw_quotes: true, raw_escapes: true, keep_unset: true, ..Options::default() };
    let (_, words) = Lexer::new(line, options, |_: &str, _| None).run().ok()?;
    Some(words.into_iter().map(|word| word.range).collect())
}

/// A heredoc's name without quotes, and whether its body is expanded: whether no quote was taken away. `None` where
/// it is not one word.
pub(crate) fn heredoc_name(word: &str) -> Option<(String, bool)> {
    let quotes = |words: &[LexedWord]| words.iter().map(|word| word.text.matches(['"', '\'']).count()).sum::<usize>();
    let lex = |raw_quotes| {
        let options = Options { raw_quotes, keep_unset: true, ..Options::default() };
        Some(Lexer::new(word, options, |_: &str, _| None).run().ok()?.1)
    };
    let (words, raw) = (lex(false)?, lex(true)?);
    let expand = quotes(&words) == quotes(&raw);
    let mut words = words.into_iter();
    match (words.next(), words.next()) {
        (Some(only), None) => Some((only.text, expand)),
        _ => None,
    }
}

/// The builders' lexer. `lookup` is given each variable's name and where its reference stands.
pub(crate) struct Lexer<'t, L> {
    text: &'t str,
    at: usize,
    options: Options,
    raw_escapes: bool,
    depth: u32,
    longest: usize,
    /// How many steps the matching of patterns may still take.
    steps: usize,
    /// Where the innermost thing stands that went wrong.
    mistake: Option<Range<usize>>,
    lookup: L,
}

impl<'t, 'v, L: FnMut(&'t str, Reference) -> Option<Cow<'v, str>>> Lexer<'t, L> {
    pub(crate) fn new(text: &'t str, options: Options, lookup: L) -> Self {
        // Values may hold references' values twice over, line by line: a bound, or a short file fills the memory.
        const LONGEST: usize = 64 * 1024;
        // Far more than words of Dockerfiles take, and little enough that none holds up the rest.
        const STEPS: usize = 1 << 16;
        let longest = text.len() + LONGEST;
        Self {
            text,
            at: 0,
            options,
            raw_escapes: options.raw_escapes,
            depth: 0,
            longest,
            steps: STEPS,
            mistake: None,
            lookup,
        }
    }

    /// The text expanded, as one value and as words.
    pub(crate) fn run(&mut self) -> Result<(String, Vec<LexedWord>), ExpandError> {
        let mut words = Words::default();
        let value = self.until(None, &mut words)?;
        Ok((value, words.finish()))
    }

    /// Where the mistake stands that [`run`](Self::run) met: the quote or the reference that is not closed, what no operator is.
    pub(crate) fn mistake(&self) -> Option<Range<usize>> {
        self.mistake.clone()
    }

    fn fail<T>(&mut self, place: Range<usize>, error: ExpandError) -> Result<T, ExpandError> {
        self.mistake.get_or_insert(place);
        Err(error)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    /// Reads up to the character `stop`, which is taken too, or to the end where there is none.
    fn until(&mut self, stop: Option<char>, words: &mut Words) -> Result<String, ExpandError> {
        let mut value = String::new();
        loop {
            if value.len() > self.longest {
                return Err(ExpandError::TooLong);
            }
            let start = self.at;
            let Some(character) = self.peek() else { break };
            match character {
                _ if stop == Some(character) => {
                    self.take();
                    return Ok(value);
                }
                '$' => {
                    let piece = self.dollar()?;
                    for character in piece.chars() {
                        words.push(character, start..self.at);
                    }
                    value.push_str(&piece);
                }
                '\'' | '"' if self.options.no_quotes => {
                    self.take();
                    words.push_raw(character.encode_utf8(&mut [0; 4]), start..self.at);
                    value.push(character);
                }
                '\'' | '"' | '<' => {
                    let piece = match character {
                        '\'' => self.single_quoted()?,
                        '"' => self.double_quoted()?,
                        _ => self.heredoc(),
                    };
                    words.push_raw(&piece, start..self.at);
                    value.push_str(&piece);
                }
                _ => {
                    self.take();
                    if character != self.options.escape {
                        words.push(character, start..self.at);
                        value.push(character);
                        continue;
                    }
                    if self.raw_escapes {
                        words.push_raw(character.encode_utf8(&mut [0; 4]), start..self.at);
                        value.push(character);
                    }
                    let Some(escaped) = self.take() else { break };
                    words.push_raw(escaped.encode_utf8(&mut [0; 4]), start..self.at);
                    value.push(escaped);
                }
            }
        }
        match stop {
            Some(stop) => Err(ExpandError::Unclosed(stop)),
            None => Ok(value),
        }
    }

    /// Blanks between `<<` and a heredoc's name do not end the word.
    fn heredoc(&mut self) -> String {
        let start = self.at;
        self.take();
        if self.peek() == Some('<') {
            self.take();
            while matches!(self.peek(), Some(' ' | '\t' | '\r')) {
                self.take();
            }
        }
        self.text[start..self.at].to_owned()
    }

    fn single_quoted(&mut self) -> Result<String, ExpandError> {
        let start = self.at;
        self.take();
        let Some(length) = self.text[self.at..].find('\'') else {
            return self.fail(start..self.at, ExpandError::Unclosed('\''));
        };
        let inner = self.at..self.at + length;
        self.at = inner.end + 1;
        Ok(if self.options.raw_quotes { self.text[start..self.at].to_owned() } else { self.text[inner].to_owned() })
    }

    fn double_quoted(&mut self) -> Result<String, ExpandError> {
        let mut value = String::new();
        let start = self.at;
        self.take();
        if self.options.raw_quotes {
            value.push('"');
        }
        loop {
            if value.len() > self.longest {
                return Err(ExpandError::TooLong);
            }
            let Some(character) = self.peek() else {
                return self.fail(start..start + 1, ExpandError::Unclosed('"'));
            };
            match character {
                '"' => {
                    self.take();
                    if self.options.raw_quotes {
                        value.push('"');
                    }
                    return Ok(value);
                }
                '$' => value.push_str(&self.dollar()?),
                character => {
                    self.take();
                    if character != self.options.escape {
                        value.push(character);
                        continue;
                    }
                    if self.raw_escapes {
                        value.push(character);
                    }
                    // Only these are escaped; before anything else the escape character stands for itself.
                    match self.peek() {
                        None => {}
                        Some(next) if next == '"' || next == '$' || next == self.options.escape => {
                            value.push(next);
                            self.take();
                        }
                        Some(_) => value.push(character),
                    }
                }
            }
        }
    }

    /// A reference; a `$` that begins none stands for itself.
    fn dollar(&mut self) -> Result<String, ExpandError> {
        let start = self.at;
        self.take();
        if self.peek() == Some('{') {
            const DEEPEST: u32 = 100;
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(ExpandError::TooDeep);
            }
            let value = self.braced(start);
            self.depth -= 1;
            if let Err(error) = &value {
                // Of what is not closed the rest of the text is no part.
                let name = self.text[start + 2..].find(|next: char| !next.is_alphanumeric() && next != '_');
                let end = name.map_or(self.text.len(), |length| start + 2 + length);
                let end = if matches!(error, ExpandError::Unclosed(_)) { end } else { self.at };
                self.mistake.get_or_insert(start..end);
            }
            return value;
        }
        let name = self.name();
        if name.is_empty() {
            return Ok("$".to_owned());
        }
        let reference = Reference { whole: start..self.at, operator: name.end..name.end, name };
        Ok(match self.look_up(reference) {
            Some(value) => value.into_owned(),
            None if self.options.keep_unset => self.text[start..self.at].to_owned(),
            None => String::new(),
        })
    }

    fn look_up(&mut self, reference: Reference) -> Option<Cow<'v, str>> {
        let text = self.text;
        (self.lookup)(&text[reference.name.clone()], reference)
    }

    /// `${...}`, the `$` of which has been taken.
    fn braced(&mut self, start: usize) -> Result<String, ExpandError> {
        self.take();
        match self.peek() {
            None => return Err(ExpandError::Unclosed('}')),
            Some('{' | '}' | ':') => return Err(ExpandError::BadSubstitution),
            Some(_) => {}
        }
        let name = self.name();
        let operator_start = self.at;
        let mut operator = self.take();
        let or_empty = operator == Some(':');
        if or_empty {
            operator = self.take();
        }
        let mut operator_range = operator_start..self.at;
        let operator = match operator {
            Some('}') if !or_empty => {
                let reference = Reference { whole: start..self.at, operator: operator_start..operator_start, name };
                return Ok(match self.look_up(reference) {
                    Some(value) => value.into_owned(),
                    None if self.options.keep_unset => self.text[start..self.at].to_owned(),
                    None => String::new(),
                });
            }
            Some(operator @ ('-' | '+' | '?' | '#' | '%')) => operator,
            Some('/') if !or_empty => '/',
            _ => {
                // A missing brace is the greater mistake.
                if or_empty {
                    self.nested('}', false)?;
                }
                // Where the text or the word ends, it is the brace that is missing.
                if operator.is_none_or(|operator| operator.is_whitespace() || matches!(operator, '"' | '\'')) {
                    return Err(ExpandError::Unclosed('}'));
                }
                let operator = self.text[operator_range.clone()].to_owned();
                return self.fail(operator_range, ExpandError::Operator(operator));
            }
        };
        let mut all = false;
        let mut pattern = String::new();
        if operator == '/' {
            all = self.peek() == Some('/');
            if all {
                self.take();
                operator_range.end = self.at;
            }
            pattern = self.nested('/', true)?;
        } else if matches!(operator, '#' | '%') && self.peek() == Some(operator) {
            operator_range.end += 1;
        }
        let word = self.nested('}', matches!(operator, '#' | '%' | '/'))?;
        let variable = &self.text[name.clone()];
        let reference = Reference { whole: start..self.at, name, operator: operator_range };
        let value = self.look_up(reference);
        if self.options.keep_unset && value.is_none() {
            return Ok(self.text[start..self.at].to_owned());
        }
        let is_set = value.as_deref().is_some_and(|value| !or_empty || !value.is_empty());
        let value = value.unwrap_or_default();
        match operator {
            '-' => Ok(if is_set { value.into_owned() } else { word }),
            '+' => Ok(if is_set { word } else { String::new() }),
            '?' if is_set => Ok(value.into_owned()),
            '?' => Err(ExpandError::Required { name: variable.to_owned(), message: word }),
            '/' => Pattern::new(&pattern)?.replace(&value, &word, all, self.longest, &mut self.steps),
            _ => {
                // The second character of `##` and `%%` has been read as the word's first.
                let (longest, glob) = match word.strip_prefix(operator) {
                    Some(glob) => (true, glob),
                    None => (false, &*word),
                };
                let pattern = Pattern::new(glob)?;
                if operator == '#' {
                    pattern.without_prefix(&value, longest, &mut self.steps)
                } else {
                    pattern.without_suffix(&value, longest, &mut self.steps)
                }
            }
        }
    }

    /// The word behind an operator, up to `stop`. Patterns keep their escapes.
    fn nested(&mut self, stop: char, raw_escapes: bool) -> Result<String, ExpandError> {
        let outer = std::mem::replace(&mut self.raw_escapes, raw_escapes);
        let word = self.until(Some(stop), &mut Words::default());
        self.raw_escapes = outer;
        word
    }

    /// A variable's name: letters, digits and `_`; or digits alone; or one of the special parameters.
    fn name(&mut self) -> Range<usize> {
        let start = self.at;
        let rest = &self.text[start..];
        let length = match rest.chars().next() {
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => 1,
            Some(first) if first.is_numeric() => rest.find(|next: char| !next.is_numeric()).unwrap_or(rest.len()),
            _ => rest.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(rest.len()),
        };
        self.at += length;
        start..self.at
    }
}

/// Words in the making.
#[derive(Default)]
struct Words {
    done: Vec<LexedWord>,
    text: String,
    range: Range<usize>,
}

impl Words {
    /// A character that came from `range`; blanks end the word.
    fn push(&mut self, character: char, range: Range<usize>) {
        if character.is_whitespace() {
            self.end();
        } else {
            self.push_raw(character.encode_utf8(&mut [0; 4]), range);
        }
    }

    fn push_raw(&mut self, piece: &str, range: Range<usize>) {
        if self.text.is_empty() {
            self.range = range.clone();
        }
        self.range.end = range.end;
        self.text.push_str(piece);
    }

    fn end(&mut self) {
        if !self.text.is_empty() {
            self.done.push(LexedWord { text: std::mem::take(&mut self.text), range: self.range.clone() });
        }
    }

    fn finish(mut self) -> Vec<LexedWord> {
        self.end();
        self.done
    }
}
