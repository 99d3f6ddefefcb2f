use crate::image_cx::ImageCx;
use plimsoll_dockerfile::Keyword;

image_rule! {
    /// ## What it does
    /// Flags port 22, that of SSH, among the ports that an image exposes.
    ///
    /// ## Why is this bad?
    /// A shell server in a container is one more way in, with keys and passwords of its own to look after. `docker exec`
    /// gives a shell without it.
    ///
    /// ## Example
    /// ```image,finding
    /// config = { ExposedPorts = { "22/tcp" = {} } }
    /// ```
    /// Use instead:
    /// ```image,clean
    /// config = { ExposedPorts = { "8080/tcp" = {} } }
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DS-0004"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let Some(config) = cx.config() else { return };
    if config.exposed_ports.iter().any(|port| port == "22" || port == "22/tcp") {
        let place = cx.at_config("/config/ExposedPorts/22~1tcp", &[Keyword::Expose]);
        cx.report(place, "port 22 (SSH) exposed");
    }
}
