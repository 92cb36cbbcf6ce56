//! Accounts (账号): creating and disabling them, their passwords, and the roles they hold by date.
//!
//! Three administrators are three people (R38): the system administrator makes accounts, which have no roles; the
//! security officer grants and ends roles; the auditor reads what both did. An account that holds one of these
//! three roles can hold no other.

pub mod password;
pub mod roles;
mod sign_in;

use sea_orm::FromQueryResult;
use uuid::Uuid;

pub use password::{PasswordFault, check_password, hash_password, verify_password};
pub use roles::{HeldRole, end_role, grant_role, roles_of};
pub use sign_in::{
    By, LOCK_S, Refused, SignedIn, TRIES, admitted, begin_session, count_failure, give_code, proves, settle_factor,
    sign_in, sign_out,
};

use crate::{
    access::Role,
    app::App,
    clock::At,
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    reader::Reader,
    sessions,
    store::{Query, Tx},
    vals,
};

/// Characters of a sign-in name at most.
pub const NAME_MAX_CHARS: usize = 40;
/// Characters of a displayed name at most.
pub const DISPLAY_MAX_CHARS: usize = 60;

/// An account about to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// Name it signs in with; compared in lower case.
    pub sign_in_name: String,
    /// Name shown beside its work.
    pub display_name: String,
    /// Argon2id in PHC form, from [`hash_password`].
    pub password_hash: String,
    /// Roles from today on, each with its area (a committee code, a grid, employer or division code as text).
    /// Pages give none: roles are the security officer's (R38). Installation and demonstration do.
    pub roles: Vec<(Role, String)>,
    /// Whether the password has to be changed at the first sign-in.
    pub must_change: bool,
}

/// An account as the administrators see it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Account {
    /// Id.
    pub account_id: AccountId,
    /// Name it signs in with.
    pub sign_in_name: String,
    /// Name shown.
    pub display_name: String,
    /// Whether the password has to be changed first.
    pub must_change: bool,
    /// Whether it can sign in.
    pub disabled: bool,
    /// Locked until, after too many wrong passwords.
    pub locked_until: Option<At>,
    /// When it was made.
    pub made_at: At,
    /// `zh-CN`, `en`, or empty while none was chosen.
    pub language: String,
    /// Grows with every change.
    pub version: i64,
}

impl Account {
    /// Whether too many wrong passwords keep it locked at an instant.
    pub fn is_locked(&self, now: At) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }
}

const COLUMNS: &str =
    "account_id, sign_in_name, display_name, must_change, disabled, locked_until, made_at, language, version";

/// The subject of an event about an account.
pub fn subject(account: AccountId) -> SubjectRef {
    SubjectRef::new("account", account, None)
}

