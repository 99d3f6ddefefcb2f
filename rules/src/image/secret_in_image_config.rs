use crate::image_cx::ImageCx;
use crate::support::found_secrets::{describe, grade};
use crate::support::secret_names::{self, Strength};
use crate::support::secret_values::{self, Value};
use plimsoll_base::Span;
use plimsoll_engine::ImagePlace;

image_rule! {
    /// ## What it does
    /// Flags secrets in an image's configuration, history and labels, in the command that it starts, and in the build
    /// arguments that its builder attests.
    ///
    /// ## Why is this bad?
    /// `docker inspect` and `docker history` show them to everybody who has the image.
    ///
    /// ## Example
    /// ```image,finding
    /// config = { Cmd = ["app", "--token", "%GITHUB_TOKEN%"] }
    /// ```
    /// Use instead:
    /// ```image,clean
    /// config = { Cmd = ["app", "--token-file", "/run/secrets/token"] }
    /// ```
    ///
    /// ## Notes
    /// Secrets in `ENV`, `ARG` and `RUN` that show by their name are found by the rules that look at these in
    /// Dockerfiles: `secret-in-env`, `secret-in-arg`, `secret-in-run`. What they report is not reported twice.
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.10"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let history = cx.facts.history;
    for found in cx.facts.matches {
        let span = Span::new(found.start as u32, found.end as u32);
        let Some(origin) = history.origin(span.start) else { continue };
        let place = cx.facts.at_origin(cx.image, origin);
        let finding = cx.report(place, describe(found, cx.today));
        grade(finding, found);
        finding.span = span;
    }
    labels(cx);
}

/// Labels with a secret's name.
fn labels(cx: &mut ImageCx<'_>) {
    let Some(config) = cx.config() else { return };
    for (key, value) in &config.labels {
        let name = key.rsplit(['.', '/']).next().unwrap_or(key).replace('-', "_");
        let is_secret = secret_names::judge(&name).is_some_and(|judged| judged.strength == Strength::Strong)
            && matches!(secret_values::judge(value), Value::Literal | Value::Random)
            && plimsoll_secrets::scan(value.as_bytes()).is_empty();
        if is_secret {
            let pointer = format!("/config/Labels/{}", key.replace('~', "~0").replace('/', "~1"));
            let place = ImagePlace { config: Some(pointer), ..cx.whole() };
            cx.report(place, format!("label `{key}` holds a secret"));
        }
    }
}
