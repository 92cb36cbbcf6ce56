//! Who is signed in (会话): an opaque token in a cookie, its digest in the table `session`.
//!
//! A session ends 12 hours after it began, or 30 minutes after it was last used. The token has 256 random bits and
//! is known to the browser alone; the store holds its SHA-256, so that a copy of the database signs nobody in.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::FromQueryResult;
use sha2::{Digest, Sha256};

use crate::{
    access::{Action, Role},
    app::App,
    clock::{At, Day},
    emergency,
    error::{AppError, Result},
    event::NewEvent,
    ids::{AccountId, SessionId},
    proof::Proof,
    push,
    reader::{Reader, Scope},
    store::{Query, Store, Tx},
    vals, ways,
};

/// A session ends this long after it began.
pub const ABSOLUTE_S: i64 = 12 * 3600;
/// A session ends this long after it was last used.
pub const IDLE_S: i64 = 30 * 60;
/// The code of the second factor is to be given within this time of the password.
pub const CODE_S: i64 = 10 * 60;
/// Characters that are kept of a device's name.
const DEVICE_MAX_CHARS: usize = 60;
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
    let (value, age_s) = token.map_or(("", 0), |t| (t, ABSOLUTE_S));
    set_cookie(name, value, age_s, secure)
}

/// The value of `Set-Cookie` for what scripts and other sites never see.
pub(crate) fn set_cookie(name: &str, value: &str, age_s: i64, secure: bool) -> String {
    let mark = if secure { "; Secure" } else { "" };
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
    /// What is still missing of the second factor.
    pub factor: Factor,
}

/// What is missing of the second factor of somebody who gave the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// Nothing.
    Settled,
    /// The code has to be given first.
    Due,
    /// A role asks for a second factor, and there is none yet.
    ToEnrol,
}

/// How a session begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// The device, in words that its owner recognises; never an address.
    pub device: String,
    /// Whether the code of the second factor is still to be given.
    pub factor_due: bool,
}

/// The digest under which a session's token is stored.
pub fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Begins a session on a device that is not told. Returns the token for the cookie.
pub async fn begin(tx: &Tx, account: AccountId) -> Result<String> {
    begin_on(tx, account, Opening::default()).await
}

/// Begins a session and clears away those that have ended. Returns the token for the cookie.
pub async fn begin_on(tx: &Tx, account: AccountId, opening: Opening) -> Result<String> {
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
    tx.execute(
        "INSERT INTO session_proof (division_code, token_hash, session_id, device, factor_due, proved_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        vals![
            tx.division(),
            digest(&token),
            tx.new_id::<SessionId>(),
            opening.device.chars().take(DEVICE_MAX_CHARS).collect::<String>(),
            opening.factor_due,
            tx.now()
        ],
    )
    .await?;
    forget_ended(tx).await?;
    tx.housekeeping("sessions come and go; signing in has its own event");
    Ok(token)
}

/// Takes away what was known of sessions that are gone.
pub(crate) async fn forget_ended(tx: &Tx) -> Result<()> {
    tx.execute(
        "DELETE FROM session_proof WHERE division_code = $1 AND NOT EXISTS (
             SELECT 1 FROM session s WHERE s.division_code = session_proof.division_code
             AND s.token_hash = session_proof.token_hash)",
        vals![tx.division()],
    )
    .await?;
    Ok(())
}

/// Whether the password, a code or something as good was given in the session of a token within the last minutes that
/// the policy pack names: asked before the own ways to sign in change, whatever the installation asks for records.
pub async fn proved_lately(app: &App, token: &str) -> Result<bool> {
    let minutes = i64::from(*app.pack.governance.access.step_up_minutes);
    let sql = "SELECT COUNT(*) FROM session_proof WHERE division_code = $1 AND token_hash = $2 AND proved_at > $3";
    let store = &app.store;
    let values = vals![store.division(), digest(token), store.now().plus_s(-60 * minutes)];
    Ok(store.reads().number(sql, values).await? > 0)
}

/// Ends the session of a token.
pub async fn end(tx: &Tx, token: &str) -> Result<()> {
    tx.execute("DELETE FROM session WHERE division_code = $1 AND token_hash = $2", vals![tx.division(), digest(token)])
        .await?;
    forget_ended(tx).await?;
    tx.housekeeping("sessions come and go; signing out has its own event");
    Ok(())
}

/// Ends all sessions of an account, and what is pushed to its devices: it was disabled, or its password changed.
pub async fn end_all(tx: &Tx, account: AccountId) -> Result<()> {
    push::end_all(tx, account).await?;
    tx.execute("DELETE FROM session WHERE division_code = $1 AND account_id = $2", vals![tx.division(), account])
        .await?;
    forget_ended(tx).await?;
    tx.housekeeping("sessions come and go; what ends them has its own event");
    Ok(())
}

