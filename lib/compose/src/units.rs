//! The forms in which Compose files write switches, sizes and numbers.

/// A switch.
pub(crate) fn switch(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "t" | "1" => Some(true),
        "false" | "no" | "n" | "off" | "f" | "0" => Some(false),
        _ => None,
    }
}

/// A size in bytes: `512m`, `1gb`, `1.5 GiB`, a bare number.
pub(crate) fn bytes(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_lowercase();
    let split = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-'))).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let shift = match unit.trim().trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        "p" => 50,
        _ => return None,
    };
    if let Ok(whole) = number.parse::<i64>() {
        return whole.checked_mul(1 << shift);
    }
    scaled(number, 2_f64.powi(shift))
}

/// Processors in billionths: `0.5`.
pub(crate) fn billionths(text: &str) -> Option<i64> {
    scaled(text.trim(), 1e9)
}

#[allow(clippy::cast_precision_loss, reason = "limits are compared with zero, never added up")]
fn scaled(number: &str, factor: f64) -> Option<i64> {
    let number: f64 = number.parse().ok()?;
    let product = number * factor;
    (product.is_finite() && product.abs() < i64::MAX as f64).then_some(product as i64)
}

/// A whole number.
pub(crate) fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, expected) in [
            ("512m", Some(512 << 20)),
            ("1gb", Some(1 << 30)),
            ("1GiB", Some(1 << 30)),
            ("1.5k", Some(1536)),
            ("100", Some(100)),
            ("0", Some(0)),
            ("-1", Some(-1)),
            ("9999999999p", None),
            ("1e999", None),
            ("many", None),
        ] {
            assert_eq!(bytes(text), expected, "{text}");
        }
        assert_eq!(billionths("0.5"), Some(500_000_000));
        assert_eq!((switch("Yes"), switch("off"), switch("maybe")), (Some(true), Some(false), None));
    }
}
