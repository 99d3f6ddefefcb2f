/*!
The oracle of the tests: the commands of a script as the syntax tree of another parser has them.
*/

mod substitutions;
mod words;

use crate::collector::{Collector, Place, cover};
use crate::{Assignment, Operator, Word};
use plimsoll_base::Span;
use shuck_ast as ast;
use shuck_ast::{
    BinaryOp, BuiltinCommand, CompoundCommand, ConditionalExpr, DeclOperand, Stmt, StmtSeq, StmtTerminator,
};
use shuck_parser::parser::Parser;

/// Parses the collector's text and collects its commands. `None` where the text is no valid script, or where the tree
/// does not fit it.
pub(crate) fn collect(out: &mut Collector) -> Option<()> {
    let text = out.text;
    // The parser panics where escapes and characters of several bytes make it lose its place.
    let parsed = std::panic::catch_unwind(|| Parser::new(text).parse()).ok()?;
    if !parsed.is_ok() {
        return None;
    }
    Walk { source: text, out }.list(&parsed.file.body, Place::default())?;
    Some(())
}

/// A walk over the syntax tree of `source`.
///
/// `None` anywhere means that the tree does not fit the text, which nobody should trust then.
struct Walk<'c, 'a> {
    source: &'a str,
    out: &'c mut Collector<'a>,
}

/// From the first to the last command of some syntax, redirections included; none where it holds no command. An
/// extent leaves out substitutions, which stand in words, and bodies of heredocs.
type Extent = Option<Span>;

impl Walk<'_, '_> {
    fn list(&mut self, list: &StmtSeq, place: Place) -> Option<Extent> {
        let mut extent = None;
        if list.is_empty() {
            return Some(extent);
        }
        let number = self.out.list();
        let mut operator = Operator::First;
        for statement in list.iter() {
            extent = cover(extent, self.and_or(statement, number, operator, place)?);
            operator = match statement.terminator {
                Some(StmtTerminator::Background(_)) => Operator::Background,
                Some(StmtTerminator::Semicolon) | None => Operator::Then,
            };
        }
        Some(extent)
    }

    /// `a && b || c` is a tree that leans to the left, as deep as it is long.
    fn and_or(&mut self, statement: &Stmt, list: u32, first: Operator, place: Place) -> Option<Extent> {
        let mut rest = Vec::new();
        let mut left = statement;
        while let ast::Command::Binary(binary) = &left.command {
            let operator = match binary.op {
                BinaryOp::And => Operator::And,
                BinaryOp::Or => Operator::Or,
                BinaryOp::Pipe | BinaryOp::PipeAll => break,
            };
            rest.push((operator, &*binary.right));
            left = &binary.left;
        }
        let mut extent = self.pipeline(left, list, first, place)?;
        for (operator, statement) in rest.into_iter().rev() {
            extent = cover(extent, self.pipeline(statement, list, operator, place)?);
        }
        Some(extent)
    }

    fn pipeline(&mut self, statement: &Stmt, list: u32, operator: Operator, place: Place) -> Option<Extent> {
        let mut rest = Vec::new();
        let mut left = statement;
        while let ast::Command::Binary(binary) = &left.command {
            if !matches!(binary.op, BinaryOp::Pipe | BinaryOp::PipeAll) {
                break;
            }
            rest.push(binary);
            left = &binary.left;
        }
        let first = self.out.commands.len();
        let mut extent = self.statement(left, list, operator, place)?;
        if let Some(binary) = rest.last() {
            let pipeline = self.out.begin_pipeline(self.span(binary.op_span)?, first);
            for (binary, part) in rest.iter().rev().zip(1..) {
                let first = self.out.commands.len();
                extent = cover(extent, self.statement(&binary.right, list, operator, place)?);
                self.out.in_pipeline(first, pipeline, part);
            }
            self.out.end_pipeline(pipeline, extent);
        }
        Some(extent)
    }

