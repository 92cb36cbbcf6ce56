//! By what a push service knows this installation (VAPID, RFC 8292): a signed word about who sends, for one service and
//! half a day.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use http::Uri;
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde::Serialize;
use sha2::Sha256;

use super::PushSettings;
use crate::{
    clock::{At, Rng},
    error::{AppError, Result},
    keys::KeyRing,
};

/// How long a word holds; services refuse more than a day.
const HOLDS_S: i64 = 12 * 3600;

/// The key pair.
pub struct Vapid(SigningKey);

impl Vapid {
    /// The installation's key pair; its seed is made when it is first asked for.
    ///
    /// # Errors
    /// Those of the keys.
    pub fn of(keys: &KeyRing, rng: &Rng) -> Result<Vapid> {
        let seed = keys.push_seed(rng).map_err(AppError::internal)?;
        // Nearly every 32 bytes are a secret key of the curve; the counter is for those that are not.
        let key = (0..=u8::MAX).find_map(|n| {
            let mac = Hmac::<Sha256>::new_from_slice(&*seed).ok()?.chain_update(b"linli web push").chain_update([n]);
            SigningKey::from_slice(&mac.finalize().into_bytes()).ok()
        });
        key.map(Vapid).ok_or_else(|| AppError::internal("no key of the curve"))
    }
    /// The public half, as browsers and services take it: an uncompressed point, base64url.
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.verifying_key().to_sec1_point(false).as_bytes())
    }
    /// The value of the header `Authorization` for a service's address, where it is one.
    pub fn authorization(&self, address: &str, settings: &PushSettings, now: At) -> Option<String> {
        #[derive(Serialize)]
        struct Claims<'a> {
            aud: String,
            exp: i64,
            #[serde(skip_serializing_if = "Option::is_none")]
            sub: Option<&'a str>,
        }
        let uri: Uri = address.parse().ok()?;
        let claims = Claims {
            aud: format!("{}://{}", uri.scheme_str()?, uri.authority()?),
            exp: now.plus_s(HOLDS_S).0.div_euclid(1_000_000),
            sub: settings.contact.as_deref(),
        };
        let header = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims).ok()?));
        let signature: Signature = self.0.sign(signed.as_bytes());
        Some(format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), self.public()))
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::{VerifyingKey, signature::Verifier as _};

    use super::*;
    use crate::{clock::Clock, keys::Profile};

    #[test]
    fn the_word_names_the_service_and_its_signature_fits_the_key_beside_it() {
        let (rng, now) = (Rng::seeded(7), At(1_795_140_000_000_000));
        for profile in Profile::ALL {
            let ring = KeyRing::in_memory(profile, &rng, &Clock::fixed(now));
            let vapid = Vapid::of(&ring, &rng).unwrap();
            assert_eq!(vapid.public(), Vapid::of(&ring, &rng).unwrap().public());
            let settings = PushSettings { contact: Some("mailto:office@example.cn".into()), ..PushSettings::default() };
            let said = vapid.authorization("https://push.example.cn:8443/send/abc", &settings, now).unwrap();
            let (token, key) = said.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
            let (signed, signature) = token.rsplit_once('.').unwrap();
            let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
            let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
            assert_eq!(claims["aud"], "https://push.example.cn:8443");
            assert_eq!(claims["exp"], 1_795_140_000 + HOLDS_S);
            assert_eq!(claims["sub"], "mailto:office@example.cn");
            let key = VerifyingKey::from_sec1_bytes(&URL_SAFE_NO_PAD.decode(key).unwrap()).unwrap();
            let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
            key.verify(signed.as_bytes(), &signature).unwrap();
        }
    }
}
