//! A browser in which somebody entered before (已用过的浏览器): it is let ask for codes of the same person whatever others ask
//! for, so that nobody who knows somebody's name and number keeps that person out by asking.
//!
//! What the browser keeps is a mark that names nobody: an end, a random part, and a MAC over both and the document's blind
//! index, under the installation's key. Nothing is stored here. With it no page opens: the code is still needed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use linli_platform::{keys::KeyRing, store::Store};

/// The name of the mark's cookie.
pub const KNOWN_COOKIE: &str = "linli-known";
/// A browser is known for this long after somebody entered last.
pub const KNOWN_S: i64 = 90 * 24 * 3600;

const END: usize = 4;
const SIGNED: usize = 16;

fn signed(head: &[u8], doc_blind: &[u8]) -> String {
    format!("{}\n{}", URL_SAFE_NO_PAD.encode(head), URL_SAFE_NO_PAD.encode(doc_blind))
}

fn macs(keys: &KeyRing, head: &[u8], doc_blind: &[u8]) -> Vec<Vec<u8>> {
    keys.blind_forms("known-browser", &signed(head, doc_blind))
}

fn second(store: &Store) -> u32 {
    u32::try_from(store.now().timestamp().as_second()).unwrap_or(u32::MAX)
}

/// A mark for a browser in which the bearer of a document has entered.
pub(crate) fn mark(store: &Store, doc_blind: &[u8]) -> String {
    let until = second(store).saturating_add(u32::try_from(KNOWN_S).unwrap_or(u32::MAX));
    let mut bytes = until.to_be_bytes().to_vec();
    bytes.extend(store.rng().bytes::<{ SIGNED - END }>());
    let mac = store.keys().blind_index("known-browser", &signed(&bytes, doc_blind));
    bytes.extend(mac.into_iter().take(16));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether a mark is one of this document's bearer that has not ended. The blind index may stand in several forms.
pub(crate) fn is_known(store: &Store, mark: &str, doc_forms: &[Vec<u8>]) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(mark) else { return false };
    let Some((head, mac)) = bytes.split_at_checked(SIGNED) else { return false };
    let until = head.first_chunk::<END>().map_or(0, |end| u32::from_be_bytes(*end));
    let fits = |form: &Vec<u8>| macs(store.keys(), head, form).iter().any(|one| one.get(..16) == Some(mac));
    until > second(store) && doc_forms.iter().any(fits)
}
