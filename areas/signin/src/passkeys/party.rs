//! The relying party: what is asked of a device, and whether its answer is right. The library decides; here its questions
//! become what browsers read, and its errors become the two that matter.

use linli_platform::{Result as AppResult, error::AppError, ids::AccountId};
use serde_json::{Value, json};
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{
        DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
        RegisterPublicKeyCredential, Url, WebauthnError,
    },
};

/// An answer is no longer than this.
pub const ANSWER_MAX_BYTES: usize = 32 * 1024;
/// How long the browser waits for the person.
const WAIT_MS: u32 = 5 * 60 * 1000;

/// Whom passkeys are bound to.
pub struct Party {
    webauthn: Webauthn,
    host: String,
    address: String,
}

/// An address that passkeys cannot be bound to.
#[derive(Debug, thiserror::Error)]
#[error("passkeys cannot be bound to {0}")]
pub struct PartyError(String);

/// What is asked of the browser, and what has to be remembered until its answer comes.
pub struct Question {
    /// For `navigator.credentials`, with bytes as base64url.
    pub options: Value,
    /// For checking the answer; never leaves the server.
    pub state: String,
}

/// Why an answer is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It cannot be read.
    #[error("the answer cannot be read")]
    Unreadable,
    /// It does not fit the question, the key or the address.
    #[error("the answer does not fit")]
    Refused,
    /// The key's counter did not grow: there may be a copy of it.
    #[error("the key's counter did not grow")]
    Suspect,
}

impl From<WebauthnError> for Fault {
    fn from(e: WebauthnError) -> Self {
        match e {
            WebauthnError::CredentialPossibleCompromise => Fault::Suspect,
            _ => Fault::Refused,
        }
    }
}

fn ours(e: WebauthnError) -> AppError {
    AppError::internal(format!("a passkey's question: {e:?}"))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    if text.len() > ANSWER_MAX_BYTES {
        return Err(Fault::Unreadable);
    }
    serde_json::from_str(text).map_err(|_| Fault::Unreadable)
}

impl Party {
    /// The party of a public address, `https://host` or `http://localhost`, with a port where there is one.
    ///
    /// # Errors
    /// An address without a name.
    pub fn new(address: &str, name: &str) -> Result<Party, PartyError> {
        Party::build(address, name, false)
    }
    /// The party of a server that this machine alone reaches: `localhost`, with any port; 0 where it is not known yet.
    ///
    /// # Errors
    /// None in practice.
    pub fn local(port: u16, name: &str) -> Result<Party, PartyError> {
        let address = if port == 0 { "http://localhost".into() } else { format!("http://localhost:{port}") };
        Party::build(&address, name, true)
    }
    fn build(address: &str, name: &str, any_port: bool) -> Result<Party, PartyError> {
        let fault = || PartyError(address.to_owned());
        let url = Url::parse(address).map_err(|_| fault())?;
        let host = url.domain().ok_or_else(fault)?.to_owned();
        let builder = WebauthnBuilder::new(&host, &url).map_err(|_| fault())?;
        let webauthn = builder.rp_name(name).allow_any_port(any_port).build().map_err(|_| fault())?;
        Ok(Party { webauthn, host, address: address.to_owned() })
    }
    /// The host whose pages may ask for passkeys.
    pub fn host(&self) -> &str {
        &self.host
    }
    /// The address under which they work.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Asks for a new passkey of an account that has `kept` already. It has to be one that the device can find by itself.
    ///
    /// # Errors
    /// `internal`.
    pub fn ask_for_new(&self, account: AccountId, name: (&str, &str), kept: &[Passkey]) -> AppResult<Question> {
        let known = kept.iter().map(|key| key.cred_id().clone()).collect();
        let (asked, state) =
            self.webauthn.start_passkey_registration(account.0, name.0, name.1, Some(known)).map_err(ours)?;
        let mut options = public_key(serde_json::to_value(asked)?);
        options["authenticatorSelection"] =
            json!({ "residentKey": "required", "requireResidentKey": true, "userVerification": "required" });
        Ok(Question { options, state: serde_json::to_string(&state)? })
    }
    /// Reads the answer: the new key.
    ///
    /// # Errors
    /// [`Fault::Unreadable`], [`Fault::Refused`].
    pub fn take_new(&self, answer: &str, state: &str) -> Result<Passkey, Fault> {
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let state: PasskeyRegistration = read(state)?;
        Ok(self.webauthn.finish_passkey_registration(&answer, &state)?)
    }

