//! Signing in and out.
//!
//! Five wrong passwords lock an account for 15 minutes. Whether the name is unknown, the password wrong, the account
//! locked or disabled, the answer reads the same and takes the same time, so that nobody learns who has an account.

use sea_orm::FromQueryResult;

use super::{password::verify_password, sign_in_key, subject};
use crate::{
    app::App,
    clock::At,
    error::Result,
    event::NewEvent,
    ids::AccountId,
    reader::Reader,
    sessions,
    store::{Query, Tx},
    vals,
};

/// Wrong passwords until an account is locked.
pub const TRIES: i64 = 5;
/// How long it stays locked.
pub const LOCK_S: i64 = 15 * 60;

/// Signing in was refused; the reason is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

#[derive(FromQueryResult)]
struct Known {
    account_id: AccountId,
    display_name: String,
    password_hash: String,
    disabled: bool,
    locked_until: Option<At>,
}

/// Signs somebody in: the session's token, or a refusal.
pub async fn sign_in(app: &App, name: &str, password: String) -> Result<Result<String, Refused>> {
    let store = &app.store;
    let known: Option<Known> = store
        .reads()
        .row(
            "SELECT account_id, display_name, password_hash, disabled, locked_until FROM account
             WHERE division_code = $1 AND sign_in_name = $2",
            vals![store.division(), sign_in_key(name)],
        )
        .await?;
    let hash = known.as_ref().map(|k| k.password_hash.clone());
    let fits = verify_password(store.rng(), hash, password).await?;
    let Some(known) = known else { return Ok(Err(Refused)) };
    let now = store.now();
    if known.disabled || known.locked_until.is_some_and(|until| until > now) {
        return Ok(Err(Refused));
    }
    let reader = sessions::reader(app, known.account_id, known.display_name, now.day()).await?;
    let tx = store.begin(&reader).await?;
    if !fits {
        count_failure(&tx).await?;
        tx.commit().await?;
        return Ok(Err(Refused));
    }
    // Not by id alone: wrong passwords tried at the same moment may have locked it in between.
    let open = tx
        .execute(
            "UPDATE account SET failures = 0, locked_until = NULL WHERE division_code = $1 AND account_id = $2
             AND disabled = FALSE AND (locked_until IS NULL OR locked_until <= $3)",
            vals![tx.division(), reader.account, tx.now()],
        )
        .await?;
    if open == 0 {
        return Ok(Err(Refused));
    }
    let token = sessions::begin(&tx, reader.account).await?;
    tx.event(NewEvent::new("account.signed-in", subject(reader.account))).await?;
    tx.commit().await?;
    Ok(Ok(token))
}

/// Counts a wrong password of the transaction's reader. `true` if it locked the account.
pub async fn count_failure(tx: &Tx) -> Result<bool> {
    let account = tx.reader().account;
    let (now, until) = (tx.now(), tx.now().plus_s(LOCK_S));
    // A lock that has run out starts the count anew.
    tx.execute(
        "UPDATE account SET failures = CASE WHEN locked_until <= $3 THEN 1 ELSE failures + 1 END, locked_until = NULL
         WHERE division_code = $1 AND account_id = $2",
        vals![tx.division(), account, now],
    )
    .await?;
    let locked = tx
        .execute(
            "UPDATE account SET locked_until = $3 WHERE division_code = $1 AND account_id = $2 AND failures >= $4",
            vals![tx.division(), account, until, TRIES],
        )
        .await?;
    tx.event(NewEvent::new("account.sign-in-failed", subject(account))).await?;
    if locked > 0 {
        tx.event(NewEvent::new("account.locked", subject(account))).await?;
    }
    Ok(locked > 0)
}

/// Signs somebody out.
pub async fn sign_out(app: &App, reader: &Reader, token: &str) -> Result<()> {
    let tx = app.store.begin(reader).await?;
    sessions::end(&tx, token).await?;
    tx.event(NewEvent::new("account.signed-out", subject(reader.account))).await?;
    tx.commit().await
}
