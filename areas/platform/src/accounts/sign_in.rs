//! Signing in and out, with a code of the second factor where there is one.
//!
//! Five wrong passwords lock an account for 15 minutes. Whether the name is unknown, the password wrong, the account
//! locked or disabled, the answer reads the same and takes the same time, so that nobody learns who has an account.

use sea_orm::FromQueryResult;

use super::{password::verify_password, sign_in_key, subject};
use crate::{
    app::App,
    clock::At,
    error::{AppError, Result},
    event::NewEvent,
    ids::{AccountId, PushId},
    push,
    reader::Reader,
    second_factor,
    sessions::{self, Opening},
    store::{Query, Tx},
    vals, ways,
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

/// Somebody gave the right password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session's token.
    pub token: String,
    /// Whether the code of the second factor is still to be given; until then the session opens nothing.
    pub code_due: bool,
}

/// Signs somebody in on a device: the session's token, or a refusal.
pub async fn sign_in(app: &App, name: &str, password: String, device: &str) -> Result<Result<SignedIn, Refused>> {
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
    // Not by id alone: wrong passwords tried at the same moment may have locked it in between. The count is kept where
    // a code is still to come: it is tried no more often than a password.
    let open = tx
        .execute(
            "UPDATE account SET failures = CASE WHEN locked_until IS NOT NULL OR NOT EXISTS (
                 SELECT 1 FROM second_factor f WHERE f.division_code = account.division_code
                 AND f.account_id = account.account_id AND f.active = TRUE) THEN 0 ELSE failures END,
             locked_until = NULL WHERE division_code = $1 AND account_id = $2
             AND disabled = FALSE AND (locked_until IS NULL OR locked_until <= $3)",
            vals![tx.division(), reader.account, tx.now()],
        )
        .await?;
    if open == 0 {
        return Ok(Err(Refused));
    }
    let code_due = ways::has_factor(app, reader.account).await?;
    let token =
        sessions::begin_on(&tx, reader.account, Opening { device: device.into(), factor_due: code_due }).await?;
    let kind = if code_due { "account.password-given" } else { "account.signed-in" };
    tx.event(NewEvent::new(kind, subject(reader.account))).await?;
    tx.commit().await?;
    Ok(Ok(SignedIn { token, code_due }))
}

/// Takes the code of the second factor in the session of a token and begins another session, which opens what the
/// roles allow. A wrong code counts like a wrong password, and a lock ends the session.
pub async fn give_code(
    app: &App,
    reader: &Reader,
    token: &str,
    code: &str,
    device: &str,
) -> Result<Result<String, Refused>> {
    let tx = app.store.begin(reader).await?;
    if !second_factor::accepts(&tx, code).await? {
        if count_failure(&tx).await? {
            sessions::end_all(&tx, reader.account).await?;
        }
        tx.commit().await?;
        return Ok(Err(Refused));
    }
    let token = settle_factor(&tx, token, device, None).await?;
    tx.commit().await?;
    Ok(Ok(token))
}

/// The second factor was given in the session of a token, by a code or by another way (`method`): that session ends, and
/// another begins that opens what the roles allow. Returns its token.
pub async fn settle_factor(tx: &Tx, token: &str, device: &str, method: Option<&str>) -> Result<String> {
    let account = tx.reader().account;
    sessions::end(tx, token).await?;
    clear_failures(tx).await?;
    let token = sessions::begin_on(tx, account, Opening { device: device.into(), factor_due: false }).await?;
    let mut body = serde_json::json!({ "second_factor": true });
    if let Some(method) = method {
        body["method"] = method.into();
    }
    tx.event(NewEvent::new("account.signed-in", subject(account)).body(body)).await?;
    Ok(token)
}

/// The account as a reader, if it may sign in by another way than the password. Wrong passwords of somebody else do not
/// lock such a way: it cannot be guessed.
pub async fn admitted(app: &App, account: AccountId) -> Result<Result<Reader, Refused>> {
    let found = super::find(&app.store.reads(), account).await;
    match found {
        Ok(known) if !known.disabled => {
            Ok(Ok(sessions::reader(app, account, known.display_name, app.store.now().day()).await?))
        }
        Ok(_) => Ok(Err(Refused)),
        Err(e) if e.is("not-found") => Ok(Err(Refused)),
        Err(e) => Err(e),
    }
}

/// How a session begins by another way than the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By<'a> {
    /// Code of the way. Fluent text: `sign-in-method-<code>`.
    pub method: &'static str,
    /// The device, in words.
    pub device: &'a str,
    /// Whether the second factor is still to be given.
    pub factor_due: bool,
}

/// Begins a session of the transaction's reader, whom [`admitted`] let in.
///
/// # Errors
/// `stale-version` if the account was disabled meanwhile.
pub async fn begin_session(tx: &Tx, by: By<'_>) -> Result<SignedIn> {
    let account = tx.reader().account;
    // The account's row first: whoever disables it at this moment ends this session too.
    tx.execute_one(
        "UPDATE account SET version = version WHERE division_code = $1 AND account_id = $2 AND disabled = FALSE",
        vals![tx.division(), account],
    )
    .await?;
    let opening = Opening { device: by.device.into(), factor_due: by.factor_due };
    let token = sessions::begin_on(tx, account, opening).await?;
    let body = serde_json::json!({ "method": by.method, "second_factor": !by.factor_due });
    let kind = if by.factor_due { "account.identity-given" } else { "account.signed-in" };
    tx.event(NewEvent::new(kind, subject(account)).body(body)).await?;
    Ok(SignedIn { token, code_due: by.factor_due })
}

async fn clear_failures(tx: &Tx) -> Result<()> {
    tx.execute(
        "UPDATE account SET failures = 0 WHERE division_code = $1 AND account_id = $2",
        vals![tx.division(), tx.reader().account],
    )
    .await?;
    Ok(())
}

/// Whether the one at the screen is who is signed in: a code or recovery code where there is a second factor of whatever
/// kind, else the password.
/// Whoever sits at an open screen has as few tries as whoever signs in.
///
/// # Errors
/// `not-signed-in` if this try locked the account: every session has ended then.
pub async fn proves(app: &App, reader: &Reader, given: String) -> Result<bool> {
    let reads = app.store.reads();
    let with_code = ways::has_factor(app, reader.account).await?;
    let fits_password = if with_code {
        false
    } else {
        let hash = super::password_hash(&reads, reader.account).await?;
        verify_password(app.store.rng(), Some(hash), given.clone()).await?
    };
    if fits_password {
        return Ok(true);
    }
    let tx = app.store.begin(reader).await?;
    let accepted = with_code && second_factor::accepts(&tx, &given).await?;
    let locked = !accepted && count_failure(&tx).await?;
    if locked {
        sessions::end_all(&tx, reader.account).await?;
    }
    tx.commit().await?;
    if locked {
        return Err(AppError::with("not-signed-in", http::StatusCode::UNAUTHORIZED));
    }
    Ok(accepted)
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
pub async fn sign_out(app: &App, reader: &Reader, token: &str, device: Option<PushId>) -> Result<()> {
    let tx = app.store.begin(reader).await?;
    sessions::end(&tx, token).await?;
    if let Some(device) = device {
        push::end_here(&tx, device).await?;
    }
    tx.event(NewEvent::new("account.signed-out", subject(reader.account))).await?;
    tx.commit().await
}
