use crate::facts::{Facts, RunScript};
use plimsoll_base::Span;
use plimsoll_dockerfile::Dockerfile;
use plimsoll_shell::Dialect;

/// A text that an instruction gives to a shell, as ShellCheck's rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellText<'c> {
    /// The dialect that the shell's name tells.
    pub dialect: Dialect,
    /// The text, without the Dockerfile's continuations.
    pub text: &'c str,
    /// The names in it of variables that are set where it runs: each counts as assigned and as holding one word.
    pub variables: Vec<String>,
    /// Whether a shell takes the text; no rule looks at others.
    pub parses: bool,
    /// Where each byte of the text stands in the Dockerfile.
    offsets: Vec<u32>,
}

impl ShellText<'_> {
    /// Where a range of the text stands in the Dockerfile.
    pub fn place(&self, range: Span) -> Span {
        let at = |offset: u32| self.offsets.get(offset as usize).copied();
        let start = at(range.start).or(self.offsets.last().map(|last| last + 1)).unwrap_or_default();
        let end = range.end.checked_sub(1).filter(|_| !range.is_empty()).and_then(at).map_or(start, |last| last + 1);
        Span::new(start, end)
    }
}

/// The texts of a file that shells of Bourne's kind run.
///
/// ```
/// let file = plimsoll_dockerfile::parse("FROM alpine\nENV A=1\nRUN echo \\\n  $A\nCMD true\n");
/// plimsoll_rules::with_shell_texts(&file, |texts| {
///     assert_eq!(texts[0].text, "echo   $A");
///     assert!(texts[0].variables.iter().any(|name| name == "A"));
///     assert_eq!(texts[1].text, "true");
/// });
/// ```
pub fn with_shell_texts<T>(file: &Dockerfile<'_>, look: impl FnOnce(&[ShellText<'_>]) -> T) -> T {
    let facts = Facts::new(file);
    let texts: Vec<ShellText<'_>> = facts
        .shell_texts()
        .filter(|script| script.shell.is_bourne())
        .filter_map(|script| {
            let text = script.text?;
            let offsets = (0..text.text.len() as u32).map(|at| text.source_offset(at)).collect();
            let variables = variables(&facts, script).into_iter().map(str::to_owned).collect();
            let parses = script.parsed.is_some();
            Some(ShellText { dialect: script.dialect, text: &text.text, variables, parses, offsets })
        })
        .collect();
    look(&texts)
}

/// The names in a text of variables that are set where it runs.
pub(crate) fn variables<'c>(facts: &Facts<'c>, script: &RunScript<'c>) -> Vec<&'c str> {
    let text = script.text.map_or("", |text| &*text.text);
    let mut names =
        script.at.stage.map_or_else(Vec::new, |stage| facts.variable_names_in(text, stage, script.at.index));
    names.extend(PROXY_ARGS);
    names
}

/// The arguments that builders predefine.
const PROXY_ARGS: [&str; 8] =
    ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy"];
