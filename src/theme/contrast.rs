//! The colours of the default theme keep the contrast of WCAG 2.2, 1.4.6, for what is read most closely.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../../themes/default/css/10-tokens.css");

/// The tokens of each scheme: light, dark by the system, dark by choice.
fn schemes() -> Vec<BTreeMap<&'static str, [f64; 3]>> {
    let blocks = TOKENS.split("  color-scheme: ").skip(1);
    let token = |line: &'static str| {
        let (name, value) = line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #")?;
        let digits: String =
            value.chars().flat_map(|c| std::iter::repeat_n(c, if value.len() == 3 { 2 } else { 1 })).collect();
        let channel = |at: usize| digits.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let channels = [channel(0)?, channel(2)?, channel(4)?];
        Some((name, channels.map(|channel| f64::from(channel) / 255.0)))
    };
    blocks.map(|block| block.lines().filter_map(token).collect()).collect()
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Colours, what they stand on, and the least contrast.
const PAIRS: [(&[&str], &[&str], f64); 5] = [
    (&["text"], &["bg", "raised", "sunken"], 11.0),
    (&["text"], &["benefit-soft", "context-soft", "career-soft", "risk-soft", "example-soft"], 11.0),
    (&["muted", "accent", "visited"], &["bg", "raised", "sunken"], 7.0),
    (&["visited"], &["benefit-soft", "context-soft", "career-soft", "risk-soft", "example-soft"], 7.0),
    (&["on-accent"], &["accent"], 7.0),
];

#[test]
fn what_is_read_has_contrast_in_both_schemes() {
    let schemes = schemes();
    assert_eq!(schemes.len(), 3);
    for tokens in schemes {
        let own = ["benefit", "context", "career", "risk", "example"].map(|name| (name, format!("{name}-soft"), 7.0));
        let own = own.iter().map(|(one, other, least)| (*one, other.as_str(), *least));
        let pairs = PAIRS.iter().flat_map(|(ones, others, least)| {
            ones.iter().flat_map(move |one| others.iter().map(move |other| (*one, *other, *least)))
        });
        for (one, other, least) in pairs.chain(own) {
            let found = contrast(tokens[one], tokens[other]);
            assert!(found >= least, "{one} on {other}: {found:.2}, where {least} is the least");
        }
    }
}
