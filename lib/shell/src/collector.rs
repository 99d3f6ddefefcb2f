use crate::wrapper::{self, Runs};
use crate::{Command, Operator, Pipeline, Script, Word};
use plimsoll_base::Span;
use std::ops::Range;

/// Takes the commands that the parser finds and makes a [`Script`] of them: adds those behind wrappers, keeps account
/// of lists, pipelines and scripts in the script, and brings all into order.
pub(crate) struct Collector<'a> {
    /// The whole text; all spans are of it.
    pub(crate) text: &'a str,
    pub(crate) commands: Vec<Command<'a>>,
    pub(crate) pipelines: Vec<Pipeline>,
    /// A stack of the words of commands that are not complete yet.
    pub(crate) words: Vec<Word<'a>>,
    /// Scripts in the script that are not parsed yet.
    pub(crate) scripts: Vec<InnerScript>,
    /// The extents of lists joined by `&&` and `||`, and of their parts, keywords and substitutions included; only
    /// where they are asked for.
    pub(crate) statements: Option<Vec<Span>>,
    lists: u32,
}

/// Where a list of commands stands.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place {
    pub(crate) subshells: u32,
    pub(crate) conditional: u32,
    pub(crate) wrapper: Option<&'static str>,
}

impl Place {
    pub(crate) fn in_subshell(self) -> Self {
        Self { subshells: self.subshells + 1, ..self }
    }

    pub(crate) fn in_condition(self) -> Self {
        Self { conditional: self.conditional + 1, ..self }
    }
}

/// A script that a command of the script hands to another shell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InnerScript {
    /// Absent where its heredoc is not read yet, or is not the text that the other shell sees.
    pub(crate) span: Option<Span>,
    pub(crate) place: Place,
    /// The command that hands it over.
    pub(crate) command: usize,
}

/// What was collected up to some time, to come back to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) commands: usize,
    pipelines: usize,
    words: usize,
    scripts: usize,
    lists: u32,
}

/// Wrappers behind wrappers, such as `sudo env nice x`, are followed up to this depth: each copies the words behind
/// it, and the work must stay linear.
const MOST_WRAPPERS: u32 = 8;

