//! The two cipher profiles (密码方案): AES-256-GCM with SHA-256, and SM4-GCM with SM3 (国密). A key knows its own, so
//! that both can be read beside each other and keys move from one to the other by being exchanged.

use aes_gcm::{
    Aes256Gcm, AesGcm, Key, KeyInit, Nonce,
    aead::{Aead, Payload, consts::U12},
};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sm3::Sm3;
use sm4::Sm4;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::clock::Rng;

/// SM4 (GB/T 32907) in Galois counter mode, as RFC 8998 has it: key of 16 bytes, nonce of 12, tag of 16.
type Sm4Gcm = AesGcm<Sm4, U12>;

/// Length of a blind index: 128 bits, so that two values do not share one.
const INDEX_BYTES: usize = 16;
/// Stands before the bytes of a key of the SM profile in its clear form; one of the other has none.
const SM_MARK: u8 = b's';

/// Which ciphers a key is for (密码方案).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// AES-256-GCM, HMAC-SHA-256, checkpoints signed with Ed25519.
    #[default]
    Aes,
    /// SM4-GCM, HMAC-SM3, checkpoints signed with SM2 (GB/T 32907, GB/T 32905, GB/T 32918).
    Sm,
}

impl Profile {
    /// Both.
    pub const ALL: [Profile; 2] = [Profile::Aes, Profile::Sm];

    /// Stable code: `aes` or `sm`.
    pub fn code(self) -> &'static str {
        match self {
            Profile::Aes => "aes",
            Profile::Sm => "sm",
        }
    }
    /// The profile of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Profile::ALL.into_iter().find(|p| p.code() == code)
    }
}

/// 32 secret bytes and the profile they are for. SM4 takes the first sixteen as its key.
#[derive(Zeroize, ZeroizeOnDrop, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    #[zeroize(skip)]
    profile: Profile,
    bytes: [u8; 32],
}

impl Secret {
    pub(crate) fn new(profile: Profile, bytes: [u8; 32]) -> Self {
        Secret { profile, bytes }
    }
    pub(crate) fn random(profile: Profile, rng: &Rng) -> Self {
        Secret { profile, bytes: rng.bytes() }
    }
    pub(crate) fn profile(&self) -> Profile {
        self.profile
    }
    /// The bytes, as a seed.
    pub(crate) fn seed(&self) -> &[u8; 32] {
        &self.bytes
    }
    /// The form in which it is wrapped: the profile stands in it.
    pub(crate) fn clear(&self) -> Zeroizing<Vec<u8>> {
        let mark: &[u8] = match self.profile {
            Profile::Aes => &[],
            Profile::Sm => &[SM_MARK],
        };
        Zeroizing::new([mark, &self.bytes].concat())
    }
    /// From the form in which it was wrapped.
    pub(crate) fn of_clear(clear: &[u8]) -> Option<Self> {
        let (profile, bytes) = match clear {
            [SM_MARK, bytes @ ..] if bytes.len() == 32 => (Profile::Sm, bytes),
            bytes => (Profile::Aes, bytes),
        };
        Some(Secret { profile, bytes: bytes.try_into().ok()? })
    }
    pub(crate) fn cipher(&self) -> Cipher {
        match self.profile {
            Profile::Aes => Cipher::Aes(Aes256Gcm::new(&Key::<Aes256Gcm>::from(self.bytes))),
            Profile::Sm => {
                let key: &[u8; 16] = self.bytes.first_chunk().expect("32 bytes hold sixteen");
                Cipher::Sm4(Sm4Gcm::new(&Key::<Sm4Gcm>::from(*key)))
            }
        }
    }
    /// The keyed digest of a value of a kind.
    pub(crate) fn index(&self, kind: &str, normalised: &str) -> Vec<u8> {
        let parts = [kind.as_bytes(), b"\0", normalised.as_bytes()];
        match self.profile {
            Profile::Aes => {
                let mut mac = Hmac::<Sha256>::new_from_slice(&self.bytes).expect("HMAC takes any key");
                parts.iter().for_each(|part| mac.update(part));
                mac.finalize().into_bytes()[..INDEX_BYTES].to_vec()
            }
            Profile::Sm => {
                let mut mac = Hmac::<Sm3>::new_from_slice(&self.bytes).expect("HMAC takes any key");
                parts.iter().for_each(|part| mac.update(part));
                mac.finalize().into_bytes()[..INDEX_BYTES].to_vec()
            }
        }
    }
}

/// The cipher of a key, set up.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "one is made for each value opened; a box would cost more than it saves")]
pub(crate) enum Cipher {
    Aes(Aes256Gcm),
    Sm4(Sm4Gcm),
}

impl Cipher {
    /// Encrypts under a nonce that is used once, bound to `aad`.
    pub(crate) fn encrypt(&self, nonce: [u8; 12], aad: &[u8], msg: &[u8]) -> Vec<u8> {
        let (nonce, payload) = (Nonce::from(nonce), Payload { msg, aad });
        match self {
            Cipher::Aes(cipher) => cipher.encrypt(&nonce, payload),
            Cipher::Sm4(cipher) => cipher.encrypt(&nonce, payload),
        }
        .expect("GCM seals anything below 64 GiB")
    }
    /// Decrypts; `None` if key, nonce, binding or bytes differ.
    pub(crate) fn decrypt(&self, nonce: [u8; 12], aad: &[u8], msg: &[u8]) -> Option<Vec<u8>> {
        let (nonce, payload) = (Nonce::from(nonce), Payload { msg, aad });
        match self {
            Cipher::Aes(cipher) => cipher.decrypt(&nonce, payload).ok(),
            Cipher::Sm4(cipher) => cipher.decrypt(&nonce, payload).ok(),
        }
    }
}

