//! Texts that nobody wrote, made from texts that somebody did: the same numbers give the same texts, on every machine.

/// Numbers that look as if drawn by lot (`SplitMix64`; Steele, Lea and Flood, 2014).
pub struct Random(u64);

impl Random {
    /// The numbers of one round.
    pub fn new(seed: u64, round: u64) -> Self {
        let mut random = Self(seed ^ round.wrapping_mul(0xD134_2543_DE82_EF95));
        random.next();
        random
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&mut self, bound: usize) -> usize {
        let number = self.next() % u64::try_from(bound).expect("a length is a number of 64 bits");
        usize::try_from(number).expect("it is below a length")
    }

    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    /// A short range of bytes of a text that is not empty.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let longest = [4, 16, 64, length][self.below(4)].min(length);
        let long = 1 + self.below(longest);
        let start = self.below(length - long + 1);
        start..start + long
    }
}

/// No text grows beyond this, so that a round stays short.
const MAX_LENGTH: usize = 24_000;

/// What has a meaning to a parser, in any of the formats.
const DICTIONARY: &[&str] = &[
    // HTML.
    "<script>alert(1)</script>",
    "</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='x",
    "<b onclick=x>",
    "<svg onload=x>",
    "<a href=javascript:x>",
    "</div>",
    "</title>",
    "<br/>",
    "<!--",
    "-->",
    "--!>",
    "<![CDATA[",
    "]]>",
    "<?",
    "&lt;",
    "&#x6a;",
    "&#0;",
    "&Tab;",
    "&",
    // Addresses.
    "javascript:alert(1)",
    "JaVa\tScript:x",
    "data:text/html,x",
    "//e.example/",
    "http://",
    "/../",
    "%2e%2e",
    "%00",
    "#",
    "?",
    "\\",
    // Markdown.
    "[a](",
    "](",
    ")",
    "![",
    "[[",
    "]]",
    "[@said]",
    "[^1]",
    "\n[^1]: ",
    "\n[a]: javascript:x\n",
    "{#x onclick=y}",
    "{.a href=javascript:x}",
    "`",
    "```",
    "\n```html\n",
    "\n~~~\n",
    "**",
    "_",
    "~~",
    "^",
    "|",
    "\n|a|b|\n|-|-|\n|",
    "\n# ",
    "\n===\n",
    "\n> [!NOTE]\n> ",
    "\n- [ ] ",
    "\n1) ",
    "\n: ",
    "\n    ",
    // YAML and templates.
    "\n---\n",
    "\n...\n",
    "---\n",
    ": ",
    "\n  - ",
    "{a: ",
    "[",
    "]",
    "}",
    "&a ",
    "*a",
    "!!binary ",
    "|-\n ",
    ">+\n ",
    "\n? ",
    "<<: ",
    "\"",
    "'",
    "\\x00",
    "\\U0010FFFF",
    "%YAML 1.2\n",
    "null",
    "9999999999999999999999",
    "-1",
    "2026-02-30",
    "to: ",
    "{{ page.title }}",
    "{% raw %}",
    "{#",
    // SVG.
    "<script/>",
    "<foreignObject/>",
    " onload=\"x\"",
    " href=\"https://e.example/\"",
    " xlink:href=\"javascript:x\"",
    " xmlns:h=\"http://www.w3.org/1999/xhtml\"",
    " xmlns=\"http://www.w3.org/1999/xhtml\"",
    "<h:script/>",
    " xml:base=\"https://e.example/\"",
    "<style>",
    "</style>",
    "@import \"x\";",
    "url(https://e.example/)",
    "u\\72l(//e.example)",
    "<set attributeName=\"href\" to=\"javascript:x\"/>",
    "<!DOCTYPE svg [<!ENTITY a \"x\">]>",
    "<?xml-stylesheet href=\"x\"?>",
    // Letters.
    "\0",
    "\t",
    "\r",
    "\r\n",
    "\n\n",
    " ",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{130}",
    "e\u{301}",
    "\u{200d}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffe}",
    "\u{1d160}",
    "👩\u{200d}👧",
];

/// A text made from one of `pool`, with parts of others.
pub fn mutated(random: &mut Random, pool: &[String]) -> String {
    let mut bytes = random.pick(pool).clone().into_bytes();
    for _ in 0..=random.below(6) {
        step(random, &mut bytes, pool);
        bytes.truncate(MAX_LENGTH);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One change.
fn step(random: &mut Random, bytes: &mut Vec<u8>, pool: &[String]) {
    let place = random.below(bytes.len() + 1);
    match random.below(10) {
        0 if !bytes.is_empty() => {
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
        }
        // Part of another text, at a place or in the stead of the rest.
        1 | 2 => {
            let other = random.pick(pool).as_bytes();
            if other.is_empty() {
                return;
            }
            let part = other[random.range(other.len())].to_vec();
            if random.below(4) == 0 {
                bytes.truncate(place);
            }
            bytes.splice(place..place, part);
        }
        3 if !bytes.is_empty() => {
            let range = random.range(bytes.len());
            let part = bytes[range.clone()].to_vec();
            let often = [2, 3, 8, 64, 300][random.below(5)].min(MAX_LENGTH / part.len());
            bytes.splice(range, part.repeat(often));
        }
        4 if !bytes.is_empty() => drop(bytes.drain(random.range(bytes.len()))),
        5 => bytes.truncate(place),
        // Two lines change places.
        6 => {
            let mut lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
            if lines.len() > 1 {
                let (one, other) = (random.below(lines.len()), random.below(lines.len()));
                lines.swap(one, other);
                *bytes = lines.concat();
            }
        }
        _ => {
            let token = random.pick(DICTIONARY).bytes();
            bytes.splice(place..place, token);
        }
    }
}

/// The shortest text that can be reached by taking parts away while `fails` holds, within a bound of tries.
pub fn shrunk(text: &str, mut fails: impl FnMut(&str) -> bool) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut size = chars.len().div_ceil(2);
    let mut tries = 0;
    while size > 0 && tries < 600 {
        let mut at = 0;
        let before = chars.len();
        while at < chars.len() && tries < 600 {
            tries += 1;
            let end = (at + size).min(chars.len());
            let without: String = chars[..at].iter().chain(&chars[end..]).collect();
            if fails(&without) {
                chars.drain(at..end);
            } else {
                at = end;
            }
        }
        if chars.len() == before || size > 1 {
            size /= 2;
        }
    }
    chars.into_iter().collect()
}
