use crate::image_accounts::{Account, GROUP, PASSWD};
use crate::image_cx::ImageCx;

image_rule! {
    /// ## What it does
    /// Flags two users with one id, or two groups.
    ///
    /// ## Why is this bad?
    /// The kernel only knows ids: what one of them may do, the other may too, and tools show the files of one as the
    /// other's.
    ///
    /// ## Example
    /// ```image,finding
    /// [[step]]
    /// by = "RUN useradd -o -u 1000 b"
    /// files = ["644 0:0 etc/passwd a:x:1000:1000::/home/a:/bin/sh\nb:x:1000:1001::/home/b:/bin/sh\n"]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// [[step]]
    /// by = "RUN useradd b"
    /// files = ["644 0:0 etc/passwd a:x:1000:1000::/home/a:/bin/sh\nb:x:1001:1001::/home/b:/bin/sh\n"]
    /// ```
    ///
    /// ## Notes
    /// A further user with id 0 is a finding of its own.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: ["DKL-LI-0002"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let accounts = &cx.facts.accounts;
    report(cx, PASSWD, "users", &accounts.users);
    report(cx, GROUP, "groups", &accounts.groups);
}

fn report(cx: &mut ImageCx<'_>, path: &str, what: &str, accounts: &[Account<'_>]) {
    let Some(entry) = cx.image.file(path) else { return };
    let mut sorted: Vec<&Account<'_>> = accounts.iter().filter(|account| account.id != 0 || path == GROUP).collect();
    sorted.sort_by_key(|account| account.id);
    for same in sorted.chunk_by(|a, b| a.id == b.id).filter(|same| same.len() > 1) {
        let names: Vec<&str> = same.iter().map(|account| account.name).collect();
        // A line that stands twice says nothing new.
        if names.iter().all(|name| name == &names[0]) {
            continue;
        }
        let place = cx.at_entry(entry);
        cx.report(place, format!("{what} {} have one id, {}", names.join(", "), same[0].id));
    }
}
