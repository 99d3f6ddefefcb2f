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
    (
        $(#[doc = $doc:literal])*
        category: $category:ident, severity: $severity:ident, confidence: $confidence:ident, since: $since:literal,
        presets: [$($preset:ident),* $(,)?],
        aliases: [$($alias:literal),* $(,)?],
        check: $check:path $(,)?
    ) => {
        $(#[doc = $doc])*
        pub(crate) static RULE: crate::build_rule::BuildRule = crate::build_rule::BuildRule {
            meta: rule_meta!(
                $(#[doc = $doc])*
                input: Build,
                category: $category, severity: $severity, confidence: $confidence, since: $since,
                presets: [$($preset),*],
                aliases: [$($alias),*],
                fixable: false,
            ),
            check: $check,
        };
    };
}
