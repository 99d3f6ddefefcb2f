use super::Walk;
use crate::collector::Place;
use shuck_ast as ast;
use shuck_ast::{
    ArithmeticExpr, ArithmeticExprNode, ArithmeticLvalue, ArrayElem, AssignmentValue, BourneParameterExpansion,
    HeredocBodyPart, ParameterExpansion, ParameterExpansionSyntax, ParameterOp, Pattern, PatternPart, RedirectTarget,
    StmtSeq, VarRef, WordPart, WordPartNode,
};

/// The commands in words: command and process substitutions, wherever the grammar allows them.
///
/// `None` where the tree does not fit the text.
impl Walk<'_, '_> {
    pub(super) fn substitutions(&mut self, parts: &[WordPartNode], place: Place) -> Option<()> {
        for part in parts {
            match &part.kind {
                WordPart::Literal(_) | WordPart::SingleQuoted { .. } | WordPart::Variable(_) => {}
                WordPart::DoubleQuoted { parts, .. } => self.substitutions(parts, place)?,
                WordPart::CommandSubstitution { body, .. } | WordPart::ProcessSubstitution { body, .. } => {
                    self.substitution(body, part.span, place)?;
                }
                WordPart::ArithmeticExpansion { expression_word_ast, .. } => {
                    self.substitutions(&expression_word_ast.parts, place)?;
                }
                WordPart::Parameter(parameter) => self.parameter(parameter, place)?,
                WordPart::ParameterExpansion { reference, operator, operand_word_ast, .. } => {
                    self.subscript(reference, place)?;
                    self.operation(Some(operator), operand_word_ast.as_deref(), place)?;
                }
                WordPart::IndirectExpansion { reference, operator, operand_word_ast, .. } => {
                    self.subscript(reference, place)?;
                    self.operation(operator.as_deref(), operand_word_ast.as_deref(), place)?;
                }
                WordPart::Substring { reference, offset_word_ast, length_word_ast, .. }
                | WordPart::ArraySlice { reference, offset_word_ast, length_word_ast, .. } => {
                    self.subscript(reference, place)?;
                    self.substitutions(&offset_word_ast.parts, place)?;
                    self.in_word(length_word_ast.as_deref(), place)?;
                }
                WordPart::Length(reference)
                | WordPart::ArrayAccess(reference)
                | WordPart::ArrayLength(reference)
                | WordPart::ArrayIndices(reference)
                | WordPart::Transformation { reference, .. } => self.subscript(reference, place)?,
                WordPart::PrefixMatch { .. } => {}
                WordPart::ZshQualifiedGlob(_) => return None,
            }
        }
        Some(())
    }

    fn substitution(&mut self, body: &StmtSeq, span: ast::Span, place: Place) -> Option<()> {
        let span = self.span(span)?;
        let written = span.text(self.out.text);
        let closed = matches!(written.as_bytes(), [b'`', .., b'`'] | [b'$' | b'<' | b'>', b'(', .., b')']);
        let extent = self.list(body, place.in_subshell())?;
        (closed && extent.is_none_or(|extent| span.encloses(extent))).then_some(())
    }

    pub(super) fn assignment_substitutions(&mut self, assignment: &ast::Assignment, place: Place) -> Option<()> {
        self.subscript(&assignment.target, place)?;
        match &assignment.value {
            AssignmentValue::Scalar(value) => self.substitutions(&value.parts, place),
            AssignmentValue::Compound(array) => {
                for element in &array.elements {
                    if let ArrayElem::Keyed { key, .. } | ArrayElem::KeyedAppend { key, .. } = element {
                        self.in_word(key.word_ast(), place)?;
                    }
                    self.substitutions(&element.value().parts, place)?;
                }
                Some(())
            }
        }
    }

    pub(super) fn redirect_substitutions(&mut self, redirect: &ast::Redirect, place: Place) -> Option<()> {
        match &redirect.target {
            RedirectTarget::Word(word) => self.substitutions(&word.parts, place),
            RedirectTarget::Heredoc(heredoc) => {
                for part in &heredoc.body.parts {
                    match &part.kind {
                        HeredocBodyPart::Literal(_) | HeredocBodyPart::Variable(_) => {}
                        HeredocBodyPart::CommandSubstitution { body, .. } => {
                            self.substitution(body, part.span, place)?;
                        }
                        HeredocBodyPart::ArithmeticExpansion { expression_word_ast, .. } => {
                            self.substitutions(&expression_word_ast.parts, place)?;
                        }
                        HeredocBodyPart::Parameter(parameter) => self.parameter(parameter, place)?,
                    }
                }
                Some(())
            }
        }
    }

