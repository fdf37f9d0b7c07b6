//! Bytes in, gzip out: short codes for common bytes, runs of one byte as one sign, and nothing else of what gzip can.
//!
//! In postings and places there is next to nothing that stands there twice, so looking for repetitions, which is what
//! other encoders do all the time, finds little. What does help is that impacts, distances and words each have common
//! bytes of their own: codes change as soon as new ones pay for themselves, which makes the files smaller than an
//! encoder does that looks for repetitions, in a fifth of the time. Whole numbers alone decide, so every machine
//! writes the same bytes.

use flate2::Crc;

/// A byte, or beyond those how long a run of the byte before goes on.
type Sign = u16;

/// The shortest run that is written as one.
const RUN: usize = 6;
/// The longest, and the least that gzip has a sign for.
const LONGEST: usize = 258;
const SHORTEST: usize = 3;

/// What ends a block, behind the bytes among the signs of gzip; lengths of runs come after it.
const END: usize = 256;
/// How many signs gzip has.
const ALL: usize = 286;

/// Codes may change after so many signs.
const STEP: usize = 512;

/// The longest code of a sign, and of a length in the list of lengths.
const MOST: usize = 15;
const MOST_IN_LIST: usize = 7;

/// In which order gzip gives the lengths of the codes for lengths.
const LIST_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The bytes in gzip form.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut bits = Bits { bytes: header.to_vec(), written: header.len(), open: 0, count: 0 };
    let signs = signs(bytes);
    let mut steps = signs.chunks(STEP).map(|signs| (signs.len(), Counts::of(signs))).peekable();
    let mut rest = signs.as_slice();
    let (mut length, mut counts) = steps.next().unwrap_or_else(|| (0, Counts::of(&[])));
    loop {
        let next = steps.next();
        if let Some((more, next)) = &next {
            let both = counts.and(next);
            if both.cost <= counts.cost + next.cost {
                (length, counts) = (length + more, both);
                continue;
            }
        }
        let (signs, after) = rest.split_at(length);
        rest = after;
        block(signs, &counts.counts, next.is_none(), &mut bits);
        match next {
            Some(next) => (length, counts) = next,
            None => break,
        }
    }
    let mut crc = Crc::new();
    crc.update(bytes);
    let packed = bits.finish();
    [packed.as_slice(), &crc.sum().to_le_bytes(), &crc.amount().to_le_bytes()].concat()
}

/// Finds the runs.
fn signs(bytes: &[u8]) -> Vec<Sign> {
    let mut signs: Vec<Sign> = Vec::with_capacity(bytes.len());
    let (mut at, mut before, mut run) = (0, None, 0);
    while let Some(&byte) = bytes.get(at) {
        signs.push(Sign::from(byte));
        at += 1;
        run = if before == Some(byte) { run + 1 } else { 0 };
        before = Some(byte);
        if run == RUN {
            signs.truncate(signs.len() - RUN);
            let mut left = RUN + bytes[at..].iter().take_while(|&&other| other == byte).count();
            at += left - RUN;
            while left >= RUN {
                let length = left.min(LONGEST);
                signs.push(Sign::try_from(END + length).expect("a small number"));
                left -= length;
            }
            signs.extend(std::iter::repeat_n(Sign::from(byte), left));
            run = 0;
        }
    }
    signs
}

/// The sign of gzip for a sign, with how many bits follow it and what they say.
fn of_gzip(sign: Sign) -> (usize, u32, u64) {
    let sign = usize::from(sign);
    let Some(length) = sign.checked_sub(END + SHORTEST) else { return (sign, 0, 0) };
    // From the eighth on, four signs share a number of bits each; the longest run has one of its own.
    match length {
        0..8 => (END + 1 + length, 0, 0),
        255 => (ALL - 1, 0, 0),
        _ => {
            let extra = length.ilog2() - 2;
            let front = length >> extra;
            (END + 1 + extra as usize * 4 + front, extra, (length - (front << extra)) as u64)
        }
    }
}

/// How often each sign of gzip stands in a text.
struct Counts {
    counts: Box<[u32; ALL]>,
    /// How many bits it takes about, in parts of [`UNIT`].
    cost: i64,
}

