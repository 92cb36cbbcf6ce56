//! Emergency access (应急查阅): for rescue and disaster somebody may, for some hours, open records of a grid that is not
//! theirs. It takes two people, states its own purpose at every reading, and those concerned see it: each resident in
//! the list of readings, the grid's team and the security officer on a page.

use futures::future::BoxFuture;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{Action, codes},
    app::App,
    clock::At,
    error::{AppError, Result},
    event::{NewEvent, SubjectRef},
    ids::{AccountId, BasisId, GridId},
    notices,
    proposals::{Proposal, ProposalKind},
    reader::Reader,
    store::{Query, Tx},
    texts::T,
    vals,
};

codes! {
    /// Why it is asked for: a closed list of what endangers lives. Fluent text: `emergency-reason-<code>`.
    EmergencyReason {
        /// Fire (火灾).
        Fire = "fire",
        /// Flood or typhoon (防汛防台).
        Flood = "flood",
        /// A gas leak (燃气泄漏).
        Gas = "gas",
        /// A building that has to be left (危房紧急疏散).
        Evacuation = "evacuation",
    }
}

/// An emergency access that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Emergency {
    /// Its id, which stands in the readings as their basis.
    pub case_id: Uuid,
    /// The grid.
    pub grid_id: GridId,
    /// It ends then.
    pub until_at: At,
}

impl Emergency {
    /// What entitles to a reading.
    pub fn basis(&self) -> BasisId {
        BasisId(self.case_id)
    }
}

/// The emergency accesses that an account has now.
pub async fn of_account(q: &impl Query, account: AccountId) -> Result<Vec<Emergency>> {
    q.rows(
        "SELECT case_id, grid_id, until_at FROM emergency
         WHERE division_code = $1 AND account_id = $2 AND until_at > $3 AND ended_at IS NULL",
        vals![q.division(), account, q.store().now()],
    )
    .await
}

/// An emergency access as those concerned see it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Case {
    /// Id.
    pub case_id: Uuid,
    /// Whose.
    pub account_id: AccountId,
    /// Their name.
    pub name: Option<String>,
    /// The grid.
    pub grid_id: GridId,
    /// A code of [`EmergencyReason`].
    pub reason: String,
    /// Who approved it.
    pub approver: Option<String>,
    /// From.
    pub from_at: At,
    /// Until.
    pub until_at: At,
    /// When it was ended before its time.
    pub ended_at: Option<At>,
    /// So many readings by it.
    pub readings: i64,
}

impl Case {
    /// Whether it holds at an instant.
    pub fn holds(&self, now: At) -> bool {
        self.ended_at.is_none() && self.until_at > now
    }
}

/// The emergency accesses to the grids that a reader works in, the own ones, and all of them for the security officer;
/// the newest first, a hundred at most.
pub async fn list(q: &impl Query, reader: &Reader) -> Result<Vec<Case>> {
    let mut values = vals![q.division(), reader.account];
    let grids = if reader.may(Action::RoleAdmin) { "1 = 1".into() } else { reader.scope.sql("e.grid_id", &mut values) };
    let sql = format!(
        "SELECT e.case_id, e.account_id, a.display_name AS name, e.grid_id, e.reason, p.display_name AS approver,
                e.from_at, e.until_at, e.ended_at,
                (SELECT COUNT(*) FROM access_record r WHERE r.division_code = e.division_code
                 AND r.account_id = e.account_id AND r.basis_id = e.case_id) AS readings
         FROM emergency e
         LEFT JOIN account a ON a.division_code = e.division_code AND a.account_id = e.account_id
         LEFT JOIN account p ON p.division_code = e.division_code AND p.account_id = e.approved_account
         WHERE e.division_code = $1 AND (e.account_id = $2 OR {grids})
         ORDER BY e.from_at DESC, e.case_id LIMIT 100"
    );
    q.rows(&sql, values).await
}

