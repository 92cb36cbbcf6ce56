//! Numbers and check codes as people type them.

use sha2::{Digest, Sha256};

/// Signs of a check code: no I, L, O or U, which are taken for others.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Signs of a check code: 60 bits.
const CODE_SIGNS: usize = 12;

/// A number as offices write it (发文字号): the year in 〔〕, no 第, no leading zero (GB/T 9704-2012).
pub(crate) fn number(series: &str, year: i64, running: i64) -> String {
    format!("{series}〔{year}〕{running}号")
}

/// What is the same in all ways to type a number: its letters and digits, whatever brackets and blanks are between.
pub fn number_key(typed: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let key: String = typed.chars().map(plain).filter(|c| c.is_alphanumeric()).take(40).collect();
    key.strip_suffix('号').map(str::to_owned).unwrap_or(key)
}

/// A check code as typed: capitals, without dashes and blanks, O as 0 and I or L as 1.
pub fn check_code(typed: &str) -> String {
    let sign = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    typed.chars().filter(char::is_ascii_alphanumeric).map(sign).take(40).collect()
}

/// A check code in groups of four, as it is printed.
pub(crate) fn grouped(code: &str) -> String {
    let signs: Vec<char> = code.chars().collect();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The digest of a content.
pub(crate) fn digest(content: &str) -> Vec<u8> {
    Sha256::digest(content.as_bytes()).to_vec()
}

/// The check code of a version: drawn from its content, number and version, and from a salt that stays here, so that
/// nobody can make one for a paper of their own.
pub(crate) fn code(salt: &[u8], digest: &[u8], number: &str, edition: i64) -> String {
    let mut hash = Sha256::new();
    for part in [salt, digest, number.as_bytes(), &edition.to_be_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let bits = hash.finalize().iter().take(8).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    (0..CODE_SIGNS).map(|n| char::from(SIGNS[(bits >> (59 - 5 * n) & 31) as usize])).collect()
}

/// Bytes as people compare them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_whatever_brackets_and_blanks_are_typed() {
        let written = number("青香人", 2026, 12);
        assert_eq!(written, "青香人〔2026〕12号");
        for typed in ["青香人〔2026〕12号", "青香人[2026]12号", " 青香人（２０２６） 12 号", "青香人2026-12"]
        {
            assert_eq!(number_key(typed), number_key(&written), "{typed}");
        }
        assert_ne!(number_key("青香人〔2026〕1号"), number_key(&written));
    }

    #[test]
    fn a_code_changes_with_content_number_version_and_salt_and_is_typed_in_many_ways() {
        let of = |salt: &[u8], text: &str, number: &str, edition| code(salt, &digest(text), number, edition);
        let first = of(b"salt", "甲", "青香人〔2026〕1号", 1);
        assert_eq!(first.len(), CODE_SIGNS);
        let others = [
            of(b"other", "甲", "青香人〔2026〕1号", 1),
            of(b"salt", "乙", "青香人〔2026〕1号", 1),
            of(b"salt", "甲", "青香人〔2026〕2号", 1),
            of(b"salt", "甲", "青香人〔2026〕1号", 2),
        ];
        assert!(others.iter().all(|o| *o != first), "{others:?}");
        assert_eq!(grouped("0123456789AB"), "0123-4567-89AB");
        assert_eq!(check_code(" o123-4567-89ab "), "0123456789AB");
        assert_eq!(check_code(&grouped(&first)), first);
    }
}