    /// Asks for any passkey that the device knows for this address.
    ///
    /// # Errors
    /// `internal`.
    pub fn ask_for_any(&self) -> AppResult<Question> {
        let (asked, state) = self.webauthn.start_discoverable_authentication().map_err(ours)?;
        Ok(Question { options: public_key(serde_json::to_value(asked)?), state: serde_json::to_string(&state)? })
    }
    /// The id of the key that an answer says it is by, and the account that the device says it belongs to. Neither is
    /// proved yet.
    ///
    /// # Errors
    /// [`Fault::Unreadable`].
    pub fn claimed(&self, answer: &str) -> Result<(Vec<u8>, Option<AccountId>), Fault> {
        let answer: PublicKeyCredential = read(answer)?;
        let account = self.webauthn.identify_discoverable_authentication(&answer).ok().map(|(id, _)| AccountId(id));
        let credential: &[u8] = answer.raw_id.as_ref();
        Ok((credential.to_vec(), account))
    }
    /// Checks the answer to [`ask_for_any`](Self::ask_for_any) against the key that it claims, and notes what it changed.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub fn take_any(&self, answer: &str, state: &str, key: &mut Passkey) -> Result<(), Fault> {
        let answer: PublicKeyCredential = read(answer)?;
        let state: DiscoverableAuthentication = read(state)?;
        let result = self.webauthn.finish_discoverable_authentication_v2(&answer, state, &*key)?;
        key.update_credential(&result);
        Ok(())
    }

    /// Asks for one of these passkeys.
    ///
    /// # Errors
    /// `internal`.
    pub fn ask_for(&self, kept: &[Passkey]) -> AppResult<Question> {
        let (asked, state) = self.webauthn.start_passkey_authentication(kept).map_err(ours)?;
        Ok(Question { options: public_key(serde_json::to_value(asked)?), state: serde_json::to_string(&state)? })
    }
    /// Checks the answer to [`ask_for`](Self::ask_for), and notes what it changed of the key.
    ///
    /// # Errors
    /// Any [`Fault`].
    pub fn take(&self, answer: &str, state: &str, key: &mut Passkey) -> Result<(), Fault> {
        let answer: PublicKeyCredential = read(answer)?;
        let state: PasskeyAuthentication = read(state)?;
        let result = self.webauthn.finish_passkey_authentication(&answer, &state)?;
        key.update_credential(&result);
        Ok(())
    }
}

/// The part that browsers read, with our own time to wait.
fn public_key(mut asked: Value) -> Value {
    let mut options = asked["publicKey"].take();
    options["timeout"] = json!(WAIT_MS);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_bound_to_a_name_and_never_to_a_number() {
        for (address, host) in [
            ("https://linli.example.cn", Some("linli.example.cn")),
            ("https://linli.example.cn:8443", Some("linli.example.cn")),
            ("http://localhost:8080", Some("localhost")),
            ("https://10.0.0.7", None),
            ("no address", None),
        ] {
            let party = Party::new(address, "邻里").ok();
            assert_eq!(party.as_ref().map(Party::host), host, "{address}");
        }
    }

    #[test]
    fn a_question_asks_for_a_key_that_the_device_finds_and_unlocks_by_itself() {
        let party = Party::local(8080, "邻里").unwrap();
        let asked = party.ask_for_new(AccountId(uuid::Uuid::from_u128(7)), ("li.na", "李娜"), &[]).unwrap().options;
        assert_eq!(asked["rp"], json!({ "id": "localhost", "name": "邻里" }));
        assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
        let any = party.ask_for_any().unwrap().options;
        assert_eq!(any["userVerification"], "required");
        assert_eq!(any["allowCredentials"], json!([]), "no key and so no account is named");
        assert_ne!(any["challenge"], party.ask_for_any().unwrap().options["challenge"]);
    }

    #[test]
    fn an_answer_that_is_none_is_told_apart_from_one_that_is_wrong() {
        let party = Party::local(8080, "邻里").unwrap();
        for answer in ["", "{}", "[1]", &"x".repeat(ANSWER_MAX_BYTES + 1)] {
            assert_eq!(party.claimed(answer).unwrap_err(), Fault::Unreadable);
            assert_eq!(party.take_new(answer, "{}").unwrap_err(), Fault::Unreadable);
        }
    }
}
