//! Stipends (奖励费, R21) for confirmed notices: applied for, approved by different people, paid, accounted for. Nobody
//! has two parts in one, and the volunteer has none.

use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    event::{NewEvent, SubjectRef},
    ids::{AccountId, GridId},
    reader::Reader,
    store::{Query, Tx},
    vals,
    web::Paging,
};
use linli_work::{
    due_at, notices as told,
    notices::{Arg, To, args},
};
use policy_pack::{DeadlineId, Pack};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{
    codes::{Refusal, StipendState},
    ids::{StipendId, VolunteerNoticeId},
    ledger::{self, EntryKind},
    notices,
};

/// A stipend as lists show it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Stipend {
    /// Id.
    pub stipend_id: StipendId,
    /// The notice it is for.
    pub notice_id: VolunteerNoticeId,
    /// Whom it is for.
    pub account_id: AccountId,
    /// Their name.
    pub account_name: Option<String>,
    /// The grid.
    pub grid_id: GridId,
    /// Its name.
    pub grid_name: Option<String>,
    /// What was told; gone with the notice after its time.
    pub kind: Option<String>,
    /// The amount.
    pub yuan: i64,
    /// [`StipendState`].
    pub state: String,
    /// Who applied.
    pub applied_by: AccountId,
    /// Their name.
    pub applied_name: Option<String>,
    /// When.
    pub applied_at: At,
    /// By when it is to be decided.
    pub due_at: At,
    /// [`Refusal`].
    pub refusal: Option<String>,
    /// When it was refused or paid.
    pub ended_at: Option<At>,
    /// By whom.
    pub ended_name: Option<String>,
    /// Approvals so far.
    pub approvals: i64,
    /// Version.
    pub version: i64,
}

impl Stipend {
    /// Its state.
    pub fn state(&self) -> Option<StipendState> {
        StipendState::from_code(&self.state)
    }
    /// Whether its time is over.
    pub fn is_late(&self, now: At) -> bool {
        self.state() == Some(StipendState::Applied) && self.due_at <= now
    }
}

/// An approval.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Approval {
    /// Who.
    pub account_id: AccountId,
    /// Their name.
    pub account_name: Option<String>,
    /// In which role.
    pub role: String,
    /// The first, the second.
    pub step: i64,
    /// When.
    pub at: At,
}

/// How many people beside the applicant have to approve.
pub fn approvals_needed(pack: &Pack) -> i64 {
    i64::from(pack.work.stipend.approvers.value).max(2)
}

/// The most for one notice, in yuan.
pub fn max_yuan(pack: &Pack) -> i64 {
    i64::from(pack.work.stipend.max_yuan_per_notice.value)
}

pub(crate) fn subject(id: StipendId, grid: GridId) -> SubjectRef {
    SubjectRef::new("stipend", id, Some(grid))
}

/// Applies for the stipend of a confirmed notice.
///
/// # Errors
/// `not-found`; `stipend-notice` if the notice was not confirmed; `stipend-twice` if one is under way or paid;
/// `stipend-own` for oneself; `stipend-amount` beyond the policy pack; `workday-year`.
pub async fn apply(app: &App, tx: &Tx, id: VolunteerNoticeId, yuan: i64) -> Result<StipendId> {
    let notice = notices::find(tx, tx.reader(), id).await?;
    if !notice.is_confirmed() {
        return Err(AppError::rule("stipend-notice"));
    }
    if notice.stipend_id.is_some() {
        return Err(AppError::rule("stipend-twice"));
    }
    if notice.account_id == tx.reader().account {
        return Err(AppError::rule("stipend-own"));
    }
    let max = max_yuan(&app.pack);
    if !(1..=max).contains(&yuan) {
        return Err(AppError::rule("stipend-amount").arg("max", max));
    }
    let due = due_at(&app.pack, &app.calendar, DeadlineId::StipendDecision, tx.now())?;
    let stipend: StipendId = tx.new_id();
    let columns = &[
        "division_code",
        "stipend_id",
        "notice_id",
        "account_id",
        "grid_id",
        "yuan",
        "state",
        "applied_by",
        "applied_at",
        "due_at",
        "version",
    ];
    let row = vals![
        tx.division(),
        stipend,
        id,
        notice.account_id,
        notice.grid_id,
        yuan,
        StipendState::Applied.code(),
        tx.reader().account,
        tx.now(),
        due,
        1i64
    ];
    tx.insert_many("stipend", columns, vec![row]).await?;
    let event = NewEvent::new("stipend.applied", subject(stipend, notice.grid_id)).body(json!({ "yuan": yuan }));
    tx.event(event).await?;
    Ok(stipend)
}

