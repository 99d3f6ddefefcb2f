use crate::image_cx::ImageCx;

image_rule! {
    /// ## What it does
    /// Flags an image that does not say with labels where it comes from: `org.opencontainers.image.source`,
    /// `.revision`, `.version` and `.licenses`.
    ///
    /// ## Why is this bad?
    /// Who finds the image running cannot tell what it was built from, by which commit, and what may be done with it.
    ///
    /// ## Example
    /// ```image,finding
    /// config = { Labels = { maintainer = "someone" } }
    /// ```
    /// Use instead:
    /// ```image,clean
    /// config.Labels."org.opencontainers.image.source" = "https://example.org/app"
    /// config.Labels."org.opencontainers.image.revision" = "0f3b72c"
    /// config.Labels."org.opencontainers.image.version" = "1.4.2"
    /// config.Labels."org.opencontainers.image.licenses" = "MIT"
    /// ```
    ///
    /// ## Notes
    /// Annotations of the manifest with these names count too.
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let Some(config) = cx.config() else { return };
    let said = |wanted: &str| {
        config.labels.iter().chain(&cx.image.annotations).any(|(key, value)| key == wanted && !value.is_empty())
    };
    let names = ["source", "revision", "version", "licenses"];
    let missing: Vec<&str> =
        names.into_iter().filter(|name| !said(&format!("org.opencontainers.image.{name}"))).collect();
    if !missing.is_empty() {
        let place = cx.at_config("/config/Labels", &[]);
        cx.report(place, format!("no label org.opencontainers.image.{}", missing.join(", .")));
    }
}
