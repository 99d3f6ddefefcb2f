use crate::prelude::*;
use crate::support::secret_names::{self, Strength};
use crate::support::secret_values::{self, Value};
use crate::support::{tokens, url_passwords};

rule! {
    /// ## What it does
    /// Flags secrets that show by their own form: tokens of known providers, private keys, passwords in URLs, and
    /// values that look random.
    ///
    /// ## Why is this bad?
    /// The file is in the repository and its `ENV`, `ARG`, `LABEL` and `RUN` are in the image's history. Whoever
    /// reads either has the secret. A secret that was published once has to be replaced at its provider; deleting the
    /// line does not help.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// ENV DATABASE=postgres://app:vT9-kq2Lm4@db.example.com/app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// ENV DATABASE_FILE=/run/secrets/database
    /// ```
    ///
    /// ## Notes
    /// Values that only look random are warnings. What `secret-in-env` and `secret-in-arg` report by its name is not
    /// reported again.
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.10", "CIS-DI-0010"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let tokens = cx.facts.tokens();
    let mut named = Vec::new();
    for &at in cx.facts.instructions() {
        match &at.instruction.kind {
            Kind::Env(pairs) => {
                for pair in pairs {
                    value(cx, at, &pair.key, &pair.value, &mut named);
                }
            }
            Kind::Arg(declarations) => {
                for declaration in declarations {
                    if let Some(default) = &declaration.default {
                        value(cx, at, &declaration.name, default, &mut named);
                    }
                }
            }
            Kind::Label(pairs) => {
                for pair in pairs {
                    urls(cx, at, &pair.value);
                }
            }
            _ => {}
        }
    }
    for token in tokens {
        let position = named.partition_point(|span: &Span| span.end <= token.span.start);
        if named.get(position).is_none_or(|span| !span.encloses(token.span)) {
            let article = if token.what.starts_with(['a', 'A', 'O', 'n']) { "an" } else { "a" };
            cx.report(token.span, format!("{article} {} in plain sight", token.what));
        }
    }
}

/// Looks at a variable's value; those that a token's finding would only repeat are added to `named`.
fn value(cx: &mut Cx<'_>, at: At<'_>, name: &Word<'_>, value: &Word<'_>, named: &mut Vec<Span>) {
    let strength = secret_names::judge(name.unquoted()).map(|judged| judged.strength);
    let judged = secret_values::judge(value.unquoted());
    let by_name = match judged {
        Value::Literal => strength == Some(Strength::Strong),
        Value::Random => strength >= Some(Strength::Weak),
        _ => false,
    };
    if by_name {
        named.push(value.span);
        return;
    }
    if urls(cx, at, value) || judged != Value::Random || !tokens::find(&value.text).is_empty() {
        return;
    }
    if value.unquoted().len() >= 24 && !is_digest(name.unquoted()) && !value.text.contains(['/', '.']) {
        let finding = cx.report(value.span, format!("value of `{}` looks like a secret", name.unquoted()));
        finding.severity(Severity::Warning).confidence(Confidence::Low);
    }
}

/// Reports passwords in the URLs of a value.
fn urls(cx: &mut Cx<'_>, at: At<'_>, value: &Word<'_>) -> bool {
    if !value.text.contains("://") {
        return false;
    }
    let part = at.instruction.part(value.span);
    let found = url_passwords::find(&part.text);
    for span in &found {
        cx.report(part.source_span(*span), "a password in a URL in plain sight");
    }
    !found.is_empty()
}

/// Whether the name is one of a value that is random but public.
fn is_digest(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let marks = [
        "sha",
        "md5",
        "sum",
        "hash",
        "digest",
        "commit",
        "rev",
        "ref",
        "uuid",
        "guid",
        "id",
        "integrity",
        "finger",
        "public",
        "pub",
        "sign",
        "version",
        "tag",
    ];
    marks.iter().any(|mark| lower.contains(mark))
}
