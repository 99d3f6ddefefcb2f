use crate::image_accounts::{PASSWD, RunsAs};
use crate::image_cx::ImageCx;
use plimsoll_dockerfile::Keyword;
use plimsoll_engine::{Confidence, Severity};
use plimsoll_image::{command_steps_down, line_steps_down};

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
    /// Names are looked up in the image's own `/etc/passwd`, so a user of another name with id 0 is root too; a name that
    /// cannot be looked up, because that file is missing or cannot be read, is an info. Where the entrypoint hands over to
    /// another user with `gosu`, `su-exec`, `setpriv` or the like, by itself or in a script of the image, the finding says
    /// so and is an info.
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
        // It may be root by another name.
        RunsAs::UnknownName(name) => {
            let is_missing = cx.image.is_complete() && cx.image.link(PASSWD).is_none();
            let why = if is_missing { "the image has no /etc/passwd" } else { "/etc/passwd cannot be read" };
            let place = cx.at_config("/config/User", &[Keyword::User]);
            let finding = cx.report(place, format!("user `{name}` cannot be looked up: {why}"));
            finding.severity(Severity::Info).without_aliases(&["DS-0002", "CIS-DI-0001", "4.1"]);
            return;
        }
        RunsAs::Id(_) => return,
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
    /// Behind so many words none is taken for a program: inits and wrappers have few of their own.
    const MOST: usize = 8;
    let Some(config) = cx.config() else { return false };
    let words: Vec<&str> = config.entrypoint.iter().chain(&config.cmd).map(String::as_str).collect();
    if let [shell, options, code, ..] = words.as_slice()
        && shell.ends_with("sh")
        && options.starts_with('-')
        && options.ends_with('c')
    {
        let mut commands = code.split([';', '&', '|']).flat_map(|command| command.split_whitespace());
        return line_steps_down(code) || commands.any(|word| script(cx, word));
    }
    let from = |at: usize| &words[at..];
    (0..words.len().min(MOST)).any(|at| command_steps_down(from(at)) || script(cx, words[at]))
}

/// Whether a word names a script of the image, by its path or on the search path, that hands over.
fn script(cx: &ImageCx<'_>, word: &str) -> bool {
    if word.is_empty() || word.contains([' ', '$', ';']) {
        return false;
    }
    let hands_over = |path: &str| cx.image.file(path).is_some_and(|entry| entry.steps_down());
    if word.starts_with('/') {
        return hands_over(word);
    }
    if word.contains('/') {
        let working = cx.config().and_then(|config| config.working_dir.as_deref()).unwrap_or_default();
        return hands_over(&format!("{working}/{word}"));
    }
    let folders = ["usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin"];
    folders.iter().any(|folder| hands_over(&format!("{folder}/{word}")))
}
