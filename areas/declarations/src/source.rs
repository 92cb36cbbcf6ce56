//! Where an asking comes from: counted, so that one place cannot try the numbers of a whole town.
//!
//! An address on the net tells of a person, so only a blind index of it is kept, for a day. Behind a proxy on the same
//! machine the address that the proxy names counts, since otherwise everybody would come from one place.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::{HeaderMap, request::Parts};
use linli_platform::{
    Result,
    app::App,
    store::{Query, Tx},
    vals,
};
use uuid::Uuid;

/// Askings from one source in a quarter of an hour. A dormitory or an office shares one.
pub const ASKS_FROM_A_SOURCE_A_QUARTER: i64 = 30;
/// Askings from one source in a day.
pub const ASKS_FROM_A_SOURCE_A_DAY: i64 = 300;

/// The source of a request. `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct Source(String);

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source(***)")
    }
}

impl Source {
    /// Of an address: of version 6 the network, because a household has a whole one.
    pub fn of(address: IpAddr) -> Source {
        match address.to_canonical() {
            IpAddr::V4(v4) => Source(v4.to_string()),
            IpAddr::V6(v6) => {
                let s = v6.segments();
                Source(format!("{:x}:{:x}:{:x}:{:x}::/64", s[0], s[1], s[2], s[3]))
            }
        }
    }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    // The last is what the proxy itself saw; whatever stands before it, anybody can write.
    let value = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next()?.trim().parse().ok()
}

/// The source of a request, where the server knows it.
pub(crate) struct CameFrom(pub Option<Source>);

impl FromRequestParts<App> for CameFrom {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
        let address = match peer {
            Some(peer) if peer.to_canonical().is_loopback() => forwarded(&parts.headers).or(Some(peer)),
            other => other,
        };
        Ok(CameFrom(address.map(Source::of)))
    }
}

/// Counts an asking from a source; whether there were too many before it.
pub(crate) async fn too_often(tx: &Tx, source: Option<&Source>) -> Result<bool> {
    let Some(source) = source else { return Ok(false) };
    let blind = tx.store().keys().blind_index("source", &source.0);
    for (seconds, most) in [(15 * 60, ASKS_FROM_A_SOURCE_A_QUARTER), (24 * 3600, ASKS_FROM_A_SOURCE_A_DAY)] {
        let sql = "SELECT COUNT(*) FROM door_source WHERE division_code = $1 AND source_blind = $2 AND made_at > $3";
        if tx.number(sql, vals![tx.division(), blind.clone(), tx.now().plus_s(-seconds)]).await? >= most {
            return Ok(true);
        }
    }
    let row = vals![tx.division(), tx.new_id::<Uuid>(), blind, tx.now()];
    tx.insert_many("door_source", &["division_code", "source_id", "source_blind", "made_at"], vec![row]).await?;
    tx.housekeeping("askings are counted by source; who asked is nobody's business");
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_an_address_or_a_network_of_version_six() {
        for (address, same, other) in [
            ("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.8"),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ] {
            let of = |text: &str| Source::of(text.parse().unwrap());
            assert_eq!(of(address), of(same));
            assert_ne!(of(address), of(other));
        }
    }

    #[test]
    fn of_what_a_proxy_hands_on_only_the_last_counts() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "198.51.100.1, 192.0.2.7".parse().unwrap());
        assert_eq!(forwarded(&headers), Some("192.0.2.7".parse().unwrap()));
        headers.insert("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(forwarded(&headers), None);
    }
}
