//! Notices to the security officer (安全提醒): what somebody has to look at, until somebody has.

use sea_orm::FromQueryResult;

use crate::{
    access::codes,
    clock::At,
    error::Result,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, NoticeId},
    store::{Query, Tx},
    vals,
    web::Paging,
};

codes! {
    /// What a notice is about. Fluent text: `security-notice-<code>`.
    Kind {
        /// Somebody opened as many people's records within an hour as the policy pack allows.
        UnmaskLimit = "unmask-limit",
        /// An administrator took somebody's second factor away.
        FactorRemoved = "factor-removed",
        /// Somebody signed in with a recovery code.
        RecoveryUsed = "recovery-used",
        /// A passkey's counter went backwards, as that of a copy does.
        PasskeySuspect = "passkey-suspect",
        /// An administrator linked somebody's account with an identity of the single sign-on.
        IdentityLinked = "identity-linked",
        /// An emergency access began.
        EmergencyBegun = "emergency-begun",
        /// So many one-time codes went out within a day as the installation allows.
        CodesExhausted = "codes-exhausted",
    }
}

/// A notice as the security officer sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Notice {
    /// Id.
    pub notice_id: NoticeId,
    /// A code of [`Kind`].
    pub kind: String,
    /// The account it is about.
    pub account_id: AccountId,
    /// That account's name.
    pub display_name: Option<String>,
    /// The number it tells of.
    pub number: i64,
    /// When.
    pub made_at: At,
    /// When somebody had looked at it.
    pub seen_at: Option<At>,
    /// Who.
    pub seen_by: Option<String>,
}

/// Tells the security officer. The same of the same account is told once until somebody has looked.
pub async fn raise(tx: &Tx, kind: Kind, account: AccountId, number: i64) -> Result<()> {
    let waiting = tx
        .number(
            "SELECT COUNT(*) FROM security_notice
             WHERE division_code = $1 AND kind = $2 AND account_id = $3 AND seen_at IS NULL",
            vals![tx.division(), kind.code(), account],
        )
        .await?;
    if waiting > 0 {
        return Ok(());
    }
    let id: NoticeId = tx.new_id();
    let columns = ["division_code", "notice_id", "kind", "account_id", "number", "made_at", "seen_at", "seen_account"];
    let row = vals![tx.division(), id, kind.code(), account, number, tx.now(), None::<At>, None::<uuid::Uuid>];
    tx.insert_many("security_notice", &columns, vec![row]).await?;
    let body = serde_json::json!({ "notice": kind.code(), "number": number });
    tx.event(NewEvent::new("security.notice-raised", crate::accounts::subject(account)).body(body)).await?;
    Ok(())
}

/// Notices, those that nobody has looked at first, and how many there are.
pub async fn list(q: &impl Query, paging: Paging) -> Result<(Vec<Notice>, i64)> {
    let total = q.number("SELECT COUNT(*) FROM security_notice WHERE division_code = $1", vals![q.division()]).await?;
    let rows = q
        .rows(
            "SELECT n.notice_id, n.kind, n.account_id, a.display_name, n.number, n.made_at, n.seen_at,
                    s.display_name AS seen_by
             FROM security_notice n
             LEFT JOIN account a ON a.division_code = n.division_code AND a.account_id = n.account_id
             LEFT JOIN account s ON s.division_code = n.division_code AND s.account_id = n.seen_account
             WHERE n.division_code = $1
             ORDER BY CASE WHEN n.seen_at IS NULL THEN 0 ELSE 1 END, n.made_at DESC, n.notice_id LIMIT $2 OFFSET $3",
            vals![q.division(), paging.limit(), paging.offset()],
        )
        .await?;
    Ok((rows, total))
}

/// How many nobody has looked at.
pub async fn waiting(q: &impl Query) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM security_notice WHERE division_code = $1 AND seen_at IS NULL";
    q.number(sql, vals![q.division()]).await
}

/// Somebody has looked at it.
///
/// # Errors
/// `stale-version` if somebody had, or there is none.
pub async fn mark_seen(tx: &Tx, id: NoticeId) -> Result<()> {
    tx.execute_one(
        "UPDATE security_notice SET seen_at = $3, seen_account = $4
         WHERE division_code = $1 AND notice_id = $2 AND seen_at IS NULL",
        vals![tx.division(), id, tx.now(), tx.reader().account],
    )
    .await?;
    tx.event(NewEvent::new("security.notice-seen", SubjectRef::new("security-notice", id, None))).await?;
    Ok(())
}
