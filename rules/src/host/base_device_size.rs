use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags daemons that set the size of base devices (`dm.basesize`), which only devicemapper knew.
    ///
    /// ## Why is this bad?
    /// An engine of today has no devicemapper, and does not start with its options.
    ///
    /// ## Example
    /// ```json,fail
    /// { "meta.json": {"unread": {"daemon.json": "absent"}},
    ///   "dockerd.args.json": ["dockerd", "--storage-opt", "dm.basesize=20G"] }
    /// ```
    /// Use instead:
    /// ```json,not-applicable
    /// { "meta.json": {"unread": {"daemon.json": "absent"}},
    ///   "dockerd.args.json": ["dockerd"],
    ///   "info.json": {"Driver": "overlay2"} }
    /// ```
    ///
    /// ## Remediation
    /// Take `dm.basesize` out of `storage-opts`.
    ///
    /// ## Notes
    /// Retired: guides asked not to change the size. With other drivers there is nothing to ask.
    category: Correctness, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.11", "CIS-1.1.0-2.10"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    let options = cx.facts.daemon.get("storage-opts")?;
    let options = options.map_or(Ok(Vec::new()), |options| options.list("storage-opts"))?;
    Ok(match options.iter().find(|option| option.starts_with("dm.basesize")) {
        Some(option) => Verdict::fail(format!("storage-opts has {option}")),
        None => Verdict::not_applicable(
            "retired: only the storage driver devicemapper, which engines have no more, knew it",
        ),
    })
}