/// A bit, in the reckoning of costs.
const UNIT: i64 = 256;

/// What a block costs before its first sign, and for each of the signs that it has.
const BLOCK_COST: i64 = 80 * UNIT;
const SIGN_COST: i64 = 3 * UNIT;

impl Counts {
    fn of(signs: &[Sign]) -> Self {
        let mut counts = Box::new([0; ALL]);
        for &sign in signs {
            match counts[..END].get_mut(usize::from(sign)) {
                Some(count) => *count += 1,
                None => counts[of_gzip(sign).0] += 1,
            }
        }
        Self::new(counts)
    }

    fn and(&self, other: &Self) -> Self {
        let mut counts = self.counts.clone();
        for (count, more) in counts.iter_mut().zip(other.counts.iter()) {
            *count += more;
        }
        Self::new(counts)
    }

    fn new(mut counts: Box<[u32; ALL]>) -> Self {
        counts[END] = 1;
        let (mut all, mut saved) = (0, 0);
        for &count in counts.iter() {
            all += count;
            saved += saving(count);
        }
        // What a sign saves by its count is less than what all signs together cost by theirs.
        Self { counts, cost: BLOCK_COST + saving(all) - saved }
    }
}

/// A number times its binary logarithm, less what the code of a sign costs that stands so often, in parts of [`UNIT`].
fn saving(count: u32) -> i64 {
    if let Some(&saving) = SAVINGS.get(count as usize) {
        return saving;
    }
    let shift = count.ilog2() - (SAVINGS.len().ilog2() - 1);
    let small = count >> shift;
    let log = (SAVINGS[small as usize] + SIGN_COST) / i64::from(small) + i64::from(shift) * UNIT;
    i64::from(count) * log - SIGN_COST
}

/// What [`saving`] gives for small numbers.
const SAVINGS: [i64; 1024] = {
    let mut savings = [0; 1024];
    let (mut at, mut number) = (1, 1_i64);
    while at < savings.len() {
        // The square of a number between one and two, which has thirty digits here, tells the next digit of its
        // logarithm, of which sixteen are found.
        let whole = number.ilog2();
        let (mut log, mut square, mut digit) = ((whole as i64) << 16, number << (30 - whole), 1 << 15);
        while digit > 0 {
            square = (square * square) >> 30;
            if square >= 1 << 31 {
                square >>= 1;
                log += digit;
            }
            digit /= 2;
        }
        savings[at] = ((number * log * UNIT) >> 16) - SIGN_COST;
        (at, number) = (at + 1, number + 1);
    }
    savings
};

/// Writes a block: how long the code of each sign is, and all signs.
fn block(signs: &[Sign], counts: &[u32; ALL], last: bool, bits: &mut Bits) {
    let lengths = lengths(counts, MOST);
    let codes = codes(&lengths);
    bits.push(u64::from(last), 1);
    // Codes of its own.
    bits.push(2, 2);
    let used = lengths.iter().rposition(|&length| length > 0).map_or(0, |last| last + 1).max(END + 1);
    // The one distance is that to the byte before.
    let named = name_lengths(lengths[..used].iter().copied().chain([1]));
    let mut list_counts = [0; 19];
    for &(sign, ..) in &named {
        list_counts[sign] += 1;
    }
    let list_lengths = self::lengths(&list_counts, MOST_IN_LIST);
    let list_codes = self::codes(&list_lengths);
    let listed = LIST_ORDER.iter().rposition(|&sign| list_lengths[sign] > 0).map_or(0, |last| last + 1).max(4);
    bits.push((used - END - 1) as u64, 5);
    bits.push(0, 5);
    bits.push((listed - 4) as u64, 4);
    for &sign in &LIST_ORDER[..listed] {
        bits.push(u64::from(list_lengths[sign]), 3);
    }
    for (sign, extra, value) in named {
        bits.code(list_codes[sign]);
        bits.push(value, extra);
    }
    for signs in signs.chunks(3) {
        if let &[a, b, c] = signs
            && let [Some(&a), Some(&b), Some(&c)] = [a, b, c].map(|sign| codes[..END].get(usize::from(sign)))
        {
            bits.codes([a, b, c]);
            continue;
        }
        for &sign in signs {
            let (sign, extra, value) = of_gzip(sign);
            bits.code(codes[sign]);
            if sign > END {
                bits.push(value, extra);
                // The distance.
                bits.push(0, 1);
            }
        }
    }
    bits.code(codes[END]);
}

