/*!
The rules of Plimsoll. A rule is one file: its user documentation, its metadata and its check.

[`Runner`] runs the rules that a selection wants over a parsed Dockerfile:

```
use plimsoll_engine::{Preset, Selection, SelectionSpec};
use plimsoll_rules::{Context, Options, Runner, peer_presets, rules};

let spec = SelectionSpec { preset: Some(Preset::Hadolint), ..SelectionSpec::default() };
let selection = Selection::resolve(&spec, rules().map(|rule| &rule.meta), peer_presets()).expect("known ids");
let runner = Runner::new(&selection);
let file = plimsoll_dockerfile::parse("FROM alpine\nRUN sudo true\n");
let found = runner.run(&file, &Options::default(), &Context::default());
assert!(found.findings.iter().any(|finding| finding.alias_names().any(|alias| alias == "DL3004")));
```
*/

#[macro_use]
mod rule;
mod cx;
mod dockerfile;
mod facts;
mod options;
mod peers;
mod prelude;
mod run;
mod secrets;
mod support;

pub use dockerfile::RULES;
pub use options::{LabelType, Options};
pub use peers::peer_presets;
pub use rule::{Check, Rule};
pub use run::{Context, Found, Runner};

/// Every rule, by rising id.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied()
}
