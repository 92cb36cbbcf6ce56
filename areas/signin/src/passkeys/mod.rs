//! Passkeys (通行密钥) of accounts, by Web Authentication level 3.
//!
//! Each is discoverable (the device knows whose it is, so that nobody types a name and no answer of ours tells whether a
//! name is known) and asks for the person's PIN or body each time; so it is two factors in one. It is bound to the public
//! address: another site, however alike, gets nothing from it.

mod party;
mod store;
mod way;

use linli_platform::{
    Result, accounts, app::App, clock::At, error::AppError, event::NewEvent, free_text, ids::AccountId, notices,
    second_factor, store::Tx,
};
pub use party::{Fault, Party, PartyError, Question};
use sea_orm::FromQueryResult;
pub use store::{find, of_account};
pub use way::Passkeys;
use webauthn_rs::prelude::Passkey;

use crate::ids::PasskeyId;

/// Passkeys of one account at most.
pub const MOST: usize = 10;
/// Characters of a passkey's name at most.
pub const NAME_MAX_CHARS: usize = 40;
/// The way's code in events.
pub const METHOD: &str = "passkey";

/// A passkey as its owner sees it, and the key itself.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Kept {
    /// Id.
    pub passkey_id: PasskeyId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The name its owner gave it.
    pub name: String,
    /// When it was added.
    pub made_at: At,
    /// When it was used last.
    pub used_at: Option<At>,
    credential: String,
}

impl Kept {
    /// The public key with its counter.
    ///
    /// # Errors
    /// `internal` if what is stored is no key.
    pub fn key(&self) -> Result<Passkey> {
        Ok(serde_json::from_str(&self.credential)?)
    }
}

/// Whether a text can be a passkey's name: trimmed, not empty, not too long, nobody's number.
///
/// # Errors
/// `passkey-name`; those of the guard against personal text.
pub fn check_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX_CHARS {
        return Err(AppError::rule("passkey-name").arg("most", NAME_MAX_CHARS));
    }
    free_text::check(name)?;
    Ok(name)
}

/// Adds a passkey to the account of the transaction's reader. Returns recovery codes where the account had none: whoever
/// loses the device then still gets in.
///
/// # Errors
/// `passkey-name`; `passkey-many` beyond [`MOST`]; `passkey-known` if this very key is on file.
pub async fn add(tx: &Tx, key: &Passkey, name: &str) -> Result<Option<Vec<String>>> {
    let name = check_name(name)?;
    let account = tx.reader().account;
    if of_account(tx, account).await?.len() >= MOST {
        return Err(AppError::rule("passkey-many").arg("most", MOST));
    }
    if find(tx, key.cred_id().as_ref()).await?.is_some() {
        return Err(AppError::rule("passkey-known"));
    }
    store::insert(tx, key, name).await?;
    tx.event(NewEvent::new("account.passkey-added", accounts::subject(account))).await?;
    match second_factor::recovery_left(tx, account).await? {
        0 => Ok(Some(second_factor::renew_recovery(tx).await?)),
        _ => Ok(None),
    }
}

/// Takes a passkey of the transaction's reader away; the recovery codes too, if it was the last second factor of any kind.
///
/// # Errors
/// `not-found` if it is gone or another's.
pub async fn remove(tx: &Tx, id: PasskeyId) -> Result<()> {
    let account = tx.reader().account;
    store::delete(tx, account, id).await?;
    tx.event(NewEvent::new("account.passkey-removed", accounts::subject(account))).await?;
    let others = of_account(tx, account).await?.len();
    if others == 0 && !second_factor::is_active(tx, account).await? {
        second_factor::drop_recovery(tx, account).await?;
    }
    Ok(())
}

/// Whether taking one passkey away would leave an account without the second factor that a role of it asks for.
pub async fn is_asked_for(app: &App, account: AccountId) -> Result<bool> {
    let reads = app.store.reads();
    let roles = linli_platform::sessions::roles_on(&reads, account, app.store.clock().today()).await?;
    let others = of_account(&reads, account).await?.len() > 1 || second_factor::is_active(&reads, account).await?;
    Ok(app.access.asks_second_factor(&roles) && !others)
}

/// Notes what an answer changed of a key, such as its counter.
pub async fn used(tx: &Tx, kept: &Kept, key: &Passkey) -> Result<()> {
    store::update(tx, kept.passkey_id, key).await
}

/// Notes that a passkey of the transaction's reader was refused. One whose counter went backwards may be a copy, and the
/// security officer hears of it.
pub async fn refused(tx: &Tx, fault: Fault) -> Result<()> {
    let account = tx.reader().account;
    let suspect = fault == Fault::Suspect;
    let kind = if suspect { "account.passkey-suspect" } else { "account.sign-in-failed" };
    let body = serde_json::json!({ "method": METHOD });
    tx.event(NewEvent::new(kind, accounts::subject(account)).body(body)).await?;
    if suspect {
        notices::raise(tx, notices::Kind::PasskeySuspect, account, 1).await?;
    }
    Ok(())
}

/// How many passkeys an account has.
pub async fn count(q: &impl linli_platform::store::Query, account: AccountId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM passkey WHERE division_code = $1 AND account_id = $2";
    q.number(sql, linli_platform::vals![q.division(), account]).await
}