    fn in_word(&mut self, word: Option<&ast::Word>, place: Place) -> Option<()> {
        word.map_or(Some(()), |word| self.substitutions(&word.parts, place))
    }

    fn parameter(&mut self, parameter: &ParameterExpansion, place: Place) -> Option<()> {
        match &parameter.syntax {
            ParameterExpansionSyntax::Bourne(syntax) => match syntax {
                BourneParameterExpansion::Access { reference }
                | BourneParameterExpansion::Length { reference }
                | BourneParameterExpansion::Indices { reference }
                | BourneParameterExpansion::Transformation { reference, .. } => self.subscript(reference, place),
                BourneParameterExpansion::PrefixMatch { .. } => Some(()),
                BourneParameterExpansion::Indirect { reference, operator, operand_word_ast, .. } => {
                    self.subscript(reference, place)?;
                    self.operation(operator.as_deref(), operand_word_ast.as_deref(), place)
                }
                BourneParameterExpansion::Operation { reference, operator, operand_word_ast, .. } => {
                    self.subscript(reference, place)?;
                    self.operation(Some(operator), operand_word_ast.as_deref(), place)
                }
                BourneParameterExpansion::Slice { reference, offset_word_ast, length_word_ast, .. } => {
                    self.subscript(reference, place)?;
                    self.substitutions(&offset_word_ast.parts, place)?;
                    self.in_word(length_word_ast.as_deref(), place)
                }
            },
            ParameterExpansionSyntax::Zsh(_) => None,
        }
    }

    fn operation(&mut self, operator: Option<&ParameterOp>, operand: Option<&ast::Word>, place: Place) -> Option<()> {
        match operator {
            Some(
                ParameterOp::RemovePrefixShort { pattern }
                | ParameterOp::RemovePrefixLong { pattern }
                | ParameterOp::RemoveSuffixShort { pattern }
                | ParameterOp::RemoveSuffixLong { pattern },
            ) => self.pattern(pattern, place),
            Some(
                ParameterOp::ReplaceFirst { pattern, replacement_word_ast, .. }
                | ParameterOp::ReplaceAll { pattern, replacement_word_ast, .. },
            ) => {
                self.pattern(pattern, place)?;
                self.substitutions(&replacement_word_ast.parts, place)
            }
            _ => self.in_word(operand, place),
        }
    }

    pub(super) fn subscript(&mut self, reference: &VarRef, place: Place) -> Option<()> {
        self.in_word(reference.subscript.as_deref().and_then(ast::Subscript::word_ast), place)
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern, place: Place) -> Option<()> {
        for part in &pattern.parts {
            match &part.kind {
                PatternPart::Word(word) => self.substitutions(&word.parts, place)?,
                PatternPart::Group { patterns, .. } => {
                    for pattern in patterns {
                        self.pattern(pattern, place)?;
                    }
                }
                PatternPart::Literal(_) | PatternPart::AnyString | PatternPart::AnyChar | PatternPart::CharClass(_) => {
                }
            }
        }
        Some(())
    }

    /// Expressions lean to the left, as deep as they are long.
    pub(super) fn arithmetic(&mut self, expression: &ArithmeticExprNode, place: Place) -> Option<()> {
        let mut open = vec![expression];
        while let Some(expression) = open.pop() {
            match &expression.kind {
                ArithmeticExpr::Number(_) | ArithmeticExpr::Variable(_) => {}
                ArithmeticExpr::ShellWord(word) => self.substitutions(&word.parts, place)?,
                ArithmeticExpr::Indexed { index, .. } => open.push(index),
                ArithmeticExpr::Parenthesized { expression } => open.push(expression),
                ArithmeticExpr::Unary { expr, .. } | ArithmeticExpr::Postfix { expr, .. } => open.push(expr),
                ArithmeticExpr::Binary { left, right, .. } => open.extend([&**right, &**left]),
                ArithmeticExpr::Conditional { condition, then_expr, else_expr } => {
                    open.extend([&**else_expr, &**then_expr, &**condition]);
                }
                ArithmeticExpr::Assignment { target, value, .. } => {
                    open.push(value);
                    if let ArithmeticLvalue::Indexed { index, .. } = target {
                        open.push(index);
                    }
                }
            }
        }
        Some(())
    }
}
