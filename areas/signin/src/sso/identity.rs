//! Which account an identity is (账号关联). The claim's value is kept as a blind index and, for people to recognise it, as a
//! masked label; one identity is one account's, and one account has one identity under an issuer.

use linli_platform::{
    Result, accounts,
    clock::At,
    error::AppError,
    event::NewEvent,
    ids::AccountId,
    notices,
    store::{Query, Store, Tx},
    vals,
};
use sea_orm::FromQueryResult;

use crate::ids::IdentityId;

/// A claim's value is no longer than this.
pub const SUBJECT_MAX_CHARS: usize = 255;
/// The kind of the blind index.
const BLIND: &str = "sso";

/// An identity as the pages show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Identity {
    /// Id.
    pub identity_id: IdentityId,
    /// Whose it is.
    pub account_id: AccountId,
    /// Enough to recognise it.
    pub label_masked: String,
    /// When it was linked.
    pub made_at: At,
    /// When it signed in last.
    pub used_at: Option<At>,
}

const COLUMNS: &str = "identity_id, account_id, label_masked, made_at, used_at";

/// A value of the claim, as a blind index and a masked label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Equal for equal values under one issuer: the form that is written first, and while the indexes' key is exchanged
    /// the former one.
    pub blinds: Vec<Vec<u8>>,
    /// The first two characters and the last.
    pub masked: String,
}

impl Subject {
    /// Of a value that the provider or an administrator gave. Values are compared as they are: `sub` tells capital from
    /// small letters.
    ///
    /// # Errors
    /// `identity-subject` for an empty or endless one.
    pub fn of(store: &Store, issuer: &str, value: &str) -> Result<Subject> {
        let chars = value.chars().count();
        if chars == 0 || chars > SUBJECT_MAX_CHARS {
            return Err(AppError::rule("identity-subject").arg("most", SUBJECT_MAX_CHARS));
        }
        Ok(Subject { blinds: store.keys().blind_forms(BLIND, &format!("{issuer}\0{value}")), masked: masked(value) })
    }
}

fn masked(value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let head: String = chars.iter().take(if chars.len() > 4 { 2 } else { 1 }).collect();
    let tail: String = chars.last().filter(|_| chars.len() > 4).into_iter().collect();
    format!("{head}***{tail}")
}

/// The identity of an account under an issuer.
pub async fn of_account(q: &impl Query, account: AccountId, issuer: &str) -> Result<Option<Identity>> {
    let sql =
        format!("SELECT {COLUMNS} FROM sso_identity WHERE division_code = $1 AND account_id = $2 AND issuer = $3");
    q.row(&sql, vals![q.division(), account, issuer]).await
}

/// Who an identity is.
pub async fn find(q: &impl Query, issuer: &str, subject: &Subject) -> Result<Option<Identity>> {
    let mut values = vals![q.division(), issuer];
    values.extend(subject.blinds.iter().map(|form| sea_orm::Value::from(form.clone())));
    let marks: Vec<String> = (3..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM sso_identity WHERE division_code = $1 AND issuer = $2 AND subject_blind IN ({})",
        marks.join(", ")
    );
    q.row(&sql, values).await
}

/// Links an account with an identity. The security officer hears of it unless the account did it itself.
///
/// # Errors
/// `identity-taken` if it is another account's; `identity-there` if the account has one under this issuer.
pub async fn link(tx: &Tx, account: AccountId, issuer: &str, subject: &Subject) -> Result<()> {
    if find(tx, issuer, subject).await?.is_some() {
        return Err(AppError::rule("identity-taken"));
    }
    if of_account(tx, account, issuer).await?.is_some() {
        return Err(AppError::rule("identity-there"));
    }
    let (id, by): (IdentityId, AccountId) = (tx.new_id(), tx.reader().account);
    let columns = [
        "division_code",
        "identity_id",
        "account_id",
        "issuer",
        "subject_blind",
        "label_masked",
        "made_at",
        "made_account",
        "used_at",
    ];
    let row = vals![
        tx.division(),
        id,
        account,
        issuer,
        subject.blinds.first().cloned(),
        subject.masked.clone(),
        tx.now(),
        by,
        None::<At>
    ];
    tx.insert_many("sso_identity", &columns, vec![row]).await?;
    tx.event(NewEvent::new("account.identity-linked", accounts::subject(account))).await?;
    if by != account {
        notices::raise(tx, notices::Kind::IdentityLinked, account, 1).await?;
    }
    Ok(())
}

/// Ends the link of an account.
///
/// # Errors
/// `not-found` if there is none.
pub async fn unlink(tx: &Tx, account: AccountId, issuer: &str) -> Result<()> {
    let sql = "DELETE FROM sso_identity WHERE division_code = $1 AND account_id = $2 AND issuer = $3";
    if tx.execute(sql, vals![tx.division(), account, issuer]).await? == 0 {
        return Err(AppError::not_found());
    }
    tx.event(NewEvent::new("account.identity-unlinked", accounts::subject(account))).await?;
    Ok(())
}

/// Notes that an identity signed in; from then on it stands under the key that is written with.
pub async fn used(tx: &Tx, id: IdentityId, subject: &Subject) -> Result<()> {
    tx.execute_one(
        "UPDATE sso_identity SET used_at = $3, subject_blind = $4 WHERE division_code = $1 AND identity_id = $2",
        vals![tx.division(), id, tx.now(), subject.blinds.first().cloned()],
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_enough_to_recognise_and_not_enough_to_know() {
        for (value, label) in
            [("zhang.san@street.example", "zh***e"), ("20260017", "20***7"), ("1234", "1***"), ("王", "王***")]
        {
            assert_eq!(masked(value), label);
        }
    }
}
