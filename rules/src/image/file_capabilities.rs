use crate::image_cx::ImageCx;
use crate::support::image_files::{unprivileged, writable_parent};
use plimsoll_engine::Severity;

image_rule! {
    /// ## What it does
    /// Flags programs that have capabilities of their own (`setcap`).
    ///
    /// ## Why is this bad?
    /// They are the setuid of today: whoever starts the program has the capability. `cap_sys_admin`, `cap_dac_override`,
    /// `cap_setuid` and the like are as good as root.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "RUN setcap cap_sys_admin+ep /usr/bin/tool", files = ["755 0:0 usr/bin/tool +21"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "COPY tool /usr/bin/", files = ["755 0:0 usr/bin/tool x"] }]
    /// ```
    ///
    /// ## Notes
    /// `cap_net_raw` on `ping` and its kin, `cap_setuid` and `cap_setgid` on `newuidmap` and `newgidmap` are the
    /// distributions' own: info. So is `cap_net_bind_service`, which only lets a program listen on low ports.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.8"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let user = unprivileged(cx);
    for entry in cx.image.present() {
        let Some(capabilities) = entry.capabilities().filter(|capabilities| capabilities.permitted != 0) else {
            continue;
        };
        let path = entry.path_bytes();
        let names = capabilities.names();
        let only = |allowed: &[&str]| names.iter().all(|name| allowed.contains(&name.as_str()));
        let is_expected = match entry.name() {
            b"ping" | b"ping4" | b"ping6" | b"arping" | b"clockdiff" | b"mtr-packet" | b"traceroute6.iputils" => {
                only(&["cap_net_raw", "cap_net_admin"])
            }
            b"newuidmap" | b"newgidmap" => only(&["cap_setuid", "cap_setgid"]),
            b"gst-ptp-helper" => only(&["cap_net_bind_service", "cap_net_admin", "cap_sys_nice"]),
            b"dumpcap" => only(&["cap_net_raw", "cap_net_admin"]),
            b"suexec" => only(&["cap_setuid", "cap_setgid"]),
            _ => false,
        };
        let parent = writable_parent(cx.image, &path, user.as_ref());
        let is_harmless = only(&["cap_net_bind_service"]);
        let place = cx.at_entry(entry);
        let what = format!("program with {}", names.join(", "));
        match parent {
            Some(parent) => {
                cx.report(place, format!("{what}, and others may replace it: /{parent} is writable"))
                    .severity(Severity::Error);
            }
            None if is_expected || is_harmless => {
                cx.report(place, what).severity(Severity::Info);
            }
            None => {
                cx.report(place, what);
            }
        }
    }
}
