use crate::image_accounts::PASSWD;
use crate::image_cx::ImageCx;

image_rule! {
    /// ## What it does
    /// Flags a user other than root with id 0.
    ///
    /// ## Why is this bad?
    /// Such a user is root under another name: the classic back door, and a `USER` that looks unprivileged and is not.
    ///
    /// ## Example
    /// ```image,finding
    /// [[step]]
    /// by = "RUN useradd -o -u 0 app"
    /// files = ["644 0:0 etc/passwd root:x:0:0::/root:/bin/sh\napp:x:0:0::/:/bin/sh\n"]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// [[step]]
    /// by = "RUN useradd app"
    /// files = ["644 0:0 etc/passwd root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n"]
    /// ```
    category: Security, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let Some(entry) = cx.image.file(PASSWD) else { return };
    // BSD's second root is part of its base.
    for user in cx.facts.accounts.users.iter().filter(|user| user.id == 0 && !matches!(user.name, "root" | "toor")) {
        let place = cx.at_entry(entry);
        cx.report(place, format!("user `{}` is root under another name", user.name));
    }
}
