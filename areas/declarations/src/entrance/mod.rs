//! The entrance to the own page (本人入口, R12): document number and name, then a one-time code to the mobile that the
//! register holds. A mobile alone proves nothing, because numbers are given out again.
//!
//! Whoever asks learns nothing about anybody: the answer, its status and the work behind it are the same whether the
//! number is registered, the name fits, or a mobile is known. Askings are counted by where they come from, and by that
//! and the number together, registered or not: three codes a quarter of an hour, ten a day, five guesses each. Nobody who
//! merely knows a number can keep its bearer out. Codes that go to one person are counted too, so that nobody's mobile is
//! flooded; a browser in which the person entered before does not depend on that count. A code is stored as a MAC that is
//! bound to its asking; the session lasts twenty minutes and has nothing to do with staff's.

mod ask;
mod enter;
mod session;

pub use ask::{ASKS_A_DAY, ASKS_A_QUARTER, Asking, CODE_S, Name, Refused, SENT_A_QUARTER, SENT_IN_SIX_HOURS, ask};
pub(crate) use ask::{refuse, send};
pub use enter::{Opened, TRIES, enter};
pub use session::{Own, SESSION_S, begin, begin_for, end, load};

use linli_platform::{event::SubjectRef, keys::KeyRing};
use sha2::{Digest, Sha256};

use crate::ids::AttemptId;

/// The name of the cookie that goes with an asking; it dies with the code.
pub const ATTEMPT_COOKIE: &str = "linli-me-code";
/// The name of the session's cookie.
pub const SESSION_COOKIE: &str = "linli-me";
/// A token as text: 32 bytes in base64.
pub(crate) const TOKEN_CHARS: usize = 43;

/// An asking as a subject of events; it names nobody.
fn subject(id: AttemptId) -> SubjectRef {
    SubjectRef::new("own-entrance", id, None)
}

pub(crate) fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// What is stored of a code: a MAC under the installation's key, bound to its asking.
pub(crate) fn code_mac(keys: &KeyRing, token: &str, code: &str) -> Vec<u8> {
    keys.blind_index("own-code", &coded(token, code))
}

fn coded(token: &str, code: &str) -> String {
    format!("{token}\n{code}")
}

/// Whether a code is the one of which this MAC is stored.
pub(crate) fn code_fits(keys: &KeyRing, token: &str, code: &str, mac: &[u8]) -> bool {
    keys.blind_forms("own-code", &coded(token, code)).iter().any(|form| form == mac)
}

/// The `Set-Cookie` value of one of the two cookies; without a token, the one that takes it away.
pub fn cookie(name: &str, secure: bool, token: Option<&str>, age_s: i64) -> String {
    let (name, mark) = if secure { (format!("__Host-{name}"), "; Secure") } else { (name.to_owned(), "") };
    let (value, age_s) = token.map_or(("", 0), |t| (t, age_s));
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_s}{mark}")
}

/// The token in one of the two cookies of a request.
pub fn token_of(headers: &http::HeaderMap, name: &str, secure: bool) -> Option<String> {
    let name = if secure { format!("__Host-{name}") } else { name.to_owned() };
    let jar = axum_extra::extract::CookieJar::from_headers(headers);
    jar.get(&name).map(|c| c.value().to_owned()).filter(|t| t.len() == TOKEN_CHARS)
}
