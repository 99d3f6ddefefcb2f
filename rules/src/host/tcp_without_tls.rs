use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Risk;

host_rule! {
    /// ## What it does
    /// Flags engines that listen on TCP without checking the client's certificate.
    ///
    /// ## Why is this bad?
    /// Whoever reaches the port is root of the host.
    ///
    /// ## Example
    /// ```json,fail
    /// { "meta.json": {"unread": {"daemon.json": "absent"}},
    ///   "dockerd.args.json": ["dockerd", "-H", "tcp://0.0.0.0:2375"] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "meta.json": {"unread": {"daemon.json": "absent"}},
    ///   "dockerd.args.json": ["dockerd", "-H", "unix:///run/docker.sock"] }
    /// ```
    ///
    /// ## Remediation
    /// Take the TCP address out of `hosts`, and use `ssh://` contexts. Where it must be, set `tlsverify`,
    /// `tlscacert`, `tlscert` and `tlskey`.
    ///
    /// ## Notes
    /// Addresses that systemd hands over (`fd://`) count too, where the bundle says what listens.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.7", "CIS-1.1.0-2.6", "guide-2.6"],
    check: Daemon(check),
}

const RISK: Risk = Risk::Disruptive {
    breaks: "Whoever speaks to the engine over this port is cut off: let them use an ssh:// context",
};

/// Whether a `ListenStream=` is no path: a port, or an address with one.
fn is_tcp(stream: &str) -> bool {
    !stream.starts_with(['/', '@', '%']) && !stream.starts_with("vsock:")
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    let hosts = cx.facts.daemon.get("hosts")?;
    let hosts = hosts.map_or(Ok(Vec::new()), |hosts| hosts.list("hosts"))?;
    // Without a scheme dockerd takes a host for TCP.
    let local = |host: &&str| ["unix://", "fd://", "npipe://"].iter().any(|scheme| host.starts_with(scheme));
    let mut open: Vec<String> =
        hosts.iter().filter(|host| !local(host) && !host.is_empty()).map(|host| (*host).to_owned()).collect();
    // Systemd's socket may listen on TCP: its unit says so, and the engine's well-known port shows it.
    let mut unread = None;
    if hosts.iter().any(|host| host.starts_with("fd://")) {
        cx.facts.listeners.known("list of sockets")?;
        match cx.facts.units.known("units of systemd").and_then(|units| units.listens("docker.socket")) {
            Ok(streams) => {
                open.extend(
                    streams.iter().filter(|stream| is_tcp(stream)).map(|stream| format!("{stream} (docker.socket)")),
                );
            }
            Err(why) => unread = Some(why),
        }
    }
    if let plimsoll_host::Fact::Known(listeners) = &cx.facts.listeners {
        let plain = listeners.iter().filter(|listener| listener.port == 2375 && open.is_empty());
        let plain: Vec<String> = plain.map(|listener| format!("a listener at {}:2375", listener.address)).collect();
        open.extend(plain);
    }
    if open.is_empty() {
        let pass = || Verdict::pass("the engine does not listen on TCP");
        return unread.map_or_else(|| Ok(pass()), Err);
    }
    let daemon = &cx.facts.daemon;
    let verifies = daemon.switch("tlsverify", false)?;
    let mut missing = Vec::new();
    for name in ["tlscacert", "tlscert", "tlskey"] {
        if daemon.get(name)?.is_none_or(plimsoll_host::Setting::is_empty) {
            missing.push(name);
        }
    }
    let evidence = format!("listens at {}; tlsverify={verifies}", open.join(", "));
    Ok(match (verifies, missing.is_empty()) {
        (true, true) => Verdict::pass(evidence),
        // Without its own files the daemon takes those in the home folder of its user.
        (true, false) => Verdict::fail(format!("{evidence}, not set: {}", missing.join(", "))),
        // Without TCP the engine still listens where it does on the host.
        (false, _) if hosts.iter().any(local) => {
            let kept: Vec<&str> = hosts.iter().copied().filter(|host| local(host)).collect();
            Verdict::fail(evidence).setting("hosts", Some(&serde_json::json!(kept).to_string()), RISK)
        }
        (false, _) => Verdict::fail(evidence),
    })
}
