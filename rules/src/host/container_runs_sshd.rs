use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::{Container, Top, Unknown};
use plimsoll_shell as shell;

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
        if let Some(word) = words.into_iter().find_map(server) {
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

/// The SSH server that a word of a command is, or starts where it is a text for a shell.
fn server(word: &str) -> Option<String> {
    if is_sshd(word) {
        return Some(word.to_owned());
    }
    let script = shell::parse(word, shell::Dialect::Posix).filter(|_| word.contains(char::is_whitespace))?;
    let starts = |command: &&shell::Command<'_>| {
        let name = &*command.name.text;
        is_sshd(name)
            || is_service(name.rsplit_once('/').filter(|(folder, _)| *folder == "/etc/init.d").map(|(_, name)| name))
            || matches!(name, "service" | "rc-service") && is_service(command.args.first().map(|word| &*word.text))
    };
    script.commands.iter().find(starts).map(|command| command.name.text.to_string())
}

fn is_service(name: Option<&str>) -> bool {
    matches!(name, Some("ssh" | "sshd" | "dropbear"))
}

fn is_sshd(program: &str) -> bool {
    // A running server calls itself `sshd:`.
    let name = program.rsplit('/').next().unwrap_or(program).trim_end_matches(':');
    matches!(name, "sshd" | "dropbear" | "sshd-session")
}
