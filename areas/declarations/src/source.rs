//! Where an asking comes from: counted, so that one place cannot try the numbers of a whole town.
//!
//! An address on the net tells of a person, so only a blind index of it is kept, for a day. Behind a proxy on the same
//! machine the address that the proxy names counts, since otherwise everybody would come from one place.
//!
//! Codes cost money: so many go out in a day, from two purses, so that whoever has codes sent to mobiles that anybody may
//! type uses up none of those that go to people on file. The security officer is told when one is empty.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::{HeaderMap, request::Parts};
use linli_platform::{
    Result,
    app::App,
    notices::{self, Kind},
    store::{Query, Tx},
    vals,
};
use uuid::Uuid;

use crate::{
    browser::{self, KNOWN_COOKIE},
    entrance::{ASKS_A_DAY, ASKS_A_QUARTER, Refused, token_of},
    gateway::{Gateways, Purse},
};

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

/// The source of a request, where the server knows it, and the mark of a browser in which somebody entered before.
pub(crate) struct CameFrom(pub Option<Source>, pub Option<String>);

impl CameFrom {
    /// Who asks, as far as the server can tell.
    pub fn caller(&self) -> Caller<'_> {
        Caller { source: self.0.as_ref(), browser: self.1.as_deref() }
    }
}

/// Who asks, as far as the server can tell. `Debug` is masked.
#[derive(Clone, Copy, Default)]
pub struct Caller<'a> {
    /// Where it comes from.
    pub source: Option<&'a Source>,
    /// The mark of a browser in which somebody entered before.
    pub browser: Option<&'a str>,
}

impl std::fmt::Debug for Caller<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Caller(***)")
    }
}

impl FromRequestParts<App> for CameFrom {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
        let address = match peer {
            Some(peer) if peer.to_canonical().is_loopback() => forwarded(&parts.headers).or(Some(peer)),
            other => other,
        };
        let browser = token_of(&parts.headers, KNOWN_COOKIE, app.secure_cookies);
        Ok(CameFrom(address.map(Source::of), browser))
    }
}

/// Counts an asking from a source; whether there were too many before it.
pub(crate) async fn too_often(tx: &Tx, source: Option<&Source>) -> Result<bool> {
    let Some(source) = source else { return Ok(false) };
    count(tx, &source.0, [ASKS_FROM_A_SOURCE_A_QUARTER, ASKS_FROM_A_SOURCE_A_DAY]).await
}

/// An asking for a code, as it is counted before anybody is looked for.
pub(crate) struct Asked<'a> {
    pub caller: Caller<'a>,
    /// At which entrance.
    pub entrance: &'a str,
    /// The number that was typed.
    pub number: &'a str,
    /// Its blind index, in every form.
    pub docs: &'a [Vec<u8>],
    /// What a code would be paid from.
    pub purse: Purse,
}

/// Counts an asking; why no code is sent, or whether the browser is known for this number. A known browser has limits of its
/// own and none of anybody else's, so that others' askings keep nobody out.
pub(crate) async fn admit(tx: &Tx, gateways: &Gateways, asked: &Asked<'_>) -> Result<Result<bool, Refused>> {
    let known = asked.caller.browser.filter(|mark| browser::is_known(tx.store(), mark, asked.docs));
    if let Some(mark) = known {
        let often = count(tx, &format!("browser\n{mark}"), [ASKS_A_QUARTER, ASKS_A_DAY]).await?;
        return Ok(if often { Err(Refused::TooOften) } else { Ok(true) });
    }
    if too_often(tx, asked.caller.source).await? {
        return Ok(Err(Refused::FromHere));
    }
    if too_often_for(tx, asked.caller.source, asked.entrance, asked.number).await? {
        return Ok(Err(Refused::TooOften));
    }
    let most = gateways.most_a_day(asked.purse);
    if made(tx, &purse_blind(tx, asked.purse), 24 * 3600).await? >= most {
        notices::raise(tx, Kind::CodesExhausted, tx.reader().account, most).await?;
        return Ok(Err(Refused::Today));
    }
    Ok(Ok(false))
}

fn purse_blind(tx: &Tx, purse: Purse) -> Vec<u8> {
    tx.store().keys().blind_index("source", &format!("purse\n{}", purse.code()))
}

/// Notes that a code goes out, or with as much work that none does.
pub(crate) async fn spend(tx: &Tx, purse: Purse, sent: bool) -> Result<()> {
    let nobodys = tx.store().rng().bytes::<16>().to_vec();
    let blind = purse_blind(tx, purse);
    note(tx, if sent { blind } else { nobodys }).await
}

/// Counts an asking for one number from a source; whether there were too many before it. Counted is the caller and the
/// number together, whether or not the name fits: somebody else who knows the number keeps nobody out, and nobody learns
/// from being let in again whether the name did fit. Callers whom the server does not know count as one.
pub(crate) async fn too_often_for(tx: &Tx, source: Option<&Source>, entrance: &str, number: &str) -> Result<bool> {
    let caller = source.map_or("", |s| s.0.as_str());
    count(tx, &format!("{entrance}\n{caller}\n{number}"), [ASKS_A_QUARTER, ASKS_A_DAY]).await
}

async fn count(tx: &Tx, text: &str, [a_quarter, a_day]: [i64; 2]) -> Result<bool> {
    let blind = tx.store().keys().blind_index("source", text);
    for (seconds, most) in [(15 * 60, a_quarter), (24 * 3600, a_day)] {
        if made(tx, &blind, seconds).await? >= most {
            return Ok(true);
        }
    }
    note(tx, blind).await?;
    Ok(false)
}

/// How many were noted in so many seconds.
async fn made(tx: &Tx, blind: &[u8], seconds: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM door_source WHERE division_code = $1 AND source_blind = $2 AND made_at > $3";
    tx.number(sql, vals![tx.division(), blind.to_vec(), tx.now().plus_s(-seconds)]).await
}

async fn note(tx: &Tx, blind: Vec<u8>) -> Result<()> {
    let row = vals![tx.division(), tx.new_id::<Uuid>(), blind, tx.now()];
    tx.insert_many("door_source", &["division_code", "source_id", "source_blind", "made_at"], vec![row]).await?;
    tx.housekeeping("askings are counted by source; who asked is nobody's business");
    Ok(())
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
