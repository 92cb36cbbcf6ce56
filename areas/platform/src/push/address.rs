//! Which addresses of push services are called. A browser gives them, and whoever uses a browser can give any: so none
//! leads into the own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

use super::PushSettings;

/// The longest address.
const MAX_BYTES: usize = 2_048;

/// An address that is not called. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no address of a push service that may be called")]
pub struct NotCalled;

/// The host of an address that may be called.
///
/// # Errors
/// [`NotCalled`] for anything but `https://` on its usual port with a public name, unless the settings say otherwise.
pub fn check(address: &str, settings: &PushSettings) -> Result<String, NotCalled> {
    if address.len() > MAX_BYTES || !address.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(NotCalled);
    }
    let uri: Uri = address.parse().map_err(|_| NotCalled)?;
    let authority = uri.authority().ok_or(NotCalled)?;
    if authority.as_str().contains('@') {
        return Err(NotCalled);
    }
    let host = authority.host().to_ascii_lowercase();
    let https = uri.scheme_str() == Some("https");
    let usual = https && authority.port().is_none_or(|p| p.as_u16() == 443) && is_name(&host);
    let private = settings.private_addresses && (https || is_loopback(&host));
    if (usual || private) && settings.allows(&host) { Ok(host) } else { Err(NotCalled) }
}

/// A name with a dot whose last part begins with a letter: no address in any of its notations, and no name of one's own
/// machine.
fn is_name(host: &str) -> bool {
    let label = |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let last = host.rsplit('.').next().unwrap_or("");
    let own = ["localhost", "local", "internal", "home", "lan"].contains(&last);
    host.contains('.') && host.split('.').all(label) && last.starts_with(|c: char| c.is_ascii_alphabetic()) && !own
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback()) || host == "[::1]"
}

/// Whether an address of the network belongs to the public one. A name may lead anywhere, so it is asked after the name was
/// resolved.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast();
    // This network, shared, protocol assignments, benchmarks, reserved.
    let reserved = a == 0
        || a >= 240
        || (a == 100 && b & 0xc0 == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && b & 0xfe == 18);
    !special && !reserved
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        // Addresses of the fourth version in other clothes: mapped, translated, 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        // Documentation, Teredo.
        [0x2001, 0xdb8, ..] | [0x2001, 0, ..] => false,
        // The global unicast addresses; all others are local, multicast or unassigned.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_names_under_tls_are_called() {
        let usual = PushSettings::default();
        for (address, host) in [
            ("https://fcm.googleapis.com/fcm/send/abc:def", Some("fcm.googleapis.com")),
            ("https://updates.push.services.mozilla.com/wpush/v2/x", Some("updates.push.services.mozilla.com")),
            ("https://FCM.googleapis.com:443/x", Some("fcm.googleapis.com")),
            ("http://fcm.googleapis.com/x", None),
            ("https://fcm.googleapis.com:8443/x", None),
            ("https://user@fcm.googleapis.com/x", None),
            ("https://127.0.0.1/x", None),
            ("https://2130706433/x", None),
            ("https://0x7f.0.0.1/x", None),
            ("https://127.1/x", None),
            ("https://push.0x7f000001/x", None),
            ("https://[::1]/x", None),
            ("https://[::ffff:10.0.0.1]/x", None),
            ("https://localhost/x", None),
            ("https://router.lan/x", None),
            ("https://db.internal/x", None),
            ("https://intranet/x", None),
            ("https://fcm.googleapis.com./x", None),
            ("https://例子.cn/x", None),
            ("file:///etc/passwd", None),
            ("/relative", None),
            ("", None),
        ] {
            assert_eq!(check(address, &usual).ok().as_deref(), host, "{address}");
        }
        let long = format!("https://push.example.cn/{}", "x".repeat(MAX_BYTES));
        assert_eq!(check(&long, &usual), Err(NotCalled));
    }

    #[test]
    fn a_service_of_ones_own_is_called_where_the_settings_say_so() {
        let own = PushSettings { private_addresses: true, ..PushSettings::default() };
        for (address, called) in [
            ("https://10.0.0.7:8443/x", true),
            ("https://intranet/x", true),
            ("http://127.0.0.1:9000/x", true),
            ("http://10.0.0.7/x", false),
            ("ftp://10.0.0.7/x", false),
        ] {
            assert_eq!(check(address, &own).is_ok(), called, "{address}");
        }
        let some = PushSettings { hosts: vec!["push.example.cn".into()], ..PushSettings::default() };
        assert_eq!(check("https://fcm.googleapis.com/x", &some), Err(NotCalled));
    }

    #[test]
    fn what_a_name_resolves_to_is_public_or_not_called() {
        for (ip, public) in [
            ("142.250.1.1", true),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("127.0.0.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("2a00:1450:4001::1", true),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("ff02::1", false),
            ("::ffff:10.0.0.1", false),
            ("::ffff:142.250.1.1", true),
            ("64:ff9b::a00:1", false),
            ("2002:a00:1::", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_public(ip.parse().unwrap()), public, "{ip}");
        }
    }
}