    fn statement(&mut self, statement: &Stmt, list: u32, operator: Operator, place: Place) -> Option<Extent> {
        let simple = |assignments, name, args| Simple { statement, assignments, name, args, list, operator, place };
        match &statement.command {
            ast::Command::Simple(command) => {
                let name = Name::Word(&command.name);
                return self.simple(&simple(&command.assignments, name, Args::Words(None, &command.args)));
            }
            ast::Command::Builtin(command) => {
                let (name, assignments, first, args, span) = match command {
                    BuiltinCommand::Break(it) => ("break", &it.assignments, &it.depth, &it.extra_args, it.span),
                    BuiltinCommand::Continue(it) => ("continue", &it.assignments, &it.depth, &it.extra_args, it.span),
                    BuiltinCommand::Return(it) => ("return", &it.assignments, &it.code, &it.extra_args, it.span),
                    BuiltinCommand::Exit(it) => ("exit", &it.assignments, &it.code, &it.extra_args, it.span),
                };
                let at = self.builtin_at(name, span.start.offset(), statement, assignments)?;
                let args = Args::Words(first.as_ref(), args);
                return self.simple(&simple(assignments, Name::At(at, at + name.len()), args));
            }
            ast::Command::Decl(command) => {
                let name = Name::At(command.variant_span.start.offset(), command.variant_span.end.offset());
                return self.simple(&simple(&command.assignments, name, Args::Operands(&command.operands)));
            }
            _ => {}
        }
        let extent = match &statement.command {
            ast::Command::Compound(command) => self.compound(command, list, operator, place)?,
            ast::Command::Function(function) => {
                let number = self.out.list();
                self.and_or(&function.body, number, Operator::First, place.in_condition())?
            }
            // A list where one command is expected is a list of its own.
            _ => {
                let number = self.out.list();
                self.and_or(statement, number, Operator::First, place)?
            }
        };
        let mut redirects = None;
        for redirect in &statement.redirects {
            if let Some(redirect) = self.redirect(redirect)? {
                redirects = cover(redirects, Some(redirect.span));
            }
            self.redirect_substitutions(redirect, place)?;
        }
        Some(cover(extent, redirects))
    }

    fn compound(&mut self, command: &CompoundCommand, list: u32, operator: Operator, place: Place) -> Option<Extent> {
        let inner = place.in_condition();
        Some(match command {
            CompoundCommand::If(it) => {
                // The first condition always runs; nothing else must.
                let mut extent = self.list(&it.condition, place)?;
                extent = cover(extent, self.list(&it.then_branch, inner)?);
                for (condition, branch) in &it.elif_branches {
                    extent = cover(extent, self.list(condition, inner)?);
                    extent = cover(extent, self.list(branch, inner)?);
                }
                if let Some(branch) = &it.else_branch {
                    extent = cover(extent, self.list(branch, inner)?);
                }
                extent
            }
            CompoundCommand::While(it) => {
                let condition = self.list(&it.condition, place)?;
                cover(condition, self.list(&it.body, inner)?)
            }
            CompoundCommand::Until(it) => {
                let condition = self.list(&it.condition, place)?;
                cover(condition, self.list(&it.body, inner)?)
            }
            CompoundCommand::For(it) => {
                for word in it.words.iter().flatten() {
                    self.substitutions(&word.parts, place)?;
                }
                self.list(&it.body, inner)?
            }
            CompoundCommand::Select(it) => {
                for word in &it.words {
                    self.substitutions(&word.parts, place)?;
                }
                self.list(&it.body, inner)?
            }
            CompoundCommand::ArithmeticFor(it) => {
                for expression in [&it.init_ast, &it.condition_ast, &it.step_ast].into_iter().flatten() {
                    self.arithmetic(expression, place)?;
                }
                self.list(&it.body, inner)?
            }
            CompoundCommand::Case(it) => {
                self.substitutions(&it.word.parts, place)?;
                let mut extent = None;
                for case in &it.cases {
                    for pattern in &case.patterns {
                        self.pattern(pattern, place)?;
                    }
                    extent = cover(extent, self.list(&case.body, inner)?);
                }
                extent
            }
            CompoundCommand::Subshell(body) => self.list(body, place.in_subshell())?,
            CompoundCommand::BraceGroup(body) => self.list(body, place)?,
            CompoundCommand::Arithmetic(it) => {
                if let Some(expression) = &it.expr_ast {
                    self.arithmetic(expression, place)?;
                }
                None
            }
            CompoundCommand::Time(it) => {
                self.time(it.span.start.offset(), it.command.as_deref(), list, operator, place)?
            }
            CompoundCommand::Conditional(it) => self.conditional(it, list, operator, place)?,
            _ => return None,
        })
    }