/// Ends an emergency access before its time: whoever has it, or the security officer.
///
/// # Errors
/// `not-found` for anybody else's; `stale-version` if it has ended.
pub async fn end(tx: &Tx, case: Uuid) -> Result<()> {
    let all = list(tx, tx.reader()).await?;
    let may = |c: &Case| c.account_id == tx.reader().account || tx.reader().may(Action::RoleAdmin);
    let case = all.into_iter().find(|c| c.case_id == case).filter(may).ok_or_else(AppError::not_found)?;
    tx.execute_one(
        "UPDATE emergency SET ended_at = $3
         WHERE division_code = $1 AND case_id = $2 AND ended_at IS NULL AND until_at > $3",
        vals![tx.division(), case.case_id, tx.now()],
    )
    .await?;
    tx.event(NewEvent::new("emergency.ended", subject(case.case_id, case.grid_id))).await?;
    Ok(())
}

fn subject(case: Uuid, grid: GridId) -> SubjectRef {
    SubjectRef::new("emergency", case, Some(grid))
}

/// What is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked {
    /// The grid.
    pub grid: GridId,
    /// The grid's name, for whoever decides.
    pub place: String,
    /// A code of [`EmergencyReason`].
    pub reason: String,
    /// For so many hours.
    pub hours: u32,
}

/// Emergency access: somebody who opens records asks, the security officer decides.
pub struct EmergencyAccess;

/// The name of [`EmergencyAccess`].
pub const ASK: &str = "emergency";

/// Asks for it in the name of the transaction's reader.
///
/// # Errors
/// `forbidden` for a role that opens no records; `emergency-hours`; `emergency-reason`; `emergency-own-grid` for a grid
/// that the reader works in anyway.
pub async fn ask(app: &App, tx: &Tx, asked: Asked) -> Result<crate::ids::ProposalId> {
    let most = *app.pack.governance.access.emergency_hours;
    if !tx.reader().may(Action::RegisterUnmask) {
        return Err(AppError::forbidden());
    }
    if EmergencyReason::from_code(&asked.reason).is_none() {
        return Err(AppError::rule("emergency-reason"));
    }
    if asked.hours == 0 || asked.hours > most {
        return Err(AppError::rule("emergency-hours").arg("most", most));
    }
    let reads = tx.reader().clone().doing(Action::RegisterUnmask);
    if reads.works_in(Some(asked.grid)) {
        return Err(AppError::rule("emergency-own-grid"));
    }
    crate::proposals::propose(app, tx, ASK, serde_json::to_value(asked)?).await
}

impl ProposalKind for EmergencyAccess {
    fn kind(&self) -> &'static str {
        ASK
    }
    fn decided_by(&self) -> Action {
        Action::RoleAdmin
    }
    fn lines<'a>(&'a self, _app: &'a App, t: &'a T, payload: &'a str) -> BoxFuture<'a, Result<Vec<(String, String)>>> {
        Box::pin(async move {
            let asked: Asked = serde_json::from_str(payload)?;
            Ok(vec![
                (t.s("emergency-grid"), asked.place),
                (t.s("emergency-reason"), t.code("emergency-reason", &asked.reason)),
                (t.s("emergency-hours"), asked.hours.to_string()),
            ])
        })
    }
    fn apply<'a>(&'a self, _app: &'a App, tx: &'a Tx, proposal: &'a Proposal) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let asked: Asked = proposal.payload()?;
            let case: Uuid = tx.new_id();
            let columns = [
                "division_code",
                "case_id",
                "account_id",
                "grid_id",
                "reason",
                "approved_account",
                "from_at",
                "until_at",
                "ended_at",
            ];
            let until = tx.now().plus_s(3_600 * i64::from(asked.hours));
            let row = vals![
                tx.division(),
                case,
                proposal.account_id,
                asked.grid,
                asked.reason.as_str(),
                tx.reader().account,
                tx.now(),
                until,
                None::<At>
            ];
            tx.insert_many("emergency", &columns, vec![row]).await?;
            let body = serde_json::json!({ "reason": asked.reason, "hours": asked.hours });
            tx.event(NewEvent::new("emergency.begun", subject(case, asked.grid)).body(body)).await?;
            notices::raise(tx, notices::Kind::EmergencyBegun, proposal.account_id, asked.hours.into()).await
        })
    }
}
