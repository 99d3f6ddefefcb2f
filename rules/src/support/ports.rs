//! The ports of `EXPOSE`.

use crate::prelude::*;
use std::borrow::Cow;

/// A port of `EXPOSE`, taken apart: `[[ip:]host:]port[-port][/protocol]`.
pub(crate) struct Port<'t> {
    /// What stands before the last `:`, the colon left out.
    pub(crate) host: Option<&'t str>,
    /// The port or the range.
    pub(crate) number: &'t str,
    /// What stands behind `/`.
    pub(crate) protocol: Option<&'t str>,
}

impl<'t> Port<'t> {
    pub(crate) fn parse(text: &'t str) -> Self {
        let (rest, protocol) = match text.split_once('/') {
            Some((rest, protocol)) => (rest, Some(protocol)),
            None => (text, None),
        };
        match rest.rsplit_once(':') {
            Some((host, number)) => Self { host: Some(host), number, protocol },
            None => Self { host: None, number: rest, protocol },
        }
    }
}

/// The text of a port with quotes and variables resolved; `None` where the file does not tell them.
pub(crate) fn resolve<'w>(cx: &Cx<'_>, at: At<'_>, word: &'w Word<'_>) -> Option<Cow<'w, str>> {
    if word.text.contains(['$', '"', '\'', '\\', '`']) {
        return cx.facts.expand(at.stage?, at.index, &word.text).map(Cow::Owned);
    }
    Some(Cow::Borrowed(&word.text))
}
