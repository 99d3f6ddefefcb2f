use crate::image_accounts::RunsAs;
use crate::image_cx::ImageCx;
use plimsoll_dockerfile::Keyword;
use plimsoll_engine::{Confidence, Severity};

image_rule! {
    /// ## What it does
    /// Flags an image whose process runs as root.
    ///
    /// ## Why is this bad?
    /// Whoever takes over the process is root in the container: all of its files are theirs, and a hole in the kernel
    /// or the engine, or one careless mount, makes them root on the host.
    ///
    /// ## Example
    /// ```image,finding
    /// config = { Cmd = ["/srv/app"] }
    /// ```
    /// Use instead:
    /// ```image,clean
    /// config = { User = "1000", Cmd = ["/srv/app"] }
    /// ```
    ///
    /// ## Notes
    /// Names are looked up in the image's own `/etc/passwd`, so a user of another name with id 0 is root too. Where the
    /// entrypoint is a script that hands over to another user with `gosu`, `su-exec`, `setpriv` or the like, the
    /// finding says so and is an info.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DS-0002", "CIS-DI-0001", "4.1"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let (Some(config), Some(runs_as)) = (cx.config(), cx.runs_as()) else { return };
    let user = config.user.as_deref().unwrap_or_default();
    let message = match runs_as {
        RunsAs::Unset => "no user is set, so the process runs as root".to_owned(),
        RunsAs::Id(0) if user.split(':').next() == Some("root") => "the process runs as root".to_owned(),
        RunsAs::Id(0) => format!("the process runs as root: user `{user}` has id 0"),
        RunsAs::UnknownName(name) if cx.facts.accounts.has_passwd && cx.image.is_complete() => {
            let place = cx.at_config("/config/User", &[Keyword::User]);
            let finding =
                cx.report(place, format!("user `{name}` is not in /etc/passwd: the container does not start"));
            finding.without_aliases(&["DS-0002", "CIS-DI-0001", "4.1"]);
            return;
        }
        _ => return,
    };
    let steps_down = steps_down(cx);
    let place = cx.at_config("/config/User", &[Keyword::User]);
    let named = matches!(user, "" | "root");
    let mut message = message;
    if steps_down {
        message.push_str("; the entrypoint hands over to another user");
    }
    let finding = cx.report(place, message);
    if steps_down {
        finding.severity(Severity::Info).confidence(Confidence::Medium);
    }
    // dockle knows the empty user and `root` only, and no entrypoints.
    finding.only_aliases(|alias| alias != "CIS-DI-0001" || named);
}

/// Whether a program or script that the process starts with gives up root.
fn steps_down(cx: &ImageCx<'_>) -> bool {
    const PROGRAMS: [&str; 8] =
        ["gosu", "su-exec", "setpriv", "chpst", "runuser", "setuidgid", "s6-setuidgid", "s6-svscan"];
    let Some(config) = cx.config() else { return false };
    let words = || config.entrypoint.iter().chain(&config.cmd);
    let mut is_named = words().take(8).map(|word| word.rsplit('/').next().unwrap_or(word));
    is_named.any(|name| PROGRAMS.contains(&name)) || words().take(8).any(|word| script(cx, word))
}

/// Whether a word names a script of the image, by its path or on the search path, that hands over.
fn script(cx: &ImageCx<'_>, word: &str) -> bool {
    let is_name = !word.is_empty() && !word.contains([' ', '$', ';']);
    let folders: &[&str] = if word.contains('/') {
        &[""]
    } else {
        &["usr/local/sbin/", "usr/local/bin/", "usr/sbin/", "usr/bin/", "sbin/", "bin/", ""]
    };
    is_name
        && folders
            .iter()
            .any(|folder| cx.image.file(&format!("{folder}{word}")).is_some_and(|entry| entry.steps_down()))
}
