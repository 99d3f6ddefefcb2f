use crate::image_cx::ImageCx;
use plimsoll_dockerfile::Keyword;

image_rule! {
    /// ## What it does
    /// Flags ports under 1024 among those that an image exposes.
    ///
    /// ## Why is this bad?
    /// Outside of containers, and in engines before 20.10, only root may listen there, so such an image asks to be run
    /// as root.
    ///
    /// ## Example
    /// ```image,finding
    /// config = { ExposedPorts = { "80/tcp" = {} } }
    /// ```
    /// Use instead:
    /// ```image,clean
    /// config = { ExposedPorts = { "8080/tcp" = {} } }
    /// ```
    category: Security, severity: Info, confidence: Low, since: "0.1.0",
    presets: [],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let Some(config) = cx.config() else { return };
    for port in &config.exposed_ports {
        let number = port.split('/').next().and_then(|number| number.parse::<u32>().ok());
        // Port 22 is a finding of its own.
        if number.is_some_and(|number| (1..1024).contains(&number) && number != 22) {
            let place = cx.at_config(&format!("/config/ExposedPorts/{}", port.replace('/', "~1")), &[Keyword::Expose]);
            cx.report(place, format!("privileged port {port} exposed"));
        }
    }
}
