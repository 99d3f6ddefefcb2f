use crate::image_accounts::{PASSWD, is_foreign};
use crate::image_cx::ImageCx;
use plimsoll_engine::Severity;

image_rule! {
    /// ## What it does
    /// Flags users without a password in `/etc/shadow` or `/etc/passwd`.
    ///
    /// ## Why is this bad?
    /// Anybody can log in as such a user: with `su`, over SSH, at a console. CVE-2019-5021 was such a line for root in
    /// Alpine's images.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "RUN passwd -d root", files = ["640 0:0 etc/shadow root::19000:0:::::"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "RUN passwd -l root", files = ["640 0:0 etc/shadow root:!:19000:0:::::"] }]
    /// ```
    category: Security, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: ["DKL-LI-0001"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for path in ["etc/shadow", "etc/master.passwd", PASSWD] {
        let (Some(entry), Some(text)) = (cx.image.file(path), cx.image.text(path)) else { continue };
        for (line, number) in text.split('\n').zip(1..) {
            let mut fields = line.split(':');
            let (Some(name), Some("")) = (fields.next(), fields.next()) else { continue };
            if name.is_empty() || fields.next().is_none() || is_foreign(line) {
                continue;
            }
            // Where /etc/shadow knows the user, it decides.
            if path == PASSWD && in_shadow(cx, name) {
                continue;
            }
            let cannot_log_in = path == PASSWD && line.ends_with("nologin") || line.ends_with("/bin/false");
            let mut place = cx.at_entry(entry);
            place.line = Some(number);
            let finding = cx.report(place, format!("user `{name}` has no password"));
            if cannot_log_in {
                finding.severity(Severity::Warning);
            }
            if path == PASSWD {
                finding.without_aliases(&["DKL-LI-0001"]);
            }
        }
    }
}

fn in_shadow(cx: &ImageCx<'_>, name: &str) -> bool {
    let shadow = cx.image.text("etc/shadow").unwrap_or_default();
    shadow.lines().any(|line| line.split(':').next() == Some(name))
}
