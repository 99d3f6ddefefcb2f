use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `RUN --device`.
    ///
    /// ## Why is this bad?
    /// The commands get a device of the machine that builds, such as its graphics card, and with it the driver's
    /// attack surface. The build then works only where the device is and the builder is told to allow it.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN --device=nvidia.com/gpu=all ./train
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// CMD ["./train"]
    /// ```
    /// and give the device to the container: `docker run --gpus=all`.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    fixable: false,
    check: Instruction([Run], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    for flag in at.instruction.flags.iter().filter(|flag| flag.name.text == "device") {
        cx.report(flag.span, "`RUN` with a device of the build machine");
    }
}
