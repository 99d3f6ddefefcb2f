use crate::image_cx::ImageCx;

image_rule! {
    /// ## What it does
    /// Says how many files belong to users that `/etc/passwd` does not know.
    ///
    /// ## Why is this bad?
    /// The next user that is made may get that id, and with it the files. Images that are meant to run as any id have
    /// such files on purpose.
    ///
    /// ## Example
    /// ```image,finding
    /// [[step]]
    /// by = "COPY --chown=1234 app /srv/app"
    /// files = ["644 0:0 etc/passwd root:x:0:0::/root:/bin/sh\n", "644 1234:0 srv/app x"]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// [[step]]
    /// by = "COPY app /srv/app"
    /// files = ["644 0:0 etc/passwd root:x:0:0::/root:/bin/sh\n", "644 0:0 srv/app x"]
    /// ```
    category: Operations, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let accounts = &cx.facts.accounts;
    if !accounts.has_passwd {
        return;
    }
    let mut known: Vec<u32> = accounts.users.iter().map(|user| user.id).collect();
    known.sort_unstable();
    let mut without = cx.image.present().filter(|entry| known.binary_search(&entry.uid()).is_err());
    if let Some(first) = without.next() {
        let count = without.count() + 1;
        let place = cx.at_entry(first);
        let plural = if count == 1 { " belongs" } else { "s belong" };
        cx.report(
            place,
            format!("{count} file{plural} to users that /etc/passwd does not know, such as {}", first.uid()),
        );
    }
}
