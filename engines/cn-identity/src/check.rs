//! Check characters of the standards.

/// Weights of GB 11643-1999, places 1 to 17.
const RESIDENT_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters of GB 11643-1999 by the sum modulo 11 (ISO 7064 MOD 11-2).
const RESIDENT_CHECKS: [u8; 11] = *b"10X98765432";
/// Weights of GB 32100-2015, places 1 to 17.
const CREDIT_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Characters of GB 32100-2015 in the order of their values; I, O, S, V and Z are left out.
const CREDIT_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of GB 11714, places 1 to 8 of the organisation code.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// The check character of seventeen digits by GB 11643-1999.
pub(crate) fn resident(body: &[u8]) -> u8 {
    let sum: u32 = body.iter().zip(RESIDENT_WEIGHTS).map(|(&b, w)| u32::from(b - b'0') * w).sum();
    RESIDENT_CHECKS[(sum % 11) as usize]
}

/// The value of a character under GB 32100-2015, `None` for the letters that it leaves out.
pub(crate) fn credit_value(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        _ => CREDIT_ALPHABET.iter().position(|&b| b == byte).and_then(|place| u32::try_from(place).ok()),
    }
}

/// The check character of the first seventeen places by GB 32100-2015. The caller has checked the alphabet.
pub(crate) fn credit(body: &[u8]) -> u8 {
    let sum: u32 = body.iter().zip(CREDIT_WEIGHTS).map(|(&b, w)| credit_value(b).unwrap_or(0) * w).sum();
    CREDIT_ALPHABET[((31 - sum % 31) % 31) as usize]
}

/// The check character of the first eight places of an organisation code by GB 11714.
pub(crate) fn organisation(body: &[u8]) -> u8 {
    let sum: u32 = body.iter().zip(ORGANISATION_WEIGHTS).map(|(&b, w)| alphanumeric(b) * w).sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).expect("below ten"),
    }
}

/// The check digit of ICAO Doc 9303 part 3, 4.9: weights 7, 3, 1 in turn, letters from A = 10, filler 0.
pub(crate) fn seven_three_one(body: &[u8]) -> u8 {
    let sum: u32 = body.iter().zip([7, 3, 1].into_iter().cycle()).map(|(&b, w)| alphanumeric(b) * w).sum();
    b'0' + u8::try_from(sum % 10).expect("below ten")
}

fn alphanumeric(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_line_of_icao_9303_has_its_printed_check_digits() {
        // ICAO Doc 9303 part 4, appendix B: L898902C3, 740812, 120415.
        for (body, digit) in [("L898902C3", b'6'), ("740812", b'2'), ("120415", b'9')] {
            assert_eq!(seven_three_one(body.as_bytes()), digit, "{body}");
        }
    }
}
