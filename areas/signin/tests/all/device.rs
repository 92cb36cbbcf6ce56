//! A device that keeps passkeys: Web Authentication level 3, ES256, no attestation, always with the person's PIN.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use linli_platform::ids::AccountId;
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Present and verified; with the new key's data.
const FLAGS: u8 = 0x05;
const WITH_KEY: u8 = 0x40;

/// A device with one passkey at most for a site.
pub struct Device {
    key: SigningKey,
    id: Vec<u8>,
    user: Vec<u8>,
    pub counter: u32,
    /// The page that asks.
    pub origin: String,
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Device {
    /// A device whose keys come from a number.
    pub fn new(seed: u8) -> Device {
        Device {
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            id: vec![seed; 20],
            user: Vec::new(),
            counter: 0,
            origin: "http://localhost:8080".into(),
        }
    }
    /// Says that the key is another account's.
    pub fn claim(&mut self, account: AccountId) {
        self.user = account.0.as_bytes().to_vec();
    }
    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data =
            json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false });
        data.to_string().into_bytes()
    }
    fn authenticator_data(&self, host: &str, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(host.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }
    /// The public key in COSE, as a CBOR map.
    fn cose(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut map = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        map.extend(point.x().unwrap());
        map.extend([0x22, 0x58, 0x20]);
        map.extend(point.y().unwrap());
        map
    }
    /// Makes a passkey: the answer to `navigator.credentials.create`.
    pub fn create(&mut self, options: &Value) -> String {
        self.user = URL_SAFE_NO_PAD.decode(options["user"]["id"].as_str().unwrap()).unwrap();
        let mut data = self.authenticator_data(options["rp"]["id"].as_str().unwrap(), FLAGS | WITH_KEY);
        data.extend([0u8; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose());
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let response = json!({
            "attestationObject": text(object),
            "clientDataJSON": text(self.client_data("webauthn.create", options)),
        });
        self.answer(response)
    }
    /// Uses the passkey: the answer to `navigator.credentials.get`.
    pub fn get(&mut self, options: &Value) -> String {
        self.counter += 1;
        let client = self.client_data("webauthn.get", options);
        let data = self.authenticator_data(options["rpId"].as_str().unwrap(), FLAGS);
        let signed: Signature = self.key.sign(&[data.clone(), Sha256::digest(&client).to_vec()].concat());
        let response = json!({
            "authenticatorData": text(data),
            "clientDataJSON": text(client),
            "signature": text(signed.to_der().as_bytes()),
            "userHandle": text(&self.user),
        });
        self.answer(response)
    }
    fn answer(&self, response: Value) -> String {
        json!({ "id": text(&self.id), "rawId": text(&self.id), "type": "public-key", "response": response }).to_string()
    }
}
