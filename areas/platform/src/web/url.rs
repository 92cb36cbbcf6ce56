//! Addresses: encoding of values, and which ones a redirect may go to.

/// Percent-encodes a value for a query; letters, digits, `-._~` and `/` stay.
pub fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The path, if it stays on this site and could stand in a header; otherwise `/`.
pub fn local(path: &str) -> &str {
    let stays = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    let clean = path.bytes().all(|b| b.is_ascii_graphic());
    if stays && clean { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_stays_on_the_site() {
        for (given, want) in [
            ("/residents?page=2", "/residents?page=2"),
            ("//evil.example/", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example/", "/"),
            ("/a\r\nSet-Cookie: x=1", "/"),
            ("", "/"),
        ] {
            assert_eq!(local(given), want, "{given:?}");
        }
    }

    #[test]
    fn values_are_encoded_byte_by_byte() {
        assert_eq!(encode("/homes?a=1&b=居"), "/homes%3Fa%3D1%26b%3D%E5%B1%85");
    }
}
