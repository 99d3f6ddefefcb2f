use crate::prelude::*;
use crate::secrets::place;
use crate::support::found_secrets::{describe, grade, is_token};
use crate::support::secret_names::{self, Strength};
use crate::support::secret_values::{self, Value};
use crate::support::url_passwords;
use plimsoll_secrets::Confidence as Sure;

rule! {
    /// ## What it does
    /// Flags secrets that show by their own form: tokens of known providers, private keys, passwords in URLs, and
    /// values that look random; also in base64, in comments, and in the files that heredocs of `COPY` hold.
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
    /// What is sure by its form or by a proof (a checksum, a token that decodes, a key that parses) is an error, what is
    /// likely a warning; a token with a wrong checksum and a key that does not parse are infos. Values that only look
    /// random are warnings. Documented examples and public test keys are no findings. What `secret-in-env` and `secret-in-arg` report by its name is not
    /// reported again.
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.10", "CIS-DI-0010"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    // Values that other findings speak of, and files; each by rising place.
    let mut named = Vec::new();
    let mut files = Vec::new();
    let mut in_run: Vec<Span> = cx.facts.run_secrets().iter().map(|secret| secret.value).collect();
    in_run.sort_unstable();
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
            // The bodies are files.
            Kind::Copy(_) | Kind::Add(_) => files.extend(at.instruction.heredocs.iter().map(|heredoc| heredoc.body)),
            _ => {}
        }
    }
    for found in cx.facts.matches() {
        let is_sure = found.confidence > Sure::Low;
        let span = place(found);
        if !(is_token(found) || is_sure && encloses(&files, span)) || encloses(&named, span) {
            continue;
        }
        // What is not sure by its form is `secret-in-run`'s.
        if !is_sure && encloses(&in_run, span) {
            continue;
        }
        grade(cx.report(span, describe(found, None)), found);
    }
}

/// Whether one of the spans, which rise and lie apart, holds another.
fn encloses(spans: &[Span], inner: Span) -> bool {
    let position = spans.partition_point(|span| span.end <= inner.start);
    spans.get(position).is_some_and(|span| span.encloses(inner))
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
    if urls(cx, at, value) || judged != Value::Random || cx.facts.matches_in(value.span).any(is_token) {
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
