//! The rules: what each code means, in our own words, with examples that run as tests.
//!
//! Only codes of which 95 of 100 findings are also ShellCheck's are here; `testdata/peers/shellcheck.md` tells.

use crate::rule::{Check, Rule};
use plimsoll_engine::{Category, Confidence, Input, RuleMeta, Severity, Status};

/// A rule for each code: number, id, severity, category, presets, whether it may offer a fix; what it flags, why that
/// matters, an example that it flags and one that it does not, each behind a `FROM`.
macro_rules! shellcheck_rules {
    ($(
        $code:literal $id:literal $severity:ident $category:ident [$($preset:ident)*] $fixable:ident:
        $what:literal $why:literal $bad:literal $good:literal;
    )*) => {
        pub(super) static RULES: &[Rule] = &[$(Rule {
            meta: RuleMeta {
                id: $id,
                input: Input::Dockerfile,
                doc: concat!(
                    "## What it does\n", $what, "\n\n## Why is this bad?\n", $why,
                    "\n\n## Example\n```dockerfile,finding\nFROM debian:13\n", $bad,
                    "\n```\nUse instead:\n```dockerfile,clean\nFROM debian:13\n", $good, "\n```\n",
                ),
                category: Category::$category,
                severity: Severity::$severity,
                confidence: Confidence::High,
                presets: &[$(plimsoll_engine::OwnPreset::$preset),*],
                since: "0.1.0",
                status: Status::Preview,
                aliases: &[concat!("SC", $code)],
                fixable: $fixable,
            },
            check: Check::ShellCheck($code),
        }),*];
    };
}

shellcheck_rules! {
    2086 "unquoted-variable" Info Correctness [] true:
        "Flags variables without quotes where the shell splits their value into words."
        "An unquoted value is split at blanks, and words with `*`, `?` or `[` in it turn into file names. What works for \
         today's value breaks, or removes the wrong files, with another one. Variables of `ENV` and `ARG` are taken to \
         hold one word."
        "RUN for dir in /srv/*; do rm -r $dir/cache; done"
        "RUN for dir in /srv/*; do rm -r \"$dir/cache\"; done";
}
