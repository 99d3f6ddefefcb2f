/*!
What every kind of input shares: what a rule says of itself, what it finds, how findings are selected, suppressed,
masked, sorted and fingerprinted, and how fixes are applied. The engine knows no Dockerfile, image or host.

The way of a finding: a rule makes a [`Finding`]; [`Selection::judge`] keeps it or not and sets its severity;
[`Suppressions`] silence it by a comment in the input; [`fingerprint`] names it across edits; [`mask`] removes secrets
from everything that a report may show.
*/
#![deny(missing_docs)]

mod check;
mod doc;
mod finding;
mod fingerprint;
mod fix;
mod image_place;
mod image_summary;
mod mask;
mod report;
mod rule;
mod select;
mod severity;
mod step;
mod suppress;
mod tool;

pub use check::{Answer, Check};
pub use finding::{Aliases, Edit, Finding, Fix, Related, Safety};
pub use fingerprint::fingerprint;
pub use fix::{Applied, apply, choose};
pub use image_place::{Change, FileState, ImagePlace};
pub use image_summary::{DuplicateSummary, FileSummary, ImageSummary, LayerSummary, PackageSummary, UserSummary};
pub use mask::{mask, mask_alike};
pub use report::{FileReport, HostSummary, InputError, InputKind, Report, Suppressed, SuppressedBy};
pub use rule::{Category, Input, OwnPreset, RuleMeta, Status, id_bytes, id_len};
pub use select::{CheckGroup, PeerPreset, Peers, Preset, SelectError, Selection, SelectionSpec};
pub use severity::{Confidence, FailLevel, Severity};
pub use step::{Risk, Step};
pub use suppress::{CommentLine, Date, Suppression, Suppressions};
pub use tool::{Tool, canonical_id};