/// Approves: first whoever leads the grid or its officer, last the office; each once, and nobody who applied or is paid.
/// The last approval grants the money in the accounts.
///
/// # Errors
/// `not-found`; `stipend-own`, `stipend-same-person`; `stipend-grid-first`, `stipend-office-last` out of turn;
/// `stipend-fund-short` where the money is not there; `stale-version`.
pub async fn approve(app: &App, tx: &Tx, id: StipendId, version: i64) -> Result<StipendState> {
    let stipend = find(tx, tx.reader(), id).await?;
    part_in(tx, &stipend).await?;
    let step = stipend.approvals + 1;
    let last = step >= approvals_needed(&app.pack);
    match (last, tx.reader().may(Action::StipendPay)) {
        (true, false) => return Err(AppError::rule("stipend-office-last")),
        (false, true) => return Err(AppError::rule("stipend-grid-first")),
        _ => {}
    }
    let state = if last { StipendState::Approved } else { StipendState::Applied };
    tx.execute_one(
        "UPDATE stipend SET state = $4, version = version + 1
         WHERE division_code = $1 AND stipend_id = $2 AND version = $3 AND state = 'applied'",
        vals![tx.division(), id, version, state.code()],
    )
    .await?;
    let role = tx.reader().role_code(Some(stipend.grid_id));
    tx.insert_many(
        "stipend_approval",
        &["division_code", "stipend_id", "account_id", "step", "role", "at"],
        vec![vals![tx.division(), id, tx.reader().account, step, role, tx.now()]],
    )
    .await?;
    if last {
        ledger::enter(tx, EntryKind::Grant, Some(id), stipend.yuan).await?;
    }
    let body = json!({ "step": step, "yuan": stipend.yuan });
    let event = NewEvent::new("stipend.approved", subject(id, stipend.grid_id)).version(version + 1).body(body);
    tx.event(event).await?;
    Ok(state)
}

/// Whether the transaction's reader may have this part in a stipend.
async fn part_in(tx: &Tx, stipend: &Stipend) -> Result<()> {
    let me = tx.reader().account;
    if stipend.account_id == me {
        return Err(AppError::rule("stipend-own"));
    }
    let before = approvals(tx, stipend.stipend_id).await?;
    if stipend.applied_by == me || before.iter().any(|a| a.account_id == me) {
        return Err(AppError::rule("stipend-same-person"));
    }
    Ok(())
}

/// Does not grant it, for a coded reason; the applicant is told.
///
/// # Errors
/// `not-found`; `stipend-own`; `stale-version`.
pub async fn refuse(tx: &Tx, id: StipendId, version: i64, reason: Refusal) -> Result<()> {
    let stipend = find(tx, tx.reader(), id).await?;
    if stipend.account_id == tx.reader().account {
        return Err(AppError::rule("stipend-own"));
    }
    tx.execute_one(
        "UPDATE stipend SET state = 'refused', refusal = $4, ended_by = $5, ended_at = $6, version = version + 1
         WHERE division_code = $1 AND stipend_id = $2 AND version = $3 AND state = 'applied'",
        vals![tx.division(), id, version, reason.code(), tx.reader().account, tx.now()],
    )
    .await?;
    let body = json!({ "reason": reason.code() });
    let event = NewEvent::new("stipend.refused", subject(id, stipend.grid_id)).version(version + 1).body(body);
    tx.event(event).await?;
    let said = args(&[
        ("yuan", Arg::Number(stipend.yuan)),
        ("reason", Arg::Text(format!("stipend-refusal-{}", reason.code()))),
    ]);
    let href = format!("/volunteer-notices/{}", stipend.notice_id);
    told::send(tx, To::Account(stipend.applied_by), "notice-stipend-refused", &said, &href).await?;
    Ok(())
}

