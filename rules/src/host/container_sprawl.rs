use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags hosts with more than 25 containers that do not run.
    ///
    /// ## Why is this bad?
    /// They keep their data, secrets among it, and somebody starts one by mistake.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/c0", "State": {"Running": false}}, {"Name": "/c1", "State": {"Running": false}}, {"Name": "/c2", "State": {"Running": false}}, {"Name": "/c3", "State": {"Running": false}}, {"Name": "/c4", "State": {"Running": false}}, {"Name": "/c5", "State": {"Running": false}}, {"Name": "/c6", "State": {"Running": false}}, {"Name": "/c7", "State": {"Running": false}}, {"Name": "/c8", "State": {"Running": false}}, {"Name": "/c9", "State": {"Running": false}}, {"Name": "/c10", "State": {"Running": false}}, {"Name": "/c11", "State": {"Running": false}}, {"Name": "/c12", "State": {"Running": false}}, {"Name": "/c13", "State": {"Running": false}}, {"Name": "/c14", "State": {"Running": false}}, {"Name": "/c15", "State": {"Running": false}}, {"Name": "/c16", "State": {"Running": false}}, {"Name": "/c17", "State": {"Running": false}}, {"Name": "/c18", "State": {"Running": false}}, {"Name": "/c19", "State": {"Running": false}}, {"Name": "/c20", "State": {"Running": false}}, {"Name": "/c21", "State": {"Running": false}}, {"Name": "/c22", "State": {"Running": false}}, {"Name": "/c23", "State": {"Running": false}}, {"Name": "/c24", "State": {"Running": false}}, {"Name": "/c25", "State": {"Running": false}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/c", "State": {"Running": false}}]}
    /// ```
    ///
    /// ## Remediation
    /// Remove them: `docker container prune`.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["6.2", "CIS-1.1.0-6.5"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    const MOST: usize = 25;
    let containers = cx.facts.containers.known("containers")?;
    cx.facts.whole("containers.json")?;
    let mut stopped = 0;
    for container in containers {
        stopped += usize::from(!container.is_running()?);
    }
    Ok(Verdict::passes_if(stopped <= MOST, format!("{stopped} of {} containers do not run", containers.len())))
}
