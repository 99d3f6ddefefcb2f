use crate::prelude::*;
use crate::support::users;
use std::collections::HashSet;

rule! {
    /// ## What it does
    /// Flags images that create an account and then never change to it.
    ///
    /// ## Why is this bad?
    /// The account looks like the one that the image runs as, but without `USER` the process runs as root.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM python:3.13
    /// RUN useradd --create-home app
    /// COPY . /srv
    /// CMD ["python", "/srv/main.py"]
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM python:3.13
    /// RUN useradd --create-home app
    /// COPY . /srv
    /// USER app
    /// CMD ["python", "/srv/main.py"]
    /// ```
    ///
    /// ## Notes
    /// Only the stage that the build gives counts, with those that it is built from, and only where it sets no `USER`
    /// at all. Nothing is said where the account is used in another way: by `gosu`, `su-exec`, `setpriv`, `su`, `sudo`,
    /// for logging in (`sshd`, `chpasswd`), or in the command that the image runs. An account of the system (`--system`),
    /// which a service may take itself, is shown only on request.
    category: Security, severity: Info, confidence: Medium, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let facts = cx.facts;
    let creates = |script: &RunScript<'_>| script.commands().iter().any(|command| created(command).is_some());
    if !facts.scripts().iter().any(creates) {
        return;
    }
    let Some(last) = facts.final_stage() else { return };
    if users::last_user(facts, last.index()).is_some() || users::steps_down(facts, last.index()) {
        return;
    }
    let stages: HashSet<usize> = facts.lineage(last.index()).map(StageFact::index).collect();
    let in_image = |at: At<'_>| !at.onbuild && at.stage.is_some_and(|stage| stages.contains(&stage));
    // The words that tell who runs the image: an account among them is used.
    let mut named: HashSet<&str> = HashSet::new();
    for &at in facts.instructions().iter().filter(|&&at| in_image(at)) {
        let text = cx.text(at.instruction.span);
        if text.contains("sshd") {
            return;
        }
        if matches!(at.keyword_kind(), Keyword::Cmd | Keyword::Entrypoint | Keyword::Env) {
            named.extend(text.split(|c: char| !c.is_alphanumeric() && !"_-".contains(c)));
        }
    }
    let mut accounts = Vec::new();
    for script in facts.scripts().iter().filter(|script| in_image(script.at)) {
        for command in script.commands() {
            if matches!(&*command.name.text, "su" | "sudo" | "chpasswd" | "passwd") {
                return;
            }
            accounts.extend(created(command).map(|(account, system)| (script.place(account.span), account, system)));
        }
    }
    for (place, account, system) in accounts {
        // `vscode` is whom development containers log in as.
        if account.expands || account.text == "vscode" || named.contains(&*account.text) {
            continue;
        }
        let message = format!("account `{}` is created, but no `USER` changes to it", account.text);
        let finding = cx.report(place, message);
        if system {
            finding.quiet();
        }
    }
}

/// The account that a command creates, and whether it is one of the system.
fn created<'w>(command: &'w shell::Command<'_>) -> Option<(&'w shell::Word<'w>, bool)> {
    let useradd = command.is("useradd");
    if !useradd && !command.is("adduser") {
        return None;
    }
    let flags = if useradd {
        "-b -c -d -e -f -g -G -k -K -p -R -s -u -Z --base-dir --comment --home-dir --home --expiredate --inactive --gid \
         --groups --skel --key --password --root --shell --uid --selinux-user"
    } else {
        "-h -g -s -G -u -k --home --gecos --shell --ingroup --uid --gid --conf --firstuid --lastuid --comment"
    };
    let takes_value = |flag: &str| flags.split_whitespace().any(|known| known == flag);
    let mut operands = Vec::new();
    let mut args = command.args.iter();
    while let Some(arg) = args.next() {
        let text = &*arg.text;
        // In a cluster such as `-mu 1000` the last letter may take a value.
        let cluster = text.starts_with('-') && !text.starts_with("--") && text.len() > 2;
        let last = text.chars().next_back().map(|letter| format!("-{letter}")).unwrap_or_default();
        if takes_value(text) || cluster && takes_value(&last) {
            args.next();
        } else if !text.starts_with('-') {
            operands.push(arg);
        }
    }
    // `adduser NAME GROUP` puts an account into a group.
    let [account] = operands.as_slice() else { return None };
    let system = command.long("system").is_some()
        || command.short(if useradd { 'r' } else { 'S' }).is_some()
        || command.short('M').is_some();
    Some((account, system))
}
