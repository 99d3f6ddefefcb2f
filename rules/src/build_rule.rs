use crate::build_run::BuildCx;
use plimsoll_engine::RuleMeta;

/// A rule on an image together with the Dockerfile that it was built from: what it says of itself, and its check.
#[derive(Debug)]
pub(crate) struct BuildRule {
    /// Id, documentation, severity, aliases.
    pub(crate) meta: RuleMeta,
    /// The check, called once for each image. Checks keep no state.
    pub(crate) check: for<'c> fn(&mut BuildCx<'c>),
}

/// Declares a file's rule as `RULE`, like `image_rule!`; its examples are fences of `build,finding` and `build,clean`: a
/// Dockerfile, a line of `---`, and the recipe of an image.
macro_rules! build_rule {
    ($($rule:tt)*) => {
        plain_rule!(Build, build_rule::BuildRule, $($rule)*);
    };
}