impl<'a> Collector<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            // A command takes some forty bytes in Dockerfiles.
            commands: Vec::with_capacity(text.len() / 40 + 1),
            pipelines: Vec::new(),
            words: Vec::new(),
            scripts: Vec::new(),
            statements: None,
            lists: 0,
        }
    }

    /// Notes the extent of a list or of a part of it.
    #[inline]
    pub(crate) fn statement(&mut self, start: usize, end: usize) {
        if let Some(statements) = &mut self.statements {
            statements.push(Span::new(start as u32, end as u32));
        }
    }

    /// The number of a list that begins.
    pub(crate) fn list(&mut self) -> u32 {
        self.lists += 1;
        self.lists - 1
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            commands: self.commands.len(),
            pipelines: self.pipelines.len(),
            words: self.words.len(),
            scripts: self.scripts.len(),
            lists: self.lists,
        }
    }

    /// Forgets what came after the mark.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        self.commands.truncate(mark.commands);
        self.pipelines.truncate(mark.pipelines);
        self.words.truncate(mark.words);
        self.scripts.truncate(mark.scripts);
        self.lists = mark.lists;
    }

    /// Adds a command that begins, before those in its own words. What it consists of is filled in later.
    pub(crate) fn begin(&mut self, list: u32, operator: Operator, place: Place) -> usize {
        self.commands.push(Command {
            span: Span::default(),
            name: Word::empty(0),
            args: Vec::new(),
            assignments: Vec::new(),
            redirects: Vec::new(),
            pipeline: None,
            subshells: place.subshells,
            conditional: place.conditional,
            list,
            operator,
            wrapper: place.wrapper,
        });
        self.commands.len() - 1
    }

    /// Adds what a complete command runs, where it is a wrapper. Where that is a shell that reads a script from the
    /// standard input, which is a heredoc then, gives the number of the script, for [`Self::feed`].
    pub(crate) fn end(&mut self, index: usize, has_heredoc: bool) -> Option<usize> {
        self.follow(index, MOST_WRAPPERS).filter(|_| has_heredoc)
    }

    fn follow(&mut self, index: usize, depth: u32) -> Option<usize> {
        let command = &self.commands[index];
        let runs = wrapper::runs(command).filter(|_| depth > 0)?;
        let place = Place { subshells: command.subshells + 1, conditional: command.conditional, wrapper: None };
        match runs {
            Runs::Command(wrapper, words) => {
                let behind = self.push_behind(index, words, wrapper);
                self.follow(behind, depth - 1)
            }
            Runs::Find(mut words) => loop {
                let end = words.end;
                let behind = self.push_behind(index, words, "find");
                self.follow(behind, depth - 1);
                words = wrapper::find_exec(&self.commands[index].args, end)?;
            },
            Runs::Script(shell, word) => {
                let span = wrapper::script_span(&command.args[word], self.text)?;
                let place = Place { wrapper: Some(shell), ..place };
                self.scripts.push(InnerScript { span: Some(span), place, command: index });
                None
            }
            Runs::Stdin(shell) => {
                let place = Place { wrapper: Some(shell), ..place };
                self.scripts.push(InnerScript { span: None, place, command: index });
                Some(self.scripts.len() - 1)
            }
        }
    }

    /// Gives a script its text, the body of a heredoc, if expansions and escapes leave that as it stands.
    pub(crate) fn feed(&mut self, script: usize, body: Span, expands: bool) {
        if !expands || wrapper::stands_as_it_is(body.text(self.text)) {
            self.scripts[script].span = Some(body);
        }
    }

    /// Adds the command that `words` of the arguments of the wrapper at `index` make up.
    fn push_behind(&mut self, index: usize, words: Range<usize>, wrapper: &'static str) -> usize {
        let outer = &self.commands[index];
        let name = outer.args[words.start].clone();
        let args = outer.args[words.start + 1..words.end].to_vec();
        let command = Command {
            span: name.span.cover(args.last().unwrap_or(&name).span),
            name,
            args,
            assignments: Vec::new(),
            redirects: Vec::new(),
            pipeline: outer.pipeline,
            wrapper: Some(wrapper),
            ..*outer
        };
        self.commands.push(command);
        self.commands.len() - 1
    }

    /// Adds a pipeline whose first part, the commands from `first` on, is complete, and gives its number.
    pub(crate) fn begin_pipeline(&mut self, operator: Span, first: usize) -> u32 {
        self.pipelines.push(Pipeline { span: operator, operator });
        let pipeline = self.pipelines.len() as u32 - 1;
        self.in_pipeline(first, pipeline, 0);
        pipeline
    }

    /// Says that the commands from `first` on stand in that part of the pipeline, those in inner pipelines aside.
    pub(crate) fn in_pipeline(&mut self, first: usize, pipeline: u32, part: u32) {
        for command in &mut self.commands[first..] {
            command.pipeline.get_or_insert((pipeline, part));
        }
    }

    /// Ends a pipeline whose commands and their redirections extend over `extent`.
    pub(crate) fn end_pipeline(&mut self, pipeline: u32, extent: Option<Span>) {
        let pipeline = &mut self.pipelines[pipeline as usize];
        pipeline.span = cover(extent, Some(pipeline.operator)).unwrap_or(pipeline.operator);
    }

    /// The script, its commands in the order in which they stand.
    pub(crate) fn finish(mut self) -> Script<'a> {
        if !self.commands.is_sorted_by_key(|command| command.span.start) {
            self.commands.sort_by_key(|command| command.span.start);
        }
        Script { commands: self.commands, pipelines: self.pipelines }
    }
}

/// The smallest span over two that may be absent.
#[inline]
pub(crate) fn cover(a: Option<Span>, b: Option<Span>) -> Option<Span> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.cover(b)),
        (a, b) => a.or(b),
    }
}
