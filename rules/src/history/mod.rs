//! An image's history and configuration as one Dockerfile text, over which rules on Dockerfiles run too, and in which
//! secrets are found and masked in one place.

mod written;

use plimsoll_base::Span;
use plimsoll_dockerfile::Keyword;
use plimsoll_image::{History as Record, Image};
use std::collections::BTreeSet;
use std::fmt::Write;
use written::{Written, instruction, shell_text};
pub(crate) use written::{is_hash, without_flags};

/// The text, and what each of its lines comes from.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// The text.
    pub(crate) text: String,
    /// The steps, as many as the image's history has.
    pub(crate) steps: Vec<Step>,
    /// Where the words of the entrypoint and of the command stand.
    pub(crate) entrypoint: Vec<Span>,
    pub(crate) command: Vec<Span>,
    lines: Vec<(u32, Origin)>,
}

/// A step of the history.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Where its instruction stands in the text.
    pub(crate) span: Span,
    /// What instruction it is.
    pub(crate) keyword: Keyword,
    /// Whether it was made by the base image's builder, as far as that can be told.
    pub(crate) is_base: bool,
    /// Where its layer holds what several instructions made: the first of them, and how many more there are.
    pub(crate) bundle: Option<(usize, usize)>,
}

/// What a line comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A step of the history.
    Step(usize),
    /// A value of the configuration, by its JSON pointer.
    Config(String),
    /// A build argument that the builder's attestation tells.
    Attestation,
    /// What another line says already.
    Repeated,
}

impl History {
    /// Puts the text together.
    pub(crate) fn new(image: &Image) -> Self {
        let mut history = Self { text: "FROM scratch\n".to_owned(), ..Self::default() };
        let base_end = base_end(&image.history);
        let mut arguments = BTreeSet::new();
        let mut arguments_looked = 0;
        for (index, record) in image.history.iter().enumerate() {
            // `docker import` says what it did in the comment only.
            let by = Some(record.created_by.as_str()).filter(|by| !by.is_empty()).or(record.comment.as_deref());
            let written = instruction(by.unwrap_or_default());
            for (name, value) in &written.arguments {
                // A default is said where the argument is declared.
                let line = format!("ARG {name}={}", quoted(value));
                // No build has thousands; for who makes some up, what is said twice is found twice.
                arguments_looked += 1;
                let is_said = || arguments_looked < 2000 && history.text.contains(&line);
                if arguments.insert((name.clone(), value.clone())) && !is_said() {
                    history.line(Origin::Step(index), &line);
                }
            }
            let span = history.step(index, &written);
            history.steps.push(Step { span, keyword: written.keyword, is_base: index < base_end, bundle: None });
        }
        history.bundle(image);
        history.configuration(image);
        for (name, value) in image.provenance.iter().flat_map(|provenance| &provenance.arguments) {
            let line = match name.strip_prefix("build-arg:") {
                Some(name) if !arguments.insert((name.to_owned(), value.clone())) => continue,
                Some(name) => format!("ARG {name}={}", quoted(value)),
                // Labels, settings of the frontend.
                None => format!("LABEL {}={}", quoted(name), quoted(value)),
            };
            history.line(Origin::Attestation, &line);
        }
        for text in image.provenance.iter().flat_map(|provenance| &provenance.secret_texts) {
            history.line(Origin::Attestation, &format!("LABEL attested={}", quoted(text)));
        }
        history
    }

    /// What the line at an offset comes from; nothing where another line says it.
    pub(crate) fn origin(&self, offset: u32) -> Option<&Origin> {
        let after = self.lines.partition_point(|(start, _)| *start <= offset);
        self.lines.get(after.checked_sub(1)?).map(|(_, origin)| origin).filter(|origin| **origin != Origin::Repeated)
    }

    fn step(&mut self, index: usize, written: &Written) -> Span {
        if written.keyword == Keyword::Run && written.text.trim_end().contains('\n') {
            // Only heredocs have several lines.
            let body = written.text.trim_start_matches("RUN ");
            let mut mark = "END".to_owned();
            while body.lines().any(|line| line.trim() == mark) {
                mark.push('_');
            }
            let lines: Vec<&str> = body.lines().collect();
            return self.line(Origin::Step(index), &format!("RUN <<'{mark}'\n{}\n{mark}", lines.join("\n")));
        }
        // What is no instruction is looked at as a command, and shown as it stands.
        let prefix = if written.keyword == Keyword::Unknown { "RUN " } else { "" };
        let mut span = self.line(Origin::Step(index), &format!("{prefix}{}", one_line(&written.text)));
        span.start += prefix.len() as u32;
        span
    }

