use super::Walk;
use crate::text::Text;
use crate::{Assignment, Redirect, Word};
use plimsoll_base::Span;
use shuck_ast as ast;
use shuck_ast::{
    AssignmentValue, DeclOperand, LiteralText, RedirectKind, RedirectTarget, Stmt, WordPart, WordPartNode,
};
use std::borrow::Cow;

/// Words, assignments and redirections of the tree as those of a script.
///
/// Only the tree's spans are used; texts are taken from the source, since the tree's are decoded in ways that differ
/// from place to place.
impl<'a> Walk<'_, 'a> {
    pub(super) fn span(&self, span: ast::Span) -> Option<Span> {
        self.span_of(span.start.offset(), span.end.offset())
    }

    fn span_of(&self, start: usize, end: usize) -> Option<Span> {
        self.source.get(start..end)?;
        Some(Span::new(start as u32, end as u32))
    }

    pub(super) fn word(&self, word: &ast::Word) -> Option<Word<'a>> {
        self.word_behind(word.span.start.offset(), word)
    }

    /// The word with the plain text from `start` on that stands directly before it.
    fn word_behind(&self, start: usize, word: &ast::Word) -> Option<Word<'a>> {
        let (value, end) = (word.span.start.offset(), word.span.end.offset());
        let span = self.span_of(start, end)?;
        let mut text = Text::new(self.source);
        text.push_unquoted(start, value);
        let (mut quoted, mut expands) = (false, false);
        // The parts should follow each other without gaps.
        let mut at = value;
        for part in &word.parts {
            let (from, to) = (part.span.start.offset(), part.span.end.offset());
            if from != at || to > end {
                return None;
            }
            at = to;
            match &part.kind {
                WordPart::Literal(_) => text.push_unquoted(from, to),
                WordPart::SingleQuoted { dollar, .. } => {
                    quoted = true;
                    if *dollar {
                        text.push_ansi_c(from + 2, to.saturating_sub(1));
                    } else {
                        text.push(from + 1, to.saturating_sub(1));
                    }
                }
                WordPart::DoubleQuoted { parts, dollar } => {
                    quoted = true;
                    let inside = from + 1 + usize::from(*dollar)..to.saturating_sub(1);
                    expands |= self.double_quoted(parts, inside, &mut text)?;
                }
                _ => {
                    expands = true;
                    text.push(from, to);
                    self.is_closed(from, to).then_some(())?;
                }
            }
        }
        if at != end {
            return None;
        }
        Some(Word { span, text: text.finish(), quoted, expands })
    }

    fn double_quoted(&self, parts: &[WordPartNode], inside: std::ops::Range<usize>, text: &mut Text) -> Option<bool> {
        if parts.iter().all(|part| matches!(part.kind, WordPart::Literal(_))) {
            // The spans of such parts are off by some bytes behind escapes, which does not matter then.
            text.push_double_quoted(inside.start, inside.end);
            return Some(false);
        }
        let mut expands = false;
        let mut at = inside.start;
        for part in parts {
            let (from, to) = (part.span.start.offset(), part.span.end.offset());
            if from != at || to > inside.end {
                return None;
            }
            at = to;
            if let WordPart::Literal(_) = part.kind {
                text.push_double_quoted(from, to);
            } else {
                expands = true;
                text.push(from, to);
                self.is_closed(from, to).then_some(())?;
            }
        }
        (at == inside.end).then_some(expands)
    }

    /// Whether the expansion ends as it begins: the tree has some that do not end.
    fn is_closed(&self, start: usize, end: usize) -> bool {
        let written = self.source.get(start..end).unwrap_or_default();
        match written.get(..2) {
            Some("${") => written.ends_with('}'),
            Some("$(") => written.ends_with(')'),
            Some("$[") => written.ends_with(']'),
            _ => true,
        }
    }

    /// A word that is taken as it stands.
    pub(super) fn raw_word(&self, start: usize, end: usize) -> Option<Word<'a>> {
        let text = self.source.get(start..end).filter(|text| !text.is_empty())?;
        Some(Word { span: self.span_of(start, end)?, text: Cow::Borrowed(text), quoted: false, expands: false })
    }

    /// An argument of `export` and the like.
    pub(super) fn operand(&self, operand: &DeclOperand) -> Option<Word<'a>> {
        match operand {
            DeclOperand::Flag(word) | DeclOperand::Dynamic(word) => self.word(word),
            DeclOperand::Name(name) => self.raw_word(name.span.start.offset(), name.span.end.offset()),
            DeclOperand::Assignment(assignment) => {
                let (start, end) = (assignment.span.start.offset(), assignment.span.end.offset());
                match &assignment.value {
                    AssignmentValue::Scalar(value) if is_empty(value) => {
                        let mut text = Text::new(self.source);
                        text.push_unquoted(start, end);
                        Some(Word { text: text.finish(), ..self.raw_word(start, end)? })
                    }
                    AssignmentValue::Scalar(value) => self.word_behind(start, value),
                    AssignmentValue::Compound(array) => {
                        let word = self.raw_word(start, end)?;
                        Some(Word { expands: expands(array), ..word })
                    }
                }
            }
        }
    }

    pub(super) fn assignment(&self, assignment: &ast::Assignment) -> Option<Assignment<'a>> {
        let span = self.span(assignment.span)?;
        let name = assignment.target.name_span;
        let name = self.source.get(name.start.offset()..name.end.offset()).filter(|name| !name.is_empty())?;
        let end = assignment.span.end.offset();
        let value = match &assignment.value {
            AssignmentValue::Scalar(value) if is_empty(value) => Word::empty(span.end),
            AssignmentValue::Scalar(value) => self.word(value)?,
            AssignmentValue::Compound(array) => {
                let word = self.raw_word(array.span.start.offset(), end)?;
                Word { expands: expands(array), ..word }
            }
        };
        Some(Assignment { span, name: Cow::Borrowed(name), value })
    }

    /// The redirection, where it is one to or from a file; the outer `None` is for a tree that does not fit.
    #[allow(clippy::option_option, reason = "the outer one is the error of every function of the walk")]
    pub(super) fn redirect(&self, redirect: &ast::Redirect) -> Option<Option<Redirect<'a>>> {
        let RedirectTarget::Word(target) = &redirect.target else { return Some(None) };
        if redirect.kind == RedirectKind::HereString {
            return Some(None);
        }
        let mut span = self.span(redirect.span)?;
        if let Some(variable) = redirect.fd_var_span {
            // `{name}>file`
            span = span.cover(self.span_of(variable.start.offset().checked_sub(1)?, variable.end.offset())?);
        }
        let target = if is_empty(target) || target.span.start.offset() < redirect.span.start.offset() {
            // The tree has no place for descriptors.
            let (start, end) = (redirect.span.start.offset(), redirect.span.end.offset());
            let written = self.source.get(start..end)?;
            let behind = written.rfind(['<', '>', '&'])? + 1;
            let descriptor = written[behind..].trim_start_matches([' ', '\t']);
            if written.starts_with('&') || descriptor.is_empty() {
                // `&>>file` is two redirections in the tree, of which this is the made up `2>&1`.
                return Some(None);
            }
            self.raw_word(end - descriptor.len(), end)?
        } else {
            self.word(target)?
        };
        let writes = match redirect.kind {
            RedirectKind::Output
            | RedirectKind::Clobber
            | RedirectKind::Append
            | RedirectKind::ReadWrite
            | RedirectKind::OutputBoth => true,
            RedirectKind::DupOutput => !is_descriptor(&target.text),
            RedirectKind::Input
            | RedirectKind::DupInput
            | RedirectKind::HereDoc
            | RedirectKind::HereDocStrip
            | RedirectKind::HereString => false,
        };
        Some(Some(Redirect { span, writes, target }))
    }

    /// Where `exit`, `break`, `continue` or `return` stands: the tree does not say.
    pub(super) fn builtin_at(
        &self,
        name: &str,
        start: usize,
        statement: &Stmt,
        assignments: &[ast::Assignment],
    ) -> Option<usize> {
        let behind_assignments = assignments.iter().map(|assignment| assignment.span.end.offset());
        let behind_redirects = statement.redirects.iter().map(|redirect| redirect.span.end.offset());
        std::iter::once(start).chain(behind_assignments).chain(behind_redirects).find_map(|start| {
            let rest = self.source.get(start..)?;
            let at = rest.trim_start_matches([' ', '\t', '\n', '\\']);
            let behind = at.strip_prefix(name)?;
            let ends =
                behind.is_empty() || behind.starts_with([' ', '\t', '\n', ';', '&', '|', ')', '<', '>', '`', '}']);
            ends.then(|| start + rest.len() - at.len())
        })
    }
}

/// Whether the word is one that the tree makes up for something that is not there.
pub(super) fn is_empty(word: &ast::Word) -> bool {
    word.span.start.offset() >= word.span.end.offset()
        || matches!(word.parts.as_slice(), [WordPartNode { kind: WordPart::Literal(LiteralText::Owned(text)), .. }]
            if text.is_empty())
}

fn expands(array: &ast::ArrayExpr) -> bool {
    let expands_part = |part: &WordPartNode| match &part.kind {
        WordPart::Literal(_) | WordPart::SingleQuoted { .. } => false,
        WordPart::DoubleQuoted { parts, .. } => parts.iter().any(|part| !matches!(part.kind, WordPart::Literal(_))),
        _ => true,
    };
    array.elements.iter().any(|element| element.value().parts.iter().any(expands_part))
}

/// Whether the target of `>&` is a descriptor, as in `2>&1`, `>&2-` or `>&-`, and no file.
pub(crate) fn is_descriptor(target: &str) -> bool {
    target.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') || target.starts_with('$')
}
