use crate::compose_rule::ComposeCx;
use crate::secrets::place;
use crate::support::secret_values::{is_secret, is_word};
use crate::support::{found_secrets, url_passwords};
use plimsoll_base::Span;

compose_rule! {
    /// ## What it does
    /// Flags secrets that show by their own form, anywhere in the file: tokens of known providers, private keys, and
    /// passwords in URLs.
    ///
    /// ## Why is this bad?
    /// The file is in the repository, and the engine shows its values to whoever may inspect a container. A secret that
    /// was published once has to be replaced at its provider; deleting the line does not help.
    ///
    /// ## Example
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     environment:
    ///       DATABASE: postgres://app:vT9-kq2Lm4@db/app
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     environment:
    ///       DATABASE_FILE: /run/secrets/database
    ///     secrets: [database]
    /// secrets:
    ///   database: {file: ./database.txt}
    /// ```
    ///
    /// ## Notes
    /// A password that is the user's name again (`postgres://app:app@db`) is left alone. What
    /// `container-secret-in-environment` and `service-secret-in-build` report by its name is not reported again.
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    check: check,
}

fn check(cx: &mut ComposeCx<'_>) {
    let mut named: Vec<Span> = Vec::new();
    for service in &cx.compose.services {
        let variables = service.environment.iter().chain(&service.build_arguments);
        named.extend(variables.filter(|set| is_secret(&set.name, &set.value)).map(|set| set.value_span));
    }
    named.sort_unstable();
    let told = |span: Span| {
        let position = named.partition_point(|named| named.end <= span.start);
        named.get(position).is_some_and(|named| named.encloses(span))
    };
    for found in plimsoll_secrets::scan(cx.source.as_bytes()) {
        let span = place(&found);
        if found_secrets::is_token(&found) && !told(span) {
            found_secrets::grade(cx.report(span, found_secrets::describe(&found, None)), &found);
        }
    }
    for span in url_passwords::find(cx.source).into_iter().filter(|span| !told(*span)) {
        if !is_default(cx.source, span) {
            cx.report(span, "a password in a URL in plain sight");
        }
    }
}

/// Whether a password of a URL is the user's name again, or a word that nobody takes for a secret, as databases have
/// them on developers' machines.
fn is_default(source: &str, span: Span) -> bool {
    let password = span.text(source);
    let before = source.get(..span.start as usize).unwrap_or_default();
    let user = before.trim_end_matches(':').rsplit(['/', ':']).next().unwrap_or_default();
    password == user || is_word(password, "password")
}
