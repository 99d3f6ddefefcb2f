use crate::image_cx::ImageCx;
use plimsoll_engine::{Date, Severity};

image_rule! {
    /// ## What it does
    /// Flags an image that was made in the future, or more than two years ago.
    ///
    /// ## Why is this bad?
    /// An old image has not seen a security update since. A time in the future is a wrong clock or a forgery, and tools
    /// that look for the newest image will take this one for ever.
    ///
    /// ## Example
    /// ```image,finding
    /// created = "2999-01-01T00:00:00Z"
    /// ```
    /// Use instead:
    /// ```image,clean
    /// created = "2026-01-02T03:04:05Z"
    /// ```
    ///
    /// ## Notes
    /// Times of 1970 and 1980 are those of builders that give the same bytes again, and say nothing.
    category: Operations, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    let (Some(config), Some(today)) = (cx.config(), cx.today) else { return };
    let Some(created) = config.created.as_deref().and_then(|time| Date::parse(time.get(..10)?)) else { return };
    // Clocks of time zones differ by a day at most.
    let days = |date: Date| i64::from(date.year) * 372 + i64::from(date.month) * 31 + i64::from(date.day);
    let age = days(today) - days(created);
    let place = cx.at_config("/created", &[]);
    if age < -1 {
        cx.report(place, format!("made in the future, on {created}"));
    } else if age > 2 * 372 && created.year > 1980 {
        cx.report(place, format!("made on {created}, more than two years ago")).severity(Severity::Info);
    }
}
