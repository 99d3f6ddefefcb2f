use crate::image_cx::ImageCx;

image_rule! {
    /// ## What it does
    /// Flags an image with many bytes that a later layer deletes or replaces.
    ///
    /// ## Why is this bad?
    /// They are still stored, sent and unpacked. Delete files in the instruction that made them, or build in a stage of
    /// its own and copy the result.
    ///
    /// ## Example
    /// ```image,finding
    /// [[step]]
    /// by = "COPY sources.tar /src/"
    /// files = ["644 0:0 src/sources.tar {60000000}"]
    /// [[step]]
    /// by = "RUN rm -r /src"
    /// files = ["644 0:0 .wh.src"]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// [[step]]
    /// by = "COPY --from=build /app /app"
    /// files = ["755 0:0 app {60000000}"]
    /// ```
    ///
    /// ## Options
    /// `max-waste` under `[image]` in plimsoll.toml: how many megabytes may be wasted. Without it 50, and never less
    /// than a tenth of the image.
    ///
    /// ## Notes
    /// Each byte is counted once, in the layer that holds it. The finding names the layer that wastes most.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: [],
    check: check,
}

const MEGABYTE: u64 = 1_000_000;
/// Less than this is not worth a word.
const DEFAULT: u64 = 50;

fn check(cx: &mut ImageCx<'_>) {
    let (size, waste) = (cx.image.size(), cx.image.waste());
    let most = match cx.options.max_image_waste {
        Some(megabytes) => megabytes.saturating_mul(MEGABYTE),
        None => (DEFAULT * MEGABYTE).max(size / 10),
    };
    if waste <= most {
        return;
    }
    let worst =
        cx.image.layers.iter().enumerate().max_by_key(|(number, layer)| (layer.waste, std::cmp::Reverse(*number)));
    let place = worst.map_or_else(|| cx.whole(), |(layer, _)| cx.at_layer(layer));
    let share = (u128::from(waste) * 100 / u128::from(size.max(1))) as u64;
    cx.report(
        place,
        format!(
            "{} MB of {} MB ({share} %) are deleted or replaced by later layers",
            waste / MEGABYTE,
            size / MEGABYTE
        ),
    );
}