/// Records that it was paid; the volunteer is told.
///
/// # Errors
/// `not-found`; `stipend-own`; `stale-version` if it is not approved, or paid already.
pub async fn pay(tx: &Tx, id: StipendId, version: i64) -> Result<()> {
    let stipend = find(tx, tx.reader(), id).await?;
    if stipend.account_id == tx.reader().account {
        return Err(AppError::rule("stipend-own"));
    }
    tx.execute_one(
        "UPDATE stipend SET state = 'paid', ended_by = $4, ended_at = $5, version = version + 1
         WHERE division_code = $1 AND stipend_id = $2 AND version = $3 AND state = 'approved'",
        vals![tx.division(), id, version, tx.reader().account, tx.now()],
    )
    .await?;
    ledger::enter(tx, EntryKind::Payment, Some(id), stipend.yuan).await?;
    let body = json!({ "yuan": stipend.yuan });
    let event = NewEvent::new("stipend.paid", subject(id, stipend.grid_id)).version(version + 1).body(body);
    tx.event(event).await?;
    let said = args(&[("yuan", Arg::Number(stipend.yuan))]);
    told::send(tx, To::Account(stipend.account_id), "notice-stipend-paid", &said, "/volunteer").await?;
    Ok(())
}

const SELECT: &str = "SELECT s.stipend_id, s.notice_id, s.account_id, v.display_name AS account_name, s.grid_id,
 g.name AS grid_name, n.kind, s.yuan, s.state, s.applied_by, b.display_name AS applied_name, s.applied_at, s.due_at,
 s.refusal, s.ended_at, e.display_name AS ended_name, (SELECT COUNT(*) FROM stipend_approval x
   WHERE x.division_code = s.division_code AND x.stipend_id = s.stipend_id) AS approvals, s.version
 FROM stipend s
 LEFT JOIN volunteer_notice n ON n.division_code = s.division_code AND n.notice_id = s.notice_id
 LEFT JOIN micro_grid g ON g.division_code = s.division_code AND g.grid_id = s.grid_id
 LEFT JOIN account v ON v.division_code = s.division_code AND v.account_id = s.account_id
 LEFT JOIN account b ON b.division_code = s.division_code AND b.account_id = s.applied_by
 LEFT JOIN account e ON e.division_code = s.division_code AND e.account_id = s.ended_by
 WHERE s.division_code = $1";

/// One stipend of the reader's grids.
///
/// # Errors
/// `not-found`.
pub async fn find(q: &impl Query, reader: &Reader, id: StipendId) -> Result<Stipend> {
    let mut values = vals![q.division(), id];
    let scope = reader.scope.sql("s.grid_id", &mut values);
    q.row(&format!("{SELECT} AND s.stipend_id = $2 AND {scope}"), values).await?.ok_or_else(AppError::not_found)
}

/// The stipends of the reader's grids in a state, those that wait longest first; and how many there are.
pub async fn list(
    q: &impl Query,
    reader: &Reader,
    state: StipendState,
    paging: &Paging,
) -> Result<(Vec<Stipend>, i64)> {
    let mut values = vals![q.division(), state.code()];
    let scope = reader.scope.sql("s.grid_id", &mut values);
    let count = format!("SELECT COUNT(*) FROM stipend s WHERE s.division_code = $1 AND s.state = $2 AND {scope}");
    let total = q.number(&count, values.clone()).await?;
    let order = match state {
        StipendState::Applied | StipendState::Approved => "s.applied_at",
        StipendState::Refused | StipendState::Paid => "s.ended_at DESC",
    };
    let sql = format!(
        "{SELECT} AND s.state = $2 AND {scope} ORDER BY {order}, s.stipend_id LIMIT {} OFFSET {}",
        paging.limit(),
        paging.offset()
    );
    Ok((q.rows(&sql, values).await?, total))
}

/// Who approved, in order.
pub async fn approvals(q: &impl Query, id: StipendId) -> Result<Vec<Approval>> {
    let sql = "SELECT x.account_id, o.display_name AS account_name, x.role, x.step, x.at FROM stipend_approval x
         LEFT JOIN account o ON o.division_code = x.division_code AND o.account_id = x.account_id
         WHERE x.division_code = $1 AND x.stipend_id = $2 ORDER BY x.step, x.account_id";
    q.rows(sql, vals![q.division(), id]).await
}
