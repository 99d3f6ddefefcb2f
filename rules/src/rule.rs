use crate::cx::{At, Cmd, Cx};
use crate::facts::{RunScript, StageFact};
use plimsoll_dockerfile::Keyword;
use plimsoll_engine::RuleMeta;

/// A rule: what it says of itself, and its check.
#[derive(Debug)]
pub struct Rule {
    /// Id, documentation, severity, aliases.
    pub meta: RuleMeta,
    /// The check, at the granularity that it needs. Checks keep no state.
    pub check: Check,
}

/// A check and what it is called for.
#[derive(Debug, Clone, Copy)]
#[allow(private_interfaces, reason = "checks are written in this crate only; others hold rules as a whole")]
pub enum Check {
    /// Called once.
    File(for<'c> fn(&mut Cx<'c>)),
    /// Called for each stage.
    Stage(for<'c> fn(&mut Cx<'c>, &'c StageFact<'c>)),
    /// Called for each instruction of these keywords, those behind `ONBUILD` too ([`At::onbuild`]).
    Instruction(&'static [Keyword], for<'c> fn(&mut Cx<'c>, At<'c>)),
    /// Called for each command of these names in a `RUN`; for every command where no name is given.
    Command(&'static [&'static str], for<'c> fn(&mut Cx<'c>, Cmd<'c>)),
    /// The same, and in the texts that containers give to a shell: `CMD`, `ENTRYPOINT`, `HEALTHCHECK`.
    ShellCommand(&'static [&'static str], for<'c> fn(&mut Cx<'c>, Cmd<'c>)),
    /// Called for each text that a `RUN` gives to a shell.
    Script(for<'c> fn(&mut Cx<'c>, &'c RunScript<'c>)),
    /// One of ShellCheck's codes, by its number. All of them are found together, in every shell text of the file.
    #[cfg(feature = "shellcheck")]
    ShellCheck(u16),
}

/// Declares a file's rule as `RULE`. The rule's id is the file's name; the doc comment is the user documentation.
///
/// Headings, in this order: `## What it does`, `## Why is this bad?`, `## Example` (with a `dockerfile,finding`
/// fence), `Use instead:` (with a `dockerfile,clean` fence), and where they say something `## Fix`, `## Options`,
/// `## Notes`. The fences run as tests.
macro_rules! rule {
    (
        $(#[doc = $doc:literal])*
        category: $category:ident, severity: $severity:ident, confidence: $confidence:ident, since: $since:literal,
        presets: [$($preset:ident),* $(,)?],
        aliases: [$($alias:literal),* $(,)?],
        fixable: $fixable:literal,
        check: $kind:ident($($check:tt)*) $(,)?
    ) => {
        $(#[doc = $doc])*
        pub(crate) static RULE: crate::rule::Rule = crate::rule::Rule {
            meta: rule_meta!(
                $(#[doc = $doc])*
                input: Dockerfile,
                category: $category, severity: $severity, confidence: $confidence, since: $since,
                presets: [$($preset),*],
                aliases: [$($alias),*],
                fixable: $fixable,
            ),
            check: rule!(@check $kind($($check)*)),
        };
    };
    (@check Instruction([$($keyword:ident),* $(,)?], $check:path)) => {
        crate::rule::Check::Instruction(&[$(plimsoll_dockerfile::Keyword::$keyword),*], $check)
    };
    (@check Command([$($name:literal),* $(,)?], $check:path)) => {
        crate::rule::Check::Command(&[$($name),*], $check)
    };
    (@check ShellCommand([$($name:literal),* $(,)?], $check:path)) => {
        crate::rule::Check::ShellCommand(&[$($name),*], $check)
    };
    (@check $kind:ident($check:path)) => {
        crate::rule::Check::$kind($check)
    };
}

/// Declares a file's rule as `RULE` where the check is one function, called once for each input: for `image_rule!` and the
/// like, which say for which kind of input, and of which type such rules are.
macro_rules! plain_rule {
    (
        $input:ident, $module:ident::$type:ident,
        $(#[doc = $doc:literal])*
        category: $category:ident, severity: $severity:ident, confidence: $confidence:ident, since: $since:literal,
        presets: [$($preset:ident),* $(,)?],
        aliases: [$($alias:literal),* $(,)?],
        check: $check:path $(,)?
    ) => {
        $(#[doc = $doc])*
        pub(crate) static RULE: crate::$module::$type = crate::$module::$type {
            meta: rule_meta!(
                $(#[doc = $doc])*
                input: $input,
                category: $category, severity: $severity, confidence: $confidence, since: $since,
                presets: [$($preset),*],
                aliases: [$($alias),*],
                fixable: false,
            ),
            check: $check,
        };
    };
}

/// What the rule of a file says of itself: its id is the file's name, its documentation the doc comment. Macros that
/// declare rules on one kind of input are made from it.
macro_rules! rule_meta {
    (
        $(#[doc = $doc:literal])*
        input: $input:ident,
        category: $category:ident, severity: $severity:ident, confidence: $confidence:ident, since: $since:literal,
        presets: [$($preset:ident),* $(,)?],
        aliases: [$($alias:literal),* $(,)?],
        fixable: $fixable:literal $(,)?
    ) => {{
        const ID_LENGTH: usize = plimsoll_engine::id_len(file!());
        static ID: [u8; ID_LENGTH] = plimsoll_engine::id_bytes(file!());
        plimsoll_engine::RuleMeta {
            id: match std::str::from_utf8(&ID) {
                Ok(id) => id,
                Err(_) => panic!("a rule's file name is ASCII"),
            },
            doc: concat!($($doc, "\n"),*),
            input: plimsoll_engine::Input::$input,
            category: plimsoll_engine::Category::$category,
            severity: plimsoll_engine::Severity::$severity,
            confidence: plimsoll_engine::Confidence::$confidence,
            presets: &[$(plimsoll_engine::OwnPreset::$preset),*],
            since: $since,
            status: plimsoll_engine::Status::Stable,
            aliases: &[$($alias),*],
            fixable: $fixable,
        }
    }};
}
