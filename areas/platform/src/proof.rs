//! How strongly somebody is signed in (再次验证): opening a person's record and taking an export ask, where the
//! installation wants it, that the password or a code was given within the last minutes, not just this morning.

use http::StatusCode;
use sea_orm::FromQueryResult;

use crate::{
    access::Role,
    app::AppParts,
    clock::At,
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    ids::AccountId,
    notices,
    reader::Reader,
    store::{Query, Tx},
    vals,
};

/// What an installation asks for beside a password. Numbers are the policy pack's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessSettings {
    /// Roles whose holders must have a second factor.
    pub second_factor_roles: Vec<Role>,
    /// Whether opening records and taking exports ask for the password or a code again.
    pub step_up: bool,
}

impl AccessSettings {
    /// Whether somebody with these roles must have a second factor.
    pub fn asks_second_factor(&self, roles: &[Role]) -> bool {
        roles.iter().any(|r| self.second_factor_roles.contains(r))
    }
}

/// Whether the one who is signed in has lately shown to be who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The installation does not ask, or nobody sits at a screen: the command line, a job.
    NotAsked,
    /// Holds until then; what is past has lapsed.
    Until(At),
}

impl Proof {
    /// Whether it holds at an instant.
    pub fn holds(self, now: At) -> bool {
        match self {
            Proof::NotAsked => true,
            Proof::Until(until) => until > now,
        }
    }
    /// The proof of a session in which somebody gave the password or a code at an instant.
    pub(crate) fn of_session(app: &AppParts, proved_at: Option<At>) -> Proof {
        if !app.access.step_up {
            return Proof::NotAsked;
        }
        let minutes = i64::from(*app.pack.governance.access.step_up_minutes);
        Proof::Until(proved_at.map_or(At(0), |at| at.plus_s(60 * minutes)))
    }
    /// Refuses unless it holds.
    ///
    /// # Errors
    /// `step-up`, which the pages answer with the question for password or code.
    pub fn require(self, now: At) -> Result<()> {
        if self.holds(now) { Ok(()) } else { Err(AppError::with("step-up", StatusCode::FORBIDDEN)) }
    }
}

/// Seconds of the hour that the limit counts back.
const HOUR_S: i64 = 3_600;

/// How many people an account has opened since an instant. A reading of something that is no resident's record (a
/// roster's row, a task's note) counts once, unless the same act is on record for the resident it concerns.
pub async fn people_opened(q: &impl Query, account: AccountId, since: At) -> Result<i64> {
    q.number(
        "SELECT COUNT(DISTINCT CASE WHEN x.subject_kind = 'resident' THEN x.subject_id END)
              + COUNT(CASE WHEN x.subject_kind <> 'resident' AND NOT EXISTS (
                    SELECT 1 FROM access_record r WHERE r.division_code = x.division_code
                    AND r.account_id = x.account_id AND r.at = x.at AND r.subject_kind = 'resident')
                THEN 1 END)
         FROM access_record x WHERE x.division_code = $1 AND x.account_id = $2 AND x.at > $3",
        vals![q.division(), account, since],
    )
    .await
}

/// Refuses to open one more person than the policy pack allows within an hour, and tells the security officer at the
/// reading that reaches the number, in the transaction of that reading.
///
/// # Errors
/// `unmask-limit`.
pub(crate) async fn within_limit(tx: &Tx, subject: SubjectRef) -> Result<()> {
    let Some(most) = tx.reader().people_an_hour else { return Ok(()) };
    let (account, since) = (tx.reader().account, tx.now().plus_s(-HOUR_S));
    let opened = people_opened(tx, account, since).await?;
    if opened + 1 < most {
        return Ok(());
    }
    if subject.kind == "resident" && opened_before(tx, subject, since).await? {
        return Ok(());
    }
    if opened >= most {
        return Err(AppError::with("unmask-limit", StatusCode::TOO_MANY_REQUESTS).arg("most", most));
    }
    notices::raise(tx, notices::Kind::UnmaskLimit, account, most).await
}

async fn opened_before(tx: &Tx, subject: SubjectRef, since: At) -> Result<bool> {
    let count = tx
        .number(
            "SELECT COUNT(*) FROM access_record
             WHERE division_code = $1 AND account_id = $2 AND at > $3 AND subject_id = $4",
            vals![tx.division(), tx.reader().account, since, subject.id],
        )
        .await?;
    Ok(count > 0)
}

/// What a session knows of how it was begun.
#[derive(FromQueryResult)]
struct Given {
    account_id: AccountId,
}

/// Notes that the password or a code was given again in the session of a token.
///
/// # Errors
/// `not-found` if the session has ended or is another's.
pub async fn renew(tx: &Tx, token: &str) -> Result<()> {
    let hash = crate::sessions::digest(token);
    let sql = "SELECT account_id FROM session WHERE division_code = $1 AND token_hash = $2";
    let session: Option<Given> = tx.row(sql, vals![tx.division(), hash.clone()]).await?;
    let own = session.is_some_and(|s| s.account_id == tx.reader().account);
    if !own {
        return Err(AppError::not_found());
    }
    tx.execute_one(
        "UPDATE session_proof SET proved_at = $3 WHERE division_code = $1 AND token_hash = $2",
        vals![tx.division(), hash, tx.now()],
    )
    .await?;
    tx.event(NewEvent::new("account.proved", crate::accounts::subject(tx.reader().account))).await?;
    Ok(())
}

impl Reader {
    /// Refuses unless the one at the screen has lately shown to be who is signed in.
    ///
    /// # Errors
    /// `step-up`.
    pub fn require_proof(&self, now: At) -> Result<()> {
        self.proof.require(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_holds_until_its_end_and_where_none_is_asked_for() {
        let now = At(1_000);
        for (proof, holds) in
            [(Proof::NotAsked, true), (Proof::Until(At(1_001)), true), (Proof::Until(At(1_000)), false)]
        {
            assert_eq!(proof.holds(now), holds, "{proof:?}");
            assert_eq!(proof.require(now).is_ok(), holds);
        }
    }

    #[test]
    fn only_the_roles_named_must_have_a_second_factor() {
        let asks = AccessSettings { second_factor_roles: vec![Role::Auditor], step_up: false };
        assert!(asks.asks_second_factor(&[Role::Volunteer, Role::Auditor]));
        assert!(!asks.asks_second_factor(&[Role::Coordinator]));
        assert!(!AccessSettings::default().asks_second_factor(Role::ALL), "the demonstration asks nobody");
    }
}
