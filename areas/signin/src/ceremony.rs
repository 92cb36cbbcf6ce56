//! Ceremonies (登录仪式): what the server has to remember between its question and the browser's answer.
//!
//! A row lives for minutes and counts once: whoever answers takes it away in the same transaction, so that of two
//! answers at one moment one finds nothing. Its token is known to the browser alone and kept as a digest; where the
//! answer has to come from the browser that was asked, the digest of something which only that browser has is beside it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use linli_platform::{
    Result,
    error::AppError,
    ids::AccountId,
    reader::Reader,
    store::{Query, Store, Tx},
    vals,
};
use sea_orm::FromQueryResult;
use sha2::{Digest, Sha256};

/// A device, a PIN and some looking for the key take less than this.
pub const LIFETIME_S: i64 = 10 * 60;
/// So many may be under way at once; more is nobody signing in.
pub const OPEN_MAX: i64 = 10_000;
/// A token as text: 32 bytes in base64.
const TOKEN_CHARS: usize = 43;

linli_platform::codes! {
    /// What a ceremony is for.
    Kind {
        /// Adding a passkey to the own account.
        PasskeyAdded = "passkey-added",
        /// Signing in with a passkey.
        PasskeySignIn = "passkey-sign-in",
        /// A passkey as the second factor after the password.
        PasskeyCode = "passkey-code",
        /// A passkey to show again who it is.
        PasskeyProof = "passkey-proof",
        /// Signing in by the provider.
        SsoSignIn = "sso-sign-in",
        /// Signing in at the provider anew, to show again who it is.
        SsoProof = "sso-proof",
        /// Asking the provider which identity the own account is to be linked with.
        SsoLink = "sso-link",
        /// Confirming that identity.
        SsoConfirm = "sso-confirm",
    }
}

/// A ceremony that is open.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Open {
    /// A code of [`Kind`].
    pub kind: String,
    /// Whose it is, where it is somebody's.
    pub account_id: Option<AccountId>,
    /// What is needed to check the answer.
    pub state: String,
}

/// What a ceremony begins with.
pub struct New<'a> {
    /// What it is for.
    pub kind: Kind,
    /// Whose it is, where it is somebody's.
    pub account: Option<AccountId>,
    /// What only the browser that is asked has; empty where any may answer.
    pub browser: &'a str,
    /// What is needed to check the answer.
    pub state: String,
}

/// A random text of 256 bits.
pub fn secret(store: &Store) -> String {
    URL_SAFE_NO_PAD.encode(store.rng().bytes::<32>())
}

fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Begins a ceremony and clears away those that were never finished. Returns its token.
///
/// # Errors
/// `ceremonies-too-many` while [`OPEN_MAX`] are under way.
pub async fn begin(store: &Store, new: New<'_>) -> Result<String> {
    let token = secret(store);
    let tx = store.begin(&Reader::system()).await?;
    tx.housekeeping("ceremonies come and go; what they lead to has its own event");
    let values = vals![tx.division(), tx.now().plus_s(-LIFETIME_S)];
    tx.execute("DELETE FROM sign_in_ceremony WHERE division_code = $1 AND made_at <= $2", values).await?;
    let open =
        tx.number("SELECT COUNT(*) FROM sign_in_ceremony WHERE division_code = $1", vals![tx.division()]).await?;
    if open >= OPEN_MAX {
        return Err(AppError::with("ceremonies-too-many", http::StatusCode::TOO_MANY_REQUESTS));
    }
    let columns = ["division_code", "token_hash", "kind", "account_id", "browser_hash", "state", "made_at"];
    let row =
        vals![tx.division(), digest(&token), new.kind.code(), new.account, digest(new.browser), new.state, tx.now()];
    tx.insert_many("sign_in_ceremony", &columns, vec![row]).await?;
    tx.commit().await?;
    Ok(token)
}

/// The open ceremony of a token, if it is of one of these kinds and this browser was asked.
pub async fn find(q: &impl Query, token: &str, kinds: &[Kind], browser: &str) -> Result<Option<Open>> {
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    let sql = "SELECT kind, account_id, state FROM sign_in_ceremony
               WHERE division_code = $1 AND token_hash = $2 AND browser_hash = $3 AND made_at > $4";
    let values = vals![q.division(), digest(token), digest(browser), q.store().now().plus_s(-LIFETIME_S)];
    let open: Option<Open> = q.row(sql, values).await?;
    Ok(open.filter(|open| kinds.iter().any(|kind| kind.code() == open.kind)))
}

/// Takes a ceremony away, in the transaction of what it leads to. `false` if somebody was faster.
pub async fn spend(tx: &Tx, token: &str) -> Result<bool> {
    let sql = "DELETE FROM sign_in_ceremony WHERE division_code = $1 AND token_hash = $2";
    let spent = tx.execute(sql, vals![tx.division(), digest(token)]).await?;
    tx.housekeeping("ceremonies come and go; what they lead to has its own event");
    Ok(spent == 1)
}

/// Takes a ceremony away whose answer was wrong, or before it is known what it leads to. `false` if somebody was faster.
pub async fn spend_alone(store: &Store, token: &str) -> Result<bool> {
    let tx = store.begin(&Reader::system()).await?;
    let spent = spend(&tx, token).await?;
    tx.commit().await?;
    Ok(spent)
}
