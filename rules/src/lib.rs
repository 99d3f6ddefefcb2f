/*!
The rules of Plimsoll. A rule is one file: its user documentation, its metadata and its check.

[`Runner`] runs the rules that a selection wants over a parsed Dockerfile:

```
use plimsoll_engine::{Preset, Selection, SelectionSpec};
use plimsoll_rules::{Context, Options, Runner, metas, peers};

let spec = SelectionSpec { preset: Some(Preset::Hadolint), ..SelectionSpec::default() };
let selection = Selection::resolve(&spec, metas(), peers()).expect("known ids");
let runner = Runner::new(&selection);
let file = plimsoll_dockerfile::parse("FROM alpine\nRUN sudo true\n");
let found = runner.run(&file, &Options::default(), &Context::default());
assert!(found.findings.iter().any(|finding| finding.alias_names().any(|alias| alias == "DL3004")));
```
*/

#![cfg_attr(not(feature = "shellcheck"), allow(dead_code, reason = "facts that only ShellCheck's rules want"))]

#[macro_use]
mod rule;
#[macro_use]
mod host_rule;
#[macro_use]
mod build_rule;
#[macro_use]
mod compose_rule;
mod build;
mod build_run;
mod compose;
mod compose_run;
mod compose_secrets;
mod cx;
mod dockerfile;
mod facts;
mod groups;
mod history;
#[macro_use]
mod image_rule;
mod host;
mod host_run;
mod image;
mod image_accounts;
mod image_cx;
mod image_run;
mod image_summary;
mod options;
mod peers;
mod placement;
mod prelude;
mod run;
mod secrets;
mod shell_comments;
mod shell_texts;
#[cfg(feature = "shellcheck")]
mod shellcheck;
mod sight;
mod support;

pub use build_run::{BuildFound, BuildRunner};
pub use compose_run::{ComposeFound, ComposeRunner, compose_metas};
pub use host_rule::{ComposeSide, HostCheck, HostRule};
pub use host_run::{Answers, HostRunner};
pub use image_run::{ImageFound, ImageRunner, hide_tokens, on_history};
pub use options::{HostOptions, LabelType, Options};
pub use peers::peers;
pub use placement::Placement;
pub use rule::{Check, Rule};
pub use run::{Context, Found, Runner};
pub use shell_comments::ShellComment;
pub use shell_texts::{ShellText, with_shell_texts};

use plimsoll_engine::RuleMeta;
use std::sync::LazyLock;

/// What every rule says of itself, whatever it looks at, by rising id: what selections are resolved against.
pub fn metas() -> impl Iterator<Item = &'static RuleMeta> {
    static METAS: LazyLock<Vec<&'static RuleMeta>> = LazyLock::new(|| {
        let on_images = image::RULES.iter().map(|rule| &rule.meta);
        let mut metas: Vec<_> = rules().map(|rule| &rule.meta).chain(on_images).collect();
        metas.extend(build::RULES.iter().map(|rule| &rule.meta));
        metas.extend(compose::RULES.iter().map(|rule| &rule.meta));
        metas.extend(host_rules().map(|rule| &rule.meta));
        metas.sort_by_key(|meta| meta.id);
        metas
    });
    METAS.iter().copied()
}

/// Every rule on Dockerfiles, by rising id.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    static RULES: LazyLock<Vec<&Rule>> = LazyLock::new(|| {
        let mut rules = dockerfile::RULES.to_vec();
        #[cfg(feature = "shellcheck")]
        rules.extend(shellcheck::rules());
        rules.sort_by_key(|rule| rule.meta.id);
        rules
    });
    RULES.iter().copied()
}

/// Every rule on hosts, by rising id.
pub fn host_rules() -> impl Iterator<Item = &'static HostRule> {
    host::RULES.iter().copied()
}

/// The values that stand behind a secret's name in a text, such as the words of a command: `--token VALUE`,
/// `PASSWORD=VALUE`, `"secret": "VALUE"`. `is_secret` judges the names.
pub fn named_secrets(text: &str, is_secret: impl Fn(&str) -> bool) -> Vec<plimsoll_base::Span> {
    support::named_values::find(text, |name, _| is_secret(name))
}

/// Where the values of secrets stand in a Dockerfile, by name and by pattern.
pub fn secret_spans(file: &plimsoll_dockerfile::Dockerfile<'_>) -> Vec<plimsoll_base::Span> {
    facts::Facts::new(file).secrets().iter().map(|secret| secret.span).collect()
}

/// Whether a variable, label or option of that name holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    support::secret_names::is_secret(name)
}
