use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `useradd` with a high user id and without `--no-log-init`.
    ///
    /// ## Why is this bad?
    /// `useradd` writes into `/var/log/lastlog` and `/var/log/faillog` at a place that the user id sets. With an id
    /// such as 1000680000 these become sparse files of hundreds of gigabytes, and builders that pack the layer without
    /// knowing of sparse files write every one of their zero bytes.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN useradd --uid 1000680000 app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN useradd --no-log-init --uid 1000680000 app
    /// ```
    ///
    /// ## Fix
    /// Adds `--no-log-init`.
    category: Size, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3046"],
    fixable: true,
    check: Command(["useradd"], check),
}

/// The lowest id that is high: six digits, a lastlog of 29 MB.
const HIGH: u64 = 100_000;

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    if cmd.short('l').is_some() || cmd.long("no-log-init").is_some() {
        return;
    }
    let Some((word, value)) = uid(cmd) else { return };
    let known = value.parse::<u64>().ok();
    // An id in a variable is unknown; behind `-u`, hadolint takes it for high where its name is long enough.
    let long = || value.trim_start_matches(['$', '{']).trim_end_matches('}').len() > 2;
    let unknown = || word.expands && cmd.long("uid").is_none() && long();
    if !known.map_or_else(unknown, |id| id >= HIGH) {
        return;
    }
    let name = cmd.name_place();
    let finding = cx.report(cmd.place(word), format!("high user id `{value}` without `--no-log-init`"));
    if known.is_none() {
        finding.quiet();
    }
    if cmd.script.text.is_some() {
        finding.fix(Fix::safe("add `--no-log-init`", Edit::insert(name.end, " --no-log-init")));
    }
}

/// The user id in any of its forms: `--uid 1`, `--uid=1`, `-u 1`, `-u1`, and behind other letters as in `-mu 1`.
fn uid(cmd: Cmd<'_>) -> Option<(&shell::Word<'_>, &str)> {
    let args = cmd.args();
    cmd.command.value_of(&["--uid", "-u"]).or_else(|| {
        let cluster = |arg: &shell::Word<'_>| {
            arg.text.strip_prefix('-').is_some_and(|letters| {
                letters.ends_with('u') && letters.bytes().all(|letter| letter.is_ascii_alphabetic())
            })
        };
        let value = args.get(args.iter().position(cluster)? + 1)?;
        Some((value, &*value.text))
    })
}
