use crate::compose_rule::ComposeCx;
use crate::support::secret_values::is_secret;

compose_rule! {
    /// ## What it does
    /// Flags build arguments with a secret's name and a value.
    ///
    /// ## Why is this bad?
    /// The value stands in the file, and in the history of every image that is built with it.
    ///
    /// ## Example
    /// ```compose,finding
    /// services:
    ///   web:
    ///     build: {context: ., args: {NPM_TOKEN: hunter2hunter2}}
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     build: {context: ., secrets: [npm_token]}
    /// secrets: {npm_token: {environment: NPM_TOKEN}}
    /// ```
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    check: check,
}

fn check(cx: &mut ComposeCx<'_>) {
    for service in &cx.compose.services {
        for argument in service.build_arguments.iter().filter(|argument| is_secret(&argument.name, &argument.value)) {
            cx.report(argument.span, format!("a secret in the build argument `{}`", argument.name));
        }
    }
}
