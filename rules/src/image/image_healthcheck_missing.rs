use crate::image_cx::ImageCx;
use plimsoll_dockerfile::Keyword;

image_rule! {
    /// ## What it does
    /// Flags an image without a health check, or with one that is switched off.
    ///
    /// ## Why is this bad?
    /// The engine only sees that the process is there, not whether it still answers. Orchestrators with probes of
    /// their own, Kubernetes among them, do not look at it.
    ///
    /// ## Example
    /// ```image,finding
    /// config = { User = "1000" }
    /// ```
    /// Use instead:
    /// ```image,clean
    /// config = { User = "1000", Healthcheck = { Test = ["CMD", "/srv/app", "--check"] } }
    /// ```
    ///
    /// ## Notes
    /// OCI's configuration has no place for health checks, and some tools drop them when they convert an image. Where
    /// the history has a `HEALTHCHECK`, there is one.
    category: Operations, severity: Info, confidence: Medium, since: "0.1.0",
    presets: [Security, Cis],
    aliases: ["DS-0026", "CIS-DI-0006", "4.6"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let Some(config) = cx.config() else { return };
    let history = cx.facts.history;
    let last = history.steps.iter().rev().find(|step| step.keyword == Keyword::Healthcheck);
    let by_history = last.map(|step| step.span.text(&history.text).trim_end().ends_with(" NONE"));
    let is_off = match (&config.healthcheck, by_history) {
        (Some(check), _) => check.is_none(),
        (None, Some(off)) => off,
        (None, None) => {
            let place = cx.at_config("/config/Healthcheck", &[]);
            cx.report(place, "no health check");
            return;
        }
    };
    if is_off {
        let place = cx.at_config("/config/Healthcheck", &[Keyword::Healthcheck]);
        // dockle and trivy are content with any.
        cx.report(place, "the health check is switched off").only_aliases(|alias| alias == "4.6");
    }
}
