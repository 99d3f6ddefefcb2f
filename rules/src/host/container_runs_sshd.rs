use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::{Container, Top, Unknown};

host_rule! {
    /// ## What it does
    /// Flags containers that run an SSH server.
    ///
    /// ## Why is this bad?
    /// It needs keys, passwords and updates of its own in every container, and gives a way in that the engine does
    /// not see.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Id": "aa", "Name": "/web", "State": {"Running": true}, "Config": {"Cmd": ["/usr/sbin/sshd", "-D"]}}],
    ///   "top.json": {"aa": {"Titles": ["PID", "CMD"], "Processes": [["1", "/usr/sbin/sshd -D"]]}} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Id": "aa", "Name": "/web", "State": {"Running": true}, "Config": {"Cmd": ["nginx"]}}],
    ///   "top.json": {"aa": {"Titles": ["PID", "CMD"], "Processes": [["1", "nginx: master process"]]}} }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     command: /usr/sbin/sshd -D
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     command: [nginx]
    /// ```
    ///
    /// ## Remediation
    /// Take the SSH server out of the image; `docker exec` gives a shell in a running container.
    ///
    /// ## Notes
    /// Processes are those that the engine lists, so nothing has to be installed in the container. Of a container
    /// that does not run the command is looked at.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.7", "CIS-1.1.0-5.6", "guide-5.5"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "the service runs an SSH server",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let config = container.config()?;
    for (field, words) in [("Config.Entrypoint", &config.entrypoint), ("Config.Cmd", &config.cmd)] {
        let words = words.optional(field)?.map(plimsoll_host::Words::words).unwrap_or_default();
        if let Some(word) = words.into_iter().find(|word| is_sshd(word)) {
            return Ok(Verdict::fail(format!("its command is {word}")).at(field));
        }
    }
    if !container.is_running()? {
        return Ok(Verdict::not_applicable("the container does not run, and its command names no SSH server"));
    }
    let all = cx.facts.top.known("list of processes")?;
    let id = container.id.known("Id")?;
    let top: &Top = all.get(id).ok_or_else(|| Unknown::new("the processes of the container were not read"))?;
    let commands = top.column(&["CMD", "COMMAND", "ARGS"])?;
    Ok(match commands.iter().find(|command| command.split_whitespace().next().is_some_and(is_sshd)) {
        Some(_) => Verdict::fail("a process of it is sshd"),
        None => Verdict::pass(format!("none of its {} processes is sshd", commands.len())),
    })
}

fn is_sshd(program: &str) -> bool {
    // A running server calls itself `sshd:`.
    let name = program.rsplit('/').next().unwrap_or(program).trim_end_matches(':');
    matches!(name, "sshd" | "dropbear" | "sshd-session")
}