    /// What the configuration says and no step does: of images that were squashed, committed or made without a
    /// Dockerfile.
    fn configuration(&mut self, image: &Image) {
        let Some(config) = &image.config else { return };
        let said = self.text.clone();
        // What is said twice is found twice; what is looked for in a long text many times takes its time.
        let mut looks = (256 << 20) / (said.len() + 1);
        let mut look = || {
            looks = looks.saturating_sub(1);
            looks > 0
        };
        for (index, variable) in config.env.iter().enumerate() {
            let Some((name, value)) = variable.split_once('=') else { continue };
            let is_said = look()
                && (said.contains(variable)
                    || said.contains(&format!("{name} {value}"))
                    || said.contains(&format!("{name}={}", quoted(value)))
                    || said.contains(&format!("{name}='{value}'")));
            if !is_said {
                self.line(Origin::Config(format!("/config/Env/{index}")), &format!("ENV {name}={}", quoted(value)));
            }
        }
        for (key, value) in &config.labels {
            if !look() || !said.contains(key.as_str()) || !said.contains(value.as_str()) {
                let pointer = format!("/config/Labels/{}", key.replace('~', "~0").replace('/', "~1"));
                self.line(Origin::Config(pointer), &format!("LABEL {}={}", quoted(key), quoted(value)));
            }
        }
        // The rest is shown only where there is something to say of it.
        for (pointer, text) in &config.other_texts {
            // docker's old builder keeps its last instruction in its own notation: what counts are the secrets in it.
            let is_new = |found: &plimsoll_secrets::Match| {
                let value = text.get(found.start as usize..found.end as usize).unwrap_or(text);
                !look() || !said.contains(value)
            };
            if plimsoll_secrets::scan(text.as_bytes()).iter().any(is_new) {
                let name = pointer.rsplit('/').find(|part| !part.bytes().all(|byte| byte.is_ascii_digit()));
                let name = name.unwrap_or_default();
                self.line(Origin::Config(pointer.clone()), &format!("LABEL {}={}", quoted(name), quoted(text)));
            }
        }
        self.entrypoint = self.words("/config/Entrypoint", &config.entrypoint);
        self.command = self.words("/config/Cmd", &config.cmd);
        // The command's words are the entrypoint's arguments: `app --password` and the value.
        if let ([program, .., flag], Some(value)) = (config.entrypoint.as_slice(), config.cmd.first())
            && flag.starts_with('-')
            && plimsoll_secrets::scan(value.as_bytes()).is_empty()
        {
            let words = [program, flag, value].map(|word| one_line(word)).join(" ");
            self.line(Origin::Config("/config/Cmd".to_owned()), &format!("RUN {words}"));
        }
    }

    /// Marks the steps whose layer holds what several instructions made.
    fn bundle(&mut self, image: &Image) {
        for at in crate::placement::bundles(self, image) {
            let makes_files =
                |step: &usize| matches!(self.steps[*step].keyword, Keyword::Copy | Keyword::Add | Keyword::Run);
            let before = image.history[..at].iter().rposition(|record| !record.is_empty_layer);
            let mut makers = (before.map_or(0, |before| before + 1)..=at).filter(makes_files);
            self.steps[at].bundle = makers.next().map(|first| (first, makers.count()));
        }
    }

    /// The words of a command, as one that is run.
    fn words(&mut self, pointer: &str, words: &[String]) -> Vec<Span> {
        if words.is_empty() {
            return Vec::new();
        }
        let script = shell_text(words);
        let is_said = match script {
            Some(script) => self.text.contains(&one_line(script)),
            None => words.iter().all(|word| self.text.contains(&one_line(word))),
        };
        let origin = if is_said { Origin::Repeated } else { Origin::Config(pointer.to_owned()) };
        // What a shell runs is a command of its own.
        if let Some(script) = script {
            self.line(origin.clone(), &format!("RUN {}", one_line(script)));
        }
        let origin = if script.is_some() { Origin::Repeated } else { origin };
        self.lines.push((self.text.len() as u32, origin));
        self.text.push_str("RUN");
        let mut spans = Vec::new();
        for word in words {
            self.text.push(' ');
            let start = self.text.len() as u32;
            self.text.push_str(&one_line(word));
            spans.push(Span::new(start, self.text.len() as u32));
        }
        self.text.push('\n');
        spans
    }

    fn line(&mut self, origin: Origin, text: &str) -> Span {
        let start = self.text.len() as u32;
        self.lines.push((start, origin));
        let _ = writeln!(self.text, "{text}");
        Span::new(start, self.text.len() as u32 - 1)
    }
}

/// A text without line breaks, and without a continuation at its end.
fn one_line(text: &str) -> String {
    let text = text.replace(['\n', '\r', '\0'], " ");
    text.trim_end_matches(|last: char| last == '\\' || last.is_whitespace()).to_owned()
}

fn quoted(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@%+=,".contains(&byte);
    if !value.is_empty() && value.bytes().all(plain) {
        return value.to_owned();
    }
    let mut quoted = String::from('"');
    for character in one_line(value).chars() {
        if matches!(character, '"' | '$' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// How many steps at the start are the base image's.
///
/// buildah says with which step it began. Else the command that a base image ends with tells: the last one before the
/// last layer. Else only steps that no Dockerfile has, at the start, and a root file system that is unpacked into `/`.
fn base_end(history: &[Record]) -> usize {
    let from = |record: &Record| {
        record.comment.as_deref().and_then(|comment| comment.strip_prefix("FROM ")).map(str::to_owned)
    };
    if let Some((first, base)) = history.iter().enumerate().find_map(|(at, record)| Some((at, from(record)?))) {
        // What the step before made, where the build began with nothing.
        let is_own = base.len() == 12 && base.bytes().all(|byte| byte.is_ascii_hexdigit());
        return if is_own { first.saturating_sub(1) } else { first };
    }
    let keyword = |record: &Record| instruction(&record.created_by).keyword;
    let last_layer = history.iter().rposition(|record| !record.is_empty_layer).unwrap_or(0);
    let ends_base = |record: &Record| record.is_empty_layer && keyword(record) == Keyword::Cmd;
    if let Some(end) = history[..last_layer].iter().rposition(ends_base) {
        return end + 1;
    }
    let is_root = |record: &Record| {
        let written = instruction(&record.created_by);
        written.keyword == Keyword::Unknown || written.keyword == Keyword::Add && written.text.ends_with(" /")
    };
    history.iter().take_while(|record| is_root(record)).count()
}
