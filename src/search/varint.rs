//! Numbers of variable length, in which small ones take one byte: unsigned LEB128.

/// Appends a number in groups of seven bits, the lowest first; all but the last have the highest bit set.
pub(super) fn write_varint(into: &mut Vec<u8>, mut value: u32) {
    while value > 127 {
        #[expect(clippy::cast_possible_truncation, reason = "seven bits and a mark")]
        into.push(value as u8 | 128);
        value >>= 7;
    }
    into.push(u8::try_from(value).expect("at most seven bits are left"));
}

/// Reads such a number off the front of `bytes`; what is missing at their end counts as zero.
pub(super) fn read_varint(bytes: &mut &[u8]) -> u32 {
    let (mut value, mut shift) = (0, 0);
    while let [first, rest @ ..] = bytes {
        *bytes = rest;
        value |= u32::from(first & 127) << shift;
        if *first < 128 {
            break;
        }
        shift += 7;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let numbers = [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX];
        let mut bytes = Vec::new();
        for value in numbers {
            write_varint(&mut bytes, value);
        }
        let mut rest = bytes.as_slice();
        assert_eq!(numbers.map(|_| read_varint(&mut rest)), numbers);
        assert!(rest.is_empty());
    }
}
