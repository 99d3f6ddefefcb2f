use crate::image_cx::ImageCx;
use plimsoll_engine::RuleMeta;

/// A rule on images: what it says of itself, and its check.
#[derive(Debug)]
pub(crate) struct ImageRule {
    /// Id, documentation, severity, aliases.
    pub(crate) meta: RuleMeta,
    /// The check, called once for each image. Checks keep no state.
    pub(crate) check: for<'c> fn(&mut ImageCx<'c>),
}

/// Declares a file's rule on images as `RULE`. The rule's id is the file's name; the doc comment is the user
/// documentation, with the headings of rules on Dockerfiles; its examples are recipes of images, in fences of
/// `image,finding` and `image,clean`.
macro_rules! image_rule {
    ($($rule:tt)*) => {
        plain_rule!(Image, image_rule::ImageRule, $($rule)*);
    };
}