    /// `time` is a keyword before a whole pipeline; it is shown as a command before the pipeline's commands.
    fn time(
        &mut self,
        start: usize,
        timed: Option<&Stmt>,
        list: u32,
        operator: Operator,
        place: Place,
    ) -> Option<Extent> {
        let name = self.raw_word(start, start + "time".len())?;
        if &*name.text != "time" {
            return None;
        }
        let index = self.out.begin(list, operator, place);
        let mut extent = Some(name.span);
        if let Some(timed) = timed {
            extent = cover(extent, self.pipeline(timed, list, operator, place)?);
        }
        let behind = self.out.commands.get_mut(index + 1..).unwrap_or_default();
        let mut args = Vec::new();
        if let (Some(ast::Command::Simple(_)), Some(first)) = (timed.map(|timed| &timed.command), behind.first()) {
            args.push(first.name.clone());
            args.extend_from_slice(&first.args);
        }
        for command in behind.iter_mut().filter(|command| command.list == list && command.wrapper == place.wrapper) {
            command.wrapper = Some("time");
        }
        let command = &mut self.out.commands[index];
        command.span = args.last().map_or(name.span, |last| name.span.cover(last.span));
        command.name = name;
        command.args = args;
        Some(extent)
    }

    /// `[[ ... ]]` is shown as a command, as `[ ... ]` is one.
    fn conditional(
        &mut self,
        command: &ast::ConditionalCommand,
        list: u32,
        operator: Operator,
        place: Place,
    ) -> Option<Extent> {
        let index = self.out.begin(list, operator, place);
        let mut args = Vec::new();
        let mut open = vec![Part::Expression(&command.expression)];
        while let Some(part) = open.pop() {
            let expression = match part {
                Part::Expression(expression) => expression,
                Part::Operator(span) => {
                    args.push(self.raw_word(span.start.offset(), span.end.offset())?);
                    continue;
                }
            };
            match expression {
                ConditionalExpr::Binary(it) => {
                    open.extend([Part::Expression(&it.right), Part::Operator(it.op_span), Part::Expression(&it.left)]);
                }
                ConditionalExpr::Unary(it) => open.extend([Part::Expression(&it.expr), Part::Operator(it.op_span)]),
                ConditionalExpr::Parenthesized(it) => open.extend([
                    Part::Operator(it.right_paren_span),
                    Part::Expression(&it.expr),
                    Part::Operator(it.left_paren_span),
                ]),
                ConditionalExpr::Word(word) | ConditionalExpr::Regex(word) => {
                    args.push(self.word(word)?);
                    self.substitutions(&word.parts, place)?;
                }
                ConditionalExpr::Pattern(pattern) => {
                    args.push(self.raw_word(pattern.span.start.offset(), pattern.span.end.offset())?);
                    self.pattern(pattern, place)?;
                }
                ConditionalExpr::VarRef(it) => {
                    args.push(self.raw_word(it.span.start.offset(), it.span.end.offset())?);
                    self.subscript(it, place)?;
                }
            }
        }
        let (left, right) = (command.left_bracket_span, command.right_bracket_span);
        args.push(self.raw_word(right.start.offset(), right.end.offset())?);
        let name = self.raw_word(left.start.offset(), left.end.offset())?;
        let span = name.span.cover(self.span(right)?);
        let command = &mut self.out.commands[index];
        command.span = span;
        command.name = name;
        command.args = args;
        Some(Some(span))
    }