/// A list of lengths as gzip writes it: runs of a length, or of none, as one sign with some bits and what they say.
fn name_lengths(lengths: impl Iterator<Item = u8>) -> Vec<(usize, u32, u64)> {
    let lengths: Vec<u8> = lengths.collect();
    let mut list = Vec::new();
    for run in lengths.chunk_by(|a, b| a == b) {
        let (length, mut left) = (usize::from(run[0]), run.len());
        if length > 0 {
            list.push((length, 0, 0));
            left -= 1;
        }
        while left >= 3 {
            let (sign, extra, least, most) = match (length, left) {
                (0, 11..) => (18, 7, 11, 138),
                (0, _) => (17, 3, 3, 10),
                _ => (16, 2, 3, 6),
            };
            let now = left.min(most);
            list.push((sign, extra, (now - least) as u64));
            left -= now;
        }
        list.extend(std::iter::repeat_n((length, 0, 0), left));
    }
    list
}

/// How long each sign's code is: Huffman's lengths, none above `most`.
fn lengths<const N: usize>(counts: &[u32; N], most: usize) -> [u8; N] {
    let mut leaves: Vec<(u32, usize)> = counts.iter().copied().zip(0..).filter(|&(count, _)| count > 0).collect();
    leaves.sort_unstable();
    let mut lengths = [0; N];
    if leaves.len() < 2 {
        for &(_, sign) in &leaves {
            lengths[sign] = 1;
        }
        return lengths;
    }
    // The two rarest are joined again and again; leaves come first in `parents`, then what was joined.
    let joins = leaves.len() - 1;
    let mut weights: Vec<u32> = Vec::with_capacity(joins);
    let mut parents = vec![0; leaves.len() + joins];
    let (mut leaf, mut join) = (0, 0);
    for at in 0..joins {
        let mut sum = 0;
        for _ in 0..2 {
            let is_leaf = leaf < leaves.len() && (join >= at || leaves[leaf].0 <= weights[join]);
            let (node, weight) = if is_leaf { (leaf, leaves[leaf].0) } else { (leaves.len() + join, weights[join]) };
            if is_leaf {
                leaf += 1;
            } else {
                join += 1;
            }
            parents[node] = leaves.len() + at;
            sum += weight;
        }
        weights.push(sum);
    }
    let mut depths = vec![0; parents.len()];
    let mut of_length = [0_usize; MOST + 1];
    for node in (0..parents.len() - 1).rev() {
        depths[node] = depths[parents[node]] + 1;
        if node < leaves.len() {
            of_length[depths[node].min(most)] += 1;
        }
    }
    // Codes that were too long took too little room: others must give way.
    let used = of_length.iter().enumerate().skip(1).take(most);
    let mut room: usize = used.map(|(length, &count)| count << (most - length)).sum();
    while room > 1 << most {
        of_length[most] -= 1;
        if let Some(length) = (1..most).rev().find(|&length| of_length[length] > 0) {
            of_length[length] -= 1;
            of_length[length + 1] += 2;
        }
        room -= 1;
    }
    let mut rarest = leaves.iter();
    for (length, &count) in of_length.iter().enumerate().rev() {
        let length = u8::try_from(length).expect("a small number");
        rarest.by_ref().take(count).for_each(|&(_, sign)| lengths[sign] = length);
    }
    lengths
}

/// The code of each sign, ready to be written, and its length.
fn codes<const N: usize>(lengths: &[u8; N]) -> [(u16, u8); N] {
    let mut next = [0_u16; MOST + 2];
    for &length in lengths.iter().filter(|&&length| length > 0) {
        next[usize::from(length) + 1] += 1;
    }
    for length in 1..=MOST {
        next[length] = (next[length] + next[length - 1]) << 1;
    }
    lengths.map(|length| {
        if length == 0 {
            return (0, 0);
        }
        let code = &mut next[usize::from(length)];
        *code += 1;
        ((*code - 1).reverse_bits() >> (16 - length), length)
    })
}

