//! Markdown fences and the marks in them.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

pub mod docker_bench;
pub mod engine_shapes;
pub mod host_cases;
pub mod host_scenarios;
pub mod recipe;

use plimsoll::engine::{Finding, SelectionSpec};
use plimsoll::{ComposeLinter, Context, Linter, Options, Settings};
use std::path::PathBuf;

/// A fenced block of a Markdown text.
#[derive(Debug, Clone)]
pub struct Fence {
    /// The words behind the backticks, such as `dockerfile,finding`.
    pub info: String,
    /// The lines between.
    pub text: String,
    /// The line, from 1, on which the text begins.
    pub line: usize,
}

/// The fenced blocks of a Markdown text.
pub fn fences(markdown: &str) -> Vec<Fence> {
    let mut found = Vec::new();
    let mut open: Option<Fence> = None;
    for (number, line) in markdown.split_inclusive('\n').enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Fence { info: info.trim().to_owned(), text: String::new(), line: number + 2 });
            }
            (Some(_), Some(rest)) if rest.trim().is_empty() => found.extend(open.take()),
            (Some(fence), _) => fence.text.push_str(line),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    found
}

/// An expected finding: a line of `^^^ rule-id: message` under the line that it is about.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
pub struct Mark {
    /// The line in the stripped text, from 1.
    pub line: u32,
    /// The column of the first `^`, from 1, in characters.
    pub column: u32,
    /// How many `^` stand there: the span's width on its first line (1 for an empty span).
    pub width: u32,
    /// The rule's id.
    pub rule: String,
    /// What the message must hold; empty where the mark says nothing.
    pub message: String,
}

/// Takes the mark lines out of a text.
pub fn strip_marks(text: &str) -> (String, Vec<Mark>) {
    let mut stripped = String::new();
    let mut marks = Vec::new();
    let mut line = 0;
    for raw in text.split_inclusive('\n') {
        let trimmed = raw.trim();
        let carets = trimmed.len() - trimmed.trim_start_matches('^').len();
        let rest = trimmed[carets..].trim();
        let (rule, message) = rest.split_once(": ").unwrap_or((rest, ""));
        let is_id = !rule.is_empty()
            && rule.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if carets > 0 && is_id {
            let column = raw.chars().take_while(|c| *c != '^').count() as u32 + 1;
            marks.push(Mark { line, column, width: carets as u32, rule: rule.to_owned(), message: message.to_owned() });
        } else {
            stripped.push_str(raw);
            line += 1;
        }
    }
    (stripped, marks)
}

/// A linter with just one rule, all its findings wanted.
pub fn linter(rule: &str, options: Options) -> Linter {
    let spec = SelectionSpec { select: Some(vec![rule.to_owned()]), ..SelectionSpec::default() };
    Linter::new(&Settings { spec, options, ..Settings::default() }).expect("the rule exists")
}

/// A linter of Compose files with just one rule, all its findings wanted.
pub fn compose_linter(rule: &str) -> ComposeLinter {
    let spec = SelectionSpec { select: Some(vec![rule.to_owned()]), ..SelectionSpec::default() };
    ComposeLinter::new(&Settings { spec, ..Settings::default() }).expect("the rule exists")
}

/// The names of the fixtures, each with the selection of the rules that it is about. The rules of ShellCheck's codes,
/// whose documentation holds an example of each, share one.
pub fn fixtures() -> Vec<(&'static str, &'static str)> {
    let own = plimsoll_rules::rules().filter(|rule| !is_of_shellcheck(rule));
    let own = own.map(|rule| (rule.meta.id, rule.meta.id));
    own.chain(cfg!(feature = "shellcheck").then_some(("shellcheck", "SC[1-3]???"))).collect()
}

fn is_of_shellcheck(rule: &plimsoll_rules::Rule) -> bool {
    match rule.check {
        #[cfg(feature = "shellcheck")]
        plimsoll_rules::Check::ShellCheck(_) => true,
        _ => false,
    }
}

/// What a fixture's `toml` fence says: `[registries] trusted`, `[labels] strict`, `[labels.schema]`, `dockerignore`.
pub fn options(toml: Option<&str>) -> (Options, Context) {
    let mut options = Options::default();
    let mut context = Context::default();
    let Some(text) = toml else { return (options, context) };
    let table: toml::Table = text.parse().expect("a fixture's toml fence is TOML");
    for (key, value) in &table {
        match key.as_str() {
            "dockerignore" => context.dockerignore = value.as_str().map(str::to_owned),
            "registries" => {
                let trusted = value.get("trusted").and_then(toml::Value::as_array).expect("trusted registries");
                options.trusted_registries = trusted.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect();
            }
            "labels" => {
                options.strict_labels = value.get("strict").and_then(toml::Value::as_bool).unwrap_or(false);
                for (label, kind) in value.get("schema").and_then(toml::Value::as_table).into_iter().flatten() {
                    let kind = kind.as_str().and_then(plimsoll::LabelType::of).expect("a label type");
                    options.label_schema.insert(label.clone(), kind);
                }
            }
            other => panic!("unknown key `{other}` in a fixture's toml fence"),
        }
    }
    (options, context)
}

/// A finding as the mark that would expect it.
pub fn mark_of(finding: &Finding, source: &str) -> Mark {
    let index = plimsoll::base::LineIndex::new(source);
    let start = index.position(source, finding.span.start);
    let end = index.position(source, finding.span.end);
    let last = index.line_span(source, start.line).map_or(0, |span| span.text(source).chars().count() as u32 + 1);
    let width = if end.line == start.line { end.column } else { last }.saturating_sub(start.column).max(1);
    Mark {
        line: start.line,
        column: start.column,
        width,
        rule: finding.rule.id.to_owned(),
        message: finding.message.clone(),
    }
}

/// The workspace's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the workspace's root")
}
