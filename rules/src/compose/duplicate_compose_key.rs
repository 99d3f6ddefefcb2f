use crate::compose_rule::ComposeCx;

compose_rule! {
    /// ## What it does
    /// Flags keys that their mapping has already.
    ///
    /// ## Why is this bad?
    /// Compose refuses the file. Programs that read it all the same take one of the two, and not each the same one.
    ///
    /// ## Example
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     privileged: false
    ///     privileged: true
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     privileged: false
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    check: check,
}

fn check(cx: &mut ComposeCx<'_>) {
    for duplicate in &cx.compose.yaml.duplicates {
        let message = format!("the key `{}` is here already", duplicate.key);
        cx.report(duplicate.span, message).related(duplicate.first, "the first one");
    }
}
