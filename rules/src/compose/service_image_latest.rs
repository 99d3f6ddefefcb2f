use crate::compose_rule::ComposeCx;
use crate::support::secret_values::is_placeholder;
use plimsoll_base::{ImageReference, Span};
use plimsoll_compose::Origin;
use plimsoll_engine::Severity;
use std::collections::HashSet;

compose_rule! {
    /// ## What it does
    /// Flags services whose image has the tag `latest`, or no tag and no digest.
    ///
    /// ## Why is this bad?
    /// `latest` is a tag that moves, often from one major version to the next: the service breaks or changes on a day
    /// when nobody touched the file, and differs from one host to the other.
    ///
    /// ## Example
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    /// ```
    ///
    /// ## Notes
    /// Of a service that is built the image's name is what the build is called, also where other services use it, and of
    /// one that is never pulled what an earlier build was called: both are fine. Variables have the values that `.env`
    /// gives them; where only a default says `latest` it is an info, and without one nothing is said.
    category: Reproducibility, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    check: check,
}

fn check(cx: &mut ComposeCx<'_>) {
    let services = &cx.compose.services;
    let built = services.iter().filter(|service| service.is_built).filter_map(|service| service.image.as_ref());
    let built: HashSet<&str> = built.map(|image| image.value.as_str()).collect();
    for service in services.iter().filter(|service| !service.is_built) {
        let Some(image) = service.image.as_ref().filter(|image| !built.contains(image.value.as_str())) else {
            continue;
        };
        let Some(reference) = ImageReference::parse(&image.value).filter(|image| image.digest.is_none()) else {
            continue;
        };
        let written = image.value_span.text(cx.source);
        let (place, message) = match reference.tag {
            None => (image.value_span, "the image has no tag"),
            Some("latest") => {
                let place = written.rfind("latest").map_or(image.value_span, |at| {
                    let start = image.value_span.start + at as u32;
                    Span::new(start, start + "latest".len() as u32)
                });
                (place, "the image has the moving tag `latest`")
            }
            Some(_) => continue,
        };
        // Whoever runs the file is asked to choose: by some defaults in so many words.
        if image.origin == Origin::Default && is_placeholder(&image.value.to_ascii_lowercase()) {
            continue;
        }
        let severity = if image.origin == Origin::Default { Severity::Info } else { Severity::Warning };
        cx.report(place, message).severity(severity);
    }
}