/// Bits that become bytes, the lowest first.
struct Bits {
    /// The bytes written, and room for more.
    bytes: Vec<u8>,
    written: usize,
    /// Bits that fill no byte yet.
    open: u64,
    count: u32,
}

impl Bits {
    fn code(&mut self, (code, length): (u16, u8)) {
        self.push(u64::from(code), u32::from(length));
    }

    /// Writes three codes at once, which is quicker.
    fn codes(&mut self, codes: [(u16, u8); 3]) {
        // Less than a byte is open, so that there is room for three codes of the longest.
        for (code, length) in codes {
            self.open |= u64::from(code) << self.count;
            self.count += u32::from(length);
        }
        self.close();
    }

    /// Writes the lowest bits of a number, which has no others.
    fn push(&mut self, value: u64, count: u32) {
        self.open |= value << self.count;
        self.count += count;
        self.close();
    }

    /// Turns what fills bytes into bytes.
    fn close(&mut self) {
        let open = self.open.to_le_bytes();
        match self.bytes.get_mut(self.written..self.written + open.len()) {
            Some(room) => room.copy_from_slice(&open),
            None => {
                self.bytes.truncate(self.written);
                self.bytes.extend_from_slice(&open);
                self.bytes.resize(self.written * 2 + 1024, 0);
            }
        }
        self.written += self.count as usize / 8;
        self.open >>= self.count & !7;
        self.count &= 7;
    }

    fn finish(mut self) -> Vec<u8> {
        self.push(0, 7);
        self.bytes.truncate(self.written);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8]) -> usize {
        let packed = gzip(bytes);
        let mut back = Vec::new();
        GzDecoder::new(packed.as_slice()).read_to_end(&mut back).expect("it is gzip");
        assert!(back == bytes, "{} bytes come back as {}", bytes.len(), back.len());
        packed.len()
    }

    /// Numbers without a pattern.
    fn noise(count: usize) -> impl Iterator<Item = u32> {
        let next = |seed: &u32| Some(seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        std::iter::successors(Some(1), next).map(|seed| seed >> 8).take(count)
    }

    #[test]
    fn bytes_come_back() {
        check(b"");
        check(b"a");
        check(b"aaaa");
        check(b"the owner of the bakery");
        check(&(0..=255).collect::<Vec<u8>>());
        check(&noise(100_000).map(|number| number.to_le_bytes()[0]).collect::<Vec<u8>>());
        // Rare signs that are ever rarer would have codes of more bits than there may be.
        check(&(0..24_u8).flat_map(|sign| vec![sign; (1 << sign) / 200 + 1]).rev().collect::<Vec<u8>>());
        let rarer = |number: u32| u8::try_from(number.trailing_zeros()).expect("at most 32");
        check(&noise(3_000_000).map(rarer).collect::<Vec<u8>>());
    }

    #[test]
    fn runs_of_any_length_come_back() {
        for run in (0..600).chain([100_000]) {
            check(&vec![b'a'; run]);
            check(&[vec![b'a'; run], b"bc".to_vec(), vec![b'c'; run / 2]].concat());
        }
        assert!(check(&vec![0; 10_000]) < 100);
    }

    #[test]
    fn columns_have_codes_of_their_own() {
        let column = |first: u8| noise(5000).map(move |number| first + number.to_le_bytes()[0] % 4);
        // Little more than two bits a byte, where one code for all would take four.
        let bytes: Vec<u8> = [0, 32, 64, 96].into_iter().flat_map(column).collect();
        assert!(check(&bytes) < 20_000 * 5 / 16);
    }

    #[test]
    fn logarithms_are_close() {
        for count in [1, 2, 3, 10, 100, 1023, 1024, 2000, 65_535] {
            let exact = f64::from(count) * f64::from(count).log2();
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let given = (saving(count) + SIGN_COST) as f64 / UNIT as f64;
            assert!((given - exact).abs() <= exact / 1000.0 + 0.01, "{count}: {given} for {exact}");
        }
    }
}
