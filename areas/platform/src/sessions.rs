//! Who is signed in (会话): an opaque token in a cookie, its digest in the table `session`.
//!
//! A session ends 12 hours after it began, or 30 minutes after it was last used. The token has 256 random bits and
//! is known to the browser alone; the store holds its SHA-256, so that a copy of the database signs nobody in.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::FromQueryResult;
use sha2::{Digest, Sha256};

use crate::{
    access::Role,
    app::App,
    clock::{At, Day},
    error::Result,
    ids::AccountId,
    reader::{Reader, Scope},
    store::{Query, Store, Tx},
    vals,
};

/// A session ends this long after it began.
pub const ABSOLUTE_S: i64 = 12 * 3600;
/// A session ends this long after it was last used.
pub const IDLE_S: i64 = 30 * 60;
/// Use is noted at most this often.
const TOUCH_S: i64 = 60;
/// A page does not wait longer than this for the note that the session was used.
const TOUCH_WAIT: Duration = Duration::from_millis(200);
/// A token as text: 32 bytes in base64.
const TOKEN_CHARS: usize = 43;

/// The cookie's name. Under TLS its prefix binds it to this very host.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-linli" } else { "linli" }
}

/// The `Set-Cookie` value that hands a token to the browser; without a token, the one that takes it away.
pub fn cookie(secure: bool, token: Option<&str>) -> String {
    let name = cookie_name(secure);
    let mark = if secure { "; Secure" } else { "" };
    let (value, age_s) = token.map_or(("", 0), |t| (t, ABSOLUTE_S));
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_s}{mark}")
}

/// A session with the account it is for.
pub struct Session {
    /// Who reads, how far.
    pub reader: Reader,
    /// Name the account signs in with.
    pub sign_in_name: String,
    /// Whether the password has to be changed first.
    pub must_change: bool,
    /// Language chosen on the account, if any.
    pub language: Option<String>,
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Begins a session and clears away those that have ended. Returns the token for the cookie.
pub async fn begin(tx: &Tx, account: AccountId) -> Result<String> {
    let token = URL_SAFE_NO_PAD.encode(tx.store().rng().bytes::<32>());
    tx.execute(
        "DELETE FROM session WHERE division_code = $1 AND (made_at <= $2 OR seen_at <= $3)",
        vals![tx.division(), tx.now().plus_s(-ABSOLUTE_S), tx.now().plus_s(-IDLE_S)],
    )
    .await?;
    tx.execute(
        "INSERT INTO session (division_code, token_hash, account_id, made_at, seen_at) VALUES ($1, $2, $3, $4, $5)",
        vals![tx.division(), digest(&token), account, tx.now(), tx.now()],
    )
    .await?;
    tx.housekeeping("sessions come and go; signing in has its own event");
    Ok(token)
}

/// Ends the session of a token.
pub async fn end(tx: &Tx, token: &str) -> Result<()> {
    tx.execute("DELETE FROM session WHERE division_code = $1 AND token_hash = $2", vals![tx.division(), digest(token)])
        .await?;
    tx.housekeeping("sessions come and go; signing out has its own event");
    Ok(())
}

/// Ends all sessions of an account: it was disabled, or its password changed.
pub async fn end_all(tx: &Tx, account: AccountId) -> Result<()> {
    tx.execute("DELETE FROM session WHERE division_code = $1 AND account_id = $2", vals![tx.division(), account])
        .await?;
    tx.housekeeping("sessions come and go; what ends them has its own event");
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    account_id: AccountId,
    made_at: At,
    seen_at: At,
    sign_in_name: String,
    display_name: String,
    must_change: bool,
    language: String,
}

/// The session of a token, if it has not ended and its account is not disabled.
pub async fn load(app: &App, token: &str) -> Result<Option<Session>> {
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    let (store, now) = (&app.store, app.store.now());
    let row: Option<Row> = store
        .reads()
        .row(
            "SELECT s.account_id, s.made_at, s.seen_at, a.sign_in_name, a.display_name, a.must_change, a.language
             FROM session s JOIN account a ON a.division_code = s.division_code AND a.account_id = s.account_id
             WHERE s.division_code = $1 AND s.token_hash = $2 AND a.disabled = FALSE AND s.made_at > $3 AND s.seen_at > $4",
            vals![store.division(), digest(token), now.plus_s(-ABSOLUTE_S), now.plus_s(-IDLE_S)],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    if row.seen_at <= now.plus_s(-TOUCH_S) && row.made_at <= now {
        touch(store, token).await;
    }
    let language = Some(row.language).filter(|l| !l.is_empty());
    let reader = reader(app, row.account_id, row.display_name, now.day()).await?;
    Ok(Some(Session { reader, sign_in_name: row.sign_in_name, must_change: row.must_change, language }))
}

/// The reader that an account is on a day: its roles of that day, and what they let it see. This is the one place
/// where roles come into force.
pub async fn reader(app: &App, account: AccountId, name: String, day: Day) -> Result<Reader> {
    let held = roles_on(&app.store.reads(), account, day).await?;
    let scope = app.scopes.scope(&app.store, account, day).await?;
    // R3: a signed agreement comes before access, whatever the action is and whether or not it has a scope.
    let (roles, pending) = if scope.agreed { (held, Vec::new()) } else { (Vec::new(), held) };
    Ok(Reader {
        account,
        name,
        roles,
        pending,
        grants: scope.grants,
        action: None,
        scope: if scope.division { Scope::Division } else { Scope::Grids(scope.grids) },
        employers: scope.employers,
        committees: scope.committees,
        resident: None,
    })
}

/// The roles an account holds on a day, in the order of [`Role::ALL`], each once.
pub async fn roles_on(q: &impl Query, account: AccountId, day: Day) -> Result<Vec<Role>> {
    #[derive(FromQueryResult)]
    struct RoleRow {
        role: String,
    }
    let rows: Vec<RoleRow> = q
        .rows(
            "SELECT DISTINCT role FROM account_role WHERE division_code = $1 AND account_id = $2
             AND from_day <= $3 AND (until_day IS NULL OR until_day > $3)",
            vals![q.division(), account, day],
        )
        .await?;
    let mut roles: Vec<Role> = rows.iter().filter_map(|r| Role::from_code(&r.role)).collect();
    roles.sort();
    Ok(roles)
}

/// Notes that a session was used. A long import may hold the writer; the page goes on without waiting for it.
async fn touch(store: &Store, token: &str) {
    let (store, hash) = (store.clone(), digest(token));
    let noting = tokio::spawn(async move {
        let tx = store.begin(&Reader::system()).await?;
        tx.housekeeping("a session was used");
        tx.execute(
            "UPDATE session SET seen_at = $3 WHERE division_code = $1 AND token_hash = $2",
            vals![store.division(), hash, tx.now()],
        )
        .await?;
        tx.commit().await
    });
    match tokio::time::timeout(TOUCH_WAIT, noting).await {
        Ok(Ok(Err(e))) => tracing::warn!(code = e.code, "the use of a session was not noted"),
        Ok(Err(_)) => tracing::warn!("the use of a session was not noted"),
        Ok(Ok(Ok(()))) | Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_bound_to_the_host_under_tls_and_taken_away_at_the_end() {
        assert_eq!(cookie(true, Some("t")), "__Host-linli=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure");
        assert_eq!(cookie(false, None), "linli=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }
}
