use crate::image_cx::ImageCx;

image_rule! {
    /// ## What it does
    /// Flags `/etc/shadow`, `/etc/gshadow` and the copies that tools keep of them (`/etc/shadow-`) that everybody may read
    /// or write.
    ///
    /// ## Why is this bad?
    /// Any process in the container can take the password hashes away and guess at leisure.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "RUN chmod 644 /etc/shadow", files = ["644 0:0 etc/shadow root:*:19000:0:::::"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "RUN chmod 640 /etc/shadow", files = ["640 0:42 etc/shadow root:*:19000:0:::::"] }]
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for path in ["etc/shadow", "etc/shadow-", "etc/gshadow", "etc/gshadow-", "etc/master.passwd"] {
        if let Some(entry) = cx.image.file(path).filter(|entry| entry.mode() & 0o006 != 0) {
            let place = cx.at_entry(entry);
            cx.report(place, format!("everybody may read the password hashes: mode {:o}", entry.mode()));
        }
    }
}