/// A sign-in name as stored and compared: trimmed, lower case.
pub fn sign_in_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whether a text can be a sign-in name: 2 to 40 letters (Chinese too), digits, dots, dashes, underscores.
pub fn is_sign_in_name(name: &str) -> bool {
    let name = name.trim();
    (2..=NAME_MAX_CHARS).contains(&name.chars().count())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// Makes an account.
///
/// # Errors
/// `account-name` if the name cannot be one, `account-name-taken` if another account has it, `admins-apart` (R38).
pub async fn create(tx: &Tx, new: NewAccount) -> Result<AccountId> {
    let key = sign_in_key(&new.sign_in_name);
    let taken = tx
        .number(
            "SELECT COUNT(*) FROM account WHERE division_code = $1 AND sign_in_name = $2",
            vals![tx.division(), key],
        )
        .await?;
    if taken > 0 {
        return Err(AppError::rule("account-name-taken"));
    }
    Ok(create_many(tx, vec![new]).await?[0])
}

/// Makes many accounts at once, for an installation or the demonstration. Accounts may share one hash.
///
/// # Errors
/// As [`create`]; a name that is taken ends in the store's own error.
pub async fn create_many(tx: &Tx, new: Vec<NewAccount>) -> Result<Vec<AccountId>> {
    let mut ids = Vec::with_capacity(new.len());
    let (mut accounts, mut roles, mut events) = (Vec::with_capacity(new.len()), Vec::new(), Vec::new());
    let today = tx.now().day();
    for account in new {
        if !is_sign_in_name(&account.sign_in_name) {
            return Err(AppError::rule("account-name"));
        }
        let held: Vec<Role> = account.roles.iter().map(|(r, _)| *r).collect();
        roles::apart(&held)?;
        let id: AccountId = tx.new_id();
        accounts.push(vals![
            tx.division(),
            id,
            sign_in_key(&account.sign_in_name),
            account.display_name,
            account.password_hash,
            account.must_change,
            false,
            0_i64,
            None::<At>,
            tx.now(),
            "",
            1_i64
        ]);
        let codes: Vec<&str> = held.iter().map(|r| r.code()).collect();
        events.push(NewEvent::new("account.created", subject(id)).body(serde_json::json!({ "roles": codes })));
        for (role, area) in account.roles {
            roles.push(roles::row(tx, tx.new_id::<Uuid>(), id, role, &area, today, None));
        }
        ids.push(id);
    }
    let columns = [
        "division_code",
        "account_id",
        "sign_in_name",
        "display_name",
        "password_hash",
        "must_change",
        "disabled",
        "failures",
        "locked_until",
        "made_at",
        "language",
        "version",
    ];
    tx.insert_many("account", &columns, accounts).await?;
    tx.insert_many("account_role", roles::COLUMNS, roles).await?;
    tx.events(events).await?;
    Ok(ids)
}

/// One account.
pub async fn find(q: &impl Query, id: AccountId) -> Result<Account> {
    q.row(
        &format!("SELECT {COLUMNS} FROM account WHERE division_code = $1 AND account_id = $2"),
        vals![q.division(), id],
    )
    .await?
    .ok_or_else(AppError::not_found)
}

/// The account with a sign-in name.
pub async fn find_by_name(q: &impl Query, name: &str) -> Result<Option<Account>> {
    q.row(
        &format!("SELECT {COLUMNS} FROM account WHERE division_code = $1 AND sign_in_name = $2"),
        vals![q.division(), sign_in_key(name)],
    )
    .await
}

/// Accounts whose sign-in or displayed name holds a text, by sign-in name, and how many there are.
pub async fn list(q: &impl Query, part: &str, limit: i64, offset: i64) -> Result<(Vec<Account>, i64)> {
    let like = format!("%{}%", sign_in_key(part).replace(['%', '_', '\\'], ""));
    let condition = "division_code = $1 AND (sign_in_name LIKE $2 OR LOWER(display_name) LIKE $2)";
    let total = q
        .number(&format!("SELECT COUNT(*) FROM account WHERE {condition}"), vals![q.division(), like.as_str()])
        .await?;
    let rows = q
        .rows(
            &format!("SELECT {COLUMNS} FROM account WHERE {condition} ORDER BY sign_in_name LIMIT $3 OFFSET $4"),
            vals![q.division(), like, limit, offset],
        )
        .await?;
    Ok((rows, total))
}

/// Disables an account, or lets it sign in again. Disabling ends its sessions at once (R3).
pub async fn set_disabled(tx: &Tx, id: AccountId, disabled: bool) -> Result<()> {
    tx.execute_one(
        "UPDATE account SET disabled = $3, version = version + 1
         WHERE division_code = $1 AND account_id = $2 AND disabled <> $3",
        vals![tx.division(), id, disabled],
    )
    .await?;
    if disabled {
        sessions::end_all(tx, id).await?;
    }
    let kind = if disabled { "account.disabled" } else { "account.enabled" };
    tx.event(NewEvent::new(kind, subject(id))).await?;
    Ok(())
}

/// Sets a password by its hash, lifts a lock and ends all sessions. `must_change` is for a password that somebody
/// else has seen.
pub async fn set_password(tx: &Tx, id: AccountId, hash: &str, must_change: bool) -> Result<()> {
    tx.execute_one(
        "UPDATE account SET password_hash = $3, must_change = $4, failures = 0, locked_until = NULL,
         version = version + 1 WHERE division_code = $1 AND account_id = $2",
        vals![tx.division(), id, hash, must_change],
    )
    .await?;
    sessions::end_all(tx, id).await?;
    let kind = if must_change { "account.password-reset" } else { "account.password-changed" };
    tx.event(NewEvent::new(kind, subject(id))).await?;
    Ok(())
}

/// The hash of an account's password, for checking the old one before a change.
pub async fn password_hash(q: &impl Query, id: AccountId) -> Result<String> {
    #[derive(FromQueryResult)]
    struct Row {
        password_hash: String,
    }
    let row: Option<Row> = q
        .row("SELECT password_hash FROM account WHERE division_code = $1 AND account_id = $2", vals![q.division(), id])
        .await?;
    row.map(|r| r.password_hash).ok_or_else(AppError::not_found)
}

/// An account of whose sign-in the system administrator may decide: its password, its second factor, its identities.
///
/// R38: who resets a password can sign in with it, so nobody resets another administrator's here; the command line on
/// the server does.
///
/// # Errors
/// `account-own` for the own one, `account-administrator` for an administrator's, `not-found`.
pub async fn resettable(app: &App, reader: &Reader, id: AccountId) -> Result<Account> {
    if id == reader.account {
        return Err(AppError::rule("account-own"));
    }
    let account = find(&app.store.reads(), id).await?;
    let roles = sessions::roles_on(&app.store.reads(), id, app.store.clock().today()).await?;
    if roles.iter().any(|r| r.is_administrator()) {
        return Err(AppError::rule("account-administrator"));
    }
    Ok(account)
}

/// Notes the language an account reads in.
pub async fn set_language(tx: &Tx, id: AccountId, lang: crate::texts::Lang) -> Result<()> {
    tx.housekeeping("a taste, not a fact");
    tx.execute(
        "UPDATE account SET language = $3 WHERE division_code = $1 AND account_id = $2",
        vals![tx.division(), id, lang.code()],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_name_is_short_and_plain() {
        for (name, fits) in [
            ("wang.wei", true),
            (" li_na-2 ", true),
            ("李娜", true),
            ("a", false),
            ("two words", false),
            ("<b>", false),
            ("a@b", false),
        ] {
            assert_eq!(is_sign_in_name(name), fits, "{name:?}");
        }
        assert!(!is_sign_in_name(&"x".repeat(41)));
        assert_eq!(sign_in_key(" Wang.Wei "), "wang.wei");
    }
}
