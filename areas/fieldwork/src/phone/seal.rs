//! Sealing entries to the server (RFC 9180, base mode): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. The phone
//! itself cannot open what it sealed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _, aead::AesGcm256, kdf::HkdfSha256,
    kem::DhP256HkdfSha256, single_shot_open, single_shot_seal,
};
use zeroize::Zeroizing;

use crate::ids::{DeviceId, EntryId};

type Kem = DhP256HkdfSha256;

/// What the entries are sealed for; another use of the same key pair would have another.
const INFO: &[u8] = b"linli field entry v1";

/// What does not open: another key, another place, or bytes that were changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the entry does not open")]
pub struct DoesNotOpen;

/// The server's key pair of a month.
#[derive(Clone)]
pub struct KeyPair {
    private: <Kem as hpke::Kem>::PrivateKey,
    public: Vec<u8>,
}

impl KeyPair {
    /// The pair that a seed gives (RFC 9180, DeriveKeyPair).
    pub fn of_seed(seed: &[u8; 32]) -> Self {
        let (private, public) = Kem::derive_keypair(seed);
        KeyPair { private, public: public.to_bytes().to_vec() }
    }
    /// The public half: a point of P-256, uncompressed, 65 bytes.
    pub fn public(&self) -> &[u8] {
        &self.public
    }
    /// Opens what was sealed to this pair at a place.
    ///
    /// # Errors
    /// [`DoesNotOpen`].
    pub fn open(&self, enc: &[u8], ct: &[u8], place: &Place<'_>) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let enc = <Kem as hpke::Kem>::EncappedKey::from_bytes(enc).map_err(|_| DoesNotOpen)?;
        let opened = single_shot_open::<AesGcm256, HkdfSha256, Kem>(
            &OpModeR::Base,
            &self.private,
            &enc,
            INFO,
            ct,
            &place.bytes(),
        );
        opened.map(Zeroizing::new).map_err(|_| DoesNotOpen)
    }
}

/// What a sealed entry is bound to: it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The entry.
    pub entry: EntryId,
    /// The name of the key.
    pub key: &'a str,
    /// The phone.
    pub device: DeviceId,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        format!("{}\n{}\n{}", self.entry, self.key, self.device).into_bytes()
    }
}

/// Seals as a phone does; for tests and measurements. Encapsulated key and ciphertext.
///
/// # Errors
/// [`DoesNotOpen`] if the public key is no point of the curve.
pub fn seal(public: &[u8], clear: &[u8], place: &Place<'_>) -> Result<(Vec<u8>, Vec<u8>), DoesNotOpen> {
    let public = <Kem as hpke::Kem>::PublicKey::from_bytes(public).map_err(|_| DoesNotOpen)?;
    let (enc, ct) =
        single_shot_seal::<AesGcm256, HkdfSha256, Kem>(&OpModeS::Base, &public, INFO, clear, &place.bytes())
            .map_err(|_| DoesNotOpen)?;
    Ok((enc.to_bytes().to_vec(), ct))
}

/// As the phone writes bytes: base64url without padding.
pub fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads what [`encoded`] wrote; none where it is broken.
pub fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn place(key: &str) -> Place<'_> {
        Place { entry: EntryId(Uuid::from_u128(1)), key, device: DeviceId(Uuid::from_u128(2)) }
    }

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|n| u8::from_str_radix(&hex[n..n + 2], 16).unwrap()).collect()
    }

    #[test]
    fn a_seed_gives_the_key_pair_of_the_rfcs_example() {
        // RFC 9180, appendix A.3.1 (DHKEM(P-256, HKDF-SHA256)): ikmR and pkRm.
        let seed = bytes("668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550").try_into().unwrap();
        let public = "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30a\
                      d6aa8f80e30f1d128aafd68a2ce72ea0";
        assert_eq!(KeyPair::of_seed(&seed).public(), bytes(&public.replace(' ', "")));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn what_is_sealed_opens_with_its_key_and_place_alone(
            clear in proptest::collection::vec(any::<u8>(), 0..300), seed in any::<[u8; 32]>(), flip in any::<prop::sample::Index>()
        ) {
            let (pair, other) = (KeyPair::of_seed(&seed), KeyPair::of_seed(&[0x5a; 32]));
            let (enc, ct) = seal(pair.public(), &clear, &place("2026-11")).unwrap();
            let opened = pair.open(&enc, &ct, &place("2026-11")).unwrap();
            prop_assert_eq!(opened.as_slice(), clear.as_slice());
            prop_assert!(pair.open(&enc, &ct, &place("2026-12")).is_err());
            prop_assert!(other.open(&enc, &ct, &place("2026-11")).is_err());
            let mut changed = ct.clone();
            changed[flip.index(ct.len())] ^= 1;
            prop_assert!(pair.open(&enc, &changed, &place("2026-11")).is_err());
            prop_assert!(pair.open(&enc[1..], &ct, &place("2026-11")).is_err());
        }
    }
}