    fn simple(&mut self, simple: &Simple) -> Option<Extent> {
        let Simple { statement, place, .. } = *simple;
        let index = self.out.begin(simple.list, simple.operator, place);
        let mut assignments = Vec::new();
        for assignment in simple.assignments {
            assignments.push(self.assignment(assignment)?);
        }
        let mut name = match simple.name {
            Name::Word(word) if !words::is_empty(word) => self.word(word)?,
            Name::Word(_) => Word::empty(0),
            Name::At(start, end) => self.raw_word(start, end)?,
        };
        let mut args = Vec::new();
        match simple.args {
            Args::Words(first, rest) => {
                args.reserve_exact(rest.len() + usize::from(first.is_some()));
                for arg in first.into_iter().chain(rest) {
                    args.push(self.word(arg)?);
                }
            }
            Args::Operands(operands) => {
                args.reserve_exact(operands.len());
                for operand in operands {
                    args.push(self.operand(operand)?);
                }
            }
        }
        // The tree has words that are split where they should not be, such as `{a,b}"$X"`.
        let touch = |(word, next): (&Word, &Word)| word.span.end == next.span.start;
        if std::iter::once(&name).chain(&args).zip(&args).any(touch) {
            return None;
        }
        let mut redirects = Vec::new();
        let mut redirected = None;
        for redirect in &statement.redirects {
            redirected = cover(redirected, Some(self.span(redirect.span)?));
            redirects.extend(self.redirect(redirect)?);
        }
        let first_assignment = assignments.first().map(|assignment: &Assignment| assignment.span);
        let last_assignment = assignments.last().map(|assignment| assignment.span);
        let named = (!name.span.is_empty()).then_some(name.span);
        let last_arg = args.last().map(|arg| arg.span);
        let words = cover(cover(first_assignment, last_assignment), cover(named, last_arg));
        let span = words.or(redirected)?;
        if named.is_none() {
            name = Word::empty(span.end);
        }
        let file_redirects = redirects.iter().fold(None, |extent, redirect| cover(extent, Some(redirect.span)));
        let command = &mut self.out.commands[index];
        command.span = span;
        command.name = name;
        command.args = args;
        command.assignments = assignments;
        command.redirects = redirects;
        self.simple_substitutions(simple)?;
        self.out.end(index, false);
        Some(cover(Some(span), file_redirects))
    }

    /// The commands in substitutions of a simple command, in the order in which they stand, which is that in which
    /// lists are numbered.
    fn simple_substitutions(&mut self, simple: &Simple) -> Option<()> {
        let place = simple.place;
        let mut redirects = simple.statement.redirects.iter().peekable();
        let mut redirects_before = |walk: &mut Self, at: usize| {
            while let Some(redirect) = redirects.next_if(|redirect| redirect.span.start.offset() < at) {
                walk.redirect_substitutions(redirect, place)?;
            }
            Some(())
        };
        for assignment in simple.assignments {
            redirects_before(self, assignment.span.start.offset())?;
            self.assignment_substitutions(assignment, place)?;
        }
        if let Name::Word(name) = simple.name {
            redirects_before(self, name.span.start.offset())?;
            self.substitutions(&name.parts, place)?;
        }
        match simple.args {
            Args::Words(first, rest) => {
                for arg in first.into_iter().chain(rest) {
                    redirects_before(self, arg.span.start.offset())?;
                    self.substitutions(&arg.parts, place)?;
                }
            }
            Args::Operands(operands) => {
                for operand in operands {
                    match operand {
                        DeclOperand::Flag(word) | DeclOperand::Dynamic(word) => {
                            redirects_before(self, word.span.start.offset())?;
                            self.substitutions(&word.parts, place)?;
                        }
                        DeclOperand::Name(name) => {
                            redirects_before(self, name.span.start.offset())?;
                            self.subscript(name, place)?;
                        }
                        DeclOperand::Assignment(assignment) => {
                            redirects_before(self, assignment.span.start.offset())?;
                            self.assignment_substitutions(assignment, place)?;
                        }
                    }
                }
            }
        }
        redirects_before(self, usize::MAX)
    }
}

/// A simple command in any of the tree's forms.
struct Simple<'t> {
    statement: &'t Stmt,
    assignments: &'t [ast::Assignment],
    name: Name<'t>,
    args: Args<'t>,
    list: u32,
    operator: Operator,
    place: Place,
}

#[derive(Clone, Copy)]
enum Name<'t> {
    Word(&'t ast::Word),
    At(usize, usize),
}

#[derive(Clone, Copy)]
enum Args<'t> {
    Words(Option<&'t ast::Word>, &'t [ast::Word]),
    Operands(&'t [DeclOperand]),
}

/// A part of a `[[ ... ]]` that is not looked at yet.
enum Part<'t> {
    Expression(&'t ConditionalExpr),
    Operator(ast::Span),
}
