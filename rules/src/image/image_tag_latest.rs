use crate::image_cx::ImageCx;

image_rule! {
    /// ## What it does
    /// Flags an image that is named `latest`.
    ///
    /// ## Why is this bad?
    /// The name says nothing of what is in it, and names another image tomorrow: nobody can tell which one runs, or go
    /// back to the one before.
    ///
    /// ## Example
    /// ```image,finding
    /// name = "app:latest"
    /// ```
    /// Use instead:
    /// ```image,clean
    /// name = "app:1.4.2"
    /// ```
    category: Reproducibility, severity: Info, confidence: Medium, since: "0.1.0",
    presets: [],
    aliases: ["DKL-DI-0006"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let names = &cx.image.names;
    let is_latest = |name: &String| name.ends_with(":latest");
    if !names.is_empty() && names.iter().all(is_latest) {
        let place = cx.whole();
        cx.report(place, "named `latest` and nothing else");
    }
}