/// Seals bytes: 12 bytes of nonce, then ciphertext and tag, bound to `aad`.
pub(crate) fn seal(cipher: &Cipher, rng: &Rng, aad: &[u8], clear: &[u8]) -> Vec<u8> {
    let nonce: [u8; 12] = rng.bytes();
    [nonce.as_slice(), &cipher.encrypt(nonce, aad, clear)].concat()
}

/// Opens what [`seal`] made; `None` if key, binding or bytes differ.
pub(crate) fn open(cipher: &Cipher, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_first_chunk::<12>()?;
    cipher.decrypt(*nonce, aad, body)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::Digest as _;
    use sm4::cipher::BlockCipherEncrypt as _;

    use super::*;
    use crate::clock::Rng;

    fn bytes(hex: &str) -> Vec<u8> {
        let hex: String = hex.split_whitespace().collect();
        (0..hex.len()).step_by(2).map(|n| u8::from_str_radix(&hex[n..n + 2], 16).unwrap()).collect()
    }

    #[test]
    fn sm4_gives_the_example_of_its_standard() {
        // GB/T 32907-2016, annex A.1, example 1: key and clear text are the same.
        let key = bytes("0123456789ABCDEFFEDCBA9876543210");
        let mut block = <[u8; 16]>::try_from(key.as_slice()).unwrap().into();
        Sm4::new_from_slice(&key).unwrap().encrypt_block(&mut block);
        assert_eq!(block.to_vec(), bytes("681EDF34D206965E86B3E94F536E4246"));
    }

    #[test]
    fn sm4_gcm_gives_the_example_of_rfc_8998() {
        // RFC 8998, appendix A.1.
        let mut key = [0u8; 32];
        key[..16].copy_from_slice(&bytes("0123456789ABCDEFFEDCBA9876543210"));
        let nonce: [u8; 12] = bytes("00001234567800000000ABCD").try_into().unwrap();
        let aad = bytes("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
        let clear = bytes(
            "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD
             EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA",
        );
        let expected = bytes(
            "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735
             D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D
             83DE3541E4C2B58177E065A9BF7B62EC",
        );
        let cipher = Secret::new(Profile::Sm, key).cipher();
        assert_eq!(cipher.encrypt(nonce, &aad, &clear), expected);
        assert_eq!(cipher.decrypt(nonce, &aad, &expected), Some(clear));
    }

    #[test]
    fn aes_256_gcm_gives_the_example_of_its_authors() {
        // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test case 16.
        let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").try_into().unwrap();
        let nonce: [u8; 12] = bytes("cafebabefacedbaddecaf888").try_into().unwrap();
        let aad = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let clear = bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
             1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        );
        let expected = bytes(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
             76fc6ece0f4e1768cddf8853bb2d551b",
        );
        let cipher = Secret::new(Profile::Aes, key).cipher();
        assert_eq!(cipher.encrypt(nonce, &aad, &clear), expected);
    }

    #[test]
    fn sm3_and_its_keyed_form_give_the_examples_of_their_standards() {
        // GB/T 32905-2016, annex A.1; GM/T 0042-2015, annex D.3.
        let digest = Sm3::digest(b"abc").to_vec();
        assert_eq!(digest, bytes("66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0"));
        let key: Vec<u8> = (1..=32).collect();
        let mut mac = Hmac::<Sm3>::new_from_slice(&key).unwrap();
        mac.update("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".repeat(2).as_bytes());
        let expected = bytes("CA05E144ED05D1857840D1F318A4A8669E559FC8391F414485BFDF7BB408963A");
        assert_eq!(mac.finalize().into_bytes().to_vec(), expected);
    }

    #[test]
    fn a_key_says_of_itself_which_profile_it_is_of_and_other_lengths_are_none() {
        let rng = Rng::seeded(1);
        for profile in Profile::ALL {
            let key = Secret::random(profile, &rng);
            let again = Secret::of_clear(&key.clear()).unwrap();
            assert!(again == key && again.profile() == profile);
            assert_eq!(Profile::from_code(profile.code()), Some(profile));
        }
        assert!(Secret::of_clear(&[1; 31]).is_none() && Secret::of_clear(&[1; 33]).is_none());
        assert_ne!(
            Secret::new(Profile::Aes, [3; 32]).index("doc", "1"),
            Secret::new(Profile::Sm, [3; 32]).index("doc", "1")
        );
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_with_its_key_and_place_alone(
            clear in proptest::collection::vec(any::<u8>(), 0..200), flip in any::<prop::sample::Index>(), seed in any::<u64>()
        ) {
            let rng = Rng::seeded(seed);
            for profile in Profile::ALL {
                let cipher = Secret::random(profile, &rng).cipher();
                let sealed = seal(&cipher, &rng, b"place", &clear);
                prop_assert_eq!(open(&cipher, b"place", &sealed), Some(clear.clone()));
                prop_assert_eq!(open(&cipher, b"elsewhere", &sealed), None);
                let mut changed = sealed.clone();
                changed[flip.index(sealed.len())] ^= 1;
                prop_assert_eq!(open(&cipher, b"place", &changed), None);
                for other in Profile::ALL {
                    prop_assert_eq!(open(&Secret::random(other, &rng).cipher(), b"place", &sealed), None);
                }
            }
        }
    }
}