/// A session as its owner sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct OpenSession {
    /// Id; not the token.
    pub session_id: SessionId,
    /// The device.
    pub device: String,
    /// When it began.
    pub made_at: At,
    /// When it was last used, to the minute.
    pub seen_at: At,
    token_hash: Vec<u8>,
}

impl OpenSession {
    /// Whether it is the one of this token.
    pub fn is_of(&self, token: &str) -> bool {
        self.token_hash == digest(token)
    }
}

/// The open sessions of an account, the last used first.
pub async fn of_account(q: &impl Query, account: AccountId) -> Result<Vec<OpenSession>> {
    let now = q.store().now();
    q.rows(
        "SELECT p.session_id, p.device, s.made_at, s.seen_at, s.token_hash
         FROM session s JOIN session_proof p ON p.division_code = s.division_code AND p.token_hash = s.token_hash
         WHERE s.division_code = $1 AND s.account_id = $2 AND s.made_at > $3 AND s.seen_at > $4
         ORDER BY s.seen_at DESC, p.session_id",
        vals![q.division(), account, now.plus_s(-ABSOLUTE_S), now.plus_s(-IDLE_S)],
    )
    .await
}

/// Ends one session of the transaction's reader.
///
/// # Errors
/// `not-found` if it has ended or is another's.
pub async fn end_one(tx: &Tx, id: SessionId) -> Result<()> {
    let own = of_account(tx, tx.reader().account).await?;
    let session = own.into_iter().find(|s| s.session_id == id).ok_or_else(AppError::not_found)?;
    tx.execute(
        "DELETE FROM session WHERE division_code = $1 AND token_hash = $2",
        vals![tx.division(), session.token_hash],
    )
    .await?;
    forget_ended(tx).await?;
    tx.event(NewEvent::new("account.session-ended", crate::accounts::subject(tx.reader().account))).await?;
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
    factor_due: bool,
    proved_at: Option<At>,
    factors: i64,
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
            "SELECT s.account_id, s.made_at, s.seen_at, a.sign_in_name, a.display_name, a.must_change, a.language,
                    p.factor_due, p.proved_at,
                    (SELECT COUNT(*) FROM second_factor f WHERE f.division_code = s.division_code
                     AND f.account_id = s.account_id AND f.active = TRUE) AS factors
             FROM session s JOIN account a ON a.division_code = s.division_code AND a.account_id = s.account_id
             JOIN session_proof p ON p.division_code = s.division_code AND p.token_hash = s.token_hash
             WHERE s.division_code = $1 AND s.token_hash = $2 AND a.disabled = FALSE AND s.made_at > $3 AND s.seen_at > $4",
            vals![store.division(), digest(token), now.plus_s(-ABSOLUTE_S), now.plus_s(-IDLE_S)],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    if row.factor_due && row.made_at <= now.plus_s(-CODE_S) {
        return Ok(None);
    }
    if row.seen_at <= now.plus_s(-TOUCH_S) && row.made_at <= now {
        touch(store, token).await;
    }
    let language = Some(row.language).filter(|l| !l.is_empty());
    let mut reader = reader(app, row.account_id, row.display_name, now.day()).await?;
    let factor = match (row.factor_due, row.factors > 0) {
        (true, _) => Factor::Due,
        (false, false) if app.access.asks_second_factor(&[&reader.roles[..], &reader.pending].concat()) => {
            let other =
                ways::is_factor(app, row.account_id).await? || ways::began_strongly(app, &digest(token)).await?;
            if other { Factor::Settled } else { Factor::ToEnrol }
        }
        _ => Factor::Settled,
    };
    if factor != Factor::Settled {
        // Whatever a page forgets to ask: without the second factor nothing is seen.
        reader =
            Reader { account: reader.account, name: reader.name, scope: Scope::Grids(Vec::new()), ..Reader::system() };
    }
    reader.proof = Proof::of_session(app, row.proved_at);
    Ok(Some(Session { reader, sign_in_name: row.sign_in_name, must_change: row.must_change, language, factor }))
}

/// The reader that an account is on a day: its roles of that day, and what they let it see. This is the one place
/// where roles come into force.
pub async fn reader(app: &App, account: AccountId, name: String, day: Day) -> Result<Reader> {
    let held = roles_on(&app.store.reads(), account, day).await?;
    let scope = app.scopes.scope(&app.store, account, day).await?;
    // R3: a signed agreement comes before access, whatever the action is and whether or not it has a scope.
    let opens = held.iter().any(|r| r.allows(Action::RegisterUnmask));
    let emergencies = match scope.agreed && opens {
        true => emergency::of_account(&app.store.reads(), account).await?,
        false => Vec::new(),
    };
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
        proof: Proof::NotAsked,
        people_an_hour: Some(i64::from(*app.pack.governance.access.people_an_hour)),
        emergencies,
        client: None,
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
