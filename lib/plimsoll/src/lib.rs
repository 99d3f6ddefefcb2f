/*!
Lint Dockerfiles from Rust.

```
use plimsoll::{Linter, Settings};

let linter = Linter::new(&Settings::default()).expect("the default selection names known rules");
let report = linter.lint("Dockerfile", "FROM alpine:3.20\nADD app.conf /etc/\n");
assert!(report.findings.iter().any(|finding| finding.rule.id == "copy-not-add"));
```

Nothing here reads files, prints or ends the process: texts go in, reports come out. A [`Linter`] can be shared
between threads.
*/
#![deny(missing_docs)]

mod auditor;
mod build_scanner;
mod comments;
mod compose_linter;
pub mod config;
mod fix_plan;
mod fixing;
mod image_checker;
mod image_scanner;
mod linter;
mod mask_bundle;
mod mask_options;
mod mask_units;

pub use auditor::{AuditSettings, Auditor};
pub use build_scanner::{BuildScanner, Recipe};
pub use compose_linter::ComposeLinter;
pub use fix_plan::{FixPlan, PlanFile, Proof};
pub use image_checker::{ImageChecked, ImageChecker};
pub use image_scanner::{ImageScanner, ScanOptions, Scanned};
pub use linter::{Fixed, Linter, Settings, SuppressedId};
pub use mask_bundle::{mask_bundle, mask_foreign_bundle};
pub use plimsoll_base as base;
pub use plimsoll_compose as compose;
pub use plimsoll_dockerfile as dockerfile;
pub use plimsoll_engine as engine;
pub use plimsoll_host as host;
pub use plimsoll_image as image;
pub use plimsoll_report as report;
pub use plimsoll_rules::{Context, HostOptions, LabelType, Options, peers};

use plimsoll_engine::RuleMeta;

/// The rules on Compose files, by rising id, with the presets and severities that they have there.
pub fn compose_rules() -> Vec<&'static RuleMeta> {
    plimsoll_rules::compose_metas().collect()
}

/// Every rule, by rising id.
pub fn rules() -> Vec<&'static RuleMeta> {
    plimsoll_rules::metas().collect()
}
