use crate::image_cx::ImageCx;

image_rule! {
    /// ## What it does
    /// Flags lines of `/etc/passwd` and `/etc/group` that are none: too few or too many fields, ids that are no numbers.
    ///
    /// ## Why is this bad?
    /// Programs read such lines each in their own way: some skip the line, some stop there, some take the user for root.
    ///
    /// ## Example
    /// ```image,finding
    /// [[step]]
    /// by = "RUN echo app:x:1000 >> /etc/passwd"
    /// files = ["644 0:0 etc/passwd root:x:0:0::/root:/bin/sh\napp:x:1000\n"]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// [[step]]
    /// by = "RUN useradd app"
    /// files = ["644 0:0 etc/passwd root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n"]
    /// ```
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for &(path, line) in &cx.facts.accounts.broken {
        let Some(entry) = cx.image.file(path) else { continue };
        let mut place = cx.at_entry(entry);
        place.line = Some(line);
        cx.report(place, "a line that is no account");
    }
}
