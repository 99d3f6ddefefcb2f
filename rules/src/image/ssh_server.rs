use crate::image_cx::ImageCx;
use plimsoll_image::Kind;

image_rule! {
    /// ## What it does
    /// Flags an SSH server in the image.
    ///
    /// ## Why is this bad?
    /// It is one more way in, with users, keys and passwords of its own to look after, and somebody has to start it
    /// beside the application. `docker exec` gives a shell without it.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "RUN apt-get install openssh-server", files = ["755 0:0 usr/sbin/sshd x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "RUN apt-get install openssh-client", files = ["755 0:0 usr/bin/ssh x"] }]
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for path in ["usr/sbin/sshd", "usr/bin/sshd", "usr/local/sbin/sshd", "usr/sbin/dropbear", "usr/bin/dropbear"] {
        let Some(entry) = cx.image.link(path).filter(|entry| matches!(entry.kind(), Kind::File | Kind::HardLink))
        else {
            continue;
        };
        let settings = cx.image.text("etc/ssh/sshd_config").unwrap_or_default();
        let allows = |key: &str| {
            settings.lines().any(|line| {
                let mut words = line.split_whitespace();
                words.next().is_some_and(|word| word.eq_ignore_ascii_case(key))
                    && words.next().is_some_and(|word| word.eq_ignore_ascii_case("yes"))
            })
        };
        let more = match (allows("PermitRootLogin"), allows("PermitEmptyPasswords")) {
            (_, true) => "; it lets users in without a password",
            (true, _) => "; it lets root in with a password",
            _ => "",
        };
        let place = cx.at_entry(entry);
        cx.report(place, format!("an SSH server{more}"));
    }
}
