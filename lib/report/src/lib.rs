/*!
Report formats: functions from a [`Report`](plimsoll_engine::Report) or from rules to bytes.

Each format is one function in one file, streams to its writer (give it a buffered one) and fails only where the
writer fails. The same report gives the same bytes. Secrets are masked before a report gets here; what else an input
may do to a terminal or to a build runner is made harmless here, see `sanitize.rs`.

```
use plimsoll_engine::Report;

let mut out = Vec::new();
plimsoll_report::json(&Report::default(), &mut out)?;
assert!(out.starts_with(br#"{"version":1,"#));
# Ok::<(), std::io::Error>(())
```
*/
#![deny(missing_docs)]

mod diff;
mod explain;
mod fleet;
mod github;
mod host_text;
mod image_text;
mod json;
mod json_writer;
mod palette;
mod places;
mod rules;
mod sanitize;
mod sarif;
mod text;

pub use diff::unified_diff;
pub use explain::explain;
pub use fleet::Fleet;
pub use github::github;
pub use json::json;
pub use rules::{rules_json, rules_md, rules_text};
pub use sanitize::printable;
pub use sarif::sarif;
pub use text::{TextOptions, text};
