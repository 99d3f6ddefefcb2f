//! The images of a host, for a person to decide.

use crate::host_rule::{Cx, Outcome, Verdict};

/// A manual answer with the question and the images' names.
pub(crate) fn to_decide(cx: &Cx<'_>, question: &str) -> Outcome {
    const MOST: usize = 20;
    let images = cx.facts.images.known("images")?;
    if images.is_empty() {
        return Ok(Verdict::not_applicable("the host has no images"));
    }
    let mut names: Vec<&str> = images.iter().map(plimsoll_host::Image::reference).collect();
    names.sort_unstable();
    names.truncate(MOST);
    let more = if images.len() > MOST { format!(" and {} more", images.len() - MOST) } else { String::new() };
    Ok(Verdict::manual(format!("{}{more}: {question}", names.join(", "))))
}
